//! All articles, as this process has read them so far.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::ArticleId;
use domain::article::{Article, ArticleEvent, Likeness, Words};
use domain::fold::fold;
use event_store::{Position, Query, QueryItem};

use crate::case_log::CaseEvent;
use crate::{App, Internal};

/// Between two texts of a key; no fold yields it.
const SEPARATOR: char = '\n';

/// An article with what its next change must name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelvedArticle {
    /// As it is now.
    pub article: Article,
    /// The position of its first event.
    pub begun: Position,
    /// The position of its newest event.
    pub version: Position,
    /// When that was recorded.
    pub changed_at: DateTime<Utc>,
    /// All its words, folded.
    key: String,
}

impl ShelvedArticle {
    /// Whether each of these folded words stands in it somewhere.
    pub(super) fn has(&self, terms: &[String]) -> bool {
        terms.iter().all(|term| self.key.contains(term.as_str()))
    }
}

/// What was read, up to where.
#[derive(Debug, Default)]
pub(super) struct Articles {
    up_to: Position,
    all: BTreeMap<ArticleId, ShelvedArticle>,
    /// Over what everybody can read.
    likeness: Likeness,
}

impl Articles {
    /// All articles by their ids.
    pub(super) const fn all(&self) -> &BTreeMap<ArticleId, ShelvedArticle> {
        &self.all
    }

    /// What says which published article is like a text.
    pub(super) const fn likeness(&self) -> &Likeness {
        &self.likeness
    }
}

/// Where the articles stand in memory.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Arc<Articles>>);

impl Shelf {
    fn take(&self) -> Arc<Articles> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps what was read, unless somebody else has read on meanwhile.
    fn put(&self, read: &Arc<Articles>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.up_to < read.up_to {
            *kept = Arc::clone(read);
        }
    }
}

impl App {
    /// All articles as of the head of the log.
    pub(super) async fn shelved_articles(&self) -> Result<Arc<Articles>, Internal> {
        let kept = self.articles.take();
        // Asked first: what is read then is all up to there.
        let head = self.store.head().await.map_err(Internal::new)?;
        if head <= kept.up_to {
            return Ok(kept);
        }
        let query = Query {
            items: vec![QueryItem {
                types: ArticleEvent::TYPES.map(str::to_owned).to_vec(),
                tags: Vec::new(),
            }],
        };
        let mut up_to = head;
        let mut news = Vec::new();
        let events = self.store.read(&query, kept.up_to, u32::MAX).await;
        for event in events.map_err(Internal::new)? {
            up_to = up_to.max(event.position);
            let said: ArticleEvent = CaseEvent::decode(&event.event_type, event.schema_version, &event.data)?;
            news.push((said, event.position, event.recorded_at));
        }
        let read = Arc::new(read_on(&kept, up_to, &news));
        self.articles.put(&read);
        Ok(read)
    }

    /// One article as it is now; none: there is no such.
    pub(super) async fn shelved_article(&self, id: ArticleId) -> Result<Option<ShelvedArticle>, Internal> {
        Ok(self.shelved_articles().await?.all.get(&id).cloned())
    }
}

fn read_on(kept: &Articles, up_to: Position, news: &[(ArticleEvent, Position, DateTime<Utc>)]) -> Articles {
    let mut all = kept.all.clone();
    for (event, position, at) in news {
        let before = all.remove(&event.article_id());
        let begun = before.as_ref().map_or(*position, |it| it.begun);
        let mut article = before.map(|it| it.article);
        Article::apply(&mut article, event, *at);
        if let Some(article) = article {
            let shelved = ShelvedArticle {
                key: key(&article),
                article,
                begun,
                version: *position,
                changed_at: *at,
            };
            all.insert(event.article_id(), shelved);
        }
    }
    let likeness = if news.is_empty() {
        kept.likeness.clone()
    } else {
        likeness(&all)
    };
    Articles { up_to, all, likeness }
}

fn key(article: &Article) -> String {
    let texts = [Some(&article.ja), article.en.as_ref()];
    let texts = texts
        .into_iter()
        .flatten()
        .flat_map(|text| [&text.words.title, &text.words.body]);
    let mut key = String::new();
    for text in texts {
        key.push_str(&fold(text));
        key.push(SEPARATOR);
    }
    key
}

fn likeness(all: &BTreeMap<ArticleId, ShelvedArticle>) -> Likeness {
    let shown = all.values().filter_map(|it| {
        let shown = it.article.shown.as_ref()?;
        let words = [Some(&shown.ja), shown.en.as_ref()];
        let words: Vec<&Words> = words.into_iter().flatten().map(|text| &text.words).collect();
        Some((it.article.id, shown.category, words))
    });
    Likeness::of(shown)
}
