//! Asking for a file. Above a limit a second person is asked at once; else a job begins to make it.

use domain::export::{Began, Column, ExportEvent, Format, Requested, check_columns};
use domain::staff::Permission;
use domain::text::{self, Lines, TextProblem};
use domain::{ApprovalId, ExportId, JobId};
use event_store::{Append, AppendError};
use storage::declaration::{Filter, Sort, Total};
use storage::export as table;
use uuid::Uuid;

use super::ExportContent;
use super::content::{export_id, file_subject};
use super::sheet::ROWS_MAX;
use crate::approval::{Consent, RequestApproval, RequestApprovalError};
use crate::declaration::{List, ListError};
use crate::random::derived_id;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Characters of what a file is for.
const LONGEST_REASON: usize = 1_000;

/// Asks for a file.
#[derive(Clone)]
pub struct RequestExport {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Narrowing by values.
    pub filter: Filter,
    /// Narrowing by words, as typed.
    pub search: Option<String>,
    /// The order.
    pub sort: Sort,
    /// Which columns, in order.
    pub columns: Vec<Column>,
    /// What kind of file.
    pub format: Format,
    /// What it is for.
    pub reason: String,
}

/// A file that is being made, or waits for a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportRequested {
    /// Which.
    pub id: ExportId,
    /// The request for a second person; none: it is being made.
    pub approval: Option<ApprovalId>,
}

/// Why no file is made.
#[derive(Debug, thiserror::Error)]
pub enum RequestExportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was asked for has problems, or the view has no records.
    #[error("what was asked for has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Asks for a file with a view of the register.
    pub async fn request_export(
        &self,
        op: &OpContext,
        command: RequestExport,
    ) -> Result<ExportRequested, RequestExportError> {
        op.require(Permission::ExportDeclarations)?;
        let is_personal = command.columns.iter().any(|column| column.is_personal());
        if is_personal {
            op.require(Permission::ReadPersonal)?;
        }
        let problems = problems(&command);
        if !problems.is_empty() {
            return Err(RequestExportError::Invalid(problems));
        }
        let id = export_id(command.command_id);
        let content = ExportContent {
            filter: command.filter,
            search: command.search.filter(|search| !search.trim().is_empty()),
            sort: command.sort.code().to_owned(),
            reason: command.reason.trim().to_owned(),
        };
        // Before looking: how many there are may be something else by now.
        let earlier = self.store.receipt(command.command_id).await;
        if earlier.map_err(Internal::new)?.is_none() {
            let total = self.exported(op, &content).await?;
            refuse_none_and_too_many(command.format, total)?;
            let limit = self.export_rules.limit(is_personal);
            let requested = Requested {
                export_id: id,
                format: command.format,
                columns: command.columns.clone(),
                is_narrowed: !content.filter.is_empty() || content.search.is_some(),
                expected: total.count(),
                is_estimated: matches!(total, Total::Estimated(_)),
                needs_approval: total.count() > limit && Consent::of(op) == Consent::None,
                file_subject: file_subject(id),
            };
            self.write_request(op, command.command_id, requested, &content)
                .await?;
        }
        let (format, columns) = (command.format, &command.columns);
        self.requested_export(op, command.command_id, (format, columns), &content)
            .await
    }

    /// How many records a view has.
    pub(super) async fn exported(
        &self,
        op: &OpContext,
        content: &ExportContent,
    ) -> Result<Total, RequestExportError> {
        let list = List {
            filter: content.filter.clone(),
            search: content.search.clone(),
            sort: content.order(),
            first: 1,
            after: None,
            at_least: None,
            facets: false,
        };
        let page = self.declarations(op, list).await;
        page.map(|page| page.total).map_err(|error| match error {
            ListError::Forbidden(refused) => RequestExportError::Forbidden(refused),
            ListError::Invalid(problem) => RequestExportError::Invalid(vec![problem]),
            ListError::Internal(error) => RequestExportError::Internal(error),
            error @ ListError::NotYet(_) => RequestExportError::Internal(Internal::new(error)),
        })
    }

    async fn write_request(
        &self,
        op: &OpContext,
        command_id: Uuid,
        requested: Requested,
        content: &ExportContent,
    ) -> Result<(), RequestExportError> {
        let id = requested.export_id;
        let part = self.export_content_part(id, content).await?;
        let began = (!requested.needs_approval).then(|| began(id));
        let mut events = vec![self.export_event(&ExportEvent::Requested(requested), vec![part])?];
        if let Some(began) = began {
            events.push(self.export_event(&began, Vec::new())?);
        }
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events,
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            // The same command was as fast: what it asked for is looked at next.
            Ok(_) | Err(AppendError::CommandReused { .. }) => Ok(()),
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// What this command asked for, now or before; where a second person is needed, they are asked.
    async fn requested_export(
        &self,
        op: &OpContext,
        command_id: Uuid,
        (format, columns): (Format, &[Column]),
        content: &ExportContent,
    ) -> Result<ExportRequested, RequestExportError> {
        let id = export_id(command_id);
        let found = table::load(self.store.database(), id).await;
        let Some(export) = found.map_err(Internal::new)? else {
            return Err(RequestExportError::CommandReused);
        };
        let is_same = export.format == format
            && export.columns == columns
            && export.requested_by == op.actor().to_string()
            && self.export_content(id).await?.as_ref() == Some(content);
        if !is_same {
            return Err(RequestExportError::CommandReused);
        }
        if !export.needs_approval {
            return Ok(ExportRequested { id, approval: None });
        }
        let request = RequestApproval {
            command_id: derived_id(command_id, "export approval"),
            act: super::start::act_of(&export),
            reason: content.reason.clone(),
        };
        match self.request_approval(op, &request).await {
            Ok(approval) => Ok(ExportRequested {
                id,
                approval: Some(approval),
            }),
            Err(RequestApprovalError::Forbidden(refused)) => Err(refused.into()),
            Err(RequestApprovalError::Invalid(problems)) => Err(RequestExportError::Invalid(problems)),
            Err(RequestApprovalError::Internal(error)) => Err(error.into()),
            Err(error @ (RequestApprovalError::Stale | RequestApprovalError::CommandReused)) => {
                Err(Internal::new(error).into())
            }
        }
    }
}

/// That it is being made.
pub(super) fn began(id: ExportId) -> ExportEvent {
    ExportEvent::Started(Began {
        export_id: id,
        job_id: JobId::new(derived_id(id.uuid(), "make")),
    })
}

fn problems(command: &RequestExport) -> Vec<InputProblem> {
    let mut problems = Vec::new();
    if let Err(why) = check_columns(&command.columns) {
        problems.push(InputProblem::new("columns", why.code(), why.japanese()));
    }
    match text::check(command.reason.trim(), LONGEST_REASON, Lines::Many) {
        Ok(()) => {}
        Err(TextProblem::Empty) => {
            let text = "何のために書き出すのかを入力してください。";
            problems.push(InputProblem::new("reason", "empty", text));
        }
        Err(why) => problems.push(InputProblem::new("reason", why.code(), why.japanese())),
    }
    problems
}

fn refuse_none_and_too_many(format: Format, total: Total) -> Result<(), RequestExportError> {
    let invalid = |code, text: String| {
        let problem = InputProblem::new("filter", code, text);
        Err(RequestExportError::Invalid(vec![problem]))
    };
    match total {
        Total::Exact(0) => invalid(
            "empty",
            "条件に合う宣言がありません。条件を変えてから、もう一度書き出してください。".to_owned(),
        ),
        total if format == Format::Xlsx && total.count() > ROWS_MAX => invalid(
            "too_many",
            format!(
                "Excel形式で書き出せるのは{ROWS_MAX}件までです。CSV形式にするか、条件を絞り込んでください。"
            ),
        ),
        _ => Ok(()),
    }
}
