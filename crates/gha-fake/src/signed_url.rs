//! Signed URLs, in the form of Azure's shared access signatures.

use std::ops::Range;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use crate::clock::rfc3339;
use crate::request::query_value;

/// A GUID, as on GitHub.
const CONTAINER: &str = "c0ffee00-5eed-4bad-8f00-0123456789ab";

/// What the URLs of one fake are signed with.
pub(crate) struct SigningKey(pub(crate) String);

impl SigningKey {
    /// Path and query of a URL that is good for a time. `blob` is what the path ends in.
    pub(crate) fn sign(
        &self,
        blob: &str,
        content_type: &str,
        file_name: &str,
        good: Range<SystemTime>,
    ) -> String {
        let path = format!("/actions-results/{CONTAINER}/{blob}");
        let disposition = format!("attachment; filename=\"{file_name}\"");
        let query = format!(
            "rscd={}&rsct={}&se={}&sp=r&spr=https&sr=b&st={}&sv=2025-11-05",
            // `+` for a space and escapes that need none are there to be left alone by clients.
            escape(&disposition).replace("%20", "+"),
            escape(content_type),
            escape(&rfc3339(good.end)),
            escape(&rfc3339(good.start)),
        );
        let signature = self.signature(&path, &query);
        format!("{path}?{query}&sig={signature}")
    }

    /// Says why the URL is not good, if it is not.
    pub(crate) fn verify(
        &self,
        path: &str,
        query: &str,
        now: SystemTime,
    ) -> Result<(), &'static str> {
        let Some((signed, signature)) = query.rsplit_once("&sig=") else {
            return Err("there is no signature");
        };
        if self.signature(path, signed) != signature {
            return Err("the signature does not match path and query, byte for byte");
        }
        let expiry = query_value(query, "se").and_then(|se| DateTime::parse_from_rfc3339(&se).ok());
        match expiry {
            Some(expiry) if SystemTime::from(expiry) > now => Ok(()),
            _ => Err("the signature is expired"),
        }
    }

    /// Nobody forges it here: a digest with the key in front is enough.
    fn signature(&self, path: &str, query: &str) -> String {
        let digest = Sha256::digest(format!("{} {path}?{query}", self.0));
        escape(&STANDARD.encode(digest))
    }
}

/// What a signed URL's path leads to: its kind and its id.
pub(crate) fn blob_at(path: &str) -> Option<(&str, i64)> {
    let mut segments = path.strip_prefix("/actions-results/")?.split('/').skip(1);
    Some((segments.next()?, segments.next()?.parse().ok()?))
}

/// All but the unreserved characters of [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
pub(crate) const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_blobs() {
        let good = Some(("artifacts", 11));
        assert_eq!(blob_at("/actions-results/x/artifacts/11"), good);
        assert_eq!(blob_at("/actions-results/x/artifacts/11/a.zip"), good);
        assert_eq!(blob_at("/actions-results/x/artifacts"), None);
        assert_eq!(blob_at("/actions-results/x/artifacts/a.zip"), None);
        assert_eq!(blob_at("/repos/x/artifacts/11"), None);
    }
}
