//! Which changes can be made to many declarations: those of one record that mean the same on each.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::declaration::decide::{Problem, ProblemField};
use crate::declaration::{Field, FlagCode, StopKind};
use crate::ids::BulkChangeId;
use crate::staff::Permission;
use crate::text::{self, Lines};
use crate::wire::wire_enum;

/// Characters of a reason.
const LONGEST_REASON: usize = 1_000;
/// Characters of a note.
const LONGEST_NOTE: usize = 10_000;

wire_enum! {
    /// What is done to each record.
    BulkKind {
        /// Fields get other values.
        Correct = "correct",
        /// A warning is raised.
        RaiseFlag = "raise_flag",
        /// A warning is cleared.
        ClearFlag = "clear_flag",
        /// A note is written.
        AddNote = "add_note",
        /// It is shown in the public search.
        Publish = "publish",
        /// It is no longer shown.
        Unpublish = "unpublish",
        /// It is stopped.
        Stop = "stop",
        /// It goes from two stars to one.
        StepDown = "step_down",
        /// The right to the logo is suspended.
        SuspendLogo = "suspend_logo",
        /// The right to the logo is given back.
        RestoreLogo = "restore_logo",
        /// What another bulk change did is taken back.
        Undo = "undo",
    }
}

/// One field and what is put into it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkField {
    /// Which.
    pub field: Field,
    /// As it was typed; empty: the field is emptied.
    pub typed: String,
}

impl std::fmt::Debug for BulkField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BulkField({})", self.field.code())
    }
}

/// What is done to each record, with everything that the change of one record takes. It is kept sealed: reasons and notes are free text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BulkAction {
    /// Fields get other values.
    Correct {
        /// Each field once.
        fields: Vec<BulkField>,
        /// Since when they hold; none: it was always so, and what stood there was an error.
        since: Option<NaiveDate>,
        /// Why.
        reason: String,
    },
    /// A warning is raised.
    RaiseFlag {
        /// Which.
        flag: FlagCode,
        /// Why.
        reason: String,
    },
    /// A warning is cleared.
    ClearFlag {
        /// Which.
        flag: FlagCode,
        /// Why.
        reason: String,
    },
    /// A note is written.
    AddNote {
        /// What it says.
        text: String,
    },
    /// It is shown in the public search.
    Publish {
        /// Why.
        reason: String,
    },
    /// It is no longer shown.
    Unpublish {
        /// Why.
        reason: String,
    },
    /// It is stopped.
    Stop {
        /// How.
        how: StopKind,
        /// On which day; none when nobody knows.
        on: Option<NaiveDate>,
        /// Why.
        reason: String,
    },
    /// It goes from two stars to one.
    StepDown {
        /// From which day.
        on: NaiveDate,
        /// Why.
        reason: String,
    },
    /// The right to the logo is suspended.
    SuspendLogo {
        /// Why.
        reason: String,
    },
    /// The right to the logo is given back.
    RestoreLogo {
        /// Why.
        reason: String,
    },
    /// What another bulk change did is taken back.
    Undo {
        /// Which.
        of: BulkChangeId,
        /// Why.
        reason: String,
    },
}

impl std::fmt::Debug for BulkAction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BulkAction({})", self.kind().code())
    }
}

impl BulkAction {
    /// Fields that many records can get the same value in. None of them is ever about a person.
    pub const FIELDS: [Field; 5] = [
        Field::Prefecture,
        Field::City,
        Field::Industry,
        Field::Employees,
        Field::CapitalYen,
    ];

    /// What is done.
    pub const fn kind(&self) -> BulkKind {
        match self {
            Self::Correct { .. } => BulkKind::Correct,
            Self::RaiseFlag { .. } => BulkKind::RaiseFlag,
            Self::ClearFlag { .. } => BulkKind::ClearFlag,
            Self::AddNote { .. } => BulkKind::AddNote,
            Self::Publish { .. } => BulkKind::Publish,
            Self::Unpublish { .. } => BulkKind::Unpublish,
            Self::Stop { .. } => BulkKind::Stop,
            Self::StepDown { .. } => BulkKind::StepDown,
            Self::SuspendLogo { .. } => BulkKind::SuspendLogo,
            Self::RestoreLogo { .. } => BulkKind::RestoreLogo,
            Self::Undo { .. } => BulkKind::Undo,
        }
    }

    /// Why; a note is its own reason.
    pub fn reason(&self) -> &str {
        match self {
            Self::Correct { reason, .. }
            | Self::RaiseFlag { reason, .. }
            | Self::ClearFlag { reason, .. }
            | Self::Publish { reason }
            | Self::Unpublish { reason }
            | Self::Stop { reason, .. }
            | Self::StepDown { reason, .. }
            | Self::SuspendLogo { reason }
            | Self::RestoreLogo { reason }
            | Self::Undo { reason, .. } => reason,
            Self::AddNote { text } => text,
        }
    }

    /// What is wrong with it, whatever the records are.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Self::Correct { fields, .. } = self {
            problems.extend(of_fields(fields));
        }
        let (place, longest, empty) = match self {
            Self::AddNote { .. } => (ProblemField::Text, LONGEST_NOTE, "メモを入力してください。"),
            _ => (ProblemField::Reason, LONGEST_REASON, "理由を入力してください。"),
        };
        match text::check(self.reason(), longest, Lines::Many) {
            Ok(()) => {}
            Err(text::TextProblem::Empty) => problems.push(problem(place, "empty", empty)),
            Err(refused) => problems.push(problem(place, refused.code(), &refused.japanese())),
        }
        problems
    }
}

impl BulkKind {
    /// The right that the change of one record needs; that of many needs it, too.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Correct => Permission::CorrectDeclaration,
            Self::RaiseFlag | Self::ClearFlag => Permission::FlagDeclaration,
            Self::AddNote => Permission::WriteNote,
            Self::Publish | Self::Unpublish => Permission::PublishDeclaration,
            Self::Stop => Permission::StopDeclaration,
            Self::StepDown => Permission::ChangeStar,
            Self::SuspendLogo | Self::RestoreLogo => Permission::ManageLogo,
            Self::Undo => Permission::UndoChange,
        }
    }

    /// Whether what it did can be taken back: a note stays, and so does what was taken back.
    pub const fn can_be_undone(self) -> bool {
        !matches!(self, Self::AddNote | Self::Undo)
    }
}

fn of_fields(fields: &[BulkField]) -> Vec<Problem> {
    if fields.is_empty() {
        return vec![problem(
            ProblemField::Changes,
            "empty",
            "変更する項目を1つ以上選んでください。",
        )];
    }
    let mut seen = BTreeSet::new();
    let refused = fields.iter().filter_map(|input| {
        if !BulkAction::FIELDS.contains(&input.field) {
            let text = "この項目は一括では変更できません。1件ずつ訂正してください。";
            return Some(problem(input.field.into(), "not_in_bulk", text));
        }
        let is_new = seen.insert(input.field);
        (!is_new).then(|| problem(input.field.into(), "repeated", "同じ項目が二度あります。"))
    });
    refused.collect()
}

fn problem(field: ProblemField, code: &'static str, message: &str) -> Problem {
    Problem {
        field,
        code,
        message: message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_asked_for_by_everything_that_is_done_to_many() {
        let nothing = String::new();
        let actions = [
            BulkAction::RaiseFlag {
                flag: FlagCode::IndustryUnknown,
                reason: nothing.clone(),
            },
            BulkAction::Publish {
                reason: nothing.clone(),
            },
            BulkAction::AddNote { text: nothing },
        ];
        for action in actions {
            let codes: Vec<_> = action.problems().into_iter().map(|it| it.code).collect();
            assert_eq!(codes, ["empty"], "{action:?}");
        }
    }

    #[test]
    fn what_is_about_a_person_is_never_put_into_many_records() {
        let field = |field| BulkField {
            field,
            typed: "x".to_owned(),
        };
        let correct = |fields| BulkAction::Correct {
            fields,
            since: None,
            reason: "住所表示の変更".to_owned(),
        };
        let codes =
            |action: &BulkAction| -> Vec<_> { action.problems().into_iter().map(|it| it.code).collect() };
        assert_eq!(codes(&correct(vec![])), ["empty"]);
        assert_eq!(codes(&correct(vec![field(Field::Name)])), ["not_in_bulk"]);
        assert_eq!(
            codes(&correct(vec![field(Field::City), field(Field::City)])),
            ["repeated"]
        );
        assert!(codes(&correct(vec![field(Field::City), field(Field::Prefecture)])).is_empty());
        for field in BulkAction::FIELDS {
            for entity in crate::value::EntityType::ALL {
                assert_eq!(field.class(*entity), crate::declaration::FieldClass::Public);
            }
        }
    }

    #[test]
    fn the_stored_shape_of_an_action_is_frozen() {
        let action = BulkAction::Correct {
            fields: vec![BulkField {
                field: Field::City,
                typed: "見本市".to_owned(),
            }],
            since: NaiveDate::from_ymd_opt(2026, 4, 1),
            reason: "合併".to_owned(),
        };
        let text = r#"{"kind":"correct","fields":[{"field":"city","typed":"見本市"}],"since":"2026-04-01","reason":"合併"}"#;
        assert_eq!(serde_json::to_string(&action).expect("it is JSON"), text);
        assert_eq!(
            serde_json::from_str::<BulkAction>(text).expect("it reads back"),
            action
        );
    }
}
