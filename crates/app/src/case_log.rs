//! What requests of data subjects and incidents share: both are a case with a key of its own, under which every word about it is
//! sealed, and a change of one is judged on all that happened to it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::staff::Actor;
use domain::{Personal, Readable};
use event_store::{
    Append, AppendError, Guard, NewEvent, PartBody, PersonalPart, Position, Query, RecordedEvent, SubjectId,
    Tag,
};
use serde_json::Value;
use uuid::Uuid;

use crate::random::derived_id;
use crate::{Allowed, App, InputProblem, Internal, OpContext};

/// Events that are read at a time.
const PAGE: u32 = 500;

/// An event of a case.
pub(crate) trait CaseEvent: Sized {
    /// Kind of the tag of the case.
    const TAG: &'static str;
    /// The version of the stored shapes.
    const VERSION: u16;

    /// The wire type.
    fn event_type(&self) -> &'static str;
    /// What stands in the clear.
    fn data(&self) -> Value;
    /// Reads what stands in the clear.
    fn decode(event_type: &str, version: u16, data: &Value) -> Result<Self, Internal>;
}

macro_rules! case_event {
    ($event:path, $module:path, $tag:ident) => {
        impl $crate::case_log::CaseEvent for $event {
            const TAG: &'static str = {
                use $module as module;
                module::$tag
            };
            const VERSION: u16 = {
                use $module as module;
                module::SCHEMA_VERSION
            };

            fn event_type(&self) -> &'static str {
                self.event_type()
            }

            fn data(&self) -> serde_json::Value {
                self.data()
            }

            fn decode(
                event_type: &str,
                version: u16,
                data: &serde_json::Value,
            ) -> Result<Self, $crate::Internal> {
                Self::decode(event_type, version, data).map_err($crate::Internal::new)
            }
        }
    };
}
pub(crate) use case_event;

/// Something that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEntry<E> {
    /// Where it stands.
    pub position: Position,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: Actor,
    /// What.
    pub event: E,
    /// What is sealed in it, by the name of the part.
    sealed: BTreeMap<String, Readable<Personal<Value>>>,
}

impl<E> CaseEntry<E> {
    /// A sealed part; none: the event has none.
    pub(crate) fn sealed(&self, part: &str) -> Option<&Readable<Personal<Value>>> {
        self.sealed.get(part)
    }

    /// A sealed part that is a text.
    pub(crate) fn text(&self, part: &str) -> Option<Readable<Personal<String>>> {
        match self.sealed(part)? {
            Readable::Open(body) => {
                let text = body.reveal().as_str().unwrap_or_default().to_owned();
                Some(Readable::Open(Personal::new(text)))
            }
            Readable::Forgotten => Some(Readable::Forgotten),
        }
    }
}

/// What is written with a change of a case.
#[derive(Default)]
pub(crate) struct Along {
    /// Events of other things.
    pub(crate) events: Vec<NewEvent>,
    /// Why, for all of them.
    pub(crate) reason: Option<PersonalPart>,
}

/// Whose key seals every word about a case.
pub(crate) fn case_subject(id: Uuid) -> SubjectId {
    SubjectId(derived_id(id, "case subject"))
}

/// A part to be sealed: its name, and what is in it.
pub(crate) type Sealed = (&'static str, Value);

/// Which change of which case, made on what its author saw.
#[derive(Debug, Clone, Copy)]
pub struct CaseChange {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which case.
    pub id: Uuid,
    /// The version that its author saw.
    pub expected_version: Position,
}

/// Why a case was not changed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CaseError<R> {
    /// There is no such case.
    #[error("there is no such case")]
    NotFound,
    /// Somebody was faster.
    #[error("the case was changed since it was read")]
    Stale,
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// The decision refused it.
    #[error("the case stays as it is")]
    Refused(R),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Everything that happened to a case, in order. Empty: there is no such case.
    pub(crate) async fn case_history<E: CaseEvent>(&self, id: Uuid) -> Result<Vec<CaseEntry<E>>, Internal> {
        let query = Query::tagged(Tag::new(E::TAG, id).map_err(Internal::new)?);
        let mut history = Vec::new();
        let mut after = Position::START;
        loop {
            let page = self
                .store
                .read(&query, after, PAGE)
                .await
                .map_err(Internal::new)?;
            let is_last = page.len() < PAGE as usize;
            for event in &page {
                after = event.position;
                history.push(entry(event)?);
            }
            if is_last {
                return Ok(history);
            }
        }
    }

    /// Writes the first event of a case. The same command again finds it written.
    pub(crate) async fn open_case<E: CaseEvent, R>(
        &self,
        _: Allowed,
        op: &OpContext,
        command: (Uuid, Uuid),
        event: &E,
        sealed: Vec<Sealed>,
    ) -> Result<Position, CaseError<R>> {
        let along = Along::default();
        self.append_case(op, command, (event, sealed), Vec::new(), along)
            .await
    }

    /// Makes one change: `decide` sees all that happened to the case and answers with what happens, and what is sealed of it.
    pub(crate) async fn change_case<E: CaseEvent, R>(
        &self,
        _: Allowed,
        op: &OpContext,
        change: CaseChange,
        decide: impl FnOnce(&[CaseEntry<E>]) -> Result<(E, Vec<Sealed>), R>,
    ) -> Result<Position, CaseError<R>> {
        self.change_case_with(op, change, Along::default(), decide).await
    }

    /// The same together with what else happens by it: both or neither.
    pub(crate) async fn change_case_with<E: CaseEvent, R>(
        &self,
        op: &OpContext,
        change: CaseChange,
        along: Along,
        decide: impl FnOnce(&[CaseEntry<E>]) -> Result<(E, Vec<Sealed>), R>,
    ) -> Result<Position, CaseError<R>> {
        let mut history = self.case_history::<E>(change.id).await?;
        let version = history.last().map(|entry| entry.position);
        let version = version.ok_or(CaseError::NotFound)?;
        let earlier = self
            .store
            .receipt(change.command_id)
            .await
            .map_err(Internal::new)?;
        // A retry is judged on what its first try saw, so that it leads to the same command and the same receipt.
        match earlier {
            Some(receipt) => history.retain(|entry| entry.position < receipt.first),
            None if version == change.expected_version => {}
            None => return Err(CaseError::Stale),
        }
        if history.is_empty() {
            return Err(CaseError::CommandReused);
        }
        let (event, sealed) = decide(&history).map_err(CaseError::Refused)?;
        let tag = Tag::new(E::TAG, change.id).map_err(Internal::new)?;
        let guard = Guard {
            query: Query::tagged(tag),
            after: change.expected_version,
        };
        let command = (change.command_id, change.id);
        self.append_case(op, command, (&event, sealed), vec![guard], along)
            .await
    }

    async fn append_case<E: CaseEvent, R>(
        &self,
        op: &OpContext,
        (command_id, id): (Uuid, Uuid),
        (event, sealed): (&E, Vec<Sealed>),
        guards: Vec<Guard>,
        along: Along,
    ) -> Result<Position, CaseError<R>> {
        let subject = case_subject(id);
        if !sealed.is_empty() {
            let keyring = self.store.keyring();
            keyring.ensure(&[subject]).await.map_err(Internal::new)?;
        }
        let personal = sealed.into_iter().map(|(name, body)| PersonalPart {
            subject,
            name: name.to_owned(),
            body,
        });
        let event = NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: event.event_type().to_owned(),
            schema_version: E::VERSION,
            tags: vec![Tag::new(E::TAG, id).map_err(Internal::new)?],
            effective_at: op.today(),
            data: event.data(),
            personal: personal.collect(),
        };
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: along.reason,
            events: [vec![event], along.events].concat(),
            guards,
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(appended) => Ok(appended.receipt().last),
            Err(AppendError::Conflict(_)) => Err(CaseError::Stale),
            Err(AppendError::CommandReused { .. }) => Err(CaseError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }
}

fn entry<E: CaseEvent>(event: &RecordedEvent) -> Result<CaseEntry<E>, Internal> {
    let sealed = event.personal.iter().map(|part| {
        let body = match &part.body {
            PartBody::Open(body) => Readable::Open(Personal::new(body.clone())),
            PartBody::Redacted => Readable::Forgotten,
        };
        (part.name.clone(), body)
    });
    Ok(CaseEntry {
        position: event.position,
        at: event.recorded_at,
        by: event.actor.parse().map_err(Internal::new)?,
        event: E::decode(&event.event_type, event.schema_version, &event.data)?,
        sealed: sealed.collect(),
    })
}

/// A text as it is kept, between `least` and `most` characters; what a reader cannot see is refused.
pub(crate) fn read_text(
    field: &str,
    typed: &str,
    (is_required, most): (bool, usize),
) -> Result<Option<String>, InputProblem> {
    let text = typed.trim();
    if text.is_empty() && !is_required {
        return Ok(None);
    }
    match domain::text::check(text, most, domain::text::Lines::Many) {
        Ok(()) => Ok(Some(text.to_owned())),
        Err(problem) => Err(InputProblem::new(field, problem.code(), problem.japanese())),
    }
}

/// What the office decides about both kinds of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseRules {
    /// Whether a last day on which the office does not work moves to the next business day.
    pub moves_last_day: bool,
    /// More persons than so many make an incident one that must be reported.
    pub reportable_persons: u32,
    /// For how many years a request of a data subject is kept after its end.
    pub keep_years: u32,
}

impl Default for CaseRules {
    fn default() -> Self {
        Self {
            moves_last_day: false,
            reportable_persons: 1_000,
            keep_years: 3,
        }
    }
}

impl App {
    /// The same office with other rules for cases.
    #[must_use]
    pub const fn with_case_rules(mut self, rules: CaseRules) -> Self {
        self.case_rules = rules;
        self
    }

    /// The rules for cases.
    pub const fn case_rules(&self) -> CaseRules {
        self.case_rules
    }
}
