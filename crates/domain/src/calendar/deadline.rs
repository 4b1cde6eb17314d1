//! Deadlines by which declarers must have their number: those of subsidies above all.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::business_day::covers;
use super::time_of_day::TimeOfDay;
use crate::problem::Problem;
use crate::text::{self, Lines};
use crate::value::{is_web_address, parse_date, plain};

/// Characters of a name.
pub const NAME_MAX: usize = 200;
/// Characters of a source.
pub const SOURCE_MAX: usize = 500;
/// Characters of a note.
pub const NOTE_MAX: usize = 1_000;

/// One deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeadlineId(pub Uuid);

impl std::fmt::Display for DeadlineId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// A deadline as it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Which.
    pub id: DeadlineId,
    /// The day in Japan.
    pub day: NaiveDate,
    /// The time of that day: by then, not later.
    pub time: TimeOfDay,
    /// Of what: 「みほん補助金 第3回 申請締切」.
    pub name: String,
    /// Where it is announced: an `https://` address, or words.
    pub source: String,
    /// What else to know; may be empty.
    pub note: String,
}

impl Deadline {
    /// The instant.
    pub fn at(&self) -> DateTime<Utc> {
        // A day is checked when the deadline is made, so there is one.
        self.time.on(self.day).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// A deadline as somebody typed it, or as it stood in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypedDeadline {
    /// A day as people type it.
    pub day: String,
    /// A time of day; empty means the end of the day.
    pub time: String,
    /// Of what.
    pub name: String,
    /// Where it is announced.
    pub source: String,
    /// What else to know.
    pub note: String,
}

impl TypedDeadline {
    /// Reads all of it, or says everything that is wrong with it.
    pub fn read(&self, id: DeadlineId) -> Result<Deadline, Vec<Problem>> {
        let mut problems = Vec::new();
        let day = self.read_day().map_err(|problem| problems.push(problem)).ok();
        let time = self.read_time().map_err(|problem| problems.push(problem)).ok();
        let mut checked = |field, typed: &str, max, lines, required| {
            let text = plain::trim(typed).to_owned();
            if required || !text.is_empty() {
                problems.extend(
                    text::check(&text, max, lines)
                        .err()
                        .map(|problem| Problem::text(field, &problem)),
                );
            }
            text
        };
        let name = checked("name", &self.name, NAME_MAX, Lines::One, true);
        let source = checked("source", &self.source, SOURCE_MAX, Lines::One, true);
        let note = checked("note", &self.note, NOTE_MAX, Lines::Many, false);
        problems.extend(source_problem(&source));
        match (day, time) {
            (Some(day), Some(time)) if problems.is_empty() => Ok(Deadline {
                id,
                day,
                time,
                name,
                source,
                note,
            }),
            _ => Err(problems),
        }
    }

    fn read_day(&self) -> Result<NaiveDate, Problem> {
        if plain::is_blank(&self.day) {
            return Err(Problem::new("date", "required", "日付を入力してください。"));
        }
        let day = parse_date(&self.day).map_err(|_| {
            Problem::new(
                "date",
                "date_unreadable",
                "日付として読み取れません。「2026-12-25」や「令和8年12月25日」のように入力してください。",
            )
        })?;
        if covers(day) {
            Ok(day)
        } else {
            Err(Problem::day_out_of_range("date"))
        }
    }

    fn read_time(&self) -> Result<TimeOfDay, Problem> {
        if plain::is_blank(&self.time) {
            return Ok(TimeOfDay::END_OF_DAY);
        }
        TimeOfDay::parse(&self.time).ok_or_else(|| Problem::time_unreadable("time"))
    }
}

/// What looks like an address must be one that can be opened safely.
fn source_problem(source: &str) -> Option<Problem> {
    let looks_like_address = source.contains("://") || source.to_lowercase().starts_with("www.");
    let is_fine = source.starts_with("https://") && is_web_address(source);
    (looks_like_address && !is_fine).then(|| {
        Problem::new(
            "source",
            "not_https",
            "出典のアドレスは https:// で始まる形で入力してください。アドレスでないときは言葉で入力してください。",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> TypedDeadline {
        TypedDeadline {
            day: "令和8年12月25日".to_owned(),
            time: "１７時".to_owned(),
            name: "　みほん補助金 第3回 申請締切 ".to_owned(),
            source: "https://example.jp/hojo".to_owned(),
            note: "電子申請のみ\n郵送は不可".to_owned(),
        }
    }

    fn id() -> DeadlineId {
        DeadlineId(Uuid::from_u128(1))
    }

    fn problems(typed: &TypedDeadline) -> Vec<(&'static str, &'static str)> {
        let refused = typed.read(id()).expect_err("refused");
        assert!(
            refused.iter().all(|problem| problem.message.ends_with('。')),
            "{refused:?}"
        );
        refused
            .iter()
            .map(|problem| (problem.field, problem.code))
            .collect()
    }

    #[test]
    fn a_deadline_is_read_as_people_type_it() {
        let read = typed().read(id()).expect("a deadline");
        assert_eq!(
            (read.day.to_string(), read.time.to_string()),
            ("2026-12-25".to_owned(), "17:00".to_owned())
        );
        assert_eq!(read.name, "みほん補助金 第3回 申請締切");
        assert_eq!(read.at().to_rfc3339(), "2026-12-25T08:00:00+00:00");
        let without_time = TypedDeadline {
            time: "  ".to_owned(),
            note: String::new(),
            source: "公募要領 12ページ".to_owned(),
            ..typed()
        };
        let read = without_time.read(id()).expect("a deadline");
        assert_eq!(read.time, TimeOfDay::END_OF_DAY);
        assert_eq!(read.at().to_rfc3339(), "2026-12-25T15:00:00+00:00");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        assert_eq!(
            problems(&TypedDeadline::default()),
            [("date", "required"), ("name", "empty"), ("source", "empty")]
        );
        let wrong = TypedDeadline {
            day: "来週".to_owned(),
            time: "夕方".to_owned(),
            name: "あ".repeat(NAME_MAX + 1),
            source: "公募\n要領".to_owned(),
            note: "み\u{202E}ほん".to_owned(),
        };
        assert_eq!(
            problems(&wrong),
            [
                ("date", "date_unreadable"),
                ("time", "time_unreadable"),
                ("name", "too_long"),
                ("source", "line_break"),
                ("note", "direction_character"),
            ]
        );
        for day in ["1954-12-31", "2100-01-01"] {
            let wrong = TypedDeadline {
                day: day.to_owned(),
                ..typed()
            };
            assert_eq!(problems(&wrong), [("date", "day_out_of_range")]);
        }
    }

    #[test]
    fn what_looks_like_an_address_must_be_a_safe_one() {
        for source in [
            "http://example.jp/hojo",
            "https://",
            "www.example.jp",
            "ftp://example.jp",
            "javascript://example.jp/%0aalert(1)",
        ] {
            let wrong = TypedDeadline {
                source: source.to_owned(),
                ..typed()
            };
            assert_eq!(problems(&wrong), [("source", "not_https")], "{source}");
        }
        for source in [
            "公募要領 3.2",
            "javascript:alert(1)",
            "https://example.jp:8443/a?b#c",
        ] {
            let fine = TypedDeadline {
                source: source.to_owned(),
                ..typed()
            };
            assert!(
                fine.read(id()).is_ok(),
                "{source} is shown as words unless it begins with https://"
            );
        }
    }
}
