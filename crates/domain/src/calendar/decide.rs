//! What may happen to the calendar: each function takes what is there and what somebody wants, and answers with the event.

use chrono::NaiveDate;

use super::business_day::{DayKind, OfficeDay, covers};
use super::deadline::{Deadline, DeadlineId, TypedDeadline};
use super::event::CalendarEvent;
use super::open::Hours;
use super::time_of_day::TimeOfDay;
use crate::problem::{Problem, Refused};
use crate::text::{self, Lines};
use crate::value::plain;

/// Characters of the name of an own day: it stands in a square of the month.
const DAY_NAME_MAX: usize = 40;

impl Problem {
    pub(super) fn time_unreadable(field: &'static str) -> Self {
        Self::new(
            field,
            "time_unreadable",
            "時刻として読み取れません。「17:00」のように、0:00から24:00までで入力してください。",
        )
    }

    pub(super) fn day_out_of_range(field: &'static str) -> Self {
        Self::new(
            field,
            "day_out_of_range",
            "1955年から2099年までの日付を入力してください。",
        )
    }

    fn unchanged(field: &'static str) -> Self {
        Self::new(
            field,
            "unchanged",
            "登録済みの内容と同じです。変える内容を入力してください。",
        )
    }
}

/// Makes a day the office's own.
pub fn set_day(
    current: Option<&OfficeDay>,
    date: NaiveDate,
    kind: DayKind,
    name: &str,
) -> Result<CalendarEvent, Refused> {
    let name = plain::trim(name).to_owned();
    let mut problems = Vec::new();
    if !covers(date) {
        problems.push(Problem::day_out_of_range("date"));
    }
    problems.extend(
        text::check(&name, DAY_NAME_MAX, Lines::One)
            .err()
            .map(|problem| Problem::text("name", &problem)),
    );
    let day = OfficeDay { kind, name };
    if problems.is_empty() && current == Some(&day) {
        problems.push(Problem::unchanged("name"));
    }
    if problems.is_empty() {
        Ok(CalendarEvent::DaySet { date, day })
    } else {
        Err(Refused(problems))
    }
}

/// Makes an own day an ordinary one again.
pub fn clear_day(current: Option<&OfficeDay>, date: NaiveDate) -> Result<CalendarEvent, Refused> {
    if current.is_none() {
        return Err(Refused::from(Problem::new(
            "date",
            "unchanged",
            "この日には事務局の設定がありません。画面を開き直してください。",
        )));
    }
    Ok(CalendarEvent::DayCleared { date })
}

/// Sets the hours of business days, and whether the office is closed at the turn of the year.
pub fn set_hours(
    current: (Hours, bool),
    opens: &str,
    closes: &str,
    closed_at_year_end: bool,
) -> Result<CalendarEvent, Refused> {
    let mut problems = Vec::new();
    let mut read = |field, typed: &str| {
        let time = TimeOfDay::parse(typed);
        if time.is_none() {
            problems.push(Problem::time_unreadable(field));
        }
        time
    };
    let times = (read("opens", opens), read("closes", closes));
    let (Some(opens), Some(closes)) = times else {
        return Err(Refused(problems));
    };
    let Some(hours) = Hours::new(opens, closes) else {
        return Err(Refused::from(Problem::new(
            "closes",
            "before_opening",
            "終了の時刻は、開始の時刻より後にしてください。",
        )));
    };
    if current == (hours, closed_at_year_end) {
        return Err(Refused::from(Problem::unchanged("opens")));
    }
    Ok(CalendarEvent::HoursSet {
        hours,
        closed_at_year_end,
    })
}

/// Adds a deadline under a fresh id.
pub fn add_deadline(id: DeadlineId, typed: &TypedDeadline) -> Result<CalendarEvent, Refused> {
    typed.read(id).map(CalendarEvent::DeadlineAdded).map_err(Refused)
}

/// Changes a deadline into what was typed.
pub fn change_deadline(current: &Deadline, typed: &TypedDeadline) -> Result<CalendarEvent, Refused> {
    let wanted = typed.read(current.id).map_err(Refused)?;
    if wanted == *current {
        return Err(Refused::from(Problem::unchanged("name")));
    }
    Ok(CalendarEvent::DeadlineChanged(wanted))
}

/// Removes a deadline; the log keeps what it was.
pub const fn remove_deadline(current: &Deadline) -> CalendarEvent {
    CalendarEvent::DeadlineRemoved { id: current.id }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn codes(refused: Result<CalendarEvent, Refused>) -> Vec<(&'static str, &'static str)> {
        let Refused(problems) = refused.expect_err("refused");
        assert!(
            problems.iter().all(|problem| problem.message.ends_with('。')),
            "{problems:?}"
        );
        problems
            .iter()
            .map(|problem| (problem.field, problem.code))
            .collect()
    }

    fn day() -> NaiveDate {
        "2026-12-28".parse().expect("a day")
    }

    #[test]
    fn an_own_day_is_set_with_a_name_and_cleared_again() {
        let set = set_day(None, day(), DayKind::Closed, " 創立記念日　").expect("an event");
        let own = OfficeDay {
            kind: DayKind::Closed,
            name: "創立記念日".to_owned(),
        };
        let expected = CalendarEvent::DaySet {
            date: day(),
            day: own.clone(),
        };
        assert_eq!(set, expected);
        assert_eq!(
            codes(set_day(Some(&own), day(), DayKind::Closed, "創立記念日")),
            [("name", "unchanged")]
        );
        assert!(set_day(Some(&own), day(), DayKind::Open, "創立記念日").is_ok());
        let far = "2100-01-01".parse().expect("a day");
        assert_eq!(
            codes(set_day(None, far, DayKind::Open, "")),
            [("date", "day_out_of_range"), ("name", "empty")]
        );
        assert_eq!(
            codes(set_day(None, day(), DayKind::Open, &"あ".repeat(41))),
            [("name", "too_long")]
        );
        assert_eq!(
            clear_day(Some(&own), day()),
            Ok(CalendarEvent::DayCleared { date: day() })
        );
        assert_eq!(codes(clear_day(None, day())), [("date", "unchanged")]);
    }

    #[test]
    fn hours_are_set_when_they_differ_and_end_after_they_begin() {
        let current = (Hours::default(), true);
        let set = set_hours(current, "１０:００", "18時", false);
        let Ok(CalendarEvent::HoursSet {
            hours,
            closed_at_year_end,
        }) = set
        else {
            panic!("{set:?}")
        };
        assert_eq!(
            (hours.opens.to_string(), hours.closes.to_string()),
            ("10:00".to_owned(), "18:00".to_owned())
        );
        assert!(!closed_at_year_end);
        assert_eq!(
            codes(set_hours(current, "9:30", "17:30", true)),
            [("opens", "unchanged")]
        );
        assert!(set_hours(current, "9:30", "17:30", false).is_ok());
        assert_eq!(
            codes(set_hours(current, "18:00", "9:00", true)),
            [("closes", "before_opening")]
        );
        assert_eq!(
            codes(set_hours(current, "朝", "", true)),
            [("opens", "time_unreadable"), ("closes", "time_unreadable")]
        );
    }

    #[test]
    fn a_deadline_is_added_changed_and_removed() {
        let id = DeadlineId(Uuid::from_u128(3));
        let typed = TypedDeadline {
            day: "2026-12-25".to_owned(),
            time: "17:00".to_owned(),
            name: "みほん補助金".to_owned(),
            source: "公募要領".to_owned(),
            note: String::new(),
        };
        let Ok(CalendarEvent::DeadlineAdded(deadline)) = add_deadline(id, &typed) else {
            panic!("it is added")
        };
        assert_eq!(deadline.id, id);
        assert_eq!(codes(change_deadline(&deadline, &typed)), [("name", "unchanged")]);
        let later = TypedDeadline {
            day: "2027-01-15".to_owned(),
            ..typed.clone()
        };
        let Ok(CalendarEvent::DeadlineChanged(changed)) = change_deadline(&deadline, &later) else {
            panic!("it is changed")
        };
        assert_eq!(
            (changed.id, changed.day.to_string()),
            (id, "2027-01-15".to_owned())
        );
        assert_eq!(remove_deadline(&deadline), CalendarEvent::DeadlineRemoved { id });
        assert_eq!(codes(add_deadline(id, &TypedDeadline::default())).len(), 3);
    }
}
