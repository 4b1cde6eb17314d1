//! A file of deadlines as text: which encoding, which kind, and its rows with the lines that they stand on.

use domain::calendar::TypedDeadline;
use encoding_rs::SHIFT_JIS;

use super::{csv_rows, ics_rows};
use crate::InputProblem;

/// The most that a file may have.
pub const FILE_BYTES_MAX: usize = 1024 * 1024;
/// The most rows that one import takes: a person reads the list of them.
pub(super) const ROWS_MAX: usize = 1_000;

/// The file as a whole cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// More than [`FILE_BYTES_MAX`].
    #[error("the file is larger than 1 MiB")]
    TooLarge,
    /// Nothing in it, or headings only.
    #[error("the file holds no deadlines")]
    Empty,
    /// Neither UTF-8 nor CP932.
    #[error("the file is neither in UTF-8 nor in CP932")]
    Encoding,
    /// The first line of a CSV is not what it should be.
    #[error("the headings are not those of a list of deadlines: {0}")]
    Headings(String),
    /// More than an import takes.
    #[error("the file has more than {ROWS_MAX} deadlines")]
    TooManyRows,
    /// A calendar file that ends within an event, or a row that no CSV has.
    #[error("the file cannot be read from line {line} on")]
    Broken {
        /// 1-based.
        line: u64,
    },
}

impl FileProblem {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "file_too_large",
            Self::Empty => "file_empty",
            Self::Encoding => "file_encoding",
            Self::Headings(_) => "file_headings",
            Self::TooManyRows => "file_too_many_rows",
            Self::Broken { .. } => "file_broken",
        }
    }

    /// One sentence for the person who chose the file.
    pub fn japanese(&self) -> String {
        match self {
            Self::TooLarge => "ファイルが大きすぎます。1MB以内に分けてください。".to_owned(),
            Self::Empty => "締切が1件もありません。ファイルの中身を確認してください。".to_owned(),
            Self::Encoding => {
                "文字コードを読み取れません。UTF-8かShift_JISで保存し直してください。".to_owned()
            }
            Self::Headings(detail) => format!(
                "見出しを読み取れません（{detail}）。1行目を「日付,時刻,名称,出典,備考」にしてください。"
            ),
            Self::TooManyRows => {
                format!("一度に取り込めるのは{ROWS_MAX}件までです。ファイルを分けてください。")
            }
            Self::Broken { line } => {
                format!("{line}行目から先を読み取れません。ファイルを書き出し直してください。")
            }
        }
    }
}

impl From<FileProblem> for InputProblem {
    fn from(problem: FileProblem) -> Self {
        Self::new("content", problem.code(), problem.japanese())
    }
}

/// One deadline of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileRow {
    /// Where it begins, 1-based.
    pub(super) line: u64,
    /// What stands there.
    pub(super) typed: TypedDeadline,
    /// What makes it unreadable before anything of it is checked.
    pub(super) problem: Option<InputProblem>,
}

/// The rows of a file. `source` stands in where a row has none.
pub(super) fn rows(content: &[u8], source: &str) -> Result<Vec<FileRow>, FileProblem> {
    if content.len() > FILE_BYTES_MAX {
        return Err(FileProblem::TooLarge);
    }
    let text = decode(content)?;
    let begins = text.trim_start();
    let is_calendar = begins
        .get(..15)
        .is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR"));
    let mut rows = if is_calendar {
        ics_rows::read(&text)?
    } else {
        csv_rows::read(&text)?
    };
    if rows.is_empty() {
        return Err(FileProblem::Empty);
    }
    for row in rows.iter_mut().filter(|row| row.typed.source.trim().is_empty()) {
        source.clone_into(&mut row.typed.source);
    }
    Ok(rows)
}

/// Text in CP932 is practically never valid UTF-8, so UTF-8 is asked first.
fn decode(content: &[u8]) -> Result<String, FileProblem> {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    if let Ok(text) = std::str::from_utf8(content) {
        return Ok(text.to_owned());
    }
    let (text, broken) = SHIFT_JIS.decode_without_bom_handling(content);
    if broken {
        return Err(FileProblem::Encoding);
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_either_encoding_reads_the_same() {
        let text = "日付,時刻,名称,出典,備考\n2026-12-25,17:00,みほん補助金,公募要領,\n";
        let (cp932, _, _) = SHIFT_JIS.encode(text);
        let expected = rows(text.as_bytes(), "").expect("rows");
        assert_eq!(expected.len(), 1);
        assert_eq!(rows(&cp932, ""), Ok(expected.clone()));
        let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
        assert_eq!(rows(&marked, ""), Ok(expected));
        assert_eq!(
            rows(&[b'd', 0xFF, 0xFE, 0x00, 0x80], ""),
            Err(FileProblem::Encoding)
        );
    }

    #[test]
    fn what_is_no_list_of_deadlines_is_refused_as_a_whole() {
        let refused = |content: &[u8]| rows(content, "").expect_err("refused").code();
        assert_eq!(refused(b""), "file_empty");
        assert_eq!(refused("日付,名称\n".as_bytes()), "file_empty");
        assert_eq!(refused(&vec![b'x'; FILE_BYTES_MAX + 1]), "file_too_large");
        assert_eq!(refused(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n"), "file_empty");
        let many = format!("date,name\n{}", "2026-12-25,x\n".repeat(ROWS_MAX + 1));
        assert_eq!(refused(many.as_bytes()), "file_too_many_rows");
        for problem in [
            FileProblem::TooLarge,
            FileProblem::Empty,
            FileProblem::Encoding,
            FileProblem::Headings("備老".to_owned()),
            FileProblem::TooManyRows,
            FileProblem::Broken { line: 3 },
        ] {
            assert!(problem.japanese().ends_with('。'), "{problem}");
        }
    }

    #[test]
    fn a_row_without_a_source_gets_the_one_that_was_given_for_the_file() {
        let text = "date,name,source\n2026-12-25,甲,\n2026-12-26,乙,公募要領\n";
        let found = rows(text.as_bytes(), "一覧").expect("rows");
        let sources: Vec<_> = found.iter().map(|row| row.typed.source.as_str()).collect();
        assert_eq!(sources, ["一覧", "公募要領"]);
    }
}
