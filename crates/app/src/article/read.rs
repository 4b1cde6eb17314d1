//! Reading articles: some of them, found by their words, and one with everything that happened to it.

use domain::ArticleId;
use domain::article::{ArticleEvent, ArticleState};
use domain::inquiry::InquiryTag;
use domain::staff::Permission;
use event_store::Position;
use storage::inquiry::{SEARCH_LENGTH_MAX, SEARCH_TERMS_MAX, Search, SearchError};

use super::ShelvedArticle;
use crate::case_log::CaseEntry;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// The most articles of a page.
pub const ARTICLE_PAGE_MAX: u32 = 100;

/// Where an article stands in the list: by what it is about, and then in the order in which they were written.
pub type ArticlePlace = (InquiryTag, Position);

/// Which articles; what is none narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct ListArticles {
    /// With each of these words in it somewhere.
    pub search: Option<String>,
    /// About this.
    pub category: Option<InquiryTag>,
    /// Which stand so.
    pub state: Option<ArticleState>,
    /// Which somebody has to look at, or those that nobody has to.
    pub review_due: Option<bool>,
    /// After this one.
    pub after: Option<ArticlePlace>,
    /// So many at most.
    pub first: u32,
}

/// Some articles.
#[derive(Debug, Clone)]
pub struct ArticlePage {
    /// In the order of the list.
    pub articles: Vec<ShelvedArticle>,
    /// Whether there are more.
    pub has_more: bool,
}

/// An article with everything that happened to it.
#[derive(Debug, Clone)]
pub struct ArticleDetail {
    /// As it is now.
    pub article: ShelvedArticle,
    /// What happened, in order.
    pub history: Vec<CaseEntry<ArticleEvent>>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadArticlesError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was asked cannot be answered.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<SearchError> for ReadArticlesError {
    fn from(error: SearchError) -> Self {
        let (code, text) = match error {
            SearchError::TooLong => (
                "too_long",
                format!("検索する言葉は{SEARCH_LENGTH_MAX}文字以内で入力してください。"),
            ),
            SearchError::TooManyTerms => (
                "too_many",
                format!("検索する言葉は{SEARCH_TERMS_MAX}個までです。"),
            ),
        };
        Self::Invalid(InputProblem::new("search", code, text))
    }
}

impl App {
    /// Some articles.
    pub async fn articles(
        &self,
        op: &OpContext,
        asked: &ListArticles,
    ) -> Result<ArticlePage, ReadArticlesError> {
        op.require(Permission::ReadInquiries)?;
        if !(1..=ARTICLE_PAGE_MAX).contains(&asked.first) {
            let text = format!("1ページの件数は1から{ARTICLE_PAGE_MAX}で指定してください。");
            return Err(ReadArticlesError::Invalid(InputProblem::new(
                "first",
                "page_size",
                text,
            )));
        }
        let search = match &asked.search {
            Some(text) => Search::parse(text)?,
            None => None,
        };
        let terms = search.as_ref().map_or(&[][..], Search::terms);
        let today = op.today();
        let articles = self.shelved_articles().await?;
        let is_wanted = |it: &&ShelvedArticle| {
            let article = &it.article;
            asked.category.is_none_or(|category| article.category == category)
                && asked.state.is_none_or(|state| article.state == state)
                && asked
                    .review_due
                    .is_none_or(|due| article.is_review_due(today) == due)
                && it.has(terms)
        };
        let mut found: Vec<&ShelvedArticle> = articles.all().values().filter(is_wanted).collect();
        found.sort_by_key(|it| place(it));
        if let Some(after) = asked.after {
            found.retain(|it| place(it) > after);
        }
        let first = asked.first as usize;
        Ok(ArticlePage {
            has_more: found.len() > first,
            articles: found.into_iter().take(first).cloned().collect(),
        })
    }

    /// One article with its history; none: there is no such.
    pub async fn article(
        &self,
        op: &OpContext,
        id: ArticleId,
    ) -> Result<Option<ArticleDetail>, ReadArticlesError> {
        op.require(Permission::ReadInquiries)?;
        let Some(article) = self.shelved_article(id).await? else {
            return Ok(None);
        };
        Ok(Some(ArticleDetail {
            article,
            history: self.case_history(id.uuid()).await?,
        }))
    }
}

const fn place(it: &ShelvedArticle) -> ArticlePlace {
    (it.article.category, it.begun)
}
