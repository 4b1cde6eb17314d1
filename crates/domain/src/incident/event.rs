//! What can happen to an incident. Free text is sealed; kinds, days and numbers stand in the clear.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::IncidentId;
use crate::staff::StaffId;
use crate::wire::{UnreadableEvent, clear_data, read_clear_data, wire_enum};

/// Kind of the tag that every event of an incident carries.
pub const TAG_INCIDENT: &str = "incident";
/// The name of the sealed part with the nine items of the report.
pub const PART_REPORT: &str = "report";
/// The name of the sealed part with a free text: what is known, a receipt number, a note.
pub const PART_TEXT: &str = "text";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

wire_enum! {
    /// Why an incident must be reported.
    Category {
        /// 要配慮個人情報.
        Sensitive = "sensitive",
        /// 財産的被害のおそれ.
        Financial = "financial",
        /// 不正の目的によるおそれ.
        Wrongful = "wrongful",
        /// 多数の本人.
        ManyPersons = "many_persons",
    }
}

wire_enum! {
    /// Which report.
    ReportStage {
        /// 速報.
        First = "first",
        /// 確報.
        Final = "final",
    }
}

wire_enum! {
    /// An item of the report, in the order of the law.
    ReportItem {
        /// 概要.
        Outline = "outline",
        /// 漏えい等が発生した個人データの項目.
        DataItems = "data_items",
        /// 本人の数.
        Persons = "persons",
        /// 原因.
        Cause = "cause",
        /// 二次被害又はそのおそれの有無及びその内容.
        SecondaryDamage = "secondary_damage",
        /// 本人への対応の実施状況.
        Response = "response",
        /// 公表の実施状況.
        Publication = "publication",
        /// 再発防止のための措置.
        Prevention = "prevention",
        /// その他参考となる事項.
        Other = "other",
    }
}

impl ReportItem {
    /// What the form of the authority calls it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Outline => "概要",
            Self::DataItems => "漏えい等が発生し、又は発生したおそれがある個人データの項目",
            Self::Persons => "漏えい等が発生し、又は発生したおそれがある個人データに係る本人の数",
            Self::Cause => "原因",
            Self::SecondaryDamage => "二次被害又はそのおそれの有無及びその内容",
            Self::Response => "本人への対応の実施状況",
            Self::Publication => "公表の実施状況",
            Self::Prevention => "再発防止のための措置",
            Self::Other => "その他参考となる事項",
        }
    }
}

/// Whose data may have been seen: what an account opened in a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The account.
    pub account: StaffId,
    /// From when.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub from: DateTime<Utc>,
    /// Until when; this moment is outside.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub to: DateTime<Utc>,
}

/// Somebody became aware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Which incident.
    pub incident_id: IncidentId,
    /// When the office became aware.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub aware_at: DateTime<Utc>,
    /// Why it must be reported, as far as it is known.
    pub categories: Vec<Category>,
    /// The last day for the first report.
    pub first_due_on: NaiveDate,
    /// The last day for the final report.
    pub final_due_on: NaiveDate,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum IncidentEvent {
    /// Somebody became aware.
    #[serde(rename = "incident.opened")]
    Opened(Opened),
    /// It is of these kinds, all of them.
    #[serde(rename = "incident.classified")]
    Classified {
        /// Which incident.
        incident_id: IncidentId,
        /// The kinds.
        categories: Vec<Category>,
        /// The last day for the final report from here on.
        final_due_on: NaiveDate,
    },
    /// So many persons.
    #[serde(rename = "incident.persons_counted")]
    PersonsCounted {
        /// Which incident.
        incident_id: IncidentId,
        /// How many.
        persons: u32,
        /// What was counted; none: somebody typed the number.
        scope: Option<Scope>,
    },
    /// The report says something else from here on.
    #[serde(rename = "incident.report_written")]
    ReportWritten {
        /// Which incident.
        incident_id: IncidentId,
        /// The items that have a text.
        filled: Vec<ReportItem>,
    },
    /// It was reported.
    #[serde(rename = "incident.reported")]
    Reported {
        /// Which incident.
        incident_id: IncidentId,
        /// Which report.
        stage: ReportStage,
        /// On which day.
        on: NaiveDate,
    },
    /// Persons were told.
    #[serde(rename = "incident.persons_notified")]
    PersonsNotified {
        /// Which incident.
        incident_id: IncidentId,
        /// How many.
        persons: u32,
        /// On which day.
        on: NaiveDate,
    },
    /// Somebody wrote down something about it.
    #[serde(rename = "incident.noted")]
    Noted {
        /// Which incident.
        incident_id: IncidentId,
    },
    /// It is over.
    #[serde(rename = "incident.closed")]
    Closed {
        /// Which incident.
        incident_id: IncidentId,
    },
}

impl IncidentEvent {
    /// The wire types of all events.
    pub const TYPES: [&'static str; 8] = [
        "incident.opened",
        "incident.classified",
        "incident.persons_counted",
        "incident.report_written",
        "incident.reported",
        "incident.persons_notified",
        "incident.noted",
        "incident.closed",
    ];

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        let index = match self {
            Self::Opened(_) => 0,
            Self::Classified { .. } => 1,
            Self::PersonsCounted { .. } => 2,
            Self::ReportWritten { .. } => 3,
            Self::Reported { .. } => 4,
            Self::PersonsNotified { .. } => 5,
            Self::Noted { .. } => 6,
            Self::Closed { .. } => 7,
        };
        Self::TYPES[index]
    }

    /// Which incident it is about.
    pub const fn incident_id(&self) -> IncidentId {
        match self {
            Self::Opened(Opened { incident_id, .. })
            | Self::Classified { incident_id, .. }
            | Self::PersonsCounted { incident_id, .. }
            | Self::ReportWritten { incident_id, .. }
            | Self::Reported { incident_id, .. }
            | Self::PersonsNotified { incident_id, .. }
            | Self::Noted { incident_id }
            | Self::Closed { incident_id } => *incident_id,
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

    #[test]
    fn the_stored_shapes_are_frozen_and_read_back() {
        let incident_id = IncidentId::new(Uuid::from_u128(1));
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let id = r#""incident_id":"00000000-0000-0000-0000-000000000001""#;
        let opened = Opened {
            incident_id,
            aware_at: DateTime::UNIX_EPOCH,
            categories: vec![Category::Wrongful],
            first_due_on: day("1970-01-05"),
            final_due_on: day("1970-03-01"),
        };
        let scope = Scope {
            account: StaffId(Uuid::from_u128(2)),
            from: DateTime::UNIX_EPOCH,
            to: DateTime::UNIX_EPOCH,
        };
        let cases = [
            (
                IncidentEvent::Opened(opened),
                format!(
                    r#"opened {{"aware_at":0,"categories":["wrongful"],"final_due_on":"1970-03-01","first_due_on":"1970-01-05",{id}}}"#
                ),
            ),
            (
                IncidentEvent::Classified {
                    incident_id,
                    categories: vec![Category::ManyPersons],
                    final_due_on: day("1970-01-30"),
                },
                format!(r#"classified {{"categories":["many_persons"],"final_due_on":"1970-01-30",{id}}}"#),
            ),
            (
                IncidentEvent::PersonsCounted {
                    incident_id,
                    persons: 12,
                    scope: Some(scope),
                },
                format!(
                    r#"persons_counted {{{id},"persons":12,"scope":{{"account":"00000000-0000-0000-0000-000000000002","from":0,"to":0}}}}"#
                ),
            ),
            (
                IncidentEvent::ReportWritten {
                    incident_id,
                    filled: vec![ReportItem::Outline, ReportItem::SecondaryDamage],
                },
                format!(r#"report_written {{"filled":["outline","secondary_damage"],{id}}}"#),
            ),
            (
                IncidentEvent::Reported {
                    incident_id,
                    stage: ReportStage::Final,
                    on: day("1970-01-20"),
                },
                format!(r#"reported {{{id},"on":"1970-01-20","stage":"final"}}"#),
            ),
            (
                IncidentEvent::PersonsNotified {
                    incident_id,
                    persons: 12,
                    on: day("1970-01-20"),
                },
                format!(r#"persons_notified {{{id},"on":"1970-01-20","persons":12}}"#),
            ),
            (IncidentEvent::Noted { incident_id }, format!("noted {{{id}}}")),
            (IncidentEvent::Closed { incident_id }, format!("closed {{{id}}}")),
        ];
        assert_eq!(cases.len(), IncidentEvent::TYPES.len());
        for (event, stored) in cases {
            assert_eq!(
                format!("{} {}", event.event_type(), event.data()),
                format!("incident.{stored}")
            );
            let read = IncidentEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
            assert_eq!(read.expect("it reads back"), event);
        }
        assert!(IncidentEvent::decode("incident.noted", 2, &Value::Null).is_err());
        assert!(IncidentEvent::decode("incident.other", 1, &Value::Null).is_err());
    }
}
