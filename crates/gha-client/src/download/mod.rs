//! Downloads of what redirects lead to: artifacts and logs.
//!
//! An operation that answers with a redirect gives a [`SignedUrl`](crate::SignedUrl) when it is
//! sent, for another program to download. With [`RedirectedExt`], which the
//! [prelude](crate::prelude) brings, it has `download()` as well:
//!
//! ```no_run
//! use gha_client::prelude::*;
//!
//! # async fn example(client: gha_client::Client) -> Result<(), gha_client::Error> {
//! let artifact = client.get_artifact().owner("octo-org").repo("octo-docs");
//! let artifact = artifact.artifact_id(11).send().await?;
//!
//! let archive = client.download_artifact().owner("octo-org").repo("octo-docs");
//! let saved = archive
//!     .artifact_id(artifact.id)
//!     .archive_format("zip")
//!     .download()
//!     .await?
//!     .expect_digest(artifact.digest.as_deref())?
//!     .on_progress(|progress| println!("{} of {:?}", progress.received, progress.total))
//!     .save("dist.zip")
//!     .await?;
//! println!("{}: {} bytes", saved.path.display(), saved.bytes);
//! # Ok(())
//! # }
//! ```
//!
//! | to get | use | when it has to start over |
//! |---|---|---|
//! | a file | [`save`](Download::save) | does |
//! | bytes or text in memory | [`bytes`](Download::bytes), [`text`](Download::text) | does |
//! | a log line by line | [`lines`](Download::lines) | fails |
//! | a copy in any writer | [`copy_to`](Download::copy_to) | fails |
//! | pieces as they come | [`try_next`](Download::try_next), or [`Stream`] | fails |
//! | a reader | [`into_async_read`](Download::into_async_read) | fails |
//! | parts | [`Source`] | fails |
//!
//! # What is guaranteed
//!
//! - **Whole.** A body that ends early, breaks or falls silent for the client's
//!   [idle timeout](crate::ClientBuilder::idle_timeout) is resumed by itself: a fresh link, `Range`
//!   and `If-Range` ([RFC 9110, section 14](https://www.rfc-editor.org/rfc/rfc9110#section-14)). The
//!   rest is taken only if it starts at the byte that is missing and bears the same length and the
//!   same strong `ETag`; otherwise the download starts over, or fails where that is impossible.
//! - **Verified.** The length where the store says it, the digest when one is
//!   [expected](Download::expect_digest).
//! - **All or nothing.** A saved file appears under its name when it is whole, verified and on disk.
//! - **Bounded.** Attempts in a row that bring no new byte follow a
//!   [`RetryPolicy`], of eight attempts by default; there is no limit on the
//!   whole. Memory does not grow with the size.
//! - **Secret.** The blob store gets the `User-Agent`, and neither the token nor anything else of the
//!   API's request, on whatever host it is, and redirects of its own must stay as safe as the first. No error shows
//!   the signature of a link.

mod blob;
mod content;
mod digest;
pub(crate) mod explain;
mod file_name;
mod head;
mod parts;
mod progress;
mod reader;
mod resume;
mod retries;
mod save;
mod source;
mod stream;
mod target;
mod text;
mod worker;
mod writer;

use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::TryStreamExt;
use gha_api::{Error, ErrorKind, Redirected};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use blob::Blob;
use content::Content;
use digest::Expected;
use head::Head;
use resume::{Event, Resuming};

use crate::RetryPolicy;

pub use parts::Parts;
pub use progress::{Callback, Progress};
pub use reader::Reader;
pub use save::Saved;
pub use source::Source;
pub use stream::ByteStream;
pub use target::Target;
pub use text::Lines;

/// Downloads for every operation that answers with a redirect.
pub trait RedirectedExt: Redirected {
    /// Requests a signed URL and opens what it leads to.
    ///
    /// # Errors
    ///
    /// Those of the operation: [`ErrorKind::Expired`] where the content is gone for good,
    /// [`ErrorKind::LogNotReady`] or [`ErrorKind::LogNeverWritten`] for a log that is not there.
    /// [`ErrorKind::LinkRefused`] if the redirect is unsafe or leads on too often. Those of the blob
    /// store, when several attempts have failed.
    fn download(self) -> impl Future<Output = Result<Download, Error>> + Send {
        self.download_with(default_policy())
    }

    /// The same with another policy for attempts that bring no new byte.
    ///
    /// # Errors
    ///
    /// As [`download`](Self::download).
    fn download_with(
        self,
        policy: RetryPolicy,
    ) -> impl Future<Output = Result<Download, Error>> + Send {
        Download::open(self, policy)
    }
}

impl<B: Redirected> RedirectedExt for B {}

/// More attempts than a call makes: what has been received is too good to be given up.
fn default_policy() -> RetryPolicy {
    RetryPolicy::default().max_attempts(8)
}

/// A content that is ready to be read: an artifact, a log.
#[derive(Debug)]
#[must_use = "a download does nothing unless it is read"]
pub struct Download {
    head: Head,
    body: Body,
    replace: bool,
}

#[derive(Debug)]
enum Body {
    Unread(Box<Content>),
    Streaming(ByteStream),
}

impl Download {
    async fn open(builder: impl Redirected, policy: RetryPolicy) -> Result<Self, Error> {
        let (body, head) = Resuming::open(Blob::new(builder, policy)).await?;
        Ok(Self {
            head,
            body: Body::Unread(Box::new(Content::new(body))),
            replace: false,
        })
    }

    /// The length in bytes, where the blob store says so.
    pub fn content_length(&self) -> Option<u64> {
        self.head.total
    }

    /// The `Content-Type`, where the blob store gave one.
    pub fn content_type(&self) -> Option<&str> {
        self.head.content_type.as_deref()
    }

    /// The file name that the blob store suggests
    /// ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266)), sanitised: one path component, never
    /// `.` or `..` nor a device of Windows, at most 255 bytes.
    pub fn file_name(&self) -> Option<&str> {
        self.head.file_name.as_deref()
    }

    /// Whether it is a zip archive, by its type or, without a type, by its name. An artifact need
    /// not be one: a single file can be
    /// [uploaded as it is](https://github.com/actions/upload-artifact).
    pub fn is_zip(&self) -> bool {
        match self.content_type() {
            Some(content_type) => {
                let essence = content_type.split(';').next().unwrap_or_default().trim();
                [
                    "application/zip",
                    "application/x-zip-compressed",
                    "application/zip-compressed",
                ]
                .iter()
                .any(|zip| essence.eq_ignore_ascii_case(zip))
            }
            None => self
                .file_name()
                .is_some_and(|name| name.to_ascii_lowercase().ends_with(".zip")),
        }
    }

    /// Verifies the content against a digest as an artifact carries it: `sha256:` and 64
    /// hexadecimal digits. `None`, as of old artifacts and on Enterprise Server, verifies nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the algorithm is unknown, the digest is malformed, or a part
    /// of the content was read already.
    pub fn expect_digest(mut self, digest: Option<&str>) -> Result<Self, Error> {
        if let Some(digest) = digest {
            let expected = Expected::parse(digest)?;
            match &mut self.body {
                Body::Unread(content) => content.expected = Some(expected),
                Body::Streaming(_) => return Err(read_already()),
            }
        }
        Ok(self)
    }

    /// Calls back with each piece that arrives, on the task that reads. Once the content is
    /// streamed, it is too late.
    pub fn on_progress(mut self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        if let Body::Unread(content) = &mut self.body {
            content.progress = Some(Box::new(callback));
        }
        self
    }

    /// Lets [`save`](Self::save) replace a file that exists; by default that is an error.
    pub fn replace_existing(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// The next bytes, as of [`ByteStream::try_next`]; a download is a stream itself.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        TryStreamExt::try_next(self).await
    }

    /// Saves the content under `path`.
    ///
    /// It is written to a temporary file in the same folder, verified, synchronised to disk, and
    /// renamed at last: whatever goes wrong, and when this future is dropped, nothing is left
    /// behind and an existing file is as it was. Reading, hashing and writing overlap; the memory
    /// needed does not depend on the size.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the file exists, its folder does not, or it cannot be written;
    /// [`ErrorKind::DigestMismatch`]; those of the connection when several attempts in a row have
    /// brought nothing new.
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub fn save(self, path: impl AsRef<Path>) -> impl Future<Output = Result<Saved, Error>> + Send {
        let target = Target::new(path.as_ref(), self.replace);
        async move { save::save(self.unread()?, target).await }
    }

    /// Writes the content to `writer` and flushes it. Returns the number of bytes.
    ///
    /// ```
    /// # use gha_fake::{Artifact, Content, Fake, Repo};
    /// # use gha_client::prelude::*;
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let artifact = Artifact::new("dist", Content::bytes("a zip")).id(11);
    /// # let repo = Repo::new("octo-org", "octo-docs").artifact(artifact);
    /// # let fake = Fake::builder().token("t").repo(repo).start().await?;
    /// # let host = gha_client::Host::url(fake.api_url())?;
    /// # let client = gha_client::builder().host(host).token("t").build()?;
    /// # let archive = client.download_artifact().owner("octo-org").repo("octo-docs")
    /// #     .artifact_id(11).archive_format("zip");
    /// let mut memory = Vec::new();
    /// let bytes = archive.download().await?.copy_to(&mut memory).await?;
    /// assert_eq!(memory.len() as u64, bytes);
    /// # assert_eq!(memory, b"a zip");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// What was written cannot be taken back: bytes count only when this has succeeded. Where the
    /// download breaks and the rest cannot be had, it fails rather than start over.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save); [`ErrorKind::Io`] if the writer fails; [`ErrorKind::Changed`] or
    /// [`ErrorKind::Truncated`] if it would have to start over.
    pub async fn copy_to(self, mut writer: impl AsyncWrite + Unpin) -> Result<u64, Error> {
        let cannot = |error: std::io::Error| {
            Error::new(ErrorKind::Io, format!("cannot write the download: {error}"))
                .with_source(error)
        };
        let mut content = self.unread()?.may_start_over(false);
        while let Some(chunk) = content.chunk().await? {
            writer.write_all(&chunk).await.map_err(cannot)?;
        }
        writer.flush().await.map_err(cannot)?;
        Ok(content.received())
    }

    /// Reads the content into memory, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`], as soon as that is known; else as [`save`](Self::save).
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub async fn bytes(self, limit: usize) -> Result<Bytes, Error> {
        Ok(self.collect(limit).await?.into())
    }

    /// Reads a log into memory, if it has at most `limit` bytes.
    ///
    /// A byte-order mark is left out, ends of lines (`\r\n`) become `\n`, and what is not UTF-8
    /// becomes U+FFFD (�): for the bytes as they are, use [`bytes`](Self::bytes).
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes).
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub async fn text(self, limit: usize) -> Result<String, Error> {
        let bytes = self.collect(limit).await?;
        save::blocking(|| Ok(text::decode(bytes))).await
    }

    async fn collect(self, limit: usize) -> Result<Vec<u8>, Error> {
        save::spawned(collect(self.unread()?, limit)).await
    }

    /// The lines of a log without their ends (`\n` or `\r\n`), each of at most `limit` bytes, in
    /// memory that does not grow with the log.
    ///
    /// A byte-order mark is left out, and what is not UTF-8 becomes U+FFFD (�). A longer line ends
    /// the stream with [`ErrorKind::TooLarge`].
    ///
    /// ```
    /// # use gha_fake::{Fake, Job, Repo, Run};
    /// # use gha_client::prelude::*;
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let job = Job::new(42).log("##[group]Build\r\n##[error]no disk\r\n");
    /// # let repo = Repo::new("octo-org", "octo-docs").run(Run::new(7).job(job));
    /// # let fake = Fake::builder().token("t").repo(repo).start().await?;
    /// # let host = gha_client::Host::url(fake.api_url())?;
    /// # let client = gha_client::builder().host(host).token("t").build()?;
    /// # let log = client.download_job_logs().owner("octo-org").repo("octo-docs").job_id(42);
    /// # let mut found = None;
    /// let mut lines = log.download().await?.lines(64 * 1024);
    /// while let Some(line) = lines.try_next().await? {
    ///     if let Some(error) = line.strip_prefix("##[error]") {
    ///         println!("{error}");
    ///         # found = Some(error.to_owned());
    ///     }
    /// }
    /// # assert_eq!(found.as_deref(), Some("no disk"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn lines(self, limit: usize) -> Lines {
        Lines::new(self.into_stream(), limit)
    }

    /// The content as [`AsyncRead`](tokio::io::AsyncRead) and
    /// [`AsyncBufRead`](tokio::io::AsyncBufRead).
    pub fn into_async_read(self) -> Reader {
        Reader::new(self.into_stream())
    }

    fn into_stream(self) -> ByteStream {
        match self.body {
            Body::Unread(content) => ByteStream::new(*content),
            Body::Streaming(stream) => stream,
        }
    }

    fn unread(self) -> Result<Content, Error> {
        match self.body {
            Body::Unread(content) => Ok(*content),
            Body::Streaming(_) => Err(read_already()),
        }
    }
}

async fn collect(mut content: Content, limit: usize) -> Result<Vec<u8>, Error> {
    /// Nobody reserves more for a length that a server merely claims.
    const RESERVED: u64 = 64 * 1024 * 1024;

    let mut bytes = Vec::new();
    loop {
        let total = content.total().unwrap_or_default();
        if total > limit as u64 {
            return Err(content.attribute(too_large(limit)));
        }
        bytes.reserve(total.min(RESERVED).saturating_sub(bytes.len() as u64) as usize);
        match content.next().await? {
            Some(Event::Data(chunk)) if chunk.len() > limit - bytes.len() => {
                return Err(content.attribute(too_large(limit)));
            }
            Some(Event::Data(chunk)) => bytes.extend_from_slice(&chunk),
            Some(Event::StartOver) => bytes.clear(),
            None => return Ok(bytes),
        }
    }
}

fn too_large(limit: usize) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!("the content is larger than the limit of {limit} bytes"),
    )
}

fn read_already() -> Error {
    Error::new(
        ErrorKind::InvalidRequest,
        "a part of the download was read as a stream already",
    )
}

/// The bytes as they arrive; see [`ByteStream`].
impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let unread = Body::Streaming(ByteStream::empty());
        let mut stream = match std::mem::replace(&mut self.body, unread) {
            Body::Unread(content) => ByteStream::new(*content),
            Body::Streaming(stream) => stream,
        };
        let polled = Pin::new(&mut stream).poll_next(cx);
        self.body = Body::Streaming(stream);
        polled
    }
}
