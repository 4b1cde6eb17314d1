//! What is projected from the log.

pub mod api_token;
pub mod approval;
pub mod bulk_change;
pub mod calendar;
pub(crate) mod checkpoint;
pub mod declaration;
pub mod export;
mod feed;
pub mod figure;
mod follower;
mod following;
mod histories;
pub mod import;
pub(crate) mod in_the_clear;
pub mod incident;
pub mod inquiry;
pub mod job_event;
pub(crate) mod job_maker;
pub mod mail_event;
pub mod privacy_request;
mod rebuild;
pub mod register_index;
pub mod review;
pub mod review_contact;
mod runner;
pub mod schedule;
pub mod staff;

pub use checkpoint::Checkpoint;
pub(crate) use rebuild::hold_rebuild;
pub use rebuild::{
    Comparison, Difference, Differing, RebuildError, RebuildOptions, RebuildReport, drop_old, rebuild,
    rebuild_with,
};
pub use runner::{Caught, Duty, Now, Progress, Projection};
