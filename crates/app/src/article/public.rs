//! What everybody can read.

use domain::ArticleId;
use domain::article::{Shown, Text};

use crate::{App, Internal};

/// An article as everybody reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicArticle {
    /// Which.
    pub id: ArticleId,
    /// What it says.
    pub shown: Shown,
}

impl PublicArticle {
    /// Its English words, if it has any.
    pub const fn english(&self) -> Option<&Text> {
        self.shown.en.as_ref()
    }
}

impl App {
    /// The published articles, by what they are about and then in the order in which they were written. Asks nobody for a right: what
    /// is here was published.
    pub async fn public_articles(&self) -> Result<Vec<PublicArticle>, Internal> {
        let articles = self.shelved_articles().await?;
        let shown = articles.all().values().filter_map(|it| {
            Some(PublicArticle {
                id: it.article.id,
                shown: it.article.shown.clone()?,
            })
        });
        let mut shown: Vec<PublicArticle> = shown.collect();
        shown.sort_by_key(|it| (it.shown.category, it.id));
        Ok(shown)
    }

    /// One published article; none: there is no such, or it is not published.
    pub async fn public_article(&self, id: ArticleId) -> Result<Option<PublicArticle>, Internal> {
        let article = self.shelved_article(id).await?;
        Ok(article.and_then(|it| {
            Some(PublicArticle {
                id,
                shown: it.article.shown?,
            })
        }))
    }
}
