//! The list of incidents, and one with everything that happened to it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::incident::{Incident, IncidentEvent, PART_REPORT, PART_TEXT, ReportStage};
use domain::staff::Permission;
use domain::{IncidentId, Personal};
use event_store::Position;
use storage::incident::{self as rows, IncidentRow};

use super::draft::{Report, prefilled};
use crate::case_log::CaseEntry;
use crate::privacy_request::guarded;
use crate::random::derived_id;
use crate::{App, Forbidden, Guarded, Internal, OpContext};

/// Incidents that are shown at once; more are not open at a time.
const UNFINISHED_MAX: u32 = 500;

/// Something that happened to an incident.
pub struct IncidentEntry {
    /// Where it stands, when, by whom, and what.
    pub entry: CaseEntry<IncidentEvent>,
    /// What was written with it; none: nothing.
    pub text: Option<Guarded<String>>,
}

/// An incident.
pub struct IncidentDetail {
    /// As its events make it.
    pub incident: Incident,
    /// What is known, as it was written first.
    pub known: Guarded<String>,
    /// The report as somebody wrote it; none: nobody has.
    pub report: Option<Guarded<Report>>,
    /// Whether it must be reported, by the threshold of this office.
    pub must_be_reported: bool,
    /// The next report that is missing, with its last day.
    pub next_due: Option<(ReportStage, NaiveDate)>,
    /// Of its newest event.
    pub version: Position,
    /// The oldest first.
    pub history: Vec<IncidentEntry>,
}

/// Why incidents cannot be seen.
#[derive(Debug, thiserror::Error)]
pub enum ReadIncidentsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// What is not over.
    pub async fn unfinished_incidents(&self, op: &OpContext) -> Result<Vec<IncidentRow>, ReadIncidentsError> {
        op.require(Permission::ReadIncidents)?;
        let rows = rows::unfinished(self.store.database(), UNFINISHED_MAX).await;
        Ok(rows.map_err(Internal::new)?)
    }

    /// Incidents that were written down before a moment, the newest first.
    pub async fn incidents(
        &self,
        op: &OpContext,
        before: Option<DateTime<Utc>>,
        first: u32,
    ) -> Result<Vec<IncidentRow>, ReadIncidentsError> {
        op.require(Permission::ReadIncidents)?;
        let before = before.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let rows = rows::newest(self.store.database(), before, first).await;
        Ok(rows.map_err(Internal::new)?)
    }

    /// The next report that is missing in a row of the list, with its last day.
    pub fn incident_due(&self, row: &IncidentRow) -> Option<(ReportStage, NaiveDate)> {
        let threshold = self.case_rules().reportable_persons;
        let is_harmless =
            row.categories.is_empty() && row.persons.is_some_and(|persons| persons <= threshold);
        match row.status.as_str() {
            "open" if !is_harmless => Some((ReportStage::First, row.first_due_on)),
            "first_reported" if !is_harmless => Some((ReportStage::Final, row.final_due_on)),
            _ => None,
        }
    }

    /// One incident; none when there is none. Every text is withheld from whoever may not see persons; the reading is recorded.
    pub async fn incident(
        &self,
        op: &OpContext,
        id: IncidentId,
    ) -> Result<Option<IncidentDetail>, ReadIncidentsError> {
        op.require(Permission::ReadIncidents)?;
        let history = self.case_history::<IncidentEvent>(id.uuid()).await?;
        let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
        let Some(incident) = Incident::of(said) else {
            return Ok(None);
        };
        let subject = derived_id(id.uuid(), "case subject");
        let text_of = |entry: &CaseEntry<IncidentEvent>| {
            let text = entry.text(PART_TEXT)?;
            Some(op.reveal_case(id.uuid(), || guarded(text, subject, Personal::into_revealed)))
        };
        let report = history
            .iter()
            .rev()
            .find_map(|entry| entry.sealed(PART_REPORT))
            .cloned();
        let report = report.map(|report| {
            op.reveal_case(id.uuid(), || {
                guarded(report, subject, |stored| Report::of_stored(stored.reveal()))
            })
        });
        let threshold = self.case_rules().reportable_persons;
        Ok(Some(IncidentDetail {
            known: history
                .first()
                .and_then(&text_of)
                .unwrap_or(Guarded::Forgotten(subject)),
            report,
            must_be_reported: incident.must_be_reported(threshold),
            next_due: incident.next_due(threshold),
            version: history.last().map_or(Position::START, |entry| entry.position),
            history: history
                .into_iter()
                .map(|entry| IncidentEntry {
                    text: text_of(&entry),
                    entry,
                })
                .collect(),
            incident,
        }))
    }

    /// The nine items prefilled from what is known: for whoever begins to write the report.
    pub async fn prefilled_report(&self, detail: &IncidentDetail) -> Result<Guarded<Report>, Internal> {
        let known = match &detail.known {
            Guarded::Open(known) => Some(known.as_str()),
            Guarded::Withheld(permission) => return Ok(Guarded::Withheld(*permission)),
            Guarded::Forgotten(_) => None,
        };
        let mut parts = BTreeSet::new();
        if let Some(scope) = &detail.incident.scope {
            parts = self.parts_seen(scope, detail.incident.opened.incident_id).await?;
        }
        Ok(Guarded::Open(prefilled(&detail.incident, known, &parts)))
    }
}
