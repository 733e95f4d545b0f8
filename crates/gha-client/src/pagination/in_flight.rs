//! A page that was asked for and has not come yet.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use gha_api::{Error, ErrorKind, PageBody, Paginated, Response};
use tokio::task::JoinHandle;

type Reply<T> = Result<Response<PageBody<T>>, Error>;

pub(super) struct InFlight<T> {
    pub(super) number: i64,
    request: Request<T>,
}

enum Request<T> {
    /// Goes on while the stream is polled.
    Future(Pin<Box<dyn Future<Output = Reply<T>> + Send>>),
    /// Goes on while the caller is busy.
    Task(Task<T>),
}

/// Cancelled when dropped.
struct Task<T>(JoinHandle<Reply<T>>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static> InFlight<T> {
    pub(super) fn start<P: Paginated<Item = T>>(builder: P, number: i64, spawn: bool) -> Self {
        let reply = builder.with_page(number).send_page();
        Self {
            number,
            request: if spawn {
                #[cfg(feature = "tracing")]
                let reply = tracing::Instrument::in_current_span(reply);
                Request::Task(Task(tokio::spawn(reply)))
            } else {
                Request::Future(Box::pin(reply))
            },
        }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Reply<T>> {
        let task = match &mut self.request {
            Request::Future(reply) => return reply.as_mut().poll(cx),
            Request::Task(task) => task,
        };
        Poll::Ready(match ready!(Pin::new(&mut task.0).poll(cx)) {
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
