//! The report of an import as CSV: a line for each refused row and each warning, in words that a clerk understands.

use crate::sheet_cell::sheet_cell;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What one line of the report says.
#[derive(Debug, Clone, Copy)]
pub struct ReportLine<'a> {
    /// 1-based, the first row after the headings.
    pub row: u64,
    /// Whether the row was refused or accepted with a warning.
    pub refused: bool,
    /// The stable code.
    pub code: &'a str,
    /// The heading of the column.
    pub column: &'a str,
    /// What stood there.
    pub found: &'a str,
    /// One sentence.
    pub message: &'a str,
}

/// The report cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the report {path} cannot be written: {source}")]
pub struct ReportError {
    path: PathBuf,
    source: io::Error,
}

/// Writes the report line by line.
pub struct Report {
    path: PathBuf,
    writer: csv::Writer<File>,
}

impl Report {
    /// Starts the file, with a byte order mark so that Excel reads Japanese.
    pub fn create(path: &Path) -> Result<Self, ReportError> {
        let failed = |source| ReportError {
            path: path.to_owned(),
            source,
        };
        let mut file = File::create(path).map_err(failed)?;
        file.write_all("\u{feff}".as_bytes()).map_err(failed)?;
        let mut report = Self {
            path: path.to_owned(),
            writer: csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .from_writer(file),
        };
        report.write(&["行", "結果", "コード", "列", "内容", "説明"])?;
        Ok(report)
    }

    /// Adds one line.
    pub fn line(&mut self, line: &ReportLine<'_>) -> Result<(), ReportError> {
        let outcome = if line.refused { "取り込まず" } else { "注意" };
        let row = line.row.to_string();
        self.write(&[
            &row,
            outcome,
            line.code,
            line.column,
            &sheet_cell(line.found),
            line.message,
        ])
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> Result<(), ReportError> {
        self.writer.flush().map_err(|source| ReportError {
            path: self.path.clone(),
            source,
        })
    }

    fn write(&mut self, cells: &[&str]) -> Result<(), ReportError> {
        self.writer.write_record(cells).map_err(|error| ReportError {
            path: self.path.clone(),
            source: error.into(),
        })
    }
}
