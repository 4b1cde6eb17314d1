//! What each row of a file would do to the calendar, judged against the deadlines that are there.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{CalendarEvent, Deadline, DeadlineId};
use uuid::Uuid;

use super::file::FileRow;
use super::{RowOutcome, RowReport};
use crate::InputProblem;
use crate::random::derived_id;

/// A row with the deadline that it says, under an id of its own.
pub(super) struct ReadRow {
    row: FileRow,
    deadline: Result<Deadline, Vec<InputProblem>>,
}

impl ReadRow {
    /// The name, if the row can be read.
    pub(super) fn name(&self) -> Option<&str> {
        self.deadline.as_ref().ok().map(|deadline| deadline.name.as_str())
    }
}

/// Reads every row. Ids follow from the command and the line, so that a retry makes the same deadlines.
pub(super) fn read_rows(rows: Vec<FileRow>, command_id: Uuid) -> Vec<ReadRow> {
    let read = |row: FileRow| {
        let id = DeadlineId(derived_id(command_id, &format!("deadline {}", row.line)));
        ReadRow {
            deadline: read(&row, id),
            row,
        }
    };
    rows.into_iter().map(read).collect()
}

/// Judges every row. A row is the deadline of its name and day; or, where file and calendar have one each of that name and the
/// calendar's is still to come, that one moved to another day; else it is new.
pub(super) fn plan(rows: Vec<ReadRow>, existing: &[Deadline], now: DateTime<Utc>) -> Vec<RowReport> {
    let matched = matches(
        rows.iter().filter_map(|read| read.deadline.as_ref().ok()),
        existing,
        now,
    );
    let by_id: BTreeMap<DeadlineId, &Deadline> =
        existing.iter().map(|deadline| (deadline.id, deadline)).collect();
    let mut taken = BTreeSet::new();
    rows.into_iter()
        .map(|ReadRow { row, deadline }| {
            let outcome = match deadline {
                Err(problems) => RowOutcome::Refused(problems),
                Ok(deadline) if !taken.insert((deadline.name.clone(), deadline.day)) => {
                    RowOutcome::Refused(vec![repeated()])
                }
                Ok(deadline) => judge(deadline, &matched, &by_id),
            };
            RowReport {
                line: row.line,
                typed: row.typed,
                outcome,
            }
        })
        .collect()
}

fn read(row: &FileRow, id: DeadlineId) -> Result<Deadline, Vec<InputProblem>> {
    if let Some(problem) = &row.problem {
        return Err(vec![problem.clone()]);
    }
    let read = row.typed.read(id);
    read.map_err(|problems| problems.into_iter().map(InputProblem::from).collect())
}

fn repeated() -> InputProblem {
    InputProblem::new(
        "name",
        "row_repeated",
        "同じ日付と名称の行がほかにもあります。どちらかを除いてください。",
    )
}

/// Which deadline of the calendar stands for which row, by the row's name and day.
type Matches = BTreeMap<(String, NaiveDate), DeadlineId>;

fn matches<'a>(
    wanted: impl Iterator<Item = &'a Deadline>,
    existing: &[Deadline],
    now: DateTime<Utc>,
) -> Matches {
    let wanted: BTreeSet<(&str, NaiveDate)> = wanted
        .map(|deadline| (deadline.name.as_str(), deadline.day))
        .collect();
    let mut found: BTreeMap<(&str, NaiveDate), DeadlineId> = BTreeMap::new();
    for deadline in existing {
        let key = (deadline.name.as_str(), deadline.day);
        if let Some(key) = wanted.get(&key) {
            found.entry(*key).or_insert(deadline.id);
        }
    }
    // Days wanted and deadlines to come of each name: ten thousand names are not looked for in ten thousand rows.
    let mut of_name: BTreeMap<&str, (Vec<NaiveDate>, Vec<DeadlineId>)> = BTreeMap::new();
    for (name, day) in &wanted {
        of_name.entry(name).or_default().0.push(*day);
    }
    for deadline in existing.iter().filter(|deadline| deadline.at() > now) {
        if let Some((_, there)) = of_name.get_mut(deadline.name.as_str()) {
            there.push(deadline.id);
        }
    }
    for (name, (days, there)) in of_name {
        if let ([day], [id]) = (days.as_slice(), there.as_slice()) {
            found.entry((name, *day)).or_insert(*id);
        }
    }
    found
        .into_iter()
        .map(|((name, day), id)| ((name.to_owned(), day), id))
        .collect()
}

fn judge(deadline: Deadline, matched: &Matches, existing: &BTreeMap<DeadlineId, &Deadline>) -> RowOutcome {
    let before = matched
        .get(&(deadline.name.clone(), deadline.day))
        .and_then(|id| existing.get(id));
    let Some(before) = before else {
        return RowOutcome::New(deadline);
    };
    let after = Deadline {
        id: before.id,
        ..deadline
    };
    if after == **before {
        RowOutcome::Same(after)
    } else {
        RowOutcome::Changed {
            before: Deadline::clone(before),
            after,
        }
    }
}

/// What is written when nothing is refused.
pub(super) fn events(rows: &[RowReport]) -> Vec<CalendarEvent> {
    let event = |row: &RowReport| match &row.outcome {
        RowOutcome::New(deadline) => Some(CalendarEvent::DeadlineAdded(deadline.clone())),
        RowOutcome::Changed { after, .. } => Some(CalendarEvent::DeadlineChanged(after.clone())),
        RowOutcome::Same(_) | RowOutcome::Refused(_) => None,
    };
    rows.iter().filter_map(event).collect()
}

#[cfg(test)]
mod tests {
    use domain::calendar::TypedDeadline;

    use super::*;

    fn typed(day: &str, time: &str, name: &str) -> TypedDeadline {
        TypedDeadline {
            day: day.to_owned(),
            time: time.to_owned(),
            name: name.to_owned(),
            source: "公募要領".to_owned(),
            note: String::new(),
        }
    }

    fn there(n: u128, day: &str, time: &str, name: &str) -> Deadline {
        typed(day, time, name)
            .read(DeadlineId(Uuid::from_u128(n)))
            .expect("a deadline")
    }

    fn told(existing: &[Deadline], rows: &[(&str, &str, &str)]) -> Vec<String> {
        let rows = (2..).zip(rows).map(|(line, (day, time, name))| FileRow {
            line,
            typed: typed(day, time, name),
            problem: None,
        });
        let now = "2026-11-26T00:00:00Z".parse().expect("an instant");
        plan(read_rows(rows.collect(), Uuid::from_u128(9)), existing, now)
            .iter()
            .map(|row| match &row.outcome {
                RowOutcome::New(_) => "new".to_owned(),
                RowOutcome::Changed { before, .. } => format!("changed {}", before.id.0.as_u128()),
                RowOutcome::Same(deadline) => format!("same {}", deadline.id.0.as_u128()),
                RowOutcome::Refused(problems) => format!("refused {}", problems[0].code),
            })
            .collect()
    }

    #[test]
    fn a_row_is_the_deadline_of_its_name_and_day() {
        let existing = [
            there(1, "2026-12-25", "17:00", "甲"),
            there(2, "2027-01-25", "17:00", "甲"),
        ];
        let rows = [
            ("2026-12-25", "17:00", "甲"),
            ("2027-01-25", "12:00", "甲"),
            ("2027-02-25", "", "甲"),
            ("2026-12-25", "17:00", "乙"),
        ];
        assert_eq!(told(&existing, &rows), ["same 1", "changed 2", "new", "new"]);
    }

    #[test]
    fn the_only_one_of_a_name_has_moved_when_it_is_still_to_come() {
        let existing = [
            there(1, "2026-12-25", "17:00", "甲"),
            there(2, "2026-04-25", "17:00", "乙"),
        ];
        assert_eq!(told(&existing, &[("2027-01-08", "17:00", "甲")]), ["changed 1"]);
        // What is over is history: the row is the next one.
        assert_eq!(told(&existing, &[("2027-04-25", "17:00", "乙")]), ["new"]);
        // Two rows of the name: nobody can tell which of them has moved.
        let rows = [("2027-01-08", "17:00", "甲"), ("2027-02-08", "17:00", "甲")];
        assert_eq!(told(&existing, &rows), ["new", "new"]);
    }

    #[test]
    fn what_cannot_be_read_or_stands_there_twice_is_refused() {
        let rows = [
            ("あした", "17:00", "甲"),
            ("2026-12-25", "17:00", "乙"),
            ("2026-12-25", "12:00", "乙"),
        ];
        assert_eq!(
            told(&[], &rows),
            ["refused date_unreadable", "new", "refused row_repeated"]
        );
    }

    #[test]
    fn ids_follow_from_the_command_and_the_line() {
        let row = |line| FileRow {
            line,
            typed: typed("2026-12-25", "17:00", "甲"),
            problem: None,
        };
        let id = |line, command| match &read_rows(vec![row(line)], Uuid::from_u128(command))[0].deadline {
            Ok(deadline) => deadline.id,
            other => panic!("{other:?}"),
        };
        assert_eq!(id(2, 1), id(2, 1));
        assert_ne!(id(2, 1), id(3, 1));
        assert_ne!(id(2, 1), id(2, 2));
    }
}
