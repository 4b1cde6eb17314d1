//! A disk that is soon full.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A file system of its own, in memory.
#[derive(Debug)]
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// With so much room, for example `64k`. None when this user may not mount.
    pub fn mount(size: &str) -> Option<Self> {
        let folder = TempDir::new().expect("a temporary folder");
        let size = format!("size={size},mode=0755");
        run(
            "mount",
            &["-t", "tmpfs", "-o", &size, "sengen-test"],
            folder.path(),
        )
        .then_some(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills it until nothing more fits.
    pub fn fill(&self) {
        let mut filler = std::fs::File::create(self.path().join("filler")).expect("a file");
        let mut piece = 64 * 1024;
        while piece > 0 {
            if filler.write_all(&vec![0; piece]).is_err() {
                piece /= 2;
            }
        }
    }

    /// Makes room again.
    pub fn free(&self) {
        std::fs::remove_file(self.path().join("filler")).expect("our own file");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        run("umount", &["-l"], self.path());
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a file system that is full needs one that is small"
)]
fn run(program: &str, arguments: &[&str], folder: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).arg(folder);
    command.output().is_ok_and(|output| output.status.success())
}
