//! Archives with bytes changed, cut or repeated: whatever comes of it, it is an error or the truth.

use std::sync::LazyLock;

use crate::support::*;
use gha_artifact::{Extractor, Limits, RemoteArchive, SymbolicLinks};
use gha_client::Client;
use gha_download::RedirectedExt as _;
use gha_fake::{Content, Fake};
use proptest::prelude::*;
use tokio::runtime::Runtime;

#[derive(Clone, Debug)]
enum Change {
    Set(usize, u8),
    Flip(usize, u8),
    Word(usize, u32),
    Cut(usize),
    CutStart(usize),
    Repeat(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    // Most of what matters is in the directory, at the end.
    let at = prop_oneof![3 => 0usize..450, 1 => 0usize..100_000];
    let words = prop_oneof![
        Just(0),
        Just(u32::MAX),
        Just(u32::MAX - 1),
        Just(0xFFFF),
        any::<u32>()
    ];
    prop_oneof![
        (at.clone(), any::<u8>()).prop_map(|(at, value)| Change::Set(at, value)),
        (at.clone(), 0u8..8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        (at.clone(), words).prop_map(|(at, value)| Change::Word(at, value)),
        at.clone().prop_map(Change::Cut),
        at.clone().prop_map(Change::CutStart),
        (at, 0usize..200).prop_map(|(at, len)| Change::Repeat(at, len)),
    ]
}

/// Positions count from the end.
fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let from_end = |at: usize| bytes.len().saturating_sub(at + 1);
    match *change {
        Change::Set(at, value) => {
            let at = from_end(at);
            bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte = value);
        }
        Change::Flip(at, bit) => {
            let at = from_end(at);
            bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte ^= 1 << bit);
        }
        Change::Word(at, value) => {
            let at = from_end(at);
            let value = value.to_le_bytes();
            bytes
                .iter_mut()
                .skip(at)
                .zip(value)
                .for_each(|(byte, value)| *byte = value);
        }
        Change::Cut(at) => bytes.truncate(from_end(at)),
        Change::CutStart(at) => drop(bytes.drain(..at.min(bytes.len()))),
        Change::Repeat(at, len) => {
            let at = from_end(at);
            let again: Vec<_> = bytes[at..].iter().copied().take(len).collect();
            bytes.splice(at..at, again);
        }
    }
}

/// One with everything in it: stored, deflated, folders, a link, Zip64 or not.
fn original(zip64: bool) -> Vec<u8> {
    if zip64 {
        let content = Content::zip_of_noise((0..3).map(|n| (format!("n{n}"), 400)), 1);
        let mut bytes = content.read(0..content.len());
        let end = bytes.split_off(bytes.len() - 22);
        let offset = u64::from(u32::from_le_bytes(end[16..20].try_into().unwrap()));
        let behind = bytes.len() as u64;
        let mut record = b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\x03\x2d\0\0\0\0\0\0\0\0\0".to_vec();
        for value in [3, 3, behind - offset, offset] {
            record.extend_from_slice(&u64::to_le_bytes(value));
        }
        record.extend_from_slice(b"PK\x06\x07\0\0\0\0");
        record.extend_from_slice(&behind.to_le_bytes());
        record.extend_from_slice(b"\x01\0\0\0PK\x05\x06\0\0\0\0\xff\xff\xff\xff");
        record.extend_from_slice(&[0xFF; 8]);
        record.extend_from_slice(b"\0\0");
        bytes.extend_from_slice(&record);
        return bytes;
    }
    let size = text(100);
    let deflated = deflated(&[("x", &size)]);
    // The data of the deflated member, between its headers.
    let start = 31;
    let data = u32::from_le_bytes(deflated[18..22].try_into().unwrap()) as usize;
    let packed = Member {
        method: 8,
        data: deflated[start..start + data].to_vec(),
        ..member("dir/packed", &size)
    };
    pack(&[
        member("stored", text(10)),
        member("dir/", ""),
        packed,
        link("link", "dir/packed"),
    ])
}

async fn try_everything(fake: &Fake, client: &Client, bytes: Vec<u8>, folder: &std::path::Path) {
    fake.replace_content(ARTIFACT, Content::bytes(bytes.clone()))
        .unwrap();
    if let Ok(archive) = RemoteArchive::open(archive(client)).await {
        for entry in archive.entries() {
            let Ok(member) = archive.member(&entry.name) else {
                continue;
            };
            // Of several entries with one name it is the last.
            let entry = member.entry().clone();
            if let Ok(content) = member.bytes(1 << 20).await {
                assert_eq!(content.len() as u64, entry.size);
                assert_eq!(crc32(&content), entry.crc32);
            }
        }
    }
    let limits = Limits::default().max_size(1 << 24);
    let target = folder.join("target");
    let extractor = || Extractor::new().limits(limits.clone());
    let file = folder.join("archive.zip");
    std::fs::write(&file, &bytes).unwrap();
    let before = everything(folder);
    let from_file = extractor().extract_file(&file, &target).await;
    let extracted = everything(folder);
    if from_file.is_ok() {
        std::fs::remove_dir_all(&target).unwrap();
    }
    assert_eq!(everything(folder), before);
    let download = archive(client).download().await.unwrap();
    let streamed = extractor().extract(download, &target).await;
    assert_eq!(
        streamed.is_ok(),
        from_file.is_ok(),
        "{streamed:?} {from_file:?}"
    );
    assert_eq!(everything(folder), extracted);
    if streamed.is_ok() {
        std::fs::remove_dir_all(&target).unwrap();
    }
    std::fs::remove_file(&file).unwrap();
}

/// One for all cases.
static SERVER: LazyLock<(Runtime, Fake, Client)> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let fake = runtime.block_on(serve(Content::bytes("")));
    let client = client(&fake);
    (runtime, fake, client)
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn mutated_archives(zip64 in any::<bool>(), changes in prop::collection::vec(change(), 0..4)) {
        let mut bytes = original(zip64);
        for change in &changes {
            apply(&mut bytes, change);
        }
        let folder = tempfile::tempdir().unwrap();
        let (runtime, fake, client) = &*SERVER;
        runtime.block_on(try_everything(fake, client, bytes, folder.path()));
        prop_assert!(everything(folder.path()).is_empty());
    }
}

#[tokio::test]
async fn the_originals_are_good() {
    let folder = tempfile::tempdir().unwrap();
    for (zip64, entries) in [(false, 3), (true, 3)] {
        let path = folder.path().join("archive.zip");
        std::fs::write(&path, original(zip64)).unwrap();
        let target = folder.path().join(format!("{zip64}"));
        let links = [SymbolicLinks::AsText, SymbolicLinks::Create][usize::from(can_link())];
        let extractor = Extractor::new().symbolic_links(links);
        let extracted = extractor.extract_file(&path, &target).await.unwrap();
        assert_eq!(extracted.entries, entries);
    }
}

#[tokio::test]
async fn archives_cut_anywhere() {
    let bytes = original(false);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.zip");
    for len in 0..bytes.len() {
        std::fs::write(&path, &bytes[..len]).unwrap();
        let target = folder.path().join("target");
        gha_artifact::extract_file(&path, &target)
            .await
            .unwrap_err();
        assert_eq!(everything(folder.path()).len(), 1, "{len}");
    }
}
