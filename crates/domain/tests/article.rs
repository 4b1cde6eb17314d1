//! Decisions about articles: given what happened, when somebody wants something, then this happens or that is said.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ArticleId;
use domain::Refused;
use domain::article::{
    Article, ArticleEvent, ArticleState, Draft, Saved, TITLE_MAX, Words, publish, retire, review, save,
};
use domain::inquiry::InquiryTag;
use uuid::Uuid;

fn id() -> ArticleId {
    ArticleId::new(Uuid::from_u128(1))
}

fn at(day: u32) -> DateTime<Utc> {
    format!("2026-12-{day:02}T12:00:00+09:00")
        .parse()
        .expect("an instant")
}

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).expect("a day")
}

fn words(title: &str) -> Words {
    Words {
        title: title.to_owned(),
        body: "答えです。".to_owned(),
    }
}

fn draft(ja: &str, en: Option<&str>) -> Draft {
    Draft {
        category: InquiryTag::Logo,
        ja: words(ja),
        en: en.map(words),
        review_due_on: None,
    }
}

/// What happened, one event a day from the first on.
struct Given(Vec<ArticleEvent>);

impl Given {
    fn nothing() -> Self {
        Self(Vec::new())
    }

    fn today(&self) -> NaiveDate {
        date(self.day())
    }

    fn day(&self) -> u32 {
        u32::try_from(self.0.len()).expect("few") + 1
    }

    fn article(&self) -> Option<Article> {
        let events = self.0.iter().zip(1..);
        Article::of(events.map(|(event, day)| (event, at(day))))
    }

    fn there(&self) -> Article {
        self.article().expect("it is there")
    }

    fn saved(mut self, ja: &str, en: Option<&str>) -> Self {
        let event = save(self.article().as_ref(), id(), &draft(ja, en), self.today()).expect("it is saved");
        self.0.push(event);
        self
    }

    fn published(mut self) -> Self {
        self.0.push(publish(&self.there()).expect("it is published"));
        self
    }

    fn retired(mut self) -> Self {
        self.0.push(retire(&self.there()).expect("it is retired"));
        self
    }

    fn reviewed(mut self, next: u32) -> Self {
        let event = review(&self.there(), date(next), self.today());
        self.0.push(event.expect("it is reviewed"));
        self
    }
}

fn said(refused: Result<ArticleEvent, Refused>) -> Vec<(&'static str, &'static str)> {
    let problems = refused.expect_err("it is refused").0;
    for problem in &problems {
        assert!(problem.message.ends_with('。'), "{problem:?}");
    }
    problems.into_iter().map(|it| (it.field, it.code)).collect()
}

#[test]
fn what_is_typed_is_kept_without_blanks_around_it() {
    let mut typed = draft("　題 ", Some("Title"));
    typed.ja.body = "一行目\r\n二行目\r三行目\n".to_owned();
    let event = save(None, id(), &typed, date(1)).expect("it is saved");
    let ArticleEvent::Saved(Saved { ja, en, .. }) = event else {
        panic!("another event")
    };
    assert_eq!(ja.title, "題");
    assert_eq!(ja.body, "一行目\n二行目\n三行目");
    assert_eq!(en, Some(words("Title")));
}

#[test]
fn each_problem_is_said_at_its_field() {
    let typed = Draft {
        category: InquiryTag::Star,
        ja: Words {
            title: "一つ星を取得する方法".to_owned(),
            body: " ".to_owned(),
        },
        en: Some(Words {
            title: "a".repeat(TITLE_MAX + 1),
            body: "b\u{202E}c".to_owned(),
        }),
        review_due_on: Some(date(1)),
    };
    assert_eq!(
        said(save(None, id(), &typed, date(1))),
        [
            ("ja.title", "guarded_word"),
            ("ja.body", "empty"),
            ("en.title", "too_long"),
            ("en.body", "direction_character"),
            ("reviewDueOn", "in_past"),
        ]
    );
}

#[test]
fn saving_what_is_there_changes_nothing() {
    let given = Given::nothing().saved("題", Some("Title"));
    let again = save(
        Some(&given.there()),
        id(),
        &draft("題", Some("Title")),
        given.today(),
    );
    assert_eq!(said(again), [("form", "nothing_changes")]);
}

#[test]
fn an_english_text_is_older_until_it_is_changed_or_saved_again() {
    let older = Given::nothing()
        .saved("題", Some("Title"))
        .saved("新しい題", Some("Title"));
    assert!(older.there().is_english_older());
    let changed = older.saved("新しい題", Some("New title"));
    assert!(!changed.there().is_english_older());
    let again = Given::nothing()
        .saved("題", Some("Title"))
        .saved("新しい題", Some("Title"))
        .saved("新しい題", Some("Title"));
    assert!(!again.there().is_english_older());
    let both = Given::nothing()
        .saved("題", Some("Title"))
        .saved("新しい題", Some("New title"));
    assert!(!both.there().is_english_older());
    let without = Given::nothing()
        .saved("題", Some("Title"))
        .saved("新しい題", None);
    assert!(!without.there().is_english_older());
}

#[test]
fn everybody_reads_what_was_published_until_it_is_published_again() {
    let given = Given::nothing().saved("題", None);
    assert_eq!(given.there().state, ArticleState::Draft);
    assert_eq!(given.there().shown, None);
    let given = given.published().saved("直した題", None);
    let article = given.there();
    assert_eq!(article.state, ArticleState::Published);
    assert!(article.is_ahead());
    let shown = article.shown.expect("it is shown");
    assert_eq!(shown.ja.words.title, "題");
    assert_eq!(shown.reviewed_on, date(2));
    let given = given.published();
    assert!(!given.there().is_ahead());
    assert_eq!(
        given.there().shown.map(|shown| shown.ja.words.title),
        Some("直した題".to_owned())
    );
    assert_eq!(said(publish(&given.there())), [("form", "nothing_changes")]);
}

#[test]
fn what_is_retired_is_shown_to_nobody_and_can_be_published_again() {
    let given = Given::nothing().saved("題", None).published().retired();
    assert_eq!(given.there().state, ArticleState::Retired);
    assert_eq!(given.there().shown, None);
    assert_eq!(said(retire(&given.there())), [("form", "nothing_changes")]);
    assert_eq!(
        said(review(&given.there(), date(28), given.today())),
        [("form", "article_retired")]
    );
    let given = given.published();
    assert_eq!(given.there().state, ArticleState::Published);
}

#[test]
fn a_review_says_that_it_is_right_and_when_to_look_again() {
    let given = Given::nothing().saved("題", None).published();
    assert_eq!(
        said(review(&given.there(), given.today(), given.today())),
        [("reviewed", "in_past")]
    );
    let given = given.reviewed(10);
    let article = given.there();
    assert_eq!(article.reviewed_on, Some(date(3)));
    assert!(!article.is_review_due(date(9)));
    assert!(article.is_review_due(date(10)));
    assert_eq!(article.shown.map(|shown| shown.reviewed_on), Some(date(3)));
    // What everybody reads is another text than the one that somebody looked at.
    let given = Given::nothing()
        .saved("題", None)
        .published()
        .saved("直した題", None)
        .reviewed(10);
    assert_eq!(given.there().shown.map(|shown| shown.reviewed_on), Some(date(2)));
}

#[test]
fn a_day_that_has_passed_since_does_not_keep_an_article_from_being_saved() {
    let mut first = draft("題", None);
    first.review_due_on = Some(date(5));
    let event = save(None, id(), &first, date(1)).expect("it is saved");
    let article = Article::of([(&event, at(1))]).expect("it is there");
    let mut later = draft("新しい題", None);
    later.review_due_on = Some(date(5));
    assert!(save(Some(&article), id(), &later, date(20)).is_ok());
    later.review_due_on = Some(date(6));
    assert_eq!(
        said(save(Some(&article), id(), &later, date(20))),
        [("reviewDueOn", "in_past")]
    );
}
