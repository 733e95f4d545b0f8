#![doc = include_str!("../README.md")]

mod directory;
mod entry;
mod error;
mod extract;
mod place;
mod remote;
mod unpack;

pub use entry::{Entry, EntryKind};
pub use extract::{
    DownloadExt, ExtractProgress, Extracted, Extractor, Limits, SymbolicLinks, extract_file,
    folder_name,
};
pub use remote::{Member, RemoteArchive};
