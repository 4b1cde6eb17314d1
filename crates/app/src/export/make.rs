//! The job that makes a file: the view is walked through as it was at one moment, page by page, and sealed as it grows. An attempt that is made
//! again begins anew; what an earlier one has left goes first.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::{Days, NaiveDate};
use domain::DeclarationId;
use domain::declaration::Declaration;
use domain::export::{ExportEvent, ExportPart, Format, Made};
use domain::job::Patience;
use domain::reason::{Counted, Reason, ReasonCode};
use domain::staff::{Actor, Permission, Role};
use event_store::{BoxFuture, Position};
use storage::declaration::{DeclarationRow, ListRequest, Search, SearchScope, Walk};
use storage::export::{self as table, Export, KEPT_DAYS};
use storage::export_piece;
use tokio::sync::mpsc;

use super::ExportContent;
use super::cells::Line;
use super::keep::{Keeper, PIECE, Place};
use super::sheet::{ROWS_MAX, Report, Sheet};
use super::start::is_far_more;
use super::take::part_of_reads;
use crate::job::{Effects, JobFailure, JobHandler, JobRun};
use crate::{App, Internal, OpContext, PersonalPart};

/// Histories that are read at once.
const HISTORIES: usize = 250;

/// Makes a file that leaves.
#[derive(Debug, Clone, Copy, Default)]
pub struct MakeExport;

impl JobHandler for MakeExport {
    fn command(&self) -> &'static str {
        table::MAKE
    }

    fn patience(&self) -> Patience {
        Patience::LONG
    }

    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(app.make_export(run))
    }
}

fn failed(error: &Internal) -> JobFailure {
    JobFailure::Failed(crate::reason_of(error))
}

fn hopeless(code: ReasonCode, text: &str) -> JobFailure {
    JobFailure::Hopeless(Reason::new(code, text))
}

impl App {
    async fn make_export(&self, run: &JobRun) -> Result<Effects, JobFailure> {
        let (export, content) = self.export_to_make(run).await?;
        let op = self.export_operation(&export).await?;
        let place = Place {
            id: export.id,
            subject: export.file_subject,
            term: run.job.term,
        };
        let left = export_piece::remove_up_to(self.store.database(), export.id, run.job.term).await;
        left.map_err(|error| failed(&Internal::new(error)))?;
        self.wait_for_asked(&export).await;
        let mut walk = self.walk_of(&op, &content).await?;
        let at = walk.checkpoint().clone();
        let day = at.day.unwrap_or_else(|| op.today());
        let mut making = Making::new(place, &export).map_err(|error| failed(&error))?;
        loop {
            let page = walk.next().await;
            let (rows, total) = page.map_err(|error| failed(&Internal::new(error)))?;
            run.report(making.rows, total.max(making.rows));
            self.go_on(run).await?;
            if rows.is_empty() {
                break;
            }
            // Whoever loses a right meanwhile gets no file.
            let op = self.export_operation(&export).await?;
            self.refuse_too_many(&export, making.rows + rows.len() as u64)?;
            let lines = self.lines_of(&op, &export, &rows, (day, at.position)).await;
            let lines = lines.map_err(|error| failed(&error))?;
            making.add(self, lines).await.map_err(|error| failed(&error))?;
        }
        drop(walk);
        let rows = making.rows;
        let made = making.finish(self, (day, at.position)).await;
        let made = made.map_err(|error| failed(&error))?;
        let event = self.export_event(&ExportEvent::Made(made), Vec::new());
        Ok(Effects {
            result: Reason::new(ReasonCode::ExportMade, format!("a file of {rows} rows was made"))
                .counting(Counted::Rows, rows),
            events: vec![event.map_err(|error| failed(&error))?],
        })
    }

    /// What the job is about. What cannot be read any more will not be readable later either.
    async fn export_to_make(&self, run: &JobRun) -> Result<(Export, ExportContent), JobFailure> {
        let lost = || {
            hopeless(
                ReasonCode::ExportUnreadable,
                "what the file is to be about cannot be read any more",
            )
        };
        let found = table::of_job(self.store.database(), run.job.id).await;
        let found = found.map_err(|error| failed(&Internal::new(error)))?;
        let export = found.filter(|export| export.ended.is_none()).ok_or_else(lost)?;
        let content = self.export_content(export.id).await;
        let content = content.map_err(|error| failed(&error))?.ok_or_else(lost)?;
        Ok((export, content))
    }

    /// In the name of whoever asked, with the rights that they have at this moment.
    async fn export_operation(&self, export: &Export) -> Result<OpContext, JobFailure> {
        let not_allowed = || {
            hopeless(
                ReasonCode::ExportNotAllowed,
                "whoever asked for the file may not have it any more",
            )
        };
        let actor: Actor = export.requested_by.parse().map_err(|_| not_allowed())?;
        let request = export.id.uuid();
        let op = match actor {
            Actor::Staff(id) => self
                .in_the_name_of(id, request, "export")
                .await
                .map_err(|error| failed(&error))?,
            Actor::System(_) => Some(self.context(actor, vec![Role::Administrator], request, "export")),
            Actor::Token(_) | Actor::Declarer => None,
        };
        let may = |op: &OpContext| {
            op.may(Permission::ExportDeclarations)
                && op.may(Permission::ReadDeclarations)
                && (!export.asks_for_persons() || op.may(Permission::ReadPersonal))
        };
        op.filter(may).ok_or_else(not_allowed)
    }

    /// Until the list has what was in the log when somebody asked: they may have changed it a moment before.
    async fn wait_for_asked(&self, export: &Export) {
        if let Ok(head) = self.store.head().await
            && export.made.is_none()
        {
            let list = self.storage.declarations_projection();
            list.wait_for(head, std::time::Duration::from_secs(2)).await;
        }
    }

    async fn walk_of(&self, op: &OpContext, content: &ExportContent) -> Result<Walk, JobFailure> {
        let scope = if op.may(Permission::ReadPersonal) {
            SearchScope::Personal
        } else {
            SearchScope::Public
        };
        let search = content.search.as_deref().map(|text| Search::parse(text, scope));
        let search = search.transpose();
        let search = search.map_err(|error| failed(&Internal::new(error)))?;
        let request = ListRequest {
            filter: content.filter.clone(),
            search: search.flatten(),
            sort: content.order(),
            ..ListRequest::default()
        };
        let walk = self.storage.declarations().walk(request).await;
        walk.map_err(|error| failed(&Internal::new(error)))
    }

    fn refuse_too_many(&self, export: &Export, rows: u64) -> Result<(), JobFailure> {
        if export.format == Format::Xlsx && rows > ROWS_MAX {
            let text = "there are more records than a workbook takes";
            return Err(hopeless(ReasonCode::ExportTooManyForWorkbook, text));
        }
        let limit = self.export_rules.limit(export.asks_for_persons());
        let by_staff = export.requested_by.starts_with("staff:");
        let is_too_many = if export.needs_approval {
            is_far_more(rows, export)
        } else {
            by_staff && rows > limit
        };
        if is_too_many {
            let text = "there are far more records than may leave without somebody agreeing anew";
            return Err(hopeless(ReasonCode::ExportTooMany, text));
        }
        Ok(())
    }

    async fn lines_of(
        &self,
        op: &OpContext,
        export: &Export,
        rows: &[DeclarationRow],
        (day, position): (NaiveDate, Position),
    ) -> Result<Vec<Line>, Internal> {
        let may_see = op.may(Permission::ReadPersonal);
        let from_history = export
            .columns
            .iter()
            .any(|column| column.from_history().is_some());
        let mut lines = Vec::with_capacity(rows.len());
        for chunk in rows.chunks(HISTORIES) {
            let records = if from_history {
                let ids: Vec<_> = chunk.iter().map(|row| row.id).collect();
                self.records_on(&ids, day, position).await?
            } else {
                BTreeMap::new()
            };
            lines.extend(
                chunk
                    .iter()
                    .map(|row| Line::of(&export.columns, row, records.get(&row.id), may_see)),
            );
        }
        Ok(lines)
    }

    /// Records on a day, as far as was recorded up to a position: what the rows of the list were made from.
    async fn records_on(
        &self,
        ids: &[DeclarationId],
        day: NaiveDate,
        position: Position,
    ) -> Result<BTreeMap<DeclarationId, Declaration>, Internal> {
        let histories = self.histories(ids).await?;
        let on_day = histories.into_iter().filter_map(|(id, history)| {
            let view = history.timeline.at(day, Some(position.get()))?;
            Some((id, view.declaration))
        });
        Ok(on_day.collect())
    }
}

/// A file that is being made, what could not be written of it, and of whom it tells.
struct Making {
    place: Place,
    sheet: Option<Sheet>,
    file: Keeper,
    report: Report,
    told: Option<Keeper>,
    reads: BTreeMap<PersonalPart, Keeper>,
    rows: u64,
}

impl Making {
    fn new(place: Place, export: &Export) -> Result<Self, Internal> {
        Ok(Self {
            place,
            sheet: Some(Sheet::new(export.format, &export.columns)?),
            file: Keeper::new(place, ExportPart::File.code()),
            report: Report::default(),
            told: None,
            reads: BTreeMap::new(),
            rows: 0,
        })
    }

    async fn add(&mut self, app: &App, lines: Vec<Line>) -> Result<(), Internal> {
        let mut ids: BTreeMap<PersonalPart, Vec<u8>> = BTreeMap::new();
        for line in &lines {
            for part in &line.reveals {
                ids.entry(*part)
                    .or_default()
                    .extend_from_slice(line.id.uuid().as_bytes());
            }
        }
        for (part, ids) in ids {
            let place = self.place;
            let keeper = self.reads.entry(part);
            let keeper = keeper.or_insert_with(|| Keeper::new(place, part_of_reads(part.as_str())));
            keeper.put(app, &ids).await?;
        }
        self.rows += lines.len() as u64;
        let Some(mut sheet) = self.sheet.take() else {
            return Ok(());
        };
        // Thousands of cells keep a thread busy for a while.
        let written = tokio::task::spawn_blocking(move || {
            let written = sheet.write(&lines);
            written.map(|(bytes, unwritten)| (sheet, bytes, unwritten))
        });
        let (sheet, bytes, unwritten) = written.await.map_err(Internal::new)??;
        self.sheet = Some(sheet);
        self.file.put(app, &bytes).await?;
        let told = self.report.write(&unwritten)?;
        if !told.is_empty() {
            let place = self.place;
            let keeper = self
                .told
                .get_or_insert_with(|| Keeper::new(place, ExportPart::Report.code()));
            keeper.put(app, &told).await?;
        }
        Ok(())
    }

    async fn finish(mut self, app: &App, (day, position): (NaiveDate, Position)) -> Result<Made, Internal> {
        if let Some(sheet) = self.sheet.take() {
            let (pieces, mut rest) = mpsc::channel(2);
            let finishing = tokio::task::spawn_blocking(move || {
                let mut pipe = Pipe {
                    pieces,
                    waiting: Vec::new(),
                };
                sheet.finish(&mut pipe)?;
                pipe.flush().map_err(Internal::new)
            });
            while let Some(bytes) = rest.recv().await {
                self.file.put(app, &bytes).await?;
            }
            finishing.await.map_err(Internal::new)??;
        }
        let is_personal = !self.reads.is_empty();
        for keeper in self.reads.into_values() {
            keeper.finish(app).await?;
        }
        let report = match self.told {
            Some(told) => Some(told.finish(app).await?),
            None => None,
        };
        Ok(Made {
            export_id: self.place.id,
            term: self.place.term,
            rows: self.rows,
            position: position.get(),
            day,
            is_personal,
            unwritten: self.report.count,
            file: self.file.finish(app).await?,
            report,
            expires_at: app.now() + Days::new(KEPT_DAYS),
        })
    }
}

/// What a thread writes, handed on piece by piece.
struct Pipe {
    pieces: mpsc::Sender<Vec<u8>>,
    waiting: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= PIECE {
            self.hand_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.hand_on()
    }
}

impl Pipe {
    fn hand_on(&mut self) -> std::io::Result<()> {
        let piece = std::mem::take(&mut self.waiting);
        if piece.is_empty() {
            return Ok(());
        }
        let gone = |_| std::io::Error::other("nobody keeps the file any more");
        self.pieces.blocking_send(piece).map_err(gone)
    }
}
