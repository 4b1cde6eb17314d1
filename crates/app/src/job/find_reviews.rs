//! The nightly look for what may be wrong in the register.

use domain::reason::{Counted, Reason, ReasonCode};
use event_store::BoxFuture;

use super::handler::{Effects, JobFailure, JobHandler, JobRun};
use crate::App;
use crate::review::SearchFailed;

/// Looks for suspicions, and writes down what is different from the last time.
#[derive(Debug, Clone, Copy, Default)]
pub struct FindReviews;

impl FindReviews {
    /// The command, as schedules name it.
    pub const COMMAND: &'static str = storage::review_event::SEARCH;
}

impl JobHandler for FindReviews {
    fn command(&self) -> &'static str {
        Self::COMMAND
    }

    // It writes while it runs: rows that say what was found, which follow from the register and are the same however often it is tried.
    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(async move {
            let search = app.search_for_reviews(run).await.map_err(|error| match error {
                SearchFailed::Stopped => JobFailure::Stopped,
                SearchFailed::Internal(error) => JobFailure::Failed(crate::reason_of(&error)),
            })?;
            let text = format!(
                "{} declarations were looked at, {} suspicions found",
                search.looked_at, search.found
            );
            Ok(Effects {
                result: Reason::new(ReasonCode::ReviewsFound, text)
                    .counting(Counted::LookedAt, search.looked_at)
                    .counting(Counted::Found, search.found),
                events: Vec::new(),
            })
        })
    }
}
