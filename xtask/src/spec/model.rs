//! What may stand where in an OpenAPI 3.0 document.
//!
//! A schema may well have a property named `description`: whether a key is prose, a name or a
//! keyword depends on its position. Trim, hoist and lint all walk by these tables.
//! The rule: <https://spec.openapis.org/oas/v3.0.3>.

use serde_json::Value;

use Holds::{Any, Bool, Dropped, List, Map, Number, One, OneOrBool, Prose, Text, Texts, Values};

/// The kind of object that stands in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Position {
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
pub(super) enum Holds {
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
///
/// `x-multi-segment`: the value of a path parameter may hold slashes.
pub(super) const EXTENSIONS: [&str; 1] = ["x-multi-segment"];

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
            P::Parameter => &[
                ("name", Text),
                ("in", Text),
                ("required", Bool),
                ("deprecated", Bool),
                ("allowEmptyValue", Bool),
                ("style", Text),
                ("explode", Bool),
                ("allowReserved", Bool),
                ("schema", One(P::Schema)),
                ("content", Map(P::MediaType)),
                ("description", Prose),
                ("example", Prose),
                ("examples", Prose),
            ],
            P::Header => &[
                ("required", Bool),
                ("deprecated", Bool),
                ("allowEmptyValue", Bool),
                ("style", Text),
                ("explode", Bool),
                ("allowReserved", Bool),
                ("schema", One(P::Schema)),
                ("content", Map(P::MediaType)),
                ("description", Prose),
                ("example", Prose),
                ("examples", Prose),
            ],
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
    pub(super) fn section(self) -> Option<&'static str> {
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

/// Whether a value is a `$ref`, and to what.
pub(super) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}
