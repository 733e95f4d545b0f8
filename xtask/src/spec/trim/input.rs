//! Where a full description is read from: a file, standard input, or an https URL.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::spec::problem::{Problem, cannot_be};

/// More than fifteen times GitHub's description.
const LIMIT: u64 = 256 * 1024 * 1024;

/// Reads `from`, which is a path, `-`, or a URL: the name that the header records, and the bytes.
pub(super) fn read(from: &str) -> Result<(String, Vec<u8>), Problem> {
    let read = match from {
        "-" => standard_input(),
        url if url.contains("://") => download(url),
        path => std::fs::read(path).map_err(|error| error.to_string()),
    };
    let bytes = read.map_err(cannot_be("read", &public(from)))?;
    Ok((name(from), bytes))
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
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|error| error.to_string())
}

/// By curl, as TLS of our own would be a third of what has to be built before the first `cargo xtask`.
fn download(url: &str) -> Result<Vec<u8>, String> {
    let protocols = match url.split_once("://") {
        Some(("https", _)) => "=https",
        Some(("http", rest)) if is_local(rest) => "=http",
        _ => {
            return Err("use an https URL: a description decides what code we generate".to_owned());
        }
    };
    if url.contains(char::is_control) {
        return Err("a URL has no control characters".to_owned());
    }
    let mut curl = Command::new("curl");
    // No settings of the user's; redirects may not leave https either.
    curl.args(["-qgfsSL", "--proto", protocols, "--proto-redir", protocols])
        .args(["--connect-timeout", "10", "--max-time", "300"])
        .args(["--user-agent", "cargo-xtask-trim", "--config", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let failed =
        |error: io::Error| format!("curl: {error}; or save it yourself, and name the file");
    let mut curl = curl.spawn().map_err(failed)?;
    if let Some(mut config) = curl.stdin.take() {
        // Other users see the arguments of a process.
        let quoted = url.replace('\\', "\\\\").replace('"', "\\\"");
        writeln!(config, "url = \"{quoted}\"").map_err(failed)?;
    }
    let mut bytes = Vec::new();
    if let Some(output) = curl.stdout.take() {
        let read = output.take(LIMIT + 1).read_to_end(&mut bytes);
        read.map_err(failed)?;
    }
    if bytes.len() as u64 > LIMIT {
        return Err(format!("it has more than {} MiB", LIMIT >> 20));
    }
    let ended = curl.wait_with_output().map_err(failed)?;
    match ended.status.success() {
        true => Ok(bytes),
        false => Err(String::from_utf8_lossy(&ended.stderr).trim().to_owned()),
    }
}

/// Whether what follows `http://` leads to this machine.
fn is_local(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let is_port = |it: &str| it.bytes().all(|digit| digit.is_ascii_digit());
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host,
        _ => authority,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&host)
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
            "http://localhost@example.com/a.json?secret",
            "http://localhost:secret@example.com/a.json",
            "http://localhost.example.com/a.json?secret",
            "ftp://example.com/a.json",
            "file:///etc/passwd",
        ] {
            let problem = read(url).unwrap_err().to_string();
            assert!(problem.contains("use an https URL"), "{problem}");
            assert!(!problem.contains("secret"), "{problem}");
        }
    }
}
