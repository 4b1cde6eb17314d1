//! One change of many declarations, in steps: the records are chosen (*frozen*), the change is tried out on them, somebody begins it, above
//! a limit with a second person, and a job carries it out record by record. It can be stopped, and taken back by another one.
//!
//! Each record goes through the decision of the same change of one record, under a command id that follows from the bulk change and
//! the record: however often its job is begun anew, nothing is done twice. See ADR 40.

mod content;
mod freeze;
mod read;
mod row;
mod sheet;
mod start;
mod touch;
mod undo;
mod work;

pub use content::{BulkContent, ChosenBy};
pub use freeze::{FreezeBulkChange, FreezeBulkChangeError, IDS_MAX, SELECTION_MAX, Selection};
pub use read::{BulkDetail, BulkPage, ReadBulkChangesError};
pub use sheet::{BulkSheet, BulkSheetError};
pub use start::{StartBulkChange, StartBulkChangeError, StartRefusal};
pub use storage::bulk_change::{BulkChange, BulkStarted, RUN, TRY};
pub use storage::bulk_change_row::{BulkRow, Pass};
pub use touch::{TouchBulkChange, TouchBulkChangeError};
pub use undo::{UNDO_DAYS, UndoBulkChange, UndoBulkChangeError};
pub use work::{RunBulkChange, TryBulkChange};

use crate::App;

/// What is decided about changes of many declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkRules {
    /// A change of more records than this needs a second person.
    pub approval_above: u32,
    /// An import of more rows than this needs a second person.
    pub import_approval_above: u32,
}

impl Default for BulkRules {
    fn default() -> Self {
        Self {
            approval_above: 1_000,
            import_approval_above: 10_000,
        }
    }
}

impl App {
    /// The same office with other rules.
    #[must_use]
    pub const fn with_bulk_rules(mut self, rules: BulkRules) -> Self {
        self.bulk_rules = rules;
        self
    }

    /// What is decided about changes of many declarations.
    pub const fn bulk_rules(&self) -> BulkRules {
        self.bulk_rules
    }
}
