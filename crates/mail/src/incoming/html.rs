//! HTML of strangers: as text, and as what may be shown in a frame of its own.

use std::collections::HashSet;

use ammonia::Builder;

/// Columns that a text is laid out for: more than a line has, so that lines break where their author broke them.
const WIDTH: usize = 10_000;

/// What a reader may see of it: no scripts, no styles, no forms, and nothing that is loaded from anywhere.
pub(super) fn clean(html: &str) -> String {
    let mut builder = Builder::default();
    builder
        .rm_tags(["img", "map", "area", "figure", "figcaption"])
        .add_clean_content_tags(["title"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true);
    builder.clean(html).to_string()
}

/// The words, in lines.
pub(super) fn text(html: &str) -> String {
    let clean = clean(html);
    let config = html2text::config::plain_no_decorate()
        .no_table_borders()
        .allow_width_overflow();
    let text = config
        .string_from_read(clean.as_bytes(), WIDTH)
        // What cannot be laid out is shown as it came; a person can still read it.
        .unwrap_or_else(|_| clean.clone());
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
        let text = text(html);
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
