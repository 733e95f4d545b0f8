//! Lists as streams: which pages are asked for, and when the list ends.

use crate::support::*;
use futures_util::{Stream, StreamExt, TryStreamExt};
use gha_client::types::Artifact;
use gha_client::{Error, ErrorKind, prelude::*};
use gha_fake::{Fake, Fault, Match, Operation};

fn ids(artifacts: &[Artifact]) -> Vec<i64> {
    artifacts.iter().map(|artifact| artifact.id).collect()
}

fn newest_first(count: i64) -> Vec<i64> {
    (1..=count).rev().collect()
}

async fn collect(
    stream: impl Stream<Item = Result<Artifact, Error>> + Send + Unpin + 'static,
) -> Result<Vec<i64>, Error> {
    stream.map_ok(|artifact| artifact.id).try_collect().await
}

#[tokio::test]
async fn streams_all_items_a_hundred_at_a_time() {
    let fake = with_artifacts(250).start().await.unwrap();
    let all = collect(list(&client(&fake)).stream()).await.unwrap();
    assert_eq!(all, newest_first(250));
    let requests = fake.requests();
    assert_eq!(pages_asked(&fake), [1, 2, 3]);
    for request in requests {
        assert_eq!(request.query_value("per_page").as_deref(), Some("100"));
    }
}

#[tokio::test]
async fn nothing_is_asked_for_before_it_is_needed() {
    let fake = with_artifacts(20).start().await.unwrap();
    let mut stream = list(&client(&fake)).per_page(10).stream();
    assert_eq!(fake.requests().len(), 0);
    for _ in 0..10 {
        stream.try_next().await.unwrap().unwrap();
    }
    assert_eq!(pages_asked(&fake), [1]);
    stream.try_next().await.unwrap().unwrap();
    assert_eq!(pages_asked(&fake), [1, 2]);
}

#[tokio::test]
async fn keeps_the_callers_page_and_size() {
    let fake = with_artifacts(25).start().await.unwrap();
    let pages: Vec<_> = list(&client(&fake))
        .page(2)
        .per_page(10)
        .pages()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(pages_asked(&fake), [2, 3]);
    assert_eq!(ids(&pages[0].items), (6..=15).rev().collect::<Vec<_>>());
    let numbers: Vec<_> = pages.iter().map(|page| page.number).collect();
    assert_eq!(numbers, [2, 3]);
    assert!(pages.iter().all(|page| page.total_count == Some(25)));
    let limits: Vec<_> = pages
        .iter()
        .map(|page| page.rate_limit.as_ref().unwrap().remaining)
        .collect();
    assert_eq!(limits[0], limits[1] + 1);
}

#[tokio::test]
async fn page_sizes_that_the_server_corrects_are_counted_as_it_counts() {
    let fake = with_artifacts(250).start().await.unwrap();
    let client = client(&fake);
    for size in [1000, 0, -1] {
        fake.fault(Fault::without_link());
        let all = collect(list(&client).per_page(size).stream())
            .await
            .unwrap();
        assert_eq!(all, newest_first(250), "per_page {size}");
        let asked = fake.requests()[0].query_value("per_page");
        assert_eq!(asked, Some(size.to_string()));
        fake.clear_requests();
    }
}

#[tokio::test]
async fn all_collects_the_items() {
    let fake = with_artifacts(120).start().await.unwrap();
    let all = list(&client(&fake)).all().await.unwrap();
    assert_eq!(ids(&all), newest_first(120));
    assert_eq!(
        list(&client(&fake))
            .name("artifact-7")
            .all()
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        list(&client(&fake)).name("none").all().await.unwrap().len(),
        0
    );
}

#[tokio::test]
async fn send_still_asks_for_one_page() {
    let fake = with_artifacts(120).start().await.unwrap();
    let page = list(&client(&fake)).send().await.unwrap();
    assert_eq!((page.artifacts.len(), page.total_count), (30, 120));
    assert_eq!(fake.requests()[0].query_value("per_page"), None);
}

#[tokio::test]
async fn all_page_operations_stream() {
    let fake = seeded().start().await.unwrap();
    let client = client(&fake);
    let repo = client.repo(OWNER, NAME);
    assert_eq!(repo.list_run_artifacts(RUN).all().await.unwrap().len(), 1);
    assert_eq!(repo.list_run_jobs(RUN).all().await.unwrap()[0].id, JOB);
    let jobs = repo.list_attempt_jobs(RUN, 1).all().await.unwrap();
    assert_eq!(jobs[0].id, JOB);
}

#[tokio::test]
async fn the_page_of_next_is_asked_for_at_home() {
    let fake = with_artifacts(250).start().await.unwrap();
    let elsewhere = Fake::builder().start().await.unwrap();
    fake.fault(Fault::next_link_to_origin(elsewhere.api_url()));
    let all = collect(list(&client(&fake)).stream()).await.unwrap();
    assert_eq!(all, newest_first(250));
    assert_eq!(elsewhere.requests().len(), 0);
    for request in fake.requests() {
        assert_eq!(request.path, "/repos/octo-org/octo-docs/actions/artifacts");
    }
}

#[tokio::test]
async fn without_links_pages_are_counted() {
    let fake = with_artifacts(250).start().await.unwrap();
    fake.fault(Fault::without_link());
    let all = collect(list(&client(&fake)).stream()).await.unwrap();
    assert_eq!(all, newest_first(250));
    assert_eq!(pages_asked(&fake), [1, 2, 3]);
    fake.clear_requests();
    // A full last page is known to be the last by the total.
    let all = collect(list(&client(&fake)).per_page(50).stream())
        .await
        .unwrap();
    assert_eq!(all.len(), 250);
    assert_eq!(pages_asked(&fake), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn an_empty_page_ends_nothing() {
    let fake = with_artifacts(30).start().await.unwrap();
    let empty = r#"{"total_count": 30, "artifacts": []}"#;
    let second = Match::operation(Operation::ListArtifacts).page(2);
    fake.fault(Fault::change().body(empty).on(second));
    let all = collect(list(&client(&fake)).per_page(10).stream())
        .await
        .unwrap();
    assert_eq!(all.len(), 20);
    assert_eq!(pages_asked(&fake), [1, 2, 3]);
}

#[tokio::test]
async fn one_error_ends_the_stream() {
    let fake = with_artifacts(30).start().await.unwrap();
    let second = Match::operation(Operation::ListArtifacts).page(2);
    fake.fault(Fault::status(404).on(second));
    for prefetch in [0, 8] {
        let mut stream = list(&client(&fake))
            .per_page(10)
            .stream()
            .prefetch(prefetch);
        for _ in 0..10 {
            stream.try_next().await.unwrap().unwrap();
        }
        let error = stream.try_next().await.unwrap_err();
        assert!(error.is_not_found());
        assert!(error.to_string().contains("list_artifacts"));
        assert!(stream.try_next().await.unwrap().is_none());
        assert!(stream.next().await.is_none());
    }
}

#[tokio::test]
async fn links_that_do_not_advance_end_with_an_error() {
    for (link, expected) in [
        ("https://h/p?page=2", "page 2 leads to page 2"),
        ("https://h/p?page=1", "page 2 leads to page 1"),
        ("https://h/p?page=-4", "page 2 leads to page -4"),
        ("https://h/p?cursor=x", "no page number"),
    ] {
        let fake = with_artifacts(30).start().await.unwrap();
        let second = Match::operation(Operation::ListArtifacts).page(2);
        fake.fault(Fault::next_link(link).on(second));
        let error = collect(list(&client(&fake)).per_page(10).stream())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Pagination);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.to_string().starts_with("list_artifacts: "));
        assert_eq!(pages_asked(&fake), [1, 2]);
    }
    let fake = with_artifacts(3).start().await.unwrap();
    fake.fault(Fault::next_link_to_itself());
    let error = list(&client(&fake)).all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
}

#[tokio::test]
async fn links_that_lead_on_for_ever_end_with_an_error() {
    let fake = with_artifacts(3).start().await.unwrap();
    for page in 1..100 {
        let on = Match::operation(Operation::ListArtifacts).page(page);
        fake.fault(Fault::next_link(format!("https://h/p?page={}", page + 1)).on(on));
    }
    let error = list(&client(&fake)).all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(error.to_string().contains("past the end"), "{error}");
    assert!(fake.requests().len() < 20);
}

#[tokio::test]
async fn a_stream_goes_on_after_a_restart() {
    let fake = with_artifacts(50).start().await.unwrap();
    let client = client(&fake);
    let mut pages = list(&client).per_page(10).pages();
    let mut seen = Vec::new();
    let mut last = 0;
    for _ in 0..3 {
        let page = pages.try_next().await.unwrap().unwrap();
        last = page.number;
        seen.extend(ids(&page.items));
    }
    drop(pages);
    let rest = list(&client).per_page(10).page(last + 1).stream();
    seen.extend(collect(rest).await.unwrap());
    assert_eq!(seen, newest_first(50));
}

#[tokio::test]
async fn an_argument_that_cannot_be_used_fails_before_anything_is_sent() {
    let fake = with_artifacts(3).start().await.unwrap();
    let client = client(&fake);
    let stream = client.repo(OWNER, "").list_artifacts().stream();
    let error = collect(stream).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(fake.requests().len(), 0);
}

/// A page as a server without links sends it: so many items of its own, and a total.
fn bare_page(page: u64, items: std::ops::Range<i64>, total: i64) -> Fault {
    let artifact = |id| {
        format!(
            r#"{{"id":{id},"node_id":"","name":"a","size_in_bytes":1,"url":"","archive_download_url":"","expired":false,"created_at":null,"expires_at":null,"updated_at":null}}"#
        )
    };
    let artifacts: Vec<_> = items.map(artifact).collect();
    let artifacts = artifacts.join(",");
    let body = format!(r#"{{"total_count":{total},"artifacts":[{artifacts}]}}"#);
    Fault::status(200).body(body).on(Match::api().page(page))
}

#[tokio::test]
async fn servers_that_give_smaller_pages_than_they_are_asked_for_are_read_to_the_end() {
    let fake = with_artifacts(0).start().await.unwrap();
    for (page, items) in [(1, 0..30), (2, 30..60), (3, 60..90), (4, 90..90)] {
        fake.fault(bare_page(page, items, 90));
    }
    let all = collect(list(&client(&fake)).stream()).await.unwrap();
    assert_eq!(all, (0..90).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_total_that_cannot_be_true_ends_nothing() {
    for total in [-1, 7, i64::MIN] {
        let fake = with_artifacts(0).start().await.unwrap();
        for (page, items) in [(1, 0..100), (2, 100..130), (3, 130..130)] {
            fake.fault(bare_page(page, items, total));
        }
        let all = collect(list(&client(&fake)).stream()).await.unwrap();
        assert_eq!(all.len(), 130, "{total}");
    }
}

#[tokio::test]
async fn a_total_that_no_page_lives_up_to_ends_with_an_error() {
    let fake = with_artifacts(0).start().await.unwrap();
    for page in 1..100 {
        fake.fault(bare_page(page, 0..0, i64::MAX));
    }
    let error = collect(list(&client(&fake)).stream()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination, "{error}");
    assert!(fake.requests().len() < 30);
}

#[tokio::test]
async fn links_to_pages_that_cannot_be_are_refused() {
    for (size, page) in [(1, i64::MAX), (100, i64::MAX), (100, i64::MAX / 100)] {
        let fake = with_artifacts(300).start().await.unwrap();
        fake.fault(Fault::next_link(format!("https://h/?page={page}")));
        let stream = list(&client(&fake)).per_page(size).stream();
        let error = collect(stream.prefetch(4)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Pagination, "{error}");
        assert!(error.to_string().contains("which no list has"), "{error}");
    }
}
