//! The refused rows of a trial as a file to correct and to send again: with the columns of the file they came in, and why.

use std::borrow::Cow;
use std::collections::VecDeque;

use domain::ImportId;
use domain::import::{CORRECTED_REASON, CORRECTED_ROW};
use domain::legacy_register::RefusalCode;
use domain::staff::Permission;
use encoding_rs::SHIFT_JIS;
use storage::import as table;
use storage::import_row::{self as rows, ImportRow, Which};

use super::content::FileError;
use super::source::{SourceError, SourceRows};
use crate::sheet_cell::marked;
use crate::{App, Forbidden, Guarded, Internal, OpContext};

/// Rows that are written at once.
const CHUNK: u32 = 500;
/// Excel reads a sheet as UTF-8 only when it begins so.
const BOM: &[u8] = "\u{feff}".as_bytes();
/// Stands for a character that code page 932 does not have.
const NO_CHARACTER: &str = "〓";

/// How a sheet is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetEncoding {
    /// With a byte order mark.
    Utf8,
    /// Code page 932. What it does not have is written as 〓, which the row says.
    Cp932,
}

/// Why there is no sheet.
#[derive(Debug, thiserror::Error)]
pub enum CorrectedSheetError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such import, or it was not tried out.
    #[error("there is no such import, or it was not tried out")]
    NotFound,
    /// Its file was destroyed.
    #[error("the file of the import was destroyed")]
    Gone,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Lines of a sheet, some at a time.
pub struct CorrectedSheet {
    trial: domain::JobId,
    encoding: SheetEncoding,
    headings: Option<Vec<String>>,
    /// For each column of the file, whether it is of an earlier sheet of this kind.
    ours: Vec<bool>,
    source: SourceRows,
    refused: VecDeque<ImportRow>,
    after: u32,
}

impl App {
    /// The refused rows of the newest trial of an import, with their own cells.
    pub async fn corrected_sheet(
        &self,
        op: &OpContext,
        id: ImportId,
        encoding: SheetEncoding,
    ) -> Result<CorrectedSheet, CorrectedSheetError> {
        op.require(Permission::ImportDeclarations)?;
        op.require(Permission::ReadPersonal)?;
        let found = table::load(self.store.database(), id).await;
        let import = found.map_err(Internal::new)?;
        let import = import.ok_or(CorrectedSheetError::NotFound)?;
        let reading = import.reading.as_ref().filter(|_| import.tried.is_some());
        let trial = reading.ok_or(CorrectedSheetError::NotFound)?.trial_job;
        let source = self.import_source(&import).await.map_err(|error| match error {
            FileError::Gone => CorrectedSheetError::Gone,
            FileError::Internal(error) => error.into(),
        })?;
        let (headings, rows) = (source.head().headings.clone(), source.read());
        let rows = rows.map_err(Internal::new)?;
        match op.reveal_import_rows(id.uuid(), || Guarded::Open(())) {
            Guarded::Withheld(permission) => Err(Forbidden { permission }.into()),
            Guarded::Open(()) | Guarded::Forgotten(_) => Ok(CorrectedSheet {
                trial,
                encoding,
                headings: Some(headings),
                ours: Vec::new(),
                source: rows,
                refused: VecDeque::new(),
                after: 0,
            }),
        }
    }
}

impl CorrectedSheet {
    /// The next bytes of it; none at its end.
    pub async fn next(&mut self, app: &App) -> Result<Option<Vec<u8>>, Internal> {
        let mut bytes = Vec::new();
        if let Some(headings) = self.headings.take() {
            if self.encoding == SheetEncoding::Utf8 {
                bytes.extend_from_slice(BOM);
            }
            let own = headings.iter().map(String::as_str);
            let own: Vec<&str> = own.filter(|it| !is_ours(it)).collect();
            self.write(&mut bytes, &own, CORRECTED_ROW, CORRECTED_REASON)?;
            self.ours = headings.iter().map(|it| is_ours(it)).collect();
            return Ok(Some(bytes));
        }
        let which = Which::Refused;
        let page = rows::page(app.store.database(), self.trial, which, self.after, CHUNK).await;
        self.refused.extend(page.map_err(Internal::new)?);
        let Some(last) = self.refused.back() else {
            return Ok(None);
        };
        self.after = last.ordinal;
        while let Some(refused) = self.refused.pop_front() {
            let Some(cells) = self.cells(refused.row)? else {
                break;
            };
            let reason = reason(&refused);
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            self.write(&mut bytes, &cells, &refused.row.to_string(), &reason)?;
        }
        Ok(Some(bytes))
    }

    /// The cells of a row, which comes after those that were asked for before.
    fn cells(&mut self, row: u64) -> Result<Option<Vec<String>>, Internal> {
        while let Some(found) = self
            .source
            .next_row()
            .map_err(|error: SourceError| Internal::new(error))?
        {
            if found.number == row {
                let cells = found.cells.iter().enumerate();
                let own = cells.filter(|(place, _)| !self.ours.get(*place).copied().unwrap_or_default());
                return Ok(Some(own.map(|(_, cell)| cell.to_owned()).collect()));
            }
        }
        Ok(None)
    }

    fn write(&self, bytes: &mut Vec<u8>, cells: &[&str], row: &str, reason: &str) -> Result<(), Internal> {
        let mut line = vec![row.to_owned(), reason.to_owned()];
        line.extend(cells.iter().map(|cell| marked(cell).into_owned()));
        let mut lost = false;
        if self.encoding == SheetEncoding::Cp932 {
            for cell in &mut line {
                if let Cow::Owned(written) = in_cp932(cell) {
                    (*cell, lost) = (written, true);
                }
            }
        }
        if lost {
            line[1].push_str("〓はShift_JISで書けない文字です。正しい文字に直してください。");
        }
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(Vec::new());
        writer.write_record(&line).map_err(Internal::new)?;
        let text = writer
            .into_inner()
            .map_err(|error| Internal::new(error.into_error()))?;
        match self.encoding {
            SheetEncoding::Utf8 => bytes.extend(text),
            SheetEncoding::Cp932 => {
                let text = String::from_utf8_lossy(&text);
                bytes.extend_from_slice(&SHIFT_JIS.encode(&text).0);
            }
        }
        Ok(())
    }
}

fn is_ours(heading: &str) -> bool {
    heading.trim() == CORRECTED_ROW || heading.trim() == CORRECTED_REASON
}

fn reason(row: &ImportRow) -> String {
    let words = RefusalCode::from_code(&row.code).map(|code| code.words().japanese);
    words.unwrap_or(&row.code).to_owned()
}

/// A text as code page 932 has it.
fn in_cp932(text: &str) -> Cow<'_, str> {
    if !SHIFT_JIS.encode(text).2 {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    let mut place = [0; 4];
    for character in text.chars() {
        let one = character.encode_utf8(&mut place);
        let has_none = SHIFT_JIS.encode(one).2;
        written.push_str(if has_none { NO_CHARACTER } else { one });
    }
    Cow::Owned(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_code_page_932_does_not_have_is_seen() {
        assert_eq!(in_cp932("髙橋①"), "髙橋①");
        assert_eq!(in_cp932("𠮷野家😀"), "〓野家〓");
    }

    #[test]
    fn columns_of_an_earlier_sheet_are_not_written_a_second_time() {
        assert!(is_ours("元の行") && is_ours(" 取り込めない理由"));
        assert!(!is_ours("備考"));
    }
}
