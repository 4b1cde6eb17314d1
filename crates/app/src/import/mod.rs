//! Taking over an old register: from the command line in one go, and in the console in steps: a file comes, somebody says which column is
//! which, it is tried out, looked at, begun, above a limit with a second person. Both judge and write rows by the same code. See ADR 43.

mod before;
mod clean;
mod content;
mod corrected;
mod discard;
mod examine;
mod map;
mod read;
mod report;
mod run;
mod send;
mod source;
mod start;
mod summary;
mod take;
mod touch;
mod upload;
mod verify;
mod work;

pub use content::{ImportLabel, SheetHead};
pub use corrected::{CorrectedSheet, CorrectedSheetError, SheetEncoding};
pub use discard::{DiscardImport, DiscardImportError};
pub use examine::{FILE_BYTES_MAX, file_too_large};
pub use map::{MapImport, MapImportError};
pub use read::{FoundRow, ImportDetail, ImportFile, ImportPage, ReadImportsError};
pub use report::ReportError;
pub use run::{ImportError, ImportOptions};
pub use source::{Source, SourceEncoding, SourceError};
pub use start::{StartImport, StartImportError, StartImportRefusal};
pub use storage::import::{Import, ImportStarted, RUN, Reading, TRY};
pub use storage::import_row::{ImportRowCount, Which as WhichRows};
pub use summary::Summary;
pub use touch::{TouchImport, TouchImportError};
pub use upload::{UploadImport, UploadImportError};
pub use work::{RunImport, TryImport};
