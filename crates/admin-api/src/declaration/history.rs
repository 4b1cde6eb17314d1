//! The history of a declaration: what happened, when, by whom and why.

use app::declaration::{Detail, Entry, Taken};
use app::{Guarded, PersonalPart};
use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use domain::DeclarationId;
use domain::declaration::{Change, DeclarationEvent, Fact};
use domain::staff::Actor as DomainActor;
use domain::{Personal, Readable};

use super::enums::{
    ActorKind, CorrectionKind, DeclarationField, FlagCode, HandOverKind, HistoryKind, IdentityCheck,
    NumberSentTo, PersonRole,
};
use super::evidence::{Evidence, evidence};
use super::row::DeclarationRow;
use super::values::{OpenText, Stop, TextResult, fact_text};
use crate::bulk_change::types::BulkChangeRef;
use crate::context::request;
use crate::fault;
use crate::loaders::Loaders;
use crate::scalars::{Date, DateTime, Position};

/// One entry of a history.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct HistoryEntry {
    /// Where it stands in the log.
    position: Position,
    /// What caused it. Entries with the same command were recorded together.
    command: ID,
    /// When it was recorded.
    recorded_at: DateTime,
    /// From when it holds.
    effective_at: Date,
    /// What happened.
    kind: HistoryKind,
    /// Of a correction.
    correction_kind: Option<CorrectionKind>,
    /// Of a change: since when.
    since: Option<Date>,
    /// Of a flag.
    flag: Option<FlagCode>,
    /// Of a person who was forgotten: in which role.
    person: Option<PersonRole>,
    /// Of a stop, also one that an old register brought along.
    stop: Option<Stop>,
    /// Where a first entry comes from: the register's name, or who entered it.
    origin: Option<String>,
    /// Which entry it takes back.
    undoes: Option<Position>,
    /// Which entry took it back.
    undone_by: Option<Position>,
    /// Until when the reader can take it back, with all that has the same command; null when they cannot.
    undo_until: Option<DateTime>,
    /// Whether it is a merge that the reader can take back.
    can_undo_merge: bool,
    /// Of a succession: how it came about.
    hand_over: Option<HandOverKind>,
    #[graphql(skip)]
    id: DeclarationId,
    #[graphql(skip)]
    entry: Entry,
}

/// A number that was told to whoever asked for it.
#[derive(SimpleObject)]
pub struct LookUp {
    /// What they were asked.
    pub asked: Vec<DeclarationField>,
    /// Which of their answers fit what was registered.
    pub fitting: Vec<DeclarationField>,
    /// How it was made sure who they are.
    pub checks: Vec<IdentityCheck>,
    /// Where the number went.
    pub sent_to: NumberSentTo,
}

/// One field before and after; null where it was or became empty.
#[derive(SimpleObject)]
pub struct FieldChange {
    /// Which field.
    pub field: DeclarationField,
    /// Before.
    pub old: Option<TextResult>,
    /// After.
    pub new: Option<TextResult>,
}

/// Who did something.
#[derive(SimpleObject)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// A name for people.
    pub name: String,
}

#[ComplexObject]
impl HistoryEntry {
    /// Who.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor(ctx, &self.entry.actor).await
    }

    /// The bulk change that it is part of; null: it is of this record alone.
    async fn bulk_change(&self, ctx: &Context<'_>) -> Result<Option<BulkChangeRef>> {
        let id = self.entry.correlation_id;
        let action = ctx.data::<Loaders>()?.bulk_change_action(id).await?;
        Ok(action.map(|action| BulkChangeRef {
            id: id.into(),
            action: action.into(),
        }))
    }

    /// Why; null when nothing was given.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<TextResult>> {
        reason(ctx, self.id, self.entry.reason.as_ref())
    }

    /// What changed, field by field.
    async fn changes(&self, ctx: &Context<'_>) -> Result<Vec<FieldChange>> {
        let op = request(ctx)?.operation()?;
        let text = |change: &Change, fact: Option<&Fact>| {
            fact.map(|fact| fact_text(op, self.id, change.field, fact))
        };
        Ok(self
            .entry
            .statement
            .event
            .changes()
            .iter()
            .map(|change| FieldChange {
                field: change.field.into(),
                old: text(change, change.old.as_ref()),
                new: text(change, change.new.as_ref()),
            })
            .collect())
    }

    /// What the changes of the same command rest on; null for everything else.
    async fn evidence(&self, ctx: &Context<'_>) -> Result<Option<Evidence>> {
        match &self.entry.statement.event {
            DeclarationEvent::EvidenceGiven(of) => evidence(ctx, self.id, of).map(Some),
            _ => Ok(None),
        }
    }

    /// Of a number that was told: what was asked, and how it was made sure who they are. Null for everything else.
    async fn look_up(&self) -> Option<LookUp> {
        match &self.entry.statement.event {
            DeclarationEvent::NumberLookedUp(of) => Some(LookUp {
                asked: of.asked.iter().map(|field| (*field).into()).collect(),
                fitting: of.fitting.iter().map(|field| (*field).into()).collect(),
                checks: of.checks.iter().map(|check| (*check).into()).collect(),
                sent_to: of.sent_to.into(),
            }),
            _ => None,
        }
    }

    /// The other declaration that it is about: the one that took its place, or whose place it took. Null for everything else.
    async fn other(&self, ctx: &Context<'_>) -> Result<Option<DeclarationRow>> {
        match other(&self.entry.statement.event) {
            Some(id) => linked(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The text of a note; null for everything else.
    async fn note(&self, ctx: &Context<'_>) -> Result<Option<TextResult>> {
        match &self.entry.statement.event {
            DeclarationEvent::NoteAdded { text, .. } => reason(ctx, self.id, Some(text)),
            _ => Ok(None),
        }
    }
}

/// The other declaration that an event is about.
const fn other(event: &DeclarationEvent) -> Option<DeclarationId> {
    match event {
        DeclarationEvent::Superseded { by: other, .. }
        | DeclarationEvent::LinkedToOld { old: other }
        | DeclarationEvent::MergedInto { survivor: other, .. }
        | DeclarationEvent::Absorbed { merged: other, .. } => Some(*other),
        _ => None,
    }
}

/// A declaration that another one names, as the list shows it.
pub async fn linked(ctx: &Context<'_>, id: DeclarationId) -> Result<Option<DeclarationRow>> {
    let op = request(ctx)?.operation()?;
    let row = ctx.data::<Loaders>()?.declaration_row(id).await?;
    Ok(row.map(|row| DeclarationRow::new(op, &row)))
}

/// The whole history, oldest first.
pub fn entries(detail: &Detail) -> Vec<HistoryEntry> {
    detail
        .entries
        .iter()
        .map(|entry| of_entry(detail, entry))
        .collect()
}

fn of_entry(detail: &Detail, entry: &Entry) -> HistoryEntry {
    let taken = detail.taken.get(&entry.position);
    let event = &entry.statement.event;
    let (correction_kind, since) = match event {
        DeclarationEvent::Corrected(corrected) => match corrected.kind {
            domain::declaration::CorrectionKind::Error => (Some(CorrectionKind::Error), None),
            domain::declaration::CorrectionKind::Change { since } => {
                (Some(CorrectionKind::Change), Some(Date(since)))
            }
        },
        DeclarationEvent::ContactChanged { .. } | DeclarationEvent::HandedOver { .. } => (
            Some(CorrectionKind::Change),
            Some(Date(entry.statement.effective_at)),
        ),
        _ => (None, None),
    };
    let flag = match event {
        DeclarationEvent::FlagRaised { flag } | DeclarationEvent::FlagCleared { flag } => {
            Some((*flag).into())
        }
        _ => None,
    };
    let (stop, origin) = match event {
        DeclarationEvent::Registered(registered) => {
            (registered.standing.stop, Some(registered.source.register.clone()))
        }
        DeclarationEvent::Made(made) => (None, Some(made.origin.code().to_owned())),
        DeclarationEvent::Stopped { stop, .. } => (Some(*stop), None),
        _ => (None, None),
    };
    let person = match event {
        DeclarationEvent::PersonForgotten { subject, .. } => Some(subject.role.into()),
        _ => None,
    };
    HistoryEntry {
        position: Position(entry.position),
        command: entry.command_id.into(),
        recorded_at: DateTime(entry.recorded_at),
        effective_at: Date(entry.statement.effective_at),
        kind: kind(event),
        correction_kind,
        since,
        flag,
        person,
        stop: stop.map(Stop::from),
        origin,
        undoes: match event {
            DeclarationEvent::Undone(undone) => Some(Position(event_store::Position::new(undone.undoes))),
            _ => None,
        },
        undone_by: match taken {
            Some(Taken::By(position)) => Some(Position(*position)),
            _ => None,
        },
        undo_until: match taken {
            Some(Taken::Until(until)) => Some(DateTime(*until)),
            _ => None,
        },
        can_undo_merge: detail.merges.contains(&entry.position),
        hand_over: match event {
            DeclarationEvent::HandedOver { kind, .. } => Some((*kind).into()),
            _ => None,
        },
        id: detail.id,
        entry: entry.clone(),
    }
}

pub const fn kind(event: &DeclarationEvent) -> HistoryKind {
    match event {
        DeclarationEvent::Registered(_) => HistoryKind::Registered,
        DeclarationEvent::Made(_) => HistoryKind::Made,
        DeclarationEvent::Corrected(_) => HistoryKind::Corrected,
        DeclarationEvent::ContactChanged { .. } => HistoryKind::ContactChanged,
        DeclarationEvent::DiagnosisRecorded { .. } => HistoryKind::DiagnosisRecorded,
        DeclarationEvent::PolicyRecorded { .. } => HistoryKind::PolicyRecorded,
        DeclarationEvent::SteppedUp { .. } => HistoryKind::SteppedUp,
        DeclarationEvent::SteppedDown { .. } => HistoryKind::SteppedDown,
        DeclarationEvent::PolicyWithdrawn { .. } => HistoryKind::PolicyWithdrawn,
        DeclarationEvent::LogoSuspended => HistoryKind::LogoSuspended,
        DeclarationEvent::LogoRestored => HistoryKind::LogoRestored,
        DeclarationEvent::Undone(_) => HistoryKind::Undone,
        DeclarationEvent::Stopped { .. } => HistoryKind::Stopped,
        DeclarationEvent::Reinstated { .. } => HistoryKind::Reinstated,
        DeclarationEvent::Published => HistoryKind::Published,
        DeclarationEvent::Unpublished => HistoryKind::Unpublished,
        DeclarationEvent::PersonForgotten { .. } => HistoryKind::PersonForgotten,
        DeclarationEvent::FlagRaised { .. } => HistoryKind::FlagRaised,
        DeclarationEvent::FlagCleared { .. } => HistoryKind::FlagCleared,
        DeclarationEvent::NoteAdded { .. } => HistoryKind::NoteAdded,
        DeclarationEvent::EvidenceGiven(_) => HistoryKind::EvidenceGiven,
        DeclarationEvent::NumberLookedUp(_) => HistoryKind::NumberLookedUp,
        DeclarationEvent::Superseded { .. } => HistoryKind::Superseded,
        DeclarationEvent::LinkedToOld { .. } => HistoryKind::LinkedToOld,
        DeclarationEvent::MergedInto { .. } => HistoryKind::MergedInto,
        DeclarationEvent::Absorbed { .. } => HistoryKind::Absorbed,
        DeclarationEvent::HandedOver { .. } => HistoryKind::HandedOver,
    }
}

/// The kind of an event by its wire type; none: there is no such type.
pub fn kind_of_type(event_type: &str) -> Option<HistoryKind> {
    Some(match event_type {
        "declaration.registered" => HistoryKind::Registered,
        "declaration.made" => HistoryKind::Made,
        "declaration.corrected" => HistoryKind::Corrected,
        "declaration.contact_changed" => HistoryKind::ContactChanged,
        "declaration.diagnosis_recorded" => HistoryKind::DiagnosisRecorded,
        "declaration.policy_recorded" => HistoryKind::PolicyRecorded,
        "declaration.stepped_up" => HistoryKind::SteppedUp,
        "declaration.stepped_down" => HistoryKind::SteppedDown,
        "declaration.policy_withdrawn" => HistoryKind::PolicyWithdrawn,
        "declaration.logo_suspended" => HistoryKind::LogoSuspended,
        "declaration.logo_restored" => HistoryKind::LogoRestored,
        "declaration.undone" => HistoryKind::Undone,
        "declaration.stopped" => HistoryKind::Stopped,
        "declaration.reinstated" => HistoryKind::Reinstated,
        "declaration.published" => HistoryKind::Published,
        "declaration.unpublished" => HistoryKind::Unpublished,
        "declaration.person_forgotten" => HistoryKind::PersonForgotten,
        "declaration.flag_raised" => HistoryKind::FlagRaised,
        "declaration.flag_cleared" => HistoryKind::FlagCleared,
        "declaration.note_added" => HistoryKind::NoteAdded,
        "declaration.evidence_given" => HistoryKind::EvidenceGiven,
        "declaration.number_looked_up" => HistoryKind::NumberLookedUp,
        "declaration.superseded" => HistoryKind::Superseded,
        "declaration.linked_to_old" => HistoryKind::LinkedToOld,
        "declaration.merged_into" => HistoryKind::MergedInto,
        "declaration.absorbed" => HistoryKind::Absorbed,
        "declaration.handed_over" => HistoryKind::HandedOver,
        _ => return None,
    })
}

/// An actor with a name for people. Names of staff come from one look-up for the whole page.
pub async fn actor(ctx: &Context<'_>, actor: &DomainActor) -> Result<Actor> {
    Ok(match actor {
        DomainActor::Staff(id) => {
            let known = ctx.data::<Loaders>()?.staff_name(*id).await?;
            Actor {
                kind: ActorKind::Staff,
                name: known.unwrap_or_else(|| id.to_string()),
            }
        }
        DomainActor::Token(id) => {
            let known = ctx.data::<Loaders>()?.api_token_name(*id).await?;
            Actor {
                kind: ActorKind::Token,
                name: known.unwrap_or_else(|| id.to_string()),
            }
        }
        DomainActor::System(name) => Actor {
            kind: ActorKind::System,
            name: name.clone(),
        },
        DomainActor::Declarer => Actor {
            kind: ActorKind::Declarer,
            name: String::new(),
        },
    })
}

/// Whoever the log names, with a name for people.
pub async fn actor_of(ctx: &Context<'_>, text: &str) -> Result<Actor> {
    let known: Result<DomainActor, _> = text.parse();
    match known {
        Ok(known) => actor(ctx, &known).await,
        Err(error) => Err(fault::internal(request(ctx)?.request_id(), &error)),
    }
}

/// Free text of the record for a reader.
pub fn reason(
    ctx: &Context<'_>,
    id: DeclarationId,
    text: Option<&Readable<Personal<String>>>,
) -> Result<Option<TextResult>> {
    let op = request(ctx)?.operation()?;
    Ok(text.map(|text| {
        op.reveal(id, PersonalPart::FreeText, || match text {
            Readable::Open(text) => Guarded::Open(OpenText {
                text: text.reveal().clone(),
            }),
            Readable::Forgotten => Guarded::Forgotten(id.uuid()),
        })
        .into()
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_type_of_event_has_a_kind_of_its_own() {
        let kinds: HashSet<String> = DeclarationEvent::TYPES
            .into_iter()
            .filter_map(kind_of_type)
            .map(|kind| format!("{kind:?}"))
            .collect();
        assert_eq!(kinds.len(), DeclarationEvent::TYPES.len());
        assert_eq!(kind_of_type("inquiry.linked"), None);
    }
}
