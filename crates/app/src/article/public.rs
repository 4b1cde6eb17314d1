//! What everybody can read.

use domain::ArticleId;
use domain::article::{Article, Shown, Text};

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
            let article = PublicArticle {
                id: it.article.id,
                shown: it.article.shown.clone()?,
            };
            Some((it.begun, article))
        });
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by_key(|(begun, it)| (it.shown.category, *begun));
        Ok(shown.into_iter().map(|it| it.1).collect())
    }

    /// Where everybody can read an article; none: it is not published, or the office has said no address of its public side.
    pub fn public_url_of(&self, article: &Article) -> Option<String> {
        let site = self.public_site.as_deref()?;
        article.shown.as_ref()?;
        Some(format!("{site}/faq/{}", article.id))
    }

    /// The same office whose public side everybody reaches at this address, which ends without a stroke.
    #[must_use]
    pub fn with_public_site(mut self, site: Option<String>) -> Self {
        self.public_site = site;
        self
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
