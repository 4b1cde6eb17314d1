//! A question and its answer as JSON: one form for the console and for programs of other offices.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use domain::Personal;
use domain::status_check::{Column, Outcome, Typed};
use domain::value::Star;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::check::{CheckStatus, ROWS_MAX, RowAnswer, RowAsked, StatusReport};
use super::sheet::Sheet;

/// What is asked: `{"date": "2026-04-01", "rows": [{"number": "59990000017", "name": "株式会社みほん"}]}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    #[serde(default)]
    date: Option<String>,
    #[serde(deserialize_with = "bounded")]
    rows: Vec<QuestionRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct QuestionRow {
    #[serde(default)]
    line: Option<u32>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    corporate_number: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    ragged: bool,
}

/// Rows up to one more than are taken: a body of empty rows would otherwise take a hundred times its size.
fn bounded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<QuestionRow>, D::Error> {
    struct Rows;
    impl<'de> Visitor<'de> for Rows {
        type Value = Vec<QuestionRow>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of rows")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut rows = Vec::new();
            while rows.len() <= ROWS_MAX {
                match seq.next_element()? {
                    Some(row) => rows.push(row),
                    None => return Ok(rows),
                }
            }
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(rows)
        }
    }
    deserializer.deserialize_seq(Rows)
}

impl From<Question> for CheckStatus {
    fn from(question: Question) -> Self {
        let row = |(at, row): (u32, QuestionRow)| RowAsked {
            line: row.line.unwrap_or(at),
            typed: Typed {
                number: row.number.unwrap_or_default(),
                corporate_number: row.corporate_number.unwrap_or_default(),
                name: Personal::new(row.name.unwrap_or_default()),
                day: row.date.unwrap_or_default(),
                is_ragged: row.ragged,
            },
        };
        Self {
            day: question.date.unwrap_or_default(),
            rows: (1..).zip(question.rows).map(row).collect(),
        }
    }
}

/// What is answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportJson<'r> {
    date: NaiveDate,
    checked_at: DateTime<Utc>,
    recorded_up_to: i64,
    counts: BTreeMap<&'static str, usize>,
    other_names: usize,
    rows: Vec<RowJson<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowJson<'r> {
    line: u32,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stars: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declared_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_since: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<&'r str>,
    name: NameJson<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<ProblemJson<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NameJson<'r> {
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_record: Option<&'r str>,
}

#[derive(Serialize)]
struct ProblemJson<'r> {
    field: &'static str,
    code: &'static str,
    message: &'r str,
}

impl<'r> ReportJson<'r> {
    /// The answer. `with_ids`: with the ids that the console's addresses have.
    pub fn new(report: &'r StatusReport, with_ids: bool) -> Self {
        let counts = report.counts.outcomes.iter();
        Self {
            date: report.day,
            checked_at: report.checked_at,
            recorded_up_to: report.recorded_up_to.get(),
            counts: counts.map(|(kind, count)| (kind.code(), *count)).collect(),
            other_names: report.counts.other_names,
            rows: report.rows.iter().map(|row| row_json(row, with_ids)).collect(),
        }
    }

    /// As it is sent.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts, numbers and days are JSON")
    }
}

/// A star as a number.
pub(super) const fn stars(star: Star) -> u8 {
    match star {
        Star::One => 1,
        Star::Two => 2,
    }
}

fn row_json(row: &RowAnswer, with_ids: bool) -> RowJson<'_> {
    let (mut star, mut stopped_since, mut stop) = (None, None, None);
    match row.outcome {
        Some(Outcome::Valid { star: of }) => star = of.map(stars),
        Some(Outcome::Stopped { since, kind }) => {
            stopped_since = since;
            stop = Some(kind.code());
        }
        _ => {}
    }
    let on_record = row.name.on_record().map(|name| name.reveal().as_str());
    RowJson {
        line: row.asked.line,
        outcome: row.kind().code(),
        id: row.about.filter(|_| with_ids).map(|id| id.to_string()),
        date: row.day,
        number: row.number.as_deref(),
        stars: star,
        declared_on: row.declared_on,
        stopped_since,
        stop,
        superseded_by: row.superseded_by.as_deref(),
        name: NameJson {
            result: row.name.code(),
            given: on_record.map(|_| row.asked.typed.name.reveal().as_str()),
            on_record,
        },
        problems: row
            .problems
            .iter()
            .map(|problem| ProblemJson {
                field: problem.field,
                code: problem.code,
                message: &problem.message,
            })
            .collect(),
    }
}

/// A sheet that was read, for a person to say which column holds what.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetJson<'s> {
    headings: Option<&'s [String]>,
    columns: BTreeMap<&'static str, usize>,
    width: usize,
    rows: Vec<SheetRowJson<'s>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SheetRowJson<'s> {
    line: u32,
    cells: &'s [String],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    ragged: bool,
}

impl<'s> SheetJson<'s> {
    /// The sheet.
    pub fn new(sheet: &'s Sheet) -> Self {
        let place = |column: &Column| Some((column.code(), sheet.columns.place(*column)?));
        let row = |row: &'s super::SheetRow| SheetRowJson {
            line: row.line,
            cells: &row.cells,
            ragged: row.is_ragged,
        };
        Self {
            headings: sheet.headings.as_deref(),
            columns: Column::ALL.iter().filter_map(place).collect(),
            width: sheet.width,
            rows: sheet.rows.iter().map(row).collect(),
        }
    }

    /// As it is sent.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers are JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<CheckStatus, serde_json::Error> {
        serde_json::from_str::<Question>(text).map(Into::into)
    }

    #[test]
    fn a_question_is_read_with_lines_of_its_own_or_counted() {
        let text = r#"{"date":"2026-04-01","rows":[{"number":"59990000017"},{"line":9,"corporateNumber":"7999901000001","name":null,"ragged":true}]}"#;
        let question = read(text).expect("a question");
        assert_eq!(question.day, "2026-04-01");
        let lines: Vec<_> = question.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 9]);
        assert!(question.rows[1].typed.is_ragged);
    }

    #[test]
    fn what_is_no_question_is_refused_and_too_many_rows_are_not_all_held() {
        for text in [
            "[]",
            "{}",
            r#"{"rows":[{"nunber":"1"}]}"#,
            r#"{"rows":[],"x":1}"#,
            r#"{"rows":[{"number":5}]}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        let rows = vec!["{}"; ROWS_MAX * 3].join(",");
        let question = read(&format!(r#"{{"rows":[{rows}]}}"#)).expect("a question");
        assert_eq!(question.rows.len(), ROWS_MAX + 1);
    }
}
