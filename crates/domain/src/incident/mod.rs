//! An incident in which personal data may have got out (漏えい等事案): what is known, by when it is reported, and what was reported.
//!
//! **What it is for.** From the moment of awareness two clocks run: for the first report (速報) and for the final one (確報). The
//! report has nine items ([`ReportItem`]).
//!
//! **What it must never do.** Keep free text in the clear: every word about what happened is sealed under a key of the incident.

mod decide;
mod event;
mod state;

pub use decide::{
    Clock, IncidentRefusal, classify, close, count_persons, note, notify_persons, open, record_report,
    write_report,
};
pub use event::{
    Category, IncidentEvent, Opened, PART_REPORT, PART_TEXT, ReportItem, ReportStage, SCHEMA_VERSION, Scope,
    TAG_INCIDENT,
};
pub use state::{Incident, IncidentStatus, Notified, Reported};
