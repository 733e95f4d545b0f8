//! Errors, in the words of this crate.

use std::fmt::Display;
use std::path::Path;

use gha_core::{Error, ErrorKind};

/// An archive that is not as the format wants it.
pub(crate) fn damaged(what: impl Display) -> Error {
    Error::new(
        ErrorKind::Decode,
        format!("the archive is damaged: {what}; get it once more, or have it packed anew"),
    )
}

/// An archive that is whole, and still nothing to unpack.
pub(crate) fn refused(why: impl Display) -> Error {
    Error::new(
        ErrorKind::ArchiveRefused,
        format!("the archive is refused: {why}"),
    )
}

/// An archive with more of something than is allowed.
pub(crate) fn too_large(why: impl Display) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!(
            "the archive is refused: {why}; raise `Limits` if you trust it, or have it packed as several"
        ),
    )
}

/// Something that the file system did not do.
pub(crate) fn failed(what: &str, path: &Path, error: impl Display) -> Error {
    Error::new(ErrorKind::Io, format!("{what} {}: {error}", path.display()))
}
