//! The generated client alone, over HTTP: what it sends, what it refuses, what its errors say.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use gha_api::{BaseUrl, Client, ErrorKind, Paginated as _, Redirected as _, SignedUrl};
use gha_fake::{Artifact, Fake, Fault, Job, Listener, Match, Operation, Repo, Run};
use http::HeaderValue;

const TOKEN: &str = "t0ken-of-the-tests";

async fn fake() -> Fake {
    let run = Run::new(7)
        .job(Job::new(42).log("one line\n"))
        .artifact(Artifact::zip("dist", &[("a.txt", b"hello")]).id(11));
    let repo = Repo::new("octo-org", "octo-docs").run(run);
    Fake::builder()
        .token(TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap()
}

fn client(fake: &Fake) -> Client {
    Client::builder(fake.api_url())
        .token(TOKEN)
        .api_version("2022-11-28")
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_list_needs_a_base_url_and_a_token() {
    let fake = fake().await;
    let client = Client::builder(fake.api_url())
        .token(TOKEN)
        .build()
        .unwrap();
    let page = client
        .list_artifacts_for_repo()
        .owner("octo-org")
        .repo("octo-docs")
        .per_page(10)
        .send()
        .await
        .unwrap();
    assert_eq!((page.total_count, page.artifacts[0].id), (1, 11));
    assert!(page.rate_limit().is_some());
    assert!(page.request_id().is_some());

    let requests = fake.requests();
    let [request] = &requests[..] else {
        panic!("{requests:?}");
    };
    assert_eq!(
        request.header("accept"),
        Some("application/vnd.github+json")
    );
    assert_eq!(
        request.header("authorization"),
        Some(&*format!("Bearer {TOKEN}"))
    );
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .starts_with("gha-api/")
    );
    assert_eq!(request.header("api-version"), None);
    assert_eq!(request.header("x-github-api-version"), None);
    assert_eq!(request.query.as_deref(), Some("per_page=10"));
}

#[tokio::test]
async fn every_operation_answers() {
    let fake = fake().await;
    let client = client(&fake);
    macro_rules! of_repo {
        ($operation:ident) => {
            client.$operation().owner("octo-org").repo("octo-docs")
        };
    }
    let artifacts = of_repo!(list_artifacts_for_run)
        .run_id(7)
        .direction("asc")
        .send()
        .await;
    assert_eq!(artifacts.unwrap().artifacts.len(), 1);
    let artifact = of_repo!(get_artifact).artifact_id(11).send().await.unwrap();
    assert_eq!(artifact.name, "dist");
    let jobs = of_repo!(list_jobs_for_run)
        .run_id(7)
        .filter("all")
        .send()
        .await;
    assert_eq!(jobs.unwrap().jobs[0].id, 42);
    let jobs = of_repo!(list_jobs_for_run_attempt)
        .run_id(7)
        .attempt_number(1)
        .send()
        .await;
    assert_eq!(jobs.unwrap().total_count, 1);
    assert_eq!(of_repo!(get_job).job_id(42).send().await.unwrap().id, 42);

    let log = of_repo!(download_job_logs).job_id(42).send().await.unwrap();
    let response = client.fetch(&log).await.unwrap();
    assert_eq!(response.text().await.unwrap(), "one line\n");
    let url = of_repo!(download_artifact)
        .artifact_id(11)
        .archive_format("zip")
        .send()
        .await;
    let response = client.fetch(&url.unwrap()).await.unwrap();
    assert!(response.bytes().await.unwrap().starts_with(b"PK"));
    for request in fake.requests() {
        let is_api = request.listener == Listener::Api;
        assert_eq!(request.headers.contains_key("authorization"), is_api);
        assert_eq!(request.headers.contains_key("x-github-api-version"), is_api);
        assert!(!request.headers.contains_key("referer"));
    }

    let deleted = of_repo!(delete_artifact)
        .artifact_id(11)
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.status(), 204);
    let error = of_repo!(get_artifact)
        .artifact_id(11)
        .send()
        .await
        .unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_redirect_is_never_followed() {
    let fake = fake().await;
    let elsewhere = fake.blob_url().to_owned();
    fake.fault(Fault::redirect(301, elsewhere).on(Match::operation(Operation::GetArtifact)));
    let get = client(&fake)
        .get_artifact()
        .owner("octo-org")
        .repo("octo-docs")
        .artifact_id(11);
    let error = get.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
    assert_eq!(error.status().unwrap(), 301);
    assert!(!format!("{error:?} {error}").contains(fake.blob_url()));
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn errors_survive_whatever_the_body_is() {
    let fake = fake().await;
    for (status, media_type, body, kind, says) in [
        (
            404,
            "application/json",
            r#"{"message":"Not Found","status":"404"}"#,
            ErrorKind::NotFound,
            "Not Found",
        ),
        (
            500,
            "application/json",
            r#"{"error":"Server Error"}"#,
            ErrorKind::Server,
            "Server Error",
        ),
        (
            422,
            "application/json",
            r#"{"message":"Invalid","errors":["too long"]}"#,
            ErrorKind::Refused,
            "Invalid",
        ),
        (
            400,
            "application/json",
            "{}",
            ErrorKind::Refused,
            "no message",
        ),
        (
            502,
            "text/html",
            "<html>Bad Gateway</html>",
            ErrorKind::Server,
            "HTML",
        ),
        (
            403,
            "application/xml",
            "<Error><Code>X</Code></Error>",
            ErrorKind::Forbidden,
            "XML",
        ),
        (401, "text/plain", "", ErrorKind::Unauthorized, "empty"),
        (
            410,
            "application/json",
            r#"{"message":"Gone"}"#,
            ErrorKind::Expired,
            "Gone",
        ),
        (
            429,
            "application/json",
            "{}",
            ErrorKind::RateLimited,
            "no message",
        ),
        (
            400,
            "application/json",
            r#"{"message":"Unsupported 'X-GitHub-Api-Version' header"}"#,
            ErrorKind::UnsupportedApiVersion,
            "Unsupported",
        ),
    ] {
        let fault = Fault::status(status)
            .header("content-type", media_type)
            .header("x-github-request-id", "AB:12")
            .body(body);
        fake.fault(fault.once());
        let get = client(&fake)
            .get_job()
            .owner("octo-org")
            .repo("octo-docs")
            .job_id(42);
        let error = get.send().await.unwrap_err();
        let text = error.to_string();
        assert_eq!(error.kind(), kind, "{text}");
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.headers()["content-type"], media_type);
        assert_eq!(error.request_id(), Some("AB:12"));
        assert!(text.contains(says), "{text}");
        assert!(
            text.starts_with("get_job: GET /repos/octo-org/octo-docs/actions/jobs/42: "),
            "{text}"
        );
        let is_json = media_type.ends_with("json");
        assert_eq!(error.api_error().is_some(), is_json, "{text}");
        assert_eq!(
            error.body_text().unwrap_or_default(),
            if is_json { "" } else { body }
        );
    }
}

#[tokio::test]
async fn a_decode_error_names_the_place() {
    let fake = fake().await;
    let body = r#"{"total_count": 1, "artifacts": [{"id": "eleven"}]}"#;
    fake.fault(Fault::status(200).body(body).once());
    let list = client(&fake)
        .list_artifacts_for_repo()
        .owner("octo-org")
        .repo("octo-docs");
    let error = list.clone().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("artifacts[0].id"));
    assert_eq!(error.operation().unwrap().id, "list_artifacts_for_repo");
    fake.fault(Fault::html().once());
    let error = list.send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Decode, 200)
    );
}

/// Whoever controls a name must not choose which resource the token reaches.
#[tokio::test]
async fn path_arguments_lead_nowhere_else() {
    let fake = fake().await;
    let client = client(&fake);
    for name in [
        "", ".", "..", "a/b", "a\\b", "%2e%2e", "%2E", ".%2e", "a%2fb", "a%5Cb", "a\nb", "a\0b",
        "%00",
    ] {
        macro_rules! refused {
            ($($call:expr),* $(,)?) => {$(
                let error = $call.send().await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name:?}");
                assert!(error.message().starts_with('`'), "{error}");
            )*};
        }
        refused![
            client.list_artifacts_for_repo().owner(name).repo("r"),
            client.list_artifacts_for_repo().owner("o").repo(name),
            client
                .list_artifacts_for_run()
                .owner("o")
                .repo(name)
                .run_id(1),
            client.get_artifact().owner(name).repo("r").artifact_id(1),
            client
                .delete_artifact()
                .owner("o")
                .repo(name)
                .artifact_id(1),
            client
                .download_artifact()
                .owner(name)
                .repo("r")
                .artifact_id(1)
                .archive_format("zip"),
            client
                .download_artifact()
                .owner("o")
                .repo("r")
                .artifact_id(1)
                .archive_format(name),
            client.get_job().owner("o").repo(name).job_id(1),
            client.download_job_logs().owner(name).repo("r").job_id(1),
            client.list_jobs_for_run().owner("o").repo(name).run_id(1),
            client
                .list_jobs_for_run_attempt()
                .owner("o")
                .repo(name)
                .run_id(1)
                .attempt_number(1),
        ];
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn missing_and_unusable_arguments() {
    let fake = fake().await;
    let client = client(&fake);
    let missing = client
        .get_artifact()
        .owner("o")
        .repo("r")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        missing.to_string(),
        "get_artifact: `artifact_id` is missing"
    );
    let list = client
        .list_jobs_for_run()
        .owner("o")
        .repo("r")
        .run_id(1)
        .filter("newest");
    let unusable = list.send().await.unwrap_err();
    assert_eq!(
        unusable.to_string(),
        "list_jobs_for_run: `filter` is not a valid JobFilter"
    );
    let too_large = client.get_job().owner("o").repo("r").job_id(u64::MAX);
    let too_large = too_large.send().await.unwrap_err();
    assert_eq!(
        too_large.to_string(),
        "get_job: `job_id` is not a valid i64"
    );
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn unusual_names_arrive_as_they_are() {
    let fake = fake().await;
    let list = client(&fake)
        .list_artifacts_for_repo()
        .owner("octo-org")
        .repo("octo-docs");
    let page = list.name("größe & co?=#1").send().await.unwrap();
    assert_eq!(page.total_count, 0);
    let request = &fake.requests()[0];
    assert_eq!(
        request.query_value("name").as_deref(),
        Some("größe & co?=#1")
    );
}

#[tokio::test]
async fn pages_and_subjects_are_known_from_the_description() {
    let fake = fake().await;
    let client = client(&fake);
    let list = client
        .list_artifacts_for_repo()
        .owner("octo-org")
        .repo("octo-docs");
    assert_eq!((list.page_number(), list.page_size()), (None, None));
    let list = list.with_page(2).with_per_page(5);
    assert_eq!((list.page_number(), list.page_size()), (Some(2), Some(5)));
    let page = list.with_page(1).send_page().await.unwrap();
    assert_eq!((page.total_count, page.items.len()), (Some(1), 1));
    let log = client
        .download_job_logs()
        .owner("octo-org")
        .repo("octo-docs")
        .job_id(42);
    assert_eq!(log.send_subject().await.unwrap().unwrap().id, 42);
    let archive = client
        .download_artifact()
        .owner("octo-org")
        .repo("octo-docs")
        .artifact_id(11);
    assert_eq!(archive.send_subject().await.unwrap().unwrap().name, "dist");
}

#[test]
fn futures_can_be_spawned() {
    fn spawnable<T: Send + 'static>(_: T) {}
    let client = Client::builder("https://api.github.com").build().unwrap();
    spawnable(client.get_job().send());
    spawnable(client.download_job_logs().send());
    spawnable(client.list_artifacts_for_repo().send_page());
    spawnable(client);
}

#[test]
fn a_client_that_cannot_work_is_not_built() {
    for url in [
        "",
        "api.github.com",
        "ftp://example.com",
        "https://u:p@example.com",
        "https://x/?a=b",
        "https://",
    ] {
        let error = Client::builder(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
        assert!(!error.to_string().contains("u:p"), "{error}");
    }
    let plain = Client::builder("http://github.example.com/api/v3");
    let error = plain.token(TOKEN).build().unwrap_err();
    assert!(error.to_string().contains("unencrypted"), "{error}");
    let broken = Client::builder("https://api.github.com").token("line\nbreak");
    let error = broken.build().unwrap_err();
    assert!(error.to_string().contains("token") && !error.to_string().contains("break"));
    let with_token = Client::builder("https://api.github.com").token(TOKEN);
    assert!(!format!("{with_token:?}").contains(TOKEN));
    assert!(!format!("{:?}", with_token.build().unwrap()).contains(TOKEN));
}

const SIGNED: &str =
    "https://blob.example.net/results/dist.zip?se=2026-03-10T08%3A01%3A00Z&sig=c2VjcmV0%2B%2F%3D";

#[test]
fn a_signed_url_is_kept_byte_for_byte_and_never_printed() {
    let api = BaseUrl::parse("https://api.github.com").unwrap();
    let url = SignedUrl::from_location(Some(&HeaderValue::from_static(SIGNED)), &api).unwrap();
    assert_eq!(url.expose(), SIGNED);
    assert_eq!(url.request().url().as_str(), SIGNED);
    assert_eq!(
        (url.host(), url.path()),
        ("blob.example.net", "/results/dist.zip")
    );
    assert_eq!(
        url.expires_at().unwrap().to_rfc3339(),
        "2026-03-10T08:01:00+00:00"
    );
    for text in [format!("{url}"), format!("{url:?}")] {
        assert!(
            text.contains("https://blob.example.net/results/dist.zip"),
            "{text}"
        );
        assert!(!text.contains("sig") && !text.contains("c2Vj"), "{text}");
    }
    let amazon =
        "https://b.example.net/x?X-Amz-Date=20260310T080000Z&X-Amz-Expires=60&X-Amz-Signature=a";
    let amazon = HeaderValue::from_static(amazon);
    let url = SignedUrl::from_location(Some(&amazon), &api).unwrap();
    assert_eq!(
        url.expires_at().unwrap().to_rfc3339(),
        "2026-03-10T08:01:00+00:00"
    );
}

#[test]
fn links_that_lead_nowhere_safe_are_refused() {
    let github = BaseUrl::parse("https://api.github.com").unwrap();
    let plain = BaseUrl::parse("http://github.example.com/api/v3").unwrap();
    let from = |location: &str, api: &BaseUrl| {
        let location = HeaderValue::from_bytes(location.as_bytes()).unwrap();
        SignedUrl::from_location(Some(&location), api)
    };
    for (location, why) in [
        ("", "https"),
        ("http://blob.example.net/x?sig=secret", "encryption"),
        ("ftp://blob.example.net/x?sig=secret", "scheme"),
        ("file:///etc/passwd", "scheme"),
        (
            "https://user:pw@blob.example.net/x?sig=secret",
            "credentials",
        ),
        ("https://?sig=secret", "no URL"),
        ("https://größe.example?sig=secret", "ASCII"),
    ] {
        match from(location, &github) {
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::LinkRefused, "{location}");
                let text = format!("{error} {error:?}");
                assert!(text.contains(why), "{location}: {text}");
                assert!(!text.contains("secret") && !text.contains("pw@"), "{text}");
            }
            // An empty reference names the API itself, which is as safe as the API is.
            Ok(url) => assert_eq!((location, url.host()), ("", "api.github.com")),
        }
    }
    assert!(SignedUrl::from_location(None, &github).is_err());
    assert!(from("http://127.0.0.1:1/x", &github).is_ok());
    assert!(from("http://blob.example.net/x", &plain).is_ok());
    let url = from(SIGNED, &github).unwrap();
    assert!(
        url.redirect(Some(&HeaderValue::from_static("http://127.0.0.1/x")))
            .is_err()
    );
    assert!(
        url.redirect(Some(&HeaderValue::from_static("/other?sig=b")))
            .is_ok()
    );
}
