//! What can be asked of suspicions.

use app::review::View;
use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};
use domain::{DeclarationId, ReviewId};

use super::types::{Review, ReviewKind, ReviewQueue, ReviewSummary, refusal};
use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::list::PageInfo;
use crate::input::InvalidInput;
use crate::scalars::DateTime;

/// The most rows of a page.
const PAGE_MAX: u32 = 100;

mirrored! {
    /// Which suspicions of a kind are looked at.
    ReviewView = app::review::View {
        /// Those that are open, the oldest first.
        Open,
        /// Those of them on which the reader works.
        Mine,
        /// Those that were decided, the newest first.
        Decided,
    }
}

/// The outcome of asking for a queue.
#[derive(Union)]
pub enum ReviewsResult {
    /// A page.
    Page(ReviewConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of a queue.
#[derive(SimpleObject)]
pub struct ReviewConnection {
    /// In the order of the view.
    pub nodes: Vec<ReviewSummary>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// When suspicions were looked for, and whether they are now.
#[derive(SimpleObject)]
pub struct ReviewSearch {
    /// When the last search ended; null: there was none yet.
    pub ended_at: Option<DateTime>,
    /// Declarations that it looked at.
    pub looked_at: Option<u64>,
    /// Suspicions that it found, those among them that were known.
    pub found: Option<u64>,
    /// The job that looks, or is about to.
    pub job_id: Option<ID>,
    /// The same of the pages of policies.
    pub pages: PageRound,
}

/// When the pages of policies were asked for, and whether they are now.
#[derive(SimpleObject)]
pub struct PageRound {
    /// When the last round ended; null: there was none yet.
    pub ended_at: Option<DateTime>,
    /// Pages that it asked for: those that were due.
    pub asked: Option<u64>,
    /// Those of them that did not answer.
    pub failing: Option<u64>,
    /// The job that asks, or is about to.
    pub job_id: Option<ID>,
}

/// Queries about suspicions.
#[derive(Default)]
pub struct ReviewQuery;

#[Object]
impl ReviewQuery {
    /// Every queue.
    #[graphql(complexity = "20 + child_complexity")]
    async fn review_queues(&self, ctx: &Context<'_>) -> Result<Vec<ReviewQueue>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let queues = request.app().review_queues(op).await;
        let queues = queues.map_err(|error| refusal(ctx, error))?;
        Ok(queues.into_iter().map(ReviewQueue::from).collect())
    }

    /// When suspicions were looked for last, and whether they are now.
    async fn review_search(&self, ctx: &Context<'_>) -> Result<ReviewSearch> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let state = request.app().review_search(op).await;
        let state = state.map_err(|error| refusal(ctx, error))?;
        Ok(ReviewSearch {
            ended_at: state.last.map(|last| DateTime(last.ended_at)),
            looked_at: state.last.map(|last| last.looked_at),
            found: state.last.map(|last| last.found),
            job_id: state.running.map(|id| ID(id.to_string())),
            pages: PageRound {
                ended_at: state.pages.map(|last| DateTime(last.ended_at)),
                asked: state.pages.map(|last| last.looked_at),
                failing: state.pages.map(|last| last.found),
                job_id: state.asking.map(|id| ID(id.to_string())),
            },
        })
    }

    /// A queue; `first` is 1 to 100.
    #[graphql(complexity = "(first.max(0) as usize).min(100) * child_complexity / 4 + 50")]
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        kind: ReviewKind,
        view: ReviewView,
        first: i32,
        after: Option<String>,
    ) -> Result<ReviewsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        if !(1..=PAGE_MAX).contains(&first) {
            return Ok(ReviewsResult::Invalid(InvalidInput::page_size(PAGE_MAX)));
        }
        let after = match after.as_deref().map(read_cursor) {
            None => None,
            Some(Some(after)) => Some(after),
            Some(None) => return Ok(ReviewsResult::Invalid(InvalidInput::cursor())),
        };
        let view = View::from(view);
        let page = request.app().reviews(op, kind.into(), view, after, first).await;
        let page = page.map_err(|error| refusal(ctx, error))?;
        let end = page.rows.last().and_then(|row| {
            let at = match view {
                View::Open | View::Mine => row.review.found_at,
                View::Decided => row.review.decision.as_ref()?.at,
            };
            Some(format!(
                "{}.{}",
                at.timestamp_micros(),
                row.review.id.uuid().simple()
            ))
        });
        let nodes = page.rows.into_iter().map(|row| ReviewSummary::new(ctx, row));
        Ok(ReviewsResult::Page(ReviewConnection {
            nodes: nodes.collect::<Result<_>>()?,
            page_info: PageInfo {
                has_next_page: page.has_more,
                end_cursor: end.filter(|_| page.has_more),
            },
        }))
    }

    /// One suspicion; null when there is no such.
    #[graphql(complexity = "20 * child_complexity")]
    async fn review(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Review>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.parse::<ReviewId>() else {
            return Ok(None);
        };
        let found = request.app().review(op, id).await;
        let found = found.map_err(|error| refusal(ctx, error))?;
        found.map(|detail| Review::new(ctx, detail)).transpose()
    }

    /// What is suspected of a declaration, and what was decided about it; the newest first, 50 at most.
    #[graphql(complexity = "20 * child_complexity")]
    async fn reviews_of(&self, ctx: &Context<'_>, declaration_id: ID) -> Result<Vec<ReviewSummary>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let nobody = DeclarationId::new(uuid::Uuid::nil());
        let id = declaration_id.parse::<DeclarationId>().unwrap_or(nobody);
        let found = request.app().reviews_of(op, id).await;
        let found = found.map_err(|error| refusal(ctx, error))?;
        found
            .into_iter()
            .map(|row| ReviewSummary::new(ctx, row))
            .collect()
    }
}

fn read_cursor(text: &str) -> Option<(chrono::DateTime<chrono::Utc>, ReviewId)> {
    let (at, id) = text.split_once('.')?;
    let at = chrono::DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some((at, id.parse().ok()?))
}
