//! A process that is killed in the middle of a download, and another one that goes on.
//!
//! This program is both: with an address and a path it downloads, without it is the test.
#![expect(clippy::unwrap_used, reason = "this is a test")]

#[path = "it/support/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "a part of it is used here")]
mod support;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::*;
use gha_download::RedirectedExt as _;
use gha_fake::{Content, Fake, Fault, Gate, Match};

const PART: u64 = 1024 * 1024;
const PARTS: u64 = 12;
/// The part that never comes.
const HELD: u64 = 9;

fn main() {
    match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [save, api, path] if save == "save" => save_resumable(api, Path::new(path)),
        _ => a_killed_process_goes_on(),
    }
}

#[tokio::main]
async fn save_resumable(api: &str, path: &Path) {
    let client = client_of(api, Duration::from_secs(30));
    let download = archive(&client).download().await.unwrap();
    let download = download.connections(1).part_size(PART);
    download.save_resumable(path).await.unwrap();
}

fn a_killed_process_goes_on() {
    let content = Content::noise(PARTS * PART, 7);
    let fake = seed_with(artifact(content.clone()))
        .start_on_thread()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let start = || {
        let mut process = Command::new(std::env::current_exe().unwrap());
        process
            .arg("save")
            .arg(fake.api_url())
            .arg(&path)
            .spawn()
            .unwrap()
    };
    let held = Match::blob().when(|request| range(request).is_some_and(|r| r.0 == HELD * PART));
    let gate = Gate::new();
    fake.fault(Fault::hold(&gate).on(held.clone()));

    let mut process = start();
    let until = Instant::now() + Duration::from_secs(60);
    while fake.requests_for(&held).is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(2));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(fake.requests_for(&held).len(), 1);
    assert!(!path.exists() && folder.path().join("file.part").exists());
    fake.clear_faults();
    fake.clear_requests();

    assert!(start().wait().unwrap().success());
    assert!(std::fs::read(&path).unwrap() == content.read(0..PARTS * PART));
    assert_eq!(everything(folder.path()).len(), 1);
    // What waited to be written is lost: 2 MiB in the queue, one part being read, one unrecorded.
    let (_, asked) = blob_requests(&fake);
    let (least, most) = ((PARTS - HELD) * PART, (PARTS - HELD + 4) * PART + 1);
    assert!((least..=most).contains(&asked), "{asked}");
}

/// The requests to the blob store, and how many bytes they asked for.
fn blob_requests(fake: &Fake) -> (usize, u64) {
    let requests = fake.requests_for(&Match::blob());
    let bytes = requests
        .iter()
        .filter_map(range)
        .map(|(start, end)| end - start);
    (requests.len(), bytes.sum())
}
