use std::io::{Cursor, Write};

use bytes::Bytes;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Content, Source};

pub(super) fn deflated(members: &[(&str, &[u8])]) -> Bytes {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, data) in members {
        zip.start_file(*name, options)
            .and_then(|()| Ok(zip.write_all(data)?))
            .unwrap_or_else(|error| panic!("zip member {name:?}: {error}"));
    }
    match zip.finish() {
        Ok(cursor) => cursor.into_inner().into(),
        Err(error) => panic!("zip: {error}"),
    }
}

/// 1 January 1980, the first day that a zip archive can name.
const DATE: u16 = (1 << 5) | 1;
const LIMIT: u64 = u32::MAX as u64;

/// The pieces of a stored archive ([APPNOTE](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)
/// sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16). No zip library writes one without holding it.
pub(super) fn stored_noise<N: AsRef<str>>(
    members: impl IntoIterator<Item = (N, u64)>,
    seed: u64,
) -> Vec<Source> {
    let mut pieces = Vec::new();
    let mut directory = Vec::new();
    let (mut offset, mut count) = (0, 0_u64);
    for (name, len) in members {
        let member_seed = seed.wrapping_add(count);
        let entry = Entry {
            name: name.as_ref(),
            crc: crc(&Content::noise(len, member_seed)),
            len,
            offset,
        };
        let header = entry.local();
        entry.central(&mut directory);
        offset += header.len() as u64 + len;
        count += 1;
        pieces.push(Source::Bytes(header.into()));
        pieces.push(Source::Noise {
            seed: member_seed,
            len,
        });
    }
    let size = directory.len() as u64;
    end(&mut directory, offset, size, count);
    pieces.push(Source::Bytes(directory.into()));
    pieces
}

fn crc(content: &Content) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    content
        .chunks(0..content.len())
        .for_each(|chunk| hasher.update(&chunk));
    hasher.finalize()
}

struct Entry<'a> {
    name: &'a str,
    crc: u32,
    len: u64,
    offset: u64,
}

impl Entry<'_> {
    fn local(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put32(&mut out, 0x0403_4B50);
        self.common(&mut out);
        let extra = if self.len >= LIMIT { 20 } else { 0 };
        put16(&mut out, extra);
        out.extend_from_slice(self.name.as_bytes());
        if extra > 0 {
            put16(&mut out, 1);
            put16(&mut out, 16);
            put64(&mut out, self.len);
            put64(&mut out, self.len);
        }
        out
    }

    fn central(&self, out: &mut Vec<u8>) {
        let mut extra = Vec::new();
        if self.len >= LIMIT {
            put64(&mut extra, self.len);
            put64(&mut extra, self.len);
        }
        if self.offset >= LIMIT {
            put64(&mut extra, self.offset);
        }
        put32(out, 0x0201_4B50);
        put16(out, (3 << 8) | 45);
        self.common(out);
        put16(
            out,
            if extra.is_empty() {
                0
            } else {
                extra.len() as u16 + 4
            },
        );
        put16(out, 0);
        put16(out, 0);
        put16(out, 0);
        put32(out, 0o100_644 << 16);
        put32(out, narrow32(self.offset));
        out.extend_from_slice(self.name.as_bytes());
        if !extra.is_empty() {
            put16(out, 1);
            put16(out, extra.len() as u16);
            out.extend_from_slice(&extra);
        }
    }

    /// From the version needed to the length of the name.
    fn common(&self, out: &mut Vec<u8>) {
        let zip64 = self.len >= LIMIT || self.offset >= LIMIT;
        put16(out, if zip64 { 45 } else { 20 });
        put16(out, 1 << 11);
        put16(out, 0);
        put16(out, 0);
        put16(out, DATE);
        put32(out, self.crc);
        put32(out, narrow32(self.len));
        put32(out, narrow32(self.len));
        put16(out, self.name.len() as u16);
    }
}

/// The end of the central directory, which starts at `offset` and has `size` bytes.
fn end(out: &mut Vec<u8>, offset: u64, size: u64, count: u64) {
    if offset >= LIMIT || size >= LIMIT || count >= u64::from(u16::MAX) {
        put32(out, 0x0606_4B50);
        put64(out, 44);
        put16(out, (3 << 8) | 45);
        put16(out, 45);
        put32(out, 0);
        put32(out, 0);
        put64(out, count);
        put64(out, count);
        put64(out, size);
        put64(out, offset);

        put32(out, 0x0706_4B50);
        put32(out, 0);
        put64(out, offset + size);
        put32(out, 1);
    }
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    put32(out, 0x0605_4B50);
    put16(out, 0);
    put16(out, 0);
    put16(out, count);
    put16(out, count);
    put32(out, narrow32(size));
    put32(out, narrow32(offset));
    put16(out, 0);
}

/// What does not fit is written as all ones: the real value is in a Zip64 field.
fn narrow32(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}
