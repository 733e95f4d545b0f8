//! Requests of paths for which no operation is generated.

use std::time::Duration;

use crate::support::*;
use gha_client::Method;
use gha_client::prelude::*;
use gha_client::{ErrorKind, RetryPolicy};
use gha_fake::{Fault, Match};
use serde_json::{Value, json};

const ARTIFACTS: &str = "/repos/octo-org/octo-docs/actions/artifacts";

#[tokio::test]
async fn any_path_is_requested_like_an_operation() {
    let fake = seeded().start().await.unwrap();
    fake.fault(Fault::status(503).on(Match::api()).once());
    let client = client(&fake);
    let request = client.request(Method::GET, ARTIFACTS);
    let answer = request
        .query("name", "dist")
        .query("per_page", 5)
        .send::<Value>();
    let answer = answer.await.unwrap();
    assert_eq!(answer["total_count"], 1);
    assert!(answer.rate_limit().is_some());
    let requests = fake.requests();
    assert_eq!(requests.len(), 2, "it was tried again");
    let sent = requests[1].header("authorization");
    assert_eq!(sent, Some(&*format!("Bearer {TOKEN}")));

    let path = format!("{ARTIFACTS}/{ARTIFACT}");
    client
        .request(Method::DELETE, path)
        .send_empty()
        .await
        .unwrap();
    assert!(fake.artifact_ids(REPO).unwrap().is_empty());
}

#[tokio::test]
async fn a_body_is_sent_and_a_post_is_not_repeated() {
    let fake = seeded().start().await.unwrap();
    fake.fault(Fault::status(503).on(Match::api()));
    let client = client(&fake);
    let post = client.request(Method::POST, "/repos/octo-org/octo-docs/dispatches");
    let error = post
        .body(&json!({"event_type": "go"}))
        .send_empty()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    let requests = fake.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    assert_eq!(requests[0].header("content-length"), Some("19"));
}

#[tokio::test]
async fn what_it_redirects_to_is_downloaded() {
    let fake = seeded().start().await.unwrap();
    let client = client(&fake);
    let path = format!("{ARTIFACTS}/{ARTIFACT}/zip");
    let archive = client.request(Method::GET, &*path);
    let bytes = archive.clone().download().await.unwrap().bytes(1 << 20);
    let named = client.repo("octo-org", "octo-docs");
    let named = named.download_artifact(ARTIFACT).download().await.unwrap();
    assert_eq!(bytes.await.unwrap(), named.bytes(1 << 20).await.unwrap());

    let error = archive.send_empty().await.unwrap_err();
    assert!(error.to_string().contains("`download()` reads"), "{error}");
    let list = client.request(Method::GET, ARTIFACTS).download().await;
    assert_eq!(list.unwrap_err().kind(), ErrorKind::UnexpectedStatus);
    let gone = client.request(Method::GET, format!("{ARTIFACTS}/7/zip"));
    let error = gone.download().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.path()),
        (ErrorKind::NotFound, Some(&*format!("{ARTIFACTS}/7/zip")))
    );
    fake.clear_requests();
    for method in [Method::TRACE, Method::POST] {
        let odd = client.request(method, &*path).download().await;
        assert_eq!(odd.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn what_could_lead_elsewhere_is_not_sent() {
    let fake = seeded().start().await.unwrap();
    let client = client(&fake).with_retry(RetryPolicy::none());
    let client = client.with_timeout(Duration::from_secs(5));
    for path in [
        "//evil.example.com/a",
        "/repos/../user",
        "/a/%2e%2e/b",
        "@evil/",
        "/a?b=c",
    ] {
        let request = client.request(Method::GET, path);
        let error = request.send::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{path}");
    }
    let odd = Method::from_bytes(b"PURGE").unwrap();
    let error = client.request(odd, "/user").send_empty().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(fake.requests().is_empty());
}
