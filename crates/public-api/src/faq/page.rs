//! The pages: plain HTML that reads without its style sheet, by keyboard and aloud. Everything that somebody wrote is escaped.

use std::fmt::Write as _;

use app::article::PublicArticle;
use domain::Language;
use domain::article::Words;
use domain::inquiry::InquiryTag;

/// The style sheet. Colours have a contrast of 7 to 1 and more in both schemes.
pub const STYLE: &str = "\
:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 1rem; max-width: 46rem; line-height: 1.8; font-family: system-ui, sans-serif;
  color: light-dark(#1a1a1a, #f0f0f0); background: light-dark(#ffffff, #1a1a1a); }
a { color: light-dark(#00429d, #9ecbff); }
a:focus-visible { outline: 3px solid currentcolor; outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
h1 { line-height: 1.4; }
nav ul { display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; list-style: none; }
li { padding-block: 0.25rem; }
.note { border: 1px solid currentcolor; padding: 0.5rem 1rem; }
footer { margin-top: 2rem; border-top: 1px solid currentcolor; }
@media print { nav, .skip { display: none; } }
";

/// What the pages say of themselves in a language.
trait Pages {
    /// The other language.
    fn other(self) -> Self;
    /// Where its list is.
    fn path(self) -> &'static str;
    /// What it calls itself.
    fn name(self) -> &'static str;
    fn one_of(self, japanese: &'static str, english: &'static str) -> &'static str;
    fn heading(self) -> &'static str;
    fn topic(self, topic: InquiryTag) -> &'static str;
    fn words(self, article: &PublicArticle) -> Option<&Words>;
}

impl Pages for Language {
    fn other(self) -> Self {
        match self {
            Self::Ja => Self::En,
            Self::En => Self::Ja,
        }
    }

    fn path(self) -> &'static str {
        self.one_of("/faq", "/en/faq")
    }

    fn name(self) -> &'static str {
        self.one_of("日本語", "English")
    }

    fn one_of(self, japanese: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Ja => japanese,
            Self::En => english,
        }
    }

    fn heading(self) -> &'static str {
        self.one_of("よくある質問", "Frequently asked questions")
    }

    fn topic(self, topic: InquiryTag) -> &'static str {
        self.one_of(topic.japanese(), topic.english())
    }

    fn words(self, article: &PublicArticle) -> Option<&Words> {
        match self {
            Self::Ja => Some(&article.shown.ja.words),
            Self::En => article.english().map(|text| &text.words),
        }
    }
}

/// All articles of a language, by what they are about.
pub fn list(articles: &[PublicArticle], language: Language) -> String {
    let heading = language.heading();
    let mut main = format!("<h1>{heading}</h1>\n");
    let mut topic = None;
    for article in articles {
        let Some(words) = language.words(article) else {
            continue;
        };
        if topic != Some(article.shown.category) {
            if topic.is_some() {
                main.push_str("</ul>\n");
            }
            topic = Some(article.shown.category);
            let about = escaped(language.topic(article.shown.category));
            // Writing to a text cannot fail.
            let _ = writeln!(main, "<h2>{about}</h2>\n<ul>");
        }
        let (path, title) = (language.path(), escaped(&words.title));
        let _ = writeln!(main, "<li><a href=\"{path}/{}\">{title}</a></li>", article.id);
    }
    if topic.is_some() {
        main.push_str("</ul>\n");
    } else {
        let none = language.one_of(
            "公開している質問はまだありません。",
            "Nothing has been published yet.",
        );
        let _ = writeln!(main, "<p>{none}</p>");
    }
    page(language, heading, Some(language.other().path()), &main)
}

/// One article; none: it has no words in that language.
pub fn article(article: &PublicArticle, language: Language) -> Option<String> {
    let words = language.words(article)?;
    let title = escaped(&words.title);
    let mut main = format!("<article>\n<h1>{title}</h1>\n");
    if language == Language::En && article.shown.is_english_older() {
        main.push_str(
            "<p class=\"note\" role=\"note\">The Japanese text was revised after this translation, which may be out of date.</p>\n",
        );
    }
    for paragraph in words.body.split("\n\n").filter(|it| !it.trim().is_empty()) {
        let lines = escaped(paragraph.trim_matches('\n')).replace('\n', "<br>\n");
        let _ = writeln!(main, "<p>{lines}</p>");
    }
    let reviewed = article.shown.reviewed_on;
    let label = language.one_of("最終確認日", "Last reviewed");
    let _ = writeln!(
        main,
        "<footer><p>{label}: <time datetime=\"{reviewed}\">{}</time></p></footer>\n</article>",
        language.day(reviewed)
    );
    let other = language.other();
    let path = other
        .words(article)
        .map(|_| format!("{}/{}", other.path(), article.id));
    Some(page(language, &title, path.as_deref(), &main))
}

/// There is no such article.
pub fn missing(language: Language) -> String {
    let heading = language.one_of("ページが見つかりません", "There is no such page");
    let text = language.one_of(
        "この質問は公開されていません。一覧から探してください。",
        "This question is not published, or not in English. Please look through the list.",
    );
    let main = format!("<h1>{heading}</h1>\n<p>{text}</p>\n");
    page(language, heading, Some(language.other().path()), &main)
}

/// A whole page; the title is escaped already.
fn page(language: Language, title: &str, other: Option<&str>, main: &str) -> String {
    let (code, list) = (language.code(), language.heading());
    let skip = language.one_of("本文へ移動", "Skip to the text");
    let about = language.one_of("ページの案内", "Pages");
    let there = other.map_or_else(String::new, |path| {
        let other = language.other();
        let (code, name) = (other.code(), other.name());
        format!("<li><a href=\"{path}\" hreflang=\"{code}\" lang=\"{code}\">{name}</a></li>\n")
    });
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">{skip}</a>\n\
         <header><nav aria-label=\"{about}\"><ul>\n<li><a href=\"{}\">{list}</a></li>\n{there}</ul></nav></header>\n\
         <main id=\"main\">\n{main}</main>\n</body>\n</html>\n",
        super::STYLE_PATH,
        language.path(),
    )
}

/// A text that is nothing but text.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use domain::ArticleId;
    use domain::article::{Shown, Text};

    use super::*;

    fn published(en: Option<(&str, i64)>) -> PublicArticle {
        let at = DateTime::from_timestamp(1_796_000_000, 0).expect("an instant");
        let text = |title: &str, later: i64| Text {
            words: Words {
                title: title.to_owned(),
                body: "一行目 <script>alert('x')</script>\n二行目\n\n次の段落 & \"終わり\"".to_owned(),
            },
            revised_at: at + TimeDelta::days(later),
        };
        PublicArticle {
            id: ArticleId::new(uuid::Uuid::from_u128(1)),
            shown: Shown {
                category: InquiryTag::Logo,
                ja: text("ロゴ<b>は</b>?", 0),
                en: en.map(|(title, later)| text(title, later)),
                reviewed_on: "2026-12-01".parse().expect("a day"),
                since: at,
            },
        }
    }

    #[test]
    fn faq_words_are_escaped_wherever_they_stand() {
        let one = published(None);
        for html in [
            list(std::slice::from_ref(&one), Language::Ja),
            article(&one, Language::Ja).expect("a page"),
        ] {
            assert!(!html.contains("<b>") && !html.contains("<script"), "{html}");
            assert!(html.contains("ロゴ&lt;b&gt;は&lt;/b&gt;?"), "{html}");
        }
        let html = article(&one, Language::Ja).expect("a page");
        assert!(
            html.contains("<p>一行目 &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;<br>\n二行目</p>"),
            "{html}"
        );
        assert!(
            html.contains("<p>次の段落 &amp; &quot;終わり&quot;</p>"),
            "{html}"
        );
        assert!(
            html.contains("<time datetime=\"2026-12-01\">2026年12月1日</time>"),
            "{html}"
        );
    }

    #[test]
    fn faq_articles_without_english_are_in_japanese_only() {
        let one = published(None);
        assert!(article(&one, Language::En).is_none());
        let english = list(std::slice::from_ref(&one), Language::En);
        assert!(english.contains("Nothing has been published yet."), "{english}");
        let html = article(&one, Language::Ja).expect("a page");
        assert!(!html.contains("/en/faq/"), "{html}");
    }

    #[test]
    fn faq_translations_that_are_older_say_so() {
        let older = article(&published(Some(("Logo", -1))), Language::En).expect("a page");
        assert!(older.contains("role=\"note\""), "{older}");
        assert!(
            older.contains("<html lang=\"en\">") && older.contains("1 December 2026"),
            "{older}"
        );
        let current = article(&published(Some(("Logo", 0))), Language::En).expect("a page");
        assert!(!current.contains("role=\"note\""), "{current}");
        let japanese = article(&published(Some(("Logo", -1))), Language::Ja).expect("a page");
        assert!(
            japanese.contains("href=\"/en/faq/00000000-0000-0000-0000-000000000001\" hreflang=\"en\""),
            "{japanese}"
        );
    }
}
