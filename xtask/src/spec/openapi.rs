//! What may stand where in an OpenAPI 3.0 document.
//!
//! A schema may well have a property named `description`: whether a key is prose, a name or a
//! keyword depends on its position. Whatever walks a document walks by these tables.
//! The rule: <https://spec.openapis.org/oas/v3.0.3>.

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::pointer::{Pointer, unescape};
use Holds::{Any, Bool, Dropped, List, Map, Number, One, OneOrBool, Prose, Text, Texts, Values};

/// The kind of object that stands in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Position {
    Document,
    Info,
    Server,
    ServerVariable,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Header,
    Schema,
    Discriminator,
    Components,
}

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Text for people. The overlay brings our own.
    Prose,
    /// Legal, but nothing that a generated client needs.
    Dropped,
    Text,
    Bool,
    Number,
    /// A list of strings.
    Texts,
    /// A list of any values.
    Values,
    Any,
    One(Position),
    OneOrBool(Position),
    List(Position),
    /// Keys are names, not keywords.
    Map(Position),
}

/// The methods of a path item, in the order in which we write them.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Vendor extensions that mean something to us; every other one is dropped.
pub(super) const EXTENSIONS: [&str; 1] = [MULTI_SEGMENT];
/// Whether the value of a path parameter may be several segments.
pub(crate) const MULTI_SEGMENT: &str = "x-multi-segment";

impl Holds {
    pub(crate) const DOCUMENT: Self = One(Position::Document);
    pub(crate) const SCHEMA: Self = One(Position::Schema);

    /// The kind of object that stands there itself.
    pub(super) fn position(self) -> Option<Position> {
        match self {
            One(position) | OneOrBool(position) => Some(position),
            _ => None,
        }
    }
}

impl Position {
    /// The keys that may stand here, in the order in which we write them.
    pub(super) fn keys(self) -> &'static [(&'static str, Holds)] {
        use Position as P;
        match self {
            P::Document => &[
                ("openapi", Text),
                ("info", One(P::Info)),
                ("servers", List(P::Server)),
                ("paths", Map(P::PathItem)),
                ("components", One(P::Components)),
                ("security", Dropped),
                ("tags", Dropped),
                ("externalDocs", Dropped),
            ],
            P::Info => &[
                ("title", Text),
                ("version", Text),
                ("description", Prose),
                ("termsOfService", Dropped),
                ("contact", Dropped),
                ("license", Dropped),
            ],
            P::Server => &[
                ("url", Text),
                ("variables", Map(P::ServerVariable)),
                ("description", Prose),
            ],
            P::ServerVariable => &[("default", Text), ("enum", Texts), ("description", Prose)],
            P::PathItem => &[
                ("$ref", Text),
                ("servers", List(P::Server)),
                ("parameters", List(P::Parameter)),
                ("get", One(P::Operation)),
                ("put", One(P::Operation)),
                ("post", One(P::Operation)),
                ("delete", One(P::Operation)),
                ("options", One(P::Operation)),
                ("head", One(P::Operation)),
                ("patch", One(P::Operation)),
                ("trace", One(P::Operation)),
                ("summary", Prose),
                ("description", Prose),
            ],
            P::Operation => &[
                ("operationId", Text),
                ("externalDocs", One(P::ExternalDocs)),
                ("deprecated", Bool),
                ("servers", List(P::Server)),
                ("parameters", List(P::Parameter)),
                ("requestBody", One(P::RequestBody)),
                ("responses", Map(P::Response)),
                ("summary", Prose),
                ("description", Prose),
                ("tags", Dropped),
                ("callbacks", Dropped),
                ("security", Dropped),
            ],
            P::ExternalDocs => &[("url", Text), ("description", Prose)],
            P::Parameter => PARAMETER,
            // A header has its name and its place from where it stands.
            P::Header => &PARAMETER[2..],
            P::RequestBody => &[
                ("required", Bool),
                ("content", Map(P::MediaType)),
                ("description", Prose),
            ],
            P::MediaType => &[
                ("schema", One(P::Schema)),
                ("encoding", Map(P::Encoding)),
                ("example", Prose),
                ("examples", Prose),
            ],
            P::Encoding => &[
                ("contentType", Text),
                ("headers", Map(P::Header)),
                ("style", Text),
                ("explode", Bool),
                ("allowReserved", Bool),
            ],
            P::Response => &[
                ("description", Prose),
                ("headers", Map(P::Header)),
                ("content", Map(P::MediaType)),
                ("links", Dropped),
            ],
            P::Schema => SCHEMA,
            P::Discriminator => &[("propertyName", Text), ("mapping", Any)],
            P::Components => &[
                ("schemas", Map(P::Schema)),
                ("responses", Map(P::Response)),
                ("parameters", Map(P::Parameter)),
                ("requestBodies", Map(P::RequestBody)),
                ("headers", Map(P::Header)),
                ("examples", Prose),
                ("securitySchemes", Dropped),
                ("links", Dropped),
                ("callbacks", Dropped),
            ],
        }
    }

    /// What `key` holds here, if it may stand here at all.
    pub(super) fn holds(self, key: &str) -> Option<Holds> {
        self.keys()
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, holds)| *holds)
    }

    /// The section of `components` that a `$ref` in this position points into.
    pub(crate) fn section(self) -> Option<&'static str> {
        match self {
            Self::Schema => Some("schemas"),
            Self::Response => Some("responses"),
            Self::Parameter => Some("parameters"),
            Self::RequestBody => Some("requestBodies"),
            Self::Header => Some("headers"),
            _ => None,
        }
    }

    /// The object as a reader calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Document => "the document",
            Self::Info => "info",
            Self::Server => "a server",
            Self::ServerVariable => "a server variable",
            Self::PathItem => "a path",
            Self::Operation => "an operation",
            Self::ExternalDocs => "externalDocs",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Response => "a response",
            Self::Header => "a header",
            Self::Schema => "a schema",
            Self::Discriminator => "a discriminator",
            Self::Components => "components",
        }
    }
}

const PARAMETER: &[(&str, Holds)] = &[
    ("name", Text),
    ("in", Text),
    ("required", Bool),
    ("deprecated", Bool),
    ("allowEmptyValue", Bool),
    ("style", Text),
    ("explode", Bool),
    ("allowReserved", Bool),
    ("schema", One(Position::Schema)),
    ("content", Map(Position::MediaType)),
    ("description", Prose),
    ("example", Prose),
    ("examples", Prose),
];

const SCHEMA: &[(&str, Holds)] = &[
    ("type", Text),
    ("format", Text),
    ("nullable", Bool),
    ("enum", Values),
    ("default", Any),
    ("deprecated", Bool),
    ("readOnly", Bool),
    ("writeOnly", Bool),
    ("minimum", Number),
    ("exclusiveMinimum", Bool),
    ("maximum", Number),
    ("exclusiveMaximum", Bool),
    ("multipleOf", Number),
    ("minLength", Number),
    ("maxLength", Number),
    ("pattern", Text),
    ("minItems", Number),
    ("maxItems", Number),
    ("uniqueItems", Bool),
    ("items", One(Position::Schema)),
    ("minProperties", Number),
    ("maxProperties", Number),
    ("required", Texts),
    ("properties", Map(Position::Schema)),
    ("additionalProperties", OneOrBool(Position::Schema)),
    ("allOf", List(Position::Schema)),
    ("oneOf", List(Position::Schema)),
    ("anyOf", List(Position::Schema)),
    ("not", One(Position::Schema)),
    ("discriminator", One(Position::Discriminator)),
    ("title", Prose),
    ("description", Prose),
    ("example", Prose),
    ("externalDocs", Dropped),
    ("xml", Dropped),
];

/// Whether a key of a schema is for people alone.
pub(crate) fn is_word(key: &str) -> bool {
    ["title", "description", "example", "externalDocs", "xml"].contains(&key)
        || key.starts_with("x-")
}

/// Whether a schema says anything of its values but that they may be null.
pub(crate) fn declares(schema: &Value) -> bool {
    let object = schema.as_object().into_iter().flatten();
    let mut keys = object.map(|(key, _)| key.as_str());
    keys.any(|key| !is_word(key) && !["nullable", "deprecated"].contains(&key))
}

/// Whether a value is a `$ref`, and to what.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// The name of the component that a value is a `$ref` to.
pub(crate) fn referred(value: &Value) -> Option<&str> {
    reference(value)?.rsplit('/').next()
}

/// The name of the component that a schema is a `$ref` to, or wraps.
pub(crate) fn used(schema: &Value) -> Option<&str> {
    referred(schema).or_else(|| referred(&schema["allOf"][0]))
}

/// What an object refers to: as what, by which key of a discriminator's mapping, if it is one of those, and
/// the target.
pub(super) fn references(
    position: Position,
    value: &Value,
) -> Vec<(Position, Option<&str>, Cow<'_, str>)> {
    let mapping = value["mapping"].as_object().into_iter().flatten();
    let mapping = mapping.filter_map(|(key, target)| {
        let target = match target.as_str()? {
            target if target.contains(['/', '#']) => target.into(),
            name => format!("#/components/schemas/{name}").into(),
        };
        Some((Position::Schema, Some(key.as_str()), target))
    });
    let own = reference(value).map(|target| (position, None, target.into()));
    match position {
        Position::Discriminator => mapping.collect(),
        _ => own.into_iter().collect(),
    }
}

/// The components that some objects refer to, and those that these refer to in their turn, by section and name.
pub(super) fn reached<'a>(
    document: &'a Value,
    mut open: Vec<(Holds, &'a Value)>,
) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    while let Some((holds, value)) = open.pop() {
        each(holds, value, |node| {
            for (position, _, target) in references(node.position, node.value) {
                if let Ok((section, name)) = parse_reference(&target)
                    && let Some(component) = document["components"][&section].get(&name)
                    && found.insert((section, name))
                {
                    open.push((One(position), component));
                }
            }
        });
    }
    found
}

/// Splits `#/components/<section>/<name>`, escapes undone.
pub(super) fn parse_reference(target: &str) -> Result<(String, String), &'static str> {
    let Some(pointer) = target.strip_prefix('#') else {
        return Err("points into another file, which is not supported");
    };
    let Ok(pointer) = percent_decode_str(pointer).decode_utf8() else {
        return Err("is not UTF-8 once its escapes are undone");
    };
    match pointer.split('/').collect::<Vec<_>>()[..] {
        ["", "components", section, name] => Ok((unescape(section), unescape(name))),
        ["", "components", _, _, ..] => {
            Err("points inside of a component; only whole components are supported")
        }
        _ => Err("points outside of `components`, which is not supported"),
    }
}

/// An object of a document, and where it stands.
pub(crate) struct Node<'a, 'p> {
    pub(crate) position: Position,
    pub(crate) value: &'a Value,
    pub(crate) at: &'p Pointer,
}

/// Calls `enter` for every object that `holds` makes of `value`, outermost first. What stands beside
/// a `$ref` means nothing.
pub(crate) fn visit<'a>(
    holds: Holds,
    value: &'a Value,
    at: &mut Pointer,
    enter: &mut dyn FnMut(Node<'a, '_>),
) {
    match (holds, value) {
        (One(position) | OneOrBool(position), Value::Object(object)) => {
            enter(Node {
                position,
                value,
                at,
            });
            if position.section().is_some() && reference(value).is_some() {
                return;
            }
            for (key, child) in object.iter().filter(|(_, child)| holds_more(child)) {
                if let Some(holds) = position.holds(key) {
                    at.within(key, |at| visit(holds, child, at, enter));
                }
            }
        }
        (List(position), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                at.within(&index.to_string(), |at| {
                    visit(One(position), item, at, enter);
                });
            }
        }
        (Map(position), Value::Object(entries)) => {
            for (name, entry) in entries.iter().filter(|(name, _)| is_name(position, name)) {
                at.within(name, |at| visit(One(position), entry, at, enter));
            }
        }
        _ => {}
    }
}

/// Calls `leave` for every object that `holds` makes of `value`, innermost first.
pub(crate) fn visit_mut(
    holds: Holds,
    value: &mut Value,
    at: &mut Pointer,
    leave: &mut dyn FnMut(Position, &mut Value, &Pointer),
) {
    match (holds, value) {
        (One(position) | OneOrBool(position), value @ Value::Object(_)) => {
            let is_reference = position.section().is_some() && reference(value).is_some();
            if let (false, Value::Object(object)) = (is_reference, &mut *value) {
                for (key, child) in object.iter_mut().filter(|(_, child)| holds_more(child)) {
                    if let Some(holds) = position.holds(key) {
                        at.within(key, |at| visit_mut(holds, child, at, leave));
                    }
                }
            }
            leave(position, value, at);
        }
        (List(position), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                at.within(&index.to_string(), |at| {
                    visit_mut(One(position), item, at, leave);
                });
            }
        }
        (Map(position), Value::Object(entries)) => {
            for (name, entry) in entries.iter_mut() {
                if is_name(position, name) {
                    at.within(name, |at| visit_mut(One(position), entry, at, leave));
                }
            }
        }
        _ => {}
    }
}

fn holds_more(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// [`visit`], where nobody asks from where it starts.
pub(crate) fn each<'a>(holds: Holds, value: &'a Value, mut enter: impl FnMut(Node<'a, '_>)) {
    visit(holds, value, &mut Pointer::default(), &mut enter);
}

/// [`visit_mut`] of schemas alone.
pub(crate) fn each_schema_mut(
    holds: Holds,
    value: &mut Value,
    mut leave: impl FnMut(&mut Value, &Pointer),
) {
    let at = &mut Pointer::default();
    visit_mut(holds, value, at, &mut |position, value, at| {
        if position == Position::Schema {
            leave(value, at);
        }
    });
}

/// Of all maps, `paths` and `responses` may hold extensions; a header may well be `x-…`.
fn is_name(position: Position, name: &str) -> bool {
    !matches!(position, Position::PathItem | Position::Response) || !name.starts_with("x-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_undo_both_kinds_of_escapes() {
        let whole = |section: &str, name: &str| Ok((section.to_owned(), name.to_owned()));
        assert_eq!(
            parse_reference("#/components/schemas/a"),
            whole("schemas", "a")
        );
        assert_eq!(
            parse_reference("#/components/schemas/a~1b~0c%20d"),
            whole("schemas", "a/b~c d")
        );
        assert!(parse_reference("other.yaml#/components/schemas/a").is_err());
        assert!(parse_reference("#/components/schemas/a/properties/b").is_err());
        assert!(parse_reference("#/paths/~1a").is_err());
        assert!(parse_reference("#/components/schemas/%ff").is_err());
    }
}
