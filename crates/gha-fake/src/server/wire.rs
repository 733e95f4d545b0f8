//! Answers that hyper does not send, because they end early or are not what HTTP wants.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::fault::{Ending, Wire};

/// An answer that is written byte by byte, the last on its connection.
pub(super) struct RawAnswer {
    answer: Answer,
    wire: Wire,
    /// How much of the body is sent.
    sent: u64,
}

/// How often a throttled body is fed each second.
const STEPS: u64 = 50;
/// How many bytes of small chunks are written at once.
const TOGETHER: usize = 16 * 1024;

impl RawAnswer {
    pub(super) fn new(mut answer: Answer, mut wire: Wire, without_body: bool) -> Self {
        let len = answer.body().len();
        let sent = match wire.end {
            _ if without_body => 0,
            Some((sent, _)) => sent.unwrap_or(0).min(len),
            None => len,
        };
        let headers = answer.headers_mut();
        if wire.chunked {
            let chunked = HeaderValue::from_static("chunked");
            headers.entry(header::TRANSFER_ENCODING).or_insert(chunked);
        } else if !wire.until_close {
            let len = len.into();
            headers.entry(header::CONTENT_LENGTH).or_insert(len);
        }
        let close = HeaderValue::from_static("close");
        headers.entry(header::CONNECTION).or_insert(close);
        // What has no body has no last chunk.
        wire.chunked &= !without_body;
        Self { answer, wire, sent }
    }

    pub(super) async fn write(self, mut stream: TcpStream) -> io::Result<()> {
        if !matches!(self.wire.end, Some((None, _))) {
            stream.write_all(&self.head()).await?;
            self.write_body(&mut stream).await?;
        }
        match self.wire.end {
            None | Some((_, Ending::Close)) => stream.shutdown().await,
            Some((_, Ending::Reset)) => stream.set_zero_linger(),
            // Until the client goes.
            Some((_, Ending::Stall)) => stream.read_to_end(&mut Vec::new()).await.map(drop),
        }
    }

    fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {}\r\n", self.answer.status()).into_bytes();
        for (name, value) in self.answer.headers() {
            let line = [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"];
            head.extend(line.concat());
        }
        head.extend_from_slice(b"\r\n");
        head
    }

    async fn write_body(&self, stream: &mut TcpStream) -> io::Result<()> {
        let wire = &self.wire;
        let started = Instant::now();
        let mut at = 0;
        // Many small chunks leave together.
        let mut chunks = Vec::new();
        loop {
            for (_, gate) in wire.holds.iter().filter(|(after, _)| *after == at) {
                stream.write_all(&std::mem::take(&mut chunks)).await?;
                gate.passed().await;
            }
            if at >= self.sent {
                break;
            }
            let holds = wire.holds.iter().map(|(after, _)| *after);
            let ends = holds.chain(wire.piece.map(|piece| at.saturating_add(piece)));
            let mut end = ends.filter(|end| *end > at).fold(self.sent, u64::min);
            if let Some(rate) = wire.throttle {
                end = end.min(at + (rate / STEPS).max(1));
                let due = Duration::from_secs_f64(end as f64 / rate as f64);
                tokio::time::sleep_until(started + due).await;
            }
            let piece = self.corrupted(self.answer.body().chunk(at, end), at);
            at += piece.len() as u64;
            if wire.chunked {
                chunks.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
                chunks.extend_from_slice(&piece);
                chunks.extend_from_slice(b"\r\n");
            } else {
                stream.write_all(&piece).await?;
            }
            if chunks.len() > TOGETHER || wire.throttle.is_some() {
                stream.write_all(&std::mem::take(&mut chunks)).await?;
            }
        }
        if wire.chunked && wire.end.is_none() {
            chunks.extend_from_slice(b"0\r\n\r\n");
        }
        stream.write_all(&chunks).await
    }

    fn corrupted(&self, piece: Bytes, at: u64) -> Bytes {
        let start = self.answer.body().start() + at;
        let end = start + piece.len() as u64;
        let corrupt = self.wire.corrupt.iter();
        let mut here = corrupt.filter(|at| (start..end).contains(at)).peekable();
        if here.peek().is_none() {
            return piece;
        }
        let mut copy = piece.to_vec();
        here.for_each(|at| copy[(at - start) as usize] ^= 0xFF);
        copy.into()
    }
}
