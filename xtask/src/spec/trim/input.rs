//! Where a full description is read from: a file, standard input, or an https URL.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use ureq::http::Uri;

use crate::spec::problem::Problem;

/// More than fifteen times GitHub's description.
const LIMIT: u64 = 256 * 1024 * 1024;

/// The bytes of a description and the name that the header records.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

impl Input {
    /// Reads `from`: a path, `-`, or a URL.
    pub(super) fn read(from: &str) -> Result<Self, Problem> {
        let read = match from {
            "-" => standard_input(),
            url if url.contains("://") => download(url),
            path => std::fs::read(path).map_err(|error| error.to_string()),
        };
        let bytes = read.map_err(|error| {
            Problem::new(format!("cannot be read: {error}")).in_file(&public(from))
        })?;
        Ok(Self {
            name: name(from),
            bytes,
        })
    }
}

/// A URL without what may be a secret: its user, its password, its query and its fragment. A path as it
/// is.
fn public(from: &str) -> String {
    let Some((scheme, rest)) = from.split_once("://") else {
        return from.to_owned();
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

/// The last segment: where a maintainer keeps the file is nobody's business.
fn name(from: &str) -> String {
    if from == "-" {
        return "standard input".to_owned();
    }
    let from = public(from);
    let name = Path::new(&from)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    name.chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect()
}

fn standard_input() -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn download(url: &str) -> Result<Vec<u8>, String> {
    let refused = "use an https URL: a description decides what code we generate";
    let uri: Uri = url.parse().map_err(|_| refused)?;
    let local = ["localhost", "127.0.0.1", "[::1]"].contains(&uri.host().unwrap_or_default());
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if local => {}
        _ => return Err(refused.to_owned()),
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        // Redirects may not leave https either.
        .https_only(!local)
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_global(Some(Duration::from_secs(300)))
        .user_agent("cargo-xtask-trim")
        .build()
        .into();
    agent
        .get(uri)
        .call()
        .and_then(|mut response| response.body_mut().with_config().limit(LIMIT).read_to_vec())
        .map_err(|error| match error {
            // It would tell where the redirect leads, which may hold a secret.
            ureq::Error::RequireHttpsOnly(_) => "a redirect leads away from https".to_owned(),
            ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
                "a redirect leads to no URL".to_owned()
            }
            error => error.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_the_file_name_alone() {
        assert_eq!(
            name("/home/me/descriptions/api.github.com.json"),
            "api.github.com.json"
        );
        assert_eq!(name("https://example.com/a/b.json?token=x#y"), "b.json");
        assert_eq!(name("https://me:secret@example.com/b.json"), "b.json");
        assert_eq!(name("https://me:secret@example.com"), "example.com");
        assert_eq!(name("-"), "standard input");
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for url in [
            "http://example.com/a.json?token=secret",
            "http://me:secret@example.com/a.json",
            "http://me:sec@secret@example.com/a.json#secret",
            "ftp://example.com/a.json",
            "file:///etc/passwd",
        ] {
            let problem = Input::read(url).err().unwrap().to_string();
            assert!(problem.contains("use an https URL"), "{problem}");
            assert!(!problem.contains("secret"), "{problem}");
        }
    }
}
