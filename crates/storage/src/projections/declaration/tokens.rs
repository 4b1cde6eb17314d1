//! The search index of PostgreSQL: every character and every pair of neighbouring characters of the folded names, and the last
//! four digits of the numbers, each hashed to a positive 31-bit number, in an array under a GIN index.
//!
//! Two texts may share an entry, and pairs may stand apart: what the index finds is a candidate, and the condition of the
//! search is checked on its row. SQLite has `words` instead. A sole trader's own name is hashed under another kind, so a
//! reader without the right never matches it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::cell::{Cell, Masks};

/// Separates the folded names inside a key; no fold yields it.
pub(in crate::projections) const SEPARATOR: char = '\u{1f}';
/// Length of the number ending that is indexed.
const SUFFIX_LENGTH: usize = 4;
/// Characters of a city that are indexed: more than any has with its ward.
const CITY_LENGTH_MAX: usize = 16;
/// Entries of a term that are looked up; more narrow the candidates no further.
const OF_TERM_MAX: usize = 16;

/// What an entry was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names that everybody may see.
    Public = 1,
    /// A sole trader's own name.
    Personal = 2,
    /// The last digits of a number.
    Suffix = 3,
    /// A dimension of the cell.
    Dimension = 4,
    /// How the city begins.
    City = 5,
}

/// One entry of the index.
pub(in crate::projections) type Token = i32;

/// FNV-1a over the kind and the UTF-8 bytes, cut to 31 bits. Stored: changing it means a rebuild.
fn token(kind: Kind, text: &[char]) -> Token {
    const OFFSET: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    let mut hash = (OFFSET ^ kind as u32).wrapping_mul(PRIME);
    let mut buffer = [0; 4];
    for character in text {
        for byte in character.encode_utf8(&mut buffer).bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(PRIME);
        }
    }
    // The high bits of FNV are the better mixed ones.
    i32::try_from(hash >> 1).expect("31 bits fit")
}

/// What the search index of a declaration is made from, on either engine.
pub(super) struct Indexed<'a> {
    /// Names that everybody may see.
    pub(super) key_public: &'a str,
    /// A sole trader's own name.
    pub(super) key_personal: Option<&'a str>,
    /// The declaration number and the corporate number; empty: none.
    pub(super) numbers: [&'a str; 2],
    pub(super) cell: Cell,
    pub(super) city_key: Option<&'a str>,
}

/// The entries of a declaration as an array literal.
pub(super) fn of_row(row: &Indexed<'_>) -> String {
    let mut tokens = BTreeSet::new();
    add_key(&mut tokens, Kind::Public, row.key_public);
    if let Some(key) = row.key_personal {
        add_key(&mut tokens, Kind::Personal, key);
    }
    tokens.extend(row.numbers.into_iter().filter_map(suffix));
    tokens.extend(row.cell.words().iter().map(|word| of_dimension(word)));
    tokens.extend(beginnings(row.city_key.unwrap_or_default()).map(|it| of_city(&it)));
    array(tokens)
}

/// The ways in which a city is asked for: each beginning of its key.
pub(super) fn beginnings(city_key: &str) -> impl Iterator<Item = String> {
    let characters: Vec<char> = city_key.chars().take(CITY_LENGTH_MAX).collect();
    (1..=characters.len()).map(move |length| characters.iter().take(length).collect())
}

/// As much of a city that is asked for as the index has; the condition on the row tells the rest.
pub(super) fn beginning(city: &str) -> String {
    city.chars().take(CITY_LENGTH_MAX).collect()
}

/// The entry of a city that begins so.
pub(super) fn of_city(beginning: &str) -> Token {
    token(Kind::City, &beginning.chars().collect::<Vec<char>>())
}

fn of_dimension(word: &str) -> Token {
    token(Kind::Dimension, &word.chars().collect::<Vec<char>>())
}

/// For each dimension that is narrowed, the entries of the values that pass.
pub(super) fn of_filter(masks: Masks) -> Vec<Vec<Token>> {
    masks
        .words()
        .iter()
        .map(|words| words.iter().map(|word| of_dimension(word)).collect())
        .collect()
}

/// The entries of a folded name.
pub(super) fn of_key(kind: Kind, key: &str) -> BTreeSet<Token> {
    let mut tokens = BTreeSet::new();
    add_key(&mut tokens, kind, key);
    tokens
}

fn add_key(tokens: &mut BTreeSet<Token>, kind: Kind, key: &str) {
    for part in key.split(SEPARATOR) {
        let characters: Vec<char> = part.chars().collect();
        tokens.extend(characters.iter().map(|it| token(kind, std::slice::from_ref(it))));
        tokens.extend(characters.windows(2).map(|pair| token(kind, pair)));
    }
}

/// The entries of a text: each character and each pair.
pub(in crate::projections) fn of_text(text: &str) -> BTreeSet<Token> {
    of_key(Kind::Public, text)
}

/// The entries that every text containing `term` has, where there is one kind of text.
pub(in crate::projections) fn of_text_term(term: &str) -> Vec<Token> {
    of_term(Kind::Public, term)
}

/// The entries that every text containing `term` has, its pairs or its only character. Those of the form of an organisation, which nearly
/// all names have, are asked for as well: without them 株式会社若葉 is looked for in every 有限会社若葉.
pub(super) fn of_term(kind: Kind, term: &str) -> Vec<Token> {
    let characters: Vec<char> = term.chars().collect();
    match characters.as_slice() {
        [single] => vec![token(kind, &[*single])],
        several => several
            .windows(2)
            .take(OF_TERM_MAX)
            .map(|pair| token(kind, pair))
            .collect(),
    }
}

/// The entry that every number ending with `digits` has; there are four digits or more.
pub(super) fn of_suffix(digits: &str) -> Vec<Token> {
    suffix(digits).into_iter().collect()
}

fn suffix(number: &str) -> Option<Token> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let start = digits.len().checked_sub(SUFFIX_LENGTH)?;
    Some(token(Kind::Suffix, &digits[start..]))
}

/// Entries as an array literal.
pub(in crate::projections) fn array(tokens: impl IntoIterator<Item = Token>) -> String {
    let mut text = String::from("{");
    for token in tokens {
        let glue = if text.len() == 1 { "" } else { "," };
        // Writing into a text never fails.
        let _ = write!(text, "{glue}{token}");
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entries of a row, those of its dimensions left out.
    fn row(key_public: &str, key_personal: Option<&str>, numbers: [&str; 2]) -> BTreeSet<String> {
        let cell = Cell(0);
        let dimensions: BTreeSet<String> = cell
            .words()
            .iter()
            .map(|word| of_dimension(word).to_string())
            .collect();
        let row = Indexed {
            key_public,
            key_personal,
            numbers,
            cell,
            city_key: None,
        };
        &entries(&of_row(&row)) - &dimensions
    }

    fn entries(array: &str) -> BTreeSet<String> {
        array
            .trim_matches(['{', '}'])
            .split(',')
            .map(str::to_owned)
            .collect()
    }

    fn texts(tokens: &[Token]) -> BTreeSet<String> {
        tokens.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_part_of_a_name_is_found_by_its_entries() {
        let name = "つばさ整備東京";
        let found = row(name, None, ["", ""]);
        let characters: Vec<char> = name.chars().collect();
        for start in 0..characters.len() {
            for end in start + 1..=characters.len() {
                let term: String = characters[start..end].iter().collect();
                assert!(texts(&of_term(Kind::Public, &term)).is_subset(&found), "{term}");
            }
        }
    }

    #[test]
    fn a_personal_name_shares_no_entry_with_the_same_public_name() {
        let found = row("", Some("見本花子"), ["", ""]);
        assert!(found.is_disjoint(&row("見本花子", None, ["", ""])));
        assert!(texts(&of_term(Kind::Personal, "花子")).is_subset(&found));
    }

    #[test]
    fn no_pair_spans_two_names() {
        let found = row("青空\u{1f}大和", None, ["", ""]);
        assert!(!texts(&of_term(Kind::Public, "空大")).is_subset(&found));
    }

    #[test]
    fn a_city_is_found_by_every_beginning() {
        let row = Indexed {
            key_public: "",
            key_personal: None,
            numbers: ["", ""],
            cell: Cell(0),
            city_key: Some("見本市中央区"),
        };
        let found = entries(&of_row(&row));
        for city in ["見", "見本市", "見本市中央区"] {
            assert!(found.contains(&of_city(&beginning(city)).to_string()), "{city}");
        }
        assert!(!found.contains(&of_city("本市").to_string()));
        assert_eq!(beginning(&"長".repeat(50)).chars().count(), CITY_LENGTH_MAX);
    }

    #[test]
    fn a_number_is_found_by_its_last_digits() {
        let found = row("", None, ["59990000017", "7999901000001"]);
        for digits in ["0017", "59990000017", "0001", "7999901000001"] {
            assert!(texts(&of_suffix(digits)).is_subset(&found), "{digits}");
        }
        assert!(!texts(&of_suffix("5999")).is_subset(&found));
    }
}
