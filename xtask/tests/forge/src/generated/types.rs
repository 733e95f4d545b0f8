// Written by `cargo xtask codegen`. Do not edit.

//! What operations take and answer with.

use gha_core::UnknownValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What to start
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Dispatch {
    /// `dry`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry: Option<bool>,
    /// `labels`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// How to run
    pub mode: DispatchMode,
    /// `note`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::present")]
    pub note: Option<Option<String>>,
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
            dry: None,
            labels: None,
            note: None,
        }
    }

    /// `dry`.
    #[must_use]
    pub fn dry(mut self, dry: bool) -> Self {
        self.dry = Some(dry);
        self
    }

    /// `labels`.
    #[must_use]
    pub fn labels(
        mut self,
        labels: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.labels = Some(labels.into_iter().map(Into::into).collect());
        self
    }

    /// `note`.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(Some(note.into()));
        self
    }

    /// Sends `null` as `note`.
    #[must_use]
    pub fn clear_note(mut self) -> Self {
        self.note = Some(None);
        self
    }
}

/// How to run
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[derive(Deserialize)]
#[non_exhaustive]
pub enum DispatchMode {
    /// `fast`.
    #[serde(rename = "fast")]
    Fast,
    /// `thorough`.
    #[serde(rename = "thorough")]
    Thorough,
}

impl DispatchMode {
    /// The value as it is sent.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Thorough => "thorough",
        }
    }
}

impl ::std::str::FromStr for DispatchMode {
    type Err = self::error::ConversionError;

    fn from_str(value: &str) -> Result<Self, self::error::ConversionError> {
        match value {
            "fast" => Ok(Self::Fast),
            "thorough" => Ok(Self::Thorough),
            _ => Err("unknown value, expected one of `fast`, `thorough`".into()),
        }
    }
}

impl ::std::fmt::Display for DispatchMode {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for DispatchMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What happened
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EventPage {
    /// `events`.
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub events: Vec<Release>,
    /// `total_count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<i64>,
}

/// What [`latest_release`](super::operations::LatestRelease) answers with, by status.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Latest {
    /// 200 OK.
    Ok(Release),
    /// 202 Accepted, as text.
    Accepted(String),
    /// 205 Reset Content, without a body.
    ResetContent,
    /// 303 See Other, without a body.
    SeeOther,
    /// 2XX.
    Status2XX(Vec<Release>),
}

impl ::gha_core::generated::ByStatus for Latest {
    fn decode(
        received: &::gha_core::generated::Received,
    ) -> Result<Option<Self>, ::gha_core::Error> {
        let answer = match received.status() {
            200 => Self::Ok(received.json()?),
            202 => Self::Accepted(received.text()?),
            205 => Self::ResetContent,
            303 => Self::SeeOther,
            200..=299 => Self::Status2XX(received.json()?),
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }
}

/// What to render
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Markdown {
    /// `text`.
    pub text: String,
}

impl Markdown {
    /// A `Markdown` with what must be in it.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
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
    pub manager: Option<Box<NullableUser>>,
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Push {
    /// `branch`.
    pub branch: String,
}

/// What [`put_secret`](super::operations::PutSecret) answers with, by status.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PutSecretAnswer {
    /// 201 Created.
    Created(::serde_json::Map<String, ::serde_json::Value>),
    /// 204 No Content, without a body.
    NoContent,
}

impl ::gha_core::generated::ByStatus for PutSecretAnswer {
    fn decode(
        received: &::gha_core::generated::Received,
    ) -> Result<Option<Self>, ::gha_core::Error> {
        let answer = match received.status() {
            201 => Self::Created(received.json()?),
            204 => Self::NoContent,
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Release {
    /// `author`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Box<NullableUser>>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debug: Option<bool>,
    /// Which jobs to run
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<RerunMode>,
}

impl Rerun {
    /// A `Rerun` with what must be in it.
    pub fn new() -> Self {
        Self { debug: None, mode: None }
    }

    /// `debug`.
    #[must_use]
    pub fn debug(mut self, debug: bool) -> Self {
        self.debug = Some(debug);
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[derive(Deserialize)]
#[non_exhaustive]
pub enum RerunMode {
    /// `all`.
    #[serde(rename = "all")]
    All,
    /// `failed`.
    #[serde(rename = "failed")]
    Failed,
}

impl RerunMode {
    /// The value as it is sent.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Failed => "failed",
        }
    }
}

impl ::std::str::FromStr for RerunMode {
    type Err = self::error::ConversionError;

    fn from_str(value: &str) -> Result<Self, self::error::ConversionError> {
        match value {
            "all" => Ok(Self::All),
            "failed" => Ok(Self::Failed),
            _ => Err("unknown value, expected one of `all`, `failed`".into()),
        }
    }
}

impl ::std::fmt::Display for RerunMode {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for RerunMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Run {
    /// `actor`.
    pub actor: Option<Box<NullableUser>>,
    /// `id`.
    pub id: i64,
    /// How far a run is
    pub status: Option<RunStatus>,
    /// What it says
    pub tree: Tree,
    /// What started a run
    pub trigger: Trigger,
}

/// How far a run is
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
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

    fn from_str(value: &str) -> Result<Self, ::std::convert::Infallible> {
        Ok(value.into())
    }
}

impl<'de> Deserialize<'de> for RunStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ::gha_core::generated::open_enum(deserializer)
    }
}

impl ::std::fmt::Display for RunStatus {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for RunStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[derive(Deserialize)]
#[non_exhaustive]
pub enum SearchAge {
    /// `new`.
    #[serde(rename = "new")]
    New,
    /// `old`.
    #[serde(rename = "old")]
    Old,
}

impl SearchAge {
    /// The value as it is sent.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Old => "old",
        }
    }
}

impl ::std::str::FromStr for SearchAge {
    type Err = self::error::ConversionError;

    fn from_str(value: &str) -> Result<Self, self::error::ConversionError> {
        match value {
            "new" => Ok(Self::New),
            "old" => Ok(Self::Old),
            _ => Err("unknown value, expected one of `new`, `old`".into()),
        }
    }
}

impl ::std::fmt::Display for SearchAge {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for SearchAge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What [`set_logo`](super::operations::SetLogo) answers with, by status.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SetLogoAnswer {
    /// 200 OK, as text.
    Ok(String),
    /// 204 No Content, without a body.
    NoContent,
}

impl ::gha_core::generated::ByStatus for SetLogoAnswer {
    fn decode(
        received: &::gha_core::generated::Received,
    ) -> Result<Option<Self>, ::gha_core::Error> {
        let answer = match received.status() {
            200 => Self::Ok(received.text()?),
            204 => Self::NoContent,
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }
}

/// What it says
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tree {
    /// `children`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub children: Vec<Tree>,
    /// `labels`.
    #[serde(default, skip_serializing_if = ":: std :: collections :: HashMap::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub labels: ::std::collections::HashMap<String, String>,
    /// `run`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<Box<Run>>,
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

impl From<i64> for WorkflowId {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<String> for WorkflowId {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<&str> for WorkflowId {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
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
