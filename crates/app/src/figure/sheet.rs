//! The figures of a day as a sheet: the table of the page, with the day and what it was narrowed to on every line.

use super::read::{FigureQuery, Figures, SplitBy, origin_word, star_word};
use crate::Internal;
use crate::sheet_cell::sheet_cell;

/// Excel reads a sheet as UTF-8 only when it begins so.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// The table as CSV.
pub fn figure_sheet(query: &FigureQuery, figures: &Figures) -> Result<Vec<u8>, Internal> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BOM.to_vec());
    let mut write = |cells: Vec<String>| {
        let cells = cells.iter().map(|cell| sheet_cell(cell).into_owned());
        writer.write_record(cells).map_err(Internal::new)
    };
    let day = if figures.planned {
        format!("{}（予定）", figures.as_of)
    } else {
        figures.as_of.to_string()
    };
    let narrowed = narrowed(query);
    let first = |rest: Vec<String>| [vec![day.clone(), narrowed.clone()], rest].concat();
    write(headings(query.by))?;
    for row in &figures.rows {
        let live = row.live;
        let counts = [live.total, live.one, live.two, live.unknown].map(|count| count.to_string());
        write(first([vec![row.name.clone()], counts.to_vec()].concat()))?;
    }
    for row in &figures.months {
        let month = row
            .month
            .map_or_else(|| "日付不明".to_owned(), |month| month.to_string());
        write(first(vec![
            month,
            row.declared.to_string(),
            row.stopped.to_string(),
        ]))?;
    }
    writer
        .into_inner()
        .map_err(|error| Internal::new(error.into_error()))
}

fn headings(by: SplitBy) -> Vec<String> {
    let of = match by {
        SplitBy::Month => "年月",
        SplitBy::Prefecture => "都道府県",
        SplitBy::Industry => "業種",
        SplitBy::SizeClass => "企業規模",
        SplitBy::Star => "取組段階",
        SplitBy::Origin => "登録の経路",
    };
    let counts: &[&str] = match by {
        SplitBy::Month => &["宣言された件数", "停止された件数"],
        _ => &["有効な宣言の件数", "うち★", "うち★★", "うち段階不明"],
    };
    let words = ["基準日", "対象", of].into_iter().chain(counts.iter().copied());
    words.map(str::to_owned).collect()
}

fn narrowed(query: &FigureQuery) -> String {
    let words = [query.star.map(star_word), query.origin.map(origin_word)];
    let words: Vec<_> = words.into_iter().flatten().collect();
    if words.is_empty() {
        "すべて".to_owned()
    } else {
        words.join("、")
    }
}
