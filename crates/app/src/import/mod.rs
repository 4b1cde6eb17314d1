//! Taking over an old register.

mod report;
mod run;
mod source;
mod summary;
mod take;

pub use report::ReportError;
pub use run::{ImportError, ImportOptions};
pub use source::{Source, SourceEncoding, SourceError};
pub use summary::Summary;
