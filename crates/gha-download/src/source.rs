//! Parts of a content, for readers that need not all of it or several at once.

use std::ops::Range;
use std::sync::Arc;

use gha_core::{Error, ErrorKind, Redirected};

use crate::ByteStream;
use crate::blob::{Blob, Opened, Wanted};
use crate::content::Content;
use crate::head::Head;

/// A content to read ranges of, such as the directory of a zip archive or several parts at once.
///
/// All ranges are of the same content: each answer must bear the strong `ETag` and the length that
/// the first one had. Links are shared by all reads and renewed when they expire; reads resume by
/// themselves as a [`Download`](super::Download) does. Cheap to clone.
///
/// ```no_run
/// use gha_download::Source;
///
/// # async fn example(archive: impl gha_core::Redirected) -> Result<(), gha_core::Error> {
/// // A builder such as `repo.download_artifact(11)`.
/// let source = Source::open(archive).await?;
/// if let (true, Some(len)) = (source.accepts_ranges(), source.content_length()) {
///     let mut tail = source.read(len.saturating_sub(64 * 1024)..len)?;
///     while let Some(bytes) = tail.try_next().await? {
///         println!("{} bytes", bytes.len());
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Source {
    blob: Arc<Blob>,
    head: Head,
    accepts_ranges: bool,
}

impl Source {
    /// Asks for the first byte, to learn of the rest.
    ///
    /// # Errors
    ///
    /// Those of the operation; those of the blob store and of the connection, when several attempts in a
    /// row have brought no answer.
    pub async fn open(builder: impl Redirected) -> Result<Self, Error> {
        Self::probe(Arc::new(Blob::new(builder)), None).await
    }

    /// `known` is what was said of the content before.
    pub(super) async fn probe(blob: Arc<Blob>, known: Option<Head>) -> Result<Self, Error> {
        let first_byte = Wanted {
            offset: 0,
            until: Some(1),
            head: known,
            may_start_over: true,
        };
        let mut retries = blob.retries();
        let (head, ranges) = match blob
            .open(&first_byte, &mut None, &mut retries, None)
            .await?
        {
            Opened::Part(head, ..) => (head, true),
            // A content that was opened before is read where it was opened: it may not be empty.
            Opened::End(head) => (head, first_byte.head.is_none()),
            Opened::Whole(head, _) => (head, false),
        };
        if first_byte.head.is_some_and(|known| known.is_other(&head)) {
            return Err(blob.attribute(Error::new(
                ErrorKind::Changed,
                "the content has changed since the download was opened",
            )));
        }
        Ok(Self {
            blob,
            accepts_ranges: ranges && head.tag.is_some() && head.total.is_some(),
            head,
        })
    }

    /// The length of the whole content in bytes, where the blob store says so.
    pub fn content_length(&self) -> Option<u64> {
        self.head.total
    }

    /// The `Content-Type`, where the blob store gave one.
    pub fn content_type(&self) -> Option<&str> {
        self.head.content_type.as_deref()
    }

    /// The file name, as of [`Download::file_name`](super::Download::file_name).
    pub fn file_name(&self) -> Option<&str> {
        self.head.file_name.as_deref()
    }

    /// The `ETag`, if it is a strong one.
    pub fn etag(&self) -> Option<&str> {
        self.head.tag.as_ref()?.to_str().ok()
    }

    /// Whether ranges can be read: the blob store honours them, and tells length and strong `ETag`.
    pub fn accepts_ranges(&self) -> bool {
        self.accepts_ranges
    }

    /// Names in an error the operation that led here and the path of its request, unless they are named
    /// already; for crates that read sources in ways of their own.
    #[must_use]
    pub fn attribute(&self, error: Error) -> Error {
        self.blob.attribute(error)
    }

    /// Reads the bytes of a range.
    ///
    /// The stream fails with [`ErrorKind::Changed`] when the content is no longer the same.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the range is not within the content, or
    /// [no range can be read](Self::accepts_ranges).
    pub fn read(&self, range: Range<u64>) -> Result<ByteStream, Error> {
        let length = self.head.total.unwrap_or_default();
        let refuse = |why: String| Err(self.attribute(Error::new(ErrorKind::InvalidRequest, why)));
        if !self.accepts_ranges {
            return refuse("the blob store does not serve ranges of this content".into());
        }
        if range.start > range.end || range.end > length {
            return refuse(format!("the range {range:?} is not within {length} bytes"));
        }
        let wanted = Wanted {
            offset: range.start,
            until: Some(range.end),
            head: Some(self.head.clone()),
            may_start_over: false,
        };
        Ok(ByteStream::new(
            Content::part(self.blob.clone(), wanted),
            None,
        ))
    }
}
