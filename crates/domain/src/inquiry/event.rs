//! What can happen to an inquiry. Words are sealed under the key of the case; what stands in the clear says what was done, when, by whom
//! and about which messages and records.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::message::Message;
use crate::ids::{DeclarationId, IncomingMailId, InquiryId, SubjectId};
use crate::privacy_request::Channel;
use crate::staff::StaffId;
use crate::wire::{UnreadableEvent, clear_data, read_clear_data, wire_enum};

/// Kind of the tag that every event of an inquiry carries.
pub const TAG_INQUIRY: &str = "inquiry";
/// The name of the sealed part with a message: who wrote it, its subject and its text.
pub const PART_MESSAGE: &str = "message";
/// The name of the sealed part with what a member of staff wrote: a note.
pub const PART_TEXT: &str = "text";
/// The name of the sealed part with an answer that is being written.
pub const PART_DRAFT: &str = "draft";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

wire_enum! {
    /// What an inquiry is about, as the secretariat counts them.
    InquiryTag {
        /// 自己宣言IDを忘れた・届かない.
        ForgottenNumber = "forgotten_number",
        /// 旧IDは使えるか・取り直し.
        OldNumber = "old_number",
        /// GビズIDでログインできない.
        GbizId = "gbiz_id",
        /// 登録情報の変更.
        Change = "change",
        /// 一つ星・二つ星、ステップアップ.
        Star = "star",
        /// 発行までの日数.
        IssueTime = "issue_time",
        /// 対象者か.
        Eligibility = "eligibility",
        /// ロゴの使い方.
        Logo = "logo",
        /// 基本方針の書き方・公開方法.
        Policy = "policy",
        /// 停止・取下げ・廃業・合併.
        Stop = "stop",
        /// 重複登録.
        Duplicate = "duplicate",
        /// 代理申請・なりすましの通報.
        Misuse = "misuse",
        /// メンテナンス・障害・締切直前.
        Maintenance = "maintenance",
        /// 個人情報の開示・訂正・削除.
        PersonalData = "personal_data",
        /// 宣言していることの証明.
        Proof = "proof",
        /// 制度一般・取材・統計.
        General = "general",
    }
}

wire_enum! {
    /// How an inquiry ended.
    Resolution {
        /// It was answered.
        Answered = "answered",
        /// Nobody expects an answer.
        NoAnswerNeeded = "no_answer_needed",
        /// It is for somebody else, who was named or told.
        Referred = "referred",
        /// It is dealt with elsewhere.
        Duplicate = "duplicate",
        /// They do not want it any more.
        Withdrawn = "withdrawn",
    }
}

/// A first message came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Which inquiry it begins.
    pub inquiry_id: InquiryId,
    /// The way it came in.
    pub channel: Channel,
    /// The message.
    pub message: Message,
    /// Until when it is to be answered, in microseconds; none: nobody waits for an answer.
    pub due_at: Option<i64>,
    /// The message of ours that it answers, which belonged to no inquiry.
    pub answers_mail: Option<Uuid>,
    /// Where its header says that it belongs, though somebody else wrote it: for a person to decide.
    pub suggested: Option<InquiryId>,
    /// What it goes on from: an inquiry that is closed for long, or that it was split from.
    pub refers_to: Option<InquiryId>,
    /// What it is about, as far as that is known from the message of ours that it answers.
    pub declarations: Vec<DeclarationId>,
    /// The message of the ledger by which its receipt was acknowledged.
    pub acknowledgement: Option<Uuid>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum InquiryEvent {
    /// A first message came in.
    #[serde(rename = "inquiry.received")]
    Received(Received),
    /// Another message of the same thread came in.
    #[serde(rename = "inquiry.message_added")]
    MessageAdded {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// The message.
        message: Message,
        /// Whether its subject is another than those before it.
        is_subject_changed: bool,
        /// Until when it is to be answered, when nothing before it waits; in microseconds.
        due_at: Option<i64>,
    },
    /// Somebody takes care of it from here on.
    #[serde(rename = "inquiry.assigned")]
    Assigned {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// Who; none: nobody any more.
        assignee: Option<StaffId>,
    },
    /// Somebody wrote down something for colleagues.
    #[serde(rename = "inquiry.noted")]
    Noted {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// Who is to look at it.
        mentioned: Vec<StaffId>,
    },
    /// Whoever was asked by a note to look at it has.
    #[serde(rename = "inquiry.mention_seen")]
    MentionSeen {
        /// Which inquiry.
        inquiry_id: InquiryId,
    },
    /// An answer was queued.
    #[serde(rename = "inquiry.replied")]
    Replied {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// The message of the ledger, which has the words.
        mail_id: Uuid,
        /// The message that it answers.
        answers: Option<IncomingMailId>,
        /// Keyed hash of the address that it goes to, hexadecimal.
        correspondent_hash: String,
    },
    /// An answer was called off before it went.
    #[serde(rename = "inquiry.reply_withdrawn")]
    ReplyWithdrawn {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// The message of the ledger.
        mail_id: Uuid,
    },
    /// It is put off.
    #[serde(rename = "inquiry.snoozed")]
    Snoozed {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// Until when, in microseconds.
        until: i64,
    },
    /// It is not put off any more.
    #[serde(rename = "inquiry.woken")]
    Woken {
        /// Which inquiry.
        inquiry_id: InquiryId,
    },
    /// It is over.
    #[serde(rename = "inquiry.closed")]
    Closed {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// How it ended.
        resolution: Resolution,
    },
    /// It goes on.
    #[serde(rename = "inquiry.reopened")]
    Reopened {
        /// Which inquiry.
        inquiry_id: InquiryId,
    },
    /// It goes on as a part of another.
    #[serde(rename = "inquiry.merged")]
    Merged {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// The other.
        into: InquiryId,
    },
    /// Another goes on as a part of it.
    #[serde(rename = "inquiry.absorbed")]
    Absorbed {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// The other.
        from: InquiryId,
        /// The messages of the other.
        messages: Vec<Message>,
        /// Until when the other was to be answered, in microseconds.
        due_at: Option<i64>,
    },
    /// Some of its messages begin an inquiry of their own.
    #[serde(rename = "inquiry.split")]
    Split {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// The messages.
        messages: Vec<IncomingMailId>,
        /// The new one.
        into: InquiryId,
    },
    /// It is about a declaration.
    #[serde(rename = "inquiry.linked")]
    Linked {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// Which declaration.
        declaration_id: DeclarationId,
    },
    /// It is not about that declaration.
    #[serde(rename = "inquiry.unlinked")]
    Unlinked {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// Which declaration.
        declaration_id: DeclarationId,
    },
    /// A change of the register rests on it, which it is about from here on.
    #[serde(rename = "inquiry.record_changed")]
    RecordChanged {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// Which declaration.
        declaration_id: DeclarationId,
        /// The wire type of the first event of the change.
        change: String,
    },
    /// What it is about was said.
    #[serde(rename = "inquiry.tagged")]
    Tagged {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// What it is about from here on, too.
        added: Vec<InquiryTag>,
        /// What it is not about.
        removed: Vec<InquiryTag>,
    },
    /// It is spam.
    #[serde(rename = "inquiry.spam_marked")]
    SpamMarked {
        /// Which inquiry.
        inquiry_id: InquiryId,
    },
    /// It is no spam.
    #[serde(rename = "inquiry.spam_cleared")]
    SpamCleared {
        /// Which inquiry.
        inquiry_id: InquiryId,
    },
    /// A message was read again with another charset.
    #[serde(rename = "inquiry.charset_chosen")]
    CharsetChosen {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// Which message.
        message: IncomingMailId,
        /// With which charset.
        charset: String,
    },
    /// The words of an answer that is being written were kept, for colleagues to see.
    #[serde(rename = "inquiry.draft_saved")]
    DraftSaved {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// Whether a colleague is asked to look at it.
        asks_review: bool,
    },
    /// What was being written is dropped.
    #[serde(rename = "inquiry.draft_discarded")]
    DraftDiscarded {
        /// Which inquiry.
        inquiry_id: InquiryId,
    },
    /// A colleague has agreed with what was being written, as it was then.
    #[serde(rename = "inquiry.draft_agreed")]
    DraftAgreed {
        /// Which inquiry.
        inquiry_id: InquiryId,
    },
    /// It was kept for its time: its key and those of its messages are destroyed, and with them every word.
    #[serde(rename = "inquiry.forgotten")]
    Forgotten {
        /// Which inquiry.
        inquiry_id: InquiryId,
        /// Whose keys.
        subjects: Vec<SubjectId>,
    },
}

impl InquiryEvent {
    /// The wire types of all events.
    pub const TYPES: [&'static str; 25] = [
        "inquiry.received",
        "inquiry.message_added",
        "inquiry.assigned",
        "inquiry.noted",
        "inquiry.replied",
        "inquiry.snoozed",
        "inquiry.woken",
        "inquiry.closed",
        "inquiry.reopened",
        "inquiry.merged",
        "inquiry.absorbed",
        "inquiry.split",
        "inquiry.linked",
        "inquiry.unlinked",
        "inquiry.tagged",
        "inquiry.spam_marked",
        "inquiry.spam_cleared",
        "inquiry.charset_chosen",
        "inquiry.reply_withdrawn",
        Self::FORGOTTEN,
        "inquiry.draft_saved",
        "inquiry.draft_discarded",
        "inquiry.draft_agreed",
        "inquiry.record_changed",
        "inquiry.mention_seen",
    ];

    /// The wire type of the event that keys are destroyed for.
    pub const FORGOTTEN: &'static str = "inquiry.forgotten";

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        let index = match self {
            Self::Received(_) => 0,
            Self::MessageAdded { .. } => 1,
            Self::Assigned { .. } => 2,
            Self::Noted { .. } => 3,
            Self::Replied { .. } => 4,
            Self::Snoozed { .. } => 5,
            Self::Woken { .. } => 6,
            Self::Closed { .. } => 7,
            Self::Reopened { .. } => 8,
            Self::Merged { .. } => 9,
            Self::Absorbed { .. } => 10,
            Self::Split { .. } => 11,
            Self::Linked { .. } => 12,
            Self::Unlinked { .. } => 13,
            Self::Tagged { .. } => 14,
            Self::SpamMarked { .. } => 15,
            Self::SpamCleared { .. } => 16,
            Self::CharsetChosen { .. } => 17,
            Self::ReplyWithdrawn { .. } => 18,
            Self::Forgotten { .. } => 19,
            Self::DraftSaved { .. } => 20,
            Self::DraftDiscarded { .. } => 21,
            Self::DraftAgreed { .. } => 22,
            Self::RecordChanged { .. } => 23,
            Self::MentionSeen { .. } => 24,
        };
        Self::TYPES[index]
    }

    /// Which inquiry it is about.
    pub const fn inquiry_id(&self) -> InquiryId {
        match self {
            Self::Received(Received { inquiry_id, .. })
            | Self::MessageAdded { inquiry_id, .. }
            | Self::Assigned { inquiry_id, .. }
            | Self::Noted { inquiry_id, .. }
            | Self::MentionSeen { inquiry_id }
            | Self::Replied { inquiry_id, .. }
            | Self::ReplyWithdrawn { inquiry_id, .. }
            | Self::Snoozed { inquiry_id, .. }
            | Self::Woken { inquiry_id }
            | Self::Closed { inquiry_id, .. }
            | Self::Reopened { inquiry_id }
            | Self::Merged { inquiry_id, .. }
            | Self::Absorbed { inquiry_id, .. }
            | Self::Split { inquiry_id, .. }
            | Self::Linked { inquiry_id, .. }
            | Self::Unlinked { inquiry_id, .. }
            | Self::RecordChanged { inquiry_id, .. }
            | Self::Tagged { inquiry_id, .. }
            | Self::SpamMarked { inquiry_id }
            | Self::SpamCleared { inquiry_id }
            | Self::CharsetChosen { inquiry_id, .. }
            | Self::DraftSaved { inquiry_id, .. }
            | Self::DraftDiscarded { inquiry_id }
            | Self::DraftAgreed { inquiry_id }
            | Self::Forgotten { inquiry_id, .. } => *inquiry_id,
        }
    }

    /// Whether whoever writes an answer has to see it first: the conversation itself moved, not only who works on it.
    pub const fn moves_the_thread(&self) -> bool {
        match self {
            Self::Received(_)
            | Self::MessageAdded { .. }
            | Self::Noted { .. }
            | Self::Replied { .. }
            | Self::ReplyWithdrawn { .. }
            | Self::Closed { .. }
            | Self::Reopened { .. }
            | Self::Merged { .. }
            | Self::Absorbed { .. }
            | Self::Split { .. }
            | Self::SpamMarked { .. }
            | Self::SpamCleared { .. }
            | Self::CharsetChosen { .. }
            | Self::Forgotten { .. } => true,
            Self::Assigned { .. }
            | Self::MentionSeen { .. }
            | Self::Snoozed { .. }
            | Self::Woken { .. }
            | Self::Linked { .. }
            | Self::Unlinked { .. }
            | Self::RecordChanged { .. }
            | Self::DraftSaved { .. }
            | Self::DraftDiscarded { .. }
            | Self::DraftAgreed { .. }
            | Self::Tagged { .. } => false,
        }
    }

    /// Whether this is not done when the other happened since its author looked: what ends or answers a thread waits for every move of it,
    /// whoever takes it over for whoever else did, and what is only added to it for nothing.
    pub fn is_held_by(&self, other: &Self) -> bool {
        match self {
            Self::Assigned { .. } => matches!(other, Self::Assigned { .. }),
            // Nobody writes over what a colleague wrote meanwhile, nor agrees with words that they have not seen.
            Self::DraftSaved { .. } | Self::DraftDiscarded { .. } => other.is_of_draft(),
            Self::DraftAgreed { .. } => other.is_of_draft() || other.moves_the_thread(),
            Self::Received(_)
            | Self::MessageAdded { .. }
            | Self::Noted { .. }
            | Self::MentionSeen { .. }
            | Self::Linked { .. }
            | Self::Unlinked { .. }
            | Self::RecordChanged { .. }
            | Self::Tagged { .. }
            | Self::CharsetChosen { .. }
            | Self::ReplyWithdrawn { .. }
            | Self::Absorbed { .. }
            | Self::Forgotten { .. } => false,
            Self::Replied { .. }
            | Self::Snoozed { .. }
            | Self::Woken { .. }
            | Self::Closed { .. }
            | Self::Reopened { .. }
            | Self::Merged { .. }
            | Self::Split { .. }
            | Self::SpamMarked { .. }
            | Self::SpamCleared { .. } => other.moves_the_thread(),
        }
    }

    /// Whether it changes what is being written; an answer that goes out ends it.
    const fn is_of_draft(&self) -> bool {
        matches!(
            self,
            Self::DraftSaved { .. }
                | Self::DraftDiscarded { .. }
                | Self::DraftAgreed { .. }
                | Self::Replied { .. }
        )
    }

    /// What stands in the clear.
    pub fn data(&self) -> Value {
        clear_data(self)
    }

    /// Reads what stands in the clear.
    pub fn decode(event_type: &str, version: u16, data: &Value) -> Result<Self, UnreadableEvent> {
        read_clear_data(SCHEMA_VERSION, (event_type, version), data)
    }
}

#[cfg(test)]
mod tests;
