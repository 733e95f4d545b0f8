//! The parameters of a query and of a body, read as strictly as GitHub's description says. GitHub itself forgives
//! some of what is refused here (of `per_page=abc` its older lists make 30), and how it answers the
//! rest is not documented: a client that sends any of it has a mistake that a test should find.

use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::refusal::Refusal;

pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(query: &str) -> Result<Self, Refusal> {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        });
        let bad = || Refusal::new(StatusCode::BAD_REQUEST, "Bad Request");
        Ok(Self(decoded.collect::<Option<_>>().ok_or_else(bad)?))
    }

    /// A text; an error where the parameter is given twice.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            None => Ok(value),
            Some(_) => Err(invalid(name, "is given twice")),
        }
    }

    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.read(name, "an integer", integer)
    }

    pub(super) fn one_of(&self, name: &str, words: &[&str]) -> Result<Option<&str>, Refusal> {
        let wanted = format!("one of {}", words.join(", "));
        self.read(name, &wanted, |text| words.contains(&text).then_some(text))
    }

    /// What `read` makes of a text; an error where it makes nothing of it.
    pub(super) fn read<'a, T>(
        &'a self,
        name: &str,
        wanted: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let refusal = || invalid(name, &format!("{text:?} is not {wanted}"));
        read(text).map(Some).ok_or_else(refusal)
    }
}

/// The JSON object of a body: an empty one where there is no body.
pub(super) struct JsonBody(Map<String, Value>);

impl JsonBody {
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let refuse = |message: &str| Err(Refusal::new(StatusCode::BAD_REQUEST, message));
        match serde_json::from_slice(body) {
            _ if body.is_empty() => Ok(Self(Map::new())),
            Ok(Value::Null) => Ok(Self(Map::new())),
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => refuse("Body should be a JSON object"),
            Err(_) => refuse("Problems parsing JSON"),
        }
    }

    /// What `read` makes of a member; an error where it makes nothing of it.
    pub(super) fn read<'a, T>(
        &'a self,
        name: &str,
        wanted: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        let refusal = || invalid(name, &format!("{value} is not {wanted}"));
        read(value).map(Some).ok_or_else(refusal)
    }
}

/// An integer in the one way of writing it: `11` is one, `011` and `+11` are not.
pub(super) fn integer(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn invalid(name: &str, why: &str) -> Refusal {
    let message = format!("Invalid request.\n\nFor 'properties/{name}', {why}.");
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, message)
}

/// Nothing where an escape or the text behind it is broken.
fn decode(text: &str) -> Option<String> {
    let is_whole = |escape: &str| {
        let digits = escape.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8().ok()?;
    let whole = text.split('%').skip(1).all(is_whole);
    whole.then(|| decoded.into_owned())
}
