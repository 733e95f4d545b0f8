//! Compares what an operation takes.

use super::pair::{End, Pair, Paired, is_deprecated, schema_of, shape};
use super::schema::Direction;
use super::values::{kind, rust_format, words};
use crate::diff::rule::Rule;
use crate::spec::document::Placed;
use crate::spec::openapi::MULTI_SEGMENT;

/// A parameter of an operation.
struct Parameter<'a> {
    end: End<'a>,
    /// Where it stands in a request.
    location: &'a str,
    name: &'a str,
    own: Placed<'a>,
}

fn all(end: End<'_>) -> Vec<Parameter<'_>> {
    let all = end.operation.all_parameters(end.document).into_iter();
    let known = all.filter_map(|own| {
        Some(Parameter {
            end,
            location: own.text("in")?,
            name: own.text("name")?,
            own,
        })
    });
    known.collect()
}

impl<'a> Parameter<'a> {
    fn at(&self) -> String {
        format!("{} `{}`", self.location, self.name)
    }

    fn is_in_path(&self) -> bool {
        self.location == "path"
    }

    /// Whether it must be given; what stands in the path always must.
    fn is_required(&self) -> bool {
        self.own.value["required"] == true || self.is_in_path()
    }

    fn may_hold_slashes(&self) -> bool {
        // Elsewhere it means nothing.
        self.own.value[MULTI_SEGMENT] == true && self.is_in_path()
    }

    fn schema(&self) -> Placed<'a> {
        schema_of(&self.own, "schema")
    }

    fn words(&self) -> String {
        words(&self.end.view(&self.schema()))
    }
}

pub(super) fn compare(pair: &Pair<'_>) {
    let (old, new) = (all(pair.old), all(pair.new));
    let has =
        |all: &[Parameter<'_>], name: &str| all.iter().any(|it| it.is_in_path() && it.name == name);
    let stayed = |name: &str| has(&old, name) && has(&new, name);
    let [old_names, new_names] = pair.both(|end| names_in(end.operation.path));
    swapped(
        pair,
        &new,
        [&old_names, &new_names]
            .map(|names| names.iter().copied().filter(|name| stayed(name)).collect()),
    );
    // Path parameters are what their position is; names are ours to choose.
    let renamed: Vec<_> = old_names
        .into_iter()
        .zip(new_names)
        .filter(|(a, b)| a != b && !(stayed(a) && stayed(b)))
        .filter(|_| shape(pair.old.operation.path) == shape(pair.new.operation.path))
        .collect();
    let Paired { both, gone, come } = Paired::of(
        old,
        new,
        &[
            &|a, b| a.is_in_path() && b.is_in_path() && renamed.contains(&(a.name, b.name)),
            &|a, b| (a.location, a.name) == (b.location, b.name),
            &|a, b| a.name == b.name,
        ],
    );
    for (a, b) in &both {
        one(pair, a, b);
    }
    for it in gone {
        pair.add(
            Rule::ParameterRemoved,
            &it.at(),
            &it.own.pointer,
            it.words(),
            None,
        );
    }
    for it in come {
        let rule = match it.is_required() {
            true => Rule::RequiredParameterAdded,
            false => Rule::ParameterAdded,
        };
        pair.add(rule, &it.at(), &it.own.pointer, None, it.words());
    }
}

/// Path parameters in another order: arguments follow the path, and the compiler cannot tell those of one
/// type apart.
fn swapped(pair: &Pair<'_>, new: &[Parameter<'_>], stayed: [Vec<&str>; 2]) {
    let type_of = |name: &str| {
        let found = new.iter().find(|it| it.is_in_path() && it.name == name);
        found.map(Parameter::words)
    };
    let mut positions = stayed[0].iter().zip(&stayed[1]);
    let pointer = &pair.new.operation.own.pointer;
    if positions.any(|(a, b)| a != b && type_of(a) == type_of(b)) {
        let order = stayed.map(|names| Some(names.join(", ")));
        pair.differ(Rule::PathParametersSwapped, "", pointer, order);
    } else if stayed[0] != stayed[1] {
        let paths = pair.both(|end| Some(end.operation.path.to_owned()));
        pair.differ(Rule::OperationPathChanged, "", pointer, paths);
    }
}

fn one(pair: &Pair<'_>, old: &Parameter<'_>, new: &Parameter<'_>) {
    let (at, pointer) = (new.at(), new.own.pointer.as_str());
    let ends = [old, new];
    let differ = |rule, words| pair.differ(rule, &at, pointer, words);
    let turn = |came, went, is| pair.turn([came, went], &at, pointer, is);
    let names = ends.map(|it| Some(it.name.to_owned()));
    differ(Rule::PathParameterRenamed, names);
    let locations = ends.map(|it| Some(it.location.to_owned()));
    differ(Rule::ParameterMoved, locations);
    let required = ends.map(Parameter::is_required);
    turn(
        Rule::ParameterBecameRequired,
        Rule::ParameterBecameOptional,
        required,
    );
    turn(
        Rule::ParameterDeprecated,
        Rule::ParameterUndeprecated,
        ends.map(|it| is_deprecated(it.own.value)),
    );
    turn(
        Rule::PathParameterMayHoldSlashes,
        Rule::PathParameterMustNotHoldSlashes,
        ends.map(Parameter::may_hold_slashes),
    );
    let always = [required == [true, true]; 2];
    pair.schemas(Direction::Request)
        .used(&at, &old.schema(), &new.schema(), always, false);
}

/// What leads from page to page.
#[derive(PartialEq)]
pub(super) enum Lead {
    Numbers,
    Cursors,
}

/// How an operation can be asked for page after page: by numbers, or by cursors where it takes none.
pub(super) fn lead(end: End<'_>) -> Option<Lead> {
    let all = all(end);
    // What may be left out, and is of a kind without a format of its own.
    let takes = |name: &str, wanted: &str| {
        all.iter().any(|it| {
            let view = end.view(&it.schema());
            let is_plain =
                || kind(&view) == wanted && rust_format(wanted, view.text("format")).is_none();
            (it.location, it.name) == ("query", name) && !it.is_required() && is_plain()
        })
    };
    if all.iter().any(|it| it.name == "page") {
        let is_led = takes("page", "integer") && takes("per_page", "integer");
        return is_led.then_some(Lead::Numbers);
    }
    let takes_cursor =
        takes("after", "string") || takes("cursor", "string") || takes("since", "integer");
    (end.operation.method == "get" && takes_cursor).then_some(Lead::Cursors)
}

fn names_in(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}
