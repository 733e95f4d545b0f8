//! A fake with one artifact, archives made byte by byte, and a look at everything in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::Duration;

use gha_client::prelude::*;
use gha_client::{Client, RetryPolicy, operations};
use gha_download::{Download, Source};
use gha_fake::{Artifact, Builder, Content, Fake, Match, ReceivedRequest, Repo};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub const TOKEN: &str = "ghp_0123456789abcdef";
pub const ARTIFACT: i64 = 11;

pub fn seed(content: Content) -> Builder {
    seed_with(Artifact::new("dist", content))
}

pub fn seed_with(artifact: Artifact) -> Builder {
    let repo = Repo::new("octo-org", "octo-docs").artifact(artifact.id(ARTIFACT));
    Fake::builder().token(TOKEN).repo(repo)
}

pub async fn serve(content: Content) -> Fake {
    seed(content).start().await.unwrap()
}

pub fn client(fake: &Fake) -> Client {
    client_of(fake.api_url())
}

pub fn client_of(api: &str) -> Client {
    let api = gha_core::plain(api).token(TOKEN).build().unwrap();
    Client::new(api.with_retry(quick()))
}

pub fn archive(client: &Client) -> operations::DownloadArtifact {
    client
        .repo("octo-org", "octo-docs")
        .download_artifact(ARTIFACT)
}

/// A policy that keeps tests short: waits are nobody's subject here.
pub fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .max_attempts(4)
        .base_delay(Duration::from_millis(1))
}

pub async fn download(fake: &Fake) -> Download {
    archive(&client(fake)).download().await.unwrap()
}

pub async fn source(fake: &Fake) -> Source {
    Source::open(archive(&client(fake))).await.unwrap()
}

/// The requests to the blob store, and how many bytes they asked for.
pub fn blob_requests(fake: &Fake) -> (usize, u64) {
    let requests = fake.requests_for(&Match::blob());
    let bytes = requests
        .iter()
        .filter_map(range)
        .map(|(start, end)| end - start);
    (requests.len(), bytes.sum())
}

/// The range that a request asks for, if it has an end.
pub fn range(request: &ReceivedRequest) -> Option<(u64, u64)> {
    let (first, last) = request
        .header("range")?
        .strip_prefix("bytes=")?
        .split_once('-')?;
    Some((first.parse().ok()?, last.parse::<u64>().ok()? + 1))
}

/// Everything below a folder: names, contents, targets of links. What is removed meanwhile is left
/// out.
pub fn everything(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let entries = match fs::read_dir(&current) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            entries => entries.unwrap(),
        };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_str()
                .unwrap()
                .replace(std::path::MAIN_SEPARATOR, "/");
            let kind = match fs::symlink_metadata(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                metadata => metadata.unwrap().file_type(),
            };
            let what = if kind.is_symlink() {
                format!("-> {}", fs::read_link(&path).unwrap().display())
            } else if kind.is_dir() {
                folders.push(path);
                "/".to_owned()
            } else {
                match fs::read(&path) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                    bytes => String::from_utf8_lossy(&bytes.unwrap()).into_owned(),
                }
            };
            found.insert(name, what);
        }
    }
    found
}

/// A member of an archive that no packer would write.
#[derive(Clone, Debug)]
pub struct Member {
    pub name: Vec<u8>,
    pub data: Vec<u8>,
    pub crc: u32,
    pub size: u32,
    pub method: u16,
    pub flags: u16,
    pub mode: u32,
    /// Where the directory says that it begins, unless where it does.
    pub offset: Option<u32>,
    /// The extra fields of its local header, and of the directory's.
    pub extra: (Vec<u8>, Vec<u8>),
    /// The system that it was packed on, and attributes beside the mode.
    pub system: u8,
    pub attributes: u32,
}

/// A member as it should be.
pub fn member(name: impl AsRef<[u8]>, data: impl AsRef<[u8]>) -> Member {
    let data = data.as_ref().to_vec();
    Member {
        name: name.as_ref().to_vec(),
        crc: crc32(&data),
        size: data.len() as u32,
        data,
        method: 0,
        flags: 0,
        mode: 0o100_644,
        offset: None,
        extra: Default::default(),
        system: 3,
        attributes: 0,
    }
}

/// Whether symbolic links can be made: Windows wants a privilege for it, and Wine only says that it did.
pub fn can_link() -> bool {
    #[cfg(unix)]
    return true;
    #[cfg(windows)]
    {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::windows::fs::symlink_file("leads to nothing", &link).is_ok()
            && fs::symlink_metadata(&link).is_ok()
    }
}

pub fn link(name: &str, target: &str) -> Member {
    let mode = 0o120_777;
    Member {
        mode,
        ..member(name, target)
    }
}

/// An archive of these members, whatever that means.
pub fn pack(members: &[Member]) -> Vec<u8> {
    let (mut out, directory) = packed(members);
    let (start, size) = (out.len() as u32, directory.len() as u32);
    out.extend_from_slice(&directory);
    out.extend_from_slice(&end(members.len() as u16, size, start));
    out
}

/// The members, and the directory that follows them.
pub fn packed(members: &[Member]) -> (Vec<u8>, Vec<u8>) {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for member in members {
        let offset = member.offset.unwrap_or(out.len() as u32);
        let mut common = Vec::new();
        for value in [20, member.flags, member.method, 0, 0x21] {
            common.extend_from_slice(&u16::to_le_bytes(value));
        }
        for value in [member.crc, member.data.len() as u32, member.size] {
            common.extend_from_slice(&u32::to_le_bytes(value));
        }
        common.extend_from_slice(&(member.name.len() as u16).to_le_bytes());
        let (local, central) = &member.extra;
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&common);
        out.extend_from_slice(&(local.len() as u16).to_le_bytes());
        out.extend_from_slice(&member.name);
        out.extend_from_slice(local);
        out.extend_from_slice(&member.data);
        directory.extend_from_slice(b"PK\x01\x02\x14");
        directory.push(member.system);
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&(central.len() as u16).to_le_bytes());
        directory.extend_from_slice(&[0; 6]);
        directory.extend_from_slice(&(member.mode << 16 | member.attributes).to_le_bytes());
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(&member.name);
        directory.extend_from_slice(central);
    }
    (out, directory)
}

/// The end record of an archive.
pub fn end(entries: u16, size: u32, start: u32) -> Vec<u8> {
    let mut out = b"PK\x05\x06\0\0\0\0".to_vec();
    let count = entries.to_le_bytes();
    out.extend_from_slice(&[count, count].concat());
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out
}

/// The Zip64 record, with an extensible data sector, and its locator; it stands at `at`.
pub fn end64(entries: u64, size: u64, start: u64, sector: &[u8], at: u64) -> Vec<u8> {
    let mut out = b"PK\x06\x06".to_vec();
    out.extend_from_slice(&(44 + sector.len() as u64).to_le_bytes());
    out.extend_from_slice(&[45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for value in [entries, entries, size, start] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    out.extend_from_slice(sector);
    out.extend_from_slice(b"PK\x06\x07\0\0\0\0");
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(&[1, 0, 0, 0]);
    out
}

/// An archive as packers write them: deflated.
pub fn deflated(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, data) in members {
        zip.start_file(*name, options).unwrap();
        zip.write_all(data).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |mut crc: u32, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
        crc
    })
}

/// Text that compresses well, and no line like another.
pub fn text(lines: usize) -> Vec<u8> {
    let lines = (0..lines).map(|line| format!("{line:06} all work and no play\n"));
    lines.collect::<String>().into_bytes()
}
