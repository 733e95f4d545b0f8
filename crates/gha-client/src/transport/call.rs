//! A call of an operation: as many attempts as it takes, and the waits between them.

use std::time::Duration;

use bytes::Bytes;
use gha_core::{Answer, Body, Context, Error, ErrorKind, RateLimit, Retries, redacted};
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderValue, USER_AGENT};
use http::{HeaderName, Method, Request, Response, StatusCode};
use tracing::Instrument as _;

use super::{ApiTransport, gzip, moves, trace};

const API_VERSION: HeaderName = HeaderName::from_static("x-github-api-version");

/// How long to wait for a secondary limit that says nothing of it, and by how much to wait longer
/// each time, [as GitHub asks](https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately).
const UNTOLD_WAIT: Duration = Duration::from_secs(60);

/// The least wait for a limit: those that say zero would be asked again at once.
const LEAST_WAIT: Duration = Duration::from_secs(1);

pub(super) struct Call<'a> {
    transport: &'a ApiTransport,
    request: Request<Bytes>,
    context: Context,
    /// The path asked for, which errors name even after a move.
    path: String,
    retries: Retries,
    /// How often a limit refused an attempt, and what the last of them said.
    refusals: u32,
    refusal: Option<Error>,
    /// The time that limits cost.
    limited: Duration,
    /// Whether a failed attempt may have done its work nevertheless.
    perhaps_done: bool,
    /// Whether a token was refused, and another one is tried.
    renewed: bool,
    /// Whether a content is left to be read as it arrives.
    opens: bool,
    content: Option<Body>,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        transport: &'a ApiTransport,
        request: Request<Bytes>,
        context: &Context,
    ) -> Self {
        let settings = &transport.settings;
        let mut context = context.clone();
        context.timeout.get_or_insert(settings.timeout);
        let policy = context.retry.clone();
        Self {
            transport,
            path: request.uri().path().to_owned(),
            request,
            context,
            retries: Retries::new(policy.unwrap_or_else(|| settings.retry.clone())),
            refusals: 0,
            refusal: None,
            limited: Duration::ZERO,
            perhaps_done: false,
            renewed: false,
            opens: false,
            content: None,
        }
    }

    pub(super) async fn run(&mut self) -> Result<Response<Bytes>, Error> {
        loop {
            let authorization = self.permission().await?;
            let outcome = self.attempt(authorization.as_ref()).await;
            let error = match outcome {
                Ok(response) if self.was_deleted(&response) => return Ok(no_content(response)),
                Ok(response) if self.may_renew(&response, authorization.as_ref()).await => continue,
                Ok(response) => match self.flaw(&response) {
                    None => return Ok(response),
                    Some(error) if error.is_rate_limited() => {
                        self.refused(error)?;
                        continue;
                    }
                    Some(error) => error,
                },
                Err(error) => self.retriable(error)?,
            };
            self.wait(error).await?;
        }
    }

    /// Waits after a failure, unless there is to be no other attempt.
    async fn wait(&mut self, error: Error) -> Result<(), Error> {
        let (transport, operation) = (self.transport, self.context.operation);
        self.retries.wait(error, operation, transport).await
    }

    /// Runs a call whose success is a content: it may be large, so it has no total timeout.
    pub(super) async fn open(mut self) -> Result<Response<Body>, Error> {
        self.opens = true;
        self.context.timeout = None;
        let response = self.run().await?;
        Ok(response.map(|body| self.content.unwrap_or_else(|| body.into())))
    }

    /// Waits while requests are held back, and gets the token to send.
    async fn permission(&mut self) -> Result<Option<HeaderValue>, Error> {
        loop {
            while let Some(delay) = self.transport.gate.closed() {
                self.wait_for_limit(delay).await?;
            }
            let authorization = match &self.transport.settings.auth {
                Some(auth) => match auth.bearer().await {
                    Ok(bearer) => Some(bearer),
                    Err(error) => {
                        self.wait(self.named(error)).await?;
                        continue;
                    }
                },
                None => None,
            };
            // Getting it takes time, in which others may have met a limit.
            if self.transport.gate.closed().is_none() {
                return Ok(authorization);
            }
        }
    }

    /// Whether a token was refused that may have ended before its time, and another one can be had.
    async fn may_renew(
        &mut self,
        response: &Response<Bytes>,
        authorization: Option<&HeaderValue>,
    ) -> bool {
        let auth = self.transport.settings.auth.as_ref();
        let (StatusCode::UNAUTHORIZED, Some(refused), Some(auth)) =
            (response.status(), authorization, auth)
        else {
            return false;
        };
        let may = !self.renewed && auth.forget(refused).await;
        self.renewed |= may;
        may
    }

    /// Sends the request once, and again where it has moved to, which it then remembers.
    async fn attempt(
        &mut self,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response<Bytes>, Error> {
        let span = trace::attempt(self.context.operation, self.retries.attempt());
        let sent = Box::pin(self.follow(authorization));
        let outcome = sent.instrument(span.clone()).await;
        trace::ended(&span, &outcome);
        outcome
    }

    async fn follow(
        &mut self,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response<Bytes>, Error> {
        for _ in 0..=moves::MAX_HOPS {
            let response = self.exchange(authorization).await?;
            let (status, headers) = (response.status(), response.headers());
            let api = &self.transport.base_url;
            let answer = self.context.answer;
            match moves::target(status, headers, self.request.uri(), api, answer) {
                Ok(None) => return Ok(response),
                Ok(Some(uri)) => *self.request.uri_mut() = uri,
                Err(error) => return Err(error.with_response(status, headers.clone())),
            }
        }
        Err(moves::too_many())
    }

    async fn exchange(
        &mut self,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response<Bytes>, Error> {
        let request = self.prepared(authorization);
        let response = self.transport.http.call(request, &self.context).await?;
        let (mut parts, mut body) = response.into_parts();
        self.transport
            .gate
            .saw(RateLimit::from_headers(&parts.headers));
        if self.opens && parts.status == StatusCode::OK {
            self.content = Some(body);
            let response = Response::from_parts(parts, Bytes::new());
            return Ok(redacted(response, authorization));
        }
        let limit = self.transport.settings.body_limit;
        let is_error = !parts.status.is_success();
        let read = match is_error {
            true => body.head(limit.min(Error::BODY_LIMIT)).await,
            false => body.bytes(limit).await,
        };
        let decoded = read.and_then(|body| gzip::decode(body, &mut parts.headers, limit, is_error));
        match decoded {
            Ok(body) => Ok(redacted(Response::from_parts(parts, body), authorization)),
            Err(error) => Err(error.with_response(parts.status, parts.headers)),
        }
    }

    /// A copy of the request with everything that is the transport's. Credentials are added for the
    /// API's own origin alone.
    fn prepared(&self, authorization: Option<&HeaderValue>) -> Request<Bytes> {
        let mut request = self.request.clone();
        let same_origin = self.transport.base_url.is_origin_of(request.uri());
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.transport.user_agent.clone());
        headers.insert(API_VERSION, self.transport.api_version.clone());
        let encoding = if self.opens { "identity" } else { "gzip" };
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(encoding));
        if let (Some(value), true) = (authorization, same_origin) {
            headers.insert(AUTHORIZATION, value.clone());
        }
        request
    }

    /// What is wrong with an answer that another attempt may mend.
    fn flaw(&mut self, response: &Response<Bytes>) -> Option<Error> {
        let error = || {
            let (status, headers) = (response.status(), response.headers().clone());
            self.named(Error::from_response(status, headers, response.body()))
        };
        match response.status().as_u16() {
            403 | 429 => Some(error()).filter(Error::is_rate_limited),
            408 | 500 | 502 | 503 | 504 if self.request.method().is_idempotent() => {
                let error = error();
                self.perhaps_done = true;
                Some(error)
            }
            _ => None,
        }
    }

    /// The error of a failed attempt, as `Ok` if another one makes sense.
    fn retriable(&mut self, error: Error) -> Result<Error, Error> {
        let error = self.named(error);
        let sent = error.kind() != ErrorKind::Connect;
        let passes = error.is_network() || error.kind() == ErrorKind::Truncated;
        if !passes {
            return Err(error);
        }
        if sent && !self.request.method().is_idempotent() {
            return Err(error.with_hint("look first whether it was done nevertheless"));
        }
        self.perhaps_done |= sent;
        Ok(error)
    }

    /// Whether what is to be deleted is gone after an attempt that seemed to fail. GitHub itself has to
    /// say so; an answer with a body nobody can make up.
    fn was_deleted(&self, response: &Response<Bytes>) -> bool {
        let says_so = || {
            let (status, headers) = (response.status(), response.headers().clone());
            Error::from_response(status, headers, response.body()).is_githubs_not_found()
        };
        let is_deletion =
            self.request.method() == Method::DELETE && self.context.answer == Answer::Empty;
        self.perhaps_done && is_deletion && says_so()
    }

    /// Closes the gate for all requests after a limit refused this one; gives up if it stays closed
    /// for too long.
    fn refused(&mut self, error: Error) -> Result<(), Error> {
        let doubled = 2u32.saturating_pow(self.refusals);
        self.refusals += 1;
        let least = LEAST_WAIT.saturating_mul(doubled);
        let delay = match error.retry_after() {
            Some(asked) => asked.max(least),
            None => UNTOLD_WAIT.saturating_mul(doubled),
        };
        let primary = error
            .headers()
            .get("x-ratelimit-remaining")
            .is_some_and(|remaining| remaining == "0");
        self.transport.gate.close(delay, !primary);
        let error = error.with_retry_after(delay);
        if !self.can_wait(delay) {
            return Err(error);
        }
        self.refusal = Some(error);
        Ok(())
    }

    /// Waits for the limit that refused this call, or another one.
    async fn wait_for_limit(&mut self, delay: Duration) -> Result<(), Error> {
        let error = self.refusal.take().unwrap_or_else(|| {
            self.named(Error::new(
                ErrorKind::RateLimited,
                "a rate limit that another request met still holds",
            ))
            .with_retry_after(delay)
        });
        if !self.can_wait(delay) {
            return Err(error);
        }
        self.limited = self.limited.saturating_add(delay);
        let transport = self.transport;
        let operation = self.context.operation;
        self.retries
            .wait_for_limit(delay, &error, operation, transport)
            .await;
        Ok(())
    }

    fn can_wait(&self, delay: Duration) -> bool {
        self.limited.saturating_add(delay) <= self.transport.settings.max_rate_limit_wait
    }

    fn named(&self, error: Error) -> Error {
        error
            .with_operation(self.context.operation)
            .with_path(&*self.path)
    }
}

fn no_content(mut response: Response<Bytes>) -> Response<Bytes> {
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.map(|_| Bytes::new())
}
