//! Errors of other libraries as the one of this house.

use std::fmt::Display;
use std::io;
use std::path::Path;

use gha_core::{Error, ErrorKind};
use zip::result::ZipError;

/// An archive that is not as the format wants it.
pub(crate) fn damaged(what: impl Display) -> Error {
    Error::new(ErrorKind::Decode, format!("the archive is damaged: {what}"))
}

/// An archive that is whole, and still nothing to unpack.
pub(crate) fn refused(why: impl Display) -> Error {
    Error::new(
        ErrorKind::ArchiveRefused,
        format!("the archive is refused: {why}"),
    )
}

pub(crate) fn failed(what: &str, path: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("{what} {}: {error}", path.display())).with_source(error)
}

pub(crate) fn shut_down() -> Error {
    Error::new(ErrorKind::Io, "the runtime is shutting down")
}

/// What went wrong with one entry.
pub(crate) fn of_entry(name: &str, error: ZipError) -> Error {
    match error {
        ZipError::Io(error) => of_entry_io(name, error),
        error => damaged(format!("entry {name:?}: {error}")).with_source(error),
    }
}

/// The same while its bytes are read. Readers of this crate carry their own error inside.
pub(crate) fn of_entry_io(name: &str, error: io::Error) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => error,
        Err(error) => match error.kind() {
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof => {
                damaged(format!("entry {name:?}: {error}")).with_source(error)
            }
            _ => Error::new(
                ErrorKind::Io,
                format!("cannot read entry {name:?}: {error}"),
            )
            .with_source(error),
        },
    }
}
