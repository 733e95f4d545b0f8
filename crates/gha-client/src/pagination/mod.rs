//! Lists as streams.
//!
//! Every operation that answers page by page has, beside its `send()` for one page,
//! [`stream`](PaginatedExt::stream) for its items, [`pages`](PaginatedExt::pages) for its pages and
//! [`all`](PaginatedExt::all) for a `Vec`. They ask for 100 items on a page unless the builder says
//! otherwise, and start at the builder's own page.
//!
//! The page that follows is the one whose number the `Link` header's `rel="next"` gives; where there
//! is no such header, pages are counted against `total_count`, or read up to one that is not full. A
//! page is as large as the first one, whatever was asked for: some servers give less. It is always the
//! same operation that is asked for it, on the client's own base URL, so the token follows no link to
//! another host. An empty page ends nothing as long as a link or the count leads on, and one error ends
//! the stream.
//!
//! # Lists that change under way
//!
//! Pages are positions in a list, so a list that changes between two requests would let a naive loop
//! miss items or see them twice. Here, when `total_count` shrinks, the page that shows it is put
//! aside, and the stream goes back as many items as have vanished; items that it has given out
//! before are told by their ids, which it remembers. That way deleting each artifact as it is streamed
//! deletes all of them.
//!
//! Guaranteed of streams without [`prefetch`](Items::prefetch), as long as items keep their order,
//! `total_count` is the list's length at the moment of each answer, and new items come first or none
//! come:
//!
//! - When the stream has ended without an error, every item that was in the list when it began, and
//!   still is, has been given out.
//! - No item is given out twice, if items have ids.
//!
//! Not guaranteed:
//!
//! - Items that arrive under way may be given out or not.
//! - Where new items come last, as jobs do, and as many others vanish between two requests, the
//!   length hides that, and items can be missed.
//! - A list without `total_count` does not show that it shrank: items can be missed.
//! - A stream that starts at a later page may go back to earlier ones, whose items are new to it.
//!
//! Rather than with a guess, the stream ends with an error of kind
//! [`Pagination`](gha_core::ErrorKind::Pagination) where the list shrinks again and again (or its length
//! flickers) while going back brings nothing new, where it changes while pages are prefetched, and
//! where links lead in circles, to pages that cannot be, or through more than 16 pages in a row that
//! bring nothing new.
//!
//! # Lists with cursors
//!
//! Some lists have no page numbers: the `Link` header's `rel="next"` gives a cursor (`after`, `before`, `cursor`
//! or `since`), which is taken from it, and the same operation is asked with that, on the client's own base URL.
//! One page is read after the other, and [`prefetch`](Items::prefetch) changes nothing.
//!
//! Guaranteed is that no item is given out twice, if items have ids, and that links in circles, without a cursor,
//! or through more than 16 pages in a row that bring nothing new end the stream with an error. What the list
//! looks like when it changes meanwhile is the server's business: a cursor marks a place in an order, so where items
//! keep theirs nothing is missed, and the stream cannot tell whether they do. Where there is no `next` link the
//! list has ended. A proxy that drops all links looks the same, unless the list tells a total that did not come:
//! that is an error.
//!
//! # Going on after a restart
//!
//! [`Page::number`] says how far a stream has come; a builder that is given that number as its
//! `page` goes on from there. Where pages have cursors, [`Page::cursor`] says it, and
//! [`Paginated::with_cursor`] takes it, as long as the server knows it; another process gives the builder's setters
//! (`after`, say) what [`PageCursor::get`] told here.

mod cursor;
mod items;
mod link;
#[cfg(test)]
mod model_tests;
mod pages;
mod trail;

pub use cursor::Page;
pub use items::Items;
pub use pages::Pages;

pub use gha_core::PageCursor;
use gha_core::{Error, Paginated};

/// Streams for every operation that answers page by page.
pub trait PaginatedExt: Paginated {
    /// All items, requested page by page as they are needed.
    ///
    /// Nothing is requested before the stream is polled; see [the module](self) for what is
    /// guaranteed when the list changes meanwhile.
    ///
    /// ```no_run
    /// # async fn example(client: gha_client::Client) -> Result<(), gha_client::Error> {
    /// use gha_client::prelude::*;
    ///
    /// let mut artifacts = client
    ///     .repo("octo-org", "octo-docs").list_artifacts()
    ///     .stream();
    /// while let Some(artifact) = artifacts.try_next().await? {
    ///     println!("{}", artifact.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    fn stream(self) -> Items<Self> {
        Items::new(self.pages())
    }

    /// All pages, with what each says beside its items: its number, the total and the rate limit.
    ///
    /// ```
    /// # use gha_fake::{Artifact, Fake, Repo};
    /// use gha_client::prelude::*;
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let artifacts = (0..250).map(|_| Artifact::noise("log", 10));
    /// # let repo = Repo::new("octo-org", "octo-docs").artifacts(artifacts);
    /// # let fake = Fake::builder().repo(repo).start().await?;
    /// # let host = gha_client::Host::url(fake.api_url())?;
    /// # let client = gha_client::builder().host(host).build()?;
    /// let mut pages = client
    ///     .repo("octo-org", "octo-docs").list_artifacts()
    ///     .page(2)
    ///     .pages();
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("page {}: {} items", page.number, page.items.len());
    ///     # assert_eq!(page.items.len(), if page.number == 2 { 100 } else { 50 });
    ///     assert_eq!(page.total_count, Some(250));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    fn pages(self) -> Pages<Self> {
        Pages::new(self)
    }

    /// All items at once, for lists that are known to be small.
    ///
    /// # Errors
    ///
    /// The first error of any page; items read before it are dropped.
    fn all(self) -> impl Future<Output = Result<Vec<Self::Item>, Error>> + Send {
        let mut pages = self.pages();
        async move {
            let mut all = Vec::new();
            while let Some(page) = pages.try_next().await? {
                all.extend(page.items);
            }
            Ok(all)
        }
    }
}

impl<P: Paginated> PaginatedExt for P {}
