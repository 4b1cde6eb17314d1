//! Forgets a person in one role of a declaration, for ever.
//!
//! The order is what makes it safe: the event first, so that it is known that, why and by whom; then the key; then rows, search
//! and files. Whatever crashes in between, [`App::finish_erasures`] goes on from the event. Everybody who reads the declaration
//! after the event reads the person as forgotten, whether or not their process has heard of it.

use std::collections::BTreeSet;

use domain::declaration::decide::{
    Decision, ForgetPerson as Decide, ForgetPersonError as Refused, forget_person, names,
};
use domain::declaration::{DeclarationEvent, FieldValue, Role, Timeline};
use domain::fold::fold;
use domain::staff::Permission;
use domain::value::DeclarationNo;
use domain::{DeclarationId, Readable, SubjectId};
use event_store::{AppendError, Position, Receipt};
use storage::register_index;

use super::change::{Change, Changed, Stale, changed, unchanged_since};
use super::detail::{Entry, History};
use crate::approval::{ApprovalDetail, Consent, ReadApprovalsError, may_see};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Who is to be forgotten.
#[derive(Debug, Clone)]
pub struct ForgetPerson {
    /// In which declaration, as its author saw it: a new contact must not be forgotten for the old one.
    pub change: Change,
    /// In which role.
    pub role: Role,
    /// Why, without naming the person.
    pub reason: String,
}

/// Why nobody was forgotten. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ForgetPersonError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such declaration.
    #[error("there is no declaration {0}")]
    NotFound(DeclarationId),
    /// Nothing is kept about anybody in that role.
    #[error("nothing is kept about anybody in that role")]
    NothingKept,
    /// A second person has to agree: ask for it.
    #[error("a second person has to agree that somebody is forgotten")]
    NeedsApproval,
    /// What was typed has problems.
    #[error("the request has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// Somebody was faster.
    #[error("the declaration was changed since it was read")]
    Stale(Box<Stale>),
    /// A fault of ours. The event may stand in the log: then the rest follows by itself.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What forgetting somebody would mean.
#[derive(Debug, Clone)]
pub struct ForgetPreview {
    /// Which declaration.
    pub id: DeclarationId,
    /// What [`ForgetPerson`] must name.
    pub version: Position,
    /// Whether anything is kept about anybody in that role.
    pub is_kept: bool,
    /// Other roles in which somebody of the same name, address or telephone stands.
    pub also_as: Vec<Role>,
    /// Remarks, notes and reasons that name the person; they are forgotten with the free text of the record only.
    pub mentions: usize,
}

impl App {
    /// Forgets a person. When it returns, the key is destroyed and no row holds the person; the bytes that files still hold
    /// go with [`App::finish_erasures`], which a server runs in the background.
    pub async fn forget_person(
        &self,
        op: &OpContext,
        command: ForgetPerson,
    ) -> Result<Changed, ForgetPersonError> {
        self.forget_person_with(op, command, Consent::of(op)).await
    }

    /// The same, once it is known whether a second person agreed.
    pub(crate) async fn forget_person_with(
        &self,
        op: &OpContext,
        command: ForgetPerson,
        consent: Consent,
    ) -> Result<Changed, ForgetPersonError> {
        let allowed = op.require(Permission::ForgetPerson)?;
        if consent == Consent::None {
            return Err(ForgetPersonError::NeedsApproval);
        }
        let change = &command.change;
        let history = self.history(change.id).await?;
        let history = history.ok_or(ForgetPersonError::NotFound(change.id))?;
        let earlier = self
            .store
            .receipt(change.command_id)
            .await
            .map_err(Internal::new)?;
        if let Some(receipt) = earlier {
            return self.again(&history, &command, receipt).await;
        }
        if history.timeline.current().version != change.expected_version.get() {
            return Err(Self::stale(&history, &command));
        }
        let decision = self.decide_forgetting(op, &history, &command)?;
        let version_at = decision
            .statements
            .iter()
            .rposition(|statement| statement.event.changes_facts());
        let guards = vec![unchanged_since(change.id, change.expected_version).map_err(Internal::new)?];
        let append = self.append_of(op, change.command_id, &decision, guards).await?;
        match self.append(allowed, append).await {
            Ok(appended) => {
                let receipt = *appended.receipt();
                self.destroy(receipt).await?;
                Ok(changed(change, receipt, version_at))
            }
            Err(AppendError::Conflict(_)) => {
                let now = self.history(change.id).await?;
                Err(Self::stale(
                    &now.ok_or(ForgetPersonError::NotFound(change.id))?,
                    &command,
                ))
            }
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    fn decide_forgetting(
        &self,
        op: &OpContext,
        history: &History,
        command: &ForgetPerson,
    ) -> Result<Decision, ForgetPersonError> {
        let decide = Decide {
            role: command.role,
            successor: SubjectId::new(self.new_id().map_err(Internal::new)?),
            reason: command.reason.clone(),
        };
        forget_person(&history.timeline, &decide, op.today()).map_err(refused)
    }

    /// Whether somebody could be forgotten now, if a second person agreed. Nothing is written.
    pub(crate) async fn try_forgetting(
        &self,
        op: &OpContext,
        command: &ForgetPerson,
    ) -> Result<(), ForgetPersonError> {
        let id = command.change.id;
        let history = self.history(id).await?.ok_or(ForgetPersonError::NotFound(id))?;
        if history.timeline.current().version != command.change.expected_version.get() {
            return Err(Self::stale(&history, command));
        }
        self.decide_forgetting(op, &history, command).map(drop)
    }

    /// What forgetting somebody would mean, for whoever decides about a request that asks for it.
    pub async fn preview_requested_forgetting(
        &self,
        op: &OpContext,
        of: &ApprovalDetail,
        id: DeclarationId,
        role: Role,
    ) -> Result<Option<ForgetPreview>, ReadApprovalsError> {
        may_see(op, Some(of))?;
        Ok(self.history(id).await?.map(|history| preview(&history, role)))
    }

    /// What forgetting somebody in a role would mean, for whoever is about to do it; `None` without such a declaration.
    pub async fn preview_forgetting(
        &self,
        op: &OpContext,
        number: &DeclarationNo,
        role: Role,
    ) -> Result<Option<ForgetPreview>, ForgetPersonError> {
        op.require(Permission::ForgetPerson)?;
        let numbers = [number.as_str().to_owned()];
        let found = register_index::by_numbers(self.store.database(), &numbers)
            .await
            .map_err(Internal::new)?;
        let Some(id) = found.first().map(|found| found.declaration_id) else {
            return Ok(None);
        };
        Ok(self.history(id).await?.map(|history| preview(&history, role)))
    }

    /// A retry: the first try stands in the log, and what it left undone is done now.
    async fn again(
        &self,
        history: &History,
        command: &ForgetPerson,
        receipt: Receipt,
    ) -> Result<Changed, ForgetPersonError> {
        let of_receipt = |entry: &&Entry| receipt.first <= entry.position && entry.position <= receipt.last;
        let entries: Vec<&Entry> = history.entries.iter().filter(of_receipt).collect();
        let is_same = entries.iter().any(|entry| {
            matches!(&entry.statement.event,
                DeclarationEvent::PersonForgotten { subject, .. } if subject.role == command.role)
        });
        if !is_same {
            return Err(ForgetPersonError::Invalid(vec![InputProblem::new(
                "commandId",
                "command_reused",
                "この操作の番号は別の操作で使われています。画面を開き直してから、もう一度入力してください。",
            )]));
        }
        let version_at = entries
            .iter()
            .rposition(|entry| entry.statement.event.changes_facts());
        self.destroy(receipt).await?;
        Ok(changed(&command.change, receipt, version_at))
    }

    fn stale(history: &History, command: &ForgetPerson) -> ForgetPersonError {
        match super::change::stale::<std::convert::Infallible>(history, command.change.expected_version) {
            super::ChangeError::Stale(stale) => ForgetPersonError::Stale(stale),
            _ => ForgetPersonError::NotFound(command.change.id),
        }
    }

    /// Destroys the keys of those whom a command forgot, and empties the rows about them.
    async fn destroy(&self, receipt: Receipt) -> Result<(), Internal> {
        let before = Position::new(receipt.first.get() - 1);
        let erasures = storage::erasure::after(&self.store, before)
            .await
            .map_err(Internal::new)?;
        self.destroy_keys_and_rows(&erasures).await
    }
}

fn refused(refused: Refused) -> ForgetPersonError {
    match refused {
        Refused::NothingKept => ForgetPersonError::NothingKept,
        Refused::Reason(problem) => ForgetPersonError::Invalid(vec![problem.into()]),
    }
}

fn preview(history: &History, role: Role) -> ForgetPreview {
    let timeline = &history.timeline;
    let current = timeline.current();
    let named = names(timeline, role);
    let also_as = Role::ALL
        .iter()
        .copied()
        .filter(|other| *other != role && !named.is_disjoint(&names(timeline, *other)));
    let mentions = texts(timeline, &history.entries)
        .iter()
        .filter(|text| named.iter().any(|name| text.contains(name)))
        .count();
    ForgetPreview {
        id: current.id,
        version: Position::new(current.version),
        is_kept: role == Role::Remarks || timeline.knows(timeline.subjects().of(role).id),
        also_as: also_as.collect(),
        mentions: if role == Role::Remarks { 0 } else { mentions },
    }
}

/// Everything that was ever written about the record in free text, folded; the same text once.
fn texts(timeline: &Timeline, entries: &[Entry]) -> BTreeSet<String> {
    let remarks = timeline.subjects().of(Role::Remarks);
    let of_facts = entries
        .iter()
        .flat_map(|entry| entry.statement.event.changes())
        .flat_map(|change| [change.old, change.new])
        .flatten()
        .filter(|fact| fact.subject() == Some(remarks))
        .filter_map(|fact| fact.reveal().map(FieldValue::typed).map(fold));
    let of_notes = entries.iter().filter_map(|entry| match &entry.statement.event {
        DeclarationEvent::NoteAdded {
            text: Readable::Open(text),
            ..
        } => Some(fold(text.reveal())),
        _ => None,
    });
    let of_reasons = entries.iter().filter_map(|entry| match &entry.reason {
        Some(Readable::Open(text)) => Some(fold(text.reveal())),
        _ => None,
    });
    let of_evidence = entries.iter().flat_map(|entry| match &entry.statement.event {
        DeclarationEvent::EvidenceGiven(evidence) => evidence.words().into_iter().map(fold).collect(),
        DeclarationEvent::NumberLookedUp(looked_up) => looked_up.words().into_iter().map(fold).collect(),
        _ => Vec::new(),
    });
    of_facts
        .chain(of_notes)
        .chain(of_reasons)
        .chain(of_evidence)
        .collect()
}
