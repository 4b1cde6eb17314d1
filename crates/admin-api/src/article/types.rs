//! An article as the desk shows it.

use app::article::{ArticleDetail as Detail, ShelvedArticle, SuggestedArticle};
use app::{App, CaseEntry};
use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject};
use chrono::NaiveDate;
use domain::article::{ArticleEvent, Text, Words};
use domain::staff::Actor as DomainActor;

use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor};
use crate::inquiry::types::InquiryTag;
use crate::scalars::{Date, DateTime, Position};

mirrored! {
    /// Where an article stands.
    ArticleState = domain::article::ArticleState {
        /// It is being written; nobody outside has seen it.
        Draft,
        /// Everybody can read it.
        Published,
        /// Nobody outside can read it any more.
        Retired,
    }
}

/// What an article says in one language, and since when.
#[derive(SimpleObject)]
pub struct ArticleText {
    /// The question.
    pub title: String,
    /// The answer, plain text.
    pub body: String,
    /// When it was changed last, or said to be right beside the other language.
    pub revised_at: DateTime,
}

impl From<&Text> for ArticleText {
    fn from(text: &Text) -> Self {
        Self {
            title: text.words.title.clone(),
            body: text.words.body.clone(),
            revised_at: DateTime(text.revised_at),
        }
    }
}

/// An article of the frequently asked questions.
#[derive(SimpleObject)]
pub struct Article {
    /// Which.
    pub id: ID,
    /// What a change must name as its `expectedVersion`.
    pub version: Position,
    /// What it is about.
    pub category: InquiryTag,
    /// Where it stands.
    pub state: ArticleState,
    /// In Japanese, as it is now.
    pub ja: ArticleText,
    /// In English, where there is one.
    pub en: Option<ArticleText>,
    /// Whether the English text is older than the Japanese one. Saving the article again as it is says that it is right.
    pub is_english_older: bool,
    /// Whether everybody still reads what it said before: it was changed since it was published.
    pub has_unpublished_changes: bool,
    /// When somebody last said that it is right, by publishing it or after looking at it again.
    pub reviewed_on: Option<Date>,
    /// By when somebody is to look at it again.
    pub review_due_on: Option<Date>,
    /// Whether that day has come.
    pub is_review_due: bool,
    /// Where everybody can read it; null: it is not published, or there is no public address.
    pub public_url: Option<String>,
}

impl Article {
    /// As it is on a day.
    pub fn new(app: &App, today: NaiveDate, found: &ShelvedArticle) -> Self {
        let article = &found.article;
        Self {
            id: ID(article.id.to_string()),
            version: Position(found.version),
            category: article.category.into(),
            state: article.state.into(),
            ja: (&article.ja).into(),
            en: article.en.as_ref().map(ArticleText::from),
            is_english_older: article.is_english_older(),
            has_unpublished_changes: article.is_ahead(),
            reviewed_on: article.reviewed_on.map(Date),
            review_due_on: article.review_due_on.map(Date),
            is_review_due: article.is_review_due(today),
            public_url: app.public_url_of(article),
        }
    }

    /// The same for a request.
    pub fn of(ctx: &Context<'_>, found: &ShelvedArticle) -> Result<Self> {
        let request = request(ctx)?;
        let today = request.operation()?.today();
        Ok(Self::new(request.app(), today, found))
    }
}

/// An article with everything that happened to it.
#[derive(SimpleObject)]
pub struct ArticleDetail {
    /// As it is now.
    pub article: Article,
    /// What happened, the oldest first.
    pub history: Vec<ArticleEntry>,
}

impl ArticleDetail {
    /// For a request.
    pub fn of(ctx: &Context<'_>, found: Detail) -> Result<Self> {
        Ok(Self {
            article: Article::of(ctx, &found.article)?,
            history: found.history.into_iter().map(ArticleEntry::from).collect(),
        })
    }
}

/// What kind of thing happened to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ArticleEntryKind {
    /// It was written, or written anew.
    Saved,
    /// Everybody can read it as it was then.
    Published,
    /// Nobody outside can read it any more.
    Retired,
    /// Somebody looked at it, and it is right.
    Reviewed,
}

/// What an article said in one language.
#[derive(SimpleObject)]
pub struct ArticleWords {
    /// The question.
    pub title: String,
    /// The answer, plain text.
    pub body: String,
}

impl From<Words> for ArticleWords {
    fn from(words: Words) -> Self {
        Self {
            title: words.title,
            body: words.body,
        }
    }
}

/// Something that happened to an article.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ArticleEntry {
    /// Where it stands in the log.
    pub position: Position,
    /// When.
    pub at: DateTime,
    /// What.
    pub kind: ArticleEntryKind,
    /// In Japanese, as it was saved; null: it was not saved by this.
    pub ja: Option<ArticleWords>,
    /// In English, as it was saved.
    pub en: Option<ArticleWords>,
    #[graphql(skip)]
    by: DomainActor,
}

#[ComplexObject]
impl ArticleEntry {
    /// Who did it.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor(ctx, &self.by).await
    }
}

impl From<CaseEntry<ArticleEvent>> for ArticleEntry {
    fn from(entry: CaseEntry<ArticleEvent>) -> Self {
        let (kind, words) = match entry.event {
            ArticleEvent::Saved(saved) => (ArticleEntryKind::Saved, Some((saved.ja, saved.en))),
            ArticleEvent::Published { .. } => (ArticleEntryKind::Published, None),
            ArticleEvent::Retired { .. } => (ArticleEntryKind::Retired, None),
            ArticleEvent::Reviewed { .. } => (ArticleEntryKind::Reviewed, None),
        };
        let (ja, en) = words.map_or((None, None), |(ja, en)| (Some(ja), en));
        Self {
            position: Position(entry.position),
            at: DateTime(entry.at),
            by: entry.by,
            kind,
            ja: ja.map(ArticleWords::from),
            en: en.map(ArticleWords::from),
        }
    }
}

/// An article that may answer an inquiry.
#[derive(SimpleObject)]
pub struct SuggestedAnswer {
    /// Which; everybody can read it.
    pub article: Article,
    /// How like it is, 0 to 100.
    pub likeness: i32,
}

impl SuggestedAnswer {
    /// For a request.
    pub fn of(ctx: &Context<'_>, found: &SuggestedArticle) -> Result<Self> {
        Ok(Self {
            article: Article::of(ctx, &found.article)?,
            likeness: i32::from(found.likeness),
        })
    }
}
