//! How values of answers are read where GitHub keeps its promises loosely.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer};

/// The text of an enum value that this version of the crate has no variant for.
///
/// It can only be read, so that a value that becomes a variant later breaks no program: whoever
/// compares the text, as the server wrote it, needs no change then.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    #[doc(hidden)]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text as the server sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A text, which is copied only where it has escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Deserializes an enum that keeps unknown values, from any text.
pub fn open_enum<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    Text::deserialize(deserializer).map(|text| T::from(&text.0))
}

/// Takes `null` for the default: servers send either where they have nothing to say.
pub fn null_or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Tells a key with `null` from a key that is not there: `Some(None)` from `None`.
pub fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Takes an empty text, like `null`, for no time: servers written in Go send it.
pub fn optional_time<'de, D>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = Option::<Text<'de>>::deserialize(deserializer)?;
    let text = text.filter(|text| !text.0.is_empty());
    text.map(|text| DateTime::deserialize(text.0.into_deserializer()))
        .transpose()
}
