//! The list of inquiries: by queue, narrowed, searched, in pages by key.

use chrono::{DateTime, Utc};
use domain::{DeclarationId, InquiryId};
use event_store::{Database, Position, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::page::Page;
use super::queue;
use super::search::Search;
use crate::sql::{Columns, CorruptRow, StorageError, micros};

/// Above that a count is told as "more".
pub const COUNTED_MAX: u32 = 10_000;

/// Which inquiries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// All but spam and what is a part of another.
    All,
    /// Of one member of staff, where somebody waits for us.
    Of(Uuid),
    /// Where a note asks a member of staff to look at it.
    Mentioning(Uuid),
    /// Nobody's, where somebody waits for us.
    Unassigned,
    /// Anybody's, where somebody waits for us.
    Open,
    /// What was answered.
    Waiting,
    /// What is put off.
    Snoozed,
    /// What should have been answered by now.
    Breached,
    /// What is over.
    Closed,
    /// Spam.
    Spam,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct InquiryFilter {
    /// Which.
    pub queue: Queue,
    /// Now: what was put off until then is open again.
    pub now: DateTime<Utc>,
    /// A member of staff takes care of it.
    pub assignee: Option<Uuid>,
    /// It is about this: a code of `domain::inquiry::InquiryTag`.
    pub tag: Option<&'static str>,
    /// It is about this declaration.
    pub declaration: Option<DeclarationId>,
    /// These words stand in it.
    pub search: Option<Search>,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InquirySort {
    /// The newest message first.
    Newest,
    /// What is due first; then what is not due, the oldest first.
    Due,
    /// What came in last first: for a search, whose rows need not be sorted then.
    Received,
}

/// Where a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InquiryPlace {
    /// By which it is ordered.
    pub key: i64,
    /// Which row.
    pub seq: i64,
}

/// An inquiry as the list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InquiryRow {
    /// Which.
    pub id: InquiryId,
    /// Of its first event.
    pub seq: i64,
    /// Of its newest event.
    pub position: Position,
    /// A code of `domain::inquiry::InquiryStatus`.
    pub status: String,
    /// The way it came in.
    pub channel: String,
    /// What its first message is.
    pub kind: String,
    /// Who takes care of it.
    pub assignee: Option<Uuid>,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// When something came in or went out last.
    pub last_message_at: DateTime<Utc>,
    /// Until when it is to be answered.
    pub due_at: Option<DateTime<Utc>>,
    /// Until when it is put off.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// How it ended.
    pub resolution: Option<String>,
    /// How many messages came in.
    pub messages: u32,
    /// How many answers went out.
    pub replies: u32,
    /// How many notes there are.
    pub notes: u32,
    /// How many files are attached.
    pub attachments: u32,
    /// Codes of what it is about.
    pub tags: Vec<String>,
    /// Where it may belong.
    pub suggested: Option<InquiryId>,
    /// Whether the newest message has another subject.
    pub is_subject_changed: bool,
    /// Whether its words are gone.
    pub is_forgotten: bool,
    /// What was written; none: nothing can be read.
    pub words: Option<RowWords>,
}

/// The words of a row.
#[derive(Clone, PartialEq, Eq)]
pub struct RowWords {
    /// The name beside the address; may be empty.
    pub sender_name: String,
    /// The address; may be empty.
    pub sender_address: String,
    /// One line; may be empty.
    pub subject: String,
    /// How the newest message begins.
    pub snippet: String,
}

impl std::fmt::Debug for RowWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RowWords(…)")
    }
}

/// The columns of a row, of `inquiry i`.
pub(super) const COLUMNS: &str = "i.id, i.seq, i.position, i.status, i.channel, i.kind, i.assignee, i.received_at, i.last_message_at, \
    i.due_at, i.snoozed_until, i.resolution, i.messages, i.replies, i.notes, i.attachments, i.tags, i.suggested, \
    i.is_subject_changed, i.is_forgotten, i.sender_name, i.sender_address, i.subject, i.snippet";

#[derive(FromRow)]
pub(super) struct Row {
    id: Uuid,
    seq: i64,
    position: i64,
    status: String,
    channel: String,
    kind: String,
    assignee: Option<Uuid>,
    received_at: i64,
    last_message_at: i64,
    due_at: Option<i64>,
    snoozed_until: Option<i64>,
    resolution: Option<String>,
    messages: i64,
    replies: i64,
    notes: i64,
    attachments: i64,
    tags: String,
    suggested: Option<Uuid>,
    is_subject_changed: i64,
    is_forgotten: i64,
    sender_name: Option<String>,
    sender_address: Option<String>,
    subject: Option<String>,
    snippet: Option<String>,
}

impl TryFrom<Row> for InquiryRow {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "inquiry",
            id: &row.id,
        };
        let number = |column, value: i64| u32::try_from(value).map_err(|_| columns.corrupt(column));
        Ok(Self {
            seq: row.seq,
            position: Position::new(row.position),
            received_at: columns.instant("received_at", row.received_at)?,
            last_message_at: columns.instant("last_message_at", row.last_message_at)?,
            due_at: columns.instant_or_none("due_at", row.due_at)?,
            snoozed_until: columns.instant_or_none("snoozed_until", row.snoozed_until)?,
            messages: number("messages", row.messages)?,
            replies: number("replies", row.replies)?,
            notes: number("notes", row.notes)?,
            attachments: number("attachments", row.attachments)?,
            tags: serde_json::from_str(&row.tags).map_err(|_| columns.corrupt("tags"))?,
            id: InquiryId::new(row.id),
            status: row.status,
            channel: row.channel,
            kind: row.kind,
            assignee: row.assignee,
            resolution: row.resolution,
            suggested: row.suggested.map(InquiryId::new),
            is_subject_changed: row.is_subject_changed != 0,
            is_forgotten: row.is_forgotten != 0,
            words: row.subject.map(|subject| RowWords {
                subject,
                sender_name: row.sender_name.unwrap_or_default(),
                sender_address: row.sender_address.unwrap_or_default(),
                snippet: row.snippet.unwrap_or_default(),
            }),
        })
    }
}

/// Some inquiries, after a place.
pub async fn list(
    database: &Database,
    filter: &InquiryFilter,
    sort: InquirySort,
    after: Option<InquiryPlace>,
    limit: u32,
) -> Result<Vec<InquiryRow>, StorageError> {
    let page = Page {
        filter,
        sort,
        after,
        limit,
    };
    let mut connection = database.acquire_read().await?;
    let rows: Vec<Row> = page.fetch(&mut connection).await?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// How the list is found, for a test that looks at it.
pub async fn explain_list(
    database: &Database,
    filter: &InquiryFilter,
    sort: InquirySort,
) -> Result<String, StorageError> {
    let page = Page {
        filter,
        sort,
        after: None,
        limit: 50,
    };
    page.explain(&mut database.acquire_read().await?).await
}

/// How a queue is counted, for a test that looks at it.
pub async fn explain_count(database: &Database, filter: &InquiryFilter) -> Result<String, StorageError> {
    queue::explain_count(&mut database.acquire_read().await?, filter).await
}

const OVER: Sql = Sql::same(
    "SELECT id FROM inquiry WHERE is_forgotten = 0 AND ((status = 'closed' AND closed_at < $1) \
     OR (status IN ('spam', 'merged') AND last_message_at < $1)) ORDER BY seq LIMIT $2",
);

/// Inquiries that ended before a moment and are not forgotten, the oldest first.
pub async fn over_before(
    database: &Database,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<InquiryId>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OVER.on(&connection);
    let ids: Vec<Uuid> = each_engine!(connection, c => {
        sqlx::query_scalar(text).bind(micros(before)).bind(i64::from(limit)).fetch_all(c).await
    })?;
    Ok(ids.into_iter().map(InquiryId::new).collect())
}

/// How many there are, up to [`COUNTED_MAX`] and one more.
pub async fn count(database: &Database, filter: &InquiryFilter) -> Result<u32, StorageError> {
    queue::count(&mut database.acquire_read().await?, filter, COUNTED_MAX).await
}

impl InquiryRow {
    /// Where it stands in an order.
    pub fn place(&self, sort: InquirySort) -> InquiryPlace {
        let key = match sort {
            InquirySort::Newest => micros(self.last_message_at),
            InquirySort::Due => self.due_at.map_or(i64::MAX, micros),
            InquirySort::Received => self.seq,
        };
        InquiryPlace { key, seq: self.seq }
    }
}
