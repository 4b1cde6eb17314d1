//! The list that the made-up office began with: some rows of an old register with the usual mess.

use super::dice::Dice;
use super::words::{DEPARTMENTS, FAMILY, GIVEN, PLACES, STEMS, TRADES, corporate_number};

/// Every such row is about the organisation of the row before it.
const TWICE_EVERY: u32 = 20;

/// The numbers of the two declarations of one organisation, for each organisation that has two.
pub(super) fn duplicates(rows: u32) -> impl Iterator<Item = [String; 2]> {
    (1..=rows / TWICE_EVERY)
        .map(|it| it * TWICE_EVERY)
        .map(|row| [row - 1, row].map(declaration_no))
}

fn declaration_no(row: u32) -> String {
    format!("4{row:010}")
}

/// A CSV in UTF-8 with so many rows; every twentieth shares its corporate number with the row before it.
pub(super) fn csv(dice: &mut Dice, rows: u32) -> String {
    let mut text = domain::legacy_register::HEADINGS.join(",");
    text.push_str("\r\n");
    for number in 1..=rows {
        text.push_str(&row(dice, number));
        text.push_str("\r\n");
    }
    text
}

fn row(dice: &mut Dice, number: u32) -> String {
    let (stem, stem_kana) = dice.one(&STEMS);
    let (trade, trade_kana, industry) = dice.one(&TRADES);
    let (prefecture, city) = dice.one(&PLACES);
    let person = format!("{}　{}", dice.pick(&FAMILY), dice.pick(&GIVEN));
    let owner = if number.is_multiple_of(TWICE_EVERY) {
        number - 1
    } else {
        number
    };
    let corporate = match number % 11 {
        4 => String::new(),
        7 => format!("T{}", corporate_number(900_000 + owner)),
        _ => corporate_number(900_000 + owner),
    };
    let form = dice.pick(&["株式会社", "㈱", "（株）", "有限会社"]);
    let mail = if number.is_multiple_of(13) {
        format!("taro..{number}.@example.jp")
    } else {
        format!("info@k{number}.example.jp")
    };
    let (star, score, policy) = match number % 5 {
        0 => ("★★", "78", "https://example.jp/policy"),
        1 => ("二つ星", "64", "弊社受付に掲示"),
        _ => ("ひとつ星", "", ""),
    };
    let employees = dice.pick(&["8名", "約20人", "１２", "", "3"]);
    let declared = format!("H29.{}.{}", 1 + number % 3, 1 + number % 28);
    format!(
        "{number},{declared},法人,{corporate},{form}{stem}{trade},{stem_kana}{trade_kana},,代表取締役,{person},1000001,\
         {prefecture},{city},１丁目２－３,,{industry},{employees},１０００万円,{star},{score},{policy},,{contact},{department},\
         {mail},03-0000-{phone:04},同意,有効,,",
        number = declaration_no(number),
        contact = dice.pick(&FAMILY),
        department = dice.pick(&DEPARTMENTS),
        phone = number % 10_000,
    )
}
