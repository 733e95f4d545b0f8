//! Unpacking one entry from the bytes of its archive, as they come.

use bytes::{Buf as _, Bytes};
use flate2::{Crc, Decompress, FlushDecompress, Status};
use gha_core::Error;
use rawzip::CompressionMethod;

use crate::Entry;
use crate::entry::{LOCAL_HEADER, LOCAL_SIGNATURE};

/// How much is unpacked at once.
pub(crate) const PIECE: usize = 128 * 1024;

/// What a data descriptor takes at least (APPNOTE section 4.3.9).
const DESCRIPTOR: u64 = 12;

/// Takes the bytes from an entry's local header on, and gives its content, verified against size and
/// checksum before the last of it.
pub(crate) struct Unpacker {
    entry: Entry,
    header: Vec<u8>,
    /// How many bytes of the header are still to come.
    missing: usize,
    /// How many bytes of the content are still packed.
    packed: u64,
    /// `None` for content that is stored, and when all is inflated.
    inflate: Option<Decompress>,
    unpacked: u64,
    crc: Crc,
}

/// What has come of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// So many bytes of content.
    Unpacked(usize),
    /// Nothing without more bytes.
    Hungry,
    /// All is unpacked.
    Complete,
}

impl Unpacker {
    pub(crate) fn new(entry: Entry) -> Result<Self, Error> {
        entry.ensure_readable()?;
        let is_stored = entry.method == CompressionMethod::STORE;
        Ok(Self {
            header: Vec::new(),
            missing: LOCAL_HEADER as usize,
            packed: entry.compressed_size,
            inflate: (!is_stored).then(|| Decompress::new(false)),
            unpacked: 0,
            crc: Crc::new(),
            entry,
        })
    }

    pub(crate) fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Takes from `input`, and writes to `output`, which must not be empty.
    pub(crate) fn step(&mut self, input: &mut Bytes, output: &mut [u8]) -> Result<Step, Error> {
        while self.missing > 0 {
            if input.is_empty() {
                return Ok(Step::Hungry);
            }
            self.read_header(input)?;
        }
        let packed = usize::try_from(self.packed).unwrap_or(usize::MAX);
        let packed = &input[..input.len().min(packed)];
        let (taken, given) = match &mut self.inflate {
            None => {
                let len = packed.len().min(output.len());
                output[..len].copy_from_slice(&packed[..len]);
                (len, len)
            }
            Some(inflate) => {
                let (taken, given) = (inflate.total_in(), inflate.total_out());
                let status = inflate.decompress(packed, output, FlushDecompress::None);
                let (taken, given) = (inflate.total_in() - taken, inflate.total_out() - given);
                let status = status.map_err(|error| {
                    self.entry
                        .damaged(format!("it cannot be inflated: {error}"))
                })?;
                if status == Status::StreamEnd {
                    self.inflate = None;
                    if taken < self.packed {
                        return Err(self.ends_elsewhere());
                    }
                }
                (taken as usize, given as usize)
            }
        };
        input.advance(taken);
        self.packed -= taken as u64;
        self.unpacked += given as u64;
        self.crc.update(&output[..given]);
        self.verify()?;
        if given > 0 {
            return Ok(Step::Unpacked(given));
        }
        if self.packed > 0 && input.is_empty() {
            return Ok(Step::Hungry);
        }
        if self.packed > 0 || self.inflate.is_some() {
            return Err(self.ends_elsewhere());
        }
        let (unpacked, size) = (self.unpacked, self.entry.size);
        if unpacked < size {
            let what = format!("it has {unpacked} bytes instead of {size}");
            return Err(self.entry.damaged(what));
        }
        Ok(Step::Complete)
    }

    fn read_header(&mut self, input: &mut Bytes) -> Result<(), Error> {
        let len = self.missing.min(input.len());
        self.header.extend_from_slice(&input.split_to(len));
        self.missing -= len;
        if self.missing > 0 {
            return Ok(());
        }
        let (fixed, behind) = self.header.split_at(LOCAL_HEADER as usize);
        let mut lengths = &fixed[26..];
        let (name, extra) = (lengths.get_u16_le(), lengths.get_u16_le());
        let (name, extra) = (usize::from(name), usize::from(extra));
        if behind.is_empty() {
            if !fixed.starts_with(LOCAL_SIGNATURE) {
                let what = "it does not begin where the directory says";
                return Err(self.entry.damaged(what));
            }
            let descriptor = match self.entry.has_descriptor {
                true => DESCRIPTOR,
                false => 0,
            };
            let taken = LOCAL_HEADER + (name + extra) as u64 + descriptor;
            let room = self.entry.room.end - self.entry.room.start;
            if taken.saturating_add(self.entry.compressed_size) > room {
                return Err(self.entry.overlaps());
            }
            self.missing = name + extra;
        }
        if self.missing == 0 && behind[..name] != *self.entry.raw_name() {
            return Err(self.entry.damaged("where it begins it has another name"));
        }
        Ok(())
    }

    /// Checks whatever can be told before more is given out.
    fn verify(&self) -> Result<(), Error> {
        let size = self.entry.size;
        if self.unpacked > size {
            let what = format!("it has more bytes than the {size} that it says");
            return Err(self.entry.damaged(what));
        }
        if self.unpacked == size && self.crc.sum() != self.entry.crc32 {
            return Err(self.entry.damaged("its content has another checksum"));
        }
        Ok(())
    }

    fn ends_elsewhere(&self) -> Error {
        let what = "its compressed content does not end where it should";
        self.entry.damaged(what)
    }
}
