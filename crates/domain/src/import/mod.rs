//! Taking over an old register in the console: what the log keeps of an import, and which columns of a file it reads. What a row means is
//! `legacy_register`.

mod event;
mod mapping;

pub use event::{
    Discarded, Finished, ImportCounts, ImportEvent, ImportFormat, Mapped, PART_REASON, SCHEMA_VERSION,
    STARTED, Started, TAG_IMPORT, Tried, Uploaded,
};
pub use mapping::{CORRECTED_REASON, CORRECTED_ROW, Mapping, MappingProblem, fold_headings, is_corrected};
