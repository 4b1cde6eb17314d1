//! HTML of strangers: as text, and as what may be shown in a frame of its own.

use std::collections::HashSet;

use ammonia::Builder;

/// Columns that a text is laid out for: more than a line has, so that lines break where their author broke them.
const WIDTH: usize = 10_000;

/// Elements that lie in each other, and what a browser would have to copy for the elements behind them, at most. Mail programs write a
/// few dozen deep; beyond, the parsers take minutes.
const DEPTH_MAX: usize = 150;
const WORK_MAX: usize = 2_000_000;

/// What a reader may see of it, and its words; `None` instead of the first: it is built to keep a parser busy.
pub(super) fn read(html: &str) -> (Option<String>, String) {
    if !is_reasonable(html) {
        return (None, mail_parser::decoders::html::html_to_text(html));
    }
    let clean = clean(html);
    let text = laid_out(&clean);
    (Some(clean), text)
}

/// Counts elements that stay open until they are closed.
fn is_reasonable(html: &str) -> bool {
    const CLOSE_THEMSELVES: &[&str] = &[
        "area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p",
        "source", "td", "th", "tr", "wbr",
    ];
    let (mut depth, mut deepest, mut tags) = (0_usize, 0, 0_usize);
    for piece in html.split('<').skip(1) {
        let is_end = piece.starts_with('/');
        let name = piece.trim_start_matches('/');
        let end = name
            .find(|it: char| !it.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() {
            continue;
        }
        tags += 1;
        if CLOSE_THEMSELVES.contains(&name.as_str()) {
            continue;
        }
        depth = if is_end {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        deepest = deepest.max(depth);
    }
    deepest <= DEPTH_MAX && deepest.saturating_mul(tags) <= WORK_MAX
}

/// What a reader may see of it: no scripts, no styles, no forms, and nothing that is loaded from anywhere.
fn clean(html: &str) -> String {
    let mut builder = Builder::default();
    builder
        .rm_tags(["img", "map", "area", "figure", "figcaption"])
        .add_clean_content_tags(["title"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true);
    builder.clean(html).to_string()
}

/// The words of clean HTML, in lines.
fn laid_out(clean: &str) -> String {
    let config = html2text::config::plain_no_decorate()
        .no_table_borders()
        .allow_width_overflow();
    let text = config
        .string_from_read(clean.as_bytes(), WIDTH)
        // What cannot be laid out is shown as it came; a person can still read it.
        .unwrap_or_else(|_| clean.to_owned());
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// The charset that HTML says of itself, where the message says nothing.
pub(super) fn declared_charset(bytes: &[u8]) -> Option<String> {
    const SEEN_MAX: usize = 2_048;
    let head = bytes.get(..SEEN_MAX).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let at = head.find("charset=")?;
    let value = head.get(at + "charset=".len()..)?;
    let value = value.trim_start_matches(['"', '\'', ' ']);
    let end = value.find(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | ':')));
    let name = value.get(..end.unwrap_or(value.len()))?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_blocks_are_lines() {
        let html = "<html><head><style>p{}</style><title>t</title></head><body><p>ロゴが<b>届きません</b>。</p>\
                    <div>次の行<br>その次</div><ul><li>一</li></ul><script>alert(1)</script></body></html>";
        let (_, text) = read(html);
        assert!(text.starts_with("ロゴが届きません。"), "{text}");
        assert!(text.contains("\n次の行\nその次"), "{text}");
        for hidden in ["alert", "p{}"] {
            assert!(!text.contains(hidden), "{text}");
        }
    }

    #[test]
    fn nothing_runs_and_nothing_is_loaded() {
        let html = "<p onclick=x()>a</p><img src=\"https://tracker.example/x.gif\"><script>alert(1)</script>\
                    <a href=\"javascript:alert(1)\">b</a><style>@import 'x'</style><iframe src=x></iframe>\
                    <form action=x><input></form><svg onload=x()></svg><link rel=stylesheet href=x><a href=\"https://example.jp\">c</a>";
        let clean = clean(html);
        for bad in [
            "onclick", "tracker", "script", "@import", "iframe", "form", "svg", "link rel",
        ] {
            assert!(!clean.contains(bad), "{bad}: {clean}");
        }
        assert!(clean.contains("href=\"https://example.jp\""), "{clean}");
    }

    #[test]
    fn t37_html_that_keeps_parsers_busy_is_not_parsed() {
        let deep = format!("{}words", "<div>".repeat(200_000));
        assert_eq!(read(&deep), (None, "words".to_owned()));
        let copied: String = (0..140)
            .map(|it| format!("<b id={it}>"))
            .chain((0..50_000).map(|_| "<p>x".to_owned()))
            .collect();
        assert_eq!(read(&copied).0, None);
        let old = "<p>one<br><li>two<td>three".repeat(5_000);
        assert!(
            read(&old).0.is_some(),
            "elements that close themselves are no depth"
        );
    }

    #[test]
    fn html_may_say_its_charset() {
        for (html, charset) in [
            ("<meta charset=\"Shift_JIS\">", Some("shift_jis")),
            (
                "<META http-equiv=Content-Type content='text/html; charset=iso-2022-jp'>",
                Some("iso-2022-jp"),
            ),
            ("<p>", None),
        ] {
            assert_eq!(declared_charset(html.as_bytes()).as_deref(), charset);
        }
    }
}
