//! What every sink reads from: bytes that are counted and verified.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use gha_core::{Error, ErrorKind};

use crate::blob::Blob;
use crate::digest::{Check, Expected};
use crate::progress::{Callback, Progress};
use crate::resume::{Event, Resuming};

pub(super) struct Content {
    body: Resuming,
    pub(super) expected: Option<Expected>,
    check: Option<Check>,
    pub(super) progress: Option<Callback>,
}

impl Content {
    pub(super) fn new(body: Resuming) -> Self {
        Self {
            body,
            expected: None,
            check: None,
            progress: None,
        }
    }

    /// Whether the reader can forget what it has and begin again.
    pub(super) fn may_start_over(mut self, may: bool) -> Self {
        self.body.may_start_over(may);
        self
    }

    /// Where the bytes come from.
    pub(super) fn blob(&self) -> Arc<Blob> {
        self.body.blob()
    }

    pub(super) fn received(&self) -> u64 {
        self.body.received()
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.body.total()
    }

    /// The next event; `None` when all is received and verified.
    pub(super) async fn next(&mut self) -> Result<Option<Event>, Error> {
        let event = self.advance().await;
        event.map_err(|error| self.attribute(error))
    }

    /// Names the operation in an error.
    pub(super) fn attribute(&self, error: Error) -> Error {
        self.body.attribute(error)
    }

    async fn advance(&mut self) -> Result<Option<Event>, Error> {
        if let Some(expected) = self.expected.take() {
            self.check = Some(Check::start(expected));
        }
        let event = self.body.next().await?;
        if let Some(check) = &self.check {
            match &event {
                Some(Event::Data(chunk)) => check.update(chunk.clone()).await,
                Some(Event::StartOver) => check.start_over(),
                None => {}
            }
        }
        if event.is_none() {
            if let Some(check) = self.check.take() {
                check.finish().await?;
            }
        } else if let Some(callback) = &mut self.progress {
            callback(Progress {
                received: self.body.received(),
                total: self.body.total(),
            });
        }
        Ok(event)
    }

    /// The next bytes, for a reader that may not start over.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        match self.next().await? {
            Some(Event::Data(chunk)) => Ok(Some(chunk)),
            Some(Event::StartOver) => Err(Error::new(
                ErrorKind::Changed,
                "the download started over while it was read",
            )),
            None => Ok(None),
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("received", &self.received())
            .field("total", &self.total())
            .finish_non_exhaustive()
    }
}
