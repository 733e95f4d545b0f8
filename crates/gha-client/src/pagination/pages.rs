//! A list's pages as a stream.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::TryStreamExt;
use futures_util::future::{MaybeDone, maybe_done};
use gha_core::{Error, PageBody, Paginated, Response};

use super::cursor::{Cursor, Fetched, Page};
use super::link::Links;
use super::trail::Trail;

/// GitHub's [largest page](https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api#changing-the-number-of-items-per-page).
const LARGEST: i64 = 100;

/// GitHub's page size where none, or none that is possible, is asked for.
const UNASKED: i64 = 30;

/// The pages of a list; see [`PaginatedExt::pages`](super::PaginatedExt::pages).
#[must_use = "nothing is requested before it is polled"]
pub struct Pages<P: Paginated> {
    builder: P,
    prefetch: usize,
    cursor: Cursor<P::Item>,
    /// Where pages have cursors, those that led here.
    trail: Option<Trail>,
    /// Pages that were asked for, in order.
    in_flight: VecDeque<InFlight<P::Item>>,
    failed: bool,
}

impl<P: Paginated> Pages<P> {
    pub(super) fn new(builder: P) -> Self {
        let builder = if builder.page_size().is_none() {
            builder.with_per_page(LARGEST)
        } else {
            builder
        };
        let size = match builder.page_size() {
            Some(size) if size > 0 => size.min(LARGEST),
            Some(_) => UNASKED,
            None => LARGEST,
        };
        let first = builder.page_number().unwrap_or(1).max(1);
        let names = builder.cursor_names();
        let trail = (!names.is_empty()).then(|| Trail::new(names, builder.cursor()));
        Self {
            builder,
            prefetch: 0,
            cursor: Cursor::new(first, size, P::item_id),
            trail,
            in_flight: VecDeque::new(),
            failed: false,
        }
    }

    /// Keeps up to `pages` pages in flight; they still come in order. Off by default, because
    /// [GitHub asks for serial requests](https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#avoid-concurrent-requests).
    ///
    /// It is for lists at rest: where `total_count` changes meanwhile, the stream ends with an error of
    /// kind [`Pagination`](gha_core::ErrorKind::Pagination), for pages that were asked for out of order
    /// may lack items then. A list without `total_count`, or with cursors, is read page by page. After a secondary rate
    /// limit pages are requested one at a time for five minutes.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages;
        self
    }

    /// The next page; `None` after the last one. Cancelling the future loses nothing.
    ///
    /// # Errors
    ///
    /// Those of the operation, and [`Pagination`](gha_core::ErrorKind::Pagination) where the list
    /// cannot be read on. After an error there are no more pages.
    pub async fn try_next(&mut self) -> Result<Option<Page<P::Item>>, Error> {
        TryStreamExt::try_next(self).await
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Page<P::Item>>, Error>> {
        loop {
            self.request(true, cx);
            let Some(front) = self.in_flight.front_mut() else {
                return Poll::Ready(Ok(None));
            };
            let Some(answer) = Pin::new(&mut front.answer).take_output() else {
                return Poll::Pending;
            };
            let number = front.number;
            self.in_flight.pop_front();
            let response = answer?;
            let page = self.take(number, response);
            let operation = self.builder.operation();
            if let Some(page) = page.map_err(|error| error.with_operation(operation))? {
                self.request(false, cx);
                return Poll::Ready(Ok(Some(page)));
            }
        }
    }

    /// The page of an answer; `None` if others must be read before it.
    fn take(
        &mut self,
        number: i64,
        response: Response<PageBody<P::Item>>,
    ) -> Result<Option<Page<P::Item>>, Error> {
        let (links, cursor) = match &mut self.trail {
            Some(trail) => {
                let (links, cursor) = trail.follow(&response, number, &self.builder)?;
                (links, Some(cursor))
            }
            None => (Links::from_headers(response.headers()), None),
        };
        let page = Fetched {
            number,
            cursor,
            total: response.total_count,
            links,
            rate_limit: response.rate_limit(),
            is_githubs: response.request_id().is_some(),
            items: response.into_inner().items,
        };
        let is_prefetched = self.prefetch > 1;
        self.cursor.take(page, is_prefetched)
    }

    /// Asks for the pages that are wanted and not asked for, for the next one only if it is awaited
    /// or pages are to be prefetched; lets all that are under way go on.
    fn request(&mut self, awaited: bool, cx: &mut Context<'_>) {
        let Some(wanted) = self.cursor.wanted().filter(|_| !self.failed) else {
            self.in_flight.clear();
            return;
        };
        let front = self.in_flight.front();
        if front.is_some_and(|front| front.number != wanted) {
            self.in_flight.clear();
        }
        let is_serial = self.prefetch <= 1 || self.builder.api().transport().prefers_serial();
        let pages = i64::try_from(self.prefetch).unwrap_or(i64::MAX);
        let prefetched = match self.cursor.estimate() {
            Some(estimate) if !is_serial => estimate.min(wanted.saturating_add(pages - 1)),
            _ => 0,
        };
        let last = match awaited {
            true => prefetched.max(wanted),
            false => prefetched,
        };
        let from = self
            .in_flight
            .back()
            .map_or(wanted, |back| back.number.saturating_add(1));
        for number in from..=last {
            let builder = self.builder.clone();
            let request = match &self.trail {
                Some(trail) => builder.with_cursor(&trail.current),
                None => builder.with_page(number),
            };
            let request: Request<P::Item> = Box::pin(request.send_page());
            self.in_flight.push_back(InFlight {
                number,
                answer: maybe_done(request),
            });
        }
        for page in &mut self.in_flight {
            let _ = Pin::new(&mut page.answer).poll(cx);
        }
    }
}

type Request<T> = Pin<Box<dyn Future<Output = Result<Response<PageBody<T>>, Error>> + Send>>;

/// A page that was asked for.
struct InFlight<T> {
    number: i64,
    answer: MaybeDone<Request<T>>,
}

impl<P: Paginated> Stream for Pages<P> {
    type Item = Result<Page<P::Item>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = ready!(self.poll_page(cx));
        if page.is_err() {
            self.failed = true;
            self.in_flight.clear();
        }
        Poll::Ready(page.transpose())
    }
}

impl<P: Paginated + fmt::Debug> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("builder", &self.builder)
            .field("prefetch", &self.prefetch)
            .field("in_flight", &self.in_flight.len())
            .finish_non_exhaustive()
    }
}
