//! Handing a declaration over: somebody else stands behind it from a day on, under the same number and with the same star.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    correct::FieldInput,
    evidence::{EvidenceInput, evidence},
    outcome::{Decision, Drafting, Problem, ProblemField, keep, required_reason},
    validate::{same_entry, validate},
};
use crate::declaration::{Change, DeclarationEvent, Facts, Field, HandOverKind, Role, Timeline};

/// Hands a declaration over.
#[derive(Clone)]
pub struct HandOver {
    /// How it came about.
    pub kind: HandOverKind,
    /// Since when; not in the future.
    pub on: NaiveDate,
    /// Who stands behind it now, as typed. Fields that are not named, or say the same as before, stay as they are.
    pub changes: Vec<FieldInput>,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
    /// What it rests on; there must be something.
    pub evidence: EvidenceInput,
    /// Whether another live declaration has the corporate number that is typed in.
    pub number_live_elsewhere: bool,
}

/// Why a declaration is not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandOverError {
    /// It is not live: there is nothing to hand over.
    #[error("the declaration is not live")]
    NotLive,
    /// The input has problems, each of them named.
    #[error("the hand-over has {} problems", .0.len())]
    Invalid(Vec<Problem>),
}

/// What says who stands behind a declaration.
pub const HANDED_OVER: [Field; 15] = [
    Field::CorporateNumber,
    Field::Name,
    Field::NameKana,
    Field::TradeName,
    Field::RepresentativeTitle,
    Field::RepresentativeName,
    Field::PostalCode,
    Field::Prefecture,
    Field::City,
    Field::Street,
    Field::Building,
    Field::ContactName,
    Field::ContactDepartment,
    Field::ContactEmail,
    Field::ContactPhone,
];

/// Decides a hand-over. Number and star stay; who it was before stays in the history, and on every day before.
pub fn hand_over(
    timeline: &Timeline,
    command: &HandOver,
    today: NaiveDate,
) -> Result<Decision, HandOverError> {
    let current = timeline.current();
    if !current.live_on(today) {
        return Err(HandOverError::NotLive);
    }
    let mut problems = Vec::new();
    problems.extend(wrong_day(timeline, command.on, today));
    let reason = keep(&mut problems, required_reason(&command.reason, current));
    let facts = timeline
        .at(command.on, None)
        .map_or_else(|| current.facts.clone(), |view| view.declaration.facts);
    let mut changes = Vec::new();
    let mut seen = BTreeSet::new();
    for input in &command.changes {
        let repeated = !seen.insert(input.field);
        let checked = keep(&mut problems, check(input, &facts, command.kind, repeated, today));
        changes.extend(checked.flatten());
    }
    if problems.is_empty() && changes.is_empty() {
        problems.push(Problem::new(
            ProblemField::Changes,
            "unchanged",
            "今の内容と同じです。",
        ));
    }
    let subject = current.facts.subjects().of(Role::Remarks);
    let given = keep(&mut problems, evidence(&command.evidence, subject, true)).flatten();
    let (Some(reason), true) = (reason, problems.is_empty()) else {
        return Err(HandOverError::Invalid(problems));
    };
    let renumbered = changes
        .iter()
        .any(|change| change.field == Field::CorporateNumber);
    let mut draft = Drafting::new(timeline);
    draft.push_changes(command.on, changes, |changes| DeclarationEvent::HandedOver {
        kind: command.kind,
        changes,
    });
    draft.follow_with_flags(renumbered.then_some(command.number_live_elsewhere));
    if let Some(given) = given {
        draft.push(today, given);
    }
    Ok(draft.into_decision(Some(reason)))
}

fn wrong_day(timeline: &Timeline, on: NaiveDate, today: NaiveDate) -> Option<Problem> {
    let declared = timeline.current().facts.declared_on();
    let declared = declared.unwrap_or_else(|| timeline.begun_on());
    let (code, message) = if on > today {
        ("in_the_future", "先の日付は入力できません。")
    } else if on < declared {
        ("before_declaration", "宣言日より前の日付は入力できません。")
    } else {
        return None;
    };
    Some(Problem::new(ProblemField::On, code, message))
}

/// What one entry changes; none where it says what stands there.
fn check(
    input: &FieldInput,
    facts: &Facts,
    kind: HandOverKind,
    repeated: bool,
    today: NaiveDate,
) -> Result<Option<Change>, Problem> {
    let field = input.field;
    if repeated {
        return Err(Problem::of(field, "repeated", "同じ項目が二度あります。"));
    }
    if !HANDED_OVER.contains(&field) {
        return Err(Problem::of(
            field,
            "not_handed_over",
            "この項目は承継では変わりません。",
        ));
    }
    if same_entry(facts.reveal(field), &input.typed) {
        return Ok(None);
    }
    if field == Field::CorporateNumber && kind == HandOverKind::Rename {
        return Err(Problem::of(
            field,
            "number_stays",
            "商号を変更しても法人番号は変わりません。番号が変わるときは、合併か承継を選んでください。",
        ));
    }
    let value = validate(field, &input.typed, facts, today)?;
    Ok(Some(Change {
        field,
        old: facts.get(field).cloned(),
        new: value.map(|value| facts.classify(field, value)),
    }))
}
