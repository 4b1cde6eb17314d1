//! Looking at suspicions: the queues, the page of one, and one of them with what was decided about it and why.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::declaration::REASON;
use domain::review::{ReviewKind, Standing};
use domain::staff::Permission;
use domain::{DeclarationId, JobId, Personal, Readable, ReviewId};
use event_store::PartBody;
use storage::review::{self as rows, Queue, Reader, Review, View};
use storage::review_search::{self, LastSearch, Searched};
use storage::{job, review_event};

use super::MOST;
use super::page::PolicyPage;
use crate::{App, Forbidden, Internal, OpContext};

/// Declarations of a suspicion that its row in the queue shows.
const IN_A_ROW: u32 = 3;

/// A queue, for a reader.
#[derive(Debug, Clone, Copy)]
pub struct QueueState {
    /// How many there are.
    pub queue: Queue,
    /// Whether the reader may work on it.
    pub may_decide: bool,
}

/// A suspicion in a queue.
#[derive(Debug, Clone)]
pub struct ReviewRow {
    /// It.
    pub review: Review,
    /// The first of its declarations.
    pub declarations: Vec<DeclarationId>,
}

/// Some suspicions of a queue.
#[derive(Debug, Clone)]
pub struct ReviewPage {
    /// They.
    pub rows: Vec<ReviewRow>,
    /// Whether there are more.
    pub has_more: bool,
}

/// One suspicion with everything about it.
#[derive(Debug, Clone)]
pub struct ReviewDetail {
    /// It.
    pub review: Review,
    /// Its declarations; the first so many where it is about very many.
    pub declarations: Vec<DeclarationId>,
    /// Whether it still holds.
    pub holds: bool,
    /// Whether the reader may work on it.
    pub may_decide: bool,
    /// Why it was decided so.
    pub reason: Option<Readable<Personal<String>>>,
    /// The page that it is about.
    pub page: Option<PolicyPage>,
}

/// When suspicions were looked for, and whether they are now.
#[derive(Debug, Clone, Copy)]
pub struct SearchState {
    /// The last one that ended.
    pub last: Option<LastSearch>,
    /// The job that looks, or is about to.
    pub running: Option<JobId>,
    /// The last time that pages were asked for.
    pub pages: Option<LastSearch>,
    /// The job that asks for pages, or is about to.
    pub asking: Option<JobId>,
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum ReadReviewsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Every queue, in the order of kinds.
    pub async fn review_queues(&self, op: &OpContext) -> Result<Vec<QueueState>, ReadReviewsError> {
        op.require(Permission::ReadDeclarations)?;
        let me = op.actor().to_string();
        let reader = Reader {
            me: &me,
            now: op.now(),
        };
        let found = rows::queues(self.store.database(), reader).await;
        let found = found.map_err(Internal::new)?;
        let found: HashMap<ReviewKind, Queue> = found.into_iter().map(|it| (it.kind, it)).collect();
        let all = ReviewKind::ALL.iter().map(|kind| QueueState {
            queue: found.get(kind).copied().unwrap_or(Queue {
                kind: *kind,
                open: 0,
                oldest: None,
                mine: 0,
            }),
            may_decide: op.may(kind.permission()),
        });
        Ok(all.collect())
    }

    /// When suspicions were looked for last, and whether somebody looks now.
    pub async fn review_search(&self, op: &OpContext) -> Result<SearchState, ReadReviewsError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let last = async |of| review_search::last(database, of).await.map_err(Internal::new);
        let running = async |command| job::under_way(database, command).await.map_err(Internal::new);
        Ok(SearchState {
            last: last(Searched::Register).await?,
            running: running(review_event::SEARCH).await?,
            pages: last(Searched::Pages).await?,
            asking: running(review_event::PAGES).await?,
        })
    }

    /// Suspicions of a kind after a place.
    pub async fn reviews(
        &self,
        op: &OpContext,
        kind: ReviewKind,
        view: View,
        after: Option<(DateTime<Utc>, ReviewId)>,
        first: u32,
    ) -> Result<ReviewPage, ReadReviewsError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let me = op.actor().to_string();
        let reader = Reader {
            me: &me,
            now: op.now(),
        };
        let found = rows::page(database, kind, view, reader, after, first.saturating_add(1)).await;
        let mut found = found.map_err(Internal::new)?;
        let has_more = found.len() > first as usize;
        found.truncate(first as usize);
        let rows = self.with_declarations(found).await?;
        Ok(ReviewPage { rows, has_more })
    }

    /// What is suspected of a declaration, and what was decided about it; the newest first.
    pub async fn reviews_of(
        &self,
        op: &OpContext,
        id: DeclarationId,
    ) -> Result<Vec<ReviewRow>, ReadReviewsError> {
        op.require(Permission::ReadDeclarations)?;
        let found = rows::of_declaration(self.store.database(), id).await;
        Ok(self.with_declarations(found.map_err(Internal::new)?).await?)
    }

    async fn with_declarations(&self, found: Vec<Review>) -> Result<Vec<ReviewRow>, Internal> {
        let ids: Vec<ReviewId> = found.iter().map(|review| review.id).collect();
        let members = rows::members(self.store.database(), &ids, IN_A_ROW).await;
        let mut members = members.map_err(Internal::new)?;
        let rows = found.into_iter().map(|review| ReviewRow {
            declarations: members.remove(&review.id).unwrap_or_default(),
            review,
        });
        Ok(rows.collect())
    }

    /// One suspicion; none when there is none.
    pub async fn review(
        &self,
        op: &OpContext,
        id: ReviewId,
    ) -> Result<Option<ReviewDetail>, ReadReviewsError> {
        op.require(Permission::ReadDeclarations)?;
        let database = self.store.database();
        let Some(review) = rows::load(database, id).await.map_err(Internal::new)? else {
            return Ok(None);
        };
        let members = rows::members(database, &[id], MOST).await;
        let declarations = members.map_err(Internal::new)?.remove(&id).unwrap_or_default();
        let holds = match review.standing {
            Standing::Gone => false,
            Standing::Open | Standing::Decided => self.review_holds(&review).await?,
        };
        let reason = match &review.decision {
            Some(decision) => self.decided_because(decision.position).await?,
            None => None,
        };
        let page = match (review.kind, declarations.first()) {
            (ReviewKind::PolicyPage, Some(first)) => self.policy_page(*first).await?,
            _ => None,
        };
        Ok(Some(ReviewDetail {
            page,
            may_decide: op.may(review.kind.permission()),
            review,
            declarations,
            holds,
            reason,
        }))
    }

    async fn decided_because(
        &self,
        position: event_store::Position,
    ) -> Result<Option<Readable<Personal<String>>>, Internal> {
        let events = self.store.at(&[position]).await.map_err(Internal::new)?;
        let part = events.first().and_then(|event| event.part(REASON));
        Ok(part.map(|part| match &part.body {
            PartBody::Open(body) => body.as_str().map_or(Readable::Forgotten, |text| {
                Readable::Open(Personal::new(text.to_owned()))
            }),
            PartBody::Redacted => Readable::Forgotten,
        }))
    }
}
