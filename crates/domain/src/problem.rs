//! What somebody has to type differently before anything happens.

use crate::guarded;
use crate::text::{self, Lines, TextProblem};
use crate::value::plain;

/// Something that a person has to type differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field, as the interface calls it.
    pub field: &'static str,
    /// Stable, `snake_case`.
    pub code: &'static str,
    /// One Japanese sentence that says what to do.
    pub message: String,
}

/// Nothing happens, because of what was typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what was typed has {} problems", .0.len())]
pub struct Refused(pub Vec<Problem>);

impl Problem {
    pub(crate) fn new(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            code,
            message: message.into(),
        }
    }

    pub(crate) fn text(field: &'static str, problem: &TextProblem) -> Self {
        Self::new(field, problem.code(), problem.japanese())
    }

    /// It is as somebody wants it already.
    pub(crate) fn nothing_changes(message: &'static str) -> Self {
        Self::new("form", "nothing_changes", message)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// A text for others to read, as it is kept: without blanks around it, its lines ended alike. What is wrong with it goes to the problems.
pub(crate) fn read_text(
    problems: &mut Vec<Problem>,
    field: &'static str,
    typed: &str,
    (max, lines): (usize, Lines),
) -> String {
    let text = plain::trim(typed).replace("\r\n", "\n").replace('\r', "\n");
    if let Err(problem) = text::check(&text, max, lines) {
        problems.push(Problem::text(field, &problem));
    } else if let Some(word) = guarded::said_of_a_declaration(&text) {
        let message = format!(
            "宣言について「{word}」という言葉は使えません。「宣言」「登録」「使用」などに言い換えてください。"
        );
        problems.push(Problem::new(field, "guarded_word", message));
    }
    text
}
