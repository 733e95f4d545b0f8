//! Which page comes next, and which of its items are new: pagination without its requests.

use gha_core::{Error, ErrorKind, RateLimit};

use super::Page;
use super::link::{Links, Next};
use super::seen::Seen;

/// How many steps back may bring nothing new in a row, and how many pages may be empty.
const PATIENCE: u32 = 16;

/// Reads a list that changes under way, by positions counted from 0.
///
/// Where a list shrinks, items that were not read yet may have moved to positions that were. So
/// `read` moves back as far as the list shrinks, and everything before it has been given out, what
/// else may happen: items that come first only move others back, and are not missed.
#[derive(Debug)]
pub(super) struct Cursor<T> {
    size: i64,
    id: fn(&T) -> Option<i64>,
    read: i64,
    total: Option<i64>,
    seen: Seen,
    estimate: i64,
    ended: bool,
    steps_back: u32,
    empty_pages: u32,
}

/// A page as the server sent it.
#[derive(Debug)]
pub(super) struct Fetched<T> {
    pub(super) number: i64,
    pub(super) total: Option<i64>,
    pub(super) items: Vec<T>,
    pub(super) links: Links,
    pub(super) rate_limit: Option<RateLimit>,
}

/// What becomes of a page.
#[derive(Debug)]
pub(super) struct Taken<T> {
    /// The page with the items that are new; `None` if others must be read before it.
    pub(super) page: Option<Page<T>>,
    /// The list is shorter than before: pages asked for earlier are not to be trusted.
    pub(super) shrank: bool,
}

impl<T> Cursor<T> {
    /// Starts at page `first`; pages have `size` items, and remembers the ids of so many pages, or
    /// of all.
    pub(super) fn new(
        first: i64,
        size: i64,
        remembered: Option<usize>,
        id: fn(&T) -> Option<i64>,
    ) -> Self {
        let capacity = usize::try_from(size).unwrap_or(1);
        Self {
            size,
            id,
            read: (first - 1).saturating_mul(size),
            total: None,
            seen: Seen::new(remembered.map(|pages| pages.saturating_mul(capacity))),
            estimate: first,
            ended: false,
            steps_back: 0,
            empty_pages: 0,
        }
    }

    /// The page to ask for, unless the list has ended.
    pub(super) fn wanted(&self) -> Option<i64> {
        (!self.ended).then_some((self.read / self.size).saturating_add(1))
    }

    /// The last page, as far as is known.
    pub(super) fn estimate(&self) -> i64 {
        self.estimate
    }

    /// Takes in the page that was wanted.
    pub(super) fn take(&mut self, page: Fetched<T>) -> Result<Taken<T>, Error> {
        let shrank = self.compare(page.total);
        let by_count = self.total.map_or(page.number, |total| {
            total.saturating_add(self.size - 1) / self.size
        });
        self.estimate = page.links.last.unwrap_or(by_count);
        let page = if self.start_of(page.number) > self.read {
            self.step_back(&page)?;
            None
        } else {
            Some(self.accept(page)?)
        };
        Ok(Taken { page, shrank })
    }

    /// Takes note of how the list's length has changed.
    fn compare(&mut self, total: Option<i64>) -> bool {
        let Some(new) = total else { return false };
        let change = self
            .total
            .replace(new)
            .map_or(0, |old| new.saturating_sub(old));
        if change != 0 {
            self.seen.changed(change);
        }
        if change < 0 {
            self.read = self.read.saturating_add(change).max(0);
        }
        change < 0
    }

    fn step_back(&mut self, page: &Fetched<T>) -> Result<(), Error> {
        self.steps_back += 1;
        if self.steps_back > PATIENCE {
            return Err(refuse(
                "the list shrinks again and again while it is read, and going back brings nothing \
                 new; read it again when it has come to rest",
            ));
        }
        if page.items.iter().any(|item| (self.id)(item).is_none()) {
            return Err(refuse(
                "the list shrank while it was read, and its items have no ids to tell new ones \
                 from old ones; read it again",
            ));
        }
        let start = self.read / self.size * self.size;
        self.seen.check(start)?;
        self.seen.rewind(start);
        Ok(())
    }

    fn accept(&mut self, page: Fetched<T>) -> Result<Page<T>, Error> {
        let start = self.start_of(page.number);
        let end = start.saturating_add(self.size);
        self.seen.check(start)?;
        let next = self.next_of(&page, end)?;
        let mut items = page.items;
        let past_end = self.total.is_none_or(|total| start >= total);
        let is_empty = items.is_empty();
        self.seen.admit(start, end, &mut items, self.id);
        if !items.is_empty() {
            self.steps_back = 0;
            self.empty_pages = 0;
        } else if (is_empty || past_end) && next.is_some() {
            self.empty_pages += 1;
            if self.empty_pages > PATIENCE {
                return Err(refuse(
                    "links lead on and on past the end of the list; tell the server's operator",
                ));
            }
        }
        match next {
            Some(next) => self.read = self.read.max(self.start_of(next)),
            None => self.ended = true,
        }
        Ok(Page {
            number: page.number,
            total_count: page.total,
            items,
            rate_limit: page.rate_limit,
        })
    }

    /// The page that follows: by the link, else by counting, else where the page is full.
    fn next_of(&self, page: &Fetched<T>, end: i64) -> Result<Option<i64>, Error> {
        let items = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        let following = page.number.saturating_add(1);
        let next = match (page.links.next, page.total) {
            (Next::Page(next), _) => Some(next),
            (Next::End, _) => None,
            (Next::Unknown, Some(total)) => {
                let start = self.start_of(page.number);
                // Where the two contradict each other, only an empty page is the end: some servers
                // give smaller pages than they are asked for.
                let as_counted = start.saturating_add(items) == total.min(end);
                (end < total || (!as_counted && items > 0)).then_some(following)
            }
            (Next::Unknown, None) => (items >= self.size).then_some(following),
            (Next::Unnumbered, _) => {
                return Err(refuse(
                    "the link to the next page has no page number; read the pages one by one",
                ));
            }
        };
        match next {
            Some(next) if next <= page.number => Err(refuse(format!(
                "the link of page {} leads to page {next} and not on; tell the server's operator",
                page.number
            ))),
            Some(next) if next > i64::MAX / self.size - 1 => Err(refuse(format!(
                "the link of page {} leads to page {next}, which no list has; tell the server's \
                 operator",
                page.number
            ))),
            next => Ok(next),
        }
    }

    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.seen.len()
    }

    fn start_of(&self, page: i64) -> i64 {
        (page - 1).saturating_mul(self.size)
    }
}

fn refuse(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Pagination, message)
}
