//! Downloads that go on in another future.

use std::fs;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use crate::support::*;
use gha_client::ErrorKind;
use gha_fake::{Content, Fake, Fault, Match};

const PART: u64 = 300_000;
const TOTAL: u64 = 10 * PART;

fn parts() -> Match {
    Match::blob().when(|request| range(request).is_some_and(|(start, end)| end - start > 1))
}

/// How many bytes were asked for in parts since the last time.
fn asked(fake: &Fake) -> u64 {
    let requests = fake.requests_for(&parts());
    fake.clear_requests();
    requests
        .iter()
        .filter_map(range)
        .map(|(start, end)| end - start)
        .sum()
}

async fn save(
    fake: &Fake,
    path: &std::path::Path,
    connections: usize,
) -> Result<(), gha_client::Error> {
    let download = download(fake)
        .await
        .connections(connections)
        .part_size(PART);
    download.save_resumable(path).await.map(drop)
}

#[tokio::test]
async fn what_failed_goes_on() {
    let content = Content::noise(TOTAL, 7);
    for connections in [1, 3] {
        let fake = serve(content.clone()).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fake.fault(Fault::status(404).on(parts()).after(6));
        let error = save(&fake, &path, connections).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(!path.exists() && folder.path().join("file.part").exists());
        asked(&fake);
        fake.clear_faults();

        // What came before the failure is not asked for again; those under way may have been lost.
        save(&fake, &path, connections).await.unwrap();
        let lost = (connections as u64 - 1) * PART;
        let again = asked(&fake);
        assert!((4 * PART..=4 * PART + lost).contains(&again), "{again}");
        assert!(fs::read(&path).unwrap() == content.read(0..TOTAL));
        assert_eq!(everything(folder.path()).len(), 1);
    }
}

#[tokio::test]
async fn the_last_bytes_before_a_failure_are_kept() {
    let content = Content::noise(TOTAL, 7);
    let fake = serve(content.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    // Fewer than are written at once.
    fake.fault(Fault::close_after(100_000).on(parts()).once());
    fake.fault(Fault::status(404).on(parts()).after(1));
    let save = || async { download(&fake).await.save_resumable(&path).await };
    save().await.unwrap_err();
    fake.clear_faults();
    asked(&fake);
    save().await.unwrap();
    assert_eq!(asked(&fake), TOTAL - 100_000);
    assert!(fs::read(&path).unwrap() == content.read(0..TOTAL));
}

#[tokio::test]
async fn it_starts_over_when_the_artifact_changed() {
    let fake = serve(Content::noise(TOTAL, 7)).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fake.fault(Fault::status(404).on(parts()).after(6));
    save(&fake, &path, 1).await.unwrap_err();
    fake.clear_faults();
    for content in [Content::noise(TOTAL, 8), Content::noise(TOTAL - 5, 8)] {
        fake.replace_content(ARTIFACT, content.clone()).unwrap();
        asked(&fake);
        fake.fault(Fault::status(404).on(parts()).after(6));
        save(&fake, &path, 1).await.unwrap_err();
        assert!(asked(&fake) >= 6 * PART);
        fake.clear_faults();
    }
    save(&fake, &path, 1).await.unwrap();
    assert_eq!(asked(&fake), 4 * PART - 5);
    let content = Content::noise(TOTAL - 5, 8);
    assert!(fs::read(&path).unwrap() == content.read(0..TOTAL));
}

#[tokio::test]
async fn a_file_that_is_no_download_is_left_alone() {
    let fake = serve(Content::noise(TOTAL, 7)).await;
    let folder = tempfile::tempdir().unwrap();
    let (path, part) = (folder.path().join("file"), folder.path().join("file.part"));
    fs::write(&part, "what a browser left").unwrap();
    let error = save(&fake, &path, 2).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("no download"), "{error}");
    assert_eq!(fs::read(&part).unwrap(), b"what a browser left");
}

#[tokio::test]
async fn a_wrong_digest_starts_over() {
    let content = Content::noise(TOTAL, 7);
    let fake = serve(content.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let save = || async {
        let download = download(&fake)
            .await
            .expect_digest(Some(content.digest()))
            .unwrap();
        download
            .connections(2)
            .part_size(PART)
            .save_resumable(&path)
            .await
    };
    // Corrupted, kept, and found out only at the end.
    fake.fault(Fault::corrupt_byte(17).on(parts()));
    fake.fault(Fault::status(404).on(parts()).after(6));
    assert_eq!(save().await.unwrap_err().kind(), ErrorKind::NotFound);
    fake.clear_faults();
    assert_eq!(save().await.unwrap_err().kind(), ErrorKind::DigestMismatch);
    assert!(everything(folder.path()).is_empty());
    save().await.unwrap();
    assert!(fs::read(&path).unwrap() == content.read(0..TOTAL));
}

#[test]
fn dropped_at_its_end_it_has_saved_or_kept_everything() {
    let content = Content::noise(TOTAL, 7);
    let fake = seed_with(artifact(content.clone()))
        .start_on_thread()
        .unwrap();
    // When this returns, nothing of it runs any more.
    let run = |work: Pin<Box<dyn Future<Output = ()> + '_>>| {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(work);
    };
    for polls in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let received = Arc::new(AtomicU64::new(0));
        run(Box::pin(async {
            let counter = received.clone();
            let download = download(&fake)
                .await
                .on_progress(move |now| counter.store(now.received, Ordering::SeqCst));
            let download = download.connections(1).part_size(PART);
            let mut saving = pin!(download.save_resumable(&path));
            let mut left = polls;
            poll_fn(|cx| {
                let ended = saving.as_mut().poll(cx).is_ready();
                let is_late = received.load(Ordering::SeqCst) == TOTAL;
                left -= i32::from(is_late);
                match ended || left < 0 {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            })
            .await;
        }));
        if !path.exists() {
            asked(&fake);
            run(Box::pin(async { save(&fake, &path, 1).await.unwrap() }));
            assert!(asked(&fake) <= PART, "after {polls} polls");
        }
        assert!(fs::read(&path).unwrap() == content.read(0..TOTAL));
        assert_eq!(names(folder.path()), ["file"]);
    }
}

#[tokio::test]
async fn an_empty_content() {
    let fake = serve(Content::bytes("")).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    download(&fake).await.save_resumable(&path).await.unwrap();
    assert_eq!(everything(folder.path()).len(), 1);
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
}

#[tokio::test]
async fn what_was_received_stays_when_somebody_else_takes_the_name() {
    let content = Content::noise(TOTAL, 7);
    let fake = serve(content.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let taken = path.clone();
    fake.after_answer(parts(), move |_, _| fs::write(&taken, "theirs").unwrap());
    let error = save(&fake, &path, 1).await.unwrap_err();
    assert!(error.to_string().contains("the file exists"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"theirs");

    fs::remove_file(&path).unwrap();
    asked(&fake);
    save(&fake, &path, 1).await.unwrap();
    assert_eq!(asked(&fake), 0);
    assert!(fs::read(&path).unwrap() == content.read(0..TOTAL));
}

#[tokio::test]
async fn another_file_of_the_name_is_not_taken_for_the_own_one() {
    let fake = serve(Content::noise(TOTAL, 7)).await;
    let folder = tempfile::tempdir().unwrap();
    let (path, kept) = (folder.path().join("file"), folder.path().join("file.part"));
    let (other, aside) = (kept.clone(), folder.path().join("aside"));
    fake.after_answer(parts(), move |_, _| {
        // Windows may keep the name of a file that is removed until nobody has it open.
        if !aside.exists() {
            fs::rename(&other, &aside).unwrap();
            fs::write(&other, "of another download").unwrap();
        }
    });
    let error = save(&fake, &path, 1).await.unwrap_err();
    assert!(error.to_string().contains("somebody removed"), "{error}");
    assert!(!path.exists());
    assert_eq!(fs::read(&kept).unwrap(), b"of another download");
}

#[tokio::test]
async fn what_a_killed_process_left_behind_is_removed() {
    let fake = serve(Content::noise(TOTAL, 7)).await;
    let folder = tempfile::tempdir().unwrap();
    let prefix = gha_download::disk::prefix_for("file".as_ref());
    fs::write(
        folder.path().join(prefix + "1.part"),
        "whole, but without a name",
    )
    .unwrap();
    save(&fake, &folder.path().join("file"), 1).await.unwrap();
    assert_eq!(names(folder.path()), ["file"]);
}
