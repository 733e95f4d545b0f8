//! `tracing` spans and events. Neither URLs nor headers go in: they may hold secrets.

use gha_core::{Error, Operation, Wait};
use http::Response;
use tracing::Span;
use tracing::field::{Empty, debug};

/// The span of one attempt.
pub(super) fn attempt(operation: &Operation, attempt: u32) -> Span {
    tracing::debug_span!(
        "github_request",
        operation = operation.id,
        attempt,
        status = Empty,
        request_id = Empty,
        error = Empty,
    )
}

pub(super) fn ended<B>(span: &Span, outcome: &Result<Response<B>, Error>) {
    match outcome {
        Ok(response) => {
            span.record("status", response.status().as_u16());
            let id = response.headers().get("x-github-request-id");
            if let Some(id) = id.and_then(|id| id.to_str().ok()) {
                span.record("request_id", id);
            }
        }
        Err(error) => {
            span.record("error", debug(error.kind()));
        }
    }
}

pub(super) fn waits(wait: &Wait<'_>) {
    tracing::info!(
        operation = wait.operation.id,
        attempts = wait.attempts,
        delay_ms = u64::try_from(wait.delay.as_millis()).unwrap_or(u64::MAX),
        reason = %wait.error,
        "waiting before the next attempt"
    );
}
