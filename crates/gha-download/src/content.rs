//! A content that is read over as many connections as it takes.

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use gha_core::{Body, Error, ErrorKind, Retries};

use crate::blob::{Blob, Link, Opened, Wanted, contradiction};
use crate::head::Head;

/// How far a download has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The bytes received so far. It falls back to 0 where a download has to start over.
    pub received: u64,
    /// The bytes that the whole download has, where the blob store says so.
    pub total: Option<u64>,
}

pub(crate) type OnProgress = Box<dyn FnMut(Progress) + Send>;

/// How many new bytes make up for a failure. Whoever gives less again and again is given up.
const USEFUL: u64 = 16 * 1024;

/// The whole content, or a part of it, from one connection to the next.
pub(crate) struct Content {
    blob: Arc<Blob>,
    link: Option<Link>,
    start: u64,
    wanted: Wanted,
    /// Where the reader will be in the end, where that is known.
    end: Option<u64>,
    /// Where the answer that is being read ends, if it is a part: servers may give less than they are
    /// asked for ([RFC 9110, section 15.3.7](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7)).
    part_end: Option<u64>,
    body: Option<Body>,
    retries: Retries,
    /// The end of what has ever been received: only bytes beyond are new ones.
    farthest: u64,
    /// How many new bytes came since a failure was last made up for.
    fresh: u64,
    /// What was looked at before it is read.
    peeked: Option<Bytes>,
    pub(crate) on_progress: Option<OnProgress>,
}

#[derive(Debug)]
pub(crate) enum Event {
    Data(Bytes),
    /// What was received does not belong to what comes: forget it.
    StartOver,
}

/// glibc returns freed memory to the system where it is more than twice the largest block that was ever
/// freed. The buffers of a fast connection would come and go page by page, which takes a seventh of a
/// download's time: so a block that is large enough is freed. Nobody writes to it, and so it costs no memory.
fn keep_freed_memory() {
    const LARGE: usize = 4 * 1024 * 1024;
    if cfg!(target_env = "gnu") {
        drop(black_box(Vec::<u8>::with_capacity(LARGE)));
    }
}

impl Content {
    /// Opens the whole content.
    pub(crate) async fn open(blob: Blob) -> Result<(Self, Head), Error> {
        let wanted = Wanted {
            offset: 0,
            until: None,
            head: None,
            may_start_over: true,
        };
        keep_freed_memory();
        let mut this = Self::part(Arc::new(blob), wanted);
        this.reopen(None).await?;
        let head = this.wanted.head.clone().ok_or_else(|| {
            Error::new(
                ErrorKind::UnexpectedStatus,
                "the blob store gave no content",
            )
        })?;
        Ok((this, head))
    }

    /// Reads a part, beginning with the first call of [`next`](Self::next).
    pub(crate) fn part(blob: Arc<Blob>, wanted: Wanted) -> Self {
        Self {
            retries: blob.retries(),
            blob,
            link: None,
            start: wanted.offset,
            farthest: wanted.offset,
            end: wanted.until,
            part_end: None,
            wanted,
            body: None,
            fresh: 0,
            peeked: None,
            on_progress: None,
        }
    }

    /// For a reader that cannot forget what it has and begin again.
    pub(crate) fn never_starting_over(mut self) -> Self {
        self.wanted.may_start_over = false;
        self
    }

    /// Where the bytes come from.
    pub(crate) fn blob(&self) -> Arc<Blob> {
        self.blob.clone()
    }

    /// Who is told of progress, for one who reads in another way.
    pub(crate) fn into_on_progress(self) -> Option<OnProgress> {
        self.on_progress
    }

    /// How many bytes were received.
    pub(crate) fn received(&self) -> u64 {
        self.wanted.offset - self.start
    }

    /// How many bytes there will be in the end, where that is known.
    pub(crate) fn total(&self) -> Option<u64> {
        Some(self.end? - self.start)
    }

    /// Names the operation in an error.
    pub(crate) fn attribute(&self, error: Error) -> Error {
        self.blob.attribute(error)
    }

    /// The next event; `None` when all is received.
    pub(crate) async fn next(&mut self) -> Result<Option<Event>, Error> {
        let event = match self.peeked.take() {
            Some(peeked) => Some(Event::Data(peeked)),
            None => self
                .receive()
                .await
                .map_err(|error| self.attribute(error))?,
        };
        if let (Some(_), Some(on_progress)) = (&event, &mut self.on_progress) {
            on_progress(Progress {
                received: self.wanted.offset - self.start,
                total: self.end.map(|end| end - self.start),
            });
        }
        Ok(event)
    }

    /// The first `len` bytes, or all if there are fewer. They stay to be read.
    pub(crate) async fn peek(&mut self, len: usize) -> Result<&[u8], Error> {
        // Kept at every step: what came stays, whether this fails or is dropped.
        while self.peeked.as_ref().map_or(0, Bytes::len) < len {
            let event = self.receive().await;
            match event.map_err(|error| self.attribute(error))? {
                Some(Event::Data(chunk)) => {
                    let mut front = BytesMut::from(self.peeked.take().unwrap_or_default());
                    front.extend_from_slice(&chunk);
                    self.peeked = Some(front.freeze());
                }
                Some(Event::StartOver) => self.peeked = None,
                None => break,
            }
        }
        let front = self.peeked.as_deref().unwrap_or_default();
        Ok(&front[..len.min(front.len())])
    }

    async fn receive(&mut self) -> Result<Option<Event>, Error> {
        loop {
            if self.end == Some(self.wanted.offset) {
                self.ensure_end().await?;
                return Ok(None);
            }
            let cause = match &mut self.body {
                None => None,
                Some(_) if self.part_end == Some(self.wanted.offset) => {
                    self.ensure_end().await?;
                    self.stingy()
                }
                Some(body) => match body.chunk().await {
                    Ok(Some(chunk)) => return self.take(chunk).map(Some),
                    Ok(None) if self.end.or(self.part_end).is_none() => {
                        self.end = Some(self.wanted.offset);
                        continue;
                    }
                    Ok(None) => Some(self.truncated()),
                    Err(error) => Some(error),
                },
            };
            self.body = None;
            if let Some(event) = self.reopen(cause).await? {
                return Ok(Some(event));
            }
        }
    }

    fn take(&mut self, mut chunk: Bytes) -> Result<Event, Error> {
        let wanted = &mut self.wanted;
        let after = wanted.offset.saturating_add(chunk.len() as u64);
        let said = self.part_end.or(self.end);
        if said.is_some_and(|said| after > said) {
            return Err(too_much());
        }
        // A part may go on behind what was asked for.
        if let Some(end) = self.end.filter(|end| after > *end) {
            chunk.truncate((end - wanted.offset) as usize);
        }
        wanted.offset += chunk.len() as u64;
        if wanted.offset > self.farthest {
            self.fresh += wanted.offset - self.farthest;
            self.farthest = wanted.offset;
        }
        if self.fresh >= USEFUL {
            self.fresh = 0;
            self.retries.reset();
        }
        Ok(Event::Data(chunk))
    }

    /// Whatever follows the end that an answer promised makes it doubtful.
    async fn ensure_end(&mut self) -> Result<(), Error> {
        let part_end = self.part_end;
        let Some(mut body) = self.body.take() else {
            return Ok(());
        };
        let is_cut = part_end.is_some_and(|part_end| part_end > self.wanted.offset);
        if is_cut || http_body::Body::is_end_stream(&body) {
            return Ok(());
        }
        match body.chunk().await {
            Ok(Some(_)) => Err(too_much()),
            Ok(None) | Err(_) => Ok(()),
        }
    }

    async fn reopen(&mut self, cause: Option<Error>) -> Result<Option<Event>, Error> {
        let untouched = self.wanted.offset == 0 && self.wanted.until.is_none();
        let wanted = Wanted {
            may_start_over: self.wanted.may_start_over || untouched,
            ..self.wanted.clone()
        };
        let follows_failure = cause.is_some();
        let opened = self
            .blob
            .open(&wanted, &mut self.link, &mut self.retries, cause);
        let opened = opened.await?;
        if !follows_failure {
            // It may break much later, when the reader has paused.
            self.retries.reset();
        }
        match opened {
            Opened::End(_) => {
                self.end = Some(self.wanted.offset);
                Ok(None)
            }
            Opened::Part(head, end, body) => {
                self.end = self.end.or(head.total);
                if let Some(known) = &mut self.wanted.head {
                    known.total = known.total.or(head.total);
                }
                self.part_end = Some(end);
                self.body = Some(body);
                Ok(None)
            }
            Opened::Whole(head, body) => {
                self.end = head.total;
                self.part_end = None;
                self.wanted.offset = 0;
                self.wanted.head = Some(head);
                self.body = Some(body);
                Ok((!untouched).then_some(Event::StartOver))
            }
        }
    }

    /// A store may give less than it is asked for, but not next to nothing for ever.
    fn stingy(&self) -> Option<Error> {
        (self.fresh > 0).then(|| self.truncated())
    }

    fn truncated(&self) -> Error {
        let end = self.end.or(self.part_end).unwrap_or_default();
        Error::new(
            ErrorKind::Truncated,
            format!("the body ended after {} bytes of {end}", self.wanted.offset),
        )
    }
}

fn too_much() -> Error {
    contradiction("there are more bytes than it said")
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("received", &self.received())
            .field("total", &self.total())
            .finish_non_exhaustive()
    }
}
