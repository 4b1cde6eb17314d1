//! What an import did, in figures.

use std::collections::BTreeMap;

use serde::Serialize;

/// The summary; its JSON has the keys of `legacy-register.expected.json` and a few more.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    /// `utf-8` or `cp932`.
    pub encoding: &'static str,
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// Rows after the headings.
    pub rows: u64,
    /// Rows that are in the register now and were not before.
    pub accepted: u64,
    /// Rows that repeat an accepted row in every field, in this file or from an earlier import.
    pub identical_repeats: u64,
    /// Rows that cannot be taken.
    pub refused: u64,
    /// How often each code of refusal occurs.
    pub refused_by_code: BTreeMap<&'static str, u64>,
    /// Each refused row with its code.
    pub refused_rows: Vec<RefusedRow>,
    /// How often each warning occurs among the accepted rows.
    pub warnings_by_code: BTreeMap<&'static str, u64>,
    /// Accepted rows by star.
    pub accepted_by_star: BTreeMap<&'static str, u64>,
    /// Accepted rows that are stopped.
    pub accepted_stopped: u64,
    /// The five prefectures with most accepted rows.
    pub accepted_by_prefecture_top5: BTreeMap<&'static str, u64>,
    /// Events that were appended.
    pub events_written: u64,
    /// The end of the log when the import had ended; what a reader of lists can wait for.
    pub position: Option<String>,
    /// Seconds until every row was committed.
    pub commit_seconds: f64,
    /// Seconds after that until the list had every row; none when nothing was written.
    pub catch_up_seconds: Option<f64>,
}

/// A refused row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    /// 1-based, the first row after the headings.
    pub row: u64,
    /// Why.
    pub code: &'static str,
}

impl Summary {
    pub(super) fn refuse(&mut self, row: u64, code: &'static str) {
        self.refused += 1;
        *self.refused_by_code.entry(code).or_default() += 1;
        self.refused_rows.push(RefusedRow { row, code });
    }

    pub(super) fn warn(&mut self, code: &'static str) {
        *self.warnings_by_code.entry(code).or_default() += 1;
    }
}
