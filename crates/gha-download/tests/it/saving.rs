//! What a download tells and does when nothing goes wrong, and what saving does when files do.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{
    ARTIFACT, Sink, archive, artifact, client_with_idle_timeout, content, download, names, seed,
    seed_with,
};
use futures_util::TryStreamExt as _;
use gha_client::ErrorKind;
use gha_client::prelude::*;
use gha_download::{Download, Progress};
use gha_fake::{Artifact, Content, Fake, Fault, Gate, Match, Operation};
use tokio::io::AsyncBufReadExt as _;
use tokio::sync::mpsc;

async fn of(artifact: Artifact) -> Download {
    let fake = seed_with(artifact).start().await.unwrap();
    download(&fake).await
}

#[tokio::test]
async fn it_tells_what_it_is() {
    let mut zip = of(artifact(Content::zip(&[("a.txt", b"alpha")]))).await;
    assert!(zip.content_length().unwrap() > 100);
    assert_eq!(zip.content_type(), Some("application/zip"));
    assert_eq!(zip.file_name(), Some("dist.zip"));
    assert!(zip.is_zip().await.unwrap());

    let mut page = of(artifact(Content::bytes("<p>"))
        .content_type("text/html")
        .file_name("é.html"))
    .await;
    assert_eq!(page.content_length(), Some(3));
    assert_eq!(page.file_name(), Some("é.html"));
    assert!(!page.is_zip().await.unwrap());

    let evil = artifact(Content::bytes("x")).content_disposition("attachment; filename=../../x");
    assert_eq!(of(evil).await.file_name(), Some("x"));
    let nameless = artifact(Content::bytes("x")).content_disposition("");
    assert_eq!(of(nameless).await.file_name(), None);
}

#[tokio::test]
async fn type_name_or_first_bytes_tell_an_archive() {
    const PK: &str = "PK\u{3}\u{4}…";
    for (content_type, name, content, is_zip) in [
        ("APPLICATION/ZIP; charset=binary", "x", "", true),
        ("application/x-zip-compressed", "x", "", true),
        ("zip", "x", "", true),
        ("text/html", "page.zip", PK, false),
        ("application/octet-stream", "DIST.ZIP", "", true),
        ("", "dist.zip", "", true),
        ("application/octet-stream", "tool.whl", PK, false),
        ("application/octet-stream", "tool", PK, true),
        ("", "tool", PK, true),
        ("", "tool", "PK\u{5}\u{6}", true),
        ("", "tool", "PK\u{3}", false),
        ("", "tool", "", false),
    ] {
        let artifact = artifact(Content::bytes(content))
            .content_type(content_type)
            .file_name(name);
        let mut download = of(artifact).await;
        let what = format!("{content_type:?} {name} {content:?}");
        assert_eq!(download.is_zip().await.unwrap(), is_zip, "{what}");
        // What was looked at is still there.
        assert_eq!(download.bytes(1000).await.unwrap(), content, "{what}");
    }
}

#[tokio::test]
async fn empty_content_is_content() {
    for sink in Sink::ALL {
        let content = Content::bytes("");
        let download = of(artifact(content.clone())).await;
        assert_eq!(download.content_length(), Some(0));
        let download = download.expect_digest(Some(content.digest())).unwrap();
        assert_eq!(sink.read(download).await.unwrap(), b"", "{sink:?}");
    }
}

#[tokio::test]
async fn nothing_of_the_api_goes_to_the_blob_store() {
    for one_origin in [false, true] {
        let fake = seed()
            .blobs_on_api_origin(one_origin)
            .fault(Fault::redirect_loop().on(Match::blob()).times(2));
        let fake = fake.fault(Fault::close_after(1000).on(Match::blob()).after(2).once());
        let fake = fake.start().await.unwrap();
        assert!(download(&fake).await.bytes(1 << 20).await.unwrap() == content());
        let requests = fake.requests_for(&Match::blob());
        assert_eq!(requests.len(), 4);
        for request in requests {
            assert_eq!(request.header("accept-encoding"), Some("identity"));
            for (name, _) in &request.headers {
                let name = name.as_str();
                let known = [
                    "host",
                    "user-agent",
                    "accept",
                    "accept-encoding",
                    "range",
                    "if-range",
                ];
                assert!(known.contains(&name), "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_wrong_digest_is_an_error_for_every_sink() {
    let other = Content::bytes("other");
    for sink in Sink::ALL {
        let fake = seed().start().await.unwrap();
        let download = download(&fake)
            .await
            .expect_digest(Some(other.digest()))
            .unwrap();
        let error = sink.read(download).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DigestMismatch, "{sink:?}");
        assert!(error.to_string().contains(other.digest()), "{error}");
    }
}

#[tokio::test]
async fn an_artifact_that_is_missing() {
    let not_found = Fault::status(404).on(Match::operation(Operation::DownloadArtifact));
    for (expired, kind) in [(true, ErrorKind::Expired), (false, ErrorKind::NotFound)] {
        let mut artifact = artifact(Content::bytes("x"));
        if expired {
            artifact = artifact.expired();
        }
        let fake = seed_with(artifact)
            .fault(not_found.clone())
            .start()
            .await
            .unwrap();
        let client = client_with_idle_timeout(&fake, Duration::from_secs(3600));
        let error = archive(&client).download().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        // The link, and the artifact once.
        assert_eq!(fake.requests().len(), 2);
    }
}

#[tokio::test]
async fn digests_that_cannot_be_checked() {
    let fake = seed().start().await.unwrap();
    let unknown = download(&fake)
        .await
        .expect_digest(Some("md5:00"))
        .unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::InvalidRequest);
    let absent = download(&fake).await.expect_digest(None).unwrap();
    assert!(absent.bytes(1 << 20).await.unwrap() == content());
}

#[tokio::test]
async fn memory_is_limited() {
    let fake = seed().start().await.unwrap();
    let length = content().len();
    assert!(download(&fake).await.bytes(length).await.unwrap() == content());
    assert!(
        download(&fake)
            .await
            .text(length)
            .await
            .unwrap()
            .into_bytes()
            == content()
    );
    let error = download(&fake).await.bytes(length - 1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(
        error.to_string().contains(&(length - 1).to_string()),
        "{error}"
    );
    let error = download(&fake).await.text(0).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn a_buffered_reader_reads_lines() {
    let fake = seed().start().await.unwrap();
    let mut lines = download(&fake).await.into_async_read().lines();
    let mut count = 0;
    while let Some(line) = lines.next_line().await.unwrap() {
        assert!(line.starts_with(&format!("{count:05} ")), "{line}");
        count += 1;
    }
    assert_eq!(count, 10_000);
}

fn recorded() -> (
    Arc<Mutex<Vec<Progress>>>,
    impl FnMut(Progress) + Send + 'static,
) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let callback = {
        let seen = seen.clone();
        move |progress| seen.lock().unwrap().push(progress)
    };
    (seen, callback)
}

#[tokio::test]
async fn progress_goes_on_across_resumes() {
    let total = content().len() as u64;
    for sink in Sink::ALL {
        let fake = seed();
        let fake = fake.fault(Fault::close_after(100_000).on(Match::blob()).times(2));
        let fake = fake.start().await.unwrap();
        let (seen, callback) = recorded();
        sink.read(download(&fake).await.on_progress(callback))
            .await
            .unwrap();
        let seen = seen.lock().unwrap();
        assert!(
            seen.iter().all(|progress| progress.total == Some(total)),
            "{sink:?}"
        );
        assert!(
            seen.is_sorted_by(|one, next| one.received < next.received),
            "{sink:?}"
        );
        assert_eq!(seen.last().unwrap().received, total, "{sink:?}");
    }
}

#[tokio::test]
async fn progress_falls_back_when_a_download_starts_over() {
    let fake = seed().fault(Fault::close_after(100_000).on(Match::blob()).once());
    let fake = fake.fault(Fault::weak_etag()).start().await.unwrap();
    let (seen, callback) = recorded();
    let read = download(&fake)
        .await
        .on_progress(callback)
        .bytes(1 << 20)
        .await;
    assert!(read.unwrap() == content());
    let seen = seen.lock().unwrap();
    let restart = seen
        .iter()
        .position(|progress| progress.received == 0)
        .unwrap();
    assert_eq!(seen[restart - 1].received, 100_000);
    assert_eq!(seen.last().unwrap().received, content().len() as u64);
}

#[tokio::test]
#[should_panic(expected = "the callback's own")]
async fn a_panic_of_the_callback_is_the_callers() {
    let fake = seed().start().await.unwrap();
    let download = download(&fake).await;
    let download = download.on_progress(|_| panic!("the callback's own"));
    let _ = download.bytes(1 << 20).await;
}

#[tokio::test]
async fn an_existing_file_is_replaced_only_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dist.zip");
    std::fs::write(&path, "precious").unwrap();
    let fake = seed().start().await.unwrap();

    fake.clear_requests();
    let error = download(&fake).await.save(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("exists"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");

    let wrong = Content::bytes("other");
    let spoiled = download(&fake).await.replace_existing(true);
    let spoiled = spoiled.expect_digest(Some(wrong.digest())).unwrap();
    spoiled.save(&path).await.unwrap_err();
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");

    let saved = download(&fake)
        .await
        .replace_existing(true)
        .save(&path)
        .await
        .unwrap();
    assert_eq!(saved.bytes, content().len() as u64);
    assert!(std::fs::read(&path).unwrap() == content());
    assert_eq!(names(folder.path()), ["dist.zip"]);
}

#[tokio::test]
async fn a_file_that_appears_meanwhile_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dist.zip");
    let fake = seed().start().await.unwrap();
    let appear = path.clone();
    let download = download(&fake).await.on_progress(move |_| {
        std::fs::write(&appear, "precious").unwrap();
    });
    let error = download.save(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("exists"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert_eq!(names(folder.path()), ["dist.zip"]);
}

async fn cannot_save(path: &Path) -> String {
    let fake = seed().start().await.unwrap();
    let [one, kept] = [download(&fake).await, download(&fake).await]
        .map(|download| download.on_progress(|_| panic!("it was downloaded for nothing")));
    let saved = [one.save(path).await, kept.save_resumable(path).await];
    let [said, ..] = saved.map(|saved| {
        let error = saved.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{error}");
        let said = error.to_string();
        assert!(said.contains(&path.display().to_string()), "{said}");
        said
    });
    said
}

#[tokio::test]
async fn places_where_nothing_can_be_saved() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("file"), "precious").unwrap();
    std::fs::create_dir(at("folder")).unwrap();

    let said = cannot_save(&at("missing/dist.zip")).await;
    assert!(said.contains("its folder does not exist"), "{said}");
    let said = cannot_save(&at("file/dist.zip")).await;
    // Windows does not tell a folder that is a file from one that is not there.
    let why = ["Not a directory", "its folder does not exist"];
    assert!(said.contains(why[usize::from(cfg!(windows))]), "{said}");
    for no_file in ["folder", "folder/", "folder/..", ".", "new/", "new/."] {
        let said = cannot_save(&at(no_file)).await;
        assert!(said.contains("names no file"), "{said}");
    }
    cannot_save(&at("no\0name")).await;
    cannot_save(&at(&"n".repeat(256))).await;
    assert_eq!(names(folder.path()), ["file", "folder"]);
    assert_eq!(names(&at("folder")), [""; 0]);
}

/// Not even root may create files there.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_without_permission() {
    let said = cannot_save(Path::new("/sys/dist.zip")).await;
    let refused = ["permission denied", "read-only filesystem"];
    assert!(refused.iter().any(|why| said.contains(why)), "{said}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_saved_file_has_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let fake = seed().start().await.unwrap();
    download(&fake)
        .await
        .save(folder.path().join("saved"))
        .await
        .unwrap();
    std::fs::write(folder.path().join("plain"), "").unwrap();
    let mode = |name| {
        let metadata = std::fs::metadata(folder.path().join(name)).unwrap();
        metadata.permissions().mode()
    };
    assert_eq!(mode("saved"), mode("plain"));
}

#[tokio::test]
async fn a_bare_file_name_is_saved_in_the_working_folder() {
    let fake = seed().start().await.unwrap();
    let name = format!("gha-client-test-{}.part", std::process::id());
    let saved = download(&fake).await.save(&name).await.unwrap();
    let bytes = std::fs::read(&name).unwrap();
    std::fs::remove_file(&name).unwrap();
    assert!(bytes == content());
    assert_eq!(saved.path, Path::new(&name));
}

/// A download that has begun to save and waits for bytes that never come.
async fn stalled(fake: &Fake) -> (Download, mpsc::UnboundedReceiver<Progress>) {
    let client = client_with_idle_timeout(fake, Duration::from_secs(3600));
    let download = archive(&client).download().await.unwrap();
    let (seen, progress) = mpsc::unbounded_channel();
    let download = download.on_progress(move |progress| seen.send(progress).unwrap());
    (download, progress)
}

#[tokio::test]
async fn a_dropped_save_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let fake = seed_with(artifact(Content::noise(8 << 20, 1)));
    let fake = fake
        .fault(Fault::stall_after(4 << 20).on(Match::blob()))
        .start()
        .await
        .unwrap();
    let (download, mut progress) = stalled(&fake).await;
    let begun = async {
        while progress.recv().await.unwrap().received < 4 << 20 {}
        names(folder.path())
    };
    let begun = tokio::select! {
        _ = download.save(folder.path().join("dist.zip")) => panic!("it cannot end"),
        names = begun => names,
    };
    let [temporary] = &begun[..] else {
        panic!("one temporary file: {begun:?}")
    };
    assert!(temporary.ends_with(".part"), "{temporary}");
    // Older Windows keeps a name until nobody has the file open.
    #[cfg(windows)]
    crate::support::wait_until(|| names(folder.path()).is_empty()).await;
    assert_eq!(names(folder.path()), [""; 0]);
}

#[tokio::test]
async fn a_dropped_save_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dist.zip");
    std::fs::write(&path, "precious").unwrap();
    let fake = seed()
        .fault(Fault::stall_after(100_000).on(Match::blob()))
        .start()
        .await
        .unwrap();
    let (download, mut progress) = stalled(&fake).await;
    let save = tokio::spawn(download.replace_existing(true).save(path.clone()));
    while progress.recv().await.unwrap().received < 100_000 {}
    save.abort();
    assert!(save.await.unwrap_err().is_cancelled());
    assert_eq!(names(folder.path()), ["dist.zip"]);
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
}

#[tokio::test]
async fn opening_waits_for_no_more_than_the_head() {
    let gate = Gate::new();
    let fake = seed()
        .fault(Fault::hold(&gate).on(Match::blob()))
        .start()
        .await
        .unwrap();
    let client = client_with_idle_timeout(&fake, Duration::from_secs(3600));
    let opening = tokio::spawn(archive(&client).download());
    while fake.requests_for(&Match::blob()).is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!opening.is_finished());
    gate.open();
    let download = opening.await.unwrap().unwrap();
    assert_eq!(download.content_length(), Some(content().len() as u64));
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let fake = seed().start().await.unwrap();
    let download = download(&fake).await;
    let source = download.source().await.unwrap();
    let mut said = format!("{download:?}{download:#?}{source:?}");
    let mut stream = download.into_stream();
    stream.try_next().await.unwrap().unwrap();
    said.push_str(&format!("{stream:?}"));
    assert!(!said.contains("sig=") && !said.contains("ghp_"), "{said}");
}

#[tokio::test]
async fn ranges_of_a_download_are_of_the_same_content() {
    let fake = seed().start().await.unwrap();
    let source = download(&fake).await.source().await.unwrap();
    let chunks: Vec<_> = source.read(10..20).unwrap().try_collect().await.unwrap();
    assert_eq!(chunks.concat(), content()[10..20]);
    assert_eq!(fake.requests_for(&Match::api()).len(), 1);

    let changed = download(&fake).await;
    fake.replace_content(ARTIFACT, Content::bytes("other"))
        .unwrap();
    assert_eq!(
        changed.source().await.unwrap_err().kind(),
        ErrorKind::Changed
    );
}

#[cfg(unix)]
#[tokio::test]
async fn only_files_give_way() {
    let folder = tempfile::tempdir().unwrap();
    let (socket, link) = (folder.path().join("socket"), folder.path().join("link"));
    let _socket = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    std::os::unix::fs::symlink(&socket, &link).unwrap();
    let fake = seed().start().await.unwrap();
    for path in [&socket, &link] {
        let download = download(&fake).await.replace_existing(true);
        let error = download.save(path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("a socket"), "{error}");
        assert!(!std::fs::metadata(path).unwrap().is_file());
    }
}
