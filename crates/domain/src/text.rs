//! Which characters a text may hold. What is refused is what a reader cannot see or what turns the text around.

use unicode_normalization::UnicodeNormalization as _;

use crate::value::plain;

/// How many lines a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One: a name, an address.
    One,
    /// Any number: a note, a reason.
    Many,
}

/// Why a text is refused. Characters are named by their code point, as nobody could see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// Nothing to see in it.
    #[error("the text is empty")]
    Empty,
    /// More characters than the field takes.
    #[error("the text is longer than {max} characters")]
    TooLong {
        /// The most it takes.
        max: usize,
    },
    /// A line break where one line is wanted.
    #[error("the text has more than one line")]
    LineBreak,
    /// A control character.
    #[error("control character U+{:04X}", u32::from(*character))]
    Control {
        /// Which.
        character: char,
    },
    /// A mark that changes the direction of the text around it.
    #[error("direction mark U+{:04X}", u32::from(*character))]
    Direction {
        /// Which.
        character: char,
    },
    /// Drawn as nothing: zero-width joiners and spaces, the byte order mark, fillers.
    #[error("invisible character U+{:04X}", u32::from(*character))]
    Invisible {
        /// Which.
        character: char,
    },
    /// A tag character, which hides text within text.
    #[error("tag character U+{:04X}", u32::from(*character))]
    Tag {
        /// Which.
        character: char,
    },
    /// The mark of a failed decoding, or no character at all.
    #[error("broken character U+{:04X}", u32::from(*character))]
    Broken {
        /// Which.
        character: char,
    },
}

impl TextProblem {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::LineBreak => "line_break",
            Self::Control { .. } => "control_character",
            Self::Direction { .. } => "direction_character",
            Self::Invisible { .. } => "invisible_character",
            Self::Tag { .. } => "tag_character",
            Self::Broken { .. } => "broken_character",
        }
    }

    /// One sentence for the person who typed it.
    pub fn japanese(&self) -> String {
        let named = |what: &str, c: char| format!("{what}（U+{:04X}）は使えません。", u32::from(c));
        match *self {
            Self::Empty => "入力してください。".to_owned(),
            Self::TooLong { max } => format!("{max}文字以内で入力してください。"),
            Self::LineBreak => "改行は使えません。".to_owned(),
            Self::Control { character } => named("制御文字", character),
            Self::Direction { character } => named("文字の向きを変える文字", character),
            Self::Invisible { character } => named("目に見えない文字", character),
            Self::Tag { character } => named("タグ文字", character),
            Self::Broken { character } => named("壊れた文字", character),
        }
    }
}

/// Checks a text that may not be empty. Variation selectors pass: they pick the shape of a kanji in a name.
pub fn check(text: &str, max: usize, lines: Lines) -> Result<(), TextProblem> {
    if text.chars().all(|c| plain::is_empty_mark(c) || is_selector(c)) {
        return Err(text
            .chars()
            .find_map(|c| problem(c, lines))
            .unwrap_or(TextProblem::Empty));
    }
    if let Some(problem) = text.chars().find_map(|c| problem(c, lines)) {
        return Err(problem);
    }
    if text.chars().count() > max {
        Err(TextProblem::TooLong { max })
    } else {
        Ok(())
    }
}

/// Whether a text that was taken over from elsewhere holds what a reader must be warned of: control characters other than
/// white space, marks that change the direction, tag characters, and what is drawn as nothing.
pub fn hides(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(
            problem(c, Lines::Many),
            Some(
                TextProblem::Control { .. }
                    | TextProblem::Direction { .. }
                    | TextProblem::Tag { .. }
                    | TextProblem::Invisible { .. }
            )
        )
    })
}

fn problem(character: char, lines: Lines) -> Option<TextProblem> {
    match character {
        '\n' | '\r' | '\t' if lines == Lines::Many => None,
        '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{0085}' if lines == Lines::One => {
            Some(TextProblem::LineBreak)
        }
        '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            Some(TextProblem::Direction { character })
        }
        '\u{E0000}'..='\u{E007F}' => Some(TextProblem::Tag { character }),
        '\u{FFFD}' | '\u{FDD0}'..='\u{FDEF}' => Some(TextProblem::Broken { character }),
        c if c.is_control() => Some(TextProblem::Control { character }),
        c if u32::from(c) & 0xFFFE == 0xFFFE => Some(TextProblem::Broken { character }),
        c if !c.is_whitespace() && plain::is_empty_mark(c) => Some(TextProblem::Invisible { character }),
        c if is_hidden(c) => Some(TextProblem::Invisible { character }),
        _ => None,
    }
}

/// Picks the shape of the character before it; alone there is nothing to see.
const fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Drawn as nothing, beyond the marks of [`plain::is_empty_mark`], which readers of numbers leave out: joiners, fillers and blanks of
/// other scripts, and code points that are reserved for more of them.
const fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{034F}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{2065}'
            | '\u{2800}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0080}'..='\u{E00FF}'
            | '\u{E01F0}'..='\u{E0FFF}'
    )
}

/// One form for comparing what opens something: compatibility forms are one (NFKC), and so are upper and lower case.
pub fn caseless(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_rare_kanji_and_their_selectors_pass() {
        for name in [
            "株式会社みほん製作所",
            "葛\u{E0100}城",
            "𠮷野家",
            "見本\u{3000}太郎",
            "Ａ＆Ｂ（株）",
        ] {
            assert_eq!(check(name, 150, Lines::One), Ok(()), "{name}");
        }
        assert_eq!(check("一行目\r\n二行目\t", 150, Lines::Many), Ok(()));
    }

    #[test]
    fn what_cannot_be_seen_is_refused_and_named() {
        let cases = [
            ("み\u{0007}ほん", "control_character"),
            ("み\0ほん", "control_character"),
            ("み\u{202E}ほん", "direction_character"),
            ("み\u{2066}ほん", "direction_character"),
            ("み\u{200B}ほん", "invisible_character"),
            ("み\u{200D}ほん", "invisible_character"),
            ("\u{FEFF}みほん", "invisible_character"),
            ("み\u{E0041}ほん", "tag_character"),
            ("み\u{FFFD}ほん", "broken_character"),
            ("み\nほん", "line_break"),
            (" \u{3000}", "empty"),
            ("\u{FE0F}\u{E0100}", "empty"),
            ("\u{115F}", "invisible_character"),
            ("み\u{1160}ほん", "invisible_character"),
            ("み\u{FFA0}ほん", "invisible_character"),
            ("み\u{034F}ほん", "invisible_character"),
            ("み\u{2800}ほん", "invisible_character"),
            ("み\u{FFF9}ほん", "invisible_character"),
            ("み\u{1D173}ほん", "invisible_character"),
            ("み\u{1FFFE}ほん", "broken_character"),
            ("\u{202E}", "direction_character"),
        ];
        for (text, code) in cases {
            assert_eq!(
                check(text, 150, Lines::One).map_err(|problem| problem.code()),
                Err(code),
                "{text:?}"
            );
        }
        assert_eq!(
            check("あああ", 2, Lines::One),
            Err(TextProblem::TooLong { max: 2 })
        );
        assert_eq!(
            TextProblem::Control { character: '\u{7}' }.to_string(),
            "control character U+0007"
        );
    }
}
