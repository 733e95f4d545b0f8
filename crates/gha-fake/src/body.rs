use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::Content;
use crate::connection::Connection;
use crate::fault::{Cut, End, Ending, Wire};

/// A part of a content on its way, with what goes wrong there.
pub(crate) struct Served {
    content: Content,
    at: u64,
    /// Where sending stops.
    stop: u64,
    /// Where `Content-Length` says that it does.
    declared: u64,
    ending: Option<Ending>,
    /// How many flushes there had been when the last byte was handed over.
    flushes: Option<u64>,
    wire: Wire,
    pace: Option<Pace>,
    connection: Connection,
}

/// The speed limit of a body.
struct Pace {
    started: Instant,
    from: u64,
    rate: u64,
    sleep: Pin<Box<Sleep>>,
}

/// How often a throttled body is fed each second.
const STEPS: u64 = 50;

impl Served {
    pub(crate) fn new(
        content: Content,
        range: Range<u64>,
        wire: Wire,
        connection: Connection,
    ) -> Self {
        let len = range.end - range.start;
        let (sent, ending) = match wire.end {
            Some(End { after, how }) => {
                let bytes = match after {
                    Cut::At(bytes) => bytes,
                    Cut::Half => len / 2,
                };
                (bytes.min(len), Some(how))
            }
            None => (len, None),
        };
        let declared = match ending {
            Some(Ending::Complete) => sent,
            _ => len,
        };
        let pace = wire.throttle.map(|rate| Pace {
            started: Instant::now(),
            from: range.start,
            rate,
            sleep: Box::pin(tokio::time::sleep(Duration::ZERO)),
        });
        Self {
            at: range.start,
            stop: range.start + sent,
            declared: range.start + declared,
            ending: ending.filter(|_| sent < len),
            flushes: None,
            content,
            wire,
            pace,
            connection,
        }
    }

    fn end(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let flushes = self
            .flushes
            .get_or_insert_with(|| self.connection.flushes());
        match self.ending {
            None | Some(Ending::Complete) => Poll::Ready(None),
            Some(Ending::Stall) => Poll::Pending,
            // What was handed over already shall leave before the connection goes.
            Some(_) if self.connection.flushes() <= *flushes => {
                self.connection.wake_at_flush(cx.waker());
                Poll::Pending
            }
            Some(how) => {
                if how == Ending::Reset {
                    self.connection.reset();
                }
                let gone = std::io::Error::other("a fault ends this connection");
                Poll::Ready(Some(Err(gone)))
            }
        }
    }

    fn corrupted(&self, mut chunk: Bytes) -> Bytes {
        let range = self.at..self.at + chunk.len() as u64;
        for byte in self.wire.corrupt.iter().filter(|byte| range.contains(byte)) {
            let mut copy = chunk.to_vec();
            copy[(byte - self.at) as usize] ^= 0xFF;
            chunk = copy.into();
        }
        chunk
    }
}

impl Body for Served {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let this = &mut *self;
        if this.at >= this.stop {
            return this.end(cx);
        }
        let mut end = this.stop;
        if let Some(pace) = &mut this.pace {
            end = end.min(this.at + (pace.rate / STEPS).max(1));
            let due = Duration::from_secs_f64((end - pace.from) as f64 / pace.rate as f64);
            pace.sleep.as_mut().reset(pace.started + due);
            if pace.sleep.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        let chunk = this.corrupted(this.content.chunk(this.at, end));
        this.at += chunk.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.at >= self.declared
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.declared - self.at)
    }
}
