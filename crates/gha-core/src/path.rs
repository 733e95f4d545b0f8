//! Paths that name what they say, and nothing else.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{Error, ErrorKind};

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What a path may hold as it is (RFC 3986, section 3.3), and escapes.
const PATH: &AsciiSet = &SEGMENT
    .remove(b'/')
    .remove(b'%')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// One path segment, percent-encoded.
///
/// Whatever could make the request name another resource is refused rather than encoded: servers
/// and proxies decode `%2e%2e` and `%2f` before they route.
pub(crate) fn segment(name: &str, value: &impl Display) -> Result<String, Error> {
    let value = value.to_string();
    check(&format!("`{name}`"), &value)?;
    Ok(utf8_percent_encode(&value, SEGMENT).to_string())
}

/// A path as a URL has it, each of whose segments is as safe as a parameter's; what no URL may hold is
/// percent-encoded.
pub(crate) fn any_path(path: &str) -> Result<String, Error> {
    let what = "the path";
    let Some(segments) = path.strip_prefix('/') else {
        return Err(refused(what, "does not begin with a slash"));
    };
    if path.contains(['?', '#']) {
        return Err(refused(
            what,
            "has a query or a fragment; give the query with `query`",
        ));
    }
    for segment in segments.split('/') {
        check("a segment of the path", segment)?;
    }
    Ok(utf8_percent_encode(path, PATH).to_string())
}

/// Refuses a segment that could lead elsewhere.
fn check(what: &str, value: &str) -> Result<(), Error> {
    let decoded = percent_decode_str(value).decode_utf8_lossy();
    let why = if value.is_empty() {
        "is empty"
    } else if matches!(&*decoded, "." | "..") {
        "is a dot segment (`.` or `..`)"
    } else if decoded.contains(['/', '\\']) {
        "contains a slash or a backslash"
    } else if decoded.contains(char::is_control) {
        "contains a control character"
    } else {
        return Ok(());
    };
    Err(refused(what, why))
}

fn refused(what: &str, why: &str) -> Error {
    Error::new(ErrorKind::InvalidRequest, format!("{what} {why}"))
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

    #[test]
    fn any_path_is_as_safe_as_its_segments() {
        for (path, sent) in [
            ("/user", "/user"),
            (
                "/repos/o/r/contents/a b.txt",
                "/repos/o/r/contents/a%20b.txt",
            ),
            (
                "/repos/o/r/git/ref/heads/x%20y",
                "/repos/o/r/git/ref/heads/x%20y",
            ),
            ("/a:b@c,d=e", "/a:b@c,d=e"),
            ("/ä", "/%C3%A4"),
        ] {
            assert_eq!(any_path(path).unwrap(), sent);
        }
        for path in [
            "",
            "user",
            "/",
            "//evil.example.com/a",
            "/a//b",
            "/a/",
            "/a/../b",
            "/a/%2e%2E/b",
            "/./a",
            "/a%2fb",
            "/a\\b",
            "/a?b",
            "/a#b",
            "/a\n",
            "https://evil.example.com/a",
            "@evil.example.com/",
        ] {
            let error = any_path(path).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{path:?}");
        }
    }
}
