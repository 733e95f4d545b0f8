#![doc = include_str!("../README.md")]

mod directory;
mod error;
mod ext;
mod extract;
mod forward;
mod local;
mod remote;
mod task;

pub use directory::{Entry, EntryKind};
pub use ext::DownloadExt;
pub use extract::{ExtractProgress, Extracted, Extractor, Limits, extract_file, folder_name};
pub use remote::{Member, RemoteArchive};
