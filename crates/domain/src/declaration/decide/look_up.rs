//! Telling a declarer their forgotten number: to the address that is registered, or, when a second person agreed, to another one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    correct::FieldInput,
    outcome::{Decision, Drafting, Problem, ProblemField},
};
use crate::{
    declaration::{
        DeclarationEvent, Facts, Field, FieldValue, IdentityCheck, NumberLookedUp, Role, SentTo, Timeline,
    },
    fold::fold,
    personal::{Personal, Readable},
    text::{self, Lines},
    value::{EmailReading, read_email},
};

/// What somebody who asks for a number can be asked.
pub const ASKED: [Field; 7] = [
    Field::Name,
    Field::CorporateNumber,
    Field::RepresentativeName,
    Field::Street,
    Field::ContactName,
    Field::ContactEmail,
    Field::ContactPhone,
];

/// Answers that must fit before a number goes to the registered address.
const FITTING: usize = 2;
/// The same before it goes elsewhere.
const FITTING_ELSEWHERE: usize = 3;
/// The most characters of an answer.
const LONGEST: usize = 300;

/// Sends a declarer their number.
#[derive(Clone)]
pub struct LookUpNumber {
    /// What whoever asks said of the declaration; each field once.
    pub asked: Vec<FieldInput>,
    /// How it was made sure that they are who they say.
    pub checks: BTreeSet<IdentityCheck>,
    /// Where the number goes.
    pub sent_to: SentTo,
}

/// Why no number is sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookUpNumberError {
    /// No address is registered that mail can be sent to.
    #[error("no address is registered that mail can be sent to")]
    NoAddress,
    /// Another declaration took its place: it is that number which counts.
    #[error("the declaration has been replaced")]
    Replaced,
    /// Too few of the answers fit what is registered.
    #[error("{fitting} of the answers fit, {needed} must")]
    TooFewFit {
        /// How many fit.
        fitting: usize,
        /// How many must.
        needed: usize,
    },
    /// Nobody made sure who it is, or not in a way that is enough for another address.
    #[error("nobody made sure who it is")]
    NotChecked,
    /// The input has problems, each of them named.
    #[error("the answers have {} problems", .0.len())]
    Invalid(Vec<Problem>),
}

/// Which of the answers fit what is registered today.
pub fn fitting(facts: &Facts, asked: &[FieldInput]) -> BTreeSet<Field> {
    let fits = asked.iter().filter(|input| fits(facts, input));
    fits.map(|input| input.field).collect()
}

fn fits(facts: &Facts, input: &FieldInput) -> bool {
    let Some(said) = FieldValue::read(input.field, &input.typed) else {
        return false;
    };
    match input.field {
        Field::CorporateNumber | Field::ContactEmail | Field::ContactPhone => {
            said.value().is_some() && said.value() == facts.value(input.field)
        }
        // An address is said in one piece.
        Field::Street => {
            let parts = [Field::Prefecture, Field::City, Field::Street, Field::Building];
            let typed = |field| facts.reveal(field).map(FieldValue::typed).unwrap_or_default();
            let whole = fold(&parts.map(typed).concat());
            let street = fold(typed(Field::Street));
            let said = fold(said.typed());
            !street.is_empty() && whole.contains(&said) && said.contains(&street)
        }
        field => {
            let registered = facts.reveal(field).map(|value| fold(value.typed()));
            registered.is_some_and(|registered| registered == fold(said.typed()))
        }
    }
}

/// Whether mail can be sent to what is registered.
pub fn has_address(facts: &Facts) -> bool {
    facts
        .reveal(Field::ContactEmail)
        .is_some_and(|email| !matches!(read_email(email.typed()), EmailReading::Unreadable))
}

/// Decides that the number is sent. What was asked is kept beside the record, sealed like its free text.
pub fn look_up_number(
    timeline: &Timeline,
    command: &LookUpNumber,
    today: NaiveDate,
) -> Result<Decision, LookUpNumberError> {
    let current = timeline.current();
    if current.replaced.is_some() {
        return Err(LookUpNumberError::Replaced);
    }
    let elsewhere = command.sent_to == SentTo::Elsewhere;
    if !elsewhere && !has_address(&current.facts) {
        return Err(LookUpNumberError::NoAddress);
    }
    let problems = problems(&command.asked);
    if !problems.is_empty() {
        return Err(LookUpNumberError::Invalid(problems));
    }
    let fitting = fitting(&current.facts, &command.asked);
    let needed = if elsewhere { FITTING_ELSEWHERE } else { FITTING };
    if fitting.len() < needed {
        return Err(LookUpNumberError::TooFewFit {
            fitting: fitting.len(),
            needed,
        });
    }
    let strong = [IdentityCheck::CallBack, IdentityCheck::Document];
    let is_enough = |check: &IdentityCheck| !elsewhere || strong.contains(check);
    if !command.checks.iter().any(is_enough) {
        return Err(LookUpNumberError::NotChecked);
    }
    let said = command.asked.iter();
    let said: BTreeMap<Field, String> = said.map(|input| (input.field, input.typed.clone())).collect();
    let event = NumberLookedUp {
        subject: current.facts.subjects().of(Role::Remarks),
        asked: said.keys().copied().collect(),
        answers: Readable::Open(Personal::new(said)),
        fitting,
        checks: command.checks.clone(),
        sent_to: command.sent_to,
    };
    let mut draft = Drafting::new(timeline);
    draft.push(today, DeclarationEvent::NumberLookedUp(Box::new(event)));
    Ok(draft.into_decision(None))
}

fn problems(asked: &[FieldInput]) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for input in asked {
        let field = input.field;
        if !ASKED.contains(&field) {
            problems.push(Problem::of(field, "not_asked", "この項目は照会に使いません。"));
        } else if !seen.insert(field) {
            problems.push(Problem::of(field, "repeated", "同じ項目が二度あります。"));
        } else if let Err(problem) = text::check(&input.typed, LONGEST, Lines::One) {
            problems.push(Problem::of(field, problem.code(), problem.japanese()));
        }
    }
    if asked.is_empty() {
        problems.push(Problem::new(
            ProblemField::Changes,
            "empty",
            "確かめた項目を入力してください。",
        ));
    }
    problems
}
