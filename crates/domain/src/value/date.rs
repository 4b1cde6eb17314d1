//! Dates as people type them, in the years of both calendars.

use chrono::NaiveDate;

use super::plain;

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Nothing there.
    #[error("no date given")]
    Missing,
    /// Not written as a date.
    #[error("not written as a date")]
    Shape,
    /// The calendar has no such day.
    #[error("the calendar has no such day")]
    Calendar,
    /// The era had not begun or had ended on that day.
    #[error("the era does not have that day")]
    Era,
}

struct Era {
    names: [&'static str; 3],
    /// First and last day.
    days: [(i32, u32, u32); 2],
}

const ERAS: [Era; 5] = [
    Era {
        names: ["明治", "明", "m"],
        days: [(1868, 10, 23), (1912, 7, 29)],
    },
    Era {
        names: ["大正", "大", "t"],
        days: [(1912, 7, 30), (1926, 12, 24)],
    },
    Era {
        names: ["昭和", "昭", "s"],
        days: [(1926, 12, 25), (1989, 1, 7)],
    },
    Era {
        names: ["平成", "平", "h"],
        days: [(1989, 1, 8), (2019, 4, 30)],
    },
    Era {
        names: ["令和", "令", "r"],
        days: [(2019, 5, 1), (9999, 12, 31)],
    },
];

/// Reads `2018/01/24`, `2022-05-07`, `20180124`, `2018年1月24日`, `R4.1.18`, `令和2年5月12日`, `平成31年4月30日`, `R元.5.1`,
/// `令和二年五月十二日`, in full width as well, and with a weekday or a time of day behind it.
/// A year of two digits without an era is refused: nobody can tell which it is.
pub fn parse_date(typed: &str) -> Result<NaiveDate, DateError> {
    if plain::is_blank(typed) {
        return Err(DateError::Missing);
    }
    // The space between a day and a time must survive until the time is cut off.
    let day = without_time(plain::trim(typed));
    let folded = plain::compact(day).to_lowercase();
    let folded = without_weekday(&folded);
    let era = ERAS.iter().find_map(|era| {
        era.names
            .iter()
            .find_map(|name| Some((era, folded.strip_prefix(name)?)))
    });
    match era {
        None => {
            let (year, month, day) = three_numbers(folded, 4)?;
            day_of(year, month, day).ok_or(DateError::Calendar)
        }
        Some((era, rest)) => {
            let (year, month, day) = three_numbers(rest, 2)?;
            let (first_year, ..) = era.days[0];
            let date = day_of(first_year - 1 + year, month, day).ok_or(DateError::Calendar)?;
            let [first, last] = era.days.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
            if year >= 1 && first <= Some(date) && Some(date) <= last {
                Ok(date)
            } else {
                Err(DateError::Era)
            }
        }
    }
}

fn day_of(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1..=9999).contains(&year))
}

/// Year, month and day; `year_digits` is how many digits a year has at most, and without an era exactly.
fn three_numbers(text: &str, year_digits: usize) -> Result<(i32, u32, u32), DateError> {
    if year_digits == 4 && plain::is_digits(text, 8) {
        return numbers([&text[..4], &text[4..6], &text[6..]]);
    }
    if year_digits == 2 && plain::is_digits(text, 6) {
        return numbers([&text[..2], &text[2..4], &text[4..]]);
    }
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut parts = text.split(['/', '-', '.', '年', '月', ',', '。', '、']);
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DateError::Shape);
    };
    let year = if year == "元" && year_digits == 2 {
        "1".to_owned()
    } else {
        digits_of(year)
    };
    let (month, day) = (digits_of(month), digits_of(day));
    let year_fits = if year_digits == 4 {
        year.len() == 4
    } else {
        (1..=2).contains(&year.len())
    };
    if !year_fits || month.len() > 2 || day.len() > 2 {
        return Err(DateError::Shape);
    }
    numbers([&year, &month, &day])
}

fn numbers([year, month, day]: [&str; 3]) -> Result<(i32, u32, u32), DateError> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !(digits(year) && digits(month) && digits(day)) {
        return Err(DateError::Shape);
    }
    match (year.parse(), month.parse(), day.parse()) {
        (Ok(year), Ok(month), Ok(day)) => Ok((year, month, day)),
        _ => Err(DateError::Shape),
    }
}

/// Chinese numerals up to 99 (十二, 二十四) and digit by digit (二〇二一) as ASCII digits; other text as it is.
fn digits_of(text: &str) -> String {
    const NUMERALS: &str = "〇一二三四五六七八九";
    let one = |c: char| match c {
        '零' => Some(0),
        _ => NUMERALS.chars().position(|numeral| numeral == c),
    };
    let chars: Vec<char> = text.chars().collect();
    let value = match *chars.as_slice() {
        ['十'] => Some(10),
        ['十', units] => one(units).map(|u| 10 + u),
        [tens, '十'] => one(tens).map(|t| t * 10),
        [tens, '十', units] => one(tens).zip(one(units)).map(|(t, u)| t * 10 + u),
        _ => None,
    };
    if let Some(value) = value {
        return value.to_string();
    }
    let by_digit: Option<String> = chars
        .iter()
        .map(|c| one(*c).map(|digit| digit.to_string()))
        .collect();
    by_digit.unwrap_or_else(|| text.to_owned())
}

/// Cuts `0:00`, `00:00:00` and the like off, which spreadsheets and databases put behind a day.
fn without_time(text: &str) -> &str {
    let cut = text.rsplit_once(|c: char| c.is_whitespace() || c == 'T');
    match cut {
        Some((day, time)) if is_time(&plain::compact(time)) => day,
        _ => text,
    }
}

fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split([':', '.']).collect();
    text.contains(':')
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Cuts `(水)` and `(水曜日)` off.
fn without_weekday(text: &str) -> &str {
    let Some((day, weekday)) = text.split_once('(') else {
        return text;
    };
    let name = weekday
        .strip_suffix(')')
        .map(|name| name.trim_end_matches("曜日").trim_end_matches('曜'));
    if name.is_some_and(|name| name.chars().count() == 1 && "月火水木金土日祝".contains(name)) {
        day
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
