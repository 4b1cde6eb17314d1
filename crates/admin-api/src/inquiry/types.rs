//! An inquiry as the desk shows it.

use app::Guarded;
use app::inquiry::{InquiryDetail, ListedInquiry, ReadInquiryError};
use async_graphql::{ComplexObject, Context, Error, ID, Result, SimpleObject, Union};
use domain::DeclarationId;
use domain::inquiry as model;
use domain::staff::StaffId;
use storage::inquiry::RowWords;
use uuid::Uuid;

use super::draft::InquiryDraft;
use super::entry::InquiryEntry;
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::values::{Forgotten, Withheld, forgotten, withheld};
use crate::fault;
use crate::loaders::Loaders;
use crate::privacy_request::types::RequestChannel;
use crate::scalars::{DateTime, Position};

mirrored! {
    /// Where an inquiry stands.
    InquiryStatus = domain::inquiry::InquiryStatus {
        /// Somebody waits for us.
        Open,
        /// It was answered; we wait for them.
        Waiting,
        /// It is put off.
        Snoozed,
        /// It is over.
        Closed,
        /// It is spam.
        Spam,
        /// It goes on as a part of another.
        Merged,
    }
}

mirrored! {
    /// What a message is.
    InquiryMessageKind = domain::inquiry::MessageKind {
        /// Somebody wrote it.
        Human,
        /// A program answers, or says something by itself.
        AutoReply,
        /// It went to a list.
        List,
        /// A person has to look at what it is.
        Unreadable,
    }
}

mirrored! {
    /// How an inquiry ended.
    InquiryResolution = domain::inquiry::Resolution {
        /// It was answered.
        Answered,
        /// Nobody expects an answer.
        NoAnswerNeeded,
        /// It is for somebody else, who was named or told.
        Referred,
        /// It is dealt with elsewhere.
        Duplicate,
        /// They do not want it any more.
        Withdrawn,
    }
}

mirrored! {
    /// What an inquiry is about.
    InquiryTag = domain::inquiry::InquiryTag {
        /// 自己宣言IDを忘れた・届かない.
        ForgottenNumber,
        /// 旧IDは使えるか・取り直し.
        OldNumber,
        /// GビズIDでログインできない.
        GbizId,
        /// 登録情報の変更.
        Change,
        /// 一つ星・二つ星、ステップアップ.
        Star,
        /// 発行までの日数.
        IssueTime,
        /// 対象者か.
        Eligibility,
        /// ロゴの使い方.
        Logo,
        /// 基本方針の書き方・公開方法.
        Policy,
        /// 停止・取下げ・廃業・合併.
        Stop,
        /// 重複登録.
        Duplicate,
        /// 代理申請・なりすましの通報.
        Misuse,
        /// メンテナンス・障害・締切直前.
        Maintenance,
        /// 個人情報の開示・訂正・削除.
        PersonalData,
        /// 宣言していることの証明.
        Proof,
        /// 制度一般・取材・統計.
        General,
    }
}

/// Who wrote, and what about.
#[derive(Union)]
pub enum InquiryHeadingResult {
    /// Readable.
    Open(InquiryHeading),
    /// Not for this reader.
    Withheld(Withheld),
    /// Not for anybody any more.
    Forgotten(Forgotten),
}

/// Who wrote, and what about.
#[derive(SimpleObject)]
pub struct InquiryHeading {
    /// The name beside the address; may be empty.
    pub sender_name: String,
    /// The address; may be empty.
    pub sender_address: String,
    /// One line; may be empty.
    pub subject: String,
    /// How the newest message begins; may be empty.
    pub snippet: String,
}

impl From<Guarded<RowWords>> for InquiryHeadingResult {
    fn from(words: Guarded<RowWords>) -> Self {
        match words {
            Guarded::Open(words) => Self::Open(InquiryHeading {
                sender_name: words.sender_name,
                sender_address: words.sender_address,
                subject: words.subject,
                snippet: words.snippet,
            }),
            Guarded::Withheld(permission) => Self::Withheld(withheld(permission)),
            Guarded::Forgotten(subject) => Self::Forgotten(forgotten(subject)),
        }
    }
}

/// An inquiry in a list.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct InquirySummary {
    /// Which.
    pub id: ID,
    /// What the next change must name.
    pub version: Position,
    /// Where it stands. What was put off until now is open.
    pub status: InquiryStatus,
    /// The way it came in.
    pub channel: RequestChannel,
    /// What its first message is.
    pub kind: InquiryMessageKind,
    /// When it came in.
    pub received_at: DateTime,
    /// When something came in or went out last.
    pub last_message_at: DateTime,
    /// Until when it is to be answered; null: nobody waits.
    pub due_at: Option<DateTime>,
    /// Whether that is over.
    pub is_breached: bool,
    /// Until when it is put off.
    pub snoozed_until: Option<DateTime>,
    /// How it ended.
    pub resolution: Option<InquiryResolution>,
    /// How many messages came in.
    pub messages: u32,
    /// How many answers went out.
    pub replies: u32,
    /// How many notes there are.
    pub notes: u32,
    /// How many files are attached.
    pub attachments: u32,
    /// What it is about.
    pub tags: Vec<InquiryTag>,
    /// Where its header says that it belongs, though somebody else wrote it.
    pub suggested_id: Option<ID>,
    /// Whether its newest message has another subject than those before it.
    pub is_subject_changed: bool,
    /// Who wrote, and what about; null: nothing could be read of it.
    pub heading: Option<InquiryHeadingResult>,
    /// Who takes care of it; null: nobody.
    pub assignee_id: Option<ID>,
    #[graphql(skip)]
    assignee: Option<StaffId>,
}

#[ComplexObject]
impl InquirySummary {
    /// The name of whoever takes care of it.
    async fn assignee(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match self.assignee {
            Some(id) => ctx.data::<Loaders>()?.staff_name(id).await,
            None => Ok(None),
        }
    }
}

impl InquirySummary {
    /// A row of the list; none when a newer version wrote a code that this one does not know.
    pub fn new(listed: ListedInquiry, now: chrono::DateTime<chrono::Utc>) -> Option<Self> {
        let row = listed.row;
        let status = model::InquiryStatus::from_code(&row.status)?;
        let is_over = row.snoozed_until.is_some_and(|until| until <= now);
        let resolution = row.resolution.as_deref().and_then(model::Resolution::from_code);
        let tags = row
            .tags
            .iter()
            .filter_map(|code| model::InquiryTag::from_code(code));
        let assignee = row.assignee.map(StaffId);
        Some(Self {
            id: ID(row.id.to_string()),
            version: Position(row.position),
            status: shown(status, is_over),
            channel: domain::privacy_request::Channel::from_code(&row.channel)?.into(),
            kind: model::MessageKind::from_code(&row.kind)?.into(),
            received_at: DateTime(row.received_at),
            last_message_at: DateTime(row.last_message_at),
            due_at: row.due_at.map(DateTime),
            is_breached: row.due_at.is_some_and(|at| at <= now),
            snoozed_until: row.snoozed_until.filter(|_| !is_over).map(DateTime),
            resolution: resolution.map(Into::into),
            messages: row.messages,
            replies: row.replies,
            notes: row.notes,
            attachments: row.attachments,
            tags: tags.map(Into::into).collect(),
            suggested_id: row.suggested.map(|id| ID(id.to_string())),
            is_subject_changed: row.is_subject_changed,
            heading: listed.words.map(Into::into),
            assignee_id: assignee.map(|id| ID(id.to_string())),
            assignee,
        })
    }
}

/// What was put off until now is open.
fn shown(status: model::InquiryStatus, is_over: bool) -> InquiryStatus {
    match status {
        model::InquiryStatus::Snoozed if is_over => InquiryStatus::Open,
        other => other.into(),
    }
}

/// A declaration that an inquiry is about.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct InquiryDeclaration {
    /// Which.
    pub id: ID,
    #[graphql(skip)]
    declaration: DeclarationId,
}

#[ComplexObject]
impl InquiryDeclaration {
    /// 自己宣言ID; null: it has none any more.
    async fn number(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        ctx.data::<Loaders>()?.declaration_number(self.declaration).await
    }
}

/// An inquiry with everything that happened to it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Inquiry {
    /// Which.
    pub id: ID,
    /// What the next change must name.
    pub version: Position,
    /// Where it stands. What was put off until now is open.
    pub status: InquiryStatus,
    /// The way it came in.
    pub channel: RequestChannel,
    /// When it came in.
    pub received_at: DateTime,
    /// When something came in or went out last.
    pub last_message_at: DateTime,
    /// Until when it is to be answered; null: nobody waits.
    pub due_at: Option<DateTime>,
    /// Whether that is over.
    pub is_breached: bool,
    /// Until when it is put off.
    pub snoozed_until: Option<DateTime>,
    /// How it ended.
    pub resolution: Option<InquiryResolution>,
    /// When it ended.
    pub closed_at: Option<DateTime>,
    /// What it is about.
    pub tags: Vec<InquiryTag>,
    /// The declarations that it is about.
    pub declarations: Vec<InquiryDeclaration>,
    /// Where its header says that it belongs, though somebody else wrote it.
    pub suggested_id: Option<ID>,
    /// What it goes on from: an inquiry that was closed for long, or that it was split from.
    pub refers_to_id: Option<ID>,
    /// What it is a part of.
    pub merged_into_id: Option<ID>,
    /// What is a part of it.
    pub absorbed_ids: Vec<ID>,
    /// Our message that it answers, which belonged to no inquiry: see `mail`.
    pub answers_mail_id: Option<ID>,
    /// Our message that acknowledged its receipt: see `mail`.
    pub acknowledgement_id: Option<ID>,
    /// Other inquiries of the same correspondents, the newest first.
    pub other_ids: Vec<ID>,
    /// Whether its newest message has another subject than those before it.
    pub is_subject_changed: bool,
    /// Whether a note asks whoever reads this to look at it.
    pub is_mentioned: bool,
    /// The answer that is being written; null: none is.
    pub draft: Option<InquiryDraft>,
    /// What happened, the oldest first, with what became a part of it.
    pub entries: Vec<InquiryEntry>,
    /// Who takes care of it; null: nobody.
    pub assignee_id: Option<ID>,
    #[graphql(skip)]
    assignee: Option<StaffId>,
}

#[ComplexObject]
impl Inquiry {
    /// The name of whoever takes care of it.
    async fn assignee(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match self.assignee {
            Some(id) => ctx.data::<Loaders>()?.staff_name(id).await,
            None => Ok(None),
        }
    }
}

impl Inquiry {
    /// An inquiry as its reader sees it.
    pub fn new(ctx: &Context<'_>, detail: InquiryDetail) -> Result<Self> {
        let op = request(ctx)?.operation()?;
        let (now, reader) = (op.now(), op.staff_id());
        let inquiry = detail.inquiry;
        let instant = |micros: i64| chrono::DateTime::from_timestamp_micros(micros);
        let due_at = inquiry.clock().and_then(instant);
        let snoozed_until = inquiry.snoozed_until.and_then(instant);
        let is_over = snoozed_until.is_some_and(|until| until <= now);
        let mail_id = |id: Uuid| ID(id.to_string());
        let inquiry_id = |id: domain::InquiryId| ID(id.to_string());
        let received = &inquiry.received;
        Ok(Self {
            id: inquiry_id(inquiry.id()),
            version: Position(detail.version),
            status: shown(inquiry.status, is_over),
            channel: inquiry.channel().into(),
            received_at: DateTime(received.message.taken_at()),
            last_message_at: DateTime(inquiry.last_message_at()),
            due_at: due_at.map(DateTime),
            is_breached: due_at.is_some_and(|at| at <= now),
            snoozed_until: snoozed_until.filter(|_| !is_over).map(DateTime),
            resolution: inquiry.resolution.map(Into::into),
            closed_at: inquiry.closed_at.map(DateTime),
            tags: inquiry.tags.iter().map(|tag| (*tag).into()).collect(),
            declarations: inquiry
                .declarations
                .iter()
                .map(|id| InquiryDeclaration {
                    id: ID(id.to_string()),
                    declaration: *id,
                })
                .collect(),
            suggested_id: received.suggested.map(inquiry_id),
            refers_to_id: received.refers_to.map(inquiry_id),
            merged_into_id: inquiry.merged_into.map(inquiry_id),
            absorbed_ids: inquiry.absorbed.iter().copied().map(inquiry_id).collect(),
            answers_mail_id: received.answers_mail.map(mail_id),
            acknowledgement_id: received.acknowledgement.map(mail_id),
            other_ids: detail.others.into_iter().map(inquiry_id).collect(),
            is_subject_changed: inquiry.is_subject_changed,
            is_mentioned: reader.is_some_and(|reader| inquiry.called.contains(&reader)),
            assignee_id: inquiry.assignee.map(|id| ID(id.to_string())),
            assignee: inquiry.assignee,
            draft: inquiry
                .draft
                .as_ref()
                .zip(detail.draft)
                .map(|(draft, words)| InquiryDraft::new(draft, words)),
            entries: detail
                .entries
                .into_iter()
                .map(|entry| InquiryEntry::new(entry, &inquiry.charsets))
                .collect(),
        })
    }
}

/// Why inquiries cannot be seen, as a fault.
pub fn refusal(ctx: &Context<'_>, error: ReadInquiryError) -> Error {
    match (error, request(ctx)) {
        (ReadInquiryError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadInquiryError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (ReadInquiryError::Internal(_), Err(error)) => error,
    }
}
