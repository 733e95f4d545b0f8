//! Archives in files.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use gha_core::Error;

use crate::directory::{Directory, TAIL, locate};
use crate::error::failed;

pub(crate) fn directory(file: &mut File, path: &Path) -> Result<Directory, Error> {
    let cannot = |error| failed("cannot read", path, error);
    let len = file.metadata().map_err(cannot)?.len();
    let mut from = |start: u64| {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(start)).map_err(cannot)?;
        file.take(len - start)
            .read_to_end(&mut bytes)
            .map_err(cannot)?;
        Ok::<_, Error>(bytes)
    };
    let tail_start = len.saturating_sub(TAIL);
    let tail = from(tail_start)?;
    let location = locate(&tail, len)?;
    let last = if location.start < tail_start {
        from(location.start)?
    } else {
        tail
    };
    Directory::parse(last.into(), len, &location)
}
