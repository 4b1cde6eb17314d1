//! Decisions about an incident.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};

use super::event::{Category, IncidentEvent, Opened, ReportItem, ReportStage, Scope};
use super::state::Incident;
use crate::calendar::{OfficeDays, Term};
use crate::ids::IncidentId;

/// Days for the first report; the law says "promptly", which is read as three to five, days off included.
const FIRST_DAYS: u32 = 5;
/// Days for the final report.
const FINAL_DAYS: u32 = 30;
/// The same when somebody meant harm.
const FINAL_DAYS_WRONGFUL: u32 = 60;
/// Seconds by which Japan is ahead of UTC.
const JAPAN: i32 = 9 * 3_600;

/// What the terms rest on.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'a> {
    /// Now.
    pub now: DateTime<Utc>,
    /// When the office works.
    pub office: &'a OfficeDays,
    /// Whether a last day of the final report on which it does not work moves to the next business day.
    pub moves: bool,
}

impl Clock<'_> {
    fn today(self) -> NaiveDate {
        in_japan(self.now)
    }

    fn first_due(self, aware_at: DateTime<Utc>) -> NaiveDate {
        let term = Term {
            days: FIRST_DAYS,
            counts_first_day: true,
            moves: false,
        };
        term.last_day(in_japan(aware_at), self.office)
    }

    fn final_due(self, aware_at: DateTime<Utc>, categories: &[Category]) -> NaiveDate {
        let is_wrongful = categories.contains(&Category::Wrongful);
        let term = Term {
            days: if is_wrongful {
                FINAL_DAYS_WRONGFUL
            } else {
                FINAL_DAYS
            },
            counts_first_day: true,
            moves: self.moves,
        };
        term.last_day(in_japan(aware_at), self.office)
    }
}

fn in_japan(at: DateTime<Utc>) -> NaiveDate {
    FixedOffset::east_opt(JAPAN).map_or_else(|| at.date_naive(), |zone| at.with_timezone(&zone).date_naive())
}

/// Ten years: what is older was reported long ago, or is a mistyped year.
const OLDEST: TimeDelta = TimeDelta::days(3_653);

/// Why an incident is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IncidentRefusal {
    /// It is over.
    #[error("the incident is closed")]
    Closed,
    /// A moment that has not come.
    #[error("the moment has not come yet")]
    InFuture,
    /// A day before the office became aware.
    #[error("the day is before the office became aware")]
    TooEarly,
    /// A moment that nobody can still have to report: a mistyped year.
    #[error("the moment is more than ten years ago")]
    TooLongAgo,
    /// A time that ends before it begins.
    #[error("the time ends before it begins")]
    EmptyTime,
    /// That report went out before.
    #[error("that report has gone out already")]
    AlreadyReported,
    /// The final report needs a text in every item.
    #[error("the final report needs a text in every item")]
    Incomplete,
    /// Nothing is written that could be reported.
    #[error("no report is written")]
    NothingWritten,
    /// It must be reported, and the final report did not go out.
    #[error("the final report has not gone out")]
    NotReported,
    /// Nobody has judged how many persons it is about.
    #[error("nobody has counted the persons")]
    NotCounted,
    /// Nobody was told.
    #[error("nobody can be told of nothing")]
    NoPersons,
    /// Nothing would change.
    #[error("nothing would change")]
    NoChange,
}

impl IncidentRefusal {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closed => "case_closed",
            Self::InFuture => "in_future",
            Self::TooEarly => "too_early",
            Self::TooLongAgo => "too_long_ago",
            Self::EmptyTime => "empty_time",
            Self::AlreadyReported => "already_reported",
            Self::Incomplete => "incomplete",
            Self::NothingWritten => "nothing_written",
            Self::NotReported => "not_reported",
            Self::NotCounted => "not_counted",
            Self::NoPersons => "no_persons",
            Self::NoChange => "no_change",
        }
    }

    /// The field of the form that it belongs to.
    pub const fn field(self) -> &'static str {
        match self {
            Self::InFuture | Self::TooEarly => "on",
            Self::TooLongAgo => "from",
            Self::EmptyTime => "to",
            Self::NoPersons => "persons",
            _ => "id",
        }
    }

    /// One sentence for whoever wanted it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Closed => "この事案は終了しています。",
            Self::InFuture => "現在より前の日時を入力してください。",
            Self::TooEarly => "事態を知った日以後の日付を入力してください。",
            Self::TooLongAgo => "10年前より後の日時を入力してください。",
            Self::EmptyTime => "終わりの日時は、始まりの日時より後にしてください。",
            Self::AlreadyReported => "この報告は、すでに提出済みとして記録されています。",
            Self::Incomplete => {
                "確報には、9項目すべての記入が必要です。該当がない項目には「なし」などと記入してください。"
            }
            Self::NothingWritten => "報告書の案が保存されていません。先に報告書の案を保存してください。",
            Self::NotReported => "報告の対象となる事案です。確報の提出を記録してから終了してください。",
            Self::NotCounted => "本人の数が記録されていません。本人の数を記録してから終了してください。",
            Self::NoPersons => "1人以上の数を入力してください。",
            Self::NoChange => "変更がありません。",
        }
    }
}

type Decided = Result<IncidentEvent, IncidentRefusal>;

/// Somebody became aware.
pub fn open(
    incident_id: IncidentId,
    aware_at: DateTime<Utc>,
    categories: Vec<Category>,
    clock: Clock<'_>,
) -> Decided {
    if aware_at > clock.now {
        return Err(IncidentRefusal::InFuture);
    }
    not_too_long_ago(aware_at, clock)?;
    let categories = each_once(categories);
    Ok(IncidentEvent::Opened(Opened {
        incident_id,
        aware_at,
        first_due_on: clock.first_due(aware_at),
        final_due_on: clock.final_due(aware_at, &categories),
        categories,
    }))
}

fn not_too_long_ago(at: DateTime<Utc>, clock: Clock<'_>) -> Result<(), IncidentRefusal> {
    if at < clock.now - OLDEST {
        return Err(IncidentRefusal::TooLongAgo);
    }
    Ok(())
}

/// It is of these kinds; whether somebody meant harm decides how long the final report may take.
pub fn classify(incident: &Incident, categories: Vec<Category>, clock: Clock<'_>) -> Decided {
    going_on(incident)?;
    let categories = each_once(categories);
    if categories == incident.categories {
        return Err(IncidentRefusal::NoChange);
    }
    Ok(IncidentEvent::Classified {
        incident_id: incident.opened.incident_id,
        final_due_on: clock.final_due(incident.opened.aware_at, &categories),
        categories,
    })
}

/// So many persons, counted in a scope or typed.
pub fn count_persons(incident: &Incident, persons: u32, scope: Option<Scope>, clock: Clock<'_>) -> Decided {
    going_on(incident)?;
    if let Some(scope) = &scope {
        not_too_long_ago(scope.from, clock)?;
        if scope.from >= scope.to {
            return Err(IncidentRefusal::EmptyTime);
        }
        if scope.from > clock.now {
            return Err(IncidentRefusal::InFuture);
        }
    }
    Ok(IncidentEvent::PersonsCounted {
        incident_id: incident.opened.incident_id,
        persons,
        scope,
    })
}

/// The report says this; items in which nothing stands are left out.
pub fn write_report(incident: &Incident, filled: &[ReportItem]) -> Decided {
    going_on(incident)?;
    Ok(IncidentEvent::ReportWritten {
        incident_id: incident.opened.incident_id,
        filled: ReportItem::ALL
            .iter()
            .copied()
            .filter(|item| filled.contains(item))
            .collect(),
    })
}

/// A report went out. The final one may come without a first one before it: then it was early enough to be both.
pub fn record_report(incident: &Incident, stage: ReportStage, on: NaiveDate, clock: Clock<'_>) -> Decided {
    going_on(incident)?;
    has_come(incident, on, clock)?;
    if incident.was_reported(stage) || incident.was_reported(ReportStage::Final) {
        return Err(IncidentRefusal::AlreadyReported);
    }
    if incident.filled.is_empty() {
        return Err(IncidentRefusal::NothingWritten);
    }
    if stage == ReportStage::Final && incident.filled.len() < ReportItem::ALL.len() {
        return Err(IncidentRefusal::Incomplete);
    }
    Ok(IncidentEvent::Reported {
        incident_id: incident.opened.incident_id,
        stage,
        on,
    })
}

/// Persons were told.
pub fn notify_persons(incident: &Incident, persons: u32, on: NaiveDate, clock: Clock<'_>) -> Decided {
    going_on(incident)?;
    has_come(incident, on, clock)?;
    if persons == 0 {
        return Err(IncidentRefusal::NoPersons);
    }
    Ok(IncidentEvent::PersonsNotified {
        incident_id: incident.opened.incident_id,
        persons,
        on,
    })
}

/// Somebody writes something down; also when it is over.
pub const fn note(incident: &Incident) -> IncidentEvent {
    IncidentEvent::Noted {
        incident_id: incident.opened.incident_id,
    }
}

/// It is over: what must be reported was, and of what need not be it is known how many persons it was about.
pub fn close(incident: &Incident, threshold: u32) -> Decided {
    going_on(incident)?;
    if incident.must_be_reported(threshold) && !incident.was_reported(ReportStage::Final) {
        return Err(IncidentRefusal::NotReported);
    }
    if incident.persons.is_none() {
        return Err(IncidentRefusal::NotCounted);
    }
    Ok(IncidentEvent::Closed {
        incident_id: incident.opened.incident_id,
    })
}

fn each_once(mut categories: Vec<Category>) -> Vec<Category> {
    categories.sort_unstable();
    categories.dedup();
    categories
}

const fn going_on(incident: &Incident) -> Result<(), IncidentRefusal> {
    if incident.is_closed {
        return Err(IncidentRefusal::Closed);
    }
    Ok(())
}

fn has_come(incident: &Incident, on: NaiveDate, clock: Clock<'_>) -> Result<(), IncidentRefusal> {
    if on > clock.today() {
        Err(IncidentRefusal::InFuture)
    } else if on < in_japan(incident.opened.aware_at) {
        Err(IncidentRefusal::TooEarly)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
