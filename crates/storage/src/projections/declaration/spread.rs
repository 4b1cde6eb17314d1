//! How the rows of the register are spread: a sample of them, evenly from the first to the last, kept in memory.
//!
//! It says about how many rows lie in a span of days or in a city, so that the way with the fewest rows is taken, and what
//! is far above what is counted is not counted at all. What it says is an estimate and is shown as one. It also says how far a
//! scan in some order would have to walk: what passes may lie together at the far end of it.

use std::cmp::Ordering;
use std::sync::{Arc, PoisonError, RwLock};

use event_store::{Connection, Position};

use super::cell::{Cell, Masks, Tally};
use super::cursor::Place;
use super::filter::{Seen, Span, Spans};
use super::list::Sort;
use super::statement::{Number, from_numbers};
use crate::projections::checkpoint::Checkpoint;
use crate::sql::{Fragment, StorageError};

/// Rows of a sample.
const ROWS: u64 = 8_000;
/// A sample is drawn anew when a twentieth of the register, or more than this, was written.
const HOLDS: u64 = 1_000;
/// How many declarations mail does not reach, in the absence of a count: few.
const UNREACHABLE: u64 = 500;

/// The sample that all readers of the process share.
#[derive(Debug, Default)]
pub(super) struct Spread(RwLock<Option<Arc<Sample>>>);

/// Rows of one moment.
#[derive(Debug)]
pub(super) struct Sample {
    rows: Vec<Seen>,
    /// Which rows come first by number, by day and by change.
    orders: [Vec<usize>; 3],
    /// How many declarations there were.
    all: u64,
    position: Position,
    fence: i64,
}

impl Spread {
    /// A sample of the register as it is or was a little while ago. `all`: how many declarations there are.
    pub(super) async fn sample(
        &self,
        connection: &mut Connection,
        all: u64,
        at: &Checkpoint,
    ) -> Result<Arc<Sample>, StorageError> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|it| it.holds(at)) {
            return Ok(known);
        }
        let rows = draw(connection, all).await?;
        let sample = Arc::new(Sample {
            orders: Key::ALL.map(|key| key.order(&rows)),
            rows,
            all,
            position: at.position,
            fence: at.fence,
        });
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&sample));
        Ok(sample)
    }
}

async fn draw(connection: &mut Connection, all: u64) -> Result<Vec<Seen>, StorageError> {
    let step = (all / ROWS).max(1);
    let last = i64::try_from(all).unwrap_or(i64::MAX);
    let numbers = (1..=last).step_by(usize::try_from(step).unwrap_or(1));
    let mut sql = Fragment::new(connection.engine());
    sql.plan_anew();
    sql.text("SELECT d.seq, d.cell, d.number, d.declared_on, d.changed_at, d.city_key FROM ");
    from_numbers(&mut sql, Number::Seq, numbers);
    sql.fetch_all(connection).await
}

/// What an order goes by.
#[derive(Clone, Copy)]
enum Key {
    Number = 0,
    Declared = 1,
    Changed = 2,
}

impl Key {
    const ALL: [Self; 3] = [Self::Number, Self::Declared, Self::Changed];

    const fn of(sort: Sort) -> Self {
        match sort {
            Sort::NumberAsc | Sort::NumberDesc => Self::Number,
            Sort::DeclaredOnAsc | Sort::DeclaredOnDesc => Self::Declared,
            Sort::ChangedAsc | Sort::ChangedDesc => Self::Changed,
        }
    }

    fn order(self, rows: &[Seen]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|one, other| {
            let (one, other) = (&rows[*one], &rows[*other]);
            let by_key = match self {
                Self::Number => one.number.cmp(&other.number),
                Self::Declared => one.declared_on.cmp(&other.declared_on),
                Self::Changed => one.changed_at.cmp(&other.changed_at),
            };
            by_key.then(one.seq.cmp(&other.seq))
        });
        order
    }

    /// How a row stands to a place in this order.
    fn compare(self, row: &Seen, place: &Place) -> Ordering {
        let by_key = match self {
            Self::Number => row.number.cmp(&place.key),
            Self::Declared => row.declared_on.cmp(&place.key),
            // A key of another kind cannot come from a cursor that was checked.
            Self::Changed => row.changed_at.cmp(&place.key.parse().unwrap_or_default()),
        };
        by_key.then(row.seq.cmp(&place.seq))
    }
}

impl Sample {
    /// About how many rows a scan in this order meets from a place on until it has met one that is in all spans and passes.
    pub(super) fn walked(&self, spans: &Spans, masks: Masks, sort: Sort, after: Option<&Place>) -> u64 {
        let key = Key::of(sort);
        let order = &self.orders[key as usize];
        let count = order.len();
        // The index of the order begins and ends where its own span does.
        let own = sort.span();
        let (is_down, beyond) = if sort.is_down() {
            (true, Ordering::Less)
        } else {
            (false, Ordering::Greater)
        };
        let mut walked = 0;
        for at in 0..count {
            let row = &self.rows[order[if is_down { count - 1 - at } else { at }]];
            let is_beyond = after.is_none_or(|place| key.compare(row, place) == beyond);
            if !is_beyond || own.is_some_and(|span| !spans.hold(span, row)) {
                continue;
            }
            if masks.pass(Cell(row.cell)) && spans.all().all(|span| spans.hold(span, row)) {
                break;
            }
            walked += 1;
        }
        self.scaled(walked)
    }

    fn holds(&self, at: &Checkpoint) -> bool {
        let since = at.position.get().abs_diff(self.position.get());
        self.fence == at.fence && since <= (self.all / 20).max(HOLDS)
    }

    /// About how many declarations lie in this span.
    pub(super) fn in_span(&self, spans: &Spans, span: Span) -> u64 {
        if span == Span::Unreachable {
            return UNREACHABLE.min(self.all);
        }
        self.scaled(self.rows.iter().filter(|row| spans.hold(span, row)).count())
    }

    /// About how many declarations lie in all spans and pass.
    pub(super) fn passing(&self, spans: &Spans, masks: Masks) -> u64 {
        let passing = self.inside(spans).filter(|row| masks.pass(Cell(row.cell)));
        self.scaled(passing.count())
    }

    /// At most so many of the rows in all spans that pass, evenly from the first to the last, by `seq`.
    pub(super) fn some_passing(&self, spans: &Spans, masks: Masks, at_most: usize) -> Vec<i64> {
        let passing: Vec<i64> = self
            .inside(spans)
            .filter(|row| masks.pass(Cell(row.cell)))
            .map(|row| row.seq)
            .collect();
        let step = passing.len().div_ceil(at_most.max(1)).max(1);
        passing.into_iter().step_by(step).collect()
    }

    /// About how many of those in all spans have each value.
    pub(super) fn tally(&self, spans: &Spans, masks: Masks) -> Tally {
        let mut tally = Tally::default();
        for row in self.inside(spans) {
            tally.add(masks, Cell(row.cell), 1);
        }
        tally.scale(self.all, self.rows.len() as u64);
        tally
    }

    fn inside<'s>(&'s self, spans: &'s Spans) -> impl Iterator<Item = &'s Seen> {
        self.rows
            .iter()
            .filter(|row| spans.all().all(|span| spans.hold(span, row)))
    }

    fn scaled(&self, count: usize) -> u64 {
        let all = u128::from(self.all) * (count as u128) / (self.rows.len().max(1) as u128);
        all.try_into().unwrap_or(u64::MAX)
    }
}
