//! One row of a question, as it was typed, and as it was read.

use chrono::NaiveDate;

use crate::personal::Personal;
use crate::text::{self, Lines, TextProblem};
use crate::value::{
    CorporateNumber, CorporateNumberError, DateError, DeclarationNo, DeclarationNoError, parse_date,
};

/// Characters of a name: as many as a declaration takes.
pub const NAME_MAX: usize = 150;
/// Characters of the other cells: far more than any spelling of a number or a day has.
const CELL_MAX: usize = 100;

/// A row as it was typed. Whose name it is nobody knows, so it is personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// 自己宣言ID.
    pub number: String,
    /// 法人番号.
    pub corporate_number: String,
    /// 事業者名.
    pub name: Personal<String>,
    /// The day that is asked about; empty: the one that is asked about in general.
    pub day: String,
    /// Its cells do not stand under their headings: it has more of them.
    pub is_ragged: bool,
}

/// What is asked about one declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// By which number it is looked for.
    pub number: Option<DeclarationNo>,
    /// Whose it has to be; looked for by it where there is no number.
    pub corporate_number: Option<CorporateNumber>,
    /// The name to compare, as typed.
    pub name: Option<Personal<String>>,
    /// On which day.
    pub day: NaiveDate,
}

/// What is wrong with a cell: the cell, a stable code and one sentence for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskProblem {
    /// `number`, `corporateNumber`, `name`, `date`, or empty for the whole row.
    pub field: &'static str,
    /// Stable.
    pub code: &'static str,
    /// One sentence that says what to do.
    pub message: String,
}

impl AskProblem {
    fn new(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            code,
            message: message.into(),
        }
    }
}

/// Reads a row, or says everything that is wrong with it. `general`: the day for rows without one.
pub fn ask(typed: &Typed, general: NaiveDate, today: NaiveDate) -> Result<Asked, Vec<AskProblem>> {
    if typed.is_ragged {
        let text = "見出しより列が多い行です。区切りの文字が値の中にないか、確かめてください。";
        return Err(vec![AskProblem::new("", "ragged_row", text)]);
    }
    let mut problems = Vec::new();
    let number = keep(&mut problems, read_number(&typed.number)).flatten();
    let corporate_number = keep(&mut problems, read_corporate_number(&typed.corporate_number)).flatten();
    let name = keep(&mut problems, read_name(&typed.name)).flatten();
    let day = keep(&mut problems, read_day(&typed.day, general, today)).unwrap_or(general);
    if problems.is_empty() && number.is_none() && corporate_number.is_none() {
        let text = "自己宣言IDか法人番号を入力してください。";
        problems.push(AskProblem::new("number", "no_number", text));
    }
    if problems.is_empty() {
        Ok(Asked {
            number,
            corporate_number,
            name,
            day,
        })
    } else {
        Err(problems)
    }
}

fn keep<T>(problems: &mut Vec<AskProblem>, read: Result<T, AskProblem>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

fn read_number(typed: &str) -> Result<Option<DeclarationNo>, AskProblem> {
    short("number", typed)?;
    match DeclarationNo::parse(typed) {
        Ok(number) => Ok(Some(number)),
        Err(DeclarationNoError::Missing) => Ok(None),
        Err(DeclarationNoError::Shape) => Err(AskProblem::new(
            "number",
            "declaration_no_shape",
            "自己宣言IDは、4か5で始まる11桁の数字で入力してください。",
        )),
    }
}

fn read_corporate_number(typed: &str) -> Result<Option<CorporateNumber>, AskProblem> {
    const FIELD: &str = "corporateNumber";
    short(FIELD, typed)?;
    match CorporateNumber::parse(typed) {
        Ok(number) => Ok(Some(number)),
        Err(CorporateNumberError::Missing) => Ok(None),
        Err(CorporateNumberError::Length) => Err(AskProblem::new(
            FIELD,
            "corporate_number_length",
            "法人番号は13桁の数字で入力してください。",
        )),
        Err(CorporateNumberError::CheckDigit) => Err(AskProblem::new(
            FIELD,
            "corporate_number_check_digit",
            "法人番号の検査用数字が合いません。写し間違いがないか、確かめてください。",
        )),
    }
}

fn read_name(typed: &Personal<String>) -> Result<Option<Personal<String>>, AskProblem> {
    let typed = typed.reveal();
    match text::check(typed, NAME_MAX, Lines::One) {
        Ok(()) => Ok(Some(Personal::new(typed.clone()))),
        Err(TextProblem::Empty) => Ok(None),
        Err(problem) => Err(AskProblem::new("name", problem.code(), problem.japanese())),
    }
}

fn read_day(typed: &str, general: NaiveDate, today: NaiveDate) -> Result<NaiveDate, AskProblem> {
    const FIELD: &str = "date";
    short(FIELD, typed)?;
    let day = match parse_date(typed) {
        Ok(day) => day,
        Err(DateError::Missing) => general,
        Err(DateError::Shape) => {
            let text = "日付は「2026-04-01」や「令和8年4月1日」のように入力してください。";
            return Err(AskProblem::new(FIELD, "date_unreadable", text));
        }
        Err(DateError::Calendar | DateError::Era) => {
            let text = "この日付は暦にありません。確かめてください。";
            return Err(AskProblem::new(FIELD, "date_unreadable", text));
        }
    };
    // Nobody knows today what will be recorded by then.
    if day > today {
        let text = "今日までの日付を入力してください。先の日については答えられません。";
        return Err(AskProblem::new(FIELD, "in_the_future", text));
    }
    Ok(day)
}

/// What has thousands of characters is no number, and is not read as one.
fn short(field: &'static str, typed: &str) -> Result<(), AskProblem> {
    if typed.chars().nth(CELL_MAX).is_none() {
        return Ok(());
    }
    let text = format!("{CELL_MAX}文字以内で入力してください。");
    Err(AskProblem::new(field, "too_long", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> NaiveDate {
        iso.parse().expect("a day")
    }

    fn typed([number, corporate_number, name, day]: [&str; 4]) -> Typed {
        Typed {
            number: number.to_owned(),
            corporate_number: corporate_number.to_owned(),
            name: Personal::new(name.to_owned()),
            day: day.to_owned(),
            is_ragged: false,
        }
    }

    fn read(cells: [&str; 4]) -> Result<Asked, Vec<String>> {
        let (general, today) = (day("2026-10-01"), day("2026-11-22"));
        ask(&typed(cells), general, today).map_err(|problems| {
            assert!(problems.iter().all(|problem| problem.message.ends_with('。')));
            let said = problems.iter().map(|it| format!("{} {}", it.field, it.code));
            said.collect()
        })
    }

    fn codes(cells: [&str; 4]) -> Vec<String> {
        read(cells).expect_err("a refusal")
    }

    #[test]
    fn what_people_type_is_read_and_a_row_without_a_day_is_about_the_general_one() {
        let asked = read([
            "５９９９－００００－０１７",
            "T7999901000001",
            " みほん\u{3000}",
            "令和8年4月1日",
        ]);
        let asked = asked.expect("a question");
        assert_eq!(
            asked.number.map(|it| it.to_string()).as_deref(),
            Some("59990000017")
        );
        assert_eq!(
            asked.corporate_number.map(|it| it.to_string()).as_deref(),
            Some("7999901000001")
        );
        assert_eq!(asked.day, day("2026-04-01"));
        let asked = read(["59990000017", "", "", ""]).expect("a question");
        assert_eq!((asked.day, asked.name), (day("2026-10-01"), None));
        assert!(read(["", "7999901000001", "", ""]).is_ok());
    }

    #[test]
    fn each_cell_that_cannot_be_read_is_named() {
        assert_eq!(
            codes(["1", "8999901000001", "み\u{202E}ほん", "2026-02-30"]),
            [
                "number declaration_no_shape",
                "corporateNumber corporate_number_check_digit",
                "name direction_character",
                "date date_unreadable"
            ]
        );
        assert_eq!(
            codes(["", "12", "", "きのう"]),
            ["corporateNumber corporate_number_length", "date date_unreadable"]
        );
        assert_eq!(codes(["", "", "みほん", ""]), ["number no_number"]);
        assert_eq!(
            codes(["59990000017", "", "み\u{200B}ほん", ""]),
            ["name invisible_character"]
        );
        assert_eq!(
            codes(["59990000017", "", "", "2026-11-23"]),
            ["date in_the_future"]
        );
        assert!(
            read(["59990000017", "", "", "2026-11-22"]).is_ok(),
            "today is known"
        );
    }

    #[test]
    fn cells_of_ten_thousand_characters_are_too_long_whatever_they_say() {
        let long = "あ".repeat(10_000);
        assert_eq!(
            codes([&long, &long, &long, &long]),
            [
                "number too_long",
                "corporateNumber too_long",
                "name too_long",
                "date too_long"
            ]
        );
    }

    #[test]
    fn a_formula_is_a_name_like_any_other() {
        let asked = read(["59990000017", "", "=cmd|' /C calc'!A0", ""]).expect("a question");
        let name = asked.name.expect("a name");
        assert_eq!(name.reveal(), "=cmd|' /C calc'!A0");
    }

    #[test]
    fn a_row_with_more_cells_than_headings_is_not_guessed_at() {
        let row = Typed {
            is_ragged: true,
            ..typed(["59990000017", "", "", ""])
        };
        let problems = ask(&row, day("2026-10-01"), day("2026-11-22")).expect_err("a refusal");
        assert_eq!((problems.len(), problems[0].code), (1, "ragged_row"));
    }
}
