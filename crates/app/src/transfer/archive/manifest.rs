//! What an archive says about itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::summary::Summary;

/// The last member of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the form.
    pub format: u32,
    /// Its id, as in the list of backups.
    pub id: Uuid,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its copies are to be destroyed.
    pub expires_at: DateTime<Utc>,
    /// The version of the program that made it.
    pub program: String,
    /// What it holds: positions 1 to that of the head, and what is beside them.
    pub summary: Summary,
    /// All other members, in their order.
    pub members: Vec<Entry>,
}

/// A member of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its size as it is stored.
    pub bytes: u64,
    /// Of the bytes as they are stored, hexadecimal.
    pub sha256: String,
}
