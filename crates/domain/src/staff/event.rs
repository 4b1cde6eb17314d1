//! What can happen to an account. Login, name and address are sealed; the rest stands in the clear.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Role, StaffId};
use crate::{Personal, SubjectId};

/// Kind of the tag that every event of a member of staff carries.
pub const TAG_STAFF: &str = "staff";

/// The name of the sealed part of an event by which somebody joins.
pub const PART_STAFF: &str = "staff";

/// The name of the sealed part with somebody's address.
pub const PART_MAIL: &str = "mail";

/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

/// Somebody joined: the account exists from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Who.
    pub staff_id: StaffId,
    /// Whose key seals login and name.
    pub subject: SubjectId,
    /// What they were given to do.
    pub roles: Vec<Role>,
    /// What they type to sign in.
    pub login: Personal<String>,
    /// The name that others see.
    pub name: Personal<String>,
}

impl Joined {
    /// What stands in the clear.
    pub fn event(&self) -> StaffEvent {
        StaffEvent::Joined {
            staff_id: self.staff_id,
            roles: self.roles.clone(),
        }
    }

    /// What is sealed.
    pub fn personal(&self) -> Value {
        json!({ "login": self.login.reveal(), "name": self.name.reveal() })
    }
}

/// Why an account was disabled: a code, because free text would be about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisableReason {
    /// They work elsewhere now.
    Left,
    /// They will come back.
    OnLeave,
    /// Somebody else may have their password or passkey.
    Suspicion,
}

/// What happened to an account, without what is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffEvent {
    /// It exists from here on.
    Joined {
        /// Whose.
        staff_id: StaffId,
        /// What they were given to do.
        roles: Vec<Role>,
    },
    /// They may do other things from here on.
    RolesChanged {
        /// Whose.
        staff_id: StaffId,
        /// All that they were given to do.
        roles: Vec<Role>,
    },
    /// Nobody can sign in with it any more.
    Disabled {
        /// Whose.
        staff_id: StaffId,
        /// Why.
        reason: DisableReason,
    },
    /// They can sign in again.
    Enabled {
        /// Whose.
        staff_id: StaffId,
    },
    /// Notices go to another address, which is sealed.
    MailChanged {
        /// Whose.
        staff_id: StaffId,
    },
    /// Somebody was sent a link by which they can join under this id.
    Invited {
        /// Whose account it will be.
        staff_id: StaffId,
        /// What they will be given to do.
        roles: Vec<Role>,
    },
    /// The link does not work any more.
    InvitationRevoked {
        /// Whose account it would have been.
        staff_id: StaffId,
    },
    /// They signed in.
    SignedIn {
        /// Who.
        staff_id: StaffId,
        /// How.
        method: SignInMethod,
    },
    /// Something by which they prove who they are was set, removed or used up.
    CredentialChanged {
        /// Whose.
        staff_id: StaffId,
        /// What became of it.
        what: CredentialChange,
    },
    /// Whose account it is beside another one, or that it is of somebody else after all: what approvals go by.
    PersonLinked {
        /// Whose.
        staff_id: StaffId,
        /// The other account of the same person; none: there is none.
        same_as: Option<StaffId>,
    },
}

/// What became of something by which somebody proves who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialChange {
    /// An authenticator gives codes from now on, or another one does.
    TotpSet,
    /// The password alone is enough again.
    TotpRemoved,
    /// Ten recovery codes were made; those before are good no more.
    RecoveryCodesMade,
    /// One recovery code was used instead of the authenticator.
    RecoveryCodeUsed,
    /// Somebody else took the second factor away, because its owner lost it.
    SecondFactorReset,
    /// Its owner chose another password, knowing the one before.
    PasswordChanged,
    /// A one-time link was made by which its owner can choose another password; those before are good no more.
    PasswordLinkSent,
    /// Whoever had that link chose another password.
    PasswordReset,
    /// A passkey opens the account from now on.
    PasskeyAdded,
    /// A passkey opens it no more.
    PasskeyRemoved,
    /// A passkey counted backwards, as a copy of it does; it opens the account no more.
    PasskeySuspected,
    /// A provider can vouch for them from now on.
    IdentityLinked,
    /// It can no more.
    IdentityUnlinked,
    /// A one-time link was sent by which another address is confirmed.
    MailLinkSent,
}

impl CredentialChange {
    /// The word for it in events and records.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TotpSet => "totp_set",
            Self::TotpRemoved => "totp_removed",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::SecondFactorReset => "second_factor_reset",
            Self::PasswordChanged => "password_changed",
            Self::PasswordLinkSent => "password_link_sent",
            Self::PasswordReset => "password_reset",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasskeySuspected => "passkey_suspected",
            Self::IdentityLinked => "identity_linked",
            Self::IdentityUnlinked => "identity_unlinked",
            Self::MailLinkSent => "mail_link_sent",
        }
    }
}

/// By what somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInMethod {
    /// The password.
    Password,
    /// The one-time link by which they joined.
    Invitation,
    /// The password, and a code of the authenticator.
    PasswordAndTotp,
    /// The password, and a recovery code.
    PasswordAndRecoveryCode,
    /// A passkey, whose owner proved to it who they are.
    Passkey,
    /// A provider vouched for them.
    SingleSignOn,
}

impl SignInMethod {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Password,
        Self::Invitation,
        Self::PasswordAndTotp,
        Self::PasswordAndRecoveryCode,
        Self::Passkey,
        Self::SingleSignOn,
    ];

    /// The word for it in events and rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Invitation => "invitation",
            Self::PasswordAndTotp => "password_and_totp",
            Self::PasswordAndRecoveryCode => "password_and_recovery_code",
            Self::Passkey => "passkey",
            Self::SingleSignOn => "single_sign_on",
        }
    }

    /// The way of that word; none: this version does not know it.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }
}

/// An event of an account that this version cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableStaffEvent {
    /// No event of an account has that type and version.
    #[error("unknown event {event_type} of schema version {version}")]
    Unknown {
        /// The type.
        event_type: String,
        /// The version.
        version: u16,
    },
    /// The data does not have the shape of that version.
    #[error("an event of an account does not have its shape")]
    Shape(#[from] serde_json::Error),
    /// A role that this version does not know.
    #[error(transparent)]
    Role(#[from] super::UnknownRole),
}

#[derive(Serialize, Deserialize)]
struct WireRoles {
    staff_id: Uuid,
    roles: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct WireDisabled {
    staff_id: Uuid,
    reason: DisableReason,
}

#[derive(Serialize, Deserialize)]
struct WirePersonLinked {
    staff_id: Uuid,
    same_as: Option<Uuid>,
}

#[derive(Serialize, Deserialize)]
struct WireStaff {
    staff_id: Uuid,
}

#[derive(Serialize, Deserialize)]
struct WireSignedIn {
    staff_id: Uuid,
    method: SignInMethod,
}

#[derive(Serialize, Deserialize)]
struct WireCredentialChanged {
    staff_id: Uuid,
    what: CredentialChange,
}

impl StaffEvent {
    /// The wire types of all events.
    pub const TYPES: [&'static str; 10] = [
        "staff.joined",
        "staff.roles_changed",
        "staff.disabled",
        "staff.enabled",
        "staff.mail_changed",
        "staff.invited",
        "staff.invitation_revoked",
        "staff.signed_in",
        "staff.credential_changed",
        "staff.person_linked",
    ];

    /// The wire types of the events that change an account: what the guard of a change asks for.
    pub const FACT_TYPES: [&'static str; 4] = {
        let [joined, roles_changed, disabled, enabled, ..] = Self::TYPES;
        [joined, roles_changed, disabled, enabled]
    };

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        let index = match self {
            Self::Joined { .. } => 0,
            Self::RolesChanged { .. } => 1,
            Self::Disabled { .. } => 2,
            Self::Enabled { .. } => 3,
            Self::MailChanged { .. } => 4,
            Self::Invited { .. } => 5,
            Self::InvitationRevoked { .. } => 6,
            Self::SignedIn { .. } => 7,
            Self::CredentialChanged { .. } => 8,
            Self::PersonLinked { .. } => 9,
        };
        Self::TYPES[index]
    }

    /// Whose account it is.
    pub const fn staff_id(&self) -> StaffId {
        match self {
            Self::Joined { staff_id, .. }
            | Self::RolesChanged { staff_id, .. }
            | Self::Disabled { staff_id, .. }
            | Self::Enabled { staff_id }
            | Self::MailChanged { staff_id }
            | Self::Invited { staff_id, .. }
            | Self::InvitationRevoked { staff_id }
            | Self::SignedIn { staff_id, .. }
            | Self::CredentialChanged { staff_id, .. }
            | Self::PersonLinked { staff_id, .. } => *staff_id,
        }
    }

    /// What stands in the clear.
    pub fn data(&self) -> Value {
        let id = self.staff_id().0;
        match self {
            Self::Joined { roles, .. } | Self::RolesChanged { roles, .. } | Self::Invited { roles, .. } => {
                json!({ "staff_id": id, "roles": codes(roles) })
            }
            Self::Disabled { reason, .. } => json!({ "staff_id": id, "reason": reason }),
            Self::Enabled { .. } | Self::MailChanged { .. } | Self::InvitationRevoked { .. } => {
                json!({ "staff_id": id })
            }
            Self::SignedIn { method, .. } => json!({ "staff_id": id, "method": method }),
            Self::CredentialChanged { what, .. } => json!({ "staff_id": id, "what": what }),
            Self::PersonLinked { same_as, .. } => {
                json!({ "staff_id": id, "same_as": same_as.map(|other| other.0) })
            }
        }
    }

    /// Reads what stands in the clear.
    pub fn decode(event_type: &str, version: u16, data: &Value) -> Result<Self, UnreadableStaffEvent> {
        if version != SCHEMA_VERSION {
            return Err(unknown(event_type, version));
        }
        Ok(match event_type {
            "staff.joined" => {
                let (staff_id, roles) = with_roles(data)?;
                Self::Joined { staff_id, roles }
            }
            "staff.roles_changed" => {
                let (staff_id, roles) = with_roles(data)?;
                Self::RolesChanged { staff_id, roles }
            }
            "staff.invited" => {
                let (staff_id, roles) = with_roles(data)?;
                Self::Invited { staff_id, roles }
            }
            "staff.signed_in" => {
                let wire = WireSignedIn::deserialize(data)?;
                Self::SignedIn {
                    staff_id: StaffId(wire.staff_id),
                    method: wire.method,
                }
            }
            "staff.credential_changed" => {
                let wire = WireCredentialChanged::deserialize(data)?;
                Self::CredentialChanged {
                    staff_id: StaffId(wire.staff_id),
                    what: wire.what,
                }
            }
            "staff.person_linked" => {
                let wire = WirePersonLinked::deserialize(data)?;
                Self::PersonLinked {
                    staff_id: StaffId(wire.staff_id),
                    same_as: wire.same_as.map(StaffId),
                }
            }
            "staff.disabled" => {
                let wire = WireDisabled::deserialize(data)?;
                Self::Disabled {
                    staff_id: StaffId(wire.staff_id),
                    reason: wire.reason,
                }
            }
            "staff.enabled" => Self::Enabled {
                staff_id: alone(data)?,
            },
            "staff.mail_changed" => Self::MailChanged {
                staff_id: alone(data)?,
            },
            "staff.invitation_revoked" => Self::InvitationRevoked {
                staff_id: alone(data)?,
            },
            _ => return Err(unknown(event_type, version)),
        })
    }
}

fn unknown(event_type: &str, version: u16) -> UnreadableStaffEvent {
    UnreadableStaffEvent::Unknown {
        event_type: event_type.to_owned(),
        version,
    }
}

fn codes(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.as_str()).collect()
}

fn alone(data: &Value) -> Result<StaffId, serde_json::Error> {
    Ok(StaffId(WireStaff::deserialize(data)?.staff_id))
}

fn with_roles(data: &Value) -> Result<(StaffId, Vec<Role>), UnreadableStaffEvent> {
    let wire = WireRoles::deserialize(data)?;
    Ok((StaffId(wire.staff_id), roles(&wire.roles)?))
}

fn roles(codes: &[String]) -> Result<Vec<Role>, super::UnknownRole> {
    codes.iter().map(|code| code.parse()).collect()
}

#[cfg(test)]
mod tests;
