//! Signed URLs, in the form of Azure's shared access signatures.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

use crate::clock::rfc3339;
use crate::request::query_value;

/// What a signed URL leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Artifact(i64),
    Log(i64),
}

/// A signed URL to be made.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) target: Target,
    pub(crate) signed: SystemTime,
    /// Made so that it is expired already.
    pub(crate) expired: bool,
}

/// The key of one fake's signatures.
pub(crate) struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    pub(crate) fn new(key: impl Into<Vec<u8>>) -> Self {
        Self(key.into())
    }

    /// Path and query of a link that is good for `lifetime`.
    pub(crate) fn sign(&self, link: &Link, lifetime: Duration, file_name: &str) -> String {
        let (kind, id, content_type) = match link.target {
            Target::Artifact(id) => ("artifacts", id, "application/zip"),
            Target::Log(id) => ("logs", id, "text/plain"),
        };
        let path = format!("/actions-results/{}/{kind}/{id}", self.container(kind, id));
        let expiry = if link.expired {
            link.signed - Duration::from_secs(1)
        } else {
            link.signed + lifetime
        };
        let disposition = format!("attachment; filename=\"{file_name}\"");
        let query = format!(
            "rscd={}&rsct={}&se={}&sp=r&spr=https&sr=b&st={}&sv=2025-11-05",
            // `+` for a space and escapes that need none are there to be left alone by clients.
            escape(&disposition).replace("%20", "+"),
            escape(content_type),
            escape(&rfc3339(expiry)),
            escape(&rfc3339(link.signed)),
        );
        let signature = self.signature(&path, &query);
        format!("{path}?{query}&sig={signature}")
    }

    /// Says why the link is not good, if it is not.
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

    fn signature(&self, path: &str, query: &str) -> String {
        escape(&STANDARD.encode(self.mac(&format!("{path}?{query}"))))
    }

    /// Looks like a GUID, as on GitHub.
    fn container(&self, kind: &str, id: i64) -> String {
        let hex: String = self
            .mac(&format!("{kind}/{id}"))
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let parts = [
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..],
        ];
        parts.join("-")
    }

    fn mac(&self, text: &str) -> Vec<u8> {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return Vec::new();
        };
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
