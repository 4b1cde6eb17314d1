//! Articles of the frequently asked questions: reading, writing, publishing them, and which one may answer an inquiry.
//!
//! There are hundreds at most, so there is no table of them: each process folds their events in memory and goes on from where it was
//! (`shelf`). That is right after a restart and a rebuild, as there is nothing that could differ from the log.
//!
//! **What it must never do.** Show anybody outside what was not published.

mod change;
mod public;
mod read;
mod save;
mod shelf;
mod suggest;

use domain::Refused;
use domain::article::ArticleEvent;

use crate::case_log::{CaseError, case_event};
use crate::{Forbidden, InputProblem, Internal};

pub use change::ArticleChange;
pub use public::PublicArticle;
pub use read::{ARTICLE_PAGE_MAX, ArticleDetail, ArticlePage, ArticlePlace, ListArticles, ReadArticlesError};
pub use save::SaveArticle;
pub(crate) use shelf::Shelf;
pub use shelf::ShelvedArticle;
pub use suggest::SuggestedArticle;

case_event!(ArticleEvent, domain::article, TAG_ARTICLE);

/// Why an article was not written. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteArticleError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such article.
    #[error("there is no such article")]
    NotFound,
    /// Somebody was faster; how it stands now.
    #[error("the article was changed since it was read")]
    Stale(Box<ShelvedArticle>),
    /// What was typed has problems, or the article does not stand where that could be done.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<Refused> for WriteArticleError {
    fn from(Refused(problems): Refused) -> Self {
        Self::Invalid(problems.into_iter().map(InputProblem::from).collect())
    }
}

/// Why no change was written, before it is said how the article stands instead.
type NotWritten = CaseError<Refused>;
