//! Unpacking one entry from the bytes of its archive, as they come.

use bytes::{Buf as _, Bytes};
use flate2::{Crc, Decompress, FlushDecompress, Status};
use gha_core::Error;
use rawzip::CompressionMethod;

use crate::Entry;
use crate::directory::LOCAL_HEADER;
use crate::error::{damaged, refused};

/// How much is unpacked at once.
pub(crate) const PIECE: usize = 128 * 1024;

const SIGNATURE: &[u8] = b"PK\x03\x04";
/// What a data descriptor takes at least (APPNOTE section 4.3.9).
const DESCRIPTOR: u64 = 12;

/// Takes the bytes from an entry's local header on, and gives its content, verified against size and
/// checksum before the last of it.
pub(crate) struct Unpacker {
    entry: Entry,
    /// How many bytes it may take, header and all.
    room: u64,
    header: Vec<u8>,
    /// How many bytes of the header are still to come.
    missing: usize,
    /// How many bytes of the content are still packed.
    packed: u64,
    /// `None` for content that is stored.
    inflate: Option<Decompress>,
    inflated: bool,
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
    pub(crate) fn new(entry: &Entry, room: u64) -> Result<Self, Error> {
        entry.readable()?;
        let is_stored = entry.method == CompressionMethod::STORE;
        Ok(Self {
            room,
            header: Vec::new(),
            missing: LOCAL_HEADER as usize,
            packed: entry.compressed_size,
            inflate: (!is_stored).then(|| Decompress::new(false)),
            inflated: is_stored,
            unpacked: 0,
            crc: Crc::new(),
            entry: entry.clone(),
        })
    }

    /// Takes from `input`, and writes to `output`, which must not be empty.
    pub(crate) fn step(&mut self, input: &mut Bytes, output: &mut [u8]) -> Result<Step, Error> {
        while self.missing > 0 {
            if input.is_empty() {
                return Ok(Step::Hungry);
            }
            self.read_header(input)?;
        }
        let produced = match &mut self.inflate {
            None => {
                let len = output.len().min(input.len()).min(self.packed_at_once());
                input.split_to(len).copy_to_slice(&mut output[..len]);
                self.packed -= len as u64;
                len
            }
            Some(_) => self.inflate(input, output)?,
        };
        self.unpacked += produced as u64;
        self.crc.update(&output[..produced]);
        self.verify()?;
        if produced > 0 {
            return Ok(Step::Unpacked(produced));
        }
        let is_past_its_end = self.inflated && self.inflate.is_some();
        if self.packed > 0 && input.is_empty() && !is_past_its_end {
            return Ok(Step::Hungry);
        }
        let size = self.entry.size;
        if !self.inflated || self.packed > 0 {
            return Err(self.damaged("its compressed content does not end where it should"));
        }
        if self.unpacked < size {
            let unpacked = self.unpacked;
            return Err(self.damaged(&format!("it has {unpacked} bytes instead of {size}")));
        }
        Ok(Step::Complete)
    }

    /// How much of the input belongs to the content.
    fn packed_at_once(&self) -> usize {
        usize::try_from(self.packed).unwrap_or(usize::MAX)
    }

    fn inflate(&mut self, input: &mut Bytes, output: &mut [u8]) -> Result<usize, Error> {
        let len = input.len().min(self.packed_at_once());
        let Some(inflate) = self.inflate.as_mut().filter(|_| !self.inflated) else {
            return Ok(0);
        };
        let (taken, given) = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(&input[..len], output, FlushDecompress::None);
        let taken = (inflate.total_in() - taken) as usize;
        let given = (inflate.total_out() - given) as usize;
        let status = status.map_err(|error| {
            let name = &self.entry.name;
            damaged(format!("entry {name:?} cannot be inflated: {error}"))
        })?;
        input.advance(taken);
        self.packed -= taken as u64;
        self.inflated = status == Status::StreamEnd;
        Ok(given)
    }

    fn read_header(&mut self, input: &mut Bytes) -> Result<(), Error> {
        let len = self.missing.min(input.len());
        self.header.extend_from_slice(&input.split_to(len));
        self.missing -= len;
        if self.missing > 0 || self.header.len() > LOCAL_HEADER as usize {
            return Ok(());
        }
        if !self.header.starts_with(SIGNATURE) {
            return Err(self.damaged("it does not begin where the directory says"));
        }
        let field = |at| u16::from_le_bytes([self.header[at], self.header[at + 1]]);
        let fields = usize::from(field(26)) + usize::from(field(28));
        let descriptor = if self.entry.has_descriptor {
            DESCRIPTOR
        } else {
            0
        };
        let taken = LOCAL_HEADER + fields as u64 + descriptor;
        if taken.saturating_add(self.entry.compressed_size) > self.room {
            let name = &self.entry.name;
            return Err(refused(format!(
                "entry {name:?} overlaps with another or with the directory"
            )));
        }
        self.missing = fields;
        Ok(())
    }

    /// Checks whatever can be told before more is given out.
    fn verify(&self) -> Result<(), Error> {
        let size = self.entry.size;
        if self.unpacked > size {
            return Err(self.damaged(&format!("it has more bytes than the {size} that it says")));
        }
        if self.unpacked == size && self.crc.sum() != self.entry.crc32 {
            return Err(self.damaged("its content has another checksum"));
        }
        Ok(())
    }

    fn damaged(&self, what: &str) -> Error {
        damaged(format!("entry {:?}: {what}", self.entry.name))
    }
}
