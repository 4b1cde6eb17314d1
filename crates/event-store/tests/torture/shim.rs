//! A disk that fails when told to: `disk_shim.c`, compiled and preloaded into a writer or a PostgreSQL server.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What happens to calls from a chosen one on.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// `fsync` and `fdatasync` fail with EIO.
    SyncFails = 1,
    /// Writing fails with ENOSPC.
    NoSpace = 2,
    /// Writing fails with EIO.
    WriteFails = 3,
    /// The process is killed as it is about to write or sync.
    Kill = 4,
    /// As `SyncFails`, but only once.
    OneSyncFails = 5,
}

/// The library, and the file by which it is told.
pub struct DiskShim {
    folder: TempDir,
    control: File,
    /// Files under it are affected.
    target: PathBuf,
}

impl DiskShim {
    /// For the files under a folder.
    #[expect(
        clippy::disallowed_methods,
        reason = "the C compiler that SQLite needs as well"
    )]
    pub fn under(target: &Path) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture/disk_shim.c");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(folder.path().join("disk_shim.so"))
            .arg(source)
            .arg("-ldl")
            .status();
        assert!(
            compiled.is_ok_and(|status| status.success()),
            "cc compiles disk_shim.c"
        );
        let control = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(folder.path().join("control"));
        let control = control.expect("a file");
        control.write_all_at(&[0; 32], 0).expect("written");
        // A server of another account reads the one and writes the other.
        for (name, mode) in [("", 0o755), ("disk_shim.so", 0o755), ("control", 0o666)] {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
            std::fs::set_permissions(folder.path().join(name), mode).expect("our own file");
        }
        Self {
            folder,
            control,
            target: target.canonicalize().expect("the folder exists"),
        }
    }

    /// For the environment of the process.
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("LD_PRELOAD", self.folder.path().join("disk_shim.so")),
            ("SENGEN_SHIM_CONTROL", self.folder.path().join("control")),
            ("SENGEN_SHIM_FOLDER", self.target.clone()),
        ]
    }

    /// From now on, after so many more calls of that kind.
    pub fn fail(&self, fault: Fault, after: u64) {
        self.put(0, 0);
        self.put(1, after);
        self.put(2, 0);
        self.put(3, 0);
        self.put(0, fault as u64);
    }

    /// From now on the disk is good again.
    pub fn heal(&self) {
        self.put(0, 0);
    }

    /// How many calls have failed since it was last told to.
    pub fn failed(&self) -> u64 {
        let mut bytes = [0; 8];
        self.control.read_exact_at(&mut bytes, 24).expect("read");
        u64::from_ne_bytes(bytes)
    }

    fn put(&self, number: u64, value: u64) {
        self.control
            .write_all_at(&value.to_ne_bytes(), number * 8)
            .expect("written");
    }
}
