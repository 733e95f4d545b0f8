//! Writing a file so that it is whole under its name, or not there.

use std::io::{self, Write as _};
use std::path::Path;

/// Writes beside the file and takes its name at last; missing folders are made.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new();
    // A temporary file is private; a file of the checkout is not.
    #[cfg(unix)]
    file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = file.prefix(".xtask-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
