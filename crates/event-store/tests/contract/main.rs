//! The contract of the log: every test runs unchanged on SQLite and on PostgreSQL.

mod append;
mod commands;
mod common;
mod follow;
mod forget;
mod guards;
mod inline;
mod model;
mod plans;
mod processes;
mod race;
mod schema;
mod tamper;
mod tree;
mod verify;
