use gha_core::{BaseUrl, Error, ErrorKind};

/// Where GitHub's API lives, and which version of it is asked for by default.
///
/// ```
/// use gha_client::Host;
///
/// # fn main() -> Result<(), gha_client::Error> {
/// assert_eq!(Host::github().base_url(), "https://api.github.com");
/// assert_eq!(Host::ghe_com("octocorp")?.base_url(), "https://api.octocorp.ghe.com");
///
/// let server = Host::server("github.example.com")?;
/// assert_eq!(server.base_url(), "https://github.example.com/api/v3");
/// assert_eq!(server.default_api_version(), "2022-11-28");
///
/// let mistake = Host::server("github.com").unwrap_err();
/// assert!(mistake.to_string().ends_with("use Host::github"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    base_url: String,
    /// Whether it is github.com or GHE.com, which run the same software; else it is Enterprise Server, or
    /// whatever lives at a URL.
    pub(crate) is_cloud: bool,
}

const GITHUB_API: &str = "https://api.github.com";

impl Default for Host {
    fn default() -> Self {
        Self::github()
    }
}

impl Host {
    /// github.com, at `https://api.github.com`.
    pub fn github() -> Self {
        Self {
            base_url: GITHUB_API.to_owned(),
            is_cloud: true,
        }
    }

    /// An enterprise on GHE.com, by its subdomain: `octocorp` is at `https://api.octocorp.ghe.com`;
    /// see [GitHub's documentation](https://docs.github.com/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency).
    ///
    /// `octocorp.ghe.com` is accepted as well.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if it is no subdomain.
    pub fn ghe_com(subdomain: &str) -> Result<Self, Error> {
        let name = subdomain.trim().to_ascii_lowercase();
        let label = name.strip_suffix(".ghe.com").unwrap_or(&name);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if label.is_empty() || !label.chars().all(plain) || label.starts_with('-') {
            return Err(refuse(format!(
                "`{subdomain}` is no subdomain of ghe.com; expected a name such as `octocorp`"
            )));
        }
        Ok(Self {
            base_url: format!("https://api.{label}.ghe.com"),
            is_cloud: true,
        })
    }

    /// An Enterprise Server, by its host name: `github.example.com` is at
    /// `https://github.example.com/api/v3`.
    ///
    /// A port, a scheme and a trailing slash are accepted; `/api/v3` is added unless it is there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if it is no host name, or that of github.com or GHE.com.
    pub fn server(name: &str) -> Result<Self, Error> {
        let name = name.trim();
        let url = if name.contains("://") {
            name.to_owned()
        } else {
            format!("https://{name}")
        };
        let base = BaseUrl::parse(&url)?;
        if let Some(hint) = cloud_hint(&base) {
            return Err(refuse(format!("`{name}` is no Enterprise Server; {hint}")));
        }
        let base_url = match base.url().path() {
            "" | "/" => format!("{base}/api/v3"),
            "/api/v3" => base.as_str().to_owned(),
            path => {
                return Err(refuse(format!(
                    "the path `{path}` is not that of an Enterprise Server's API, `/api/v3`; use \
                     Host::url for an API elsewhere"
                )));
            }
        };
        Ok(Self {
            base_url,
            is_cloud: false,
        })
    }

    /// An API at any `http` or `https` URL, taken as it is but for trailing slashes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if it is no absolute URL, carries a query, a fragment or
    /// credentials, or is that of a website rather than of its API.
    pub fn url(url: &str) -> Result<Self, Error> {
        let base = BaseUrl::parse(url.trim())?;
        let is_cloud = is_cloud_api(&base);
        if let Some(hint) = cloud_hint(&base).filter(|_| !is_cloud) {
            return Err(refuse(format!("`{base}` is not the URL of an API; {hint}")));
        }
        Ok(Self {
            base_url: base.as_str().to_owned(),
            is_cloud,
        })
    }

    /// The host that `GH_HOST` names: github.com, a subdomain of GHE.com, or a server. A scheme, the
    /// usual port, a slash at the end, `www.` and `api.` are passed over, as GitHub's command line does.
    pub(crate) fn named(name: &str) -> Result<Self, Error> {
        let lower = name.trim().to_ascii_lowercase();
        let bare = lower.strip_prefix("https://").unwrap_or(&lower);
        let bare = bare.trim_end_matches('/');
        let bare = bare.strip_suffix(":443").unwrap_or(bare);
        match bare {
            "github.com" | "www.github.com" | "api.github.com" => Ok(Self::github()),
            bare if bare.ends_with(".ghe.com") => {
                Self::ghe_com(bare.strip_prefix("api.").unwrap_or(bare))
            }
            _ => Self::server(name),
        }
    }

    /// The base URL of the API, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The version that is asked for unless the builder is told another: `2026-03-10` of github.com
    /// and GHE.com, `2022-11-28` elsewhere, which every server that is still supported knows.
    pub fn default_api_version(&self) -> &'static str {
        match self.is_cloud {
            true => "2026-03-10",
            false => "2022-11-28",
        }
    }
}

fn is_cloud_api(base: &BaseUrl) -> bool {
    let host = base.url().host_str().unwrap_or_default();
    base.url().scheme() == "https"
        && base.url().path() == "/"
        && (host == "api.github.com" || (host.starts_with("api.") && host.ends_with(".ghe.com")))
}

/// What to use instead of a URL whose host is github.com's or GHE.com's.
fn cloud_hint(base: &BaseUrl) -> Option<&'static str> {
    match base.url().host_str()? {
        "github.com" | "www.github.com" | "api.github.com" => Some("use Host::github"),
        host if host.ends_with(".ghe.com") => Some("use Host::ghe_com"),
        _ => None,
    }
}

fn refuse(message: String) -> Error {
    Error::new(ErrorKind::Configuration, message)
}
