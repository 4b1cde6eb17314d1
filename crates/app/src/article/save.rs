//! An article is written, or written anew.

use domain::ArticleId;
use domain::article::{Article, ArticleEvent, Draft, save};
use domain::staff::Permission;
use event_store::Position;
use uuid::Uuid;

use super::{NotWritten, ShelvedArticle, WriteArticleError};
use crate::case_log::{CaseChange, CaseEntry, CaseError};
use crate::random::derived_id;
use crate::{App, InputProblem, Internal, OpContext};

/// An article as it was typed.
#[derive(Debug, Clone)]
pub struct SaveArticle {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which one, and the version that its author saw; none: a new one.
    pub change_of: Option<(ArticleId, Position)>,
    /// What was typed.
    pub draft: Draft,
}

impl App {
    /// Saves an article; answers with it as it is then. What everybody reads stays as it is.
    pub async fn save_article(
        &self,
        op: &OpContext,
        command: SaveArticle,
    ) -> Result<ShelvedArticle, WriteArticleError> {
        let allowed = op.require(Permission::ManageInquiries)?;
        let command_id = command.command_id;
        let today = op.today();
        let (id, written) = match command.change_of {
            None => {
                // The same in every retry, which then finds what its first try made.
                let id = ArticleId::new(derived_id(command_id, "article"));
                let event = save(None, id, &command.draft, today)?;
                let first = (command_id, id.uuid());
                let opened: Result<Position, NotWritten> =
                    self.open_case(allowed, op, first, &event, Vec::new()).await;
                (id, opened)
            }
            Some((id, expected_version)) => {
                let change = CaseChange {
                    command_id,
                    id: id.uuid(),
                    expected_version,
                };
                let changed = self.change_case(allowed, op, change, |history| {
                    let current = article_of(history);
                    save(current.as_ref(), id, &command.draft, today).map(|event| (event, Vec::new()))
                });
                (id, changed.await)
            }
        };
        self.article_written(id, written).await
    }

    /// How an article stands after somebody wanted to write it.
    pub(super) async fn article_written(
        &self,
        id: ArticleId,
        written: Result<Position, NotWritten>,
    ) -> Result<ShelvedArticle, WriteArticleError> {
        let now = self.shelved_article(id).await?;
        match written {
            Ok(_) => now.ok_or_else(|| Internal::new(Lost).into()),
            Err(CaseError::NotFound) => Err(WriteArticleError::NotFound),
            Err(CaseError::Stale) => Err(now.map_or(WriteArticleError::NotFound, |now| {
                WriteArticleError::Stale(Box::new(now))
            })),
            Err(CaseError::CommandReused) => {
                Err(WriteArticleError::Invalid(vec![InputProblem::command_reused()]))
            }
            Err(CaseError::Refused(refused)) => Err(refused.into()),
            Err(CaseError::Internal(error)) => Err(error.into()),
        }
    }
}

/// The article that its events leave.
pub(super) fn article_of(history: &[CaseEntry<ArticleEvent>]) -> Option<Article> {
    Article::of(history.iter().map(|entry| (&entry.event, entry.at)))
}

/// It was written a moment ago.
#[derive(Debug, thiserror::Error)]
#[error("the article that was written is not in the log")]
struct Lost;
