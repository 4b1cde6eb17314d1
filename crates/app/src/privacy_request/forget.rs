//! Forgetting cases that were kept for their time: who asked, and every word about them. What was done, and when, stays.

use chrono::{Months, NaiveDate};
use domain::privacy_request::{
    self as decide, PrivacyRequest, PrivacyRequestEvent, SCHEMA_VERSION, TAG_PRIVACY_REQUEST,
};
use domain::{PrivacyRequestId, SubjectId};
use event_store::{NewEvent, Tag};
use storage::privacy_request as rows;

use crate::case_log::case_subject;
use crate::clock::day_in_japan;
use crate::{App, Internal};

/// Cases that are forgotten by one run; the next night takes the others.
const AT_ONCE: u32 = 500;

impl App {
    /// The last day on which a case is kept; none: it is not over.
    pub(super) fn kept_until(&self, request: &PrivacyRequest) -> Option<NaiveDate> {
        let closed_on = day_in_japan(request.closed_at?);
        Some(decide::kept_until(closed_on, self.case_rules().keep_years))
    }

    /// What forgets every case that was kept for its time: to be appended. Their keys are destroyed after it, as those of all who are
    /// forgotten.
    pub(crate) async fn cases_to_forget(&self) -> Result<Vec<NewEvent>, Internal> {
        let years = Months::new(self.case_rules().keep_years.saturating_mul(12));
        let Some(before) = self.now().checked_sub_months(years) else {
            return Ok(Vec::new());
        };
        let over = rows::over_before(self.store.database(), before, AT_ONCE).await;
        let mut events = Vec::new();
        for id in over.map_err(Internal::new)? {
            if let Some(said) = self.forgetting_of(id).await? {
                events.push(NewEvent {
                    id: self.new_id().map_err(Internal::new)?,
                    event_type: said.event_type().to_owned(),
                    schema_version: SCHEMA_VERSION,
                    tags: vec![Tag::new(TAG_PRIVACY_REQUEST, id).map_err(Internal::new)?],
                    effective_at: day_in_japan(self.now()),
                    data: said.data(),
                    personal: Vec::new(),
                });
            }
        }
        Ok(events)
    }

    async fn forgetting_of(&self, id: PrivacyRequestId) -> Result<Option<PrivacyRequestEvent>, Internal> {
        let history = self.case_history::<PrivacyRequestEvent>(id.uuid()).await?;
        let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
        let Some(request) = PrivacyRequest::of(said) else {
            return Ok(None);
        };
        let Some(until) = self.kept_until(&request) else {
            return Ok(None);
        };
        let subject = SubjectId::new(case_subject(id.uuid()).0);
        Ok(decide::forget(&request, subject, until, day_in_japan(self.now())))
    }
}
