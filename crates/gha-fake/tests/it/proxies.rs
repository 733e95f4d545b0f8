//! What proxies, gateways and servers that are nearly GitHub make of requests and answers.

use std::io::Read as _;
use std::time::{Duration, SystemTime};

use crate::support::{BEARER, actions, get, get_with, location, raw, raw_of, seed, send};
use gha_fake::{Artifact, Clock, Content, Fake, Fault, Gate, Job, Match, Operation, Repo, Run};
use http::Method;
use serde_json::{Value, json};

/// The noise artifact's bytes.
fn noise() -> Vec<u8> {
    Content::noise(300_000, 0).read(0..300_000)
}

async fn fake(fault: Fault) -> (Fake, String) {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/13/zip").await;
    fake.fault(fault.on(Match::blob()));
    (fake, url)
}

#[tokio::test]
async fn a_tail_that_claims_to_be_the_whole() {
    let range = [("range", "bytes=100000-")];
    let (fake, url) = fake(Fault::tail_as_whole()).await;
    let whole = get_with(&url, &[]).await;
    let tail = get_with(&url, &range).await;
    assert_eq!((tail.status, tail.length()), (200, Some(200_000)));
    assert_eq!(tail.header("etag"), whole.header("etag"));
    let named = tail.header("content-range");
    assert_eq!(named, Some("bytes 100000-299999/300000"));
    assert_eq!(tail.body, noise()[100_000..]);

    // What is no part is no whole either.
    let beyond = get_with(&url, &[("range", "bytes=300000-")]).await;
    assert_eq!(beyond.status, 416);

    fake.clear_faults();
    fake.fault(Fault::tail_as_whole().without_header("content-range"));
    let tail = get_with(&url, &range).await;
    assert_eq!((tail.status, tail.header("content-range")), (200, None));
    assert_eq!(tail.body.len(), 200_000);
}

#[tokio::test]
async fn a_whole_with_a_stray_content_range() {
    let stray = Fault::change().header("content-range", "bytes 0-49999/50000");
    let (_fake, url) = fake(stray).await;
    let reply = get_with(&url, &[]).await;
    assert_eq!((reply.status, reply.length()), (200, Some(300_000)));
    assert_eq!(reply.header("content-range"), Some("bytes 0-49999/50000"));
}

#[tokio::test]
async fn ranges_that_are_shorter_than_asked_for() {
    let (fake, url) = fake(Fault::shorten_ranges(1)).await;
    for asked in ["bytes=7-", "bytes=7-7", "bytes=7-1000"] {
        let reply = get_with(&url, &[("range", asked)]).await;
        assert_eq!((reply.status, &reply.body[..]), (206, &noise()[7..8]));
        assert_eq!(reply.header("content-range"), Some("bytes 7-7/300000"));
    }
    let beyond = get_with(&url, &[("range", "bytes=300000-")]).await;
    assert_eq!(beyond.status, 416);
    fake.clear_faults();
    fake.fault(Fault::shorten_ranges(100));
    let reply = get_with(&url, &[("range", "bytes=299990-")]).await;
    assert_eq!(reply.body, noise()[299_990..]);
}

#[tokio::test]
async fn faults_of_ranges_wait_for_a_request_with_one() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/13/zip").await;
    for fault in [
        Fault::tail_as_whole(),
        Fault::misname_ranges(7),
        Fault::shift_ranges(7),
        Fault::shorten_ranges(7),
        Fault::unsatisfiable_ranges(),
    ] {
        let fault = fake.fault(fault.once());
        assert_eq!(get_with(&url, &[]).await.body.len(), 300_000);
        assert_eq!(fault.hits(), 0);
        get_with(&url, &[("range", "bytes=5-")]).await;
        assert_eq!(fault.hits(), 1);
    }
}

#[tokio::test]
async fn a_length_beside_chunks() {
    for length in ["0", "50000", "300000", "500000", "-1", "x"] {
        let fault = Fault::change().chunked().header("content-length", length);
        let (_fake, url) = fake(fault).await;
        let (head, body) = raw(&url, &[]).await;
        assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
        assert!(
            head.contains(&format!("content-length: {length}\r\n")),
            "{head}"
        );
        assert!(body.ends_with(b"0\r\n\r\n"));
        assert!(body.len() > 300_000, "{}", body.len());
    }
}

#[tokio::test]
async fn chunks_without_a_length() {
    let (_fake, url) = fake(Fault::change().chunked()).await;
    let reply = get_with(&url, &[]).await;
    assert_eq!((reply.length(), reply.whole), (None, true));
    assert_eq!(reply.body, noise());
    let (head, body) = raw_of(Method::HEAD, &url, &[]).await;
    assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
    assert_eq!(body, b"");
}

#[tokio::test]
async fn a_body_that_ends_with_the_connection() {
    for cut in [None, Some(Fault::close_after(1000))] {
        let (fake, url) = fake(Fault::change().without_header("Content-Length")).await;
        let sent = if cut.is_some() { 1000 } else { 300_000 };
        cut.map(|cut| fake.fault(cut));
        let (head, body) = raw(&url, &[]).await;
        assert!(!head.contains("content-length"), "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
        assert_eq!(body, noise()[..sent]);
        let reply = get_with(&url, &[]).await;
        assert!(reply.whole, "who could tell?");
        fake.fault(Fault::change().chunked());
        assert_eq!(get_with(&url, &[]).await.whole, sent == 300_000);
    }
}

#[tokio::test]
async fn a_length_that_is_wrong() {
    let (_fake, url) = fake(Fault::change().header("content-length", "500000")).await;
    let reply = get_with(&url, &[]).await;
    assert_eq!((reply.length(), reply.whole), (Some(500_000), false));
    assert_eq!(reply.body, noise());

    let (_fake, url) = fake(Fault::change().header("content-length", "5")).await;
    let (head, body) = raw(&url, &[]).await;
    assert!(head.contains("content-length: 5\r\n"), "{head}");
    assert_eq!(body, noise(), "more than was announced");
}

#[tokio::test]
async fn bodies_in_pieces() {
    let fault = Fault::truncate_to(2000).in_pieces(1);
    let (_fake, url) = fake(fault.clone()).await;
    assert_eq!(get_with(&url, &[]).await.body, noise()[..2000]);

    let (_fake, url) = fake(fault.chunked()).await;
    let (_, body) = raw(&url, &[]).await;
    assert_eq!(body.len(), 2000 * 6 + 5, "each byte is a chunk");
    assert_eq!(get_with(&url, &[]).await.body, noise()[..2000]);

    let broken = Fault::close_after(1000).in_pieces(300).chunked();
    let (_fake, url) = fake(broken).await;
    let reply = get_with(&url, &[]).await;
    assert!(!reply.whole && reply.body == noise()[..1000]);
}

#[tokio::test]
async fn a_body_that_waits_for_gates() {
    use http_body_util::BodyExt as _;
    for chunked in [false, true] {
        let gates = [Gate::new(), Gate::new()];
        let fault = Fault::hold_after(100_000, &gates[0]);
        let fault = if chunked { fault.chunked() } else { fault };
        let (fake, url) = fake(fault).await;
        fake.fault(Fault::hold_after(200_000, &gates[1]).on(Match::blob()));
        let client =
            hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
                .build_http::<http_body_util::Empty<bytes::Bytes>>();
        let response = client.get(url.parse().unwrap()).await.unwrap();
        let mut body = response.into_body();
        let mut seen = 0;
        for (held, gate) in [100_000, 200_000].into_iter().zip(&gates) {
            while seen < held {
                seen += body
                    .frame()
                    .await
                    .unwrap()
                    .unwrap()
                    .data_ref()
                    .unwrap()
                    .len();
            }
            assert_eq!(seen, held, "nothing passes a closed gate");
            gate.open();
        }
        seen += body.collect().await.unwrap().to_bytes().len();
        assert_eq!(seen, 300_000);
    }
}

#[tokio::test]
async fn bodies_that_are_compressed_or_said_to_be() {
    let inflate = |body: &[u8]| {
        let mut bytes = Vec::new();
        let read = flate2::read::MultiGzDecoder::new(body).read_to_end(&mut bytes);
        read.map(|_| bytes)
    };
    let (fake, url) = fake(Fault::change().gzip()).await;
    let reply = get_with(&url, &[]).await;
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    assert_eq!(reply.length(), Some(reply.body.len()));
    assert_eq!(inflate(&reply.body).unwrap(), noise());
    fake.clear_faults();

    fake.fault(
        Fault::change()
            .header("content-encoding", "gzip")
            .on(Match::blob()),
    );
    let reply = get_with(&url, &[]).await;
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    assert_eq!(reply.body, noise());
    fake.clear_faults();

    // Zeros behind the end, and empty members before the start.
    let mut empty = Vec::new();
    flate2::read::GzEncoder::new(&b""[..], flate2::Compression::fast())
        .read_to_end(&mut empty)
        .unwrap();
    fake.fault(Fault::change().gzip().suffix(vec![0; 512]).once());
    fake.fault(Fault::change().gzip().prefix(empty.repeat(1000)).after(1));
    let padded = get(&actions(&fake, "artifacts/11")).await;
    assert!(padded.body.ends_with(&[0; 512]));
    let json = inflate(&padded.body[..padded.body.len() - 512]).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&json).unwrap()["id"], 11);
    let members = get(&actions(&fake, "artifacts/11")).await;
    assert!(members.body.starts_with(&empty.repeat(1000)));
    assert_eq!(inflate(&members.body).unwrap(), json);
}

#[tokio::test]
async fn json_behind_a_byte_order_mark() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::change().prefix("\u{feff}"));
    let reply = get(&actions(&fake, "artifacts/11")).await;
    let json = reply.body.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(json).unwrap()["id"], 11);
}

#[tokio::test]
async fn headers_are_replaced_added_and_taken_away() {
    let long = "x".repeat(16 * 1024);
    let fault = Fault::change()
        .header("content-type", "zip")
        .header("x-padding", &long)
        .another_header("x-padding", "more")
        .without_header("last-modified");
    let (fake, url) = fake(fault).await;
    let reply = get_with(&url, &[]).await;
    assert_eq!(reply.header("content-type"), Some("zip"));
    let padding: Vec<_> = reply.headers.get_all("x-padding").iter().collect();
    assert_eq!(padding, [&*long, "more"]);
    assert_eq!(reply.header("last-modified"), None);
    assert_eq!(reply.body, noise());
    fake.clear_faults();

    let bare = Fault::change().without_header("content-type");
    fake.fault(bare.without_header("Date"));
    let reply = get_with(&url, &[]).await;
    assert_eq!(reply.header("content-type"), None);
    assert_eq!(reply.header("date"), None);
}

#[tokio::test]
async fn names_and_types_that_an_artifact_asks_for() {
    let artifact = Artifact::zip("dist", &[])
        .id(1)
        .content_type("")
        .content_disposition("")
        .blob_name("a b/dist.zip");
    let repo = Repo::new("octo-org", "octo-docs").artifact(artifact);
    let fake = Fake::builder()
        .token("t0ken")
        .repo(repo)
        .start()
        .await
        .unwrap();
    let url = location(&fake, "artifacts/1/zip").await;
    let path = url.split('?').next().unwrap();
    assert!(path.ends_with("/artifacts/1/a%20b%2Fdist.zip"), "{path}");
    let reply = get_with(&url, &[]).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, None));
    let other = url.replace("dist.zip", "dist.tar");
    assert_eq!(get_with(&other, &[]).await.status, 403, "it is signed");
}

#[tokio::test]
async fn pages_that_are_smaller_than_asked_for() {
    let artifacts = (1..=250).map(|id| Artifact::zip("a", &[]).id(id));
    let repo = Repo::new("octo-org", "octo-docs").artifacts(artifacts);
    let fake = Fake::builder()
        .token("t0ken")
        .repo(repo)
        .start()
        .await
        .unwrap();
    fake.fault(Fault::page_size(50).without_header("link"));
    let page = async |query: &str| get(&actions(&fake, &format!("artifacts?{query}"))).await;
    let second = page("per_page=100&page=2").await;
    let expected: Vec<i64> = (151..=200).rev().collect();
    assert_eq!(second.ids("artifacts"), expected);
    assert_eq!(second.json()["total_count"], 250);
    assert_eq!(second.header("link"), None);
    assert_eq!(page("per_page=20").await.ids("artifacts").len(), 20);
    assert_eq!(page("").await.ids("artifacts").len(), 30);
    assert_eq!(page("per_page=x").await.status, 422);
}

#[tokio::test]
async fn a_page_that_is_ignored_and_a_total_that_is_wrong() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::ignore_parameter("page"));
    let total = fake.fault(Fault::rewrite_json(|_, json| {
        json["total_count"] = 1_000_000.into();
    }));
    for page in 1..4 {
        let url = actions(&fake, &format!("artifacts?per_page=2&page={page}"));
        let reply = get(&url).await;
        assert_eq!(reply.ids("artifacts"), [13, 12]);
        assert_eq!(reply.json()["total_count"], 1_000_000);
        assert!(reply.link("next").unwrap().ends_with("page=2"));
    }
    total.remove();
    fake.fault(Fault::rewrite_json(|request, json| {
        assert_eq!(request.page(), 9);
        *json = json!({"artifacts": null});
    }));
    let reply = get(&actions(&fake, "artifacts?page=9")).await;
    assert_eq!(reply.json(), json!({"artifacts": null}));
    // What is no JSON stays as it is.
    let zip = get_with(&location(&fake, "artifacts/11/zip?page=9").await, &[]).await;
    assert_eq!(zip.status, 200);
}

#[tokio::test]
async fn pages_to_sign_in() {
    let fake = seed().start().await.unwrap();
    let url = actions(&fake, "artifacts/11");
    fake.fault(Fault::html().once());
    fake.fault(Fault::html().with_status(404).once());
    let sign_in = "https://login.example.com/saml?from=proxy";
    fake.fault(Fault::redirect(302, sign_in).once());
    for status in [200, 404] {
        let reply = get(&url).await;
        assert_eq!(reply.status, status);
        assert!(reply.text().contains("Sign in"));
    }
    let reply = get(&url).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (302, Some(sign_in))
    );
    assert_eq!(get(&url).await.status, 200);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_none_that_was_not_made() {
    let fake = seed().start().await.unwrap();
    let url = actions(&fake, "artifacts/11");
    let headers = [BEARER, ("user-agent", "test")];
    fake.fault(Fault::hang_up().once());
    assert!(send(Method::DELETE, &url, &headers).await.is_none());
    assert_eq!(fake.artifact_ids("octo-org/octo-docs").unwrap().len(), 3);
    fake.fault(Fault::lose_answer().once());
    assert!(send(Method::DELETE, &url, &headers).await.is_none());
    assert_eq!(fake.artifact_ids("octo-org/octo-docs").unwrap().len(), 2);
    assert_eq!(
        send(Method::DELETE, &url, &headers).await.unwrap().status,
        404
    );
}

#[tokio::test]
async fn answers_that_repeat_secrets() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/11/zip").await;
    fake.fault(Fault::echo(403));
    let api = get(&actions(&fake, "artifacts")).await;
    assert_eq!(api.status, 403);
    assert!(api.json()["message"].as_str().unwrap().contains("t0ken"));
    assert_eq!(api.header("x-github-request-id"), Some("Bearer t0ken"));
    let blob = get_with(&url, &[]).await;
    assert!(blob.text().contains("&amp;sig="), "{}", blob.text());
    assert!(blob.header("x-ms-request-id").unwrap().contains("&sig="));

    fake.clear_faults();
    fake.fault(Fault::rewrite_json(|request, json| {
        json["id"] = request.header("authorization").into();
    }));
    let wrong = get(&actions(&fake, "artifacts/11")).await.json();
    assert_eq!(wrong["id"], "Bearer t0ken");
}

#[tokio::test]
async fn messages_of_every_kind() {
    let fake = seed().start().await.unwrap();
    let url = actions(&fake, "artifacts");
    for message in ["\u{1b}[31mred\r\nX-Evil: 1", &"x".repeat(1 << 20)] {
        fake.fault(Fault::status(422).message(message).once());
        assert_eq!(get(&url).await.json()["message"], message);
    }
    let blob = location(&fake, "artifacts/11/zip").await;
    fake.fault(Fault::status(409).message("a < b & c"));
    let text = get_with(&blob, &[]).await.text();
    assert!(
        text.contains("<Message>a &lt; b &amp; c</Message>"),
        "{text}"
    );
}

#[test]
#[should_panic(expected = "only an error has a message")]
fn what_is_no_error_has_no_message() {
    let _ = Fault::change().message("no");
}

#[tokio::test]
async fn limits_in_every_notation() {
    let clock = Clock::frozen_at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_773_144_000));
    let fake = seed().clock(clock).start().await.unwrap();
    let minute = Duration::from_secs(60);
    fake.fault(Fault::status(503).retry_after_date(minute).once());
    fake.fault(Fault::status(429).retry_after(minute).once());
    fake.fault(Fault::status(403).header("gh-limited-by", "search").once());
    let url = actions(&fake, "artifacts");
    let date = get(&url).await;
    assert_eq!(
        date.header("retry-after"),
        Some("Tue, 10 Mar 2026 12:01:00 GMT")
    );
    assert_eq!(get(&url).await.header("retry-after"), Some("60"));
    let limited = get(&url).await;
    assert_eq!(limited.header("gh-limited-by"), Some("search"));
    assert_eq!(limited.header("retry-after"), None);
    assert_eq!(get(&url).await.status, 200);
}

#[tokio::test]
async fn single_sign_on_and_tokens_that_are_rotated() {
    let fake = seed().start().await.unwrap();
    let url = actions(&fake, "artifacts");
    let sso = "https://github.com/orgs/octo-org/sso?authorization_request=AZ";
    fake.fault(Fault::single_sign_on(sso).once());
    let refused = get(&url).await;
    assert_eq!(refused.status, 403);
    let header = refused.header("x-github-sso").unwrap();
    assert_eq!(header, format!("required; url={sso}"));

    fake.state(|state| {
        state.revoke_token("t0ken");
        state.add_token("fresh");
    });
    assert_eq!(get(&url).await.status, 401);
    let fresh = [("authorization", "Bearer fresh")];
    assert_eq!(get_with(&url, &fresh).await.status, 200);
}

#[tokio::test]
async fn logs_that_are_not_there() {
    let run = Run::new(1)
        .job(Job::new(1).log_not_stored())
        .job(Job::new(2).log_deleted());
    let repo = Repo::new("octo-org", "octo-docs").run(run);
    let fake = Fake::builder()
        .token("t0ken")
        .repo(repo)
        .start()
        .await
        .unwrap();
    let not_stored = get(&actions(&fake, "jobs/1/logs")).await;
    let deleted = get_with(&location(&fake, "jobs/2/logs").await, &[]).await;
    for reply in [not_stored, deleted] {
        assert_eq!(reply.status, 404);
        assert!(reply.text().contains("<Code>BlobNotFound</Code>"));
    }
    let gone = Fault::status(410).on(Match::blob());
    fake.fault(gone);
    let gone = get_with(&location(&fake, "jobs/2/logs").await, &[]).await;
    assert_eq!(gone.status, 410);
    assert!(gone.text().contains("<Message>Gone</Message>"));
}

#[tokio::test]
async fn rewritten_answers_and_headers_to_match() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/13/zip").await;
    let with_range = Match::blob().header("Range");
    let fault = Fault::rewrite_answer(|request, answer| {
        assert_eq!(request.header("range"), Some("bytes=0-9"));
        let tail = answer.body().slice(5..10);
        *answer.body_mut() = Content::concat([tail.clone(), tail]);
    });
    fake.fault(fault.on(with_range));
    assert_eq!(get_with(&url, &[]).await.body, noise());
    let reply = get_with(&url, &[("range", "bytes=0-9")]).await;
    assert_eq!(reply.body, noise()[5..10].repeat(2));
    fake.fault(Fault::rewrite_request(|r| {
        r.path = r.path.replace("/11", "/12");
    }));
    let other = get(&actions(&fake, "artifacts/11")).await;
    assert_eq!(other.json()["id"], 12);
    let seen = fake.requests_for(&Match::operation(Operation::GetArtifact));
    assert!(seen[0].path.ends_with("/11"), "the log has what came");
}
