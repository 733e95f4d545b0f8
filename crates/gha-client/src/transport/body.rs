//! Bodies of API responses: read whole, decompressed, checked for their end.

use std::io::{self, Read};

use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use gha_api::{Error, ErrorKind};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use memchr::memchr2;

/// Reads a body of at most `limit` bytes, decompressed; of an error page its head is enough.
pub(super) async fn read(
    response: &mut reqwest::Response,
    headers: &mut HeaderMap,
    limit: usize,
) -> Result<Bytes, Error> {
    let is_error = !response.status().is_success();
    let mut body = BytesMut::new();
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
    match encoding.as_bytes() {
        b"identity" => Ok(body),
        b"gzip" | b"x-gzip" => gunzip(&body, limit, is_error),
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

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("json"))
}

/// Whether everything that the text opens is closed when it ends.
///
/// Broken proxies pass a part of a body on as if it were the whole. Looking for the end is a tenth
/// of the work of decoding, and here it can still be asked for again.
pub(super) fn is_whole(json: &[u8]) -> bool {
    let mut depth = 0usize;
    let mut empty = true;
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => match end_of_string(json, at) {
                Some(end) => at = end,
                None => return false,
            },
            byte if byte.is_ascii_whitespace() => continue,
            _ => {}
        }
        empty = false;
    }
    depth == 0 && !empty
}

/// The position behind the closing quote of the string whose content starts at `at`.
fn end_of_string(json: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', json.get(at..)?)? + 1;
        if json[at - 1] == b'"' {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn every_proper_prefix_of_a_document_is_cut_short() {
        let json = br#"{"total_count":2,"a":[{"s":"}]\"\\","n":[1,2]},{}],"b":"\u0041"}"#;
        assert!(is_whole(json));
        for end in 0..json.len() {
            assert!(!is_whole(&json[..end]), "cut at {end}");
        }
    }

    #[test]
    fn white_space_around_a_document_is_none_of_it() {
        assert!(is_whole(b" \n{ } \r\n\t"));
        assert!(!is_whole(b" \n"));
    }
}
