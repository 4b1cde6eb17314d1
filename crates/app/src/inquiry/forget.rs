//! Inquiries that were kept for their time.

use std::time::Duration;

use chrono::Months;
use domain::SubjectId;
use domain::inquiry::decide;
use event_store::{NewEvent, Position};
use storage::projection::Caught;

use super::thread::Happening;
use crate::case_log::case_subject;
use crate::{App, Internal, day_in_japan};

/// Inquiries that are forgotten in one night.
const AT_ONCE: u32 = 1_000;

impl App {
    /// What forgets every inquiry that was kept for its time: to be appended. The keys of what was written, and of the messages as they
    /// came, are destroyed after it, as those of all who are forgotten.
    pub(crate) async fn inquiries_to_forget(&self) -> Result<Vec<NewEvent>, Internal> {
        let years = self.case_rules().keep_years;
        let months = Months::new(years.saturating_mul(12));
        let Some(before) = self.now().checked_sub_months(months) else {
            return Ok(Vec::new());
        };
        let over = storage::inquiry::over_before(self.storage.database(), before, AT_ONCE).await;
        let mut events = Vec::new();
        for id in over.map_err(Internal::new)? {
            let Some(thread) = self.thread(id).await? else {
                continue;
            };
            let inquiry = &thread.inquiry;
            let subject = SubjectId::new(case_subject(id.uuid()).0);
            let until = decide::kept_until(inquiry, years);
            // The list may be behind the log: what goes on again stays.
            if let Ok(event) = decide::forget(inquiry, subject, until, self.now()) {
                let today = day_in_japan(self.now());
                events.push(self.inquiry_event(today, Happening::from(event)).await?);
            }
        }
        Ok(events)
    }
}

/// How long somebody who forgets waits for the list without a sign of it.
const PATIENCE: Duration = Duration::from_mins(1);

/// The list of inquiries does not get on.
#[derive(Debug, thiserror::Error)]
#[error("the list of inquiries does not get beyond position {0}")]
struct ListStopped(Position);

impl App {
    /// Until it has read the events, the list might write what it read before them.
    pub(crate) async fn wait_for_inquiries(&self, position: Position) -> Result<(), Internal> {
        let list = self.storage.inquiries_projection();
        self.start_inquiries();
        match list.wait_for(position, PATIENCE).await {
            Caught::Up => Ok(()),
            Caught::Behind(reached) => Err(Internal::new(ListStopped(reached))),
        }
    }
}
