//! Redirects, signed URLs and what the blob store sends.

use std::io::Read as _;
use std::time::{Duration, SystemTime};

use crate::support::{BEARER, actions, get, get_with, location, request, seed};
use gha_fake::{Artifact, Clock, Content, Fake, Job, Listener, Match, Repo, Run};
use http::Method;
use sha2::{Digest, Sha256};

const HOUR: Duration = Duration::from_secs(3600);

fn frozen() -> Clock {
    Clock::frozen_at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_773_144_000))
}

async fn blob(fake: &Fake, path: &str, headers: &[(&str, &str)]) -> crate::support::Reply {
    get_with(&location(fake, path).await, headers).await
}

#[tokio::test]
async fn a_zip_is_served_from_another_origin() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/11/zip").await;
    assert!(url.starts_with(&format!("{}/", fake.blob_url())), "{url}");
    assert_ne!(fake.blob_url(), fake.api_url());

    let reply = get_with(&url, &[]).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/zip"));
    assert_eq!(reply.header("accept-ranges"), Some("bytes"));
    assert_eq!(reply.length(), Some(reply.body.len()));
    assert_eq!(
        reply.header("content-disposition"),
        Some("attachment; filename=\"dist.zip\"; filename*=UTF-8''dist.zip")
    );
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(reply.body)).unwrap();
    let mut text = String::new();
    archive
        .by_name("b/c.txt")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!((archive.len(), text.as_str()), (2, "gamma!"));
}

#[tokio::test]
async fn size_and_digest_are_those_of_the_bytes() {
    let fake = seed().start().await.unwrap();
    for id in [11, 12, 13] {
        let artifact = get(&actions(&fake, &format!("artifacts/{id}")))
            .await
            .json();
        let bytes = blob(&fake, &format!("artifacts/{id}/zip"), &[]).await.body;
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(artifact["digest"], format!("sha256:{hash}"));
        assert_eq!(artifact["size_in_bytes"], bytes.len());
    }
}

#[tokio::test]
async fn a_single_file_is_no_zip() {
    let fake = seed().start().await.unwrap();
    let reply = blob(&fake, "artifacts/12/zip", &[]).await;
    assert_eq!(reply.header("content-type"), Some("text/html"));
    let disposition = reply.header("content-disposition").unwrap();
    assert!(
        disposition.ends_with("filename*=UTF-8''report.html"),
        "{disposition}"
    );
    assert_eq!(reply.text(), "<p>fine</p>");
}

#[tokio::test]
async fn file_names_beyond_ascii_and_given_dispositions() {
    let artifacts = [
        Artifact::file("r\"é.txt", "text/plain", "x").id(1),
        Artifact::file("y", "text/plain", "x")
            .id(2)
            .content_disposition("attachment; filename=../../y"),
        Artifact::file("z", "text/plain", "x")
            .id(3)
            .content_disposition(""),
    ];
    let repo = Repo::new("octo-org", "octo-docs").artifacts(artifacts);
    let fake = Fake::builder()
        .token(crate::support::TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap();
    let disposition = async |id: i64| {
        let reply = blob(&fake, &format!("artifacts/{id}/zip"), &[]).await;
        reply.header("content-disposition").map(str::to_owned)
    };
    assert_eq!(
        disposition(1).await.unwrap(),
        "attachment; filename=\"r__.txt\"; filename*=UTF-8''r%22%C3%A9.txt"
    );
    assert_eq!(
        disposition(2).await.unwrap(),
        "attachment; filename=../../y"
    );
    assert_eq!(disposition(3).await, None);
}

#[tokio::test]
async fn a_link_expires_by_the_clock() {
    let fake = seed().clock(frozen()).start().await.unwrap();
    let url = location(&fake, "artifacts/11/zip").await;
    fake.clock().advance(Duration::from_secs(59));
    assert_eq!(get_with(&url, &[]).await.status, 200);
    fake.clock().advance(Duration::from_secs(1));
    let refused = get_with(&url, &[]).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("content-type"), Some("application/xml"));
    assert_eq!(
        refused.header("x-ms-error-code"),
        Some("AuthenticationFailed")
    );
    assert!(refused.text().contains("<Code>AuthenticationFailed</Code>"));
    assert_eq!(
        get_with(&location(&fake, "artifacts/11/zip").await, &[])
            .await
            .status,
        200
    );

    let long = seed()
        .clock(frozen())
        .link_lifetime(HOUR)
        .start()
        .await
        .unwrap();
    let url = location(&long, "artifacts/11/zip").await;
    long.clock().advance(HOUR - Duration::from_secs(1));
    assert_eq!(get_with(&url, &[]).await.status, 200);
}

#[tokio::test]
async fn a_link_that_was_altered_or_encoded_again_is_refused() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/11/zip").await;
    let (unsigned, _) = url.split_once("&sig=").unwrap();
    for altered in [
        url.replace("/artifacts/11", "/artifacts/12"),
        url.replace("sp=r", "sp=rw"),
        url.replace('+', "%20"),
        url.replace("%2D", "-"),
        url.replace("%3A", ":"),
        unsigned.to_owned(),
        format!("{url}A"),
        format!("{url}&x=1"),
    ] {
        assert_ne!(altered, url);
        assert_eq!(get_with(&altered, &[]).await.status, 403, "{altered}");
    }
    let other = seed().start().await.unwrap();
    let foreign = url.replace(fake.blob_url(), other.blob_url());
    assert_eq!(get_with(&foreign, &[]).await.status, 403);
}

#[tokio::test]
async fn credentials_beside_a_signature_are_refused() {
    for one_origin in [false, true] {
        let fake = seed()
            .blobs_on_api_origin(one_origin)
            .start()
            .await
            .unwrap();
        let url = location(&fake, "artifacts/11/zip").await;
        assert_eq!(url.starts_with(fake.api_url()), one_origin);
        assert_eq!(get_with(&url, &[]).await.status, 200);
        let refused = get_with(&url, &[BEARER]).await;
        assert_eq!(refused.status, 403);
        assert!(refused.text().contains("<Code>AuthenticationFailed</Code>"));
        assert_eq!(fake.requests_for(&Match::blob()).len(), 2);
    }
}

#[tokio::test]
async fn ranges() {
    let fake = seed().start().await.unwrap();
    let all = Content::noise(300_000, 0).read(0..300_000);
    let ranged = async |range: &str| blob(&fake, "artifacts/13/zip", &[("range", range)]).await;

    let middle = ranged("bytes=1000-1999").await;
    assert_eq!((middle.status, middle.length()), (206, Some(1000)));
    assert_eq!(
        middle.header("content-range"),
        Some("bytes 1000-1999/300000")
    );
    assert_eq!(middle.body, all[1000..2000]);

    let rest = ranged("bytes=131000-").await;
    assert_eq!(
        rest.header("content-range"),
        Some("bytes 131000-299999/300000")
    );
    assert_eq!(rest.body, all[131_000..]);

    let beyond = ranged("bytes=300000-").await;
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("content-range"), Some("bytes */300000"));
    assert_eq!(beyond.header("x-ms-error-code"), Some("InvalidRange"));

    assert_eq!(ranged("bytes=-5").await.status, 200);
}

#[tokio::test]
async fn if_range_and_if_match_go_by_the_entity_tag() {
    let fake = seed().start().await.unwrap();
    let first = blob(&fake, "artifacts/13/zip", &[]).await;
    let tag = first.header("etag").unwrap();
    let modified = first.header("last-modified").unwrap();
    let status = async |header: (&str, &str)| {
        let headers = [("range", "bytes=5-"), header];
        blob(&fake, "artifacts/13/zip", &headers).await.status
    };
    assert_eq!(status(("if-range", tag)).await, 206);
    assert_eq!(status(("if-range", modified)).await, 206);
    assert_eq!(status(("if-range", "\"other\"")).await, 200);
    assert_eq!(status(("if-match", tag)).await, 206);
    assert_eq!(status(("if-match", "\"other\"")).await, 412);

    fake.replace_content(13, Content::noise(300_000, 1))
        .unwrap();
    assert_eq!(status(("if-range", tag)).await, 200);
    assert_ne!(
        blob(&fake, "artifacts/13/zip", &[]).await.header("etag"),
        Some(tag)
    );
}

#[tokio::test]
async fn head_tells_the_length_without_the_body() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/13/zip").await;
    let reply = request(Method::HEAD, &url, &[]).await;
    assert_eq!(
        (reply.status, reply.length(), reply.body.len()),
        (200, Some(300_000), 0)
    );
    let range = [("range", "bytes=0-99")];
    let whole = request(Method::HEAD, &url, &range).await;
    assert_eq!((whole.status, whole.length()), (200, Some(300_000)));
    assert_eq!(request(Method::POST, &url, &[]).await.status, 405);
}

#[tokio::test]
async fn an_expired_artifact_is_gone() {
    let repo = Repo::new("octo-org", "octo-docs")
        .artifact(Artifact::zip("old", &[]).id(1).expired())
        .artifact(
            Artifact::zip("new", &[])
                .id(2)
                .age(HOUR)
                .expires_after(HOUR * 2),
        );
    let fake = Fake::builder()
        .token(crate::support::TOKEN)
        .repo(repo)
        .clock(frozen());
    let fake = fake.start().await.unwrap();
    let gone = get(&actions(&fake, "artifacts/1/zip")).await;
    assert_eq!(gone.status, 410);
    assert_eq!(gone.json()["status"], "410");
    assert_eq!(
        get(&actions(&fake, "artifacts/1")).await.json()["expired"],
        true
    );

    assert_eq!(get(&actions(&fake, "artifacts/2/zip")).await.status, 302);
    let listed = async || {
        get(&actions(&fake, "artifacts?name=new")).await.json()["artifacts"][0]["expired"].clone()
    };
    assert_eq!(listed().await, false);
    fake.clock().advance(HOUR);
    assert_eq!(get(&actions(&fake, "artifacts/2/zip")).await.status, 410);
    assert_eq!(listed().await, true);
}

#[tokio::test]
async fn logs_of_jobs_in_every_state() {
    let run = Run::new(1)
        .job(Job::new(1).log("first\r\nsecond\r\n"))
        .job(Job::new(2).queued())
        .job(Job::new(3).in_progress())
        .job(Job::new(4).skipped())
        .job(Job::new(5).cancelled_before_start())
        .job(Job::new(6).log_expired())
        .job(Job::new(7))
        .job(Job::new(8).log_content(Content::noise(5000, 3)));
    let repo = Repo::new("octo-org", "octo-docs").run(run);
    let fake = Fake::builder()
        .token(crate::support::TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap();

    let text = blob(&fake, "jobs/1/logs", &[]).await;
    assert_eq!(text.text(), "first\r\nsecond\r\n");
    assert_eq!(
        text.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    for unfinished in [2, 3] {
        let reply = get(&actions(&fake, &format!("jobs/{unfinished}/logs"))).await;
        assert_eq!(reply.status, 404);
        assert_eq!(reply.header("content-type"), Some("application/xml"));
        assert!(reply.text().contains("<Code>BlobNotFound</Code>"));
    }
    for (id, status) in [(4, 404), (5, 404), (6, 410), (9, 404)] {
        let reply = get(&actions(&fake, &format!("jobs/{id}/logs"))).await;
        assert_eq!(reply.status, status, "{id}");
        assert_eq!(reply.json()["status"], status.to_string());
    }
    let made = blob(&fake, "jobs/7/logs", &[]).await.text();
    assert!(
        made.starts_with('\u{feff}') && made.contains("##[group]Run make all"),
        "{made}"
    );
    assert_eq!(
        blob(&fake, "jobs/8/logs", &[]).await.body,
        Content::noise(5000, 3).read(0..5000)
    );
}

#[tokio::test]
async fn five_gibibytes_take_no_memory() {
    let size = 5 << 30;
    let repo = Repo::new("octo-org", "octo-docs")
        .artifact(Artifact::noise("huge", size).id(1).without_digest());
    let fake = Fake::builder()
        .token(crate::support::TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap();
    assert_eq!(
        get(&actions(&fake, "artifacts/1")).await.json()["size_in_bytes"],
        size
    );
    let last = format!("bytes={}-", size - 10);
    let reply = blob(&fake, "artifacts/1/zip", &[("range", &last)]).await;
    assert_eq!(
        reply.header("content-range").unwrap(),
        format!("bytes {}-{}/{size}", size - 10, size - 1)
    );
    assert_eq!(reply.body, Content::noise(size, 0).read(size - 10..size));
    let head = request(Method::HEAD, &location(&fake, "artifacts/1/zip").await, &[]).await;
    assert_eq!(head.header("content-length").unwrap(), size.to_string());
}

#[tokio::test]
async fn requests_are_recorded_with_what_came() {
    let fake = seed().start().await.unwrap();
    blob(&fake, "artifacts/11/zip?x=a%20b", &[("range", "bytes=0-")]).await;
    let requests = fake.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].listener, Listener::Api);
    assert_eq!(
        requests[0].operation,
        Some(gha_fake::Operation::DownloadArtifact)
    );
    assert_eq!(
        requests[0].path,
        "/repos/octo-org/octo-docs/actions/artifacts/11/zip"
    );
    assert_eq!(requests[0].query_value("x").as_deref(), Some("a b"));
    assert_eq!(requests[0].header("authorization"), Some("Bearer t0ken"));
    assert_eq!(requests[1].listener, Listener::Blob);
    assert_eq!(requests[1].header("range"), Some("bytes=0-"));
    let debug = format!("{requests:?}");
    assert!(
        !debug.contains("t0ken") && !debug.contains("sig="),
        "{debug}"
    );
    fake.clear_requests();
    assert!(fake.requests().is_empty());
}
