//! Declaring.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    correct::FieldInput,
    evidence::{EvidenceInput, evidence},
    outcome::{Decision, Problem, reason_under},
    validate::validate,
};
use crate::{
    declaration::{DeclarationEvent, Facts, Field, Made, Origin, Role, Statement, Subjects, assess},
    ids::{DeclarationId, OrganizationId},
    value::{DeclarationNo, EntityType, PledgeVersion, Star},
};

/// A new declaration, with the ids and the number that the caller made for it.
#[derive(Clone)]
pub struct Make {
    /// Of the new declaration.
    pub declaration_id: DeclarationId,
    /// Of the declarer, known or new.
    pub organization_id: OrganizationId,
    /// Of its persons.
    pub subjects: Subjects,
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
    /// The other fields, as typed. Number, date, kind, star and pledge are not among them.
    pub fields: Vec<FieldInput>,
    /// Why staff declare for somebody; free text that may be left out elsewhere.
    pub reason: Option<String>,
    /// What staff have in hand.
    pub evidence: EvidenceInput,
    /// The day of the declaration; not in the future.
    pub declared_on: NaiveDate,
    /// The declarer's live declaration, if there is one. See [`crate::organization::another_live`].
    pub live: Option<DeclarationId>,
}

/// Why a declaration is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// The declarer has a live declaration: there may be one only.
    #[error("the organisation has a live declaration")]
    AlreadyLive(DeclarationId),
    /// The input has problems, each of them named.
    #[error("the declaration has {} problems", .0.len())]
    Invalid(Vec<Problem>),
}

/// What a declaration must say, whoever declares.
const REQUIRED: [Field; 12] = [
    Field::Name,
    Field::NameKana,
    Field::RepresentativeName,
    Field::PostalCode,
    Field::Prefecture,
    Field::City,
    Field::Street,
    Field::Industry,
    Field::Employees,
    Field::ContactName,
    Field::ContactEmail,
    Field::ContactPhone,
];

/// What the caller gives apart from the typed fields.
const GIVEN: [Field; 5] = [
    Field::DeclarationNo,
    Field::DeclaredOn,
    Field::EntityType,
    Field::Star,
    Field::PledgeVersion,
];

/// Decides a new declaration. It is published at once when the declarer agreed. Staff who declare for somebody say why, and on what
/// evidence.
pub fn make(command: &Make, today: NaiveDate) -> Result<Decision, MakeError> {
    if let Some(live) = command.live {
        return Err(MakeError::AlreadyLive(live));
    }
    let mut facts = Facts::new(command.entity_type, command.subjects);
    let mut problems = Vec::new();
    if command.declared_on > today {
        problems.push(Problem::of(
            Field::DeclaredOn,
            "in_the_future",
            "先の日付は入力できません。",
        ));
    }
    let mut seen = BTreeSet::new();
    for input in &command.fields {
        // Which of two is meant nobody knows, and whoever is live under a number is asked of one of them.
        if !seen.insert(input.field) {
            problems.push(Problem::of(input.field, "repeated", "同じ項目が二度あります。"));
            continue;
        }
        if GIVEN.contains(&input.field) {
            problems.push(Problem::of(
                input.field,
                "not_typed",
                "この項目は入力できません。",
            ));
            continue;
        }
        match validate(input.field, &input.typed, &facts, today) {
            Ok(value) => facts.set(input.field, value),
            Err(problem) => problems.push(problem),
        }
    }
    let missing =
        |field: &Field| facts.get(*field).is_none() && !problems.iter().any(|p| p.field == (*field).into());
    let missing: Vec<Problem> = required(command)
        .filter(missing)
        .map(|field| Problem::of(field, "required", "入力してください。"))
        .collect();
    problems.extend(missing);
    let free_text = command.subjects.of(Role::Remarks);
    let by_staff = command.origin == Origin::Staff;
    let mut keep = |problem| problems.push(problem);
    let given = evidence(&command.evidence, free_text, by_staff).unwrap_or_else(|problem| {
        keep(problem);
        None
    });
    let reason = command.reason.as_deref().unwrap_or_default();
    let reason = if by_staff || !reason.is_empty() {
        reason_under(reason, free_text).map_err(keep).ok()
    } else {
        None
    };
    if !problems.is_empty() {
        return Err(MakeError::Invalid(problems));
    }
    facts.type_in(Field::DeclarationNo, command.number.as_str());
    facts.type_in(Field::DeclaredOn, &command.declared_on.to_string());
    facts.type_in(Field::EntityType, command.entity_type.code());
    facts.type_in(Field::Star, command.star.code());
    facts.type_in(Field::PledgeVersion, command.pledge.code());
    let flags = assess(command.entity_type, |field| facts.reveal(field), None);
    let made = Made {
        origin: command.origin,
        published: facts.publish_consent(),
        facts,
        flags,
    };
    let statement = |event| Statement {
        declaration_id: command.declaration_id,
        organization_id: command.organization_id,
        effective_at: command.declared_on,
        event,
    };
    let made = DeclarationEvent::Made(Box::new(made));
    Ok(Decision {
        statements: std::iter::once(made).chain(given).map(statement).collect(),
        reason,
    })
}

/// A corporation has a number, and two stars need a diagnosis and a policy.
fn required(command: &Make) -> impl Iterator<Item = Field> {
    let number = (command.entity_type == EntityType::Corporation).then_some(Field::CorporateNumber);
    let two = command.star == Star::Two;
    let for_two = [Field::DiagnosisScore, Field::PolicyUrl]
        .into_iter()
        .filter(move |_| two);
    REQUIRED.into_iter().chain(number).chain(for_two)
}
