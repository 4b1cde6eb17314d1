//! What a person typed into the search box, and the conditions that stand for it.
//!
//! The text is split at white space; every term must be found. A term is found in a folded name, or, when it is a run of four
//! digits or more, at the beginning or the end of the declaration number or the corporate number. A number that is written
//! in groups, as the console itself writes it (`5999 0000 017`), is one term.

use event_store::{Engine, Sql};

use crate::sql::Fragment;

/// Longest search text, in characters.
pub const SEARCH_LENGTH_MAX: usize = 200;
/// Most terms.
pub const SEARCH_TERMS_MAX: usize = 8;
/// Digits that a term needs before it is compared with numbers.
const DIGITS_MIN: usize = 4;
/// Digits of the longest number that is searched for, the corporate number.
const DIGITS_MAX: usize = 13;

/// Why a search text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// More than [`SEARCH_LENGTH_MAX`] characters.
    #[error("a search text has at most {SEARCH_LENGTH_MAX} characters")]
    TooLong,
    /// More than [`SEARCH_TERMS_MAX`] terms.
    #[error("a search text has at most {SEARCH_TERMS_MAX} words")]
    TooManyTerms,
}

/// Whose names a search may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchScope {
    /// Names of organisations and trade names.
    Public,
    /// Also the names of sole traders: for readers who may see personal data.
    Personal,
}

/// A search, ready to be run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Search {
    pub(super) scope: SearchScope,
    pub(super) terms: Vec<Term>,
}

/// One word of a search.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Term {
    /// The folded text; empty when only the digits are of use.
    pub(super) folded: String,
    /// The digits, when the term is nothing else and there are enough of them.
    pub(super) digits: Option<String>,
}

impl Search {
    /// Reads what was typed. `None`: there is nothing in it to search for, so everything is listed.
    pub fn parse(text: &str, scope: SearchScope) -> Result<Option<Self>, SearchError> {
        if text.chars().count() > SEARCH_LENGTH_MAX {
            return Err(SearchError::TooLong);
        }
        let mut terms: Vec<Term> = Vec::new();
        if let Some(number) = grouped_number(text) {
            terms.extend(Term::read(&number));
            return Ok(Some(Self { scope, terms }));
        }
        for term in text.split_whitespace().filter_map(Term::read) {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        if terms.len() > SEARCH_TERMS_MAX {
            return Err(SearchError::TooManyTerms);
        }
        Ok(if terms.is_empty() {
            None
        } else {
            Some(Self { scope, terms })
        })
    }

    /// The condition that decides: every term stands in a key or a number. Begins with ` AND`.
    pub(super) fn recheck(&self, sql: &mut Fragment) {
        const FOUND_PUBLIC: Sql = Sql {
            sqlite: "instr(d.key_public, ",
            postgres: "strpos(d.key_public, ",
        };
        const FOUND_PERSONAL: Sql = Sql {
            sqlite: "instr(d.key_personal, ",
            postgres: "strpos(d.key_personal, ",
        };
        for term in &self.terms {
            let mut glue = " AND (";
            if !term.folded.is_empty() {
                sql.text(glue)
                    .dialect(FOUND_PUBLIC)
                    .bind_text(&term.folded)
                    .text(") > 0");
                glue = " OR ";
                if self.scope == SearchScope::Personal {
                    sql.text(glue)
                        .dialect(FOUND_PERSONAL)
                        .bind_text(&term.folded)
                        .text(") > 0");
                }
            }
            if let (Some(digits), Some((from, to))) = (&term.digits, term.prefix_range()) {
                for column in ["d.number", "d.corporate_number"] {
                    sql.text(glue).text(column).text(" >= ").bind_text(&from);
                    sql.text(" AND ").text(column).text(" < ").bind_text(&to);
                    glue = " OR ";
                    ends_with(sql.text(glue), column, digits);
                }
            }
            sql.text(")");
        }
    }
}

/// Whether a number ends with digits. Each row of a scan is asked, and a pattern takes several times as long.
fn ends_with(sql: &mut Fragment, column: &'static str, digits: &str) {
    const LAST: Sql = Sql {
        sqlite: "substr(",
        postgres: "right(",
    };
    let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let length = match sql.engine() {
        Engine::Sqlite => -length,
        Engine::Postgres => length,
    };
    sql.dialect(LAST).text(column).text(", CAST(").bind(length);
    sql.text(" AS INTEGER)) = ").bind_text(digits);
}

impl Term {
    /// The numbers that begin with the digits: from the first text to before the second.
    pub(super) fn prefix_range(&self) -> Option<(String, String)> {
        let from = self.digits.clone()?;
        let mut to = from.clone();
        // After 9 comes the colon, in ASCII as in the collation of the columns.
        let last = to.pop()?;
        to.push(char::from_u32(u32::from(last) + 1)?);
        Some((from, to))
    }

    fn read(typed: &str) -> Option<Self> {
        let folded = domain::fold::fold(typed);
        let digits = digits(&folded);
        (!folded.is_empty() || digits.is_some()).then_some(Self { folded, digits })
    }
}

/// The digits of a number as people write it: grouped with hyphens, a corporate number with the T of an invoice number.
fn digits(folded: &str) -> Option<String> {
    let ungrouped: String = folded
        .chars()
        .filter(|it| !matches!(it, '-' | 'ー' | '‐'))
        .collect();
    let number = ungrouped.strip_prefix(['t', 'T']).unwrap_or(&ungrouped);
    (number.len() >= DIGITS_MIN && number.bytes().all(|it| it.is_ascii_digit())).then(|| number.to_owned())
}

/// Several groups of digits that are one number together.
fn grouped_number(text: &str) -> Option<String> {
    text.split_whitespace().nth(1)?;
    let joined: String = text.split_whitespace().collect();
    digits(&domain::fold::fold(&joined)).filter(|number| number.len() <= DIGITS_MAX)
}
