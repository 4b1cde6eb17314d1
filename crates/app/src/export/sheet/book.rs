//! A workbook: texts as texts, so that nothing in it is ever a formula and no number loses its zeros; days as days. Rows go into a file
//! without a name as they are written, and from there into the archive, so that few of them are in memory.

use std::borrow::Cow;
use std::io::Write;

use chrono::Datelike as _;
use domain::export::Column;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Unwritten, Why};
use crate::Internal;
use crate::export::cells::{Cell, Line};

/// Records that a sheet takes beside its headings.
pub(in crate::export) const ROWS_MAX: u64 = 1_048_575;
/// Characters that a cell takes.
const CELL_MAX: usize = 32_767;
const SHEET: &str = "宣言";

/// A workbook that is being made.
pub(in crate::export) struct Book {
    workbook: Workbook,
    day: Format,
    columns: Vec<Column>,
    /// Rows so far, with the headings.
    rows: u32,
}

impl Book {
    pub(super) fn new(columns: &[Column]) -> Result<Self, Internal> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory();
        begin(sheet, columns).map_err(Internal::new)?;
        Ok(Self {
            workbook,
            day: Format::new().set_num_format("yyyy-mm-dd"),
            columns: columns.to_vec(),
            rows: 1,
        })
    }

    /// Writes lines; what could not be written as it stands.
    pub(super) fn write(&mut self, lines: &[Line]) -> Result<Vec<Unwritten>, Internal> {
        let mut unwritten = Vec::new();
        let sheet = self.workbook.worksheet_from_index(0).map_err(Internal::new)?;
        for line in lines {
            for ((at, cell), column) in (0..).zip(&line.cells).zip(&self.columns) {
                let note = |why| {
                    unwritten.push(Unwritten {
                        row: u64::from(self.rows) + 1,
                        number: line.number.clone(),
                        column: *column,
                        why,
                    });
                };
                put(sheet, (self.rows, at), cell, &self.day, note).map_err(Internal::new)?;
            }
            self.rows += 1;
        }
        Ok(unwritten)
    }

    pub(super) fn finish(mut self, out: impl Write + Send) -> Result<(), Internal> {
        self.workbook.save_to_writer(out).map_err(Internal::new)
    }
}

fn begin(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    sheet.set_name(SHEET)?;
    let bold = Format::new().set_bold();
    for (at, column) in (0..).zip(columns) {
        sheet.set_column_width(at, width(*column))?;
        sheet.write_string_with_format(0, at, column.heading(), &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

const fn width(column: Column) -> f64 {
    match column {
        Column::Name | Column::Kana | Column::Street | Column::PolicyUrl | Column::ContactEmail => 36.0,
        Column::TradeName | Column::Building | Column::Flags | Column::Industry => 24.0,
        _ => 16.0,
    }
}

fn put(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &Cell,
    day_format: &Format,
    note: impl FnMut(Why),
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string(row, at, fitting(text, note))?;
        }
        // Every whole number that somebody writes into a field is exact as a float, which is what a cell holds.
        #[expect(clippy::cast_precision_loss, reason = "a cell holds a float")]
        Cell::Number(number) => {
            sheet.write_number(row, at, *number as f64)?;
        }
        Cell::Day(day) => match excel_day(*day) {
            Some(date) => {
                sheet.write_date_with_format(row, at, &date, day_format)?;
            }
            // Before what spreadsheets know as days.
            None => {
                sheet.write_string(row, at, day.to_string())?;
            }
        },
    }
    Ok(())
}

fn excel_day(day: chrono::NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    let (month, day) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// As much of a text as a cell takes, without what no XML can hold.
fn fitting(text: &str, mut note: impl FnMut(Why)) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    let is_none = |c: char| matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.contains(is_none) {
        text.chars()
            .filter(|c| is_none(*c))
            .for_each(|c| note(Why::NoSuchCharacter(c)));
        text = Cow::Owned(text.replace(is_none, "〓"));
    }
    if let Some((end, _)) = text.char_indices().nth(CELL_MAX) {
        note(Why::TooLong);
        text = Cow::Owned(text[..end].to_owned());
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};
    use chrono::NaiveDate;
    use domain::DeclarationId;
    use uuid::Uuid;

    use super::*;

    fn made(lines: Vec<Vec<Cell>>, columns: &[Column]) -> (Vec<Vec<Data>>, Vec<Unwritten>) {
        let mut book = Book::new(columns).expect("a workbook");
        let lines: Vec<_> = lines
            .into_iter()
            .map(|cells| Line {
                id: DeclarationId::new(Uuid::nil()),
                number: "59990000017".to_owned(),
                cells,
                reveals: BTreeSet::new(),
            })
            .collect();
        let unwritten = book.write(&lines).expect("rows");
        let mut bytes = Vec::new();
        book.finish(&mut bytes).expect("a file");
        let mut read = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
        let range = read.worksheet_range(SHEET).expect("its sheet");
        (range.rows().map(<[Data]>::to_vec).collect(), unwritten)
    }

    #[test]
    fn t48_texts_stay_texts_and_keep_their_zeros_and_days_are_days() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let day = NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day");
        let old = NaiveDate::from_ymd_opt(1868, 10, 23).expect("a day");
        let columns = [
            Column::PostalCode,
            Column::Name,
            Column::DeclaredOn,
            Column::Employees,
        ];
        let (rows, unwritten) = made(
            vec![
                vec![text("0100001"), text("=1+1"), Cell::Day(day), Cell::Number(18)],
                vec![Cell::Empty, text("＝1"), Cell::Day(old), Cell::Number(-1)],
                vec![
                    text("_x0041_"),
                    text("a\u{0}b<&>\u{202e}"),
                    Cell::Empty,
                    Cell::Empty,
                ],
            ],
            &columns,
        );
        assert_eq!(rows[0][1], Data::String("事業者名".to_owned()));
        assert_eq!(rows[1][0], Data::String("0100001".to_owned()));
        assert_eq!(rows[1][1], Data::String("=1+1".to_owned()));
        assert!(matches!(&rows[1][2], Data::DateTime(day) if day.to_ymd_hms_milli().0 == 2026));
        assert_eq!(rows[1][3], Data::Float(18.0));
        assert_eq!(rows[2][2], Data::String("1868-10-23".to_owned()));
        assert!(unwritten.is_empty());
    }

    #[test]
    fn a_text_that_no_cell_takes_is_cut_and_told() {
        let long = "字".repeat(CELL_MAX + 1);
        let (rows, unwritten) = made(
            vec![vec![Cell::Text(long)], vec![Cell::Text("a\u{ffff}".to_owned())]],
            &[Column::Name],
        );
        assert!(matches!(&rows[1][0], Data::String(text) if text.chars().count() == CELL_MAX));
        assert_eq!(rows[2][0], Data::String("a〓".to_owned()));
        let told: Vec<_> = unwritten.iter().map(|it| (it.row, it.why)).collect();
        assert_eq!(told, [(2, Why::TooLong), (3, Why::NoSuchCharacter('\u{ffff}'))]);
    }
}
