//! How the rows of the register are spread: a sample of them, evenly from the first to the last, kept in memory.
//!
//! It says about how many rows lie in a span of days or in a city, so that the way with the fewest rows is taken, and what
//! is far above what is counted is not counted at all. What it says is an estimate and is shown as one.

use std::sync::{Arc, PoisonError, RwLock};

use event_store::{Connection, Engine, Position};

use super::cell::{Cell, Masks, Tally};
use super::filter::{Seen, Span, Spans};
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
        let sample = Arc::new(Sample {
            rows: draw(connection, all).await?,
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
    sql.text("SELECT d.seq, d.cell, d.declared_on, d.changed_at, d.city_key FROM ");
    match sql.engine() {
        Engine::Sqlite => sql
            .text("json_each(")
            .bind_numbers(numbers)
            .text(") x CROSS JOIN declaration d WHERE d.seq = x.value"),
        Engine::Postgres => sql
            .text("declaration d WHERE d.seq = ANY (")
            .bind_numbers(numbers)
            .text(")"),
    };
    sql.fetch_all(connection).await
}

impl Sample {
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
