//! Paths that name what they say, and nothing else.

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
pub(crate) fn segment(name: &str, value: &str) -> Result<String, Error> {
    check(&format!("`{name}`"), value)?;
    Ok(utf8_percent_encode(value, SEGMENT).to_string())
}

/// Path segments, which the slashes of a value separate, each as [`segment`] has it.
pub(crate) fn segments(name: &str, value: &str) -> Result<String, Error> {
    if value.is_empty() {
        return Err(refused(&format!("`{name}`"), "is empty"));
    }
    let what = format!("a segment of `{name}`");
    let mut encoded = String::with_capacity(value.len());
    for (index, segment) in value.split('/').enumerate() {
        check(&what, segment)?;
        encoded.push_str(if index > 0 { "/" } else { "" });
        encoded.extend(utf8_percent_encode(segment, SEGMENT));
    }
    Ok(encoded)
}

/// A path as a URL has it, each of whose segments is as safe as a parameter's; what no URL may hold is
/// percent-encoded.
pub(crate) fn any_path(path: &str) -> Result<String, Error> {
    let what = "the path";
    let Some(segments) = path.strip_prefix('/') else {
        return Err(refused(
            what,
            "does not begin with a slash, as `/user` does",
        ));
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
            assert_eq!(segment("x", value).unwrap(), encoded);
        }
    }

    #[test]
    fn a_segment_that_could_lead_elsewhere_is_refused() {
        for value in [
            "", ".", "..", "%2e%2e", "%2E.", "a/b", "a\\b", "a%2fb", "a%5Cb", "a\0", "a%0d",
        ] {
            let error = segment("owner", value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{value:?}");
            assert!(error.message().starts_with("`owner` "), "{error}");
        }
    }

    #[test]
    fn segments_keep_their_slashes() {
        for (value, encoded) in [
            ("main", "main"),
            ("src/main.rs", "src/main.rs"),
            ("heads/a b/ä#1?", "heads/a%20b/%C3%A4%231%3F"),
            ("v1...octo:fix/x", "v1...octo%3Afix/x"),
            (".github/..x/...", ".github/..x/..."),
        ] {
            assert_eq!(segments("x", value).unwrap(), encoded);
        }
        for (value, message) in [
            ("", "`path` is empty"),
            ("/", "a segment of `path` is empty"),
            ("/etc", "a segment of `path` is empty"),
            ("src/", "a segment of `path` is empty"),
            ("a//b", "a segment of `path` is empty"),
            (
                "a/../b",
                "a segment of `path` is a dot segment (`.` or `..`)",
            ),
            (
                "a/%2E%2e",
                "a segment of `path` is a dot segment (`.` or `..`)",
            ),
            (
                "a/b%2f..",
                "a segment of `path` contains a slash or a backslash",
            ),
            (
                "a\\..",
                "a segment of `path` contains a slash or a backslash",
            ),
            (
                "a/\r\nb",
                "a segment of `path` contains a control character",
            ),
        ] {
            let error = segments("path", value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{value:?}");
            assert_eq!(error.message(), message, "{value:?}");
        }
    }

    /// Every value of up to four pieces that a hostile caller would choose: either it is refused, or the
    /// URL has its segments, whatever a client makes of dots, backslashes, escapes and authorities.
    #[test]
    fn no_value_leads_elsewhere() {
        const PIECES: [&str; 16] = [
            "a", ".", "..", "/", "\\", "%2e", "%2F", "%5c", "%", "%25", "?", "#", "@", ":", " ",
            "\t",
        ];
        let mut values = vec![String::new()];
        let mut sent = 0;
        for _ in 0..4 {
            values = values
                .iter()
                .flat_map(|value| PIECES.map(|piece| format!("{value}{piece}")))
                .collect();
            for value in &values {
                let Ok(encoded) = segments("path", value) else {
                    continue;
                };
                sent += 1;
                let url = url::Url::parse(&format!("https://h/api/{encoded}/end")).unwrap();
                let decoded = url.path_segments().unwrap().map(|segment| {
                    let segment = percent_decode_str(segment).decode_utf8().unwrap();
                    assert!(!["", ".", ".."].contains(&&*segment), "{value:?}");
                    segment.into_owned()
                });
                let wanted: Vec<_> = ["api"].into_iter().chain(value.split('/')).collect();
                let decoded: Vec<_> = decoded.collect();
                assert_eq!(decoded[..decoded.len() - 1], wanted, "{value:?}");
                assert_eq!((url.host_str(), url.query()), (Some("h"), None));
            }
        }
        assert!(sent > 1000, "{sent}");
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
