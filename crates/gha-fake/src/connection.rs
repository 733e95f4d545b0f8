//! One TCP connection.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What requests know about the connection that they came by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connection {
    pub(crate) number: u64,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    reset: AtomicBool,
    /// How often everything that was written had left.
    flushes: AtomicU64,
    /// Who waits for the next time.
    waiting: Mutex<Option<Waker>>,
}

impl Connection {
    pub(crate) fn new(number: u64) -> Self {
        Self {
            number,
            shared: Arc::default(),
        }
    }

    /// Lets the connection end with RST in place of FIN when it is closed.
    pub(crate) fn reset(&self) {
        self.shared.reset.store(true, Ordering::SeqCst);
    }

    /// How often everything that was written had left.
    pub(crate) fn flushes(&self) -> u64 {
        self.shared.flushes.load(Ordering::SeqCst)
    }

    /// Wakes a task at the next flush.
    pub(crate) fn wake_at_flush(&self, waker: &Waker) {
        *self.waiting() = Some(waker.clone());
    }

    fn flushed(&self) {
        self.shared.flushes.fetch_add(1, Ordering::SeqCst);
        if let Some(waker) = self.waiting().take() {
            waker.wake();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Option<Waker>> {
        let waiting = self.shared.waiting.lock();
        waiting.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that ends as its [`Connection`] was told.
pub(crate) struct Stream {
    inner: TcpStream,
    connection: Connection,
}

impl Stream {
    pub(crate) fn new(inner: TcpStream, connection: Connection) -> Self {
        Self { inner, connection }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.connection.shared.reset.load(Ordering::SeqCst) {
            // Where it cannot be set, the client sees FIN: still a body that is too short.
            let _ = self.inner.set_zero_linger();
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        if flushed.is_ready() {
            self.connection.flushed();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
