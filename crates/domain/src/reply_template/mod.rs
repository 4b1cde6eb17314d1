//! Templates of answers: what is written again and again, in Japanese and where wanted in English, with fields that are filled for each
//! inquiry. A field without a value is left in the text, and an answer with a field in it is not sent.

mod decide;
mod event;
mod field;
mod state;

pub use decide::{NAME_MAX, TEXT_MAX, TemplateDraft, retire, save};
pub use event::{SCHEMA_VERSION, Saved, TAG_REPLY_TEMPLATE, TemplateEvent};
pub use field::{Filled, MergeField, Values, field_left, fill};
pub use state::ReplyTemplate;
