use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use http::header::{DATE, HeaderMap, RETRY_AFTER};
use http::{HeaderName, StatusCode};

/// A rate limit as a response's `x-ratelimit-*` headers tell it; see
/// [GitHub's documentation](https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in the current window.
    pub limit: u64,
    /// Requests left in the current window.
    pub remaining: u64,
    /// Requests made in the current window, where the server says so.
    pub used: Option<u64>,
    /// When the window ends and the count starts anew.
    pub reset: DateTime<Utc>,
}

impl RateLimit {
    /// Reads the headers; `None` where the server sends none, as some Enterprise Servers.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        Some(Self {
            limit: number(headers, LIMIT)?,
            remaining: number(headers, REMAINING)?,
            used: number(headers, USED),
            reset: DateTime::from_timestamp(number(headers, RESET)?.try_into().ok()?, 0)?,
        })
    }
}

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const USED: HeaderName = HeaderName::from_static("x-ratelimit-used");
const LIMITED_BY: HeaderName = HeaderName::from_static("gh-limited-by");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Whether a refusal is a rate limit: some secondary ones show in nothing but the message.
pub(crate) fn refused(status: StatusCode, headers: &HeaderMap, lower_message: &str) -> bool {
    match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::FORBIDDEN => {
            headers.contains_key(RETRY_AFTER)
                || headers.contains_key(LIMITED_BY)
                || number(headers, REMAINING) == Some(0)
                || lower_message.contains("rate limit")
                || lower_message.contains("abuse detection")
        }
        _ => false,
    }
}

/// How long the server asks to wait: `retry-after` (seconds or a date,
/// [RFC 9110, section 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)), else until
/// `x-ratelimit-reset` if nothing remains. Times are compared on the server's own clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = text(headers, RETRY_AFTER).and_then(|value| match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(until(headers, http_date(value)?)),
    });
    if asked.is_some() {
        return asked;
    }
    if number(headers, REMAINING) != Some(0) {
        return None;
    }
    let reset = DateTime::from_timestamp(number(headers, RESET)?.try_into().ok()?, 0)?;
    Some(until(headers, reset))
}

fn until(headers: &HeaderMap, time: DateTime<Utc>) -> Duration {
    let now = date(headers).unwrap_or_else(Utc::now);
    (time - now).to_std().unwrap_or_default()
}

/// When the server answered, by its own clock.
pub(crate) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(text(headers, DATE)?)
}

/// The usual form, or one of those that servers must no longer send
/// ([RFC 9110, section 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)).
fn http_date(value: &str) -> Option<DateTime<Utc>> {
    let old = |form| Some(NaiveDateTime::parse_from_str(value, form).ok()?.and_utc());
    DateTime::parse_from_rfc2822(value)
        .ok()
        .map(Into::into)
        .or_else(|| old("%A, %d-%b-%y %H:%M:%S GMT"))
        .or_else(|| old("%a %b %e %H:%M:%S %Y"))
}

fn number(headers: &HeaderMap, name: HeaderName) -> Option<u64> {
    text(headers, name)?.parse().ok()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn waits_are_seconds_or_dates() {
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:51:37 GMT", Some(120)),
            ("Sunday, 06-Nov-94 08:51:37 GMT", Some(120)),
            ("Sun Nov  6 08:51:37 1994", Some(120)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let headers = HeaderMap::from_iter([
                (
                    DATE,
                    HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"),
                ),
                (RETRY_AFTER, HeaderValue::from_static(value)),
            ]);
            let asked = retry_after(&headers).map(|wait| wait.as_secs());
            assert_eq!(asked, seconds, "{value}");
        }
    }
}
