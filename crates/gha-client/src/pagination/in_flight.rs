//! A page that was asked for and has not come yet.
//!
//! A task of its own brings it: a request that stood still while its stream is not polled would keep
//! its turn to send, and hold up the client's other requests.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use gha_api::{Error, ErrorKind, PageBody, Paginated, Response};
use tokio::task::JoinHandle;

type Reply<T> = Result<Response<PageBody<T>>, Error>;

pub(super) struct InFlight<T> {
    pub(super) number: i64,
    task: Task<T>,
}

/// Cancelled when dropped.
struct Task<T>(JoinHandle<Reply<T>>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static> InFlight<T> {
    pub(super) fn start<P: Paginated<Item = T>>(builder: P, number: i64) -> Self {
        let reply = builder.with_page(number).send_page();
        #[cfg(feature = "tracing")]
        let reply = tracing::Instrument::in_current_span(reply);
        let task = Task(tokio::spawn(reply));
        Self { number, task }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Reply<T>> {
        Poll::Ready(match ready!(Pin::new(&mut self.task.0).poll(cx)) {
            Ok(reply) => reply,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(cancelled) => Err(Error::new(
                    ErrorKind::Network,
                    "the runtime was shut down while a page was on its way",
                )
                .with_source(cancelled)),
            },
        })
    }
}
