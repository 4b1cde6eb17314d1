//! What was typed has problems: said field by field, so that a form can show each where it belongs.

use async_graphql::{ID, SimpleObject};
use uuid::Uuid;

/// Nothing was written; each problem names its field.
#[derive(SimpleObject)]
pub struct InvalidInput {
    /// At least one.
    pub problems: Vec<InputProblem>,
}

/// `field` is a path into the input (`reason`, `since`, `changes.NAME`), `code` stable, `message` in Japanese for
/// people.
#[derive(SimpleObject)]
pub struct InputProblem {
    /// A path into the input.
    pub field: String,
    /// Stable.
    pub code: String,
    /// One sentence that says what to do.
    pub message: String,
}

impl InvalidInput {
    /// One problem.
    pub fn one(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            problems: vec![InputProblem {
                field: field.to_owned(),
                code: code.to_owned(),
                message: message.into(),
            }],
        }
    }

    /// The command id stands for something else.
    pub fn command_reused() -> Self {
        vec![app::InputProblem::command_reused()].into()
    }

    /// No page has that many rows.
    pub fn page_size(most: u32) -> Self {
        Self::one(
            "first",
            "page_size",
            format!("1ページの件数は1から{most}で指定してください。"),
        )
    }

    /// The place in the list is none.
    pub fn cursor() -> Self {
        Self::one(
            "after",
            "cursor",
            "この続きはもう表示できません。最初のページから表示し直してください。",
        )
    }
}

impl From<Vec<app::InputProblem>> for InvalidInput {
    fn from(problems: Vec<app::InputProblem>) -> Self {
        let problems = problems
            .into_iter()
            .map(|problem| InputProblem {
                field: problem.field,
                code: problem.code.to_owned(),
                message: problem.message,
            })
            .collect();
        Self { problems }
    }
}

/// The id of a command.
pub fn read_command_id(command_id: &ID) -> Result<Uuid, InvalidInput> {
    command_id.parse().map_err(|_| {
        InvalidInput::one(
            "commandId",
            "shape",
            "操作の番号の形式が正しくありません。画面を開き直してください。",
        )
    })
}
