use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::{Patch, When};
use crate::clock::FOREVER;
use crate::content::Content;

/// An artifact to seed a fake with.
///
/// Unless told otherwise it has the next free id, a true digest, and was made just before it is
/// added: of those of one repository, each a second after the one before.
#[derive(Clone, Debug)]
pub struct Artifact {
    pub(crate) id: Option<i64>,
    pub(crate) name: String,
    pub(crate) content: Content,
    pub(crate) content_type: String,
    pub(crate) file_name: String,
    pub(crate) blob_name: Option<String>,
    pub(crate) disposition: Option<String>,
    pub(crate) created: Option<When>,
    pub(crate) lifetime: Duration,
    pub(crate) expired: bool,
    pub(crate) run: Option<i64>,
    pub(crate) patch: Patch,
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
        let name = name.into();
        Self::new(&name, Content::bytes(bytes))
            .content_type(content_type)
            .file_name(name)
    }

    /// A single file of `size` bytes of noise, which are made up while they are served.
    ///
    /// Its digest takes a pass over all bytes when its JSON is first asked for: see
    /// [`without_digest`](Self::without_digest).
    pub fn noise(name: impl Into<String>, size: u64) -> Self {
        let name = name.into();
        Self::new(&name, Content::noise(size, 0))
            .content_type("application/octet-stream")
            .file_name(name)
    }

    setters! {
        /// The artifact's id.
        id(id: i64) id = Some(id);

        /// The artifact's name; the download's file name stays as it was.
        name(name: impl Into<String>) name = name.into();

        /// The run that made the artifact. Without one, `workflow_run` is null.
        run(run_id: i64) run = Some(run_id);

        /// The `Content-Type` of the download; an empty one leaves the header out.
        content_type(content_type: impl Into<String>) content_type = content_type.into();

        /// The file name that the download's `Content-Disposition` gives.
        file_name(file_name: impl Into<String>) file_name = file_name.into();

        /// The last segment of the signed URL's path, such as `dist.zip`; without one it is the id.
        blob_name(name: impl Into<String>) blob_name = Some(name.into());

        /// The download's `Content-Disposition`, word for word; an empty one leaves the header out.
        content_disposition(value: impl Into<String>) disposition = Some(value.into());

        /// When the artifact was made.
        created_at(at: SystemTime) created = Some(When::At(at));

        /// How long before it is added, by the fake's clock, the artifact was made.
        age(age: Duration) created = Some(When::Ago(age));

        /// How long the artifact is kept, by the fake's clock: 90 days by default.
        expires_after(lifetime: Duration) lifetime = lifetime.min(FOREVER);

        /// An artifact that is expired, whatever the clock says.
        expired() expired = true;
    }

    json_setters!();

    /// No `digest` in the artifact's JSON, as of old artifacts and on Enterprise Server.
    pub fn without_digest(self) -> Self {
        self.omit("digest")
    }

    /// This `digest`, true or not.
    pub fn digest(self, digest: impl Into<String>) -> Self {
        self.json("digest", digest.into())
    }
}
