//! Use cases: each exists once, here, whoever calls it: the console's API, the command line, a job.
//!
//! A use case takes an [`OpContext`], asks for the permission it needs, loads what it decides on, lets `domain` decide,
//! and appends. It knows no HTTP, no GraphQL and no SQL.
//!
//! To add one: a file under its noun with the command, its error enum and an `impl App` block with one function.

pub mod api_token;
mod app;
pub mod approval;
pub mod article;
pub mod attachment;
pub mod audit;
pub mod bulk_change;
pub mod calendar;
mod case_log;
mod catch_up;
mod clock;
mod context;
pub mod declaration;
mod erasures;
pub mod export;
pub mod figure;
mod health;
mod home;
pub mod import;
pub mod incident;
pub mod incoming_mail;
pub mod inquiry;
pub mod job;
pub mod list_view;
mod live;
pub mod mail;
mod noun_event;
mod person_words;
pub mod privacy_request;
mod problem;
mod proof;
mod random;
mod reads;
mod reason;
pub mod rebuild;
pub mod reply_template;
pub mod review;

pub mod sample;
pub mod schedule;
pub mod security;
mod sheet_cell;
pub mod staff;
pub mod status_check;
mod stored_files;
pub mod transfer;
mod watch;
mod workbook;

pub use app::{App, Internal, TimeSource, cause};
pub use case_log::{CaseChange, CaseEntry, CaseRules};
pub use catch_up::CatchUpError;
pub use clock::{Clock, SystemClock, WrongClock, day_in_japan, midnight_in_japan, time_in_japan};
pub use context::{Allowed, Forbidden, Guarded, OpContext, PersonalPart};
pub use erasures::{EraseError, Erased};
pub use event_store::timed_out;
pub use health::Unready;
pub use home::{Home, HomeError};
pub use live::{Heard, Listener};
pub use problem::InputProblem;
pub use proof::ProofError;
pub use random::{NoRandomness, Random, SystemRandom, new_id};
pub use reads::ReadRecordError;
pub use reason::reason_of;
pub use stored_files::{DamagedFile, FileFault, FileReport, PassingKind};
pub use watch::{WatchError, Watched};
