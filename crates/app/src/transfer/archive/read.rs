//! Reading an archive: all of it is looked through before a row of it is used.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::{Sender, channel};

use super::super::fill::WAITING;
use super::super::item::{Item, Member};
use super::super::summary::Summing;
use super::super::{Step, Tell, TransferError};
use super::manifest::{Entry, Manifest};
use super::{ArchiveError, BLOCK, FORMAT, MANIFEST, VERSION, last_block};

/// No member that we write comes near to it; a file that says so is not believed.
const MEMBER_MOST: u64 = 256 << 20;
/// Lines of a member: one page of rows more than the writer gathers, and rows may be long.
const LINES_MOST: u64 = 512 << 20;
const PIECE: usize = 1 << 20;

/// An archive that is what was written: its hash, and those of all its members, are right.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    bytes: u64,
    sha256: String,
    manifest: Manifest,
}

impl Archive {
    /// Looks through the whole file.
    pub fn check(path: &Path, tell: Tell<'_>) -> Result<Self, ArchiveError> {
        let path = std::path::absolute(path).map_err(|source| ArchiveError::file(path, source))?;
        let (bytes, sha256) = whole(&path, tell)?;
        let mut members = Vec::new();
        let mut manifest = None;
        each_member(&path, |name, stored| {
            if manifest.is_some() {
                return Err(damaged(&path, "a member after the manifest"));
            }
            if name == MANIFEST {
                let read: Manifest =
                    serde_json::from_slice(&stored).map_err(|error| damaged(&path, error.to_string()))?;
                manifest = Some(read);
            } else {
                members.push((name.to_owned(), hex::encode(Sha256::digest(&stored))));
            }
            Ok(())
        })?;
        let manifest = manifest.ok_or_else(|| damaged(&path, "it has no manifest"))?;
        if manifest.format != VERSION {
            let found = manifest.format.to_string();
            return Err(ArchiveError::OtherVersion { path, found });
        }
        let listed = manifest.members.iter().map(|entry| (&entry.name, &entry.sha256));
        if !listed.eq(members.iter().map(|(name, hash)| (name, hash))) {
            return Err(damaged(&path, "its members are not those of its manifest"));
        }
        if !in_order(&manifest.members) {
            return Err(damaged(&path, "its members are not in their order"));
        }
        Ok(Self {
            path,
            bytes,
            sha256,
            manifest,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its size.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Of the whole file, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What it says about itself.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Checks every row as a restore would, and makes nothing of it.
    pub async fn check_rows(&self, tell: Tell<'_>) -> Result<(), TransferError> {
        let promised = &self.manifest.summary;
        let (to, mut items) = channel(WAITING);
        let mut summing = Summing::new(&promised.head, promised.has_keys());
        let summed = async {
            while let Some(Some(item)) = items.recv().await {
                summing.item(&item)?;
            }
            drop(items);
            Ok::<_, TransferError>(())
        };
        let (sent, summed) = tokio::join!(self.send(to, tell), summed);
        sent.and(summed)?;
        match summing.finish()?.difference(promised) {
            None => Ok(()),
            Some(what) => Err(TransferError::Differs { what }),
        }
    }

    /// Gives all rows, and `None` after the last.
    pub(in super::super) async fn send(
        &self,
        to: Sender<Option<Item>>,
        tell: Tell<'_>,
    ) -> Result<(), TransferError> {
        let path = self.path.clone();
        let (pieces, mut read) = channel(WAITING);
        // Decompressing and parsing take their time: beside the task that writes.
        let reader = tokio::task::spawn_blocking(move || {
            each_member(&path, |name, stored| {
                let Some(item) = rows(&path, name, &stored)? else {
                    return Ok(());
                };
                // Whoever takes them has failed and says why.
                pieces.blocking_send(item).ok();
                Ok(())
            })
        });
        let length = self.manifest.summary.head.position.unsigned_abs();
        while let Some(item) = read.recv().await {
            if let Item::Events(events) = &item
                && let Some(last) = events.last()
            {
                tell(Step::Moving, last.position().get().unsigned_abs(), length);
            }
            if to.send(Some(item)).await.is_err() {
                break;
            }
        }
        drop(read);
        let ended = reader
            .await
            .map_err(|error| ArchiveError::file(&self.path, io::Error::other(error)))?;
        ended?;
        to.send(None).await.ok();
        Ok(())
    }
}

fn damaged(path: &Path, what: impl Into<String>) -> ArchiveError {
    ArchiveError::Damaged {
        path: path.to_owned(),
        what: what.into(),
    }
}

/// Compares the hash at the end with the bytes before it; gives size and hash of the whole file.
fn whole(path: &Path, tell: Tell<'_>) -> Result<(u64, String), ArchiveError> {
    let failed = |source| ArchiveError::file(path, source);
    let mut file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let foreign = || ArchiveError::Foreign {
        path: path.to_owned(),
    };
    let end = length.checked_sub(BLOCK as u64).ok_or_else(foreign)?;
    let mut last = [0; BLOCK];
    file.seek(SeekFrom::Start(end)).map_err(failed)?;
    file.read_exact(&mut last).map_err(failed)?;
    let text = last.split(|byte| *byte == b' ').next().unwrap_or_default();
    let version = std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.strip_prefix(FORMAT));
    let version = version
        .and_then(|text| text.strip_prefix('/'))
        .ok_or_else(foreign)?;
    if version != VERSION.to_string() {
        return Err(ArchiveError::OtherVersion {
            path: path.to_owned(),
            found: version.chars().filter(|c| !c.is_control()).collect(),
        });
    }
    file.rewind().map_err(failed)?;
    let mut rest = BufReader::with_capacity(PIECE, file).take(end);
    let mut hasher = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut done = 0_u64;
    loop {
        let read = rest.read(&mut piece).map_err(failed)?;
        if read == 0 {
            break;
        }
        hasher.update(&piece[..read]);
        done += read as u64;
        tell(Step::Checking, done >> 10, length >> 10);
    }
    if last != last_block(&hasher.clone().finalize()) {
        return Err(damaged(path, "its bytes are not those that were written"));
    }
    hasher.update(last);
    Ok((length, hex::encode(hasher.finalize())))
}

/// Reads the members one after the other.
fn each_member(
    path: &Path,
    mut take: impl FnMut(&str, Vec<u8>) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let failed = |source| ArchiveError::file(path, source);
    let file = File::open(path).map_err(failed)?;
    let mut tar = tar::Archive::new(BufReader::with_capacity(PIECE, file));
    let broken = |error: io::Error| damaged(path, error.to_string());
    for entry in tar.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = entry.path_bytes().into_owned();
        let name = String::from_utf8(name).map_err(|error| damaged(path, error.to_string()))?;
        if entry.size() > MEMBER_MOST || !entry.header().entry_type().is_file() {
            return Err(damaged(path, format!("the member {name} is none of ours")));
        }
        let mut stored = Vec::new();
        entry.read_to_end(&mut stored).map_err(broken)?;
        take(&name, stored)?;
    }
    Ok(())
}

/// Kinds in their order, each numbered from 1, after the member that names the format.
fn in_order(members: &[Entry]) -> bool {
    let mut members = members.iter();
    if members.next().is_none_or(|first| first.name != FORMAT) {
        return false;
    }
    let mut before: Option<(Member, u32)> = None;
    members.all(|entry| {
        let Some((kind, number)) = parse_name(&entry.name) else {
            return false;
        };
        let follows = match before {
            Some((last, at)) if last == kind => number == at + 1,
            Some((last, _)) => kind > last && number == 1,
            None => number == 1,
        };
        before = Some((kind, number));
        follows
    })
}

fn parse_name(name: &str) -> Option<(Member, u32)> {
    let (kind, file) = name.rsplit_once('/')?;
    let number = file.strip_suffix(".jsonl.gz")?.parse().ok()?;
    Some((Member::named(kind)?, number))
}

/// The rows of a member; none for those that have no rows.
fn rows(path: &Path, name: &str, stored: &[u8]) -> Result<Option<Item>, ArchiveError> {
    if [FORMAT, MANIFEST].contains(&name) {
        return Ok(None);
    }
    let (kind, _) = parse_name(name).ok_or_else(|| damaged(path, format!("no rows are in {name}")))?;
    let broken = |error: &dyn std::fmt::Display| damaged(path, format!("{name}: {error}"));
    let mut lines = String::new();
    GzDecoder::new(stored)
        .take(LINES_MOST)
        .read_to_string(&mut lines)
        .map_err(|error| broken(&error))?;
    kind.parse(&lines).map(Some).map_err(|error| broken(&error))
}
