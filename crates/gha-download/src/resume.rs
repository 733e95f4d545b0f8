//! A body that outlives its connections.

use std::sync::Arc;

use bytes::Bytes;
use gha_core::{Body, Error, ErrorKind, Retries};

use crate::blob::{Answer, Blob, Link, Position};
use crate::head::Head;

/// Reads a content, or a part of it, over as many connections as it takes.
#[derive(Debug)]
pub(super) struct Resuming {
    blob: Arc<Blob>,
    link: Option<Link>,
    start: u64,
    at: Position,
    /// Where the reader will be in the end, where that is known.
    end: Option<u64>,
    /// Where the answer that is being read ends, if it is a part: servers may give less than they are
    /// asked for ([RFC 9110, section 15.3.7](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7)).
    part_end: Option<u64>,
    body: Option<Body>,
    retries: Retries,
    /// The end of what has ever been received: only bytes beyond are new ones.
    farthest: u64,
}

#[derive(Debug)]
pub(super) enum Event {
    Data(Bytes),
    /// What was received does not belong to what comes: forget it.
    StartOver,
}

impl Resuming {
    /// Opens the whole content.
    pub(super) async fn open(blob: Blob) -> Result<(Self, Head), Error> {
        let at = Position {
            offset: 0,
            until: None,
            head: None,
            may_start_over: true,
        };
        let mut this = Self::part(Arc::new(blob), at);
        this.reopen(None).await?;
        let head = this.at.head.clone().ok_or_else(|| {
            Error::new(
                ErrorKind::UnexpectedStatus,
                "the blob store gave no content",
            )
        })?;
        Ok((this, head))
    }

    /// Reads a part, beginning with the first call of [`next`](Self::next).
    pub(super) fn part(blob: Arc<Blob>, at: Position) -> Self {
        Self {
            retries: blob.retries(),
            blob,
            link: None,
            start: at.offset,
            farthest: at.offset,
            end: at.until,
            part_end: None,
            at,
            body: None,
        }
    }

    /// Whether the reader can forget what it has and begin again.
    pub(super) fn may_start_over(&mut self, may: bool) {
        self.at.may_start_over = may;
    }

    /// Where the bytes come from.
    pub(super) fn blob(&self) -> Arc<Blob> {
        self.blob.clone()
    }

    /// How many bytes the reader has.
    pub(super) fn received(&self) -> u64 {
        self.at.offset - self.start
    }

    /// How many bytes the reader will have in the end, where that is known.
    pub(super) fn total(&self) -> Option<u64> {
        Some(self.end? - self.start)
    }

    pub(super) async fn next(&mut self) -> Result<Option<Event>, Error> {
        loop {
            if self.end == Some(self.at.offset) {
                self.body = None;
                return Ok(None);
            }
            let cause = match &mut self.body {
                None => None,
                Some(_) if self.part_end == Some(self.at.offset) => None,
                Some(body) => match body.chunk().await {
                    Ok(Some(chunk)) => return Ok(Some(self.take(chunk))),
                    Ok(None) if self.end.or(self.part_end).is_none() => {
                        self.end = Some(self.at.offset);
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

    /// Names the operation in an error.
    pub(super) fn attribute(&self, error: Error) -> Error {
        match &self.link {
            Some(link) => link.url.attribute(error),
            None => error,
        }
    }

    fn take(&mut self, mut chunk: Bytes) -> Event {
        // A store may send more than the range that it was asked for, or that it says.
        let end = self.end.into_iter().chain(self.part_end).min();
        let missing = end.map_or(u64::MAX, |end| end - self.at.offset);
        chunk.truncate(missing.try_into().unwrap_or(usize::MAX));
        self.at.offset += chunk.len() as u64;
        if self.at.offset > self.farthest {
            self.farthest = self.at.offset;
            self.retries.reset();
        }
        Event::Data(chunk)
    }

    async fn reopen(&mut self, cause: Option<Error>) -> Result<Option<Event>, Error> {
        let untouched = self.at.offset == 0 && self.at.until.is_none();
        let at = Position {
            may_start_over: self.at.may_start_over || untouched,
            ..self.at.clone()
        };
        match self
            .blob
            .open(&at, &mut self.link, &mut self.retries, cause)
            .await?
        {
            Answer::End(_) => {
                self.end = Some(self.at.offset);
                Ok(None)
            }
            Answer::Part(head, end, body) => {
                if self.end.is_none() {
                    self.end = head.total;
                }
                self.part_end = Some(end);
                self.body = Some(body);
                Ok(None)
            }
            Answer::Whole(head, body) => {
                self.end = head.total;
                self.part_end = None;
                self.at.offset = 0;
                self.at.head = Some(head);
                self.body = Some(body);
                Ok((!untouched).then_some(Event::StartOver))
            }
        }
    }

    fn truncated(&self) -> Error {
        Error::new(
            ErrorKind::Truncated,
            format!(
                "the body ended after {} bytes of {}",
                self.at.offset,
                self.end.or(self.part_end).unwrap_or_default()
            ),
        )
    }
}
