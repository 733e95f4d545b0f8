use std::fmt;

use url::{Host, Url};

use crate::{Error, ErrorKind};

/// Where an API lives: scheme, host, port and an optional path prefix, without a trailing slash.
///
/// ```
/// # fn main() -> Result<(), gha_core::Error> {
/// let base = gha_core::BaseUrl::parse("https://github.example.com/api/v3/")?;
/// assert_eq!(base.as_str(), "https://github.example.com/api/v3");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Parses an absolute `http` or `https` URL.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the text is no such URL, or carries a query, a fragment or
    /// credentials.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| {
            Error::new(
                ErrorKind::Configuration,
                format!(
                    "the base URL {why}; expected a URL such as https://api.github.com or \
                     https://HOSTNAME/api/v3"
                ),
            )
        };
        let mut url = Url::parse(text).map_err(|error| refuse(&format!("is invalid ({error})")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("has a scheme other than http or https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("carries credentials"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("carries a query or a fragment"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The URL without a trailing slash.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Whether a request to `url` stays at this origin: same scheme, host and port
    /// ([RFC 6454, section 5](https://www.rfc-editor.org/rfc/rfc6454#section-5)).
    pub fn same_origin(&self, url: &Url) -> bool {
        self.0.origin() == url.origin()
    }

    /// Whether a request with this URI stays at this origin.
    pub fn is_origin_of(&self, uri: &http::Uri) -> bool {
        Url::parse(&uri.to_string()).is_ok_and(|url| self.same_origin(&url))
    }

    /// Whether credentials may travel there: by TLS, or to this machine.
    pub fn is_confidential(&self) -> bool {
        self.0.scheme() == "https" || is_loopback(&self.0)
    }

    /// Whether it could be that of an Enterprise Server without the path of its API.
    pub(crate) fn may_lack_its_path(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        self.0.path() == "/" && host != "api.github.com" && !host.ends_with(".ghe.com")
    }

    /// The parsed URL.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.as_str())
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether the URL names this machine, by name or by address.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
