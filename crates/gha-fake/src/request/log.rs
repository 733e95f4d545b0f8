use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::ReceivedRequest;
use crate::{Listener, Operation};

/// The newest requests, up to a limit.
#[derive(Debug)]
pub(crate) struct RequestLog {
    limit: usize,
    records: Mutex<VecDeque<Record>>,
}

/// A request in little memory. A [`ReceivedRequest`] would keep hyper's read buffer alive, which
/// its headers are slices of.
#[derive(Debug)]
struct Record {
    listener: Listener,
    operation: Option<Operation>,
    method: Method,
    connection: u64,
    /// Path, query and headers, which have no line feeds in them, each on a line.
    text: Box<[u8]>,
}

impl RequestLog {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            records: Mutex::default(),
        }
    }

    pub(crate) fn record(&self, request: &ReceivedRequest) {
        if self.limit == 0 {
            return;
        }
        let record = Record::from(request);
        let mut records = self.lock();
        if records.len() == self.limit {
            records.pop_front();
        }
        records.push_back(record);
    }

    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        self.lock().iter().map(ReceivedRequest::from).collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<&ReceivedRequest> for Record {
    fn from(request: &ReceivedRequest) -> Self {
        let headers = request.headers.iter();
        let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + 2);
        let query = request.query.as_ref().map_or(0, |query| query.len() + 1);
        let len = request.path.len() + 1 + query + headers.sum::<usize>();
        let mut text = Vec::with_capacity(len);
        text.extend_from_slice(request.path.as_bytes());
        text.push(b'\n');
        if let Some(query) = &request.query {
            text.push(b'?');
            text.extend_from_slice(query.as_bytes());
        }
        for (name, value) in &request.headers {
            text.push(b'\n');
            text.extend_from_slice(name.as_str().as_bytes());
            text.push(b':');
            text.extend_from_slice(value.as_bytes());
        }
        Self {
            listener: request.listener,
            operation: request.operation,
            method: request.method.clone(),
            connection: request.connection,
            text: text.into(),
        }
    }
}

impl From<&Record> for ReceivedRequest {
    fn from(record: &Record) -> Self {
        let mut lines = record.text.split(|byte| *byte == b'\n');
        let mut line = || String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
        let path = line();
        let query = line().strip_prefix('?').map(str::to_owned);
        let mut headers = HeaderMap::new();
        for header in lines {
            let mut halves = header.splitn(2, |byte| *byte == b':');
            if let (Some(name), Some(value)) = (halves.next(), halves.next())
                && let Ok(name) = HeaderName::from_bytes(name)
                && let Ok(value) = HeaderValue::from_bytes(value)
            {
                headers.append(name, value);
            }
        }
        guard(&mut headers);
        Self {
            listener: record.listener,
            operation: record.operation,
            method: record.method.clone(),
            path,
            query,
            headers,
            connection: record.connection,
        }
    }
}

/// Keeps credentials out of the headers' `Debug`.
pub(crate) fn guard(headers: &mut HeaderMap) {
    for name in [
        header::AUTHORIZATION,
        header::PROXY_AUTHORIZATION,
        header::COOKIE,
    ] {
        if let Some(value) = headers.get_mut(name) {
            value.set_sensitive(true);
        }
    }
}
