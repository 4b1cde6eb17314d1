//! What can be asked about articles.

use app::article::{ARTICLE_PAGE_MAX, ArticlePlace, ListArticles, ReadArticlesError};
use async_graphql::{Context, Error, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::ArticleId;
use domain::inquiry::InquiryTag as Topic;
use event_store::Position;

use super::types::{Article, ArticleDetail, ArticleState, SuggestedAnswer};
use crate::context::request;
use crate::declaration::list::PageInfo;
use crate::fault;
use crate::input::InvalidInput;
use crate::inquiry::types::InquiryTag;

/// Which articles; what is null narrows nothing.
#[derive(InputObject, Default)]
pub struct ArticleFilter {
    /// With these words in a title or a text.
    pub search: Option<String>,
    /// About this.
    pub category: Option<InquiryTag>,
    /// Which stand so.
    pub state: Option<ArticleState>,
    /// Which somebody has to look at again, or which nobody has to.
    pub review_due: Option<bool>,
}

/// The outcome of asking for articles.
#[derive(Union)]
pub enum ArticlesResult {
    /// A page.
    Page(ArticleConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of articles.
#[derive(SimpleObject)]
pub struct ArticleConnection {
    /// By what they are about, and then in the order in which they were written.
    pub nodes: Vec<Article>,
    /// Whether there is more.
    pub page_info: PageInfo,
}

/// Queries about articles.
#[derive(Default)]
pub struct ArticleQuery;

#[Object]
impl ArticleQuery {
    /// Articles of the frequently asked questions; `first` is 1 to 100.
    #[graphql(complexity = "(first.max(0) as usize).min(100) * child_complexity / 4 + 50")]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        filter: Option<ArticleFilter>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Result<ArticlesResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let first = u32::try_from(first).unwrap_or(0);
        if !(1..=ARTICLE_PAGE_MAX).contains(&first) {
            return Ok(ArticlesResult::Invalid(InvalidInput::page_size(ARTICLE_PAGE_MAX)));
        }
        let after = match after.as_deref().map(read_cursor) {
            None => None,
            Some(Some(after)) => Some(after),
            Some(None) => return Ok(ArticlesResult::Invalid(InvalidInput::cursor())),
        };
        let filter = filter.unwrap_or_default();
        let asked = ListArticles {
            search: filter.search,
            category: filter.category.map(Into::into),
            state: filter.state.map(Into::into),
            review_due: filter.review_due,
            after,
            first,
        };
        let page = match request.app().articles(op, &asked).await {
            Ok(page) => page,
            Err(ReadArticlesError::Invalid(problem)) => {
                return Ok(ArticlesResult::Invalid(vec![problem].into()));
            }
            Err(error) => return Err(refusal(ctx, error)),
        };
        let last = page.articles.last().filter(|_| page.has_more);
        Ok(ArticlesResult::Page(ArticleConnection {
            page_info: PageInfo {
                has_next_page: page.has_more,
                end_cursor: last.map(|it| cursor((it.article.category, it.begun))),
            },
            nodes: page
                .articles
                .iter()
                .map(|found| Article::new(request.app(), op.today(), found))
                .collect(),
        }))
    }

    /// Published articles that may answer a text, the likeliest first; 3 at most. Nothing of the text is kept.
    #[graphql(complexity = "50 + 3 * child_complexity")]
    async fn suggested_answers(&self, ctx: &Context<'_>, text: String) -> Result<Vec<SuggestedAnswer>> {
        suggested(ctx, &text).await
    }

    /// One article with its history; null when there is no such.
    #[graphql(complexity = "50 + 5 * child_complexity")]
    async fn article(&self, ctx: &Context<'_>, id: ID) -> Result<Option<ArticleDetail>> {
        let request = request(ctx)?;
        let op = request.operation()?;
        // What is no id is asked for like an article that is not there, so that the right is asked for first.
        let id = id.parse().unwrap_or(ArticleId::new(uuid::Uuid::nil()));
        let found = request.app().article(op, id).await;
        let found = found.map_err(|error| refusal(ctx, error))?;
        found.map(|detail| ArticleDetail::of(ctx, detail)).transpose()
    }
}

/// The published articles that may answer a subject and a text.
pub async fn suggested(ctx: &Context<'_>, text: &str) -> Result<Vec<SuggestedAnswer>> {
    let request = request(ctx)?;
    let op = request.operation()?;
    let found = request.app().suggest_articles(op, text).await;
    let found = found.map_err(|error| refusal(ctx, error))?;
    found.iter().map(|it| SuggestedAnswer::of(ctx, it)).collect()
}

/// A refusal as an error of GraphQL.
pub fn refusal(ctx: &Context<'_>, error: ReadArticlesError) -> Error {
    match (error, request(ctx)) {
        (ReadArticlesError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadArticlesError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (error @ ReadArticlesError::Invalid(_), Ok(request)) => fault::internal(request.request_id(), &error),
        (_, Err(error)) => error,
    }
}

fn cursor((category, begun): ArticlePlace) -> String {
    format!("{}.{begun}", category.code())
}

fn read_cursor(text: &str) -> Option<ArticlePlace> {
    let (category, begun) = text.split_once('.')?;
    Some((Topic::from_code(category)?, Position::new(begun.parse().ok()?)))
}
