//! What errors say.

use crate::support::*;
use gha_client::{Error, ErrorKind};
use gha_fake::{Fake, Fault};

async fn error_of(fault: Fault) -> (Fake, Error) {
    let fake = seeded().start().await.unwrap();
    fake.fault(fault);
    let client = builder(&fake)
        .retry(gha_client::RetryPolicy::none())
        .build()
        .unwrap();
    let list = list(&client).name("a name that no log should hold");
    let error = list.send().await.unwrap_err();
    (fake, error)
}

const WHERE: &str = "list_artifacts: GET /repos/octo-org/octo-docs/actions/artifacts: ";

#[tokio::test]
async fn they_name_operation_path_message_documentation_and_request() {
    let (_fake, error) = error_of(Fault::status(404)).await;
    let text = error.to_string();
    assert!(
        text.starts_with(&format!("{WHERE}404 Not Found: ")),
        "{text}"
    );
    assert!(text.contains("(see https://docs.github.com/rest"), "{text}");
    assert!(text.contains(error.request_id().unwrap()), "{text}");
    assert!(!text.contains("a name"), "{text}");
    assert_eq!(error.operation().unwrap().id, "list_artifacts");
}

#[tokio::test]
async fn status_and_body_decide_the_kind() {
    let version = r#"{"message":"API version 1999-01-01 is not supported"}"#;
    for (fault, kind) in [
        (Fault::status(400), ErrorKind::Refused),
        (
            Fault::status(400).body(version),
            ErrorKind::UnsupportedApiVersion,
        ),
        (Fault::status(401), ErrorKind::Unauthorized),
        (Fault::status(403), ErrorKind::Forbidden),
        (Fault::status(404), ErrorKind::NotFound),
        (Fault::status(410), ErrorKind::Expired),
        (Fault::status(422), ErrorKind::Refused),
        (Fault::status(500), ErrorKind::Server),
        (Fault::status(304), ErrorKind::UnexpectedStatus),
    ] {
        let what = format!("{fault:?}");
        let (_fake, error) = error_of(fault).await;
        assert_eq!(error.kind(), kind, "{what}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_make_sensible_messages() {
    for (content_type, body, expected) in [
        ("text/html", "<html><h1>Bad gateway", "HTML"),
        ("application/xml", "<?xml version='1.0'?><Error/>", "XML"),
        ("application/json", "", "empty"),
        ("application/json", "{}", "no message"),
        (
            "application/json",
            r#"{"error":"Server Error"}"#,
            "Server Error",
        ),
        ("text/plain", "\u{1b}[31m", "no message"),
    ] {
        let fault = Fault::status(502)
            .body(body)
            .header("content-type", content_type);
        let (_fake, error) = error_of(fault).await;
        assert_eq!(error.kind(), ErrorKind::Server);
        let text = error.to_string();
        assert!(
            text.starts_with(&format!("{WHERE}502 Bad Gateway: ")),
            "{text}"
        );
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }
}

#[tokio::test]
async fn decode_errors_name_the_json_path() {
    let body = r#"{"total_count":1,"artifacts":[{"id":"eleven"}]}"#;
    let (_fake, error) = error_of(Fault::change().body(body)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("artifacts[0].id"));
    let text = error.to_string();
    assert!(
        text.starts_with(WHERE) && text.contains("artifacts[0].id"),
        "{text}"
    );
    let (_fake, error) = error_of(Fault::html()).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_version_that_the_server_does_not_know_is_told() {
    let fake = seeded().start().await.unwrap();
    let client = builder(&fake).api_version("1999-01-01").build().unwrap();
    let error = get(&client).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedApiVersion);
    assert!(error.to_string().contains("2026-03-10"), "{error}");
}

#[tokio::test]
async fn the_callers_product_comes_first() {
    let fake = seeded().start().await.unwrap();
    let client = builder(&fake).user_agent("my-tool/1.0").build().unwrap();
    get(&client).send().await.unwrap();
    let requests = fake.requests();
    let agent = requests[0].header("user-agent").unwrap();
    assert!(agent.starts_with("my-tool/1.0 gha-client/"), "{agent}");
}

#[tokio::test]
async fn what_configure_http_sets_cannot_break_the_promises() {
    let fake = seeded().start().await.unwrap();
    let calls = Log::new();
    let client = builder(&fake)
        .configure_http({
            let calls = calls.clone();
            move |http| {
                calls.push(());
                http.redirect(reqwest::redirect::Policy::limited(9))
                    .referer(true)
            }
        })
        .build()
        .unwrap();
    let artifact = client.repo(OWNER, NAME).download_artifact(ARTIFACT);
    let url = artifact.send().await.expect("the redirect is the answer");
    for _ in 0..3 {
        client.api().fetch(&url).await.unwrap();
    }
    // API and blobs are plain http on this machine: one client serves both.
    assert_eq!(calls.all().len(), 1);
}

#[test]
fn futures_and_streams_can_be_sent_and_kept() {
    use gha_client::prelude::*;

    fn check<T: Send + 'static>(_: &T) {}
    let client = gha_client::builder().build().unwrap();
    check(&client);
    check(&get(&client).send());
    check(&list(&client).all());
    check(&list(&client).pages());
    check(&list(&client).stream().prefetch(8));
}

#[tokio::test]
async fn long_bodies_are_read_as_well() {
    let json = format!(
        r#"{{"message":"Too much","errors":["{}"]}}"#,
        "x".repeat(100_000)
    );
    let (_fake, error) = error_of(Fault::status(422).body(json)).await;
    assert!(error.to_string().contains("Too much"), "{error}");

    let html = format!("<html>{}", "x".repeat(2_000_000));
    let page = Fault::status(404)
        .body(html)
        .header("content-type", "text/html");
    let (_fake, error) = error_of(page).await;
    assert!(error.to_string().contains("an HTML page"), "{error}");
    assert!(error.body_text().unwrap().starts_with("<html>x"));
}

#[test]
fn no_location_is_shown() {
    let mut headers = http::HeaderMap::new();
    for location in ["https://blobs.example.com/?sig=one", "/?sig=two"] {
        headers.append("location", http::HeaderValue::from_static(location));
    }
    let error = Error::from_response(http::StatusCode::FOUND, headers, b"");
    assert_eq!(error.headers().get_all("location").iter().count(), 2);
    assert!(!format!("{:?}", error.headers()).contains("sig="));
}
