//! Incidents: 漏えい等事案.
//!
//! One way in for every change, [`App::change_incident`](crate::App::change_incident). Whose data may have been seen comes from the
//! record of reads through `affected.rs` alone, so that what finds it can be replaced there.

mod affected;
mod change;
mod draft;
mod open;
mod read;

pub use affected::{AffectedError, AffectedPage, AffectedRow};
pub use change::{ChangeIncidentError, IncidentChange};
pub use draft::{Report, report_json, report_text};
pub use open::{OpenIncident, OpenIncidentError};
pub use read::{IncidentDetail, IncidentEntry, ReadIncidentsError};

crate::case_log::case_event!(domain::incident::IncidentEvent, domain::incident, TAG_INCIDENT);
