//! `sengen import`.

pub mod deadlines;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use app::import::{ImportError, ImportOptions, Source, SourceEncoding, Summary};
use tempfile::TempDir;

use crate::cli::{EncodingName, ImportDeclarationsArgs};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output;

/// Takes over an old register.
pub async fn declarations(config: &Config, args: &ImportDeclarationsArgs) -> Result<(), Failure> {
    let encoding = args.encoding.map(encoding);
    // Looked through before anything is opened: a file that cannot be taken leaves no trace.
    let source =
        Source::open(&args.file, encoding).map_err(|error| Failure::new(Exit::Input, error.to_string()))?;
    if !args.json {
        output::note(&format!(
            "{}: {} rows, {} ({})",
            args.file.display(),
            source.rows(),
            source.encoding().as_str(),
            how_found(args.encoding)
        ));
    }
    if let Some(report) = &args.report {
        refuse_to_overwrite(&args.file, report)?;
    }
    // Held until the end: with it goes what a dry run without a register needed.
    let (office, _scratch) = open(config, args.dry_run).await?;
    let op = office
        .app
        .command_line()
        .map_err(|error| Failure::from_error(Exit::Other, &error))?;
    let options = ImportOptions {
        dry_run: args.dry_run,
        report: args.report.clone(),
    };
    let bar = output::progress(source.rows(), "rows");
    let name = Source::name(&args.file);
    let imported = office
        .app
        .import_declarations(&op, &source, &name, &options, |done| bar.set(done))
        .await;
    bar.finish();
    office.close().await;
    let summary = imported.map_err(|error| failure(&error))?;
    if args.json {
        let json =
            serde_json::to_string(&summary).map_err(|error| Failure::from_error(Exit::Other, &error))?;
        output::line(&json);
    } else {
        tell(&summary, args.report.as_ref());
    }
    Ok(())
}

const fn encoding(name: EncodingName) -> SourceEncoding {
    match name {
        EncodingName::Utf8 => SourceEncoding::Utf8,
        EncodingName::Cp932 => SourceEncoding::Cp932,
    }
}

const fn how_found(encoding: Option<EncodingName>) -> &'static str {
    if encoding.is_some() {
        "as asked for"
    } else {
        "detected"
    }
}

/// Opens the office. A dry run where no register is makes none: it looks into an empty one in a temporary folder.
async fn open(config: &Config, dry_run: bool) -> Result<(Office, Option<TempDir>), Failure> {
    if !dry_run || Office::is_there(config) {
        return Ok((Office::open(config).await?, None));
    }
    let scratch = TempDir::new().map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    let config = Config {
        data_dir: scratch.path().to_owned(),
        key_file: scratch.path().join("key-encryption.key"),
        signing_key_file: scratch.path().join("log-signing.key"),
        head_file: scratch.path().join("signed-head"),
        ..config.clone()
    };
    Ok((Office::open(&config).await?, Some(scratch)))
}

/// The report would take the place of the very register that is imported.
fn refuse_to_overwrite(register: &Path, report: &Path) -> Result<(), Failure> {
    match (register.canonicalize(), report.canonicalize()) {
        (Ok(register), Ok(report)) if register == report => Err(Failure::new(
            Exit::Usage,
            format!(
                "--report {} is the register itself; name another file for the report",
                report.display()
            ),
        )),
        _ => Ok(()),
    }
}

fn failure(error: &ImportError) -> Failure {
    match error {
        ImportError::Source(error) => Failure::new(Exit::Input, error.to_string()),
        ImportError::Report(error) => Failure::new(Exit::Usage, error.to_string()),
        ImportError::Forbidden(_) | ImportError::Internal(_) => Failure::from_error(Exit::Other, error),
    }
}

fn tell(summary: &Summary, report: Option<&PathBuf>) {
    let say = |text: String| output::line(&text);
    let verb = if summary.dry_run {
        "would be accepted"
    } else {
        "accepted"
    };
    say(format!(
        "{} of {} rows {verb}, {} refused",
        summary.accepted, summary.rows, summary.refused
    ));
    if summary.identical_repeats > 0 {
        say(format!(
            "{} rows repeat what is in the register, to the letter",
            summary.identical_repeats
        ));
    }
    if summary.events_written == 0 && !summary.dry_run {
        say("nothing was changed".to_owned());
    }
    for (code, rows) in &summary.refused_by_code {
        say(format!("  refused  {rows:>7}  {code}"));
    }
    for (code, rows) in &summary.warnings_by_code {
        say(format!("  warning  {rows:>7}  {code}"));
    }
    match report {
        Some(path) => say(format!("each row with its reason: {}", path.display())),
        None if summary.refused > 0 || !summary.warnings_by_code.is_empty() => {
            say("name a file with --report to have each row with its reason".to_owned());
        }
        None => {}
    }
    if !std::io::stdout().is_terminal() {
        return;
    }
    say("look at them: sengen serve".to_owned());
}
