//! What may happen to an article.

use chrono::NaiveDate;

use super::event::{ArticleEvent, Saved, Words};
use super::state::{Article, ArticleState};
use crate::guarded;
use crate::ids::ArticleId;
use crate::inquiry::InquiryTag;
use crate::text::{self, Lines};
use crate::value::plain;

/// Characters of a title.
pub const TITLE_MAX: usize = 120;
/// Characters of a body.
pub const BODY_MAX: usize = 20_000;

/// An article as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is about.
    pub category: InquiryTag,
    /// In Japanese.
    pub ja: Words,
    /// In English, where there is one.
    pub en: Option<Words>,
    /// By when somebody is to look at it again.
    pub review_due_on: Option<NaiveDate>,
}

/// Something that a person has to do differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleProblem {
    /// The field, as the interface calls it.
    pub field: &'static str,
    /// Stable, `snake_case`.
    pub code: &'static str,
    /// One Japanese sentence that says what to do.
    pub message: String,
}

impl ArticleProblem {
    fn new(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            code,
            message: message.into(),
        }
    }

    fn nothing_changes(message: &'static str) -> Self {
        Self::new("form", "nothing_changes", message)
    }

    fn in_past(field: &'static str) -> Self {
        Self::new(field, "in_past", "明日以降の日付を入力してください。")
    }
}

/// Nothing happens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the article has {} problems", .0.len())]
pub struct Refused(pub Vec<ArticleProblem>);

impl From<ArticleProblem> for Refused {
    fn from(problem: ArticleProblem) -> Self {
        Self(vec![problem])
    }
}

/// An article is written, or written anew. Saving it as it is changes nothing, unless its English text is older than the Japanese one: it is
/// right beside it from then on.
pub fn save(
    current: Option<&Article>,
    id: ArticleId,
    draft: &Draft,
    today: NaiveDate,
) -> Result<ArticleEvent, Refused> {
    let mut problems = Vec::new();
    let mut read = |[title, body]: [&'static str; 2], words: &Words| Words {
        title: read_text(&mut problems, title, &words.title, (TITLE_MAX, Lines::One)),
        body: read_text(&mut problems, body, &words.body, (BODY_MAX, Lines::Many)),
    };
    let ja = read(["ja.title", "ja.body"], &draft.ja);
    let en = draft.en.as_ref().map(|en| read(["en.title", "en.body"], en));
    let is_new_day = current.and_then(|article| article.review_due_on) != draft.review_due_on;
    if is_new_day && draft.review_due_on.is_some_and(|day| day <= today) {
        problems.push(ArticleProblem::in_past("reviewDueOn"));
    }
    if !problems.is_empty() {
        return Err(Refused(problems));
    }
    let saved = Saved {
        article_id: id,
        category: draft.category,
        ja,
        en,
        review_due_on: draft.review_due_on,
    };
    let is_known = current.is_some_and(|article| article.is_as(&saved) && !article.is_english_older());
    if is_known {
        return Err(ArticleProblem::nothing_changes(
            "保存済みの内容と同じです。変える内容を入力してください。",
        )
        .into());
    }
    Ok(ArticleEvent::Saved(saved))
}

/// Everybody can read it as it is now.
pub fn publish(article: &Article) -> Result<ArticleEvent, Refused> {
    if article.state == ArticleState::Published && !article.is_ahead() {
        return Err(ArticleProblem::nothing_changes("この内容で公開しています。").into());
    }
    Ok(ArticleEvent::Published {
        article_id: article.id,
    })
}

/// Nobody outside can read it any more.
pub fn retire(article: &Article) -> Result<ArticleEvent, Refused> {
    if article.state == ArticleState::Retired {
        return Err(ArticleProblem::nothing_changes("この記事の公開は終わっています。").into());
    }
    Ok(ArticleEvent::Retired {
        article_id: article.id,
    })
}

/// Somebody looked at it and it is right; the next time is on that day.
pub fn review(article: &Article, next: NaiveDate, today: NaiveDate) -> Result<ArticleEvent, Refused> {
    if article.state == ArticleState::Retired {
        let text = "公開を終えた記事です。もう一度公開してから確認してください。";
        return Err(ArticleProblem::new("form", "article_retired", text).into());
    }
    if next <= today {
        return Err(ArticleProblem::in_past("reviewed").into());
    }
    Ok(ArticleEvent::Reviewed {
        article_id: article.id,
        review_due_on: next,
    })
}

/// A text as it is kept: without blanks around it, its lines ended alike.
fn read_text(
    problems: &mut Vec<ArticleProblem>,
    field: &'static str,
    typed: &str,
    (max, lines): (usize, Lines),
) -> String {
    let text = plain::trim(typed).replace("\r\n", "\n").replace('\r', "\n");
    if let Err(problem) = text::check(&text, max, lines) {
        problems.push(ArticleProblem::new(field, problem.code(), problem.japanese()));
    } else if let Some(word) = guarded::said_of_a_declaration(&text) {
        problems.push(ArticleProblem::new(
            field,
            "guarded_word",
            format!("宣言について「{word}」という言葉は使えません。「宣言」「登録」「使用」などに言い換えてください。"),
        ));
    }
    text
}
