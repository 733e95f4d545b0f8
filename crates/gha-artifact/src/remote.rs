//! Archives that stay where they are.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{TryStreamExt as _, try_unfold};
use gha_core::{Error, ErrorKind, Redirected};
use gha_download::{ByteStream, Reader, RedirectedExt as _, Source};

use crate::place::{Packed, Place};
use crate::unpack::{PIECE, Step, Unpacker};
use crate::{Entry, EntryKind, directory};

/// More entries than any artifact has; each costs memory.
const MOST_ENTRIES: usize = 500_000;

/// A zip archive of which only what is asked for is downloaded.
///
/// The central directory is read by ranges: usually three requests to the blob store and 128 KiB lead to
/// the first bytes of any member, however large the archive is. Expired links are renewed, and
/// requests that fail are repeated, as [`Source`] does. Cheap to clone.
///
/// ```no_run
/// use gha_artifact::RemoteArchive;
///
/// # async fn example(client: gha_client::Client) -> Result<(), gha_client::Error> {
/// let archive = RemoteArchive::open(
///     client.repo("octo-org", "octo-docs").download_artifact(11),
/// ).await?;
/// for entry in archive.entries() {
///     println!("{:>10} {}", entry.size, entry.name);
/// }
/// let coverage = archive.member("coverage/summary.json")?.bytes(1024 * 1024).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RemoteArchive(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    entries: Vec<Entry>,
    place: Place,
}

impl RemoteArchive {
    /// Reads the directory of what a redirect operation leads to.
    ///
    /// # Errors
    ///
    /// Those of [`Source::open`]. [`ErrorKind::InvalidRequest`] if the blob store does not serve
    /// ranges: use [`open_or_download`](Self::open_or_download) then. [`ErrorKind::Decode`] if the
    /// content is no zip archive, or a damaged one; [`ErrorKind::TooLarge`] if its directory has
    /// more than 64 MiB or 500,000 entries.
    pub async fn open(builder: impl Redirected) -> Result<Self, Error> {
        Self::from_source(Source::open(builder).await?).await
    }

    /// The same, and if the blob store does not serve ranges, downloads the archive to a temporary
    /// file, which is deleted with the last clone of the archive and of its members.
    ///
    /// # Errors
    ///
    /// Those of the operation, the blob store and the connection; [`ErrorKind::Io`] if the temporary file
    /// cannot be written; [`ErrorKind::Decode`] if the
    /// content is no zip archive, or a damaged one; [`ErrorKind::TooLarge`] if its directory has more than
    /// 64 MiB or 500,000 entries.
    pub async fn open_or_download(builder: impl Redirected) -> Result<Self, Error> {
        let source = Source::open(builder.clone()).await?;
        if source.accepts_ranges() {
            return Self::from_source(source).await;
        }
        let folder = tempfile::tempdir().map_err(|error| {
            Error::new(
                ErrorKind::Io,
                format!("cannot make a temporary folder: {error}; `TMPDIR` says where it is made"),
            )
        })?;
        let path = folder.path().join("archive.zip");
        builder.download().await?.save(&path).await?;
        Self::read(Place::open(path, Some(folder)).await?).await
    }

    /// Reads the directory of a content that is open already.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the blob store does not serve ranges; those of the blob store and
    /// the connection; [`ErrorKind::Decode`] if the
    /// content is no zip archive, or a damaged one; [`ErrorKind::TooLarge`] if its directory has more than
    /// 64 MiB or 500,000 entries.
    pub async fn from_source(source: Source) -> Result<Self, Error> {
        Self::read(Place::Store(source)).await
    }

    async fn read(place: Place) -> Result<Self, Error> {
        let entries = directory::read(&place, MOST_ENTRIES).await;
        let entries = entries.map_err(|error| place.attribute(error))?;
        Ok(Self(Arc::new(Inner { entries, place })))
    }

    /// All entries, in the directory's order.
    pub fn entries(&self) -> &[Entry] {
        &self.0.entries
    }

    /// The entry of this name, the last one if there are several.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().rfind(|entry| entry.name == name)
    }

    /// Whether members are read by ranges, rather than from a temporary file.
    pub fn is_remote(&self) -> bool {
        matches!(self.0.place, Place::Store(_))
    }

    /// Reads one member, the last one of this name, beginning when it is first polled. Of a link it
    /// gives the target.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] if there is no such entry, [`ErrorKind::InvalidRequest`] if it is a
    /// directory, [`ErrorKind::ArchiveRefused`] if it is encrypted, or neither stored nor deflated.
    pub fn member(&self, name: &str) -> Result<Member, Error> {
        let Some(entry) = self.entry(name) else {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("the archive has no entry {name:?}; `entries` lists those that it has"),
            ));
        };
        if entry.kind == EntryKind::Directory {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                format!("entry {name:?} is a directory; ask for a file in it"),
            ));
        }
        let (unpacker, place) = (Unpacker::new(entry.clone())?, self.0.place.clone());
        let packed = place.read(entry.room.clone())?;
        let unpacked = try_unfold((unpacker, packed, Bytes::new()), unpack);
        Ok(Member {
            entry: entry.clone(),
            unpacked: ByteStream::from_verified(
                unpacked.map_err(move |error| place.attribute(error)),
            ),
        })
    }
}

type Unpacking = (Unpacker, Packed, Bytes);

/// The next piece of a member, and what comes after it.
async fn unpack(
    (mut unpacker, mut packed, mut input): Unpacking,
) -> Result<Option<(Bytes, Unpacking)>, Error> {
    let size = usize::try_from(unpacker.entry().size).unwrap_or(PIECE);
    let mut output = vec![0; size.clamp(1, PIECE)];
    loop {
        match unpacker.step(&mut input, &mut output)? {
            Step::Unpacked(len) => {
                output.truncate(len);
                return Ok(Some((output.into(), (unpacker, packed, input))));
            }
            Step::Complete => return Ok(None),
            Step::Hungry => {}
        }
        let more = packed.try_next().await?;
        input = more.ok_or_else(|| unpacker.entry().damaged("it is cut off"))?;
    }
}

/// One member of a [`RemoteArchive`], to be unpacked into memory, as a stream or as a reader.
///
/// Its last bytes come only when all have the size and the checksum that the archive promises. What is
/// not read any more is not downloaded either, and when it is dropped, its connection is closed.
///
/// ```
/// use gha_artifact::RemoteArchive;
/// # use gha_fake::{Artifact, Fake, Repo};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let artifact = Artifact::zip("logs", &[("test.log", b"ok 1\nok 2\n")]).id(11);
/// # let repo = Repo::new("octo-org", "octo-docs").artifact(artifact);
/// # let fake = Fake::builder().token("t").repo(repo).start().await?;
/// # let host = gha_client::Host::url(fake.api_url())?;
/// # let client = gha_client::builder().host(host).token("t").build()?;
/// # let archive = client.repo("octo-org", "octo-docs").download_artifact(11);
/// let log = RemoteArchive::open(archive).await?.member("test.log")?;
/// assert_eq!(log.entry().size, 10);
/// let mut text = Vec::new();
/// tokio::io::copy(&mut log.into_async_read(), &mut text).await?;
/// assert_eq!(text, b"ok 1\nok 2\n");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a member does nothing unless it is read"]
pub struct Member {
    entry: Entry,
    unpacked: ByteStream,
}

impl Member {
    /// What the archive says of it.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Reads it into memory, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] before anything is requested; [`ErrorKind::Decode`] if it is not as
    /// the archive promises; those of the connection, as of
    /// [`Source::read`](gha_download::Source::read).
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes, Error> {
        let (name, size) = (&self.entry.name, self.entry.size);
        if size > limit as u64 {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!(
                    "entry {name:?} has {size} bytes, more than the limit of {limit}; raise that, or read it as a stream"
                ),
            ));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = self.unpacked.try_next().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.into())
    }

    /// Reads it piece by piece.
    pub fn into_stream(self) -> ByteStream {
        self.unpacked
    }

    /// Reads it as `AsyncRead` and `AsyncBufRead`.
    pub fn into_async_read(self) -> Reader {
        self.unpacked.into()
    }
}
