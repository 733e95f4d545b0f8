//! Answers that hyper does not send, because they end early or are not what HTTP wants.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::fault::{Cut, Ending, Wire};

/// An answer that is written byte by byte, the last on its connection.
#[derive(Debug)]
pub(super) struct RawAnswer {
    answer: Answer,
    wire: Wire,
    /// How much of the body is sent.
    sent: u64,
    ending: Ending,
}

/// How often a throttled body is fed each second.
const STEPS: u64 = 50;

impl RawAnswer {
    pub(super) fn new(mut answer: Answer, wire: Wire, without_body: bool) -> Self {
        let len = answer.body().len();
        let (sent, ending) = match wire.end {
            None => (len, Ending::Complete),
            Some((Cut::Nothing, ending)) => (0, ending),
            Some((Cut::At(bytes), ending)) => (bytes.min(len), ending),
            Some((Cut::Half, ending)) => (len / 2, ending),
        };
        let declared = if ending == Ending::Complete {
            sent
        } else {
            len
        };
        let headers = answer.headers_mut();
        headers
            .entry(header::CONTENT_LENGTH)
            .or_insert(declared.into());
        headers
            .entry(header::CONNECTION)
            .or_insert(HeaderValue::from_static("close"));
        Self {
            answer,
            wire,
            sent: if without_body { 0 } else { sent },
            ending,
        }
    }

    pub(super) async fn write(self, mut stream: TcpStream) -> io::Result<()> {
        if !matches!(self.wire.end, Some((Cut::Nothing, _))) {
            stream.write_all(&self.head()).await?;
            self.write_body(&mut stream).await?;
        }
        match self.ending {
            Ending::Complete | Ending::Close => stream.shutdown().await,
            Ending::Reset => stream.set_zero_linger(),
            // Until the client goes.
            Ending::Stall => stream.read_to_end(&mut Vec::new()).await.map(drop),
        }
    }

    fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {}\r\n", self.answer.status()).into_bytes();
        for (name, value) in self.answer.headers() {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        head
    }

    async fn write_body(&self, stream: &mut TcpStream) -> io::Result<()> {
        let started = Instant::now();
        let mut at = 0;
        while at < self.sent {
            let mut end = self.sent;
            if let Some(rate) = self.wire.throttle {
                end = end.min(at + (rate / STEPS).max(1));
                let due = Duration::from_secs_f64(end as f64 / rate as f64);
                tokio::time::sleep_until(started + due).await;
            }
            let chunk = self.answer.body().chunk(at, end);
            stream.write_all(&self.corrupted(&chunk, at)).await?;
            at += chunk.len() as u64;
        }
        Ok(())
    }

    fn corrupted(&self, chunk: &Bytes, at: u64) -> Bytes {
        let start = self.answer.body().start() + at;
        let range = start..start + chunk.len() as u64;
        let mut bytes = self
            .wire
            .corrupt
            .iter()
            .filter(|at| range.contains(at))
            .peekable();
        if bytes.peek().is_none() {
            return chunk.clone();
        }
        let mut copy = chunk.to_vec();
        bytes.for_each(|byte| copy[(byte - start) as usize] ^= 0xFF);
        copy.into()
    }
}
