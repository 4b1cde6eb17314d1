//! Deadlines from CSV: headings in Japanese or English, in any order.

use csv::{ReaderBuilder, StringRecord};
use domain::calendar::TypedDeadline;

use super::file::{FileProblem, FileRow};
use crate::InputProblem;

/// A column, and the headings that it may have.
const COLUMNS: [(Column, &[&str]); 5] = [
    (Column::Date, &["日付", "締切日", "期日", "date"]),
    (Column::Time, &["時刻", "締切時刻", "time"]),
    (Column::Name, &["名称", "名前", "締切", "name"]),
    (Column::Source, &["出典", "source"]),
    (Column::Note, &["備考", "note"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Date,
    Time,
    Name,
    Source,
    Note,
}

/// The rows after the headings, at most so many.
pub(super) fn read(text: &str, most: usize) -> Result<Vec<FileRow>, FileProblem> {
    // The reader counts a line end of two characters to the line after it.
    let text = text.replace("\r\n", "\n");
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut next = |record: &mut StringRecord| {
        let line = reader.position().line();
        reader
            .read_record(record)
            .map_err(|_| FileProblem::Broken { line })
    };
    if !next(&mut record)? || text.trim().is_empty() {
        return Err(FileProblem::Empty);
    }
    let columns = columns(&record)?;
    let mut rows = Vec::new();
    while next(&mut record)? {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == most {
            return Err(FileProblem::TooManyRows { most });
        }
        rows.push(row(&text, &record, &columns));
    }
    Ok(rows)
}

fn columns(headings: &StringRecord) -> Result<Vec<Column>, FileProblem> {
    let mut columns = Vec::new();
    for heading in headings {
        let folded = heading.trim().to_lowercase();
        let known = COLUMNS.iter().find(|(_, names)| names.contains(&folded.as_str()));
        let Some((column, _)) = known else {
            let shown = heading.trim().chars().filter(|c| !c.is_control()).take(20);
            let shown: String = shown.collect();
            return Err(FileProblem::Headings(format!("「{shown}」")));
        };
        if columns.contains(column) {
            return Err(FileProblem::Headings(format!("「{}」が2列", heading.trim())));
        }
        columns.push(*column);
    }
    for (column, name) in [(Column::Date, "日付"), (Column::Name, "名称")] {
        if !columns.contains(&column) {
            return Err(FileProblem::Headings(format!("「{name}」がない")));
        }
    }
    Ok(columns)
}

fn row(text: &str, record: &StringRecord, columns: &[Column]) -> FileRow {
    let mut typed = TypedDeadline::default();
    for (column, cell) in columns.iter().zip(record) {
        let field = match column {
            Column::Date => &mut typed.day,
            Column::Time => &mut typed.time,
            Column::Name => &mut typed.name,
            Column::Source => &mut typed.source,
            Column::Note => &mut typed.note,
        };
        cell.clone_into(field);
    }
    let problem = (record.len() != columns.len()).then(|| {
        InputProblem::new(
            "row",
            "ragged_row",
            "列の数が見出しと違います。カンマや引用符を確認してください。",
        )
    });
    FileRow {
        line: record.position().map_or(0, |position| line(text, position)),
        typed,
        problem,
    }
}

/// The line of a record: to the reader it begins with the empty lines before it.
fn line(text: &str, position: &csv::Position) -> u64 {
    let begins = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(begins..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| **byte == b'\n');
    position.line() + empty.map(|_| 1).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 1_000;

    fn rows(text: &str) -> Vec<FileRow> {
        read(text, MOST).expect("rows")
    }

    #[test]
    fn headings_in_either_language_and_any_order_are_understood() {
        for headings in [
            "備考,名称,日付,出典,時刻",
            "note,NAME, date ,source,Time",
            "備考,締切,締切日,出典,締切時刻",
        ] {
            let found = rows(&format!(
                "{headings}\r\n電子のみ,みほん補助金,令和8年12月25日,\"要領, 3\",17:00\r\n"
            ));
            let typed = &found[0].typed;
            assert_eq!(
                [&typed.day, &typed.time, &typed.name, &typed.source, &typed.note],
                ["令和8年12月25日", "17:00", "みほん補助金", "要領, 3", "電子のみ"],
                "{headings}"
            );
            assert_eq!((found[0].line, &found[0].problem), (2, &None));
        }
    }

    #[test]
    fn lines_are_those_of_the_file_and_empty_ones_are_passed_over() {
        let found =
            rows("date,name,note\n2026-12-25,甲,\"一\n二\"\n\n,,\n2026-12-26,乙,\n\n\n2026-12-27,丙\n");
        let lines: Vec<_> = found
            .iter()
            .map(|row| (row.line, row.problem.as_ref().map(|it| it.code)))
            .collect();
        assert_eq!(lines, [(2, None), (6, None), (9, Some("ragged_row"))]);
    }

    #[test]
    fn other_headings_are_refused_with_the_one_that_is_wrong() {
        let refused = |text: &str| match read(text, MOST) {
            Err(FileProblem::Headings(detail)) => detail,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused("日付,名称,備老\n"), "「備老」");
        assert_eq!(refused("日付,日付,名称\n"), "「日付」が2列");
        assert_eq!(refused("日付,時刻\n"), "「名称」がない");
        assert_eq!(refused("<html><body>"), "「<html><body>」");
        assert_eq!(refused("\u{1b}[2J名\u{7}称\n"), "「[2J名称」");
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_swallows_no_more_than_its_row() {
        let text = format!("date,name\n2026-12-25,\"甲\n{}", "2026-12-26,乙\n".repeat(2_000));
        let found = rows(&text);
        assert_eq!((found.len(), found[0].line), (1, 2));
        assert!(
            found[0]
                .typed
                .read(domain::calendar::DeadlineId(uuid::Uuid::nil()))
                .is_err()
        );
    }
}
