//! The search index entries of a declaration: every character and every pair of neighbouring characters of its folded names,
//! and the beginnings and endings of its numbers, each hashed to a positive 31-bit number.
//!
//! The same entries are kept on both engines (an FTS5 table, a GIN index), so both find the same. Two texts may share an
//! entry: what an index finds is only a candidate, and every candidate is checked against the keys again.
//! A sole trader's own name is hashed under another kind, so a reader without the right never matches it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use event_store::Engine;

/// Separates the folded names inside a key; no fold yields it.
pub(super) const SEPARATOR: char = '\u{1f}';

/// Lengths of the number beginnings that are indexed; a longer query uses the longest that it covers.
const PREFIX_LENGTHS: [usize; 3] = [8, 6, 4];
/// Length of the number ending that is indexed.
const SUFFIX_LENGTH: usize = 4;
/// Digits that a term needs before it is compared with numbers.
pub(super) const DIGITS_MIN: usize = 4;

/// What an entry was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names that everybody may see.
    Public = 1,
    /// A sole trader's own name.
    Personal = 2,
    /// The first digits of a number.
    Prefix = 3,
    /// The last digits of a number.
    Suffix = 4,
}

/// One entry of the search index.
pub(super) type Token = i32;

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

/// Adds the entries of a key: folded names with separators between them.
pub(super) fn add_key(tokens: &mut BTreeSet<Token>, kind: Kind, key: &str) {
    for part in key.split(SEPARATOR) {
        let characters: Vec<char> = part.chars().collect();
        tokens.extend(characters.iter().map(|it| token(kind, std::slice::from_ref(it))));
        tokens.extend(characters.windows(2).map(|pair| token(kind, pair)));
    }
}

/// Adds the entries of a number. Anything but digits in it is skipped.
pub(super) fn add_number(tokens: &mut BTreeSet<Token>, number: &str) {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    tokens.extend(
        PREFIX_LENGTHS
            .iter()
            .filter_map(|length| digits.get(..*length))
            .map(|it| token(Kind::Prefix, it)),
    );
    if digits.len() >= SUFFIX_LENGTH {
        tokens.insert(token(Kind::Suffix, &digits[digits.len() - SUFFIX_LENGTH..]));
    }
}

/// The entries that every text containing `term` has: its pairs, or its only character.
pub(super) fn of_term(kind: Kind, term: &str) -> Vec<Token> {
    let characters: Vec<char> = term.chars().collect();
    let mut tokens: Vec<Token> = match characters.as_slice() {
        [single] => vec![token(kind, &[*single])],
        several => several.windows(2).map(|pair| token(kind, pair)).collect(),
    };
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// The entry that every number beginning with `digits` has. `digits` has [`DIGITS_MIN`] or more.
pub(super) fn of_prefix(digits: &str) -> Option<Token> {
    let digits: Vec<char> = digits.chars().collect();
    PREFIX_LENGTHS
        .iter()
        .find_map(|length| digits.get(..*length))
        .map(|it| token(Kind::Prefix, it))
}

/// The entry that every number ending with `digits` has. `digits` has [`DIGITS_MIN`] or more.
pub(super) fn of_suffix(digits: &str) -> Option<Token> {
    let digits: Vec<char> = digits.chars().collect();
    let start = digits.len().checked_sub(SUFFIX_LENGTH)?;
    Some(token(Kind::Suffix, &digits[start..]))
}

/// The form in which an entry stands in the FTS5 table: eight hexadecimal digits.
pub(super) fn fts_word(token: Token) -> String {
    format!("{token:08x}")
}

/// The entries of a declaration in the form in which the engine stores them.
pub(super) fn stored(engine: Engine, tokens: &BTreeSet<Token>) -> String {
    let mut text = String::with_capacity(tokens.len() * 11 + 2);
    match engine {
        Engine::Sqlite => {
            for token in tokens {
                let _ = write!(text, "{token:08x} ");
            }
        }
        Engine::Postgres => {
            let mut glue = '{';
            for token in tokens {
                let _ = write!(text, "{glue}{token}");
                glue = ',';
            }
            text.push_str(if tokens.is_empty() { "{}" } else { "}" });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_tokens(kind: Kind, key: &str) -> BTreeSet<Token> {
        let mut tokens = BTreeSet::new();
        add_key(&mut tokens, kind, key);
        tokens
    }

    #[test]
    fn every_part_of_a_name_is_found_by_its_entries() {
        let name = "つばさ整備東京";
        let tokens = key_tokens(Kind::Public, name);
        let characters: Vec<char> = name.chars().collect();
        for start in 0..characters.len() {
            for end in start + 1..=characters.len() {
                let term: String = characters[start..end].iter().collect();
                assert!(
                    of_term(Kind::Public, &term).iter().all(|it| tokens.contains(it)),
                    "{term}"
                );
            }
        }
    }

    #[test]
    fn a_personal_name_shares_no_entry_with_the_same_public_name() {
        let public = key_tokens(Kind::Public, "見本花子");
        assert!(key_tokens(Kind::Personal, "見本花子").is_disjoint(&public));
    }

    #[test]
    fn no_pair_spans_two_names() {
        let tokens = key_tokens(Kind::Public, "青空\u{1f}大和");
        assert!(!of_term(Kind::Public, "空大").iter().all(|it| tokens.contains(it)));
    }

    #[test]
    fn a_number_is_found_by_its_first_and_last_digits() {
        let mut tokens = BTreeSet::new();
        add_number(&mut tokens, "59990000017");
        for length in DIGITS_MIN..=11 {
            assert!(tokens.contains(&of_prefix(&"59990000017"[..length]).expect("long enough")));
            assert!(tokens.contains(&of_suffix(&"59990000017"[11 - length..]).expect("long enough")));
        }
        assert!(of_prefix("599").is_none() && of_suffix("017").is_none());
    }
}
