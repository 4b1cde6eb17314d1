//! The list of cases, and one with everything that happened to it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::{DeclarationEvent, Field, Role};
use domain::privacy_request::{
    PART_PERSON, PART_TEXT, PrivacyRequest, PrivacyRequestEvent, PrivacyRequestKind,
};
use domain::staff::Permission;
use domain::{DeclarationId, Personal, PrivacyRequestId, Readable};
use event_store::Position;
use serde::Deserialize;
use serde_json::Value;
use storage::approval::ApprovalRow;
use storage::privacy_request::{self as rows, PrivacyRequestRow};

use crate::case_log::{CaseEntry, case_subject};
use crate::{App, Forbidden, Guarded, Internal, OpContext};

/// Cases that are shown at once; more are not open at a time.
const UNFINISHED_MAX: u32 = 500;

/// Who asked.
#[derive(Clone, PartialEq, Eq)]
pub struct Requester {
    /// Their name.
    pub name: String,
    /// Where the answer goes.
    pub contact: String,
    /// For whom they act, when for somebody else.
    pub acts_for: Option<String>,
}

impl std::fmt::Debug for Requester {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Requester(…)")
    }
}

/// Something that happened to a case.
#[derive(Clone)]
pub struct PrivacyRequestEntry {
    /// Where it stands, when, by whom, and what.
    pub entry: CaseEntry<PrivacyRequestEvent>,
    /// What was written with it; none: nothing.
    pub text: Option<Guarded<String>>,
}

/// A record that a case is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordOfRequest {
    /// Which.
    pub id: DeclarationId,
    /// Its number; none: it has none any more.
    pub number: Option<String>,
    /// Of its newest fact: what a correction has made of it.
    pub version: Position,
    /// Who was forgotten in it, and when.
    pub forgotten: Vec<(Role, DateTime<Utc>)>,
    /// Roles in which something about somebody is kept.
    pub kept: Vec<Role>,
}

/// A case.
pub struct PrivacyRequestDetail {
    /// As its events make it.
    pub request: PrivacyRequest,
    /// Who asked.
    pub requester: Guarded<Requester>,
    /// What they want.
    pub wanted: Guarded<String>,
    /// The records that it is about.
    pub records: Vec<RecordOfRequest>,
    /// The requests to a second person that belong to it.
    pub approvals: Vec<ApprovalRow>,
    /// The last day on which it is kept; none: it is not over.
    pub kept_until: Option<NaiveDate>,
    /// Of its newest event.
    pub version: Position,
    /// The oldest first.
    pub history: Vec<PrivacyRequestEntry>,
}

/// Why cases cannot be seen.
#[derive(Debug, thiserror::Error)]
pub enum ReadPrivacyRequestsError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

#[derive(Deserialize)]
struct StoredPerson {
    name: String,
    contact: String,
    acts_for: Option<String>,
}

impl App {
    /// What is not over, the nearest last day first.
    pub async fn unfinished_privacy_requests(
        &self,
        op: &OpContext,
    ) -> Result<Vec<PrivacyRequestRow>, ReadPrivacyRequestsError> {
        op.require(Permission::ReadPrivacyRequests)?;
        let rows = rows::unfinished(self.store.database(), UNFINISHED_MAX).await;
        Ok(rows.map_err(Internal::new)?)
    }

    /// Cases that were written down before a moment, the newest first.
    pub async fn privacy_requests(
        &self,
        op: &OpContext,
        before: Option<DateTime<Utc>>,
        first: u32,
    ) -> Result<Vec<PrivacyRequestRow>, ReadPrivacyRequestsError> {
        op.require(Permission::ReadPrivacyRequests)?;
        let before = before.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let rows = rows::newest(self.store.database(), before, first).await;
        Ok(rows.map_err(Internal::new)?)
    }

    /// One case; none when there is none. Who asked and every text is withheld from whoever may not see persons; the reading is
    /// recorded.
    pub async fn privacy_request(
        &self,
        op: &OpContext,
        id: PrivacyRequestId,
    ) -> Result<Option<PrivacyRequestDetail>, ReadPrivacyRequestsError> {
        op.require(Permission::ReadPrivacyRequests)?;
        let history = self.case_history::<PrivacyRequestEvent>(id.uuid()).await?;
        let said = history.iter().map(|entry| (&entry.event, &entry.by, entry.at));
        let Some(request) = PrivacyRequest::of(said) else {
            return Ok(None);
        };
        let subject = case_subject(id.uuid()).0;
        let text_of = |entry: &CaseEntry<PrivacyRequestEvent>| {
            let text = entry.text(PART_TEXT)?;
            Some(op.reveal_case(id.uuid(), || guarded(text, subject, Personal::into_revealed)))
        };
        let version = history.last().map_or(Position::START, |entry| entry.position);
        let first = history.first();
        let person = first.and_then(|entry| entry.sealed(PART_PERSON)).cloned();
        let requester = op.reveal_case(id.uuid(), || {
            guarded(person.unwrap_or(Readable::Forgotten), subject, requester)
        });
        let wanted = first.and_then(&text_of);
        let records = self.records_with_numbers(&request.declarations).await?;
        let approvals = self
            .approvals_of(history.iter().map(|entry| &entry.event))
            .await?;
        let kept_until = self.kept_until(&request);
        Ok(Some(PrivacyRequestDetail {
            requester,
            wanted: wanted.unwrap_or(Guarded::Forgotten(subject)),
            records,
            approvals,
            kept_until,
            version,
            history: history
                .into_iter()
                .map(|entry| PrivacyRequestEntry {
                    text: text_of(&entry),
                    entry,
                })
                .collect(),
            request,
        }))
    }

    /// What is asked for in these cases, as far as they are requests of data subjects: for a list of ids.
    pub async fn privacy_request_kinds(
        &self,
        ids: &[PrivacyRequestId],
    ) -> Result<HashMap<PrivacyRequestId, PrivacyRequestKind>, Internal> {
        let rows = rows::kinds(self.store.database(), ids).await;
        let known = |(id, code): (_, String)| Some((id, PrivacyRequestKind::from_code(&code)?));
        Ok(rows
            .map_err(Internal::new)?
            .into_iter()
            .filter_map(known)
            .collect())
    }

    async fn records_with_numbers(&self, ids: &[DeclarationId]) -> Result<Vec<RecordOfRequest>, Internal> {
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(history) = self.history(*id).await? else {
                continue;
            };
            let current = history.timeline.current();
            let forgotten = history
                .entries
                .iter()
                .filter_map(|entry| match &entry.statement.event {
                    DeclarationEvent::PersonForgotten { subject, .. } => {
                        Some((subject.role, entry.recorded_at))
                    }
                    _ => None,
                });
            records.push(RecordOfRequest {
                id: *id,
                number: current.facts.value(Field::DeclarationNo).map(str::to_owned),
                version: Position::new(current.version),
                forgotten: forgotten.collect(),
                kept: history.kept(),
            });
        }
        Ok(records)
    }
}

/// A stored person, as people read it; empty when an older version wrote something else.
fn requester(person: Personal<Value>) -> Requester {
    let stored = serde_json::from_value::<StoredPerson>(person.into_revealed());
    stored.map_or_else(
        |_| Requester {
            name: String::new(),
            contact: String::new(),
            acts_for: None,
        },
        |stored| Requester {
            name: stored.name,
            contact: stored.contact,
            acts_for: stored.acts_for,
        },
    )
}

/// What a reader gets of something sealed when they have the right.
pub(crate) fn guarded<T, U>(
    sealed: Readable<Personal<T>>,
    subject: uuid::Uuid,
    open: impl FnOnce(Personal<T>) -> U,
) -> Guarded<U> {
    match sealed {
        Readable::Open(content) => Guarded::Open(open(content)),
        Readable::Forgotten => Guarded::Forgotten(subject),
    }
}
