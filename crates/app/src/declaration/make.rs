//! Declaring: the number is unique, and an organisation has one live declaration, both by guards of the log.

use chrono::NaiveDate;
use domain::declaration::decide::{EvidenceInput, FieldInput, Make, MakeError as Refused, make};
use domain::declaration::{
    DeclarationEvent, Field, Origin, Subjects, TAG_CORPORATE_NUMBER, TAG_DECLARATION_NO,
};
use domain::organization::another_live;
use domain::staff::Permission;
use domain::value::{CorporateNumber, DeclarationNo, EntityType, PledgeVersion, Star};
use domain::{DeclarationId, InquiryId, OrganizationId, SubjectId};
use event_store::{AppendError, Guard, Position, Query, Receipt, Tag};
use storage::register_index;
use uuid::Uuid;

use super::change::Changed;
use crate::attachment::{EvidenceError, EvidenceFor, GivenEvidence};
use crate::inquiry::CiteInquiryError;
use crate::random::derived_id;
use crate::{Allowed, App, Forbidden, InputProblem, Internal, OpContext};

/// How often a declaration is judged anew when its number was drawn twice, or another of its organisation came first.
const TRIES: u32 = 16;

/// A new declaration.
#[derive(Debug, Clone)]
pub struct MakeDeclaration {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// The number given to it; none: one is drawn.
    pub number: Option<DeclarationNo>,
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
    /// Why staff declare for somebody.
    pub reason: Option<String>,
    /// What staff have in hand.
    pub evidence: GivenEvidence,
    /// The inquiry that asks for it.
    pub inquiry: Option<InquiryId>,
}

/// A declaration that was just made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its id.
    pub id: DeclarationId,
    /// Its number.
    pub number: DeclarationNo,
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
    #[error("the organisation has the live declaration {id}")]
    AlreadyLive {
        /// Which.
        id: DeclarationId,
        /// Its number, as the register has it.
        number: String,
    },
    /// Other declarations of the organisation came at the same moment, again and again; try later.
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

impl From<CiteInquiryError> for MakeDeclarationError {
    fn from(error: CiteInquiryError) -> Self {
        match error {
            CiteInquiryError::Forbidden(refused) => Self::Forbidden(refused),
            CiteInquiryError::Invalid(problem) => Self::Invalid(vec![problem]),
            CiteInquiryError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<EvidenceError> for MakeDeclarationError {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::Invalid(problem) => Self::Invalid(vec![problem]),
            EvidenceError::Internal(error) => Self::Internal(error),
        }
    }
}

/// The right to make a declaration of this origin.
const fn right(origin: Origin) -> Permission {
    match origin {
        Origin::Legacy | Origin::Public | Origin::Staff => Permission::Declare,
    }
}

/// The ids that follow from a command: of its declaration, and of whose key seals its free text.
pub(crate) fn new_ids(command_id: Uuid) -> (DeclarationId, SubjectId) {
    (
        DeclarationId::new(derived_id(command_id, DECLARATION)),
        SubjectId::new(derived_id(command_id, REMARKS)),
    )
}

impl App {
    /// Makes a declaration today. A number that is drawn twice is drawn again.
    pub async fn make_declaration(
        &self,
        op: &OpContext,
        command: MakeDeclaration,
    ) -> Result<Made, MakeDeclarationError> {
        let allowed = op.require(right(command.origin))?;
        let of = EvidenceFor {
            declaration_id: new_ids(command.command_id).0,
            command_id: command.command_id,
            inquiry: command.inquiry,
        };
        let evidence = self.evidence(op, &command.evidence, of).await?;
        let is_drawn = command.number.is_none();
        let mut tries = 1;
        loop {
            let made = self.try_to_make(op, allowed, &command, &evidence).await;
            let again = match &made {
                Err(MakeDeclarationError::NumberTaken) => is_drawn && tries < TRIES,
                Err(MakeDeclarationError::Overtaken) => tries < TRIES,
                // The same command was sent twice at one moment, and the other drew first: its number is this one's.
                Err(MakeDeclarationError::CommandReused) => is_drawn && tries == 1,
                _ => false,
            };
            if !again {
                return made;
            }
            tries += 1;
        }
    }

    async fn try_to_make(
        &self,
        op: &OpContext,
        allowed: Allowed,
        command: &MakeDeclaration,
        evidence: &EvidenceInput,
    ) -> Result<Made, MakeDeclarationError> {
        let corporate_number = corporate_number(command);
        // Before the look-up: whatever comes after it breaks the guard.
        let seen = self.store.head().await.map_err(Internal::new)?;
        let mut known = match &corporate_number {
            Some(number) => self.under(number).await?,
            None => Vec::new(),
        };
        // A retry is judged on what its first try saw, so that it leads to the same command and the same receipt: on the
        // same day, with the same number, without the declaration that it made.
        let (made, _) = new_ids(command.command_id);
        known.retain(|other| other.declaration_id != made);
        let earlier = self.store.receipt(command.command_id).await;
        let earlier = earlier.map_err(Internal::new)?;
        let first = match earlier {
            Some(receipt) => Some(self.first_of(receipt).await?),
            None => None,
        };
        let live = match first {
            Some(_) => None,
            None => another_live(
                None,
                known
                    .iter()
                    .map(|other| (other.declaration_id, other.live_on(op.today()))),
            ),
        };
        if let Some(id) = live {
            let number = known.iter().find(|other| other.declaration_id == id);
            let number = number
                .map(|other| other.declaration_no.clone())
                .unwrap_or_default();
            return Err(MakeDeclarationError::AlreadyLive { id, number });
        }
        let declared_on = first
            .as_ref()
            .map_or_else(|| op.today(), |first| first.effective_at);
        let number = match (&command.number, first) {
            (Some(number), _) => number.clone(),
            (None, Some(first)) => first.number.ok_or(MakeDeclarationError::CommandReused)?,
            (None, None) => self.drawn_number()?,
        };
        let make_command = Make {
            evidence: evidence.clone(),
            ..make_of(
                command,
                &number,
                declared_on,
                known.first().map(|other| other.organization_id),
            )
        };
        let decision = make(&make_command, declared_on).map_err(|refused| match refused {
            Refused::AlreadyLive(id) => MakeDeclarationError::AlreadyLive {
                id,
                number: String::new(),
            },
            Refused::Invalid(problems) => {
                MakeDeclarationError::Invalid(problems.into_iter().map(InputProblem::from).collect())
            }
        })?;
        let guards = guards(&number, corporate_number.as_ref(), seen)?;
        let mut append = self.append_of(op, command.command_id, &decision, guards).await?;
        if let (Some(inquiry), Some(first)) = (command.inquiry, decision.statements.first()) {
            let what = (make_command.declaration_id, first.event.event_type());
            let cited = self.cite_inquiry(op, inquiry, what, (declared_on, earlier.as_ref()));
            append.events.push(cited.await?);
        }
        match self.append(allowed, append).await {
            Ok(appended) => Ok(Made {
                id: make_command.declaration_id,
                number,
                changed: Changed {
                    position: appended.receipt().last,
                    version: appended.receipt().first,
                },
            }),
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

    /// A number that nobody can guess from others. Whether it is taken is seen when it is written.
    fn drawn_number(&self) -> Result<DeclarationNo, Internal> {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes).map_err(Internal::new)?;
        let serial = u64::from_le_bytes(bytes) % DeclarationNo::SERIALS;
        DeclarationNo::of_serial(serial).ok_or_else(|| Internal::new(NoSuchNumber))
    }

    /// What a retry takes over from the first event of its first try.
    async fn first_of(&self, receipt: Receipt) -> Result<First, MakeDeclarationError> {
        let after = Position::new(receipt.first.get() - 1);
        let read = self.store.read(&Query::all(), after, 1).await;
        let read = read.map_err(Internal::new)?;
        let event = read.first().ok_or(MakeDeclarationError::CommandReused)?;
        let number = storage::codec::is_declaration_event(&event.event_type)
            .then(|| storage::codec::statement(event))
            .transpose()
            .map_err(Internal::new)?
            .and_then(|statement| match statement.event {
                DeclarationEvent::Made(made) => {
                    DeclarationNo::parse(made.facts.value(Field::DeclarationNo)?).ok()
                }
                _ => None,
            });
        Ok(First {
            effective_at: event.effective_at,
            number,
        })
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

/// What a retry takes over.
struct First {
    effective_at: NaiveDate,
    number: Option<DeclarationNo>,
}

/// Never said: what is drawn is below the number of numbers.
#[derive(Debug, thiserror::Error)]
#[error("a number was drawn that there is not")]
struct NoSuchNumber;

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
    number: &DeclarationNo,
    declared_on: NaiveDate,
    organization: Option<OrganizationId>,
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
            remarks: subject(REMARKS),
        },
        number: number.clone(),
        origin: command.origin,
        entity_type: command.entity_type,
        star: command.star,
        pledge: command.pledge,
        fields: command.fields.clone(),
        reason: command.reason.clone(),
        evidence: EvidenceInput::default(),
        declared_on,
        live: None,
    }
}

/// The name under which the id of a declaration follows from its command's.
const DECLARATION: &str = "declaration";
/// The same of whose key seals its free text.
const REMARKS: &str = "remarks";

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
