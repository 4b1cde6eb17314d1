//! An article as its events make it.

use chrono::{DateTime, NaiveDate, Utc};

use super::event::{ArticleEvent, Saved, Words};
use crate::calendar::TimeOfDay;
use crate::ids::ArticleId;
use crate::inquiry::InquiryTag;
use crate::wire::wire_enum;

wire_enum! {
    /// Where an article stands.
    ArticleState {
        /// It is being written; nobody outside has seen it.
        Draft = "draft",
        /// Everybody can read it.
        Published = "published",
        /// Nobody outside can read it any more.
        Retired = "retired",
    }
}

/// Its words in one language, and when they were changed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The words.
    pub words: Words,
    /// When they became so, or were said to be right beside the other language.
    pub revised_at: DateTime<Utc>,
}

/// What everybody reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is about.
    pub category: InquiryTag,
    /// In Japanese.
    pub ja: Text,
    /// In English, where there is one.
    pub en: Option<Text>,
    /// When somebody last said that this is right: it was published, or looked at as it is.
    pub reviewed_on: NaiveDate,
    /// When it became so.
    pub since: DateTime<Utc>,
}

impl Shown {
    /// Whether the English text is older than the Japanese one.
    pub fn is_english_older(&self) -> bool {
        is_older(self.en.as_ref(), &self.ja)
    }
}

/// An article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Which.
    pub id: ArticleId,
    /// Where it stands.
    pub state: ArticleState,
    /// What it is about.
    pub category: InquiryTag,
    /// In Japanese.
    pub ja: Text,
    /// In English, where there is one.
    pub en: Option<Text>,
    /// When somebody last said that it is right: by publishing it, or after looking at it again.
    pub reviewed_on: Option<NaiveDate>,
    /// By when somebody is to look at it again.
    pub review_due_on: Option<NaiveDate>,
    /// What everybody reads; none: nothing.
    pub shown: Option<Shown>,
}

impl Article {
    /// From its events in order, each with when it was recorded; none where nothing was saved.
    pub fn of<'a>(events: impl IntoIterator<Item = (&'a ArticleEvent, DateTime<Utc>)>) -> Option<Self> {
        let mut article = None;
        for (event, at) in events {
            Self::apply(&mut article, event, at);
        }
        article
    }

    /// What one more event makes of it.
    pub fn apply(article: &mut Option<Self>, event: &ArticleEvent, at: DateTime<Utc>) {
        match (article.as_mut(), event) {
            (None, ArticleEvent::Saved(saved)) => *article = Some(Self::begun(saved, at)),
            (Some(article), ArticleEvent::Saved(saved)) => article.saved(saved, at),
            (Some(article), ArticleEvent::Published { .. }) => article.published(at),
            (Some(article), ArticleEvent::Retired { .. }) => {
                article.state = ArticleState::Retired;
                article.shown = None;
            }
            (Some(article), ArticleEvent::Reviewed { review_due_on, .. }) => {
                article.reviewed(*review_due_on, at);
            }
            // Nothing happens to what is not there.
            (None, _) => {}
        }
    }

    fn begun(saved: &Saved, at: DateTime<Utc>) -> Self {
        let text = |words: &Words| Text {
            words: words.clone(),
            revised_at: at,
        };
        Self {
            id: saved.article_id,
            state: ArticleState::Draft,
            category: saved.category,
            ja: text(&saved.ja),
            en: saved.en.as_ref().map(text),
            reviewed_on: None,
            review_due_on: saved.review_due_on,
            shown: None,
        }
    }

    fn saved(&mut self, saved: &Saved, at: DateTime<Utc>) {
        // Whoever saves it again as it is says that the English text is right beside the Japanese one.
        let is_confirmed = self.is_as(saved);
        if self.ja.words != saved.ja {
            self.ja = Text {
                words: saved.ja.clone(),
                revised_at: at,
            };
        }
        let before = self.en.take();
        self.en = saved.en.as_ref().map(|words| match before {
            Some(text) if text.words == *words && !is_confirmed => text,
            _ => Text {
                words: words.clone(),
                revised_at: at,
            },
        });
        self.category = saved.category;
        self.review_due_on = saved.review_due_on;
    }

    fn published(&mut self, at: DateTime<Utc>) {
        let (today, _) = TimeOfDay::of(at);
        self.state = ArticleState::Published;
        self.reviewed_on = Some(today);
        self.shown = Some(Shown {
            category: self.category,
            ja: self.ja.clone(),
            en: self.en.clone(),
            reviewed_on: today,
            since: at,
        });
    }

    fn reviewed(&mut self, review_due_on: NaiveDate, at: DateTime<Utc>) {
        let (today, _) = TimeOfDay::of(at);
        self.reviewed_on = Some(today);
        self.review_due_on = Some(review_due_on);
        // What everybody reads was looked at only where it is the same.
        let is_ahead = self.is_ahead();
        if let Some(shown) = self.shown.as_mut().filter(|_| !is_ahead) {
            shown.reviewed_on = today;
        }
    }

    /// Whether saving this would change nothing.
    pub fn is_as(&self, saved: &Saved) -> bool {
        self.category == saved.category
            && self.ja.words == saved.ja
            && self.en.as_ref().map(|text| &text.words) == saved.en.as_ref()
            && self.review_due_on == saved.review_due_on
    }

    /// Whether the English text is older than the Japanese one: what it says may be wrong.
    pub fn is_english_older(&self) -> bool {
        is_older(self.en.as_ref(), &self.ja)
    }

    /// Whether somebody has to look at it.
    pub fn is_review_due(&self, today: NaiveDate) -> bool {
        self.state != ArticleState::Retired && self.review_due_on.is_some_and(|day| day <= today)
    }

    /// Whether it was changed since everybody can read it.
    pub fn is_ahead(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| {
            shown.category != self.category || shown.ja != self.ja || shown.en != self.en
        })
    }
}

fn is_older(en: Option<&Text>, ja: &Text) -> bool {
    en.is_some_and(|en| en.revised_at < ja.revised_at)
}
