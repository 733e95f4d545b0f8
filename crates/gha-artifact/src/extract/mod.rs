//! Unpacking archives into folders.

mod folder;
mod limits;
mod names;
mod plan;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::TryStreamExt as _;
use gha_core::Error;
use gha_core::blocking::{Turns, blocking};
use gha_download::Download;

use crate::directory;
use crate::place::Place;
use folder::Staging;
use plan::{Plan, Rules};
use write::Writer;

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

/// What becomes of symbolic links.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SymbolicLinks {
    /// They are made; where that is impossible, the extraction fails.
    #[default]
    Create,
    /// They are left out.
    Skip,
    /// Each becomes a file that holds where it leads, as Git does where there are no links.
    AsText,
}

type OnProgress = Box<dyn FnMut(ExtractProgress) + Send>;

/// How many files and links were extracted, and how many bytes they have.
type Totals = (usize, u64);

/// How much is handed to the thread that writes at once.
const BATCH: usize = 256 * 1024;

/// Unpacks archives into folders, or not at all.
///
/// An archive is unpacked into a folder beside the target, which gets its name when all is written
/// and every checksum verified. The target must be empty or not exist, unless it is to be
/// [replaced](Self::replace_existing); its parent must exist. Whatever goes wrong, and when the future
/// is dropped, nothing is left behind; writing stops with the next piece then. Files are not
/// synchronised to disk.
///
/// An archive gives all of its entries or an error. Refused, before anything is written, is one with
///
/// - more than the [`Limits`],
/// - names that are absolute or lead out of the folder with `..`, that hold control characters or
///   [backslashes](Self::backslashes), or that [Windows does not take](Self::portable_names),
/// - names that are [the same](Self::duplicate_names), or are where case does not count,
///   [folders listed twice](Self::repeated_folders), and files below files,
/// - entries that are encrypted or compressed in another way than deflate, devices and sockets.
///
/// While it is unpacked, it is refused where entries overlap, with their headers, where a header has
/// another name than the directory, and where links lead out of the folder.
///
/// [Symbolic links](Self::symbolic_links) are made when they lead to something in the folder, through
/// however many others. Files get the permissions of their entries, without set-user-id and the like,
/// without others' right to write, and as far as the process's mask goes.
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
    rules: Rules,
    replace: bool,
    on_progress: Option<OnProgress>,
}

impl Extractor {
    /// One with the default [`Limits`].
    pub fn new() -> Self {
        Self::default()
    }

    /// What an archive may at most unpack to.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.rules.limits = limits;
        self
    }

    /// Whether names are refused that [Windows does not take](https://learn.microsoft.com/windows/win32/fileio/naming-a-file):
    /// reserved characters, devices such as `aux.c`, a dot or a space at the end. True by default,
    /// and always so on Windows.
    pub fn portable_names(mut self, portable: bool) -> Self {
        self.rules.any_names = !portable;
        self
    }

    /// Whether backslashes in names are taken for `/`, as old packers of .NET wrote them. False by
    /// default: they are refused then.
    pub fn backslashes(mut self, allowed: bool) -> Self {
        self.rules.backslashes = allowed;
        self
    }

    /// Whether of several files with one name the last one is taken. False by default: they are refused
    /// then.
    pub fn duplicate_names(mut self, allowed: bool) -> Self {
        self.rules.duplicate_names = allowed;
        self
    }

    /// Whether a folder may be listed more than once. False by default.
    pub fn repeated_folders(mut self, allowed: bool) -> Self {
        self.rules.repeated_folders = allowed;
        self
    }

    /// What becomes of symbolic links; by default they are made.
    pub fn symbolic_links(mut self, links: SymbolicLinks) -> Self {
        self.rules.links = links;
        self
    }

    /// Lets the new folder replace one that exists, as a whole; by default only an empty one gives way.
    ///
    /// The old one is set aside when the new one is complete, put back if that cannot get the name, and
    /// removed at last, but for what is in folders of it that nobody may write to. For a moment there is
    /// neither; a process that is killed just then leaves the old one set aside, and the next extraction to
    /// the same place puts it back first.
    pub fn replace_existing(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// Calls back with each piece that is written, on a thread of its own.
    pub fn on_progress(mut self, callback: impl FnMut(ExtractProgress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(callback));
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
        let archive = archive.as_ref().to_owned();
        let (folder, replace) = (folder.as_ref().to_owned(), self.replace);
        staged(folder, replace, |staging| {
            self.unpack_file(archive, staging)
        })
        .await
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
    /// [`ArchiveRefused`](gha_core::ErrorKind::ArchiveRefused) and
    /// [`TooLarge`](gha_core::ErrorKind::TooLarge) for what is listed [above](Self),
    /// [`Decode`](gha_core::ErrorKind::Decode) if the archive is damaged,
    /// [`DigestMismatch`](gha_core::ErrorKind::DigestMismatch),
    /// [`Io`](gha_core::ErrorKind::Io) if the folder has something in it or cannot be written; those of the
    /// connection when several attempts in a row have brought nothing new.
    ///
    /// # Panics
    ///
    /// If a progress callback panics.
    pub async fn extract(
        self,
        download: Download,
        folder: impl AsRef<Path>,
    ) -> Result<Extracted, Error> {
        let attribution = download.attribution();
        let (folder, replace) = (folder.as_ref().to_owned(), self.replace);
        let extracted = staged(folder, replace, |staging| {
            self.unpack_download(download, staging)
        });
        extracted.await.map_err(attribution)
    }

    async fn unpack_download(
        self,
        mut download: Download,
        staging: Arc<Staging>,
    ) -> Result<Totals, Error> {
        if !download.is_zip().await? {
            let name = download.file_name().unwrap_or("artifact").to_owned();
            let saved = download.save(staging.folder.join(name)).await?;
            return Ok((1, saved.bytes));
        }
        let source = download.source().await?;
        if source.accepts_ranges() {
            let (archive, stream) = (Place::Store(source), download.into_stream());
            return self.unpack(&archive, stream, staging).await;
        }
        let path = staging.archive();
        download.save(&path).await?;
        self.unpack_file(path, staging).await
    }

    async fn unpack_file(self, path: PathBuf, staging: Arc<Staging>) -> Result<Totals, Error> {
        let archive = Place::open(path, None).await?;
        let stream = archive.read(0..archive.len())?;
        self.unpack(&archive, stream, staging).await
    }

    /// Unpacks an archive whose bytes come one after the other.
    async fn unpack(
        self,
        archive: &Place,
        stream: impl Stream<Item = Result<Bytes, Error>> + Unpin,
        staging: Arc<Staging>,
    ) -> Result<Totals, Error> {
        let entries = directory::read(archive, self.rules.limits.entries).await?;
        let writer = blocking(move || {
            let plan = Plan::new(entries, &self.rules)?;
            Ok(Writer::new(plan, staging, self.on_progress))
        });
        let mut turns = Turns::new(writer.await?);
        let received = pump(stream, &mut turns).await;
        let writer = turns.finish().await;
        received.and(writer).map(|writer| writer.totals())
    }
}

/// Has an archive written while its next bytes are received.
async fn pump(
    mut stream: impl Stream<Item = Result<Bytes, Error>> + Unpin,
    turns: &mut Turns<Writer>,
) -> Result<(), Error> {
    turns.start(Writer::make_folders).await?;
    let mut batch = BytesMut::new();
    while let Some(chunk) = stream.try_next().await? {
        match batch.is_empty() {
            // Which costs no copy where nobody else has it.
            true => batch = chunk.into(),
            false => batch.extend_from_slice(&chunk),
        }
        if batch.len() >= BATCH {
            let archive = batch.split().freeze();
            turns.start(move |writer| writer.write(archive)).await?;
        }
    }
    let finish = move |writer: &mut Writer| {
        writer.write(batch.freeze())?;
        writer.finish()
    };
    turns.start(finish).await
}

/// Makes a folder beside the target, and gives it the target's name when it is filled.
async fn staged<F: Future<Output = Result<Totals, Error>>>(
    target: PathBuf,
    replace: bool,
    fill: impl FnOnce(Arc<Staging>) -> F,
) -> Result<Extracted, Error> {
    let path = target.clone();
    let staging = Arc::new(blocking(move || Staging::new(&target, replace)).await?);
    let filled = async {
        let totals = fill(staging.clone()).await?;
        let staging = staging.clone();
        blocking(move || staging.publish()).await?;
        Ok(totals)
    };
    let filled = filled.await;
    // What is left is removed where that holds up nobody.
    let cleaned = blocking(move || {
        drop(staging);
        Ok(())
    });
    let _ = cleaned.await;
    let (entries, bytes) = filled?;
    Ok(Extracted {
        path,
        entries,
        bytes,
    })
}

/// Extracts an archive in a file, with the defaults of [`Extractor`].
///
/// # Errors
///
/// [`ArchiveRefused`](gha_core::ErrorKind::ArchiveRefused) and
/// [`TooLarge`](gha_core::ErrorKind::TooLarge) for what [`Extractor`] lists,
/// [`Decode`](gha_core::ErrorKind::Decode) if it is no zip archive or damaged,
/// [`Io`](gha_core::ErrorKind::Io) if it cannot be read, the folder has something in it, or cannot be
/// written.
pub async fn extract_file(
    archive: impl AsRef<Path>,
    folder: impl AsRef<Path>,
) -> Result<Extracted, Error> {
    Extractor::new().extract_file(archive, folder).await
}

impl fmt::Debug for Extractor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extractor")
            .field("rules", &self.rules)
            .field("replace", &self.replace)
            .finish_non_exhaustive()
    }
}

/// What this crate adds to a [`Download`].
pub trait DownloadExt: Sized {
    /// Extracts the artifact while it is downloaded: see [`Extractor::extract`].
    ///
    /// # Errors
    ///
    /// Those of [`Extractor::extract`].
    fn extract(
        self,
        folder: impl AsRef<Path> + Send,
    ) -> impl Future<Output = Result<Extracted, Error>> + Send;
}

impl DownloadExt for Download {
    fn extract(
        self,
        folder: impl AsRef<Path> + Send,
    ) -> impl Future<Output = Result<Extracted, Error>> + Send {
        let folder = folder.as_ref().to_owned();
        Extractor::new().extract(self, folder)
    }
}
