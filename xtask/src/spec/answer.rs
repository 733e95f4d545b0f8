//! What an operation answers with if nothing fails.

use serde_json::Value;

use super::document::{OperationObject, Placed};
use super::openapi::reference;

/// One way in which an operation succeeds.
#[derive(Clone, Debug)]
pub(crate) enum Success<'a> {
    /// With JSON; the schema, where there is one.
    Json(Option<Placed<'a>>),
    /// With a status alone.
    Nothing,
    /// With a redirect (302) to where the content is.
    Redirect,
    /// With what a client can't read: what that is.
    Other(String),
}

impl Success<'_> {
    /// Whether the other one is decoded alike.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Json(a), Self::Json(b)) => {
                let schema = |json: &Option<Placed<'_>>| json.as_ref().map(|it| it.value.clone());
                schema(a) == schema(b)
            }
            (a, b) => a.kind() == b.kind(),
        }
    }

    /// What it is, for a reader.
    pub(crate) fn kind(&self) -> String {
        match self {
            Self::Json(None) => "JSON without a schema".to_owned(),
            Self::Json(Some(schema)) => words_of(schema.value),
            Self::Nothing => "no body".to_owned(),
            Self::Redirect => "a redirect".to_owned(),
            Self::Other(what) => what.clone(),
        }
    }
}

fn words_of(schema: &Value) -> String {
    if let Some(target) = reference(schema).or_else(|| reference(&schema["allOf"][0])) {
        return target.rsplit('/').next().unwrap_or_default().to_owned();
    }
    match (&schema["type"], &schema["items"]) {
        (_, items) if items.is_object() => format!("array of {}", words_of(items)),
        (Value::String(kind), _) => kind.clone(),
        _ => "any value".to_owned(),
    }
}

/// Whether a key of `responses` is a status, or a range of them.
pub(crate) fn is_status(status: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    matches!(status.as_bytes(), [b'1'..=b'5', rest @ ..]
        if rest == b"XX" || (rest.len() == 2 && rest.iter().all(is_digit)))
}

/// The ways in which an operation succeeds, by status. Of several media types JSON is the one that
/// clients ask for.
pub(crate) fn successes<'a>(
    document: &'a Value,
    operation: &OperationObject<'a>,
) -> Vec<(&'a str, Success<'a>)> {
    let responses = operation.responses();
    let successes =
        responses.filter(|(status, _)| is_status(status) && status.starts_with(['2', '3']));
    let success = |(status, response): (&'a str, Placed<'a>)| {
        let response = response.resolved(document);
        let content = response.get("content");
        let mut media = content.iter().flat_map(Placed::entries);
        let success = if status == "302" {
            Success::Redirect
        } else if status.starts_with('3') {
            Success::Other(format!("status {status}"))
        } else {
            match media.find(|(name, _)| *name == "application/json") {
                Some((_, json)) => Success::Json(json.get("schema")),
                None => match content.iter().flat_map(Placed::entries).next() {
                    Some((name, _)) => Success::Other(name.to_owned()),
                    None => Success::Nothing,
                },
            }
        };
        (status, success)
    };
    successes.map(success).collect()
}
