//! Deadlines from iCalendar: each event is one, at its beginning.
//!
//! The file is cut into its events here, line by line, and each is parsed alone: so a broken one is told with its line, and what
//! is nested within it (alarms) never reaches the parser, which would follow it as deep as it goes.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use domain::calendar::{TimeOfDay, TypedDeadline};
use icalendar::parser::{Component, Property, unfold};

use super::file::{FileProblem, FileRow};
use crate::InputProblem;

/// The most that one event may take without what is nested in it; more is no deadline, and not for the parser.
const EVENT_BYTES_MAX: usize = 32 * 1024;
/// What Outlook calls the zone of Japan.
const OUTLOOK_JAPAN: &str = "Tokyo Standard Time";

/// An event as it stands in the file.
struct Event {
    line: u64,
    /// Without what is nested in it.
    text: String,
}

/// The events of a calendar file, at most so many.
pub(super) fn read(text: &str, most: usize) -> Result<Vec<FileRow>, FileProblem> {
    let mut rows = Vec::new();
    let mut open: Option<Event> = None;
    // How many components are open within the event.
    let mut nested = 0_u64;
    for (index, line) in text.lines().enumerate() {
        let number = u64::try_from(index).map_or(u64::MAX, |index| index + 1);
        let (begins, ends) = (marker(line, "BEGIN:"), marker(line, "END:"));
        match &mut open {
            None if begins == Some("VEVENT") => {
                if rows.len() == most {
                    return Err(FileProblem::TooManyRows { most });
                }
                open = Some(Event {
                    line: number,
                    text: "BEGIN:VEVENT\r\n".to_owned(),
                });
            }
            None => {}
            Some(event) if begins == Some("VEVENT") => return Err(FileProblem::Broken { line: event.line }),
            Some(_) if begins.is_some() => nested += 1,
            Some(_) if nested > 0 => nested -= u64::from(ends.is_some()),
            Some(event) if ends.is_some() => {
                if ends != Some("VEVENT") {
                    return Err(FileProblem::Broken { line: number });
                }
                event.text.push_str("END:VEVENT\r\n");
                rows.push(row(event));
                open = None;
            }
            Some(event) => {
                event.text.push_str(line);
                event.text.push_str("\r\n");
            }
        }
    }
    match open {
        Some(event) => Err(FileProblem::Broken { line: event.line }),
        None => Ok(rows),
    }
}

/// What a line begins or ends.
fn marker<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = line.split_at_checked(word.len())?;
    let name = rest.trim_end();
    (start.eq_ignore_ascii_case(word)).then_some(if name.eq_ignore_ascii_case("VEVENT") {
        "VEVENT"
    } else {
        name
    })
}

fn row(event: &Event) -> FileRow {
    let unfolded = unfold(&event.text);
    let parsed = (unfolded.len() <= EVENT_BYTES_MAX).then(|| Component::try_from(unfolded.as_str()));
    let (typed, problem) = match parsed {
        Some(Ok(component)) => read_event(&component),
        Some(Err(_)) | None => (TypedDeadline::default(), Some(unreadable())),
    };
    FileRow {
        line: event.line,
        typed,
        problem,
    }
}

fn unreadable() -> InputProblem {
    InputProblem::new(
        "row",
        "event_unreadable",
        "予定として読み取れません。元のカレンダーから書き出し直してください。",
    )
}

fn read_event(event: &Component<'_>) -> (TypedDeadline, Option<InputProblem>) {
    let property = |name: &str| {
        let mut found = event.properties.iter();
        found.find(|property| property.name.as_str().eq_ignore_ascii_case(name))
    };
    let text = |name: &str| {
        property(name)
            .map(|found| found.val.to_string())
            .unwrap_or_default()
    };
    let mut typed = TypedDeadline {
        name: text("SUMMARY"),
        source: text("URL"),
        note: text("DESCRIPTION"),
        ..TypedDeadline::default()
    };
    if property("RRULE").is_some() || property("RDATE").is_some() {
        let repeats = "繰り返しの予定は取り込めません。1件ずつの予定にしてください。";
        return (typed, Some(InputProblem::new("date", "event_repeats", repeats)));
    }
    if text("STATUS").eq_ignore_ascii_case("CANCELLED") {
        let cancelled = "取り消された予定です。ファイルから除いてください。";
        return (
            typed,
            Some(InputProblem::new("row", "event_cancelled", cancelled)),
        );
    }
    let Some(start) = property("DTSTART") else {
        return (
            typed,
            Some(InputProblem::new("date", "required", "開始日時がありません。")),
        );
    };
    match read_start(start) {
        Ok((day, time)) => {
            typed.day = day.to_string();
            typed.time = time.to_string();
            (typed, None)
        }
        Err(problem) => {
            start.val.as_str().clone_into(&mut typed.day);
            (typed, Some(problem))
        }
    }
}

/// Day and time in Japan. A day without a time is over at its end.
fn read_start(start: &Property<'_>) -> Result<(NaiveDate, TimeOfDay), InputProblem> {
    let value = start.val.as_str().trim();
    if let Ok(day) = NaiveDate::parse_from_str(value, "%Y%m%d") {
        return Ok((day, TimeOfDay::END_OF_DAY));
    }
    let (local, is_utc) = match value.strip_suffix('Z') {
        Some(local) => (local, true),
        None => (value, false),
    };
    let local = NaiveDateTime::parse_from_str(local, "%Y%m%dT%H%M%S").map_err(|_| {
        InputProblem::new(
            "date",
            "date_unreadable",
            "開始日時を読み取れません。元のカレンダーから書き出し直してください。",
        )
    })?;
    let at = if is_utc {
        local.and_utc()
    } else {
        in_zone(local, zone_of(start)?)?
    };
    Ok(TimeOfDay::of(at))
}

/// Without a zone it is the office's own.
fn zone_of(start: &Property<'_>) -> Result<Tz, InputProblem> {
    let mut parameters = start.params.iter();
    let named = parameters.find(|parameter| parameter.key.as_str().eq_ignore_ascii_case("TZID"));
    let name = named
        .and_then(|parameter| parameter.val.as_ref())
        .map(|value| value.as_str().trim_matches('"').trim_start_matches('/'));
    match name {
        None | Some(OUTLOOK_JAPAN) => Ok(Tz::Asia__Tokyo),
        Some(name) => name.parse().map_err(|_| {
            InputProblem::new(
                "date",
                "zone_unknown",
                "知らない時間帯です。日本時間の予定にして書き出し直してください。",
            )
        }),
    }
}

fn in_zone(local: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, InputProblem> {
    // Where clocks are set back a time comes twice: whoever keeps the first one is on time for both.
    let found = zone.from_local_datetime(&local).earliest();
    let at = found.ok_or_else(|| {
        InputProblem::new(
            "date",
            "time_skipped",
            "その時刻は、その時間帯の時計にありません。時刻を確認してください。",
        )
    })?;
    Ok(at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    const MOST: usize = 1_000;

    fn file(events: &[&str]) -> String {
        let events: Vec<String> = events
            .iter()
            .map(|event| format!("BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n"))
            .collect();
        let events = events.concat();
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//みほん//JA\r\n{events}END:VCALENDAR\r\n")
    }

    fn one(event: &str) -> FileRow {
        let mut rows = read(&file(&[event]), MOST).expect("rows");
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    fn when(start: &str) -> Result<(String, String), &'static str> {
        let row = one(&format!("SUMMARY:締切\r\n{start}"));
        match row.problem {
            None => Ok((row.typed.day, row.typed.time)),
            Some(problem) => Err(problem.code),
        }
    }

    #[test]
    fn the_start_of_an_event_is_read_in_every_form_and_told_in_japan() {
        let told = |day: &str, time: &str| Ok((day.to_owned(), time.to_owned()));
        assert_eq!(when("DTSTART;VALUE=DATE:20261225"), told("2026-12-25", "24:00"));
        assert_eq!(when("DTSTART:20261225T080000Z"), told("2026-12-25", "17:00"));
        assert_eq!(when("DTSTART:20261225T170000"), told("2026-12-25", "17:00"));
        assert_eq!(
            when("DTSTART;TZID=Asia/Tokyo:20261225T170000"),
            told("2026-12-25", "17:00")
        );
        assert_eq!(
            when("DTSTART;TZID=\"Tokyo Standard Time\":20261225T170000"),
            told("2026-12-25", "17:00")
        );
        assert_eq!(
            when("DTSTART;TZID=Tokyo Standard Time:20261225T170000"),
            told("2026-12-25", "17:00")
        );
        assert_eq!(
            when("DTSTART;TZID=America/New_York:20261225T170000"),
            told("2026-12-26", "07:00")
        );
        assert_eq!(
            when("dtstart;tzid=Europe/Berlin:20261025T023000"),
            told("2026-10-25", "09:30")
        );
        assert_eq!(
            when("DTSTART;TZID=Europe/Berlin:20260329T023000"),
            Err("time_skipped")
        );
        assert_eq!(
            when("DTSTART;TZID=Mars/Olympus:20261225T170000"),
            Err("zone_unknown")
        );
        assert_eq!(when("DTSTART:2026-12-25"), Err("date_unreadable"));
        assert_eq!(when("DTSTART:20261325T170000"), Err("date_unreadable"));
        assert_eq!(when("DTEND:20261225T170000"), Err("required"));
    }

    #[test]
    fn what_an_event_says_is_unfolded_and_unescaped() {
        let row = one(
            "SUMMARY:みほん補助金\\, 第3回 \r\n 申請締切\r\nDTSTART:20261225T080000Z\r\nURL:https://example.jp/hojo\r\n\
             DESCRIPTION:電子申請のみ\\n郵送は不可\r\nBEGIN:VALARM\r\nTRIGGER:-P1D\r\nDESCRIPTION:よけいな文\r\nEND:VALARM",
        );
        assert_eq!((row.line, &row.problem), (4, &None));
        assert_eq!(row.typed.name, "みほん補助金, 第3回 申請締切");
        assert_eq!(row.typed.source, "https://example.jp/hojo");
        assert_eq!(row.typed.note, "電子申請のみ\n郵送は不可");
    }

    #[test]
    fn each_event_that_cannot_be_taken_says_why_and_where() {
        let text = file(&[
            "SUMMARY:甲\r\nDTSTART:20261225T080000Z",
            "SUMMARY:乙\r\nDTSTART:20261225T080000Z\r\nRRULE:FREQ=YEARLY",
            "SUMMARY:丙\r\nDTSTART:20261225T080000Z\r\nSTATUS:CANCELLED",
            &format!("DESCRIPTION:{}", "長い".repeat(6_000)),
            "SUMMARY:丁\r\nDTSTART:20261226T080000Z",
        ]);
        let found: Vec<_> = read(&text, MOST)
            .expect("rows")
            .into_iter()
            .map(|row| (row.line, row.problem.map(|it| it.code)))
            .collect();
        assert_eq!(
            found,
            [
                (4, None),
                (8, Some("event_repeats")),
                (13, Some("event_cancelled")),
                (18, Some("event_unreadable")),
                (21, None),
            ]
        );
    }

    #[test]
    fn a_file_that_ends_within_an_event_is_broken_at_its_beginning() {
        let broken = |text: &str| read(text, MOST).expect_err("broken");
        assert_eq!(
            broken("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n"),
            FileProblem::Broken { line: 2 }
        );
        assert_eq!(
            broken("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nBEGIN:VEVENT\nEND:VEVENT\n"),
            FileProblem::Broken { line: 2 }
        );
        assert_eq!(
            broken("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VCALENDAR\n"),
            FileProblem::Broken { line: 4 }
        );
    }

    #[test]
    fn what_is_made_to_hurt_ends_soon() {
        let started = Instant::now();
        let deep = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}", "BEGIN:X\n".repeat(120_000));
        assert_eq!(read(&deep, MOST), Err(FileProblem::Broken { line: 2 }));
        let closed = format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}{}END:VEVENT\n",
            "BEGIN:X\n".repeat(60_000),
            "END:X\n".repeat(60_000)
        );
        assert_eq!(read(&closed, MOST).map(|rows| rows.len()), Ok(1));
        let events = "BEGIN:VEVENT\nEND:VEVENT\n".repeat(40_000);
        assert_eq!(read(&events, MOST), Err(FileProblem::TooManyRows { most: MOST }));
        for filler in [
            "X\n",
            "X;A=B\n",
            "X;\n",
            ":\n",
            ";;;;;;;\n",
            "X;A=\"\n",
            "\\,\\;\\n",
            " folded\n",
            "\n",
        ] {
            let filled = |bytes: usize| filler.repeat(bytes / filler.len());
            assert_eq!(
                one(&format!("SUMMARY:x\r\n{}", filled(1_000_000))).line,
                4,
                "{filler:?}"
            );
            let event = format!(
                "BEGIN:VEVENT\n{}\nEND:VEVENT\n",
                filled(EVENT_BYTES_MAX / 2 - 100)
            );
            assert_eq!(
                read(&event.repeat(20), MOST).map(|rows| rows.len()),
                Ok(20),
                "{filler:?}"
            );
        }
        assert!(
            started.elapsed() < Duration::from_mins(1),
            "{:?}",
            started.elapsed()
        );
    }
}
