//! Whether a name that somebody gave is the one on record. A subsidy's documents must have it to the letter; whether it is the same
//! business in another spelling is seen by the folded form, by which searches compare.

use crate::fold::fold;
use crate::personal::{Personal, Readable};
use crate::value::plain;

/// A name on record: whoever sees it is recorded where it is a person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameOnRecord {
    /// Nothing is on record.
    Nothing,
    /// Of an organisation: everybody may know it.
    Public(String),
    /// Of a sole trader.
    Personal(Readable<Personal<String>>),
    /// Of a sole trader, and whoever asks may not see it: it is not compared either, as that would tell it.
    Withheld,
}

/// What came of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameCheck {
    /// No name was given.
    NotAsked,
    /// To the letter, but for white space around it.
    Same,
    /// The same in another spelling. How it stands on record.
    OtherSpelling(Personal<String>),
    /// Another name. How it stands on record.
    Differs(Personal<String>),
    /// Whoever asks may not see it.
    Withheld,
    /// The person was forgotten.
    Forgotten,
    /// No name is on record.
    NotOnRecord,
}

impl NameCheck {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::Same => "same",
            Self::OtherSpelling(_) => "other_spelling",
            Self::Differs(_) => "differs",
            Self::Withheld => "withheld",
            Self::Forgotten => "forgotten",
            Self::NotOnRecord => "not_on_record",
        }
    }

    /// Whether it is not what stands on record to the letter.
    pub const fn is_other(&self) -> bool {
        matches!(self, Self::OtherSpelling(_) | Self::Differs(_))
    }

    /// How it stands on record, where that is another spelling or another name.
    pub const fn on_record(&self) -> Option<&Personal<String>> {
        match self {
            Self::OtherSpelling(name) | Self::Differs(name) => Some(name),
            _ => None,
        }
    }
}

/// Compares a name with those under which somebody may be known: the name, and a sole trader's trade name, which is public.
pub fn check_name(
    given: Option<&Personal<String>>,
    name: &NameOnRecord,
    trade_name: Option<&str>,
) -> NameCheck {
    let Some(given) = given.map(Personal::reveal) else {
        return NameCheck::NotAsked;
    };
    if trade_name.is_some_and(|known| plain::trim(known) == plain::trim(given)) {
        return NameCheck::Same;
    }
    let known = match name {
        NameOnRecord::Public(known) => known,
        NameOnRecord::Personal(Readable::Open(known)) => known.reveal(),
        NameOnRecord::Personal(Readable::Forgotten) => return NameCheck::Forgotten,
        NameOnRecord::Withheld => return NameCheck::Withheld,
        NameOnRecord::Nothing => return NameCheck::NotOnRecord,
    };
    if plain::trim(known) == plain::trim(given) {
        return NameCheck::Same;
    }
    let folded = fold(given);
    if let Some(trade_name) = trade_name.filter(|trade_name| fold(trade_name) == folded) {
        return NameCheck::OtherSpelling(Personal::new(trade_name.to_owned()));
    }
    let known_again = Personal::new(known.clone());
    if fold(known) == folded {
        NameCheck::OtherSpelling(known_again)
    } else {
        NameCheck::Differs(known_again)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &str, known: &NameOnRecord, trade_name: Option<&str>) -> NameCheck {
        check_name(Some(&Personal::new(given.to_owned())), known, trade_name)
    }

    fn public(name: &str) -> NameOnRecord {
        NameOnRecord::Public(name.to_owned())
    }

    fn shown(check: &NameCheck) -> (&'static str, Option<&str>) {
        (check.code(), check.on_record().map(|name| name.reveal().as_str()))
    }

    #[test]
    fn a_name_is_the_same_another_spelling_or_another_name_and_ours_is_said() {
        let known = public("株式会社みほん製作所");
        for (given, expected) in [
            ("株式会社みほん製作所", ("same", None)),
            (" 株式会社みほん製作所\u{3000}", ("same", None)),
            ("㈱ミホン製作所", ("other_spelling", Some("株式会社みほん製作所"))),
            (
                "（株）みほん製作所",
                ("other_spelling", Some("株式会社みほん製作所")),
            ),
            ("みほん工業株式会社", ("differs", Some("株式会社みほん製作所"))),
        ] {
            assert_eq!(shown(&check(given, &known, None)), expected, "{given}");
        }
        assert_eq!(check_name(None, &known, None), NameCheck::NotAsked);
        assert_eq!(
            check("みほん", &NameOnRecord::Nothing, None),
            NameCheck::NotOnRecord
        );
    }

    #[test]
    fn a_persons_name_is_compared_only_for_whoever_may_see_it() {
        let person = NameOnRecord::Personal(Readable::Open(Personal::new("見本 太郎".to_owned())));
        assert_eq!(check("見本 太郎", &person, Some("みほん商店")), NameCheck::Same);
        assert_eq!(check("見本太郎", &person, None).code(), "other_spelling");
        let withheld = &NameOnRecord::Withheld;
        assert_eq!(
            check("見本 太郎", withheld, Some("みほん商店")),
            NameCheck::Withheld
        );
        assert_eq!(
            check("見本 次郎", withheld, None),
            NameCheck::Withheld,
            "nothing is told"
        );
        assert_eq!(
            check("みほん商店", withheld, Some("みほん商店")),
            NameCheck::Same,
            "it is public"
        );
        let forgotten = NameOnRecord::Personal(Readable::Forgotten);
        assert_eq!(check("見本 太郎", &forgotten, None), NameCheck::Forgotten);
    }

    #[test]
    fn a_trade_name_in_another_spelling_is_answered_with_the_trade_name() {
        let person = NameOnRecord::Personal(Readable::Open(Personal::new("見本 太郎".to_owned())));
        let found = check("ミホン商店", &person, Some("みほん商店"));
        assert_eq!(shown(&found), ("other_spelling", Some("みほん商店")));
    }
}
