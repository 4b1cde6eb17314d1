//! The end of a schedule as people type it: a day and a time of day on the wall clock of its zone.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::zone::Zone;
use crate::calendar::TimeOfDay;
use crate::value::{parse_date, plain};

/// What is wrong with an end as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndProblem {
    /// No day can be read.
    #[error("the day of the end cannot be read; write it as 2026-12-25")]
    Day,
    /// No time of day can be read.
    #[error("the time of the end cannot be read; write it as 17:00")]
    Time,
    /// A time without a day.
    #[error("there is a time but no day; write both, or neither")]
    TimeAlone,
}

impl EndProblem {
    /// Whether it is about the day; else about the time.
    pub const fn is_of_day(self) -> bool {
        matches!(self, Self::Day | Self::TimeAlone)
    }

    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "date_unreadable",
            Self::Time => "time_unreadable",
            Self::TimeAlone => "required",
        }
    }

    /// One sentence for the person who typed it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Day => {
                "日付として読み取れません。「2026-12-25」や「令和8年12月25日」のように入力してください。"
            }
            Self::Time => "時刻として読み取れません。「17:00」のように入力してください。",
            Self::TimeAlone => "終了日も入力してください。終了を決めない場合は時刻を空欄にしてください。",
        }
    }
}

/// Reads an end. Both empty: there is none. Without a time it is the end of the day.
pub fn read_end(day: &str, time: &str, zone: Zone) -> Result<Option<DateTime<Utc>>, EndProblem> {
    if plain::is_blank(day) {
        let nothing = plain::is_blank(time);
        return if nothing {
            Ok(None)
        } else {
            Err(EndProblem::TimeAlone)
        };
    }
    let day = parse_date(day).map_err(|_| EndProblem::Day)?;
    let time = if plain::is_blank(time) {
        TimeOfDay::END_OF_DAY
    } else {
        TimeOfDay::parse(time).ok_or(EndProblem::Time)?
    };
    let wall = day
        .and_time(NaiveTime::MIN)
        .checked_add_signed(TimeDelta::minutes(time.minutes().into()));
    wall.and_then(|wall| zone.instant_not_after(wall))
        .map(Some)
        .ok_or(EndProblem::Day)
}

/// An end as it is typed again: midnight as 24:00 of the day before, which is how the end of a day is read.
pub fn shown_end(end: DateTime<Utc>, zone: Zone) -> (NaiveDate, String) {
    let wall = zone.wall(end);
    match wall.date().pred_opt() {
        Some(day_before) if wall.time() == NaiveTime::MIN => (day_before, "24:00".to_owned()),
        _ => (wall.date(), wall.format("%H:%M").to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn an_end_is_read_by_the_wall_clock_of_the_zone() {
        let tokyo = Zone::default();
        let new_york = "America/New_York".parse().expect("a zone");
        assert_eq!(read_end("", " ", tokyo), Ok(None));
        assert_eq!(
            read_end("令和8年12月25日", "17時", tokyo),
            Ok(Some(utc("2026-12-25T08:00:00Z")))
        );
        assert_eq!(
            read_end("2026-12-25", "17:00", new_york),
            Ok(Some(utc("2026-12-25T22:00:00Z")))
        );
        assert_eq!(
            read_end("2026-12-25", "", tokyo),
            Ok(Some(utc("2026-12-25T15:00:00Z")))
        );
        assert_eq!(read_end("いつか", "", tokyo), Err(EndProblem::Day));
        assert_eq!(read_end("2026-12-25", "夕方", tokyo), Err(EndProblem::Time));
        assert_eq!(read_end("", "17:00", tokyo), Err(EndProblem::TimeAlone));
    }

    #[test]
    fn an_end_reads_back_as_it_is_shown() {
        for (zone, end) in [
            ("Asia/Tokyo", "2026-12-25T15:00:00Z"),
            ("Asia/Tokyo", "2026-12-25T08:30:00Z"),
            ("America/New_York", "2026-11-01T06:30:00Z"),
        ] {
            let (zone, end) = (zone.parse().expect("a zone"), utc(end));
            let (day, time) = shown_end(end, zone);
            assert_eq!(read_end(&day.to_string(), &time, zone), Ok(Some(end)));
        }
    }
}
