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

/// A stream that asks for `size` items on a page, of a server that gives at most `cap`.
fn run(length: i64, size: i64, cap: i64, told: Told, changes: &[Change]) -> Run {
    run_from(1, length, size, cap, told, changes)
}

/// The same, from a later page on; GitHub itself gives as many items as it is asked for.
fn run_from(first: i64, length: i64, size: i64, cap: i64, told: Told, changes: &[Change]) -> Run {
    let mut list: Vec<i64> = (0..length).rev().collect();
    let mut given = Vec::new();
    let mut newest = length;
    let mut changes = changes.iter();
    let mut cursor = Cursor::new(first, size, |id: &i64| Some(*id));
    while let Some(number) = cursor.wanted() {
        let mut fetched = answer(&list, number, size.min(cap), told);
        fetched.is_githubs = cap == i64::MAX;
        let taken = match cursor.take(fetched, false) {
            Ok(taken) => taken,
            Err(error) => {
                return Run {
                    list,
                    given,
                    outcome: Err(error),
                };
            }
        };
        let items = taken.map(|page| page.items).unwrap_or_default();
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
        cursor: None,
        total: (!matches!(told, Told::Nothing)).then_some(total),
        items: list.iter().copied().skip(start).take(count).collect(),
        links,
        rate_limit: None,
        is_githubs: false,
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
        cap in 1..8i64,
        told in told(),
        changes in prop::collection::vec(change(9), 0..60),
    ) {
        let run = run(length, size, cap, told, &changes);
        nothing_twice(&run)?;
        match &run.outcome {
            Ok(()) => nothing_lost(&run, length)?,
            // A list that never rests while steps back, or new items, bring nothing new.
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Pagination),
        }
    }

    #[test]
    fn a_caller_who_deletes_all_that_it_is_given_leaves_nothing(
        length in 0..200i64,
        size in 1..8i64,
        cap in 1..8i64,
        told in told(),
    ) {
        let all = Change { arrive: 0, vanish: vec![], consume: 1000 };
        let run = run(length, size, cap, told, &vec![all; 1000]);
        prop_assert!(run.outcome.is_ok(), "{:?}", run.outcome);
        prop_assert!(run.list.is_empty(), "left {:?}", run.list);
        nothing_twice(&run)?;
    }

    #[test]
    fn nor_do_arrivals_keep_it_from_that(
        length in 0..300i64,
        size in 1..8i64,
        cap in 1..8i64,
        told in told(),
        arrivals in prop::collection::vec(0..2usize, 300),
    ) {
        let changes: Vec<_> = arrivals
            .into_iter()
            .map(|arrive| Change { arrive, vanish: vec![], consume: 1000 })
            .collect();
        let run = run(length, size, cap, told, &changes);
        prop_assert!(run.outcome.is_ok(), "{:?}", run.outcome);
        let given: HashSet<_> = run.given.iter().collect();
        prop_assert!((0..length).all(|id| given.contains(&id)), "{:?}", run.given);
        nothing_twice(&run)?;
    }

    #[test]
    fn a_list_at_rest_is_read_in_order(
        length in 0..120i64,
        size in 1..8i64,
        cap in 1..8i64,
        told in prop_oneof![Just(Told::Links), Just(Told::Totals), Just(Told::Nothing)],
    ) {
        let run = run(length, size, cap, told, &[]);
        prop_assert!(run.outcome.is_ok(), "{:?}", run.outcome);
        prop_assert_eq!(run.given, (0..length).rev().collect::<Vec<_>>());
    }
}

proptest! {
    #[test]
    fn github_is_read_on_from_any_page(
        first in 1..6i64,
        length in 0..30i64,
        size in 1..8i64,
        told in prop_oneof![Just(Told::Links), Just(Told::Totals), Just(Told::Nothing)],
    ) {
        let run = run_from(first, length, size, i64::MAX, told, &[]);
        prop_assert!(run.outcome.is_ok(), "{:?}", run.outcome);
        let left = length - (first - 1) * size;
        prop_assert_eq!(run.given, (0..left).rev().collect::<Vec<_>>());
    }
}

/// A server for which every page is this one.
fn deaf(items: Vec<i64>, total: i64) -> (Vec<i64>, Result<(), Error>) {
    let mut cursor = Cursor::new(1, 100, |id: &i64| Some(*id));
    let mut given = Vec::new();
    while let Some(number) = cursor.wanted() {
        let fetched = Fetched {
            cursor: None,
            number,
            total: Some(total),
            items: items.clone(),
            links: Links::default(),
            rate_limit: None,
            is_githubs: false,
        };
        match cursor.take(fetched, false) {
            Ok(taken) => given.extend(taken.into_iter().flat_map(|page| page.items)),
            Err(error) => return (given, Err(error)),
        }
    }
    (given, Ok(()))
}

#[test]
fn a_server_that_ignores_the_page_is_not_read_for_ever() {
    for total in [100, i64::MAX] {
        let (given, outcome) = deaf((0..5).collect(), total);
        assert_eq!(given, [0, 1, 2, 3, 4]);
        let error = outcome.unwrap_err();
        assert!(error.to_string().contains("nothing new"), "{error}");
    }
    // One that gives all at once, and more than it was asked for, has given all.
    let (given, outcome) = deaf((0..250).collect(), 250);
    outcome.unwrap();
    assert_eq!(given.len(), 250);
}

#[test]
fn github_ends_a_list_with_a_page_that_is_not_full() {
    for is_githubs in [true, false] {
        let mut cursor = Cursor::new(1, 100, |id: &i64| Some(*id));
        let fetched = Fetched {
            cursor: None,
            number: 1,
            total: None,
            items: (0..30).collect(),
            links: Links::default(),
            rate_limit: None,
            is_githubs,
        };
        cursor.take(fetched, false).unwrap();
        assert_eq!(cursor.wanted(), (!is_githubs).then_some(2));
    }
}

#[test]
fn a_first_page_without_items_says_nothing_of_the_size_of_others() {
    let list: Vec<i64> = (0..250).collect();
    let mut cursor = Cursor::new(1, 100, |id: &i64| Some(*id));
    let mut given = Vec::new();
    while let Some(number) = cursor.wanted() {
        let mut fetched = answer(&list, number, 50, Told::Totals);
        if number == 1 {
            fetched.items.clear();
        }
        let taken = cursor.take(fetched, false).unwrap();
        given.extend(taken.into_iter().flat_map(|page| page.items));
    }
    assert_eq!(given, (50..250).collect::<Vec<_>>());
}
