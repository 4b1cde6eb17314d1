//! `sengen mail import` and `sengen mail deliver`: messages from files, and from the mail server of this machine.

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::incoming_mail::{MailSource, RawMail};
use mail::incoming::mbox::{Mbox, is_mbox};
use mail::incoming::{BEGINNING, ReadLimits};
use scheduler::{MailReader, ReadCounts};
use serde::Serialize;

use crate::cli::MailImportArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output;

/// Messages, and bytes of them, that are taken together.
const BATCH: usize = 100;
const BATCH_BYTES: usize = 16 << 20;
/// How deep folders are looked into.
const DEPTH_MAX: usize = 20;

/// What is printed.
#[derive(Debug, Default, Serialize)]
struct Summary {
    files: u64,
    messages: u64,
    new: u64,
    known: u64,
    /// Too large: only the beginning was kept.
    cut: u64,
    read: ReadCounts,
}

/// Takes messages from a file or a folder, then reads them.
pub async fn import(config: &Config, args: &MailImportArgs) -> Result<(), Failure> {
    let files = files(&args.path)?;
    let office = Office::open(config).await?;
    let imported = take_all(&office, &files).await;
    office.close().await;
    let summary = imported?;
    if args.json {
        let json = serde_json::to_string(&summary);
        output::line(&json.map_err(|error| Failure::from_error(Exit::Other, &error))?);
        return Ok(());
    }
    output::line(&format!(
        "{} messages of {} files: {} new, {} known already",
        summary.messages, summary.files, summary.new, summary.known
    ));
    if summary.cut > 0 {
        output::line(&format!(
            "{} are too large; their beginnings were kept",
            summary.cut
        ));
    }
    for (kind, count) in &summary.read {
        output::line(&format!("  {count:>7}  {kind}"));
    }
    Ok(())
}

/// Takes one message from standard input. Whoever hands it over keeps it and tries again, unless this ends well: see [`not_taken`].
pub async fn deliver(config: &Config) -> Result<(), Failure> {
    let limits = ReadLimits::default();
    let raw = read_some(io::stdin().lock(), limits.size)
        .map_err(|error| Failure::new(Exit::Other, format!("standard input cannot be read: {error}")))?;
    if raw.size == 0 {
        let text = "standard input is empty: there is no message to take";
        return Err(Failure::new(Exit::Input, text));
    }
    let office = Office::open(config).await?;
    let taken = office.app.take_mail(&MailSource::Pipe, &[raw]).await;
    office.close().await;
    taken
        .map(drop)
        .map_err(|error| Failure::from_error(Exit::Storage, &error))
}

/// What a mail server is told when a message was not taken, also where the settings are wrong: with any other code it sends the message
/// back to whoever wrote it. That there was no message passes never.
pub const fn not_taken(exit: Exit) -> Exit {
    match exit {
        Exit::Input => Exit::Input,
        _ => Exit::TryLater,
    }
}

async fn take_all(office: &Office, files: &[PathBuf]) -> Result<Summary, Failure> {
    let mut summary = Summary::default();
    let mut batch = Vec::new();
    let bar = output::progress(u64::try_from(files.len()).unwrap_or(0), "files");
    for (done, path) in files.iter().enumerate() {
        summary.files += 1;
        for message in messages(path)? {
            batch.push(message?);
            let bytes: usize = batch.iter().map(|it: &RawMail| it.bytes.len()).sum();
            if batch.len() >= BATCH || bytes >= BATCH_BYTES {
                take(office, &mut batch, &mut summary).await?;
            }
        }
        bar.set(u64::try_from(done).unwrap_or(0) + 1);
    }
    take(office, &mut batch, &mut summary).await?;
    bar.finish();
    let reader = MailReader::new(Arc::clone(&office.app), ReadLimits::default());
    let read = reader.read_all().await;
    summary.read = read.map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    Ok(summary)
}

async fn take(office: &Office, batch: &mut Vec<RawMail>, summary: &mut Summary) -> Result<(), Failure> {
    let taken = office.app.take_mail(&MailSource::File, batch).await;
    for (mail, taken) in batch
        .iter()
        .zip(taken.map_err(|error| Failure::from_error(Exit::Storage, &error))?)
    {
        summary.messages += 1;
        *(if taken.is_new {
            &mut summary.new
        } else {
            &mut summary.known
        }) += 1;
        let is_cut = u64::try_from(mail.bytes.len()).unwrap_or(0) < mail.size;
        summary.cut += u64::from(is_cut);
    }
    batch.clear();
    Ok(())
}

/// The file, or all files of messages in the folder and those in it, in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |path: &Path, error: &io::Error| {
        Failure::new(Exit::Input, format!("{} cannot be read: {error}", path.display()))
    };
    let is_folder = path.metadata().map_err(|error| failed(path, &error))?.is_dir();
    if !is_folder {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![(path.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in folder.read_dir().map_err(|error| failed(&folder, &error))? {
            let path = entry.map_err(|error| failed(&folder, &error))?.path();
            // Links are not followed: a folder could lie in itself.
            let kind = path.symlink_metadata().map_err(|error| failed(&path, &error))?;
            let is_message = path
                .extension()
                .is_some_and(|it| it.eq_ignore_ascii_case("eml") || it.eq_ignore_ascii_case("mbox"));
            if kind.is_dir() && depth < DEPTH_MAX {
                folders.push((path, depth + 1));
            } else if kind.is_file() && is_message {
                found.push(path);
            }
        }
    }
    if found.is_empty() {
        let text = format!("{} has no files that end in .eml or .mbox", path.display());
        return Err(Failure::new(Exit::Input, text));
    }
    found.sort();
    Ok(found)
}

type Messages = Box<dyn Iterator<Item = Result<RawMail, Failure>>>;

/// The messages of a file: one, or as many as lie in it one behind the other.
fn messages(path: &Path) -> Result<Messages, Failure> {
    let name = path.display().to_string();
    let failed = move |error: io::Error| Failure::new(Exit::Input, format!("{name} cannot be read: {error}"));
    let most = ReadLimits::default().size;
    let mut file = File::open(path).map_err(&failed)?;
    let mut beginning = Vec::new();
    file.by_ref()
        .take(5)
        .read_to_end(&mut beginning)
        .map_err(&failed)?;
    let is_many = is_mbox(&beginning);
    let file = BufReader::new(io::Cursor::new(beginning).chain(file));
    if is_many {
        return Ok(Box::new(Mbox::new(file, most).map(move |message| {
            let message = message.map_err(&failed)?;
            Ok(cut(message.bytes, message.size, most))
        })));
    }
    Ok(Box::new(std::iter::once(read_some(file, most).map_err(failed))))
}

/// Reads all, and keeps as much as is read of a message.
fn read_some(mut from: impl io::Read, most: usize) -> io::Result<RawMail> {
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    from.by_ref().take(limit).read_to_end(&mut bytes)?;
    let rest = io::copy(&mut from, &mut io::sink())?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX) + rest;
    Ok(cut(bytes, size, most))
}

/// Of a message that is not read, as much as shows what it is.
fn cut(mut bytes: Vec<u8>, size: u64, most: usize) -> RawMail {
    if size > u64::try_from(most).unwrap_or(u64::MAX) {
        bytes.truncate(BEGINNING);
    }
    RawMail { bytes, size }
}
