//! The two jobs of an import: trying it out, and carrying it out, by the same code as the command line.
//!
//! Like a bulk change it writes while it runs. What makes that safe: a row whose fingerprint is in the register is not written again, each row
//! has a command id of its own that follows from the import and the row, and its number is guarded. So an attempt that is made again begins
//! at the first row, and passes over those that are there. How many rows are done is written after they are; what lies between two such notes
//! when a process ends is found by the receipts of its commands.

use domain::import::{Finished, ImportCounts, ImportEvent, Tried};
use domain::job::Patience;
use domain::legacy_register::{Refusal, Warning};
use domain::reason::{Counted, Reason, ReasonCode};
use domain::staff::{Actor, Permission, Role};
use event_store::BoxFuture;
use storage::import::{self as table, Import};
use storage::import_file;
use storage::import_row::{self as rows, ImportRow};

use super::before::Before;
use super::content::FileError;
use super::run::{CHUNK, ImportError, Reader};
use super::send::Landed;
use super::take::{InFlight, Taken, Taker, row_command};
use crate::job::{Effects, JobFailure, JobHandler, JobRun};
use crate::{App, Internal, OpContext};

/// Rows after the last one that is on record which a process that ended may have written: those of two pieces.
const IN_DOUBT: u64 = 2 * CHUNK as u64;

/// Tries an import out: what would become of each row. Nothing is in the register yet.
#[derive(Debug, Clone, Copy, Default)]
pub struct TryImport;

/// Carries an import out.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunImport;

impl JobHandler for TryImport {
    fn command(&self) -> &'static str {
        table::TRY
    }

    fn patience(&self) -> Patience {
        Patience::LONG
    }

    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(app.work_import(run, Pass::Trial))
    }
}

impl JobHandler for RunImport {
    fn command(&self) -> &'static str {
        table::RUN
    }

    fn patience(&self) -> Patience {
        Patience::LONG
    }

    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(app.work_import(run, Pass::Run))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    Trial,
    Run,
}

/// What an attempt knows.
struct Work<'a> {
    app: &'a App,
    run: &'a JobRun,
    import: Import,
    pass: Pass,
    counts: ImportCounts,
    /// Rows that earlier attempts have counted.
    counted: u64,
    /// What was found so far.
    ordinal: u32,
}

fn failed(error: &Internal) -> JobFailure {
    JobFailure::Failed(crate::reason_of(error))
}

fn lost() -> JobFailure {
    let text = "the file of the import cannot be read any more";
    JobFailure::Hopeless(Reason::new(ReasonCode::ImportUnreadable, text))
}

impl App {
    async fn work_import(&self, run: &JobRun, pass: Pass) -> Result<Effects, JobFailure> {
        let database = self.store.database();
        let found = table::of_job(database, run.job.id).await;
        let import = found.map_err(|error| failed(&Internal::new(error)))?;
        let import = import.filter(|it| !it.discarded).ok_or_else(lost)?;
        let op = self.import_operation(&import, run).await?;
        let source = self.import_source(&import).await.map_err(|error| match error {
            FileError::Gone => lost(),
            FileError::Internal(error) => failed(&error),
        })?;
        let before = match pass {
            Pass::Run => import_file::progress(database, import.id).await,
            Pass::Trial => rows::clear(database, run.job.id).await.map(|()| None),
        };
        let counts = before
            .map_err(|error| failed(&Internal::new(error)))?
            .unwrap_or_default();
        let mut taker = Taker {
            app: self,
            op: &op,
            register: format!("import {}", import.id),
            commands: Some(import.id.uuid()),
            dry_run: pass == Pass::Trial,
            before: Before::default(),
            scratch: None,
            chunk_before: Landed::default(),
        };
        let mut work = Work {
            app: self,
            run,
            import,
            pass,
            counts,
            counted: counts.rows,
            ordinal: 0,
        };
        let reader = Reader::open(&source).map_err(|error| failed(&Internal::new(error)))?;
        work.rows(&mut taker, reader, source.rows()).await?;
        work.effects().map_err(|error| failed(&error))
    }

    /// In the name of whoever said how it is read, or began it, with the rights that they have at this moment: when they lose them, it ends.
    async fn import_operation(&self, import: &Import, run: &JobRun) -> Result<OpContext, JobFailure> {
        let not_allowed = || {
            let text = "whoever began it may not do it any more";
            JobFailure::Hopeless(Reason::new(ReasonCode::ImportNotAllowed, text))
        };
        let actor: Actor = run.job.requested_by.parse().map_err(|_| not_allowed())?;
        let request = import.id.uuid();
        let op = match actor {
            Actor::Staff(id) => self
                .in_the_name_of(id, request, "import")
                .await
                .map_err(|error| failed(&error))?,
            Actor::System(_) => Some(self.context(actor, vec![Role::Administrator], request, "import")),
            Actor::Token(_) | Actor::Declarer => None,
        };
        op.filter(|op| op.may(Permission::ImportDeclarations))
            .ok_or_else(not_allowed)
    }
}

impl Work<'_> {
    /// While the log takes one piece, the next one is judged, and the one after that is read. What is under way lands before it stops.
    async fn rows(
        &mut self,
        taker: &mut Taker<'_>,
        mut reader: Reader,
        total: u64,
    ) -> Result<(), JobFailure> {
        let mut done = 0;
        let mut in_flight: Option<InFlight> = None;
        loop {
            self.run.report(done, total);
            let may_go_on = self.may_go_on().await;
            let chunk = match &may_go_on {
                Ok(()) => reader.next().await.map_err(of_import)?,
                Err(_) => Vec::new(),
            };
            let is_last = chunk.is_empty();
            let next = if is_last {
                None
            } else {
                Some(taker.take(chunk).await.map_err(|error| failed(&error))?)
            };
            if let Some(landing) = std::mem::replace(&mut in_flight, next) {
                done += self.land(landing).await.map_err(|error| failed(&error))?;
                self.run.report(done, total);
            }
            if is_last {
                return may_go_on;
            }
        }
    }

    async fn may_go_on(&self) -> Result<(), JobFailure> {
        self.app.go_on(self.run).await?;
        self.app.import_operation(&self.import, self.run).await.map(drop)
    }

    /// Counts a piece once its rows are in the log, or would be; answers how many rows it has.
    async fn land(&mut self, piece: InFlight) -> Result<u64, Internal> {
        let (taken, _) = piece.landed().await?;
        let rows = taken.len() as u64;
        let mut found = Vec::new();
        for (number, taken) in taken {
            if number > self.counted {
                self.count(number, taken, &mut found).await?;
            }
        }
        let (database, id) = (self.app.store.database(), self.import.id);
        match self.pass {
            Pass::Trial => rows::add(database, id, self.run.job.id, &found).await,
            Pass::Run => import_file::report(database, id, self.counts).await,
        }
        .map_err(Internal::new)?;
        Ok(rows)
    }

    async fn count(&mut self, row: u64, taken: Taken, found: &mut Vec<ImportRow>) -> Result<(), Internal> {
        self.counts.rows = row;
        match taken {
            Taken::IdenticalRepeat if self.was_written_before(row).await? => self.counts.accepted += 1,
            Taken::IdenticalRepeat => self.counts.repeats += 1,
            Taken::Refused(refusal) => {
                self.counts.refused += 1;
                self.find_refusal(row, &refusal, found).await?;
            }
            Taken::Accepted(accepted) => {
                self.counts.accepted += 1;
                self.counts.warnings += accepted.warnings.len() as u64;
                for warning in &accepted.warnings {
                    self.find_warning(row, warning, found).await?;
                }
            }
        }
        Ok(())
    }

    /// Whether this import wrote the row itself, in an attempt that ended before it could say so.
    async fn was_written_before(&self, row: u64) -> Result<bool, Internal> {
        if self.pass == Pass::Trial || row > self.counted + IN_DOUBT {
            return Ok(false);
        }
        let command = row_command(self.import.id.uuid(), row);
        let receipt = self.app.store.receipt(command).await;
        Ok(receipt.map_err(Internal::new)?.is_some())
    }

    async fn find_refusal(
        &mut self,
        row: u64,
        refusal: &Refusal,
        found: &mut Vec<ImportRow>,
    ) -> Result<(), Internal> {
        let what = Found {
            row,
            refused: true,
            code: refusal.code.code(),
            heading: refusal.column,
            text: refusal.found.reveal(),
        };
        self.find(what, found).await
    }

    async fn find_warning(
        &mut self,
        row: u64,
        warning: &Warning,
        found: &mut Vec<ImportRow>,
    ) -> Result<(), Internal> {
        let what = Found {
            row,
            refused: false,
            code: warning.flag.code(),
            heading: Some(warning.column),
            text: warning.found.reveal(),
        };
        self.find(what, found).await
    }

    /// Only a trial keeps what it finds: a run finds the same.
    async fn find(&mut self, what: Found<'_>, found: &mut Vec<ImportRow>) -> Result<(), Internal> {
        if self.pass == Pass::Run {
            return Ok(());
        }
        self.ordinal += 1;
        let (trial, ordinal) = (self.run.job.id, self.ordinal);
        let sealed = self
            .app
            .seal_found(self.import.id, trial, ordinal, what.text)
            .await?;
        found.push(ImportRow {
            ordinal,
            row: what.row,
            refused: what.refused,
            code: what.code.to_owned(),
            heading: what.heading.map(str::to_owned),
            found: sealed,
        });
        Ok(())
    }

    fn effects(&self) -> Result<Effects, Internal> {
        let (import_id, counts) = (self.import.id, self.counts);
        let left = counts.repeats + counts.refused;
        let (said, code, text) = match self.pass {
            Pass::Trial => (
                ImportEvent::Tried(Tried {
                    import_id,
                    trial_job_id: self.run.job.id,
                    counts,
                }),
                ReasonCode::ImportTried,
                "would be taken over",
            ),
            Pass::Run => (
                ImportEvent::Finished(Finished { import_id, counts }),
                ReasonCode::ImportDone,
                "were taken over",
            ),
        };
        let accepted = counts.accepted;
        Ok(Effects {
            result: Reason::new(code, format!("{accepted} rows {text}, {left} not"))
                .counting(Counted::Changed, accepted)
                .counting(Counted::LeftAlone, left),
            events: vec![self.app.import_event(&said, Vec::new())?],
        })
    }
}

/// What was found in a row.
struct Found<'a> {
    row: u64,
    refused: bool,
    code: &'static str,
    heading: Option<&'static str>,
    text: &'a str,
}

fn of_import(error: ImportError) -> JobFailure {
    match error {
        ImportError::Internal(error) => failed(&error),
        error => failed(&Internal::new(error)),
    }
}
