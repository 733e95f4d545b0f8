//! Answers in GitHub's place, broken links, and how faults are aimed.

use std::time::{Duration, Instant, SystemTime};

use crate::support::{BEARER, actions, get, get_with, location, request, seed, send};
use gha_fake::{Artifact, Clock, Content, Fake, Fault, Gate, Match, Operation, Repo};
use http::Method;

#[tokio::test]
async fn a_status_for_so_many_requests() {
    let fake = seed().start().await.unwrap();
    let fault = fake.fault(Fault::status(503).times(2));
    let url = actions(&fake, "artifacts/11");
    for status in [503, 503, 200] {
        assert_eq!(get(&url).await.status, status);
    }
    assert_eq!(fault.hits(), 2);
}

#[tokio::test]
async fn a_status_with_any_body_and_header() {
    let fake = seed().start().await.unwrap();
    let fault = Fault::status(502)
        .body("<h1>Bad gateway</h1>")
        .header("content-type", "text/html")
        .header("x-proxy", "yes");
    fake.fault(fault);
    let reply = get(&actions(&fake, "artifacts")).await;
    assert_eq!(
        (reply.status, reply.text().as_str()),
        (502, "<h1>Bad gateway</h1>")
    );
    assert_eq!(reply.header("content-type"), Some("text/html"));
    assert_eq!(reply.header("x-proxy"), Some("yes"));
}

#[tokio::test]
async fn a_status_in_the_form_of_each_listener() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/11/zip").await;
    fake.fault(Fault::status(500));
    let api = get(&actions(&fake, "artifacts")).await;
    assert_eq!(api.json()["message"], "Internal Server Error");
    let blob = get_with(&url, &[]).await;
    assert_eq!(blob.status, 500);
    assert!(blob.text().contains("<Code>InternalError</Code>"));
}

#[tokio::test]
async fn faults_queue_up_oldest_first() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::status(500).once());
    fake.fault(Fault::status(502).after(1).once());
    fake.fault(Fault::status(504).once());
    let url = actions(&fake, "artifacts/11");
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(get(&url).await.status);
    }
    assert_eq!(seen, [500, 502, 504, 200]);
}

#[tokio::test]
async fn faults_are_aimed_removed_and_cleared() {
    let fake = seed().start().await.unwrap();
    let status = async |path: &str| get(&actions(&fake, path)).await.status;
    let list = Match::operation(Operation::ListArtifacts);
    let by_page = fake.fault(Fault::status(500).on(list.clone().page(2)));
    assert_eq!(status("artifacts").await, 200);
    assert_eq!(status("artifacts?page=2").await, 500);
    assert_eq!(status("artifacts/11").await, 200);
    by_page.remove();
    assert_eq!(status("artifacts?page=2").await, 200);

    fake.fault(Fault::status(501).on(list.query("name", "a b")));
    assert_eq!(status("artifacts?name=a%20b").await, 501);
    assert_eq!(status("artifacts?name=a").await, 200);
    fake.clear_faults();

    fake.fault(Fault::status(500).on(Match::api().path("/artifacts/1")));
    fake.fault(Fault::status(502).on(Match::api().path("/artifacts/12")));
    fake.fault(Fault::status(503).on(Match::any().method(Method::DELETE)));
    fake.fault(Fault::status(504).on(Match::any().when(|r| r.header("x-doomed").is_some())));
    assert_eq!(status("artifacts/12").await, 502);
    assert_eq!(status("artifacts/12/zip").await, 502);
    assert_eq!(status("artifacts/13").await, 200);
    let url = actions(&fake, "artifacts/13");
    assert_eq!(request(Method::DELETE, &url, &[BEARER]).await.status, 503);
    assert_eq!(
        get_with(&url, &[BEARER, ("x-doomed", "1")]).await.status,
        504
    );
    fake.clear_faults();
    assert_eq!(status("artifacts/12").await, 200);
}

#[tokio::test]
async fn primary_rate_limits() {
    let start = Duration::from_secs(1_773_144_000);
    let clock = Clock::frozen_at(SystemTime::UNIX_EPOCH + start);
    let fake = seed().clock(clock).start().await.unwrap();
    let reset_in = Duration::from_secs(90);
    fake.fault(Fault::primary_rate_limit(reset_in).once());
    fake.fault(
        Fault::primary_rate_limit(reset_in)
            .with_status(429)
            .retry_after(reset_in)
            .once(),
    );
    let url = actions(&fake, "artifacts");
    for (status, retry_after) in [(403, None), (429, Some("90"))] {
        let reply = get(&url).await;
        assert_eq!(
            (reply.status, reply.header("retry-after")),
            (status, retry_after)
        );
        assert_eq!(reply.header("x-ratelimit-remaining"), Some("0"));
        assert_eq!(reply.header("x-ratelimit-reset"), Some("1773144090"));
        assert!(
            reply.json()["message"]
                .as_str()
                .unwrap()
                .contains("API rate limit exceeded")
        );
    }
    assert_eq!(get(&url).await.status, 200);
}

#[tokio::test]
async fn secondary_rate_limits() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::secondary_rate_limit().once());
    fake.fault(
        Fault::secondary_rate_limit()
            .with_status(429)
            .retry_after(Duration::from_secs(7))
            .once(),
    );
    for (status, retry_after) in [(403, None), (429, Some("7"))] {
        let reply = get(&actions(&fake, "artifacts")).await;
        assert_eq!(
            (reply.status, reply.header("retry-after")),
            (status, retry_after)
        );
        assert_ne!(reply.header("x-ratelimit-remaining"), Some("0"));
        assert!(
            reply.json()["message"]
                .as_str()
                .unwrap()
                .contains("secondary rate limit")
        );
        // Some clients know it by nothing else.
        let link = reply.json()["documentation_url"].to_string();
        assert!(link.ends_with("secondary-rate-limits\""), "{link}");
    }
    // Blobs know no such limits: the fault waits for a request to the API.
    let fault = fake.fault(Fault::secondary_rate_limit().after(1));
    let url = location(&fake, "artifacts/11/zip").await;
    assert_eq!(get_with(&url, &[]).await.status, 200);
    assert_eq!(fault.hits(), 0);
}

#[tokio::test]
async fn a_delay_holds_the_head_back() {
    let fake = seed().start().await.unwrap();
    let delay = Duration::from_millis(120);
    fake.fault(Fault::delay(delay).once());
    let url = actions(&fake, "artifacts");
    let start = Instant::now();
    assert_eq!(get(&url).await.status, 200);
    assert!(start.elapsed() >= delay);

    let slow = seed().fault(Fault::delay(delay)).start().await.unwrap();
    let start = Instant::now();
    get_with(&location(&slow, "artifacts/11/zip").await, &[]).await;
    assert!(start.elapsed() >= delay * 2);
}

#[tokio::test]
async fn a_throttle_sets_the_speed() {
    let fake = seed()
        .fault(Fault::throttle(1_000_000).on(Match::blob()))
        .start()
        .await
        .unwrap();
    let url = location(&fake, "artifacts/13/zip").await;
    let start = Instant::now();
    assert_eq!(get_with(&url, &[]).await.body.len(), 300_000);
    assert!(start.elapsed() >= Duration::from_millis(300));
    fake.fault(Fault::throttle(3_000_000).on(Match::blob()));
    let start = Instant::now();
    let reply = get_with(&url, &[("range", "bytes=100000-")]).await;
    assert_eq!(
        reply.body,
        Content::noise(300_000, 0).read(100_000..300_000)
    );
    assert!(start.elapsed() >= Duration::from_millis(66));
}

#[tokio::test]
async fn a_gate_holds_answers_until_it_opens() {
    let fake = seed().start().await.unwrap();
    let gate = Gate::new();
    fake.fault(Fault::hold(&gate).on(Match::operation(Operation::GetArtifact)));
    let url = actions(&fake, "artifacts/11");
    let held = tokio::spawn(async move { get(&url).await });
    // Others are not held.
    assert_eq!(get(&actions(&fake, "artifacts")).await.status, 200);
    while fake.requests().len() < 2 {
        tokio::task::yield_now().await;
    }
    fake.delete_artifact(11).unwrap();
    gate.open();
    assert_eq!(held.await.unwrap().status, 404);
}

#[tokio::test]
async fn hanging_up_gives_no_answer() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::hang_up().once());
    let url = actions(&fake, "artifacts");
    let headers = [BEARER, ("user-agent", "test")];
    assert!(send(Method::GET, &url, &headers).await.is_none());
    assert!(send(Method::GET, &url, &headers).await.is_some());
    assert_eq!(fake.requests().len(), 2);

    // Whatever else would end the answer, in any order: there is none.
    fake.fault(Fault::close_after(10).once());
    fake.fault(Fault::hang_up().times(2));
    fake.fault(Fault::truncate_to(10));
    assert!(send(Method::GET, &url, &headers).await.is_none());
    assert!(send(Method::GET, &url, &headers).await.is_none());
    fake.clear_faults();
    fake.fault(Fault::hang_up());
    fake.fault(Fault::stall_after(10));
    assert!(send(Method::GET, &url, &headers).await.is_none());
}

#[test]
fn an_answer_has_a_status_that_ends_it() {
    for status in [0, 100, 101, 103, 199, 1000] {
        assert!(
            std::panic::catch_unwind(|| Fault::status(status)).is_err(),
            "{status}"
        );
        let changed = || Fault::change().with_status(status);
        assert!(std::panic::catch_unwind(changed).is_err(), "{status}");
    }
}

#[tokio::test]
async fn links_that_are_expired_from_the_start() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::expired_link().once());
    let refused = get_with(&location(&fake, "artifacts/11/zip").await, &[]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("expired"));
    let fresh = location(&fake, "artifacts/11/zip").await;
    assert_eq!(get_with(&fresh, &[]).await.status, 200);
}

#[tokio::test]
async fn locations_of_every_kind() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::location_missing().once());
    fake.fault(Fault::location("http://[not-a-host").once());
    fake.fault(Fault::location("https://user:pw@example.com/x?a=%2b+B").once());
    // Only redirects have a Location to go wrong.
    assert_eq!(get(&actions(&fake, "artifacts")).await.status, 200);
    for expected in [
        None,
        Some("http://[not-a-host"),
        Some("https://user:pw@example.com/x?a=%2b+B"),
    ] {
        let reply = get(&actions(&fake, "artifacts/11/zip")).await;
        assert_eq!((reply.status, reply.header("location")), (302, expected));
    }
}

#[tokio::test]
async fn redirects_to_another_host_and_to_itself() {
    let fake = seed().start().await.unwrap();
    let other = seed().start().await.unwrap();
    let target = format!("{}/elsewhere", other.api_url());
    fake.fault(Fault::redirect(307, &target).once());
    let moved = get(&actions(&fake, "artifacts")).await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (307, Some(&*target))
    );

    let blob = location(&fake, "artifacts/11/zip").await;
    fake.fault(Fault::redirect_loop().on(Match::blob()));
    fake.fault(Fault::redirect_loop().with_status(301).on(Match::api()));
    let reply = get_with(&blob, &[]).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (302, Some(&*blob))
    );
    let url = actions(&fake, "artifacts?page=2&name=a%20b");
    let reply = get(&url).await;
    assert_eq!((reply.status, reply.header("location")), (301, Some(&*url)));
}

#[tokio::test]
async fn next_links_that_lead_astray() {
    let artifacts = (1..=9).map(|id| Artifact::zip("a", &[]).id(id));
    let repo = Repo::new("octo-org", "octo-docs")
        .id(5)
        .artifacts(artifacts);
    let fake = Fake::builder()
        .token(crate::support::TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap();
    let path = "/repositories/5/actions/artifacts?per_page=3&page=2";
    fake.fault(Fault::next_link_to_origin("https://evil.example").once());
    fake.fault(Fault::next_link("https://evil.example/x?page=7").once());
    fake.fault(Fault::without_link().once());
    let url = actions(&fake, "artifacts?per_page=3");
    assert_eq!(
        get(&url).await.link("next").unwrap(),
        format!("https://evil.example{path}")
    );
    assert_eq!(
        get(&url).await.link("next").unwrap(),
        "https://evil.example/x?page=7"
    );
    assert_eq!(get(&url).await.header("link"), None);
    assert_eq!(
        get(&url).await.link("next").unwrap(),
        format!("{}{path}", fake.api_url())
    );
    fake.fault(Fault::next_link_to_itself());
    let last = get(&actions(&fake, "artifacts?per_page=3&page=3")).await;
    assert!(last.link("next").unwrap().ends_with("page=3"));
}

#[tokio::test]
async fn entity_tags_that_are_weak_or_missing() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/13/zip").await;
    fake.fault(Fault::weak_etag().times(2));
    let weak = get_with(&url, &[]).await.header("etag").unwrap().to_owned();
    assert!(weak.starts_with("W/\""), "{weak}");
    let ranged = get_with(&url, &[("range", "bytes=1-2"), ("if-range", &weak)]).await;
    assert_eq!(ranged.status, 200, "weak tags never match If-Range");
    fake.fault(Fault::without_etag().once());
    assert_eq!(get_with(&url, &[]).await.header("etag"), None);
    assert!(
        get_with(&url, &[])
            .await
            .header("etag")
            .unwrap()
            .starts_with('"')
    );
}

#[tokio::test]
async fn ranges_that_are_refused_or_wrong() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/13/zip").await;
    let range = async || get_with(&url, &[("range", "bytes=100-199")]).await;
    let all = Content::noise(300_000, 0).read(0..300_000);

    fake.fault(Fault::refuse_ranges().once());
    let refused = range().await;
    assert_eq!(
        (refused.status, refused.header("accept-ranges")),
        (200, Some("none"))
    );
    assert!(refused.header("content-range").is_none() && refused.body == all);

    fake.fault(Fault::misname_ranges(7).once());
    let misnamed = range().await;
    assert_eq!(
        misnamed.header("content-range"),
        Some("bytes 107-206/300000")
    );
    assert_eq!(misnamed.body, all[100..200]);

    fake.fault(Fault::shift_ranges(7).once());
    let shifted = range().await;
    assert_eq!(
        shifted.header("content-range"),
        Some("bytes 107-199/300000")
    );
    assert_eq!(shifted.body, all[107..200]);

    fake.fault(Fault::shift_ranges(u64::MAX).once());
    assert_eq!(range().await.status, 416);
    fake.fault(Fault::misname_ranges(u64::MAX).once());
    assert_eq!(range().await.body, all[100..200]);

    fake.fault(Fault::unsatisfiable_ranges().once());
    assert_eq!(range().await.status, 416);
    assert_eq!(range().await.status, 206);
}

#[tokio::test]
async fn changes_leave_the_rest_of_the_answer_alone() {
    let fake = seed().start().await.unwrap();
    fake.fault(
        Fault::change()
            .header("content-type", "application/octet-stream")
            .once(),
    );
    let reply = get(&actions(&fake, "artifacts/11")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(reply.json()["id"], 11);
    fake.fault(Fault::change().body("[]"));
    assert_eq!(get(&actions(&fake, "artifacts/11")).await.text(), "[]");
}
