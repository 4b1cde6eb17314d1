//! Two declarations of one declarer become one: which of them stays, and for each field that differs which value.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::outcome::{Decision, Drafting, Problem, keep, required_reason};
use crate::{
    declaration::{Change, DeclarationEvent, DeclarationState, Fact, Facts, Field, FieldValue, Timeline},
    wire::wire_enum,
};

wire_enum! {
    /// Whose value stays.
    MergeSide {
        /// That of the declaration that goes on.
        Survivor = "survivor",
        /// That of the one that is merged into it.
        Merged = "merged",
    }
}

/// Merges a declaration into another one.
#[derive(Clone)]
pub struct Merge {
    /// For each field that differs, whose value stays.
    pub choices: BTreeMap<Field, MergeSide>,
    /// Why: 1 to 1,000 characters.
    pub reason: String,
    /// Whether yet another live declaration has the survivor's corporate number.
    pub number_live_elsewhere: bool,
}

/// Why two declarations stay two.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Both are the same declaration.
    #[error("a declaration is not merged into itself")]
    Itself,
    /// Something took the place of the one that is to go on: that would lead in a circle, or to where nothing is any more.
    #[error("the declaration that is to go on has been replaced itself")]
    SurvivorReplaced,
    /// Something took the place of the other one already.
    #[error("the declaration that is to be merged has been replaced already")]
    MergedReplaced,
    /// The one is a corporation, the other one is not: they are not one declarer.
    #[error("the two are declarers of different kinds")]
    OtherKind,
    /// The one that is to go on is not live, and the other one is.
    #[error("the declaration that is to go on is not live, and the other one is")]
    WrongSurvivor,
    /// The input has problems, each of them named.
    #[error("the merge has {} problems", .0.len())]
    Invalid(Vec<Problem>),
}

/// A field in which two declarations differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeField {
    /// Which.
    pub field: Field,
    /// In the one that goes on.
    pub survivor: Option<FieldValue>,
    /// In the one that is merged into it.
    pub merged: Option<FieldValue>,
}

/// What is never taken over: a number names its declaration, and star and pledge are what was declared under it.
const KEPT: [Field; 4] = [
    Field::DeclarationNo,
    Field::EntityType,
    Field::Star,
    Field::PledgeVersion,
];

/// The fields in which two declarations differ, in the order of the fields: for each somebody has to say whose value stays. What was
/// forgotten on either side is none of them: it does not come back.
pub fn differing(survivor: &Facts, merged: &Facts) -> Vec<MergeField> {
    let fields = Field::ALL.iter().filter(|field| !KEPT.contains(field));
    fields
        .filter_map(|field| {
            let (ours, theirs) = (survivor.get(*field), merged.get(*field));
            if [ours, theirs]
                .into_iter()
                .flatten()
                .any(|fact| fact.reveal().is_none())
            {
                return None;
            }
            let typed = |fact: Option<&Fact>| fact.and_then(|fact| fact.reveal().cloned());
            let (ours, theirs) = (typed(ours), typed(theirs));
            let same = ours.as_ref().map(FieldValue::typed) == theirs.as_ref().map(FieldValue::typed);
            (!same).then_some(MergeField {
                field: *field,
                survivor: ours,
                merged: theirs,
            })
        })
        .collect()
}

/// Decides a merge, of two events that are recorded together or not at all. It holds from today. The one that is merged is live no more; its
/// number leads to the other one, and its history stays where it was.
pub fn merge(
    survivor: &Timeline,
    merged: &Timeline,
    command: &Merge,
    today: NaiveDate,
) -> Result<Decision, MergeError> {
    let (stays, goes) = (survivor.current(), merged.current());
    if stays.id == goes.id {
        return Err(MergeError::Itself);
    }
    if stays.replaced.is_some() {
        return Err(MergeError::SurvivorReplaced);
    }
    if goes.replaced.is_some() {
        return Err(MergeError::MergedReplaced);
    }
    if stays.facts.entity_type() != goes.facts.entity_type() {
        return Err(MergeError::OtherKind);
    }
    let is_live = |state| state == DeclarationState::Active;
    if !is_live(stays.state_on(today)) && is_live(goes.state_on(today)) {
        return Err(MergeError::WrongSurvivor);
    }
    let mut problems = Vec::new();
    let reason = keep(&mut problems, required_reason(&command.reason, stays));
    let mut changes = Vec::new();
    for MergeField { field, merged, .. } in differing(&stays.facts, &goes.facts) {
        match command.choices.get(&field) {
            Some(MergeSide::Survivor) => {}
            Some(MergeSide::Merged) => changes.push(Change {
                field,
                old: stays.facts.get(field).cloned(),
                new: merged.map(|value| stays.facts.classify(field, value)),
            }),
            None => problems.push(Problem::of(
                field,
                "choice_required",
                "どちらの内容を残すか選んでください。",
            )),
        }
    }
    let (Some(reason), true) = (reason, problems.is_empty()) else {
        return Err(MergeError::Invalid(problems));
    };
    let alone = (!command.number_live_elsewhere).then_some(false);
    let mut draft = Drafting::new(survivor);
    let consented = stays.facts.publish_consent();
    let event = DeclarationEvent::Absorbed {
        merged: goes.id,
        changes,
    };
    draft.push(today, event);
    if stays.published && consented && !draft.after().facts.publish_consent() {
        draft.push(today, DeclarationEvent::Unpublished);
    }
    draft.follow_with_flags(alone);
    let mut of_merged = Drafting::new(merged);
    of_merged.push(
        today,
        DeclarationEvent::MergedInto {
            survivor: stays.id,
            corporate_number: goes.facts.corporate_number(),
        },
    );
    of_merged.follow_with_flags(alone);
    Ok(draft.into_decision_with(of_merged, Some(reason)))
}
