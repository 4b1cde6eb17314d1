//! How the rows that match a search are found by index, on each engine.

use event_store::Engine;

use super::cell::Masks;
use super::search::{Search, SearchScope, Term};
use super::tokens::{self, Kind, Token};
use super::words;
use crate::sql::Fragment;

/// So many terms are looked up together: each doubles the ways in which they can stand in two kinds of names.
const TERMS_TOGETHER: usize = 3;

fn has_tokens(sql: &mut Fragment, tokens: Vec<Token>) {
    sql.text("d.tokens @> CAST(")
        .bind_numbers(tokens.into_iter().map(i64::from))
        .text(" AS INTEGER[])");
}

impl Search {
    /// Writes the condition on `declaration d` by which PostgreSQL finds candidates: search and filter still have to be checked.
    pub(super) fn candidates_postgres(&self, sql: &mut Fragment, masks: Masks, city: Option<&str>) {
        debug_assert!(sql.engine() == Engine::Postgres);
        let (by_number, by_name): (Vec<&Term>, Vec<&Term>) =
            self.terms.iter().partition(|term| term.digits.is_some());
        let mut glue = "";
        for terms in by_name.chunks(TERMS_TOGETHER) {
            sql.text(glue);
            self.names_postgres(sql, terms);
            glue = " AND ";
        }
        for term in by_number {
            sql.text(glue);
            self.number_postgres(sql, term);
            glue = " AND ";
        }
        if let Some(city) = city {
            let token = tokens::of_city(&tokens::beginning(city));
            has_tokens(sql.text(" AND "), vec![token]);
        }
        for values in tokens::of_filter(masks) {
            sql.text(" AND d.tokens && CAST(")
                .bind_numbers(values.into_iter().map(i64::from))
                .text(" AS INTEGER[])");
        }
    }

    /// All terms at once for each way in which they can stand in the names of everybody and in those of sole traders: what a single one
    /// finds may be far more than what all of them find.
    fn names_postgres(&self, sql: &mut Fragment, terms: &[&Term]) {
        let kinds: &[Kind] = match self.scope {
            SearchScope::Public => &[Kind::Public],
            SearchScope::Personal => &[Kind::Public, Kind::Personal],
        };
        let mut ways: Vec<Vec<Token>> = vec![Vec::new()];
        for term in terms {
            ways = ways
                .iter()
                .flat_map(|way| {
                    kinds
                        .iter()
                        .map(|kind| [way.clone(), tokens::of_term(*kind, &term.folded)].concat())
                })
                .collect();
        }
        let mut glue = "(";
        for way in ways {
            has_tokens(sql.text(glue), way);
            glue = " OR ";
        }
        sql.text(")");
    }

    /// Names that contain the digits, and numbers that begin or end with them.
    fn number_postgres(&self, sql: &mut Fragment, term: &Term) {
        let (Some(digits), Some((from, to))) = (&term.digits, term.prefix_range()) else {
            return;
        };
        has_tokens(sql.text("("), tokens::of_suffix(digits));
        if !term.folded.is_empty() {
            sql.text(" OR ");
            self.names_postgres(sql, &[term]);
        }
        sql.text(" OR (d.number >= ")
            .bind_text(&from)
            .text(" AND d.number < ")
            .bind_text(&to);
        sql.text(") OR (d.corporate_number >= ").bind_text(from);
        sql.text(" AND d.corporate_number < ").bind_text(to).text("))");
    }

    /// Writes the query by which SQLite finds the `seq` of exactly the rows that match and pass the filter, at most so many.
    pub(super) fn matches_sqlite(
        &self,
        sql: &mut Fragment,
        (masks, city): (Masks, Option<&str>),
        at_most: i64,
    ) {
        debug_assert!(sql.engine() == Engine::Sqlite);
        let mut filter = words::of_filter(masks);
        if let Some(city) = city {
            filter.push_str(" AND ");
            filter.push_str(&words::of_city(&tokens::beginning(city)));
        }
        let (by_number, by_name): (Vec<&Term>, Vec<&Term>) =
            self.terms.iter().partition(|term| term.digits.is_some());
        // With one set, it may stop early; of several, each must be whole before they are cut with each other.
        let sets = by_number.len() + usize::from(!by_name.is_empty());
        let may_stop = sets == 1 && filter.is_empty();
        sql.text("SELECT seq FROM (");
        let mut glue = "";
        if !by_name.is_empty() {
            let terms: Vec<String> = by_name.iter().map(|term| self.fts(term)).collect();
            let query = format!("{}{filter}", terms.join(" AND "));
            sql.text("SELECT rowid AS seq FROM declaration_search WHERE declaration_search MATCH ")
                .bind_text(query);
            glue = " INTERSECT ";
        }
        for term in by_number {
            sql.text(glue);
            self.number_sqlite(sql, term, (masks, &filter), may_stop.then_some(at_most));
            glue = " INTERSECT ";
        }
        sql.text(") LIMIT ").bind(at_most);
    }

    /// Names that contain the digits, numbers that begin with them, and numbers that end with them.
    fn number_sqlite(
        &self,
        sql: &mut Fragment,
        term: &Term,
        (masks, filter): (Masks, &str),
        at_most: Option<i64>,
    ) {
        let (Some(digits), Some((from, to))) = (&term.digits, term.prefix_range()) else {
            return;
        };
        sql.text("SELECT seq FROM (");
        sql.text("SELECT rowid AS seq FROM declaration_search WHERE declaration_search MATCH ");
        sql.bind_text(format!("{}{filter}", self.fts(term)));
        for (column, and_below) in [
            (
                " UNION SELECT seq FROM (SELECT d.seq FROM declaration d WHERE d.number >= ",
                " AND d.number < ",
            ),
            (
                " UNION SELECT seq FROM (SELECT d.seq FROM declaration d WHERE d.corporate_number >= ",
                " AND d.corporate_number < ",
            ),
        ] {
            sql.text(column).bind_text(&from).text(and_below).bind_text(&to);
            masks.condition(sql);
            if let Some(at_most) = at_most {
                sql.text(" LIMIT ").bind(at_most);
            }
            sql.text(")");
        }
        let ending = words::of_suffix(digits).unwrap_or_default();
        sql.text(" UNION SELECT d.seq FROM declaration_search CROSS JOIN declaration d");
        sql.text(" WHERE d.seq = declaration_search.rowid AND declaration_search MATCH ");
        sql.bind_text(format!("{ending}{filter}"));
        let pattern = format!("%{digits}");
        sql.text(" AND (d.number LIKE ").bind_text(&pattern);
        sql.text(" OR d.corporate_number LIKE ")
            .bind_text(pattern)
            .text("))");
    }

    /// The FTS5 query of one term: exactly the names that contain it.
    fn fts(&self, term: &Term) -> String {
        let public = words::of_term(words::Kind::Public, &term.folded);
        match self.scope {
            SearchScope::Public => public,
            SearchScope::Personal => {
                format!(
                    "({public} OR {})",
                    words::of_term(words::Kind::Personal, &term.folded)
                )
            }
        }
    }
}
