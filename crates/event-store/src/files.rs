//! Files that are there with their whole content or not at all, and durably: what a key wraps must never outlive its file.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Makes the file, durably, for its owner only; fails when there is one.
pub(crate) fn publish(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let draft = draft(path, content)?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    linked?;
    sync_folder(path)
}

/// Makes the file or puts another content in its place, durably, for its owner only.
pub(crate) fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let draft = draft(path, content)?;
    if let Err(error) = std::fs::rename(&draft, path) {
        // What counts is why it failed; a draft that is left over harms nobody.
        let _ = std::fs::remove_file(&draft);
        return Err(error);
    }
    sync_folder(path)
}

/// A file beside it with this content, on disk.
fn draft(path: &Path, content: &[u8]) -> std::io::Result<PathBuf> {
    let mut suffix = [0; 8];
    crate::random::fill(&mut suffix);
    let draft = path.with_extension(hex::encode(suffix));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    match file.write_all(content).and_then(|()| file.sync_all()) {
        Ok(()) => Ok(draft),
        Err(error) => {
            let _ = std::fs::remove_file(&draft);
            Err(error)
        }
    }
}

/// Makes the names in a file's folder durable.
pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
