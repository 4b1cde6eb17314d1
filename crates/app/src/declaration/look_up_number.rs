//! Tells a declarer their forgotten number by mail, to the address that is registered. To another one it takes a second person.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use domain::declaration::decide::{
    Decision, FieldInput, LookUpNumber as Decide, LookUpNumberError, fitting, has_address, look_up_number,
};
use domain::declaration::{DeclarationEvent, Field, IdentityCheck, Role, SentTo, TAG_DECLARATION, Timeline};
use domain::mailing::{Address, Class, Draft, DraftInput};
use domain::staff::Permission;
use domain::value::EntityType;
use domain::{DeclarationId, SubjectId};
use event_store::{AppendError, Guard, NewEvent, Position, Query, QueryItem, Tag};

use super::change::{Change, ChangeError, Changed, changed, stale, unchanged_since};
use super::detail::History;
use crate::approval::{ApprovalDetail, Consent, ReadApprovalsError, may_see};
use crate::mail::About;
use crate::{App, Forbidden, Guarded, Internal, OpContext, PersonalPart};

/// So long after a number went to the registered address it does not go there again: somebody pressed twice, in two windows, or asks again
/// before the first mail has arrived.
const TOLD_ONCE_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// Guards of the command.
const UNCHANGED: usize = 0;

/// What whoever asks said, and how it was made sure who they are.
#[derive(Debug, Clone)]
pub struct LookUpNumber {
    /// What they said, by field.
    pub asked: BTreeMap<Field, String>,
    /// How it was made sure.
    pub checks: BTreeSet<IdentityCheck>,
    /// Another address than the registered one, as typed.
    pub elsewhere: Option<String>,
}

/// Why no number is sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookUpNumberRefused {
    /// A second person has to agree: ask for it.
    #[error("a second person has to agree that a number goes to another address")]
    NeedsApproval,
    /// No sender of mail is set up.
    #[error("no sender of mail is set up")]
    NoMail,
    /// The other address cannot be read.
    #[error("the address cannot be read")]
    Address,
    /// It went there minutes ago.
    #[error("the number was sent to the registered address just now")]
    JustTold,
    /// The decision refused it.
    #[error(transparent)]
    Refused(LookUpNumberError),
}

/// What fits of what somebody said, before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// Of the declaration as it is now.
    pub fitting: BTreeSet<Field>,
    /// Whether an address is registered that mail can be sent to.
    pub has_address: bool,
}

impl LookUpNumber {
    fn answers(&self) -> Vec<FieldInput> {
        let input = |(field, typed): (&Field, &String)| FieldInput {
            field: *field,
            typed: typed.clone(),
        };
        self.asked.iter().map(input).collect()
    }

    fn wanted(&self) -> Decide {
        Decide {
            asked: self.answers(),
            checks: self.checks.clone(),
            sent_to: match self.elsewhere {
                Some(_) => SentTo::Elsewhere,
                None => SentTo::Registered,
            },
        }
    }
}

impl App {
    /// Which answers fit what is registered; that somebody looked is on record. None: there is no such declaration.
    pub async fn match_answers(
        &self,
        op: &OpContext,
        id: DeclarationId,
        asked: &[FieldInput],
    ) -> Result<Option<Matched>, ReadAnswersError> {
        op.require(Permission::LookUpNumber)?;
        op.require(Permission::ReadPersonal)?;
        let Some(history) = self.history(id).await? else {
            return Ok(None);
        };
        looked_at(op, id);
        let facts = &history.timeline.current().facts;
        Ok(Some(Matched {
            fitting: fitting(facts, asked),
            has_address: has_address(facts),
        }))
    }

    /// Sends the number to the registered address.
    pub async fn look_up_number(
        &self,
        op: &OpContext,
        change: Change,
        command: LookUpNumber,
    ) -> Result<Changed, ChangeError<LookUpNumberRefused>> {
        self.look_up_number_with(op, change, command, Consent::of(op))
            .await
    }

    /// The same, once it is known whether a second person agreed to another address.
    pub(crate) async fn look_up_number_with(
        &self,
        op: &OpContext,
        change: Change,
        command: LookUpNumber,
        consent: Consent,
    ) -> Result<Changed, ChangeError<LookUpNumberRefused>> {
        let allowed = op
            .require(Permission::LookUpNumber)
            .map_err(ChangeError::Forbidden)?;
        if command.elsewhere.is_some() && consent == Consent::None {
            return Err(ChangeError::Refused(LookUpNumberRefused::NeedsApproval));
        }
        if let Some(before) = self.told_before(&change, &command).await? {
            return Ok(before);
        }
        let history = self.history(change.id).await.map_err(ChangeError::Internal)?;
        let history = history.ok_or(ChangeError::NotFound(change.id))?;
        if history.timeline.current().version != change.expected_version.get() {
            return Err(stale(&history, change.expected_version));
        }
        looked_at(op, change.id);
        let mut decision = decide(op, &history.timeline, &command)?;
        if told_just_now(op, &history, &command) {
            // By this very command, when it is sent twice at one moment.
            let before = self.told_before(&change, &command).await?;
            return before.ok_or(ChangeError::Refused(LookUpNumberRefused::JustTold));
        }
        let mail = self.number_mail(&history.timeline, &change, &command).await?;
        let mut guards = vec![unchanged_since(change.id, change.expected_version).map_err(internal)?];
        if command.elsewhere.is_none() {
            guards.push(not_told_since(&history, change.id, &decision).map_err(internal)?);
        }
        let cited = self
            .rest_on_inquiry(op, &change, (&history.timeline, op.today(), None), &mut decision)
            .await?;
        let append = self.append_of(op, change.command_id, &decision, guards).await;
        let mut append = append.map_err(ChangeError::Internal)?;
        append.events.push(mail);
        append.events.extend(cited);
        match self.append(allowed, append).await {
            Ok(appended) => Ok(changed(&change, *appended.receipt(), None)),
            Err(AppendError::Conflict(conflict)) => {
                if let Some(before) = self.told_before(&change, &command).await? {
                    return Ok(before);
                }
                if conflict.found.iter().any(|found| found.guard == UNCHANGED) {
                    let now = self.history(change.id).await.map_err(ChangeError::Internal)?;
                    let now = now.ok_or(ChangeError::NotFound(change.id))?;
                    return Err(stale(&now, change.expected_version));
                }
                // In another window, at the same moment.
                Err(ChangeError::Refused(LookUpNumberRefused::JustTold))
            }
            // The same command was as fast: its words are sealed with another salt.
            Err(AppendError::CommandReused { .. }) => {
                let before = self.told_before(&change, &command).await?;
                before.ok_or(ChangeError::CommandReused)
            }
            Err(error) => Err(internal(error)),
        }
    }

    /// What an earlier try of the same command wrote; none: it was not tried yet. The receipt is looked for first: a history from before
    /// it would not have what a try at the same moment wrote.
    async fn told_before(
        &self,
        change: &Change,
        command: &LookUpNumber,
    ) -> Result<Option<Changed>, ChangeError<LookUpNumberRefused>> {
        let receipt = self.store.receipt(change.command_id).await.map_err(internal)?;
        let Some(receipt) = receipt else { return Ok(None) };
        let history = self.history(change.id).await.map_err(ChangeError::Internal)?;
        let history = history.ok_or(ChangeError::NotFound(change.id))?;
        let is_same = history.entries.iter().any(|entry| {
            entry.command_id == change.command_id && said_the_same(&entry.statement.event, &command.asked)
        });
        if is_same {
            Ok(Some(changed(change, receipt, None)))
        } else {
            Err(ChangeError::CommandReused)
        }
    }

    /// Whether a number could be sent now, if a second person agreed. Nothing is written.
    pub(crate) async fn try_looking_up(
        &self,
        op: &OpContext,
        change: &Change,
        command: &LookUpNumber,
    ) -> Result<(), ChangeError<LookUpNumberRefused>> {
        let history = self.history(change.id).await.map_err(ChangeError::Internal)?;
        let history = history.ok_or(ChangeError::NotFound(change.id))?;
        if history.timeline.current().version != change.expected_version.get() {
            return Err(stale(&history, change.expected_version));
        }
        if self.notices.is_none() {
            return Err(ChangeError::Refused(LookUpNumberRefused::NoMail));
        }
        elsewhere(command)?;
        decide(op, &history.timeline, command).map(drop)
    }

    /// What fits of a request for another address, for whoever decides about it.
    pub async fn preview_requested_number(
        &self,
        op: &OpContext,
        of: &ApprovalDetail,
        id: DeclarationId,
        asked: &BTreeMap<Field, String>,
    ) -> Result<Option<Matched>, ReadApprovalsError> {
        may_see(op, Some(of))?;
        let input = |(field, typed): (&Field, &String)| FieldInput {
            field: *field,
            typed: typed.clone(),
        };
        let asked: Vec<FieldInput> = asked.iter().map(input).collect();
        Ok(self.history(id).await?.map(|history| {
            let facts = &history.timeline.current().facts;
            Matched {
                fitting: fitting(facts, &asked),
                has_address: has_address(facts),
            }
        }))
    }

    /// The mail: under the key of the contact, wherever it goes, so that it is forgotten with them.
    async fn number_mail(
        &self,
        timeline: &Timeline,
        change: &Change,
        command: &LookUpNumber,
    ) -> Result<NewEvent, ChangeError<LookUpNumberRefused>> {
        let refused = |refused| ChangeError::Refused(refused);
        let notices = self
            .notices
            .as_ref()
            .ok_or(refused(LookUpNumberRefused::NoMail))?;
        let current = timeline.current();
        let typed = |field| {
            let value = current.facts.reveal(field);
            value.map(|value| value.typed().to_owned()).unwrap_or_default()
        };
        let to = match elsewhere(command)? {
            Some(address) => address.typed().to_owned(),
            None => typed(Field::ContactEmail),
        };
        let subject = current.facts.subjects().of(Role::Contact).id;
        self.ensure_key(subject).await.map_err(ChangeError::Internal)?;
        let name = typed(Field::Name);
        let whom = addressed(&name, current.facts.entity_type());
        let text = letter(&whom, &typed(Field::DeclarationNo), &self.signature());
        let draft = Draft::new(&DraftInput {
            sender: &notices.sender,
            to: &to,
            name: None,
            subject: "自己宣言IDのお知らせ",
            text: &text,
            class: Class::Transactional,
            auto: false,
            reply_to: None,
            references: &[],
        });
        let draft = draft.map_err(|_| refused(LookUpNumberRefused::Refused(LookUpNumberError::NoAddress)))?;
        let about = About {
            organization_id: Some(current.organization_id),
            declaration_id: Some(current.id),
            not_after: None,
            not_before: None,
        };
        self.mail_event(change.command_id, "number", subject, &draft, about)
            .map_err(ChangeError::Internal)
    }

    /// Under whose key stands what somebody says who asks for a number: that of the contact, whom they say they are. None: no such
    /// declaration.
    pub(crate) async fn contact_subject(
        &self,
        id: DeclarationId,
    ) -> Result<Option<event_store::SubjectId>, Internal> {
        let Some(history) = self.history(id).await? else {
            return Ok(None);
        };
        let subject = history.timeline.current().facts.subjects().of(Role::Contact).id;
        Ok(Some(self.ensure_key(subject).await?))
    }

    /// There is none yet where nobody is known.
    async fn ensure_key(&self, subject: SubjectId) -> Result<event_store::SubjectId, Internal> {
        let key = event_store::SubjectId(subject.uuid());
        self.store.keyring().ensure(&[key]).await.map_err(Internal::new)?;
        Ok(key)
    }

    /// Who writes, under the letter.
    fn signature(&self) -> String {
        let letterhead = &self.letterhead;
        let lines = [&letterhead.name, &letterhead.contact];
        let lines = lines.into_iter().flatten().filter(|line| !line.is_empty());
        lines.cloned().collect::<Vec<_>>().join("\n")
    }
}

/// Why answers are not compared.
#[derive(Debug, thiserror::Error)]
pub enum ReadAnswersError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Comparing tells what is registered: it is a read.
fn looked_at(op: &OpContext, id: DeclarationId) {
    for part in [PersonalPart::Contact, PersonalPart::Representative] {
        op.reveal(id, part, || Guarded::Open(()));
    }
}

fn decide(
    op: &OpContext,
    timeline: &Timeline,
    command: &LookUpNumber,
) -> Result<Decision, ChangeError<LookUpNumberRefused>> {
    let decided = look_up_number(timeline, &command.wanted(), op.today());
    decided.map_err(|refused| ChangeError::Refused(LookUpNumberRefused::Refused(refused)))
}

/// Whether the number went to the registered address a moment ago, and is to go there once more.
fn told_just_now(op: &OpContext, history: &History, command: &LookUpNumber) -> bool {
    let told = |event: &DeclarationEvent| matches!(event, DeclarationEvent::NumberLookedUp(told) if told.sent_to == SentTo::Registered);
    let since = op.now() - TOLD_ONCE_WITHIN;
    let mut entries = history.entries.iter();
    command.elsewhere.is_none()
        && entries.any(|entry| entry.recorded_at > since && told(&entry.statement.event))
}

/// Nobody has told it since the history was read.
fn not_told_since(
    history: &History,
    id: DeclarationId,
    telling: &Decision,
) -> Result<Guard, event_store::TagError> {
    let newest = history.entries.last();
    let types = telling.statements.iter();
    Ok(Guard {
        query: Query {
            items: vec![QueryItem {
                types: types.map(|it| it.event.event_type().to_owned()).collect(),
                tags: vec![Tag::new(TAG_DECLARATION, id)?],
            }],
        },
        after: newest.map_or(Position::START, |entry| entry.position),
    })
}

fn elsewhere(command: &LookUpNumber) -> Result<Option<Address>, ChangeError<LookUpNumberRefused>> {
    let address = command.elsewhere.as_deref().map(Address::parse).transpose();
    address.map_err(|_| ChangeError::Refused(LookUpNumberRefused::Address))
}

fn said_the_same(event: &DeclarationEvent, asked: &BTreeMap<Field, String>) -> bool {
    match event {
        DeclarationEvent::NumberLookedUp(looked_up) => {
            looked_up.answers.open().is_none_or(|said| said.reveal() == asked)
        }
        _ => false,
    }
}

/// As a letter calls them; a name with what mail does not carry is left out.
fn addressed(name: &str, entity: EntityType) -> String {
    if domain::text::check(name, 150, domain::text::Lines::One).is_err() {
        return "ご担当者 様".to_owned();
    }
    match entity {
        EntityType::SoleTrader => format!("{name} 様"),
        EntityType::Corporation | EntityType::OtherBody => format!("{name} 御中"),
    }
}

fn letter(whom: &str, number: &str, signature: &str) -> String {
    let grouped = match (number.get(..4), number.get(4..8), number.get(8..)) {
        (Some(first), Some(middle), Some(last)) => format!("{first}-{middle}-{last}"),
        _ => number.to_owned(),
    };
    format!(
        "{whom}\n\n\
         お問い合わせをいただき、ありがとうございます。\n\
         ご照会のあった自己宣言IDをお知らせします。\n\n\
         \u{3000}自己宣言ID：{grouped}\n\n\
         番号を入力するときは、ハイフンを除いた11桁の数字（{number}）を使ってください。\n\n\
         このメールは、登録されているご連絡先か、ご本人と確認できたご連絡先にお送りしています。\n\
         お心当たりがない場合は、お手数ですが、このメールへの返信でお知らせください。\n\n\
         {signature}\n"
    )
}

fn internal<E: std::error::Error + 'static>(
    error: impl std::error::Error + Send + Sync + 'static,
) -> ChangeError<E> {
    ChangeError::Internal(Internal::new(error))
}
