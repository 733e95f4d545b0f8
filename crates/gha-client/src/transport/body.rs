//! Bodies of API responses: read whole and decompressed.

use std::io::{self, Read};

use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use gha_api::{Error, ErrorKind};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};

/// Reads a body of at most `limit` bytes, decompressed; of an error page its head is enough.
pub(super) async fn read(
    response: &mut reqwest::Response,
    headers: &mut HeaderMap,
    limit: usize,
) -> Result<Bytes, Error> {
    let is_error = !response.status().is_success();
    // The length is the server's word: enough for a large page, and no more than it may cost.
    let length = response.content_length().unwrap_or_default();
    let expected = usize::try_from(length).unwrap_or(usize::MAX);
    let mut body = BytesMut::with_capacity(expected.min(limit).min(1024 * 1024));
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() <= limit {
            body.extend_from_slice(&chunk);
        } else if is_error {
            break;
        } else {
            return Err(too_large(limit));
        }
    }
    let body = body.freeze();
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
        Ok(_) => return Err(too_large(limit)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(cut_short()),
        Err(error) => {
            return Err(
                Error::new(ErrorKind::Decode, "the body is not the gzip that it says")
                    .with_source(error),
            );
        }
    }
    Ok(plain.into())
}

fn too_large(limit: usize) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!("the body is larger than {limit} bytes"),
    )
}

/// The error of a body that ends early although HTTP calls it complete.
pub(super) fn cut_short() -> Error {
    Error::new(ErrorKind::Truncated, "the body ended early")
}
