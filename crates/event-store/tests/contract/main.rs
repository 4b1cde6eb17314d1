//! The contract of the log: every test runs unchanged on SQLite and on PostgreSQL.

mod append;
mod batches;
mod commands;
mod common;
mod cut;
mod differential;
mod engine;
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
mod transfer;
mod tree;
mod verify;
