//! Files that belong to a change: taken before it, named by it, and given out on record.

mod clean;
mod download;
mod evidence;
mod upload;
mod verify;

use chrono::TimeDelta;

pub use download::{Download, DownloadError};
pub use evidence::GivenEvidence;
pub(crate) use evidence::{EvidenceError, EvidenceFor};
pub use upload::{Upload, UploadError, UploadFor, Uploaded};
pub use verify::{AttachmentReport, DamagedAttachment};

/// How long a file waits for its change.
const WAITS: TimeDelta = TimeDelta::hours(24);
/// Until when a change takes it: well before it is removed, so that no file goes while its change is being written.
const TAKEN: TimeDelta = TimeDelta::hours(23);

/// What the bytes of a file are sealed for.
fn content_label(id: domain::AttachmentId) -> String {
    format!("attachment/{id}")
}

/// What its name and hash are sealed for.
fn label_label(id: domain::AttachmentId) -> String {
    format!("attachment-label/{id}")
}
