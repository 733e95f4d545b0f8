// Written by `cargo xtask codegen`. Do not edit.

//! Times of the API.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Deserializes a time.
pub(crate) fn required<'de, D>(deserializer: D) -> Result<DateTime<Utc>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(Time::deserialize(deserializer)?.0)
}

/// Deserializes a time that may be `null`.
pub(crate) fn optional<'de, D>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error>
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
