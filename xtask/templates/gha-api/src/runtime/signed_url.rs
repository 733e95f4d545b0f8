use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::HeaderValue;
use url::Url;

use super::base_url::is_loopback;
use super::{BaseUrl, Error, ErrorKind, Operation};

/// The short-lived URL of an artifact or a log, as a redirect gave it.
///
/// Whoever holds it can read the content, so `Debug` and `Display` leave out its query, where the
/// signature is; [`expose`](Self::expose) shows all of it. It must be requested without
/// `Authorization`, and soon: GitHub lets it
/// [expire after one minute](https://docs.github.com/rest/actions/artifacts#download-an-artifact).
///
/// ```
/// use gha_api::{BaseUrl, SignedUrl};
/// use http::HeaderValue;
///
/// # fn main() -> Result<(), gha_api::Error> {
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
    /// Plain http is accepted only from an API that the caller reaches by plain http, or on this
    /// machine.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::LinkRefused`] if there is no such header, it is no URL, its scheme is unsafe, or
    /// it carries credentials.
    pub fn from_location(location: Option<&HeaderValue>, api: &BaseUrl) -> Result<Self, Error> {
        let api = api.url();
        Self::follow(location, api, api.scheme() == "http", true)
    }

    /// The URL that a redirect at this one leads to, under the same rules; a redirect from https to
    /// http is refused.
    ///
    /// # Errors
    ///
    /// As [`from_location`](Self::from_location).
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

    /// Names in an error the operation that gave this URL, and the path of its request.
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

    /// A GET of the content without credentials, for [`Transport::fetch`](super::Transport::fetch).
    ///
    /// Its `Debug` form shows the whole URL, as that of every [`reqwest::Request`].
    pub fn request(&self) -> reqwest::Request {
        reqwest::Request::new(http::Method::GET, self.url.clone())
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

fn refused(why: impl fmt::Display) -> Error {
    Error::new(
        ErrorKind::LinkRefused,
        format!("the redirect cannot be followed: {why}"),
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
