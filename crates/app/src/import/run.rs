//! The import of one file, from its first row to the figures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::TimeDelta;
use domain::legacy_register::Columns;
use domain::staff::Permission;
use domain::value::{Prefecture, Star};
use event_store::Position;
use storage::projection::Caught;
use tokio::task::JoinHandle;

use super::before::Before;
use super::report::{Report, ReportError, ReportLine};
use super::send::Landed;
use super::source::{Source, SourceError, SourceRow, SourceRows};
use super::summary::Summary;
use super::take::{AcceptedRow, InFlight, NumberedRow, Taken, Taker};
use crate::{App, Forbidden, Internal, OpContext, cause};

/// Rows that are looked up and committed together.
pub(super) const CHUNK: usize = 400;
/// How long the list may stand still: one batch takes seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// A server that runs beside moves the list on within this time; one that does not is taken for gone.
const SIGN_OF_LIFE: Duration = Duration::from_secs(3);

/// So many new events are worth a look at the whole table.
const SETTLED_AFTER: u64 = 10_000;

/// How a file is imported.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Say what would happen and write nothing.
    pub dry_run: bool,
    /// Where to write the report.
    pub report: Option<PathBuf>,
}

/// Why an import ended early. Rows before the failure stay; running it again goes on after them.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The file cannot be taken.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The report cannot be written.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Takes over the rows of an old register. `progress` hears how many rows are done.
    pub async fn import_declarations(
        &self,
        op: &OpContext,
        source: &Source,
        name: &str,
        options: &ImportOptions,
        progress: impl Fn(u64),
    ) -> Result<Summary, ImportError> {
        op.require(Permission::ImportDeclarations)?;
        // With nobody following the log, the list is kept up from here, beside the import.
        let list = self.storage.declarations_projection();
        if !options.dry_run && list.checkpoint().await.map_err(Internal::new)?.is_free {
            self.start_list();
        }
        let start = self.now();
        let mut import = Import {
            taker: Taker {
                app: self,
                op,
                register: name.to_owned(),
                commands: None,
                dry_run: options.dry_run,
                before: Before::default(),
                scratch: None,
                chunk_before: Landed::default(),
            },
            summary: Summary {
                encoding: source.encoding().as_str(),
                dry_run: options.dry_run,
                rows: source.rows(),
                ..Summary::default()
            },
            report: options.report.as_deref().map(Report::create).transpose()?,
            by_prefecture: BTreeMap::new(),
        };
        import.rows(source, progress).await?;
        let mut summary = import.finish()?;
        summary.commit_seconds = seconds(self.now() - start);
        let head = self.store.head().await.map_err(Internal::new)?;
        summary.position = Some(head.to_string());
        if summary.events_written > 0 {
            let committed = self.now();
            self.wait_for_list(head).await?;
            if summary.events_written > SETTLED_AFTER {
                // All rows are there; without it lists are slower until the database comes to it by itself.
                if let Err(error) = list.settle().await {
                    tracing::warn!(error = %cause(&error), "the database could not be told that many rows are new");
                }
            }
            summary.catch_up_seconds = Some(seconds(self.now() - committed));
        }
        Ok(summary)
    }

    /// Waits until the list has everything up to a position, however long it takes, unless it has stopped.
    pub(crate) async fn wait_for_list(&self, position: Position) -> Result<(), Internal> {
        let list = self.storage.declarations_projection();
        let before = list.checkpoint().await.map_err(Internal::new)?;
        // A server beside us follows the log already: taking the list over would leave it to nobody when we end.
        let mut followed = !before.is_free
            && match list.wait_for(position, SIGN_OF_LIFE).await {
                Caught::Up => return Ok(()),
                Caught::Behind(now) => now > before.position,
            };
        if !followed {
            self.start_list();
        }
        let mut reached = before.position;
        loop {
            match list.wait_for(position, PATIENCE).await {
                Caught::Up => return Ok(()),
                Caught::Behind(now) if now > reached => reached = now,
                Caught::Behind(_) if followed => {
                    followed = false;
                    self.start_list();
                }
                Caught::Behind(now) => return Err(Internal::new(ListStopped(now))),
            }
        }
    }
}

/// The rows are in the register; only the list does not show them yet.
#[derive(Debug, thiserror::Error)]
#[error(
    "all rows are in the register, but the list stands still at position {0}; see the log of the program"
)]
struct ListStopped(Position);

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of an import are far below 2^52"
)]
fn seconds(duration: TimeDelta) -> f64 {
    duration.num_milliseconds() as f64 / 1000.0
}

struct Import<'a> {
    taker: Taker<'a>,
    summary: Summary,
    report: Option<Report>,
    by_prefecture: BTreeMap<Prefecture, u64>,
}

impl Import<'_> {
    /// While the log takes one chunk, the next one is judged, and the one after that is read.
    async fn rows(&mut self, source: &Source, progress: impl Fn(u64)) -> Result<(), ImportError> {
        let mut reader = Reader::open(source)?;
        let mut done = 0;
        let mut in_flight = None;
        loop {
            let chunk = reader.next().await?;
            let is_last = chunk.is_empty();
            let next = if is_last {
                None
            } else {
                Some(self.taker.take(chunk).await?)
            };
            if let Some(landing) = std::mem::replace(&mut in_flight, next) {
                done += self.land(landing).await?;
                progress(done);
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Counts a chunk once its rows are in the log; answers how many rows it has.
    async fn land(&mut self, chunk: InFlight) -> Result<u64, ImportError> {
        let (taken, written) = chunk.landed().await?;
        self.summary.events_written += written;
        let rows = taken.len() as u64;
        for (number, taken) in taken {
            self.count(number, taken)?;
        }
        Ok(rows)
    }

    fn count(&mut self, row: u64, taken: Taken) -> Result<(), ReportError> {
        match taken {
            Taken::IdenticalRepeat => self.summary.identical_repeats += 1,
            Taken::Refused(refusal) => {
                self.summary.refuse(row, refusal.code.code());
                self.report(ReportLine {
                    row,
                    refused: true,
                    code: refusal.code.code(),
                    column: refusal.column.unwrap_or_default(),
                    found: refusal.found.reveal(),
                    message: refusal.code.words().japanese,
                })?;
            }
            Taken::Accepted(accepted) => {
                self.count_accepted(&accepted);
                for warning in accepted.warnings {
                    self.summary.warn(warning.flag.code());
                    self.report(ReportLine {
                        row,
                        refused: false,
                        code: warning.flag.code(),
                        column: warning.column,
                        found: warning.found.reveal(),
                        message: warning.flag.words().japanese,
                    })?;
                }
            }
        }
        Ok(())
    }

    fn count_accepted(&mut self, row: &AcceptedRow) {
        self.summary.accepted += 1;
        self.summary.accepted_stopped += u64::from(row.stopped);
        if let Some(star) = row.star {
            let stars = match star {
                Star::One => "1",
                Star::Two => "2",
            };
            *self.summary.accepted_by_star.entry(stars).or_default() += 1;
        }
        if let Some(prefecture) = row.prefecture {
            *self.by_prefecture.entry(prefecture).or_default() += 1;
        }
    }

    fn report(&mut self, line: ReportLine<'_>) -> Result<(), ReportError> {
        match &mut self.report {
            Some(report) => report.line(&line),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> Result<Summary, ReportError> {
        if let Some(report) = self.report.take() {
            report.finish()?;
        }
        let mut prefectures: Vec<_> = self.by_prefecture.into_iter().collect();
        prefectures.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        self.summary.accepted_by_prefecture_top5 = prefectures
            .into_iter()
            .take(5)
            .map(|(prefecture, rows)| (prefecture.name(), rows))
            .collect();
        Ok(self.summary)
    }
}

/// Reads the file on a thread of its own, one chunk ahead.
pub(super) struct Reader {
    columns: Columns,
    ahead: JoinHandle<(SourceRows, Result<Vec<NumberedRow>, SourceError>)>,
}

impl Reader {
    pub(super) fn open(source: &Source) -> Result<Self, SourceError> {
        let columns = source.columns().clone();
        let ahead = read_ahead(source.read()?, columns.clone());
        Ok(Self { columns, ahead })
    }

    /// The next rows; none at the end of the file.
    pub(super) async fn next(&mut self) -> Result<Vec<NumberedRow>, ImportError> {
        let (rows, chunk) = (&mut self.ahead).await.map_err(Internal::new)?;
        let chunk = chunk?;
        if !chunk.is_empty() {
            self.ahead = read_ahead(rows, self.columns.clone());
        }
        Ok(chunk)
    }
}

fn read_ahead(
    mut rows: SourceRows,
    columns: Columns,
) -> JoinHandle<(SourceRows, Result<Vec<NumberedRow>, SourceError>)> {
    tokio::task::spawn_blocking(move || {
        let chunk = next_chunk(&mut rows, &columns);
        (rows, chunk)
    })
}

fn next_chunk(rows: &mut SourceRows, columns: &Columns) -> Result<Vec<NumberedRow>, SourceError> {
    let mut chunk = Vec::with_capacity(CHUNK);
    while chunk.len() < CHUNK
        && let Some(row) = rows.next_row()?
    {
        chunk.push(read(columns, &row));
    }
    Ok(chunk)
}

fn read(columns: &Columns, row: &SourceRow) -> NumberedRow {
    let cells: Vec<&str> = row.cells.iter().collect();
    NumberedRow {
        number: row.number,
        reading: columns.read_row(&cells),
    }
}

impl Source {
    /// A name for the register: the file's.
    pub fn name(path: &Path) -> String {
        path.file_name().map_or_else(
            || "register".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        )
    }
}
