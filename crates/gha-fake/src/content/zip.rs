use std::cell::Cell;
use std::io::{Cursor, Result, Write};

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

/// The pieces of an archive whose members are stored noise. It is written as a stream, as GitHub's
/// are: sizes follow the data.
pub(super) fn stored_noise<N: AsRef<str>>(
    members: impl IntoIterator<Item = (N, u64)>,
    seed: u64,
) -> Vec<Source> {
    let noise = Cell::new(None);
    let pieces = Vec::new();
    let mut zip = ZipWriter::new_stream(Pieces {
        noise: &noise,
        pieces,
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
    let pieces = written("the end", zip.finish()).into_inner().pieces;
    pieces.into_iter().map(Piece::into_source).collect()
}

/// An archive while it is written: of noise, only the length is kept.
struct Pieces<'a> {
    /// The seed of the noise that is written now.
    noise: &'a Cell<Option<u64>>,
    pieces: Vec<Piece>,
}

enum Piece {
    Bytes(Vec<u8>),
    Noise { seed: u64, len: u64 },
}

impl Piece {
    fn into_source(self) -> Source {
        match self {
            Self::Bytes(bytes) => Source::Bytes(bytes.into()),
            Self::Noise { seed, len } => Source::Noise { seed, len },
        }
    }
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let more = bytes.len() as u64;
        match (self.noise.get(), self.pieces.last_mut()) {
            (Some(_), Some(Piece::Noise { len, .. })) => *len += more,
            (Some(seed), _) => self.pieces.push(Piece::Noise { seed, len: more }),
            (None, Some(Piece::Bytes(all))) => all.extend_from_slice(bytes),
            (None, _) => self.pieces.push(Piece::Bytes(bytes.to_vec())),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
