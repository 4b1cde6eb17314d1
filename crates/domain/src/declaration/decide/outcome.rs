//! What a decision gives: events with a reason, or problems that a person can mend.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use crate::{
    declaration::{
        Change, Declaration, DeclarationEvent, EncodedPart, Field, FlagCode, REASON, Role, Statement,
        Subject, Timeline, assess,
    },
    personal::Personal,
    text::{self, Lines},
};

/// What is to be recorded, all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// In this order.
    pub statements: Vec<Statement>,
    /// Why, as somebody wrote it; sealed for the free text of the record.
    pub reason: Option<(Subject, Personal<String>)>,
}

impl Decision {
    /// The reason as the log seals it into every event.
    pub fn reason_part(&self) -> Option<EncodedPart> {
        let (subject, text) = self.reason.as_ref()?;
        Some(EncodedPart {
            subject: *subject,
            name: REASON,
            body: Value::String(text.reveal().clone()),
        })
    }
}

/// Something in a command that a person can mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub field: ProblemField,
    /// A stable code.
    pub code: &'static str,
    /// One sentence in Japanese.
    pub message: String,
}

/// Where a problem lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemField {
    /// In the value for a field.
    Field(Field),
    /// In the list of changes as a whole.
    Changes,
    /// In the reason.
    Reason,
    /// In the day.
    Since,
    /// In the day of what is recorded.
    On,
    /// In the text of a note.
    Text,
    /// In the questionnaire of a diagnosis.
    Questionnaire,
    /// In its answers.
    Answers,
    /// In its score, where answers give another one.
    Score,
    /// In the documents of the evidence.
    Attachments,
    /// In the reason why there is no document.
    NoDocument,
}

impl From<Field> for ProblemField {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

impl ProblemField {
    /// The path into the input: `changes.NAME`, `reason`, `since`.
    pub fn path(self) -> String {
        match self {
            Self::Field(field) => format!("changes.{}", field.code().to_uppercase()),
            Self::Changes => "changes".to_owned(),
            Self::Reason => "reason".to_owned(),
            Self::Since => "since".to_owned(),
            Self::On => "on".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Questionnaire => "questionnaire".to_owned(),
            Self::Answers => "answers".to_owned(),
            Self::Score => "score".to_owned(),
            Self::Attachments => "attachments".to_owned(),
            Self::NoDocument => "noDocument".to_owned(),
        }
    }
}

impl Problem {
    pub(super) fn new(field: ProblemField, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            code,
            message: message.into(),
        }
    }

    pub(super) fn of(field: Field, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ProblemField::Field(field), code, message)
    }
}

/// The most characters of a reason.
const LONGEST_REASON: usize = 1_000;

/// A reason that must be given.
pub(super) fn required_reason(text: &str, of: &Declaration) -> Result<(Subject, Personal<String>), Problem> {
    reason_under(text, of.facts.subjects().of(Role::Remarks))
}

/// The same under the key of this subject.
pub(crate) fn reason_under(text: &str, subject: Subject) -> Result<(Subject, Personal<String>), Problem> {
    match text::check(text, LONGEST_REASON, Lines::Many) {
        Ok(()) => Ok((subject, Personal::new(text.to_owned()))),
        Err(text::TextProblem::Empty) => Err(Problem::new(
            ProblemField::Reason,
            "empty",
            "理由を入力してください。",
        )),
        Err(problem) => Err(Problem::new(
            ProblemField::Reason,
            problem.code(),
            problem.japanese(),
        )),
    }
}

/// The value, or its problem beside the others.
pub(super) fn keep<T>(problems: &mut Vec<Problem>, result: Result<T, Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

/// A reason that may be left out.
pub(super) fn optional_reason(
    text: Option<&str>,
    of: &Declaration,
) -> Result<Option<(Subject, Personal<String>)>, Problem> {
    text.filter(|text| !text.is_empty())
        .map(|text| required_reason(text, of))
        .transpose()
}

/// Builds the events of one decision about a declaration that exists.
pub(super) struct Drafting<'a> {
    timeline: &'a Timeline,
    statements: Vec<Statement>,
}

impl<'a> Drafting<'a> {
    pub(super) const fn new(timeline: &'a Timeline) -> Self {
        Self {
            timeline,
            statements: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, effective_at: NaiveDate, event: DeclarationEvent) {
        let current = self.timeline.current();
        self.statements.push(Statement {
            declaration_id: current.id,
            organization_id: current.organization_id,
            effective_at,
            event,
        });
    }

    /// Says what changes from a day on. Where an undo said anew, on a later day, what had stood there before, it says so again, as it would
    /// end there otherwise. `event` makes the event of some of the changes.
    pub(super) fn push_changes(
        &mut self,
        from: NaiveDate,
        changes: Vec<Change>,
        event: impl Fn(Vec<Change>) -> DeclarationEvent,
    ) {
        let mut anew: BTreeMap<NaiveDate, Vec<Change>> = BTreeMap::new();
        for change in &changes {
            for day in self.timeline.said_anew(from, change.field, change.old.as_ref()) {
                anew.entry(day).or_default().push(change.clone());
            }
        }
        self.push(from, event(changes));
        for (day, changes) in anew {
            self.push(day, event(changes));
        }
    }

    /// Says whether the declaration is live from a day on, for all days after it: also for those from which something else
    /// was said.
    pub(super) fn push_liveness(&mut self, from: NaiveDate, event: &DeclarationEvent) {
        self.push(from, event.clone());
        for day in self.timeline.liveness_days_after(from) {
            self.push(day, event.clone());
        }
    }

    /// The declaration with the drafted events folded in.
    pub(super) fn after(&self) -> Declaration {
        self.timeline.with(&self.statements)
    }

    /// Raises the flags that the drafted events bring about and clears those that they mend. What was doubtful before and
    /// still is stays as staff left it. A flag follows the facts: it holds from the same day.
    pub(super) fn follow_with_flags(&mut self, duplicate: Option<bool>) {
        let (before, after) = (self.timeline.current(), self.after());
        let (doubtful, still) = (doubts(before), doubts(&after));
        let from = self
            .statements
            .iter()
            .map(|statement| statement.effective_at)
            .max();
        let Some(from) = from else { return };
        let mut raise: Vec<FlagCode> = still.difference(&doubtful).copied().collect();
        let mut clear: Vec<FlagCode> = doubtful.difference(&still).copied().collect();
        match duplicate {
            Some(true) => raise.push(FlagCode::CorporateNumberDuplicate),
            Some(false) => clear.push(FlagCode::CorporateNumberDuplicate),
            None => {}
        }
        for flag in raise.into_iter().filter(|flag| !before.flags.contains(flag)) {
            self.push(
                self.timeline.flag_day(flag).max(from),
                DeclarationEvent::FlagRaised { flag },
            );
        }
        for flag in clear.into_iter().filter(|flag| before.flags.contains(flag)) {
            self.push(
                self.timeline.flag_day(flag).max(from),
                DeclarationEvent::FlagCleared { flag },
            );
        }
    }

    /// The events of both, of two declarations: recorded together or not at all.
    pub(super) fn into_decision_with(
        self,
        other: Self,
        reason: Option<(Subject, Personal<String>)>,
    ) -> Decision {
        let mut decision = self.into_decision(reason);
        decision.statements.extend(other.statements);
        decision
    }

    pub(super) fn into_decision(self, reason: Option<(Subject, Personal<String>)>) -> Decision {
        Decision {
            statements: self.statements,
            reason,
        }
    }
}

fn doubts(of: &Declaration) -> std::collections::BTreeSet<FlagCode> {
    assess(of.facts.entity_type(), |field| of.facts.reveal(field), of.stop)
}
