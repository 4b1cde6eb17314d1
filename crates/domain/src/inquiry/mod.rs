//! Inquiries: what people write to the secretariat, and what becomes of it.
//!
//! **What it is for.** One thread with one correspondent is one case: messages come in, somebody takes it, it is answered, put off,
//! closed, goes on, is merged with another or split. [`place`] says where a message belongs, [`due_at`] until when it is answered.
//!
//! **What it must never do.** Keep a word of anybody in the clear: who wrote, the subject, the text and every note are sealed under a key
//! of the case ([`PART_MESSAGE`], [`PART_TEXT`]). In the clear stand codes, ids, instants and hashes under the register's own key.

mod course;
pub mod decide;
mod event;
mod hazard;
mod message;
mod named;
mod refusal;
mod sla;
mod state;
mod thread;
mod topic;

pub use course::{Course, Step};
pub use event::{
    InquiryEvent, InquiryTag, PART_DRAFT, PART_MESSAGE, PART_TEXT, Received, Resolution, SCHEMA_VERSION,
    TAG_INQUIRY,
};
pub use hazard::{Hazard, hazard};
pub use message::{Message, MessageKind};
pub use named::{Named, named};
pub use refusal::InquiryRefusal;
pub use sla::due_at;
pub use state::{DraftReply, Inquiry, InquiryStatus, Reply};
pub use thread::{Candidate, Place, REOPENS_WITHIN, bare_subject, place};
