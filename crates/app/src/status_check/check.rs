//! Answers thousands of rows at once. What is read follows the rows: their numbers in some statements, what happened to the declarations
//! found in some more, and keys to names only where a name is asked about and whoever asks may see it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::{Fact, Field, FieldValue};
use domain::staff::Permission;
use domain::status_check::{
    AskProblem, Asked, Candidate, NameCheck, NameOnRecord, Outcome, OutcomeKind, Record, Typed, answer, ask,
    check_name,
};
use domain::value::parse_date;
use domain::{DeclarationId, Readable};
use event_store::Position;
use storage::status_check::{self, Found, Histories};
use tokio::sync::Semaphore;

use crate::{App, Forbidden, Guarded, InputProblem, Internal, OpContext, PersonalPart, ReadRecordError};

/// Rows of one question.
pub const ROWS_MAX: usize = 10_000;
/// Characters of a day, in every spelling.
const DAY_MAX: usize = 100;
/// Questions that are answered at a time by one process: each may take a hundred megabytes.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A question.
#[derive(Debug, Clone)]
pub struct CheckStatus {
    /// The day for rows without one, as typed; empty: today.
    pub day: String,
    /// At most [`ROWS_MAX`].
    pub rows: Vec<RowAsked>,
}

/// One row of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowAsked {
    /// Where it stands in the sheet, 1-based.
    pub line: u32,
    /// What stands there.
    pub typed: Typed,
}

/// Everything that is answered.
#[derive(Debug, Clone)]
pub struct StatusReport {
    /// The end of the log that the answer knows.
    pub recorded_up_to: Position,
    /// When it was asked.
    pub checked_at: DateTime<Utc>,
    /// The day for rows without one.
    pub day: NaiveDate,
    /// How many rows have which outcome.
    pub counts: Counts,
    /// In the order of the question.
    pub rows: Vec<RowAnswer>,
}

/// How many rows have which outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Every outcome, also those that no row has.
    pub outcomes: BTreeMap<OutcomeKind, usize>,
    /// Rows whose name is not what is on record to the letter.
    pub other_names: usize,
}

/// What is answered to one row.
#[derive(Debug, Clone)]
pub struct RowAnswer {
    /// What was asked.
    pub asked: RowAsked,
    /// What is wrong with it; nothing else is answered then.
    pub problems: Vec<AskProblem>,
    /// The day that it was answered for; none for a row that cannot be read.
    pub day: Option<NaiveDate>,
    /// Where the declaration stands; none for a row that cannot be read.
    pub outcome: Option<Outcome>,
    /// About which declaration; none where there is none to name.
    pub about: Option<DeclarationId>,
    /// Its number.
    pub number: Option<String>,
    /// When it was declared.
    pub declared_on: Option<NaiveDate>,
    /// The number of the declaration that took its place, where it is known.
    pub superseded_by: Option<String>,
    /// What came of comparing the name.
    pub name: NameCheck,
}

impl RowAnswer {
    /// Which outcome.
    pub fn kind(&self) -> OutcomeKind {
        self.outcome.map_or(OutcomeKind::Invalid, Outcome::kind)
    }
}

/// Why there is no answer. Nothing is answered by halves.
#[derive(Debug, thiserror::Error)]
pub enum CheckStatusError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The question as a whole has a problem.
    #[error("the question cannot be taken: {}", .0.code)]
    Invalid(InputProblem),
    /// Whose names were compared could not be recorded: the answer must not leave.
    #[error(transparent)]
    NotRecorded(#[from] ReadRecordError),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// So many declarations that took each other's place are followed: more than anybody has.
const STEPS_MAX: usize = 20;

/// A row that was read.
struct Row {
    asked: RowAsked,
    read: Result<Asked, Vec<AskProblem>>,
}

/// A row that was answered but for its name.
struct Judged {
    row: Row,
    outcome: Option<Outcome>,
    record: Option<(DeclarationId, Arc<Record>)>,
}

impl App {
    /// Where these declarations stand. Whose names were compared is on record before this returns.
    pub async fn check_status(
        &self,
        op: &OpContext,
        question: CheckStatus,
    ) -> Result<StatusReport, CheckStatusError> {
        op.require(Permission::CheckStatus)?;
        let today = op.today();
        let general = general_day(&question, today).map_err(CheckStatusError::Invalid)?;
        let _turn = AT_ONCE.acquire().await.map_err(Internal::new)?;
        let recorded_up_to = self.store.head().await.map_err(Internal::new)?;
        let rows: Vec<Row> = question
            .rows
            .into_iter()
            .map(|asked| Row {
                read: ask(&asked.typed, general, today),
                asked,
            })
            .collect();
        let found = self.found(&rows, recorded_up_to).await?;
        let histories = status_check::histories(&self.store, &found.all(), recorded_up_to).await;
        let histories = Arc::new(histories.map_err(Internal::new)?);
        let judged = {
            let histories = Arc::clone(&histories);
            // Folding ten thousand histories keeps a thread busy for a while.
            tokio::task::spawn_blocking(move || judge(rows, &found, &histories))
                .await
                .map_err(Internal::new)?
                .map_err(Internal::new)?
        };
        let persons = self.names_of_persons(op, &judged, &histories).await?;
        let successors = self.successors(&judged, recorded_up_to).await?;
        let finished = |judged| finished(op, judged, &persons, &successors);
        let rows: Vec<RowAnswer> = judged.into_iter().map(finished).collect();
        let compared = op.records_to_note();
        self.record_reads(op).await?;
        op.note_recorded(compared);
        Ok(StatusReport {
            recorded_up_to,
            checked_at: op.now(),
            day: general,
            counts: counts(&rows),
            rows,
        })
    }

    /// Which declarations the rows may be about.
    async fn found(&self, rows: &[Row], to: Position) -> Result<Found, Internal> {
        let (mut numbers, mut corporate_numbers) = (BTreeSet::new(), BTreeSet::new());
        for asked in rows.iter().filter_map(|row| row.read.as_ref().ok()) {
            match (&asked.number, &asked.corporate_number) {
                (Some(number), _) => numbers.extend([number.clone()]),
                (None, Some(number)) => corporate_numbers.extend([number.clone()]),
                (None, None) => {}
            }
        }
        let found = status_check::find(&self.store, &numbers, &corporate_numbers, to).await;
        found.map_err(Internal::new)
    }

    /// The numbers of the declarations that took the place of others, as of the days that are asked about: of the last one, where
    /// what took the place was itself replaced.
    async fn successors(&self, judged: &[Judged], to: Position) -> Result<Successors, Internal> {
        let wanted: BTreeSet<Day> = judged.iter().filter_map(Judged::successor).collect();
        let mut successors = Successors::new();
        let mut reached: Vec<(Day, DeclarationId)> = wanted.into_iter().map(|key| (key, key.0)).collect();
        for _ in 0..STEPS_MAX {
            if reached.is_empty() {
                break;
            }
            let ids = reached.iter().map(|(_, id)| *id).collect();
            let histories = status_check::histories(&self.store, &ids, to).await;
            let histories = histories.map_err(Internal::new)?;
            let mut further = Vec::new();
            for (key, id) in reached {
                let record = histories.on_day(id, key.1).map_err(Internal::new)?;
                let Some(record) = record else { continue };
                successors.extend(number_of(&record).map(|number| (key, number)));
                let replaced = record.declaration.replaced;
                further.extend(replaced.map(|by| (key, by.id())));
            }
            reached = further;
        }
        Ok(successors)
    }

    /// The names of sole traders that are asked about, for whoever may see them.
    async fn names_of_persons(
        &self,
        op: &OpContext,
        judged: &[Judged],
        histories: &Histories,
    ) -> Result<Persons, Internal> {
        let mut persons = Persons::new();
        if !op.may(Permission::ReadPersonal) {
            return Ok(persons);
        }
        let wanted: Vec<(DeclarationId, NaiveDate)> = judged.iter().filter_map(Judged::person).collect();
        if wanted.is_empty() {
            return Ok(persons);
        }
        let opener = histories.opener(&self.store, &wanted).await;
        let opener = opener.map_err(Internal::new)?;
        for (id, day) in wanted {
            let name = histories
                .name_of_person(&opener, id, day)
                .map_err(Internal::new)?;
            persons.insert(
                (id, day),
                name.map_or(NameOnRecord::Nothing, NameOnRecord::Personal),
            );
        }
        Ok(persons)
    }
}

/// Names of sole traders on a day.
type Persons = HashMap<(DeclarationId, NaiveDate), NameOnRecord>;

/// A declaration on a day.
type Day = (DeclarationId, NaiveDate);

/// Their numbers, by what took the place at first, and the day.
type Successors = HashMap<Day, String>;

impl Judged {
    /// What has taken its place.
    fn successor(&self) -> Option<(DeclarationId, NaiveDate)> {
        let asked = self.row.read.as_ref().ok()?;
        let (_, record) = self.record.as_ref()?;
        let by = record.declaration.replaced?.id();
        Some((by, asked.day))
    }

    /// Whose name has to be opened.
    fn person(&self) -> Option<(DeclarationId, NaiveDate)> {
        let asked = self.row.read.as_ref().ok().filter(|asked| asked.name.is_some())?;
        let (id, record) = self.record.as_ref()?;
        let fact = record.declaration.facts.get(Field::Name)?;
        fact.subject().map(|_| (*id, asked.day))
    }
}

fn general_day(question: &CheckStatus, today: NaiveDate) -> Result<NaiveDate, InputProblem> {
    if question.rows.is_empty() {
        let text = "照会する行がありません。自己宣言IDか法人番号を1件以上入力してください。";
        return Err(InputProblem::new("rows", "no_rows", text));
    }
    if question.rows.len() > ROWS_MAX {
        let text = "一度に照会できるのは10,000行までです。分けて照会してください。";
        return Err(InputProblem::new("rows", "too_many_rows", text));
    }
    if question.day.trim().is_empty() {
        return Ok(today);
    }
    let bad = |code, text: &str| Err(InputProblem::new("date", code, text));
    let is_short = question.day.chars().nth(DAY_MAX).is_none();
    let day = is_short.then(|| parse_date(&question.day).ok()).flatten();
    match day {
        None => bad(
            "date_unreadable",
            "基準日は「2026-04-01」や「令和8年4月1日」のように入力してください。",
        ),
        Some(day) if day > today => bad(
            "in_the_future",
            "基準日は今日までの日付にしてください。先の日については答えられません。",
        ),
        Some(day) => Ok(day),
    }
}

fn judge(
    rows: Vec<Row>,
    found: &Found,
    histories: &Histories,
) -> Result<Vec<Judged>, storage::log::LoadError> {
    // The same declaration is often asked about twice, and nearly always on the same day.
    let mut known: HashMap<(DeclarationId, NaiveDate), Option<Arc<Record>>> = HashMap::new();
    let mut judged = Vec::with_capacity(rows.len());
    for row in rows {
        let Ok(asked) = &row.read else {
            judged.push(Judged {
                row,
                outcome: None,
                record: None,
            });
            continue;
        };
        let ids = match (&asked.number, &asked.corporate_number) {
            (Some(number), _) => found.by_number(number),
            (None, Some(number)) => found.by_corporate_number(number),
            (None, None) => Vec::new(),
        };
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            let key = (id, asked.day);
            let record = if let Some(record) = known.get(&key) {
                record.clone()
            } else {
                let record = histories.on_day(id, asked.day)?.map(Arc::new);
                known.insert(key, record.clone());
                record
            };
            records.extend(record.map(|record| (id, record)));
        }
        let candidates: Vec<Candidate<'_>> = records
            .iter()
            .map(|(id, record)| Candidate { id: *id, record })
            .collect();
        let answer = answer(asked, &candidates);
        let record = answer
            .about
            .and_then(|about| records.iter().find(|(id, _)| *id == about).cloned());
        judged.push(Judged {
            outcome: Some(answer.outcome),
            record,
            row,
        });
    }
    Ok(judged)
}

fn finished(op: &OpContext, judged: Judged, persons: &Persons, successors: &Successors) -> RowAnswer {
    let superseded_by = judged.successor().and_then(|key| successors.get(&key).cloned());
    let Judged { row, outcome, record } = judged;
    let (problems, day, given) = match row.read {
        Ok(asked) => (Vec::new(), Some(asked.day), asked.name),
        Err(problems) => (problems, None, None),
    };
    let facts = record.as_ref().map(|(_, record)| &record.declaration.facts);
    let name = match (&record, facts, day, &given) {
        (Some((id, _)), Some(facts), Some(day), Some(given)) => {
            let known = match facts.get(Field::Name) {
                None => NameOnRecord::Nothing,
                Some(Fact::Public(value)) => NameOnRecord::Public(value.typed().to_owned()),
                Some(Fact::Personal(..) | Fact::Forgotten(_)) => of_person(op, *id, persons.get(&(*id, day))),
            };
            let trade_name = facts.public(Field::TradeName).map(FieldValue::typed);
            check_name(Some(given), &known, trade_name)
        }
        _ => NameCheck::NotAsked,
    };
    RowAnswer {
        asked: row.asked,
        problems,
        day,
        outcome,
        about: record.as_ref().map(|(id, _)| *id),
        number: record.as_ref().and_then(|(_, record)| number_of(record)),
        declared_on: record.as_ref().map(|(_, record)| record.declared_on()),
        superseded_by,
        name,
    }
}

fn number_of(record: &Record) -> Option<String> {
    let value = record.declaration.facts.public(Field::DeclarationNo)?;
    value.value().map(str::to_owned)
}

/// A comparison tells the name to whoever guessed it, so it is a read of it whatever comes of it.
fn of_person(op: &OpContext, id: DeclarationId, name: Option<&NameOnRecord>) -> NameOnRecord {
    let open = || match name {
        Some(NameOnRecord::Personal(Readable::Forgotten)) => Guarded::Forgotten(id.uuid()),
        Some(name) => Guarded::Open(name.clone()),
        None => Guarded::Open(NameOnRecord::Nothing),
    };
    match op.reveal(id, PersonalPart::SoleTraderName, open) {
        Guarded::Open(name) => name,
        Guarded::Forgotten(_) => NameOnRecord::Personal(Readable::Forgotten),
        Guarded::Withheld(_) => NameOnRecord::Withheld,
    }
}

fn counts(rows: &[RowAnswer]) -> Counts {
    let mut counts = Counts::default();
    for kind in OutcomeKind::ALL {
        counts.outcomes.insert(*kind, 0);
    }
    for row in rows {
        *counts.outcomes.entry(row.kind()).or_default() += 1;
        counts.other_names += usize::from(row.name.is_other());
    }
    counts
}
