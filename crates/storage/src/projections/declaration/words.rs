//! The search index of SQLite: an FTS5 document for each declaration, in words of our own that the plain tokenizer takes whole.
//!
//! The pairs of neighbouring characters stand in their order, so a phrase of pairs is exactly a part of a name: what the index
//! finds is right, and counting it reads no row of the register. Single characters, the last four digits of the numbers and the
//! dimensions of the cell follow. The first letter of a word says its kind; a sole trader's own name has kinds of its own, so a
//! reader without the right never matches it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::cell::Masks;
use super::tokens::{self, Indexed, SEPARATOR};

/// A word between two runs of pairs, so that no phrase spans them. No query has it.
const BREAK: &str = "x ";
const SUFFIX_LENGTH: usize = 4;
/// The letter of a word for how a city begins.
const CITY: char = 'm';

/// Whose name a word was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names that everybody may see.
    Public,
    /// A sole trader's own name.
    Personal,
}

impl Kind {
    const fn letters(self) -> (char, char) {
        match self {
            Self::Public => ('n', 'c'),
            Self::Personal => ('p', 'd'),
        }
    }
}

/// The document of a declaration.
pub(super) fn of_row(row: &Indexed<'_>) -> String {
    let mut words = String::new();
    let mut singles = BTreeSet::new();
    add_key(&mut words, &mut singles, Kind::Public, row.key_public);
    if let Some(key) = row.key_personal {
        add_key(&mut words, &mut singles, Kind::Personal, key);
    }
    singles.extend(row.numbers.into_iter().filter_map(suffix));
    singles.extend(row.cell.words());
    singles.extend(tokens::beginnings(row.city_key.unwrap_or_default()).map(|it| of_city(&it)));
    for word in singles {
        words.push_str(&word);
        words.push(' ');
    }
    words
}

fn add_key(words: &mut String, singles: &mut BTreeSet<String>, kind: Kind, key: &str) {
    let (pairs, single) = kind.letters();
    for part in key.split(SEPARATOR) {
        let characters: Vec<char> = part.chars().collect();
        for pair in characters.windows(2) {
            add_word(words, pairs, pair);
            words.push(' ');
        }
        words.push_str(BREAK);
        for character in characters {
            let mut word = String::new();
            add_word(&mut word, single, &[character]);
            singles.insert(word);
        }
    }
}

/// Four hexadecimal digits for each character, or, beyond them, digits with a `z` before: never two texts with one word.
fn add_word(text: &mut String, letter: char, characters: &[char]) {
    text.push(letter);
    for character in characters {
        let code = u32::from(*character);
        // Writing into a text never fails.
        let _ = if code <= 0xffff {
            write!(text, "{code:04x}")
        } else {
            write!(text, "z{code:06x}")
        };
    }
}

/// The query that finds exactly the names containing `term`.
pub(super) fn of_term(kind: Kind, term: &str) -> String {
    let characters: Vec<char> = term.chars().collect();
    let (pairs, single) = kind.letters();
    let mut phrase = String::from("\"");
    match characters.as_slice() {
        [only] => add_word(&mut phrase, single, &[*only]),
        several => {
            for pair in several.windows(2) {
                add_word(&mut phrase, pairs, pair);
                phrase.push(' ');
            }
        }
    }
    phrase.push('"');
    phrase
}

/// The query that finds every number ending with the last four of `digits`.
pub(super) fn of_suffix(digits: &str) -> Option<String> {
    suffix(digits)
}

fn suffix(number: &str) -> Option<String> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let start = digits.len().checked_sub(SUFFIX_LENGTH)?;
    Some(
        std::iter::once('s')
            .chain(digits[start..].iter().copied())
            .collect(),
    )
}

/// The word of a city that begins so.
pub(super) fn of_city(beginning: &str) -> String {
    let mut word = String::new();
    add_word(&mut word, CITY, &beginning.chars().collect::<Vec<char>>());
    word
}

/// The query that a filter adds to that of a search; empty for a filter that lets everything through.
pub(super) fn of_filter(masks: Masks) -> String {
    masks.words().into_iter().fold(String::new(), |mut query, words| {
        let _ = write!(query, " AND ({})", words.join(" OR "));
        query
    })
}

#[cfg(test)]
mod tests {
    use super::super::cell::Cell;
    use super::*;

    fn row(name: &str) -> String {
        with_person(name, None)
    }

    fn with_person(name: &str, person: Option<&str>) -> String {
        of_row(&Indexed {
            key_public: name,
            key_personal: person,
            numbers: ["", ""],
            cell: Cell(0),
            city_key: Some("見本市"),
        })
    }

    fn has(document: &str, query: &str) -> bool {
        document.contains(query.trim_matches('"'))
    }

    #[test]
    fn a_phrase_is_exactly_a_part_of_a_name() {
        let document = row("青空大和𠮷野");
        for part in ["青", "空大", "大和𠮷", "𠮷野", "青空大和𠮷野"] {
            assert!(has(&document, &of_term(Kind::Public, part)), "{part}");
        }
        for other in ["青大", "空青", "野家", "和野"] {
            assert!(!has(&document, &of_term(Kind::Public, other)), "{other}");
        }
    }

    #[test]
    fn no_phrase_spans_two_names_or_two_kinds() {
        let document = with_person("青空\u{1f}大和", Some("花子"));
        assert!(!has(&document, &of_term(Kind::Public, "空大")));
        assert!(
            !has(&document, &of_term(Kind::Public, "花子")) && !has(&document, &of_term(Kind::Public, "花"))
        );
        assert!(has(&document, &of_term(Kind::Personal, "花子")));
    }

    #[test]
    fn a_city_is_found_by_every_beginning() {
        let document = row("青空");
        assert!(
            ["見", "見本", "見本市"]
                .iter()
                .all(|it| document.split(' ').any(|word| word == of_city(it)))
        );
        assert!(!document.split(' ').any(|word| word == of_city("本市")));
    }

    #[test]
    fn words_are_letters_and_digits_only() {
        let document = row("A-B (C)・𠮷");
        assert!(
            document.chars().all(|it| it.is_ascii_alphanumeric() || it == ' '),
            "{document}"
        );
    }
}
