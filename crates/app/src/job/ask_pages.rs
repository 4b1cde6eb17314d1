//! The nightly look whether the pages of policies answer.

use std::sync::Arc;

use domain::reason::{Counted, Reason, ReasonCode};
use event_store::BoxFuture;

use super::handler::{Effects, JobFailure, JobHandler, JobRun};
use crate::App;
use crate::review::{AskPages, PagesFailed};

/// Asks for the pages of policies that are due, and then looks for suspicions, so that what came of it is seen.
#[derive(Debug, Clone)]
pub struct AskPolicyPages {
    /// What asks; none: the office does not want it.
    pub pages: Option<Arc<dyn AskPages>>,
}

impl AskPolicyPages {
    /// The command, as schedules name it.
    pub const COMMAND: &'static str = storage::review_event::PAGES;
}

impl JobHandler for AskPolicyPages {
    fn command(&self) -> &'static str {
        Self::COMMAND
    }

    // It writes while it runs: what came of each page, which is no fact of the register. Tried again, it goes on with those that are left.
    fn run<'f>(&'f self, app: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(async move {
            let result = match &self.pages {
                Some(pages) => {
                    let asked = app.ask_pages(run, pages.as_ref()).await.map_err(failure)?;
                    let text = format!(
                        "{} pages of policies were asked for, {} did not answer",
                        asked.asked, asked.failing
                    );
                    Reason::new(ReasonCode::PagesAsked, text)
                        .counting(Counted::Asked, asked.asked)
                        .counting(Counted::Failing, asked.failing)
                }
                None => Reason::new(
                    ReasonCode::PagesOff,
                    "the configuration says that pages are not asked for",
                ),
            };
            Ok(Effects {
                result,
                events: Vec::new(),
            })
        })
    }
}

fn failure(error: PagesFailed) -> JobFailure {
    match error {
        PagesFailed::Stopped => JobFailure::Stopped,
        // The next night is soon enough: what cannot be reached at all is not reached in a minute.
        PagesFailed::NoLine(asked) => JobFailure::Hopeless(
            Reason::new(
                ReasonCode::PagesNoLine,
                format!(
                    "none of {asked} pages could be reached: let this machine reach the web, or set ask_pages = false in [reviews]"
                ),
            )
            .counting(Counted::Asked, asked),
        ),
        PagesFailed::Internal(error) => JobFailure::Failed(crate::reason_of(&error)),
    }
}
