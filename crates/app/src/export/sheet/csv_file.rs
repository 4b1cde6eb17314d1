//! CSV as spreadsheets open it: with a byte order mark in UTF-8, or in CP932; lines end as Windows ends them; nothing in it is a formula.

use std::borrow::Cow;
use std::io::Write;

use domain::export::Column;

use super::{Unwritten, Why, cp932};
use crate::Internal;
use crate::export::cells::{Cell, Line};
use crate::sheet_cell::sheet_cell;

/// Excel reads a sheet as UTF-8 only when it begins so.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// A file that is being made.
pub(in crate::export) struct CsvFile {
    is_cp932: bool,
    columns: Vec<Column>,
    /// Rows so far, with the headings.
    rows: u64,
}

impl CsvFile {
    pub(super) fn utf8(columns: &[Column]) -> Self {
        Self {
            is_cp932: false,
            columns: columns.to_vec(),
            rows: 0,
        }
    }

    pub(super) fn cp932(columns: &[Column]) -> Self {
        Self {
            is_cp932: true,
            columns: columns.to_vec(),
            rows: 0,
        }
    }

    /// The bytes of these lines, and what could not be written as it stands.
    pub(super) fn write(&mut self, lines: &[Line]) -> Result<(Vec<u8>, Vec<Unwritten>), Internal> {
        let mut unwritten = Vec::new();
        let mut writer = writer();
        let is_begun = self.rows > 0;
        if !is_begun {
            self.rows = 1;
            let headings = self.columns.iter().map(|column| column.heading());
            writer.write_record(headings).map_err(Internal::new)?;
        }
        for line in lines {
            self.rows += 1;
            for (cell, column) in line.cells.iter().zip(&self.columns) {
                let note = |why| {
                    unwritten.push(Unwritten {
                        row: self.rows,
                        number: line.number.clone(),
                        column: *column,
                        why,
                    });
                };
                let text = text(cell, self.is_cp932, note);
                writer.write_field(text.as_bytes()).map_err(Internal::new)?;
            }
            writer.write_record(None::<&[u8]>).map_err(Internal::new)?;
        }
        let bytes = in_full(writer)?;
        let bytes = if self.is_cp932 {
            // It is ours, and UTF-8.
            cp932::encode(&String::from_utf8_lossy(&bytes)).into_owned()
        } else if is_begun {
            bytes
        } else {
            [BOM, &bytes].concat()
        };
        Ok((bytes, unwritten))
    }

    /// The headings, where there was no line at all.
    pub(super) fn finish(mut self, mut out: impl Write) -> Result<(), Internal> {
        if self.rows == 0 {
            let (bytes, _) = self.write(&[])?;
            out.write_all(&bytes).map_err(Internal::new)?;
        }
        Ok(())
    }
}

pub(super) fn writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new())
}

/// Everything that was written.
pub(super) fn in_full(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, Internal> {
    writer
        .into_inner()
        .map_err(|error| Internal::new(std::io::Error::other(error.to_string())))
}

/// What stands in a cell. What CP932 cannot hold goes first: what is left must not become a formula by it.
fn text(cell: &Cell, is_cp932: bool, note: impl FnMut(Why)) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Day(day) => Cow::Owned(day.to_string()),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::Text(text) if is_cp932 => {
            let written = cp932::writable(text, note);
            Cow::Owned(sheet_cell(&written).into_owned())
        }
        Cell::Text(text) => sheet_cell(text),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::NaiveDate;
    use domain::DeclarationId;
    use uuid::Uuid;

    use super::*;

    fn line(cells: &[Cell]) -> Line {
        Line {
            id: DeclarationId::new(Uuid::nil()),
            number: "59990000017".to_owned(),
            cells: cells.to_vec(),
            reveals: BTreeSet::new(),
        }
    }

    fn words(texts: &[&str]) -> Line {
        let cells: Vec<_> = texts.iter().map(|text| Cell::Text((*text).to_owned())).collect();
        line(&cells)
    }

    const COLUMNS: [Column; 3] = [Column::Number, Column::Name, Column::DeclaredOn];

    #[test]
    fn a_file_in_utf8_begins_with_its_mark_once_and_has_days_as_iso() {
        let mut file = CsvFile::utf8(&COLUMNS);
        let day = NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day");
        let of = |name: &str| {
            line(&[
                Cell::Text("059990000017".to_owned()),
                Cell::Text(name.to_owned()),
                Cell::Day(day),
            ])
        };
        let (first, _) = file.write(&[of("見本\"屋\"")]).expect("it is written");
        let (second, _) = file.write(&[of("𠮷野,\r\n屋")]).expect("it is written");
        let text = String::from_utf8([first, second].concat()).expect("it is UTF-8");
        assert_eq!(
            text,
            "\u{feff}自己宣言ID,事業者名,宣言日\r\n\
             059990000017,\"見本\"\"屋\"\"\",2026-04-01\r\n\
             059990000017,\"𠮷野,\r\n屋\",2026-04-01\r\n"
        );
    }

    #[test]
    fn a_file_in_cp932_says_in_which_row_and_column_what_could_not_be_written() {
        let mut file = CsvFile::cp932(&COLUMNS);
        let (bytes, unwritten) = file
            .write(&[words(&["1", "髙橋〜", ""]), words(&["2", "𠮷野家", ""])])
            .expect("it is written");
        let (text, ..) = encoding_rs::SHIFT_JIS.decode(&bytes);
        assert_eq!(text, "自己宣言ID,事業者名,宣言日\r\n1,髙橋～,\r\n2,〓野家,\r\n");
        let places: Vec<_> = unwritten.iter().map(|it| (it.row, it.column, it.why)).collect();
        assert_eq!(places, [(3, Column::Name, Why::NoSuchCharacter('𠮷'))]);
    }

    #[test]
    fn t48_nothing_in_a_file_is_a_formula_also_when_a_character_is_left_out_before_it() {
        for formula in [
            "=1+1",
            "＝1",
            "+1",
            "−1",
            "@x",
            "\t=1",
            "\u{e0100}=1",
            "\u{200b}=1",
        ] {
            for mut file in [CsvFile::utf8(&COLUMNS), CsvFile::cp932(&COLUMNS)] {
                let (bytes, _) = file.write(&[words(&["1", formula, ""])]).expect("it is written");
                let text = if file.is_cp932 {
                    encoding_rs::SHIFT_JIS.decode(&bytes).0.into_owned()
                } else {
                    String::from_utf8(bytes).expect("it is UTF-8")
                };
                let mut rows = csv::Reader::from_reader(text.as_bytes());
                let row = rows.records().next().expect("a row").expect("it reads");
                let first = row[1].chars().next();
                assert!(
                    matches!(first, Some('\'' | '〓')),
                    "{formula:?} became {:?}",
                    &row[1]
                );
            }
        }
    }

    #[test]
    fn a_file_without_records_has_its_headings() {
        let mut bytes = Vec::new();
        CsvFile::utf8(&COLUMNS).finish(&mut bytes).expect("it ends");
        assert_eq!(
            String::from_utf8(bytes).expect("it is UTF-8"),
            "\u{feff}自己宣言ID,事業者名,宣言日\r\n"
        );
    }
}
