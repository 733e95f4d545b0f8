// Written by `cargo xtask codegen`. Do not edit.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Error, ErrorKind};

/// What an operation is, as the OpenAPI description names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// The operation's name, for example `list_artifacts_for_repo`.
    pub id: &'static str,
    /// The HTTP method in capitals.
    pub method: &'static str,
    /// The path template, for example `/repos/{owner}/{repo}/actions/artifacts`.
    pub path: &'static str,
}

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Operation {
    pub(crate) const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self { id, method, path }
    }

    /// An argument as the builder kept it: absent and inconvertible ones become errors here.
    pub(crate) fn argument<T>(&'static self, value: Result<T, String>) -> Result<T, Error> {
        value.map_err(|reason| self.refuse(reason))
    }

    /// One path segment, percent-encoded.
    ///
    /// Whatever could make the request name another resource is refused rather than encoded:
    /// servers and proxies decode `%2e%2e` and `%2f` before they route.
    pub(crate) fn segment(
        &'static self,
        name: &str,
        value: &impl Display,
    ) -> Result<String, Error> {
        let value = value.to_string();
        let decoded = percent_decode_str(&value).decode_utf8_lossy();
        let refuse = |why: &str| Err(self.refuse(format!("`{name}` {why}")));
        if value.is_empty() {
            return refuse("is empty");
        }
        if matches!(&*decoded, "." | "..") {
            return refuse("is a dot segment (`.` or `..`)");
        }
        if decoded.contains(['/', '\\']) {
            return refuse("contains a slash or a backslash");
        }
        if decoded.contains(char::is_control) {
            return refuse("contains a control character");
        }
        Ok(utf8_percent_encode(&value, SEGMENT).to_string())
    }

    fn refuse(&'static self, reason: String) -> Error {
        Error::new(ErrorKind::InvalidRequest, reason).with_operation(self)
    }
}
