//! Files that are written whole or not at all, and folders that are read whole.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};

/// Writes beside the file and takes its name at last; missing folders are made.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    replace_all([(path, text)])
}

/// The same of several files, none of which changes before all are written.
pub(crate) fn replace_all<'a>(
    files: impl IntoIterator<Item = (impl AsRef<Path>, &'a str)>,
) -> io::Result<()> {
    let write = |(path, text): (_, &str)| {
        let path: &Path = AsRef::as_ref(&path);
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new();
        // A temporary file is private; a file of the checkout is not.
        #[cfg(unix)]
        file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let mut file = file.prefix(".xtask-").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        Ok((file, path.to_owned()))
    };
    let written: Vec<_> = files.into_iter().map(write).collect::<io::Result<_>>()?;
    // No file can take the place of a folder: the one thing that a rename may still refuse.
    if let Some((_, path)) = written.iter().find(|(_, path)| path.is_dir()) {
        let message = format!("{} is a folder", path.display());
        return Err(io::Error::new(io::ErrorKind::IsADirectory, message));
    }
    for (file, path) in written {
        file.persist(path)?;
    }
    Ok(())
}

/// The text of every Rust file below a folder, by its path there with `/` between components. A
/// folder that does not exist has none.
pub(crate) fn sources(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    read(folder, "", &mut found)?;
    Ok(found)
}

fn read(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) -> Result<()> {
    let cannot = |path: &Path| format!("cannot read {}", path.display());
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| cannot(folder))?,
    };
    for entry in entries {
        let path = entry.with_context(|| cannot(folder))?.path();
        let Some(name) = path.file_name() else {
            continue;
        };
        let name = format!("{prefix}{}", name.to_string_lossy());
        if path.is_dir() {
            read(&path, &format!("{name}/"), found)?;
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).with_context(|| cannot(&path))?;
            found.insert(name, text);
        }
    }
    Ok(())
}
