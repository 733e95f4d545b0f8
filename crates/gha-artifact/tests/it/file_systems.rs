//! Disks that are not what a developer's is: network shares, FUSE, memory cards.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use gha_artifact::{Extracted, Extractor, SymbolicLinks};
use gha_client::{Error, ErrorKind};
use gha_download::RedirectedExt as _;
use gha_fake::Content;

use crate::support::*;

#[path = "../../../gha-download/tests/it/support/file_system.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod file_system;
use file_system::{LACKS, Lack, on_file_system};

async fn extract(extractor: Extractor, api: &str, target: &Path) -> Result<Extracted, Error> {
    let download = archive(&client_of(api)).download().await.unwrap();
    extractor.extract(download, target).await
}

#[test]
fn what_a_file_system_lacks_costs_no_extraction() {
    let archive = pack(&[member("a/b", "new"), member("c", "x")]);
    let fake = seed(Content::bytes(archive)).start_on_thread().unwrap();
    for lacks in LACKS {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("dist");
        let extract = |extractor| {
            let extracted = on_file_system(lacks, extract(extractor, fake.api_url(), &target));
            assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "{lacks:?}");
            extracted
        };
        for mode in [None, Some(0o700), Some(0o2750)] {
            if let Some(mode) = mode {
                fs::create_dir(&target).unwrap();
                fs::set_permissions(&target, fs::Permissions::from_mode(mode)).unwrap();
            }
            let private = mode.filter(|_| !lacks.iter().any(|it| matches!(it, Lack::Access(_))));

            extract(Extractor::new()).unwrap_or_else(|error| panic!("{lacks:?}: {error}"));
            assert_eq!(fs::read(target.join("a/b")).unwrap(), b"new");
            fs::write(target.join("old"), "").unwrap();
            let error = extract(Extractor::new()).unwrap_err();
            assert!(error.to_string().contains("replace_existing"), "{error}");
            assert!(target.join("old").exists());

            extract(Extractor::new().replace_existing(true))
                .unwrap_or_else(|error| panic!("{lacks:?}: {error}"));
            assert!(!target.join("old").exists());
            if let Some(mode) = private {
                assert_eq!(
                    fs::metadata(&target).unwrap().mode() & 0o7777,
                    mode,
                    "{lacks:?}"
                );
            }
            fs::remove_dir_all(&target).unwrap();
        }
    }
}

#[test]
fn links_where_there_are_none() {
    let archive = pack(&[member("a", "x"), link("b", "a")]);
    let fake = seed(Content::bytes(archive)).start_on_thread().unwrap();
    let root = tempfile::tempdir().unwrap();
    let target = root.path().join("dist");
    let extract = |extractor| {
        let lacks = [Lack::SymbolicLinks(libc::EPERM)];
        on_file_system(&lacks, extract(extractor, fake.api_url(), &target))
    };
    let error = extract(Extractor::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "the archive is not to blame");
    assert!(error.to_string().contains("SymbolicLinks::Skip"), "{error}");
    assert!(everything(root.path()).is_empty());

    extract(Extractor::new().symbolic_links(SymbolicLinks::AsText)).unwrap();
    assert_eq!(fs::read(target.join("b")).unwrap(), b"a");
    fs::remove_dir_all(&target).unwrap();
    extract(Extractor::new().symbolic_links(SymbolicLinks::Skip)).unwrap();
    assert!(!target.join("b").exists() && target.join("a").exists());
}
