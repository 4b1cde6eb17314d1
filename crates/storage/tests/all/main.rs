//! Every query and every projection, on both engines.

mod calendar;
mod credentials;
mod declarations;
mod inline;
mod operations_plans;
mod plans;
mod projection;
mod read_records;
mod rebuild;

mod state;
mod support;
mod transfer;
