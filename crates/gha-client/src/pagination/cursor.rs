//! Which page comes next, and which of its items are new: pagination without its requests.

use std::collections::HashSet;

use gha_core::{Error, ErrorKind, PageCursor, RateLimit};

use super::link::{Links, Next};

/// How many pages in a row may bring nothing new.
const PATIENCE: u32 = 16;

/// Reads a list that changes under way, by positions counted from 0.
///
/// Where a list shrinks, items that were not read yet may have moved to positions that were. So
/// `read` moves back as far as the list shrinks, and everything before it has been given out, what
/// else may happen: items that come first only move others back, and are not missed.
#[derive(Debug)]
pub(super) struct Cursor<T> {
    /// How many items a page has: as many as were asked for, until the first one comes.
    size: i64,
    is_sized: bool,
    id: fn(&T) -> Option<i64>,
    read: i64,
    /// The largest that `read` has been.
    furthest: i64,
    total: Option<i64>,
    seen: HashSet<i64>,
    estimate: i64,
    ended: bool,
    steps_back: u32,
    idle_pages: u32,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// Its number, counted from 1. After the list has shrunk, earlier pages come once more. Where pages have
    /// cursors, it counts those of this stream.
    pub number: i64,
    /// What it was asked for with, where pages have cursors.
    pub cursor: PageCursor,
    /// The number of items on all pages, where the server tells it.
    pub total_count: Option<i64>,
    /// Its items, without those that an earlier page had.
    pub items: Vec<T>,
    /// The rate limit after it was requested.
    pub rate_limit: Option<RateLimit>,
}

/// A page as the server sent it.
#[derive(Debug)]
pub(super) struct Fetched<T> {
    pub(super) number: i64,
    /// What it was asked for with, in place of its number.
    pub(super) cursor: Option<PageCursor>,
    pub(super) total: Option<i64>,
    pub(super) items: Vec<T>,
    pub(super) links: Links,
    pub(super) rate_limit: Option<RateLimit>,
    /// Whether GitHub itself answered, which gives as many items as it is asked for.
    pub(super) is_githubs: bool,
}

impl<T> Cursor<T> {
    /// Starts at page `first`; pages were asked for with `size` items.
    pub(super) fn new(first: i64, size: i64, id: fn(&T) -> Option<i64>) -> Self {
        let read = (first - 1).saturating_mul(size);
        Self {
            size,
            is_sized: false,
            id,
            read,
            furthest: read,
            total: None,
            seen: HashSet::new(),
            estimate: first,
            ended: false,
            steps_back: 0,
            idle_pages: 0,
        }
    }

    /// The page to ask for, unless the list has ended.
    pub(super) fn wanted(&self) -> Option<i64> {
        (!self.ended).then_some((self.read / self.size).saturating_add(1))
    }

    /// The last page, as far as is known, where the server tells how long the list is.
    pub(super) fn estimate(&self) -> Option<i64> {
        self.total.map(|_| self.estimate)
    }

    /// Takes in the page that was wanted. Gives it with the items that are new; `None` if others must be
    /// read before it. What was prefetched may lack items where the list changes.
    pub(super) fn take(
        &mut self,
        page: Fetched<T>,
        is_prefetched: bool,
    ) -> Result<Option<Page<T>>, Error> {
        self.learn_size(&page);
        // Pages with cursors are read one after the other, whatever the total is.
        let counted = page.total.filter(|_| page.cursor.is_none());
        let change = self.compare(counted);
        if is_prefetched && change != 0 {
            return Err(refuse(
                "the list changed while its pages were prefetched, and items may be missing; read it \
                 again, without `prefetch` if it changes often",
            ));
        }
        let by_count = self.total.map_or(page.number, |total| {
            total.saturating_add(self.size - 1) / self.size
        });
        self.estimate = page.links.last.unwrap_or(by_count);
        if self.start_of(page.number) > self.read {
            self.step_back(&page)?;
            return Ok(None);
        }
        self.accept(page).map(Some)
    }

    /// A page has as many items as came on the first one that has any, unless that is the last: some
    /// servers give fewer than they are asked for.
    fn learn_size(&mut self, page: &Fetched<T>) {
        let came = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        if self.is_sized || came == 0 {
            return;
        }
        self.is_sized = true;
        let more = match (page.links.next, page.total) {
            (Next::Page(_) | Next::Unnamed, _) => true,
            (Next::End, _) => false,
            // Its later pages have fewer items only if they are the last.
            (Next::Unknown, _) if page.is_githubs => false,
            (Next::Unknown, Some(total)) => page.number > 1 || came < total,
            (Next::Unknown, None) => true,
        };
        if came > self.size || more {
            self.size = came;
            self.read = self.start_of(page.number);
            self.furthest = self.read;
        }
    }

    /// Takes note of how the list's length has changed.
    fn compare(&mut self, total: Option<i64>) -> i64 {
        let Some(new) = total else { return 0 };
        let old = self.total.replace(new).unwrap_or(new);
        let change = new.saturating_sub(old);
        if change < 0 {
            self.read = self.read.saturating_add(change).max(0);
        }
        change
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
        Ok(())
    }

    fn accept(&mut self, page: Fetched<T>) -> Result<Page<T>, Error> {
        let end = self.start_of(page.number).saturating_add(self.size);
        let next = self.next_of(&page, end)?;
        let mut items = page.items;
        items.retain(|item| (self.id)(item).is_none_or(|id| self.seen.insert(id)));
        if !items.is_empty() {
            self.steps_back = 0;
            self.idle_pages = 0;
        } else if next.is_some() && end > self.furthest {
            // What is read once more after a step back may well bring nothing.
            self.idle_pages += 1;
            if self.idle_pages > PATIENCE {
                return Err(refuse(
                    "page after page brings nothing new: the server may give the same one whatever it \
                     is asked for, or lead on past the end; tell its operator",
                ));
            }
        }
        match next {
            Some(next) => self.read = self.read.max(self.start_of(next)),
            None => self.ended = true,
        }
        self.furthest = self.furthest.max(self.read);
        Ok(Page {
            number: page.number,
            cursor: page.cursor.unwrap_or_default(),
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
                // Where the two contradict each other, only an empty page is the end.
                let as_counted = start.saturating_add(items) == total.min(end);
                (end < total || (!as_counted && items > 0)).then_some(following)
            }
            (Next::Unknown, None) => (items >= self.size).then_some(following),
            (Next::Unnamed, _) => {
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

    fn start_of(&self, page: i64) -> i64 {
        (page - 1).saturating_mul(self.size)
    }
}

pub(super) fn refuse(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Pagination, message)
}
