use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::Content;

/// An answer before faults and common headers are added.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Content,
    /// The part of the body that is sent.
    pub(crate) range: std::ops::Range<u64>,
}

impl Answer {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self::whole(status, &Content::bytes(Bytes::new()))
    }

    /// All of a content.
    pub(crate) fn whole(status: StatusCode, body: &Content) -> Self {
        Self {
            status,
            headers: HeaderMap::with_capacity(HEADERS),
            body: body.clone(),
            range: 0..body.len(),
        }
    }

    pub(crate) fn new(
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        Self::whole(status, &Content::bytes(body)).typed(content_type)
    }

    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        // Values and our own objects always serialize.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::new(status, JSON, body)
    }

    pub(crate) fn typed(self, content_type: &'static str) -> Self {
        self.with(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// A page for people where a machine expects something else.
    pub(crate) fn html() -> Self {
        Self::new(
            StatusCode::OK,
            "text/html; charset=utf-8",
            "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\
             <body><h1>Sign in to the network</h1></body></html>\n",
        )
    }

    pub(crate) fn gzip(content_type: &'static str, body: &Content) -> Self {
        Self::whole(StatusCode::OK, body)
            .typed(content_type)
            .with(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))
    }

    /// Adds `Location`. One that cannot be sent is left out.
    pub(crate) fn location(self, url: impl AsRef<[u8]>) -> Self {
        match HeaderValue::from_bytes(url.as_ref()) {
            Ok(value) => self.with(header::LOCATION, value),
            Err(_) => self,
        }
    }

    pub(crate) fn set_body(&mut self, body: Bytes) {
        self.range = 0..body.len() as u64;
        self.body = Content::bytes(body);
    }
}

/// Room for the headers of most answers.
const HEADERS: usize = 12;

pub(crate) const JSON: &str = "application/json; charset=utf-8";
