//! The three kinds of files, line by line: what is written can be taken away at once, so that a file of any size is made in little memory.

mod book;
mod cp932;
mod csv_file;
mod report;

use std::io::Write;

use domain::export::{Column, Format};

use self::book::Book;
use self::csv_file::CsvFile;
use super::cells::Line;
use crate::Internal;

pub(super) use self::book::ROWS_MAX;
pub(super) use self::report::Report;

/// Why something does not stand in a file as it stands in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// This kind of file has no such character: the mark 〓 stands there.
    NoSuchCharacter(char),
    /// The same of what chooses between shapes of the character before it, which stands there alone.
    NoVariant(char),
    /// The text is longer than a cell takes: its beginning stands there.
    TooLong,
}

/// Something that does not stand in a file as it stands in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unwritten {
    /// In which row of the file, the headings being the first.
    pub(super) row: u64,
    /// The number of the record.
    pub(super) number: String,
    pub(super) column: Column,
    pub(super) why: Why,
}

/// A file that is being made.
pub(super) enum Sheet {
    Csv(CsvFile),
    Book(Box<Book>),
}

impl Sheet {
    /// An empty one with these columns.
    pub(super) fn new(format: Format, columns: &[Column]) -> Result<Self, Internal> {
        Ok(match format {
            Format::CsvUtf8 => Self::Csv(CsvFile::utf8(columns)),
            Format::CsvCp932 => Self::Csv(CsvFile::cp932(columns)),
            Format::Xlsx => Self::Book(Box::new(Book::new(columns)?)),
        })
    }

    /// Writes lines; what of the file is finished thereby, and what could not be written as it stands.
    pub(super) fn write(&mut self, lines: &[Line]) -> Result<(Vec<u8>, Vec<Unwritten>), Internal> {
        match self {
            Self::Csv(file) => file.write(lines),
            Self::Book(book) => Ok((Vec::new(), book.write(lines)?)),
        }
    }

    /// Writes the rest of the file.
    pub(super) fn finish(self, out: impl Write + Send) -> Result<(), Internal> {
        match self {
            Self::Csv(file) => file.finish(out),
            Self::Book(book) => book.finish(out),
        }
    }
}
