//! The rebuilt rows beside those that are read, row for row, at one position of the log.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use event_store::{Database, Position, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::projections::declaration::checksum::Checksums;
use crate::sql::StorageError;

/// Declarations that are named at most.
const NAMED: usize = 20;

/// How the rebuilt rows differ from those that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Where in the log both were.
    pub at: Position,
    /// Rows that were read until now.
    pub before: u64,
    /// Rows that were rebuilt.
    pub after: u64,
    /// Rows only in those that were read.
    pub only_before: u64,
    /// Rows only in those that were rebuilt.
    pub only_after: u64,
    /// Rows in both that are not the same.
    pub changed: u64,
    /// Cells that are counted otherwise.
    pub counts: u64,
    /// The first declarations that differ.
    pub first: Vec<Differing>,
}

/// A declaration whose rows differ. No personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// Its id.
    pub id: Uuid,
    /// 自己宣言ID.
    pub number: String,
    /// In which way.
    pub how: Difference,
}

/// How a row differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It was read and is gone.
    OnlyBefore,
    /// It was missing.
    OnlyAfter,
    /// It says something else.
    Changed,
}

impl Comparison {
    /// Whether every row is the same.
    pub fn is_same(&self) -> bool {
        self.only_before + self.only_after + self.changed + self.counts == 0
    }

    fn add(&mut self, how: Difference) {
        match how {
            Difference::OnlyBefore => self.only_before += 1,
            Difference::OnlyAfter => self.only_after += 1,
            Difference::Changed => self.changed += 1,
        }
    }
}

const NAMES: &str = "SELECT seq, id, number FROM declaration WHERE seq = $1";
const NAMES_REBUILD: &str = "SELECT seq, id, number FROM declaration_rebuild WHERE seq = $1";

#[derive(FromRow)]
struct Named {
    id: Uuid,
    number: String,
}

/// Compares what was read (`before`) with what was rebuilt.
pub(super) async fn compare(
    database: &Database,
    before: &Checksums,
    after: &Checksums,
) -> Result<Comparison, StorageError> {
    let mut comparison = Comparison {
        at: before.position,
        before: before.rows.len() as u64,
        after: after.rows.len() as u64,
        counts: differing_counts(&before.counts, &after.counts),
        ..Comparison::default()
    };
    let mut first = Vec::new();
    for (seq, how) in differing(&before.rows, &after.rows) {
        comparison.add(how);
        if first.len() < NAMED {
            first.push((seq, how));
        }
    }
    for (seq, how) in first {
        let text = match how {
            Difference::OnlyBefore => NAMES,
            Difference::OnlyAfter | Difference::Changed => NAMES_REBUILD,
        };
        let mut connection = database.acquire_read().await?;
        let named: Option<Named> =
            each_engine!(connection, c => sqlx::query_as(text).bind(seq).fetch_optional(c).await)?;
        comparison
            .first
            .extend(named.map(|Named { id, number }| Differing { id, number, how }));
    }
    Ok(comparison)
}

/// The numbers of rows that differ, in order.
fn differing<'r>(
    before: &'r [(i64, [u8; 16])],
    after: &'r [(i64, [u8; 16])],
) -> impl Iterator<Item = (i64, Difference)> + 'r {
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    std::iter::from_fn(move || {
        loop {
            let order = match (before.peek(), after.peek()) {
                (None, None) => return None,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((before, _)), Some((after, _))) => before.cmp(after),
            };
            match order {
                Ordering::Less => return before.next().map(|(seq, _)| (*seq, Difference::OnlyBefore)),
                Ordering::Greater => return after.next().map(|(seq, _)| (*seq, Difference::OnlyAfter)),
                Ordering::Equal => {
                    let ((seq, old), (_, new)) = (before.next()?, after.next()?);
                    if old != new {
                        return Some((*seq, Difference::Changed));
                    }
                }
            }
        }
    })
}

fn differing_counts(before: &[(i64, i64)], after: &[(i64, i64)]) -> u64 {
    let mut counts: BTreeMap<i64, i64> = before.iter().copied().collect();
    for (cell, count) in after {
        *counts.entry(*cell).or_default() -= count;
    }
    counts.values().filter(|left| **left != 0).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_gone_new_or_changed_are_told_apart() {
        let before = [(1, [1; 16]), (2, [2; 16]), (4, [4; 16]), (9, [9; 16])];
        let after = [(1, [1; 16]), (2, [0; 16]), (3, [3; 16]), (4, [4; 16])];
        let found: Vec<_> = differing(&before, &after).collect();
        let expected = [
            (2, Difference::Changed),
            (3, Difference::OnlyAfter),
            (9, Difference::OnlyBefore),
        ];
        assert_eq!(found, expected);
        assert_eq!(differing(&after, &after).count(), 0);
    }

    #[test]
    fn a_cell_that_is_counted_on_one_side_only_differs() {
        assert_eq!(differing_counts(&[(1, 2), (3, 4)], &[(1, 2), (5, 1)]), 2);
        assert_eq!(differing_counts(&[(1, 2)], &[(1, 2)]), 0);
    }
}
