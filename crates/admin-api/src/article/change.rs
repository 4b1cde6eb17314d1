//! An article is published, retired, or looked at again.

use app::CaseChange;
use app::article::ArticleChange;
use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result};
use uuid::Uuid;

use super::save::ArticleResult;
use crate::context::request;
use crate::input::{InvalidInput, read_command_id};
use crate::scalars::{Date, Position};

/// A change of an article, made on what its author saw.
#[derive(InputObject)]
pub struct ChangeArticleInput {
    /// Made by the client, once for each intent; a retry with the same id has the same result.
    pub command_id: ID,
    /// Which article.
    pub id: ID,
    /// The version that its author saw.
    pub expected_version: Position,
    /// What becomes of it.
    pub change: ArticleChangeInput,
}

/// What becomes of an article: exactly one of these.
#[derive(OneofObject)]
pub enum ArticleChangeInput {
    /// Everybody can read it as it is now; always true.
    Publish(bool),
    /// Nobody outside can read it any more; always true.
    Retire(bool),
    /// Somebody looked, and it is right; by when it is looked at the next time.
    Reviewed(Date),
}

/// The mutation.
#[derive(Default)]
pub struct ChangeArticleMutation;

#[Object]
impl ChangeArticleMutation {
    /// Publishes or retires an article, or says that it is right.
    async fn change_article(&self, ctx: &Context<'_>, input: ChangeArticleInput) -> Result<ArticleResult> {
        let request = request(ctx)?;
        let op = request.operation()?;
        let command_id = match read_command_id(&input.command_id) {
            Ok(command_id) => command_id,
            Err(invalid) => return Ok(ArticleResult::Invalid(invalid)),
        };
        let what = match input.change {
            ArticleChangeInput::Publish(true) => ArticleChange::Publish,
            ArticleChangeInput::Retire(true) => ArticleChange::Retire,
            ArticleChangeInput::Reviewed(next) => ArticleChange::Reviewed { next: next.0 },
            ArticleChangeInput::Publish(false) | ArticleChangeInput::Retire(false) => {
                let text = "変更の内容を選び直してください。";
                return Ok(ArticleResult::Invalid(InvalidInput::one("change", "shape", text)));
            }
        };
        let change = CaseChange {
            command_id,
            // What is no id is no article, which is said to whoever may ask.
            id: input.id.parse().unwrap_or(Uuid::nil()),
            expected_version: input.expected_version.0,
        };
        let written = request.app().change_article(op, change, what).await;
        ArticleResult::of(ctx, &input.id, written)
    }
}
