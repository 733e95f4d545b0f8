//! Downloads on several connections.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::*;
use gha_client::ErrorKind;
use gha_download::ParallelDownload;
use gha_fake::{Content, Fake, Fault, Gate, Match};

const PART: u64 = 300_000;
const TOTAL: u64 = 10 * PART + 1234;

fn content() -> Content {
    Content::noise(TOTAL, 7)
}

async fn parallel(fake: &Fake, connections: usize) -> ParallelDownload {
    let digest = content().digest().to_owned();
    let download = download(fake).await.expect_digest(Some(&digest)).unwrap();
    download.connections(connections).part_size(PART)
}

fn check(path: &Path) {
    assert!(fs::read(path).unwrap() == content().read(0..TOTAL));
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

fn parts() -> Match {
    Match::blob().when(|request| range(request).is_some_and(|(start, end)| end - start > 1))
}

#[tokio::test]
async fn every_byte_is_asked_for_once() {
    let fake = serve(content()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let progress = seen.clone();
    let download = download(&fake)
        .await
        .on_progress(move |now| progress.lock().unwrap().push(now));
    let saved = download
        .connections(4)
        .part_size(PART)
        .save(&path)
        .await
        .unwrap();
    assert_eq!((saved.path, saved.bytes), (path.clone(), TOTAL));
    check(&path);
    let requests = fake.requests_for(&parts());
    let mut ranges: Vec<_> = requests.iter().filter_map(range).collect();
    ranges.sort_unstable();
    assert_eq!(ranges.len(), 11);
    assert!(ranges.windows(2).all(|pair| pair[0].1 == pair[1].0));
    assert_eq!((ranges[0].0, ranges[10].1), (0, TOTAL));
    let seen = seen.lock().unwrap();
    assert_eq!(seen.last().unwrap().received, TOTAL);
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].received <= pair[1].received)
    );
    assert!(seen.iter().all(|now| now.total == Some(TOTAL)));
}

#[tokio::test]
async fn connections_are_used_at_once() {
    let fake = serve(content()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let gate = Gate::new();
    fake.fault(Fault::hold(&gate).on(parts()));
    let download = parallel(&fake, 4).await;
    let saving = download.save(&path);
    let opening = async {
        wait_until(|| fake.requests_for(&parts()).len() == 4).await;
        gate.open();
    };
    let (saved, ()) = tokio::join!(saving, opening);
    saved.unwrap();
    check(&path);
    let requests = fake.requests_for(&parts());
    let connections: BTreeSet<_> = requests.iter().map(|request| request.connection).collect();
    assert!(connections.len() >= 4, "{connections:?}");
}

#[tokio::test]
async fn parts_that_fail_are_repeated_alone() {
    let fake = serve(content()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let starts_at = |at: u64| parts().when(move |r| range(r).is_some_and(|(start, _)| start == at));
    fake.fault(Fault::close_after(100_000).on(starts_at(PART)).once());
    fake.fault(Fault::status(503).on(starts_at(3 * PART)).times(2));
    fake.fault(Fault::hang_up().on(starts_at(5 * PART)).once());
    parallel(&fake, 3).await.save(&path).await.unwrap();
    check(&path);
    // The broken one goes on where it broke.
    let again = fake.requests_for(&starts_at(PART + 100_000));
    assert_eq!(again.len(), 1);
    assert_eq!(fake.requests_for(&parts()).len(), 11 + 4);
}

#[tokio::test]
async fn links_that_expire_are_renewed() {
    let fake = serve(content()).await;
    fake.clock().freeze();
    let clock = fake.clock().clone();
    fake.after_answer(parts(), move |_, _| clock.advance(Duration::from_secs(40)));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    parallel(&fake, 2).await.save(&path).await.unwrap();
    check(&path);
    assert!(fake.requests_for(&Match::api()).len() > 3);
}

#[tokio::test]
async fn without_ranges_one_connection_does_it() {
    for fault in [
        Fault::refuse_ranges(),
        Fault::weak_etag(),
        Fault::without_etag(),
    ] {
        let fake = seed_with(artifact(content()))
            .fault(fault)
            .start()
            .await
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        parallel(&fake, 4).await.save(&path).await.unwrap();
        check(&path);
        parallel(&fake, 4)
            .await
            .save_resumable(folder.path().join("other"))
            .await
            .unwrap();
        assert_eq!(everything(folder.path()).len(), 2);
    }
    // What is small is not worth more.
    let fake = serve(Content::bytes("small")).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    download(&fake)
        .await
        .connections(8)
        .save(&path)
        .await
        .unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"small");
    assert!(fake.requests_for(&parts()).is_empty());
    let fake = serve(Content::bytes("")).await;
    let path = folder.path().join("empty");
    download(&fake)
        .await
        .connections(8)
        .save(&path)
        .await
        .unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"");
}

#[tokio::test]
async fn what_is_wrong_is_never_saved() {
    let faults = [
        (Fault::corrupt_byte(5 * PART + 7), ErrorKind::DigestMismatch),
        (Fault::status(404).on(parts()), ErrorKind::NotFound),
        (Fault::shift_ranges(1).on(parts()), ErrorKind::Truncated),
        (Fault::misname_ranges(1).on(parts()), ErrorKind::Truncated),
    ];
    for (fault, kind) in faults {
        let fake = serve(content()).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let download = parallel(&fake, 3).await;
        fake.fault(fault);
        let error = download.save(&path).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(everything(folder.path()).is_empty());
    }
}

#[tokio::test]
async fn another_content_is_noticed() {
    let fake = serve(content()).await;
    fake.after_answer(parts(), |_, state| {
        state
            .replace_content(ARTIFACT, Content::noise(TOTAL, 8))
            .unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let error = parallel(&fake, 2)
        .await
        .save(folder.path().join("file"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Changed, "{error}");
    assert!(everything(folder.path()).is_empty());
}

#[tokio::test]
async fn files_that_exist_are_replaced_only_when_told() {
    let fake = serve(content()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "precious").unwrap();
    for resumable in [false, true] {
        let download = parallel(&fake, 2).await;
        let error = match resumable {
            false => download.save(&path).await.unwrap_err(),
            true => download.save_resumable(&path).await.unwrap_err(),
        };
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("replace_existing"), "{error}");
        assert_eq!(everything(folder.path())["file"], "precious");
        assert_eq!(everything(folder.path()).len(), 1);
    }
    // A download that fails leaves the file as it was.
    let replacing = || async {
        download(&fake)
            .await
            .replace_existing(true)
            .connections(2)
            .part_size(PART)
    };
    fake.fault(Fault::status(404).on(parts()).after(5));
    replacing().await.save(&path).await.unwrap_err();
    assert_eq!(everything(folder.path())["file"], "precious");
    fake.clear_faults();
    replacing().await.save(&path).await.unwrap();
    check(&path);
    fs::write(&path, "old").unwrap();
    replacing().await.save_resumable(&path).await.unwrap();
    check(&path);
}

#[tokio::test]
async fn a_disk_without_room_is_noticed_at_once() {
    let fake = seed_with(artifact(Content::noise(1 << 55, 7)).without_digest());
    let fake = fake.start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let error = download(&fake).await.connections(4).save(&path).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Io);
    let error = download(&fake)
        .await
        .connections(4)
        .save_resumable(&path)
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Io);
    assert!(fake.requests_for(&parts()).is_empty());
    assert!(!path.exists());
}

#[tokio::test]
async fn dropped_it_leaves_nothing() {
    let fake = serve(content()).await;
    let folder = tempfile::tempdir().unwrap();
    let gate = Gate::new();
    fake.fault(Fault::hold(&gate).on(parts()).after(4));
    let (sender, mut received) = tokio::sync::mpsc::unbounded_channel();
    let download = download(&fake).await.on_progress(move |now| {
        let _ = sender.send(now.received);
    });
    let saving = download
        .connections(2)
        .part_size(PART)
        .save(folder.path().join("file"));
    tokio::select! {
        result = saving => panic!("{result:?}"),
        () = async { while received.recv().await.is_some_and(|bytes| bytes < 2 * PART) {} } => {}
    }
    while received.recv().await.is_some() {}
    wait_until(|| everything(folder.path()).is_empty()).await;
}
