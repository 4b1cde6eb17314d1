//! Every change of a case, one at a time.

use app::CaseChange;
use app::privacy_request::{ChangePrivacyRequestError, ErasureOfCase, MeasureTyped, PrivacyRequestChange};
use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result, SimpleObject, Union};
use domain::staff::Permission;
use domain::{Personal, PrivacyRequestId};

use super::types::{
    IdentityMethod, MeasureKind, PrivacyRequest, RequestChannel, RequestClosing, RequestOutcome, refusal,
};
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::declaration::enums::PersonRole;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::{Date, Position};
use crate::staff::accounts::staff_id;

/// A change of a case, made on what its author saw.
#[derive(InputObject)]
pub struct ChangePrivacyRequestInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which case.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// What becomes of it.
    pub change: PrivacyRequestChangeInput,
}

/// What becomes of a case: exactly one of these.
#[derive(OneofObject)]
pub enum PrivacyRequestChangeInput {
    /// It is about the records with these numbers, all of them.
    Concern(ConcernInput),
    /// Somebody handles it.
    Assign(AssignInput),
    /// It was looked at who asked.
    CheckIdentity(CheckIdentityInput),
    /// Something is missing, and was asked for: the term stands still.
    Pause(DayAndTextInput),
    /// It came in: the term goes on.
    Resume(DayInput),
    /// It takes longer; the day is the new last one, the text says why.
    Extend(DayAndTextInput),
    /// It is decided.
    Decide(DecideRequestInput),
    /// Something was done.
    RecordMeasure(MeasureInput),
    /// That somebody is forgotten in a record is asked of a second person.
    RequestErasure(RequestErasureInput),
    /// The answer went out.
    Answer(AnswerInput),
    /// Something to remember.
    Note(NoteInput),
    /// It is over.
    Close(CloseRequestInput),
}

/// Numbers of records.
#[derive(InputObject)]
pub struct ConcernInput {
    /// As typed, 50 at most.
    pub numbers: Vec<String>,
}

/// Whoever handles a case.
#[derive(InputObject)]
pub struct AssignInput {
    /// Which member of staff; null: nobody any more.
    pub handler: Option<ID>,
}

/// How it was looked at who asked.
#[derive(InputObject)]
pub struct CheckIdentityInput {
    /// How.
    pub method: IdentityMethod,
    /// Whether they are who they say.
    pub is_confirmed: bool,
    /// What was seen.
    pub text: Option<String>,
}

/// A day.
#[derive(InputObject)]
pub struct DayInput {
    /// Which.
    pub on: Date,
}

/// A day and why.
#[derive(InputObject)]
pub struct DayAndTextInput {
    /// Which.
    pub on: Date,
    /// Why, or what; 1 to 4,000 characters.
    pub text: String,
}

/// A decision.
#[derive(InputObject)]
pub struct DecideRequestInput {
    /// What.
    pub outcome: RequestOutcome,
    /// Why; required when not all is granted.
    pub text: Option<String>,
}

/// Something that was done.
#[derive(InputObject)]
pub struct MeasureInput {
    /// What kind of thing.
    pub kind: MeasureKind,
    /// In which record.
    pub declaration_id: Option<ID>,
    /// The version of the record that it made.
    pub version: Option<Position>,
    /// In words, 1 to 4,000 characters.
    pub text: String,
}

/// Who is to be forgotten, and where.
#[derive(InputObject)]
pub struct RequestErasureInput {
    /// In which record of the case.
    pub declaration_id: ID,
    /// The version of the record that its author saw: a new contact must not be forgotten for the old one.
    pub expected_version: Position,
    /// In which role.
    pub person: PersonRole,
    /// Why, 1 to 1,000 characters. It stays in the record's history, so it must not name the person.
    pub reason: String,
}

/// The answer.
#[derive(InputObject)]
pub struct AnswerInput {
    /// On which day it went out.
    pub on: Date,
    /// Which way.
    pub channel: RequestChannel,
}

/// A note.
#[derive(InputObject)]
pub struct NoteInput {
    /// 1 to 4,000 characters.
    pub text: String,
}

/// The end.
#[derive(InputObject)]
pub struct CloseRequestInput {
    /// How.
    pub how: RequestClosing,
    /// What there is to say.
    pub text: Option<String>,
}

/// The outcome of changing a case.
#[derive(Union)]
pub enum ChangePrivacyRequestResult {
    /// It is done.
    Changed(Box<PrivacyRequestChanged>),
    /// Somebody was faster: look again.
    Stale(CaseStale),
    /// What was typed has problems, or the case does not stand where that could be done.
    Invalid(InvalidInput),
    /// There is no such case.
    NotFound(NotFound),
}

/// It is done.
#[derive(SimpleObject)]
pub struct PrivacyRequestChanged {
    /// As it is now.
    pub privacy_request: PrivacyRequest,
}

/// Somebody was faster. Nothing was written.
#[derive(SimpleObject)]
pub struct CaseStale {
    /// For people.
    pub message: String,
}

impl CaseStale {
    /// The one sentence.
    pub fn new() -> Self {
        Self {
            message:
                "表示した後に、ほかの人が変更しました。最新の内容を確かめてから、もう一度操作してください。"
                    .to_owned(),
        }
    }
}

/// The mutation.
#[derive(Default)]
pub struct ChangePrivacyRequestMutation;

#[Object]
impl ChangePrivacyRequestMutation {
    /// Makes one change of a case.
    async fn change_privacy_request(
        &self,
        ctx: &Context<'_>,
        input: ChangePrivacyRequestInput,
    ) -> Result<ChangePrivacyRequestResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        op.require(Permission::ManagePrivacyRequests)
            .map_err(fault::forbidden)?;
        let not_found = || ChangePrivacyRequestResult::NotFound(NotFound { id: input.id.clone() });
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ChangePrivacyRequestResult::Invalid(invalid)),
        };
        let Ok(id) = input.id.parse::<PrivacyRequestId>() else {
            return Ok(not_found());
        };
        let what = match read(input.change) {
            Ok(what) => what,
            Err(invalid) => return Ok(ChangePrivacyRequestResult::Invalid(invalid)),
        };
        let change = CaseChange::new(command_id, id.uuid(), input.expected_version.0);
        let app = request.app();
        let done = match &what {
            Wanted::Change(what) => app.change_privacy_request(op, change, what).await.map(drop),
            Wanted::Erasure(what) => app.request_erasure(op, change, what).await.map(drop),
        };
        match done {
            Ok(()) => {
                let found = request.app().privacy_request(op, id).await;
                match found.map_err(|error| refusal(ctx, error))? {
                    Some(detail) => Ok(ChangePrivacyRequestResult::Changed(Box::new(
                        PrivacyRequestChanged {
                            privacy_request: PrivacyRequest::new(ctx, detail)?,
                        },
                    ))),
                    None => Ok(not_found()),
                }
            }
            Err(ChangePrivacyRequestError::NotFound) => Ok(not_found()),
            Err(ChangePrivacyRequestError::Stale) => Ok(ChangePrivacyRequestResult::Stale(CaseStale::new())),
            Err(ChangePrivacyRequestError::Invalid(problems)) => {
                Ok(ChangePrivacyRequestResult::Invalid(problems.into()))
            }
            Err(ChangePrivacyRequestError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(ChangePrivacyRequestError::Internal(error)) => {
                Err(fault::internal(request.request_id(), &error))
            }
        }
    }
}

/// What is to be done, each by a use case of its own.
enum Wanted {
    Change(PrivacyRequestChange),
    Erasure(ErasureOfCase),
}

fn read(change: PrivacyRequestChangeInput) -> Result<Wanted, InvalidInput> {
    let text = Personal::new;
    let or_empty = |text: Option<String>| Personal::new(text.unwrap_or_default());
    Ok(Wanted::Change(match change {
        PrivacyRequestChangeInput::RequestErasure(it) => {
            let declaration_id = it.declaration_id.parse();
            return Ok(Wanted::Erasure(ErasureOfCase {
                declaration_id: declaration_id.map_err(|_| unreadable("declarationId"))?,
                expected_version: it.expected_version.0,
                person: it.person.into(),
                reason: it.reason,
            }));
        }
        PrivacyRequestChangeInput::Concern(it) => PrivacyRequestChange::Concern { numbers: it.numbers },
        PrivacyRequestChangeInput::Assign(it) => PrivacyRequestChange::Assign {
            handler: match &it.handler {
                Some(id) => Some(staff_id(id).ok_or_else(|| unreadable("handler"))?),
                None => None,
            },
        },
        PrivacyRequestChangeInput::CheckIdentity(it) => PrivacyRequestChange::CheckIdentity {
            method: it.method.into(),
            is_confirmed: it.is_confirmed,
            text: or_empty(it.text),
        },
        PrivacyRequestChangeInput::Pause(it) => PrivacyRequestChange::Pause {
            on: it.on.0,
            text: text(it.text),
        },
        PrivacyRequestChangeInput::Resume(it) => PrivacyRequestChange::Resume { on: it.on.0 },
        PrivacyRequestChangeInput::Extend(it) => PrivacyRequestChange::Extend {
            due_on: it.on.0,
            text: text(it.text),
        },
        PrivacyRequestChangeInput::Decide(it) => PrivacyRequestChange::Decide {
            outcome: it.outcome.into(),
            text: or_empty(it.text),
        },
        PrivacyRequestChangeInput::RecordMeasure(it) => PrivacyRequestChange::RecordMeasure {
            measure: MeasureTyped {
                kind: it.kind.into(),
                declaration_id: id_of(it.declaration_id.as_ref(), "declarationId")?,
                version: it.version.map(|version| version.0.get()),
            },
            text: text(it.text),
        },
        PrivacyRequestChangeInput::Answer(it) => PrivacyRequestChange::Answer {
            on: it.on.0,
            channel: it.channel.into(),
        },
        PrivacyRequestChangeInput::Note(it) => PrivacyRequestChange::Note { text: text(it.text) },
        PrivacyRequestChangeInput::Close(it) => PrivacyRequestChange::Close {
            how: it.how.into(),
            text: or_empty(it.text),
        },
    }))
}

fn id_of<T: std::str::FromStr>(id: Option<&ID>, field: &str) -> Result<Option<T>, InvalidInput> {
    id.map(|id| id.parse::<T>().map_err(|_| unreadable(field)))
        .transpose()
}

fn unreadable(field: &str) -> InvalidInput {
    let text = "番号の形式が正しくありません。画面を開き直してください。";
    InvalidInput::one(field, "shape", text)
}
