use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};

/// The text of an enum value that this version of the crate has no variant for.
///
/// It can only be read, so that a value that becomes a variant later breaks no program.
///
/// ```
/// use gha_api::types::JobStatus;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let status: JobStatus = serde_json::from_str(r#""paused""#)?;
/// assert!(matches!(&status, JobStatus::Unknown(text) if text.as_str() == "paused"));
/// assert_eq!(serde_json::to_string(&status)?, r#""paused""#);
///
/// // Whoever compares with text needs no change when `paused` becomes a variant.
/// assert_eq!(status.as_str(), "paused");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(text: &str) -> Self {
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

/// Deserializes an open enum from any text.
pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
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
