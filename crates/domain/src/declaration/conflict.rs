//! Two people corrected the same declaration: what each of them did, field by field.

use super::{
    decide::FieldInput,
    facts::{Fact, FieldValue},
    field::Field,
    state::Declaration,
};

/// A field that they or we changed. `None`: it is or was made empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictField {
    /// Which field.
    pub field: Field,
    /// What we had before us.
    pub base: Option<Fact>,
    /// What stands there now.
    pub theirs: Option<Fact>,
    /// What we wanted; the base where we left it alone.
    pub mine: Option<Fact>,
    /// Whether they changed it.
    pub changed_by_them: bool,
    /// Whether we did.
    pub changed_by_me: bool,
}

/// Compares what we had before us, what stands there now and what we wanted. Only fields that somebody changed are told,
/// in the order of the fields.
pub fn conflict(base: &Declaration, theirs: &Declaration, mine: &[FieldInput]) -> Vec<ConflictField> {
    Field::ALL
        .iter()
        .filter_map(|field| compare(*field, base, theirs, mine))
        .collect()
}

fn compare(
    field: Field,
    base: &Declaration,
    theirs: &Declaration,
    mine: &[FieldInput],
) -> Option<ConflictField> {
    let (old, now) = (base.facts.get(field), theirs.facts.get(field));
    let input = mine.iter().find(|input| input.field == field);
    let changed_by_them = old != now;
    (changed_by_them || input.is_some()).then(|| ConflictField {
        field,
        base: old.cloned(),
        theirs: now.cloned(),
        mine: match input {
            Some(input) => {
                FieldValue::read(field, &input.typed).map(|value| base.facts.classify(field, value))
            }
            None => old.cloned(),
        },
        changed_by_them,
        changed_by_me: input.is_some(),
    })
}
