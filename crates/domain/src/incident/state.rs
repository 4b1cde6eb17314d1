//! An incident as its events make it.

use chrono::{DateTime, NaiveDate, Utc};

use super::event::{Category, IncidentEvent, Opened, ReportItem, ReportStage, Scope};
use crate::staff::Actor;
use crate::wire::wire_enum;

wire_enum! {
    /// Where an incident stands.
    IncidentStatus {
        /// Nothing was reported.
        Open = "open",
        /// The first report went out.
        FirstReported = "first_reported",
        /// The final report went out.
        FinalReported = "final_reported",
        /// It is over.
        Closed = "closed",
    }
}

/// A report that went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    /// Which.
    pub stage: ReportStage,
    /// On which day.
    pub on: NaiveDate,
}

/// Persons who were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notified {
    /// How many.
    pub persons: u32,
    /// On which day.
    pub on: NaiveDate,
}

/// An incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// As somebody became aware.
    pub opened: Opened,
    /// Who wrote it down.
    pub by: Actor,
    /// When they did.
    pub at: DateTime<Utc>,
    /// Why it must be reported.
    pub categories: Vec<Category>,
    /// The last day for the final report.
    pub final_due_on: NaiveDate,
    /// How many persons; none: not known.
    pub persons: Option<u32>,
    /// What was counted; none: the number was typed.
    pub scope: Option<Scope>,
    /// The items of the report that have a text.
    pub filled: Vec<ReportItem>,
    /// What went out.
    pub reports: Vec<Reported>,
    /// Who was told.
    pub notified: Vec<Notified>,
    /// Whether it is over.
    pub is_closed: bool,
}

impl Incident {
    /// From its events in order, each with who did it and when; none without the opening.
    pub fn of<'a>(
        events: impl IntoIterator<Item = (&'a IncidentEvent, &'a Actor, DateTime<Utc>)>,
    ) -> Option<Self> {
        let mut incident: Option<Self> = None;
        for (event, by, at) in events {
            match (&mut incident, event) {
                (None, IncidentEvent::Opened(opened)) => {
                    incident = Some(Self {
                        by: by.clone(),
                        at,
                        categories: opened.categories.clone(),
                        final_due_on: opened.final_due_on,
                        persons: None,
                        scope: None,
                        filled: Vec::new(),
                        reports: Vec::new(),
                        notified: Vec::new(),
                        is_closed: false,
                        opened: opened.clone(),
                    });
                }
                (Some(incident), event) => incident.apply(event),
                (None, _) => {}
            }
        }
        incident
    }

    fn apply(&mut self, event: &IncidentEvent) {
        match event {
            IncidentEvent::Opened(_) | IncidentEvent::Noted { .. } => {}
            IncidentEvent::Classified {
                categories,
                final_due_on,
                ..
            } => {
                self.categories.clone_from(categories);
                self.final_due_on = *final_due_on;
            }
            IncidentEvent::PersonsCounted { persons, scope, .. } => {
                self.persons = Some(*persons);
                self.scope.clone_from(scope);
            }
            IncidentEvent::ReportWritten { filled, .. } => self.filled.clone_from(filled),
            IncidentEvent::Reported { stage, on, .. } => self.reports.push(Reported {
                stage: *stage,
                on: *on,
            }),
            IncidentEvent::PersonsNotified { persons, on, .. } => self.notified.push(Notified {
                persons: *persons,
                on: *on,
            }),
            IncidentEvent::Closed { .. } => self.is_closed = true,
        }
    }

    /// Where it stands.
    pub fn status(&self) -> IncidentStatus {
        if self.is_closed {
            IncidentStatus::Closed
        } else if self.was_reported(ReportStage::Final) {
            IncidentStatus::FinalReported
        } else if self.was_reported(ReportStage::First) {
            IncidentStatus::FirstReported
        } else {
            IncidentStatus::Open
        }
    }

    /// Whether that report went out.
    pub fn was_reported(&self, stage: ReportStage) -> bool {
        self.reports.iter().any(|report| report.stage == stage)
    }

    /// Whether it must be reported: one of the kinds, or more persons than the threshold.
    pub fn must_be_reported(&self, threshold: u32) -> bool {
        !self.categories.is_empty() || self.persons.is_some_and(|persons| persons > threshold)
    }

    /// The next report that is missing, with its last day; none: everything went out, or it is over. Only what must be reported
    /// has one, and what nobody has judged yet.
    pub fn next_due(&self, threshold: u32) -> Option<(ReportStage, NaiveDate)> {
        let is_judged_harmless = self.persons.is_some() && !self.must_be_reported(threshold);
        if self.is_closed || is_judged_harmless || self.was_reported(ReportStage::Final) {
            None
        } else if self.was_reported(ReportStage::First) {
            Some((ReportStage::Final, self.final_due_on))
        } else {
            Some((ReportStage::First, self.opened.first_due_on))
        }
    }
}
