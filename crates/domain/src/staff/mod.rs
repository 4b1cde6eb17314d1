//! Members of staff: their accounts and roles, what each role may do, and who an action is ascribed to.

mod account;
mod actor;
mod event;
mod policy;
mod role;
mod security;

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use account::{Account, AccountRefusal, Others, change_roles, disable, enable, in_order, link_person};
pub use actor::{Actor, UnknownActor};
pub use event::{
    CredentialChange, DisableReason, Joined, PART_MAIL, PART_STAFF, SCHEMA_VERSION, SignInMethod, StaffEvent,
    TAG_STAFF, UnreadableStaffEvent,
};
pub use policy::{FieldClass, Permission, allows, sees};
pub use role::{Role, UnknownRole};
pub use security::SecurityKind;

/// One member of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StaffId(pub Uuid);

impl fmt::Display for StaffId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
