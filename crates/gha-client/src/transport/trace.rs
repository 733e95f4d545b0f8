//! `tracing` spans and events; nothing without the feature.

#[cfg(feature = "tracing")]
mod on {
    use gha_core::{ErrorKind, Operation, Wait};
    use http::{HeaderMap, StatusCode};
    use tracing::field::{Empty, display};
    use tracing::instrument::Instrument;

    /// The span of one attempt. Neither URL nor headers go in: they may hold secrets.
    pub(in crate::transport) struct Span(tracing::Span);

    impl Span {
        pub(in crate::transport) fn new(operation: &Operation, attempt: u32) -> Self {
            Self(tracing::debug_span!(
                "github_request",
                operation = operation.id,
                attempt,
                status = Empty,
                request_id = Empty,
                error = Empty,
            ))
        }

        pub(in crate::transport) async fn run<F: Future>(&self, future: F) -> F::Output {
            future.instrument(self.0.clone()).await
        }

        pub(in crate::transport) fn answered(&self, status: StatusCode, headers: &HeaderMap) {
            self.0.record("status", status.as_u16());
            let id = headers.get("x-github-request-id");
            if let Some(id) = id.and_then(|id| id.to_str().ok()) {
                self.0.record("request_id", id);
            }
        }

        pub(in crate::transport) fn failed(&self, kind: ErrorKind) {
            self.0.record("error", display(format_args!("{kind:?}")));
        }
    }

    pub(in crate::transport) fn waits(wait: &Wait<'_>) {
        tracing::info!(
            operation = wait.operation.id,
            attempts = wait.attempts,
            delay_ms = u64::try_from(wait.delay.as_millis()).unwrap_or(u64::MAX),
            reason = %wait.error,
            "waiting before the next attempt"
        );
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use gha_core::{ErrorKind, Operation, Wait};
    use http::{HeaderMap, StatusCode};

    pub(in crate::transport) struct Span;

    impl Span {
        pub(in crate::transport) fn new(_: &Operation, _: u32) -> Self {
            Self
        }

        pub(in crate::transport) fn run<F: Future>(&self, future: F) -> F {
            future
        }

        pub(in crate::transport) fn answered(&self, _: StatusCode, _: &HeaderMap) {}

        pub(in crate::transport) fn failed(&self, _: ErrorKind) {}
    }

    pub(in crate::transport) fn waits(_: &Wait<'_>) {}
}

#[cfg(not(feature = "tracing"))]
pub(super) use off::{Span, waits};
#[cfg(feature = "tracing")]
pub(super) use on::{Span, waits};
