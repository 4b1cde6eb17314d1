//! The repository's root and its files.

use std::path::{Path, PathBuf};

use crate::{Failure, Outcome, run};

/// The root of the work tree: two folders above this crate.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
        .to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// One text file of the repository.
pub struct SourceFile {
    /// Path from the root, with `/`.
    pub path: String,
    pub text: String,
}

impl SourceFile {
    /// Whether the file's name ends in one of these (with dot).
    pub fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// Every UTF-8 file that git tracks or would track; what `.gitignore` names is left out.
pub fn files() -> Outcome<Vec<SourceFile>> {
    let listing = run::captured(run::program(
        "git",
        &["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    ))?;
    let listing =
        String::from_utf8(listing).map_err(|_| Failure::new("git lists a file name that is not UTF-8"))?;
    let root = root();
    let mut files = Vec::new();
    for path in listing.split('\0').filter(|path| !path.is_empty()) {
        // A file that is not text, or was deleted but not yet committed, has no lines to check.
        if let Ok(text) = std::fs::read_to_string(root.join(path)) {
            files.push(SourceFile {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}
