//! Looking through a file before it is taken: what it is, its encoding, its sheets, and how each begins.

use std::sync::Arc;

use domain::import::ImportFormat;
use domain::text::{self, Lines as TextLines};
use zeroize::Zeroizing;

use super::content::SheetHead;
use super::source::{Source, SourceEncoding, SourceError};
use crate::InputProblem;
use crate::workbook::{Limits, Lines, Workbook, WorkbookProblem};

/// Bytes of a file.
pub const FILE_BYTES_MAX: usize = 50 * 1024 * 1024;
/// Columns of a file.
const COLUMNS_MAX: usize = 200;
/// Sheets of a workbook that are looked into.
const SHEETS_MAX: usize = 20;
/// Characters of a cell in a preview.
const SAMPLE_MAX: usize = 80;
/// Characters of a name.
const NAME_MAX: usize = 200;

/// A workbook holds far more for each row than text does, and the whole of a sheet is in memory at once: more rows come as text.
const WORKBOOK: Limits = Limits {
    rows: 100_001,
    columns: COLUMNS_MAX,
    unpacked: 256 * 1024 * 1024,
    text: 64 * 1024 * 1024,
};

/// What a file is.
pub(super) struct Examined {
    pub(super) format: ImportFormat,
    pub(super) sheets: Vec<SheetHead>,
}

/// Looks through the whole of it. It keeps a thread busy for a second.
pub(super) fn examine(
    bytes: &Arc<Zeroizing<Vec<u8>>>,
    encoding: Option<SourceEncoding>,
) -> Result<Examined, InputProblem> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(file_too_large());
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let sheets = sheets(bytes)?;
        return Ok(Examined {
            format: ImportFormat::Xlsx,
            sheets,
        });
    }
    let source = Source::of_bytes(Arc::clone(bytes), encoding).map_err(|error| not_read(&error))?;
    let format = match source.encoding() {
        SourceEncoding::Utf8 => ImportFormat::CsvUtf8,
        SourceEncoding::Cp932 => ImportFormat::CsvCp932,
    };
    let sheets = vec![head(&source, 0, String::new())?];
    Ok(Examined { format, sheets })
}

/// What a file is called, if it can be shown.
pub(super) fn read_name(name: &str) -> Result<String, InputProblem> {
    text::check(name, NAME_MAX, TextLines::One).map_err(|problem| {
        let text = format!("ファイル名を変えてください。{}", problem.japanese());
        InputProblem::new("file", problem.code(), text)
    })?;
    Ok(name.to_owned())
}

fn sheets(bytes: &[u8]) -> Result<Vec<SheetHead>, InputProblem> {
    let mut book = Workbook::open(bytes, WORKBOOK).map_err(of_workbook)?;
    let names: Vec<String> = book.names().iter().take(SHEETS_MAX).cloned().collect();
    let mut heads = Vec::new();
    for (place, name) in names.into_iter().enumerate() {
        let lines = book.sheet(place).map_err(of_workbook)?;
        // With headings alone there is nothing to take over.
        if lines.len() < 2 {
            continue;
        }
        let csv = csv_of(&lines).map_err(|_| of_workbook(WorkbookProblem::Workbook))?;
        let source = Source::of_bytes(Arc::new(Zeroizing::new(csv)), Some(SourceEncoding::Utf8));
        let source = source.map_err(|error| not_read(&error))?;
        heads.push(head(&source, u16::try_from(place).unwrap_or(u16::MAX), name)?);
    }
    if heads.is_empty() {
        return Err(empty());
    }
    Ok(heads)
}

fn head(source: &Source, place: u16, name: String) -> Result<SheetHead, InputProblem> {
    let head = source.head();
    if head.headings.len() > COLUMNS_MAX {
        let text = format!("列が多すぎます。{COLUMNS_MAX}列以内にしてください。");
        return Err(InputProblem::new("file", "import_too_many_columns", text));
    }
    if source.rows() == 0 {
        return Err(empty());
    }
    let cut = |cell: &String| cell.chars().take(SAMPLE_MAX).collect::<String>();
    Ok(SheetHead {
        place,
        name,
        rows: source.rows(),
        headings: head.headings.iter().map(cut).collect(),
        sample: head
            .rows
            .iter()
            .map(|row| row.iter().take(COLUMNS_MAX).map(cut).collect())
            .collect(),
    })
}

/// One sheet of a workbook as text in UTF-8.
pub(super) fn csv_of_sheet(bytes: &[u8], place: usize) -> Result<Vec<u8>, WorkbookProblem> {
    let lines = Workbook::open(bytes, WORKBOOK)?.sheet(place)?;
    csv_of(&lines).map_err(|_| WorkbookProblem::Workbook)
}

/// Cells that are empty to the right end of a row are not in a workbook: each row has as many as the headings.
fn csv_of(lines: &Lines) -> Result<Vec<u8>, csv::Error> {
    let width = lines.first().map_or(0, |(_, cells)| cells.len());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for (_, cells) in lines {
        let missing = width.saturating_sub(cells.len());
        let empty = std::iter::repeat_n("", missing);
        writer.write_record(cells.iter().map(String::as_str).chain(empty))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// For people: more bytes than are taken.
pub fn file_too_large() -> InputProblem {
    let text = "ファイルが大きすぎます。50MB以内に分けてください。";
    InputProblem::new("file", "import_too_large", text)
}

fn empty() -> InputProblem {
    let text = "取り込む行がありません。1行目が見出しで、2行目からが宣言のファイルを選んでください。";
    InputProblem::new("file", "import_empty", text)
}

fn of_workbook(problem: WorkbookProblem) -> InputProblem {
    let (code, text) = match problem {
        WorkbookProblem::Empty => return empty(),
        WorkbookProblem::TooManyRows => (
            "import_too_many_rows",
            "ブックから一度に取り込めるのは100,000行までです。CSVで保存するか、ファイルを分けてください。",
        ),
        WorkbookProblem::Workbook => (
            "sheet_workbook",
            "ブックを読み取れません。.xlsxかCSVで保存し直してください。",
        ),
        WorkbookProblem::TooMuchInside => (
            "import_too_much_inside",
            "ブックの中身が大きすぎます。取り込む表だけをCSVで保存してください。",
        ),
    };
    InputProblem::new("file", code, text)
}

fn not_read(error: &SourceError) -> InputProblem {
    let (code, text) = match error {
        SourceError::Empty(_) => return empty(),
        SourceError::NotCsv { what, .. } if what.contains("old Excel") => (
            "sheet_old_workbook",
            "古い形式か、パスワードの付いたブックです。パスワードなしの.xlsxかCSVで保存し直してください。"
                .to_owned(),
        ),
        SourceError::NotCsv { .. } => (
            "import_kind",
            "CSVでも.xlsxでもないファイルです。どちらかで保存し直してください。".to_owned(),
        ),
        SourceError::WrongEncoding { line, .. } => (
            "sheet_encoding",
            format!("{line}行目の文字コードを読み取れません。UTF-8かShift_JISのCSVで保存し直してください。"),
        ),
        SourceError::OpenQuote { row, .. } => (
            "import_open_quote",
            format!(
                "見出しの次から数えて{row}行目の引用符（\"）が閉じていません。直してから選び直してください。"
            ),
        ),
        SourceError::Headings { .. } | SourceError::Unreadable { .. } | SourceError::NotAFile(_) => (
            "sheet_broken",
            "ファイルを読み取れません。書き出し直してから選び直してください。".to_owned(),
        ),
    };
    InputProblem::new("file", code, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(bytes: &[u8]) -> (&'static str, String) {
        let bytes = Arc::new(Zeroizing::new(bytes.to_vec()));
        match examine(&bytes, None) {
            Err(problem) => (problem.code, problem.message),
            Ok(_) => panic!("a refusal is expected"),
        }
    }

    #[test]
    fn what_cannot_be_imported_is_said_in_a_sentence_before_anything_is_kept() {
        assert_eq!(problem(&vec![b'x'; FILE_BYTES_MAX + 1]).0, "import_too_large");
        assert_eq!(problem(b"").0, "import_empty");
        assert_eq!(problem("自己宣言ID,宣言日\n".as_bytes()).0, "import_empty");
        assert_eq!(problem(b"%PDF-1.7 not a table").0, "import_kind");
        assert_eq!(
            problem(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").0,
            "sheet_old_workbook"
        );
        assert_eq!(problem(b"PK\x03\x04 and nothing else").0, "sheet_workbook");
        assert_eq!(problem(b"a,b\n1,2\n\xFF\xFF,3\n").0, "sheet_encoding");
        assert_eq!(
            problem(format!("{}\n1\n", "a,".repeat(300)).as_bytes()).0,
            "import_too_many_columns"
        );
        let open = format!("a,b\n1,2\n\"3,4\n{}", "5,6\n".repeat(400));
        let (code, text) = problem(open.as_bytes());
        assert_eq!(code, "import_open_quote");
        assert!(text.contains("2行目"), "{text}");
        for (_, text) in [problem(b""), problem(b"PK\x03\x04")] {
            assert!(text.ends_with('。'), "{text}");
        }
    }

    #[test]
    fn a_preview_shows_the_first_rows_and_no_more_of_a_cell_than_fits() {
        let long = "長".repeat(10_000);
        let rows = [1, 2, 3, 4, 5, 6, 7, 8].map(|n| format!("{n},{long}\n")).concat();
        let bytes = Arc::new(Zeroizing::new(format!("番号,名前\n{rows}").into_bytes()));
        let Ok(examined) = examine(&bytes, None) else {
            panic!("it is a file");
        };
        assert_eq!(examined.format, ImportFormat::CsvUtf8);
        let sheet = &examined.sheets[0];
        assert_eq!((sheet.rows, sheet.sample.len()), (8, 5));
        assert_eq!(sheet.headings, ["番号", "名前"]);
        assert_eq!(sheet.sample[0][1].chars().count(), SAMPLE_MAX);
    }

    fn workbook(rows: &[&[&str]]) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().set_name("説明").expect("a name");
        let sheet = book.add_worksheet().set_name("台帳").expect("a name");
        for (at, row) in (0_u32..).zip(rows) {
            for (column, cell) in (0_u16..).zip(*row) {
                sheet.write_string(at, column, *cell).expect("a cell");
            }
        }
        book.save_to_buffer().expect("a workbook")
    }

    #[test]
    fn the_sheets_of_a_workbook_that_are_not_empty_are_looked_into_and_read_like_text() {
        let book = workbook(&[
            &["自己宣言ID", "事業者名", "備考"],
            &["47000000001", "=1+1", ""],
            &["47000000002", "株式会社\"見本\",本店", "二行\nの備考"],
        ]);
        let bytes = Arc::new(Zeroizing::new(book));
        let Ok(examined) = examine(&bytes, None) else {
            panic!("it is a workbook");
        };
        assert_eq!(examined.format, ImportFormat::Xlsx);
        let [sheet] = examined.sheets.as_slice() else {
            panic!("one sheet has rows");
        };
        assert_eq!((sheet.place, sheet.name.as_str(), sheet.rows), (1, "台帳", 2));
        assert_eq!(sheet.headings, ["自己宣言ID", "事業者名", "備考"]);
        assert_eq!(sheet.sample[0], ["47000000001", "=1+1", ""]);
        assert_eq!(sheet.sample[1][1], "株式会社\"見本\",本店");
        assert!(csv_of_sheet(&bytes, 1).is_ok() && csv_of_sheet(&bytes, 7).is_err());
    }

    #[test]
    fn an_archive_with_far_more_inside_than_any_register_is_refused_before_it_is_read() {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for n in 0..=500 {
            let options = zip::write::SimpleFileOptions::default();
            archive
                .start_file(format!("xl/{n}.xml"), options)
                .expect("a part");
        }
        let archive = archive.finish().expect("an archive").into_inner();
        assert_eq!(problem(&archive).0, "import_too_much_inside");
    }

    #[test]
    fn a_row_of_a_workbook_has_as_many_cells_as_the_headings_and_may_have_more() {
        let cells = |cells: &[&str]| cells.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let lines = vec![
            (1, cells(&["a", "b", "c"])),
            (3, cells(&["1"])),
            (4, cells(&["1", "2", "3", "4"])),
        ];
        let csv = csv_of(&lines).expect("text");
        assert_eq!(String::from_utf8(csv).expect("UTF-8"), "a,b,c\n1,,\n1,2,3,4\n");
    }
}
