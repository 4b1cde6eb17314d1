//! The nightly look for requests of data subjects, for inquiries, and for files that were kept for their time.

use domain::job::Patience;
use domain::reason::{Counted, Reason, ReasonCode};
use event_store::BoxFuture;

use super::handler::{Effects, JobFailure, JobHandler, JobRun};
use crate::App;

/// Forgets who asked or wrote, and every word about them, in cases and inquiries that ended years ago; and destroys files whose days are over.
#[derive(Debug, Clone, Copy, Default)]
pub struct ForgetCases;

impl ForgetCases {
    /// The command, as schedules name it.
    pub const COMMAND: &'static str = "forget-cases";
}

impl JobHandler for ForgetCases {
    fn command(&self) -> &'static str {
        Self::COMMAND
    }

    fn patience(&self) -> Patience {
        Patience::LONG
    }

    fn run<'f>(&'f self, app: &'f App, _: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        Box::pin(async move {
            let events = app.cases_to_forget().await;
            let events = events.map_err(|error| JobFailure::Failed(crate::reason_of(&error)))?;
            let inquiries = app.inquiries_to_forget().await;
            let inquiries = inquiries.map_err(|error| JobFailure::Failed(crate::reason_of(&error)))?;
            let events = [events, inquiries].concat();
            let files = app.exports_to_end().await;
            let files = files.map_err(|error| JobFailure::Failed(crate::reason_of(&error)))?;
            let count = events.len() as u64;
            let text = format!("{count} cases were kept for their time and are forgotten");
            let mut result = Reason::new(ReasonCode::CasesForgotten, text).counting(Counted::Cases, count);
            if !files.is_empty() {
                result = result.counting(Counted::Files, files.len() as u64);
            }
            Ok(Effects {
                result,
                events: events.into_iter().chain(files).collect(),
            })
        })
    }
}
