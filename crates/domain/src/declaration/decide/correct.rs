//! Correcting fields: a mistake from the start, or a fact that changed on a day.

use std::{collections::BTreeSet, fmt};

use chrono::NaiveDate;

use super::{
    evidence::{EvidenceInput, evidence},
    outcome::{Decision, Drafting, Problem, ProblemField, keep, required_reason},
    validate::{same_entry, validate},
};
use crate::declaration::{
    Change, Corrected, CorrectionKind, DeclarationEvent, Facts, Field, FieldValue, Role, Source, Stop,
    Timeline,
};

/// What was typed into one field. An empty text empties the field.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldInput {
    /// Which field.
    pub field: Field,
    /// Byte for byte what was typed.
    pub typed: String,
}

impl fmt::Debug for FieldInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldInput({})", self.field.code())
    }
}

/// Which kind of correction is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// 誤りの訂正.
    Error,
    /// 事実の変更; the day must be given.
    Change {
        /// Since when.
        since: Option<NaiveDate>,
    },
}

/// A correction of one or more fields.
#[derive(Clone)]
pub struct Correct {
    /// The fields, each once.
    pub changes: Vec<FieldInput>,
    /// Error or change, the same for all.
    pub wanted: Wanted,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
    /// What it rests on: some fields need it.
    pub evidence: EvidenceInput,
    /// Who told us.
    pub source: Source,
    /// Whether another live declaration has the corporate number that is typed in. Only asked when one is.
    pub number_live_elsewhere: bool,
}

/// Why a correction is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CorrectError {
    /// The input has problems, each of them named. Nothing of it is taken.
    #[error("the correction has {} problems", .0.len())]
    Invalid(Vec<Problem>),
}

/// Decides a correction. Stopped declarations can be corrected: the register must be right about them too.
///
/// An error is corrected for the whole time for which the wrong value was stated; a change holds since its day, which lies
/// between the declaration and today (the register says what happened, not what is planned). A change since a day before
/// a later statement about the same field holds until that statement. Withdrawing the consent also ends the publication.
pub fn correct(timeline: &Timeline, command: &Correct, today: NaiveDate) -> Result<Decision, CorrectError> {
    let current = timeline.current();
    let mut problems = Vec::new();
    let kind = keep(&mut problems, kind(timeline, command.wanted, today));
    let reason = keep(&mut problems, required_reason(&command.reason, current));
    if command.changes.is_empty() {
        problems.push(Problem::new(
            ProblemField::Changes,
            "empty",
            "訂正する項目がありません。",
        ));
    }
    let compared = compared_with(timeline, kind);
    let mut seen = BTreeSet::new();
    let mut values = Vec::new();
    for input in &command.changes {
        let checked = check(input, &compared, kind, !seen.insert(input.field), today)
            .and_then(|value| before_its_stop(input.field, value, current.stop));
        if let Some(value) = keep(&mut problems, checked) {
            values.push((input.field, value));
        }
    }
    let needed = command.changes.iter().any(|input| input.field.needs_evidence());
    let subject = current.facts.subjects().of(Role::Remarks);
    let given = keep(&mut problems, evidence(&command.evidence, subject, needed)).flatten();
    let (Some(kind), Some(reason), true) = (kind, reason, problems.is_empty()) else {
        return Err(CorrectError::Invalid(problems));
    };
    let mut draft = Drafting::new(timeline);
    for (field, value) in values {
        let from = match kind {
            CorrectionKind::Error => timeline.stated_from(field),
            CorrectionKind::Change { since } => since,
        };
        let new = value.map(|value| compared.classify(field, value));
        let change = Change {
            field,
            old: compared.get(field).cloned(),
            new,
        };
        // Of one field, one event for each day.
        draft.push_changes(from, vec![change.clone()], |_| {
            DeclarationEvent::Corrected(Box::new(Corrected {
                change: change.clone(),
                kind,
                source: command.source,
            }))
        });
    }
    follow(&mut draft, timeline, command, today);
    if let Some(given) = given {
        draft.push(today, given);
    }
    Ok(draft.into_decision(Some(reason)))
}

/// What follows from the corrected facts: flags, and the end of a publication without consent.
fn follow(draft: &mut Drafting<'_>, timeline: &Timeline, command: &Correct, today: NaiveDate) {
    let (before, after) = (timeline.current(), draft.after());
    let renumbered = after.facts.corporate_number() != before.facts.corporate_number();
    let duplicate = renumbered.then(|| {
        after.facts.corporate_number().is_some() && command.number_live_elsewhere && after.live_on(today)
    });
    draft.follow_with_flags(duplicate);
    if before.published && before.facts.publish_consent() && !after.facts.publish_consent() {
        draft.push(today, DeclarationEvent::Unpublished);
    }
}

fn kind(timeline: &Timeline, wanted: Wanted, today: NaiveDate) -> Result<CorrectionKind, Problem> {
    let refuse = |code, message: &str| Err(Problem::new(ProblemField::Since, code, message));
    let Wanted::Change { since } = wanted else {
        return Ok(CorrectionKind::Error);
    };
    let declared = timeline
        .current()
        .facts
        .declared_on()
        .unwrap_or_else(|| timeline.begun_on());
    match since {
        None => refuse("required", "いつからの変更かを入力してください。"),
        Some(since) if since > today => refuse("in_the_future", "先の日付は入力できません。"),
        Some(since) if since < declared => {
            refuse("before_declaration", "宣言日より前の日付は入力できません。")
        }
        Some(since) => Ok(CorrectionKind::Change { since }),
    }
}

/// The facts that the new values take the place of: those of today, or those of the day of the change.
fn compared_with(timeline: &Timeline, kind: Option<CorrectionKind>) -> Facts {
    match kind {
        Some(CorrectionKind::Change { since }) => timeline
            .at(since, None)
            .map_or_else(|| timeline.current().facts.clone(), |view| view.declaration.facts),
        _ => timeline.current().facts.clone(),
    }
}

fn check(
    input: &FieldInput,
    compared: &Facts,
    kind: Option<CorrectionKind>,
    repeated: bool,
    today: NaiveDate,
) -> Result<Option<FieldValue>, Problem> {
    let field = input.field;
    let refuse = |code, message: &str| Err(Problem::of(field, code, message));
    if repeated {
        return refuse("repeated", "同じ項目が二度あります。");
    }
    match field {
        Field::DeclarationNo | Field::EntityType => {
            return refuse(
                "not_correctable",
                "この項目は訂正できません。宣言を停止し、新しく宣言してください。",
            );
        }
        Field::Star => {
            return refuse(
                "not_correctable",
                "取組段階は訂正ではなく、二つ星への変更として記録してください。",
            );
        }
        Field::PledgeVersion => return refuse("not_correctable", "誓約した条文は訂正できません。"),
        Field::DeclaredOn if matches!(kind, Some(CorrectionKind::Change { .. })) => {
            return refuse(
                "not_a_change",
                "宣言した日は途中で変わりません。誤りの訂正として入力してください。",
            );
        }
        _ => {}
    }
    if same_entry(compared.reveal(field), &input.typed) && !is_forgotten(compared, field) {
        return refuse("unchanged", "今の内容と同じです。");
    }
    validate(field, &input.typed, compared, today)
}

/// A declaration that was stopped before it was declared would never have been.
fn before_its_stop(
    field: Field,
    value: Option<FieldValue>,
    stop: Option<Stop>,
) -> Result<Option<FieldValue>, Problem> {
    let stopped_on = stop
        .and_then(|stop| stop.on)
        .filter(|_| field == Field::DeclaredOn);
    let declared_on: Option<NaiveDate> = value
        .as_ref()
        .and_then(FieldValue::value)
        .and_then(|day| day.parse().ok());
    match stopped_on.zip(declared_on) {
        Some((stopped_on, declared_on)) if stopped_on < declared_on => Err(Problem::of(
            field,
            "after_stop",
            "停止した日より後の日付は入力できません。停止した日も確かめてください。",
        )),
        _ => Ok(value),
    }
}

fn is_forgotten(facts: &Facts, field: Field) -> bool {
    facts.get(field).is_some_and(|fact| fact.reveal().is_none())
}
