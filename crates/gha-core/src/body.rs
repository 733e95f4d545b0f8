use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::{BodyExt as _, Full};

use crate::{Error, ErrorKind};

#[cfg(not(target_arch = "wasm32"))]
type BoxBody = Pin<Box<dyn http_body::Body<Data = Bytes, Error = Error> + Send>>;
#[cfg(target_arch = "wasm32")]
type BoxBody = Pin<Box<dyn http_body::Body<Data = Bytes, Error = Error>>>;

/// The body of a response, as it arrives.
///
/// It is an [`http_body::Body`], whatever HTTP client is behind it.
pub struct Body(BoxBody);

impl Body {
    /// Wraps a body, for transports that are not built on this crate's HTTP client.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn new(body: impl http_body::Body<Data = Bytes, Error = Error> + Send + 'static) -> Self {
        Self(Box::pin(body))
    }

    /// Wraps a body, for transports that are not built on this crate's HTTP client.
    #[cfg(target_arch = "wasm32")]
    pub fn new(body: impl http_body::Body<Data = Bytes, Error = Error> + 'static) -> Self {
        Self(Box::pin(body))
    }

    /// A body without bytes.
    pub fn empty() -> Self {
        Bytes::new().into()
    }

    /// The next piece, never an empty one; `None` at the end. Trailers are passed over.
    ///
    /// # Errors
    ///
    /// Those of the connection.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let Some(frame) = self.0.frame().await else {
                return Ok(None);
            };
            if let Ok(data) = frame?.into_data()
                && !data.is_empty()
            {
                return Ok(Some(data));
            }
        }
    }

    /// The whole body, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`], and those of the connection.
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes, Error> {
        let body = self.head(limit).await?;
        if body.len() <= limit {
            return Ok(body);
        }
        Err(Error::new(
            ErrorKind::TooLarge,
            format!(
                "the body is larger than {limit} bytes; raise the limit if so much is expected"
            ),
        ))
    }

    /// The head of the body: whole pieces until there are more than `limit` bytes, or all of it.
    ///
    /// # Errors
    ///
    /// Those of the connection.
    #[doc(hidden)]
    pub async fn head(&mut self, limit: usize) -> Result<Bytes, Error> {
        /// The length is the server's word, and may cost no more than this.
        const RESERVED: usize = 1024 * 1024;

        let Some(first) = self.chunk().await? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.chunk().await? else {
            return Ok(first);
        };
        let expected = usize::try_from(self.0.size_hint().lower()).unwrap_or(RESERVED);
        let mut body =
            BytesMut::with_capacity(first.len() + second.len() + expected.min(limit).min(RESERVED));
        body.extend_from_slice(&first);
        body.extend_from_slice(&second);
        while body.len() <= limit
            && let Some(chunk) = self.chunk().await?
        {
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.0.as_mut().poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Box::pin(Full::new(bytes).map_err(|never| match never {})))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("size_hint", &self.size_hint())
            .finish_non_exhaustive()
    }
}
