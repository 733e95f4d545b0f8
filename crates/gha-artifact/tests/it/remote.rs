//! Members of archives that stay where they are.

use std::time::Duration;

use crate::support::*;
use futures_util::TryStreamExt as _;
use gha_artifact::{EntryKind, RemoteArchive};
use gha_client::ErrorKind;
use gha_fake::{Content, Fault, Match};
use tokio::io::AsyncReadExt as _;

const LIMIT: usize = 64 * 1024 * 1024;

#[tokio::test]
async fn one_member_of_a_large_archive_costs_little() {
    let members = (0..1000u64).map(|n| {
        let size = if n == 700 { 10 * 1024 } else { 1024 * 1024 };
        (format!("packages/module-{n:04}/library.so"), size)
    });
    let content = Content::zip_of_noise(members, 1);
    let len = content.len();
    assert!(len > 999 * 1024 * 1024);
    let fake = serve(content.clone()).await;
    let archive = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    assert!(archive.is_remote());
    assert_eq!(archive.entries().len(), 1000);
    let name = "packages/module-0700/library.so";
    let bytes = archive.member(name).unwrap().bytes(LIMIT).await.unwrap();
    assert_eq!(bytes.len(), 10 * 1024);
    assert_eq!(crc32(&bytes), archive.entry(name).unwrap().crc32);

    let (requests, asked) = blob_requests(&fake);
    assert_eq!(requests, 3);
    assert!(asked < 200 * 1024, "{asked}");
}

#[tokio::test]
async fn entries_are_listed_and_read() {
    let long = text(50_000);
    let bytes = deflated(&[("a.txt", b"hello"), ("dir/long.txt", &long), ("empty", b"")]);
    let fake = serve(Content::bytes(bytes)).await;
    let archive = RemoteArchive::open(crate::support::archive(&client(&fake)))
        .await
        .unwrap();
    let names: Vec<_> = archive.entries().iter().map(|entry| &*entry.name).collect();
    assert_eq!(names, ["a.txt", "dir/long.txt", "empty"]);
    let entry = archive.entry("dir/long.txt").unwrap();
    assert_eq!(
        (entry.kind, entry.size),
        (EntryKind::File, long.len() as u64)
    );
    assert!(entry.compressed_size < entry.size / 4);
    assert!(entry.modified.is_some());
    assert_eq!(entry.crc32, crc32(&long));

    let member = archive.member("dir/long.txt").unwrap();
    assert_eq!(member.entry(), entry);
    let chunks: Vec<_> = member.into_stream().try_collect().await.unwrap();
    assert!(chunks.len() > 1);
    assert_eq!(chunks.concat(), long);
    let mut read = Vec::new();
    let member = archive.member("dir/long.txt").unwrap();
    let mut member = member.into_async_read();
    member.read_to_end(&mut read).await.unwrap();
    assert_eq!(read, long);
    let empty = archive.member("empty").unwrap().bytes(0).await.unwrap();
    assert!(empty.is_empty());
    let error = archive.member("a.txt").unwrap().bytes(4).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn what_cannot_be_read_is_told() {
    let encrypted = Member {
        flags: 1,
        ..member("secret", "xx")
    };
    let other = Member {
        method: 93,
        ..member("zstd", "xx")
    };
    let fake = serve(Content::bytes(pack(&[
        encrypted,
        other,
        member("dir/", ""),
    ])))
    .await;
    let archive = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    for (name, kind, says) in [
        ("missing", ErrorKind::NotFound, "no entry \"missing\""),
        ("secret", ErrorKind::ArchiveRefused, "encrypted"),
        (
            "zstd",
            ErrorKind::ArchiveRefused,
            "only stored and deflated",
        ),
        ("dir/", ErrorKind::InvalidRequest, "a directory"),
    ] {
        let error = archive.member(name).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
    for content in [&b""[..], b"no archive", &text(10_000)] {
        let fake = serve(Content::bytes(content.to_vec())).await;
        let error = RemoteArchive::from_source(source(&fake).await)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.to_string().contains("no zip archive"), "{error}");
    }
}

#[tokio::test]
async fn a_member_counts_only_when_it_is_as_promised() {
    let good = member("a", text(10_000));
    for bad in [
        Member {
            crc: 1,
            ..good.clone()
        },
        Member {
            size: good.size - 1,
            ..good.clone()
        },
        Member {
            size: good.size + 1,
            ..good.clone()
        },
        Member {
            size: u32::MAX - 1,
            ..good.clone()
        },
        Member {
            method: 8,
            ..good.clone()
        },
    ] {
        let fake = serve(Content::bytes(pack(&[bad]))).await;
        let archive = RemoteArchive::from_source(source(&fake).await)
            .await
            .unwrap();
        let mut member = archive.member("a").unwrap().into_stream();
        let error = loop {
            match member.try_next().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it ended as if it were whole"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.to_string().contains("entry \"a\""), "{error}");
    }
}

#[tokio::test]
async fn links_that_expire_are_renewed() {
    let fake = serve(Content::bytes(deflated(&[("a", &text(1000))]))).await;
    fake.clock().freeze();
    let archive = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    fake.clock().advance(Duration::from_secs(3600));
    let bytes = archive.member("a").unwrap().bytes(LIMIT).await.unwrap();
    assert_eq!(bytes, text(1000));
    assert_eq!(fake.requests_for(&Match::api()).len(), 2);
}

#[tokio::test]
async fn broken_connections_are_resumed() {
    let fake = serve(Content::zip_of_noise([("a", 3_000_000)], 5)).await;
    let archive = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    fake.fault(Fault::close_after(1_000_000).on(Match::blob()).times(2));
    let bytes = archive.member("a").unwrap().bytes(LIMIT).await.unwrap();
    assert_eq!(crc32(&bytes), archive.entries()[0].crc32);
}

#[tokio::test]
async fn another_content_is_noticed() {
    let fake = serve(Content::bytes(deflated(&[("a", &text(1000))]))).await;
    let archive = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    let other = Content::bytes(deflated(&[("a", &text(2000))]));
    fake.replace_content(ARTIFACT, other).unwrap();
    let error = archive.member("a").unwrap().bytes(LIMIT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Changed, "{error}");
}

#[tokio::test]
async fn without_ranges_it_says_so_or_downloads() {
    let builder = seed(Content::bytes(deflated(&[("a", &text(1000)), ("b", b"b")])));
    let fake = builder.fault(Fault::refuse_ranges()).start().await.unwrap();
    let client = client(&fake);
    let error = RemoteArchive::open(crate::support::archive(&client))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error.to_string().contains("does not serve ranges"),
        "{error}"
    );

    let archive = RemoteArchive::open_or_download(crate::support::archive(&client))
        .await
        .unwrap();
    assert!(!archive.is_remote());
    let member = archive.member("a").unwrap();
    let other = archive.member("b").unwrap();
    drop(archive);
    assert_eq!(member.bytes(LIMIT).await.unwrap(), text(1000));
    assert_eq!(other.bytes(LIMIT).await.unwrap(), b"b"[..]);

    fake.clear_faults();
    let archive = RemoteArchive::open_or_download(crate::support::archive(&client))
        .await
        .unwrap();
    assert!(archive.is_remote());
}

#[tokio::test]
async fn directories_larger_than_the_first_look_take_one_request_more() {
    let members = (0..5_000).map(|n| (format!("node_modules/package-{n:05}/index.js"), 7));
    let fake = serve(Content::zip_of_noise(members, 3)).await;
    let archive = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    assert_eq!(archive.entries().len(), 5_000);
    assert_eq!(blob_requests(&fake).0, 3);
    let member = archive
        .member("node_modules/package-04321/index.js")
        .unwrap();
    assert_eq!(member.bytes(LIMIT).await.unwrap().len(), 7);
}

#[tokio::test]
async fn zip64_in_every_way() {
    // Sizes and offsets beyond 4 GiB, and more entries than 16 bits count.
    let huge = 5 * 1024 * 1024 * 1024;
    let small = (0..70_000u64).map(|n| (format!("small/{n}"), n % 10));
    let members = [("huge".to_owned(), huge), ("behind".to_owned(), 100_000)];
    let fake = serve(Content::zip_of_noise(members.into_iter().chain(small), 9)).await;
    let archive = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    assert_eq!(archive.entries().len(), 70_002);
    assert_eq!(archive.entry("huge").unwrap().size, huge);
    let bytes = archive
        .member("behind")
        .unwrap()
        .bytes(LIMIT)
        .await
        .unwrap();
    assert_eq!(crc32(&bytes), archive.entry("behind").unwrap().crc32);
    // Dropped in the middle of five gibibytes.
    let mut member = archive.member("huge").unwrap().into_async_read();
    let mut first = vec![0; 1_000_000];
    member.read_exact(&mut first).await.unwrap();
    drop(member);
    let bytes = archive
        .member("small/69999")
        .unwrap()
        .bytes(LIMIT)
        .await
        .unwrap();
    assert_eq!(bytes.len(), 9);
}

#[tokio::test]
async fn archives_with_something_before_them() {
    let mut bytes = b"#!/bin/sh\necho extracting\n".to_vec();
    bytes.extend_from_slice(&deflated(&[("a", b"hello")]));
    bytes.extend_from_slice(b"\n");
    let fake = serve(Content::bytes(bytes)).await;
    let archive = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    assert_eq!(
        archive.member("a").unwrap().bytes(LIMIT).await.unwrap(),
        b"hello"[..]
    );
}

#[tokio::test]
async fn names_in_other_encodings() {
    let utf8 = Member {
        flags: 1 << 11,
        ..member("größe", "1")
    };
    let fake = serve(Content::bytes(pack(&[utf8, member(b"caf\x82", "2")]))).await;
    let archive = RemoteArchive::from_source(source(&fake).await)
        .await
        .unwrap();
    assert_eq!(
        archive.member("größe").unwrap().bytes(LIMIT).await.unwrap(),
        b"1"[..]
    );
    assert_eq!(
        archive.member("café").unwrap().bytes(LIMIT).await.unwrap(),
        b"2"[..]
    );
}

#[test]
fn members_that_nobody_reads_hold_up_nothing() {
    let fake = seed(Content::bytes(deflated(&[("a.txt", &text(20_000))])))
        .start_on_thread()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let archive = RemoteArchive::open(crate::support::archive(&client(&fake)));
        let archive = archive.await.unwrap();
        let mut members = Vec::new();
        for _ in 0..20 {
            let mut member = archive.member("a.txt").unwrap().into_stream();
            member
                .try_next()
                .await
                .unwrap()
                .expect("more than one piece");
            members.push(member);
        }
        let work = tokio::task::spawn_blocking(|| 7);
        let worked = tokio::time::timeout(Duration::from_secs(10), work).await;
        assert_eq!(worked.expect("a thread is free").unwrap(), 7);
        for mut member in members {
            while member.try_next().await.unwrap().is_some() {}
        }
    });
}
