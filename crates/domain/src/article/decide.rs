//! What may happen to an article.

use chrono::NaiveDate;

use super::event::{ArticleEvent, Saved, Words};
use super::state::{Article, ArticleState};
use crate::ids::ArticleId;
use crate::inquiry::InquiryTag;
use crate::problem::{Problem, Refused, read_text};
use crate::text::Lines;

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
        problems.push(in_past("reviewDueOn"));
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
        return Err(
            Problem::nothing_changes("保存済みの内容と同じです。変える内容を入力してください。").into(),
        );
    }
    Ok(ArticleEvent::Saved(saved))
}

/// Everybody can read it as it is now.
pub fn publish(article: &Article) -> Result<ArticleEvent, Refused> {
    if article.state == ArticleState::Published && !article.is_ahead() {
        return Err(Problem::nothing_changes("この内容で公開しています。").into());
    }
    Ok(ArticleEvent::Published {
        article_id: article.id,
    })
}

/// Nobody outside can read it any more.
pub fn retire(article: &Article) -> Result<ArticleEvent, Refused> {
    if article.state == ArticleState::Retired {
        return Err(Problem::nothing_changes("この記事の公開は終わっています。").into());
    }
    Ok(ArticleEvent::Retired {
        article_id: article.id,
    })
}

/// Somebody looked at it and it is right; the next time is on that day.
pub fn review(article: &Article, next: NaiveDate, today: NaiveDate) -> Result<ArticleEvent, Refused> {
    if article.state == ArticleState::Retired {
        let text = "公開を終えた記事です。もう一度公開してから確認してください。";
        return Err(Problem::new("form", "article_retired", text).into());
    }
    if next <= today {
        return Err(in_past("reviewed").into());
    }
    Ok(ArticleEvent::Reviewed {
        article_id: article.id,
        review_due_on: next,
    })
}

fn in_past(field: &'static str) -> Problem {
    Problem::new(field, "in_past", "明日以降の日付を入力してください。")
}
