//! Which bytes of a file are there.

use std::collections::VecDeque;
use std::ops::Range;

/// Ranges in order that neither overlap nor touch.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Ranges(Vec<Range<u64>>);

impl Ranges {
    pub(super) fn insert(&mut self, mut range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        let first = self.0.partition_point(|other| other.end < range.start);
        let behind = self.0.partition_point(|other| other.start <= range.end);
        if first < behind {
            range.start = range.start.min(self.0[first].start);
            range.end = range.end.max(self.0[behind - 1].end);
        }
        self.0.splice(first..behind, [range]);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Range<u64>> {
        self.0.iter()
    }

    /// How many bytes there are.
    pub(super) fn bytes(&self) -> u64 {
        self.0.iter().map(|range| range.end - range.start).sum()
    }

    /// How many there are from the first byte on without a gap.
    pub(super) fn prefix(&self) -> u64 {
        match self.0.first() {
            Some(range) if range.start == 0 => range.end,
            _ => 0,
        }
    }

    /// What is missing of `total` bytes, in parts; `size` tells the largest from what is left. They
    /// are cut when they are asked for, since a server may claim any length.
    pub(super) fn missing<F: Fn(u64) -> u64>(
        &self,
        total: u64,
        size: F,
    ) -> impl Iterator<Item = Range<u64>> + use<F> {
        let mut gaps = VecDeque::new();
        let mut at = 0;
        for range in self.0.iter().chain([&(total..total)]) {
            gaps.push_back(at..range.start);
            at = range.end;
        }
        let mut left = total.saturating_sub(self.bytes());
        std::iter::from_fn(move || {
            while gaps.front()?.is_empty() {
                gaps.pop_front();
            }
            let gap = gaps.front_mut()?;
            let part = gap.start..gap.end.min(gap.start.saturating_add(size(left)));
            left -= part.end - part.start;
            gap.start = part.end;
            Some(part)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_are_cut_when_they_are_asked_for() {
        // All at once, they would take more memory than there is.
        let parts = Ranges::default().missing(u64::MAX, |_| 1);
        assert_eq!(parts.take(2).collect::<Vec<_>>(), [0..1, 1..2]);
    }

    proptest! {
        #[test]
        fn ranges_are_sets_of_bytes(
            inserted in prop::collection::vec((0u64..60, 0u64..20), 0..12),
            size in 1u64..30,
        ) {
            let mut ranges = Ranges::default();
            let mut bytes = [false; 80];
            for (start, len) in inserted {
                ranges.insert(start..start + len);
                bytes[start as usize..(start + len) as usize].fill(true);
            }
            let there = bytes.iter().filter(|there| **there).count();
            prop_assert_eq!(ranges.bytes(), there as u64);
            let prefix = bytes.iter().take_while(|there| **there).count();
            prop_assert_eq!(ranges.prefix(), prefix as u64);
            prop_assert!(ranges.0.windows(2).all(|pair| pair[0].end < pair[1].start));
            for part in ranges.missing(80, |_| size) {
                prop_assert!(!part.is_empty() && part.end - part.start <= size);
                for byte in part {
                    prop_assert!(!std::mem::replace(&mut bytes[byte as usize], true));
                }
            }
            prop_assert!(bytes.iter().all(|there| *there));
        }
    }
}
