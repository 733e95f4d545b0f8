//! The `Range` header ([RFC 9110, section 14](https://www.rfc-editor.org/rfc/rfc9110#section-14)).

use std::ops::Range;

/// What a request wants of a blob.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Whole,
    Part(Range<u64>),
    Unsatisfiable,
}

/// Reads one range. Several, other units, nonsense, and suffixes (`bytes=-5`) unless `suffixes`,
/// are ignored.
pub(super) fn parse(header: &str, len: u64, suffixes: bool) -> Asked {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Asked::Whole;
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(len),
        (Ok(first), Err(_)) if last.is_empty() => first..len,
        (Err(_), Ok(count)) if first.is_empty() && suffixes => len.saturating_sub(count)..len,
        _ => return Asked::Whole,
    };
    if range.start < range.end {
        Asked::Part(range)
    } else {
        Asked::Unsatisfiable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(parse("bytes=0-0", 10, false), Asked::Part(0..1));
        assert_eq!(parse("bytes=3-", 10, false), Asked::Part(3..10));
        assert_eq!(parse("bytes=3-99", 10, false), Asked::Part(3..10));
        assert_eq!(parse("bytes=9-9", 10, false), Asked::Part(9..10));
        assert_eq!(parse("bytes=10-", 10, false), Asked::Unsatisfiable);
        assert_eq!(parse("bytes=0-0", 0, false), Asked::Unsatisfiable);
        assert_eq!(parse("bytes=-4", 10, true), Asked::Part(6..10));
        assert_eq!(parse("bytes=-40", 10, true), Asked::Part(0..10));
        assert_eq!(parse("bytes=-0", 10, true), Asked::Unsatisfiable);
        for ignored in [
            "bytes=-4",
            "bytes=4-3",
            "bytes=0-1,3-4",
            "lines=1-2",
            "bytes=-",
            "x",
        ] {
            assert_eq!(parse(ignored, 10, false), Asked::Whole, "{ignored}");
        }
    }
}
