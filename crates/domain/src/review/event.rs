//! What the log keeps of suspicions: that somebody wanted them looked for, and what somebody decided about one. Why is sealed; what the
//! verdict did to a declaration stands in the declaration's own events.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ReviewKind, ReviewRule, Verdict};
use crate::ids::{DeclarationId, JobId, ReviewId};
use crate::wire;

/// Kind of the tag that every event about a suspicion carries.
pub const TAG_REVIEW: &str = "review";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

/// Somebody decided about a suspicion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// Which.
    pub review_id: ReviewId,
    /// What was suspected.
    pub kind: ReviewKind,
    /// What had matched.
    pub rules: Vec<ReviewRule>,
    /// What was decided.
    pub verdict: Verdict,
    /// About how many organisations or declarations it was.
    pub weight: u32,
    /// About which declarations; the first so many where it was about very many.
    pub declaration_ids: Vec<DeclarationId>,
}

/// Somebody wanted suspicions looked for at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchRequested {
    /// The job that does it.
    pub job_id: JobId,
}

/// Somebody wanted the pages of policies asked for at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagesRequested {
    /// The job that does it.
    pub job_id: JobId,
    /// The suspicion whose page is asked for first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_id: Option<ReviewId>,
}

/// An event about suspicions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum ReviewEvent {
    /// Somebody decided about one.
    #[serde(rename = "review.decided")]
    Decided(Decided),
    /// Somebody wanted them looked for.
    #[serde(rename = "review.search_requested")]
    SearchRequested(SearchRequested),
    /// Somebody wanted the pages of policies asked for.
    #[serde(rename = "review.pages_requested")]
    PagesRequested(PagesRequested),
}

impl ReviewEvent {
    /// The type in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Decided(_) => "review.decided",
            Self::SearchRequested(_) => "review.search_requested",
            Self::PagesRequested(_) => "review.pages_requested",
        }
    }

    /// What stands in the clear.
    pub fn data(&self) -> Value {
        wire::clear_data(self)
    }

    /// Reads what stands in the clear.
    pub fn decode(event_type: &str, version: u16, data: &Value) -> Result<Self, wire::UnreadableEvent> {
        wire::read_clear_data(SCHEMA_VERSION, (event_type, version), data)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_stored_shapes_are_frozen_and_read_back() {
        let cases = [
            (
                ReviewEvent::Decided(Decided {
                    review_id: ReviewId::new(Uuid::from_u128(1)),
                    kind: ReviewKind::Duplicate,
                    rules: vec![ReviewRule::SameNumber, ReviewRule::SameNameAndPlace],
                    verdict: Verdict::NotSame,
                    weight: 2,
                    declaration_ids: vec![DeclarationId::new(Uuid::from_u128(2))],
                }),
                r#"review.decided {"declaration_ids":["00000000-0000-0000-0000-000000000002"],"kind":"duplicate","review_id":"00000000-0000-0000-0000-000000000001","rules":["same_number","same_name_and_place"],"verdict":"not_same","weight":2}"#,
            ),
            (
                ReviewEvent::SearchRequested(SearchRequested {
                    job_id: JobId::new(Uuid::from_u128(3)),
                }),
                r#"review.search_requested {"job_id":"00000000-0000-0000-0000-000000000003"}"#,
            ),
            (
                ReviewEvent::PagesRequested(PagesRequested {
                    job_id: JobId::new(Uuid::from_u128(3)),
                    review_id: Some(ReviewId::new(Uuid::from_u128(1))),
                }),
                r#"review.pages_requested {"job_id":"00000000-0000-0000-0000-000000000003","review_id":"00000000-0000-0000-0000-000000000001"}"#,
            ),
            (
                ReviewEvent::PagesRequested(PagesRequested {
                    job_id: JobId::new(Uuid::from_u128(3)),
                    review_id: None,
                }),
                r#"review.pages_requested {"job_id":"00000000-0000-0000-0000-000000000003"}"#,
            ),
        ];
        for (event, stored) in cases {
            assert_eq!(format!("{} {}", event.event_type(), event.data()), stored);
            let read = ReviewEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
            assert_eq!(read.expect("it reads back"), event);
        }
        assert!(ReviewEvent::decode("review.decided", 2, &Value::Null).is_err());
        assert!(ReviewEvent::decode("review.other", 1, &Value::Null).is_err());
    }
}
