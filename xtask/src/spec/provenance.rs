//! The header of a trim: where its body came from, and proof that nobody edited it.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::problem::Problem;

/// Where a trim came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// File name of the full description.
    pub source: String,
    /// SHA-256 of the full description, in hex.
    pub source_sha256: String,
    /// Its `info.version`.
    pub version: String,
    /// Which edition of the API it describes.
    pub edition: String,
    /// SHA-256 of the body below the header, in hex.
    pub body_sha256: String,
}

const FIRST_LINE: &str =
    "# Written by `cargo xtask trim`. Do not edit: corrections belong in overlay.yaml.";
const AGAIN: &str = "corrections belong in <overlay>; to mend this file (after a merge conflict too), \
                     run `<xtask trim> --from DESCRIPTION` again";

/// SHA-256 in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

impl Provenance {
    /// The whole file: header, then body.
    pub fn with_body(&self, body: &str) -> String {
        let Self {
            source,
            source_sha256,
            version,
            edition,
            body_sha256,
        } = self;
        format!(
            "{FIRST_LINE}\n\
             #\n\
             # source:         {source}\n\
             # source-sha256:  {source_sha256}\n\
             # source-version: {version}\n\
             # edition:        {edition}\n\
             # body-sha256:    {body_sha256}\n\
             {body}"
        )
    }
}

/// Splits a trim into provenance and body; refuses one that was edited by hand.
///
/// Line ends are compared as `\n`, so that a checkout with CRLF passes.
pub fn verify(text: &str) -> Result<(Provenance, String), Problem> {
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n");
    if let Some(index) = text.lines().position(|line| line.starts_with("<<<<<<< ")) {
        return Err(Problem::new("holds a merge conflict")
            .at_line(index + 1, 1)
            .help(AGAIN));
    }
    let end: usize = text
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('#'))
        .map(str::len)
        .sum();
    let (header, body) = text.split_at(end);
    let field = |name: &str| {
        header
            .lines()
            .find_map(|line| {
                line.strip_prefix("# ")?
                    .strip_prefix(name)?
                    .strip_prefix(':')
            })
            .map(|value| value.trim().to_owned())
            .ok_or_else(|| {
                Problem::new(format!("the provenance header lacks `{name}`")).help(AGAIN)
            })
    };
    let provenance = Provenance {
        source: field("source")?,
        source_sha256: field("source-sha256")?,
        version: field("source-version")?,
        edition: field("edition")?,
        body_sha256: field("body-sha256")?,
    };
    if sha256(body.as_bytes()) != provenance.body_sha256 {
        return Err(Problem::new("was edited by hand: its checksum does not match").help(AGAIN));
    }
    Ok((provenance, body.to_owned()))
}
