//! Compares two schemas by the direction in which their values travel.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::changes::{Changes, OperationChanges};
use super::values::{BOUNDS, is_loosened, kind, rust_format, words};
use super::view::{View, same_facts};
use crate::diff::rule::Rule;
use crate::spec::document::Placed;
use crate::spec::shape::pascal;

/// Who writes the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// The client: arguments and request bodies.
    Request,
    /// The server.
    Response,
}

/// What a schema is used for.
#[derive(Clone, Copy, Debug)]
enum Use {
    /// A field of an object, required at the old and the new end or not.
    Field { old: bool, new: bool },
    /// A parameter, a body, an item of an array.
    Whole,
}

/// One walk through two schemas side by side.
pub(super) struct Schemas<'a, 'c> {
    pub(super) old: &'a Value,
    pub(super) new: &'a Value,
    pub(super) direction: Direction,
    pub(super) changes: OperationChanges<'c>,
    seen: BTreeSet<(&'a str, &'a str)>,
}

impl<'a, 'c> Schemas<'a, 'c> {
    pub(super) fn new(
        old: &'a Value,
        new: &'a Value,
        direction: Direction,
        changes: OperationChanges<'c>,
    ) -> Self {
        Self {
            old,
            new,
            direction,
            changes,
            seen: BTreeSet::new(),
        }
    }

    /// Compares what stands at `at`.
    pub(super) fn compare(&mut self, at: &str, old: &Placed<'a>, new: &Placed<'a>) {
        self.used(at, old, new, Use::Whole);
    }

    fn used(&mut self, at: &str, old: &Placed<'a>, new: &Placed<'a>, used: Use) {
        let (a, b) = (View::of(self.old, old), View::of(self.new, new));
        self.option(at, &a, &b, used, &new.pointer);
        if a.default != b.default {
            let text = |view: &View<'_>| view.default.map(ToString::to_string);
            let rule = self.either(Rule::RequestDefaultChanged, Rule::ResponseDefaultChanged);
            self.add(rule, at, &new.pointer, text(&a), text(&b));
        }
        if a.deprecated != b.deprecated {
            let rule = if b.deprecated {
                Rule::SchemaDeprecated
            } else {
                Rule::SchemaUndeprecated
            };
            self.add(rule, at, &new.pointer, None, None);
        }
        match (a.name, b.name) {
            (Some(x), Some(y)) => {
                if pascal(x) != pascal(y) {
                    let name = |name: &str| Some(name.to_owned());
                    self.add(Rule::SchemaRenamed, at, &b.pointer, name(x), name(y));
                }
                // Components are compared once for each operation, and told of by their name.
                if self.seen.insert((x, y)) {
                    self.content(y, &a, &b);
                }
            }
            _ => self.content(at, &a, &b),
        }
    }

    /// Whether absence and null may come, and what that makes of the Rust field.
    fn option(&mut self, at: &str, a: &View<'_>, b: &View<'_>, used: Use, pointer: &str) {
        let (old, new) = match used {
            Use::Field { old, new } => (old, new),
            Use::Whole => (true, true),
        };
        let same_form = is_option(a, old) == is_option(b, new);
        // What a field tolerates: an `Option`, and whatever is filled in, takes absence and null.
        let tolerant = !old || a.nullable;
        let response = self.direction == Direction::Response;
        if old != new {
            let rule = match (response, new) {
                (true, required) if same_form && (required || tolerant) => {
                    Rule::ResponsePresenceNoted
                }
                (true, false) => Rule::ResponseFieldBecameOptional,
                (true, true) => Rule::ResponseFieldBecameRequired,
                (false, true) => Rule::RequestFieldBecameRequired,
                (false, false) if same_form => Rule::RequestFieldBecameOptional,
                (false, false) => Rule::RequestFieldBecameOption,
            };
            let word = |required| Some(if required { "required" } else { "optional" }.to_owned());
            self.add(rule, at, pointer, word(old), word(new));
        }
        if a.nullable != b.nullable {
            let rule = match (response, b.nullable) {
                (true, nullable) if same_form && (!nullable || tolerant) => {
                    Rule::ResponsePresenceNoted
                }
                (true, true) => Rule::ResponseBecameNullable,
                (true, false) => Rule::ResponseBecameNotNullable,
                (false, false) => Rule::RequestBecameNotNullable,
                (false, true) if matches!(used, Use::Field { .. }) && !same_form => {
                    Rule::RequestFieldBecameOption
                }
                (false, true) => Rule::RequestBecameNullable,
            };
            self.add(rule, at, pointer, words(a), words(b));
        }
    }

    fn content(&mut self, at: &str, a: &View<'a>, b: &View<'a>) {
        let (old_kind, new_kind) = (kind(a), kind(b));
        if old_kind != new_kind {
            let rule = match (old_kind, new_kind) {
                ("string", "enum") => {
                    self.either(Rule::RequestEnumIntroduced, Rule::ResponseEnumIntroduced)
                }
                ("enum", "string") => {
                    self.either(Rule::RequestEnumDropped, Rule::ResponseEnumDropped)
                }
                _ => self.either(Rule::RequestTypeChanged, Rule::ResponseTypeChanged),
            };
            let (old, new) = match (words(a), words(b)) {
                // The name stays, so that it says nothing.
                (old, new) if old == new => {
                    (format!("{old} ({old_kind})"), format!("{new} ({new_kind})"))
                }
                words => words,
            };
            self.add(rule, at, &b.pointer, old, new);
            return;
        }
        self.format(at, new_kind, a, b);
        self.values(at, a, b);
        self.bounds(at, a, b);
        if let (Some(a), Some(b)) = (a.alternatives(), b.alternatives()) {
            self.alternatives(at, &a, &b);
        }
        match (a.child("items"), b.child("items")) {
            (Some(old), Some(new)) => self.compare(&format!("{at}[]"), &old, &new),
            (None, None) => {}
            _ => {
                let rule = self.either(Rule::RequestTypeChanged, Rule::ResponseTypeChanged);
                let word = |view: &View<'_>| match view.child("items") {
                    Some(_) => "array".to_owned(),
                    None => "array of any values".to_owned(),
                };
                self.add(rule, at, &b.pointer, word(a), word(b));
            }
        }
        self.properties(at, a, b);
        self.extra(at, a, b);
    }

    fn format(&mut self, at: &str, kind: &str, a: &View<'_>, b: &View<'_>) {
        let (old, new) = (a.text("format"), b.text("format"));
        if old == new {
            return;
        }
        let rule = if rust_format(kind, old) == rust_format(kind, new) {
            Rule::FormatNoted
        } else {
            self.either(Rule::RequestFormatChanged, Rule::ResponseFormatChanged)
        };
        let text = |format: Option<&str>| format.map(str::to_owned);
        self.add(rule, at, &b.pointer, text(old), text(new));
    }

    fn values(&mut self, at: &str, a: &View<'_>, b: &View<'_>) {
        let (old, new) = (
            a.values().unwrap_or_default(),
            b.values().unwrap_or_default(),
        );
        let removed = self.either(
            Rule::RequestEnumValueRemoved,
            Rule::ResponseEnumValueRemoved,
        );
        for value in old.difference(&new) {
            self.add(removed, at, &b.pointer, value.clone(), None);
        }
        let added = self.either(Rule::RequestEnumValueAdded, Rule::ResponseEnumValueAdded);
        for value in new.difference(&old) {
            self.add(added, at, &b.pointer, None, value.clone());
        }
    }

    fn bounds(&mut self, at: &str, a: &View<'a>, b: &View<'a>) {
        for (key, bound) in BOUNDS {
            let (old, new) = (a.keywords.get(key), b.keywords.get(key));
            let one = |values: Option<&Vec<&Value>>| {
                let values = values?.iter().copied().cloned().collect();
                Some(Value::Array(values))
            };
            if same_facts_in(one(old).as_ref(), one(new).as_ref()) {
                continue;
            }
            let first = |view: &View<'a>| view.keyword(key);
            let rule = match self.direction {
                Direction::Response => Rule::ResponseConstraintChanged,
                Direction::Request if is_loosened(bound, first(a), first(b)) => {
                    Rule::RequestLoosened
                }
                Direction::Request => Rule::RequestTightened,
            };
            let text = |view: &View<'_>| view.keyword(key).map(|value| format!("{key}: {value}"));
            self.add(rule, at, &b.pointer, text(a), text(b));
        }
    }

    /// Pairs alternatives that are the same, then those of one name, then by their order.
    fn alternatives(&mut self, at: &str, old: &[Placed<'a>], new: &[Placed<'a>]) {
        let mut open: Vec<usize> = (0..old.len()).collect();
        let mut rest: Vec<usize> = (0..new.len()).collect();
        let mut pairs = Vec::new();
        let mut pair = |same: &dyn Fn(&Placed<'a>, &Placed<'a>) -> bool| {
            open.retain(|index| {
                let mut candidates = rest.iter();
                let found = candidates.position(|other| same(&old[*index], &new[*other]));
                pairs.extend(found.map(|found| (*index, rest.remove(found))));
                found.is_none()
            });
        };
        pair(&|a, b| self.is_same(a, b));
        pair(&|a, b| {
            let name = View::of(self.old, a).name;
            name.is_some() && name == View::of(self.new, b).name
        });
        if old.len() == new.len() {
            pair(&|_, _| true);
        }
        for (a, b) in pairs {
            self.compare(&format!("{at}|{b}"), &old[a], &new[b]);
        }
        let removed = self.either(Rule::RequestVariantRemoved, Rule::ResponseVariantRemoved);
        for index in open {
            let gone = words(&View::of(self.old, &old[index]));
            self.add(removed, at, &old[index].pointer, gone, None);
        }
        let added = self.either(Rule::RequestVariantAdded, Rule::ResponseVariantAdded);
        for index in rest {
            let come = words(&View::of(self.new, &new[index]));
            self.add(added, at, &new[index].pointer, None, come);
        }
    }

    fn is_same(&self, old: &Placed<'a>, new: &Placed<'a>) -> bool {
        let mut changes = Changes::default();
        let mut alone = Schemas::new(self.old, self.new, self.direction, changes.on(""));
        alone.seen.clone_from(&self.seen);
        alone.compare("", old, new);
        changes.is_empty()
    }

    fn properties(&mut self, at: &str, a: &View<'a>, b: &View<'a>) {
        let place = |name: &str| {
            if at.is_empty() {
                name.to_owned()
            } else {
                format!("{at}.{name}")
            }
        };
        let (a_fields, b_fields) = (self.fields(a), self.fields(b));
        for (name, old) in &a_fields {
            match b_fields.get(name) {
                Some(new) => {
                    let used = Use::Field {
                        old: a.required.contains(name),
                        new: b.required.contains(name),
                    };
                    self.used(&place(name), old, new, used);
                }
                None => {
                    let gone = View::of(self.old, old);
                    let needed = a.required.contains(name) && !gone.nullable;
                    let rule = match self.direction {
                        Direction::Request => Rule::RequestFieldRemoved,
                        Direction::Response if needed => Rule::RequiredResponseFieldRemoved,
                        Direction::Response => Rule::ResponseFieldRemoved,
                    };
                    self.add(rule, &place(name), &old.pointer, words(&gone), None);
                }
            }
        }
        for (name, new) in &b_fields {
            if a_fields.contains_key(name) {
                continue;
            }
            let rule = match (self.direction, b.required.contains(name)) {
                (Direction::Response, _) => Rule::ResponseFieldAdded,
                (Direction::Request, true) => Rule::RequiredRequestFieldAdded,
                (Direction::Request, false) => Rule::RequestFieldAdded,
            };
            let come = words(&View::of(self.new, new));
            self.add(rule, &place(name), &new.pointer, None, come);
        }
    }

    /// The fields that travel this way.
    fn fields<'v>(&self, view: &View<'v>) -> BTreeMap<&'v str, Placed<'v>> {
        let fields = view.properties.iter();
        let comes = |field: &Placed<'v>| {
            self.direction == Direction::Request || field.value["writeOnly"] != true
        };
        fields
            .filter(|(_, field)| comes(field))
            .map(|(name, field)| (*name, field.clone()))
            .collect()
    }

    fn extra(&mut self, at: &str, a: &View<'a>, b: &View<'a>) {
        let (old, new) = (a.extra(), b.extra());
        if let (Some(old), Some(new)) = (&old, &new) {
            self.compare(&format!("{at}{{}}"), old, new);
        } else if old.is_some() != new.is_some() {
            let rule = self.either(
                Rule::RequestExtraFieldsChanged,
                Rule::ResponseExtraFieldsChanged,
            );
            let word = |document, extra: Option<Placed<'a>>| match extra {
                None => "any".to_owned(),
                Some(extra) => words(&View::of(document, &extra)),
            };
            let (old, new) = (word(self.old, old), word(self.new, new));
            self.add(rule, at, &b.pointer, old, new);
        }
    }

    fn either(&self, request: Rule, response: Rule) -> Rule {
        match self.direction {
            Direction::Request => request,
            Direction::Response => response,
        }
    }

    fn add(
        &mut self,
        rule: Rule,
        at: &str,
        pointer: &str,
        old: impl Into<Option<String>>,
        new: impl Into<Option<String>>,
    ) {
        self.changes.add(rule, at, pointer, old, new);
    }
}

/// Whether the Rust field is an `Option`; an optional list or map is empty instead.
fn is_option(view: &View<'_>, required: bool) -> bool {
    view.nullable || (!required && !matches!(kind(view), "array" | "map"))
}

fn same_facts_in(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(Value::Array(a)), Some(Value::Array(b))) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_facts(Some(a), Some(b)))
        }
        (a, b) => a == b,
    }
}
