//! The operational tables on the move, row by row as JSON, and what must be projected before a moved log is used.
//!
//! As JSON the rows stand in backups: **a field is added with a default, and none is ever renamed or given another meaning**.

mod attachment;
mod bulk_change;
mod hexadecimal;
mod import;
mod incoming_mail;
mod inline;
mod list_view;
mod mail;
mod review;
mod sign_in;
mod tables;

pub use inline::{is_projected, project};
pub use tables::{PutError, STAYS, Table};
