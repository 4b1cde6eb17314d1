//! Files that leave with a view of the register: which columns there are, and what the log keeps of them.

mod column;
mod event;

pub use column::{COLUMNS_MAX, Column, ColumnClass, ColumnsProblem, check_columns};
pub use event::{
    Began, ExportEvent, ExportPart, Format, Kept, Made, PART_CONTENT, Requested, SCHEMA_VERSION, TAG_EXPORT,
    WhyExpired,
};
