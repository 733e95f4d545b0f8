// Written by `cargo xtask codegen`. Do not edit.

//! What operations take and answer with.

use gha_core::UnknownValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `Branch`
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Branch {
    /// `name`.
    pub name: String,
    /// `protected`.
    pub protected: bool,
}

/// `Content`
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// `content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// `entries`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub entries: Vec<Content>,
    /// `path`.
    pub path: String,
    /// `size`.
    pub size: i64,
    /// `type_`.
    #[serde(rename = "type")]
    pub type_: ContentType,
}

/// `ContentType`
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ContentType {
    /// `dir`.
    Dir,
    /// `file`.
    File,
    /// `submodule`.
    Submodule,
    /// `symlink`.
    Symlink,
    /// A value that this version of the crate has no variant for.
    Unknown(UnknownValue),
}

impl ContentType {
    /// The value as the server writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Dir => "dir",
            Self::File => "file",
            Self::Submodule => "submodule",
            Self::Symlink => "symlink",
            Self::Unknown(value) => value.as_str(),
        }
    }
}

impl From<&str> for ContentType {
    fn from(value: &str) -> Self {
        match value {
            "dir" => Self::Dir,
            "file" => Self::File,
            "submodule" => Self::Submodule,
            "symlink" => Self::Symlink,
            other => Self::Unknown(UnknownValue::new(other)),
        }
    }
}

impl From<String> for ContentType {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl ::std::str::FromStr for ContentType {
    type Err = ::std::convert::Infallible;

    fn from_str(value: &str) -> Result<Self, ::std::convert::Infallible> {
        Ok(value.into())
    }
}

impl<'de> Deserialize<'de> for ContentType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ::gha_core::generated::open_enum(deserializer)
    }
}

impl ::std::fmt::Display for ContentType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for ContentType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Error types.
pub mod error {
    /// Error from a `TryFrom` or `FromStr` implementation.
    pub struct ConversionError(::std::borrow::Cow<'static, str>);

    impl ::std::error::Error for ConversionError {}

    impl ::std::fmt::Display for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Display::fmt(&self.0, f)
        }
    }

    impl ::std::fmt::Debug for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Debug::fmt(&self.0, f)
        }
    }

    impl From<&'static str> for ConversionError {
        fn from(value: &'static str) -> Self {
            Self(value.into())
        }
    }

    impl From<String> for ConversionError {
        fn from(value: String) -> Self {
            Self(value.into())
        }
    }
}
