//! A problem with what a person typed, said so that a form can show it where it belongs.

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputProblem {
    /// A path into the input: `reason`, `since`, `changes.NAME`.
    pub field: String,
    /// Stable, `snake_case`.
    pub code: &'static str,
    /// One Japanese sentence that says what to do.
    pub message: String,
}

impl InputProblem {
    /// One problem.
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
        }
    }

    /// A command id that stands for something else.
    pub fn command_reused() -> Self {
        Self::new(
            "commandId",
            "command_reused",
            "この操作の番号は別の変更で使われています。画面を開き直してから、もう一度入力してください。",
        )
    }

    /// The inquiry that a change is to rest on is not there.
    pub fn no_inquiry() -> Self {
        Self::new(
            "inquiryId",
            "inquiry_not_found",
            "根拠とする問い合わせが見つかりません。問い合わせの画面から開き直してください。",
        )
    }
}

impl From<domain::Problem> for InputProblem {
    fn from(problem: domain::Problem) -> Self {
        Self::new(problem.field, problem.code, problem.message)
    }
}
