//! Reading the file of an old register: which encoding it is in, that it is a CSV with the right headings, and its
//! rows one at a time, whatever its size.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ReaderBuilder, StringRecord};
use domain::import::{Mapping, is_corrected};
use domain::legacy_register::{Columns, HEADINGS};
use encoding_rs::{DecoderResult, Encoding, SHIFT_JIS, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;
use zeroize::Zeroizing;

use crate::sheet_cell::unmarked;

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

/// Where a file lies.
#[derive(Clone)]
enum Place {
    /// On this machine.
    File(PathBuf),
    /// In memory: what came by the console must not lie anywhere unsealed.
    Memory(Arc<Zeroizing<Vec<u8>>>),
}

/// Bytes that several readers share.
struct Shared(Arc<Zeroizing<Vec<u8>>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Place({})", self.name().display())
    }
}

impl Place {
    /// For messages.
    fn name(&self) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Memory(_) => PathBuf::from("the file"),
        }
    }

    fn open(&self) -> Result<Box<dyn Read + Send>, SourceError> {
        Ok(match self {
            Self::File(path) => Box::new(open_file(path)?),
            Self::Memory(bytes) => Box::new(Cursor::new(Shared(Arc::clone(bytes)))),
        })
    }
}

/// A file that was looked through once: its encoding, headings and number of rows are known.
#[derive(Debug)]
pub struct Source {
    place: Place,
    encoding: SourceEncoding,
    rows: u64,
    /// Which cell stands in which column.
    columns: Columns,
    head: Head,
    /// Whether cells that look like formulas carry an apostrophe that is ours.
    is_marked: bool,
}

/// How a file begins. Persons stand in its rows.
#[derive(Clone, Default)]
pub(super) struct Head {
    /// The first row.
    pub(super) headings: Vec<String>,
    /// The first rows after it.
    pub(super) rows: Vec<Vec<String>>,
}

impl std::fmt::Debug for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Head({} columns)", self.headings.len())
    }
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
/// Rows by which a person sees how a file begins.
const HEAD_ROWS: u64 = 5;
/// With fewer columns a line of prose may have as many commas as a row.
const TELLING_COLUMNS: usize = 12;

impl Source {
    /// Looks through the whole file, writing nothing: encoding, headings, rows, open quotation marks.
    pub fn open(path: &Path, encoding: Option<SourceEncoding>) -> Result<Self, SourceError> {
        let place = Place::File(path.to_owned());
        Self::look_through(place, encoding, columns)
    }

    /// The same of a file in memory, whatever its headings: [`Source::mapped`] says what they mean.
    pub(super) fn of_bytes(
        bytes: Arc<Zeroizing<Vec<u8>>>,
        encoding: Option<SourceEncoding>,
    ) -> Result<Self, SourceError> {
        Self::look_through(Place::Memory(bytes), encoding, |_, record| {
            Ok(Columns::placed([None; HEADINGS.len()], record.len()))
        })
    }

    /// The same file, as somebody said which column is which.
    pub(super) fn mapped(mut self, mapping: &Mapping) -> Self {
        self.columns = mapping.columns(self.head.headings.len());
        self
    }

    /// How it begins.
    pub(super) const fn head(&self) -> &Head {
        &self.head
    }

    fn look_through(
        place: Place,
        encoding: Option<SourceEncoding>,
        understand: impl FnOnce(&Path, &StringRecord) -> Result<Columns, SourceError>,
    ) -> Result<Self, SourceError> {
        check_kind(&place)?;
        let encoding = match encoding {
            Some(encoding) => match first_wrong_line(&place, encoding)? {
                None => encoding,
                Some(line) => return Err(wrong_encoding(&place.name(), encoding, line)),
            },
            None => detect(&place)?,
        };
        let mut records = Records::open(&place, encoding)?;
        let mut record = StringRecord::new();
        if !records.read(&mut record, 0)? {
            return Err(SourceError::Empty(place.name()));
        }
        let columns = understand(&place.name(), &record)?;
        let cells = |record: &StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let mut head = Head {
            headings: cells(&record),
            rows: Vec::new(),
        };
        let mut rows = 0;
        while records.read(&mut record, rows + 1)? {
            rows += 1;
            if columns.width() >= TELLING_COLUMNS && holds_rows(&record, columns.width()) {
                return Err(SourceError::OpenQuote {
                    path: place.name(),
                    row: rows,
                });
            }
            if rows <= HEAD_ROWS {
                head.rows.push(cells(&record));
            }
        }
        Ok(Self {
            is_marked: is_corrected(&head.headings),
            place,
            encoding,
            rows,
            columns,
            head,
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
        let mut records = Records::open(&self.place, self.encoding)?;
        records.read(&mut StringRecord::new(), 0)?;
        Ok(SourceRows {
            records,
            number: 0,
            is_marked: self.is_marked,
        })
    }
}

/// The rows of a source.
pub struct SourceRows {
    records: Records,
    number: u64,
    is_marked: bool,
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
        if self.is_marked {
            cells = cells.iter().map(unmarked).collect();
        }
        Ok(Some(SourceRow { number, cells }))
    }
}

/// What is decoded on the way, whatever it lies in.
type Decoded = encoding_rs_io::DecodeReaderBytes<BufReader<Box<dyn Read + Send>>, Vec<u8>>;

struct Records {
    path: PathBuf,
    reader: csv::Reader<Counted<Decoded>>,
    since_row: Arc<AtomicU64>,
}

impl Records {
    fn open(place: &Place, encoding: SourceEncoding) -> Result<Self, SourceError> {
        let file = place.open()?;
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
            path: place.name(),
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

fn check_kind(place: &Place) -> Result<(), SourceError> {
    let unreadable = |source| SourceError::Unreadable {
        path: place.name(),
        source,
    };
    if let Place::File(path) = place {
        let metadata = open_file(path)?.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(SourceError::NotAFile(path.clone()));
        }
    }
    let mut start = Vec::new();
    place
        .open()?
        .take(8)
        .read_to_end(&mut start)
        .map_err(unreadable)?;
    let not_csv = |what| {
        Err(SourceError::NotCsv {
            path: place.name(),
            what,
        })
    };
    match start.as_slice() {
        [] => Err(SourceError::Empty(place.name())),
        [b'P', b'K', 3, 4, ..] => not_csv("an Excel or ZIP file"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => not_csv("an old Excel file"),
        [b'%', b'P', b'D', b'F', ..] => not_csv("a PDF"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => not_csv("UTF-16 text"),
        _ => Ok(()),
    }
}

fn detect(place: &Place) -> Result<SourceEncoding, SourceError> {
    // Text in CP932 is practically never valid UTF-8, so UTF-8 is asked first.
    let Some(line) = first_wrong_line(place, SourceEncoding::Utf8)? else {
        return Ok(SourceEncoding::Utf8);
    };
    // Headings in UTF-8 leave no doubt: a line that is not is damaged, and CP932 would make nonsense of all others.
    if line > 1 && begins_in_utf8(place)? {
        return Err(SourceError::WrongEncoding {
            path: place.name(),
            encoding: "UTF-8",
            line,
            hint: "correct that line or export the register again",
        });
    }
    match first_wrong_line(place, SourceEncoding::Cp932)? {
        None => Ok(SourceEncoding::Cp932),
        Some(line) => Err(SourceError::WrongEncoding {
            path: place.name(),
            encoding: "UTF-8 or CP932",
            line,
            hint: "export the register again in one of the two",
        }),
    }
}

/// Whether the first line has letters, or a byte order mark, that only UTF-8 writes like this.
fn begins_in_utf8(place: &Place) -> Result<bool, SourceError> {
    let mut line = Vec::new();
    BufReader::new(place.open()?)
        .take(ROW_BYTES)
        .read_until(b'\n', &mut line)
        .map_err(|source| SourceError::Unreadable {
            path: place.name(),
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
fn first_wrong_line(place: &Place, encoding: SourceEncoding) -> Result<Option<u64>, SourceError> {
    let mut file = place.open()?;
    let mut decoder = encoding.encoding().new_decoder_without_bom_handling();
    let mut input = vec![0; CHUNK];
    let mut output = vec![0; CHUNK * 4];
    let mut line = 1_u64;
    loop {
        let length = file.read(&mut input).map_err(|source| SourceError::Unreadable {
            path: place.name(),
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
