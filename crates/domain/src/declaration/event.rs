//! What can happen to a declaration.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    diagnosis::Answer,
    evidence::Evidence,
    facts::{Fact, Facts},
    field::{Field, Subject},
    flag::FlagCode,
    look_up::NumberLookedUp,
};
use crate::{
    ids::{DeclarationId, OrganizationId, SubjectId},
    personal::{Personal, Readable},
    value::CorporateNumber,
    wire::wire_enum,
};

/// One event of one declaration, with the day from which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// About which declaration.
    pub declaration_id: DeclarationId,
    /// Whose declaration.
    pub organization_id: OrganizationId,
    /// From when it holds (not: when it was recorded).
    pub effective_at: NaiveDate,
    /// What happened.
    pub event: DeclarationEvent,
}

/// What happened. The wire types are in [`DeclarationEvent::event_type`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclarationEvent {
    /// Taken over from an old register, with everything that one row said.
    Registered(Box<Registered>),
    /// Declared.
    Made(Box<Made>),
    /// One field was corrected.
    Corrected(Box<Corrected>),
    /// Contact data changed.
    ContactChanged {
        /// One entry for each field that changed.
        changes: Vec<Change>,
    },
    /// A self-diagnosis was recorded.
    DiagnosisRecorded {
        /// Which questionnaire was answered, for example `25-v3`.
        questionnaire: String,
        /// Every answer in the order of the questions, when they are known.
        answers: Option<Vec<Answer>>,
        /// The score.
        changes: Vec<Change>,
    },
    /// A basic security policy was recorded.
    PolicyRecorded {
        /// Where it stands and since when.
        changes: Vec<Change>,
    },
    /// From one star to two.
    SteppedUp {
        /// The star.
        changes: Vec<Change>,
    },
    /// From two stars to one.
    SteppedDown {
        /// The star.
        changes: Vec<Change>,
    },
    /// The policy is no longer there.
    PolicyWithdrawn {
        /// What was emptied.
        changes: Vec<Change>,
    },
    /// The right to use the logo rests.
    LogoSuspended,
    /// It is there again.
    LogoRestored,
    /// Another event was taken back.
    Undone(Box<Undone>),
    /// A newer declaration of the declarer took its place; its number leads there for ever.
    Superseded {
        /// Which one.
        by: DeclarationId,
        /// The valid corporate number, so that a guard on the number sees this event.
        corporate_number: Option<CorporateNumber>,
    },
    /// It took the place of an older declaration of the declarer.
    LinkedToOld {
        /// Which one.
        old: DeclarationId,
    },
    /// It and another declaration of the same declarer became one, which is the other one; its number leads there for ever.
    MergedInto {
        /// Which one.
        survivor: DeclarationId,
        /// The valid corporate number, so that a guard on the number sees this event.
        corporate_number: Option<CorporateNumber>,
    },
    /// Another declaration of the same declarer was merged into it.
    Absorbed {
        /// Which one.
        merged: DeclarationId,
        /// What was taken over from it.
        changes: Vec<Change>,
    },
    /// Somebody else stands behind it now, under the same number.
    HandedOver {
        /// How that came about.
        kind: HandOverKind,
        /// Who that is: before and after.
        changes: Vec<Change>,
    },
    /// No longer live.
    Stopped {
        /// How, and on which day.
        stop: Stop,
        /// The valid corporate number, so that a guard on the number sees this event.
        corporate_number: Option<CorporateNumber>,
    },
    /// Live again, from the day on which it holds.
    Reinstated {
        /// The valid corporate number, so that a guard on the number sees this event.
        corporate_number: Option<CorporateNumber>,
    },
    /// Shown in the public search.
    Published,
    /// No longer shown in the public search.
    Unpublished,
    /// A person was forgotten: from this event on nothing of them can be read, on any day.
    PersonForgotten {
        /// Who, in which role.
        subject: Subject,
        /// Whose key seals what is recorded in that role from now on: the old id never gets a key again.
        successor: SubjectId,
    },
    /// A warning flag was raised.
    FlagRaised {
        /// Which.
        flag: FlagCode,
    },
    /// A warning flag was cleared.
    FlagCleared {
        /// Which.
        flag: FlagCode,
    },
    /// Staff wrote a note.
    NoteAdded {
        /// Whose key seals the text.
        subject: Subject,
        /// What was written.
        text: Readable<Personal<String>>,
    },
    /// What a change rests on: documents, or why there is none. Recorded together with the change.
    EvidenceGiven(Box<Evidence>),
    /// The declarer was told their forgotten number.
    NumberLookedUp(Box<NumberLookedUp>),
}

/// A row of an old register, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Where it comes from.
    pub source: RegisterSource,
    /// What the row said.
    pub facts: Facts,
    /// Whether the old register called it live.
    pub standing: Standing,
    /// Whether it is shown in the public search.
    pub published: bool,
    /// What was doubtful about the row.
    pub flags: BTreeSet<FlagCode>,
}

/// Which register a row comes from, and which row it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RegisterSource {
    /// A name for the register, for example the file name.
    pub register: String,
    /// Keyed hash of the row as hexadecimal, made by the caller: tells a repeated row from a changed one.
    pub fingerprint: String,
}

/// Whether an old register called a declaration live, as read and as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// How it was stopped; `None` when it is live.
    pub stop: Option<Stop>,
    /// What stood in the column of the state.
    pub state_typed: String,
    /// What stood in the column of the day.
    pub stopped_on_typed: String,
}

/// A new declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Who entered it.
    pub origin: Origin,
    /// What was declared, the pledge included.
    pub facts: Facts,
    /// Whether it is shown in the public search.
    pub published: bool,
    /// What is doubtful about it.
    pub flags: BTreeSet<FlagCode>,
}

/// What an event that is taken back had changed, as it was without it. It holds from the same day, so that no day is left on
/// which the other one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The position of the other event.
    pub undoes: i64,
    /// The fields that it had changed.
    pub changes: Vec<Change>,
    /// Whether the declaration is live, if it was about that.
    pub liveness: Option<Liveness>,
    /// Whether it is meant for the public search, if it was about that.
    pub published: Option<bool>,
    /// Whether the logo may be used, if it was about that.
    pub logo_allowed: Option<bool>,
    /// What had taken its place, if it was about that. `Some(None)`: nothing.
    pub replaced: Option<Option<Replacement>>,
    /// Another declaration, and whether it stands in the place of that one, if it was about that.
    pub replaces: Option<(DeclarationId, bool)>,
    /// A flag, and whether it is up, if it was about that.
    pub flag: Option<(FlagCode, bool)>,
    /// The valid corporate number where it is about being live, so that a guard on the number sees this event.
    pub corporate_number: Option<CorporateNumber>,
}

/// What took the place of a declaration: it is live no more, and its number leads there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Replacement {
    /// A newer declaration of the declarer.
    SupersededBy(DeclarationId),
    /// The one that it was merged into, being a duplicate.
    MergedInto(DeclarationId),
}

impl Replacement {
    /// Which declaration that is.
    pub const fn id(self) -> DeclarationId {
        match self {
            Self::SupersededBy(id) | Self::MergedInto(id) => id,
        }
    }
}

/// Whether a declaration is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Liveness {
    /// It is.
    Live,
    /// It is stopped, or will be.
    Stopped(Stop),
}

/// A correction of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The field, before and after.
    pub change: Change,
    /// Error or change.
    pub kind: CorrectionKind,
    /// Who told us.
    pub source: Source,
}

/// One field before and after. `None`: it was or became empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which field.
    pub field: Field,
    /// Before.
    pub old: Option<Fact>,
    /// After.
    pub new: Option<Fact>,
}

/// Whether a wrong value is mended or a fact changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionKind {
    /// 誤りの訂正: it was always so. Holds for as long as the wrong value was stated.
    Error,
    /// 事実の変更: it changed on a day.
    Change {
        /// That day.
        since: NaiveDate,
    },
}

/// How a declaration ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stop {
    /// In which way.
    pub kind: StopKind,
    /// On which day; `None` when nobody knows. It then counts as stopped on every day.
    pub on: Option<NaiveDate>,
}

wire_enum! {
    /// In which way a declaration ended.
    StopKind {
        /// 停止.
        Stopped = "stopped",
        /// 廃業.
        Closed = "closed",
        /// 取消.
        Withdrawn = "withdrawn",
    }
}

wire_enum! {
    /// How it came about that somebody else stands behind a declaration.
    HandOverKind {
        /// 合併.
        Merger = "merger",
        /// 承継: of a business, or by inheritance.
        Succession = "succession",
        /// 商号変更: the same one under another name.
        Rename = "rename",
    }
}

wire_enum! {
    /// Who entered a declaration.
    Origin {
        /// Taken from an older system by hand.
        Legacy = "legacy",
        /// The declarer, on the public side.
        Public = "public",
        /// Staff, for the declarer.
        Staff = "staff",
    }
}

wire_enum! {
    /// Who told us what a correction says.
    Source {
        /// Staff found it.
        Staff = "staff",
        /// The declarer reported it.
        Declarer = "declarer",
        /// A public record, such as the published corporate numbers.
        PublicRecord = "public_record",
    }
}

impl DeclarationEvent {
    /// Whether it changes what the register says (flags and notes do not), so that a correction made without
    /// having seen it must be refused.
    pub const fn changes_facts(&self) -> bool {
        !matches!(
            self,
            Self::FlagRaised { .. }
                | Self::FlagCleared { .. }
                | Self::NoteAdded { .. }
                | Self::EvidenceGiven(_)
                | Self::NumberLookedUp(_)
        )
    }

    /// Hides what it says about these persons, whether or not their keys are still there.
    pub fn redact(&mut self, forgotten: &BTreeSet<SubjectId>) {
        match self {
            Self::Registered(registered) => registered.facts.redact(forgotten),
            Self::Made(made) => made.facts.redact(forgotten),
            Self::Corrected(corrected) => corrected.change.redact(forgotten),
            Self::ContactChanged { changes }
            | Self::DiagnosisRecorded { changes, .. }
            | Self::PolicyRecorded { changes }
            | Self::SteppedUp { changes }
            | Self::SteppedDown { changes }
            | Self::PolicyWithdrawn { changes }
            | Self::Absorbed { changes, .. }
            | Self::HandedOver { changes, .. } => {
                for change in changes {
                    change.redact(forgotten);
                }
            }
            Self::Undone(undone) => {
                for change in &mut undone.changes {
                    change.redact(forgotten);
                }
            }
            Self::NoteAdded { subject, text } => {
                if forgotten.contains(&subject.id) {
                    *text = Readable::Forgotten;
                }
            }
            Self::EvidenceGiven(evidence) => evidence.redact(forgotten),
            Self::NumberLookedUp(looked_up) => looked_up.redact(forgotten),
            Self::Stopped { .. }
            | Self::Reinstated { .. }
            | Self::Published
            | Self::Unpublished
            | Self::LogoSuspended
            | Self::LogoRestored
            | Self::Superseded { .. }
            | Self::LinkedToOld { .. }
            | Self::MergedInto { .. }
            | Self::PersonForgotten { .. }
            | Self::FlagRaised { .. }
            | Self::FlagCleared { .. } => {}
        }
    }

    /// The fields that it changes, for a history. A first event changes every field that it fills.
    pub fn changes(&self) -> Vec<Change> {
        match self {
            Self::Registered(registered) => first_changes(&registered.facts),
            Self::Made(made) => first_changes(&made.facts),
            Self::Corrected(corrected) => vec![corrected.change.clone()],
            Self::ContactChanged { changes }
            | Self::DiagnosisRecorded { changes, .. }
            | Self::PolicyRecorded { changes }
            | Self::SteppedUp { changes }
            | Self::SteppedDown { changes }
            | Self::PolicyWithdrawn { changes }
            | Self::Absorbed { changes, .. }
            | Self::HandedOver { changes, .. } => changes.clone(),
            Self::Undone(undone) => undone.changes.clone(),
            _ => Vec::new(),
        }
    }
}

impl Change {
    fn redact(&mut self, forgotten: &BTreeSet<SubjectId>) {
        for fact in [&mut self.old, &mut self.new].into_iter().flatten() {
            fact.redact(forgotten);
        }
    }
}

fn first_changes(facts: &Facts) -> Vec<Change> {
    facts
        .iter()
        .map(|(field, fact)| Change {
            field,
            old: None,
            new: Some(fact.clone()),
        })
        .collect()
}
