use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;

/// The end of an archive as a file that has nothing before it.
#[derive(Debug)]
pub(super) struct Window {
    bytes: Bytes,
    start: u64,
    len: u64,
    at: u64,
}

impl Window {
    pub(super) fn new(bytes: Bytes, len: u64) -> Self {
        Self {
            start: len - bytes.len() as u64,
            bytes,
            len,
            at: 0,
        }
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at < self.start {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it refers to what lies outside of it",
            ));
        }
        let from = usize::try_from(self.at - self.start).unwrap_or(usize::MAX);
        let rest = self.bytes.get(from..).unwrap_or_default();
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
