//! Forgetting a person in one role: what was recorded about them can be read by nobody any more.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::outcome::{Decision, Drafting, Problem, ProblemField, required_reason};
use crate::{
    declaration::{DeclarationEvent, Fact, Field, Role, Timeline},
    fold::fold,
    ids::SubjectId,
};

/// Forgets whoever stands in a role.
#[derive(Clone)]
pub struct ForgetPerson {
    /// In which role.
    pub role: Role,
    /// A fresh id for whoever comes after: the key of the old one is destroyed for ever.
    pub successor: SubjectId,
    /// Why: 1 to 1,000 characters, without the person's name or address.
    pub reason: String,
}

/// Why nobody is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForgetPersonError {
    /// Nothing was recorded about anybody in that role, or it is forgotten already.
    #[error("nothing is kept about anybody in that role")]
    NothingKept,
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// Decides to forget. The reason belongs to the free text of the record, which outlives the person: so it must not name them.
/// When the free text itself is forgotten, the reason is the first text of its successor.
///
/// Flags follow, as for every change of facts. A sole trader is what the public search would show, so it ends.
pub fn forget_person(
    timeline: &Timeline,
    command: &ForgetPerson,
    today: NaiveDate,
) -> Result<Decision, ForgetPersonError> {
    let subject = timeline.subjects().of(command.role);
    // Reasons are no part of the timeline, so there may always be free text.
    if command.role != Role::Remarks && !timeline.knows(subject.id) {
        return Err(ForgetPersonError::NothingKept);
    }
    let mut draft = Drafting::new(timeline);
    draft.push(
        today,
        DeclarationEvent::PersonForgotten {
            subject,
            successor: command.successor,
        },
    );
    let reason = required_reason(&command.reason, &draft.after()).map_err(ForgetPersonError::Reason)?;
    let written = fold(&command.reason);
    if names(timeline, command.role)
        .iter()
        .any(|name| written.contains(name))
    {
        return Err(ForgetPersonError::Reason(Problem::new(
            ProblemField::Reason,
            "names_the_person",
            "理由は消去後も残ります。氏名・メール・電話など、本人が分かる言葉を除いてください。",
        )));
    }
    draft.follow_with_flags(None);
    if command.role == Role::SoleTrader && timeline.current().published {
        draft.push(today, DeclarationEvent::Unpublished);
    }
    Ok(draft.into_decision(Some(reason)))
}

/// What tells who stands in a role, folded: names with their parts, e-mail address, telephone, as they were ever recorded.
pub fn names(timeline: &Timeline, role: Role) -> BTreeSet<String> {
    let subject = timeline.subjects().of(role).id;
    let mut names = BTreeSet::new();
    for event in timeline.by_position() {
        for change in event.statement.event.changes() {
            for fact in [&change.old, &change.new].into_iter().flatten() {
                let of_person = fact.subject().is_some_and(|of| of.id == subject);
                if of_person && is_name(change.field) {
                    names.extend(words(fact));
                }
            }
        }
    }
    names
}

const fn is_name(field: Field) -> bool {
    matches!(
        field,
        Field::Name
            | Field::NameKana
            | Field::RepresentativeName
            | Field::ContactName
            | Field::ContactEmail
            | Field::ContactPhone
            | Field::CorporateNumber
    )
}

/// The whole value and its parts; one character alone tells nothing.
fn words(fact: &Fact) -> Vec<String> {
    let Some(value) = fact.reveal() else {
        return Vec::new();
    };
    let whole = std::iter::once(value.typed());
    whole
        .chain(value.typed().split_whitespace())
        .map(fold)
        .filter(|word| word.chars().count() > 1)
        .collect()
}
