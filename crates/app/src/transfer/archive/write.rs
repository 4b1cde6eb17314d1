//! Writing an archive: under a hidden name until it is whole and on disk.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use uuid::Uuid;

use super::super::item::Member;
use super::super::summary::Summary;
use super::manifest::{Entry, Manifest};
use super::{ArchiveError, FORMAT, MANIFEST, VERSION, last_block};

/// Lines that are gathered before they are compressed and written.
const CHUNK: usize = 4 << 20;
const ABOUT: &str = "A backup of a register. The members are lines of JSON, compressed with gzip; manifest.json has \
                     their hashes. The last 512 bytes of this file, after the end of the tar archive, have the hash of all before.";

/// An archive in the making.
pub(in super::super) struct Writer {
    path: PathBuf,
    tar: tar::Builder<Hashing>,
    members: Vec<Entry>,
    chunk: Chunk,
}

/// Rows of one kind that are not written yet.
struct Chunk {
    member: Member,
    number: u32,
    rows: u64,
    lines: Vec<u8>,
}

/// A file that is whole, and has no name yet.
pub(in super::super) struct Written {
    path: PathBuf,
    file: NamedTempFile,
    manifest: Manifest,
    bytes: u64,
    sha256: String,
}

impl Writer {
    /// Begins a file that must not exist.
    pub(in super::super) fn create(path: &Path) -> Result<Self, ArchiveError> {
        let failed = |source| ArchiveError::file(path, source);
        let path = std::path::absolute(path).map_err(failed)?;
        if path.exists() {
            return Err(ArchiveError::Exists { path });
        }
        // The same folder: a name is only given, never a file copied.
        let folder = path.parent().unwrap_or(Path::new("/"));
        let file = tempfile::Builder::new()
            .prefix(".sengen-backup-")
            .tempfile_in(folder)
            .map_err(failed)?;
        let mut writer = Self {
            tar: tar::Builder::new(Hashing::new(file)),
            members: Vec::new(),
            chunk: Chunk {
                member: Member::Events,
                number: 0,
                rows: 0,
                lines: Vec::new(),
            },
            path: path.clone(),
        };
        let about = format!("{FORMAT}/{VERSION}\n{ABOUT}\n");
        writer.member(FORMAT, 0, about.as_bytes())?;
        Ok(writer)
    }

    /// Adds rows; kinds come in their order, each at once.
    pub(in super::super) fn add(
        &mut self,
        member: Member,
        lines: &[u8],
        rows: usize,
    ) -> Result<(), ArchiveError> {
        if self.chunk.member != member {
            self.flush()?;
            (self.chunk.member, self.chunk.number) = (member, 0);
        }
        self.chunk.lines.extend_from_slice(lines);
        self.chunk.rows += rows as u64;
        if self.chunk.lines.len() >= CHUNK {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ArchiveError> {
        if self.chunk.rows == 0 {
            return Ok(());
        }
        self.chunk.number += 1;
        let name = format!("{}/{:06}.jsonl.gz", self.chunk.member.name(), self.chunk.number);
        // Most of an event is sealed or a hash, and does not become smaller however long one tries.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let stored = encoder
            .write_all(&self.chunk.lines)
            .and_then(|()| encoder.finish());
        let stored = stored.map_err(|error| self.failed(error))?;
        let rows = std::mem::take(&mut self.chunk.rows);
        self.chunk.lines.clear();
        self.member(&name, rows, &stored)
    }

    fn member(&mut self, name: &str, rows: u64, stored: &[u8]) -> Result<(), ArchiveError> {
        let mut header = tar::Header::new_ustar();
        header.set_size(stored.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        let appended = self.tar.append_data(&mut header, name, stored);
        appended.map_err(|error| self.failed(error))?;
        self.members.push(Entry {
            name: name.to_owned(),
            rows,
            bytes: stored.len() as u64,
            sha256: hex::encode(Sha256::digest(stored)),
        });
        Ok(())
    }

    fn failed(&self, source: io::Error) -> ArchiveError {
        ArchiveError::file(&self.path, source)
    }

    /// Writes what is left and the manifest, and waits for the disk.
    pub(in super::super) fn finish(
        mut self,
        id: Uuid,
        created_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        program: &str,
        summary: Summary,
    ) -> Result<Written, ArchiveError> {
        self.flush()?;
        let manifest = Manifest {
            format: VERSION,
            id,
            created_at,
            expires_at,
            program: program.to_owned(),
            summary,
            members: self.members.clone(),
        };
        let text = serde_json::to_vec_pretty(&manifest).expect("a manifest is JSON");
        self.member(MANIFEST, 0, &text)?;
        let path = self.path;
        let closed = self.tar.into_inner().and_then(Hashing::close);
        let (file, bytes, sha256) = closed.map_err(|source| ArchiveError::file(&path, source))?;
        Ok(Written {
            path,
            file,
            manifest,
            bytes,
            sha256,
        })
    }
}

impl Written {
    /// The name that it will have.
    pub(in super::super) fn path(&self) -> &Path {
        &self.path
    }

    /// Its size.
    pub(in super::super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Of the whole file, hexadecimal.
    pub(in super::super) fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Gives the file its name, unless another has taken it meanwhile.
    pub(in super::super) fn publish(self) -> Result<Manifest, ArchiveError> {
        let path = self.path;
        self.file.persist_noclobber(&path).map_err(|error| {
            if error.error.kind() == io::ErrorKind::AlreadyExists {
                ArchiveError::Exists { path: path.clone() }
            } else {
                ArchiveError::file(&path, error.error)
            }
        })?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|source| ArchiveError::file(&path, source))?;
        Ok(self.manifest)
    }
}

/// A file that knows the hash of what was written to it.
struct Hashing {
    file: BufWriter<NamedTempFile>,
    hasher: Sha256,
    bytes: u64,
}

impl Hashing {
    fn new(file: NamedTempFile) -> Self {
        Self {
            file: BufWriter::with_capacity(1 << 20, file),
            hasher: Sha256::new(),
            bytes: 0,
        }
    }

    /// Ends the file with the hash of it all, and waits for the disk. Gives size and hash of the whole file.
    fn close(mut self) -> io::Result<(NamedTempFile, u64, String)> {
        let block = last_block(&self.hasher.clone().finalize());
        self.write_all(&block)?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        Ok((file, self.bytes, hex::encode(self.hasher.finalize())))
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
