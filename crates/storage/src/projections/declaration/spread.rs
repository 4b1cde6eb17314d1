//! How the rows of the register are spread: a sample of them, evenly from the first to the last, kept in memory.
//!
//! It says about how many rows lie in a span of days or in a city, and how many a search finds, so that the way with the fewest rows is
//! taken, and what is far above what is counted is not counted at all. What it says is an estimate and is shown as one. It also says
//! how far a scan in some order would have to walk: what passes may lie together at the far end of it.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use event_store::{Connection, Position};

use super::cell::{Cell, Masks, Tally};
use super::counts::Limits;
use super::cursor::Place;
use super::filter::{Seen, Span, Spans};
use super::list::Sort;
use super::sampled::{Finder, Sampled, draw};
use super::search::Search;
use crate::projections::checkpoint::Checkpoint;
use crate::sql::StorageError;

/// Rows of a sample.
const ROWS: u64 = 16_000;
/// A sample is drawn anew when so many events were written since.
const HOLDS: u64 = 5_000;
/// How many declarations mail does not reach, in the absence of a count: few.
const UNREACHABLE: u64 = 500;

/// The sample that all readers of the process share.
#[derive(Debug, Default)]
pub(super) struct Spread {
    drawn: RwLock<Option<Arc<Sample>>>,
    /// One draws, and the others wait for it.
    turn: tokio::sync::Mutex<()>,
}

/// Rows of one moment.
#[derive(Debug)]
pub(super) struct Sample {
    rows: Vec<Sampled>,
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
        let known = self.drawn.read().unwrap_or_else(PoisonError::into_inner).clone();
        let known = known.filter(|it| it.fence == at.fence);
        let _turn = match (known, self.turn.try_lock()) {
            (Some(known), _) if known.holds(at) => return Ok(known),
            // One that is somewhat old will do while another is drawn.
            (Some(known), Err(_)) => return Ok(known),
            (Some(_), Ok(turn)) => turn,
            (None, turn) => {
                drop(turn);
                let turn = self.turn.lock().await;
                if let Some(known) = self.known(at) {
                    return Ok(known);
                }
                turn
            }
        };
        let rows = draw(connection, strewn(all)).await?;
        let sample = Arc::new(Sample {
            orders: Key::ALL.map(|key| key.order(&rows)),
            rows,
            all,
            position: at.position,
            fence: at.fence,
        });
        *self.drawn.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&sample));
        Ok(sample)
    }

    fn known(&self, at: &Checkpoint) -> Option<Arc<Sample>> {
        let known = self.drawn.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|it| it.holds(at))
    }
}

/// Numbers of rows, one somewhere in each of as many stretches as a sample has rows. Always the same ones of a register, but in no rhythm:
/// registers have rhythms, such as every second row from another office.
fn strewn(all: u64) -> impl Iterator<Item = i64> {
    let step = (all / ROWS).max(1);
    (0..all.div_ceil(step))
        .map(move |stretch| stretch * step + mixed(stretch) % step + 1)
        .filter(move |number| *number <= all)
        .filter_map(|number| i64::try_from(number).ok())
}

/// `SplitMix64`: neighbours have nothing in common.
const fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// What a list is narrowed to, as a row of the sample can be asked.
pub(super) struct Asked<'a> {
    spans: &'a Spans,
    masks: Masks,
    finder: Option<Finder<'a>>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(spans: &'a Spans, masks: Masks, search: Option<&'a Search>) -> Self {
        Self {
            spans,
            masks,
            finder: search.map(Search::finder),
        }
    }

    fn has(&self, row: &Sampled) -> bool {
        self.masks.pass(Cell(row.seen.cell)) && self.has_beside_cells(row)
    }

    fn has_beside_cells(&self, row: &Sampled) -> bool {
        self.spans.all().all(|span| self.spans.hold(span, &row.seen))
            && self.finder.as_ref().is_none_or(|finder| finder.finds(row))
    }
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

    fn order(self, rows: &[Sampled]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|one, other| {
            let (one, other) = (&rows[*one].seen, &rows[*other].seen);
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
    /// About how many rows a scan in this order meets from a place on until it has met one that is asked for.
    pub(super) fn walked(&self, asked: &Asked<'_>, sort: Sort, after: Option<&Place>) -> u64 {
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
            let is_beyond = after.is_none_or(|place| key.compare(&row.seen, place) == beyond);
            if !is_beyond || own.is_some_and(|span| !asked.spans.hold(span, &row.seen)) {
                continue;
            }
            if asked.has(row) {
                break;
            }
            walked += 1;
        }
        self.scaled(walked)
    }

    fn holds(&self, at: &Checkpoint) -> bool {
        let since = at.position.get().abs_diff(self.position.get());
        self.fence == at.fence && since <= HOLDS
    }

    /// About how many declarations lie in this span.
    pub(super) fn in_span(&self, spans: &Spans, span: Span) -> u64 {
        if span == Span::Unreachable {
            return UNREACHABLE.min(self.all);
        }
        self.scaled(self.rows.iter().filter(|row| spans.hold(span, &row.seen)).count())
    }

    /// About how many declarations are asked for.
    pub(super) fn passing(&self, asked: &Asked<'_>) -> u64 {
        self.scaled(self.count(asked))
    }

    /// About how many declarations are asked for, where there is no doubt that it is more than is counted.
    pub(super) fn many(&self, asked: &Asked<'_>, limits: Limits) -> Option<u64> {
        many(self.count(asked), (self.all, self.rows.len()), limits)
    }

    /// About how many of those that are asked for have each value.
    pub(super) fn tally(&self, asked: &Asked<'_>) -> Tally {
        let mut tally = Tally::default();
        for row in self.rows.iter().filter(|row| asked.has_beside_cells(row)) {
            tally.add(asked.masks, Cell(row.seen.cell), 1);
        }
        tally.scale(self.all, self.rows.len() as u64);
        tally
    }

    /// About how many of those that are asked for each city has; `None`: these are fewer rows of the sample than `at_least`.
    pub(super) fn cities(&self, asked: &Asked<'_>, at_least: usize) -> Option<BTreeMap<String, u64>> {
        let mut cities = BTreeMap::<String, usize>::new();
        let mut rows = 0;
        for row in self.rows.iter().filter(|row| asked.has(row)) {
            rows += 1;
            if let Some(key) = &row.seen.city_key {
                *cities.entry(key.clone()).or_default() += 1;
            }
        }
        let scaled = cities.into_iter().map(|(key, count)| (key, self.scaled(count)));
        (rows >= at_least).then(|| scaled.collect())
    }

    fn count(&self, asked: &Asked<'_>) -> usize {
        self.rows.iter().filter(|row| asked.has(row)).count()
    }

    fn scaled(&self, count: usize) -> u64 {
        let all = u128::from(self.all) * (count as u128) / (self.rows.len().max(1) as u128);
        all.try_into().unwrap_or(u64::MAX)
    }
}

/// Of so many declarations so many were asked, and so many of those are wanted: how many that is of all, when it is more than is counted
/// even if the ones that were asked are five standard deviations luckier than the others.
fn many(wanted: usize, (all, asked): (u64, usize), limits: Limits) -> Option<u64> {
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let (all, asked, wanted, exact) = (all as f64, asked as f64, wanted as f64, limits.exact as f64);
    let each = all / asked.max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most as many as there are"
    )]
    ((wanted - 5.0 * wanted.sqrt()) * each > exact).then_some((wanted * each) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_strewn_over_the_whole_register_in_no_rhythm() {
        let all = 3_400_000;
        let numbers: Vec<i64> = strewn(all).collect();
        let expected = usize::try_from(ROWS).expect("small");
        assert!(
            (expected..=expected + 50).contains(&numbers.len()),
            "{}",
            numbers.len()
        );
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
        // Whatever repeats every few rows has its share, within five standard deviations.
        for period in [2, 3, 4, 5, 20, 47] {
            for rest in 0..period {
                let share = numbers.iter().filter(|number| *number % period == rest).count();
                let expected = numbers.len() / usize::try_from(period).expect("small");
                let most = 5 * expected.isqrt();
                assert!(
                    share.abs_diff(expected) <= most,
                    "{period} {rest}: {share} of {expected}"
                );
            }
        }
        assert_eq!(strewn(0).count(), 0);
        assert_eq!(strewn(3).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn what_a_sample_finds_is_many_only_beyond_doubt() {
        let limits = Limits {
            gather: 1_500,
            exact: 10_000,
        };
        // Of 400,000 one in fifty was asked.
        assert_eq!(many(600, (400_000, 8_000), limits), Some(30_000));
        // As many as are counted, or hardly more: that is counted.
        assert_eq!(many(200, (400_000, 8_000), limits), None);
        assert_eq!(many(260, (400_000, 8_000), limits), None);
        assert_eq!(many(0, (400_000, 8_000), limits), None);
        // A few rows of a country are no proof.
        assert_eq!(many(40, (3_400_000, 8_000), limits), None);
        assert_eq!(many(0, (0, 0), limits), None);
    }
}
