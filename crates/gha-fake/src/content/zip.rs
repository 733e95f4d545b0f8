use std::cell::Cell;
use std::io::{Cursor, Result, Seek, SeekFrom, Write};

use bytes::Bytes;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Content, Source};

pub(super) fn deflated(members: &[(&str, &[u8])]) -> Bytes {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, data) in members {
        let begun = zip.start_file(*name, options);
        written(name, begun.and_then(|()| Ok(zip.write_all(data)?)));
    }
    written("the end", zip.finish()).into_inner().into()
}

/// What cannot be written is a mistake of the test: a name that no archive has, a name twice.
fn written<T>(what: &str, result: ZipResult<T>) -> T {
    result.unwrap_or_else(|error| panic!("zip, {what:?}: {error}"))
}

/// The pieces of an archive whose members are stored noise.
pub(super) fn stored_noise<N: AsRef<str>>(
    members: impl IntoIterator<Item = (N, u64)>,
    seed: u64,
) -> Vec<Source> {
    let noise = Cell::new(None);
    let mut zip = ZipWriter::new(Pieces {
        noise: &noise,
        pieces: Vec::new(),
        len: 0,
        position: 0,
    });
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for ((name, len), number) in members.into_iter().zip(0..) {
        let (name, seed) = (name.as_ref(), seed.wrapping_add(number));
        let data = Content::noise(len, seed);
        let large = options.large_file(len >= u64::from(u32::MAX));
        let begun = zip.start_file(name, large);
        let member = begun.and_then(|()| {
            noise.set(Some(seed));
            data.chunks(0..len)
                .try_for_each(|chunk| zip.write_all(&chunk))?;
            noise.set(None);
            Ok(())
        });
        written(name, member);
    }
    let pieces = written("the end", zip.finish()).pieces;
    pieces.into_iter().map(Piece::into_source).collect()
}

/// An archive while it is written: of noise, only the length is kept.
struct Pieces<'a> {
    /// The seed of the noise that is written now.
    noise: &'a Cell<Option<u64>>,
    pieces: Vec<Piece>,
    len: u64,
    position: u64,
}

struct Piece {
    start: u64,
    len: u64,
    noise: Option<u64>,
    /// Empty where it is noise.
    bytes: Vec<u8>,
}

impl Piece {
    fn into_source(self) -> Source {
        match self.noise {
            Some(seed) => Source::Noise {
                seed,
                len: self.len,
            },
            None => Source::Bytes(self.bytes.into()),
        }
    }
}

impl Pieces<'_> {
    fn append(&mut self, bytes: &[u8]) {
        let noise = self.noise.get();
        if self.pieces.last().is_none_or(|last| last.noise != noise) {
            self.pieces.push(Piece {
                start: self.len,
                len: 0,
                noise,
                bytes: Vec::new(),
            });
        }
        if let Some(last) = self.pieces.last_mut() {
            last.len += bytes.len() as u64;
            if noise.is_none() {
                last.bytes.extend_from_slice(bytes);
            }
        }
        self.len += bytes.len() as u64;
    }

    /// Overwrites a part of a header, whose sizes are known once its member is written.
    fn patch(&mut self, bytes: &[u8]) {
        let after = self
            .pieces
            .partition_point(|piece| piece.start <= self.position);
        if let Some(piece) = self.pieces[..after].last_mut() {
            let from = (self.position - piece.start) as usize;
            piece.bytes[from..from + bytes.len()].copy_from_slice(bytes);
        }
    }
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self.position < self.len {
            true => self.patch(bytes),
            false => self.append(bytes),
        }
        self.position += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Seek for Pieces<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
        };
        self.position = position.ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
