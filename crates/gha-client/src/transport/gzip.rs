//! Bodies of API responses, decompressed.

use std::io::{self, Read as _};

use bytes::Bytes;
use flate2::bufread::GzDecoder;
use gha_core::{Error, ErrorKind};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};

/// Undoes the content encoding, up to `limit` bytes; of an error page the head is enough.
pub(super) fn decode(
    body: Bytes,
    headers: &mut HeaderMap,
    limit: usize,
    is_error: bool,
) -> Result<Bytes, Error> {
    let Some(encoding) = headers.remove(CONTENT_ENCODING) else {
        return Ok(body);
    };
    headers.remove(CONTENT_LENGTH);
    // Codings are case-insensitive (RFC 9110, section 8.4.1).
    let encoding = encoding.as_bytes().to_ascii_lowercase();
    match &*encoding {
        _ if body.is_empty() => Ok(body),
        b"identity" => Ok(body),
        b"gzip" | b"x-gzip" => gunzip(&body, limit, is_error),
        // The status says enough.
        _ if is_error => Ok(Bytes::new()),
        _ => Err(Error::new(
            ErrorKind::Decode,
            "the body has a content encoding that was not asked for; a proxy may have added it",
        )),
    }
}

/// Servers send one member; each costs time, however little is in it.
const MOST_MEMBERS: usize = 100;

fn gunzip(body: &[u8], limit: usize, is_error: bool) -> Result<Bytes, Error> {
    let mut plain = Vec::new();
    let mut rest = body;
    for _ in 0..MOST_MEMBERS {
        let most = u64::try_from(limit - plain.len()).unwrap_or(u64::MAX);
        let mut member = GzDecoder::new(rest);
        let read = member
            .by_ref()
            .take(most.saturating_add(1))
            .read_to_end(&mut plain);
        rest = member.into_inner();
        match read {
            Ok(_) if plain.len() > limit && !is_error => {
                let message = format!(
                    "the body is larger than {limit} bytes; raise `body_limit` if so much is expected"
                );
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
            // Of an error page the head is enough.
            _ if is_error => {
                plain.truncate(limit);
                return Ok(plain.into());
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                let message =
                    "the body ended early; try again, or look for a proxy that cuts it off";
                return Err(Error::new(ErrorKind::Truncated, message));
            }
            Err(error) => {
                let message = format!(
                    "the body is not the gzip that it says: {error}; a proxy may have changed it"
                );
                return Err(Error::new(ErrorKind::Decode, message));
            }
            // Proxies exist that fill up with zeros.
            Ok(_) if rest.iter().all(|byte| *byte == 0) => return Ok(plain.into()),
            Ok(_) => {}
        }
    }
    let message = format!(
        "the body is gzip of more than {MOST_MEMBERS} members; a proxy may have packed it so"
    );
    Err(Error::new(ErrorKind::Decode, message))
}
