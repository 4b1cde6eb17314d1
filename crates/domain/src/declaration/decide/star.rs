//! From one star to two: the diagnosis, the policy, the step.

use chrono::NaiveDate;

use super::{
    correct::FieldInput,
    outcome::{Decision, Drafting, Problem, ProblemField, keep, optional_reason},
    validate::validate,
};
use crate::{
    declaration::{
        Answer, Change, Declaration, DeclarationEvent, Facts, Field, FieldValue, Questionnaire, Timeline,
    },
    value::{PolicyMedium, Star, is_web_address},
};

/// A self-diagnosis that was carried out.
#[derive(Clone)]
pub struct RecordDiagnosis {
    /// Which questionnaire, for example `25-v3`.
    pub questionnaire: String,
    /// All answers in the order of the questions; none when only the score is known.
    pub answers: Option<Vec<Answer>>,
    /// The score, as typed. With the answers it may be left out.
    pub score: String,
    /// On which day.
    pub done_on: NaiveDate,
    /// Why; may be left out.
    pub reason: Option<String>,
}

/// Why a diagnosis is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordDiagnosisError {
    /// The declaration is not live.
    #[error("the declaration is not live")]
    NotLive,
    /// The day lies ahead.
    #[error("the day of the diagnosis lies in the future")]
    InTheFuture,
    /// The day lies before the declaration.
    #[error("the day of the diagnosis lies before the declaration")]
    BeforeDeclaration,
    /// The input has problems, each of them named.
    #[error("the diagnosis has {} problems", .0.len())]
    Invalid(Vec<Problem>),
}

/// A basic security policy that was made public.
#[derive(Clone)]
pub struct RecordPolicy {
    /// Where it can be read: on the web or not.
    pub medium: PolicyMedium,
    /// Its address, or the place, as typed.
    pub place: String,
    /// Since when it is public, as typed; may be empty.
    pub published_on: String,
    /// From when the register says so.
    pub on: NaiveDate,
    /// Why; may be left out.
    pub reason: Option<String>,
}

/// Why a policy is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordPolicyError {
    /// The declaration is not live.
    #[error("the declaration is not live")]
    NotLive,
    /// The day lies ahead.
    #[error("the day of the policy lies in the future")]
    InTheFuture,
    /// The day lies before the declaration.
    #[error("the day of the policy lies before the declaration")]
    BeforeDeclaration,
    /// The input has problems, each of them named.
    #[error("the policy has {} problems", .0.len())]
    Invalid(Vec<Problem>),
}

/// The step from one star to two.
#[derive(Clone)]
pub struct StepUp {
    /// From when it holds.
    pub on: NaiveDate,
    /// Why; may be left out.
    pub reason: Option<String>,
}

/// Why there is no step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepUpError {
    /// The declaration is not live.
    #[error("the declaration is not live")]
    NotLive,
    /// It has two stars.
    #[error("the declaration has two stars already")]
    AlreadyTwoStars,
    /// No score of a self-diagnosis is recorded.
    #[error("no self-diagnosis is recorded")]
    DiagnosisMissing,
    /// No policy is recorded.
    #[error("no policy is recorded")]
    PolicyMissing,
    /// The day lies ahead.
    #[error("the day of the step lies in the future")]
    InTheFuture,
    /// The day lies before the declaration.
    #[error("the day of the step lies before the declaration")]
    BeforeDeclaration,
    /// The day lies before the last step.
    #[error("the star was changed later than that day")]
    TooEarly {
        /// The first day of a step.
        earliest: NaiveDate,
    },
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// Where a day lies that must be between the declaration and today.
enum DayProblem {
    Ahead,
    BeforeDeclaration,
}

fn check_day(of: &Declaration, day: NaiveDate, today: NaiveDate) -> Result<(), DayProblem> {
    if day > today {
        Err(DayProblem::Ahead)
    } else if of.facts.declared_on().is_some_and(|declared| day < declared) {
        Err(DayProblem::BeforeDeclaration)
    } else {
        Ok(())
    }
}

/// Decides to record a diagnosis.
pub fn record_diagnosis(
    timeline: &Timeline,
    command: &RecordDiagnosis,
    today: NaiveDate,
) -> Result<Decision, RecordDiagnosisError> {
    let current = timeline.current();
    if !current.live_on(today) {
        return Err(RecordDiagnosisError::NotLive);
    }
    check_day(current, command.done_on, today).map_err(|problem| match problem {
        DayProblem::Ahead => RecordDiagnosisError::InTheFuture,
        DayProblem::BeforeDeclaration => RecordDiagnosisError::BeforeDeclaration,
    })?;
    let mut problems = Vec::new();
    let score = keep(&mut problems, score(current, command, today));
    let reason = keep(&mut problems, optional_reason(command.reason.as_deref(), current));
    let (Some(score), Some(reason)) = (score, reason) else {
        return Err(RecordDiagnosisError::Invalid(problems));
    };
    let facts = timeline.facts_on(command.done_on);
    let changes = vec![change(&facts, Field::DiagnosisScore, Some(score))];
    let questionnaire = command.questionnaire.clone();
    let mut draft = Drafting::new(timeline);
    draft.push_changes(command.done_on, changes, |changes| {
        DeclarationEvent::DiagnosisRecorded {
            questionnaire: questionnaire.clone(),
            answers: command.answers.clone(),
            changes,
        }
    });
    Ok(draft.into_decision(reason))
}

/// The score that is typed, or that the answers give.
fn score(of: &Declaration, command: &RecordDiagnosis, today: NaiveDate) -> Result<FieldValue, Problem> {
    let Some(questionnaire) = Questionnaire::from_code(&command.questionnaire) else {
        return Err(Problem::new(
            ProblemField::Questionnaire,
            "unknown",
            "この版の診断シートは登録できません。一覧から選んでください。",
        ));
    };
    let counted = match &command.answers {
        None => None,
        Some(answers) => Some(questionnaire.score(answers).ok_or_else(|| {
            Problem::new(
                ProblemField::Answers,
                "answers_missing",
                format!("{}問すべてに回答してください。", questionnaire.questions()),
            )
        })?),
    };
    let typed = match counted {
        Some(counted) if command.score.is_empty() => counted.to_string(),
        _ => command.score.clone(),
    };
    let value = validate(Field::DiagnosisScore, &typed, &of.facts, today)?
        .ok_or_else(|| Problem::of(Field::DiagnosisScore, "required", "入力してください。"))?;
    let score: i32 = value
        .value()
        .and_then(|score| score.parse().ok())
        .unwrap_or_default();
    let (lowest, highest) = questionnaire.range();
    if !(lowest..=highest).contains(&score) {
        return Err(Problem::of(
            Field::DiagnosisScore,
            "score_unreadable",
            format!("この版の点数は{lowest}から{highest}の数で入力してください。"),
        ));
    }
    match counted {
        Some(counted) if counted != score => Err(Problem::new(
            ProblemField::Score,
            "score_differs",
            format!("回答から計算した点数は{counted}点です。どちらが正しいか確認してください。"),
        )),
        _ => Ok(value),
    }
}

/// Decides to record a policy. One that is not on the web is taken: whether it must be is not known.
pub fn record_policy(
    timeline: &Timeline,
    command: &RecordPolicy,
    today: NaiveDate,
) -> Result<Decision, RecordPolicyError> {
    let current = timeline.current();
    if !current.live_on(today) {
        return Err(RecordPolicyError::NotLive);
    }
    check_day(current, command.on, today).map_err(|problem| match problem {
        DayProblem::Ahead => RecordPolicyError::InTheFuture,
        DayProblem::BeforeDeclaration => RecordPolicyError::BeforeDeclaration,
    })?;
    let inputs = [
        FieldInput {
            field: Field::PolicyUrl,
            typed: command.medium.text(&command.place),
        },
        FieldInput {
            field: Field::PolicyPublishedOn,
            typed: command.published_on.clone(),
        },
    ];
    // What it takes the place of is what stood there on that day, whatever stands there today.
    let facts = timeline.facts_on(command.on);
    let mut problems = Vec::new();
    let mut changes = Vec::new();
    for FieldInput { field, typed } in &inputs {
        match validate(*field, typed, &facts, today) {
            Ok(None) if *field == Field::PolicyUrl => {
                problems.push(Problem::of(*field, "required", "入力してください。"));
            }
            Ok(_) if *field == Field::PolicyUrl && !of_medium(command.medium, typed) => {
                problems.push(Problem::of(
                    *field,
                    "not_web_address",
                    "基本方針のURLを「https://」から入力してください。",
                ));
            }
            Ok(value) => changes.push(change(&facts, *field, value)),
            Err(problem) => problems.push(problem),
        }
    }
    let reason = keep(&mut problems, optional_reason(command.reason.as_deref(), current));
    changes.retain(|change| change.old != change.new);
    if problems.is_empty() && changes.is_empty() {
        problems.push(Problem::new(
            ProblemField::Changes,
            "unchanged",
            "今の内容と同じです。",
        ));
    }
    if !problems.is_empty() {
        return Err(RecordPolicyError::Invalid(problems));
    }
    let mut draft = Drafting::new(timeline);
    draft.push_changes(command.on, changes, |changes| DeclarationEvent::PolicyRecorded {
        changes,
    });
    draft.follow_with_flags(None);
    Ok(draft.into_decision(reason.flatten()))
}

/// Decides the step to two stars, which needs a diagnosis and a policy. The number stays the same.
pub fn step_up(timeline: &Timeline, command: &StepUp, today: NaiveDate) -> Result<Decision, StepUpError> {
    let current = timeline.current();
    if !current.live_on(today) {
        return Err(StepUpError::NotLive);
    }
    if current.facts.star() == Some(Star::Two) {
        return Err(StepUpError::AlreadyTwoStars);
    }
    if current.facts.value(Field::DiagnosisScore).is_none() {
        return Err(StepUpError::DiagnosisMissing);
    }
    if current.facts.value(Field::PolicyUrl).is_none() {
        return Err(StepUpError::PolicyMissing);
    }
    check_day(current, command.on, today).map_err(|problem| match problem {
        DayProblem::Ahead => StepUpError::InTheFuture,
        DayProblem::BeforeDeclaration => StepUpError::BeforeDeclaration,
    })?;
    let earliest = earliest_step_up(timeline, command.on);
    if command.on < earliest {
        return Err(StepUpError::TooEarly { earliest });
    }
    let reason = optional_reason(command.reason.as_deref(), current).map_err(StepUpError::Reason)?;
    let star = FieldValue::read(Field::Star, Star::Two.code());
    let mut draft = Drafting::new(timeline);
    let changes = vec![change(&current.facts, Field::Star, star)];
    draft.push_changes(command.on, changes, |changes| DeclarationEvent::SteppedUp {
        changes,
    });
    draft.follow_with_flags(None);
    Ok(draft.into_decision(reason))
}

/// The first day, from one on, since which what two stars need is on record, and nothing else is said of the star.
fn earliest_step_up(timeline: &Timeline, day: NaiveDate) -> NaiveDate {
    let has_both = |day: &NaiveDate| {
        let facts = timeline.facts_on(*day);
        let has = |field: &Field| facts.value(*field).is_some();
        [Field::DiagnosisScore, Field::PolicyUrl].iter().all(has)
    };
    let from = day.max(timeline.stated_from(Field::Star));
    let days: Vec<NaiveDate> = std::iter::once(from).chain(timeline.days_after(from)).collect();
    let lacking = days.iter().rposition(|day| !has_both(day));
    lacking
        .and_then(|last| days.get(last + 1))
        .copied()
        .unwrap_or(from)
}

/// What is said to stand on the web needs an address.
fn of_medium(medium: PolicyMedium, text: &str) -> bool {
    medium != PolicyMedium::Web || is_web_address(text)
}

/// A new value of a field, in the place of what `facts` say.
pub(super) fn change(facts: &Facts, field: Field, value: Option<FieldValue>) -> Change {
    let new = value.map(|value| facts.classify(field, value));
    Change {
        field,
        old: facts.get(field).cloned(),
        new,
    }
}
