//! Cells of the visible sheets of a workbook. Before the library sees it the whole archive is unpacked, file by file, so that
//! what it takes in memory is known; and cells are read one by one, because a single one in the last corner would make a table of billions.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

/// Files in a workbook.
const FILES_MAX: usize = 500;
/// Different texts that its cells may share.
const TEXTS_MAX: u64 = 1_000_000;

/// How much of a workbook is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Rows, their headings among them.
    pub(crate) rows: usize,
    /// Columns that are read; what stands to the right of them is left out.
    pub(crate) columns: usize,
    /// Bytes that all of its files unpack to.
    pub(crate) unpacked: u64,
    /// Bytes of text in the cells: one long text may stand in each of them and be in the file once.
    pub(crate) text: usize,
}

/// A sheet as it was written: lines and what stands in them.
pub(crate) type Lines = Vec<(u32, Vec<String>)>;

/// Why a workbook is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WorkbookProblem {
    /// No visible sheet.
    #[error("the workbook has no visible sheet")]
    Empty,
    /// More rows than are taken.
    #[error("the sheet has too many rows")]
    TooManyRows,
    /// What looks like a workbook and is none.
    #[error("the workbook cannot be read")]
    Workbook,
    /// What it unpacks to is far larger than any sheet of that many rows.
    #[error("the workbook unpacks to more than is taken")]
    TooMuchInside,
}

/// The visible sheets of a workbook that was found small enough.
pub(crate) struct Workbook<'a> {
    book: Xlsx<Cursor<&'a [u8]>>,
    names: Vec<String>,
    limits: Limits,
}

impl<'a> Workbook<'a> {
    /// Unpacks everything once before the library sees it.
    pub(crate) fn open(content: &'a [u8], limits: Limits) -> Result<Self, WorkbookProblem> {
        check_size(content, limits.unpacked)?;
        let book = Xlsx::new(Cursor::new(content)).map_err(|_| WorkbookProblem::Workbook)?;
        let sheets = book.sheets_metadata().iter();
        let visible =
            sheets.filter(|it| it.typ == SheetType::WorkSheet && it.visible == SheetVisible::Visible);
        let names: Vec<_> = visible.map(|it| it.name.clone()).collect();
        if names.is_empty() {
            return Err(WorkbookProblem::Empty);
        }
        Ok(Self { book, names, limits })
    }

    /// Their names.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// One of them, by its place among the visible ones: its lines that are not empty.
    pub(crate) fn sheet(&mut self, place: usize) -> Result<Lines, WorkbookProblem> {
        let name = self.names.get(place).ok_or(WorkbookProblem::Empty)?;
        let mut cells = self
            .book
            .worksheet_cells_reader(name)
            .map_err(|_| WorkbookProblem::Workbook)?;
        let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        let mut bytes = 0;
        while let Some(cell) = cells.next_cell().map_err(|_| WorkbookProblem::Workbook)? {
            let (row, column) = cell.get_position();
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            let text = text(cell.get_value());
            if column >= self.limits.columns || text.trim().is_empty() {
                continue;
            }
            bytes += text.len();
            if bytes > self.limits.text {
                return Err(WorkbookProblem::TooMuchInside);
            }
            if lines.len() >= self.limits.rows && !lines.contains_key(&row) {
                return Err(WorkbookProblem::TooManyRows);
            }
            let line = lines.entry(row).or_default();
            if line.len() <= column {
                line.resize(column + 1, String::new());
            }
            line[column] = text;
        }
        Ok(lines.into_iter().map(|(row, cells)| (row + 1, cells)).collect())
    }
}

/// What stands in the directory of an archive is what somebody wrote there: only unpacking says how much it is.
fn check_size(content: &[u8], unpacked_max: u64) -> Result<(), WorkbookProblem> {
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|_| WorkbookProblem::Workbook)?;
    if archive.len() > FILES_MAX {
        return Err(WorkbookProblem::TooMuchInside);
    }
    let mut left = unpacked_max;
    let mut content = Vec::new();
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|_| WorkbookProblem::Workbook)?;
        content.clear();
        let unpacked = file.take(left + 1).read_to_end(&mut content);
        let unpacked = unpacked.map_err(|_| WorkbookProblem::Workbook)?;
        let unpacked = u64::try_from(unpacked).unwrap_or(u64::MAX);
        left = left.checked_sub(unpacked).ok_or(WorkbookProblem::TooMuchInside)?;
        if texts_said(&content) > TEXTS_MAX {
            return Err(WorkbookProblem::TooMuchInside);
        }
    }
    Ok(())
}

/// How many shared texts a file says that it has: the library makes room for them before it reads any, and a process that cannot get so
/// much memory ends.
fn texts_said(xml: &[u8]) -> u64 {
    const NAME: &[u8] = b"uniqueCount";
    let places = xml
        .windows(NAME.len())
        .enumerate()
        .filter(|(_, word)| *word == NAME);
    let said = places.map(|(at, _)| {
        let rest = &xml[at + NAME.len()..];
        let is_between =
            |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\'' | b'+');
        let digits = rest
            .iter()
            .skip_while(is_between)
            .take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u64, |number, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        })
    });
    said.max().unwrap_or_default()
}

/// What a person sees in a cell; of a formula its last result.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Numbers of declarations and of companies are numbers to a spreadsheet.
        DataRef::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::Bool(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    const LIMITS: Limits = Limits {
        rows: 10_001,
        columns: 100,
        unpacked: 32 * 1024 * 1024,
        text: 16 * 1024 * 1024,
    };

    fn read(content: &[u8]) -> Result<Lines, WorkbookProblem> {
        Workbook::open(content, LIMITS)?.sheet(0)
    }

    const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="隠し" sheetId="1" state="hidden" r:id="rId1"/><sheet name="一覧" sheetId="2" r:id="rId2"/></sheets></workbook>"#;
    const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    const PACKAGE: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    /// The second style shows a number as a day.
    const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

    /// A workbook whose visible sheet holds these rows as XML, with one shared text and whatever else is to be in it.
    fn book(rows: &str, shared: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
        let sheet = |rows: &str| {
            format!(
                r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
            )
        };
        let shared = format!(
            r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1"><si><t>{shared}</t></si></sst>"#
        );
        let hidden = sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
        let sheet = sheet(rows);
        let mut parts: Vec<(&str, &[u8])> = vec![
            ("_rels/.rels", PACKAGE.as_bytes()),
            ("xl/workbook.xml", BOOK.as_bytes()),
            ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
            ("xl/styles.xml", STYLES.as_bytes()),
            ("xl/sharedStrings.xml", shared.as_bytes()),
            ("xl/worksheets/sheet1.xml", hidden.as_bytes()),
            ("xl/worksheets/sheet2.xml", sheet.as_bytes()),
        ];
        parts.extend(more);
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, content) in parts {
            archive.start_file(name, options).expect("a part");
            archive.write_all(content).expect("its content");
        }
        archive.finish().expect("an archive").into_inner()
    }

    #[test]
    fn numbers_days_texts_and_results_of_formulas_are_read_as_they_are_shown() {
        let rows = r#"<row r="2"><c r="A2"><v>59990000017</v></c><c r="B2" t="s"><v>0</v></c><c r="C2" s="1"><v>46113</v></c><c r="D2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c r="E2"><v>1.5</v></c></row><row r="5"><c r="C5" t="inlineStr"><is><t>=1+1</t></is></c></row>"#;
        let read = read(&book(rows, "株式会社みほん", &[])).expect("a sheet");
        let cells = |cells: &[&str]| cells.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            read,
            [
                (
                    2,
                    cells(&["59990000017", "株式会社みほん", "2026-04-01", "ab", "1.5"])
                ),
                (5, cells(&["", "", "=1+1"])),
            ]
        );
    }

    #[test]
    fn an_archive_that_unpacks_to_far_more_than_it_says_is_refused_before_it_is_read() {
        let zeros = vec![b'0'; 40 * 1024 * 1024];
        let bomb = book("", "", &[("xl/media/image1.png", &zeros)]);
        assert!(bomb.len() < 100_000, "{} bytes", bomb.len());
        assert_eq!(read(&bomb), Err(WorkbookProblem::TooMuchInside));
        let names: Vec<String> = (0..FILES_MAX).map(|n| format!("xl/media/{n}.png")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
        assert_eq!(read(&book("", "", &many)), Err(WorkbookProblem::TooMuchInside));
    }

    #[test]
    fn a_workbook_that_says_to_have_more_texts_than_fit_into_any_memory_is_not_believed() {
        for said in ["uniqueCount=\"99999999999999\"", "uniqueCount = '4000000000'"] {
            let shared = format!("<sst {said}><si><t>x</t></si></sst>");
            let content = book("", "", &[("xl/SharedStrings.xml", shared.as_bytes())]);
            assert_eq!(read(&content), Err(WorkbookProblem::TooMuchInside), "{said}");
        }
        assert_eq!(texts_said(b"<sst count=\"9999999999\" uniqueCount=\"12\">"), 12);
    }

    #[test]
    fn one_long_text_in_each_of_thousands_of_cells_is_refused() {
        let rows: Vec<_> = (1..=5_000)
            .map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#))
            .collect();
        let rows = rows.concat();
        let content = book(&rows, &"x".repeat(10_000), &[]);
        assert_eq!(read(&content), Err(WorkbookProblem::TooMuchInside));
    }

    #[test]
    fn a_cell_in_the_last_corner_makes_no_table_of_billions() {
        let rows = r#"<row r="1"><c r="A1"><v>59990000017</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>"#;
        let read = read(&book(rows, "", &[])).expect("a sheet");
        let lines: Vec<_> = read.iter().map(|(line, cells)| (*line, cells.len())).collect();
        assert_eq!(lines, [(1, 1), (1_048_576, 1)]);
    }

    #[test]
    fn one_row_more_than_ten_thousand_and_their_headings_is_too_many() {
        let rows = |count: usize| -> String {
            let rows: Vec<_> = (1..=count)
                .map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>"#))
                .collect();
            rows.concat()
        };
        assert_eq!(
            read(&book(&rows(10_001), "", &[])).map(|lines| lines.len()),
            Ok(10_001)
        );
        assert_eq!(
            read(&book(&rows(10_002), "", &[])),
            Err(WorkbookProblem::TooManyRows)
        );
    }

    #[test]
    fn what_is_cut_off_or_no_workbook_is_refused() {
        let whole = book("", "", &[]);
        for length in [4, whole.len() / 2, whole.len() - 1] {
            assert_eq!(read(&whole[..length]), Err(WorkbookProblem::Workbook), "{length}");
        }
        let mut other = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        other.start_file("word/document.xml", stored).expect("a part");
        other.write_all(b"<document/>").expect("its content");
        let other = other.finish().expect("an archive").into_inner();
        assert_eq!(read(&other), Err(WorkbookProblem::Workbook));
    }
}
