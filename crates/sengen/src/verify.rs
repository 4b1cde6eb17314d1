//! `sengen verify`: the log, or a proof without any log.

use std::path::Path;

use app::attachment::DamagedAttachment;
use app::{DamagedFile, FileFault, FileReport, PassingKind};
use chrono::DateTime;
use event_store::{LogSigningKey, LoggedEntry, Proof, Proven, VerifierKey, VerifyOptions, VerifyReport};
use serde_json::json;

use crate::cli::VerifyArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output;

/// More sentences help nobody who reads them on a screen; `--json` has all.
const SENTENCES: usize = 20;

/// Walks the whole log, or checks a proof, and says what is wrong.
pub async fn run(config: &Config, args: &VerifyArgs) -> Result<(), Failure> {
    let key = args.key.as_deref().map(parse_key).transpose()?;
    match &args.proof {
        Some(file) => check_proof(config, file, key),
        None => walk(config, args, key).await,
    }
}

fn parse_key(text: &str) -> Result<VerifierKey, Failure> {
    text.parse()
        .map_err(|error| Failure::from_error(Exit::Usage, &error))
}

async fn walk(config: &Config, args: &VerifyArgs, key: Option<VerifierKey>) -> Result<(), Failure> {
    let office = Office::open_unchecked(config).await?;
    let report = report(&office, key).await;
    let files = office.app.verify_files().await;
    office.close().await;
    let report = report?;
    let files = files.map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    if args.json {
        output::line(&as_json(&report, &files).to_string());
    } else {
        as_text(&report);
        files_as_text(&files);
    }
    let documents = files.documents.damaged.iter();
    let what_to_do = documents
        .map(|file| format!("{}; restore it from a backup", damage(file)))
        .chain(files.damaged.iter().map(passing_damage))
        .next();
    match (report.first(), what_to_do) {
        (None, None) => Ok(()),
        (None, Some(first)) => Err(Failure::new(Exit::NotTrue, first)),
        (Some(first), _) => Err(Failure::new(
            Exit::NotTrue,
            format!(
                "the log was tampered with or damaged, first at position {}; restore it from a backup",
                first.position
            ),
        )),
    }
}

async fn report(office: &Office, key: Option<VerifierKey>) -> Result<VerifyReport, Failure> {
    let storage = |error: &(dyn std::error::Error + 'static)| Failure::from_error(Exit::Storage, error);
    let store = office.app.store();
    let own = office.tree.verifier_key();
    // The file is written with the key here, whatever the key that the heads are checked with.
    let kept = office.tree.head_file().map(|file| file.read(&own)).transpose();
    let outside = kept
        .map_err(|error| storage(&error))?
        .flatten()
        .map(|kept| kept.head);
    let key = key.unwrap_or(own);
    let head = store.head().await.map_err(|error| storage(&error))?;
    let bar = output::progress(head.get().unsigned_abs(), "events");
    let options = VerifyOptions {
        key: Some(&key),
        outside: outside.as_ref(),
        ..VerifyOptions::everything()
    };
    let report = store
        .verify_with(options, |position| bar.set(position.get().unsigned_abs()))
        .await;
    bar.finish();
    report.map_err(|error| storage(&error))
}

/// Which document of which declaration, and what is wrong with it.
fn damage(file: &DamagedAttachment) -> String {
    let what = match file.fault {
        FileFault::Missing => "is not there",
        FileFault::Changed => "is not what was attached",
    };
    format!(
        "the document {} of the declaration {}, attached at position {}, {what}",
        file.id, file.number, file.position
    )
}

/// The same of a file that is kept for some days: it is in no backup.
fn passing_damage(file: &DamagedFile) -> String {
    let (kind, what_to_do) = match file.kind {
        PassingKind::Export => ("export", "have it made again"),
        PassingKind::Import => ("import", "discard it and send the file again"),
    };
    let what = match file.fault {
        FileFault::Missing => "is not there",
        FileFault::Changed => "is not what was kept",
    };
    format!("the file of the {kind} {} {what}; {what_to_do}", file.id)
}

fn files_as_text(files: &FileReport) {
    let documents = &files.documents;
    let count = documents.damaged.len();
    output::line(&format!(
        "{} documents checked, {count} damaged or missing",
        documents.checked
    ));
    for file in documents.damaged.iter().take(SENTENCES) {
        output::line(&damage(file));
    }
    if count > SENTENCES {
        output::line(&format!("and {} more; --json lists them", count - SENTENCES));
    }
    output::line(&format!(
        "{} files of exports and imports checked, {} damaged or missing",
        files.passing,
        files.damaged.len()
    ));
    for file in files.damaged.iter().take(SENTENCES) {
        output::line(&passing_damage(file));
    }
}

const fn fault_code(fault: FileFault) -> &'static str {
    match fault {
        FileFault::Missing => "missing",
        FileFault::Changed => "changed",
    }
}

fn as_json(report: &VerifyReport, files: &FileReport) -> serde_json::Value {
    let documents = &files.documents;
    let damaged_files: Vec<_> = files
        .damaged
        .iter()
        .map(|file| {
            json!({
                "id": file.id.to_string(),
                "of": match file.kind {
                    PassingKind::Export => "export",
                    PassingKind::Import => "import",
                },
                "kind": fault_code(file.fault),
                "message": passing_damage(file),
            })
        })
        .collect();
    let damaged: Vec<_> = documents
        .damaged
        .iter()
        .map(|file| {
            json!({
                "id": file.id.to_string(),
                "declaration": file.number,
                "position": file.position.to_string(),
                "kind": fault_code(file.fault),
                "message": damage(file),
            })
        })
        .collect();
    let breaches: Vec<_> = report
        .breaches
        .iter()
        .map(|breach| {
            json!({
                "position": breach.position.to_string(),
                "kind": breach.kind.code(),
                "message": breach.to_string(),
            })
        })
        .collect();
    json!({
        "events": report.checked,
        "in_tree": report.in_tree,
        "heads": report.heads,
        "signed": report.signed,
        "breaches": breaches,
        "more_breaches": report.more,
        "documents": documents.checked,
        "damaged_documents": damaged,
        "files": files.passing,
        "damaged_files": damaged_files,
    })
}

fn as_text(report: &VerifyReport) {
    let count = report.breaches.len() as u64 + report.more;
    output::line(&format!("{} events checked, {count} breaches", report.checked));
    output::line(&format!(
        "the tree is over {} of them; {} signed heads, the newest over {} events",
        report.in_tree, report.heads, report.signed
    ));
    for breach in report.breaches.iter().take(SENTENCES) {
        output::line(&format!("position {}: {breach}", breach.position));
    }
    if count > SENTENCES as u64 {
        output::line(&format!(
            "and {} more; --json lists them",
            count - SENTENCES as u64
        ));
    }
}

fn check_proof(config: &Config, file: &Path, key: Option<VerifierKey>) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::new(
            Exit::Input,
            format!("{} cannot be read ({error})", file.display()),
        )
    })?;
    let untrue = |error: &event_store::ProofError| {
        Failure::new(
            Exit::NotTrue,
            format!("{} proves nothing: {error}", file.display()),
        )
    };
    let proof = Proof::parse(&text).map_err(|error| untrue(&error))?;
    let origin = &proof.checkpoint().head.origin;
    let own = || LogSigningKey::load(&config.signing_key_file).map(|key| key.verifier(origin));
    let Some(key) = key.or_else(|| own().ok()) else {
        let unsigned = proof.verify_unsigned().map_err(|error| untrue(&error))?;
        output::line("the hashes fit, but who signed was not checked: anybody can make such a file");
        describe(&proof, &unsigned);
        return Err(Failure::new(
            Exit::Usage,
            "without the log's key this proves nothing; get the key from the office (sengen proof --verifier-key) and \
             give it with --key",
        ));
    };
    let proven = proof.verify(&key).map_err(|error| untrue(&error))?;
    output::line("the proof holds");
    describe(&proof, &proven);
    output::line(&format!("signed with {key}"));
    Ok(())
}

/// What was proven and what was not.
fn describe(proof: &Proof, proven: &Proven) {
    let head = &proof.checkpoint().head;
    match (proven, proof) {
        (Proven::Event(entry), _) => {
            describe_event(entry);
            output::line(&format!("under the head over the first {} events", head.size));
            output::line(
                "not proven: what the data says (compare its hash), that no later event changed it, and when it was \
                 recorded (that is the office's own clock)",
            );
        }
        (Proven::Growth, Proof::Consistency(consistency)) => {
            output::line(&format!(
                "the log {} of {} events begins with exactly the {} events under the root {}: none of them was changed, \
                 removed or put in",
                head.origin,
                head.size,
                consistency.old_size,
                hex::encode(consistency.old_root)
            ));
            output::line(
                "compare that root with the one that you hold; not proven: what the events say, and when",
            );
        }
        (Proven::Growth, Proof::Inclusion(_)) => {}
    }
}

fn describe_event(entry: &LoggedEntry) {
    let time = DateTime::from_timestamp_micros(entry.recorded_at)
        .map_or_else(|| entry.recorded_at.to_string(), |time| time.to_rfc3339());
    output::line(&format!(
        "event {} of the log {} is {} (version {}), id {}",
        entry.position, entry.origin, entry.event_type, entry.schema_version, entry.event_id
    ));
    output::line(&format!(
        "recorded {time} by {}, effective {}, about {}",
        entry.actor,
        entry.effective_at,
        entry.tags.join(", ")
    ));
    output::line(&format!(
        "its data has the SHA-256 {}",
        hex::encode(entry.data_hash)
    ));
    for (name, subject, commitment) in &entry.personal {
        output::line(&format!(
            "its personal part {name} of subject {subject} has the commitment {}",
            hex::encode(commitment)
        ));
    }
}
