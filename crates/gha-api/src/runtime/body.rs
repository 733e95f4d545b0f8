// Written by `cargo xtask codegen`. Do not edit.

use bytes::{Bytes, BytesMut};
use serde::de::DeserializeOwned;

use super::platform::{self, Chunks};
use super::{Error, ErrorKind};

/// Above any answer that these operations give, and small enough to hold.
pub(crate) const LIMIT: usize = 32 * 1024 * 1024;

/// Above any error that GitHub writes; the rest of a longer page says nothing more.
pub(crate) const ERROR_LIMIT: usize = 1024 * 1024;

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<(http::response::Parts, Bytes), Error> {
    let status = response.status();
    let mut parts = http::Response::new(()).into_parts().0;
    parts.status = status;
    parts.headers = std::mem::take(response.headers_mut());
    parts.extensions = platform::take_extensions(&mut response);
    let mut chunks = Chunks::new(response);
    let mut body = BytesMut::new();
    loop {
        match chunks.next().await {
            // Where the transport has read it already, the body is one chunk, taken uncopied.
            Ok(Some(chunk)) if body.is_empty() && chunk.len() <= limit => body = chunk.into(),
            Ok(Some(chunk)) if body.len() + chunk.len() <= limit => body.extend_from_slice(&chunk),
            // The head of an error page is all that an error keeps of it.
            Ok(Some(chunk)) if !status.is_success() => {
                body.extend_from_slice(&chunk[..limit - body.len()]);
                break;
            }
            Ok(Some(_)) => {
                return Err(Error::new(
                    ErrorKind::Decode,
                    format!("the body is larger than {limit} bytes"),
                )
                .with_response(parts.status, parts.headers));
            }
            Ok(None) => break,
            Err(error) => {
                return Err(Error::from(error).with_response(parts.status, parts.headers));
            }
        }
    }
    Ok((parts, body.freeze()))
}

/// Decodes JSON; only a failure pays for the path to where it lies.
pub(crate) fn decode<T: DeserializeOwned>(
    bytes: &[u8],
) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let deserializer = &mut serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut *deserializer)?;
    match deserializer.end() {
        Ok(()) => Ok(value),
        Err(error) => Err(serde_path_to_error::Error::new(
            serde_path_to_error::Track::new().path(),
            error,
        )),
    }
}
