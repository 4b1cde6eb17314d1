//! The queues of the desk, and looking for an inquiry in them.

use std::time::Duration;

use domain::DeclarationId;
use domain::inquiry::InquiryTag;
use domain::staff::{Permission, StaffId};
use event_store::Position;
use storage::inquiry::{
    COUNTED_MAX, InquiryFilter, InquiryPlace, InquiryRow, InquirySort, Queue, RowWords, SEARCH_LENGTH_MAX,
    SEARCH_TERMS_MAX, Search, SearchError,
};
use storage::projection::Caught;

use crate::case_log::case_subject;
use crate::{App, Forbidden, Guarded, InputProblem, Internal, OpContext};

/// The most rows of a page.
const PAGE_MAX: u32 = 200;
/// How long a reader waits for what they have just written.
const PATIENCE: Duration = Duration::from_secs(2);

/// A queue of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InquiryQueue {
    /// All but spam.
    All,
    /// Mine, where somebody waits for us.
    Mine,
    /// Where a note asks me to look at it.
    Mentioned,
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

impl InquiryQueue {
    /// Every queue, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Mine,
        Self::Mentioned,
        Self::Unassigned,
        Self::Open,
        Self::Breached,
        Self::Waiting,
        Self::Snoozed,
        Self::Closed,
        Self::Spam,
        Self::All,
    ];

    /// For whoever asks; nobody who signed in: there is no "mine".
    fn of(self, op: &OpContext) -> Queue {
        let me = op.staff_id().map_or_else(uuid::Uuid::nil, |id| id.0);
        match self {
            Self::All => Queue::All,
            Self::Mine => Queue::Of(me),
            Self::Mentioned => Queue::Mentioning(me),
            Self::Unassigned => Queue::Unassigned,
            Self::Open => Queue::Open,
            Self::Waiting => Queue::Waiting,
            Self::Snoozed => Queue::Snoozed,
            Self::Breached => Queue::Breached,
            Self::Closed => Queue::Closed,
            Self::Spam => Queue::Spam,
        }
    }
}

/// Which inquiries; what is `None` narrows nothing.
#[derive(Debug, Clone)]
pub struct ListInquiries {
    /// In which queue.
    pub queue: InquiryQueue,
    /// Of this member of staff.
    pub assignee: Option<StaffId>,
    /// About this.
    pub tag: Option<InquiryTag>,
    /// About this declaration.
    pub declaration: Option<DeclarationId>,
    /// With these words in who wrote, the subject or the text.
    pub search: Option<String>,
    /// In which order; a search is always in the order in which they came in.
    pub sort: InquirySort,
    /// Where the last page ended.
    pub after: Option<InquiryPlace>,
    /// So many, 1 to 200.
    pub first: u32,
    /// What the reader has just written.
    pub at_least: Option<Position>,
}

/// An inquiry in a list.
#[derive(Debug, Clone)]
pub struct ListedInquiry {
    /// Where it stands.
    pub row: InquiryRow,
    /// Who wrote and what about; none: nothing could be read of it.
    pub words: Option<Guarded<RowWords>>,
}

/// Some inquiries.
#[derive(Debug, Clone)]
pub struct InquiryPage {
    /// They.
    pub rows: Vec<ListedInquiry>,
    /// Whether there are more.
    pub has_more: bool,
    /// In which order they are.
    pub sort: InquirySort,
    /// Whether the list has what the reader has just written.
    pub is_current: bool,
}

/// How many there are in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InquiryCount {
    /// Which.
    pub queue: InquiryQueue,
    /// So many.
    pub count: u32,
    /// Or more.
    pub is_more: bool,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListInquiriesError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was asked cannot be answered.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<SearchError> for ListInquiriesError {
    fn from(error: SearchError) -> Self {
        let (code, text) = match error {
            SearchError::TooLong => (
                "too_long",
                format!("検索する言葉は{SEARCH_LENGTH_MAX}文字以内で入力してください。"),
            ),
            SearchError::TooManyTerms => (
                "too_many",
                format!("検索する言葉は{SEARCH_TERMS_MAX}個までです。"),
            ),
        };
        Self::Invalid(InputProblem::new("search", code, text))
    }
}

impl App {
    /// Some inquiries. Looking for words compares them with what people wrote, which needs the right to see that.
    pub async fn inquiries(
        &self,
        op: &OpContext,
        asked: &ListInquiries,
    ) -> Result<InquiryPage, ListInquiriesError> {
        op.require(Permission::ReadInquiries)?;
        if !(1..=PAGE_MAX).contains(&asked.first) {
            let text = format!("1ページの件数は1から{PAGE_MAX}で指定してください。");
            return Err(ListInquiriesError::Invalid(InputProblem::new(
                "first",
                "page_size",
                text,
            )));
        }
        let search = match &asked.search {
            Some(text) => Search::parse(text)?,
            None => None,
        };
        if search.is_some() {
            op.require(Permission::ReadPersonal)?;
        }
        let sort = if search.is_some() {
            InquirySort::Received
        } else {
            asked.sort
        };
        let is_current = match asked.at_least {
            Some(position) => {
                let projection = self.storage.inquiries_projection();
                matches!(projection.wait_for(position, PATIENCE).await, Caught::Up)
            }
            None => true,
        };
        let filter = InquiryFilter {
            queue: asked.queue.of(op),
            now: op.now(),
            assignee: asked.assignee.map(|id| id.0),
            tag: asked.tag.map(InquiryTag::code),
            declaration: asked.declaration,
            search,
        };
        let database = self.storage.database();
        let rows = storage::inquiry::list(database, &filter, sort, asked.after, asked.first + 1).await;
        let mut rows = rows.map_err(Internal::new)?;
        let has_more = rows.len() > asked.first as usize;
        rows.truncate(asked.first as usize);
        Ok(InquiryPage {
            rows: rows.into_iter().map(|row| listed(op, row)).collect(),
            has_more,
            sort,
            is_current,
        })
    }

    /// How many there are in each queue, exact up to 10,000.
    pub async fn inquiry_counts(&self, op: &OpContext) -> Result<Vec<InquiryCount>, ListInquiriesError> {
        op.require(Permission::ReadInquiries)?;
        let mut counts = Vec::with_capacity(InquiryQueue::ALL.len());
        for queue in InquiryQueue::ALL {
            let filter = InquiryFilter {
                queue: queue.of(op),
                now: op.now(),
                assignee: None,
                tag: None,
                declaration: None,
                search: None,
            };
            let count = storage::inquiry::count(self.storage.database(), &filter).await;
            let count = count.map_err(Internal::new)?;
            counts.push(InquiryCount {
                queue,
                count: count.min(COUNTED_MAX),
                is_more: count > COUNTED_MAX,
            });
        }
        Ok(counts)
    }
}

fn listed(op: &OpContext, mut row: InquiryRow) -> ListedInquiry {
    let id = row.id.uuid();
    let words = match row.words.take() {
        Some(words) => Some(op.reveal_inquiry(id, || Guarded::Open(words))),
        None if row.is_forgotten => Some(op.reveal_inquiry(id, || Guarded::Forgotten(case_subject(id).0))),
        None => None,
    };
    ListedInquiry { row, words }
}
