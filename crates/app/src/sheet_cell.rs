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
