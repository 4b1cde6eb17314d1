//! Lists of recipients as people paste them: one on a line, or with commas, semicolons or tabs between, with names or without.
//!
//! ```text
//! taro@example.jp, 見本 花子 <hanako@example.jp>
//! "見本, 次郎" <jiro@example.jp>
//! ```

use std::collections::HashSet;

use super::draft::{DraftProblem, Recipient, without_spaces};
use super::{AddressProblem, DraftField, Problem};
use crate::value::plain;

/// The longest list that is looked at, in bytes.
const LONGEST_LIST: usize = 4 << 20;
/// The longest entry that is looked at, in bytes: a name, an address and their marks.
const LONGEST_ENTRY: usize = 2048;

/// What a list holds. Nobody is in it twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addresses {
    /// Who can be written to, in the order of the list.
    pub good: Vec<Recipient>,
    /// What cannot be read.
    pub bad: Vec<BadEntry>,
    /// How often an address came again.
    pub doubles: usize,
}

/// An entry that nothing can be sent to. What stands in it is not repeated here: its number is enough to find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadEntry {
    /// Which entry of the list, counted from 1.
    pub number: usize,
    /// What is wrong with it.
    pub problem: DraftProblem,
}

/// Why a list is not looked at any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListRefused {
    /// Too many bytes.
    #[error("the list has {bytes} bytes, more than {at_most}: split it")]
    TooLong {
        /// How many it has.
        bytes: usize,
        /// The most that is taken.
        at_most: usize,
    },
    /// Too many entries, good and bad ones together.
    #[error("the list has more than {at_most} addresses: split it")]
    TooMany {
        /// The most that is taken.
        at_most: usize,
    },
}

impl ListRefused {
    /// One sentence for the person who gave the list.
    pub fn japanese(self) -> String {
        match self {
            Self::TooLong { .. } => "宛先の一覧が大きすぎます。分けて入力してください。".to_owned(),
            Self::TooMany { at_most } => format!("宛先は{at_most}件までです。分けて入力してください。"),
        }
    }
}

impl Addresses {
    /// Reads a list of at most so many entries. Takes time and memory in proportion to the text, and none for one that is
    /// too long.
    pub fn parse(text: &str, at_most: usize) -> Result<Self, ListRefused> {
        if text.len() > LONGEST_LIST {
            return Err(ListRefused::TooLong {
                bytes: text.len(),
                at_most: LONGEST_LIST,
            });
        }
        let mut list = Self::default();
        let mut known = HashSet::new();
        let entries = Entries(text).map(plain::trim).filter(|entry| !entry.is_empty());
        for (index, entry) in entries.enumerate() {
            if index == at_most {
                return Err(ListRefused::TooMany { at_most });
            }
            match read_entry(entry) {
                Ok(recipient) if known.insert(recipient.address().key()) => list.good.push(recipient),
                Ok(_) => list.doubles += 1,
                Err(problem) => list.bad.push(BadEntry {
                    number: index + 1,
                    problem,
                }),
            }
        }
        Ok(list)
    }
}

/// `address`, `<address>`, `name <address>` or `"name" <address>`.
fn read_entry(entry: &str) -> Result<Recipient, DraftProblem> {
    if entry.len() > LONGEST_ENTRY {
        return Err(DraftProblem {
            field: DraftField::Address,
            problem: Problem::Address(AddressProblem::TooLong),
        });
    }
    let Some((name, address)) = entry.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) else {
        return Recipient::parse(entry, None);
    };
    let name = without_spaces(name);
    let quoted = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    Recipient::parse(address, Some(quoted.unwrap_or(name)))
}

/// The pieces between separators. Within quotes, which end with the line at the latest, only a line break separates.
struct Entries<'t>(&'t str);

impl<'t> Iterator for Entries<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.0.is_empty() {
            return None;
        }
        let mut in_quotes = false;
        let end = self.0.char_indices().find(|(_, character)| {
            match character {
                '"' => in_quotes = !in_quotes,
                '\n' | '\r' => return true,
                ',' | ';' | '\t' | '、' | '，' | '；' => return !in_quotes,
                _ => {}
            }
            false
        });
        let Some((at, separator)) = end else {
            return Some(std::mem::take(&mut self.0));
        };
        let entry = &self.0[..at];
        self.0 = &self.0[at + separator.len_utf8()..];
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wires(list: &Addresses) -> Vec<String> {
        let recipients = list.good.iter();
        recipients
            .map(|recipient| recipient.address().wire_form().into_revealed())
            .collect()
    }

    #[test]
    fn a_pasted_list_is_read_with_names_quotes_and_all_kinds_of_separators() {
        let text = "taro@example.jp, 見本 花子 <hanako@example.jp>;\r\n\
                    \"見本, 次郎\" <jiro@example.jp>、<saburo@example.jp>\t\n\n\
                    a..b@docomo.ne.jp，\"c..d\"@docomo.ne.jp";
        let list = Addresses::parse(text, 10).unwrap();
        assert_eq!(
            wires(&list),
            [
                "taro@example.jp",
                "hanako@example.jp",
                "jiro@example.jp",
                "saburo@example.jp",
                "\"a..b\"@docomo.ne.jp",
                "\"c..d\"@docomo.ne.jp",
            ]
        );
        let names: Vec<_> = list.good.iter().map(Recipient::name).collect();
        assert_eq!(names[..4], [None, Some("見本 花子"), Some("見本, 次郎"), None]);
        assert!(list.bad.is_empty());
    }

    #[test]
    fn nobody_is_in_it_twice_and_what_cannot_be_read_is_numbered() {
        let text = "taro@example.jp\nTaro@Example.JP\nなし\nx\u{202E} <jiro@example.jp>\n\"open <a@example.jp>\nb@example.jp";
        let list = Addresses::parse(text, 10).unwrap();
        assert_eq!(wires(&list), ["taro@example.jp", "a@example.jp", "b@example.jp"]);
        assert_eq!(list.doubles, 1);
        let bad: Vec<_> = list
            .bad
            .iter()
            .map(|entry| (entry.number, entry.problem.field, entry.problem.code()))
            .collect();
        assert_eq!(
            bad,
            [
                (3, DraftField::Address, "address_unreadable"),
                (4, DraftField::Name, "direction_character"),
            ]
        );
    }

    #[test]
    fn a_list_that_is_too_long_is_refused_at_once() {
        let huge = "a@example.jp\n".repeat(800_000);
        let refused = Addresses::parse(&huge, usize::MAX).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the list has 10400000 bytes, more than 4194304: split it"
        );
        let refused = Addresses::parse("a@example.jp\nb@example.jp\nx", 2).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the list has more than 2 addresses: split it"
        );
    }

    #[test]
    fn a_list_of_separators_or_one_endless_entry_costs_nothing() {
        assert_eq!(
            Addresses::parse(&",".repeat(LONGEST_LIST), 1),
            Ok(Addresses::default())
        );
        let list = Addresses::parse(&"\"".repeat(LONGEST_LIST), 1).unwrap();
        assert_eq!(list.bad.len(), 1);
    }
}
