//! Lists that change while they are streamed: nothing lost, nothing twice.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::support::*;
use gha_client::{Client, ErrorKind, prelude::*};
use gha_fake::{Artifact, Content, Fake, Fault, Match, Operation, State};

fn lists() -> Match {
    Match::operation(Operation::ListArtifacts)
}

/// Deletes every artifact that the stream gives, those that are gone already excepted.
async fn delete_all(client: &Client) -> Vec<i64> {
    let mut given = Vec::new();
    let mut artifacts = list(client).per_page(10).stream();
    while let Some(artifact) = artifacts.try_next().await.unwrap() {
        given.push(artifact.id);
        match delete(client, artifact.id).send().await {
            Ok(_) => {}
            Err(error) => assert!(error.is_not_found(), "{error}"),
        }
    }
    given
}

fn assert_distinct(ids: &[i64]) {
    let distinct: HashSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "given out twice");
}

const NONE: [i64; 0] = [];

fn left(fake: &Fake) -> Vec<i64> {
    fake.artifact_ids(REPO).unwrap()
}

/// A number below `bound` that is the same in every run.
fn scattered(step: &AtomicU64, bound: usize) -> usize {
    let step = step.fetch_add(1, Ordering::Relaxed);
    let hash = (step + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
    usize::try_from(hash).unwrap() % bound
}

#[tokio::test]
async fn every_artifact_deleted_from_inside_the_loop_is_deleted() {
    let fake = with_artifacts(500).start().await.unwrap();
    let given = delete_all(&client(&fake)).await;
    assert_eq!(given.len(), 500);
    assert_distinct(&given);
    assert_eq!(left(&fake), NONE);
}

#[tokio::test]
async fn with_another_client_that_deletes_none_is_left() {
    let fake = with_artifacts(500).start().await.unwrap();
    let step = AtomicU64::new(0);
    fake.after_answer(Match::api(), move |_, state: &mut State| {
        let ids = state.artifact_ids(REPO).unwrap();
        if !ids.is_empty() && scattered(&step, 3) == 0 {
            let at = scattered(&step, ids.len());
            state.delete_artifact(ids[at]).unwrap();
        }
    });
    let given = delete_all(&client(&fake)).await;
    assert_distinct(&given);
    assert_eq!(left(&fake), NONE);
}

#[tokio::test]
async fn with_new_artifacts_that_arrive_none_of_the_old_is_left() {
    let fake = with_artifacts(500).start().await.unwrap();
    let step = AtomicU64::new(0);
    fake.after_answer(Match::api(), move |_, state: &mut State| {
        if scattered(&step, 10) == 0 {
            let new = Artifact::new("new", Content::bytes("x")).without_digest();
            state.add_artifact(REPO, new).unwrap();
        }
    });
    let given = delete_all(&client(&fake)).await;
    assert_distinct(&given);
    let old: Vec<_> = left(&fake).into_iter().filter(|id| *id <= 500).collect();
    assert_eq!(old, NONE);
}

#[tokio::test]
async fn reading_while_another_client_deletes_what_was_read_misses_nothing() {
    let fake = with_artifacts(1000).start().await.unwrap();
    let step = AtomicU64::new(0);
    // The third of every ten lists is followed by the deletion of some of the newest.
    fake.after_answer(lists(), move |_, state: &mut State| {
        if step.fetch_add(1, Ordering::Relaxed) % 10 == 2 {
            for id in &state.artifact_ids(REPO).unwrap()[..25] {
                state.delete_artifact(*id).unwrap();
            }
        }
    });
    let before: HashSet<_> = left(&fake).into_iter().collect();
    let given = list(&client(&fake)).per_page(50).stream();
    let given = given.pages_into_ids().await;
    assert_distinct(&given);
    let given: HashSet<_> = given.into_iter().collect();
    let missed: Vec<_> = left(&fake)
        .into_iter()
        .filter(|id| before.contains(id) && !given.contains(id))
        .collect();
    assert_eq!(missed, NONE);
}

trait PagesIntoIds {
    async fn pages_into_ids(self) -> Vec<i64>;
}

impl PagesIntoIds for gha_client::pagination::Items<gha_client::operations::ListArtifacts> {
    async fn pages_into_ids(mut self) -> Vec<i64> {
        let mut ids = Vec::new();
        while let Some(artifact) = self.try_next().await.unwrap() {
            ids.push(artifact.id);
        }
        ids
    }
}

#[tokio::test]
async fn new_artifacts_that_shift_the_others_are_no_repetition() {
    let fake = with_artifacts(100).start().await.unwrap();
    fake.after_answer(lists(), |_, state: &mut State| {
        for _ in 0..7 {
            let new = Artifact::new("new", Content::bytes("x")).without_digest();
            state.add_artifact(REPO, new).unwrap();
        }
    });
    let given = list(&client(&fake))
        .per_page(10)
        .stream()
        .pages_into_ids()
        .await;
    assert_distinct(&given);
    let given: HashSet<_> = given.into_iter().collect();
    assert!((1..=100).all(|id| given.contains(&id)));
}

/// After page 40 of 5 artifacts each, the newest 150 vanish.
fn shrink_by_150(fake: &Fake) {
    fake.after_answer(lists().page(40), |_, state: &mut State| {
        let ids = state.artifact_ids(REPO).unwrap();
        if ids.len() == 300 {
            for id in &ids[..150] {
                state.delete_artifact(*id).unwrap();
            }
        }
    });
}

#[tokio::test]
async fn however_far_it_shrinks_nothing_is_lost_and_nothing_comes_twice() {
    let fake = with_artifacts(300).start().await.unwrap();
    shrink_by_150(&fake);
    let given = list(&client(&fake)).per_page(5).stream();
    let given = given.pages_into_ids().await;
    assert_eq!(given, (1..=300).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_total_that_flickers_ends_with_an_error() {
    let fake = with_artifacts(200).start().await.unwrap();
    let step = AtomicU64::new(0);
    // The list is one shorter in every other answer, at its end.
    fake.before_answer(lists(), move |_, state: &mut State| {
        if step.fetch_add(1, Ordering::Relaxed) % 2 == 1 {
            let ids = state.artifact_ids(REPO).unwrap();
            state.delete_artifact(ids[ids.len() - 1]).unwrap();
        } else if state.artifact_ids(REPO).unwrap().len() < 200 {
            let ids = state.artifact_ids(REPO).unwrap();
            let id = ids[ids.len() - 1] - 1;
            let oldest = Artifact::new("again", Content::bytes("x"))
                .id(id.max(1))
                .age(std::time::Duration::from_secs(100_000));
            state.add_artifact(REPO, oldest).unwrap();
        }
    });
    let mut stream = list(&client(&fake)).per_page(10).stream();
    let error = loop {
        match stream.try_next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it flickers for ever"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(error.to_string().contains("again and again"), "{error}");
    assert!(fake.requests().len() < 50);
}

#[tokio::test]
async fn a_page_that_shows_a_shorter_list_is_put_aside() {
    let fake = with_artifacts(30).start().await.unwrap();
    fake.after_answer(lists().page(1), {
        let once = AtomicU64::new(0);
        move |_, state: &mut State| {
            if once.fetch_add(1, Ordering::Relaxed) == 0 {
                state.delete_artifact(30).unwrap();
            }
        }
    });
    let given = list(&client(&fake))
        .per_page(10)
        .stream()
        .pages_into_ids()
        .await;
    assert_eq!(given, (1..=30).rev().collect::<Vec<_>>());
    assert_eq!(pages_asked(&fake), [1, 2, 1, 2, 3]);
}

#[tokio::test]
async fn an_oddly_small_total_does_not_end_a_list_that_links_on() {
    let fake = with_artifacts(30).start().await.unwrap();
    fake.fault(
        Fault::change()
            .body(r#"{"total_count": -3, "artifacts": []}"#)
            .on(lists().page(1))
            .once(),
    );
    let given = list(&client(&fake))
        .per_page(10)
        .stream()
        .pages_into_ids()
        .await;
    assert_eq!(given, (1..=20).rev().collect::<Vec<_>>());
}
