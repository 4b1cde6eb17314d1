//! What can happen to a request. Its content and the reasons that people give are sealed; that it was made, by whom, and what became
//! of it stands in the clear for ever.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{ApprovalId, BulkChangeId, DeclarationId, ExportId, ImportId};
use crate::staff::StaffId;

/// Kind of the tag that every event of a request carries.
pub const TAG_APPROVAL: &str = "approval";
/// The name of the sealed part with what is asked for.
pub const PART_CONTENT: &str = "content";
/// The name of the sealed part in which a decision says why.
pub const PART_REASON: &str = "why";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

/// Somebody asks for something that needs a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// Which request.
    pub approval_id: ApprovalId,
    /// What kind of act, such as `staff.roles`.
    pub kind: String,
    /// Keyed hash of the content, hexadecimal: whoever agrees names it.
    pub content_hash: String,
    /// Until when somebody can agree.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub expires_at: DateTime<Utc>,
    /// Who gains by it: they cannot agree to it.
    pub beneficiary: Option<StaffId>,
    /// What it is about, so that an inbox can say so; older requests do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
}

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum About {
    /// An account of a member of staff.
    Staff(StaffId),
    /// A declaration.
    Declaration(DeclarationId),
    /// A change of many declarations.
    BulkChange(BulkChangeId),
    /// An import.
    Import(ImportId),
    /// A file that leaves.
    Export(ExportId),
}

/// Why a request ended without anybody's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidReason {
    /// What it is about was changed since.
    Changed,
    /// Whoever asked may not do it any more.
    NotAllowed,
    /// It cannot be done as it was asked for.
    Impossible,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovalEvent {
    /// Somebody asked.
    Requested(Requested),
    /// A second person agreed to exactly this content.
    Approved {
        /// Which request.
        approval_id: ApprovalId,
        /// Of what was agreed to.
        content_hash: String,
    },
    /// A second person did not agree.
    Rejected {
        /// Which request.
        approval_id: ApprovalId,
    },
    /// Whoever asked does not want it any more.
    Withdrawn {
        /// Which request.
        approval_id: ApprovalId,
    },
    /// It cannot be agreed to any more.
    Voided {
        /// Which request.
        approval_id: ApprovalId,
        /// Why.
        why: VoidReason,
    },
    /// An administrator did without a second person, in an emergency.
    Bypassed {
        /// Which request.
        approval_id: ApprovalId,
    },
    /// It is done.
    CarriedOut {
        /// Which request.
        approval_id: ApprovalId,
    },
}

/// An event of a request that this version cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableApproval {
    /// No event of a request has that type and version.
    #[error("unknown event {event_type} of schema version {version}")]
    Unknown {
        /// The type.
        event_type: String,
        /// The version.
        version: u16,
    },
    /// The data does not have the shape of that version.
    #[error("an event of a request does not have its shape")]
    Shape(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct WireApproved {
    approval_id: ApprovalId,
    content_hash: String,
}

#[derive(Serialize, Deserialize)]
struct WireVoided {
    approval_id: ApprovalId,
    why: VoidReason,
}

#[derive(Serialize, Deserialize)]
struct WireAlone {
    approval_id: ApprovalId,
}

impl ApprovalEvent {
    /// The wire types of all events.
    pub const TYPES: [&'static str; 7] = [
        "approval.requested",
        "approval.approved",
        "approval.rejected",
        "approval.withdrawn",
        "approval.voided",
        "approval.bypassed",
        "approval.carried_out",
    ];

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        let index = match self {
            Self::Requested(_) => 0,
            Self::Approved { .. } => 1,
            Self::Rejected { .. } => 2,
            Self::Withdrawn { .. } => 3,
            Self::Voided { .. } => 4,
            Self::Bypassed { .. } => 5,
            Self::CarriedOut { .. } => 6,
        };
        Self::TYPES[index]
    }

    /// Which request it is about.
    pub const fn approval_id(&self) -> ApprovalId {
        match self {
            Self::Requested(Requested { approval_id, .. })
            | Self::Approved { approval_id, .. }
            | Self::Rejected { approval_id }
            | Self::Withdrawn { approval_id }
            | Self::Voided { approval_id, .. }
            | Self::Bypassed { approval_id }
            | Self::CarriedOut { approval_id } => *approval_id,
        }
    }

    /// What stands in the clear.
    pub fn data(&self) -> Value {
        let json = match self {
            Self::Requested(requested) => serde_json::to_value(requested),
            Self::Approved {
                approval_id,
                content_hash,
            } => serde_json::to_value(WireApproved {
                approval_id: *approval_id,
                content_hash: content_hash.clone(),
            }),
            Self::Voided { approval_id, why } => serde_json::to_value(WireVoided {
                approval_id: *approval_id,
                why: *why,
            }),
            Self::Rejected { approval_id }
            | Self::Withdrawn { approval_id }
            | Self::Bypassed { approval_id }
            | Self::CarriedOut { approval_id } => serde_json::to_value(WireAlone {
                approval_id: *approval_id,
            }),
        };
        json.expect("ids, texts and numbers are JSON")
    }

    /// Reads what stands in the clear.
    pub fn decode(event_type: &str, version: u16, data: &Value) -> Result<Self, UnreadableApproval> {
        let unknown = || UnreadableApproval::Unknown {
            event_type: event_type.to_owned(),
            version,
        };
        if version != SCHEMA_VERSION {
            return Err(unknown());
        }
        let alone = || WireAlone::deserialize(data).map(|wire| wire.approval_id);
        Ok(match event_type {
            "approval.requested" => Self::Requested(Requested::deserialize(data)?),
            "approval.approved" => {
                let WireApproved {
                    approval_id,
                    content_hash,
                } = WireApproved::deserialize(data)?;
                Self::Approved {
                    approval_id,
                    content_hash,
                }
            }
            "approval.voided" => {
                let WireVoided { approval_id, why } = WireVoided::deserialize(data)?;
                Self::Voided { approval_id, why }
            }
            "approval.rejected" => Self::Rejected {
                approval_id: alone()?,
            },
            "approval.withdrawn" => Self::Withdrawn {
                approval_id: alone()?,
            },
            "approval.bypassed" => Self::Bypassed {
                approval_id: alone()?,
            },
            "approval.carried_out" => Self::CarriedOut {
                approval_id: alone()?,
            },
            _ => return Err(unknown()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::StaffId;
    use uuid::Uuid;

    #[test]
    fn the_stored_shapes_are_frozen_and_read_back() {
        let approval_id = ApprovalId::new(Uuid::from_u128(1));
        let id = r#""approval_id":"00000000-0000-0000-0000-000000000001""#;
        let requested = Requested {
            approval_id,
            kind: "staff.roles".to_owned(),
            content_hash: "ab".to_owned(),
            expires_at: DateTime::UNIX_EPOCH,
            beneficiary: Some(StaffId(Uuid::from_u128(2))),
            about: None,
        };
        let about = Requested {
            kind: "declaration.forget".to_owned(),
            beneficiary: None,
            about: Some(About::Declaration(DeclarationId::new(Uuid::from_u128(3)))),
            ..requested.clone()
        };
        let cases = [
            (
                ApprovalEvent::Requested(about),
                format!(
                    r#"approval.requested {{"about":{{"id":"00000000-0000-0000-0000-000000000003","kind":"declaration"}},{id},"beneficiary":null,"content_hash":"ab","expires_at":0,"kind":"declaration.forget"}}"#
                ),
            ),
            (
                ApprovalEvent::Requested(requested),
                format!(
                    r#"approval.requested {{{id},"beneficiary":"00000000-0000-0000-0000-000000000002","content_hash":"ab","expires_at":0,"kind":"staff.roles"}}"#
                ),
            ),
            (
                ApprovalEvent::Approved {
                    approval_id,
                    content_hash: "ab".to_owned(),
                },
                format!(r#"approval.approved {{{id},"content_hash":"ab"}}"#),
            ),
            (
                ApprovalEvent::Rejected { approval_id },
                format!("approval.rejected {{{id}}}"),
            ),
            (
                ApprovalEvent::Withdrawn { approval_id },
                format!("approval.withdrawn {{{id}}}"),
            ),
            (
                ApprovalEvent::Voided {
                    approval_id,
                    why: VoidReason::NotAllowed,
                },
                format!(r#"approval.voided {{{id},"why":"not_allowed"}}"#),
            ),
            (
                ApprovalEvent::Bypassed { approval_id },
                format!("approval.bypassed {{{id}}}"),
            ),
            (
                ApprovalEvent::CarriedOut { approval_id },
                format!("approval.carried_out {{{id}}}"),
            ),
        ];
        assert_eq!(cases.len(), ApprovalEvent::TYPES.len() + 1);
        for (event, stored) in cases {
            assert_eq!(format!("{} {}", event.event_type(), event.data()), stored);
            let read = ApprovalEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
            assert_eq!(read.expect("it reads back"), event);
        }
        assert!(ApprovalEvent::decode("approval.rejected", 2, &Value::Null).is_err());
        assert!(ApprovalEvent::decode("approval.other", 1, &Value::Null).is_err());
    }
}
