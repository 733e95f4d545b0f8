//! A list's items as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;
use futures_util::TryStreamExt;
use gha_core::{Error, Paginated};

use super::Pages;

/// The items of a list; see [`PaginatedExt::stream`](super::PaginatedExt::stream).
#[must_use = "nothing is requested before it is polled"]
pub struct Items<P: Paginated> {
    pages: Pages<P>,
    items: IntoIter<P::Item>,
}

impl<P: Paginated> Items<P> {
    pub(super) fn new(pages: Pages<P>) -> Self {
        Self {
            pages,
            items: Vec::new().into_iter(),
        }
    }

    /// Keeps up to `pages` pages in flight; see [`Pages::prefetch`].
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.pages = self.pages.prefetch(pages);
        self
    }

    /// The next item; `None` after the last one. Cancelling the future loses nothing.
    ///
    /// # Errors
    ///
    /// As of [`Pages::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<P::Item>, Error> {
        TryStreamExt::try_next(self).await
    }
}

impl<P: Paginated> Stream for Items<P> {
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(cx)) {
                Some(Ok(page)) => self.items = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<P: Paginated + fmt::Debug> fmt::Debug for Items<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("left", &self.items.len())
            .finish()
    }
}
