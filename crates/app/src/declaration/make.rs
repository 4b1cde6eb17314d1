//! Declaring: the number is unique, and an organisation has one live declaration, both by guards of the log.

use chrono::NaiveDate;
use domain::declaration::decide::{FieldInput, Make, MakeError as Refused, make};
use domain::declaration::{Field, Origin, Subjects, TAG_CORPORATE_NUMBER, TAG_DECLARATION_NO};
use domain::organization::another_live;
use domain::staff::Permission;
use domain::value::{CorporateNumber, DeclarationNo, EntityType, PledgeVersion, Star};
use domain::{DeclarationId, OrganizationId, SubjectId};
use event_store::{AppendError, Guard, Position, Query, Receipt, Tag};
use storage::register_index;
use uuid::Uuid;

use super::change::Changed;
use crate::random::derived_id;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// A new declaration.
#[derive(Debug, Clone)]
pub struct MakeDeclaration {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
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
    /// The command id was used before for something else.
    #[error("the command id was used before for another declaration")]
    CommandReused,
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
        let corporate_number = corporate_number(&command);
        // Before the look-up: whatever comes after it breaks the guard.
        let seen = self.store.head().await.map_err(Internal::new)?;
        let mut known = match &corporate_number {
            Some(number) => self.under(number).await?,
            None => Vec::new(),
        };
        // A retry is judged on what its first try saw, so that it leads to the same command and the same receipt: on the
        // same day, without the declaration that it made.
        let made = DeclarationId::new(derived_id(command.command_id, DECLARATION));
        known.retain(|other| other.declaration_id != made);
        let earlier = self.store.receipt(command.command_id).await;
        let (declared_on, live) = if let Some(receipt) = earlier.map_err(Internal::new)? {
            (self.effective_at(receipt).await?.unwrap_or(op.today()), None)
        } else {
            let known = known
                .iter()
                .map(|other| (other.declaration_id, other.live_on(op.today())));
            (op.today(), another_live(None, known))
        };
        let organization = known.first().map(|other| other.organization_id);
        let make_command = make_of(&command, declared_on, organization, live);
        let decision = make(&make_command, declared_on).map_err(|refused| match refused {
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
            Err(AppendError::CommandReused { .. }) => Err(MakeDeclarationError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// From which day the first event of a command holds.
    async fn effective_at(&self, receipt: Receipt) -> Result<Option<NaiveDate>, Internal> {
        let after = Position::new(receipt.first.get() - 1);
        let read = self.store.read(&Query::all(), after, 1).await;
        Ok(read
            .map_err(Internal::new)?
            .first()
            .map(|event| event.effective_at))
    }

    /// The declarations under a corporate number.
    pub(super) async fn under(
        &self,
        number: &CorporateNumber,
    ) -> Result<Vec<register_index::Indexed>, Internal> {
        let numbers = [number.as_str().to_owned()];
        register_index::by_corporate_numbers(self.store.database(), &numbers)
            .await
            .map_err(Internal::new)
    }
}

/// The number that the organisation is known by. A sole trader has none, whatever was typed.
fn corporate_number(command: &MakeDeclaration) -> Option<CorporateNumber> {
    if command.entity_type == EntityType::SoleTrader {
        return None;
    }
    let typed = command
        .fields
        .iter()
        .find(|input| input.field == Field::CorporateNumber)?;
    CorporateNumber::parse(&typed.typed).ok()
}

/// The command for `domain`. Its new ids follow from the command's: a retry makes the same declaration.
fn make_of(
    command: &MakeDeclaration,
    declared_on: NaiveDate,
    organization: Option<OrganizationId>,
    live: Option<DeclarationId>,
) -> Make {
    let id = |name| derived_id(command.command_id, name);
    let subject = |name| SubjectId::new(id(name));
    Make {
        declaration_id: DeclarationId::new(id(DECLARATION)),
        organization_id: organization.unwrap_or_else(|| OrganizationId::new(id("organization"))),
        subjects: Subjects {
            representative: subject("representative"),
            contact: subject("contact"),
            sole_trader: subject("sole_trader"),
            remarks: subject("remarks"),
        },
        number: command.number.clone(),
        origin: command.origin,
        entity_type: command.entity_type,
        star: command.star,
        pledge: command.pledge,
        fields: command.fields.clone(),
        declared_on,
        live,
    }
}

/// The name under which the id of a declaration follows from its command's.
const DECLARATION: &str = "declaration";

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
