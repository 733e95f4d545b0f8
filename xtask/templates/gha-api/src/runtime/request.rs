use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, LOCATION};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Client, Error, ErrorKind, Operation, Response, SignedUrl, body, platform};

/// A request that a builder puts together; the first error is kept until it is sent.
pub(crate) struct Request<'a> {
    client: &'a Client,
    operation: &'static Operation,
    inner: Result<reqwest::Request, Error>,
}

impl<'a> Request<'a> {
    pub(crate) fn new(
        client: &'a Client,
        operation: &'static Operation,
        method: http::Method,
        path: &str,
    ) -> Self {
        let inner = client
            .base_url()
            .below(path)
            .map(|url| {
                let mut request = reqwest::Request::new(method, url);
                request.headers_mut().insert(
                    ACCEPT,
                    HeaderValue::from_static("application/vnd.github+json"),
                );
                request
            })
            .map_err(|error| {
                Error::new(ErrorKind::InvalidRequest, format!("no valid URL: {error}"))
            });
        Self {
            client,
            operation,
            inner,
        }
    }

    /// Adds a query parameter; `None` adds nothing, a list adds one pair for each element.
    pub(crate) fn query(self, name: &str, value: &impl Serialize) -> Self {
        self.change(|request| {
            let value = serde_json::to_value(value).map_err(|error| unserializable(name, error))?;
            match value {
                Value::Null => {}
                Value::Array(elements) => {
                    for element in &elements {
                        append(request, name, element);
                    }
                }
                scalar => append(request, name, &scalar),
            }
            Ok(())
        })
    }

    /// Sets a JSON body; an optional one that is absent sets none.
    pub(crate) fn json(self, value: &impl Serialize) -> Self {
        self.change(|request| {
            let body = serde_json::to_vec(value).map_err(|error| unserializable("body", error))?;
            if body == b"null" {
                return Ok(());
            }
            request
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.into());
            Ok(())
        })
    }

    /// Sends the request and decodes the JSON body of a success.
    pub(crate) async fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let (operation, transport) = (self.operation, self.client.transport());
        let copy = self
            .inner
            .as_ref()
            .ok()
            .and_then(reqwest::Request::try_clone);
        let (path, mut response) = self.call().await?;
        loop {
            let limit = transport.body_limit();
            let (parts, bytes) = success(operation, &path, response, limit).await?;
            let error = match body::decode(&bytes) {
                Ok(value) => return Ok(Response::new(parts, value)),
                Err(error) => error,
            };
            let copy = copy.as_ref().filter(|_| error.inner().is_eof());
            let again = copy
                .and_then(reqwest::Request::try_clone)
                .and_then(|request| transport.call_again(request, operation, &parts.extensions));
            let named = |error: Error| error.with_operation(operation).with_path(&*path);
            match again {
                Some(call) => response = call.await.map_err(named)?,
                None => {
                    let error = named(Error::undecodable(error));
                    return Err(error.with_response(parts.status, parts.headers));
                }
            }
        }
    }

    /// Sends the request and passes over the body of a success.
    pub(crate) async fn empty(self) -> Result<Response<()>, Error> {
        let operation = self.operation;
        let limit = self.client.transport().body_limit();
        let (path, response) = self.call().await?;
        let (parts, _) = success(operation, &path, response, limit).await?;
        Ok(Response::new(parts, ()))
    }

    /// Sends the request and takes the signed URL from a redirect (302 with `Location`).
    pub(crate) async fn redirect(self) -> Result<SignedUrl, Error> {
        let (client, operation) = (self.client, self.operation);
        let (path, response) = self.call().await?;
        if !platform::is_redirect(&response, &path) {
            return Err(failure(operation, &path, response).await);
        }
        let target = platform::location(&response);
        let mut headers = response.headers().clone();
        headers.remove(LOCATION);
        match SignedUrl::from_location(target.as_ref(), client.base_url()) {
            Ok(url) => Ok(url.issued_by(operation, &path)),
            Err(error) => Err(error
                .with_operation(operation)
                .with_path(path)
                .with_response(response.status(), headers)),
        }
    }

    async fn call(self) -> Result<(String, reqwest::Response), Error> {
        let operation = self.operation;
        let request = self
            .inner
            .map_err(|error| error.with_operation(operation))?;
        let path = request.url().path().to_owned();
        match self.client.transport().call(request, operation).await {
            Ok(response) => Ok((path, response)),
            Err(error) => Err(error.with_operation(operation).with_path(path)),
        }
    }

    fn change(mut self, f: impl FnOnce(&mut reqwest::Request) -> Result<(), Error>) -> Self {
        self.inner = self.inner.and_then(|mut request| {
            f(&mut request)?;
            Ok(request)
        });
        self
    }
}

fn append(request: &mut reqwest::Request, name: &str, value: &Value) {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    request.url_mut().query_pairs_mut().append_pair(name, &text);
}

fn unserializable(name: &str, error: serde_json::Error) -> Error {
    Error::new(
        ErrorKind::InvalidRequest,
        format!("`{name}` cannot be serialized"),
    )
    .with_source(error)
}

/// The body of a success; anything else is an error.
async fn success(
    operation: &'static Operation,
    path: &str,
    response: reqwest::Response,
    limit: usize,
) -> Result<(http::response::Parts, bytes::Bytes), Error> {
    if !response.status().is_success() {
        return Err(failure(operation, path, response).await);
    }
    body::read(response, limit)
        .await
        .map_err(|error| error.with_operation(operation).with_path(path))
}

async fn failure(operation: &'static Operation, path: &str, response: reqwest::Response) -> Error {
    match body::read(response, body::ERROR_LIMIT).await {
        Ok((parts, bytes)) => Error::from_response(parts.status, parts.headers, &bytes),
        Err(error) => error,
    }
    .with_operation(operation)
    .with_path(path)
}
