//! Cells of sheets that people open in a spreadsheet.

use std::borrow::Cow;

/// A text that a spreadsheet shows and never evaluates: what looks like the start of a formula gets an apostrophe before it,
/// also after spaces and in full width.
pub(crate) fn sheet_cell(text: &str) -> Cow<'_, str> {
    let first = text
        .chars()
        .find(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{feff}');
    let is_formula =
        first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%'));
    let starts_controlled = text.starts_with(['\t', '\r', '\n']);
    if is_formula || starts_controlled {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
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
