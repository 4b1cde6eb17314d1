//! One row of the sample, and whether a search finds it.
//!
//! Names that everybody may see are kept as they are searched; of a sole trader's own name only the entries of the search index are, so
//! that no name of a person stays in memory.

use event_store::Connection;
use sqlx::FromRow;

use super::filter::Seen;
use super::search::{Search, SearchScope, Term};
use super::statement::{Number, from_numbers};
use super::tokens::{self, Kind, Token};
use crate::sql::{Fragment, StorageError};

/// So many rows are read by one statement: after a start each lies on a page that nobody has read yet, and a reader has five seconds.
const AT_ONCE: usize = 2_000;

/// A row of the sample.
#[derive(Debug)]
pub(super) struct Sampled {
    pub(super) seen: Seen,
    corporate_number: Option<String>,
    key_public: String,
    /// In order.
    personal: Box<[Token]>,
}

#[derive(FromRow)]
struct Drawn {
    #[sqlx(flatten)]
    seen: Seen,
    corporate_number: Option<String>,
    key_public: String,
    key_personal: Option<String>,
}

/// The rows with these numbers.
pub(super) async fn draw(
    connection: &mut Connection,
    numbers: impl Iterator<Item = i64>,
) -> Result<Vec<Sampled>, StorageError> {
    let numbers: Vec<i64> = numbers.collect();
    let mut drawn = Vec::with_capacity(numbers.len());
    for some in numbers.chunks(AT_ONCE) {
        let mut sql = Fragment::new(connection.engine());
        sql.plan_anew();
        sql.text("SELECT d.seq, d.cell, d.number, d.declared_on, d.changed_at, d.city_key, d.corporate_number, d.key_public, ");
        sql.text("d.key_personal FROM ");
        from_numbers(&mut sql, Number::Seq, some.iter().copied());
        let rows: Vec<Drawn> = sql.fetch_all(connection).await?;
        drawn.extend(rows.into_iter().map(Sampled::from));
    }
    Ok(drawn)
}

impl From<Drawn> for Sampled {
    fn from(row: Drawn) -> Self {
        let key = row.key_personal.unwrap_or_default();
        Self {
            seen: row.seen,
            corporate_number: row.corporate_number,
            key_public: row.key_public,
            personal: tokens::of_key(Kind::Personal, &key).into_iter().collect(),
        }
    }
}

impl Search {
    /// What rows of the sample are asked by.
    pub(super) fn finder(&self) -> Finder<'_> {
        let entries = |term: &Term| match self.scope {
            SearchScope::Public => None,
            SearchScope::Personal => Some(tokens::of_term(Kind::Personal, &term.folded)),
        };
        Finder(self.terms.iter().map(|term| (term, entries(term))).collect())
    }
}

/// The terms of a search, with the entries by which each is found in names of sole traders; `None`: it is not looked for there.
pub(super) struct Finder<'a>(Vec<(&'a Term, Option<Vec<Token>>)>);

impl Finder<'_> {
    /// Whether the search finds the row.
    pub(super) fn finds(&self, row: &Sampled) -> bool {
        self.0
            .iter()
            .all(|(term, entries)| row.has_name(term, entries.as_deref()) || row.has_number(term))
    }
}

impl Sampled {
    fn has_name(&self, term: &Term, entries: Option<&[Token]>) -> bool {
        let has = |entry: &Token| self.personal.binary_search(entry).is_ok();
        !term.folded.is_empty()
            && (self.key_public.contains(&term.folded)
                || entries.is_some_and(|entries| entries.iter().all(has)))
    }

    fn has_number(&self, term: &Term) -> bool {
        let has = |number: &str, digits: &str| number.starts_with(digits) || number.ends_with(digits);
        term.digits.as_deref().is_some_and(|digits| {
            has(&self.seen.number, digits)
                || self
                    .corporate_number
                    .as_deref()
                    .is_some_and(|number| has(number, digits))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key_public: &str, key_personal: &str) -> Sampled {
        Sampled::from(Drawn {
            seen: Seen {
                seq: 1,
                cell: 0,
                number: "59990000017".to_owned(),
                declared_on: "2026-04-01".to_owned(),
                changed_at: 0,
                city_key: None,
            },
            corporate_number: Some("7999901000001".to_owned()),
            key_public: key_public.to_owned(),
            key_personal: Some(domain::fold::fold(key_personal)),
        })
    }

    fn finds(text: &str, scope: SearchScope, row: &Sampled) -> bool {
        let search = Search::parse(text, scope).expect("short").expect("a term");
        search.finder().finds(row)
    }

    #[test]
    fn a_row_of_the_sample_is_found_as_in_the_register() {
        let names = ["みほん印刷", "あおぞら"].map(domain::fold::fold);
        let row = row(&names.join("\u{1f}"), "見本花子");
        for (text, public, personal) in [
            ("ミホン", true, true),
            ("空", false, false),
            ("あおぞら 印刷", true, true),
            ("刷あお", false, false),
            ("見本花子", false, true),
            ("花子 みほん", false, true),
            ("見本太郎", false, false),
            ("5999", true, true),
            ("0017", true, true),
            ("T7999901000001", true, true),
            ("9999000", false, false),
        ] {
            assert_eq!(finds(text, SearchScope::Public, &row), public, "{text}");
            assert_eq!(finds(text, SearchScope::Personal, &row), personal, "{text}");
        }
    }
}
