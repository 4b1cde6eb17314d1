//! Dates in the spellings that registers hold, and the limits of the eras.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn reads(typed: &str, iso: &str) {
    assert_eq!(
        parse_date(typed).map(|day| day.to_string()),
        Ok(iso.to_owned()),
        "{typed}"
    );
}

#[test]
fn western_years_in_their_spellings() {
    for typed in [
        "2018/01/24",
        "2018-1-24",
        "20180124",
        "２０１８年１月２４日",
        "2018.1.24",
        " 2018/01/24\u{3000}",
        "2018/01/24 0:00",
        "2018-01-24T00:00:00",
        "2018/01/24 00:00:00.000",
        "2018年1月24日（水）",
        "2018年1月24日 (水曜日)",
        "二〇一八年一月二十四日",
        "2018－01－24",
    ] {
        reads(typed, "2018-01-24");
    }
}

#[test]
fn era_years_in_their_spellings() {
    reads("R4.1.18", "2022-01-18");
    reads("令和2年5月12日", "2020-05-12");
    reads("令和二年五月十二日", "2020-05-12");
    reads("令和元年6月5日", "2019-06-05");
    reads("R元.5.1", "2019-05-01");
    reads("平31.4.30", "2019-04-30");
    reads("H31/4/30", "2019-04-30");
    reads("Ｈ２９．８．１", "2017-08-01");
    reads("昭和64年1月7日", "1989-01-07");
    reads("S63-12-01", "1988-12-01");
    reads("R010501", "2019-05-01");
    reads("㍻30年4月1日", "2018-04-01");
}

#[test]
fn an_era_has_no_day_outside_its_limits() {
    for typed in [
        "平成31年5月1日",
        "令和元年4月30日",
        "H32.1.1",
        "R1.1.1",
        "昭和64年1月8日",
        "平成元年1月7日",
        "令和0年5月1日",
        "平成35年2月1日",
    ] {
        assert_eq!(parse_date(typed), Err(DateError::Era), "{typed}");
    }
}

#[test]
fn the_calendar_has_no_such_day() {
    for typed in [
        "2018/02/30",
        "2019-02-29",
        "2018/13/01",
        "20180431",
        "令和2年2月30日",
        "2018/00/10",
        "0000-01-01",
    ] {
        assert_eq!(parse_date(typed), Err(DateError::Calendar), "{typed}");
    }
    reads("2020/02/29", "2020-02-29");
}

#[test]
fn what_is_not_written_as_a_date_is_refused() {
    assert_eq!(parse_date("\u{3000}"), Err(DateError::Missing));
    for typed in [
        "不明",
        "18/01/24",
        "43124",
        "2018/01",
        "2018年春頃",
        "2018/1/2/3",
        "令和",
        "2018/123/1",
        "201801",
        "R元年",
        "1/24/2018",
    ] {
        assert_eq!(parse_date(typed), Err(DateError::Shape), "{typed}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = parse_date(&text);
    }

    #[test]
    fn texts_that_look_like_dates_do_not_make_it_panic(text in "[0-9０-９/年月日令和元平成HRS.()（）: 〇一二十-]{0,16}") {
        let _ = parse_date(&text);
    }

    #[test]
    fn every_day_survives_every_spelling(number in 700_000..760_000_i32) {
        let day = NaiveDate::from_num_days_from_ce_opt(number).expect("within the calendar");
        for format in ["%Y/%m/%d", "%Y-%m-%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%-m.%-d", "%Y-%m-%dT%H"] {
            let format = format.trim_end_matches("T%H");
            prop_assert_eq!(parse_date(&day.format(format).to_string()), Ok(day));
        }
    }
}
