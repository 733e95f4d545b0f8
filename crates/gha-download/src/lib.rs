#![doc = include_str!("../README.md")]

mod blob;
mod collect;
mod content;
mod digest;
#[doc(hidden)]
pub mod disk;
mod download;
mod file_name;
mod head;
mod parallel;
mod part_file;
mod pump;
mod ranges;
mod save;
mod source;
mod stream;
mod target;
mod text;

pub use content::Progress;
pub use download::{Download, RedirectedExt};
pub use parallel::ParallelDownload;
pub use save::Saved;
pub use source::Source;
pub use stream::{ByteStream, Reader};
pub use text::Lines;
