//! Logs as text.

use std::borrow::Cow;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::TryStreamExt;
use gha_core::Error;

use crate::ByteStream;
use crate::collect::Collect;

const MARK: &str = "\u{feff}";

/// Text without a byte-order mark, with `\n` at the ends of lines; what is not UTF-8 becomes
/// U+FFFD. Decoded line by line while it arrives: logs are large.
#[derive(Debug, Default)]
pub(super) struct Text {
    decoded: String,
    /// The beginning of a line that is not whole yet.
    rest: Vec<u8>,
}

impl Collect for Text {
    fn reserve(&mut self, total: usize) {
        let more = total.saturating_sub(self.decoded.len());
        self.decoded.reserve(more);
    }

    fn push(&mut self, mut chunk: &[u8]) {
        if !self.rest.is_empty()
            && let Some(end) = memchr::memchr(b'\n', chunk)
        {
            self.rest.extend_from_slice(&chunk[..=end]);
            let line = mem::take(&mut self.rest);
            self.decode(&line);
            chunk = &chunk[end + 1..];
        }
        if let Some(last) = memchr::memrchr(b'\n', chunk) {
            self.decode(&chunk[..=last]);
            chunk = &chunk[last + 1..];
        }
        self.rest.extend_from_slice(chunk);
    }
}

impl Text {
    /// All of it.
    pub(super) fn finish(mut self) -> String {
        let line = mem::take(&mut self.rest);
        self.decode(&line);
        self.decoded
    }

    fn decode(&mut self, lines: &[u8]) {
        let lines = utf8(lines);
        let lines = match self.decoded.is_empty() {
            true => lines.strip_prefix(MARK).unwrap_or(&lines),
            false => &lines,
        };
        let mut from = 0;
        for at in memchr::memchr_iter(b'\r', lines.as_bytes()) {
            if lines.as_bytes().get(at + 1) == Some(&b'\n') {
                self.decoded.push_str(&lines[from..at]);
                from = at + 1;
            }
        }
        self.decoded.push_str(&lines[from..]);
    }
}

/// Looking for what is no UTF-8 takes several times as long as finding that all is.
fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// The lines of a [`Download`](super::Download), without their ends.
#[must_use = "streams do nothing unless polled"]
pub struct Lines {
    stream: ByteStream,
    limit: usize,
    skip_long: bool,
    /// A line that did not fit, cut; it stands before the block.
    cut: Option<String>,
    /// Whole lines as they came, and how far they are given out.
    block: String,
    given: usize,
    /// The beginning of the line that is not whole yet, and how many more bytes of it came.
    rest: Vec<u8>,
    lost: usize,
    is_first: bool,
    ended: bool,
}

impl Lines {
    pub(super) fn new(stream: ByteStream, limit: usize) -> Self {
        Self {
            stream,
            limit,
            skip_long: false,
            cut: None,
            block: String::new(),
            given: 0,
            rest: Vec::new(),
            lost: 0,
            is_first: true,
            ended: false,
        }
    }

    /// Leaves out lines that are longer than the limit, instead of cutting them.
    pub fn skip_long(mut self, skip: bool) -> Self {
        self.skip_long = skip;
        self
    }

    /// The next line; `None` after the last.
    ///
    /// # Errors
    ///
    /// As of [`ByteStream::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<String>, Error> {
        TryStreamExt::try_next(self).await
    }

    /// The next line of what has come.
    fn next_line(&mut self) -> Option<String> {
        if self.cut.is_some() {
            return self.cut.take();
        }
        while self.given < self.block.len() {
            let block = &self.block[self.given..];
            let end = memchr::memchr(b'\n', block.as_bytes());
            self.given += end.map_or(block.len(), |end| end + 1);
            let line = match end {
                Some(end) => block[..end].strip_suffix('\r').unwrap_or(&block[..end]),
                None => block,
            };
            if line.len() <= self.limit {
                return Some(line.to_owned());
            }
            if !self.skip_long {
                return Some(shortened(line, self.limit, line.len()));
            }
        }
        None
    }

    /// Takes in what has come, when all lines before it are given out.
    fn take(&mut self, mut chunk: &[u8]) {
        if let Some(end) = memchr::memchr(b'\n', chunk).filter(|_| self.lost > 0) {
            self.keep(&chunk[..end]);
            self.lost -= usize::from(self.rest.ends_with(b"\r"));
            self.finish_long_line();
            chunk = &chunk[end + 1..];
        }
        if let Some(last) = memchr::memrchr(b'\n', chunk) {
            let mut whole = mem::take(&mut self.rest);
            whole.extend_from_slice(&chunk[..=last]);
            self.begin_block(whole);
            chunk = &chunk[last + 1..];
        }
        self.keep(chunk);
    }

    fn begin_block(&mut self, lines: Vec<u8>) {
        self.block = String::from_utf8(lines)
            .unwrap_or_else(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        self.given = match self.is_first && self.block.starts_with(MARK) {
            true => MARK.len(),
            false => 0,
        };
        self.is_first = false;
    }

    /// Keeps as much of a line as may be given out, and what may stand around it.
    fn keep(&mut self, bytes: &[u8]) {
        let longest = self.limit.saturating_add(MARK.len() + 2);
        let kept = bytes.len().min(longest - self.rest.len());
        self.rest.extend_from_slice(&bytes[..kept]);
        self.lost += bytes.len() - kept;
        if let (1.., Some(last), Some(newest)) = (self.lost, self.rest.last_mut(), bytes.last()) {
            // It is not given out, but tells whether the line ends with a `\r`.
            *last = *newest;
        }
    }

    fn finish_long_line(&mut self) {
        let lost = mem::take(&mut self.lost);
        let kept = mem::take(&mut self.rest);
        let len = kept.len() + lost;
        self.begin_block(kept);
        if !self.skip_long {
            let line = &self.block[self.given..];
            self.cut = Some(shortened(line, self.limit, len - self.given));
        }
        self.given = self.block.len();
    }

    fn finish(&mut self) {
        self.ended = true;
        match self.lost {
            0 => {
                let rest = mem::take(&mut self.rest);
                self.begin_block(rest);
            }
            _ => self.finish_long_line(),
        }
    }
}

/// The beginning of a line of so many bytes, and how many of them are missing.
fn shortened(line: &str, limit: usize, len: usize) -> String {
    let mut end = limit.min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let more = len - end;
    format!("{}… [{more} more bytes]", &line[..end])
}

impl Stream for Lines {
    type Item = Result<String, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(line) = this.next_line() {
                return Poll::Ready(Some(Ok(line)));
            }
            if this.ended {
                return Poll::Ready(None);
            }
            match ready!(Pin::new(&mut this.stream).poll_next(cx)) {
                Some(Ok(chunk)) => this.take(&chunk),
                Some(Err(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => this.finish(),
            }
        }
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("limit", &self.limit)
            .field("skip_long", &self.skip_long)
            .finish_non_exhaustive()
    }
}
