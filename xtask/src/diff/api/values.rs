//! What a schema stands for in Rust, as far as a comparison needs to know, and in words.

use serde_json::Value;

use super::view::View;
use crate::codegen::plain::FORMATS;

/// What kind of value it is. Values of one kind are compared in detail, others are just different.
pub(super) fn kind(view: &View<'_>) -> &'static str {
    match view.text("type") {
        _ if view.keyword("oneOf").is_some() => "one of several",
        Some("string") if view.values().is_some() => "enum",
        Some("string") => "string",
        Some("integer") => "integer",
        Some("number") => "number",
        Some("boolean") => "boolean",
        Some("array") => "array",
        _ if !view.properties.is_empty() => "object",
        Some(_) => "map",
        None => "any value",
    }
}

/// The format, if it has a Rust type of its own; the plain type of `kind` stands for all others.
pub(super) fn rust_format<'a>(kind: &str, format: Option<&'a str>) -> Option<&'a str> {
    let format = format?;
    let is_integer = format.contains("int");
    let fits = match kind {
        "integer" => is_integer && format != "int64",
        "number" => false,
        _ => !is_integer,
    };
    Some(format).filter(|_| fits && FORMATS.contains(&format))
}

/// The value in a few words.
pub(super) fn words(view: &View<'_>) -> String {
    let mut words = match (view.name, kind(view)) {
        (Some(name), _) => format!("`{name}`"),
        (None, kind) => kind.to_owned(),
    };
    if let (None, Some(format)) = (view.name, view.text("format")) {
        words.push_str(&format!(" ({format})"));
    }
    if view.nullable {
        words.push_str(" or null");
    }
    words
}

/// A bound: which side of it is the narrow one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Lower,
    Upper,
    /// Neither of two different values is the narrower one.
    Other,
}

/// What limits values.
pub(super) const BOUNDS: [(&str, Bound); 14] = [
    ("minimum", Bound::Lower),
    ("exclusiveMinimum", Bound::Other),
    ("maximum", Bound::Upper),
    ("exclusiveMaximum", Bound::Other),
    ("multipleOf", Bound::Other),
    ("minLength", Bound::Lower),
    ("maxLength", Bound::Upper),
    ("pattern", Bound::Other),
    ("minItems", Bound::Lower),
    ("maxItems", Bound::Upper),
    ("uniqueItems", Bound::Other),
    ("minProperties", Bound::Lower),
    ("maxProperties", Bound::Upper),
    ("not", Bound::Other),
];

/// Whether everything that the old bound let pass still does.
pub(super) fn is_loosened(bound: Bound, ends: [Option<&Value>; 2]) -> bool {
    match (bound, ends) {
        (_, [Some(_), None]) => true,
        (Bound::Lower, [Some(old), Some(new)]) => new.as_f64() <= old.as_f64(),
        (Bound::Upper, [Some(old), Some(new)]) => new.as_f64() >= old.as_f64(),
        _ => false,
    }
}
