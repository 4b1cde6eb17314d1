//! `sengen import deadlines`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use app::calendar::{
    DeadlineFile, FileLimits, FileProblem, ImportDeadlines, ImportDeadlinesError, ImportReport, RowOutcome,
};
use app::{App, InputProblem};
use serde::Serialize;
use uuid::Uuid;

use super::{encoding, how_found, open};
use crate::cli::ImportDeadlinesArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::output;

/// What an import did, or would do, in figures. Keys that an import of declarations also has mean the same.
#[derive(Serialize)]
struct Summary<'a> {
    encoding: &'static str,
    dry_run: bool,
    /// Whether the calendar holds the rows now and did not before.
    written: bool,
    rows: usize,
    added: usize,
    changed: usize,
    same: usize,
    refused: usize,
    refused_by_code: BTreeMap<&'static str, usize>,
    refused_rows: Vec<RefusedRow<'a>>,
    /// Where the newest event of the calendar stands.
    position: String,
}

/// One reason why a row is refused.
#[derive(Serialize)]
struct RefusedRow<'a> {
    /// 1-based line of the file.
    line: u64,
    field: &'a str,
    code: &'static str,
    /// One sentence in Japanese, as in the console.
    message: &'a str,
}

/// Takes deadlines over, all of them or none.
pub async fn run(config: &Config, args: &ImportDeadlinesArgs) -> Result<(), Failure> {
    let file = DeadlineFile {
        content: read(&args.file)?,
        source: args.source.clone().unwrap_or_default(),
        encoding: args.encoding.map(encoding),
        limits: FileLimits::COMMAND_LINE,
    };
    // Looked through before anything is opened: a file that cannot be taken leaves no trace.
    let seen = file
        .look_through()
        .map_err(|problem| refused_file(&args.file, &problem))?;
    if !args.json {
        output::note(&format!(
            "{}: {} rows, {} ({})",
            args.file.display(),
            seen.rows,
            seen.encoding.as_str(),
            how_found(args.encoding)
        ));
    }
    // Held until the end: with it goes what a dry run without a register needed.
    let (office, _scratch) = open(config, args.dry_run).await?;
    let imported = import(&office.app, file, args.dry_run).await;
    office.close().await;
    let report = imported?;
    let summary = summary(seen.encoding.as_str(), args.dry_run, &report);
    if args.json {
        let json =
            serde_json::to_string(&summary).map_err(|error| Failure::from_error(Exit::Other, &error))?;
        output::line(&json);
    } else {
        tell(&summary);
    }
    if summary.refused == 0 {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Input,
        format!(
            "{} of {} rows of {} cannot be taken, so none was; correct them and import the file again",
            summary.refused,
            summary.rows,
            args.file.display()
        ),
    ))
}

/// Judges every row, and takes all of them when none is refused and something is to be written.
async fn import(app: &App, file: DeadlineFile, dry_run: bool) -> Result<ImportReport, Failure> {
    let op = app
        .command_line()
        .map_err(|error| Failure::from_error(Exit::Other, &error))?;
    let looked_at = ImportDeadlines {
        command_id: Uuid::nil(),
        file: file.clone(),
        expected_version: None,
    };
    let report = app
        .import_deadlines(&op, looked_at)
        .await
        .map_err(|error| failure(&error))?;
    let is_refused = |row: &app::calendar::RowReport| matches!(row.outcome, RowOutcome::Refused(_));
    if dry_run || report.rows.iter().any(is_refused) {
        return Ok(report);
    }
    let command = ImportDeadlines {
        command_id: file.command_id(report.version),
        file,
        expected_version: Some(report.version),
    };
    app.import_deadlines(&op, command)
        .await
        .map_err(|error| failure(&error))
}

/// The bytes of a file. One that is too large is not read to its end.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::new(Exit::Input, format!("{} cannot be read: {error}", path.display()))
    };
    // Looked at before it is opened: opening a pipe waits for whoever writes into it.
    let is_file = std::fs::metadata(path).map_err(unreadable)?.is_file();
    if !is_file {
        let message = format!(
            "{} is not a file; name the CSV or iCalendar file itself",
            path.display()
        );
        return Err(Failure::new(Exit::Input, message));
    }
    let most = FileLimits::COMMAND_LINE.bytes();
    let mut content = Vec::new();
    let one_more = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let file = File::open(path).map_err(unreadable)?;
    file.take(one_more)
        .read_to_end(&mut content)
        .map_err(unreadable)?;
    Ok(content)
}

fn refused_file(path: &Path, problem: &FileProblem) -> Failure {
    Failure::new(Exit::Input, format!("{}: {problem}", path.display()))
}

fn failure(error: &ImportDeadlinesError) -> Failure {
    let overtaken = || {
        Failure::new(
            Exit::Other,
            "the deadlines were changed at this moment; run this import again",
        )
    };
    match error {
        ImportDeadlinesError::Stale => overtaken(),
        // The same file by another process at this moment: the next run finds its rows in the calendar.
        ImportDeadlinesError::Invalid(problem) if problem.code == InputProblem::command_reused().code => {
            overtaken()
        }
        ImportDeadlinesError::Invalid(problem) => Failure::new(Exit::Input, problem.message.clone()),
        ImportDeadlinesError::Forbidden(_) | ImportDeadlinesError::Internal(_) => {
            Failure::from_error(Exit::Other, error)
        }
    }
}

fn summary<'a>(encoding: &'static str, dry_run: bool, report: &'a ImportReport) -> Summary<'a> {
    let mut summary = Summary {
        encoding,
        dry_run,
        written: report.written,
        rows: report.rows.len(),
        added: 0,
        changed: 0,
        same: 0,
        refused: 0,
        refused_by_code: BTreeMap::new(),
        refused_rows: Vec::new(),
        position: report.version.to_string(),
    };
    for row in &report.rows {
        match &row.outcome {
            RowOutcome::New(_) => summary.added += 1,
            RowOutcome::Changed { .. } => summary.changed += 1,
            RowOutcome::Same(_) => summary.same += 1,
            RowOutcome::Refused(problems) => {
                summary.refused += 1;
                for problem in problems {
                    *summary.refused_by_code.entry(problem.code).or_default() += 1;
                    summary.refused_rows.push(RefusedRow {
                        line: row.line,
                        field: &problem.field,
                        code: problem.code,
                        message: &problem.message,
                    });
                }
            }
        }
    }
    summary
}

fn tell(summary: &Summary<'_>) {
    let say = |text: String| output::line(&text);
    // Of an import that wrote nothing because all is there already nobody asks what would be.
    let is_only_told = !summary.written && summary.added + summary.changed > 0;
    let verb = if is_only_told { "would be " } else { "" };
    say(format!(
        "{} of {} rows {verb}added, {} {verb}changed, {} the calendar has already, {} refused",
        summary.added, summary.rows, summary.changed, summary.same, summary.refused
    ));
    for row in &summary.refused_rows {
        say(format!(
            "  refused  line {:>6}  {}  {}",
            row.line, row.code, row.message
        ));
    }
    if !summary.written && !summary.dry_run {
        say("nothing was changed".to_owned());
    }
}
