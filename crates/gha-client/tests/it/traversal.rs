//! Arguments that would name another resource are refused before a byte is sent.

use crate::support::*;
use gha_client::{Client, Error, ErrorKind};

/// Sends every operation with this owner and this repository.
async fn send_all(client: &Client, owner: &str, repo: &str) -> Vec<Result<(), Error>> {
    macro_rules! send {
        ($operation:ident($($argument:expr),*)) => {
            client
                .repo(owner, repo)
                .$operation($($argument),*)
                .send()
                .await
                .map(drop)
        };
    }
    vec![
        send!(list_artifacts()),
        send!(get_artifact(ARTIFACT)),
        send!(download_artifact(ARTIFACT)),
        send!(list_run_artifacts(RUN)),
        send!(get_job(JOB)),
        send!(download_job_logs(JOB)),
        send!(list_run_jobs(RUN)),
        send!(list_attempt_jobs(RUN, 1)),
        send!(delete_artifact(ARTIFACT)),
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
    let download = client.repo(OWNER, NAME).download_artifact(ARTIFACT);
    let error = download.archive_format("../x").send().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(fake.requests().len(), 0);
    assert!(
        send_all(&client, OWNER, NAME)
            .await
            .iter()
            .all(Result::is_ok)
    );
}
