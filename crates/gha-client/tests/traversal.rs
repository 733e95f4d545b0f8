//! Arguments that would name another resource are refused before a byte is sent.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]

mod support;

use gha_client::{Client, Error, ErrorKind};
use support::*;

/// Sends every operation with this owner and this repository.
async fn send_all(client: &Client, owner: &str, repo: &str) -> Vec<Result<(), Error>> {
    macro_rules! send {
        ($operation:ident $(.$parameter:ident($value:expr))*) => {
            client
                .$operation()
                .owner(owner)
                .repo(repo)
                $(.$parameter($value))*
                .send()
                .await
                .map(drop)
        };
    }
    vec![
        send!(list_artifacts_for_repo),
        send!(get_artifact.artifact_id(11i64)),
        send!(download_artifact.artifact_id(11i64).archive_format("zip")),
        send!(list_artifacts_for_run.run_id(7i64)),
        send!(get_job.job_id(42i64)),
        send!(download_job_logs.job_id(42i64)),
        send!(list_jobs_for_run.run_id(7i64)),
        send!(list_jobs_for_run_attempt.run_id(7i64).attempt_number(1i64)),
        send!(delete_artifact.artifact_id(11i64)),
    ]
}

const BAD: [&str; 14] = [
    "", ".", "..", "a/b", "a\\b", "/", "%2e%2e", "%2E.", ".%2e", "%2e", "a%2fb", "a%5cb", "a\nb",
    "a%0ab",
];

#[tokio::test]
async fn on_every_operation() {
    let fake = seeded().start().await.unwrap();
    let client = client(&fake);
    for bad in BAD {
        let mut results = send_all(&client, bad, NAME).await;
        results.extend(send_all(&client, OWNER, bad).await);
        assert_eq!(results.len(), 18);
        for result in results {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{bad:?}: {error}");
            assert!(error.operation().is_some());
        }
    }
    let download = client.download_artifact().owner(OWNER).repo(NAME);
    let error = download
        .artifact_id(11i64)
        .archive_format("../x")
        .send()
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(fake.requests().len(), 0);
    assert!(
        send_all(&client, OWNER, NAME)
            .await
            .iter()
            .all(Result::is_ok)
    );
}
