//! Cells from text.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{SHIFT_JIS, UTF_16LE};

use super::{COLUMNS_MAX, Lines, SheetProblem};
use crate::status_check::ROWS_MAX;

pub(super) fn read(content: &[u8]) -> Result<Lines, SheetProblem> {
    // The reader counts a line end of two characters to the line after it.
    let text = decode(content)?.replace("\r\n", "\n");
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut lines = Lines::new();
    let mut record = StringRecord::new();
    loop {
        let line = reader.position().line();
        let is_there = reader.read_record(&mut record);
        if !is_there.map_err(|_| SheetProblem::Broken(line))? {
            return Ok(lines);
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // The rows and their headings.
        if lines.len() > ROWS_MAX {
            return Err(SheetProblem::TooManyRows);
        }
        let cells = record.iter().take(COLUMNS_MAX).map(str::to_owned).collect();
        let line = record.position().map_or(line, csv::Position::line);
        lines.push((u32::try_from(line).unwrap_or(u32::MAX), cells));
    }
}

/// Text in CP932 is practically never valid UTF-8, so UTF-8 is asked first. A byte order mark leaves no doubt.
fn decode(content: &[u8]) -> Result<String, SheetProblem> {
    if let Some(marked) = content.strip_prefix(b"\xEF\xBB\xBF") {
        let text = std::str::from_utf8(marked).map_err(|_| SheetProblem::Encoding)?;
        return Ok(text.to_owned());
    }
    // What Excel calls Unicode text.
    if let Some(marked) = content.strip_prefix(b"\xFF\xFE") {
        let text = UTF_16LE.decode_without_bom_handling_and_without_replacement(marked);
        return text.map(Into::into).ok_or(SheetProblem::Encoding);
    }
    if let Ok(text) = std::str::from_utf8(content) {
        return Ok(text.to_owned());
    }
    let text = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(content);
    text.map(Into::into).ok_or(SheetProblem::Encoding)
}

/// What stands between the cells of the first line: what is copied from a spreadsheet has tabs.
fn separator(text: &str) -> u8 {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    [b'\t', b',', b';']
        .into_iter()
        .find(|separator| first.as_bytes().contains(separator))
        .unwrap_or(b',')
}
