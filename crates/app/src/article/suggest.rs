//! Which articles may answer what somebody wrote. Nothing leaves this machine for it, and nothing is kept.

use domain::staff::Permission;

use super::{ReadArticlesError, ShelvedArticle};
use crate::{App, OpContext};

/// An article that may answer something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedArticle {
    /// As it is now; everybody can read it.
    pub article: ShelvedArticle,
    /// How like it is, 0 to 100.
    pub likeness: u8,
}

impl App {
    /// The published articles that may answer a text (a subject and what was written), the likeliest first; three at most.
    pub async fn suggest_articles(
        &self,
        op: &OpContext,
        text: &str,
    ) -> Result<Vec<SuggestedArticle>, ReadArticlesError> {
        op.require(Permission::ReadInquiries)?;
        let articles = self.shelved_articles().await?;
        // What is quoted is ours.
        let own: Vec<&str> = text.lines().filter(|line| !line.starts_with('>')).collect();
        let found = articles.likeness().most_like(&own.join("\n"));
        let named = found.into_iter().filter_map(|it| {
            Some(SuggestedArticle {
                article: articles.all().get(&it.id)?.clone(),
                likeness: it.likeness,
            })
        });
        Ok(named.collect())
    }
}
