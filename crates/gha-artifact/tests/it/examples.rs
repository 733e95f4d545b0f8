//! The examples, run as a newcomer runs them: against their embedded fake, and against a server that
//! they take for the real one.

#[path = "../../../gha-client/tests/it/support/example.rs"]
mod example;

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant};

use example::{TOKEN, complaint, example, example_against, printed};
use gha_fake::{Artifact, Content, Fake, Fault, Match, Repo};

#[test]
fn one_file() {
    let list = printed(&mut example("one_file"));
    assert_eq!(list, "           5  a.txt\n           4  b.txt\n");
    assert_eq!(
        printed(example("one_file").args(["--member", "b.txt"])),
        "beta"
    );
    let missing = complaint(example("one_file").args(["--member", "c.txt"]));
    assert!(missing.contains("no entry \"c.txt\""), "{missing}");
}

#[test]
fn download_artifact() {
    let folder = tempfile::tempdir().unwrap();
    let mut download = example("download_artifact");
    let said = printed(download.current_dir(folder.path()));
    assert_eq!(said, "207 B in dist.zip\n");
    let saved = std::fs::read(folder.path().join("dist.zip")).unwrap();
    assert!(saved.starts_with(b"PK"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let again = complaint(&mut download);
    assert!(again.contains("dist.zip: the file exists"), "{again}");
}

#[test]
fn download_artifact_goes_on_after_an_interruption() {
    const MIB: u64 = 1024 * 1024;
    let content = Content::noise(48 * MIB, 7);
    let expired = Artifact::noise("dist", 10).expired();
    let artifact = Artifact::new("dist", content.clone());
    let repo = Repo::new("octo-org", "octo-docs").artifacts([expired, artifact]);
    let fake = Fake::builder()
        .token(TOKEN)
        .repo(repo)
        .start_on_thread()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dist.zip");
    let download = || {
        let mut command = example_against(&fake, "download_artifact");
        command.arg("--output").arg(&file);
        command
    };

    let stalled = fake.fault(Fault::stall_after(40 * MIB).on(Match::blob()));
    let mut process = download().spawn().unwrap();
    let part = folder.path().join("dist.zip.part");
    let place = 36 * MIB..36 * MIB + 64;
    let until = Instant::now() + Duration::from_secs(60);
    while read(&part, place.start) != Some(content.read(place.clone())) {
        assert!(Instant::now() < until, "nothing arrives");
        std::thread::sleep(Duration::from_millis(5));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(!file.exists());
    stalled.remove();
    fake.clear_requests();

    assert!(printed(&mut download()).starts_with("48.00 MiB in "));
    assert!(std::fs::read(&file).unwrap() == content.read(0..48 * MIB));
    let ranges: Vec<_> = fake.requests_for(&Match::blob());
    let ranges = ranges.iter().filter_map(|request| request.header("range"));
    assert!(ranges.clone().any(|range| !range.starts_with("bytes=0-")));
}

/// 64 bytes of a file, if it is that long.
fn read(path: &Path, start: u64) -> Option<Vec<u8>> {
    let mut bytes = vec![0; 64];
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(start)).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
