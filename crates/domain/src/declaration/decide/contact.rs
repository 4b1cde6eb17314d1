//! Changing who is to be written to.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    correct::FieldInput,
    outcome::{Decision, Drafting, Problem, ProblemField, optional_reason},
    validate::{same_entry, validate},
};
use crate::declaration::{Change, DeclarationEvent, Field, Timeline};

/// New contact data. Fields that are not named stay as they are.
#[derive(Clone)]
pub struct ChangeContact {
    /// Contact fields only; an empty text empties the field.
    pub changes: Vec<FieldInput>,
    /// Since when; today when not given.
    pub since: Option<NaiveDate>,
    /// Why; may be left out.
    pub reason: Option<String>,
}

/// Why contact data is not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeContactError {
    /// The input has problems, each of them named.
    #[error("the contact data has {} problems", .0.len())]
    Invalid(Vec<Problem>),
}

/// Decides new contact data. Entries that are the same as before are left out; when nothing is left, that is a problem.
pub fn change_contact(
    timeline: &Timeline,
    command: &ChangeContact,
    today: NaiveDate,
) -> Result<Decision, ChangeContactError> {
    let current = timeline.current();
    let since = command.since.unwrap_or(today);
    let mut problems = Vec::new();
    if since > today {
        problems.push(Problem::new(
            ProblemField::Since,
            "in_the_future",
            "先の日付は入力できません。",
        ));
    } else if current
        .facts
        .declared_on()
        .is_some_and(|declared| since < declared)
    {
        problems.push(Problem::new(
            ProblemField::Since,
            "before_declaration",
            "宣言日より前の日付は入力できません。",
        ));
    }
    let reason = optional_reason(command.reason.as_deref(), current).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let facts = timeline
        .at(since, None)
        .map_or_else(|| current.facts.clone(), |view| view.declaration.facts);
    let mut changes = Vec::new();
    let mut seen = BTreeSet::new();
    for input in &command.changes {
        let field = input.field;
        if !seen.insert(field) {
            problems.push(Problem::of(field, "repeated", "同じ項目が二度あります。"));
        } else if !Field::CONTACT.contains(&field) {
            problems.push(Problem::of(field, "not_contact", "連絡先の項目ではありません。"));
        } else if !same_entry(facts.reveal(field), &input.typed) {
            match validate(field, &input.typed, &facts, today) {
                Ok(value) => {
                    let new = value.map(|value| facts.classify(field, value));
                    changes.push(Change {
                        field,
                        old: facts.get(field).cloned(),
                        new,
                    });
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
    if problems.is_empty() && changes.is_empty() {
        problems.push(Problem::new(
            ProblemField::Changes,
            "unchanged",
            "今の内容と同じです。",
        ));
    }
    if !problems.is_empty() {
        return Err(ChangeContactError::Invalid(problems));
    }
    let mut draft = Drafting::new(timeline);
    draft.push_changes(since, changes, |changes| DeclarationEvent::ContactChanged {
        changes,
    });
    draft.follow_with_flags(None);
    Ok(draft.into_decision(reason))
}
