//! Saving a view: a new one, or one that is there, under the same or another name.

use domain::fold::fold;
use storage::list_view::{self, Outcome, Saved, ViewedList};
use uuid::Uuid;

use super::{owner, to_share};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Longest name, in characters.
pub const NAME_MAX: usize = 40;
/// Longest question, in bytes.
pub const QUESTION_MAX: usize = 2_000;
/// Most views that one person sees of each kind.
const VIEWS_MAX: usize = 100;
/// Of the address, what is no view: a search may be somebody's name, and the others are of the moment.
const NOT_SAVED: [&str; 5] = ["q", "peek", "shown", "id", "do"];

/// What is to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveListView {
    /// Which: of a new one, the id of the command.
    pub id: Uuid,
    /// Of which list.
    pub list: ViewedList,
    /// The revision that the author has seen; `None`: it is new.
    pub revision: Option<i64>,
    /// Its name.
    pub name: String,
    /// Whether all see it.
    pub is_shared: bool,
    /// The query of the console's address.
    pub question: String,
}

/// Why it was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveListViewError {
    /// What was sent has problems.
    #[error("the view cannot be saved so")]
    Invalid(Vec<InputProblem>),
    /// There is none of this id that the caller sees.
    #[error("there is no such view")]
    NotFound,
    /// Somebody else saved or deleted it meanwhile.
    #[error("the view was changed meanwhile")]
    Stale,
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Saves a view.
    pub async fn save_list_view(&self, op: &OpContext, save: &SaveListView) -> Result<(), SaveListViewError> {
        let owner = owner(op, save.list)?;
        if save.is_shared {
            op.require(to_share(save.list))?;
        }
        let problems = problems(save);
        if !problems.is_empty() {
            return Err(SaveListViewError::Invalid(problems));
        }
        let name = save.name.trim();
        let saved = Saved {
            id: save.id,
            list: save.list,
            is_shared: save.is_shared,
            name: name.to_owned(),
            name_key: fold(name),
            question: save.question.clone(),
        };
        let seen = list_view::seen_by(self.store.database(), owner.0, save.list).await;
        let seen = seen.map_err(Internal::new)?;
        let before = seen.iter().find(|view| view.id == save.id);
        let outcome = match (save.revision, before) {
            // A retry of a command that went through.
            (None, Some(before)) if before.name == saved.name && before.question == saved.question => {
                return Ok(());
            }
            (None, _) => {
                if seen.iter().filter(|it| it.is_shared == save.is_shared).count() >= VIEWS_MAX {
                    return Err(SaveListViewError::Invalid(vec![too_many()]));
                }
                list_view::add(self.store.database(), owner.0, &saved, op.now()).await
            }
            (Some(_), None) => return Err(SaveListViewError::NotFound),
            (Some(revision), Some(before)) => {
                if before.is_shared {
                    op.require(to_share(save.list))?;
                }
                list_view::change(self.store.database(), revision, &saved, op.now()).await
            }
        };
        match outcome.map_err(Internal::new)? {
            Outcome::Done => Ok(()),
            Outcome::NameTaken => Err(SaveListViewError::Invalid(vec![name_taken()])),
            Outcome::Gone => Err(SaveListViewError::Stale),
        }
    }
}

fn problems(save: &SaveListView) -> Vec<InputProblem> {
    let mut problems = Vec::new();
    if fold(&save.name).is_empty() {
        problems.push(InputProblem::new(
            "name",
            "required",
            "表示条件の名前を入力してください。",
        ));
    }
    if save.name.trim().chars().count() > NAME_MAX {
        problems.push(InputProblem::new(
            "name",
            "too_long",
            format!("表示条件の名前は{NAME_MAX}文字以内で入力してください。"),
        ));
    }
    if !is_question(&save.question) {
        problems.push(InputProblem::new(
            "question",
            "shape",
            "この表示条件は保存できません。条件を選び直してから、もう一度保存してください。",
        ));
    }
    problems
}

/// Whether it is `key=value&key=value` of an address, without what is not saved.
fn is_question(text: &str) -> bool {
    let is_part = |part: &str| {
        part.split_once('=').is_some_and(|(key, value)| {
            let is_key = !key.is_empty() && key.len() <= 16 && key.bytes().all(|it| it.is_ascii_alphabetic());
            is_key && !NOT_SAVED.contains(&key) && value.bytes().all(|it| it.is_ascii_graphic())
        })
    };
    text.len() <= QUESTION_MAX && (text.is_empty() || text.split('&').all(is_part))
}

fn name_taken() -> InputProblem {
    InputProblem::new(
        "name",
        "taken",
        "同じ名前の表示条件があります。別の名前にしてください。",
    )
}

fn too_many() -> InputProblem {
    InputProblem::new(
        "name",
        "view_too_many",
        format!("表示条件は{VIEWS_MAX}件まで保存できます。使わないものを削除してください。"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_an_address_without_a_search() {
        for question in [
            "",
            "state=ACTIVE,STOPPED&sort=NUMBER_ASC",
            "city=%E3%81%BF&cols=name,number",
        ] {
            assert!(is_question(question), "{question}");
        }
        for question in [
            "q=x",
            "state",
            "=x",
            "state=ACTIVE&&",
            "state=a b",
            "peek=1",
            "id=01990000-0000-7000-8000-0000000f0001",
            "a1=x",
        ] {
            assert!(!is_question(question), "{question}");
        }
        assert!(!is_question(&format!("state={}", "A".repeat(QUESTION_MAX))));
    }
}
