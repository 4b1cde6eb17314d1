//! Why a search found a row: which field, which part of what stands in it, and in which reading both were compared.

use std::ops::Range;

use domain::fold;

use super::row::{DeclarationRow, RowName};
use super::search::{Search, SearchScope, Term};

/// The field that matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchedField {
    /// 事業者名.
    Name,
    /// フリガナ.
    NameKana,
    /// 屋号.
    TradeName,
    /// 自己宣言ID.
    DeclarationNo,
    /// 法人番号.
    CorporateNumber,
}

/// The part of a row that a search found.
#[derive(Clone, PartialEq, Eq)]
pub struct Matched {
    /// In which field.
    pub field: MatchedField,
    /// What stands in it, as typed. Personal when the field is a sole trader's name.
    pub text: String,
    /// Where the part begins, in UTF-16 units.
    pub start: usize,
    /// How long it is, in UTF-16 units.
    pub length: usize,
    /// The folded form in which both were compared.
    pub reading: String,
}

impl std::fmt::Debug for Matched {
    // The text may be a sole trader's name.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Matched")
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

/// The first field that contains the first term that stands in a field as a whole.
pub(super) fn find(search: &Search, row: &DeclarationRow) -> Option<Matched> {
    search
        .terms
        .iter()
        .find_map(|term| find_term(search.scope, term, row))
}

fn find_term(scope: SearchScope, term: &Term, row: &DeclarationRow) -> Option<Matched> {
    let (name, kana) = match &row.name {
        RowName::Organization { name, kana } => (Some(name), kana.as_ref()),
        RowName::Person { name, kana, .. } if scope == SearchScope::Personal => {
            (Some(name.reveal()), kana.as_ref().map(domain::Personal::reveal))
        }
        RowName::Person { .. } | RowName::Forgotten { .. } => (None, None),
    };
    let names = [
        (MatchedField::Name, name),
        (MatchedField::NameKana, kana),
        (MatchedField::TradeName, row.trade_name.as_ref()),
    ];
    let in_name = names
        .into_iter()
        .find_map(|(field, text)| in_text(field, text?, &term.folded));
    let digits = term.digits.as_deref();
    in_name
        .or_else(|| in_number(MatchedField::DeclarationNo, &row.number, digits?))
        .or_else(|| {
            in_number(
                MatchedField::CorporateNumber,
                row.corporate_number.as_ref()?,
                digits?,
            )
        })
}

fn in_text(field: MatchedField, text: &str, term: &str) -> Option<Matched> {
    let part = fold::find(text, term)?;
    Some(matched(field, text, part, term))
}

fn in_number(field: MatchedField, number: &str, digits: &str) -> Option<Matched> {
    if number.starts_with(digits) {
        Some(matched(field, number, 0..digits.len(), digits))
    } else if number.ends_with(digits) {
        Some(matched(
            field,
            number,
            number.len() - digits.len()..number.len(),
            digits,
        ))
    } else {
        None
    }
}

fn matched(field: MatchedField, text: &str, part: Range<usize>, reading: &str) -> Matched {
    Matched {
        field,
        text: text.to_owned(),
        start: part.start,
        length: part.len(),
        reading: reading.to_owned(),
    }
}
