//! Disks that are not what a developer's is: network shares, FUSE, memory cards.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use gha_client::ErrorKind;
use gha_download::RedirectedExt as _;
use gha_fake::{Content, Fault, Gate, Match};
use tokio::time::timeout;

use crate::support::file_system::{LACKS, Lack, as_anybody, on_file_system};
use crate::support::*;

const WAYS: [&str; 3] = ["save", "connections", "save_resumable"];

async fn save(way: &str, api: &str, path: &Path, replace: bool) -> Result<(), gha_client::Error> {
    let client = client_of(api, Duration::from_secs(30));
    let download = archive(&client).download().await.unwrap();
    let download = download.replace_existing(replace);
    let saved = match way {
        "save" => download.save(path).await,
        "connections" => {
            download
                .connections(3)
                .part_size(64 * 1024)
                .save(path)
                .await
        }
        _ => download.save_resumable(path).await,
    };
    saved.map(|saved| assert_eq!(saved.bytes, content().len() as u64))
}

#[test]
fn what_a_file_system_lacks_costs_no_download() {
    let fake = seed().start_on_thread().unwrap();
    for lacks in LACKS {
        for way in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("dist.zip");
            let save = |replace| on_file_system(lacks, save(way, fake.api_url(), &path, replace));
            let case = format!("{way}, {lacks:?}");

            save(false).unwrap_or_else(|error| panic!("{case}: {error}"));
            assert!(fs::read(&path).unwrap() == content(), "{case}");
            assert_eq!(names(folder.path()), ["dist.zip"], "{case}");

            fs::write(&path, "precious").unwrap();
            fake.clear_requests();
            let error = save(false).unwrap_err();
            assert!(error.to_string().contains("exists"), "{case}: {error}");
            assert_eq!(fs::read(&path).unwrap(), b"precious", "{case}");

            save(true).unwrap_or_else(|error| panic!("{case}: {error}"));
            assert!(fs::read(&path).unwrap() == content(), "{case}");
            assert_eq!(names(folder.path()), ["dist.zip"], "{case}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_put_on_disk_is_not_saved() {
    let fake = seed().start_on_thread().unwrap();
    for way in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dist.zip");
        let broken = [Lack::Sync(libc::EIO)];
        let error = on_file_system(&broken, save(way, fake.api_url(), &path, false)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{way}: {error}");
        assert!(!path.exists(), "{way}");
    }
}

#[test]
fn what_is_replaced_keeps_its_mode() {
    let fake = seed().start_on_thread().unwrap();
    for way in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dist.zip");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        on_file_system(&[], save(way, fake.api_url(), &path, true)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o640, "{way}");
    }
}

#[test]
fn a_folder_that_may_be_written_but_not_listed() {
    let fake = seed().start_on_thread().unwrap();
    for way in WAYS {
        let folder = tempfile::tempdir().unwrap();
        // A drop box of root's for all others; root would be refused nothing. Else one of our own.
        let mode = if rustix::process::geteuid().is_root() {
            0o733
        } else {
            0o333
        };
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
        let path = folder.path().join("dist.zip");
        as_anybody(save(way, fake.api_url(), &path, false)).unwrap();
        as_anybody(save(way, fake.api_url(), &path, true)).unwrap();
        assert!(fs::read(&path).unwrap() == content(), "{way}");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(names(folder.path()), ["dist.zip"], "{way}");
    }
}

const TOTAL: u64 = 3_000_000;

fn parts() -> Match {
    Match::blob().when(|request| range(request).is_some_and(|(start, end)| end - start > 1))
}

#[test]
fn what_came_before_the_disk_was_full_is_kept() {
    let content = Content::noise(TOTAL, 7);
    let fake = seed_with(artifact(content.clone()))
        .start_on_thread()
        .unwrap();
    let client = client_of(fake.api_url(), Duration::from_secs(30));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let save = |room: &[Lack]| {
        on_file_system(room, async {
            let download = archive(&client).download().await.unwrap();
            download.save_resumable(&path).await.map(drop)
        })
    };
    let error = save(&[Lack::Room(TOTAL / 2, TOTAL)]).unwrap_err();
    assert!(error.to_string().contains("No space left"), "{error}");
    fake.clear_requests();
    save(&[]).unwrap();
    assert!(fs::read(&path).unwrap() == content.read(0..TOTAL));
    let again: Vec<_> = fake
        .requests_for(&parts())
        .iter()
        .filter_map(range)
        .collect();
    assert_eq!(again.len(), 1);
    assert!(again[0].0 > TOTAL / 4, "{again:?}");
}

#[test]
fn a_disk_that_is_full_at_first_does_no_lasting_harm() {
    let fake = seed_with(artifact(Content::noise(TOTAL, 7)))
        .start_on_thread()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (path, kept) = (folder.path().join("file"), folder.path().join("file.part"));
    let save = |room: &[Lack]| {
        on_file_system(room, async {
            let client = client_of(fake.api_url(), Duration::from_secs(30));
            let download = archive(&client).download().await.unwrap();
            download.save_resumable(&path).await.map(drop)
        })
    };
    let error = save(&[Lack::Room(TOTAL, TOTAL + 1)]).unwrap_err();
    assert!(error.to_string().contains("No space left"), "{error}");
    // What was begun of it could not be told from a file that is no download.
    assert_eq!(fs::metadata(&kept).unwrap().len(), 0);
    save(&[]).unwrap();
}

#[test]
fn a_full_disk_is_told_while_the_network_is_silent() {
    let fake = seed_with(artifact(Content::noise(TOTAL, 7)))
        .start_on_thread()
        .unwrap();
    let client = client_of(fake.api_url(), Duration::from_secs(600));
    let folder = tempfile::tempdir().unwrap();
    let (first, never) = (Gate::new(), Gate::new());
    fake.fault(Fault::hold(&first).on(parts()).times(4));
    fake.fault(Fault::hold(&never).on(parts()).after(4));
    let saved = on_file_system(&[Lack::Room(0, TOTAL)], async {
        let download = archive(&client).download().await.unwrap();
        let download = download.connections(4).part_size(TOTAL / 10);
        let saving = download.save(folder.path().join("file"));
        let opening = async {
            wait_until(|| fake.requests_for(&parts()).len() == 4).await;
            first.open();
        };
        let both = async { tokio::join!(saving, opening).0 };
        timeout(Duration::from_secs(60), Box::pin(both)).await
    });
    let error = saved.expect("nobody waits for the network").unwrap_err();
    assert!(error.to_string().contains("No space left"), "{error}");
    assert!(names(folder.path()).is_empty());
}
