//! What belongs together: an operation and what became of it, and the parts of the two.

use serde_json::Value;

use super::changes::Changes;
use super::view::View;
use crate::diff::rule::Rule;
use crate::spec::answer::{Answers, answers};
use crate::spec::document::{OperationObject, Placed};

/// The parts of two ends: those that belong together, and those that one end has alone.
pub(super) struct Paired<T> {
    pub(super) both: Vec<(T, T)>,
    pub(super) gone: Vec<T>,
    pub(super) come: Vec<T>,
}

/// Whether two parts are the same, by some rule.
type Criterion<'c, T> = &'c dyn Fn(&T, &T) -> bool;

impl<T> Paired<T> {
    /// Pairs what is the same by the first of several criteria, then what is left by the next.
    pub(super) fn of(old: Vec<T>, new: Vec<T>, criteria: &[Criterion<'_, T>]) -> Self {
        let (mut both, mut gone, mut come) = (Vec::new(), old, new);
        for same in criteria {
            for a in std::mem::take(&mut gone) {
                match come.iter().position(|b| same(&a, b)) {
                    Some(found) => both.push((a, come.remove(found))),
                    None => gone.push(a),
                }
            }
        }
        Self { both, gone, come }
    }
}

impl<K: PartialEq, V> Paired<(K, V)> {
    /// Pairs what has one name.
    pub(super) fn by_name(
        old: impl IntoIterator<Item = (K, V)>,
        new: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let [old, new] = [old.into_iter().collect(), new.into_iter().collect()];
        Self::of(old, new, &[&|a, b| a.0 == b.0])
    }
}

/// An operation in its description.
#[derive(Clone, Copy)]
pub(super) struct End<'a> {
    pub(super) document: &'a Value,
    pub(super) operation: &'a OperationObject<'a>,
}

impl<'a> End<'a> {
    pub(super) fn view(self, schema: &Placed<'a>) -> View<'a> {
        View::of(self.document, schema)
    }

    pub(super) fn answers(self) -> Option<Answers<'a>> {
        answers(self.document, self.operation)
    }
}

/// An operation and what became of it.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) old: End<'a>,
    pub(super) new: End<'a>,
    /// What became of it otherwise.
    pub(super) changes: &'a Changes,
}

impl<'a> Pair<'a> {
    /// The same of both ends.
    pub(super) fn both<T>(&self, of: impl Fn(End<'a>) -> T) -> [T; 2] {
        [of(self.old), of(self.new)]
    }

    /// Adds a change, with what was and what is, in words.
    pub(super) fn add(
        &self,
        rule: Rule,
        at: &str,
        pointer: &str,
        old: impl Into<Option<String>>,
        new: impl Into<Option<String>>,
    ) {
        let (name, document) = (self.new.operation.id, self.new.document);
        let words = [old.into(), new.into()];
        self.changes.add(name, rule, [at, pointer], words, document);
    }

    /// Adds a change that its rule says all of.
    pub(super) fn note(&self, rule: Rule, at: &str, pointer: &str) {
        self.add(rule, at, pointer, None, None);
    }

    /// Adds a change, if it is one.
    pub(super) fn differ(&self, rule: Rule, at: &str, pointer: &str, ends: [Option<String>; 2]) {
        let [old, new] = ends;
        if old != new {
            self.add(rule, at, pointer, old, new);
        }
    }

    /// Adds what came or went, if it did, by the rule for either.
    pub(super) fn turn(&self, rules: [Rule; 2], at: &str, pointer: &str, ends: [bool; 2]) {
        let [came, went] = rules;
        match ends {
            [false, true] => self.note(came, at, pointer),
            [true, false] => self.note(went, at, pointer),
            _ => {}
        }
    }
}

/// The path without the names of its parameters, which requests do not carry.
pub(super) fn shape(path: &str) -> String {
    let mut pieces = path.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once('}').map_or("", |(_, rest)| rest));
    rest.fold(first, |shape, rest| shape + "{}" + rest)
}

/// The schema that `key` holds; without one, any value will do.
pub(super) fn schema_of<'a>(holder: &Placed<'a>, key: &str) -> Placed<'a> {
    let any = || Placed::new(&Value::Null, holder.pointer.as_str());
    holder.get(key).unwrap_or_else(any)
}

pub(super) fn is_deprecated(value: &Value) -> bool {
    value["deprecated"] == true
}
