//! A sheet that somebody uploads or pastes, as rows of cells: text in UTF-8, UTF-16 or CP932, separated by commas, tabs or semicolons, or
//! the first sheet of a workbook. Which column holds what is guessed, and a person corrects the guess.

mod text;

use domain::staff::Permission;
use domain::status_check::{Columns, guess};

use super::check::ROWS_MAX;
use crate::workbook::{Limits, Lines, Workbook, WorkbookProblem};
use crate::{App, Forbidden, InputProblem, OpContext};

/// Bytes of a file.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Columns that are read; what stands to the right of them belongs to no question.
const COLUMNS_MAX: usize = 100;

/// A sheet.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The first row, where it holds headings.
    pub headings: Option<Vec<String>>,
    /// Which column holds what, as far as can be guessed.
    pub columns: Columns,
    /// Columns of the widest row, 1 or more.
    pub width: usize,
    /// The others, without those that are empty; at least one.
    pub rows: Vec<SheetRow>,
}

/// One row of a sheet. Names of persons stand in it.
#[derive(Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// Where it begins in the file, 1-based.
    pub line: u32,
    /// Its cells.
    pub cells: Vec<String>,
    /// It has more cells than there are headings.
    pub is_ragged: bool,
}

/// How much of a workbook is taken: a sheet of ten thousand rows unpacks to some three million bytes.
const WORKBOOK: Limits = Limits {
    // The rows and their headings.
    rows: ROWS_MAX + 1,
    columns: COLUMNS_MAX,
    unpacked: 32 * 1024 * 1024,
    text: 16 * 1024 * 1024,
};

/// Why a file is no sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SheetProblem {
    /// More bytes than are taken.
    #[error("the file is larger than 10 MiB")]
    TooLarge,
    /// Nothing in it, or headings only.
    #[error("the sheet is empty")]
    Empty,
    /// Text in no encoding that we read.
    #[error("the text is in none of UTF-8, UTF-16 and CP932")]
    Encoding,
    /// More than are answered at once.
    #[error("the sheet has more than {ROWS_MAX} rows")]
    TooManyRows,
    /// Text that cannot be read as cells.
    #[error("line {0} cannot be read")]
    Broken(u64),
    /// A workbook of the form before 2007, or one with a password.
    #[error("the workbook is of an old form or has a password")]
    OldWorkbook,
    /// What looks like a workbook and is none.
    #[error("the workbook cannot be read")]
    Workbook,
    /// What it unpacks to is far larger than any sheet of that many rows.
    #[error("the workbook unpacks to more than is taken")]
    TooMuchInside,
}

impl SheetProblem {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "sheet_too_large",
            Self::Empty => "sheet_empty",
            Self::Encoding => "sheet_encoding",
            Self::TooManyRows => "sheet_too_many_rows",
            Self::Broken(_) => "sheet_broken",
            Self::OldWorkbook => "sheet_old_workbook",
            Self::Workbook => "sheet_workbook",
            Self::TooMuchInside => "sheet_too_much_inside",
        }
    }

    /// One sentence for whoever chose the file.
    pub fn japanese(self) -> String {
        match self {
            Self::TooLarge => "ファイルが大きすぎます。10MB以内に分けてください。".to_owned(),
            Self::Empty => "照会する行がありません。ファイルの中身を確かめてください。".to_owned(),
            Self::Encoding => {
                "文字コードを読み取れません。UTF-8かShift_JISで保存し直してください。".to_owned()
            }
            Self::TooManyRows => {
                "一度に照会できるのは10,000行までです。ファイルを分けてください。".to_owned()
            }
            Self::Broken(line) => {
                format!("{line}行目を読み取れません。ファイルを書き出し直してください。")
            }
            Self::OldWorkbook => {
                "古い形式か、パスワードの付いたブックです。パスワードなしの.xlsxかCSVで保存し直してください。"
                    .to_owned()
            }
            Self::Workbook => "ブックを読み取れません。.xlsxかCSVで保存し直してください。".to_owned(),
            Self::TooMuchInside => {
                "ブックの中身が大きすぎます。照会する列だけをCSVで保存してください。".to_owned()
            }
        }
    }
}

impl From<WorkbookProblem> for SheetProblem {
    fn from(problem: WorkbookProblem) -> Self {
        match problem {
            WorkbookProblem::Empty => Self::Empty,
            WorkbookProblem::TooManyRows => Self::TooManyRows,
            WorkbookProblem::Workbook => Self::Workbook,
            WorkbookProblem::TooMuchInside => Self::TooMuchInside,
        }
    }
}

impl From<SheetProblem> for InputProblem {
    fn from(problem: SheetProblem) -> Self {
        Self::new("file", problem.code(), problem.japanese())
    }
}

/// Why a sheet was not read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The file is no sheet.
    #[error(transparent)]
    Invalid(#[from] SheetProblem),
}

impl App {
    /// Reads a file. Nothing is asked and nothing is kept.
    pub async fn status_sheet(&self, op: &OpContext, content: Vec<u8>) -> Result<Sheet, SheetError> {
        op.require(Permission::CheckStatus)?;
        // A file that makes a library panic is a file that cannot be read.
        let read = tokio::task::spawn_blocking(move || read(&content)).await;
        Ok(read.unwrap_or(Err(SheetProblem::Workbook))?)
    }
}

fn read(content: &[u8]) -> Result<Sheet, SheetProblem> {
    if content.len() > FILE_BYTES_MAX {
        return Err(SheetProblem::TooLarge);
    }
    // Compound files: workbooks before 2007, and those of today that have a password.
    if content.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(SheetProblem::OldWorkbook);
    }
    if content.starts_with(b"PK\x03\x04") {
        return sheet(Workbook::open(content, WORKBOOK)?.sheet(0)?, false);
    }
    sheet(text::read(content)?, true)
}

/// `is_text`: a cell too many comes from a separator within a value, which nobody can see any more.
fn sheet(lines: Lines, is_text: bool) -> Result<Sheet, SheetProblem> {
    let (numbers, mut cells): (Vec<u32>, Vec<Vec<String>>) = lines.into_iter().unzip();
    let columns = guess(&cells);
    let headings = columns.has_headings.then(|| cells.remove(0));
    let numbers = &numbers[usize::from(columns.has_headings)..];
    if cells.is_empty() {
        return Err(SheetProblem::Empty);
    }
    if cells.len() > ROWS_MAX {
        return Err(SheetProblem::TooManyRows);
    }
    let expected = headings.as_ref().filter(|_| is_text).map_or(usize::MAX, Vec::len);
    let widest = cells.iter().chain(&headings).map(Vec::len).max();
    let row = |(line, cells): (&u32, Vec<String>)| SheetRow {
        line: *line,
        is_ragged: cells.iter().skip(expected).any(|cell| !cell.trim().is_empty()),
        cells,
    };
    Ok(Sheet {
        width: widest.unwrap_or_default().max(1),
        rows: numbers.iter().zip(cells).map(row).collect(),
        headings,
        columns,
    })
}

#[cfg(test)]
mod tests {
    use domain::status_check::Column;
    use encoding_rs::SHIFT_JIS;

    use super::*;

    fn problem(content: &[u8]) -> SheetProblem {
        match read(content) {
            Err(problem) => problem,
            Ok(_) => panic!("a refusal is expected"),
        }
    }

    fn taken(content: &[u8]) -> Sheet {
        read(content).unwrap_or_else(|problem| panic!("{problem}"))
    }

    #[test]
    fn text_in_every_encoding_and_with_every_separator_reads_the_same() {
        let text = "自己宣言ID,事業者名\r\n59990000017,株式会社みほん\r\n";
        let (cp932, _, _) = SHIFT_JIS.encode(text);
        let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
        let utf16: Vec<u8> = std::iter::once(0xFEFF)
            .chain(text.replace(',', "\t").encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let tabs = text.replace(',', "\t");
        let semicolons = text.replace(',', ";");
        for content in [
            text.as_bytes(),
            &cp932,
            &marked,
            &utf16,
            tabs.as_bytes(),
            semicolons.as_bytes(),
        ] {
            let sheet = taken(content);
            assert_eq!(
                sheet.headings.as_deref(),
                Some(["自己宣言ID", "事業者名"].map(str::to_owned).as_slice())
            );
            assert_eq!(sheet.columns.place(Column::Number), Some(0));
            assert_eq!(sheet.rows.len(), 1);
            assert_eq!(
                (sheet.rows[0].line, sheet.rows[0].cells[1].as_str()),
                (2, "株式会社みほん")
            );
        }
        assert_eq!(problem(b"\xFF\x00\x80\xA0\xFD\n"), SheetProblem::Encoding);
    }

    #[test]
    fn a_line_with_a_cell_too_many_is_marked_and_one_with_a_cell_too_few_is_not() {
        let sheet = taken(
            "number,name,date\n59990000017,みほん,商会,2026-04-01\n59990000025\n59990000033,a,b,,\n"
                .as_bytes(),
        );
        let ragged: Vec<_> = sheet.rows.iter().map(|row| row.is_ragged).collect();
        assert_eq!(ragged, [true, false, false]);
        assert_eq!(sheet.width, 5);
    }

    #[test]
    fn ten_thousand_rows_are_taken_one_more_is_not_and_neither_is_nothing() {
        let rows = |count: usize| format!("number\n{}", "59990000017\n".repeat(count));
        assert_eq!(taken(rows(10_000).as_bytes()).rows.len(), 10_000);
        assert_eq!(problem(rows(10_001).as_bytes()), SheetProblem::TooManyRows);
        assert_eq!(
            problem("59990000017\n".repeat(10_001).as_bytes()),
            SheetProblem::TooManyRows
        );
        for nothing in ["", "\n\n", ",,,\n , ,\n", "number,name\n", "\u{feff}"] {
            assert_eq!(problem(nothing.as_bytes()), SheetProblem::Empty, "{nothing:?}");
        }
    }

    #[test]
    fn what_is_far_too_large_or_of_another_kind_is_refused_before_it_is_read() {
        assert_eq!(problem(&vec![b'1'; FILE_BYTES_MAX + 1]), SheetProblem::TooLarge);
        assert_eq!(
            problem(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
            SheetProblem::OldWorkbook
        );
        assert_eq!(problem(b"PK\x03\x04 and nothing else"), SheetProblem::Workbook);
        for problem in [
            SheetProblem::TooLarge,
            SheetProblem::Empty,
            SheetProblem::Encoding,
            SheetProblem::TooManyRows,
            SheetProblem::Broken(7),
            SheetProblem::OldWorkbook,
            SheetProblem::Workbook,
            SheetProblem::TooMuchInside,
        ] {
            assert!(problem.japanese().ends_with('。'), "{problem}");
        }
    }

    #[test]
    fn a_line_of_a_million_separators_takes_no_million_cells() {
        let content = format!("number\n59990000017{}\n", ",".repeat(1_000_000));
        assert_eq!(taken(content.as_bytes()).rows[0].cells.len(), COLUMNS_MAX);
    }
}
