//! Compares two schemas by the direction in which their values travel.

use std::collections::BTreeSet;

use super::changes::Changes;
use super::pair::{End, Pair, Paired, schema_of};
use super::values::{BOUNDS, is_loosened, kind, rust_format, words};
use super::view::View;
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

/// What stands for the name of all fields that have none.
const EXTRA: &str = "{}";

/// One walk through two schemas side by side.
pub(super) struct Schemas<'a> {
    pair: Pair<'a>,
    direction: Direction,
    seen: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Pair<'a> {
    pub(super) fn schemas(&self, direction: Direction) -> Schemas<'a> {
        Schemas {
            pair: *self,
            direction,
            seen: BTreeSet::new(),
        }
    }
}

impl<'a> Schemas<'a> {
    /// Compares what stands at `at` and is always there.
    pub(super) fn compare(&mut self, at: &str, old: &Placed<'a>, new: &Placed<'a>) {
        self.used(at, old, new, [true, true], false);
    }

    /// Whether there is nothing to say of the two.
    pub(super) fn is_same(&self, old: &Placed<'a>, new: &Placed<'a>) -> bool {
        let changes = Changes::default();
        let mut alone = Schemas {
            pair: Pair {
                changes: &changes,
                ..self.pair
            },
            direction: self.direction,
            seen: self.seen.clone(),
        };
        alone.compare("", old, new);
        changes.is_empty()
    }

    /// Compares what stands at `at`, and is always there at the old and the new end or not. A field of a body can be
    /// absent or null, all else has one way to have no value.
    pub(super) fn used(
        &mut self,
        at: &str,
        old: &Placed<'a>,
        new: &Placed<'a>,
        required: [bool; 2],
        is_field: bool,
    ) {
        let views = [self.pair.old.view(old), self.pair.new.view(new)];
        let pointer = new.pointer.as_str();
        self.option(at, &views, required, is_field, pointer);
        let rule = self.either(Rule::RequestDefaultChanged, Rule::ResponseDefaultChanged);
        let defaults = views.each_ref().map(|view| view.default);
        let defaults = defaults.map(|default| default.map(ToString::to_string));
        self.pair.differ(rule, at, pointer, defaults);
        let rules = [Rule::SchemaDeprecated, Rule::SchemaUndeprecated];
        let deprecated = views.each_ref().map(|view| view.deprecated);
        self.pair.turn(rules, at, pointer, deprecated);
        let [a, b] = &views;
        match (a.name, b.name) {
            (Some(x), Some(y)) if pascal(x) != pascal(y) && is_another(a, b) => {
                let rule = self.either(Rule::RequestTypeChanged, Rule::ResponseTypeChanged);
                self.add(rule, at, b, words(a), words(b));
            }
            (Some(x), Some(y)) if pascal(x) == pascal(y) || kind(a) == kind(b) => {
                let is_known = |end: End<'_>, name| {
                    let schemas = &end.document["components"]["schemas"];
                    schemas.get(name).is_some()
                };
                // A component is told of by its name, another one in its place by where it is used.
                let is_other = x != y && (is_known(self.pair.old, y) || is_known(self.pair.new, x));
                let place = if is_other { at } else { y };
                if pascal(x) != pascal(y) {
                    self.add(Rule::SchemaRenamed, place, b, x.to_owned(), y.to_owned());
                }
                // Components are compared once for each operation.
                if self.seen.insert((x, y)) {
                    self.content(place, a, b);
                }
            }
            _ => self.content(at, a, b),
        }
    }

    /// Whether absence and null may come, and what that makes of the Rust field.
    fn option(
        &self,
        at: &str,
        [a, b]: &[View<'_>; 2],
        [old, new]: [bool; 2],
        is_field: bool,
        pointer: &str,
    ) {
        let response = self.direction == Direction::Response;
        // A list or a map that is received may be empty instead.
        let fills_in = |view: &View<'_>| response && matches!(kind(view), "array" | "map");
        let options = |view: &View<'_>, required: bool| {
            let (absent, null) = (!required && !fills_in(view), view.nullable);
            match is_field && !response {
                true => u8::from(absent) + u8::from(null),
                false => u8::from(absent || null),
            }
        };
        let same_form = options(a, old) == options(b, new);
        // What a field tolerates: an `Option`, and whatever is filled in, takes absence and null.
        let tolerant = !old || a.nullable;
        if old != new {
            let rule = match (response, new) {
                (true, required) if same_form && (required || tolerant) => {
                    Rule::ResponsePresenceNoted
                }
                (true, false) => Rule::ResponseFieldBecameOptional,
                (true, true) => Rule::ResponseFieldBecameRequired,
                (false, true) => Rule::RequestFieldBecameRequired,
                (false, false) => Rule::RequestFieldBecameOption,
            };
            let word = |required| if required { "required" } else { "optional" }.to_owned();
            self.pair.add(rule, at, pointer, word(old), word(new));
        }
        if a.nullable != b.nullable {
            let rule = match (response, b.nullable) {
                (true, nullable) if same_form && (!nullable || tolerant) => {
                    Rule::ResponsePresenceNoted
                }
                (true, true) => Rule::ResponseBecameNullable,
                (true, false) => Rule::ResponseBecameNotNullable,
                (false, false) => Rule::RequestBecameNotNullable,
                (false, true) if same_form => Rule::RequestBecameNullable,
                (false, true) => Rule::RequestFieldBecameOption,
            };
            self.pair.add(rule, at, pointer, words(a), words(b));
        }
    }

    fn content(&mut self, at: &str, a: &View<'a>, b: &View<'a>) {
        let (old_kind, new_kind) = (kind(a), kind(b));
        let type_changed = self.either(Rule::RequestTypeChanged, Rule::ResponseTypeChanged);
        if old_kind != new_kind {
            let rule = match (old_kind, new_kind) {
                ("string", "enum") => {
                    self.either(Rule::RequestEnumIntroduced, Rule::ResponseEnumIntroduced)
                }
                ("enum", "string") => {
                    self.either(Rule::RequestEnumDropped, Rule::ResponseEnumDropped)
                }
                _ => type_changed,
            };
            let (old, new) = match (words(a), words(b)) {
                // The name stays, so that it says nothing.
                (old, new) if old == new => {
                    (format!("{old} ({old_kind})"), format!("{new} ({new_kind})"))
                }
                words => words,
            };
            self.add(rule, at, b, old, new);
            return;
        }
        self.format(at, new_kind, a, b);
        self.values(at, a, b);
        self.bounds(at, a, b);
        self.alternatives(at, a, b);
        match new_kind {
            "array" => {
                let [old, new] = [a, b].map(|view| schema_of(&view.own, "items"));
                self.compare(&format!("{at}[]"), &old, &new);
            }
            "map" => {
                let [old, new] = [a, b].map(|view| schema_of(&view.own, "additionalProperties"));
                self.compare(&format!("{at}{{}}"), &old, &new);
            }
            _ => self.properties(at, a, b),
        }
    }

    fn format(&self, at: &str, kind: &str, a: &View<'_>, b: &View<'_>) {
        let formats = [a, b].map(|view| view.text("format"));
        let [old, new] = formats.map(|format| rust_format(kind, format));
        let rule = match (self.direction, old) {
            _ if old == new => Rule::FormatNoted,
            (Direction::Request, _) => Rule::RequestFormatChanged,
            (Direction::Response, None) => Rule::ResponseFormatIntroduced,
            (Direction::Response, Some(_)) => Rule::ResponseFormatChanged,
        };
        let words = formats.map(|format| format.map(str::to_owned));
        self.pair.differ(rule, at, &b.own.pointer, words);
    }

    fn values(&self, at: &str, a: &View<'_>, b: &View<'_>) {
        let [old, new] = [a, b].map(|view| view.values().unwrap_or_default());
        let removed = self.either(
            Rule::RequestEnumValueRemoved,
            Rule::ResponseEnumValueRemoved,
        );
        for value in old.difference(&new) {
            self.add(removed, at, b, value.clone(), None);
        }
        let added = self.either(Rule::RequestEnumValueAdded, Rule::ResponseEnumValueAdded);
        for value in new.difference(&old) {
            self.add(added, at, b, None, value.clone());
        }
    }

    fn bounds(&self, at: &str, a: &View<'_>, b: &View<'_>) {
        for (key, bound) in BOUNDS {
            let values = [a, b].map(|view| view.keyword(key));
            if values[0] == values[1] {
                continue;
            }
            let rule = match self.direction {
                Direction::Response => Rule::ResponseConstraintChanged,
                Direction::Request if is_loosened(bound, values) => Rule::RequestLoosened,
                Direction::Request => Rule::RequestTightened,
            };
            let [old, new] = values.map(|value| value.map(|value| format!("{key}: {value}")));
            self.add(rule, at, b, old, new);
        }
    }

    /// Pairs alternatives that are the same, then those of one name, then by their order.
    fn alternatives(&mut self, at: &str, a: &View<'a>, b: &View<'a>) {
        let (old, new) = (a.alternatives(), b.alternatives());
        let of_one_length = old.len() == new.len();
        let Pair { old: x, new: y, .. } = self.pair;
        let Paired { both, gone, come } = Paired::of(
            old,
            new,
            &[
                &|(_, a), (_, b)| self.is_same(a, b),
                &|(_, a), (_, b)| {
                    let name = x.view(a).name;
                    name.is_some() && name == y.view(b).name
                },
                &|_, _| of_one_length,
            ],
        );
        for ((_, a), (index, b)) in &both {
            self.compare(&format!("{at}|{index}"), a, b);
        }
        let removed = self.either(Rule::RequestVariantRemoved, Rule::ResponseVariantRemoved);
        for (_, it) in gone {
            self.pair
                .add(removed, at, &it.pointer, words(&x.view(&it)), None);
        }
        let added = self.either(Rule::RequestVariantAdded, Rule::ResponseVariantAdded);
        for (_, it) in come {
            self.pair
                .add(added, at, &it.pointer, None, words(&y.view(&it)));
        }
    }

    fn properties(&mut self, at: &str, a: &View<'a>, b: &View<'a>) {
        let place = |name: &str| match (at, name) {
            (at, EXTRA) => format!("{at}{EXTRA}"),
            ("", name) => name.to_owned(),
            (at, name) => format!("{at}.{name}"),
        };
        let Pair { old: x, new: y, .. } = self.pair;
        let Paired { both, gone, come } = Paired::by_name(self.fields(a), self.fields(b));
        for ((name, old), (_, new)) in &both {
            let required = [a, b].map(|view| *name == EXTRA || view.required.contains(name));
            self.used(&place(name), old, new, required, true);
        }
        for (name, it) in gone {
            let view = x.view(&it);
            let needed = a.required.contains(name) && !view.nullable;
            let rule = match self.direction {
                Direction::Request if name == EXTRA => Rule::RequestExtraFieldsChanged,
                Direction::Request => Rule::RequestFieldRemoved,
                Direction::Response if needed => Rule::RequiredResponseFieldRemoved,
                Direction::Response => Rule::ResponseFieldRemoved,
            };
            self.pair
                .add(rule, &place(name), &it.pointer, words(&view), None);
        }
        for (name, it) in come {
            let rule = match self.direction {
                Direction::Response => Rule::ResponseFieldAdded,
                Direction::Request if name == EXTRA => Rule::RequestExtraFieldsChanged,
                Direction::Request if b.required.contains(name) => Rule::RequiredRequestFieldAdded,
                Direction::Request => Rule::RequestFieldAdded,
            };
            self.pair
                .add(rule, &place(name), &it.pointer, None, words(&y.view(&it)));
            // Released clients take it for one of those without names.
            if let (Direction::Response, Some(extra)) = (self.direction, a.extra()) {
                self.compare(&place(name), &extra, &it);
            }
        }
    }

    /// The fields that travel this way, and one for all that have no name.
    fn fields<'v>(&self, view: &View<'v>) -> Vec<(&'v str, Placed<'v>)> {
        let comes = |field: &Placed<'v>| {
            self.direction == Direction::Request || field.value["writeOnly"] != true
        };
        let fields = view.properties.iter().map(|(name, it)| (*name, it.clone()));
        let fields = fields.filter(|(_, field)| comes(field));
        fields.chain(view.extra().map(|it| (EXTRA, it))).collect()
    }

    fn either(&self, request: Rule, response: Rule) -> Rule {
        match self.direction {
            Direction::Request => request,
            Direction::Response => response,
        }
    }

    /// Adds a change of what a new schema says.
    fn add(
        &self,
        rule: Rule,
        at: &str,
        new: &View<'_>,
        was: impl Into<Option<String>>,
        is: impl Into<Option<String>>,
    ) {
        self.pair.add(rule, at, &new.own.pointer, was, is);
    }
}

/// Whether two objects have so little in common that nobody takes one for the other by another name.
fn is_another(a: &View<'_>, b: &View<'_>) -> bool {
    let shared = a
        .properties
        .keys()
        .filter(|it| b.properties.contains_key(*it));
    let most = a.properties.len().max(b.properties.len());
    kind(a) == kind(b) && shared.count() * 2 < most
}
