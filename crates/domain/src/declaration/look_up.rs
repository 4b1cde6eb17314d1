//! That a forgotten number was told.

use std::collections::{BTreeMap, BTreeSet};

use super::field::{Field, Subject};
use crate::{
    ids::SubjectId,
    personal::{Personal, Readable},
    wire::wire_enum,
};

wire_enum! {
    /// How it was made sure that somebody who asks is the declarer.
    IdentityCheck {
        /// They told what is registered.
        Answers = "answers",
        /// They were called back under the registered telephone number.
        CallBack = "call_back",
        /// They showed a document.
        Document = "document",
    }
}

wire_enum! {
    /// Where a number was sent.
    SentTo {
        /// To the address that is registered.
        Registered = "registered",
        /// To another one: a second person agreed.
        Elsewhere = "elsewhere",
    }
}

/// A number that was told to whoever asked for it. What they said is sealed like the free text of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberLookedUp {
    /// Whose key seals it.
    pub subject: Subject,
    /// What they were asked.
    pub asked: BTreeSet<Field>,
    /// What they said, as typed.
    pub answers: Readable<Personal<BTreeMap<Field, String>>>,
    /// Which of it fits what was registered then.
    pub fitting: BTreeSet<Field>,
    /// How it was made sure who they are.
    pub checks: BTreeSet<IdentityCheck>,
    /// Where the number went.
    pub sent_to: SentTo,
}

impl NumberLookedUp {
    /// What can be read of what was said.
    pub fn words(&self) -> Vec<&str> {
        let said = self.answers.open();
        let said = said.into_iter().flat_map(|said| said.reveal().values());
        said.map(String::as_str).collect()
    }

    /// Hides what it says when its subject is one of these.
    pub(super) fn redact(&mut self, forgotten: &BTreeSet<SubjectId>) {
        if forgotten.contains(&self.subject.id) {
            self.answers = Readable::Forgotten;
        }
    }
}
