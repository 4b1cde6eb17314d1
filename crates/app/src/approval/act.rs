//! What can be asked for.

use domain::staff::{Permission, Role, StaffId};
use serde::{Deserialize, Serialize};

/// An act that needs a second person, with its exact content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Act {
    /// Other roles for somebody, among them some that open everything else.
    #[serde(rename = "staff.roles")]
    ChangeRoles {
        /// Whose.
        staff_id: StaffId,
        /// The version of the account that its author saw.
        expected_version: i64,
        /// All roles from then on.
        roles: Vec<String>,
    },
}

impl Act {
    /// A stable code.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ChangeRoles { .. } => "staff.roles",
        }
    }

    /// The right that asking for it needs.
    pub const fn permission(&self) -> Permission {
        match self {
            Self::ChangeRoles { .. } => Permission::ManageStaff,
        }
    }

    /// Who gains by it.
    pub const fn beneficiary(&self) -> Option<StaffId> {
        match self {
            Self::ChangeRoles { staff_id, .. } => Some(*staff_id),
        }
    }

    /// Other roles for somebody.
    pub fn change_roles(staff_id: StaffId, expected_version: i64, roles: &[Role]) -> Self {
        Self::ChangeRoles {
            staff_id,
            expected_version,
            roles: roles.iter().map(|role| role.as_str().to_owned()).collect(),
        }
    }
}
