//! An article is published, retired, or looked at again.

use chrono::NaiveDate;
use domain::article::{ArticleEvent, publish, retire, review};
use domain::staff::Permission;
use domain::{ArticleId, Refused};

use super::save::article_of;
use super::{ShelvedArticle, WriteArticleError};
use crate::case_log::{CaseChange, CaseEntry};
use crate::{App, OpContext};

/// What becomes of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleChange {
    /// Everybody can read it as it is now.
    Publish,
    /// Nobody outside can read it any more.
    Retire,
    /// Somebody looked, and it is right.
    Reviewed {
        /// By when it is looked at the next time.
        next: NaiveDate,
    },
}

impl App {
    /// Makes one change of an article; answers with it as it is then.
    pub async fn change_article(
        &self,
        op: &OpContext,
        change: CaseChange,
        what: ArticleChange,
    ) -> Result<ShelvedArticle, WriteArticleError> {
        let allowed = op.require(Permission::ManageArticles)?;
        let today = op.today();
        let written = self.change_case(allowed, op, change, |history: &[CaseEntry<ArticleEvent>]| {
            // What has events was saved first.
            let article = article_of(history).ok_or_else(|| Refused(Vec::new()))?;
            let event = match what {
                ArticleChange::Publish => publish(&article),
                ArticleChange::Retire => retire(&article),
                ArticleChange::Reviewed { next } => review(&article, next, today),
            };
            event.map(|event| (event, Vec::new()))
        });
        let written = written.await;
        self.article_written(ArticleId::new(change.id), written).await
    }
}
