//! A file of deadlines as text: which encoding, which kind, and its rows with the lines that they stand on.

use domain::calendar::TypedDeadline;
use encoding_rs::SHIFT_JIS;
use event_store::Position;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{csv_rows, ics_rows};
use crate::InputProblem;
use crate::import::SourceEncoding;
use crate::random::derived_id;

const MIB: usize = 1024 * 1024;
/// What names, sources and notes may have together, in bytes of UTF-8: all of them are one command, of which the log takes
/// 16 MiB, and a character may take twice as much there.
const TEXT_BYTES_MAX: usize = 7 * MIB;

/// How much one import takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLimits {
    /// MiB of the file.
    pub mebibytes: usize,
    /// Deadlines in it.
    pub rows: usize,
}

impl FileLimits {
    /// In the console a person reads the list of them.
    pub const CONSOLE: Self = Self {
        mebibytes: 1,
        rows: 1_000,
    };
    /// On the command line as many as the log takes in one piece.
    pub const COMMAND_LINE: Self = Self {
        mebibytes: 16,
        rows: 10_000,
    };

    /// Bytes of the file.
    pub const fn bytes(self) -> usize {
        self.mebibytes * MIB
    }
}

/// A file of deadlines as it is, and how it is to be read.
#[derive(Debug, Clone)]
pub struct DeadlineFile {
    /// Its bytes.
    pub content: Vec<u8>,
    /// Where the deadlines are announced, for rows that do not say.
    pub source: String,
    /// `None`: found out.
    pub encoding: Option<SourceEncoding>,
    /// How much of it is taken.
    pub limits: FileLimits,
}

/// What a first look finds in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileSeen {
    /// How many deadlines.
    pub rows: usize,
    /// In what the text is written.
    pub encoding: SourceEncoding,
}

impl DeadlineFile {
    /// Looks through the whole file without judging its rows.
    pub fn look_through(&self) -> Result<FileSeen, FileProblem> {
        let (rows, encoding) = rows(self)?;
        Ok(FileSeen {
            rows: rows.len(),
            encoding,
        })
    }

    /// An id for the command that takes this file into a calendar of this version: the same for each try of it.
    pub fn command_id(&self, version: Position) -> Uuid {
        let content = hex::encode(Sha256::digest(&self.content));
        let source = hex::encode(Sha256::digest(self.source.as_bytes()));
        derived_id(
            Uuid::nil(),
            &format!("import of deadlines {content} {source} {}", version.get()),
        )
    }
}

/// The file as a whole cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// More bytes than an import takes.
    #[error("the file is larger than {mebibytes} MiB; take it over in parts")]
    TooLarge {
        /// MiB that are taken.
        mebibytes: usize,
    },
    /// Names, sources and notes are more than fits into one command.
    #[error("names, sources and notes are more than 7 MiB together; take the file over in parts")]
    TooMuchText,
    /// Nothing in it, or headings only.
    #[error("the file holds no deadlines")]
    Empty,
    /// Neither UTF-8 nor CP932, or not what was asked for.
    #[error("the file is not {0}; save it anew in one of the two")]
    Encoding(&'static str),
    /// The first line of a CSV is not what it should be.
    #[error("the headings are not those of a list of deadlines: {0}")]
    Headings(String),
    /// More than an import takes.
    #[error("the file has more than {most} deadlines; take it over in parts")]
    TooManyRows {
        /// Deadlines that are taken.
        most: usize,
    },
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
            Self::TooLarge { .. } | Self::TooMuchText => "file_too_large",
            Self::Empty => "file_empty",
            Self::Encoding(_) => "file_encoding",
            Self::Headings(_) => "file_headings",
            Self::TooManyRows { .. } => "file_too_many_rows",
            Self::Broken { .. } => "file_broken",
        }
    }

    /// One sentence for the person who chose the file.
    pub fn japanese(&self) -> String {
        match self {
            Self::TooLarge { mebibytes } => {
                format!("ファイルが大きすぎます。{mebibytes}MB以内に分けてください。")
            }
            Self::TooMuchText => {
                "名称・出典・備考が合わせて7MBを超えています。ファイルを分けてください。".to_owned()
            }
            Self::Empty => "締切が1件もありません。ファイルの中身を確認してください。".to_owned(),
            Self::Encoding(_) => {
                "文字コードを読み取れません。UTF-8かShift_JISで保存し直してください。".to_owned()
            }
            Self::Headings(detail) => format!(
                "見出しを読み取れません（{detail}）。1行目を「日付,時刻,名称,出典,備考」にしてください。"
            ),
            Self::TooManyRows { most } => {
                format!("一度に取り込めるのは{most}件までです。ファイルを分けてください。")
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

/// The rows of a file, and in what they are written.
pub(super) fn rows(file: &DeadlineFile) -> Result<(Vec<FileRow>, SourceEncoding), FileProblem> {
    let limits = file.limits;
    if file.content.len() > limits.bytes() {
        return Err(FileProblem::TooLarge {
            mebibytes: limits.mebibytes,
        });
    }
    let (text, encoding) = decode(&file.content, file.encoding)?;
    let begins = text.trim_start();
    let is_calendar = begins
        .get(..15)
        .is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR"));
    let mut rows = if is_calendar {
        ics_rows::read(&text, limits.rows)?
    } else {
        csv_rows::read(&text, limits.rows)?
    };
    if rows.is_empty() {
        return Err(FileProblem::Empty);
    }
    for row in rows.iter_mut().filter(|row| row.typed.source.trim().is_empty()) {
        file.source.clone_into(&mut row.typed.source);
    }
    let typed = rows.iter().map(|row| &row.typed);
    let text_bytes: usize = typed
        .map(|typed| typed.name.len() + typed.source.len() + typed.note.len())
        .sum();
    if text_bytes > TEXT_BYTES_MAX {
        return Err(FileProblem::TooMuchText);
    }
    Ok((rows, encoding))
}

/// Text in CP932 is practically never valid UTF-8, so UTF-8 is asked first. A byte order mark leaves no doubt.
fn decode(content: &[u8], wanted: Option<SourceEncoding>) -> Result<(String, SourceEncoding), FileProblem> {
    let marked = content.strip_prefix(b"\xEF\xBB\xBF");
    let wanted = wanted.or(marked.map(|_| SourceEncoding::Utf8));
    if wanted != Some(SourceEncoding::Cp932)
        && let Ok(text) = std::str::from_utf8(marked.unwrap_or(content))
    {
        return Ok((text.to_owned(), SourceEncoding::Utf8));
    }
    if wanted == Some(SourceEncoding::Utf8) {
        return Err(FileProblem::Encoding("in UTF-8"));
    }
    match SHIFT_JIS.decode_without_bom_handling_and_without_replacement(content) {
        Some(text) => Ok((text.into_owned(), SourceEncoding::Cp932)),
        None if wanted.is_some() => Err(FileProblem::Encoding("in CP932")),
        None => Err(FileProblem::Encoding("in UTF-8 or in CP932")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &[u8], source: &str) -> DeadlineFile {
        DeadlineFile {
            content: content.to_owned(),
            source: source.to_owned(),
            encoding: None,
            limits: FileLimits::CONSOLE,
        }
    }

    fn read(content: &[u8]) -> Result<Vec<FileRow>, FileProblem> {
        rows(&file(content, "")).map(|(rows, _)| rows)
    }

    #[test]
    fn a_file_in_either_encoding_reads_the_same() {
        let text = "日付,時刻,名称,出典,備考\n2026-12-25,17:00,みほん補助金,公募要領,\n";
        let (cp932, _, _) = SHIFT_JIS.encode(text);
        let expected = read(text.as_bytes()).expect("rows");
        assert_eq!(expected.len(), 1);
        assert_eq!(read(&cp932), Ok(expected.clone()));
        let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
        assert_eq!(read(&marked), Ok(expected));
        let nothing = [b'd', 0xFF, 0xFE, 0x00, 0x80];
        let refused = read(&nothing).expect_err("refused");
        assert_eq!(refused, FileProblem::Encoding("in UTF-8 or in CP932"));
        for (content, encoding, found) in [
            (text.as_bytes(), SourceEncoding::Utf8, true),
            (&cp932, SourceEncoding::Cp932, true),
            (&cp932, SourceEncoding::Utf8, false),
            (&nothing, SourceEncoding::Cp932, false),
        ] {
            let mut asked = file(content, "");
            asked.encoding = Some(encoding);
            let seen = asked.look_through().map(|seen| seen.encoding).ok();
            assert_eq!(seen, found.then_some(encoding), "{encoding:?}");
        }
    }

    #[test]
    fn a_damaged_line_under_a_byte_order_mark_is_not_taken_for_cp932() {
        let mut content = "\u{feff}date,name\n2026-12-25,x\n".as_bytes().to_owned();
        let last = content.len() - 1;
        content.insert(last, 0xB1);
        assert_eq!(read(&content), Err(FileProblem::Encoding("in UTF-8")));
        assert!(
            read(&content[3..]).is_ok(),
            "without the mark it is half-width kana"
        );
    }

    #[test]
    fn what_is_no_list_of_deadlines_is_refused_as_a_whole() {
        let refused = |content: &[u8]| read(content).expect_err("refused").code();
        assert_eq!(refused(b""), "file_empty");
        assert_eq!(refused("日付,名称\n".as_bytes()), "file_empty");
        let limits = FileLimits::CONSOLE;
        assert_eq!(refused(&vec![b'x'; limits.bytes() + 1]), "file_too_large");
        assert_eq!(refused(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n"), "file_empty");
        let many = format!("date,name\n{}", "2026-12-25,x\n".repeat(limits.rows + 1));
        assert_eq!(refused(many.as_bytes()), "file_too_many_rows");
        let mut larger = file(many.as_bytes(), "");
        larger.limits = FileLimits::COMMAND_LINE;
        assert_eq!(larger.look_through().map(|seen| seen.rows), Ok(limits.rows + 1));
        for problem in [
            FileProblem::TooLarge { mebibytes: 1 },
            FileProblem::TooMuchText,
            FileProblem::Empty,
            FileProblem::Encoding("in UTF-8"),
            FileProblem::Headings("備老".to_owned()),
            FileProblem::TooManyRows { most: 1_000 },
            FileProblem::Broken { line: 3 },
        ] {
            assert!(problem.japanese().ends_with('。'), "{problem}");
        }
    }

    #[test]
    fn a_source_that_ten_thousand_rows_inherit_counts_each_time() {
        let content = format!("date,name\n{}", "2026-12-25,x\n".repeat(10_000));
        let mut long = file(content.as_bytes(), &"あ".repeat(500));
        long.limits = FileLimits::COMMAND_LINE;
        assert_eq!(long.look_through(), Err(FileProblem::TooMuchText));
    }

    #[test]
    fn the_command_of_a_file_is_the_same_for_each_try_and_another_for_another_calendar() {
        let at = |content: &[u8], version| file(content, "").command_id(Position::new(version));
        assert_eq!(at(b"x", 1), at(b"x", 1));
        assert_ne!(at(b"x", 1), at(b"x", 2));
        assert_ne!(at(b"x", 1), at(b"y", 1));
    }

    #[test]
    fn a_row_without_a_source_gets_the_one_that_was_given_for_the_file() {
        let text = "date,name,source\n2026-12-25,甲,\n2026-12-26,乙,公募要領\n";
        let (found, _) = rows(&file(text.as_bytes(), "一覧")).expect("rows");
        let sources: Vec<_> = found.iter().map(|row| row.typed.source.as_str()).collect();
        assert_eq!(sources, ["一覧", "公募要領"]);
    }
}
