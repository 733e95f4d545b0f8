//! What a redirect leads to, and the ways to read it.

use std::path::Path;

use bytes::Bytes;
use gha_core::{Error, ErrorKind, Redirected};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use crate::blob::Blob;
use crate::collect::{Collect, collect};
use crate::content::{Content, Progress};
use crate::digest::Verifier;
use crate::head::Head;
use crate::save;
use crate::stream::Verified;
use crate::target::Target;
use crate::text::Text;
use crate::{ByteStream, Lines, ParallelDownload, Reader, Saved, Source};

/// Downloads for every operation that answers with a redirect, or with a content itself.
pub trait RedirectedExt: Redirected {
    /// Requests a signed URL and opens what it leads to, or the content where the API sends that itself:
    /// it has no ranges then, and one that breaks is asked for from its beginning.
    ///
    /// Attempts in a row that bring less than 16 KiB follow the policy that
    /// [`Api::with_retry`](gha_core::Api::with_retry) has set, else one of eight attempts.
    ///
    /// # Errors
    ///
    /// Those of the operation: [`ErrorKind::Expired`] where the content is gone for good,
    /// [`ErrorKind::LogNotReady`] or [`ErrorKind::LogNeverWritten`] for a log that is not there.
    /// [`ErrorKind::LinkRefused`] if the redirect is unsafe or leads on too often. Those of the blob
    /// store, when several attempts have failed.
    fn download(self) -> impl Future<Output = Result<Download, Error>> + Send {
        async {
            let (content, head) = Content::open(Blob::new(self)).await?;
            Ok(Download {
                head,
                content,
                verifier: None,
                replace: false,
            })
        }
    }
}

impl<B: Redirected> RedirectedExt for B {}

/// A content that is ready to be read: an artifact, a log.
#[derive(Debug)]
#[must_use = "a download does nothing unless it is read"]
pub struct Download {
    head: Head,
    content: Content,
    verifier: Option<Verifier>,
    replace: bool,
}

impl Download {
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

    /// Whether it is a zip archive: by its type, else by its name, else by its first bytes, which stay to
    /// be read. An artifact need not be one: a single file can be
    /// [uploaded as it is](https://github.com/actions/upload-artifact).
    ///
    /// # Errors
    ///
    /// Those of reading, where the first bytes decide.
    pub async fn is_zip(&mut self) -> Result<bool, Error> {
        const SIGNATURES: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
        const TYPES: [&str; 6] = [
            "zip",
            "application/zip",
            "application/x-zip",
            "application/x-zip-compressed",
            "application/zip-compressed",
            "multipart/x-zip",
        ];
        let essence = self.content_type().unwrap_or_default();
        let essence = essence.split(';').next().unwrap_or_default().trim();
        let essence = essence.to_ascii_lowercase();
        if TYPES.contains(&&*essence) {
            return Ok(true);
        }
        if !matches!(
            &*essence,
            "" | "application/octet-stream" | "binary/octet-stream"
        ) {
            return Ok(false);
        }
        let is_named = |name: &str| name.to_ascii_lowercase().ends_with(".zip");
        match self.file_name() {
            Some(name) if is_named(name) => return Ok(true),
            Some(name) if name.contains('.') => return Ok(false),
            _ => {}
        }
        if self.content.blob().path().is_some_and(is_named) {
            return Ok(true);
        }
        let first = self.content.peek(SIGNATURES[0].len()).await?;
        Ok(SIGNATURES.contains(&first))
    }

    /// Verifies the content against a digest as an artifact carries it: `sha256:` and 64
    /// hexadecimal digits. `None`, as of old artifacts and on Enterprise Server, verifies nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the algorithm is unknown or the digest is malformed.
    pub fn expect_digest(mut self, digest: Option<&str>) -> Result<Self, Error> {
        if let Some(digest) = digest {
            self.verifier = Some(Verifier::parse(digest)?);
        }
        Ok(self)
    }

    /// Calls back as bytes arrive, on the task or thread that takes them, one call at a time. One that
    /// takes long holds up the download.
    pub fn on_progress(mut self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        self.content.on_progress = Some(Box::new(callback));
        self
    }

    /// Lets [`save`](Self::save) replace a file that exists; by default that is an error.
    pub fn replace_existing(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// Names in errors the operation that led here and the path of its request, unless they are named
    /// already; for crates that read downloads in ways of their own.
    pub fn attribution(&self) -> impl Fn(Error) -> Error + Send + Sync + use<> {
        let blob = self.content.blob();
        move |error| blob.attribute(error)
    }

    /// Downloads on up to so many connections at once, between 1 and 64. They are opened as long as the disk
    /// waits for what they bring: on a network that is faster than the disk or the digest, one is enough.
    pub fn connections(self, connections: usize) -> ParallelDownload {
        ParallelDownload {
            content: self.content,
            head: self.head,
            verifier: self.verifier,
            replace: self.replace,
            connections,
            part_size: None,
        }
    }

    /// The same content to read ranges of, beside the download; its links are shared. One more
    /// request tells whether the blob store [serves ranges](Source::accepts_ranges).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Changed`] if the content is no longer the same; those of the API and of the connection,
    /// when several attempts in a row have brought no answer.
    pub fn source(&self) -> impl Future<Output = Result<Source, Error>> + Send + use<> {
        Source::probe(self.content.blob(), Some(self.head.clone()))
    }

    /// Saves the content under `path`.
    ///
    /// It is written to a temporary file in the same folder, verified, synchronised to disk, and
    /// renamed at last: whatever goes wrong, and when this future is dropped, nothing is left
    /// behind and an existing file is as it was. The renaming is the point of no return: once it has
    /// begun, a drop does not stop it. Reading, hashing and writing overlap; the memory needed does
    /// not depend on the size.
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
        let blob = self.content.blob();
        async move {
            let saved = save::save(self.content, self.verifier, target).await;
            saved.map_err(|error| blob.attribute(error))
        }
    }

    /// Saves the content on one connection, and keeps what there is of it for the next attempt: see
    /// [`ParallelDownload::save_resumable`].
    ///
    /// # Errors
    ///
    /// Those of [`ParallelDownload::save_resumable`].
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub fn save_resumable(
        self,
        path: impl AsRef<Path>,
    ) -> impl Future<Output = Result<Saved, Error>> + Send {
        let path = path.as_ref().to_owned();
        async move { self.connections(1).save_resumable(path).await }
    }

    /// Writes the content to `writer` and flushes it. Returns the number of bytes.
    ///
    /// What was written cannot be taken back: bytes count only when this has succeeded. Where the
    /// download breaks and the rest cannot be had, it fails rather than start over.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the writer fails; [`ErrorKind::DigestMismatch`]; [`ErrorKind::Changed`] or
    /// [`ErrorKind::Truncated`] if it would have to start over; those of the connection when several
    /// attempts in a row have brought nothing new.
    pub async fn copy_to(self, mut writer: impl AsyncWrite + Unpin) -> Result<u64, Error> {
        let blob = self.content.blob();
        let cannot = |error: std::io::Error| {
            let failed = Error::new(ErrorKind::Io, "cannot write the download");
            blob.attribute(failed.with_source(error))
        };
        let mut content = Verified::new(self.content, self.verifier);
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
    /// [`ErrorKind::TooLarge`], as soon as that is known; [`ErrorKind::DigestMismatch`]; those of the
    /// connection when several attempts in a row have brought nothing new.
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub async fn bytes(self, limit: usize) -> Result<Bytes, Error> {
        Ok(self.collect::<Vec<u8>>(limit).await?.into())
    }

    /// Reads a log into memory, if it has at most `limit` bytes.
    ///
    /// A byte-order mark is left out, ends of lines (`\r\n`) become `\n`, and what is not UTF-8
    /// becomes U+FFFD (�): for the bytes as they are, use [`bytes`](Self::bytes).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`], as soon as that is known; [`ErrorKind::DigestMismatch`]; those of the
    /// connection when several attempts in a row have brought nothing new.
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub async fn text(self, limit: usize) -> Result<String, Error> {
        Ok(self.collect::<Text>(limit).await?.finish())
    }

    async fn collect<T: Collect>(self, limit: usize) -> Result<T, Error> {
        let blob = self.content.blob();
        let collected = collect(self.content, self.verifier, limit).await;
        collected.map_err(|error| blob.attribute(error))
    }

    /// The lines of a log without their ends (`\n` or `\r\n`), in memory that does not grow with the
    /// log.
    ///
    /// Of a line with more than `limit` bytes the rest is cut off, and its end says how much that was; or
    /// it is [left out](Lines::skip_long). A byte-order mark is left out, and what is not UTF-8 becomes
    /// U+FFFD (�).
    pub fn lines(self, limit: usize) -> Lines {
        Lines::new(self.into_stream(), limit)
    }

    /// The content as [`AsyncRead`](tokio::io::AsyncRead) and
    /// [`AsyncBufRead`](tokio::io::AsyncBufRead).
    pub fn into_async_read(self) -> Reader {
        self.into_stream().into()
    }

    /// The content as pieces, as they come.
    pub fn into_stream(self) -> ByteStream {
        ByteStream::new(self.content, self.verifier)
    }
}
