//! A made-up old register of any size, the same on every machine: what `import` and `read` measure with.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::{Failure, Outcome};

const HEADINGS: &str = "自己宣言ID,宣言日,区分,法人番号,事業者名,フリガナ,屋号,代表者役職,代表者名,郵便番号,都道府県,\
市区町村,番地,建物,業種,従業員数,資本金,取組段階,自社診断点数,基本方針URL,基本方針公開日,担当者名,担当部署,メール,電話,\
公表同意,状態,停止日,備考";

const FORMS: [&str; 5] = ["株式会社", "㈱", "有限会社", "合同会社", "（株）"];
const STEMS: [(&str, &str); 20] = [
    ("みほん", "ミホン"),
    ("あおば", "アオバ"),
    ("若葉", "ワカバ"),
    ("朝日", "アサヒ"),
    ("北斗", "ホクト"),
    ("東洋", "トウヨウ"),
    ("つばさ", "ツバサ"),
    ("ひかり", "ヒカリ"),
    ("緑山", "ミドリヤマ"),
    ("港", "ミナト"),
    ("桜井", "サクライ"),
    ("第一", "ダイイチ"),
    ("中央", "チュウオウ"),
    ("白鳥", "シラトリ"),
    ("髙嶋", "タカシマ"),
    ("山﨑", "ヤマサキ"),
    ("濵田", "ハマダ"),
    ("德永", "トクナガ"),
    ("未来", "ミライ"),
    ("新星", "シンセイ"),
];
const PLACES: [(&str, &str); 20] = [
    ("川", "ガワ"),
    ("野", "ノ"),
    ("原", "ハラ"),
    ("丘", "オカ"),
    ("浜", "ハマ"),
    ("谷", "タニ"),
    ("沢", "ザワ"),
    ("島", "シマ"),
    ("池", "イケ"),
    ("森", "モリ"),
    ("橋", "バシ"),
    ("坂", "ザカ"),
    ("峰", "ミネ"),
    ("里", "サト"),
    ("岬", "ミサキ"),
    ("泉", "イズミ"),
    ("岩", "イワ"),
    ("滝", "タキ"),
    ("窪", "クボ"),
    ("磯", "イソ"),
];
const TRADES: [(&str, &str, &str); 20] = [
    ("製作所", "セイサクショ", "E"),
    ("食品", "ショクヒン", "E 製造業"),
    ("印刷", "インサツ", "製造業"),
    ("木工", "モッコウ", "E"),
    ("酒造", "シュゾウ", "E"),
    ("工務店", "コウムテン", "D"),
    ("電設", "デンセツ", "建設業"),
    ("物産", "ブッサン", "I"),
    ("商事", "ショウジ", "卸売業，小売業"),
    ("薬局", "ヤッキョク", "I"),
    ("運輸", "ウンユ", "H"),
    ("不動産", "フドウサン", "K"),
    ("設計", "セッケイ", "L"),
    ("会計事務所", "カイケイジムショ", "L"),
    ("デザイン", "デザイン", "その他"),
    ("ソフトウェア", "ソフトウェア", "G"),
    ("観光", "カンコウ", "M"),
    ("歯科医院", "シカイイン", "P"),
    ("農園", "ノウエン", "A"),
    ("整備", "セイビ", "R"),
];
const FAMILY: [&str; 10] = [
    "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "髙木", "齊藤", "柳澤", "見本",
];
const GIVEN: [&str; 8] = ["太郎", "花子", "一郎", "美咲", "健一", "由美子", "大輔", "陽菜"];
const PREFECTURES: [&str; 12] = [
    "東京都",
    "東京都",
    "東京都",
    "大阪府",
    "大阪府",
    "愛知県",
    "神奈川県",
    "埼玉県",
    "福岡県",
    "北海道",
    "兵庫県",
    "沖縄県",
];

/// One large city, and four hundred of a thousand declarations each in a register of 400,000.
fn city(number: u64) -> String {
    if number % 12 == 5 {
        return "みほん市".to_owned();
    }
    format!("{}{}市", pick(&STEMS, number, 43).0, pick(&PLACES, number, 47).0)
}

/// Writes rows `from..to` of the register.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, from: u64, to: u64) -> Outcome<()> {
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    writeln!(file, "{HEADINGS}\r").map_err(failed)?;
    for number in from..to {
        writeln!(file, "{}\r", row(number)).map_err(failed)?;
    }
    file.flush().map_err(failed)
}

/// 自己宣言ID, 法人番号 (empty for sole traders) and 事業者名 of a row, as another office would have them.
pub fn known(number: u64) -> [String; 3] {
    let row = row(number);
    let cells: Vec<&str> = row.split(',').collect();
    [0, 3, 4].map(|at| cells[at].to_owned())
}

/// One of the items, spread so that neighbours differ.
fn pick<T: Copy>(items: &[T], number: u64, spread: u64) -> T {
    let mixed = number
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(u32::try_from(spread % 64).unwrap_or(0));
    items[usize::try_from(mixed % items.len() as u64).unwrap_or(0)]
}

fn row(number: u64) -> String {
    let (stem, stem_kana) = pick(&STEMS, number, 7);
    let (place, place_kana) = pick(&PLACES, number, 13);
    let (trade, trade_kana, industry) = pick(&TRADES, number, 19);
    let sole_trader = number % 8 == 3;
    let person = format!("{}　{}", pick(&FAMILY, number, 23), pick(&GIVEN, number, 29));
    let (kind, corporate_number, name, trade_name) = if sole_trader {
        (
            "個人事業主",
            String::new(),
            person.clone(),
            format!("{stem}{place}{trade}"),
        )
    } else {
        let form = pick(&FORMS, number, 31);
        (
            "法人",
            corporate_number(number),
            format!("{form}{stem}{place}{trade}"),
            String::new(),
        )
    };
    let two_stars = number.is_multiple_of(4);
    let (star, score, policy, published) = if two_stars {
        (
            "★★",
            "78",
            format!("https://example.jp/{number}/policy"),
            declared_on(number),
        )
    } else {
        ("★", "", String::new(), String::new())
    };
    let (state, stopped) = if number % 20 == 7 {
        ("停止", "2025/03/31")
    } else {
        ("有効", "")
    };
    format!(
        "47{number:09},{declared},{kind},{corporate_number},{name},{stem_kana}{place_kana}{trade_kana},{trade_name},代表,\
         {person},{postal:07},{prefecture},{city},１丁目２－３,,{industry},{employees}名,{capital}万円,{star},{score},{policy},\
         {published},{contact},総務部,info{number}@example.jp,03-0000-{phone:04},同意,{state},{stopped},",
        declared = declared_on(number),
        postal = number % 9_999_999,
        prefecture = pick(&PREFECTURES, number, 37),
        city = city(number),
        employees = 1 + number % 280,
        capital = 100 * (1 + number % 50),
        contact = pick(&FAMILY, number, 41),
        phone = number % 10_000,
    )
}

fn declared_on(number: u64) -> String {
    format!(
        "{}/{:02}/{:02}",
        2017 + number % 9,
        1 + number / 9 % 12,
        1 + number / 108 % 28
    )
}

/// A valid number of the unused office code 9999: check digit, office, type, serial.
fn corporate_number(number: u64) -> String {
    let base = format!("9999{:02}{:06}", 1 + number / 1_000_000, number % 1_000_000);
    let sum: u64 = base
        .bytes()
        .rev()
        .zip([1_u64, 2].into_iter().cycle())
        .map(|(digit, weight)| u64::from(digit - b'0') * weight)
        .sum();
    format!("{}{base}", 9 - sum % 9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corporate_numbers_have_the_published_check_digit() {
        assert_eq!(corporate_number(1), "7999901000001");
        assert_eq!(corporate_number(1_000_002)[1..7], *"999902");
    }

    #[test]
    fn a_row_has_as_many_cells_as_there_are_headings() {
        let cells = HEADINGS.split(',').count();
        for number in 0..500 {
            assert_eq!(row(number).split(',').count(), cells, "{}", row(number));
        }
    }
}
