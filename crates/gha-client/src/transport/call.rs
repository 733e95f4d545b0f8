//! A call of an operation: as many attempts as it takes, and the waits between them.

use std::time::Duration;

use gha_api::{Error, ErrorKind, Operation};
use http::header::HeaderMap;
use http::{Method, StatusCode};
use reqwest::ResponseBuilderExt;
use tokio::time::{Instant, sleep};

use super::attempt::{Answer, Failure, is_idempotent};
use super::{ApiTransport, body, trace};
use crate::retry::{Wait, retry_after};

/// How long to wait for a secondary limit that says nothing of it, and by how much to wait longer
/// each time, [as GitHub asks](https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately).
const UNTOLD_WAIT: Duration = Duration::from_secs(60);

/// The least wait for a limit: those that say zero would be asked again at once.
const LEAST_WAIT: Duration = Duration::from_secs(1);

pub(super) struct Call<'a> {
    transport: &'a ApiTransport,
    request: reqwest::Request,
    operation: &'static Operation,
    /// The path asked for, which errors name even after a move.
    path: String,
    count: Count,
}

/// What a call has spent so far. Responses carry it, so that a call goes on with it when their body
/// turns out to be cut short.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    started: Instant,
    attempts: u32,
    /// Attempts that a limit refused, and the time that limits cost.
    refusals: u32,
    limited: Duration,
    /// Whether a failed attempt may have done its work nevertheless.
    perhaps_done: bool,
}

impl Count {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            attempts: 0,
            refusals: 0,
            limited: Duration::ZERO,
            perhaps_done: false,
        }
    }
}

impl<'a> Call<'a> {
    pub(super) fn new(
        transport: &'a ApiTransport,
        request: reqwest::Request,
        operation: &'static Operation,
        count: Count,
    ) -> Self {
        Self {
            transport,
            path: request.url().path().to_owned(),
            request,
            operation,
            count,
        }
    }

    /// Goes on after a body that was cut short, if that makes sense.
    pub(super) fn again(self) -> Option<impl Future<Output = Result<reqwest::Response, Error>>> {
        if !is_idempotent(self.request.method()) {
            return None;
        }
        let error = self.named(body::cut_short());
        let delay = self.delay(&error)?;
        Some(async move {
            self.wait(delay, &error).await;
            self.run().await
        })
    }

    pub(super) async fn run(mut self) -> Result<reqwest::Response, Error> {
        let mut refusal = None;
        loop {
            let (settings, pace) = (&self.transport.settings, &self.transport.pace);
            let (authorization, turn) = loop {
                while let Some(delay) = pace.held() {
                    self.wait_for_limit(delay, refusal.take()).await?;
                }
                // Before the turn, for a token source may have requests of its own.
                let authorization = settings.auth.header().await;
                let authorization = authorization.map_err(|error| self.named(error))?;
                let turn = pace.turn(settings.timeout).await;
                // Whoever had the turn before may have met a limit.
                if pace.held().is_none() {
                    break (authorization, turn);
                }
            };
            self.count.attempts += 1;
            let (attempt, authorization) = (self.count.attempts, authorization.as_ref());
            let outcome = self
                .transport
                .attempt(&mut self.request, authorization, self.operation, attempt)
                .await;
            drop(turn);
            let (error, last) = match outcome {
                Ok(answer) if self.was_deleted(&answer) => return Ok(self.no_content(answer)),
                Ok(answer) => match self.flaw(&answer) {
                    None => return Ok(self.response(answer)),
                    Some(error) if error.is_rate_limited() => {
                        refusal = Some(self.hold(error, &answer.headers)?);
                        continue;
                    }
                    Some(error) => (error, Some(answer)),
                },
                Err(failure) => (self.retriable(failure)?, None),
            };
            match (self.delay(&error), last) {
                (Some(delay), _) => self.wait(delay, &error).await,
                // The caller makes the error of it, as of every other status.
                (None, Some(answer)) if !answer.status.is_success() => {
                    return Ok(self.response(answer));
                }
                (None, _) => return Err(error),
            }
        }
    }

    /// What is wrong with an answer that another attempt may mend.
    fn flaw(&mut self, answer: &Answer) -> Option<Error> {
        let error = || {
            let Answer {
                status,
                headers,
                body,
            } = answer;
            self.named(Error::from_response(*status, headers.clone(), body))
        };
        let flaw = match answer.status.as_u16() {
            403 | 429 => return Some(error()).filter(Error::is_rate_limited),
            408 | 500 | 502 | 503 | 504 if is_idempotent(self.request.method()) => error(),
            _ => return None,
        };
        self.count.perhaps_done = true;
        Some(flaw)
    }

    /// The error of a failed attempt, as `Ok` if another one makes sense.
    fn retriable(&mut self, failure: Failure) -> Result<Error, Error> {
        let error = self.named(failure.error);
        let safe = !failure.sent || is_idempotent(self.request.method());
        if !(failure.transient && safe) {
            return Err(error);
        }
        self.count.perhaps_done |= failure.sent;
        Ok(error)
    }

    /// Whether what is to be deleted is gone after an attempt that seemed to fail.
    fn was_deleted(&self, answer: &Answer) -> bool {
        self.count.perhaps_done
            && answer.status == StatusCode::NOT_FOUND
            && self.request.method() == Method::DELETE
    }

    /// Holds all requests back after a limit refused this one, or gives up.
    fn hold(&mut self, error: Error, headers: &HeaderMap) -> Result<Error, Error> {
        let doubled = 2u32.saturating_pow(self.count.refusals);
        self.count.refusals += 1;
        let least = LEAST_WAIT.saturating_mul(doubled);
        let delay = match error.retry_after() {
            Some(asked) => asked.max(least),
            None => UNTOLD_WAIT.saturating_mul(doubled),
        };
        let error = error.with_retry_after(delay);
        if self.count.limited.saturating_add(delay) > self.transport.settings.max_rate_limit_wait {
            return Err(error);
        }
        let primary = headers
            .get("x-ratelimit-remaining")
            .is_some_and(|remaining| remaining == "0");
        self.transport.pace.hold(delay, !primary);
        Ok(error)
    }

    /// Waits while requests are held back; without a refusal of its own, for that of another call.
    async fn wait_for_limit(
        &mut self,
        delay: Duration,
        refusal: Option<Error>,
    ) -> Result<(), Error> {
        let error = refusal.unwrap_or_else(|| {
            self.named(Error::new(
                ErrorKind::RateLimited,
                "a rate limit that another request met still holds",
            ))
            .with_retry_after(delay)
        });
        let limited = self.count.limited.saturating_add(delay);
        if limited > self.transport.settings.max_rate_limit_wait {
            return Err(error);
        }
        self.count.limited = limited;
        self.wait(delay, &error).await;
        Ok(())
    }

    /// How long to wait before the next attempt, if there is to be one.
    fn delay(&self, error: &Error) -> Option<Duration> {
        let Count {
            attempts, refusals, ..
        } = self.count;
        let spent = self.count.started.elapsed();
        self.transport.settings.retry.delay(
            attempts - refusals,
            spent.saturating_sub(self.count.limited),
            retry_after(error.headers()),
        )
    }

    async fn wait(&self, delay: Duration, error: &Error) {
        let wait = Wait {
            operation: self.operation,
            attempts: self.count.attempts,
            delay,
            error,
        };
        trace::waits(&wait);
        if let Some(on_wait) = &self.transport.settings.on_wait {
            on_wait(&wait);
        }
        sleep(delay).await;
    }

    fn named(&self, error: Error) -> Error {
        error.with_operation(self.operation).with_path(&*self.path)
    }

    fn no_content(&self, mut answer: Answer) -> reqwest::Response {
        answer.status = StatusCode::NO_CONTENT;
        answer.body.clear();
        self.response(answer)
    }

    fn response(&self, answer: Answer) -> reqwest::Response {
        let mut response = http::Response::builder()
            .status(answer.status)
            .url(self.request.url().clone())
            .extension(self.count)
            .body(answer.body)
            .unwrap_or_default();
        *response.headers_mut() = answer.headers;
        response.into()
    }
}
