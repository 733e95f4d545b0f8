//! Which items a stream has given out, in bounded memory.

use std::collections::{BTreeMap, HashMap};

use gha_api::{Error, ErrorKind};

/// The ids of items given out, and where in the list they can be at most.
///
/// Deletions move items towards the front, which no bound minds; the growth of the list moves them
/// back by as much as it grew. So positions are kept less the growth so far, and stay valid.
#[derive(Debug)]
pub(super) struct Seen {
    /// How many ids are remembered at most; `None` for all.
    capacity: Option<usize>,
    /// When each id was last seen.
    last_seen: HashMap<i64, u64>,
    /// The ids by the last position where they can be. An entry is void once its id was seen again.
    places: BTreeMap<i64, Vec<(i64, u64)>>,
    pages: u64,
    growth: i64,
    /// The first position read since the list was last seen to change.
    stable_from: i64,
    /// No item that was forgotten is behind this position.
    forgotten: i64,
}

/// The place of items that are in the list no more.
const GONE: i64 = i64::MIN;

impl Seen {
    pub(super) fn new(capacity: Option<usize>) -> Self {
        Self {
            capacity,
            last_seen: HashMap::new(),
            places: BTreeMap::new(),
            pages: 0,
            growth: 0,
            stable_from: i64::MAX,
            forgotten: GONE,
        }
    }

    /// The list is longer by so many items, which may all have come first; shorter if negative.
    pub(super) fn changed(&mut self, by: i64) {
        self.growth = self.growth.saturating_add(by.max(0));
        self.stable_from = i64::MAX;
    }

    /// The list is read from this position on, once more.
    pub(super) fn rewind(&mut self, to: i64) {
        self.stable_from = to.saturating_sub(self.growth);
    }

    /// Fails if an item at this position or behind may have been given out and forgotten.
    pub(super) fn check(&self, position: i64) -> Result<(), Error> {
        if self.forgotten.saturating_add(self.growth) < position {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Pagination,
            "the list changed by more items than are remembered to tell new ones from old ones; \
             call `remember_all` on the stream, or read the list again",
        ))
    }

    /// Drops the items that were given out before from a page that covers the positions from
    /// `start` to `end`, and remembers the others.
    pub(super) fn admit<T>(
        &mut self,
        start: i64,
        end: i64,
        items: &mut Vec<T>,
        id: fn(&T) -> Option<i64>,
    ) {
        self.pages += 1;
        let page = self.pages;
        let mut ids = Vec::new();
        items.retain(|item| match id(item) {
            Some(id) => {
                ids.push((id, page));
                self.last_seen.insert(id, page).is_none()
            }
            None => true,
        });
        let Some(capacity) = self.capacity else {
            return;
        };
        let (start, end) = (
            start.saturating_sub(self.growth),
            end.saturating_sub(self.growth),
        );
        self.pass_over(start, end);
        self.places.entry(end - 1).or_default().extend(ids);
        while self.last_seen.len() > capacity && self.places.len() > 1 {
            self.forget_first();
        }
    }

    /// Items that could be here and are not: they are before all that was read of the list in its
    /// present state, or gone.
    fn pass_over(&mut self, start: i64, end: i64) {
        let mut here = self.places.split_off(&start);
        self.places.append(&mut here.split_off(&end));
        let last_seen = &self.last_seen;
        let mut missing = here
            .into_values()
            .flatten()
            .filter(|(id, page)| last_seen.get(id) == Some(page))
            .peekable();
        if missing.peek().is_some() {
            let before = self.stable_from.min(start);
            let place = if before.saturating_add(self.growth) <= 0 {
                GONE
            } else {
                before - 1
            };
            self.places.entry(place).or_default().extend(missing);
        }
    }

    fn forget_first(&mut self) {
        let Some((place, ids)) = self.places.pop_first() else {
            return;
        };
        for (id, page) in ids {
            if self.last_seen.get(&id) == Some(&page) {
                self.last_seen.remove(&id);
                self.forgotten = self.forgotten.max(place);
            }
        }
    }
}
