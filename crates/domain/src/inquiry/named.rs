//! What somebody names in what they write, by which their declaration can be found: its number, a corporate number, an organisation.

use unicode_normalization::UnicodeNormalization as _;

use crate::fold::fold;
use crate::value::{CorporateNumber, DeclarationNo, plain};

/// Of each kind so many are looked for: somebody who writes more writes a list.
const MOST: usize = 10;
/// The longest name that is looked for, in folded characters.
const NAME_MAX: usize = 60;
/// Forms of incorporation as they are folded, longer ones before those that they contain.
const FORMS: [&str; 24] = [
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "相互会社",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "社団法人",
    "財団法人",
    "特定非営利活動法人",
    "医療法人社団",
    "医療法人財団",
    "医療法人",
    "社会福祉法人",
    "学校法人",
    "宗教法人",
    "農事組合法人",
    "税理士法人",
    "弁護士法人",
    "協同組合",
    "商工会議所",
];
/// How people begin to speak of their own.
const OWN: [&str; 5] = ["弊社", "当社", "弊所", "当方", "私共"];
/// After one of these a name has ended, as often as not.
const PARTICLES: [char; 8] = ['の', 'と', 'で', 'に', 'は', 'が', 'を', 'へ'];

/// What is named in a text, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Numbers of declarations, in any spelling.
    pub numbers: Vec<DeclarationNo>,
    /// Corporate numbers whose check digit fits.
    pub corporate_numbers: Vec<CorporateNumber>,
    /// What may be the name of an organisation, folded.
    pub organizations: Vec<String>,
}

/// Reads what is named in a text.
pub fn named(text: &str) -> Named {
    let mut named = Named::default();
    for line in text.lines() {
        read_numbers(line, &mut named);
        read_names(line, &mut named);
    }
    named
}

/// A row of digits, and whether nothing but a mark that groups digits stands between it and the one before.
struct Digits {
    digits: String,
    goes_on: bool,
}

fn digits_of(line: &str) -> Vec<Digits> {
    let mut rows: Vec<Digits> = Vec::new();
    let mut between = 0_usize;
    let mut is_grouping = false;
    let mut is_in = false;
    for c in line.nfkc() {
        if c.is_ascii_digit() {
            if !is_in {
                let goes_on = !rows.is_empty() && is_grouping && between == 1;
                rows.push(Digits {
                    digits: String::new(),
                    goes_on,
                });
            }
            if let Some(row) = rows.last_mut() {
                row.digits.push(c);
            }
            (is_in, between, is_grouping) = (true, 0, true);
        } else if !plain::is_empty_mark(c) || c.is_whitespace() {
            is_in = false;
            between += 1;
            is_grouping &= plain::is_dash(c) || c.is_whitespace();
        }
    }
    rows
}

fn read_numbers(line: &str, named: &mut Named) {
    const LONGEST: usize = 13;
    let rows = digits_of(line);
    for first in 0..rows.len() {
        let mut joined = String::new();
        for (index, row) in rows[first..].iter().enumerate() {
            if (index > 0 && !row.goes_on) || joined.len() + row.digits.len() > LONGEST {
                break;
            }
            joined.push_str(&row.digits);
            // What is only a part of a longer row of groups may be anything.
            if let Ok(number) = DeclarationNo::parse(&joined) {
                add(&mut named.numbers, number);
            }
            if let Ok(number) = CorporateNumber::parse(&joined) {
                add(&mut named.corporate_numbers, number);
            }
        }
    }
}

fn read_names(line: &str, named: &mut Named) {
    let words: Vec<&str> = line
        .split(|c: char| {
            c.is_whitespace() || "、。,，!！?？：:;；「」『』【】[]<>＜＞\"@＠/／|｜".contains(c)
        })
        .filter(|word| !word.is_empty())
        .collect();
    for (index, word) in words.iter().enumerate() {
        let folded = fold(word);
        if FORMS.contains(&folded.as_str()) {
            // 「株式会社 みほん」 or 「みほん 株式会社」.
            let next = words.get(index + 1).map(|next| format!("{folded}{}", fold(next)));
            let before = index.checked_sub(1).and_then(|before| words.get(before));
            let before = before.map(|before| format!("{}{folded}", fold(before)));
            next.into_iter()
                .chain(before)
                .for_each(|name| add_name(named, &name));
            continue;
        }
        for name in names_in(word) {
            add_name(named, &name);
        }
    }
}

/// The names that a word may hold, as it is and without what may follow in the same word.
fn names_in(word: &str) -> Vec<String> {
    let mut names = Vec::new();
    let folded = fold(word);
    for part in folded.split(['(', ')']) {
        let Some(form) = FORMS.iter().find(|form| part.contains(**form)) else {
            continue;
        };
        if !part.starts_with(form) {
            let end = part.find(form).map_or(part.len(), |at| at + form.len());
            let name = &part[..end];
            let own = OWN.iter().find_map(|own| name.strip_prefix(own));
            names.push(own.unwrap_or(name).to_owned());
            continue;
        }
        names.push(part.to_owned());
        // In the word as it was typed, for a folded one does not tell の from ノ.
        for (at, _) in word.match_indices(PARTICLES) {
            let cut = fold(&word[..at]);
            if cut.starts_with(form) {
                names.push(cut);
            }
        }
    }
    names
}

fn add_name(named: &mut Named, name: &str) {
    let length = name.chars().count();
    let is_form_alone = FORMS.contains(&name);
    if !is_form_alone && (5..=NAME_MAX).contains(&length) {
        add(&mut named.organizations, name.to_owned());
    }
}

fn add<T: PartialEq>(found: &mut Vec<T>, one: T) {
    if found.len() < MOST && !found.contains(&one) {
        found.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        named(text).numbers.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_number_is_found_in_every_spelling() {
        for text in [
            "宣言IDは59990000017です。",
            "自己宣言ＩＤ：５９９９００００017",
            "番号 599-9000-0017 について",
            "No.5999 0000 017（一つ星）",
            "599ー9000−0017",
            "TEL 03-1234-5678 / ID 59990000017",
            "59990000017\u{200B}",
        ] {
            assert_eq!(numbers(text), ["59990000017"], "{text}");
        }
    }

    #[test]
    fn telephone_numbers_and_days_are_no_numbers_of_declarations() {
        for text in [
            "電話 090-1234-5678",
            "2026-11-29 10:00",
            "〒999-0001 53-1",
            "599900000170000",
            "5 9990000017 円と 4",
        ] {
            let found = numbers(text);
            assert!(found.iter().all(|it| it == "59990000017"), "{text}: {found:?}");
        }
        assert_eq!(numbers("599900000170000"), Vec::<String>::new());
        assert_eq!(numbers("電話 090-1234-5678"), Vec::<String>::new());
    }

    #[test]
    fn a_corporate_number_needs_its_check_digit() {
        let found = named("法人番号 T7999901000001、旧 8999901000001").corporate_numbers;
        assert_eq!(
            found.iter().map(CorporateNumber::as_str).collect::<Vec<_>>(),
            ["7999901000001"]
        );
    }

    #[test]
    fn an_organisation_is_found_wherever_its_form_stands() {
        for (text, wanted) in [
            ("みほん商事株式会社 総務部 見本", "みほん商事株式会社"),
            ("株式会社みほん商事の見本です。", "株式会社みほん商事"),
            ("㈱みほん商事　見本", "株式会社みほん商事"),
            ("みほん商事（株）の担当です", "みほん商事株式会社"),
            ("弊社みほん商事株式会社では", "みほん商事株式会社"),
            ("株式会社 みほん商事", "株式会社みほん商事"),
            ("医療法人社団みほん会", "医療法人社団みほん会"),
        ] {
            let names = named(text).organizations;
            assert!(names.contains(&fold(wanted)), "{text}: {names:?}");
        }
        assert_eq!(named("株式会社").organizations, Vec::<String>::new());
    }

    #[test]
    fn a_list_of_numbers_is_not_read_to_its_end() {
        let lines: Vec<String> = (0..1_000).map(|serial| format!("5{serial:010}")).collect();
        assert_eq!(named(&lines.join("\n")).numbers.len(), MOST);
    }
}
