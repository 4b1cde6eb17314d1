//! Articles of the frequently asked questions: what the secretariat answers to everybody, in Japanese and English.
//!
//! **What it is for.** An article is written, published, looked at again by a day, and retired. What everybody reads is what was
//! published, until it is published again: whoever may write cannot change the public page alone. [`Likeness`] says which article may
//! answer what somebody wrote.
//!
//! **What it must never do.** Hold anything about a person: its words stand in the clear, in the log and in public.
//!
//! **To add an event:** a variant in `event` with a line in its test of shapes, its effect in `state`, a decision in `decide`.

mod cues;
mod decide;
mod event;
mod likeness;
mod state;

pub use decide::{BODY_MAX, Draft, TITLE_MAX, publish, retire, review, save};
pub use event::{ArticleEvent, SCHEMA_VERSION, Saved, TAG_ARTICLE, Words};
pub use likeness::{Likeness, MOST_LIKE, Sought};
pub use state::{Article, ArticleState, Shown, Text};
