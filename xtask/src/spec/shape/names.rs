//! What is a type, and what it is called: by its title, or by a rule from where it stands.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;
use unicode_ident::{is_xid_continue, is_xid_start};

use crate::spec::document::{entries, operations};
use crate::spec::openapi::{Holds, Node, Position, each, referred};
use crate::spec::pointer::unescape;

/// The name of a schema that is a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::spec) struct Named {
    pub(in crate::spec) name: String,
    /// Whether somebody chose it; else it follows from where the schema stands.
    pub(in crate::spec) is_title: bool,
    /// What kind of type it is; a title may stand where there is none.
    pub(in crate::spec) kind: Option<&'static str>,
}

/// What kind of type a schema is, if it is one.
pub(in crate::spec) fn kind_of_type(schema: &Value) -> Option<&'static str> {
    let has = |key: &str| schema.get(key).is_some();
    let members = schema["allOf"].as_array().map_or(0, Vec::len);
    if has("oneOf") || members > 1 || (members > 0 && (has("type") || has("required"))) {
        Some("a composition")
    } else if has("enum") && schema["type"] == "string" {
        Some("an enum")
    } else if has("properties") {
        Some("an object")
    } else {
        None
    }
}

/// Splits the pointer to a place in a component schema: its name, and the rest with its slash.
pub(in crate::spec) fn component_of(at: &str) -> Option<(&str, &str)> {
    let rest = at.strip_prefix("/components/schemas/")?;
    Some(rest.split_at(rest.find('/').unwrap_or(rest.len())))
}

/// The schemas that get a name, by where they stand: inline ones that are types, and components with
/// a title.
pub(in crate::spec) fn names(document: &Value) -> BTreeMap<String, Named> {
    let mut names = Names::default();
    for operation in operations(document) {
        let name = operation.id.to_owned();
        names.outer.insert(operation.own.pointer, name);
    }
    // What somebody chose comes first, wherever it stands.
    for (name, _) in entries(&document["components"]["schemas"]) {
        names.taken.insert(pascal(name), None);
    }
    each(Holds::DOCUMENT, document, |node| {
        if let (Position::Schema, Some(title)) = (node.position, node.value["title"].as_str()) {
            names.taken.insert(pascal(title), None);
        }
    });
    each(Holds::DOCUMENT, document, |node| names.enter(&node));
    names.found
}

#[derive(Default)]
struct Names<'a> {
    /// What the names of schemas below a place begin with.
    outer: BTreeMap<String, String>,
    /// The names that are there, as Rust has them: how a rule wrote them, and of which schema.
    taken: BTreeMap<String, Option<(String, &'a Value)>>,
    found: BTreeMap<String, Named>,
}

impl<'d> Names<'d> {
    fn enter(&mut self, node: &Node<'d, '_>) {
        let at = node.at.as_str();
        match node.position {
            Position::Parameter if !at.starts_with("/components/") => {
                let own = node.value["name"].as_str().unwrap_or_default();
                let (outer, _) = self.around(at);
                self.outer.insert(at.to_owned(), format!("{outer}-{own}"));
            }
            Position::Schema if !is_part(at) => {
                let kind = kind_of_type(node.value);
                let title = node.value["title"].as_str();
                if kind.is_none() && title.is_none() {
                    return;
                }
                let is_component = component_of(at).is_some_and(|(_, rest)| rest.is_empty());
                let is_title = title.is_some();
                let name = match title {
                    Some(title) => title.to_owned(),
                    None if is_component => self.by_rule(at, node.value),
                    None => self.distinct(self.by_rule(at, node.value), at, node.value),
                };
                if kind.is_some() {
                    self.outer.insert(at.to_owned(), name.clone());
                }
                if is_title || !is_component {
                    let named = Named {
                        name,
                        is_title,
                        kind,
                    };
                    self.found.insert(at.to_owned(), named);
                }
            }
            _ => {}
        }
    }

    /// The name of what a place is in, and the way from there.
    fn around<'a>(&self, at: &'a str) -> (String, &'a str) {
        let mut end = at.len();
        while let Some(slash) = at[..end].rfind('/') {
            end = slash;
            if let Some(name) = self.outer.get(&at[..end]) {
                return (name.clone(), &at[end..]);
            }
        }
        // A component that is no type, a response say.
        let tokens: Vec<_> = at.splitn(5, '/').collect();
        match tokens[..] {
            ["", "components", section, name, ..] => {
                let end = "/components//".len() + section.len() + name.len();
                let mut name = unescape(name);
                if section == "parameters" {
                    name.push_str("-parameter");
                }
                (name, &at[end.min(at.len())..])
            }
            _ => (String::new(), ""),
        }
    }

    /// The name, if it is free or that of an equal schema; else one that tells the two apart, the same
    /// as long as nothing comes before: the status of the answer, what kind of type it is, or a number.
    fn distinct(&mut self, name: String, at: &str, schema: &'d Value) -> String {
        let mut tokens = at.split('/').skip_while(|token| *token != "responses");
        let status = tokens.nth(1).filter(|_| name.ends_with("-response"));
        let kind = match kind_of_type(schema) {
            Some("an enum") => "enum",
            _ if schema["oneOf"].is_array() => "union",
            _ => "object",
        };
        let is_chosen = self.taken.get(&pascal(&name)) == Some(&None);
        let words = [status, is_chosen.then_some(kind)].into_iter().flatten();
        let words = words.map(|word| format!("{name}-{word}"));
        let numbers = (2..).map(|number| format!("{name}-{number}"));
        let mut candidates = std::iter::once(name.clone()).chain(words).chain(numbers);
        let is_free = |name: &String| match self.taken.get(&pascal(name)) {
            None => true,
            Some(Some((_, other))) => *other == schema,
            Some(None) => false,
        };
        let name = candidates.find(is_free).unwrap_or(name);
        let entry = self.taken.entry(pascal(&name)).or_default();
        let (name, _) = entry.get_or_insert((name, schema));
        name.clone()
    }

    /// A name from where a schema stands: it stays the same when siblings come and go.
    fn by_rule(&self, at: &str, schema: &Value) -> String {
        let (mut name, rest) = self.around(at);
        let mut tokens = rest.split('/').skip(1).peekable();
        while let Some(token) = tokens.next() {
            let word = match token {
                "properties" => tokens.next().map(unescape),
                "requestBody" => Some("body".to_owned()),
                "responses" => tokens.next().map(|_| "response".to_owned()),
                "items" => Some("item".to_owned()),
                "additionalProperties" => Some("value".to_owned()),
                "oneOf" => {
                    let _ = tokens.next();
                    tokens.peek().is_none().then(|| alternative(schema, &name))
                }
                "allOf" | "content" => tokens.next().and(None),
                _ => None,
            };
            if let Some(word) = word {
                name = format!("{name}-{word}");
            }
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        name.replace(|c| !plain(c), "-")
    }
}

/// What tells an alternative apart, whatever the others are: the components that it is made of, the one
/// value of one of its fields, the fields that it needs, or its kind.
fn alternative(schema: &Value, outer: &str) -> String {
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut name = String::new();
    let mut before = outer;
    for part in parts.filter_map(referred) {
        // Related names begin alike.
        let words = part.split('-').zip(before.split('-'));
        let shared: usize = words
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len() + 1)
            .sum();
        let own = part.get(shared..).filter(|own| !own.is_empty());
        name = format!("{name}-{}", own.unwrap_or(part));
        before = part;
    }
    if !name.is_empty() {
        return name.split_off(1);
    }
    let fields = schema["properties"].as_object().into_iter().flatten();
    let mut constants =
        fields.filter_map(|(_, field)| match field["enum"].as_array()?.as_slice() {
            [Value::String(only)] => Some(only.clone()),
            _ => None,
        });
    match kind_of_type(schema) {
        _ if schema["enum"].is_array() => "text".to_owned(),
        _ => constants.next().unwrap_or_else(|| {
            let needed = schema["required"].as_array().into_iter().flatten();
            let needed: Vec<_> = needed.filter_map(Value::as_str).take(3).collect();
            match needed.is_empty() {
                true => "object".to_owned(),
                false => format!("with-{}", needed.join("-")),
            }
        }),
    }
}

/// Whether a schema is a member of an `allOf`, which is one type with the others.
fn is_part(at: &str) -> bool {
    let mut tokens = at.rsplit('/');
    let index = tokens
        .next()
        .is_some_and(|token| token.bytes().all(|byte| byte.is_ascii_digit()));
    index && tokens.next() == Some("allOf")
}

/// The name of a type or variant, as typify makes it.
pub(crate) fn pascal(name: &str) -> String {
    match name {
        "+1" => "Plus1".to_owned(),
        "-1" => "Minus1".to_owned(),
        name => identifier(plain(name).to_pascal_case(), "X"),
    }
}

/// The name of an enum's variant: that of a type, with words for signs that tell values apart.
pub(crate) fn variant(value: &str) -> String {
    let is_sign = |c, before: Option<char>, after: Option<char>| {
        let begins = before.is_none_or(|c: char| !c.is_alphanumeric());
        "+-".contains(c) && begins && after.is_some_and(|c| c.is_ascii_digit())
    };
    let is_mute = pascal(value).is_empty();
    let mut spoken = String::new();
    let mut before = None;
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        match WORDS.iter().find(|(sign, _)| *sign == c) {
            Some((_, word)) if is_mute || is_sign(c, before, rest.clone().next()) => {
                spoken.push_str(&format!("-{word}-"));
            }
            _ => spoken.push(c),
        }
        before = Some(c);
    }
    match value {
        "" => "Empty".to_owned(),
        _ => pascal(&spoken),
    }
}

/// Signs that values consist of, or begin numbers with.
const WORDS: [(char, &str); 18] = [
    ('+', "plus"),
    ('-', "minus"),
    ('/', "slash"),
    ('*', "star"),
    ('.', "dot"),
    (',', "comma"),
    (':', "colon"),
    ('=', "equals"),
    ('<', "less"),
    ('>', "greater"),
    ('!', "not"),
    ('?', "question"),
    ('#', "hash"),
    ('@', "at"),
    ('&', "and"),
    ('|', "or"),
    ('~', "tilde"),
    ('%', "percent"),
];

/// The name of a function, field or argument, as typify makes it.
pub(crate) fn snake(name: &str) -> String {
    match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        name => identifier(plain(name).to_snake_case(), "x"),
    }
}

fn plain(name: &str) -> String {
    name.replace('\'', "").replace(|c| !is_xid_continue(c), "-")
}

/// Empty where nothing of the name can stand in Rust.
fn identifier(name: String, prefix: &str) -> String {
    match name.chars().next() {
        Some(first) if !is_xid_start(first) => format!("{prefix}{name}"),
        // `gen` is a keyword since Rust 2024, and no parser of tokens knows.
        Some(_) if name == "gen" || syn::parse_str::<syn::Ident>(&name).is_err() => {
            format!("{name}_")
        }
        _ => name,
    }
}

/// The entries of `names` that share a Rust name with an earlier one, and that earlier one.
pub(crate) fn collisions<'a>(
    names: impl IntoIterator<Item = &'a str>,
    case: impl Fn(&str) -> String,
) -> Vec<(&'a str, &'a str)> {
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for name in names {
        match seen.get(&case(name)) {
            Some(first) => found.push((*first, name)),
            None => drop(seen.insert(case(name), name)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_typify() {
        assert_eq!(pascal("timed_out"), "TimedOut");
        assert_eq!(pascal("won't fix"), "WontFix");
        assert_eq!(pascal("+1"), "Plus1");
        assert_eq!(pascal("404-error"), "X404Error");
        assert_eq!(pascal("self"), "Self_");
        assert_eq!(pascal("…"), "");
        for (value, name) in [
            ("in_progress", "InProgress"),
            ("+1", "Plus1"),
            ("reactions-+1", "ReactionsPlus1"),
            ("reactions--1", "ReactionsMinus1"),
            ("2022-11-28", "X20221128"),
            ("/", "Slash"),
            ("/docs", "Docs"),
            (">=", "GreaterEquals"),
            ("", "Empty"),
            ("…", ""),
        ] {
            assert_eq!(variant(value), name, "{value}");
        }
        assert_eq!(snake("actions/get-artifact"), "actions_get_artifact");
        assert_eq!(snake("type"), "type_");
        assert_eq!(collisions(["a-b", "a_b", "c"], pascal), [("a-b", "a_b")]);
    }
}
