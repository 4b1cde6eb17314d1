//! What the register is about: declarations and the organisations that make them, as pure decisions over events.
//!
//! **What it is for.** Reading what people type, deciding what may happen, folding events into state, and giving events
//! their stored shape. Time and ids are arguments.
//!
//! **What it must never do.** Touch a file, a network, a database or a clock; be async; make ids; print personal data.
//! It depends on nothing of ours.
//!
//! **To add an event:** a variant in `declaration::event`, its shape in `declaration::wire`, its effect in
//! `declaration::state`, a decision in `declaration::decide`, and a golden file (run the tests with `GOLDEN=write` once,
//! and never change that file again). A schedule has files of the same names in `schedule`.
//!
//! **To add a field:** a variant in `declaration::field` with its class, a line in `value::normal_form`, a rule in
//! `declaration::decide::validate`.

pub mod api_token;
pub mod approval;
pub mod article;
pub mod attachment;
pub mod bulk_change;
pub mod calendar;
pub mod declaration;
pub mod export;
pub mod figure;
pub mod fold;
pub mod guarded;
mod ids;
pub mod import;
pub mod incident;
pub mod inquiry;
pub mod job;
mod language;
pub mod legacy_register;
pub mod mailing;
pub mod organization;
mod personal;
pub mod privacy_request;
mod problem;
pub mod reason;
pub mod reply_template;
pub mod review;
pub mod schedule;
pub mod staff;
pub mod status_check;
pub mod text;
pub mod value;
mod wire;

pub use ids::{
    ApiTokenId, ApprovalId, ArticleId, AttachmentId, BulkChangeId, DeclarationId, ExportId, ImportId,
    IncidentId, IncomingMailId, InquiryId, JobId, OrganizationId, PrivacyRequestId, ReplyTemplateId,
    ReviewId, ScheduleId, SubjectId,
};
pub use language::Language;
pub use personal::{Personal, Readable};
pub use problem::{Problem, Refused};
pub use wire::UnreadableEvent;
