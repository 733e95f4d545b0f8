//! Archives that mean harm: each is refused, from a file and while it is downloaded, and leaves
//! everything as it was.

use std::fs;

use crate::support::*;
use gha_artifact::{Extractor, Limits, SymbolicLinks};
use gha_client::ErrorKind::{self, ArchiveRefused, Decode, TooLarge};
use gha_fake::Content;

/// A folder with something to spoil, and a place to extract to in it.
fn surroundings() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("work")).unwrap();
    fs::write(root.path().join("evil"), "still good").unwrap();
    fs::write(root.path().join("work/evil"), "still good").unwrap();
    fs::create_dir(root.path().join("outside")).unwrap();
    root
}

async fn refuse_with(extractor: impl Fn() -> Extractor, bytes: &[u8], kind: ErrorKind, says: &str) {
    let root = surroundings();
    let target = root.path().join("work/target");
    let file = root.path().join("archive.zip");
    fs::write(&file, bytes).unwrap();
    let before = everything(root.path());
    let check = |error: gha_client::Error| {
        let said = error.to_string();
        assert_eq!(error.kind(), kind, "{said}");
        assert!(said.contains(says), "{said}");
        assert_eq!(everything(root.path()), before, "{said}");
    };
    check(extractor().extract_file(&file, &target).await.unwrap_err());
    let fake = serve(Content::bytes(bytes.to_vec())).await;
    check(
        extractor()
            .extract(download(&fake).await, &target)
            .await
            .unwrap_err(),
    );
}

async fn refuse(members: &[Member], says: &str) {
    refuse_with(Extractor::new, &pack(members), ArchiveRefused, says).await;
}

#[tokio::test]
async fn names_that_lead_elsewhere() {
    for (name, says) in [
        ("../evil", "leads out"),
        ("../../evil", "leads out"),
        ("a/../../evil", "leads out"),
        ("./../evil", "leads out"),
        ("a/./../b", "leads out"),
        ("..", "leads out"),
        ("a/..", "leads out"),
        ("../", "leads out"),
        ("/evil", "absolute"),
        ("//evil", "absolute"),
        ("/../evil", "absolute"),
        ("//server/share/evil", "absolute"),
        ("..\\evil", "backslash"),
        ("a\\..\\..\\evil", "backslash"),
        ("\\evil", "backslash"),
        ("\\\\?\\C:\\evil", "backslash"),
        ("C:/evil", "reserves"),
        ("C:evil", "reserves"),
        ("evil:stream", "reserves"),
        ("a\0/../evil", "control"),
        ("evil\0.txt", "control"),
        ("evil\n", "control"),
        ("evil\u{7f}", "control"),
        ("...", "dot or a space"),
        (".. /evil", "dot or a space"),
        ("evil.", "dot or a space"),
        ("evil ", "dot or a space"),
        ("", "no name"),
        (".", "no name"),
        ("NUL", "device"),
        ("dir/con.txt", "device"),
        ("aux.c", "device"),
        ("COM1", "device"),
        ("lpt\u{b9}.log", "device"),
        ("what?", "reserves"),
        ("a/\"b\"", "reserves"),
    ] {
        refuse(&[member("good", "x"), member(name, "evil")], says).await;
    }
    for (name, says) in [
        (&b"..\x2fevil"[..], "leads out"),
        (b"a\xff/../evil", "leads out"),
    ] {
        refuse(&[member(name, "evil")], says).await;
    }
    let path = format!("{}b", "a/".repeat(600));
    let long = [member(path, "x")];
    refuse_with(
        Extractor::new,
        &pack(&long),
        TooLarge,
        "a path has 1201 bytes",
    )
    .await;
    refuse(&[member("x".repeat(256), "x")], "more than 255 bytes").await;
}

#[tokio::test]
async fn names_that_are_one() {
    for (one, other) in [
        ("a", "A"),
        ("dir/Datei", "DIR/datei"),
        ("A/x", "a/y"),
        ("straße", "STRASSE"),
        ("a", "a/b"),
        ("a/b", "a"),
    ] {
        refuse(&[member(one, "1"), member(other, "2")], "one name").await;
    }
    for (one, other) in [("a", "a"), ("./a", "a"), ("a//b", "a/b")] {
        refuse(
            &[member(one, "1"), member(other, "2")],
            "duplicate_names(true)",
        )
        .await;
    }
    refuse(&[member("dir/", ""), member("dir", "2")], "one name").await;
    refuse(
        &[member("d/", ""), member("d//", "")],
        "repeated_folders(true)",
    )
    .await;
}

#[tokio::test]
async fn links_that_lead_elsewhere() {
    if !can_link() {
        return;
    }
    let deep = |target: &str| link("a/b/link", target);
    for target in [
        "..",
        "../evil",
        "../../outside",
        "/etc/passwd",
        "/",
        "missing",
        "link",
        "",
        "good/..",
        "..\\evil",
    ] {
        refuse(
            &[member("good", "x"), link("link", target)],
            "link \"link\"",
        )
        .await;
    }
    for target in ["../../../evil", "../../..", "../../../target/good"] {
        refuse(&[member("good", "x"), deep(target)], "a/b/link").await;
    }
    // Each alone stays inside, the chain does not.
    let chain = [
        member("dir/sub/file", "x"),
        link("up", "dir/sub"),
        link("out", "up/../../.."),
    ];
    refuse(&chain, "link \"out\"").await;
    let chain = [
        member("d/file", "x"),
        link("d/one", ".."),
        link("d/two", "one/.."),
        link("three", "d/two/evil"),
    ];
    refuse(&chain, "link").await;
    let loops = [link("a", "b"), link("b", "a")];
    refuse(&loops, "leads to nothing").await;
    // Nothing is written through a link, wherever it leads.
    refuse(&[link("d", ".."), member("d/evil", "x")], "one name").await;
    refuse(
        &[link("d", "../outside"), member("D/evil", "x")],
        "one name",
    )
    .await;
    refuse(&[member("a", "1"), link("A", "a")], "one name").await;
    let far = link("link", &"x/".repeat(3000));
    refuse(&[far], "too far").await;
    let no_name = Member {
        mode: 0o120_777,
        ..member("link", b"\xff\xfe")
    };
    refuse(&[no_name], "no valid name").await;
}

#[tokio::test]
async fn what_is_no_file() {
    for mode in [0o020_644, 0o060_644, 0o140_644] {
        refuse(
            &[Member {
                mode,
                ..member("special", "")
            }],
            "a device or a socket",
        )
        .await;
    }
    refuse(
        &[Member {
            mode: 0o040_755,
            ..member("dir/", "x")
        }],
        "directory with content",
    )
    .await;
    let named = Member {
        mode: 0o120_777,
        ..member("link/", "x")
    };
    refuse(&[named], "named as a directory").await;
}

#[tokio::test]
async fn what_cannot_be_read() {
    refuse(
        &[Member {
            flags: 1,
            ..member("a", "x")
        }],
        "encrypted",
    )
    .await;
    for method in [1, 6, 9, 12, 14, 93, 95, 98, 99, 1234] {
        refuse(
            &[Member {
                method,
                ..member("a", "x")
            }],
            "only stored and deflated",
        )
        .await;
    }
}

#[tokio::test]
async fn entries_that_overlap() {
    let text = text(100);
    // Twice the same bytes, as in quadratic bombs.
    let twins = [
        member("a", &text),
        Member {
            offset: Some(0),
            ..member("b", &text)
        },
    ];
    refuse(&twins, "overlaps").await;
    // One inside the other.
    let inner = pack(&[member("inner", &text)]);
    let outer = [
        member("outer", &inner),
        Member {
            offset: Some(35),
            ..member("inner", &text)
        },
    ];
    refuse(&outer, "overlaps").await;
    // Into the directory.
    let mut bytes = pack(&[member("a", &text)]);
    let directory = bytes.len() - 22 - 47;
    let longer = (text.len() as u32 + 60).to_le_bytes();
    bytes[directory + 20..directory + 24].copy_from_slice(&longer);
    refuse_with(Extractor::new, &bytes, ArchiveRefused, "overlaps").await;
}

#[tokio::test]
async fn bombs() {
    // What it says of itself is enough: nothing of it is unpacked.
    let bomb = |name: &str, size| Member {
        method: 8,
        size,
        ..member(name, [0; 100_000])
    };
    let bytes = pack(&[bomb("zeros", 100 << 20)]);
    refuse_with(Extractor::new, &bytes, TooLarge, "200 times as much").await;
    // None of them alone, all together.
    let quarters = ["a", "b", "c", "d"].map(|name| Member {
        data: vec![0; 25_000],
        ..bomb(name, 25 << 20)
    });
    refuse_with(
        Extractor::new,
        &pack(&quarters),
        TooLarge,
        "all of it would unpack",
    )
    .await;

    let small = || Extractor::new().limits(Limits::default().max_size(1000));
    let bytes = deflated(&[("a", &[1; 600]), ("b", &[2; 600])]);
    refuse_with(small, &bytes, TooLarge, "1200 bytes, more than 1000").await;
    let few = || Extractor::new().limits(Limits::default().max_entries(1));
    refuse_with(few, &bytes, TooLarge, "more than 1 entries").await;
    let short = || Extractor::new().limits(Limits::default().max_path(3));
    let bytes = deflated(&[("abcd", b"")]);
    refuse_with(short, &bytes, TooLarge, "4 bytes, more than 3").await;
}

#[tokio::test]
async fn too_many_folders() {
    // Some 40 KB that would make 10,000 folders.
    let deep = "a/".repeat(500);
    let names: Vec<_> = (0..20).map(|n| format!("{n}/{deep}f")).collect();
    let members: Vec<_> = names.iter().map(|name| (&**name, &b""[..])).collect();
    let few = || Extractor::new().limits(Limits::default().max_entries(20));
    refuse_with(
        few,
        &deflated(&members),
        TooLarge,
        "21 folders that are no entries, more than 20",
    )
    .await;
}

#[tokio::test]
async fn too_many_entries() {
    // Links that are left out cost the disk nothing.
    let skip = || Extractor::new().symbolic_links(SymbolicLinks::Skip);
    let mut members: Vec<_> = (0..100_000).map(|n| link(&format!("{n}"), "a")).collect();
    let root = tempfile::tempdir().unwrap();
    let (file, target) = (root.path().join("a.zip"), root.path().join("target"));
    fs::write(&file, pack(&members)).unwrap();
    skip().extract_file(&file, &target).await.unwrap();
    members.push(link("one more", "a"));
    refuse_with(skip, &pack(&members), TooLarge, "more than 100000 entries").await;
}

#[tokio::test]
async fn sizes_and_checksums_that_are_wrong() {
    let good = member("b", text(20_000));
    let first = member("a", "complete before the other fails");
    for bad in [
        Member {
            crc: good.crc ^ 1,
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
            size: 0,
            ..good.clone()
        },
        Member {
            size: 40 * good.size,
            ..good.clone()
        },
        Member {
            method: 8,
            ..good.clone()
        },
    ] {
        let bytes = pack(&[first.clone(), bad]);
        refuse_with(Extractor::new, &bytes, Decode, "entry \"b\"").await;
    }
    // A deflated one that gives more than it says.
    let mut bytes = deflated(&[("b", &good.data)]);
    let directory = bytes.len() - 22 - 47;
    let lie = 1000u32.to_le_bytes();
    bytes[directory + 24..directory + 28].copy_from_slice(&lie);
    refuse_with(Extractor::new, &bytes, Decode, "entry \"b\"").await;
}

#[tokio::test]
async fn directories_that_lie() {
    let good = pack(&[member("a", "x"), member("b", "y")]);
    let end = good.len() - 22;
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = good.clone();
        changed[end + at..end + at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    for (bytes, says) in [
        (with(0, b"XX"), "no zip archive"),
        (with(4, &[1, 0]), "disks"),
        (with(8, &[9, 0, 9, 0]), "says that it has 9 entries"),
        (with(8, &[0xFF; 4]), "says that it has 65535 entries"),
        (with(12, &[0xFF; 4]), "where it should be"),
        (with(16, &[0xFF, 0xFF, 0, 0]), "where it should be"),
        (with(20, &[9, 0]), "no zip archive"),
        (good[..good.len() - 1].to_vec(), "cut off"),
        (good[1..].to_vec(), "damaged"),
        (Vec::new(), "no zip archive"),
    ] {
        refuse_with(Extractor::new, &bytes, Decode, says).await;
    }
    // A directory of which only the claim is large.
    let claim = with(12, &(70u32 << 20).to_le_bytes());
    refuse_with(Extractor::new, &claim, Decode, "where it should be").await;
    let mut headless = pack(&[member("a", "x")]);
    headless[0] = b'X';
    refuse_with(Extractor::new, &headless, Decode, "entry \"a\"").await;
    for member in [member("a", "x"), member("a", ""), member("a/", "")] {
        let mut renamed = pack(&[member]);
        renamed[30] = b'b';
        refuse_with(Extractor::new, &renamed, Decode, "another name").await;
    }
    let astray = Member {
        offset: Some(33),
        ..member("folder/", "")
    };
    let bytes = pack(&[member("a", "x"), astray]);
    refuse_with(Extractor::new, &bytes, Decode, "entry \"folder/\"").await;
    let mut nameless = pack(&[member("a", "x")]);
    nameless[26] = 0;
    refuse_with(Extractor::new, &nameless, Decode, "another name").await;
}

#[tokio::test]
async fn an_archive_in_an_archive_stays_one() {
    let inner = pack(&[member("../evil", "x")]);
    let root = surroundings();
    let file = root.path().join("archive.zip");
    fs::write(&file, pack(&[member("inner.zip", &inner)])).unwrap();
    let target = root.path().join("work/target");
    gha_artifact::extract_file(&file, &target).await.unwrap();
    assert_eq!(fs::read(target.join("inner.zip")).unwrap(), inner);
    assert_eq!(everything(&target).len(), 1);
}

#[tokio::test]
async fn the_last_archive_in_one_that_is_cut_off_is_not_taken_for_it() {
    let inner = pack(&[member("inner", "x")]);
    let outer = pack(&[
        member("a", "1"),
        member("inner.zip", &inner),
        member("b", "2"),
    ]);
    let behind_inner = outer.windows(inner.len()).position(|it| it == inner);
    let behind_inner = behind_inner.unwrap() + inner.len();
    for cut in behind_inner..outer.len() - 21 {
        refuse_with(Extractor::new, &outer[..cut], Decode, "cut off").await;
    }
    let two = [pack(&[member("a", "1")]), pack(&[member("b", "2")])].concat();
    refuse_with(Extractor::new, &two, Decode, "several in one").await;
    // A comment that ends as an archive without entries does.
    let comment = end(0, 0, 0);
    let mut disguised = pack(&[member("a", "1")]);
    let len = disguised.len();
    disguised[len - 2..].copy_from_slice(&(comment.len() as u16).to_le_bytes());
    disguised.extend_from_slice(&comment);
    refuse_with(Extractor::new, &disguised, Decode, "does not list").await;
}

#[tokio::test]
async fn strange_names_that_are_harmless() {
    let root = surroundings();
    let file = root.path().join("archive.zip");
    // The last one is Shift JIS, which nobody can tell.
    let names: [&[u8]; 9] = [
        b"%2e%2e/evil",
        "．．/evil".as_bytes(),
        b"~/evil",
        b"$HOME",
        b"-rf",
        b" a",
        b".bashrc",
        b"a..b/..c",
        b"\x93\xfa\x96\x7b",
    ];
    fs::write(&file, pack(&names.map(|name| member(name, "x")))).unwrap();
    let before = everything(&root.path().join("outside"));
    let target = root.path().join("work/target");
    let extracted = gha_artifact::extract_file(&file, &target).await.unwrap();
    assert_eq!(extracted.entries, 9);
    let found = everything(&target);
    for name in [
        "%2e%2e/evil",
        "．．/evil",
        "~/evil",
        "$HOME",
        " a",
        "a..b/..c",
    ] {
        assert_eq!(found[name], "x", "{name}");
    }
    assert_eq!(found.values().filter(|content| *content == "x").count(), 9);
    assert_eq!(everything(&root.path().join("outside")), before);
    assert_eq!(fs::read(root.path().join("evil")).unwrap(), b"still good");
}

#[cfg(unix)]
#[tokio::test]
async fn names_that_only_windows_refuses_can_be_had() {
    let root = surroundings();
    let file = root.path().join("archive.zip");
    let names = ["aux.c", "a:b", "what?", "dot."];
    fs::write(&file, pack(&names.map(|name| member(name, "x")))).unwrap();
    let target = root.path().join("work/target");
    let extractor = Extractor::new().portable_names(false);
    extractor.extract_file(&file, &target).await.unwrap();
    assert!(
        everything(&target)
            .keys()
            .eq(["a:b", "aux.c", "dot.", "what?"])
    );
    let native = || Extractor::new().portable_names(false);
    let evil = pack(&[member("../evil", "x")]);
    refuse_with(native, &evil, ArchiveRefused, "leads out").await;
}

#[cfg(unix)]
#[tokio::test]
async fn permissions_are_masked() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = surroundings();
    let file = root.path().join("archive.zip");
    let members = [
        ("setuid", 0o106_777),
        ("sticky", 0o101_755),
        ("secret", 0o100_600),
        ("none", 0o100_000),
        ("unreadable", 0o100_011),
        ("no-type", 0o000_755),
    ]
    .map(|(name, mode)| Member {
        mode,
        ..member(name, "x")
    });
    fs::write(&file, pack(&members)).unwrap();
    let target = root.path().join("work/target");
    gha_artifact::extract_file(&file, &target).await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    for (name, expected) in [
        ("setuid", 0o755),
        ("sticky", 0o755),
        ("secret", 0o600),
        ("none", 0o644),
        ("unreadable", 0o611),
        ("no-type", 0o755),
    ] {
        let mode = mode(&target.join(name));
        // The process's own mask may take more away, but not from the owner.
        assert_eq!(
            (mode | expected, mode & 0o700),
            (expected, expected & 0o700),
            "{name} {mode:o}"
        );
    }
}
