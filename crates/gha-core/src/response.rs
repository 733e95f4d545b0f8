use std::fmt;
use std::ops::{Deref, DerefMut};

use http::{HeaderMap, StatusCode};

use crate::RateLimit;

/// A decoded body together with the status and the headers that it came with.
///
/// It dereferences to the body; [`into_inner`](Self::into_inner) takes the body out.
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    inner: T,
}

impl<T> Response<T> {
    pub(crate) fn new(parts: http::response::Parts, inner: T) -> Self {
        Self {
            status: parts.status,
            headers: parts.headers,
            inner,
        }
    }

    /// The status of the response: a success, or the 404 that answers a question with no.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// GitHub's `x-github-request-id`, which its support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.headers.get("x-github-request-id")?.to_str().ok()
    }

    /// The rate limit as this response tells it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.headers)
    }

    /// The body.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// Changes the body and keeps status and headers.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            status: self.status,
            headers: self.headers,
            inner: f(self.inner),
        }
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
