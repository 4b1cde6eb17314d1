//! What can be asked of the desk.

use app::inquiry::{InquiryQueue as Queue, ListInquiries, ListInquiriesError};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::{DeclarationId, InquiryId};
use storage::inquiry::{InquiryPlace, InquirySort as Sort};

use super::types::{Inquiry, InquirySummary, InquiryTag, refusal};
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::list::PageInfo;
use crate::fault;
use crate::input::InvalidInput;
use crate::scalars::Position;
use crate::staff::accounts::staff_id;

/// The most rows of a page.
const PAGE_MAX: u32 = 100;

mirrored! {
    /// A queue of the desk.
    InquiryQueue = app::inquiry::InquiryQueue {
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
}

/// In which order inquiries are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum InquirySort {
    /// The newest message first.
    Newest,
    /// What is due first.
    Due,
}

/// Which inquiries; what is null narrows nothing.
#[derive(InputObject, Default)]
pub struct InquiryFilter {
    /// Of this member of staff.
    pub assignee_id: Option<ID>,
    /// About this.
    pub tag: Option<InquiryTag>,
    /// About this declaration.
    pub declaration_id: Option<ID>,
    /// With these words in who wrote, the subject or the text; needs the right to see persons.
    pub search: Option<String>,
}

/// The outcome of asking for a queue.
#[derive(Union)]
pub enum InquiriesResult {
    /// A page.
    Page(InquiryConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of a queue.
#[derive(SimpleObject)]
pub struct InquiryConnection {
    /// In the order that was asked for; a search is in the order in which they came in, the newest first.
    pub nodes: Vec<InquirySummary>,
    /// Whether there is more.
    pub page_info: PageInfo,
    /// Whether the list has everything up to `atLeast`; false: look again in a moment.
    pub is_current: bool,
}

/// How many inquiries there are in a queue.
#[derive(SimpleObject)]
pub struct InquiryCount {
    /// Which.
    pub queue: InquiryQueue,
    /// So many; 10,000 at most.
    pub count: u32,
    /// Whether there are more.
    pub is_more: bool,
}

/// Queries about inquiries.
#[derive(Default)]
pub struct InquiryQuery;

#[Object]
impl InquiryQuery {
    /// A queue; `first` is 1 to 100.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(complexity = "(first.max(0) as usize).min(100) * child_complexity / 4 + 50")]
    async fn inquiries(
        &self,
        ctx: &Context<'_>,
        queue: InquiryQueue,
        filter: Option<InquiryFilter>,
        #[graphql(default_with = "InquirySort::Newest")] sort: InquirySort,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        at_least: Option<Position>,
    ) -> Result<InquiriesResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        if !(1..=PAGE_MAX).contains(&first) {
            return Ok(InquiriesResult::Invalid(InvalidInput::page_size(PAGE_MAX)));
        }
        let after = match after.as_deref().map(read_cursor) {
            None => None,
            Some(Some(after)) => Some(after),
            Some(None) => return Ok(InquiriesResult::Invalid(InvalidInput::cursor())),
        };
        let filter = filter.unwrap_or_default();
        // What nobody can be is nobody's, and nothing is about what is no declaration.
        let nobody = uuid::Uuid::nil();
        let asked = ListInquiries {
            queue: queue.into(),
            assignee: filter
                .assignee_id
                .map(|id| staff_id(&id).unwrap_or(domain::staff::StaffId(nobody))),
            tag: filter.tag.map(Into::into),
            declaration: filter
                .declaration_id
                .map(|id| id.parse().unwrap_or(DeclarationId::new(nobody))),
            search: filter.search,
            sort: match sort {
                InquirySort::Newest => Sort::Newest,
                InquirySort::Due => Sort::Due,
            },
            after,
            first,
            at_least: at_least.map(|it| it.0),
        };
        let page = match request.app().inquiries(op, &asked).await {
            Ok(page) => page,
            Err(ListInquiriesError::Invalid(problem)) => {
                return Ok(InquiriesResult::Invalid(vec![problem].into()));
            }
            Err(error) => return Err(list_refusal(ctx, error)),
        };
        let end = page.rows.last().map(|listed| cursor(listed.row.place(page.sort)));
        Ok(InquiriesResult::Page(InquiryConnection {
            nodes: page
                .rows
                .into_iter()
                .filter_map(|listed| InquirySummary::new(listed, op.now()))
                .collect(),
            page_info: PageInfo {
                has_next_page: page.has_more,
                end_cursor: end.filter(|_| page.has_more),
            },
            is_current: page.is_current,
        }))
    }

    /// How many there are in each queue.
    #[graphql(complexity = "30 + child_complexity")]
    async fn inquiry_counts(&self, ctx: &Context<'_>) -> Result<Vec<InquiryCount>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let counts = request.app().inquiry_counts(op).await;
        let counts = counts.map_err(|error| list_refusal(ctx, error))?;
        Ok(counts
            .into_iter()
            .map(|it| InquiryCount {
                queue: Queue::into(it.queue),
                count: it.count,
                is_more: it.is_more,
            })
            .collect())
    }

    /// One inquiry; null when there is no such.
    #[graphql(complexity = "50 + 5 * child_complexity")]
    async fn inquiry(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Inquiry>> {
        let Ok(id) = id.parse::<InquiryId>() else {
            return Ok(None);
        };
        load(ctx, id).await
    }
}

/// An inquiry as it is now.
pub async fn load(ctx: &Context<'_>, id: InquiryId) -> Result<Option<Inquiry>> {
    let request = request(ctx)?;
    let op = request.operation()?;
    let found = request.app().inquiry(op, id).await;
    let found = found.map_err(|error| refusal(ctx, error))?;
    found.map(|detail| Inquiry::new(ctx, detail)).transpose()
}

fn list_refusal(ctx: &Context<'_>, error: ListInquiriesError) -> async_graphql::Error {
    match (error, request(ctx)) {
        (ListInquiriesError::Forbidden(refused), _) => fault::forbidden(refused),
        (ListInquiriesError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (error @ ListInquiriesError::Invalid(_), Ok(request)) => {
            fault::internal(request.request_id(), &error)
        }
        (_, Err(error)) => error,
    }
}

fn cursor(place: InquiryPlace) -> String {
    format!("{}.{}", place.key, place.seq)
}

fn read_cursor(text: &str) -> Option<InquiryPlace> {
    let (key, seq) = text.split_once('.')?;
    Some(InquiryPlace {
        key: key.parse().ok()?,
        seq: seq.parse().ok()?,
    })
}
