//! What a refused change tells whoever made it: one polite sentence for each refusal, with a stable code, at the place of the
//! input that it is about. What is about the record as a whole stands at `declarationId`.

use chrono::{Datelike as _, NaiveDate};
use domain::declaration::Field;
use domain::declaration::decide::{
    AddNoteError, ChangeContactError, ClearFlagError, CorrectError, HandOverError, LinkNumbersError,
    LiveElsewhere, LookUpNumberError, MergeError, Problem, ProblemField, PublishError, RaiseFlagError,
    RecordDiagnosisError, RecordPolicyError, ReinstateError, RestoreLogoError, StepDownError, StepUpError,
    StopError, SuspendLogoError, UndoError, UnpublishError, WithdrawPolicyError,
};

use super::{HandOverRefused, LinkNumbersRefused, LookUpNumberRefused};
use crate::InputProblem;

/// A refusal that can be told to whoever asked for the change.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// At least one problem.
    fn problems(self) -> Vec<InputProblem>;
}

/// About the record as a whole.
const RECORD: &str = "declarationId";

fn one(field: &str, code: &'static str, message: impl Into<String>) -> Vec<InputProblem> {
    vec![InputProblem::new(field, code, message)]
}

fn all(problems: Vec<Problem>) -> Vec<InputProblem> {
    problems.into_iter().map(InputProblem::from).collect()
}

/// Problems of fields that have a place of their own in the input.
fn placed(problems: Vec<Problem>, place: impl Fn(Field) -> Option<&'static str>) -> Vec<InputProblem> {
    let place = |problem: Problem| {
        let own = match problem.field {
            ProblemField::Field(field) => place(field),
            _ => None,
        };
        match own {
            Some(path) => InputProblem::new(path, problem.code, problem.message),
            None => InputProblem::from(problem),
        }
    };
    problems.into_iter().map(place).collect()
}

fn day(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

fn not_live() -> Vec<InputProblem> {
    one(
        RECORD,
        "not_live",
        "この宣言は有効ではありません。停止しているときは再開してから、新しい宣言に切り替わっているときはその宣言に対して操作してください。",
    )
}

fn replaced() -> Vec<InputProblem> {
    one(
        RECORD,
        "replaced",
        "この宣言は別の宣言に切り替わっています。切り替え先の宣言に対して操作してください。",
    )
}

fn in_the_future(field: &str) -> Vec<InputProblem> {
    one(field, "in_the_future", "先の日付は入力できません。")
}

fn before_declaration(field: &str) -> Vec<InputProblem> {
    one(
        field,
        "before_declaration",
        "宣言日より前の日付は入力できません。",
    )
}

fn already_live(other: &LiveElsewhere) -> Vec<InputProblem> {
    one(
        RECORD,
        "already_live",
        format!(
            "この事業者には有効な宣言（自己宣言ID {}）がほかにあるため、有効にできません。",
            other.number
        ),
    )
}

fn too_early(field: &str, earliest: NaiveDate) -> Vec<InputProblem> {
    one(
        field,
        "too_early",
        format!(
            "今の内容が記録された{}以降の日付を入力してください。",
            day(earliest)
        ),
    )
}

impl Refusal for CorrectError {
    fn problems(self) -> Vec<InputProblem> {
        let Self::Invalid(problems) = self;
        all(problems)
    }
}

impl Refusal for ChangeContactError {
    fn problems(self) -> Vec<InputProblem> {
        let Self::Invalid(problems) = self;
        all(problems)
    }
}

impl Refusal for RecordDiagnosisError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::NotLive => not_live(),
            Self::InTheFuture => in_the_future("doneOn"),
            Self::BeforeDeclaration => before_declaration("doneOn"),
            Self::Invalid(problems) => placed(problems, |field| {
                (field == Field::DiagnosisScore).then_some("score")
            }),
        }
    }
}

impl Refusal for RecordPolicyError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::NotLive => not_live(),
            Self::InTheFuture => in_the_future("on"),
            Self::BeforeDeclaration => before_declaration("on"),
            Self::Invalid(problems) => placed(problems, |field| match field {
                Field::PolicyUrl => Some("place"),
                Field::PolicyPublishedOn => Some("publishedOn"),
                _ => None,
            }),
        }
    }
}

impl Refusal for StepUpError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::NotLive => not_live(),
            Self::AlreadyTwoStars => one(RECORD, "already_two_stars", "この宣言はすでに二つ星です。"),
            Self::DiagnosisMissing => one(
                RECORD,
                "diagnosis_missing",
                "自社診断の結果がないため、二つ星にできません。先に自社診断を記録してください。",
            ),
            Self::PolicyMissing => one(
                RECORD,
                "policy_missing",
                "情報セキュリティ基本方針の記録がないため、二つ星にできません。先に基本方針を記録してください。",
            ),
            Self::InTheFuture => in_the_future("on"),
            Self::BeforeDeclaration => before_declaration("on"),
            Self::TooEarly { earliest } => too_early("on", earliest),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for StopError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::Replaced => replaced(),
            Self::AlreadyStopped => one(RECORD, "already_stopped", "この宣言はすでに停止しています。"),
            Self::TooFarAhead { latest } => one(
                "on",
                "too_late",
                format!("停止の予定は{}までの日付で入力してください。", day(latest)),
            ),
            Self::TooEarly { earliest } => one(
                "on",
                "too_early",
                format!(
                    "この宣言が有効になった{}以降の日付を入力してください。",
                    day(earliest)
                ),
            ),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for ReinstateError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::Replaced => replaced(),
            Self::NotStopped => one(RECORD, "not_stopped", "この宣言は停止していません。"),
            Self::AlreadyLive(other) => already_live(&other),
            Self::InTheFuture => in_the_future("on"),
            Self::TooEarly { earliest } => one(
                "on",
                "too_early",
                format!("停止した日（{}）以降の日付を入力してください。", day(earliest)),
            ),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for PublishError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::AlreadyPublished => one(RECORD, "already_published", "この宣言はすでに公表しています。"),
            Self::NotLive => not_live(),
            Self::NoConsent => one(
                RECORD,
                "no_consent",
                "公表への同意がないため、公表できません。同意を確認してから、「公表への同意」を訂正してください。",
            ),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for UnpublishError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::NotPublished => one(RECORD, "not_published", "この宣言は公表していません。"),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for RaiseFlagError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::AlreadyRaised => one("flag", "already_raised", "この警告はすでに付いています。"),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for ClearFlagError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::NotRaised => one("flag", "not_raised", "この警告は付いていません。"),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for AddNoteError {
    fn problems(self) -> Vec<InputProblem> {
        let Self::Text(problem) = self;
        all(vec![problem])
    }
}

impl Refusal for StepDownError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::NotLive => not_live(),
            Self::NotTwoStars => one(RECORD, "not_two_stars", "この宣言は二つ星ではありません。"),
            Self::InTheFuture => in_the_future("on"),
            Self::TooEarly { earliest } => too_early("on", earliest),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for WithdrawPolicyError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::NotLive => not_live(),
            Self::NoPolicy => one(
                RECORD,
                "no_policy",
                "情報セキュリティ基本方針は記録されていません。",
            ),
            Self::TwoStars => one(
                "stepDown",
                "two_stars",
                "二つ星の宣言には基本方針が必要です。「一つ星への変更も同時に行う」を選ぶか、別の基本方針を記録してください。",
            ),
            Self::InTheFuture => in_the_future("on"),
            Self::TooEarly { earliest } => too_early("on", earliest),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for SuspendLogoError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::AlreadySuspended => one(
                RECORD,
                "logo_suspended",
                "ロゴマークの使用はすでに停止されています。",
            ),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for RestoreLogoError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::NotSuspended => one(
                RECORD,
                "logo_not_suspended",
                "ロゴマークの使用は停止されていません。",
            ),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}

/// The place of the other number in the input.
const OTHER: &str = "otherNumber";

impl Refusal for LinkNumbersRefused {
    fn problems(self) -> Vec<InputProblem> {
        let refused = match self {
            Self::Text(problem) => return one(OTHER, problem.code(), problem.japanese()),
            Self::NoNumber => {
                return one(
                    OTHER,
                    "declaration_no_shape",
                    "自己宣言IDは4か5で始まる11桁の数字です。",
                );
            }
            Self::UnknownNumber => {
                return one(
                    OTHER,
                    "unknown_number",
                    "この自己宣言IDの宣言はありません。番号を確かめてください。",
                );
            }
            Self::Refused(refused) => refused,
        };
        match refused {
            LinkNumbersError::Itself => one(
                OTHER,
                "itself",
                "この宣言と同じ番号です。もう一方の自己宣言IDを入力してください。",
            ),
            LinkNumbersError::Generation => one(
                OTHER,
                "generation",
                "4で始まる旧IDと5で始まる新IDの組み合わせにしてください。同じ世代の重複は統合してください。",
            ),
            LinkNumbersError::OldReplaced => one(
                OTHER,
                "old_replaced",
                "旧IDの宣言は、すでに別の宣言に切り替わっています。",
            ),
            LinkNumbersError::NewReplaced => one(
                OTHER,
                "new_replaced",
                "新IDの宣言は、すでに別の宣言に切り替わっています。その切り替え先の番号を入力してください。",
            ),
            LinkNumbersError::NewNotLive => one(
                OTHER,
                "new_not_live",
                "新IDの宣言が有効ではありません。有効にしてから、もう一度操作してください。",
            ),
            LinkNumbersError::InTheFuture => in_the_future("on"),
            LinkNumbersError::TooEarly { earliest } => too_early("on", earliest),
            LinkNumbersError::Reason(problem) => all(vec![problem]),
        }
    }
}

impl Refusal for MergeError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::Itself => one(
                OTHER,
                "itself",
                "この宣言と同じ番号です。もう一方の自己宣言IDを入力してください。",
            ),
            Self::SurvivorReplaced => one(
                OTHER,
                "survivor_replaced",
                "残す宣言は、すでに別の宣言に切り替わっています。切り替え先の宣言を残してください。",
            ),
            Self::MergedReplaced => one(
                OTHER,
                "merged_replaced",
                "統合する宣言は、すでに別の宣言に切り替わっています。",
            ),
            Self::OtherKind => one(
                OTHER,
                "other_kind",
                "区分（法人、個人事業主、その他団体）が違う宣言は統合できません。",
            ),
            Self::WrongSurvivor => one(
                OTHER,
                "wrong_survivor",
                "有効な宣言を、有効でない宣言に統合することはできません。有効なほうを残してください。",
            ),
            Self::Invalid(problems) => problems.into_iter().map(choice).collect(),
        }
    }
}

/// The choice for a field has a place of its own.
fn choice(problem: Problem) -> InputProblem {
    let path = match problem.field {
        ProblemField::Field(field) => format!("choices.{}", field.code().to_uppercase()),
        other => other.path(),
    };
    InputProblem::new(&path, problem.code, problem.message)
}

impl Refusal for HandOverRefused {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::Evidence(problem) => vec![problem],
            Self::Refused(HandOverError::NotLive) => not_live(),
            Self::Refused(HandOverError::Invalid(problems)) => all(problems),
        }
    }
}

impl Refusal for LookUpNumberRefused {
    fn problems(self) -> Vec<InputProblem> {
        let refused = match self {
            Self::NeedsApproval => {
                return one(
                    "to",
                    "needs_approval_address",
                    "登録と違う宛先に送るには、別の人の承認が必要です。承認を申請してください。",
                );
            }
            Self::NoMail => {
                return one(
                    RECORD,
                    "no_mail",
                    "お知らせの差出人が設定されていないため、送れません。管理者に連絡してください。",
                );
            }
            Self::Address => {
                return one(
                    "to",
                    "address_unreadable",
                    "メールアドレスとして読み取れません。「taro@example.jp」の形で入力してください。",
                );
            }
            Self::JustTold => {
                return one(
                    RECORD,
                    "told_just_now",
                    "この番号は、直近の10分以内に登録のメールアドレスへ送信済みです。届いていないことを確かめ、10分ほど待ってから送り直してください。",
                );
            }
            Self::Refused(refused) => refused,
        };
        match refused {
            LookUpNumberError::NoAddress => one(
                RECORD,
                "no_registered_address",
                "送れるメールアドレスが登録されていないため、番号を送れません。本人を確認できたら、別の宛先への送付を申請してください。",
            ),
            LookUpNumberError::Replaced => replaced(),
            LookUpNumberError::TooFewFit { fitting, needed } => one(
                "asked",
                "too_few_fit",
                format!(
                    "登録と一致した項目は{fitting}件です。{needed}件以上一致するまで、ほかの項目も確かめてください。"
                ),
            ),
            LookUpNumberError::NotChecked => one(
                "checks",
                "not_checked",
                "本人をどのように確認したか選んでください。別の宛先に送るときは、かけ直しか書類での確認が必要です。",
            ),
            LookUpNumberError::Invalid(problems) => problems.into_iter().map(answer).collect(),
        }
    }
}

/// What somebody said has a place of its own.
fn answer(problem: Problem) -> InputProblem {
    let path = match problem.field {
        ProblemField::Field(field) => format!("asked.{}", field.code().to_uppercase()),
        _ => "asked".to_owned(),
    };
    InputProblem::new(path, problem.code, problem.message)
}

impl Refusal for UndoError {
    fn problems(self) -> Vec<InputProblem> {
        match self {
            Self::NotUndoable => one("position", "not_undoable", "この操作は取り消せません。"),
            Self::AlreadyUndone => one(
                "position",
                "already_undone",
                "この操作はすでに取り消されています。",
            ),
            Self::TooLate => one(
                "position",
                "undo_too_late",
                "取り消せる時間（10分）を過ぎました。改めて変更を入力してください。",
            ),
            Self::ChangedSince => one(
                "position",
                "changed_since",
                "この操作のあとに関係する変更があったため、取り消せません。改めて変更を入力してください。",
            ),
            Self::AlreadyLive(other) => already_live(&other),
            Self::Reason(problem) => all(vec![problem]),
        }
    }
}
