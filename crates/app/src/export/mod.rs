//! Files that leave with a view of the register: asked for, above a limit agreed to by a second person, made by a job as the register was at
//! one moment, kept sealed for some days under a key of their own, and taken by whoever asked, on record. See ADR 44.

mod cells;
mod content;
mod end;
mod keep;
mod make;
mod read;
mod request;
mod sheet;
mod start;
mod take;
mod touch;
mod verify;
mod words;

pub use content::ExportContent;
pub use end::{DiscardExport, DiscardExportError};
pub use make::MakeExport;
pub use read::{ExportDetail, ExportPage, ExportsOf, ReadExportsError, Taking};
pub use request::{ExportRequested, RequestExport, RequestExportError};
pub(crate) use start::StartExportError;
pub use storage::export::{Ended, Export, MAKE};
pub use take::{ExportFile, TakeExportError};
pub use touch::{TouchExport, TouchExportError};

use crate::App;

/// What is decided about files that leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportRules {
    /// A file of more records than this needs a second person.
    pub approval_above: u64,
    /// The same of a file with columns about persons.
    pub personal_approval_above: u64,
}

impl Default for ExportRules {
    fn default() -> Self {
        Self {
            approval_above: 10_000,
            personal_approval_above: 500,
        }
    }
}

impl ExportRules {
    /// So many records may leave without a second person.
    pub const fn limit(self, is_personal: bool) -> u64 {
        if is_personal {
            self.personal_approval_above
        } else {
            self.approval_above
        }
    }
}

impl App {
    /// The same office with other rules.
    #[must_use]
    pub const fn with_export_rules(mut self, rules: ExportRules) -> Self {
        self.export_rules = rules;
        self
    }

    /// What is decided about files that leave.
    pub const fn export_rules(&self) -> ExportRules {
        self.export_rules
    }
}
