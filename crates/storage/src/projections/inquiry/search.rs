//! Searching in senders, subjects and texts: every word that was typed stands somewhere in the folded key of a row. The entries of an index
//! narrow what is looked at; they are those of PostgreSQL's index of the register, on both engines.

use event_store::{Engine, Sql};

use crate::projections::declaration::tokens::{self, Token};
use crate::sql::Fragment;

/// Between two texts of a key; no fold yields it.
pub(super) const SEPARATOR: char = tokens::SEPARATOR;
/// Longest search text, in characters.
pub const SEARCH_LENGTH_MAX: usize = 200;
/// Most terms.
pub const SEARCH_TERMS_MAX: usize = 8;

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

/// What was typed, folded, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search(Vec<String>);

impl Search {
    /// Reads what was typed; none: there is nothing in it to search for.
    pub fn parse(text: &str) -> Result<Option<Self>, SearchError> {
        if text.chars().count() > SEARCH_LENGTH_MAX {
            return Err(SearchError::TooLong);
        }
        let mut terms: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let term = if word.contains('@') {
                word.to_lowercase()
            } else {
                domain::fold::fold(word)
            };
            if !term.is_empty() && !terms.contains(&term) {
                terms.push(term);
            }
        }
        if terms.len() > SEARCH_TERMS_MAX {
            return Err(SearchError::TooManyTerms);
        }
        Ok((!terms.is_empty()).then_some(Self(terms)))
    }

    /// The folded words, for whoever has few texts and looks into each.
    pub fn terms(&self) -> &[String] {
        &self.0
    }

    /// Writes that each word stands in the key of `inquiry i`; begins with ` AND`.
    pub(super) fn words(&self, sql: &mut Fragment) {
        const FOUND: Sql = Sql {
            sqlite: " AND instr(i.search_key, ",
            postgres: " AND strpos(i.search_key, ",
        };
        for term in &self.0 {
            sql.dialect(FOUND).bind_text(term).text(") > 0");
        }
    }

    /// Writes what an index of words is asked for.
    pub(super) fn entries(&self, sql: &mut Fragment) {
        let entries = self.0.iter().flat_map(|term| tokens::of_text_term(term));
        match sql.engine() {
            Engine::Postgres => {
                sql.text("CAST(")
                    .bind_numbers(entries.map(i64::from))
                    .text(" AS INTEGER[])");
            }
            Engine::Sqlite => {
                let words: Vec<String> = entries.map(word).collect();
                sql.bind_text(words.join(" AND "));
            }
        }
    }
}

/// The document of a key, for SQLite.
pub(super) fn document(key: &str) -> String {
    let words: Vec<String> = tokens::of_text(key).into_iter().map(word).collect();
    words.join(" ")
}

/// The entries of a key as an array literal, for PostgreSQL.
pub(super) fn array(key: &str) -> String {
    tokens::array(tokens::of_text(key))
}

fn word(token: Token) -> String {
    format!("t{token:x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_counted() {
        let read = |text: &str| Search::parse(text);
        assert_eq!(read("　 "), Ok(None));
        assert_eq!(
            read("ﾛｺﾞ ロゴ Taro@Example.JP"),
            Ok(Some(Search(vec![
                domain::fold::fold("ロゴ"),
                "taro@example.jp".to_owned()
            ])))
        );
        assert_eq!(read(&"あ".repeat(201)), Err(SearchError::TooLong));
        assert_eq!(read("a b c d e f g h i"), Err(SearchError::TooManyTerms));
    }

    #[test]
    fn a_key_has_the_entries_of_each_of_its_parts() {
        let key = format!("宣言番号を忘れました{SEPARATOR}taro@example.jp");
        let document = document(&key);
        for term in ["番号", "忘", "taro@example.jp"] {
            for token in tokens::of_text_term(term) {
                assert!(document.split(' ').any(|it| it == word(token)), "{term}");
            }
        }
    }
}
