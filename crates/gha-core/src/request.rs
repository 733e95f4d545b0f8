use std::fmt::{self, Display};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use http::response::Parts;
use http::{Method, StatusCode, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;

use crate::path::{any_path, segment, segments};
use crate::traits::sealed::Sealed;
use crate::{Answer, Api, Content, Error, ErrorKind, Operation, Redirected, Response, SignedUrl};

/// A request of any path of the API: see [`Api::request`]. Where it redirects to a content,
/// `gha_client`'s `download()` reads that.
///
/// ```no_run
/// # async fn example(api: gha_core::Api) -> Result<(), gha_core::Error> {
/// use gha_core::Method;
///
/// let path = "/repos/octo-org/octo-docs/actions/runs/7/timing";
/// let timing = api.request(Method::GET, path).send::<serde_json::Value>().await?;
/// println!("{}", timing["run_duration_ms"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is sent yet"]
pub struct AnyRequest {
    api: Api,
    /// None for a method that no API knows.
    operation: Option<&'static Operation>,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Result<Bytes, String>>,
}

impl fmt::Debug for AnyRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyRequest")
            .field("operation", &self.operation)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The operations that are requested by their paths alone.
static ANY: [Operation; 7] = [
    Operation::new("request", Method::GET, "/"),
    Operation::new("request", Method::HEAD, "/"),
    Operation::new("request", Method::OPTIONS, "/"),
    Operation::new("request", Method::POST, "/"),
    Operation::new("request", Method::PUT, "/"),
    Operation::new("request", Method::PATCH, "/"),
    Operation::new("request", Method::DELETE, "/"),
];

impl Api {
    /// A request of any path below the [base URL](Self::base_url), such as
    /// `/repos/octo-org/octo-docs/actions/runs/7/timing`, for what no operation is generated for: with the
    /// same credentials, retries and limits.
    pub fn request(&self, method: Method, path: impl Into<String>) -> AnyRequest {
        AnyRequest {
            api: self.clone(),
            operation: ANY.iter().find(|it| it.method == method),
            path: path.into(),
            query: Vec::new(),
            body: None,
        }
    }
}

impl AnyRequest {
    /// Adds a query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Sets a JSON body.
    pub fn body(mut self, value: &impl Serialize) -> Self {
        let json = serde_json::to_vec(value);
        self.body = Some(json.map(Into::into).map_err(|error| error.to_string()));
        self
    }

    /// Sends the request and decodes the JSON body of a success.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the path could lead elsewhere, the method is another than GET, HEAD,
    /// OPTIONS, POST, PUT, PATCH and DELETE, or the body cannot be serialized, before anything is sent; else
    /// see [`Error`].
    pub async fn send<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.request().json().await
    }

    /// Sends the request and passes over the body of a success, unless that is a proxy's page.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    pub async fn send_empty(self) -> Result<Response<()>, Error> {
        self.request().empty().await
    }

    fn request(&self) -> Request<'_> {
        let mut request = Request::new(&self.api, self.operation());
        if self.operation.is_none() {
            let message =
                "no API has the method; it can be GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE";
            request.fail(Error::new(ErrorKind::InvalidRequest, message));
        }
        match any_path(&self.path) {
            Ok(path) => request.path = path,
            Err(error) => request.fail(error),
        }
        for (name, value) in &self.query {
            request = request.query(name, value);
        }
        match &self.body {
            Some(Ok(body)) => request.body = Some(body.clone()),
            Some(Err(error)) => request.fail(unserializable("body", error)),
            None => {}
        }
        request
    }
}

impl Sealed for AnyRequest {}

impl Redirected for AnyRequest {
    fn api(&self) -> &Api {
        &self.api
    }

    fn operation(&self) -> &'static Operation {
        self.operation.unwrap_or(&ANY[0])
    }

    async fn send_redirect(self) -> Result<SignedUrl, Error> {
        let mut request = self.request();
        // A download sends it again when the link expires.
        if self.operation().method != Method::GET {
            let message = "only a GET leads to a content; `send` sends other requests";
            request.fail(Error::new(ErrorKind::InvalidRequest, message));
        }
        request.redirect().await
    }
}

/// A request that a builder puts together; the first error is kept until it is sent.
#[must_use]
pub struct Request<'a> {
    api: &'a Api,
    operation: &'static Operation,
    path: String,
    query: String,
    headers: HeaderMap,
    accept: &'static str,
    content_type: &'static str,
    body: Option<Bytes>,
    error: Option<Error>,
}

impl<'a> Request<'a> {
    /// A request of the operation, whose path is still a template.
    pub fn new(api: &'a Api, operation: &'static Operation) -> Self {
        Self {
            api,
            operation,
            path: operation.path.to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            accept: "application/vnd.github+json",
            content_type: "application/json",
            body: None,
            error: None,
        }
    }

    /// Asks for another form than JSON.
    pub fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }

    /// Sets a parameter of the path.
    pub fn path(self, name: &str, value: &impl Serialize) -> Self {
        self.fill(name, &format!("{{{name}}}"), value, segment)
    }

    /// Sets a parameter of the path whose value may be several segments, with slashes between them.
    pub fn path_segments(self, name: &str, value: &impl Serialize) -> Self {
        self.fill(name, &format!("{{{name}}}"), value, segments)
    }

    /// Sets such a parameter at the end of the path, which ends before it if the value is empty.
    pub fn last_segments(self, name: &str, value: &impl Serialize) -> Self {
        self.fill(name, &format!("/{{{name}}}"), value, |name, value| {
            Ok(match value {
                "" => String::new(),
                value => format!("/{}", segments(name, value)?),
            })
        })
    }

    /// Puts an encoded value into the template.
    fn fill(
        mut self,
        name: &str,
        place: &str,
        value: &impl Serialize,
        encode: impl FnOnce(&str, &str) -> Result<String, Error>,
    ) -> Self {
        let value = serde_json::to_value(value).map_err(|error| unserializable(name, error));
        match value.and_then(|value| encode(name, &text(&value))) {
            Ok(encoded) => self.path = self.path.replacen(place, &encoded, 1),
            Err(error) => self.fail(error),
        }
        self
    }

    /// Adds a query parameter; `None` adds nothing, a list adds one pair for each element.
    pub fn query(mut self, name: &str, value: &impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Null) => {}
            Ok(Value::Array(elements)) => {
                for element in &elements {
                    self.append(name, element);
                }
            }
            Ok(scalar) => self.append(name, &scalar),
            Err(error) => self.fail(unserializable(name, error)),
        }
        self
    }

    /// Sets a header; `None` sets none.
    pub fn header(mut self, name: &'static str, value: &impl Serialize) -> Self {
        let text = match serde_json::to_value(value) {
            Ok(Value::Null) => return self,
            Ok(value) => text(&value),
            Err(error) => {
                self.fail(unserializable(name, error));
                return self;
            }
        };
        match (HeaderName::from_bytes(name.as_bytes()), text.parse()) {
            (Ok(name), Ok(value)) => drop(self.headers.insert(name, value)),
            _ => self.fail(Error::new(
                ErrorKind::InvalidRequest,
                format!("`{name}` holds characters that no header can carry"),
            )),
        }
        self
    }

    /// Sets a JSON body; an optional one that is absent sets none.
    pub fn body(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) if body == b"null" => {}
            Ok(body) => self.body = Some(body.into()),
            Err(error) => self.fail(unserializable("body", error)),
        }
        self
    }

    /// Sets a body that is sent as it is; one that is absent sets none.
    pub fn raw(mut self, body: Option<impl Into<Bytes>>) -> Self {
        self.body = body.map(Into::into);
        self
    }

    /// Says that the body has another form than JSON of the usual kind.
    pub fn content_type(mut self, media_type: &'static str) -> Self {
        self.content_type = media_type;
        self
    }

    /// Sends the request and decodes the JSON body of a success.
    pub async fn json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let decode = |received: &Received| received.if_success(Received::json);
        self.decoded(Answer::Json, decode).await
    }

    /// Sends the request and passes over the body of a success, unless that is a proxy's page.
    pub async fn empty(self) -> Result<Response<()>, Error> {
        let decode = |received: &Received| received.if_success(Received::nothing);
        self.decoded(Answer::Empty, decode).await
    }

    /// Sends the request and takes the body of a success as text.
    pub async fn text(self) -> Result<Response<String>, Error> {
        let decode = |received: &Received| received.if_success(Received::text);
        self.decoded(Answer::Bytes, decode).await
    }

    /// Sends the request and takes the body of a success as it is.
    pub async fn bytes(self) -> Result<Response<Bytes>, Error> {
        let decode = |received: &Received| received.if_success(Received::bytes);
        self.decoded(Answer::Bytes, decode).await
    }

    /// Sends the request, and tells yes (204) from the no (404) of GitHub itself.
    pub async fn check(self) -> Result<Response<bool>, Error> {
        let decode = |received: &Received| {
            let is_no = || received.error().is_githubs_not_found();
            Ok(match received.status() {
                204 => Some(true),
                404 if is_no() => Some(false),
                _ => None,
            })
        };
        self.decoded(Answer::Check, decode).await
    }

    /// Sends the request and decodes what the status says is there.
    pub async fn by_status<T: ByStatus>(self) -> Result<Response<T>, Error> {
        self.decoded(Answer::Json, T::decode).await
    }

    /// Sends the request and decodes its answer; of `None` it makes an error.
    ///
    /// A body that ends early, although HTTP called it complete, is asked for once more if that does
    /// no harm: broken proxies pass on a part as if it were the whole.
    async fn decoded<T>(
        self,
        answer: Answer,
        decode: impl Fn(&Received) -> Result<Option<T>, Error>,
    ) -> Result<Response<T>, Error> {
        let accept = self.accept;
        let call = self.call(answer)?;
        let mut may_repeat = call.operation.method.is_idempotent();
        loop {
            let (parts, body) = call.send().await?.into_parts();
            let received = Received {
                accept,
                parts,
                body,
            };
            let error = match decode(&received) {
                Ok(Some(value)) => return Ok(Response::new(received.parts, value)),
                Err(error) if may_repeat && error.kind() == ErrorKind::Truncated => {
                    may_repeat = false;
                    continue;
                }
                Ok(None) => received.error(),
                Err(error) => error,
            };
            let Parts {
                status, headers, ..
            } = received.parts;
            return Err(call.explained(error.with_response(status, headers)));
        }
    }

    /// Sends the request and takes the signed URL from a redirect (302 with `Location`).
    pub async fn redirect(self) -> Result<SignedUrl, Error> {
        let call = self.call(Answer::Redirect)?;
        let (parts, body) = call.send().await?.into_parts();
        if parts.status.is_success() && parts.status != StatusCode::ACCEPTED {
            let error = Error::new(
                ErrorKind::UnexpectedStatus,
                "the server sent a content itself, where a redirect to it was expected; a proxy may \
                 have followed that",
            );
            return Err(call.named(error.with_response(parts.status, parts.headers)));
        }
        call.link(parts, &body)
    }

    /// Sends the request and takes the content, or the signed URL that it is behind.
    pub async fn content(self) -> Result<Content, Error> {
        let accept = self.accept;
        let call = self.call(Answer::Content)?;
        let context = call.api.context(call.operation, call.answer);
        let opened = call.api.transport().open(call.request.clone(), &context);
        let response = opened.await.map_err(|error| call.named(error))?;
        let (parts, mut body) = response.into_parts();
        if parts.status == StatusCode::OK {
            return match Error::of_another_form(accept, &parts.headers) {
                Some(error) => Err(call.named(error.with_response(parts.status, parts.headers))),
                None => Ok(Content::Here(http::Response::from_parts(parts, body))),
            };
        }
        let head = body.head(Error::BODY_LIMIT).await;
        let head = head.map_err(|error| call.named(error))?;
        call.link(parts, &head).map(Content::At)
    }

    fn append(&mut self, name: &str, value: &Value) {
        let query = std::mem::take(&mut self.query);
        self.query = form_urlencoded::Serializer::new(query)
            .append_pair(name, &text(value))
            .finish();
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }

    fn call(self, answer: Answer) -> Result<Call<'a>, Error> {
        let Self {
            api,
            operation,
            path,
            query,
            headers,
            accept,
            content_type,
            body,
            error,
        } = self;
        if let Some(error) = error {
            return Err(error.with_operation(operation));
        }
        let separator = if query.is_empty() { "" } else { "?" };
        let url = format!("{}{path}{separator}{query}", api.base_url());
        let uri = Uri::try_from(url).map_err(|error| {
            let message =
                format!("no valid URL: {error}; check the arguments, and how long they are");
            Error::new(ErrorKind::InvalidRequest, message).with_operation(operation)
        })?;
        let mut request = http::Request::new(body.unwrap_or_default());
        *request.method_mut() = operation.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let accept = HeaderValue::from_static(accept);
        request.headers_mut().insert(ACCEPT, accept);
        if !request.body().is_empty() {
            let content_type = HeaderValue::from_static(content_type);
            request.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        Ok(Call {
            api,
            operation,
            answer,
            request,
        })
    }
}

/// A value as text: what JSON would put in quotes stands without them.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn unserializable(name: &str, error: impl Display) -> Error {
    let message = format!("`{name}` cannot be serialized: {error}");
    Error::new(ErrorKind::InvalidRequest, message)
}

/// A request that is ready to be sent, as often as need be.
struct Call<'a> {
    api: &'a Api,
    operation: &'static Operation,
    answer: Answer,
    request: http::Request<Bytes>,
}

impl Call<'_> {
    async fn send(&self) -> Result<http::Response<Bytes>, Error> {
        let context = self.api.context(self.operation, self.answer);
        let answer = self.api.transport().call(self.request.clone(), &context);
        answer.await.map_err(|error| self.named(error))
    }

    /// Adds what the request tells of an answer that is no success.
    fn explained(&self, error: Error) -> Error {
        let api = self.api.base_url();
        let error = if error.is_page() && api.may_lack_its_path() {
            error.with_hint("the API of an Enterprise Server is at https://HOSTNAME/api/v3")
        } else if error.status() == Some(StatusCode::FOUND) && self.operation.path == ANY[0].path {
            error.with_hint("or the content is there, which `download()` reads")
        } else {
            error
        };
        let refused = matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::NotFound);
        let is_anonymous = self.api.transport().is_authenticated() == Some(false);
        self.named(match refused && is_anonymous {
            true => error.with_hint("no token was sent"),
            false => error,
        })
    }

    /// The signed URL that an answer redirects to.
    fn link(&self, parts: Parts, body: &[u8]) -> Result<SignedUrl, Error> {
        let Parts {
            status,
            mut headers,
            ..
        } = parts;
        if status == StatusCode::ACCEPTED {
            let message = "the content is not there yet; ask for it again later";
            let error = Error::new(ErrorKind::UnexpectedStatus, message);
            return Err(self.named(error.with_response(status, headers)));
        }
        if status != StatusCode::FOUND {
            return Err(self.explained(Error::from_response(status, headers, body)));
        }
        let location = headers.remove(LOCATION);
        match SignedUrl::from_location(location.as_ref(), self.api.base_url()) {
            Ok(url) => Ok(url.issued_by(self.operation, self.request.uri().path())),
            Err(error) => Err(self.named(error.with_response(status, headers))),
        }
    }

    fn named(&self, error: Error) -> Error {
        error
            .with_operation(self.operation)
            .with_path(self.request.uri().path())
    }
}

/// The answer of an operation that means another thing with each status.
pub trait ByStatus: Sized {
    /// `None` for a status that the description does not have.
    fn decode(received: &Received) -> Result<Option<Self>, Error>;
}

/// An answer that is to be decoded.
pub struct Received {
    /// What was asked for.
    accept: &'static str,
    parts: Parts,
    body: Bytes,
}

impl Received {
    /// Its status.
    pub fn status(&self) -> u16 {
        self.parts.status.as_u16()
    }

    /// Passes over the body, unless the API cannot have sent it.
    fn nothing(&self) -> Result<(), Error> {
        let foreign = Error::foreign_body(&self.parts.headers, &self.body);
        foreign.map_or(Ok(()), Err)
    }

    /// The JSON in the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let path = path_of_failure::<T>(&self.body);
            Error::undecodable(&error, path, &self.parts.headers, &self.body)
        })
    }

    /// The text that the body is.
    pub fn text(&self) -> Result<String, Error> {
        let bytes = self.bytes()?;
        String::from_utf8(bytes.into()).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let message = format!(
                "the text is not UTF-8 at byte {at}; the server may have sent another content, or one in \
                 another encoding: look at its bytes with another client"
            );
            Error::new(ErrorKind::Decode, message)
        })
    }

    /// The body as it is, unless it is a page that nobody asked for.
    pub fn bytes(&self) -> Result<Bytes, Error> {
        match Error::of_another_form(self.accept, &self.parts.headers) {
            Some(error) => Err(error),
            None => Ok(self.body.clone()),
        }
    }

    fn if_success<T>(
        &self,
        decode: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let is_success = self.parts.status.is_success();
        is_success.then(|| decode(self)).transpose()
    }

    /// The error that a status stands for which is no answer of the operation.
    fn error(&self) -> Error {
        let Parts {
            status, headers, ..
        } = &self.parts;
        let error = Error::from_response(*status, headers.clone(), &self.body);
        if !status.is_success() {
            return error;
        }
        let message =
            "the operation has no such success; a proxy may have answered, or the API has changed";
        error.reclassified(ErrorKind::UnexpectedStatus, message)
    }
}

/// Where in a body decoding fails. It takes as long as decoding did: of a huge body it is not told.
fn path_of_failure<T: DeserializeOwned>(body: &[u8]) -> Option<String> {
    const HUGE: usize = 4 * 1024 * 1024;

    if body.len() > HUGE {
        return None;
    }
    let deserializer = &mut serde_json::Deserializer::from_slice(body);
    let decoded = serde_path_to_error::deserialize::<_, T>(deserializer);
    Some(decoded.err()?.path().to_string())
}

/// The parts of a handle's text, which has `form`: `OWNER/REPO`, say.
pub fn split<'a, const N: usize>(text: &'a str, form: &str) -> Result<[&'a str; N], Error> {
    let parts: Vec<_> = text.split('/').collect();
    match <[&str; N]>::try_from(parts) {
        Ok(parts) if parts.iter().all(|part| !part.is_empty()) => Ok(parts),
        _ => Err(Error::new(
            ErrorKind::InvalidRequest,
            format!("{text:?} has not the form {form}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(body: &'static [u8]) -> Received {
        Received {
            accept: "text/plain",
            parts: http::Response::new(()).into_parts().0,
            body: Bytes::from_static(body),
        }
    }

    #[test]
    fn a_text_that_is_none_says_where() {
        assert_eq!(received("größe".as_bytes()).text().unwrap(), "größe");
        let error = received(b"gr\xf6\xdfe").text().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.message().contains("at byte 2;"), "{error}");
    }

    #[test]
    fn an_empty_body_is_told_from_one_that_is_cut() {
        for (body, says) in [(&b""[..], "is empty"), (b"{", "ended early")] {
            let error = received(body).json::<Value>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Truncated);
            assert!(error.message().contains(says), "{error}");
        }
    }
}
