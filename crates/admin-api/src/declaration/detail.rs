//! One declaration: its facts now or on any earlier day, its history, and what else its organisation declared.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::declaration::{Detail, ReadDetail, ReadDetailError};
use async_graphql::{Context, ID, Object, Result, SimpleObject, Union};
use domain::DeclarationId;
use domain::declaration::{Declaration as State, Field};
use domain::staff::Actor;

use super::enums::{
    DeclarationField, DeclarationState, DiagnosisAnswer, DiagnosisBand, EntityType, FlagCode, PledgeVersion,
    PolicyMedium, Star,
};
use super::history::{HistoryEntry, entries, linked};
use super::list::NotYet;
use super::row::DeclarationRow;
use super::values::{
    self, ContactResult, FieldText, Industry, NameResult, Prefecture, PremisesResult, RemarksResult,
    RepresentativeResult, SizeHint, Stop,
};
use crate::context::request;
use crate::fault;
use crate::loaders::Loaders;
use crate::scalars::{Date, Position};

/// The outcome of asking for one declaration.
#[derive(Union)]
pub enum DeclarationResult {
    /// Here it is.
    Declaration(Declaration),
    /// There is none with that id, or nothing of it had been recorded by then.
    NotFound(NotFound),
    /// The read side has not caught up.
    NotYet(NotYet),
}

/// There is no declaration with that id.
#[derive(SimpleObject)]
pub struct NotFound {
    /// As it was asked for.
    pub id: ID,
}

/// A declaration on the day and position asked for.
pub struct Declaration {
    detail: Arc<Detail>,
}

/// A self-diagnosis. Its score is `diagnosisScore`.
#[derive(SimpleObject)]
pub struct Diagnosis {
    /// Which questionnaire was answered.
    pub questionnaire: String,
    /// On which day.
    pub done_on: Date,
    /// Every answer in the order of the questions; null when only the score is known.
    pub answers: Option<Vec<DiagnosisAnswer>>,
}

impl From<&domain::declaration::Diagnosis> for Diagnosis {
    fn from(diagnosis: &domain::declaration::Diagnosis) -> Self {
        let answers = diagnosis.answers.as_ref();
        Self {
            questionnaire: diagnosis.questionnaire.clone(),
            done_on: Date(diagnosis.done_on),
            answers: answers.map(|answers| answers.iter().copied().map(Into::into).collect()),
        }
    }
}

/// Queries about one declaration.
#[derive(Default)]
pub struct DetailQuery;

#[Object]
impl DetailQuery {
    /// `asOf`: the effective axis. `recordedUpTo`: the recorded axis. Without both: now.
    #[graphql(complexity = "200 + child_complexity")]
    async fn declaration(
        &self,
        ctx: &Context<'_>,
        id: ID,
        as_of: Option<Date>,
        recorded_up_to: Option<Position>,
        at_least: Option<Position>,
    ) -> Result<DeclarationResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let not_found = || DeclarationResult::NotFound(NotFound { id: id.clone() });
        let Ok(declaration_id) = id.parse::<DeclarationId>() else {
            return Ok(not_found());
        };
        let query = ReadDetail {
            id: declaration_id,
            as_of: as_of.map(|date| date.0),
            recorded_up_to: recorded_up_to.map(|position| position.0),
            at_least: at_least.map(|position| position.0),
        };
        match request.app().declaration(op, query).await {
            Ok(Some(detail)) => Ok(DeclarationResult::Declaration(Declaration {
                detail: Arc::new(detail),
            })),
            Ok(None) => Ok(not_found()),
            Err(ReadDetailError::NotYet(position)) => Ok(DeclarationResult::NotYet(NotYet {
                position: Position(position),
            })),
            Err(ReadDetailError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ReadDetailError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
        }
    }

    /// The 47 prefectures of JIS X 0401.
    async fn prefectures(&self) -> Vec<Prefecture> {
        domain::value::Prefecture::all().map(Prefecture::from).collect()
    }

    /// The divisions of the Japan Standard Industrial Classification.
    async fn industries(&self) -> Vec<Industry> {
        domain::value::Industry::all().map(Industry::from).collect()
    }
}

async fn all_linked(ctx: &Context<'_>, ids: &BTreeSet<DeclarationId>) -> Result<Vec<DeclarationRow>> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(linked(ctx, *id).await?);
    }
    Ok(rows)
}

impl Declaration {
    fn state(&self) -> &State {
        &self.detail.shown
    }

    fn text(&self, field: Field) -> Option<FieldText> {
        self.state().facts.public(field).map(FieldText::from)
    }
}

#[Object]
impl Declaration {
    async fn id(&self) -> ID {
        ID(self.detail.id.to_string())
    }

    /// What a change must name as its `expectedVersion`: the position of the newest fact-changing event.
    async fn version(&self) -> Position {
        Position(event_store::Position::new(self.detail.today.version))
    }

    /// False when either axis looks back.
    async fn now(&self) -> bool {
        self.detail.now
    }

    /// The day that is shown.
    async fn as_of(&self) -> Date {
        Date(self.detail.as_of)
    }

    /// The end of the log that is shown; null for all of it.
    async fn recorded_up_to(&self) -> Option<Position> {
        self.detail.recorded_up_to.map(Position)
    }

    /// False when the declaration did not exist yet on the day asked for; facts are then those of its first day.
    async fn existed(&self) -> bool {
        self.detail.existed
    }

    async fn number(&self) -> String {
        self.state()
            .facts
            .value(Field::DeclarationNo)
            .unwrap_or_default()
            .to_owned()
    }

    async fn star(&self) -> Option<Star> {
        self.state().facts.star().map(Star::from)
    }

    #[graphql(name = "state")]
    async fn state_of_day(&self) -> DeclarationState {
        self.detail.state.into()
    }

    /// How it ended, when it has.
    async fn stop(&self) -> Option<Stop> {
        let stop = self.state().stop.filter(|_| self.detail.planned_stop.is_none());
        stop.map(Stop::from)
    }

    /// A stop that is still to come; until its day the declaration is live.
    async fn planned_stop(&self) -> Option<Stop> {
        self.detail.planned_stop.map(Stop::from)
    }

    /// The declaration with a newer number that took its place.
    async fn superseded_by(&self, ctx: &Context<'_>) -> Result<Option<DeclarationRow>> {
        match self.state().superseded_by() {
            Some(id) => linked(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The declarations with older numbers whose place it took.
    async fn supersedes(&self, ctx: &Context<'_>) -> Result<Vec<DeclarationRow>> {
        all_linked(ctx, &self.state().supersedes).await
    }

    /// The declaration that it was merged into, being a duplicate.
    async fn merged_into(&self, ctx: &Context<'_>) -> Result<Option<DeclarationRow>> {
        match self.state().merged_into() {
            Some(id) => linked(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The duplicates that were merged into it: their notes, warnings and documents are with them.
    async fn absorbed(&self, ctx: &Context<'_>) -> Result<Vec<DeclarationRow>> {
        all_linked(ctx, &self.state().absorbed).await
    }

    /// Whether the declarer may use the logo while the declaration is live.
    async fn logo_allowed(&self) -> bool {
        self.state().logo_allowed
    }

    async fn declared_on(&self) -> Date {
        Date(self.detail.declared_on)
    }

    async fn pledge_version(&self) -> Option<PledgeVersion> {
        let value = self.state().facts.value(Field::PledgeVersion)?;
        domain::value::PledgeVersion::from_code(value).map(PledgeVersion::from)
    }

    async fn entity_type(&self) -> EntityType {
        self.state().facts.entity_type().into()
    }

    /// Whether it is meant for the public search.
    async fn published(&self) -> bool {
        self.state().published
    }

    async fn name(&self, ctx: &Context<'_>) -> Result<NameResult> {
        Ok(values::name(request(ctx)?.operation()?, self.state()))
    }

    async fn trade_name(&self) -> Option<FieldText> {
        self.text(Field::TradeName)
    }

    async fn corporate_number(&self) -> Option<FieldText> {
        self.text(Field::CorporateNumber)
    }

    async fn representative(&self, ctx: &Context<'_>) -> Result<RepresentativeResult> {
        Ok(values::representative(request(ctx)?.operation()?, self.state()))
    }

    async fn contact(&self, ctx: &Context<'_>) -> Result<ContactResult> {
        Ok(values::contact(request(ctx)?.operation()?, self.state()))
    }

    async fn premises(&self, ctx: &Context<'_>) -> Result<PremisesResult> {
        Ok(values::premises(request(ctx)?.operation()?, self.state()))
    }

    async fn remarks(&self, ctx: &Context<'_>) -> Result<RemarksResult> {
        Ok(values::remarks(request(ctx)?.operation()?, self.state()))
    }

    async fn prefecture(&self) -> Option<Prefecture> {
        self.state().facts.prefecture().map(Prefecture::from)
    }

    /// What was typed as prefecture.
    async fn prefecture_text(&self) -> Option<FieldText> {
        self.text(Field::Prefecture)
    }

    async fn city(&self) -> Option<FieldText> {
        self.text(Field::City)
    }

    async fn industry(&self) -> Option<FieldText> {
        self.text(Field::Industry)
    }

    async fn employees(&self) -> Option<FieldText> {
        self.text(Field::Employees)
    }

    async fn capital_yen(&self) -> Option<FieldText> {
        self.text(Field::CapitalYen)
    }

    /// A hint, never a limit.
    async fn size_class(&self) -> SizeHint {
        let hint = domain::declaration::size_hint(&self.state().facts);
        SizeHint {
            class: hint.class.into(),
            rule_version: hint.rule_version.to_owned(),
        }
    }

    async fn diagnosis_score(&self) -> Option<FieldText> {
        self.text(Field::DiagnosisScore)
    }

    /// What the score tells; null without one.
    async fn diagnosis_band(&self) -> Option<DiagnosisBand> {
        let score = self.state().facts.value(Field::DiagnosisScore)?.parse().ok()?;
        Some(domain::declaration::DiagnosisBand::of(score).into())
    }

    /// The newest self-diagnosis that was recorded as such; null where an old register brought a score alone.
    async fn diagnosis(&self) -> Option<Diagnosis> {
        self.detail.diagnosis.as_ref().map(Diagnosis::from)
    }

    async fn policy_url(&self) -> Option<FieldText> {
        self.text(Field::PolicyUrl)
    }

    /// Where the policy can be read, by what stands in `policyUrl`; null without one.
    async fn policy_medium(&self) -> Option<PolicyMedium> {
        let text = self.state().facts.value(Field::PolicyUrl)?;
        Some(domain::value::PolicyMedium::of(text).into())
    }

    async fn policy_published_on(&self) -> Option<FieldText> {
        self.text(Field::PolicyPublishedOn)
    }

    async fn publish_consent(&self) -> Option<FieldText> {
        self.text(Field::PublishConsent)
    }

    async fn flags(&self) -> Vec<FlagCode> {
        self.state().flags.iter().map(|flag| (*flag).into()).collect()
    }

    /// Fields whose value differs from today's; empty when `now`.
    async fn differs_from_today(&self) -> Vec<DeclarationField> {
        self.state()
            .differs(&self.detail.today)
            .into_iter()
            .map(DeclarationField::from)
            .collect()
    }

    async fn organization_id(&self) -> ID {
        ID(self.detail.organization_id.to_string())
    }

    /// The organisation's other declarations.
    async fn others(&self, ctx: &Context<'_>) -> Result<Vec<DeclarationRow>> {
        let op = request(ctx)?.operation()?;
        let rows = ctx
            .data::<Loaders>()?
            .of_organization(self.detail.organization_id)
            .await?;
        Ok(rows
            .iter()
            .filter(|row| row.id != self.detail.id)
            .map(|row| DeclarationRow::new(op, row))
            .collect())
    }

    /// Oldest first.
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<HistoryEntry>> {
        if ctx.look_ahead().field("actor").exists() {
            let staff = self.detail.entries.iter().filter_map(|entry| match entry.actor {
                Actor::Staff(id) => Some(id),
                Actor::Token(_) | Actor::System(_) | Actor::Declarer => None,
            });
            ctx.data::<Loaders>()?.expect_staff(staff.collect()).await?;
        }
        Ok(entries(&self.detail))
    }
}
