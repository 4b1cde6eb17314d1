//! Declaring: the number is unique, and an organisation has one live declaration, both by guards of the log.

use domain::declaration::decide::{FieldInput, Make, MakeError as Refused, make};
use domain::declaration::{Field, Origin, Subjects, TAG_CORPORATE_NUMBER, TAG_DECLARATION_NO};
use domain::staff::Permission;
use domain::value::{CorporateNumber, DeclarationNo, EntityType, PledgeVersion, Star};
use domain::{DeclarationId, OrganizationId, SubjectId};
use event_store::{AppendError, Guard, Position, Query, Tag};
use storage::register_index;
use uuid::Uuid;

use super::change::Changed;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// A new declaration.
#[derive(Debug, Clone)]
pub struct MakeDeclaration {
    /// Made by the caller, once for each intent.
    pub command_id: Uuid,
    /// The number given to it.
    pub number: DeclarationNo,
    /// Who enters it.
    pub origin: Origin,
    /// What kind of declarer.
    pub entity_type: EntityType,
    /// One star or two.
    pub star: Star,
    /// Which text was pledged.
    pub pledge: PledgeVersion,
    /// The other fields, as typed.
    pub fields: Vec<FieldInput>,
}

/// A declaration that was just made.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// Its id.
    pub id: DeclarationId,
    /// Where it stands.
    pub changed: Changed,
}

/// Why nothing was declared. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum MakeDeclarationError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The number belongs to another declaration.
    #[error("the declaration number is taken")]
    NumberTaken,
    /// The organisation has a live declaration.
    #[error("the organisation has the live declaration {0}")]
    AlreadyLive(DeclarationId),
    /// Another declaration of the organisation came at the same moment; try again.
    #[error("another change of the organisation came first")]
    Overtaken,
    /// What was typed has problems.
    #[error("the declaration has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Makes a declaration today.
    pub async fn make_declaration(
        &self,
        op: &OpContext,
        command: MakeDeclaration,
    ) -> Result<Made, MakeDeclarationError> {
        let allowed = op.require(Permission::ManageDeclaration)?;
        let typed = command
            .fields
            .iter()
            .find(|input| input.field == Field::CorporateNumber);
        let corporate_number = typed.and_then(|input| CorporateNumber::parse(&input.typed).ok());
        // Before the look-up: whatever comes after it breaks the guard.
        let seen = self.store.head().await.map_err(Internal::new)?;
        let known = match &corporate_number {
            Some(number) => self.under(number).await?,
            None => Vec::new(),
        };
        let live = known
            .iter()
            .find(|other| other.live)
            .map(|other| other.declaration_id);
        let organization = known.first().map(|other| other.organization_id);
        let make_command = self.command(op, &command, organization, live)?;
        let decision = make(&make_command, op.today()).map_err(|refused| match refused {
            Refused::AlreadyLive(id) => MakeDeclarationError::AlreadyLive(id),
            Refused::Invalid(problems) => {
                MakeDeclarationError::Invalid(problems.into_iter().map(InputProblem::from).collect())
            }
        })?;
        let guards = guards(&command.number, corporate_number.as_ref(), seen)?;
        let append = self.append_of(op, command.command_id, &decision, guards).await?;
        match self.append(allowed, append).await {
            Ok(appended) => {
                let position = appended.receipt().last;
                let changed = Changed {
                    position,
                    version: appended.receipt().first,
                };
                Ok(Made {
                    id: make_command.declaration_id,
                    changed,
                })
            }
            Err(AppendError::Conflict(conflict))
                if conflict.found.iter().any(|found| found.guard == NUMBER) =>
            {
                Err(MakeDeclarationError::NumberTaken)
            }
            Err(AppendError::Conflict(_)) => Err(MakeDeclarationError::Overtaken),
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    fn command(
        &self,
        op: &OpContext,
        command: &MakeDeclaration,
        organization: Option<OrganizationId>,
        live: Option<DeclarationId>,
    ) -> Result<Make, Internal> {
        let id = || self.new_id().map_err(Internal::new);
        let subject = || id().map(SubjectId::new);
        Ok(Make {
            declaration_id: DeclarationId::new(id()?),
            organization_id: match organization {
                Some(known) => known,
                None => OrganizationId::new(id()?),
            },
            subjects: Subjects {
                representative: subject()?,
                contact: subject()?,
                sole_trader: subject()?,
                remarks: subject()?,
            },
            number: command.number.clone(),
            origin: command.origin,
            entity_type: command.entity_type,
            star: command.star,
            pledge: command.pledge,
            fields: command.fields.clone(),
            declared_on: op.today(),
            live,
        })
    }

    /// The live declaration under a corporate number.
    pub(super) async fn live_under(
        &self,
        number: &CorporateNumber,
    ) -> Result<Option<DeclarationId>, Internal> {
        let known = self.under(number).await?;
        Ok(known
            .iter()
            .find(|other| other.live)
            .map(|other| other.declaration_id))
    }

    async fn under(&self, number: &CorporateNumber) -> Result<Vec<register_index::Indexed>, Internal> {
        let numbers = [number.as_str().to_owned()];
        register_index::by_corporate_numbers(self.store.database(), &numbers)
            .await
            .map_err(Internal::new)
    }
}

/// Index of the guard on the declaration number.
const NUMBER: usize = 0;

fn guards(
    number: &DeclarationNo,
    corporate_number: Option<&CorporateNumber>,
    seen: Position,
) -> Result<Vec<Guard>, Internal> {
    let tag = |kind, value: &str| Tag::new(kind, value).map_err(Internal::new);
    let mut guards = vec![Guard {
        query: Query::tagged(tag(TAG_DECLARATION_NO, number.as_str())?),
        after: Position::START,
    }];
    if let Some(number) = corporate_number {
        guards.push(Guard {
            query: Query::tagged(tag(TAG_CORPORATE_NUMBER, number.as_str())?),
            after: seen,
        });
    }
    Ok(guards)
}
