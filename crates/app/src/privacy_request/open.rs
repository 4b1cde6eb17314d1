//! Somebody asked: the case begins.

use chrono::NaiveDate;
use domain::privacy_request::{
    self as decide, Channel, PART_PERSON, PART_TEXT, PrivacyRequestKind, PrivacyRequestRefusal, Within,
};
use domain::staff::Permission;
use domain::value::DeclarationNo;
use domain::{DeclarationId, Personal, PrivacyRequestId};
use serde_json::json;
use storage::register_index;
use uuid::Uuid;

use crate::case_log::{CaseError, read_text};
use crate::random::derived_id;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Characters of a name.
const NAME_MAX: usize = 100;
/// Characters of where the answer goes.
const CONTACT_MAX: usize = 500;
/// Characters of what is wanted.
pub(super) const TEXT_MAX: usize = 4_000;

/// Who asked, as typed.
#[derive(Debug, Clone)]
pub struct TypedRequester {
    /// Their name.
    pub name: Personal<String>,
    /// Where the answer goes: an address, a mail address, a number.
    pub contact: Personal<String>,
    /// For whom, when they act for somebody else.
    pub acts_for: Personal<String>,
}

/// Somebody asked.
#[derive(Debug, Clone)]
pub struct OpenPrivacyRequest {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// What for.
    pub kind: PrivacyRequestKind,
    /// The way it came in.
    pub channel: Channel,
    /// On which day.
    pub received_on: NaiveDate,
    /// Numbers of the records, as typed; none: not known yet.
    pub numbers: Vec<String>,
    /// Who.
    pub requester: TypedRequester,
    /// What they want, in words.
    pub wanted: Personal<String>,
}

/// Why no case was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenPrivacyRequestError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was typed has problems.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Writes down that somebody asked. The term runs from the day on which it came in.
    pub async fn open_privacy_request(
        &self,
        op: &OpContext,
        command: &OpenPrivacyRequest,
    ) -> Result<PrivacyRequestId, OpenPrivacyRequestError> {
        let allowed = op.require(Permission::OpenPrivacyRequest)?;
        let id = PrivacyRequestId::new(derived_id(command.command_id, "privacy request"));
        let (found, mut problems) = match self.records_of(&command.numbers).await? {
            Ok(found) => (found, Vec::new()),
            Err(problem) => (Vec::new(), vec![problem]),
        };
        let requester = &command.requester;
        let mut text = |field: &str, typed: &Personal<String>, limits| {
            read_text(field, typed.reveal(), limits).unwrap_or_else(|problem| {
                problems.push(problem);
                None
            })
        };
        let name = text("name", &requester.name, (true, NAME_MAX));
        let contact = text("contact", &requester.contact, (true, CONTACT_MAX));
        let acts_for = text("actsFor", &requester.acts_for, (false, NAME_MAX));
        let wanted = text("wanted", &command.wanted, (true, TEXT_MAX));
        let calendar = self.calendar().await?;
        let within = Within {
            today: op.today(),
            office: calendar.days(),
            moves: self.case_rules().moves_last_day,
        };
        let opened = decide::open(
            id,
            command.kind,
            command.channel,
            command.received_on,
            found,
            within,
        );
        let event = opened.map_err(|refused| {
            let mut problem = InputProblem::from(refused);
            if problem.field == "on" {
                "receivedOn".clone_into(&mut problem.field);
            }
            problem
        });
        let event = match event {
            Ok(event) if problems.is_empty() => event,
            Ok(_) => return Err(OpenPrivacyRequestError::Invalid(problems)),
            Err(problem) => {
                problems.push(problem);
                return Err(OpenPrivacyRequestError::Invalid(problems));
            }
        };
        let person = json!({ "name": name, "contact": contact, "acts_for": acts_for });
        let sealed = vec![(PART_PERSON, person), (PART_TEXT, json!(wanted))];
        let written: Result<_, CaseError<PrivacyRequestRefusal>> = self
            .open_case(allowed, op, (command.command_id, id.uuid()), &event, sealed)
            .await;
        match written {
            Ok(_) => Ok(id),
            Err(CaseError::Internal(error)) => Err(error.into()),
            Err(_) => Err(OpenPrivacyRequestError::Invalid(vec![
                InputProblem::command_reused(),
            ])),
        }
    }

    /// The records that have these numbers; the problem names the first number that none has.
    pub(super) async fn records_of(
        &self,
        typed: &[String],
    ) -> Result<Result<Vec<DeclarationId>, InputProblem>, Internal> {
        let problem = |code, message: String| Ok(Err(InputProblem::new("numbers", code, message)));
        let mut numbers = Vec::with_capacity(typed.len());
        for (index, typed) in typed.iter().enumerate() {
            let Ok(number) = DeclarationNo::parse(typed) else {
                let text = format!(
                    "{}番目の宣言番号は、4か5で始まる11桁の数字で入力してください。",
                    index + 1
                );
                return problem("unreadable", text);
            };
            numbers.push(number.as_str().to_owned());
        }
        let found = register_index::by_numbers(self.store.database(), &numbers).await;
        let found = found.map_err(Internal::new)?;
        let missing = numbers
            .iter()
            .position(|number| found.iter().all(|it| it.declaration_no != *number));
        if let Some(index) = missing {
            return problem(
                "not_found",
                format!("{}番目の番号の宣言が見つかりません。", index + 1),
            );
        }
        Ok(Ok(found.into_iter().map(|it| it.declaration_id).collect()))
    }
}

impl From<PrivacyRequestRefusal> for InputProblem {
    fn from(refused: PrivacyRequestRefusal) -> Self {
        Self::new(refused.field(), refused.code(), refused.japanese())
    }
}
