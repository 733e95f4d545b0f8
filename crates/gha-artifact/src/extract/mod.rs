//! Unpacking archives into folders.

mod limits;
mod names;
mod plan;
mod staging;
mod unpack;

use std::fmt;
use std::fs::File;
use std::io::{Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use gha_core::Error;
use gha_download::Download;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::directory::Directory;
use crate::error::failed;
use crate::forward::{QUEUE, Received, send};
use crate::local;
use crate::remote;
use crate::task::blocking;
use plan::Plan;
use staging::Staging;

pub use limits::Limits;
pub use names::folder_name;

/// How far an extraction has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtractProgress {
    /// How many bytes of files have been written.
    pub bytes: u64,
    /// How many bytes all files have.
    pub total_bytes: u64,
    /// How many files and links are complete.
    pub entries: usize,
    /// How many files and links there are.
    pub total_entries: usize,
}

/// What was extracted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extracted {
    /// The folder, as asked for.
    pub path: PathBuf,
    /// How many files and links are in it.
    pub entries: usize,
    /// How many bytes they have.
    pub bytes: u64,
}

type Callback = Box<dyn FnMut(ExtractProgress) + Send>;

/// Unpacks archives into folders, or not at all.
///
/// An archive is unpacked into a folder beside the target, which gets its name when all is written
/// and every checksum verified. The target must be empty or not exist, its parent must exist.
/// Whatever goes wrong, and when the future is dropped, nothing is left behind; writing stops with
/// the next piece then. Files are not synchronised to disk.
///
/// Refused, before anything is written, is an archive with
///
/// - more than the [`Limits`],
/// - names that are absolute or lead out of the folder with `..`, that hold control characters or
///   backslashes, or that [Windows does not take](Self::portable_names),
/// - names that are the same, or are where case does not count, and files below files,
/// - entries that overlap, that are encrypted or compressed in another way than deflate, devices,
///   pipes and sockets.
///
/// Symbolic links are made when they lead to something in the folder, through however many others,
/// and on Unix only; else the archive is refused. Files get the permissions of their entries, without
/// set-user-id and the like, without others' right to write, and as far as the process's mask goes.
///
/// ```
/// use gha_artifact::{Extractor, Limits};
/// # use gha_client::prelude::*;
/// # use gha_fake::{Artifact, Fake, Repo};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let artifact = Artifact::zip("dist", &[("bin/tool", b"elf")]).id(11);
/// # let repo = Repo::new("octo-org", "octo-docs").artifact(artifact);
/// # let fake = Fake::builder().token("t").repo(repo).start().await?;
/// # let host = gha_client::Host::url(fake.api_url())?;
/// # let client = gha_client::builder().host(host).token("t").build()?;
/// # let archive = client.repo("octo-org", "octo-docs").download_artifact(11);
/// # let elsewhere = tempfile::tempdir()?;
/// # let folder = elsewhere.path().join("dist");
/// let download = archive.download().await?;
/// let extracted = Extractor::new()
///     .limits(Limits::default().max_entries(1000).max_size(1 << 30))
///     .on_progress(|progress| println!("{} of {}", progress.bytes, progress.total_bytes))
///     .extract(download, &folder)
///     .await?;
/// assert_eq!((extracted.entries, extracted.bytes), (1, 3));
/// assert_eq!(std::fs::read(folder.join("bin/tool"))?, b"elf");
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use = "nothing is extracted yet"]
pub struct Extractor {
    limits: Limits,
    any_names: bool,
    callback: Option<Callback>,
}

impl Extractor {
    /// One with the default [`Limits`].
    pub fn new() -> Self {
        Self::default()
    }

    /// What an archive may at most unpack to.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether names are refused that [Windows does not take](https://learn.microsoft.com/windows/win32/fileio/naming-a-file):
    /// reserved characters, devices such as `aux.c`, a dot or a space at the end. True by default,
    /// and always so on Windows.
    pub fn portable_names(mut self, portable: bool) -> Self {
        self.any_names = !portable;
        self
    }

    /// Calls back with each piece that is written, on a thread of its own.
    pub fn on_progress(mut self, callback: impl FnMut(ExtractProgress) + Send + 'static) -> Self {
        self.callback = Some(Box::new(callback));
        self
    }

    /// Extracts an archive in a file.
    ///
    /// # Errors
    ///
    /// [`ArchiveRefused`](gha_core::ErrorKind::ArchiveRefused) and
    /// [`TooLarge`](gha_core::ErrorKind::TooLarge) for what is listed [above](Self),
    /// [`Decode`](gha_core::ErrorKind::Decode) if it is no zip archive or damaged,
    /// [`Io`](gha_core::ErrorKind::Io) if it cannot be read, the folder has something in it, or
    /// cannot be written.
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub async fn extract_file(
        self,
        archive: impl AsRef<Path>,
        folder: impl AsRef<Path>,
    ) -> Result<Extracted, Error> {
        let (archive, folder) = (archive.as_ref().to_owned(), folder.as_ref().to_owned());
        let alive = Arc::new(());
        let watch = Arc::downgrade(&alive);
        let work = blocking(move || {
            let cannot = |error| failed("cannot read", &archive, error);
            let mut file = File::open(&archive).map_err(cannot)?;
            let directory = local::directory(&mut file, &archive)?;
            file.rewind().map_err(cannot)?;
            self.run(&directory, file, folder, &watch)
        });
        work.await
    }

    /// Extracts an artifact while it is downloaded.
    ///
    /// The archive's directory is read first, by ranges; where the blob store does not serve them,
    /// the archive is downloaded to a temporary file beside the folder. The folder gets its name
    /// only when all is received and verified, against the
    /// [expected digest](Download::expect_digest) too.
    ///
    /// What is [no zip archive](Download::is_zip) is saved in the folder under
    /// [its own name](Download::file_name), or as `artifact` if it has none. It has no limits, and
    /// the progress is the download's own.
    ///
    /// # Errors
    ///
    /// As [`extract_file`](Self::extract_file), and those of a [download](Download::save).
    ///
    /// # Panics
    ///
    /// If a progress callback panics.
    pub async fn extract(
        self,
        download: Download,
        folder: impl AsRef<Path>,
    ) -> Result<Extracted, Error> {
        let folder = folder.as_ref().to_owned();
        if !download.is_zip() {
            return save_file(download, folder).await;
        }
        let source = download.source().await?;
        if !source.accepts_ranges() {
            return self.extract_saved(download, folder).await;
        }
        let directory = remote::directory(&source).await?;
        let alive = Arc::new(());
        let watch = Arc::downgrade(&alive);
        let (chunks, received) = mpsc::channel(QUEUE);
        let mut downloading = JoinSet::new();
        downloading.spawn(send(download.into_stream(), chunks));
        let archive = Received::new(received);
        blocking(move || self.run(&directory, archive, folder, &watch)).await
    }

    async fn extract_saved(self, download: Download, folder: PathBuf) -> Result<Extracted, Error> {
        let beside = staging::parent(&folder);
        let archive = tempfile::Builder::new()
            .prefix(".gha-")
            .suffix(".zip")
            .tempfile_in(beside)
            .map_err(|error| failed("cannot write to", beside, error))?
            .into_temp_path();
        download.replace_existing(true).save(&archive).await?;
        self.extract_file(&archive, folder).await
    }

    fn run(
        self,
        directory: &Directory,
        archive: impl Read,
        folder: PathBuf,
        alive: &Weak<()>,
    ) -> Result<Extracted, Error> {
        let plan = Plan::new(directory, &self.limits, !self.any_names)?;
        let staging = Staging::new(&folder)?;
        unpack::unpack(
            directory,
            &plan,
            archive,
            staging.path(),
            self.callback,
            alive,
        )?;
        unpack::still_wanted(alive)?;
        staging.publish()?;
        Ok(Extracted {
            path: folder,
            entries: plan.items.len(),
            bytes: plan.bytes,
        })
    }
}

/// Extracts an archive in a file, with the defaults of [`Extractor`].
///
/// # Errors
///
/// As [`Extractor::extract_file`].
pub async fn extract_file(
    archive: impl AsRef<Path>,
    folder: impl AsRef<Path>,
) -> Result<Extracted, Error> {
    Extractor::new().extract_file(archive, folder).await
}

async fn save_file(download: Download, folder: PathBuf) -> Result<Extracted, Error> {
    let name = download.file_name().unwrap_or("artifact").to_owned();
    let target = folder.clone();
    let staging = blocking(move || Staging::new(&target)).await?;
    let saved = download.save(staging.path().join(name)).await?;
    blocking(move || staging.publish()).await?;
    Ok(Extracted {
        path: folder,
        entries: 1,
        bytes: saved.bytes,
    })
}

impl fmt::Debug for Extractor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extractor")
            .field("limits", &self.limits)
            .field("any_names", &self.any_names)
            .finish_non_exhaustive()
    }
}
