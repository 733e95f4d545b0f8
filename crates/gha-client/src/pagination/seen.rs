//! Which items a stream has given out, in bounded memory.

use std::collections::HashMap;

use gha_core::{Error, ErrorKind};

/// The ids of items given out, and where in the list they can be at most.
///
/// Deletions move items towards the front, which no bound minds; the growth of the list moves them
/// back by as much as it grew. So places are positions less the growth so far, and stay valid.
#[derive(Debug)]
pub(super) struct Seen {
    /// How many ids are remembered at least; `None` for all.
    capacity: Option<usize>,
    items: HashMap<i64, Sighting>,
    pages: u64,
    growth: i64,
    /// The first place read since the list was last seen to change.
    stable_from: i64,
    /// No item can be behind this place.
    furthest: i64,
    /// No item that was forgotten is behind this place.
    forgotten: i64,
}

#[derive(Debug, Clone, Copy)]
struct Sighting {
    /// The page that it was last on, counted as pages came.
    page: u64,
    /// The last place where it can be.
    place: i64,
}

/// The place of items that are in the list no more.
const GONE: i64 = i64::MIN;

impl Seen {
    pub(super) fn new(capacity: Option<usize>) -> Self {
        Self {
            capacity,
            items: HashMap::new(),
            pages: 0,
            growth: 0,
            stable_from: i64::MAX,
            furthest: GONE,
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
        let (page, start) = (self.pages, start.saturating_sub(self.growth));
        let mut place = start;
        items.retain(|item| {
            let Some(id) = id(item) else { return true };
            let seen = self.items.insert(id, Sighting { page, place });
            place = place.saturating_add(1);
            seen.is_none()
        });
        if let Some(capacity) = self.capacity {
            let end = end.saturating_sub(self.growth);
            if start <= self.furthest {
                self.pass_over(start, end);
            }
            self.furthest = self.furthest.max(place);
            // Some more are let in, so that not every page pays for a look at all of them.
            if self.items.len() > capacity.saturating_add(capacity / 4) {
                self.forget_all_but(capacity, end);
            }
        }
    }

    /// Items that could be here and were not: they are before all that was read of the list in its
    /// present state, or gone.
    fn pass_over(&mut self, start: i64, end: i64) {
        let before = self.stable_from.min(start);
        let place = if before.saturating_add(self.growth) <= 0 {
            GONE
        } else {
            before - 1
        };
        for sighting in self.items.values_mut() {
            if sighting.page != self.pages && (start..end).contains(&sighting.place) {
                sighting.place = place;
            }
        }
    }

    /// Forgets the pages seen longest ago, as long as so many items are left; those that may still
    /// come, at `end` or behind, last of all.
    fn forget_all_but(&mut self, capacity: usize, end: i64) {
        let rank = |sighting: &Sighting| (sighting.place >= end, sighting.page);
        let mut ranks: Vec<_> = self.items.values().map(rank).collect();
        let excess = ranks.len().saturating_sub(capacity);
        let (_, &mut least_kept, _) = ranks.select_nth_unstable(excess);
        let forgotten = &mut self.forgotten;
        self.items.retain(|_, sighting| {
            let keep = rank(sighting) >= least_kept;
            if !keep {
                *forgotten = sighting.place.max(*forgotten);
            }
            keep
        });
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }
}
