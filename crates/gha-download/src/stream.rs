//! Content as a stream, for readers that cannot start over.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream::{TryStreamExt as _, try_unfold};
use gha_core::Error;

use crate::content::Content;

/// The bytes of a [`Download`](super::Download) or of a part of a [`Source`](super::Source).
///
/// Bytes count only when the stream has ended without an error: then all of them are received and,
/// where a digest is expected, verified.
#[must_use = "streams do nothing unless polled"]
pub struct ByteStream(Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>);

impl ByteStream {
    pub(super) fn new(content: Content) -> Self {
        let content = content.may_start_over(false);
        Self(Box::pin(try_unfold(content, |mut content| async move {
            Ok(content.chunk().await?.map(|chunk| (chunk, content)))
        })))
    }

    /// The next bytes; `None` when all have come.
    ///
    /// # Errors
    ///
    /// As [`Download::copy_to`](super::Download::copy_to), without those of a writer.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        self.0.try_next().await
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}
