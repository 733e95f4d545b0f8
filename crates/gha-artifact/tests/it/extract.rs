//! Artifacts unpacked into folders.

use std::fs;
use std::sync::{Arc, Mutex};

use crate::support::*;
use gha_artifact::{DownloadExt as _, Extractor, extract_file, folder_name};
use gha_client::ErrorKind;
use gha_fake::{Artifact, Content, Fault, Gate, Match};

fn sample() -> Vec<u8> {
    deflated(&[
        ("readme.md", b"hello"),
        ("lib/long.txt", &text(30_000)),
        ("lib/deep/er/file", b"x"),
        ("empty", b""),
    ])
}

fn check(folder: &std::path::Path) {
    let found = everything(folder);
    let names: Vec<_> = found.keys().map(String::as_str).collect();
    let expected = [
        "empty",
        "lib",
        "lib/deep",
        "lib/deep/er",
        "lib/deep/er/file",
        "lib/long.txt",
        "readme.md",
    ];
    assert_eq!(names, expected);
    assert_eq!(found["readme.md"], "hello");
    assert_eq!(found["lib/long.txt"].as_bytes(), text(30_000));
    assert_eq!(found["empty"], "");
}

#[tokio::test]
async fn from_a_file() {
    let root = tempfile::tempdir().unwrap();
    let (file, target) = (root.path().join("a.zip"), root.path().join("target"));
    fs::write(&file, sample()).unwrap();
    let extracted = extract_file(&file, &target).await.unwrap();
    assert_eq!(extracted.path, target);
    assert_eq!(
        (extracted.entries, extracted.bytes),
        (4, text(30_000).len() as u64 + 6)
    );
    check(&target);
    // Into a folder that is there and empty, with a slash behind it.
    let empty = root.path().join("empty/");
    fs::create_dir(&empty).unwrap();
    extract_file(&file, &empty).await.unwrap();
    check(&empty);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 3);
}

#[tokio::test]
async fn while_it_is_downloaded() {
    let fake = serve(Content::bytes(sample())).await;
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join(folder_name("dist: linux/x86"));
    let digest = Content::bytes(sample()).digest().to_owned();
    let download = download(&fake).await.expect_digest(Some(&digest)).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let progress = seen.clone();
    let extractor = Extractor::new().on_progress(move |now| progress.lock().unwrap().push(now));
    extractor.extract(download, &target).await.unwrap();
    check(&target);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    // One request for everything, one that asks for ranges, one for the directory.
    assert_eq!(blob_requests(&fake).0, 3);
    let seen = seen.lock().unwrap();
    let last = seen.last().unwrap();
    assert_eq!(
        (last.bytes, last.entries),
        (last.total_bytes, last.total_entries)
    );
    assert_eq!(
        (last.total_bytes, last.total_entries),
        (text(30_000).len() as u64 + 6, 4)
    );
    assert!(seen.windows(2).all(|pair| pair[0].bytes <= pair[1].bytes));
    assert!(seen.iter().any(|now| now.entries == 0) && seen.len() > 8);
}

#[tokio::test]
async fn a_wrong_digest_leaves_nothing() {
    let fake = serve(Content::bytes(sample())).await;
    let root = tempfile::tempdir().unwrap();
    let digest = format!("sha256:{}", "0".repeat(64));
    let download = download(&fake).await.expect_digest(Some(&digest)).unwrap();
    let error = download
        .extract(root.path().join("target"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DigestMismatch);
    assert!(everything(root.path()).is_empty());
}

#[tokio::test]
async fn connections_that_break_are_resumed() {
    let fake = serve(Content::zip_of_noise(
        [("a", 3_000_000), ("b", 3_000_000)],
        1,
    ))
    .await;
    fake.fault(Fault::close_after(1_000_000).on(Match::blob()).times(3));
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("target");
    let extracted = download(&fake).await.extract(&target).await.unwrap();
    assert_eq!((extracted.entries, extracted.bytes), (2, 6_000_000));
    assert_eq!(fs::metadata(target.join("b")).unwrap().len(), 3_000_000);
}

#[tokio::test]
async fn a_download_that_cannot_be_completed_leaves_nothing() {
    let fake = serve(Content::zip_of_noise(
        [("a", 1_000_000), ("b", 3_000_000)],
        1,
    ))
    .await;
    let root = tempfile::tempdir().unwrap();
    let body = Match::blob().when(|request| range(request).is_none());
    fake.fault(Fault::close_after(2_000_000).on(body.clone()).once());
    fake.fault(Fault::hang_up().on(body).after(1));
    let download = download(&fake).await;
    let error = download
        .extract(root.path().join("target"))
        .await
        .unwrap_err();
    assert!(error.is_network(), "{error}");
    assert!(everything(root.path()).is_empty());
}

#[tokio::test]
async fn without_ranges_it_is_downloaded_first() {
    let builder = seed(Content::bytes(sample())).fault(Fault::refuse_ranges());
    let fake = builder.start().await.unwrap();
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("target");
    let digest = Content::bytes(sample()).digest().to_owned();
    let download = download(&fake).await.expect_digest(Some(&digest)).unwrap();
    download.extract(&target).await.unwrap();
    check(&target);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_file_that_is_no_archive_keeps_its_name() {
    for (name, saved) in [
        ("report.html", "report.html"),
        ("../../evil", "evil"),
        ("nul", "_nul"),
    ] {
        let artifact = Artifact::file(name, "text/html", "<p>hello").file_name(name);
        let fake = seed_with(artifact).start().await.unwrap();
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("target");
        let extracted = download(&fake).await.extract(&target).await.unwrap();
        assert_eq!((extracted.entries, extracted.bytes), (1, 8));
        let found = everything(root.path());
        assert_eq!(found.len(), 2);
        assert_eq!(found[&format!("target/{saved}")], "<p>hello");
    }
    let nameless = Artifact::file("x", "text/plain", "x").content_disposition("");
    let fake = seed_with(nameless).start().await.unwrap();
    let root = tempfile::tempdir().unwrap();
    download(&fake)
        .await
        .extract(root.path().join("target"))
        .await
        .unwrap();
    assert_eq!(everything(root.path())["target/artifact"], "x");
}

#[tokio::test]
async fn nothing_that_is_there_is_touched() {
    let fake = serve(Content::bytes(sample())).await;
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    fs::create_dir(path("full")).unwrap();
    fs::write(path("full/precious"), "kept").unwrap();
    fs::write(path("file"), "kept").unwrap();
    fs::write(path("a.zip"), sample()).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("missing", path("link")).unwrap();
    let before = everything(root.path());
    for name in ["full", "file", "missing/folder", "full/..", "link"] {
        if cfg!(not(unix)) && name == "link" {
            continue;
        }
        let error = extract_file(path("a.zip"), path(name)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{name}: {error}");
        let error = download(&fake).await.extract(path(name)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{name}: {error}");
        assert_eq!(everything(root.path()), before, "{name}");
    }
    let error = extract_file(path("none.zip"), path("new"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("none.zip"), "{error}");
}

#[tokio::test]
async fn what_a_killed_process_set_aside_comes_back() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    fs::write(path("good.zip"), sample()).unwrap();
    fs::write(path("bad.zip"), "no archive").unwrap();
    let prefix = gha_download::disk::prefix_for("dist".as_ref());
    let killed = |extension: &str| path(&format!("{prefix}1.{extension}"));
    let replace = || Extractor::new().replace_existing(true);
    // In the second turn somebody has made an empty folder, as scripts do before they extract.
    for is_made_anew in [false, true] {
        fs::write(killed("lock"), "").unwrap();
        fs::create_dir(killed("partial")).unwrap();
        fs::create_dir(killed("old")).unwrap();
        fs::write(killed("old").join("precious"), "kept").unwrap();
        if is_made_anew {
            fs::create_dir(path("dist")).unwrap();
        }

        let extracted = replace().extract_file(path("bad.zip"), path("dist")).await;
        assert_eq!(extracted.unwrap_err().kind(), ErrorKind::Decode);
        assert_eq!(fs::read(path("dist/precious")).unwrap(), b"kept");
        let extracted = replace().extract_file(path("good.zip"), path("dist")).await;
        extracted.unwrap();
        check(&path("dist"));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 3);
        fs::remove_dir_all(path("dist")).unwrap();
    }
}

/// Killed between giving the new folder its name and removing the old one.
#[tokio::test]
async fn an_empty_folder_that_was_extracted_stays() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    let prefix = gha_download::disk::prefix_for("dist".as_ref());
    let killed = |extension: &str| path(&format!("{prefix}1.{extension}"));
    fs::write(killed("lock"), "").unwrap();
    fs::create_dir(killed("old")).unwrap();
    fs::create_dir(path("dist")).unwrap();
    fs::write(path("bad.zip"), "no archive").unwrap();

    let extracted = gha_artifact::extract_file(path("bad.zip"), path("dist")).await;
    assert_eq!(extracted.unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(
        everything(root.path()).into_keys().collect::<Vec<_>>(),
        ["bad.zip", "dist"]
    );
}

#[tokio::test]
async fn dropped_it_leaves_nothing() {
    let gate = Gate::new();
    let fake = serve(Content::zip_of_noise(
        [("a", 2_000_000), ("b", 2_000_000)],
        1,
    ))
    .await;
    let root = tempfile::tempdir().unwrap();
    // The body breaks in the second entry, and the rest does not come.
    let broken = Match::blob().when(|request| range(request).is_none());
    fake.fault(Fault::close_after(3_000_000).on(broken.clone()).once());
    fake.fault(Fault::hold(&gate).on(broken).after(1));
    let (started, mut running) = tokio::sync::mpsc::unbounded_channel();
    let extractor = Extractor::new().on_progress(move |now| {
        if now.entries == 1 {
            let _ = started.send(());
        }
    });
    let download = download(&fake).await;
    let extracting = extractor.extract(download, root.path().join("target"));
    tokio::select! {
        result = extracting => panic!("{result:?}"),
        _ = running.recv() => {}
    }
    // The callback goes after all else that the extraction had.
    while running.recv().await.is_some() {}
    assert!(everything(root.path()).is_empty());
}

#[tokio::test]
async fn links_within_the_folder() {
    let root = tempfile::tempdir().unwrap();
    if !can_link() {
        let file = root.path().join("a.zip");
        fs::write(&file, pack(&[member("a", "x"), link("b", "a")])).unwrap();
        let target = root.path().join("target");
        let error = extract_file(&file, &target).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{error}");
        assert!(error.to_string().contains("SymbolicLinks::Skip"), "{error}");
        return;
    }
    let (file, target) = (root.path().join("a.zip"), root.path().join("target"));
    let members = [
        link("App.framework/App", "Versions/Current/App"),
        link("App.framework/Versions/Current", "A"),
        member("App.framework/Versions/A/App", "binary"),
        link("up/and/down", "../../App.framework/Versions"),
    ];
    fs::write(&file, pack(&members)).unwrap();
    let extracted = extract_file(&file, &target).await.unwrap();
    assert_eq!(extracted.entries, 4);
    assert_eq!(
        fs::read(target.join("App.framework/App")).unwrap(),
        b"binary"
    );
    assert_eq!(
        fs::read(target.join("up/and/down/Current/App")).unwrap(),
        b"binary"
    );
}

#[tokio::test]
async fn thousands_of_files() {
    let members = (0..2_000).map(|n| (format!("{:03}/{n:06}", n / 100), 1));
    let fake = serve(Content::zip_of_noise(members, 1)).await;
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("target");
    let extracted = download(&fake).await.extract(&target).await.unwrap();
    assert_eq!((extracted.entries, extracted.bytes), (2_000, 2_000));
    assert_eq!(fs::read_dir(target.join("007")).unwrap().count(), 100);
}
