//! An article is written, or written anew.

use app::article::{SaveArticle, ShelvedArticle, WriteArticleError};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Union};
use domain::ArticleId;
use domain::article::{Draft, Words};

use super::types::Article;
use crate::context::request;
use crate::declaration::detail::NotFound;
use crate::fault;
use crate::input::{InvalidInput, read_command_id};
use crate::inquiry::types::InquiryTag;
use crate::scalars::{Date, Position};

/// An article as it was typed: all of it.
#[derive(InputObject)]
pub struct SaveArticleInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which article; null: a new one.
    pub id: Option<ID>,
    /// The version that its author saw; null with a new one.
    pub expected_version: Option<Position>,
    /// What it is about.
    pub category: InquiryTag,
    /// In Japanese.
    pub ja: ArticleWordsInput,
    /// In English, where there is one.
    pub en: Option<ArticleWordsInput>,
    /// By when somebody is to look at it again.
    pub review_due_on: Option<Date>,
}

/// What an article says in one language.
#[derive(InputObject)]
pub struct ArticleWordsInput {
    /// 1 to 120 characters.
    pub title: String,
    /// 1 to 20,000 characters.
    pub body: String,
}

impl From<ArticleWordsInput> for Words {
    fn from(input: ArticleWordsInput) -> Self {
        Self {
            title: input.title,
            body: input.body,
        }
    }
}

/// The outcome of writing an article.
#[derive(Union)]
pub enum ArticleResult {
    /// It is written.
    Saved(Box<ArticleSaved>),
    /// Somebody was faster.
    Conflict(Box<ArticleConflict>),
    /// What was typed has problems, or the article does not stand where that could be done.
    Invalid(InvalidInput),
    /// There is no such article.
    NotFound(NotFound),
}

/// The article is written.
#[derive(SimpleObject)]
pub struct ArticleSaved {
    /// As it is now.
    pub article: Article,
}

/// Somebody was faster. Nothing was written.
#[derive(SimpleObject)]
pub struct ArticleConflict {
    /// For people.
    pub message: String,
    /// As it is now.
    pub current: Article,
}

impl ArticleResult {
    /// What a use case answered, told apart into outcomes and faults.
    pub fn of(
        ctx: &Context<'_>,
        id: &ID,
        written: std::result::Result<ShelvedArticle, WriteArticleError>,
    ) -> Result<Self> {
        match written {
            Ok(found) => Ok(Self::Saved(Box::new(ArticleSaved {
                article: Article::of(ctx, &found)?,
            }))),
            Err(WriteArticleError::Stale(found)) => Ok(Self::Conflict(Box::new(ArticleConflict {
                message:
                    "ほかの職員がこの記事を変更しました。今の内容を確かめてから、もう一度保存してください。"
                        .to_owned(),
                current: Article::of(ctx, &found)?,
            }))),
            Err(WriteArticleError::Invalid(problems)) => Ok(Self::Invalid(problems.into())),
            Err(WriteArticleError::NotFound) => Ok(Self::not_found(id)),
            Err(WriteArticleError::Forbidden(refused)) => Err(fault::forbidden(refused)),
            Err(WriteArticleError::Internal(error)) => {
                Err(fault::internal(request(ctx)?.request_id(), &error))
            }
        }
    }

    /// There is no such article.
    pub fn not_found(id: &ID) -> Self {
        Self::NotFound(NotFound { id: id.clone() })
    }
}

/// The mutation.
#[derive(Default)]
pub struct SaveArticleMutation;

#[Object]
impl SaveArticleMutation {
    /// Writes an article, or writes it anew; what everybody reads stays as it is until it is published again.
    async fn save_article(&self, ctx: &Context<'_>, input: SaveArticleInput) -> Result<ArticleResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ArticleResult::Invalid(invalid)),
        };
        let change_of = match (&input.id, input.expected_version) {
            (None, _) => None,
            // What is no id is no article, which is said to whoever may ask.
            (Some(id), version) => Some((
                id.parse().unwrap_or(ArticleId::new(uuid::Uuid::nil())),
                version.map_or(event_store::Position::START, |version| version.0),
            )),
        };
        let command = SaveArticle {
            command_id,
            change_of,
            draft: Draft {
                category: input.category.into(),
                ja: input.ja.into(),
                en: input.en.map(Words::from),
                review_due_on: input.review_due_on.map(|day| day.0),
            },
        };
        let written = request.app().save_article(op, command).await;
        let id = input.id.unwrap_or_else(|| ID(String::new()));
        ArticleResult::of(ctx, &id, written)
    }
}
