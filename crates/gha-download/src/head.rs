//! What the headers of a blob say.

use http::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
};

use crate::file_name;

/// What is known of the content.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// Its length in bytes, where the store says so.
    pub(super) total: Option<u64>,
    /// What identifies it byte for byte: an `ETag` that is not weak
    /// ([RFC 9110, section 8.8.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1)).
    pub(super) tag: Option<HeaderValue>,
    pub(super) content_type: Option<String>,
    pub(super) file_name: Option<String>,
}

impl Head {
    /// Reads the headers of an answer, whole or partial.
    pub(super) fn new(headers: &HeaderMap) -> Self {
        let total = if headers.contains_key(CONTENT_RANGE) {
            ContentRange::of(headers).and_then(|range| range.total)
        } else {
            text(headers, &CONTENT_LENGTH).and_then(|length| length.parse().ok())
        };
        Self {
            total,
            tag: headers
                .get(ETAG)
                .filter(|tag| tag.as_bytes().starts_with(b"\""))
                .cloned(),
            content_type: text(headers, &CONTENT_TYPE).map(str::to_owned),
            file_name: headers
                .get(CONTENT_DISPOSITION)
                .and_then(|value| file_name::from_disposition(value.as_bytes())),
        }
    }

    /// Whether an answer with this head gives bytes of the same content: the same strong tag and
    /// the same length.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.tag.is_some()
            && self.tag == other.tag
            && (self.total.is_none() || self.total == other.total)
    }

    /// Whether an answer with this head is certainly of another content.
    pub(super) fn is_other(&self, other: &Self) -> bool {
        fn differ<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
            one.is_some() && other.is_some() && one != other
        }
        differ(&self.tag, &other.tag) || differ(&self.total, &other.total)
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

fn text<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
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
    fn only_strong_tags_identify_content() {
        let head = |tag| {
            Head::new(&HeaderMap::from_iter([(
                ETAG,
                HeaderValue::from_static(tag),
            )]))
        };
        assert!(head("\"a\"").is_same(&head("\"a\"")));
        assert!(!head("\"a\"").is_same(&head("\"b\"")));
        assert!(!head("W/\"a\"").is_same(&head("W/\"a\"")));
        assert!(!head("a").is_same(&head("a")));
    }
}
