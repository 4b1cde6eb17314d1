//! What a person typed into the search box, and the conditions that stand for it.
//!
//! The text is split at white space; every term must be found. A term is found in a folded name, or, when it is a run of four
//! digits or more, at the beginning or the end of the declaration number or the corporate number.

use event_store::{Engine, Sql};

use super::tokens::{self, Kind, Token};
use crate::sql::Fragment;

/// Longest search text, in characters.
pub const SEARCH_LENGTH_MAX: usize = 200;
/// Most terms.
pub const SEARCH_TERMS_MAX: usize = 8;
/// More entries of one term narrow the candidates no further.
const TOKENS_MAX: usize = 16;

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

    /// The condition by which the index finds candidates, on the table `declaration_search` (SQLite) or `d.tokens` (PostgreSQL).
    pub(super) fn candidates(&self, sql: &mut Fragment) {
        match sql.engine() {
            Engine::Sqlite => {
                let terms: Vec<String> = self.terms.iter().map(|term| self.fts_term(term)).collect();
                sql.text("declaration_search MATCH ")
                    .bind_text(terms.join(" AND "));
            }
            Engine::Postgres => {
                let mut glue = "(";
                for term in &self.terms {
                    for alternative in self.alternatives(term) {
                        sql.text(glue)
                            .text("d.tokens @> CAST(")
                            .bind_text(array(&alternative))
                            .text(" AS INTEGER[])");
                        glue = " OR ";
                    }
                    glue = ") AND (";
                }
                sql.text(")");
            }
        }
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
            if let Some(digits) = &term.digits {
                for pattern in [format!("{digits}%"), format!("%{digits}")] {
                    sql.text(glue).text("d.number LIKE ").bind_text(&pattern);
                    sql.text(" OR d.corporate_number LIKE ").bind_text(pattern);
                    glue = " OR ";
                }
            }
            sql.text(")");
        }
    }

    /// Sets of entries, any of which makes a row a candidate for this term.
    fn alternatives(&self, term: &Term) -> Vec<Vec<Token>> {
        let mut alternatives = Vec::new();
        if !term.folded.is_empty() {
            alternatives.push(tokens::of_term(Kind::Public, &term.folded));
            if self.scope == SearchScope::Personal {
                alternatives.push(tokens::of_term(Kind::Personal, &term.folded));
            }
        }
        for alternative in &mut alternatives {
            alternative.truncate(TOKENS_MAX);
        }
        let digits = term.digits.as_deref();
        alternatives.extend(digits.and_then(tokens::of_prefix).map(|token| vec![token]));
        alternatives.extend(digits.and_then(tokens::of_suffix).map(|token| vec![token]));
        alternatives
    }

    fn fts_term(&self, term: &Term) -> String {
        let words = |tokens: Vec<Token>| {
            tokens
                .into_iter()
                .map(tokens::fts_word)
                .collect::<Vec<_>>()
                .join(" AND ")
        };
        let alternatives: Vec<String> = self
            .alternatives(term)
            .into_iter()
            .map(|tokens| format!("({})", words(tokens)))
            .collect();
        format!("({})", alternatives.join(" OR "))
    }
}

impl Term {
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
    (number.len() >= tokens::DIGITS_MIN && number.bytes().all(|it| it.is_ascii_digit()))
        .then(|| number.to_owned())
}

fn array(tokens: &[Token]) -> String {
    let numbers: Vec<String> = tokens.iter().map(ToString::to_string).collect();
    format!("{{{}}}", numbers.join(","))
}
