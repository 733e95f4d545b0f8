//! What an operation answers with if nothing fails.

use serde_json::Value;

use super::document::{OperationObject, Placed};
use super::openapi::used;

/// The key of an operation under which the overlay names the type of several answers.
pub(crate) const NAME: &str = "x-answer";

/// The form that a content is asked for in where the description has no other than that of what is said
/// of it.
const OCTETS: &str = "application/octet-stream";

/// What one status says of a success.
#[derive(Clone, Debug)]
pub(crate) enum Success<'a> {
    /// With JSON, of this media type; the schema, where there is one.
    Json(&'a str, Option<Placed<'a>>),
    /// With text, of this media type.
    Text(&'a str),
    /// With bytes, of this media type.
    Bytes(&'a str),
    /// With a status alone.
    Nothing,
    /// With a redirect (302) to where the content is.
    Redirect,
    /// With a status (303) that says that the answer is elsewhere.
    SeeOther,
    /// With what a client can't read: what that is.
    Other(String),
}

/// What all statuses together say.
#[derive(Clone, Debug)]
pub(crate) enum Answers<'a> {
    /// The same, whatever the status is.
    One(Success<'a>),
    /// Yes (204) or no (404).
    Check,
    /// A content, where it is asked for in this form: in the body, or behind a redirect. Else the first of these,
    /// JSON that describes it or a redirect.
    Content(Success<'a>, &'a str),
    /// Another thing with each status.
    ByStatus(Vec<(&'a str, Success<'a>)>),
}

impl Answers<'_> {
    /// What `send` returns, for a reader.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::One(success) | Self::Content(success, _) => match success {
                Success::Json(..) => "JSON",
                Success::Text(_) => "text",
                Success::Bytes(_) => "bytes",
                Success::Redirect => "a signed URL",
                Success::Nothing | Success::SeeOther | Success::Other(_) => "nothing",
            },
            Self::Check => "yes or no",
            Self::ByStatus(_) => "several answers",
        }
    }

    /// Whether it can be downloaded.
    pub(crate) fn is_download(&self) -> bool {
        matches!(self, Self::One(Success::Redirect) | Self::Content(..))
    }
}

impl Success<'_> {
    /// Whether the other one is decoded alike.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Json(_, a), Self::Json(_, b)) => {
                let schema = |json: &Option<Placed<'_>>| json.as_ref().map(|it| it.value.clone());
                schema(a) == schema(b)
            }
            (a, b) => a.kind() == b.kind(),
        }
    }

    /// What it is, for a reader.
    pub(crate) fn kind(&self) -> String {
        match self {
            Self::Json(_, None) => "JSON without a schema".to_owned(),
            Self::Json(_, Some(schema)) => words_of(schema.value),
            Self::Text(media_type) | Self::Bytes(media_type) => (*media_type).to_owned(),
            Self::Nothing => "no body".to_owned(),
            Self::Redirect => "a redirect".to_owned(),
            Self::SeeOther => "status 303".to_owned(),
            Self::Other(what) => what.clone(),
        }
    }
}

fn words_of(schema: &Value) -> String {
    if let Some(name) = used(schema) {
        return name.to_owned();
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

/// Whether an operation is a question that is answered with a status alone: 204 means yes, 404 no. A redirect
/// leads to who may tell.
pub(crate) fn is_check(method: &str, statuses: &[&str]) -> bool {
    let mut others = statuses
        .iter()
        .filter(|it| !["204", "302", "404"].contains(it));
    method == "get"
        && ["204", "404"].iter().all(|it| statuses.contains(it))
        && !others.any(|it| it.starts_with(['2', '3']))
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
        let success = match status {
            "302" => Success::Redirect,
            "303" => Success::SeeOther,
            _ if status.starts_with('3') => Success::Other(format!("status {status}")),
            _ => {
                let mut forms = forms(document, &response);
                let json = forms.iter().position(|it| matches!(it, Success::Json(..)));
                match forms.is_empty() {
                    true => Success::Nothing,
                    false => forms.swap_remove(json.unwrap_or(0)),
                }
            }
        };
        (status, success)
    };
    successes.map(success).collect()
}

/// The forms that a response can have, in the order of the description; `application/json` before others.
fn forms<'a>(document: &'a Value, response: &Placed<'a>) -> Vec<Success<'a>> {
    let content = response.clone().resolved(document).get("content");
    let mut forms: Vec<_> = content.iter().flat_map(Placed::entries).collect();
    forms.sort_by_key(|(media_type, _)| *media_type != "application/json");
    let forms = forms.iter();
    forms
        .map(|(media_type, body)| form(document, media_type, body))
        .collect()
}

/// How a body of a media type is read.
pub(crate) fn form<'a>(document: &'a Value, media_type: &'a str, body: &Placed<'a>) -> Success<'a> {
    /// Forms that are bytes, even where a description calls them strings.
    const PACKED: [&str; 5] = ["octet-stream", "zip", "gzip", "x-gzip", "pdf"];

    let schema = body.get("schema");
    let of = schema.clone().map(|it| it.resolved(document).value);
    let is = |key: &str, value: &str| of.is_some_and(|it| it[key] == value);
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match essence.split_once('/') {
        _ if is("format", "binary") => Success::Bytes(media_type),
        Some(("text", _)) => Success::Text(media_type),
        Some(("application", form)) => match form {
            "json" => Success::Json(media_type, schema),
            _ if is("type", "string") && !PACKED.contains(&form) => Success::Text(media_type),
            _ if form.ends_with("+json") || form.starts_with("vnd.github.") => {
                Success::Json(media_type, schema)
            }
            _ => Success::Bytes(media_type),
        },
        _ => Success::Bytes(media_type),
    }
}

/// What an operation answers with; `None` where a client cannot tell what it is.
pub(crate) fn answers<'a>(
    document: &'a Value,
    operation: &OperationObject<'a>,
) -> Option<Answers<'a>> {
    let statuses: Vec<_> = operation.responses().map(|(status, _)| status).collect();
    if is_check(operation.method, &statuses) {
        return Some(Answers::Check);
    }
    let mut all = successes(document, operation);
    let is_redirect = |(_, success): &(&str, Success<'_>)| matches!(success, Success::Redirect);
    let redirects = all.iter().any(is_redirect);
    let Some((_, first)) = all.iter().find(|it| !is_redirect(it)) else {
        let one = if redirects {
            Success::Redirect
        } else {
            Success::Nothing
        };
        return Some(Answers::One(one));
    };
    if redirects {
        return content(document, operation, &all);
    }
    if all.iter().all(|(_, success)| success.is_like(first)) {
        return Some(Answers::One(first.clone()));
    }
    // What is said of a range is said of what nothing else is said of.
    all.sort_by_key(|(status, _)| status.ends_with("XX"));
    Some(Answers::ByStatus(all))
}

/// What an operation answers with that may redirect: at once, or once the content is there (202 before).
fn content<'a>(
    document: &'a Value,
    operation: &OperationObject<'a>,
    all: &[(&'a str, Success<'a>)],
) -> Option<Answers<'a>> {
    let mut others = all.iter().filter(|(status, success)| match success {
        Success::Redirect => false,
        Success::Nothing => *status != "202",
        _ => true,
    });
    if operation.method != "get" {
        return None;
    }
    let about = match (others.next(), others.next()) {
        (None, _) => return Some(Answers::One(Success::Redirect)),
        (Some(("200", Success::Text(form) | Success::Bytes(form))), None) => {
            return Some(Answers::Content(Success::Redirect, form));
        }
        (Some(("200", about @ Success::Json(..))), None) => about.clone(),
        _ => return None,
    };
    let response = operation.own.get("responses")?.get("200")?;
    let forms = forms(document, &response).into_iter();
    let mut forms = forms.filter_map(|form| match form {
        Success::Text(form) | Success::Bytes(form) => Some(form),
        _ => None,
    });
    Some(Answers::Content(about, forms.next().unwrap_or(OCTETS)))
}

/// The form in which the body of a request is sent: JSON where the server takes it. `None` where it takes nothing
/// but what a client cannot write.
pub(crate) fn sent<'a>(document: &'a Value, body: &Placed<'a>) -> Option<Success<'a>> {
    let mut forms = forms(document, body);
    let json = forms.iter().position(|it| matches!(it, Success::Json(..)));
    let plain = |form: &Success<'_>| match form {
        Success::Bytes(it) => !["multipart/", "form-urlencoded", "*"]
            .iter()
            .any(|no| it.contains(no)),
        _ => true,
    };
    let chosen = json.or_else(|| forms.iter().position(plain))?;
    Some(forms.swap_remove(chosen))
}

/// Whether a header can say the media type.
pub(crate) fn is_sayable(media_type: &str) -> bool {
    media_type.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// The media types that a client asks for.
pub(crate) fn asked<'a>(document: &'a Value, operation: &OperationObject<'a>) -> Vec<&'a str> {
    let successes = successes(document, operation).into_iter();
    let mut asked: Vec<_> = successes
        .filter_map(|(_, success)| match success {
            Success::Json(form, _) | Success::Text(form) | Success::Bytes(form) => Some(form),
            _ => None,
        })
        .collect();
    if let Some(Answers::Content(_, form)) = answers(document, operation) {
        asked.push(form);
    }
    asked
}

/// The name of the type of several answers: the overlay's, or one by rule.
pub(crate) fn name(operation: &OperationObject<'_>) -> String {
    match operation.own.text(NAME) {
        Some(name) => name.to_owned(),
        None => format!("{}-answer", operation.id),
    }
}
