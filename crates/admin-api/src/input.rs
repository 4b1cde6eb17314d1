//! What was typed has problems: said field by field, so that a form can show each where it belongs.

use async_graphql::SimpleObject;

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
