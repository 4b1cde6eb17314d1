//! Merge fields: `{{相手}}` in a text stands for what is known of the inquiry that is answered.

use std::collections::{BTreeMap, BTreeSet};

use crate::wire::wire_enum;

wire_enum! {
    /// What a field stands for.
    MergeField {
        /// The name of whoever wrote.
        Recipient = "recipient",
        /// The name of the organisation that declared.
        Organization = "organization",
        /// 自己宣言ID.
        Number = "number",
        /// The star.
        Star = "star",
        /// The day of the declaration.
        DeclaredOn = "declared_on",
        /// Whoever answers.
        Staff = "staff",
        /// The day on which it is answered.
        Today = "today",
    }
}

impl MergeField {
    /// How it is written between the brackets in Japanese; in English it is [`MergeField::code`]. Both are read in both languages.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Recipient => "相手",
            Self::Organization => "組織名",
            Self::Number => "宣言番号",
            Self::Star => "星",
            Self::DeclaredOn => "宣言日",
            Self::Staff => "担当者",
            Self::Today => "今日",
        }
    }

    fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL
            .iter()
            .copied()
            .find(|field| field.japanese() == name || field.code() == name)
    }
}

/// What is known.
pub type Values = BTreeMap<MergeField, String>;

/// A text whose fields are filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text; a field without a value stands there as it was written.
    pub text: String,
    /// The fields without a value.
    pub missing: BTreeSet<MergeField>,
}

/// A piece of a text.
enum Piece<'a> {
    Words(&'a str),
    /// As it is written, brackets and all, and its name.
    Field(&'a str, &'a str),
}

/// Brackets as they are typed, also with an input method that writes wide ones.
const OPEN: [&str; 2] = ["{{", "｛｛"];
const CLOSE: [&str; 2] = ["}}", "｝｝"];

/// A name of more characters is none: two brackets stand there for something else.
const NAME_MAX: usize = 30;

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((at, open)) = first_of(rest, OPEN) {
        let inside = &rest[at + open.len()..];
        let end = first_of(inside, CLOSE).filter(|(end, _)| {
            let name = &inside[..*end];
            name.chars().count() <= NAME_MAX && !name.contains(['\n', '{', '｛'])
        });
        let Some((end, close)) = end else {
            let (words, behind) = rest.split_at(at + open.len());
            pieces.push(Piece::Words(words));
            rest = behind;
            continue;
        };
        pieces.push(Piece::Words(&rest[..at]));
        let whole = at + open.len() + end + close.len();
        pieces.push(Piece::Field(&rest[at..whole], &inside[..end]));
        rest = &rest[whole..];
    }
    pieces.push(Piece::Words(rest));
    pieces
}

fn first_of<'a>(text: &str, marks: [&'a str; 2]) -> Option<(usize, &'a str)> {
    let found = marks
        .into_iter()
        .filter_map(|mark| text.find(mark).map(|at| (at, mark)));
    found.min_by_key(|it| it.0)
}

/// The first field of a text that stands for nothing that is known here, as it is written.
pub(super) fn unknown_field(text: &str) -> Option<&str> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Field(written, name) if MergeField::named(name).is_none() => Some(written),
        Piece::Field(..) | Piece::Words(_) => None,
    })
}

/// The first field that is still in a text, as it is written: whoever gets the text would read it so.
pub fn field_left(text: &str) -> Option<&str> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Field(written, _) => Some(written),
        Piece::Words(_) => None,
    })
}

/// Fills the fields of a text. What a value says is not read again.
pub fn fill(text: &str, values: &Values) -> Filled {
    let mut filled = Filled {
        text: String::with_capacity(text.len()),
        missing: BTreeSet::new(),
    };
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => filled.text.push_str(words),
            Piece::Field(written, name) => {
                let field = MergeField::named(name);
                let value = field.and_then(|field| values.get(&field));
                let value = value.filter(|value| !value.trim().is_empty());
                if value.is_none() {
                    filled.missing.extend(field);
                }
                filled.text.push_str(value.map_or(written, String::as_str));
            }
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values::from([
            (MergeField::Recipient, "見本 花子".to_owned()),
            (MergeField::Number, "59990000017".to_owned()),
            (MergeField::Staff, String::new()),
        ])
    }

    #[test]
    fn fields_are_filled_in_both_spellings_and_both_widths() {
        let filled = fill("{{相手}}様 ｛｛宣言番号｝｝ {{ number }}\n", &values());
        assert_eq!(filled.text, "見本 花子様 59990000017 59990000017\n");
        assert!(filled.missing.is_empty());
    }

    #[test]
    fn what_has_no_value_stays_and_is_named() {
        let filled = fill("{{組織名}} {{担当者}} {{相手}}", &values());
        assert_eq!(filled.text, "{{組織名}} {{担当者}} 見本 花子");
        assert_eq!(
            filled.missing.into_iter().collect::<Vec<_>>(),
            [MergeField::Organization, MergeField::Staff]
        );
        assert_eq!(field_left("a {{組織名}} b"), Some("{{組織名}}"));
        assert_eq!(field_left("a { b } {{\n}} c"), None);
    }

    #[test]
    fn a_value_is_not_read_for_fields() {
        let values = Values::from([(MergeField::Recipient, "{{宣言番号}}".to_owned())]);
        let filled = fill("{{相手}}", &values);
        assert_eq!(filled.text, "{{宣言番号}}");
        assert!(
            filled.missing.is_empty(),
            "it is left, and the answer is refused by what is left in it"
        );
        assert!(field_left(&filled.text).is_some());
    }

    #[test]
    fn brackets_that_are_no_field_are_words() {
        for text in ["{{", "}}", "{{}}x{{", "a{{b", "{{{相手", "json {\"a\":{\"b\":1}}"] {
            let filled = fill(text, &values());
            assert_eq!(filled.text, text);
        }
        assert_eq!(unknown_field("{{相手}} {{宛名}}"), Some("{{宛名}}"));
        assert_eq!(unknown_field("{{相手}}"), None);
    }
}
