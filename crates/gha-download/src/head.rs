//! What the headers of a blob store's answers say.

use http::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    TRANSFER_ENCODING,
};
use http::{HeaderName, StatusCode};

use crate::file_name;

/// What is known of a content.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// Its length in bytes, where the store says so.
    pub(super) total: Option<u64>,
    /// What identifies it byte for byte: an `ETag` that is not weak
    /// ([RFC 9110, section 8.8.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1)), and is text: what
    /// is kept of a content bears it.
    pub(super) tag: Option<HeaderValue>,
    pub(super) content_type: Option<String>,
    pub(super) file_name: Option<String>,
}

impl Head {
    /// Reads the headers of an answer.
    ///
    /// `Content-Range` means something in answers to ranges alone
    /// ([RFC 9110, section 14.4](https://www.rfc-editor.org/rfc/rfc9110#section-14.4)).
    pub(super) fn new(status: StatusCode, headers: &HeaderMap) -> Self {
        let total = match status {
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                ContentRange::of(headers).and_then(|range| range.total)
            }
            _ => body_length(headers),
        };
        Self {
            total,
            tag: single(headers, &ETAG)
                .filter(|tag| tag.to_str().is_ok_and(|tag| tag.starts_with('"')))
                // A copy, for the header keeps the buffer of the whole answer.
                .and_then(|tag| HeaderValue::from_bytes(tag.as_bytes()).ok()),
            content_type: text(headers, &CONTENT_TYPE).map(str::to_owned),
            file_name: headers
                .get(CONTENT_DISPOSITION)
                .and_then(|value| file_name::from_disposition(value.as_bytes())),
        }
    }

    /// Whether an answer with this head gives bytes of the same content: the same strong tag, and no
    /// other length.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.tag.is_some() && self.tag == other.tag && !differ(&self.total, &other.total)
    }

    /// Whether an answer with this head is certainly of another content.
    pub(super) fn is_other(&self, other: &Self) -> bool {
        differ(&self.tag, &other.tag) || differ(&self.total, &other.total)
    }
}

fn differ<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    one.is_some() && other.is_some() && one != other
}

/// The length of a body, where a header says so; nothing beside `Transfer-Encoding`
/// ([RFC 9112, section 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3)).
pub(super) fn body_length(headers: &HeaderMap) -> Option<u64> {
    match headers.contains_key(TRANSFER_ENCODING) {
        true => None,
        false => text(headers, &CONTENT_LENGTH)?.parse().ok(),
    }
}

/// `Content-Range`: [RFC 9110, section 14.4](https://www.rfc-editor.org/rfc/rfc9110#section-14.4).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    /// The first byte and the one after the last; `None` in an answer with status 416.
    pub(super) bytes: Option<(u64, u64)>,
    pub(super) total: Option<u64>,
}

impl ContentRange {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = text(headers, &CONTENT_RANGE)?;
        let (unit, value) = value.split_once(' ')?;
        let (bytes, total) = value.trim().split_once('/')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let total = match total {
            "*" => None,
            total => Some(total.parse().ok()?),
        };
        let bytes = match bytes {
            "*" => None,
            bytes => {
                let (first, last) = bytes.split_once('-')?;
                let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
                let end = last.checked_add(1).filter(|end| *end > first)?;
                if total.is_some_and(|total| end > total) {
                    return None;
                }
                Some((first, end))
            }
        };
        Some(Self { bytes, total })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    single(headers, name)?.to_str().ok().map(str::trim)
}

/// A header's value, unless it is there with several values: then none of them counts.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let first = headers.get(name)?;
    let mut all = headers.get_all(name).iter();
    all.all(|value| value == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content_range(value: &'static str) -> Option<ContentRange> {
        let headers = HeaderMap::from_iter([(CONTENT_RANGE, HeaderValue::from_static(value))]);
        ContentRange::of(&headers)
    }

    fn range(bytes: Option<(u64, u64)>, total: Option<u64>) -> Option<ContentRange> {
        Some(ContentRange { bytes, total })
    }

    #[test]
    fn content_ranges() {
        assert_eq!(content_range("bytes 0-0/1"), range(Some((0, 1)), Some(1)));
        assert_eq!(
            content_range("bytes 5-9/10"),
            range(Some((5, 10)), Some(10))
        );
        assert_eq!(content_range("Bytes 5-9/*"), range(Some((5, 10)), None));
        assert_eq!(content_range("bytes */10"), range(None, Some(10)));
        for nonsense in [
            "bytes 5-4/10",
            "bytes 5-10/10",
            "bytes 0-18446744073709551615/*",
            "bytes -5/10",
            "bytes 5/10",
            "lines 0-1/2",
            "bytes",
            "",
        ] {
            assert_eq!(content_range(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_length_is_what_the_framing_says() {
        for (status, headers, length) in [
            (200, &[("content-length", "5")][..], Some(5)),
            (
                200,
                &[("content-length", "5"), ("transfer-encoding", "chunked")],
                None,
            ),
            (
                200,
                &[("content-length", "5"), ("content-range", "bytes 0-1/2")],
                Some(5),
            ),
            (
                206,
                &[("content-length", "2"), ("content-range", "bytes 0-1/9")],
                Some(9),
            ),
            (
                206,
                &[("content-length", "2"), ("content-range", "bytes 0-1/*")],
                None,
            ),
            (
                416,
                &[("content-length", "0"), ("content-range", "bytes */9")],
                Some(9),
            ),
        ] {
            let pairs = headers.iter().map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            });
            let status = StatusCode::from_u16(status).unwrap();
            let head = Head::new(status, &HeaderMap::from_iter(pairs));
            assert_eq!(head.total, length, "{status} {headers:?}");
        }
    }

    #[test]
    fn only_strong_tags_identify_content() {
        let head = |tag| {
            let headers = HeaderMap::from_iter([(ETAG, HeaderValue::from_static(tag))]);
            Head::new(StatusCode::OK, &headers)
        };
        assert!(head("\"a\"").is_same(&head("\"a\"")));
        assert!(!head("\"a\"").is_same(&head("\"b\"")));
        assert!(!head("W/\"a\"").is_same(&head("W/\"a\"")));
        assert!(!head("a").is_same(&head("a")));
    }
}
