//! What can be asked of jobs.

use app::job::Before;
use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};
use domain::JobId;

use super::types::{Job, JobState, refusal};
use crate::context::request;
use crate::declaration::list::PageInfo;
use crate::input::InvalidInput;

/// The most rows of a page.
const PAGE_MAX: u32 = 200;

/// The outcome of asking for jobs.
#[derive(Union)]
pub enum JobsResult {
    /// A page.
    Page(JobConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of jobs.
#[derive(SimpleObject)]
pub struct JobConnection {
    /// The newest first.
    pub nodes: Vec<Job>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// How many jobs are in a state.
#[derive(SimpleObject)]
pub struct JobCount {
    /// In which.
    pub state: JobState,
    /// How many.
    pub count: u64,
}

/// Queries about jobs.
#[derive(Default)]
pub struct JobQuery;

#[Object]
impl JobQuery {
    /// Jobs of a state (null: of any), the newest first; `first` is 1 to 200.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 50")]
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        state: Option<JobState>,
        first: i32,
        after: Option<String>,
    ) -> Result<JobsResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        if !(1..=PAGE_MAX).contains(&first) {
            return Ok(JobsResult::Invalid(InvalidInput::page_size(PAGE_MAX)));
        }
        let before = match after.as_deref().map(read_cursor) {
            None => None,
            Some(Some(before)) => Some(before),
            Some(None) => return Ok(JobsResult::Invalid(InvalidInput::cursor())),
        };
        let page = request.app().jobs(op, state.map(Into::into), before, first).await;
        let page = page.map_err(|error| refusal(ctx, error))?;
        let end = page.jobs.last().map(|job| cursor(job.created_at, job.id));
        Ok(JobsResult::Page(JobConnection {
            page_info: PageInfo {
                has_next_page: page.has_more,
                end_cursor: end.filter(|_| page.has_more),
            },
            nodes: page.jobs.into_iter().map(Job::from).collect(),
        }))
    }

    /// One job; null when there is no such.
    async fn job(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Job>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let Ok(id) = id.parse::<JobId>() else {
            return Ok(None);
        };
        let found = request.app().job(op, id).await;
        Ok(found.map_err(|error| refusal(ctx, error))?.map(Job::from))
    }

    /// How many jobs there are in each state that has any.
    #[graphql(complexity = "50")]
    async fn job_counts(&self, ctx: &Context<'_>) -> Result<Vec<JobCount>> {
        let request = request(ctx)?;
        let counts = request.app().job_counts(request.operation()?).await;
        let counts = counts.map_err(|error| refusal(ctx, error))?;
        Ok(counts
            .into_iter()
            .map(|(state, count)| JobCount {
                state: state.into(),
                count,
            })
            .collect())
    }
}

fn cursor(created_at: chrono::DateTime<chrono::Utc>, id: JobId) -> String {
    format!("{}.{}", created_at.timestamp_micros(), id.uuid().simple())
}

fn read_cursor(text: &str) -> Option<Before> {
    let (at, id) = text.split_once('.')?;
    Some(Before {
        created_at: chrono::DateTime::from_timestamp_micros(at.parse().ok()?)?,
        id: id.parse().ok()?,
    })
}
