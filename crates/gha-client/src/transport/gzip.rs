//! Bodies of API responses, decompressed.

use std::io::{self, Read as _};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
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
            "the body has a content encoding that was not asked for",
        )),
    }
}

fn gunzip(body: &[u8], limit: usize, is_error: bool) -> Result<Bytes, Error> {
    let mut plain = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    match MultiGzDecoder::new(body).take(most).read_to_end(&mut plain) {
        Ok(_) if plain.len() <= limit => {}
        _ if is_error => plain.truncate(limit),
        Ok(_) => {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("the body is larger than {limit} bytes"),
            ));
        }
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(Error::new(ErrorKind::Truncated, "the body ended early"));
        }
        Err(error) => {
            return Err(
                Error::new(ErrorKind::Decode, "the body is not the gzip that it says")
                    .with_source(error),
            );
        }
    }
    Ok(plain.into())
}
