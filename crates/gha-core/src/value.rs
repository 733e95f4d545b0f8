//! How values of answers are read where GitHub keeps its promises loosely.

use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

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

/// Deserializes an enum that keeps unknown values, from any text.
pub fn open_enum<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    struct Text<T>(PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(text.into())
        }
    }

    deserializer.deserialize_str(Text(PhantomData))
}

/// Takes `null` for the default: servers send either where they have nothing to say.
pub fn null_or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Deserializes a time.
pub fn required_time<'de, D>(deserializer: D) -> Result<DateTime<Utc>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(Time::deserialize(deserializer)?.0)
}

/// Deserializes a time that may be `null`.
pub fn optional_time<'de, D>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(Option::<Time>::deserialize(deserializer)?.map(|time| time.0))
}

struct Time(DateTime<Utc>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimeVisitor)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 date and time")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        if let Some(time) = usual(text) {
            return Ok(Time(time));
        }
        let time: DateTime<FixedOffset> = text.parse().map_err(E::custom)?;
        Ok(Time(time.into()))
    }
}

/// The form that nearly all times have, `2026-03-10T12:00:00Z`: the general parser would take a
/// fifth of the time that a page takes.
fn usual(text: &str) -> Option<DateTime<Utc>> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let marks = [4, 7, 10, 13, 16, 19].map(|at| bytes[at]);
    if marks != *b"--T::Z" {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
            Some(number * 10 + digit)
        })
    };
    let year = i32::try_from(number(0, 4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?;
    let time = date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?;
    Some(time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_form_is_read_as_the_general_parser_reads_it() {
        for text in [
            "2026-03-10T12:00:00Z",
            "2024-02-29T23:59:59Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T00:00:00Z",
        ] {
            let general: DateTime<Utc> = text.parse().unwrap();
            assert_eq!(usual(text), Some(general), "{text}");
        }
        for text in [
            "2026-03-10T12:00:00.000Z",
            "2026-03-10T12:00:00+01:00",
            "2026-02-30T12:00:00Z",
            "2026-03-10T24:00:00Z",
            "2026-03-10 12:00:00Z",
            "２026-03-10T12:00Z",
        ] {
            assert_eq!(usual(text), None, "{text}");
        }
    }
}
