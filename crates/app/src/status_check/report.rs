//! An answer as a sheet, for whoever works on in a spreadsheet.

use domain::declaration::StopKind;
use domain::status_check::{NameCheck, Outcome};
use rust_xlsxwriter::Workbook;

use super::check::{RowAnswer, StatusReport};
use super::wire::stars;
use crate::Internal;
use crate::sheet_cell::sheet_cell;

/// The headings of a sheet, in the order of its columns.
const HEADINGS: [&str; 13] = [
    "行",
    "照会した自己宣言ID",
    "照会した法人番号",
    "照会した事業者名",
    "基準日",
    "結果",
    "星",
    "自己宣言ID",
    "宣言日",
    "停止日",
    "後継の自己宣言ID",
    "事業者名の照合",
    "登録されている事業者名・入力の誤り",
];
/// How wide they are in a workbook, in characters.
const WIDTHS: [f64; 13] = [
    6.0, 16.0, 16.0, 32.0, 12.0, 20.0, 4.0, 16.0, 12.0, 12.0, 18.0, 22.0, 48.0,
];
/// Characters of a cell of a workbook.
const CELL_MAX: usize = 32_000;
/// Excel reads a sheet as UTF-8 only when it begins so.
const BOM: &str = "\u{feff}";

impl StatusReport {
    /// The answer as CSV in UTF-8; nothing in it is a formula to a spreadsheet.
    pub fn csv(&self) -> Result<Vec<u8>, Internal> {
        let mut bytes = BOM.as_bytes().to_vec();
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(&mut bytes);
        writer.write_record(HEADINGS).map_err(Internal::new)?;
        for row in &self.rows {
            let cells = cells(row);
            let cells = cells.iter().map(|cell| sheet_cell(cell).into_owned());
            writer.write_record(cells).map_err(Internal::new)?;
        }
        writer.flush().map_err(Internal::new)?;
        drop(writer);
        Ok(bytes)
    }

    /// The answer as a workbook: every cell is a text, so that no number loses its digits and nothing is a formula.
    pub fn xlsx(&self) -> Result<Vec<u8>, Internal> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_freeze_panes(1, 0).map_err(Internal::new)?;
        let headings = HEADINGS.map(str::to_owned);
        for (line, cells) in (0..).zip(std::iter::once(headings).chain(self.rows.iter().map(cells))) {
            for (at, cell) in (0..).zip(&cells) {
                if !cell.is_empty() {
                    let written = sheet.write_string(line, at, shortened(cell));
                    written.map_err(Internal::new)?;
                }
            }
        }
        for (at, width) in (0..).zip(WIDTHS) {
            sheet.set_column_width(at, width).map_err(Internal::new)?;
        }
        book.save_to_buffer().map_err(Internal::new)
    }
}

/// What stands in a cell at most: the programs that open it take no more.
fn shortened(cell: &str) -> &str {
    cell.char_indices()
        .nth(CELL_MAX)
        .map_or(cell, |(end, _)| &cell[..end])
}

fn cells(row: &RowAnswer) -> [String; 13] {
    let typed = &row.asked.typed;
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (star, stopped_on) = match row.outcome {
        Some(Outcome::Valid { star }) => (star.map(|star| stars(star).to_string()), None),
        Some(Outcome::Stopped { since, .. }) => (None, since),
        _ => (None, None),
    };
    let problems: Vec<&str> = row.problems.iter().map(|it| it.message.as_str()).collect();
    let remark = match row.name.on_record() {
        Some(name) => name.reveal().clone(),
        None => problems.join(" "),
    };
    [
        row.asked.line.to_string(),
        typed.number.clone(),
        typed.corporate_number.clone(),
        typed.name.reveal().clone(),
        day(row.day),
        outcome(row).to_owned(),
        star.unwrap_or_default(),
        row.number.clone().unwrap_or_default(),
        day(row.declared_on),
        day(stopped_on),
        row.superseded_by.clone().unwrap_or_default(),
        name(&row.name).to_owned(),
        remark,
    ]
}

fn outcome(row: &RowAnswer) -> &'static str {
    match row.outcome {
        Some(Outcome::Valid { .. }) => "有効",
        Some(Outcome::Stopped { kind, since }) => match (kind, since) {
            (_, None) => "停止（日付不明）",
            (StopKind::Stopped, _) => "停止",
            (StopKind::Closed, _) => "停止（廃業）",
            (StopKind::Withdrawn, _) => "停止（取消）",
        },
        Some(Outcome::NotYetDeclared { .. }) => "基準日より後の宣言",
        Some(Outcome::Superseded) => "新しい宣言へ移行",
        Some(Outcome::OtherCorporateNumber) => "別の法人番号の宣言",
        Some(Outcome::Unknown) => "該当なし",
        None => "入力の誤り",
    }
}

const fn name(name: &NameCheck) -> &'static str {
    match name {
        NameCheck::NotAsked => "",
        NameCheck::Same => "一致",
        NameCheck::OtherSpelling(_) => "表記が異なる",
        NameCheck::Differs(_) => "異なる",
        NameCheck::Withheld => "照合できない（個人情報）",
        NameCheck::Forgotten => "照合できない（消去済み）",
        NameCheck::NotOnRecord => "照合できない（登録なし）",
    }
}
