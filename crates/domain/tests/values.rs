//! What holds for every value type: no text makes a reader panic, a normal form is its own normal form, and what is written
//! in any width reads the same.

use domain::{
    declaration::{Field, FieldValue},
    value::{
        CorporateNumber, CorporateNumberError, DeclarationNo, Employees, Industry, Prefecture, Yen,
        normal_form,
    },
};
use proptest::prelude::*;

/// ASCII in full width.
fn wide(text: &str) -> String {
    let widen = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        ' ' => '\u{3000}',
        other => other,
    };
    text.chars().map(widen).collect()
}

/// Text as cells hold it.
fn cells() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9０-９,.、，億万千百円約人名年月日令和平成元RHS★☆星一二つT()（）@＠．/:-－ー\u{3000} \t\0\u{FEFF}a-zA-Zア-ンｱ-ﾝ゛ﾞ]{0,20}",
    ]
}

proptest! {
    #[test]
    fn a_normal_form_is_its_own_normal_form(text in cells()) {
        for field in Field::ALL {
            if let Some(normal) = normal_form(*field, &text) {
                prop_assert_eq!(normal_form(*field, &normal), Some(normal), "{:?}", field);
            }
        }
    }

    #[test]
    fn what_was_typed_is_kept_but_for_nul(text in cells()) {
        for field in Field::ALL {
            if let Some(value) = FieldValue::read(*field, &text) {
                prop_assert_eq!(value.typed(), text.replace('\0', ""));
            }
        }
    }

    #[test]
    fn declaration_numbers_read_the_same_in_every_spelling(first in 4..=5_u64, rest in 0..10_000_000_000_u64) {
        let number = format!("{first}{rest:010}");
        let grouped = format!("{}-{} {}", &number[..3], &number[3..7], &number[7..]);
        for typed in [&number, &wide(&number), &grouped, &wide(&grouped), &format!("\u{FEFF} {number}\t")] {
            prop_assert_eq!(DeclarationNo::parse(typed).map(|read| read.to_string()), Ok(number.clone()));
        }
    }

    #[test]
    fn of_ten_check_digits_one_fits(base in 0..1_000_000_000_000_u64) {
        let read: Vec<_> = (0..10).map(|digit| CorporateNumber::parse(&format!("{digit}{base:012}"))).collect();
        prop_assert_eq!(read.iter().filter(|number| number.is_ok()).count(), 1);
        let wrong = |read: &&Result<CorporateNumber, _>| matches!(read, Err(CorporateNumberError::CheckDigit));
        prop_assert_eq!(read.iter().filter(wrong).count(), 9);
        for number in read.iter().flatten() {
            prop_assert_eq!(CorporateNumber::parse(&wide(&format!("T{number}"))), Ok(number.clone()));
        }
    }

    #[test]
    fn amounts_read_the_same_in_every_spelling(man in 0..1_000_000_u64, count in 0..10_000_000_u32) {
        let yen = Some(man * 10_000);
        for typed in [format!("{}", man * 10_000), format!("{man}万円"), wide(&format!("{man}万円")), format!("￥{man}0000")] {
            prop_assert_eq!(Yen::parse(&typed).map(Yen::get), yen, "{}", typed);
        }
        for typed in [format!("{count}"), format!("約{count}名"), wide(&format!("{count} 人"))] {
            prop_assert_eq!(Employees::parse(&typed).map(Employees::get), Some(count), "{}", typed);
        }
    }
}

#[test]
fn codes_lead_back_to_what_they_stand_for() {
    for prefecture in Prefecture::all() {
        assert_eq!(Prefecture::from_code(prefecture.code()), Some(prefecture));
    }
    for industry in Industry::all() {
        assert_eq!(Industry::from_letter(industry.letter()), Some(industry));
    }
    for field in Field::ALL {
        assert_eq!(Field::from_code(field.code()), Some(*field));
    }
}
