//! The numbers of inquiries as a sheet: one number a line, with what it counts, so that any program can turn it as it likes.

use domain::inquiry::InquiryTag;
use domain::privacy_request::Channel;

use super::numbers::{InquiryNumbers, Spread};
use crate::Internal;
use crate::sheet_cell::sheet_cell;

/// Excel reads a sheet as UTF-8 only when it begins so.
const BOM: &[u8] = "\u{feff}".as_bytes();
const HEADINGS: [&str; 6] = ["開始日", "終了日", "区分", "項目", "指標", "値"];
const RECEIVED: &str = "受付件数";

/// The numbers as CSV. What nothing can be said of is empty.
pub fn inquiry_numbers_sheet(numbers: &InquiryNumbers) -> Result<Vec<u8>, Internal> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BOM.to_vec());
    writer.write_record(HEADINGS).map_err(Internal::new)?;
    let span = [numbers.from.to_string(), numbers.to.to_string()];
    for [group, item, what, value] in lines(numbers) {
        let cells = [&span[0], &span[1], &group, &item, &what, &value];
        let cells = cells.map(|cell| sheet_cell(cell).into_owned());
        writer.write_record(cells).map_err(Internal::new)?;
    }
    writer
        .into_inner()
        .map_err(|error| Internal::new(error.into_error()))
}

fn lines(numbers: &InquiryNumbers) -> Vec<[String; 4]> {
    let mut lines = Vec::new();
    let mut line = |group: &str, item: &str, what: &str, value: String| {
        lines.push([group.to_owned(), item.to_owned(), what.to_owned(), value]);
    };
    for (what, value) in [
        (RECEIVED, numbers.received),
        ("初回回答の件数", numbers.answered),
        ("完了件数", numbers.closed),
        ("再開件数", numbers.reopened),
        ("再開率（1,000件あたり）", numbers.reopened_permille),
        ("期限を過ぎた件数", numbers.breached),
    ] {
        line("全体", "", what, value.to_string());
    }
    for (item, spread) in [
        ("初回回答までの営業時間", numbers.first_reply),
        ("完了までの営業時間", numbers.resolution),
    ] {
        let Spread { count, median, p90 } = spread;
        let minutes = |minutes: Option<i64>| minutes.map_or_else(String::new, |it| it.to_string());
        line("所要時間", item, "件数", count.to_string());
        line("所要時間", item, "中央値（分）", minutes(median));
        line("所要時間", item, "90パーセンタイル（分）", minutes(p90));
    }
    for it in &numbers.days {
        let day = it.day.to_string();
        for (what, value) in [
            (RECEIVED, it.received),
            ("初回回答の件数", it.answered),
            ("完了件数", it.closed),
            ("未対応の件数（1日の終わり）", it.backlog),
        ] {
            line("日別", &day, what, value.to_string());
        }
    }
    for (hour, count) in numbers.hours.iter().enumerate() {
        line("時間帯別", &format!("{hour}時台"), RECEIVED, count.to_string());
    }
    for (topic, count) in &numbers.topics {
        line(
            "用件別",
            topic.map_or("指定なし", InquiryTag::japanese),
            RECEIVED,
            count.to_string(),
        );
    }
    for (channel, count) in &numbers.channels {
        line("経路別", channel_word(*channel), RECEIVED, count.to_string());
    }
    lines
}

/// As the console calls them.
const fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "電子メール",
        Channel::Post => "郵送",
        Channel::Telephone => "電話",
        Channel::Counter => "窓口",
        Channel::Other => "その他",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_a_sheet_begin_with_the_mark_of_utf8_and_have_one_number_a_line() {
        let day = "2026-12-02".parse().expect("a day");
        let numbers = InquiryNumbers {
            from: day,
            to: day,
            received: 3,
            answered: 2,
            closed: 1,
            reopened: 0,
            first_reply: Spread {
                count: 2,
                median: Some(30),
                p90: Some(60),
            },
            resolution: Spread::default(),
            reopened_permille: 0,
            breached: 1,
            days: Vec::new(),
            hours: [0; 24],
            topics: vec![(None, 3)],
            channels: vec![(Channel::Mail, 3)],
        };
        let sheet = inquiry_numbers_sheet(&numbers).expect("a sheet");
        let sheet = String::from_utf8(sheet).expect("UTF-8");
        let lines: Vec<&str> = sheet.split("\r\n").collect();
        assert_eq!(lines[0], "\u{feff}開始日,終了日,区分,項目,指標,値");
        assert_eq!(lines[1], "2026-12-02,2026-12-02,全体,,受付件数,3");
        assert!(lines.contains(&"2026-12-02,2026-12-02,所要時間,初回回答までの営業時間,中央値（分）,30"));
        assert!(lines.contains(&"2026-12-02,2026-12-02,所要時間,完了までの営業時間,中央値（分）,"));
        assert!(lines.contains(&"2026-12-02,2026-12-02,用件別,指定なし,受付件数,3"));
        assert!(lines.contains(&"2026-12-02,2026-12-02,経路別,電子メール,受付件数,3"));
        assert!(lines.contains(&"2026-12-02,2026-12-02,全体,,\"再開率（1,000件あたり）\",0"));
    }
}
