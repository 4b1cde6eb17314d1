//! Correcting a declaration's facts.

use chrono::NaiveDate;
use domain::DeclarationId;
use domain::declaration::decide::{Correct, CorrectError as Refused, FieldInput, Problem, Wanted, correct};
use domain::declaration::{ConflictField, Field, Source, TAG_CORPORATE_NUMBER, Timeline, conflict};
use domain::organization::another_live;
use domain::staff::Permission;
use domain::value::CorporateNumber;
use event_store::{Position, Query, Tag};

use super::change::{Change, ChangeError, Changed, Stale};
use super::detail::Entry;
use crate::attachment::{EvidenceError, EvidenceFor, GivenEvidence};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// A correction as a person made it.
#[derive(Debug, Clone)]
pub struct CorrectDeclaration {
    /// Which declaration, as its author saw it.
    pub change: Change,
    /// The fields, each once.
    pub fields: Vec<FieldInput>,
    /// Error or change.
    pub wanted: Wanted,
    /// Why.
    pub reason: String,
    /// What it rests on: some fields need it.
    pub evidence: GivenEvidence,
}

/// Why nothing was corrected. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CorrectDeclarationError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such declaration.
    #[error("there is no declaration {0}")]
    NotFound(DeclarationId),
    /// What was typed has problems.
    #[error("the correction has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// Somebody was faster.
    #[error("the declaration was changed since it was read")]
    Conflict(Box<Conflict>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What somebody else changed meanwhile, beside what was wanted here.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// What the next try must name.
    pub version: Position,
    /// Each field that they or we changed.
    pub fields: Vec<ConflictField>,
    /// Their newest change.
    pub newest: Entry,
}

impl Conflict {
    /// What a stale change met, beside what it wanted to change.
    pub fn of(stale: Stale, mine: &[FieldInput]) -> Self {
        Self {
            version: Position::new(stale.theirs.current().version),
            fields: conflict(stale.base.current(), stale.theirs.current(), mine),
            newest: stale.newest,
        }
    }
}

impl App {
    /// Corrects fields of a declaration, all of them or none.
    pub async fn correct_declaration(
        &self,
        op: &OpContext,
        command: CorrectDeclaration,
    ) -> Result<Changed, CorrectDeclarationError> {
        op.require(Permission::CorrectDeclaration)?;
        let today = op.today();
        let of = EvidenceFor {
            declaration_id: command.change.id,
            command_id: command.change.command_id,
            inquiry: command.change.inquiry,
        };
        let evidence = self.evidence(op, &command.evidence, of).await?;
        let corrected = self.change_beside(
            op,
            Permission::CorrectDeclaration,
            &command.change,
            || self.number_live_elsewhere(command.change.id, &command.fields, today),
            |timeline: &Timeline, today, number_live_elsewhere| {
                let wanted = Correct {
                    number_live_elsewhere,
                    changes: command.fields.clone(),
                    wanted: command.wanted,
                    reason: command.reason.clone(),
                    evidence: evidence.clone(),
                    source: Source::Staff,
                };
                correct(timeline, &wanted, today)
            },
        );
        corrected.await.map_err(|error| answer(error, &command.fields))
    }

    /// Whether another live declaration has the corporate number that is typed in, and what would alter the answer.
    pub(super) async fn number_live_elsewhere(
        &self,
        id: DeclarationId,
        fields: &[FieldInput],
        today: NaiveDate,
    ) -> Result<(Query, bool), Internal> {
        let Some(number) = typed_corporate_number(fields) else {
            return Ok((Query { items: Vec::new() }, false));
        };
        let tag = Tag::new(TAG_CORPORATE_NUMBER, number.as_str()).map_err(Internal::new)?;
        let numbers = [number.as_str().to_owned()];
        let found = storage::register_index::by_corporate_numbers(self.store.database(), &numbers).await;
        let found = found.map_err(Internal::new)?;
        let known = found
            .iter()
            .map(|other| (other.declaration_id, other.live_on(today)));
        Ok((Query::tagged(tag), another_live(Some(id), known).is_some()))
    }
}

fn typed_corporate_number(fields: &[FieldInput]) -> Option<CorporateNumber> {
    let typed = fields
        .iter()
        .find(|input| input.field == Field::CorporateNumber)?;
    CorporateNumber::parse(&typed.typed).ok()
}

fn answer(error: ChangeError<Refused>, fields: &[FieldInput]) -> CorrectDeclarationError {
    match error {
        ChangeError::Forbidden(refused) => CorrectDeclarationError::Forbidden(refused),
        ChangeError::NotFound(id) => CorrectDeclarationError::NotFound(id),
        ChangeError::Refused(Refused::Invalid(problems)) => {
            CorrectDeclarationError::Invalid(problems.into_iter().map(InputProblem::from).collect())
        }
        ChangeError::Stale(stale) => {
            CorrectDeclarationError::Conflict(Box::new(Conflict::of(*stale, fields)))
        }
        ChangeError::CommandReused => CorrectDeclarationError::Invalid(vec![InputProblem::new(
            "commandId",
            "command_reused",
            "この操作の番号は別の訂正で使われています。画面を開き直してから、もう一度入力してください。",
        )]),
        ChangeError::Inquiry(problem) => CorrectDeclarationError::Invalid(vec![problem]),
        overtaken @ ChangeError::Overtaken => CorrectDeclarationError::Internal(Internal::new(overtaken)),
        ChangeError::Internal(error) => CorrectDeclarationError::Internal(error),
    }
}

impl From<EvidenceError> for CorrectDeclarationError {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::Invalid(problem) => Self::Invalid(vec![problem]),
            EvidenceError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<Problem> for InputProblem {
    fn from(problem: Problem) -> Self {
        Self {
            field: problem.field.path(),
            code: problem.code,
            message: problem.message,
        }
    }
}
