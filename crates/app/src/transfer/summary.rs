//! What a register is, in a few lines: two with the same summary hold the same.

use std::collections::BTreeMap;

use event_store::transfer::{Broken, LogCheck, LogHead};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::item::{Item, Member};

/// A register's head, Merkle root, and how many rows of each kind it has with their hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Name, last position and its time.
    pub head: LogHead,
    /// RFC 6962 root over all leaf hashes, hexadecimal.
    pub root: String,
    /// Kinds of rows by name; those of the keyring are left out where keys stay behind.
    pub content: BTreeMap<String, Content>,
}

/// The rows of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// How many.
    pub rows: u64,
    /// SHA-256 over all of them as lines of JSON, hexadecimal.
    pub sha256: String,
}

impl Summary {
    /// How many rows of a kind there are.
    pub fn rows(&self, name: &str) -> u64 {
        self.content.get(name).map_or(0, |content| content.rows)
    }

    fn filled(&self, name: &str) -> Option<&Content> {
        self.content.get(name).filter(|content| content.rows > 0)
    }

    /// Whether keys are part of it.
    pub fn has_keys(&self) -> bool {
        self.content.contains_key(Member::Keys.name())
    }

    /// Whether keys should be part of it, and are not.
    pub(super) fn has_no_keyring(&self) -> bool {
        self.rows(Member::Secrets.name()) == 0
    }

    /// The same without keys.
    #[must_use]
    pub fn without_keys(mut self) -> Self {
        for member in [Member::Keys, Member::Secrets] {
            self.content.remove(member.name());
        }
        self
    }

    /// The first part in which the other differs. A kind of rows that an older version did not know is one without rows.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        if self.head != other.head {
            return Some("the head of the log".to_owned());
        }
        let names = self.content.keys().chain(other.content.keys());
        let mut differing = names.filter(|name| self.filled(name) != other.filled(name));
        if let Some(name) = differing.next() {
            return Some(name.clone());
        }
        (self.root != other.root).then(|| "the Merkle root".to_owned())
    }
}

/// Makes a summary while rows pass by, and checks that they make a log.
pub(super) struct Summing {
    head: LogHead,
    check: LogCheck,
    content: BTreeMap<Member, (u64, Sha256)>,
}

impl Summing {
    pub(super) fn new(head: &LogHead, with_keys: bool) -> Self {
        Self {
            head: head.clone(),
            check: LogCheck::new(&head.origin),
            content: Member::all(with_keys)
                .map(|member| (member, (0, Sha256::new())))
                .collect(),
        }
    }

    /// Takes rows and gives their lines.
    pub(super) fn item(&mut self, item: &Item) -> Result<Vec<u8>, Broken> {
        match item {
            Item::Events(events) => events.iter().try_for_each(|event| self.check.event(event))?,
            Item::Receipts(receipts) => {
                receipts
                    .iter()
                    .try_for_each(|receipt| self.check.receipt(receipt))?;
            }
            _ => {}
        }
        let lines = item.lines();
        let (rows, hasher) = self.content.entry(item.member()).or_default();
        *rows += item.rows() as u64;
        hasher.update(&lines);
        Ok(lines)
    }

    pub(super) fn finish(self) -> Result<Summary, Broken> {
        self.check.finish(&self.head)?;
        let content = self.content.into_iter().map(|(member, (rows, hasher))| {
            let sha256 = hex::encode(hasher.finalize());
            (member.name().to_owned(), Content { rows, sha256 })
        });
        Ok(Summary {
            root: hex::encode(self.check.root()),
            head: self.head,
            content: content.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(content: &[(&str, u64)]) -> Summary {
        let content = content.iter().map(|(name, rows)| {
            let content = Content {
                rows: *rows,
                sha256: format!("of {rows} rows"),
            };
            ((*name).to_owned(), content)
        });
        Summary {
            head: LogHead {
                origin: "example.jp/log".to_owned(),
                position: 1,
                recorded_at: 0,
            },
            root: String::new(),
            content: content.collect(),
        }
    }

    #[test]
    fn an_archive_of_a_version_that_did_not_know_a_table_is_one_with_an_empty_table() {
        let older = summary(&[("tables/backup", 2)]);
        let newer = summary(&[("tables/backup", 2), ("tables/mail", 0)]);
        assert_eq!(older.difference(&newer), None);
        assert_eq!(newer.difference(&older), None);
        let lost = summary(&[("tables/backup", 2), ("tables/mail", 1)]);
        assert_eq!(lost.difference(&older).as_deref(), Some("tables/mail"));
        assert_eq!(older.difference(&lost).as_deref(), Some("tables/mail"));
    }
}
