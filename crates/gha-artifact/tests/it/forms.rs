//! Archives that are right and not usual, and such as only an option lets through.

use std::fs;
use std::path::Path;

use crate::support::*;
use gha_artifact::{EntryKind, Extracted, Extractor, RemoteArchive, SymbolicLinks};
use gha_client::{Error, ErrorKind};
use gha_fake::{Content, Fake};

/// Extracts from a file and while it is downloaded, which gives the same.
async fn extract(
    extractor: impl Fn() -> Extractor,
    bytes: &[u8],
) -> Result<(Extracted, Vec<(String, String)>), Error> {
    let root = tempfile::tempdir().unwrap();
    let (file, target) = (root.path().join("a.zip"), root.path().join("target"));
    fs::write(&file, bytes).unwrap();
    let from_file = extractor().extract_file(&file, &target).await;
    let found = |target: &Path| everything(target).into_iter().collect::<Vec<_>>();
    let content = if from_file.is_ok() {
        found(&target)
    } else {
        Vec::new()
    };
    let fake = serve(Content::bytes(bytes.to_vec())).await;
    let other = root.path().join("other");
    match (
        from_file,
        extractor().extract(download(&fake).await, &other).await,
    ) {
        (Ok(mut one), Ok(two)) => {
            assert_eq!(found(&other), content);
            one.path.clone_from(&two.path);
            assert_eq!(one, two);
            Ok((one, content))
        }
        (Err(one), Err(two)) => {
            assert_eq!(one.kind(), two.kind(), "{one}, {two}");
            assert!(everything(root.path()).keys().eq(["a.zip"]));
            Err(two)
        }
        (one, two) => panic!("{one:?} from the file, {two:?} while downloaded"),
    }
}

async fn plain(bytes: &[u8]) -> Result<(Extracted, Vec<(String, String)>), Error> {
    extract(Extractor::new, bytes).await
}

async fn remote(bytes: &[u8]) -> Result<(Fake, RemoteArchive), Error> {
    let fake = serve(Content::bytes(bytes.to_vec())).await;
    let archive = RemoteArchive::from_source(source(&fake).await).await?;
    Ok((fake, archive))
}

#[tokio::test]
async fn more_entries_than_the_old_record_counts() {
    let skip = || Extractor::new().symbolic_links(SymbolicLinks::Skip);
    for (total, too_few, too_many) in [
        (65_535u32, 65_534, 0),
        (65_536, u16::MAX, 1),
        (65_541, 3, 6),
    ] {
        // All but the last are links, which are left out: they cost the disk nothing.
        let mut members: Vec<_> = (1..total).map(|n| link(&format!("{n}"), "a")).collect();
        members.push(member("file", "x"));
        let (bytes, directory) = packed(&members);
        let archive = |count: u16| {
            let end = end(count, directory.len() as u32, bytes.len() as u32);
            [&bytes[..], &directory, &end].concat()
        };
        let (_fake, all) = remote(&archive(total as u16)).await.unwrap();
        assert_eq!(all.entries().len(), total as usize);
        for wrong in [too_few, too_many] {
            let error = remote(&archive(wrong)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{total} {wrong}");
            assert!(
                error.to_string().contains(&format!("lists {total}")),
                "{error}"
            );
        }
        if total == 65_536 {
            let (extracted, content) = extract(skip, &archive(0)).await.unwrap();
            assert_eq!(extracted.entries, 1);
            assert_eq!(content, [("file".to_owned(), "x".to_owned())]);
            let error = extract(skip, &archive(1)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
        }
    }
}

#[tokio::test]
async fn wide_records_where_the_narrow_ones_suffice() {
    let (bytes, directory) = packed(&[member("a", "alpha"), member("b", "beta")]);
    let (start, size) = (bytes.len() as u64, directory.len() as u64);
    let at = start + size;
    let with = |record: &[u8], end: &[u8]| [&bytes[..], &directory, record, end].concat();
    let narrow = end(2, size as u32, start as u32);
    let full = end(u16::MAX, u32::MAX, u32::MAX);
    for (record, end) in [
        (end64(2, size, start, b"", at), &narrow),
        (end64(2, size, start, b"", at), &full),
        (
            end64(2, size, start, b"a sector for the future", at),
            &narrow,
        ),
        (end64(2, size, start, &[0; 70_000], at), &full),
    ] {
        let (extracted, _) = plain(&with(&record, end)).await.unwrap();
        assert_eq!(extracted.entries, 2);
        // Something else before it, as in a program that extracts itself.
        let prefixed = [&b"#!/bin/sh\n"[..], &with(&record, end)].concat();
        assert_eq!(plain(&prefixed).await.unwrap().0.entries, 2);
    }
    for (record, what) in [
        (end64(3, size, start, b"", at), "contradict"),
        (end64(2, size, start + 1, b"", at), "contradict"),
        (end64(2, size - 1, start, b"", at), "contradict"),
        (end64(2, size, start, b"", at + 1), "where it should be"),
    ] {
        let error = plain(&with(&record, &narrow)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(what), "{error}");
    }
    let mut disks = end64(2, size, start, b"", at);
    disks[16] = 1;
    assert!(plain(&with(&disks, &narrow)).await.is_err());
}

#[tokio::test]
async fn an_entry_reaches_neither_into_another_nor_into_the_directory() {
    // What the local header has between itself and the content counts as well.
    let long = Member {
        extra: (vec![0; 20], vec![]),
        ..member("a", "0123456789")
    };
    let whole = pack(std::slice::from_ref(&long));
    assert_eq!(plain(&whole).await.unwrap().0.entries, 1);
    let (mut bytes, directory) = packed(std::slice::from_ref(&long));
    bytes.truncate(bytes.len() - 10);
    let start = bytes.len() as u32;
    let end = end(1, directory.len() as u32, start);
    let into_directory = [&bytes[..], &directory, &end].concat();
    let (_, second) = packed(&[member("a", "0123456789"), member("b", "x")]);
    let into_next = {
        let (mut bytes, _) = packed(std::slice::from_ref(&long));
        bytes.truncate(bytes.len() - 15);
        let next = bytes.len() as u32;
        let (b, _) = packed(&[member("b", "x")]);
        bytes.extend_from_slice(&b);
        let mut directory = second.clone();
        // Where the directory says that `b` begins.
        let at = directory.len() - 1 - 4;
        directory[at..at + 4].copy_from_slice(&next.to_le_bytes());
        let end = self::end(2, directory.len() as u32, bytes.len() as u32);
        [&bytes[..], &directory, &end].concat()
    };
    // Two names for the same bytes.
    let twin = Member {
        offset: Some(0),
        ..member("b", "0123456789")
    };
    let twins = pack(&[member("a", "0123456789"), twin]);
    for archive in [into_directory, into_next, twins] {
        let error = plain(&archive).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ArchiveRefused);
        assert!(error.to_string().contains("\"a\" overlaps"), "{error}");
        let (_fake, remote) = remote(&archive).await.unwrap();
        let member = async { remote.member("a")?.bytes(100).await };
        assert_eq!(member.await.unwrap_err().kind(), ErrorKind::ArchiveRefused);
    }
}

#[tokio::test]
async fn folders_of_every_kind() {
    for (what, folder) in [
        ("a slash", member("d/", "")),
        (
            "a mode",
            Member {
                mode: 0o040_755,
                ..member("d", "")
            },
        ),
        (
            "an attribute of DOS",
            Member {
                mode: 0,
                system: 0,
                attributes: 0x10,
                ..member("d", "")
            },
        ),
        (
            "an attribute of DOS from Unix",
            Member {
                mode: 0,
                attributes: 0x10,
                ..member("d", "")
            },
        ),
        (
            "no mode that there is",
            Member {
                mode: 0xFFFF,
                attributes: 0x10,
                ..member("d", "")
            },
        ),
        (
            "the same from DOS",
            Member {
                mode: 0xFFFF,
                system: 0,
                attributes: 0x10,
                ..member("d", "")
            },
        ),
    ] {
        let archive = pack(&[folder, member("d/f", "x")]);
        let (_, content) = plain(&archive).await.expect(what);
        assert_eq!(content[0], ("d".into(), "/".into()), "{what}");
        assert_eq!(content[1], ("d/f".into(), "x".into()), "{what}");
        let kind = remote(&archive).await.unwrap().1.entries()[0].kind;
        assert_eq!(kind, EntryKind::Directory, "{what}");
    }
    // What came through a pipe is a file.
    let piped = Member {
        mode: 0o010_600,
        ..member("-", "text")
    };
    let (_, content) = plain(&pack(&[piped])).await.unwrap();
    assert_eq!(content, [("-".into(), "text".into())]);
}

#[tokio::test]
async fn what_an_option_lets_through() {
    type Case = (
        &'static str,
        Vec<Member>,
        &'static str,
        fn() -> Extractor,
        Vec<(&'static str, &'static str)>,
    );
    let cases: [Case; 5] = [
        (
            "backslashes",
            vec![member("d\\", ""), member("d\\f", "x")],
            "backslashes(true)",
            || Extractor::new().backslashes(true),
            vec![("d", "/"), ("d/f", "x")],
        ),
        (
            "one name twice",
            vec![member("a", "old"), member("b", "b"), member("a", "new")],
            "duplicate_names(true)",
            || Extractor::new().duplicate_names(true),
            vec![("a", "new"), ("b", "b")],
        ),
        (
            "a folder twice",
            vec![member("d/", ""), member("d/f", "x"), member("d/", "")],
            "repeated_folders(true)",
            || Extractor::new().repeated_folders(true),
            vec![("d", "/"), ("d/f", "x")],
        ),
        (
            "a link that leads to nothing",
            vec![link("l", "nothing"), member("f", "x")],
            "SymbolicLinks::Skip",
            || Extractor::new().symbolic_links(SymbolicLinks::Skip),
            vec![("f", "x")],
        ),
        (
            "a link as what it leads to",
            vec![link("l", "../outside"), member("f", "x")],
            "link \"l\"",
            || Extractor::new().symbolic_links(SymbolicLinks::AsText),
            vec![("f", "x"), ("l", "../outside")],
        ),
    ];
    for (what, members, says, allow, expected) in cases {
        let archive = pack(&members);
        let error = plain(&archive).await.expect_err(what);
        assert!(error.to_string().contains(says), "{what}: {error}");
        let (_, content) = extract(allow, &archive).await.expect(what);
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(name, what)| (name.to_owned(), what.to_owned()))
            .collect();
        assert_eq!(content, expected, "{what}");
    }
    let colon = pack(&[member("a:b", "x")]);
    let error = plain(&colon).await.unwrap_err();
    #[cfg(not(windows))]
    {
        assert!(
            error.to_string().contains("portable_names(false)"),
            "{error}"
        );
        let allow = || Extractor::new().portable_names(false);
        assert_eq!(extract(allow, &colon).await.unwrap().1.len(), 1);
    }
    drop(error);
    // No option lets a path lead elsewhere.
    let all = || {
        Extractor::new()
            .backslashes(true)
            .duplicate_names(true)
            .repeated_folders(true)
            .portable_names(false)
            .symbolic_links(SymbolicLinks::AsText)
    };
    for name in ["..\\evil", "\\evil", "a\\..\\..\\evil", "../evil"] {
        let error = extract(all, &pack(&[member(name, "x")])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ArchiveRefused, "{name}");
    }
}

#[tokio::test]
async fn fields_that_are_damaged_are_the_entrys() {
    let with = |extra: &[u8]| {
        pack(&[
            member("good", "x"),
            Member {
                extra: (vec![], extra.to_vec()),
                ..member("bad", "y")
            },
        ])
    };
    for extra in [&[1, 0, 200, 0][..], &[9]] {
        let error = plain(&with(extra)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(
            error.to_string().contains("\"bad\": its extra field"),
            "{error}"
        );
    }
    assert_eq!(plain(&with(&[0; 3])).await.unwrap().0.entries, 2);
    // A size that refers to a field that is not there, or too short.
    for extra in [&[][..], &[1, 0, 4, 0, 1, 1, 1, 1]] {
        let mut bytes = with(extra);
        let header = bytes
            .windows(4)
            .rposition(|it| it == b"PK\x01\x02")
            .unwrap();
        bytes[header + 24..header + 28].fill(0xFF);
        let error = plain(&bytes).await.unwrap_err();
        assert!(
            error.to_string().contains("\"bad\": it lacks the Zip64"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_member_is_verified_before_its_last_bytes() {
    use tokio::io::AsyncReadExt as _;

    let wrong = Member {
        crc: 1,
        ..member("a", text(20_000))
    };
    for (what, bytes) in [
        ("stored", pack(std::slice::from_ref(&wrong))),
        ("deflated", {
            let mut bytes = deflated(&[("a", &wrong.data)]);
            let header = bytes
                .windows(4)
                .rposition(|it| it == b"PK\x01\x02")
                .unwrap();
            bytes[header + 16] ^= 1;
            bytes
        }),
    ] {
        let (_fake, archive) = remote(&bytes).await.unwrap();
        let mut member = archive.member("a").unwrap().into_async_read();
        let mut all = vec![0; wrong.data.len()];
        let error = member.read_exact(&mut all).await.expect_err(what);
        assert!(error.to_string().contains("\"a\""), "{what}: {error}");
    }
}
