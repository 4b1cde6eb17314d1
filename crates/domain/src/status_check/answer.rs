//! What is answered about one declaration on one day, by what its events say. The day is that from which things hold: a stop that was
//! recorded later counts on each day since the one that it names.

use chrono::NaiveDate;

use super::Asked;
use crate::declaration::{Declaration, DeclarationState, Field, Stop, StopKind};
use crate::ids::DeclarationId;
use crate::value::Star;
use crate::wire::wire_enum;

wire_enum! {
    /// What is answered, without its particulars.
    OutcomeKind {
        /// Live on that day.
        Valid = "valid",
        /// Not live any more on that day.
        Stopped = "stopped",
        /// Declared later only.
        NotYetDeclared = "not_yet_declared",
        /// Another declaration has taken its place.
        Superseded = "superseded",
        /// The number is that of a declaration under another corporate number.
        OtherCorporateNumber = "other_corporate_number",
        /// No declaration is found.
        Unknown = "unknown",
        /// The row cannot be read.
        Invalid = "invalid",
    }
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Live on that day.
    Valid {
        /// Which stars it had; `None` where an old register says something that nobody can read.
        star: Option<Star>,
    },
    /// Not live any more on that day.
    Stopped {
        /// Since which day, that day included; `None` when nobody knows.
        since: Option<NaiveDate>,
        /// In which way.
        kind: StopKind,
    },
    /// Declared later only.
    NotYetDeclared {
        /// On that day.
        declared_on: NaiveDate,
    },
    /// Another declaration has taken its place. By which number is said beside it, where it is known.
    Superseded,
    /// The number is that of a declaration under another corporate number.
    OtherCorporateNumber,
    /// No declaration is found.
    Unknown,
}

impl Outcome {
    /// Which it is.
    pub const fn kind(self) -> OutcomeKind {
        match self {
            Self::Valid { .. } => OutcomeKind::Valid,
            Self::Stopped { .. } => OutcomeKind::Stopped,
            Self::NotYetDeclared { .. } => OutcomeKind::NotYetDeclared,
            Self::Superseded => OutcomeKind::Superseded,
            Self::OtherCorporateNumber => OutcomeKind::OtherCorporateNumber,
            Self::Unknown => OutcomeKind::Unknown,
        }
    }
}

/// A declaration as it was on the day that is asked about.
#[derive(Debug, Clone)]
pub struct Record {
    /// Everything that holds since that day or before, folded in.
    pub declaration: Declaration,
    /// Since when it is on record.
    pub begun_on: NaiveDate,
}

impl Record {
    /// The day on which it was declared.
    pub fn declared_on(&self) -> NaiveDate {
        self.declaration.facts.declared_on().unwrap_or(self.begun_on)
    }

    fn number(&self) -> &str {
        self.declaration
            .facts
            .value(Field::DeclarationNo)
            .unwrap_or_default()
    }

    fn outcome(&self, day: NaiveDate) -> Outcome {
        let declared_on = self.declared_on();
        if day < declared_on {
            return Outcome::NotYetDeclared { declared_on };
        }
        let star = self.declaration.facts.star();
        match (self.declaration.state_on(day), self.declaration.stop) {
            (DeclarationState::Superseded | DeclarationState::Merged, _) => Outcome::Superseded,
            (DeclarationState::Stopped, Some(Stop { kind, on })) => Outcome::Stopped { since: on, kind },
            _ => Outcome::Valid { star },
        }
    }
}

/// One of the declarations that a row may be about.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'r> {
    /// Which.
    pub id: DeclarationId,
    /// As it was on that day.
    pub record: &'r Record,
}

/// What is answered, and about which declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// What.
    pub outcome: Outcome,
    /// About which; none where there is none, or where it is somebody else's.
    pub about: Option<DeclarationId>,
}

/// Answers a question by the declarations that were found for it: those with the number, or without one those under the corporate
/// number.
pub fn answer(asked: &Asked, found: &[Candidate<'_>]) -> Answer {
    let unknown = Answer {
        outcome: Outcome::Unknown,
        about: None,
    };
    let under_number = |candidate: &&Candidate<'_>| match &asked.corporate_number {
        None => true,
        Some(wanted) => {
            let known = candidate.record.declaration.facts.corporate_number();
            // What an old register does not know contradicts nothing, as long as the declaration has been found by its number.
            known.map_or(asked.number.is_some(), |known| known == *wanted)
        }
    };
    let fitting: Vec<Candidate<'_>> = found.iter().filter(under_number).copied().collect();
    match choose(&fitting, asked.day) {
        Some(chosen) => Answer {
            outcome: chosen.record.outcome(asked.day),
            about: Some(chosen.id),
        },
        None if asked.number.is_some() && !found.is_empty() => Answer {
            outcome: Outcome::OtherCorporateNumber,
            about: None,
        },
        None => unknown,
    }
}

/// The one of several that is meant: a live one first, then the one declared last; one that had not been declared by then comes last.
pub fn choose<'r>(candidates: &[Candidate<'r>], day: NaiveDate) -> Option<Candidate<'r>> {
    let rank = |candidate: &Candidate<'_>| match candidate.record.outcome(day) {
        Outcome::Valid { .. } => 2,
        Outcome::NotYetDeclared { .. } => 0,
        _ => 1,
    };
    let key = |it: &Candidate<'r>| (rank(it), it.record.declared_on(), it.record.number());
    candidates
        .iter()
        .copied()
        .max_by(|one, other| key(one).cmp(&key(other)))
}
