//! What becomes of one record of a bulk change.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{BulkAction, BulkField};
use crate::declaration::decide::{
    AddNote, AddNoteError, ClearFlag, ClearFlagError, Correct, CorrectError, Decision, EvidenceInput,
    FieldInput, LiveElsewhere, ProblemField, Publish, PublishError, RaiseFlag, RaiseFlagError, RestoreLogo,
    RestoreLogoError, StepDown, StepDownError, StopDeclaration, StopError, SuspendLogo, SuspendLogoError,
    Undo, UndoError, Unpublish, UnpublishError, Wanted, add_note, clear_flag, correct, publish, raise_flag,
    restore_logo, step_down, stop, suspend_logo, undo_of_many, unpublish,
};
use crate::declaration::{Declaration, Field, FieldClass, Source, Stop, Timeline};
use crate::wire::wire_enum;

wire_enum! {
    /// What became of one record, or would.
    Outcome {
        /// It is changed.
        Changed = "changed",
        /// It is as it is wanted to be already.
        Unchanged = "unchanged",
        /// The same change of this one record would be refused.
        Refused = "refused",
        /// Somebody changed it after the records were chosen.
        ChangedSince = "changed_since",
        /// There is no such record.
        Gone = "gone",
    }
}

/// What a record is judged on beside its history.
#[derive(Debug, Clone)]
pub struct On {
    /// The version of the record when it was chosen.
    pub version: i64,
    /// For taking back: the positions of what the other bulk change did to it.
    pub undoes: BTreeSet<i64>,
    /// For taking back: another live declaration of the declarer.
    pub live: Option<LiveElsewhere>,
    /// Today in Japan.
    pub today: NaiveDate,
}

/// What becomes of a record.
#[derive(Debug)]
pub enum Verdict {
    /// This is to be recorded.
    Change(Decision),
    /// It is as it is wanted to be already.
    Nothing,
    /// Somebody changed it since it was chosen.
    ChangedSince,
    /// The decision about the one record refuses it.
    Refused(BulkRefusal),
}

/// Why a record is left as it is: what the same change of one record would answer.
#[derive(Debug, thiserror::Error)]
pub enum BulkRefusal {
    /// Correcting.
    #[error(transparent)]
    Correct(#[from] CorrectError),
    /// Raising a flag.
    #[error(transparent)]
    RaiseFlag(#[from] RaiseFlagError),
    /// Clearing a flag.
    #[error(transparent)]
    ClearFlag(#[from] ClearFlagError),
    /// Writing a note.
    #[error(transparent)]
    AddNote(#[from] AddNoteError),
    /// Publishing.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// No longer publishing.
    #[error(transparent)]
    Unpublish(#[from] UnpublishError),
    /// Stopping.
    #[error(transparent)]
    Stop(#[from] StopError),
    /// Stepping down.
    #[error(transparent)]
    StepDown(#[from] StepDownError),
    /// Suspending the logo.
    #[error(transparent)]
    SuspendLogo(#[from] SuspendLogoError),
    /// Giving the logo back.
    #[error(transparent)]
    RestoreLogo(#[from] RestoreLogoError),
    /// Taking back.
    #[error(transparent)]
    Undo(#[from] UndoError),
}

/// Judges one record by the decision that the same change of one record goes through.
pub fn judge(timeline: &Timeline, action: &BulkAction, on: &On) -> Verdict {
    let undoing = matches!(action, BulkAction::Undo { .. });
    // What is taken back asks itself whether something later rests on it, and says so.
    if !undoing && timeline.current().version != on.version {
        return Verdict::ChangedSince;
    }
    match decide(timeline, action, on) {
        Ok(decision) if decision.statements.is_empty() => Verdict::Nothing,
        Ok(decision) => Verdict::Change(decision),
        Err(refused) if is_so_already(&refused) => Verdict::Nothing,
        Err(refused) => Verdict::Refused(refused),
    }
}

fn decide(timeline: &Timeline, action: &BulkAction, on: &On) -> Result<Decision, BulkRefusal> {
    let today = on.today;
    let reason = action.reason().to_owned();
    Ok(match action {
        BulkAction::Correct { fields, since, .. } => corrected(timeline, fields, *since, &reason, today)?,
        BulkAction::RaiseFlag { flag, .. } => {
            raise_flag(timeline, &RaiseFlag { flag: *flag, reason }, today)?
        }
        BulkAction::ClearFlag { flag, .. } => {
            clear_flag(timeline, &ClearFlag { flag: *flag, reason }, today)?
        }
        BulkAction::AddNote { text } => add_note(timeline, &AddNote { text: text.clone() }, today)?,
        BulkAction::Publish { .. } => publish(timeline, &Publish { reason: Some(reason) }, today)?,
        BulkAction::Unpublish { .. } => unpublish(timeline, &Unpublish { reason }, today)?,
        BulkAction::Stop { how, on, .. } => {
            let command = StopDeclaration {
                kind: *how,
                on: *on,
                reason,
            };
            stop(timeline, &command, today)?
        }
        BulkAction::StepDown { on, .. } => step_down(timeline, &StepDown { on: *on, reason }, today)?,
        BulkAction::SuspendLogo { .. } => suspend_logo(timeline, &SuspendLogo { reason }, today)?,
        BulkAction::RestoreLogo { .. } => restore_logo(timeline, &RestoreLogo { reason }, today)?,
        BulkAction::Undo { .. } => {
            let command = Undo {
                positions: on.undoes.clone(),
                recorded_at: DateTime::<Utc>::UNIX_EPOCH,
                reason: Some(reason),
                live: on.live.clone(),
                // A merge is of two declarations, and nobody makes one in bulk.
                merge: false,
            };
            undo_of_many(timeline, &command, today)?
        }
    })
}

/// A correction of those fields that have another value: of many records, some have one already.
fn corrected(
    timeline: &Timeline,
    fields: &[BulkField],
    since: Option<NaiveDate>,
    reason: &str,
    today: NaiveDate,
) -> Result<Decision, CorrectError> {
    let command = |fields: &[BulkField]| Correct {
        changes: fields
            .iter()
            .map(|input| FieldInput {
                field: input.field,
                typed: input.typed.clone(),
            })
            .collect(),
        wanted: since.map_or(Wanted::Error, |day| Wanted::Change { since: Some(day) }),
        reason: reason.to_owned(),
        evidence: EvidenceInput::default(),
        source: Source::Staff,
        number_live_elsewhere: false,
    };
    let refused = match correct(timeline, &command(fields), today) {
        Err(CorrectError::Invalid(problems)) => problems,
        decided => return decided,
    };
    let same: BTreeSet<Field> = refused
        .iter()
        .filter_map(|problem| match problem.field {
            ProblemField::Field(field) if problem.code == UNCHANGED => Some(field),
            _ => None,
        })
        .collect();
    let others: Vec<BulkField> = fields
        .iter()
        .filter(|input| !same.contains(&input.field))
        .cloned()
        .collect();
    if same.len() < refused.len() || others.is_empty() {
        return Err(CorrectError::Invalid(refused));
    }
    correct(timeline, &command(&others), today)
}

/// The code by which a correction says that a field has the value already.
const UNCHANGED: &str = "unchanged";

/// Whether a refusal says that the record is as it is wanted to be.
fn is_so_already(refused: &BulkRefusal) -> bool {
    match refused {
        BulkRefusal::Correct(CorrectError::Invalid(problems)) => {
            problems.iter().all(|problem| problem.code == UNCHANGED)
        }
        BulkRefusal::RaiseFlag(RaiseFlagError::AlreadyRaised)
        | BulkRefusal::ClearFlag(ClearFlagError::NotRaised)
        | BulkRefusal::Publish(PublishError::AlreadyPublished)
        | BulkRefusal::Unpublish(UnpublishError::NotPublished)
        | BulkRefusal::Stop(StopError::AlreadyStopped)
        | BulkRefusal::StepDown(StepDownError::NotTwoStars)
        | BulkRefusal::SuspendLogo(SuspendLogoError::AlreadySuspended)
        | BulkRefusal::RestoreLogo(RestoreLogoError::NotSuspended)
        | BulkRefusal::Undo(UndoError::AlreadyUndone) => true,
        _ => false,
    }
}

/// Something that a decision makes different, without anything about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The code of a field, or `state`, `published`, `logo`, or `flag:` with its code.
    pub what: String,
    /// What stood there; none: nothing.
    pub before: Option<String>,
    /// What stands there then.
    pub after: Option<String>,
}

/// What a decision makes different, for those who look at it before it is done.
pub fn differences(timeline: &Timeline, decision: &Decision) -> Vec<Difference> {
    let (before, after) = (timeline.current(), timeline.with(&decision.statements));
    let mut found: Vec<Difference> = before
        .differs(&after)
        .into_iter()
        .filter(|field| field.class(before.facts.entity_type()) == FieldClass::Public)
        .map(|field| Difference {
            what: field.code().to_owned(),
            before: text(before, field),
            after: text(&after, field),
        })
        .collect();
    let mut differs = |what: &str, one: String, other: String| {
        if one != other {
            found.push(Difference {
                what: what.to_owned(),
                before: Some(one),
                after: Some(other),
            });
        }
    };
    differs("state", state(before.stop), state(after.stop));
    differs("published", yes_no(before.published), yes_no(after.published));
    differs("logo", yes_no(before.logo_allowed), yes_no(after.logo_allowed));
    for flag in before.flags.symmetric_difference(&after.flags) {
        let what = format!("flag:{}", flag.code());
        differs(
            &what,
            yes_no(before.flags.contains(flag)),
            yes_no(after.flags.contains(flag)),
        );
    }
    found
}

fn text(of: &Declaration, field: Field) -> Option<String> {
    of.facts.public(field).map(|value| value.typed().to_owned())
}

fn yes_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// `active`, or how and on which day it was stopped.
fn state(stop: Option<Stop>) -> String {
    match stop {
        None => "active".to_owned(),
        Some(Stop { kind, on: None }) => kind.code().to_owned(),
        Some(Stop { kind, on: Some(on) }) => format!("{} {on}", kind.code()),
    }
}
