//! The generated client alone, over HTTP: what it sends, what it refuses, what its errors say.

use gha_api::types::{Direction, JobFilter};
use gha_api::{Client, ErrorKind, Paginated as _};
use gha_fake::{Artifact, Fake, Fault, Job, Listener, Match, Operation, Repo, Run};

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
    let api = gha_core::plain(fake.api_url())
        .token(TOKEN)
        .api_version("2022-11-28");
    Client::new(api.build().unwrap())
}

#[tokio::test]
async fn a_list_needs_a_base_url_and_a_token() {
    let fake = fake().await;
    let api = gha_core::plain(fake.api_url()).token(TOKEN).build();
    let page = Client::new(api.unwrap())
        .repo("octo-org", "octo-docs")
        .list_artifacts()
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
            .starts_with("gha-core/")
    );
    assert_eq!(request.header("api-version"), None);
    assert_eq!(request.header("x-github-api-version"), None);
    assert_eq!(request.query.as_deref(), Some("per_page=10"));
}

#[tokio::test]
async fn every_operation_answers() {
    let fake = fake().await;
    let client = client(&fake);
    let repo = client.repo("octo-org", "octo-docs");
    let artifacts = repo.list_run_artifacts(7).direction(Direction::Asc);
    assert_eq!(artifacts.send().await.unwrap().artifacts.len(), 1);
    let artifact = repo.get_artifact(11).send().await.unwrap();
    assert_eq!(artifact.name, "dist");
    let jobs = repo.list_run_jobs(7).filter(JobFilter::All);
    assert_eq!(jobs.send().await.unwrap().jobs[0].id, 42);
    let jobs = repo.list_attempt_jobs(7, 1).send().await.unwrap();
    assert_eq!(jobs.total_count, 1);
    assert_eq!(repo.get_job(42).send().await.unwrap().id, 42);
    let runs = repo.list_runs().created("*..2100-01-01").send().await;
    assert_eq!(runs.unwrap().workflow_runs[0].id, 7);
    let workflow = repo.get_run(7).send().await.unwrap().workflow_id;
    let runs = repo.list_workflow_runs(workflow).send().await.unwrap();
    assert_eq!(runs.total_count, 1);
    repo.rerun_job(42).send().await.unwrap();

    let log = repo.download_job_logs(42).send().await.unwrap();
    let response = client.api().fetch(&log).await.unwrap();
    let log = response.into_body().bytes(100).await.unwrap();
    assert_eq!(log, "one line\n");
    let url = repo.download_artifact(11).send().await.unwrap();
    let response = client.api().fetch(&url).await.unwrap();
    let archive = response.into_body().bytes(1000).await.unwrap();
    assert!(archive.starts_with(b"PK"));
    for request in fake.requests() {
        let is_api = request.listener == Listener::Api;
        assert_eq!(request.headers.contains_key("authorization"), is_api);
        assert_eq!(request.headers.contains_key("x-github-api-version"), is_api);
        assert!(!request.headers.contains_key("referer"));
    }

    let deleted = repo.delete_artifact(11).send().await.unwrap();
    assert_eq!(deleted.status(), 204);
    let error = repo.get_artifact(11).send().await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_repository_can_be_named_by_one_text() {
    let fake = fake().await;
    let client = client(&fake);
    let repo = client.parse_repo("octo-org/octo-docs").unwrap();
    assert_eq!((repo.owner(), repo.repo()), ("octo-org", "octo-docs"));
    assert_eq!(repo.get_job(42).send().await.unwrap().id, 42);
    for text in [
        "",
        "octo-docs",
        "/octo-docs",
        "octo-org/",
        "https://x/y/z",
        "a/b/c",
    ] {
        let error = client.parse_repo(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(
            error.to_string(),
            format!("{text:?} has not the form OWNER/REPO")
        );
    }
}

#[tokio::test]
async fn a_redirect_is_never_followed() {
    let fake = fake().await;
    let elsewhere = fake.blob_url().to_owned();
    fake.fault(Fault::redirect(301, elsewhere).on(Match::operation(Operation::GetArtifact)));
    let get = client(&fake).repo("octo-org", "octo-docs").get_artifact(11);
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
        let get = client(&fake).repo("octo-org", "octo-docs").get_job(42);
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
    let list = client(&fake).repo("octo-org", "octo-docs").list_artifacts();
    let error = list.clone().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("artifacts[0].id"));
    assert_eq!(error.operation().unwrap().id, "list_artifacts");
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
            client.repo(name, "r").list_artifacts(),
            client.repo("o", name).list_artifacts(),
            client.repo("o", name).list_run_artifacts(1),
            client.repo(name, "r").get_artifact(1),
            client.repo("o", name).delete_artifact(1),
            client.repo(name, "r").download_artifact(1),
            client
                .repo("o", "r")
                .download_artifact(1)
                .archive_format(name),
            client.repo("o", name).get_job(1),
            client.repo(name, "r").download_job_logs(1),
            client.repo("o", name).list_run_jobs(1),
            client.repo("o", name).list_attempt_jobs(1, 1),
        ];
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn unusual_names_arrive_as_they_are() {
    let fake = fake().await;
    let list = client(&fake).repo("octo-org", "octo-docs").list_artifacts();
    let page = list.name("größe & co?=#1").send().await.unwrap();
    assert_eq!(page.total_count, 0);
    let request = &fake.requests()[0];
    assert_eq!(
        request.query_value("name").as_deref(),
        Some("größe & co?=#1")
    );
}

#[tokio::test]
async fn pages_are_known_from_the_description() {
    let fake = fake().await;
    let list = client(&fake).repo("octo-org", "octo-docs").list_artifacts();
    assert_eq!((list.page_number(), list.page_size()), (None, None));
    let list = list.with_page(2).with_per_page(5);
    assert_eq!((list.page_number(), list.page_size()), (Some(2), Some(5)));
    let page = list.with_page(1).send_page().await.unwrap();
    assert_eq!((page.total_count, page.items.len()), (Some(1), 1));
}

#[tokio::test]
async fn a_job_says_why_its_log_is_missing() {
    let run = Run::new(7)
        .job(Job::new(42).in_progress())
        .job(Job::new(43).skipped());
    let repo = Repo::new("octo-org", "octo-docs").run(run);
    let fake = Fake::builder()
        .token(TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap();
    let repo = client(&fake).repo("octo-org", "octo-docs");
    for (job, kind) in [
        (42, ErrorKind::LogNotReady),
        (43, ErrorKind::LogNeverWritten),
        (44, ErrorKind::NotFound),
    ] {
        fake.clear_requests();
        let error = repo.download_job_logs(job).send().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.operation().unwrap().id, "download_job_logs");
        assert_eq!(fake.requests().len(), 2);
    }
}

#[test]
fn futures_can_be_spawned() {
    fn spawnable<T: Send + 'static>(_: T) {}
    let api = gha_core::plain("https://api.github.com").build().unwrap();
    let repo = Client::new(api).repo("octo-org", "octo-docs");
    spawnable(repo.get_job(1).send());
    spawnable(repo.download_job_logs(1).send());
    spawnable(repo.list_artifacts().send_page());
    spawnable(repo);
}
