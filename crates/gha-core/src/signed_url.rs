use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::HeaderValue;
use url::Url;

use crate::base_url::is_loopback;
use crate::{BaseUrl, Error, ErrorKind, Operation};

/// The short-lived URL of an artifact or a log, as a redirect gave it.
///
/// Whoever holds it can read the content, so `Debug` and `Display` leave out its query, where the
/// signature is; [`expose`](Self::expose) shows all of it. It must be requested without
/// `Authorization`, and soon: GitHub lets it
/// [expire after one minute](https://docs.github.com/rest/actions/artifacts#download-an-artifact).
///
/// ```
/// use gha_core::{BaseUrl, SignedUrl};
/// use http::HeaderValue;
///
/// # fn main() -> Result<(), gha_core::Error> {
/// let api = BaseUrl::parse("https://api.github.com")?;
/// let location = "https://blobs.example.com/11?se=2026-03-10T12:01:00Z&sig=s3cret";
/// let location = HeaderValue::from_static(location);
/// let url = SignedUrl::from_location(Some(&location), &api)?;
/// assert_eq!(url.to_string(), "https://blobs.example.com/11?[redacted]");
/// assert_eq!(url.expose(), location);
/// assert!(url.expires_at().is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SignedUrl {
    text: Arc<str>,
    url: Url,
    /// Whether plain http may be used beyond this machine: the API is reached by it.
    plain: bool,
    obtained_at: DateTime<Utc>,
    origin: Option<(&'static Operation, Arc<str>)>,
}

impl SignedUrl {
    /// Checks and keeps a `Location`, byte for byte.
    ///
    /// It is requested as it is, but for what no URL may hold, which is percent-encoded, and for a
    /// fragment, which is not sent. A link that would be written in another way is refused.
    ///
    /// Plain http is accepted only from an API that the caller reaches by plain http, or on this
    /// machine.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::LinkRefused`] if there is no such header, it is no URL, its scheme is unsafe, it
    /// carries credentials, or would be written in another way.
    pub fn from_location(location: Option<&HeaderValue>, api: &BaseUrl) -> Result<Self, Error> {
        let api = api.url();
        Self::follow(location, api, api.scheme() == "http", true)
    }

    /// The URL that a redirect at this one leads to, under the same rules; a redirect from https to
    /// http is refused.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::LinkRefused`] if there is no such header, it is no URL, its scheme is unsafe, it
    /// carries credentials, or would be written in another way.
    pub fn redirect(&self, location: Option<&HeaderValue>) -> Result<Self, Error> {
        let http = self.url.scheme() == "http";
        let mut next = Self::follow(location, &self.url, http && self.plain, http)?;
        next.origin.clone_from(&self.origin);
        Ok(next)
    }

    fn follow(
        location: Option<&HeaderValue>,
        from: &Url,
        plain: bool,
        plain_loopback: bool,
    ) -> Result<Self, Error> {
        let location = location.ok_or_else(|| refused("it has no `Location` header"))?;
        let text = location
            .to_str()
            .map_err(|_| refused("its `Location` is not ASCII"))?;
        let absolute = Url::parse(text);
        let url = match &absolute {
            Err(url::ParseError::RelativeUrlWithoutBase) => from.join(text),
            _ => absolute.clone(),
        }
        .map_err(|error| refused(format!("its `Location` is no URL ({error})")))?;
        match url.scheme() {
            "https" => {}
            "http" if plain || (plain_loopback && is_loopback(&url)) => {}
            "http" => return Err(refused("its `Location` gives up encryption")),
            _ => return Err(refused("its `Location` has a scheme other than https")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("its `Location` carries credentials"));
        }
        if let Some(part) = rewritten(text, &url) {
            return Err(refused(format!(
                "the HTTP client would write the {part} of its `Location` in another way, which breaks \
                 signatures"
            )));
        }
        Ok(Self {
            text: if absolute.is_ok() {
                text.into()
            } else {
                url.as_str().into()
            },
            url,
            plain,
            obtained_at: Utc::now(),
            origin: None,
        })
    }

    /// Remembers which request it answered.
    pub(crate) fn issued_by(mut self, operation: &'static Operation, path: &str) -> Self {
        self.origin = Some((operation, path.into()));
        self
    }

    /// Names in an error the operation that gave this URL, and the path of its request, unless they
    /// are named already.
    #[must_use]
    pub fn attribute(&self, error: Error) -> Error {
        match &self.origin {
            Some((operation, path)) => error.with_operation(operation).with_path(&**path),
            None => error,
        }
    }

    /// The whole URL, signature included, for another program to request. Keep it out of logs.
    pub fn expose(&self) -> &str {
        &self.text
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// The host that serves the content.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The path, without the query that holds the signature.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// When the redirect was received, by this machine's clock.
    pub fn obtained_at(&self) -> DateTime<Utc> {
        self.obtained_at
    }

    /// When the URL expires, where its query says so: Azure's
    /// [`se`](https://learn.microsoft.com/rest/api/storageservices/create-service-sas), or
    /// [`X-Amz-Date` and `X-Amz-Expires`](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        let value = |name: &str| {
            self.url
                .query_pairs()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        };
        if let Some(end) = value("se") {
            return DateTime::parse_from_rfc3339(&end).ok().map(Into::into);
        }
        let start = NaiveDateTime::parse_from_str(&value("X-Amz-Date")?, "%Y%m%dT%H%M%SZ").ok()?;
        let lifetime = TimeDelta::try_seconds(value("X-Amz-Expires")?.parse().ok()?)?;
        start.and_utc().checked_add_signed(lifetime)
    }
}

/// The part of a URL that is requested in another way than it was written, if there is one.
///
/// What no URL may hold ([RFC 3986, section 2](https://www.rfc-editor.org/rfc/rfc3986#section-2)) is
/// percent-encoded, the case of a host and a port that goes without saying count for nothing.
fn rewritten(text: &str, url: &Url) -> Option<&'static str> {
    let text = text.split('#').next().unwrap_or_default();
    let (before, query) = match text.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (text, None),
    };
    let behind_scheme = match before.split_once(':') {
        Some((scheme, rest)) if !scheme.contains('/') => rest,
        _ => before,
    };
    let path = match behind_scheme.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let port = authority.rsplit_once(':').map(|(_, port)| port);
            let port = port.filter(|port| port.bytes().all(|digit| digit.is_ascii_digit()));
            let host = match port {
                Some(port) => &authority[..authority.len() - port.len() - 1],
                None => authority,
            };
            if !host.eq_ignore_ascii_case(url.host_str().unwrap_or_default()) {
                return Some("host");
            }
            if path.is_empty() { "/" } else { path }
        }
        // A path that begins elsewhere is resolved against the one before.
        None if !behind_scheme.starts_with('/') => url.path(),
        None => behind_scheme,
    };
    if !is_written(path, url.path()) {
        return Some("path");
    }
    match (query, url.query()) {
        (None, None) => None,
        (Some(text), Some(query)) if is_written(text, query) => None,
        _ => Some("query"),
    }
}

/// Whether `url` is `text`, but for what had to be percent-encoded.
fn is_written(text: &str, url: &str) -> bool {
    let mut rest = url.as_bytes();
    text.bytes().all(|byte| {
        if let Some((first, others)) = rest.split_first()
            && *first == byte
        {
            rest = others;
            return true;
        }
        let may_stand = byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
        let encoded = format!("%{byte:02X}");
        match rest.strip_prefix(encoded.as_bytes()) {
            Some(others) if !may_stand => {
                rest = others;
                true
            }
            _ => false,
        }
    }) && rest.is_empty()
}

fn refused(why: impl fmt::Display) -> Error {
    Error::new(
        ErrorKind::LinkRefused,
        format!(
            "the redirect cannot be followed: {why}; tell whoever runs the server, or a proxy before it"
        ),
    )
}

impl fmt::Display for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = if self.url.query().is_some() {
            "?[redacted]"
        } else {
            ""
        };
        write!(
            f,
            "{}{}{query}",
            self.url.origin().ascii_serialization(),
            self.path()
        )
    }
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: &str = "https://blob.example.net/results/dist.zip?se=2026-03-10T08%3A01%3A00Z&sig=c2VjcmV0%2B%2F%3D";

    #[test]
    fn a_signed_url_is_kept_byte_for_byte_and_never_printed() {
        let api = BaseUrl::parse("https://api.github.com").unwrap();
        let url = SignedUrl::from_location(Some(&HeaderValue::from_static(SIGNED)), &api).unwrap();
        assert_eq!(url.expose(), SIGNED);
        assert_eq!(url.url().as_str(), SIGNED);
        assert_eq!(
            (url.host(), url.path()),
            ("blob.example.net", "/results/dist.zip")
        );
        assert_eq!(
            url.expires_at().unwrap().to_rfc3339(),
            "2026-03-10T08:01:00+00:00"
        );
        for text in [format!("{url}"), format!("{url:?}")] {
            assert!(
                text.contains("https://blob.example.net/results/dist.zip"),
                "{text}"
            );
            assert!(!text.contains("sig") && !text.contains("c2Vj"), "{text}");
        }
        let amazon = "https://b.example.net/x?X-Amz-Date=20260310T080000Z&X-Amz-Expires=60&X-Amz-Signature=a";
        let amazon = HeaderValue::from_static(amazon);
        let url = SignedUrl::from_location(Some(&amazon), &api).unwrap();
        assert_eq!(
            url.expires_at().unwrap().to_rfc3339(),
            "2026-03-10T08:01:00+00:00"
        );
    }

    #[test]
    fn a_link_that_would_be_written_in_another_way_is_refused() {
        let api = BaseUrl::parse("https://api.github.com").unwrap();
        let from = |location: &str| {
            let location = HeaderValue::from_bytes(location.as_bytes()).unwrap();
            SignedUrl::from_location(Some(&location), &api)
        };
        for location in [
            "https://blob.example.net",
            "https://blob.example.net?sig=a",
            "https://BLOB.example.net:443/a?b#c",
            "https://blob.example.net:8443/a%2Fb/%zz?x=%2B+/=&y=[]{}|",
            "https://blob.example.net/a b\"<>`{}?c d\"<>",
            "https://[2001:db8::1]/a",
            "//blob.example.net/a?b",
            "/a/b?c=d",
            "a/../b?c=d",
            "?c=d",
        ] {
            from(location).unwrap_or_else(|error| panic!("{location}: {error}"));
        }
        for (location, part) in [
            ("https://0x7f.1/a?s3cret", "host"),
            ("https://127.1/a?s3cret", "host"),
            ("https://blob%2Eexample.net/a?s3cret", "host"),
            ("https://[2001:0db8::1]/a", "host"),
            ("https://blob.example.net/a/../b?s3cret", "path"),
            ("https://blob.example.net/a/./b", "path"),
            ("https://blob.example.net/a/%2e%2e/b", "path"),
            ("https://blob.example.net/a\\b", "path"),
            ("https://blob.example.net/a\tb", "path"),
            ("/a/../b?s3cret", "path"),
            ("https://blob.example.net/a?b='s3cret'", "query"),
            ("https://blob.example.net/a?b=s3\tcret", "query"),
            ("?b='s3cret'", "query"),
        ] {
            let error = from(location).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::LinkRefused, "{location}");
            let text = error.to_string();
            assert!(
                text.contains(&format!("the {part} of")),
                "{location}: {text}"
            );
            assert!(!text.contains("s3cret"), "{text}");
        }
    }

    #[test]
    fn links_that_lead_nowhere_safe_are_refused() {
        let github = BaseUrl::parse("https://api.github.com").unwrap();
        let plain = BaseUrl::parse("http://github.example.com/api/v3").unwrap();
        let from = |location: &str, api: &BaseUrl| {
            let location = HeaderValue::from_bytes(location.as_bytes()).unwrap();
            SignedUrl::from_location(Some(&location), api)
        };
        for (location, why) in [
            ("", "https"),
            ("http://blob.example.net/x?sig=secret", "encryption"),
            ("ftp://blob.example.net/x?sig=secret", "scheme"),
            ("file:///etc/passwd", "scheme"),
            (
                "https://user:pw@blob.example.net/x?sig=secret",
                "credentials",
            ),
            ("https://?sig=secret", "no URL"),
            ("https://größe.example?sig=secret", "ASCII"),
        ] {
            match from(location, &github) {
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::LinkRefused, "{location}");
                    let text = format!("{error} {error:?}");
                    assert!(text.contains(why), "{location}: {text}");
                    assert!(!text.contains("secret") && !text.contains("pw@"), "{text}");
                }
                // An empty reference names the API itself, which is as safe as the API is.
                Ok(url) => assert_eq!((location, url.host()), ("", "api.github.com")),
            }
        }
        assert!(SignedUrl::from_location(None, &github).is_err());
        assert!(from("http://127.0.0.1:1/x", &github).is_ok());
        assert!(from("http://blob.example.net/x", &plain).is_ok());
        let url = from(SIGNED, &github).unwrap();
        assert!(
            url.redirect(Some(&HeaderValue::from_static("http://127.0.0.1/x")))
                .is_err()
        );
        assert!(
            url.redirect(Some(&HeaderValue::from_static("/other?sig=b")))
                .is_ok()
        );
    }
}
