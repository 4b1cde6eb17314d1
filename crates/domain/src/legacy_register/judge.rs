//! What the rows accepted before mean for a row.

use super::{
    columns::heading,
    row::{LegacyRow, Refusal, RefusalCode, Warning},
};
use crate::{
    declaration::{Field, FlagCode},
    personal::Personal,
};

/// Whether a declaration with the same number was accepted before, and from which row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// No.
    Never,
    /// From a row with the same fingerprint.
    SameRow,
    /// From a row with another fingerprint, or not from a row at all.
    OtherContent,
}

/// What happens to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is taken over; with a further warning when another live declaration has the same corporate number.
    Accept(Option<Warning>),
    /// It repeats a row in every field: neither accepted nor refused.
    IdenticalRepeat,
    /// It cannot be taken over.
    Refuse(Refusal),
}

/// Judges a row. `number_live_elsewhere`: whether another declaration that is live has the same valid corporate number.
/// A row that is not live itself is no duplicate of anything.
pub fn judge(row: &LegacyRow, earlier: Earlier, number_live_elsewhere: bool) -> Verdict {
    match earlier {
        Earlier::SameRow => Verdict::IdenticalRepeat,
        Earlier::OtherContent => Verdict::Refuse(Refusal {
            code: RefusalCode::DeclarationNoConflict,
            column: heading(Field::DeclarationNo),
            found: Personal::new(row.number().to_string()),
        }),
        Earlier::Never => Verdict::Accept(duplicate(row, number_live_elsewhere)),
    }
}

/// The warning of a row whose corporate number another live declaration has.
pub fn duplicate(row: &LegacyRow, number_live_elsewhere: bool) -> Option<Warning> {
    let duplicate = number_live_elsewhere && row.standing().stop.is_none();
    duplicate.then(|| Warning {
        flag: FlagCode::CorporateNumberDuplicate,
        column: heading(Field::CorporateNumber).unwrap_or_default(),
        found: Personal::new(row.typed(Field::CorporateNumber).to_owned()),
    })
}
