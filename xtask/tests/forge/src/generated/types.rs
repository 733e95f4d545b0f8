// Written by `cargo xtask codegen`. Do not edit.

//! What operations take and answer with.

use gha_core::UnknownValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What to start
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Dispatch {
    /// `dry`.
    #[serde(default = "defaults::default_bool::<true>")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub dry: bool,
    /// `labels`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub labels: Vec<String>,
    /// How to run
    pub mode: DispatchMode,
    /// `note`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// `ref_`.
    #[serde(rename = "ref")]
    pub ref_: String,
}

impl Dispatch {
    /// A `Dispatch` with what must be in it.
    pub fn new(mode: DispatchMode, ref_: impl Into<String>) -> Self {
        Self {
            mode,
            ref_: ref_.into(),
            dry: defaults::default_bool::<true>(),
            labels: Default::default(),
            note: Default::default(),
        }
    }

    /// `dry`.
    #[must_use]
    pub fn dry(mut self, dry: bool) -> Self {
        self.dry = dry;
        self
    }

    /// `labels`.
    #[must_use]
    pub fn labels(
        mut self,
        labels: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.labels = labels.into_iter().map(Into::into).collect();
        self
    }

    /// `note`.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// How to run
#[derive(
    Deserialize,
    Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
#[non_exhaustive]
pub enum DispatchMode {
    /// `fast`.
    #[serde(rename = "fast")]
    Fast,
    /// `thorough`.
    #[serde(rename = "thorough")]
    Thorough,
}

impl ::std::fmt::Display for DispatchMode {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Fast => f.write_str("fast"),
            Self::Thorough => f.write_str("thorough"),
        }
    }
}

impl ::std::str::FromStr for DispatchMode {
    type Err = self::error::ConversionError;

    fn from_str(
        value: &str,
    ) -> Result<Self, self::error::ConversionError> {
        match value {
            "fast" => Ok(Self::Fast),
            "thorough" => Ok(Self::Thorough),
            _ => Err("invalid value".into()),
        }
    }
}

impl TryFrom<&str> for DispatchMode {
    type Error = self::error::ConversionError;

    fn try_from(
        value: &str,
    ) -> Result<Self, self::error::ConversionError> {
        value.parse()
    }
}

impl TryFrom<String> for DispatchMode {
    type Error = self::error::ConversionError;

    fn try_from(
        value: String,
    ) -> Result<Self, self::error::ConversionError> {
        value.parse()
    }
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[serde(transparent)]
pub struct EmptyObject(
    pub ::serde_json::Map<String, ::serde_json::Value>,
);

impl ::std::ops::Deref for EmptyObject {
    type Target = ::serde_json::Map<String, ::serde_json::Value>;

    fn deref(&self) -> &::serde_json::Map<String, ::serde_json::Value> {
        &self.0
    }
}

impl From<EmptyObject>
for ::serde_json::Map<String, ::serde_json::Value> {
    fn from(value: EmptyObject) -> Self {
        value.0
    }
}

impl From<::serde_json::Map<String, ::serde_json::Value>>
for EmptyObject {
    fn from(
        value: ::serde_json::Map<String, ::serde_json::Value>,
    ) -> Self {
        Self(value)
    }
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NullableUser {
    /// `login`.
    pub login: String,
    /// `manager`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager: Option<::std::boxed::Box<NullableUser>>,
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Push {
    /// `branch`.
    pub branch: String,
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Release {
    /// `author`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<::std::boxed::Box<NullableUser>>,
    /// `description`.
    pub description: Option<String>,
    /// `example`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// `id`.
    pub id: i64,
    /// `size`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    /// `title`.
    pub title: String,
    /// `x_note`.
    #[serde(rename = "x-note", skip_serializing_if = "Option::is_none")]
    pub x_note: Option<String>,
}

/// How to run again
#[derive(Deserialize, Serialize, Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Rerun {
    /// `debug`.
    #[serde(default)]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub debug: bool,
    /// Which jobs to run
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<RerunMode>,
}

impl Rerun {
    /// A `Rerun` with what must be in it.
    pub fn new() -> Self {
        Self {
            debug: Default::default(),
            mode: Default::default(),
        }
    }

    /// `debug`.
    #[must_use]
    pub fn debug(mut self, debug: bool) -> Self {
        self.debug = debug;
        self
    }

    /// `mode`.
    #[must_use]
    pub fn mode(mut self, mode: RerunMode) -> Self {
        self.mode = Some(mode);
        self
    }
}

/// Which jobs to run
#[derive(
    Deserialize,
    Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
#[non_exhaustive]
pub enum RerunMode {
    /// `all`.
    #[serde(rename = "all")]
    All,
    /// `failed`.
    #[serde(rename = "failed")]
    Failed,
}

impl ::std::fmt::Display for RerunMode {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::All => f.write_str("all"),
            Self::Failed => f.write_str("failed"),
        }
    }
}

impl ::std::str::FromStr for RerunMode {
    type Err = self::error::ConversionError;

    fn from_str(
        value: &str,
    ) -> Result<Self, self::error::ConversionError> {
        match value {
            "all" => Ok(Self::All),
            "failed" => Ok(Self::Failed),
            _ => Err("invalid value".into()),
        }
    }
}

impl TryFrom<&str> for RerunMode {
    type Error = self::error::ConversionError;

    fn try_from(
        value: &str,
    ) -> Result<Self, self::error::ConversionError> {
        value.parse()
    }
}

impl TryFrom<String> for RerunMode {
    type Error = self::error::ConversionError;

    fn try_from(
        value: String,
    ) -> Result<Self, self::error::ConversionError> {
        value.parse()
    }
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Run {
    /// `actor`.
    pub actor: Option<::std::boxed::Box<NullableUser>>,
    /// `id`.
    pub id: i64,
    /// How far a run is
    pub status: Option<RunStatus>,
    /// What it says
    pub tree: Tree,
    /// What started a run
    pub trigger: Trigger,
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RunBase {
    /// `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// How far a run is
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<RunStatus>,
}

/// How far a run is
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RunStatus {
    /// `queued`.
    Queued,
    /// `done`.
    Done,
    /// A value that this version of the crate has no variant for.
    Unknown(UnknownValue),
}

impl RunStatus {
    /// The value as the server writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::Done => "done",
            Self::Unknown(value) => value.as_str(),
        }
    }
}

impl ::std::fmt::Display for RunStatus {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<&str> for RunStatus {
    fn from(value: &str) -> Self {
        match value {
            "queued" => Self::Queued,
            "done" => Self::Done,
            other => Self::Unknown(UnknownValue::new(other)),
        }
    }
}

impl From<String> for RunStatus {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl ::std::str::FromStr for RunStatus {
    type Err = ::std::convert::Infallible;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        Ok(value.into())
    }
}

impl Serialize for RunStatus {
    fn serialize<S: Serializer>(
        &self,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RunStatus {
    fn deserialize<D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Self, D::Error> {
        ::gha_core::generated::open_enum(deserializer)
    }
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Schedule {
    /// `cron`.
    pub cron: String,
}

/// How old
#[derive(
    Deserialize,
    Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
#[non_exhaustive]
pub enum SearchAge {
    /// `new`.
    #[serde(rename = "new")]
    New,
    /// `old`.
    #[serde(rename = "old")]
    Old,
}

impl ::std::fmt::Display for SearchAge {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::New => f.write_str("new"),
            Self::Old => f.write_str("old"),
        }
    }
}

impl ::std::str::FromStr for SearchAge {
    type Err = self::error::ConversionError;

    fn from_str(
        value: &str,
    ) -> Result<Self, self::error::ConversionError> {
        match value {
            "new" => Ok(Self::New),
            "old" => Ok(Self::Old),
            _ => Err("invalid value".into()),
        }
    }
}

impl TryFrom<&str> for SearchAge {
    type Error = self::error::ConversionError;

    fn try_from(
        value: &str,
    ) -> Result<Self, self::error::ConversionError> {
        value.parse()
    }
}

impl TryFrom<String> for SearchAge {
    type Error = self::error::ConversionError;

    fn try_from(
        value: String,
    ) -> Result<Self, self::error::ConversionError> {
        value.parse()
    }
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Tree {
    /// `children`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub children: Vec<Tree>,
    /// `labels`.
    #[serde(default, skip_serializing_if = ":: std :: collections :: HashMap::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub labels: ::std::collections::HashMap<
        String,
        String,
    >,
    /// `run`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<::std::boxed::Box<Run>>,
}

/// What started a run
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Trigger {
    /// `Push`.
    Push(Push),
    /// `Schedule`.
    Schedule(Schedule),
}

impl From<Push> for Trigger {
    fn from(value: Push) -> Self {
        Self::Push(value)
    }
}

impl From<Schedule> for Trigger {
    fn from(value: Schedule) -> Self {
        Self::Schedule(value)
    }
}

/// Its id or its file
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[serde(untagged)]
#[non_exhaustive]
pub enum WorkflowId {
    /// `Integer`.
    Integer(i64),
    /// `String`.
    String(String),
}

impl From<&str> for WorkflowId {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for WorkflowId {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl ::std::fmt::Display for WorkflowId {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match self {
            Self::Integer(x) => x.fmt(f),
            Self::String(x) => x.fmt(f),
        }
    }
}

impl From<i64> for WorkflowId {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

/// Generation of default values for serde.
pub mod defaults {
    pub(super) fn default_bool<const V: bool>() -> bool {
        V
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
