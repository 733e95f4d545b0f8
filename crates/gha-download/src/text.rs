//! Logs as text.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::BytesMut;
use futures_core::Stream;
use futures_util::TryStreamExt;
use gha_core::{Error, ErrorKind};

use crate::ByteStream;

const MARK: &[u8] = "\u{feff}".as_bytes();

/// Text without a byte-order mark, with `\n` at the ends of lines; what is not UTF-8 becomes
/// U+FFFD.
pub(super) fn decode(mut bytes: Vec<u8>) -> String {
    strip(&mut bytes);
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Takes out the mark and the `\r` of each `\r\n`, in place: logs are large.
fn strip(bytes: &mut Vec<u8>) {
    let mut read = if bytes.starts_with(MARK) {
        MARK.len()
    } else {
        0
    };
    let mut written = 0;
    while read < bytes.len() {
        let found = memchr::memchr(b'\r', &bytes[read..]);
        let next = found.map_or(bytes.len(), |at| read + at + 1);
        let ends_line = found.is_some() && bytes.get(next) == Some(&b'\n');
        let kept = read..next - usize::from(ends_line);
        let length = kept.len();
        bytes.copy_within(kept, written);
        written += length;
        read = next;
    }
    bytes.truncate(written);
}

/// The lines of a [`Download`](super::Download), without their ends.
#[must_use = "streams do nothing unless polled"]
pub struct Lines {
    stream: ByteStream,
    buffer: BytesMut,
    /// How much of the buffer holds no end of a line.
    searched: usize,
    limit: usize,
    /// The number of the line in the buffer, counted from 1.
    number: u64,
    ended: bool,
}

impl Lines {
    pub(super) fn new(stream: ByteStream, limit: usize) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
            searched: 0,
            limit,
            number: 1,
            ended: false,
        }
    }

    /// The next line; `None` after the last.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] for a line beyond the limit; else as of
    /// [`ByteStream::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<String>, Error> {
        TryStreamExt::try_next(self).await
    }

    /// The next line in the buffer, if it is complete.
    fn buffered(&mut self) -> Option<Result<String, Error>> {
        match memchr::memchr(b'\n', &self.buffer[self.searched..]) {
            Some(at) => {
                let line = self.buffer.split_to(self.searched + at + 1);
                self.searched = 0;
                let line = &line[..line.len() - 1];
                Some(self.line(line.strip_suffix(b"\r").unwrap_or(line)))
            }
            None => {
                self.searched = self.buffer.len();
                // What stands around the text of a line must not count against it.
                let longest = self.limit.saturating_add(MARK.len() + 1);
                (self.searched > longest).then(|| Err(self.too_long()))
            }
        }
    }

    fn line(&mut self, line: &[u8]) -> Result<String, Error> {
        let line = self.without_mark(line);
        if line.len() > self.limit {
            return Err(self.too_long());
        }
        self.number += 1;
        Ok(String::from_utf8_lossy(line).into_owned())
    }

    fn without_mark<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        match line.strip_prefix(MARK) {
            Some(line) if self.number == 1 => line,
            _ => line,
        }
    }

    fn too_long(&self) -> Error {
        let (number, limit) = (self.number, self.limit);
        Error::new(
            ErrorKind::TooLarge,
            format!("line {number} is longer than {limit} bytes"),
        )
    }
}

impl Stream for Lines {
    type Item = Result<String, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let item = loop {
            if this.ended {
                return Poll::Ready(None);
            }
            if let Some(line) = this.buffered() {
                break line;
            }
            match ready!(Pin::new(&mut this.stream).poll_next(cx)) {
                Some(Ok(chunk)) => this.buffer.extend_from_slice(&chunk),
                Some(Err(error)) => break Err(error),
                None => {
                    this.ended = true;
                    let rest = this.buffer.split();
                    if !this.without_mark(&rest).is_empty() {
                        break this.line(&rest);
                    }
                }
            }
        };
        this.ended |= item.is_err();
        Poll::Ready(Some(item))
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("number", &self.number)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
