//! Declaring for an organisation that cannot do it itself: the outcome is the number, the live declaration that is already there, or
//! problems by field.

use app::declaration::{MakeDeclaration, MakeDeclarationError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::declaration::Origin;
use domain::declaration::decide::FieldInput as DomainInput;

use super::change::read_inquiry_id;
use super::correct::FieldInput;
use super::enums::{EntityType, PledgeVersion, Star};
use super::evidence::given;
use crate::context::request;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::Position;

/// A new declaration as it is sent.
#[derive(InputObject)]
pub struct MakeDeclarationInput {
    /// Made by the client, once for each intent; a retry with the same id has the same number.
    pub command_id: ID,
    /// 区分.
    pub entity_type: EntityType,
    /// One star, or two, which need a diagnosis and a policy.
    pub star: Star,
    /// Which text was pledged.
    pub pledge_version: PledgeVersion,
    /// The other fields, as typed. Number, date, kind, star and pledge are not among them.
    pub fields: Vec<FieldInput>,
    /// Why staff declare for somebody, 1 to 1,000 characters.
    pub reason: String,
    /// Documents that were uploaded with this command's id; or say why there is none.
    pub attachments: Option<Vec<ID>>,
    /// Why there is no document.
    pub no_document: Option<String>,
    /// The inquiry that asks for it; null: none does. It is evidence, too.
    pub inquiry_id: Option<ID>,
}

/// The outcome of a declaration.
#[derive(Union)]
pub enum MakeDeclarationResult {
    /// It is in the register.
    Made(DeclarationMade),
    /// The organisation has a live declaration.
    AlreadyLive(AlreadyLive),
    /// What was typed has problems.
    Invalid(InvalidInput),
}

/// The declaration is in the log; lists show it from `position` on.
#[derive(SimpleObject)]
pub struct DeclarationMade {
    /// Of its last event.
    pub position: Position,
    /// What the next change must name.
    pub version: Position,
    /// Its id.
    pub declaration_id: ID,
    /// Its number, for the organisation.
    pub number: String,
}

/// There may be one live declaration of an organisation. Nothing was written.
#[derive(SimpleObject)]
pub struct AlreadyLive {
    /// Which is live.
    pub declaration_id: ID,
    /// Its number.
    pub number: String,
}

/// Mutations that make declarations.
#[derive(Default)]
pub struct MakeMutation;

#[Object]
impl MakeMutation {
    /// Declares for an organisation that cannot do it itself. The number is issued at once. Lists show it once they have read up to
    /// `position`.
    async fn make_declaration(
        &self,
        ctx: &Context<'_>,
        input: MakeDeclarationInput,
    ) -> Result<MakeDeclarationResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command = match command(input) {
            Ok(command) => command,
            Err(invalid) => return Ok(MakeDeclarationResult::Invalid(invalid)),
        };
        match request.app().make_declaration(op, command).await {
            Ok(made) => Ok(MakeDeclarationResult::Made(DeclarationMade {
                position: Position(made.changed.position),
                version: Position(made.changed.version),
                declaration_id: made.id.to_string().into(),
                number: made.number.to_string(),
            })),
            Err(MakeDeclarationError::AlreadyLive { id, number }) => {
                Ok(MakeDeclarationResult::AlreadyLive(AlreadyLive {
                    declaration_id: id.to_string().into(),
                    number,
                }))
            }
            Err(MakeDeclarationError::Invalid(problems)) => {
                Ok(MakeDeclarationResult::Invalid(problems.into()))
            }
            Err(MakeDeclarationError::CommandReused) => {
                Ok(MakeDeclarationResult::Invalid(InvalidInput::command_reused()))
            }
            Err(MakeDeclarationError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(MakeDeclarationError::Internal(error)) => Err(fault::internal(request.request_id(), &error)),
            Err(error @ (MakeDeclarationError::NumberTaken | MakeDeclarationError::Overtaken)) => {
                Err(fault::internal(request.request_id(), &error))
            }
        }
    }
}

fn command(input: MakeDeclarationInput) -> std::result::Result<MakeDeclaration, InvalidInput> {
    let fields = input.fields.into_iter().map(|field| DomainInput {
        field: field.field.into(),
        typed: field.value,
    });
    Ok(MakeDeclaration {
        command_id: read_command_id(&input.command_id)?,
        inquiry: read_inquiry_id(input.inquiry_id.as_ref())?,
        number: None,
        origin: Origin::Staff,
        entity_type: input.entity_type.into(),
        star: input.star.into(),
        pledge: input.pledge_version.into(),
        fields: fields.collect(),
        reason: Some(input.reason),
        evidence: given(input.attachments.as_deref(), input.no_document.as_deref())?,
    })
}
