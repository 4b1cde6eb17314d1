//! What can happen to a request of a data subject. Who asked and every free text is sealed under the key of the case; what stands
//! in the clear says what was done and when, and about which records.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::declaration::Role;
use crate::ids::{ApprovalId, DeclarationId, PrivacyRequestId, SubjectId};
use crate::staff::StaffId;
use crate::wire::{UnreadableEvent, clear_data, read_clear_data, wire_enum};

/// Kind of the tag that every event of a request carries.
pub const TAG_PRIVACY_REQUEST: &str = "privacy-request";
/// The name of the sealed part with who asked.
pub const PART_PERSON: &str = "person";
/// The name of the sealed part with a free text: what is wanted, why, what was done.
pub const PART_TEXT: &str = "text";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

wire_enum! {
    /// What is asked for.
    PrivacyRequestKind {
        /// 開示: to see what is kept.
        Disclosure = "disclosure",
        /// 訂正: to have it corrected.
        Correction = "correction",
        /// 利用停止: to have it no longer used.
        StopOfUse = "stop_of_use",
        /// 消去: to have it erased.
        Erasure = "erasure",
    }
}

wire_enum! {
    /// The way a request came in or an answer went out.
    Channel {
        /// By electronic mail.
        Mail = "mail",
        /// By post.
        Post = "post",
        /// By telephone.
        Telephone = "telephone",
        /// In the office.
        Counter = "counter",
        /// Another way.
        Other = "other",
    }
}

wire_enum! {
    /// How it was looked at whether the person is who they say.
    IdentityMethod {
        /// An official document.
        Document = "document",
        /// They answered from a contact that the register had before.
        KnownContact = "known_contact",
        /// They signed in with GビズID.
        GbizId = "gbiz_id",
        /// Somebody acts for them, and proved both.
        Agent = "agent",
        /// Another way.
        Other = "other",
    }
}

wire_enum! {
    /// What was decided.
    Outcome {
        /// All of it.
        Granted = "granted",
        /// Some of it.
        Partly = "partly",
        /// None of it.
        Refused = "refused",
    }
}

wire_enum! {
    /// What was done.
    MeasureKind {
        /// The person was shown what is kept.
        Disclosed = "disclosed",
        /// Something was corrected.
        Corrected = "corrected",
        /// Something is no longer used.
        UseStopped = "use_stopped",
        /// Somebody was forgotten in the register, or that was asked for.
        Erased = "erased",
        /// Something else.
        Other = "other",
    }
}

wire_enum! {
    /// How a case ended.
    Closing {
        /// The person has their answer.
        Answered = "answered",
        /// They do not want it any more.
        Withdrawn = "withdrawn",
    }
}

/// Somebody asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Which request.
    pub request_id: PrivacyRequestId,
    /// What is asked for.
    pub kind: PrivacyRequestKind,
    /// The way it came in.
    pub channel: Channel,
    /// The day on which it came in.
    pub received_on: NaiveDate,
    /// The last day for a decision.
    pub due_on: NaiveDate,
    /// The records that it is about, as far as they are known.
    pub declarations: Vec<DeclarationId>,
}

/// Something that was done because of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// What kind of thing.
    pub kind: MeasureKind,
    /// In which record; none: in none, or in all.
    pub declaration_id: Option<DeclarationId>,
    /// Where the register says so: the version that a correction or an erasure has made.
    pub version: Option<i64>,
    /// The request to a second person by which it is done.
    pub approval_id: Option<ApprovalId>,
    /// Who is to be forgotten in the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Role>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum PrivacyRequestEvent {
    /// Somebody asked.
    #[serde(rename = "privacy_request.opened")]
    Opened(Opened),
    /// It is about these records, all of them.
    #[serde(rename = "privacy_request.concerned")]
    Concerned {
        /// Which request.
        request_id: PrivacyRequestId,
        /// The records.
        declarations: Vec<DeclarationId>,
    },
    /// Somebody handles it from here on.
    #[serde(rename = "privacy_request.assigned")]
    Assigned {
        /// Which request.
        request_id: PrivacyRequestId,
        /// Who; none: nobody any more.
        handler: Option<StaffId>,
    },
    /// It was looked at whether the person is who they say.
    #[serde(rename = "privacy_request.identity_checked")]
    IdentityChecked {
        /// Which request.
        request_id: PrivacyRequestId,
        /// How.
        method: IdentityMethod,
        /// Whether they are.
        is_confirmed: bool,
    },
    /// Something is missing, and the person was asked for it; the term stands still.
    #[serde(rename = "privacy_request.paused")]
    Paused {
        /// Which request.
        request_id: PrivacyRequestId,
        /// Since which day.
        on: NaiveDate,
    },
    /// What was missing came in; the term goes on.
    #[serde(rename = "privacy_request.resumed")]
    Resumed {
        /// Which request.
        request_id: PrivacyRequestId,
        /// On which day.
        on: NaiveDate,
        /// The last day from here on.
        due_on: NaiveDate,
    },
    /// It takes longer; the person is told so and why.
    #[serde(rename = "privacy_request.extended")]
    Extended {
        /// Which request.
        request_id: PrivacyRequestId,
        /// The last day from here on.
        due_on: NaiveDate,
    },
    /// It was decided.
    #[serde(rename = "privacy_request.decided")]
    Decided {
        /// Which request.
        request_id: PrivacyRequestId,
        /// What.
        outcome: Outcome,
    },
    /// What was decided was done, or a part of it.
    #[serde(rename = "privacy_request.measure_recorded")]
    MeasureRecorded {
        /// Which request.
        request_id: PrivacyRequestId,
        /// What.
        measure: Measure,
    },
    /// The answer went out.
    #[serde(rename = "privacy_request.answered")]
    Answered {
        /// Which request.
        request_id: PrivacyRequestId,
        /// On which day.
        on: NaiveDate,
        /// Which way.
        channel: Channel,
    },
    /// Somebody wrote down something about the case.
    #[serde(rename = "privacy_request.noted")]
    Noted {
        /// Which request.
        request_id: PrivacyRequestId,
    },
    /// It is over.
    #[serde(rename = "privacy_request.closed")]
    Closed {
        /// Which request.
        request_id: PrivacyRequestId,
        /// How.
        how: Closing,
    },
    /// It was kept for its time: the key of the case is destroyed, and with it who asked and every text.
    #[serde(rename = "privacy_request.forgotten")]
    Forgotten {
        /// Which request.
        request_id: PrivacyRequestId,
        /// Whose key.
        subject: SubjectId,
    },
}

impl PrivacyRequestEvent {
    /// The wire types of all events.
    pub const TYPES: [&'static str; 13] = [
        "privacy_request.opened",
        "privacy_request.concerned",
        "privacy_request.assigned",
        "privacy_request.identity_checked",
        "privacy_request.paused",
        "privacy_request.resumed",
        "privacy_request.extended",
        "privacy_request.decided",
        "privacy_request.measure_recorded",
        "privacy_request.answered",
        "privacy_request.noted",
        "privacy_request.closed",
        Self::FORGOTTEN,
    ];

    /// The wire type of the event that a key is destroyed for.
    pub const FORGOTTEN: &'static str = "privacy_request.forgotten";

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        let index = match self {
            Self::Opened(_) => 0,
            Self::Concerned { .. } => 1,
            Self::Assigned { .. } => 2,
            Self::IdentityChecked { .. } => 3,
            Self::Paused { .. } => 4,
            Self::Resumed { .. } => 5,
            Self::Extended { .. } => 6,
            Self::Decided { .. } => 7,
            Self::MeasureRecorded { .. } => 8,
            Self::Answered { .. } => 9,
            Self::Noted { .. } => 10,
            Self::Closed { .. } => 11,
            Self::Forgotten { .. } => 12,
        };
        Self::TYPES[index]
    }

    /// Which request it is about.
    pub const fn request_id(&self) -> PrivacyRequestId {
        match self {
            Self::Opened(Opened { request_id, .. })
            | Self::Concerned { request_id, .. }
            | Self::Assigned { request_id, .. }
            | Self::IdentityChecked { request_id, .. }
            | Self::Paused { request_id, .. }
            | Self::Resumed { request_id, .. }
            | Self::Extended { request_id, .. }
            | Self::Decided { request_id, .. }
            | Self::MeasureRecorded { request_id, .. }
            | Self::Answered { request_id, .. }
            | Self::Noted { request_id }
            | Self::Closed { request_id, .. }
            | Self::Forgotten { request_id, .. } => *request_id,
        }
    }

    /// What stands in the clear.
    pub fn data(&self) -> Value {
        clear_data(self)
    }

    /// Reads what stands in the clear.
    pub fn decode(event_type: &str, version: u16, data: &Value) -> Result<Self, UnreadableEvent> {
        read_clear_data(SCHEMA_VERSION, (event_type, version), data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ID: &str = r#""request_id":"00000000-0000-0000-0000-000000000001""#;
    const TWO: &str = "00000000-0000-0000-0000-000000000002";

    fn request_id() -> PrivacyRequestId {
        PrivacyRequestId::new(Uuid::from_u128(1))
    }

    fn declaration() -> DeclarationId {
        DeclarationId::new(Uuid::from_u128(2))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn until_the_decision() -> Vec<(PrivacyRequestEvent, String)> {
        let (request_id, declaration, id, two) = (request_id(), declaration(), ID, TWO);
        let opened = Opened {
            request_id,
            kind: PrivacyRequestKind::StopOfUse,
            channel: Channel::Post,
            received_on: day("2026-11-27"),
            due_on: day("2026-12-28"),
            declarations: vec![declaration],
        };
        vec![
            (
                PrivacyRequestEvent::Opened(opened),
                format!(
                    r#"opened {{"channel":"post","declarations":["{two}"],"due_on":"2026-12-28","kind":"stop_of_use","received_on":"2026-11-27",{id}}}"#
                ),
            ),
            (
                PrivacyRequestEvent::Concerned {
                    request_id,
                    declarations: vec![declaration],
                },
                format!(r#"concerned {{"declarations":["{two}"],{id}}}"#),
            ),
            (
                PrivacyRequestEvent::Assigned {
                    request_id,
                    handler: Some(StaffId(Uuid::from_u128(2))),
                },
                format!(r#"assigned {{"handler":"{two}",{id}}}"#),
            ),
            (
                PrivacyRequestEvent::IdentityChecked {
                    request_id,
                    method: IdentityMethod::KnownContact,
                    is_confirmed: true,
                },
                format!(r#"identity_checked {{"is_confirmed":true,"method":"known_contact",{id}}}"#),
            ),
            (
                PrivacyRequestEvent::Paused {
                    request_id,
                    on: day("2026-12-01"),
                },
                format!(r#"paused {{"on":"2026-12-01",{id}}}"#),
            ),
            (
                PrivacyRequestEvent::Resumed {
                    request_id,
                    on: day("2026-12-03"),
                    due_on: day("2026-12-30"),
                },
                format!(r#"resumed {{"due_on":"2026-12-30","on":"2026-12-03",{id}}}"#),
            ),
            (
                PrivacyRequestEvent::Extended {
                    request_id,
                    due_on: day("2027-01-20"),
                },
                format!(r#"extended {{"due_on":"2027-01-20",{id}}}"#),
            ),
        ]
    }

    fn from_the_decision() -> Vec<(PrivacyRequestEvent, String)> {
        let (request_id, declaration, id, two) = (request_id(), declaration(), ID, TWO);
        let measure = Measure {
            kind: MeasureKind::UseStopped,
            declaration_id: Some(declaration),
            version: Some(7),
            approval_id: Some(ApprovalId::new(Uuid::from_u128(2))),
            person: None,
        };
        let erasure = Measure {
            kind: MeasureKind::Erased,
            version: None,
            person: Some(Role::Contact),
            ..measure.clone()
        };
        vec![
            (
                PrivacyRequestEvent::Decided {
                    request_id,
                    outcome: Outcome::Partly,
                },
                format!(r#"decided {{"outcome":"partly",{id}}}"#),
            ),
            (
                PrivacyRequestEvent::MeasureRecorded { request_id, measure },
                format!(
                    r#"measure_recorded {{"measure":{{"approval_id":"{two}","declaration_id":"{two}","kind":"use_stopped","version":7}},{id}}}"#
                ),
            ),
            (
                PrivacyRequestEvent::MeasureRecorded {
                    request_id,
                    measure: erasure,
                },
                format!(
                    r#"measure_recorded {{"measure":{{"approval_id":"{two}","declaration_id":"{two}","kind":"erased","person":"contact","version":null}},{id}}}"#
                ),
            ),
            (
                PrivacyRequestEvent::Answered {
                    request_id,
                    on: day("2026-12-10"),
                    channel: Channel::Post,
                },
                format!(r#"answered {{"channel":"post","on":"2026-12-10",{id}}}"#),
            ),
            (
                PrivacyRequestEvent::Noted { request_id },
                format!("noted {{{id}}}"),
            ),
            (
                PrivacyRequestEvent::Closed {
                    request_id,
                    how: Closing::Answered,
                },
                format!(r#"closed {{"how":"answered",{id}}}"#),
            ),
            (
                PrivacyRequestEvent::Forgotten {
                    request_id,
                    subject: SubjectId::new(Uuid::from_u128(2)),
                },
                format!(r#"forgotten {{{id},"subject":"{two}"}}"#),
            ),
        ]
    }

    #[test]
    fn the_stored_shapes_are_frozen_and_read_back() {
        let mut cases = until_the_decision();
        cases.extend(from_the_decision());
        // One has two shapes: from before erasures were asked for by the case, and since.
        assert_eq!(cases.len(), PrivacyRequestEvent::TYPES.len() + 1);
        for (event, stored) in cases {
            assert_eq!(
                format!("{} {}", event.event_type(), event.data()),
                format!("privacy_request.{stored}")
            );
            let read = PrivacyRequestEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
            assert_eq!(read.expect("it reads back"), event);
        }
        assert!(PrivacyRequestEvent::decode("privacy_request.noted", 2, &Value::Null).is_err());
        assert!(PrivacyRequestEvent::decode("privacy_request.other", 1, &Value::Null).is_err());
    }
}
