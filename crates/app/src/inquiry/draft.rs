//! An answer that is being written, kept where colleagues see it: they go on with it, or agree with it before it goes.

use domain::Personal;
use domain::inquiry::{Inquiry, InquiryEvent, InquiryRefusal, PART_DRAFT, decide};
use domain::staff::Permission;
use domain::{IncomingMailId, Readable};
use event_store::Position;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change::ChangeInquiryError;
use super::thread::{Happening, NotWritten, Thread, Wanted};
use crate::case_log::CaseChange;
use crate::{App, InputProblem, OpContext};

/// Characters of each part: a draft is kept as it is typed, and judged when it goes.
const TO_MAX: usize = 1_000;
const SUBJECT_MAX: usize = 1_000;
const TEXT_MAX: usize = 60_000;

/// The words of an answer that is being written, as they are typed; each may be empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftWords {
    /// To which address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The message that it answers; none: the newest.
    pub answers: Option<IncomingMailId>,
}

impl std::fmt::Debug for DraftWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DraftWords(…)")
    }
}

/// What becomes of what is being written.
#[derive(Debug, Clone)]
pub enum DraftChange {
    /// Its words are kept.
    Save {
        /// They.
        words: Personal<DraftWords>,
        /// Whether a colleague is asked to look at it.
        asks_review: bool,
    },
    /// It is dropped.
    Discard,
    /// A colleague agrees with it.
    Agree,
}

impl App {
    /// The same office, where an answer goes only when a colleague has agreed with it, or as before.
    #[must_use]
    pub const fn with_four_eyes(mut self, four_eyes: bool) -> Self {
        self.four_eyes = four_eyes;
        self
    }

    /// Whether an answer goes only when a colleague has agreed with it.
    pub const fn has_four_eyes(&self) -> bool {
        self.four_eyes
    }

    /// Makes one change of what is being written; answers with the version of the inquiry from then on.
    pub async fn change_inquiry_draft(
        &self,
        op: &OpContext,
        change: CaseChange,
        what: &DraftChange,
    ) -> Result<Position, ChangeInquiryError> {
        op.require(Permission::ManageInquiries)?;
        // Whoever may not see what was written can neither write over it nor agree with it.
        op.require(Permission::ReadPersonal)?;
        if let DraftChange::Save { words, .. } = what {
            fits(words.reveal())?;
        }
        let written = self
            .change_thread(op, change, |thread| {
                let happening = judge(op, &thread.inquiry, what).map_err(NotWritten::Refused)?;
                Ok(Wanted::only(happening))
            })
            .await;
        Ok(written?)
    }
}

fn fits(words: &DraftWords) -> Result<(), InputProblem> {
    for (field, text, most) in [
        ("to", &words.to, TO_MAX),
        ("subject", &words.subject, SUBJECT_MAX),
        ("text", &words.text, TEXT_MAX),
    ] {
        if text.chars().count() > most {
            let text = format!("{most}文字以内で入力してください。");
            return Err(InputProblem::new(field, "too_long", text));
        }
    }
    Ok(())
}

fn judge(op: &OpContext, inquiry: &Inquiry, what: &DraftChange) -> Result<Happening, InquiryRefusal> {
    Ok(match what {
        DraftChange::Save { words, asks_review } => Happening {
            event: decide::save_draft(inquiry, *asks_review)?,
            sealed: vec![(PART_DRAFT, sealed(words.reveal()))],
        },
        DraftChange::Discard => decide::discard_draft(inquiry)?.into(),
        DraftChange::Agree => decide::agree_with_draft(inquiry, op.actor())?.into(),
    })
}

fn sealed(words: &DraftWords) -> Value {
    serde_json::to_value(words).expect("texts are JSON")
}

impl Thread {
    /// The words of what is being written; none: nothing is, or nobody can read it any more.
    pub(super) fn draft(&self) -> Option<DraftWords> {
        self.inquiry.draft.as_ref()?;
        let saved = self.history.iter().rev();
        let entry = saved
            .into_iter()
            .find(|entry| matches!(entry.event, InquiryEvent::DraftSaved { .. }))?;
        match entry.sealed(PART_DRAFT)? {
            Readable::Open(body) => DraftWords::deserialize(body.reveal()).ok(),
            Readable::Forgotten => None,
        }
    }
}
