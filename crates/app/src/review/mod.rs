//! 要確認: suspicions about the register, in a queue for each kind. A job finds them; people claim one, decide, and go on to the next.
//!
//! What is found is rows that every search brings up to date; what was decided is an event. What a verdict does to a declaration goes
//! through the command for one declaration. See ADR 42.

mod claim;
mod decide;
mod page;
mod read;
mod search;

pub use claim::{CLAIM_MINUTES, TouchReviewError};
pub use decide::{DecideReview, DecideReviewError};
pub use page::{AskPages, AskPagesError, PagesAsked, PagesFailed, PolicyPage};
pub use read::{QueueState, ReadReviewsError, ReviewDetail, ReviewPage, ReviewRow, SearchState};
pub use search::{FindReviewsError, SearchFailed};
pub use storage::review::{Queue, Review, ReviewClaim, ReviewDecision, View};
pub use storage::review_search::LastSearch;

use domain::review::{ReviewRules, still_found};
use storage::{review as rows, review_search};

use crate::{App, Internal};

/// All declarations that are kept with a suspicion.
const MOST: u32 = 60;

impl App {
    /// The same office with other rules.
    #[must_use]
    pub const fn with_review_rules(mut self, rules: ReviewRules) -> Self {
        self.review_rules = rules;
        self
    }

    /// Whether a suspicion still holds, by its own declarations as the list has them now.
    async fn review_holds(&self, review: &Review) -> Result<bool, Internal> {
        let database = self.store.database();
        let members = rows::members(database, &[review.id], MOST).await;
        let members = members
            .map_err(Internal::new)?
            .remove(&review.id)
            .unwrap_or_default();
        let seen = review_search::seen_of(database, &members).await;
        let seen = seen.map_err(Internal::new)?;
        Ok(still_found(review.kind, &review.rules, &seen, self.review_rules))
    }
}
