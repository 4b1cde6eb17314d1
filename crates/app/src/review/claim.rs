//! Who works on a suspicion: one person for half an hour from the last thing that they did with it. Then it is free again by itself.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ReviewId;
use domain::review::{ReviewKind, Standing};
use domain::staff::Permission;
use storage::review::{self as rows, Reader, Review};

use crate::{App, Forbidden, Internal, OpContext};

/// How long somebody works on a suspicion after the last thing that they did with it.
pub const CLAIM_MINUTES: i64 = 30;
/// How many are tried when others are as fast.
const TRIES: usize = 20;

/// Why nobody works on a suspicion from now on.
#[derive(Debug, thiserror::Error)]
pub enum TouchReviewError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such suspicion.
    #[error("there is no suspicion {0}")]
    NotFound(ReviewId),
    /// Somebody else works on it.
    #[error("somebody else works on the suspicion {}", .0.id)]
    Taken(Box<Review>),
    /// It was decided about, or does not hold any more.
    #[error("the suspicion {} is over", .0.id)]
    Over(Box<Review>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The caller works on it from now on, or goes on to. One that does not hold any more is closed, and says so.
    pub async fn claim_review(&self, op: &OpContext, id: ReviewId) -> Result<Review, TouchReviewError> {
        op.require(Permission::ReadDeclarations)?;
        let review = self.review_to_touch(op, id).await?;
        let me = op.actor().to_string();
        self.still_open(op, review, &me).await?;
        let database = self.store.database();
        let reader = Reader {
            me: &me,
            now: op.now(),
        };
        let until = op.now() + TimeDelta::minutes(CLAIM_MINUTES);
        let is_mine = rows::claim(database, id, reader, until)
            .await
            .map_err(Internal::new)?;
        let now = self.load_review(id).await?;
        if is_mine { Ok(now) } else { Err(lost(now)) }
    }

    /// The caller works on it no more. Whoever does not anyway hears how it stands.
    pub async fn release_review(&self, op: &OpContext, id: ReviewId) -> Result<Review, TouchReviewError> {
        op.require(Permission::ReadDeclarations)?;
        self.review_to_touch(op, id).await?;
        let me = op.actor().to_string();
        let released = rows::release(self.store.database(), id, &me).await;
        released.map_err(Internal::new)?;
        self.load_review(id).await
    }

    /// Claims the next one of a kind on which nobody else works, after this one and then from the beginning; none: there is no other.
    pub async fn claim_next_review(
        &self,
        op: &OpContext,
        kind: ReviewKind,
        after: Option<ReviewId>,
    ) -> Result<Option<Review>, TouchReviewError> {
        op.require(Permission::ReadDeclarations)?;
        op.require(kind.permission())?;
        let database = self.store.database();
        let me = op.actor().to_string();
        let reader = Reader {
            me: &me,
            now: op.now(),
        };
        let left = match after {
            Some(id) => rows::load(database, id).await.map_err(Internal::new)?,
            None => None,
        };
        let left = left.filter(|review| review.kind == kind);
        let mut place: Option<(DateTime<Utc>, ReviewId)> = left.as_ref().map(|it| (it.found_at, it.id));
        let mut from_the_beginning = place.is_none();
        for _ in 0..TRIES {
            let next = rows::next(database, kind, reader, place)
                .await
                .map_err(Internal::new)?;
            let Some(id) = next else {
                if from_the_beginning {
                    return Ok(None);
                }
                (from_the_beginning, place) = (true, None);
                continue;
            };
            if after == Some(id) {
                // Once around: it is the only one.
                return Ok(None);
            }
            match self.claim_review(op, id).await {
                Ok(review) => return Ok(Some(review)),
                Err(TouchReviewError::Taken(it) | TouchReviewError::Over(it)) => {
                    place = Some((it.found_at, it.id));
                }
                Err(TouchReviewError::NotFound(_)) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// A suspicion on which the caller may work.
    pub(super) async fn review_to_touch(
        &self,
        op: &OpContext,
        id: ReviewId,
    ) -> Result<Review, TouchReviewError> {
        let review = self.load_review(id).await?;
        op.require(review.kind.permission())?;
        Ok(review)
    }

    pub(super) async fn load_review(&self, id: ReviewId) -> Result<Review, TouchReviewError> {
        let found = rows::load(self.store.database(), id)
            .await
            .map_err(Internal::new)?;
        found.ok_or(TouchReviewError::NotFound(id))
    }

    /// Refuses what is over or somebody else's. What does not hold any more is closed first.
    pub(super) async fn still_open(
        &self,
        op: &OpContext,
        review: Review,
        me: &str,
    ) -> Result<Review, TouchReviewError> {
        if review.standing != Standing::Open {
            return Err(TouchReviewError::Over(Box::new(review)));
        }
        if !self.review_holds(&review).await? {
            let closed = rows::close(self.store.database(), review.id, op.now()).await;
            closed.map_err(Internal::new)?;
            let now = self.load_review(review.id).await?;
            return Err(TouchReviewError::Over(Box::new(now)));
        }
        let taken = review.claim.as_ref();
        if taken.is_some_and(|claim| claim.by != me && claim.until > op.now()) {
            return Err(TouchReviewError::Taken(Box::new(review)));
        }
        Ok(review)
    }
}

/// Somebody was faster.
pub(super) fn lost(now: Review) -> TouchReviewError {
    if now.standing == Standing::Open {
        TouchReviewError::Taken(Box::new(now))
    } else {
        TouchReviewError::Over(Box::new(now))
    }
}
