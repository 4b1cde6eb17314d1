//! Taking over an old register.

mod before;
mod report;
mod run;
mod send;
mod source;
mod summary;
mod take;

pub use report::ReportError;
pub(crate) use report::defused;
pub use run::{ImportError, ImportOptions};
pub use source::{Source, SourceEncoding, SourceError};
pub use summary::Summary;
