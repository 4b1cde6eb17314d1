//! The figures of a day, split by one dimension.
//!
//! Each is what a recount of the register would give: of every declaration that there is on the day, what it says on that day by all that
//! is recorded until now.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{Datelike as _, NaiveDate};
use domain::declaration::{Provenance, SizeClass};
use domain::figure::{AsOfError, Dimension, FIRST_DAY, Month, StandingKind, Value, is_planned, read_as_of};
use domain::staff::Permission;
use domain::value::{Industry, Prefecture, Star};
use event_store::Position;
use storage::figure::FigureCell;
use storage::projection::Caught;

use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// The longest that figures wait for the change they must hold.
const PATIENCE: Duration = Duration::from_secs(2);
/// Figures that are no more events behind than are counted in a moment are those of now.
const MOMENT: i64 = 1_600;

/// By what figures are split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SplitBy {
    /// The months in which declarations were declared and stopped.
    Month,
    /// 都道府県.
    Prefecture,
    /// 業種.
    Industry,
    /// 企業規模.
    SizeClass,
    /// 取組段階.
    Star,
    /// How declarations came into the register.
    Origin,
}

impl SplitBy {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Month,
        Self::Prefecture,
        Self::Industry,
        Self::SizeClass,
        Self::Star,
        Self::Origin,
    ];

    /// The name in interfaces.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Month => "MONTH",
            Self::Prefecture => "PREFECTURE",
            Self::Industry => "INDUSTRY",
            Self::SizeClass => "SIZE_CLASS",
            Self::Star => "STAR",
            Self::Origin => "ORIGIN",
        }
    }

    /// The one of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.code() == code)
    }

    /// What has to be added up for it.
    const fn dimensions(self) -> &'static [Dimension] {
        match self {
            Self::Month => &[Dimension::Declared, Dimension::Stopped],
            Self::Prefecture => &[Dimension::Prefecture],
            Self::Industry => &[Dimension::Industry],
            // Of any dimension; this one has the fewest rows.
            Self::SizeClass | Self::Star | Self::Origin => &[Dimension::SizeClass],
        }
    }
}

/// Which figures.
#[derive(Debug, Clone, Copy)]
pub struct FigureQuery {
    /// On which day; `None`: today in Japan.
    pub as_of: Option<NaiveDate>,
    /// Split by what.
    pub by: SplitBy,
    /// Only declarations with this star on the day.
    pub star: Option<Star>,
    /// Only declarations that came into the register so.
    pub origin: Option<Provenance>,
    /// The figures must hold the change at this position.
    pub at_least: Option<Position>,
}

/// How many declarations, and with how many stars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StarCounts {
    /// All of them.
    pub total: u64,
    /// ★.
    pub one: u64,
    /// ★★.
    pub two: u64,
    /// What was typed cannot be read.
    pub unknown: u64,
}

impl StarCounts {
    const fn add(&mut self, star: Option<Star>, count: u64) {
        self.total += count;
        match star {
            Some(Star::One) => self.one += count,
            Some(Star::Two) => self.two += count,
            None => self.unknown += count,
        }
    }
}

/// One value of what the figures are split by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureRow {
    /// Its code; `None`: it is not known.
    pub code: Option<String>,
    /// Its name in Japanese.
    pub name: String,
    /// How many are live.
    pub live: StarCounts,
}

/// A month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FigureMonth {
    /// Which; `None`: those whose day is not known.
    pub month: Option<Month>,
    /// How many of the declarations that there are on the day were declared in it, also those that are stopped by then.
    pub declared: u64,
    /// How many of those that are stopped on the day were stopped in it.
    pub stopped: u64,
}

/// How far the figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureState {
    /// They follow the log.
    Current,
    /// Much is still to be counted.
    CatchingUp,
    /// Something cannot be counted, and what came after it is missing.
    Stopped,
}

/// The figures of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The day.
    pub as_of: NaiveDate,
    /// Whether it lies ahead, so that stops are planned ones.
    pub planned: bool,
    /// The log is counted up to here.
    pub position: Position,
    /// How far they are.
    pub state: FigureState,
    /// How many are live.
    pub live: StarCounts,
    /// How many are stopped.
    pub stopped: u64,
    /// Of how many another declaration took the place: they are neither live nor stopped.
    pub replaced: u64,
    /// Those that are live by the values of what they are split by, also those of which there are none; empty when split by month.
    pub rows: Vec<FigureRow>,
    /// The months, without a gap, and whose day is not known last; empty when split by something else.
    pub months: Vec<FigureMonth>,
}

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was asked cannot be answered.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// The figures have not caught up in time; they are this far.
    #[error("the figures are only at position {0}")]
    NotYet(Position),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The figures of a day.
    pub async fn figures(&self, op: &OpContext, query: &FigureQuery) -> Result<Figures, FigureError> {
        op.require(Permission::ReadDeclarations)?;
        let as_of =
            read_as_of(query.as_of, op.today()).map_err(|error| FigureError::Invalid(problem(error)))?;
        let figures = self.storage.figures_projection();
        if let Some(position) = query.at_least
            && let Caught::Behind(position) = figures.wait_for(position, PATIENCE).await
        {
            return Err(FigureError::NotYet(position));
        }
        let sheet = self.storage.figures().on(as_of, query.by.dimensions()).await;
        let sheet = sheet.map_err(Internal::new)?;
        let head = self.store.head().await.map_err(Internal::new)?;
        let state = match &sheet.error {
            Some(_) => FigureState::Stopped,
            None if head.get() - sheet.position.get() > MOMENT => FigureState::CatchingUp,
            None => FigureState::Current,
        };
        let mut cells = sheet.cells;
        cells.retain(|found| {
            query.star.is_none_or(|star| found.cell.star == Some(star))
                && query.origin.is_none_or(|origin| found.cell.origin == origin)
        });
        let of_one = query.by.dimensions()[0];
        let all = || cells.iter().filter(|found| found.cell.dimension == of_one);
        let (mut live, mut stopped, mut replaced) = (StarCounts::default(), 0, 0);
        for found in all() {
            match found.cell.standing {
                StandingKind::Live => live.add(found.cell.star, found.count),
                StandingKind::Stopped => stopped += found.count,
                StandingKind::Replaced => replaced += found.count,
            }
        }
        Ok(Figures {
            as_of,
            planned: is_planned(as_of, op.today()),
            position: sheet.position,
            state,
            live,
            stopped,
            replaced,
            rows: rows(query.by, &cells),
            months: if query.by == SplitBy::Month {
                months(&cells, as_of)
            } else {
                Vec::new()
            },
        })
    }
}

fn problem(error: AsOfError) -> InputProblem {
    let day = |day: NaiveDate| format!("{}年{}月{}日", day.year(), day.month(), day.day());
    match error {
        AsOfError::BeforeTheProgramme => InputProblem::new(
            "asOf",
            "before_the_programme",
            format!(
                "基準日は、制度が始まった{}以後の日付にしてください。",
                day(FIRST_DAY)
            ),
        ),
        AsOfError::TooFarAhead { latest } => InputProblem::new(
            "asOf",
            "too_far_ahead",
            format!(
                "基準日は、{}までの日付にしてください（停止を予定できるのは2年先までです）。",
                day(latest)
            ),
        ),
    }
}

/// What a row is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Value(Value),
    Star(Star),
    Origin(Provenance),
    /// Last.
    Unknown,
}

fn key(by: SplitBy, found: &FigureCell) -> Key {
    match by {
        SplitBy::Star => found.cell.star.map_or(Key::Unknown, Key::Star),
        SplitBy::Origin => Key::Origin(found.cell.origin),
        _ if found.cell.value == Value::Unknown => Key::Unknown,
        _ => Key::Value(found.cell.value),
    }
}

/// Every value that there could be.
fn keys(by: SplitBy) -> Vec<Key> {
    match by {
        SplitBy::Month => Vec::new(),
        SplitBy::Prefecture => Prefecture::all()
            .map(|it| Key::Value(Value::Prefecture(it)))
            .collect(),
        SplitBy::Industry => Industry::all()
            .map(|it| Key::Value(Value::Industry(it)))
            .collect(),
        SplitBy::SizeClass => SizeClass::ALL
            .iter()
            .filter(|class| **class != SizeClass::Unknown)
            .map(|class| Key::Value(Value::SizeClass(*class)))
            .collect(),
        SplitBy::Star => Star::ALL.iter().map(|star| Key::Star(*star)).collect(),
        SplitBy::Origin => Provenance::ALL.iter().map(|it| Key::Origin(*it)).collect(),
    }
}

fn rows(by: SplitBy, cells: &[FigureCell]) -> Vec<FigureRow> {
    if by == SplitBy::Month {
        return Vec::new();
    }
    let mut rows: BTreeMap<Key, StarCounts> = keys(by)
        .into_iter()
        .map(|key| (key, StarCounts::default()))
        .collect();
    for found in cells
        .iter()
        .filter(|found| found.cell.standing == StandingKind::Live)
    {
        let counts = rows.entry(key(by, found)).or_default();
        counts.add(found.cell.star, found.count);
    }
    let row = |(key, live)| {
        let (code, name) = words(key);
        FigureRow { code, name, live }
    };
    rows.into_iter().map(row).collect()
}

fn words(key: Key) -> (Option<String>, String) {
    let (code, name) = match key {
        Key::Value(Value::Prefecture(it)) => (it.code().to_owned(), it.name()),
        Key::Value(Value::Industry(it)) => (it.letter().to_string(), it.name()),
        Key::Value(Value::SizeClass(class)) => (class.code().to_uppercase(), size_word(class)),
        Key::Value(Value::Month(month)) => (month.to_string(), ""),
        Key::Star(star) => (star.code().to_uppercase(), star_word(star)),
        Key::Origin(origin) => (origin.code().to_uppercase(), origin_word(origin)),
        Key::Value(Value::Unknown) | Key::Unknown => return (None, "不明".to_owned()),
    };
    (Some(code), name.to_owned())
}

const fn size_word(class: SizeClass) -> &'static str {
    match class {
        SizeClass::Micro => "小規模事業者",
        SizeClass::Sme => "中小企業",
        SizeClass::Larger => "中小企業の範囲を超える規模",
        SizeClass::OtherBody => "対象団体",
        SizeClass::Unknown => "不明",
    }
}

pub(super) const fn star_word(star: Star) -> &'static str {
    match star {
        Star::One => "★ 一つ星",
        Star::Two => "★★ 二つ星",
    }
}

pub(super) const fn origin_word(origin: Provenance) -> &'static str {
    match origin {
        Provenance::Import => "旧台帳の取り込み",
        Provenance::Legacy => "旧システムからの入力",
        Provenance::Public => "事業者の申込み",
        Provenance::Staff => "事務局の入力",
    }
}

/// The months from the first one in which something happened until that of the day; what lies outside only where there is something.
fn months(cells: &[FigureCell], as_of: NaiveDate) -> Vec<FigureMonth> {
    let mut found: BTreeMap<Month, [u64; 2]> = BTreeMap::new();
    let mut unknown = [0, 0];
    for it in cells {
        let at = usize::from(it.cell.dimension == Dimension::Stopped);
        match it.cell.value {
            Value::Month(month) => found.entry(month).or_default()[at] += it.count,
            _ => unknown[at] += it.count,
        }
    }
    let (begin, last) = (Month::of(FIRST_DAY), Month::of(as_of));
    if let Some(first) = found.keys().copied().find(|month| *month >= begin) {
        let mut month = first;
        while month <= last {
            found.entry(month).or_default();
            month = month.next();
        }
    }
    let row = |month, [declared, stopped]: [u64; 2]| FigureMonth {
        month,
        declared,
        stopped,
    };
    let last = (unknown != [0, 0]).then(|| row(None, unknown));
    let months = found.into_iter().map(|(month, counts)| row(Some(month), counts));
    months.chain(last).collect()
}
