//! One record of a bulk change: what becomes of it, and the command that does it.

use std::collections::BTreeSet;

use domain::bulk_change::{
    BulkAction, BulkKind, BulkRefusal, Difference, On, Outcome, Verdict, differences, judge,
};
use domain::declaration::decide::{Decision, LiveElsewhere};
use domain::{BulkChangeId, DeclarationId};
use event_store::{Append, AppendError, Guard, InvalidAppend, Position, Query};
use storage::bulk_change_row::{BulkRow, Judged};
use uuid::Uuid;

use crate::declaration::{History, Refusal, unchanged_since};
use crate::random::derived_id;
use crate::{App, InputProblem, Internal, OpContext};

/// What is judged: the same for all records.
pub(super) struct Judging<'a> {
    /// The bulk change.
    pub(super) id: BulkChangeId,
    /// What is done to each.
    pub(super) action: &'a BulkAction,
    /// Of the bulk change that is taken back: what it did. It may bring declarations back that a stop had ended.
    pub(super) undone_kind: Option<BulkKind>,
    /// In whose name.
    pub(super) op: &'a OpContext,
    /// What may not have happened: somebody wanted the job stopped.
    pub(super) not_stopped: Guard,
}

/// What becomes of a record.
pub(super) enum Fate {
    /// It is known, and nothing is to be written.
    Known(Judged),
    /// This would be written.
    Write(Box<Writing>),
}

/// A change of one record that is to be written.
pub(super) struct Writing {
    /// When it is written.
    pub(super) judged: Judged,
    /// Its command, whose keys are yet to be made.
    pub(super) append: Append,
}

/// Why nothing was written for a record.
pub(super) enum Unwritten {
    /// What becomes of it instead.
    Judged(Judged),
    /// Somebody wants the job stopped: it is open.
    Stopped,
    /// A fault of ours: it is open.
    Fault(Internal),
}

/// Guards of a record's command.
const UNCHANGED: usize = 0;
const NOT_STOPPED: usize = 1;

/// Names the command by which a bulk change does what it does to a record, so that it is done once.
pub(super) fn row_command(id: BulkChangeId, declaration_id: DeclarationId) -> Uuid {
    derived_id(id.uuid(), &format!("row {declaration_id}"))
}

fn judged(row: &BulkRow, outcome: Outcome, differences: Vec<Difference>) -> Judged {
    Judged {
        ordinal: row.ordinal,
        outcome,
        code: None,
        message: None,
        differences,
    }
}

fn left_alone(row: &BulkRow, outcome: Outcome, why: InputProblem) -> Fate {
    Fate::Known(Judged {
        code: Some(why.code.to_owned()),
        message: Some(why.message),
        ..judged(row, outcome, Vec::new())
    })
}

impl Judging<'_> {
    /// What the bulk change that is taken back did to a record.
    fn undone_positions(&self, history: &History) -> BTreeSet<i64> {
        let BulkAction::Undo { of, .. } = self.action else {
            return BTreeSet::new();
        };
        let entries = history.entries.iter();
        entries
            .filter(|entry| entry.correlation_id == of.uuid())
            .map(|entry| entry.position.get())
            .collect()
    }
}

impl App {
    /// What becomes of one record.
    pub(super) async fn judge_row(
        &self,
        judging: &Judging<'_>,
        row: &BulkRow,
        history: Option<&History>,
    ) -> Result<Fate, Internal> {
        let Some(history) = history else {
            return Ok(left_alone(row, Outcome::Gone, gone()));
        };
        let command_id = row_command(judging.id, row.declaration_id);
        if history.entries.iter().any(|entry| entry.command_id == command_id) {
            // It was done, and the process ended before it said so.
            let differences = row.differences.clone();
            return Ok(Fate::Known(judged(row, Outcome::Changed, differences)));
        }
        let (beside, live) = self.live_elsewhere(judging, row.declaration_id).await?;
        let on = On {
            version: row.version.get(),
            undoes: judging.undone_positions(history),
            live,
            today: judging.op.today(),
        };
        let decision = match judge(&history.timeline, judging.action, &on) {
            Verdict::Change(decision) => decision,
            Verdict::Nothing => {
                return Ok(Fate::Known(judged(row, Outcome::Unchanged, Vec::new())));
            }
            Verdict::ChangedSince => {
                return Ok(left_alone(row, Outcome::ChangedSince, changed_since()));
            }
            Verdict::Refused(refused) => {
                let why = first_problem(refused);
                return Ok(left_alone(row, Outcome::Refused, why));
            }
        };
        let differences = differences(&history.timeline, &decision);
        let version = Position::new(history.timeline.current().version);
        let append = self.row_append(judging, row.declaration_id, version, &decision, beside)?;
        Ok(Fate::Write(Box::new(Writing {
            judged: judged(row, Outcome::Changed, differences),
            append,
        })))
    }

    fn row_append(
        &self,
        judging: &Judging<'_>,
        id: DeclarationId,
        version: Position,
        decision: &Decision,
        beside: Option<Guard>,
    ) -> Result<Append, Internal> {
        let mut guards = vec![
            unchanged_since(id, version).map_err(Internal::new)?,
            judging.not_stopped.clone(),
        ];
        guards.extend(beside);
        self.drafted(judging.op, row_command(judging.id, id), decision, guards)
    }

    /// Another live declaration of the declarer, where taking back brings one back that had been stopped.
    async fn live_elsewhere(
        &self,
        judging: &Judging<'_>,
        id: DeclarationId,
    ) -> Result<(Option<Guard>, Option<LiveElsewhere>), Internal> {
        if judging.undone_kind != Some(BulkKind::Stop) {
            return Ok((None, None));
        }
        let after = self.store.head().await.map_err(Internal::new)?;
        let (query, live) = self.live_beside(id, None, judging.op.today()).await?;
        Ok((guard_of(query, after), live))
    }
}

fn guard_of(query: Query, after: Position) -> Option<Guard> {
    (!query.items.is_empty()).then_some(Guard { query, after })
}

/// What a command that was not taken means for its record.
pub(super) fn unwritten(judged: Judged, error: AppendError) -> Unwritten {
    let instead = |outcome, why: InputProblem| {
        Unwritten::Judged(Judged {
            outcome,
            code: Some(why.code.to_owned()),
            message: Some(why.message),
            differences: Vec::new(),
            ..judged.clone()
        })
    };
    match error {
        AppendError::Conflict(conflict) => {
            let broke = |guard| conflict.found.iter().any(|found| found.guard == guard);
            if broke(NOT_STOPPED) {
                Unwritten::Stopped
            } else if broke(UNCHANGED) {
                instead(Outcome::ChangedSince, changed_since())
            } else {
                instead(Outcome::ChangedSince, another_changed())
            }
        }
        // By a process that stood still meanwhile, on another day.
        AppendError::CommandReused { .. } => Unwritten::Judged(judged),
        AppendError::Invalid(InvalidAppend::SubjectForgotten(_)) => instead(Outcome::Refused, forgotten()),
        error => Unwritten::Fault(Internal::new(error)),
    }
}

fn first_problem(refused: BulkRefusal) -> InputProblem {
    let unknown = || InputProblem::new("", "refused", "この変更はできません。");
    refused.problems().into_iter().next().unwrap_or_else(unknown)
}

fn gone() -> InputProblem {
    InputProblem::new("", "gone", "この宣言は見つかりません。")
}

fn changed_since() -> InputProblem {
    InputProblem::new(
        "",
        "changed_since_chosen",
        "対象を確定したあとに、ほかの変更がありました。内容を確かめてから、改めて変更してください。",
    )
}

fn another_changed() -> InputProblem {
    InputProblem::new(
        "",
        "another_changed",
        "同じ事業者の別の宣言が同時に変更されました。内容を確かめてから、改めて変更してください。",
    )
}

fn forgotten() -> InputProblem {
    InputProblem::new(
        "",
        "free_text_forgotten",
        "この宣言の自由記述は消去されているため、理由を記録できません。",
    )
}

impl Refusal for BulkRefusal {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::Correct(error) => error.problems(),
            Self::RaiseFlag(error) => error.problems(),
            Self::ClearFlag(error) => error.problems(),
            Self::AddNote(error) => error.problems(),
            Self::Publish(error) => error.problems(),
            Self::Unpublish(error) => error.problems(),
            Self::Stop(error) => error.problems(),
            Self::StepDown(error) => error.problems(),
            Self::SuspendLogo(error) => error.problems(),
            Self::RestoreLogo(error) => error.problems(),
            Self::Undo(error) => error.problems(),
        }
    }
}
