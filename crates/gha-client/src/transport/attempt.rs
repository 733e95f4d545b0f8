//! One attempt of a call: the request with its headers, moves followed, the body read.

use bytes::Bytes;
use gha_api::{Error, Operation, RateLimit};
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};
use http::{HeaderName, Method, StatusCode};

use super::{ApiTransport, body, redirect, trace};

const API_VERSION: HeaderName = HeaderName::from_static("x-github-api-version");

/// A whole response.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Why there is none.
pub(super) struct Failure {
    pub(super) error: Error,
    /// Whether the server may have seen the request.
    pub(super) sent: bool,
    /// Whether another attempt can go better.
    pub(super) transient: bool,
}

impl Failure {
    fn lasting(error: Error) -> Self {
        Self {
            error,
            sent: true,
            transient: false,
        }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self {
            sent: !(error.is_connect() || error.is_builder()),
            transient: !error.is_builder(),
            error: error.into(),
        }
    }
}

impl ApiTransport {
    /// Sends the request once, and again where it has moved to, which `request` then remembers.
    pub(super) async fn attempt(
        &self,
        request: &mut reqwest::Request,
        authorization: Option<&HeaderValue>,
        operation: &'static Operation,
        attempt: u32,
    ) -> Result<Answer, Failure> {
        let span = trace::Span::new(operation, attempt);
        let answer = span
            .run(Box::pin(self.follow(request, authorization)))
            .await;
        match &answer {
            Ok(answer) => span.answered(answer.status, &answer.headers),
            Err(failure) => span.failed(failure.error.kind()),
        }
        answer
    }

    async fn follow(
        &self,
        request: &mut reqwest::Request,
        authorization: Option<&HeaderValue>,
    ) -> Result<Answer, Failure> {
        for _ in 0..=redirect::MAX_HOPS {
            let answer = self.exchange(request, authorization).await?;
            let Answer {
                status, headers, ..
            } = &answer;
            match redirect::target(*status, headers, request.url(), &self.settings.base_url) {
                None => return Ok(answer),
                Some(Ok(url)) => *request.url_mut() = url,
                Some(Err(error)) => {
                    return Err(Failure::lasting(
                        error.with_response(answer.status, answer.headers),
                    ));
                }
            }
        }
        Err(Failure::lasting(redirect::too_many()))
    }

    async fn exchange(
        &self,
        request: &reqwest::Request,
        authorization: Option<&HeaderValue>,
    ) -> Result<Answer, Failure> {
        let mut response = self
            .api
            .execute(self.prepared(request, authorization))
            .await?;
        let status = response.status();
        let mut headers = std::mem::take(response.headers_mut());
        self.pace.saw(RateLimit::from_headers(&headers));
        match body::read(&mut response, &mut headers, self.settings.body_limit).await {
            Ok(body) => Ok(Answer {
                status,
                headers,
                body,
            }),
            Err(error) => Err(Failure {
                transient: error.is_network() || error.kind() == gha_api::ErrorKind::Truncated,
                error: error.with_response(status, headers),
                sent: true,
            }),
        }
    }

    /// A copy of the request with everything that is the transport's. Credentials are added for the
    /// API's own origin alone.
    fn prepared(
        &self,
        request: &reqwest::Request,
        authorization: Option<&HeaderValue>,
    ) -> reqwest::Request {
        let settings = &self.settings;
        let mut copy = reqwest::Request::new(request.method().clone(), request.url().clone());
        *copy.timeout_mut() = Some(settings.timeout);
        let bytes = request.body().and_then(reqwest::Body::as_bytes);
        *copy.body_mut() = bytes.map(|bytes| Bytes::copy_from_slice(bytes).into());
        let headers = copy.headers_mut();
        headers.clone_from(request.headers());
        headers.insert(USER_AGENT, settings.user_agent.clone());
        headers.insert(API_VERSION, settings.api_version.clone());
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if let Some(value) = authorization
            && settings.base_url.same_origin(request.url())
        {
            headers.insert(AUTHORIZATION, value.clone());
        }
        copy
    }
}

/// Whether sending the request twice does no more than sending it once
/// ([RFC 9110, section 9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2)).
pub(super) fn is_idempotent(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::PUT | Method::DELETE
    )
}
