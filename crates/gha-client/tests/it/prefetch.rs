//! Pages in flight: how many, in which order, until when.

use std::time::Duration;

use crate::support::*;
use gha_client::ErrorKind;
use gha_client::prelude::*;
use gha_fake::{Artifact, Content, Fake, Fault, Gate, Match, Operation, State};

fn lists() -> Match {
    Match::operation(Operation::ListArtifacts)
}

/// Ends when all tasks are at rest, for time stands still until then.
async fn rest() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}

/// Waits for what does not come, until all that can be done meanwhile is done.
async fn wait_in_vain<T>(next: impl Future<Output = T>) {
    let waited = tokio::time::timeout(Duration::from_secs(1), next).await;
    assert!(waited.is_err());
}

fn pages(fake: &Fake) -> Vec<u64> {
    let mut pages = pages_asked(fake);
    pages.sort_unstable();
    pages
}

#[tokio::test(start_paused = true)]
async fn up_to_so_many_pages_are_in_flight_and_come_in_order() {
    let fake = with_artifacts(100).start().await.unwrap();
    let gate = Gate::new();
    fake.fault(Fault::hold(&gate).on(lists().page(2)));
    let mut stream = list(&client(&fake)).per_page(10).stream().prefetch(3);
    let mut given = Vec::new();
    for _ in 0..10 {
        given.push(stream.try_next().await.unwrap().unwrap().id);
    }
    wait_in_vain(stream.try_next()).await;
    // The first page tells how many there are; none of the others is asked for before.
    assert_eq!(pages(&fake), [1, 2, 3, 4]);
    gate.open();
    while let Some(artifact) = stream.try_next().await.unwrap() {
        given.push(artifact.id);
    }
    assert_eq!(given, (1..=100).rev().collect::<Vec<_>>());
    assert_eq!(pages(&fake), (1..=10).collect::<Vec<_>>(), "none twice");
}

#[tokio::test]
async fn without_it_requests_are_serial() {
    let fake = with_artifacts(50).start().await.unwrap();
    for prefetch in [0, 1] {
        fake.clear_requests();
        let mut stream = list(&client(&fake))
            .per_page(10)
            .stream()
            .prefetch(prefetch);
        for _ in 0..20 {
            stream.try_next().await.unwrap().unwrap();
        }
        assert_eq!(pages_asked(&fake), [1, 2]);
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_stream_cancels_what_is_in_flight() {
    let fake = with_artifacts(100).start().await.unwrap();
    let waits = Log::new();
    let client = builder(&fake)
        .on_wait({
            let waits = waits.clone();
            move |_: &gha_client::Wait<'_>| waits.push(())
        })
        .build()
        .unwrap();
    let gate = Gate::new();
    fake.fault(Fault::hold(&gate).on(lists().when(|request| request.page() > 1)));
    fake.fault(Fault::status(500).on(lists().when(|request| request.page() > 1)));
    let mut stream = list(&client).per_page(10).stream().prefetch(4);
    for _ in 0..10 {
        stream.try_next().await.unwrap().unwrap();
    }
    wait_in_vain(stream.try_next()).await;
    assert_eq!(fake.requests().len(), 5);
    drop(stream);
    gate.open();
    rest().await;
    assert_eq!(waits.all(), [], "nobody is there to try again");
    assert_eq!(fake.requests().len(), 5);
}

#[tokio::test]
async fn a_list_that_changes_is_an_error_that_says_what_to_do() {
    for deleted in [false, true] {
        let fake = with_artifacts(30).start().await.unwrap();
        fake.after_answer(lists().page(1), move |_, state: &mut State| {
            let old = Artifact::new("old", Content::bytes("x")).id(101);
            match deleted {
                true => state.delete_artifact(30).unwrap(),
                false => drop(state.add_artifact(REPO, old.without_digest()).unwrap()),
            }
        });
        let stream = list(&client(&fake)).per_page(10).stream().prefetch(8);
        let all = futures_util::TryStreamExt::try_collect::<Vec<_>>(stream).await;
        let error = all.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Pagination);
        assert!(error.to_string().contains("without `prefetch`"), "{error}");
    }
}

#[tokio::test]
async fn a_total_that_promises_too_much_is_not_read_for_ever() {
    let fake = with_artifacts(30).start().await.unwrap();
    let body = r#"{"total_count": 100, "artifacts": []}"#;
    fake.fault(Fault::change().body(body).on(lists()));
    let stream = list(&client(&fake)).per_page(10).stream().prefetch(4);
    let all: Vec<Artifact_> = futures_util::TryStreamExt::try_collect(stream)
        .await
        .unwrap();
    assert_eq!(all.len(), 0);
    assert!(pages(&fake).iter().all(|page| *page <= 3));
}

type Artifact_ = gha_client::types::Artifact;

#[tokio::test]
async fn without_links_the_total_gives_the_page_numbers() {
    let fake = with_artifacts(95).start().await.unwrap();
    fake.fault(Fault::without_link());
    let mut stream = list(&client(&fake)).per_page(10).stream().prefetch(8);
    let mut given = Vec::new();
    while let Some(artifact) = stream.try_next().await.unwrap() {
        given.push(artifact.id);
    }
    assert_eq!(given, (1..=95).rev().collect::<Vec<_>>());
    assert_eq!(pages(&fake), (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_stream_can_be_driven_by_any_number_of_threads() {
    let fake = with_artifacts(300).start_on_thread().unwrap();
    let client = client(&fake);
    let readers: Vec<_> = (0..4)
        .map(|prefetch| {
            let stream = list(&client).per_page(10).stream().prefetch(prefetch * 3);
            tokio::spawn(futures_util::TryStreamExt::try_collect::<Vec<_>>(stream))
        })
        .collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap().unwrap().len(), 300);
    }
}
