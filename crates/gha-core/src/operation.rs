use std::fmt::Display;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{Error, ErrorKind};

/// An operation of the API, as the OpenAPI description names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// The name, for example `list_artifacts`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
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
    /// An operation of a generated client.
    #[doc(hidden)]
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self { id, method, path }
    }
}

/// One path segment, percent-encoded.
///
/// Whatever could make the request name another resource is refused rather than encoded: servers
/// and proxies decode `%2e%2e` and `%2f` before they route.
pub(crate) fn segment(name: &str, value: &impl Display) -> Result<String, Error> {
    let value = value.to_string();
    let decoded = percent_decode_str(&value).decode_utf8_lossy();
    let refuse = |why: &str| {
        let message = format!("`{name}` {why}");
        Err(Error::new(ErrorKind::InvalidRequest, message))
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_encoded() {
        for (value, encoded) in [
            ("octo-docs", "octo-docs"),
            ("a b", "a%20b"),
            ("ä", "%C3%A4"),
            ("100%", "100%25"),
            ("...", "..."),
            ("{repo}", "%7Brepo%7D"),
        ] {
            assert_eq!(segment("x", &value).unwrap(), encoded);
        }
    }

    #[test]
    fn a_segment_that_could_lead_elsewhere_is_refused() {
        for value in [
            "", ".", "..", "%2e%2e", "%2E.", "a/b", "a\\b", "a%2fb", "a%5Cb", "a\0", "a%0d",
        ] {
            let error = segment("owner", &value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{value:?}");
            assert!(error.message().starts_with("`owner` "), "{error}");
        }
    }
}
