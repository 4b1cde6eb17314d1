//! Old registers that a test makes up, row by row, and parts of the given one.

use std::collections::BTreeMap;
use std::fs;

use crate::office::data_file;

/// One row of an old register: a heading that is not named holds nothing.
#[derive(Clone)]
pub struct Row(BTreeMap<&'static str, String>);

impl Row {
    /// A live corporation with everything that a clean row has.
    pub fn corporation(number: &str) -> Self {
        Self::plain(
            number,
            "法人",
            &format!("株式会社見本{number}"),
            "カブシキガイシャミホン",
        )
    }

    /// A live sole trader with everything that a clean row has.
    pub fn sole_trader(number: &str, name: &str, kana: &str) -> Self {
        Self::plain(number, "個人事業主", name, kana)
    }

    fn plain(number: &str, entity: &str, name: &str, kana: &str) -> Self {
        let cells = [
            ("自己宣言ID", number),
            ("宣言日", "2020-04-01"),
            ("区分", entity),
            ("事業者名", name),
            ("フリガナ", kana),
            ("代表者役職", "代表"),
            ("代表者名", "見本 太郎"),
            ("郵便番号", "1000001"),
            ("都道府県", "東京都"),
            ("市区町村", "みほん市"),
            ("番地", "1-2-3"),
            ("業種", "G"),
            ("従業員数", "12"),
            ("資本金", "3000000"),
            ("取組段階", "1"),
            ("担当者名", "見本 花子"),
            ("担当部署", "総務課"),
            ("メール", "info@example.jp"),
            ("電話", "03-0000-0000"),
            ("公表同意", "同意"),
            ("状態", "有効"),
        ];
        Self(cells.map(|(heading, cell)| (heading, cell.to_owned())).into())
    }

    /// The same row with another cell.
    #[must_use]
    pub fn with(mut self, heading: &'static str, cell: &str) -> Self {
        self.0.insert(heading, cell.to_owned());
        self
    }
}

/// A register of these rows, in UTF-8.
pub fn register(rows: &[Row]) -> String {
    let headings = given_records(1).remove(0);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&headings).expect("the headings");
    for row in rows {
        for heading in row.0.keys() {
            assert!(
                headings.iter().any(|known| known == *heading),
                "no heading {heading}"
            );
        }
        let cells = headings
            .iter()
            .map(|heading| row.0.get(heading).map_or("", String::as_str));
        writer.write_record(cells).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("a buffer")).expect("UTF-8")
}

/// The headings and the first rows of the given register, in UTF-8.
pub fn given_rows(rows: usize) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in given_records(rows + 1) {
        writer.write_record(&record).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("a buffer")).expect("UTF-8")
}

/// The whole given register, decoded.
pub fn given_register() -> String {
    let bytes = fs::read(data_file("legacy-register.csv")).expect("the given register");
    let (text, _, _) = encoding_rs::SHIFT_JIS.decode(&bytes);
    text.into_owned()
}

fn given_records(count: usize) -> Vec<csv::StringRecord> {
    let text = given_register();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let records = reader.records().take(count);
    records.map(|record| record.expect("a row")).collect()
}

/// A valid corporate number of the office code that nobody uses.
pub fn corporate_number(serial: u32) -> String {
    let rest = format!("999901{serial:06}");
    let sum: u32 = rest
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{}{rest}", 9 - sum % 9)
}

/// A sole trader of whom every personal field holds a text that stands nowhere else, so that it can be searched for.
pub fn canary_trader(number: &str) -> Row {
    Row::sole_trader(number, "金糸雀", "カナリア")
        .with("代表者役職", "小鳥長")
        .with("代表者名", "囀太郎")
        .with("郵便番号", "9998877")
        .with("番地", "羽根町1-2")
        .with("建物", "鳥籠ビル")
        .with("担当者名", "歌姫")
        .with("担当部署", "音楽課")
        .with("メール", "tori@example.jp")
        .with("電話", "03-9999-8888")
        .with("備考", "餌を好む")
}
