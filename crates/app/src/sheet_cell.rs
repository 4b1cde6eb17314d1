//! Cells of sheets that people open in a spreadsheet.

use std::borrow::Cow;

/// A text that a spreadsheet shows and never evaluates: what looks like the start of a formula gets an apostrophe before it,
/// also after spaces and in full width.
pub(crate) fn sheet_cell(text: &str) -> Cow<'_, str> {
    let first = text
        .chars()
        .find(|c| !c.is_whitespace() && !c.is_control() && !is_unseen(*c));
    let is_formula = first.is_some_and(|c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '−' | '＠' | '|' | '%'
        )
    });
    let starts_controlled = text.starts_with(['\t', '\r', '\n']);
    if is_formula || starts_controlled {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The same for a sheet that comes back: [`unmarked`] takes the apostrophe away again, and only one that is ours.
pub(crate) fn marked(text: &str) -> Cow<'_, str> {
    if is_marked_or_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What [`marked`] was given.
pub(crate) fn unmarked(text: &str) -> &str {
    let rest = text.strip_prefix('\'');
    rest.filter(|rest| is_marked_or_formula(rest)).unwrap_or(text)
}

fn is_marked_or_formula(text: &str) -> bool {
    matches!(sheet_cell(text.trim_start_matches('\'')), Cow::Owned(_))
}

/// Zero-width characters, marks of direction, variation selectors: a program that drops them would find a formula behind them.
const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t41_what_left_as_a_text_comes_back_as_it_was() {
        for text in [
            "=1+1",
            "'=1+1",
            "''=1+1",
            "＝1+1",
            "\t=1",
            "'見本'",
            "''",
            "見本屋",
            "",
            "-1",
        ] {
            let left = marked(text);
            assert_eq!(sheet_cell(&left), left, "no formula leaves");
            assert_eq!(unmarked(&left), text);
        }
        assert_eq!(marked("見本屋"), "見本屋");
        assert_eq!(marked("=1"), "'=1");
        assert_eq!(unmarked("'見本'"), "'見本'");
    }

    #[test]
    fn t41_what_looks_like_a_formula_is_a_text() {
        for formula in [
            "=1+1",
            "+1",
            "-1+cmd|' /C calc'!A0",
            "@SUM(A1)",
            " =1",
            "\t=1",
            "\r=1",
            "\n@x",
            "＝1+1",
            "＋1",
            "－1",
            "＠x",
            "\u{3000}=1",
            "\u{feff}=1",
            "\u{a0}=1",
            "|calc",
            "%0A=1",
            "−1",
            "\u{200b}=1",
            "\u{202e}=1",
            "\u{e0100}=1",
        ] {
            assert_eq!(sheet_cell(formula), format!("'{formula}"));
        }
        for text in [
            "見本屋",
            "株式会社=見本",
            "03-9999-8888",
            "a@example.jp",
            "",
            "１２",
        ] {
            assert_eq!(sheet_cell(text), text);
        }
    }
}
