//! Tokens by which programs of other offices read: named, limited in what they may and for how long, and taken back at any time.

mod decide;
mod event;

pub use decide::{Issue, IssueProblem, LIFETIME_DAYS, issue};
pub use event::{ApiTokenEvent, Issued, SCHEMA_VERSION, TAG_API_TOKEN, UnreadableApiToken};

use crate::staff::Permission;
use crate::wire::wire_enum;

wire_enum! {
    /// What a token is good for. It only ever reads.
    Scope {
        /// The register's public facts.
        ReadDeclarations = "declarations",
        /// Names of persons, contact data and free text; each such read is recorded.
        ReadPersonal = "personal",
        /// Where declarations stand, asked for by their numbers: nothing else can be read by it alone.
        CheckStatus = "status_checks",
    }
}

impl Scope {
    /// What whoever comes with it may do.
    pub const fn permission(self) -> Permission {
        match self {
            Self::ReadDeclarations => Permission::ReadDeclarations,
            Self::ReadPersonal => Permission::ReadPersonal,
            Self::CheckStatus => Permission::CheckStatus,
        }
    }
}
