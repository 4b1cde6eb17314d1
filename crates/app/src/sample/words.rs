//! Invented names: organisations, persons and places that nobody has. Addresses are example domains, corporate
//! numbers use the office code 9999 that no office has.

/// First part of an organisation's name, with its reading.
pub const STEMS: [(&str, &str); 24] = [
    ("みほん", "ミホン"),
    ("あおば", "アオバ"),
    ("若葉", "ワカバ"),
    ("朝日丘", "アサヒオカ"),
    ("北斗", "ホクト"),
    ("東洋", "トウヨウ"),
    ("つばさ", "ツバサ"),
    ("ひかり", "ヒカリ"),
    ("みどり", "ミドリ"),
    ("みなと", "ミナト"),
    ("さくら", "サクラ"),
    ("第一", "ダイイチ"),
    ("中央", "チュウオウ"),
    ("青龍", "セイリュウ"),
    ("白鳥", "シラトリ"),
    ("髙嶋", "タカシマ"),
    ("山﨑", "ヤマサキ"),
    ("濵田", "ハマダ"),
    ("德永", "トクナガ"),
    ("オーシャン", "オーシャン"),
    ("サンライズ", "サンライズ"),
    ("ミライ", "ミライ"),
    ("テクノ", "テクノ"),
    ("アルプス", "アルプス"),
];

/// Second part, with its reading and the letter of its industry.
pub const TRADES: [(&str, &str, &str); 20] = [
    ("製作所", "セイサクショ", "E"),
    ("食品", "ショクヒン", "E"),
    ("印刷", "インサツ", "E"),
    ("木工", "モッコウ", "E"),
    ("酒造", "シュゾウ", "E"),
    ("工務店", "コウムテン", "D"),
    ("電設", "デンセツ", "D"),
    ("物産", "ブッサン", "I"),
    ("商事", "ショウジ", "I"),
    ("薬局", "ヤッキョク", "I"),
    ("運輸", "ウンユ", "H"),
    ("不動産", "フドウサン", "K"),
    ("設計", "セッケイ", "L"),
    ("会計事務所", "カイケイジムショ", "L"),
    ("デザイン", "デザイン", "L"),
    ("ソフトウェア", "ソフトウェア", "G"),
    ("観光", "カンコウ", "M"),
    ("歯科医院", "シカイイン", "P"),
    ("農園", "ノウエン", "A"),
    ("整備", "セイビ", "R"),
];

/// Family names, with variant kanji as registers have them.
pub const FAMILY: [&str; 14] = [
    "見本", "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "中村", "髙木", "齊藤", "濵田", "柳澤", "山﨑",
    "德永",
];

/// Given names.
pub const GIVEN: [&str; 12] = [
    "太郎",
    "花子",
    "一郎",
    "美咲",
    "健一",
    "由美子",
    "誠",
    "陽菜",
    "大輔",
    "翔",
    "直子",
    "恵",
];

/// Departments of contact persons.
pub const DEPARTMENTS: [&str; 5] = ["総務部", "情報システム課", "経営企画室", "管理部", "品質保証課"];

/// Places: prefecture and an invented city.
pub const PLACES: [(&str, &str); 12] = [
    ("東京都", "みほん区"),
    ("東京都", "例示市"),
    ("大阪府", "みほん市"),
    ("愛知県", "見本市"),
    ("神奈川県", "例の浜市"),
    ("埼玉県", "見本町"),
    ("福岡県", "みほん市"),
    ("北海道", "例原市"),
    ("兵庫県", "見本市"),
    ("広島県", "例島市"),
    ("宮城県", "みほん市"),
    ("沖縄県", "見本村"),
];

/// Why a stop is recorded.
pub const STOP_REASONS: [&str; 4] = [
    "廃業の届け出があったため",
    "事業者から停止の申し出があったため",
    "新しい番号で宣言し直したため",
    "合併により消滅したため",
];

/// Why a fact is corrected.
pub const CORRECTION_REASONS: [&str; 5] = [
    "変更届(メール)を受理",
    "電話での申し出により訂正",
    "登記事項証明書で確認",
    "申込時の入力誤り",
    "担当者交代の連絡を受けたため",
];

/// A corporate number of the unused office code 9999, with its check digit.
pub fn corporate_number(serial: u32) -> String {
    let base = format!("999901{serial:06}");
    let weights = [1_u32, 2].into_iter().cycle();
    let sum: u32 = base
        .bytes()
        .rev()
        .zip(weights)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{}{base}", 9 - sum % 9)
}

/// Declarations that one agency made for many organisations within some weeks.
const PROXIED: std::ops::Range<u32> = 620..636;

/// Most organisations have a domain of their own. A few in a row have one agency's, which looks like what it is.
pub fn contact_address(number: u32) -> String {
    if PROXIED.contains(&number) {
        format!("daiko{number}@agency.example.jp")
    } else {
        format!("info@s{number}.example.jp")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_corporate_numbers_are_valid() {
        assert_eq!(corporate_number(1), "7999901000001");
        for serial in [2, 77, 123_456] {
            assert!(domain::value::CorporateNumber::parse(&corporate_number(serial)).is_ok());
        }
    }
}
