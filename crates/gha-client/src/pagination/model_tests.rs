//! The cursor against a model: a list that changes between any two requests.

use std::collections::HashSet;

use gha_core::{Error, ErrorKind};
use proptest::prelude::*;

use super::cursor::{Cursor, Fetched};
use super::link::{Links, Next};

/// What happens to the list between two requests.
#[derive(Clone, Debug)]
struct Change {
    arrive: usize,
    /// Positions, in thousandths of the list's length.
    vanish: Vec<usize>,
    /// How many of the items that were just given out the caller deletes, in thousandths.
    consume: usize,
}

#[derive(Clone, Copy, Debug)]
enum Told {
    Links,
    Totals,
    /// Neither a link nor a total, as of bare arrays behind a proxy.
    Nothing,
}

fn change(arrive: usize) -> impl Strategy<Value = Change> {
    let vanish = prop_oneof![
        3 => Just(vec![]),
        2 => prop::collection::vec(0..1000usize, 1..4),
        1 => prop::collection::vec(0..1000usize, 1..30),
    ];
    let consume = prop_oneof![Just(0), Just(1000), 0..=1000usize];
    (0..=arrive, vanish, consume).prop_map(|(arrive, vanish, consume)| Change {
        arrive,
        vanish,
        consume,
    })
}

/// The list, newest item first, and what became of a stream over it.
#[derive(Debug)]
struct Run {
    list: Vec<i64>,
    given: Vec<i64>,
    outcome: Result<(), Error>,
}

fn run(length: i64, size: i64, remembered: Option<usize>, told: Told, changes: &[Change]) -> Run {
    let mut list: Vec<i64> = (0..length).rev().collect();
    let mut given = Vec::new();
    let mut newest = length;
    let mut changes = changes.iter();
    let mut cursor = Cursor::new(1, size, remembered, |id: &i64| Some(*id));
    while let Some(number) = cursor.wanted() {
        let taken = match cursor.take(answer(&list, number, size, told)) {
            Ok(taken) => taken,
            Err(error) => {
                return Run {
                    list,
                    given,
                    outcome: Err(error),
                };
            }
        };
        let items = taken.page.map(|page| page.items).unwrap_or_default();
        if let Some(change) = changes.next() {
            let consumed = items.len() * change.consume / 1000;
            list.retain(|id| !items[..consumed].contains(id));
            for at in &change.vanish {
                if !list.is_empty() {
                    list.remove(at * list.len() / 1000);
                }
            }
            for _ in 0..change.arrive {
                list.insert(0, newest);
                newest += 1;
            }
        }
        given.extend(items);
    }
    Run {
        list,
        given,
        outcome: Ok(()),
    }
}

fn answer(list: &[i64], number: i64, size: i64, told: Told) -> Fetched<i64> {
    let total = i64::try_from(list.len()).expect("a short list");
    let start = usize::try_from((number - 1) * size).expect("a position");
    let count = usize::try_from(size).expect("a size");
    let last = (total + size - 1) / size;
    let links = match told {
        Told::Links if last > 1 => Links {
            next: if number < last {
                Next::Page(number + 1)
            } else {
                Next::End
            },
            last: (number < last).then_some(last),
        },
        _ => Links::default(),
    };
    Fetched {
        number,
        total: (!matches!(told, Told::Nothing)).then_some(total),
        items: list.iter().copied().skip(start).take(count).collect(),
        links,
        rate_limit: None,
    }
}

fn nothing_twice(run: &Run) -> Result<(), TestCaseError> {
    let distinct: HashSet<_> = run.given.iter().collect();
    prop_assert_eq!(distinct.len(), run.given.len(), "{:?}", run.given);
    Ok(())
}

fn nothing_lost(run: &Run, length: i64) -> Result<(), TestCaseError> {
    let given: HashSet<_> = run.given.iter().collect();
    for id in run.list.iter().filter(|id| **id < length) {
        prop_assert!(given.contains(id), "lost {id} of {:?}", run.list);
    }
    Ok(())
}

fn told() -> impl Strategy<Value = Told> {
    prop_oneof![Just(Told::Links), Just(Told::Totals)]
}

proptest! {
    #[test]
    fn whatever_changes_nothing_is_lost_and_nothing_comes_twice(
        length in 0..120i64,
        size in 1..8i64,
        told in told(),
        changes in prop::collection::vec(change(9), 0..60),
    ) {
        let run = run(length, size, None, told, &changes);
        nothing_twice(&run)?;
        match &run.outcome {
            Ok(()) => nothing_lost(&run, length)?,
            // A list that never rests while steps back bring nothing new.
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::Pagination);
                prop_assert!(error.to_string().contains("again and again"), "{}", error);
            }
        }
    }

    #[test]
    fn with_a_short_memory_it_ends_with_an_error_rather_than_a_repetition(
        length in 0..120i64,
        size in 1..8i64,
        pages in 1..6usize,
        told in told(),
        changes in prop::collection::vec(change(0), 0..60),
    ) {
        let run = run(length, size, Some(pages), told, &changes);
        nothing_twice(&run)?;
        if run.outcome.is_ok() {
            nothing_lost(&run, length)?;
        }
    }

    #[test]
    fn a_memory_of_as_many_items_as_come_and_go_is_enough(
        length in 0..120i64,
        size in 1..8i64,
        told in told(),
        changes in prop::collection::vec(change(2), 0..20),
    ) {
        let size_of_page = usize::try_from(size).expect("a size");
        let changed: usize = changes
            .iter()
            .map(|change| {
                change.arrive + change.vanish.len() + size_of_page * change.consume / 1000
            })
            .sum();
        let pages = changed / size_of_page + 2;
        let run = run(length, size, Some(pages), told, &changes);
        nothing_twice(&run)?;
        if run.outcome.is_ok() {
            nothing_lost(&run, length)?;
        }
    }

    #[test]
    fn a_caller_who_deletes_all_that_it_is_given_leaves_nothing(
        length in 0..200i64,
        size in 1..8i64,
        pages in 1..4usize,
        told in told(),
    ) {
        let all = Change { arrive: 0, vanish: vec![], consume: 1000 };
        let run = run(length, size, Some(pages), told, &vec![all; 1000]);
        prop_assert!(run.outcome.is_ok(), "{:?}", run.outcome);
        prop_assert!(run.list.is_empty(), "left {:?}", run.list);
        nothing_twice(&run)?;
    }

    #[test]
    fn nor_do_arrivals_keep_it_from_that(
        length in 0..300i64,
        size in 1..8i64,
        told in told(),
        arrivals in prop::collection::vec(0..2usize, 300),
    ) {
        let changes: Vec<_> = arrivals
            .into_iter()
            .map(|arrive| Change { arrive, vanish: vec![], consume: 1000 })
            .collect();
        let run = run(length, size, None, told, &changes);
        prop_assert!(run.outcome.is_ok(), "{:?}", run.outcome);
        let given: HashSet<_> = run.given.iter().collect();
        prop_assert!((0..length).all(|id| given.contains(&id)), "{:?}", run.given);
        nothing_twice(&run)?;
    }

    #[test]
    fn a_list_at_rest_is_read_in_order(
        length in 0..120i64,
        size in 1..8i64,
        told in prop_oneof![Just(Told::Links), Just(Told::Totals), Just(Told::Nothing)],
    ) {
        let run = run(length, size, Some(1), told, &[]);
        prop_assert!(run.outcome.is_ok());
        prop_assert_eq!(run.given, (0..length).rev().collect::<Vec<_>>());
    }
}

#[test]
fn memory_stays_constant_however_long_the_list() {
    let mut cursor = Cursor::new(1, 100, Some(16), |id: &i64| Some(*id));
    let mut list: Vec<i64> = (0..20_000).rev().collect();
    let mut most = 0;
    while let Some(number) = cursor.wanted() {
        let taken = cursor
            .take(answer(&list, number, 100, Told::Links))
            .expect("it goes on");
        most = most.max(cursor.remembered());
        // Every tenth page is deleted when it was read.
        if let Some(page) = taken.page
            && page.number % 10 == 0
        {
            list.retain(|id| !page.items.contains(id));
        }
    }
    assert!(most <= (16 + 4 + 1) * 100, "{most} ids");
}
