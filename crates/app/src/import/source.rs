//! Reading the file of an old register: which encoding it is in, that it is a CSV with the right headings, and its
//! rows one at a time, whatever its size.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ReaderBuilder, StringRecord};
use domain::legacy_register::{Columns, HEADINGS};
use encoding_rs::{DecoderResult, Encoding, SHIFT_JIS, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;

/// How the text of a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceEncoding {
    /// With or without a byte order mark.
    Utf8,
    /// Code page 932: `Shift_JIS` as Windows writes it.
    Cp932,
}

impl SourceEncoding {
    /// The name on the command line and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Cp932 => "cp932",
        }
    }

    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Cp932 => SHIFT_JIS,
        }
    }
}

/// The file as a whole cannot be taken; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It is not there, or is not ours to read.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder, a device, a pipe: what cannot be read twice.
    #[error("{0} is not a file; name the CSV file itself")]
    NotAFile(PathBuf),
    /// Nothing in it.
    #[error("{0} is empty; export the register again")]
    Empty(PathBuf),
    /// A spreadsheet, an archive, a program.
    #[error("{path} is {what}, not a CSV; save the register as CSV (comma separated) and import that")]
    NotCsv {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        what: &'static str,
    },
    /// Bytes that the encoding does not have.
    #[error("{path} is not in {encoding}: line {line} holds bytes that it does not have; {hint}")]
    WrongEncoding {
        /// The file.
        path: PathBuf,
        /// What was tried.
        encoding: &'static str,
        /// 1-based line of the file.
        line: u64,
        /// What to do.
        hint: &'static str,
    },
    /// The first line does not hold the headings of the register.
    #[error("{path} has other headings: {detail}; the first line must hold the {} headings of the register", HEADINGS.len())]
    Headings {
        /// The file.
        path: PathBuf,
        /// What is missing or unknown.
        detail: String,
    },
    /// A quotation mark is never closed: everything up to the next one would be one field.
    #[error(
        "{path} row {row}: a quotation mark is never closed, or the row is longer than 1 MiB; correct it and import again"
    )]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// 1-based, the first row after the headings.
        row: u64,
    },
}

/// A file that was looked through once: its encoding, headings and number of rows are known.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    encoding: SourceEncoding,
    rows: u64,
    /// Which cell stands in which column.
    columns: Columns,
}

/// One row.
#[derive(Debug)]
pub struct SourceRow {
    /// 1-based, the first row after the headings.
    pub number: u64,
    /// The cells in the order of the file.
    pub cells: StringRecord,
}

/// The most that one row may take; past it a quotation mark was left open.
const ROW_BYTES: u64 = 1024 * 1024;
/// The most lines that one row may span, for the same reason.
const ROW_LINES: u64 = 200;
const CHUNK: usize = 64 * 1024;

impl Source {
    /// Looks through the whole file, writing nothing: encoding, headings, rows, open quotation marks.
    pub fn open(path: &Path, encoding: Option<SourceEncoding>) -> Result<Self, SourceError> {
        check_kind(path)?;
        let encoding = match encoding {
            Some(encoding) => match first_wrong_line(path, encoding)? {
                None => encoding,
                Some(line) => return Err(wrong_encoding(path, encoding, line)),
            },
            None => detect(path)?,
        };
        let mut records = Records::open(path, encoding)?;
        let mut record = StringRecord::new();
        if !records.read(&mut record, 0)? {
            return Err(SourceError::Empty(path.to_owned()));
        }
        let columns = columns(path, &record)?;
        let mut rows = 0;
        while records.read(&mut record, rows + 1)? {
            rows += 1;
            if holds_rows(&record, HEADINGS.len()) {
                return Err(SourceError::OpenQuote {
                    path: path.to_owned(),
                    row: rows,
                });
            }
        }
        Ok(Self {
            path: path.to_owned(),
            encoding,
            rows,
            columns,
        })
    }

    /// The encoding that was given or found.
    pub const fn encoding(&self) -> SourceEncoding {
        self.encoding
    }

    /// Rows after the headings.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Which cell stands in which column.
    pub const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Reads the rows again from the start, one at a time.
    pub fn read(&self) -> Result<SourceRows, SourceError> {
        let mut records = Records::open(&self.path, self.encoding)?;
        records.read(&mut StringRecord::new(), 0)?;
        Ok(SourceRows { records, number: 0 })
    }
}

/// The rows of a source.
pub struct SourceRows {
    records: Records,
    number: u64,
}

impl SourceRows {
    /// The next row; `None` at the end.
    pub fn next_row(&mut self) -> Result<Option<SourceRow>, SourceError> {
        let mut cells = StringRecord::new();
        let number = self.number + 1;
        if !self.records.read(&mut cells, number)? {
            return Ok(None);
        }
        self.number = number;
        Ok(Some(SourceRow { number, cells }))
    }
}

struct Records {
    path: PathBuf,
    reader: csv::Reader<Counted<encoding_rs_io::DecodeReaderBytes<BufReader<File>, Vec<u8>>>>,
    since_row: Arc<AtomicU64>,
}

impl Records {
    fn open(path: &Path, encoding: SourceEncoding) -> Result<Self, SourceError> {
        let file = open_file(path)?;
        let decoded = DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding.encoding()))
            .strip_bom(true)
            .build(BufReader::with_capacity(CHUNK, file));
        let since_row = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            inner: decoded,
            since_row: Arc::clone(&since_row),
        };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(counted);
        Ok(Self {
            path: path.to_owned(),
            reader,
            since_row,
        })
    }

    fn read(&mut self, record: &mut StringRecord, row: u64) -> Result<bool, SourceError> {
        self.since_row.store(0, Ordering::Relaxed);
        let first_line = self.reader.position().line();
        let read = self.reader.read_record(record);
        if self.reader.position().line().saturating_sub(first_line) > ROW_LINES {
            return Err(SourceError::OpenQuote {
                path: self.path.clone(),
                row,
            });
        }
        read.map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(source) if source.kind() == io::ErrorKind::FileTooLarge => {
                SourceError::OpenQuote {
                    path: self.path.clone(),
                    row,
                }
            }
            csv::ErrorKind::Io(source) => SourceError::Unreadable {
                path: self.path.clone(),
                source,
            },
            other => SourceError::Unreadable {
                path: self.path.clone(),
                source: io::Error::new(io::ErrorKind::InvalidData, format!("{other:?}")),
            },
        })
    }
}

/// Counts what the CSV reader takes since the row began, so that one open quotation mark cannot take all memory.
struct Counted<R> {
    inner: R,
    since_row: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.since_row.load(Ordering::Relaxed);
        if taken > ROW_BYTES {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "a row is larger than allowed",
            ));
        }
        let read = self.inner.read(buffer)?;
        self.since_row.store(taken + read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Whether a cell of several lines has taken whole rows in: its quotation mark was opened by mistake and ends where the
/// next one begins.
fn holds_rows(record: &StringRecord, columns: usize) -> bool {
    record.iter().any(|cell| {
        cell.lines()
            .skip(1)
            .any(|line| line.bytes().filter(|byte| *byte == b',').count() + 1 >= columns)
    })
}

fn open_file(path: &Path) -> Result<File, SourceError> {
    File::open(path).map_err(|source| SourceError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

fn check_kind(path: &Path) -> Result<(), SourceError> {
    let mut file = open_file(path)?;
    let unreadable = |source| SourceError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(SourceError::NotAFile(path.to_owned()));
    }
    let mut start = [0; 8];
    file.rewind().map_err(unreadable)?;
    let length = file.read(&mut start).map_err(unreadable)?;
    let not_csv = |what| {
        Err(SourceError::NotCsv {
            path: path.to_owned(),
            what,
        })
    };
    match &start[..length] {
        [] => Err(SourceError::Empty(path.to_owned())),
        [b'P', b'K', 3, 4, ..] => not_csv("an Excel or ZIP file"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => not_csv("an old Excel file"),
        [b'%', b'P', b'D', b'F', ..] => not_csv("a PDF"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => not_csv("UTF-16 text"),
        _ => Ok(()),
    }
}

fn detect(path: &Path) -> Result<SourceEncoding, SourceError> {
    // Text in CP932 is practically never valid UTF-8, so UTF-8 is asked first.
    let Some(line) = first_wrong_line(path, SourceEncoding::Utf8)? else {
        return Ok(SourceEncoding::Utf8);
    };
    // Headings in UTF-8 leave no doubt: a line that is not is damaged, and CP932 would make nonsense of all others.
    if line > 1 && begins_in_utf8(path)? {
        return Err(SourceError::WrongEncoding {
            path: path.to_owned(),
            encoding: "UTF-8",
            line,
            hint: "correct that line or export the register again",
        });
    }
    match first_wrong_line(path, SourceEncoding::Cp932)? {
        None => Ok(SourceEncoding::Cp932),
        Some(line) => Err(SourceError::WrongEncoding {
            path: path.to_owned(),
            encoding: "UTF-8 or CP932",
            line,
            hint: "export the register again in one of the two",
        }),
    }
}

/// Whether the first line has letters, or a byte order mark, that only UTF-8 writes like this.
fn begins_in_utf8(path: &Path) -> Result<bool, SourceError> {
    let mut line = Vec::new();
    BufReader::new(open_file(path)?)
        .take(ROW_BYTES)
        .read_until(b'\n', &mut line)
        .map_err(|source| SourceError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
    Ok(!line.is_ascii() && std::str::from_utf8(&line).is_ok())
}

fn wrong_encoding(path: &Path, encoding: SourceEncoding, line: u64) -> SourceError {
    SourceError::WrongEncoding {
        path: path.to_owned(),
        encoding: match encoding {
            SourceEncoding::Utf8 => "UTF-8",
            SourceEncoding::Cp932 => "CP932",
        },
        line,
        hint: "leave out --encoding to have it detected",
    }
}

/// The line of the first bytes that the encoding does not have.
fn first_wrong_line(path: &Path, encoding: SourceEncoding) -> Result<Option<u64>, SourceError> {
    let mut file = open_file(path)?;
    let mut decoder = encoding.encoding().new_decoder_without_bom_handling();
    let mut input = vec![0; CHUNK];
    let mut output = vec![0; CHUNK * 4];
    let mut line = 1_u64;
    loop {
        let length = file.read(&mut input).map_err(|source| SourceError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let last = length == 0;
        let mut rest = &input[..length];
        loop {
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut output, last);
            line += output[..written]
                .iter()
                .map(|byte| u64::from(*byte == b'\n'))
                .sum::<u64>();
            rest = &rest[read..];
            match result {
                DecoderResult::Malformed(..) => return Ok(Some(line)),
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
            }
        }
        if last {
            return Ok(None);
        }
    }
}

/// Understands the headings. Their order is the exporter's business.
fn columns(path: &Path, found: &StringRecord) -> Result<Columns, SourceError> {
    let cells: Vec<&str> = found.iter().collect();
    Columns::read(&cells).map_err(|error| {
        let listed = |names: Vec<&str>| names.into_iter().take(5).collect::<Vec<_>>().join("、");
        let unknown = error.unknown.iter().map(String::as_str).collect::<Vec<_>>();
        let detail = match (error.missing.is_empty(), unknown.is_empty()) {
            (false, _) => format!("missing {}", listed(error.missing)),
            (true, false) => format!("unknown {}", listed(unknown)),
            (true, true) => format!("more than once {}", listed(error.repeated)),
        };
        SourceError::Headings {
            path: path.to_owned(),
            detail,
        }
    })
}
