use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde_json::Value;

use super::{Patch, When};
use crate::content::Content;

/// An artifact to seed a fake with.
///
/// Unless told otherwise it has the next free id, a true digest, and is some minutes old; the later
/// it was added, the newer it is.
#[derive(Clone, Debug)]
pub struct Artifact {
    pub(crate) id: Option<i64>,
    pub(crate) name: String,
    pub(crate) content: Content,
    pub(crate) content_type: String,
    pub(crate) file_name: String,
    pub(crate) blob_name: Option<String>,
    pub(crate) disposition: Option<String>,
    pub(crate) digest: DigestField,
    pub(crate) created: Option<When>,
    pub(crate) lifetime: Duration,
    pub(crate) expired: bool,
    pub(crate) run: Option<i64>,
    pub(crate) patch: Patch,
}

#[derive(Clone, Debug)]
pub(crate) enum DigestField {
    True,
    Absent,
    Given(String),
}

/// How long GitHub keeps artifacts by default.
const RETENTION: Duration = Duration::from_secs(90 * 24 * 60 * 60);

impl Artifact {
    /// An artifact in the usual form, a zip archive; `content` is served as it is.
    pub fn new(name: impl Into<String>, content: Content) -> Self {
        let name = name.into();
        Self {
            id: None,
            file_name: format!("{name}.zip"),
            blob_name: None,
            name,
            content,
            content_type: "application/zip".into(),
            disposition: None,
            digest: DigestField::True,
            created: None,
            lifetime: RETENTION,
            expired: false,
            run: None,
            patch: Vec::new(),
        }
    }

    /// A zip archive of these members.
    ///
    /// # Panics
    ///
    /// When two members have one name.
    pub fn zip(name: impl Into<String>, members: &[(&str, &[u8])]) -> Self {
        Self::new(name, Content::zip(members))
    }

    /// A single file that was uploaded as it is, without an archive around it; the artifact bears
    /// the file's name.
    pub fn file(
        name: impl Into<String>,
        content_type: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Self {
        let mut artifact = Self::new(name, Content::bytes(bytes)).content_type(content_type);
        artifact.file_name.clone_from(&artifact.name);
        artifact
    }

    /// A single file of `size` bytes of noise, which are made up while they are served.
    ///
    /// Its digest takes a pass over all bytes when its JSON is first asked for: see
    /// [`without_digest`](Self::without_digest).
    pub fn noise(name: impl Into<String>, size: u64) -> Self {
        let mut artifact =
            Self::new(name, Content::noise(size, 0)).content_type("application/octet-stream");
        artifact.file_name.clone_from(&artifact.name);
        artifact
    }

    /// The artifact's id.
    pub fn id(mut self, id: i64) -> Self {
        self.id = Some(id);
        self
    }

    /// The artifact's name; the download's file name stays as it was.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The run that made the artifact. Without one, `workflow_run` is null.
    pub fn run(mut self, run_id: i64) -> Self {
        self.run = Some(run_id);
        self
    }

    /// The `Content-Type` of the download; an empty one leaves the header out.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self
    }

    /// The file name that the download's `Content-Disposition` gives.
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// The last segment of the signed URL's path, such as `dist.zip`; without one it is the id.
    pub fn blob_name(mut self, name: impl Into<String>) -> Self {
        self.blob_name = Some(name.into());
        self
    }

    /// The download's `Content-Disposition`, word for word; an empty one leaves the header out.
    pub fn content_disposition(mut self, value: impl Into<String>) -> Self {
        self.disposition = Some(value.into());
        self
    }

    /// No `digest` in the artifact's JSON, as of old artifacts and on Enterprise Server.
    pub fn without_digest(mut self) -> Self {
        self.digest = DigestField::Absent;
        self
    }

    /// This `digest`, true or not.
    pub fn digest(mut self, digest: impl Into<String>) -> Self {
        self.digest = DigestField::Given(digest.into());
        self
    }

    /// When the artifact was made.
    pub fn created_at(mut self, at: SystemTime) -> Self {
        self.created = Some(When::At(at));
        self
    }

    /// How long before it is added, by the fake's clock, the artifact was made.
    pub fn age(mut self, age: Duration) -> Self {
        self.created = Some(When::Ago(age));
        self
    }

    /// How long the artifact is kept, by the fake's clock: 90 days by default.
    pub fn expires_after(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// An artifact that is expired, whatever the clock says.
    pub fn expired(mut self) -> Self {
        self.expired = true;
        self
    }

    /// A member of the artifact's JSON, such as a field that does not exist yet.
    pub fn json(mut self, member: impl Into<String>, value: impl Into<Value>) -> Self {
        self.patch.push((member.into(), Some(value.into())));
        self
    }

    /// A member that the artifact's JSON does not have.
    pub fn omit(mut self, member: impl Into<String>) -> Self {
        self.patch.push((member.into(), None));
        self
    }
}
