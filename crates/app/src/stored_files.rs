//! Whether the files that the log names are there, byte for byte: documents of declarations, files that leave, files of imports.

use uuid::Uuid;

use crate::attachment::AttachmentReport;
use crate::{App, Internal};

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFault {
    /// Its bytes are not there.
    Missing,
    /// They are others than those that were kept.
    Changed,
}

/// What a file is that is kept for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassingKind {
    /// A view of the register that leaves.
    Export,
    /// A register that came to be imported.
    Import,
}

/// A file that is kept for some days, and is not what the log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedFile {
    /// What it is.
    pub kind: PassingKind,
    /// The export or the import that it belongs to.
    pub id: Uuid,
    /// What is wrong.
    pub fault: FileFault,
}

/// What became of all files that the log names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileReport {
    /// Documents of declarations.
    pub documents: AttachmentReport,
    /// How many others were looked at.
    pub passing: u64,
    /// Those of them that are not what the log says.
    pub damaged: Vec<DamagedFile>,
}

impl FileReport {
    /// How many are not what the log says.
    pub const fn faults(&self) -> u64 {
        (self.documents.damaged.len() + self.damaged.len()) as u64
    }

    pub(crate) fn add(&mut self, kind: PassingKind, id: Uuid, fault: Option<FileFault>) {
        self.passing += 1;
        self.damaged
            .extend(fault.map(|fault| DamagedFile { kind, id, fault }));
    }
}

impl App {
    /// Compares every file that is kept with what the log says of it.
    pub async fn verify_files(&self) -> Result<FileReport, Internal> {
        let mut report = FileReport {
            documents: self.verify_attachments().await?,
            ..FileReport::default()
        };
        self.verify_exports(&mut report).await?;
        self.verify_imports(&mut report).await?;
        Ok(report)
    }
}
