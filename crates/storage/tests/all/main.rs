//! Every query and every projection, on both engines.

mod bulk_changes;
mod calendar;
mod credentials;
mod days;
mod declarations;
mod exports;
mod figures;
mod filters;
mod identity;
mod inline;
mod inquiries;
mod inquiry_numbers;
mod list_views;
mod operations_plans;
mod passkey;
mod plans;
mod projection;
mod read_records;
mod rebuild;
mod reviews;
mod security;
mod state;
mod status_check;
mod support;
mod transfer;
mod viewers;
