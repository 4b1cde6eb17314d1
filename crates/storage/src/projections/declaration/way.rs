//! The shortest way to the rows of a filter: by the index of its cells, or by that of one of its spans.

use super::cell::Masks;
use super::counts::Counts;
use super::filter::{Span, Spans};
use super::search::Search;
use super::spread::{Asked, Sample};
use super::statement::Source;

/// More cells than this are not looked up one by one beside a span.
const CELLS_MAX: usize = 8_000;
/// Finding a cell in the index is taken to cost as much as reading so many entries that stand side by side. An estimate: it only has to keep
/// thousands of cells from being looked up for a few days.
const OF_A_CELL: u64 = 16;

/// Which index leads to the rows.
#[derive(Debug)]
pub(super) enum Way {
    /// That of the cells, with these.
    Cells(Vec<i64>),
    /// That of a span.
    Span(Span),
    /// None: all rows are walked through.
    All,
}

impl Way {
    /// The cells that pass, unless there are too many to look each of them up.
    pub(super) fn by_cells(counts: &Counts, masks: Masks) -> Option<Self> {
        let cells = counts.cells(masks);
        (cells.len() <= CELLS_MAX).then_some(Self::Cells(cells))
    }

    /// The shortest way to rows that pass and are in spans, and about how many rows its index has there.
    pub(super) fn shortest(counts: &Counts, sample: &Sample, masks: Masks, spans: &Spans) -> (Self, u64) {
        let (passing, all) = counts.count(masks);
        let by_span = spans
            .all()
            .map(|span| (Self::Span(span), sample.in_span(spans, span)))
            .min_by_key(|(_, rows)| *rows)
            .unwrap_or((Self::All, all));
        // The index of the cells has their days.
        let days = spans.days_alone();
        let of_cells = passing.min(sample.passing(&Asked::new(&days, masks, None)));
        if masks.are_narrow() && of_cells < by_span.1 {
            let cells = counts.cells(masks);
            let looked_up = (cells.len() as u64).saturating_mul(OF_A_CELL);
            if cells.len() <= CELLS_MAX && of_cells.saturating_add(looked_up) < by_span.1 {
                return (Self::Cells(cells), of_cells);
            }
        }
        by_span
    }

    /// Whose index it goes by; none: that of the cells, or no index.
    pub(super) const fn span(&self) -> Option<Span> {
        match self {
            Self::Span(span) => Some(*span),
            Self::Cells(_) | Self::All => None,
        }
    }

    /// The rows there that pass and that a search finds.
    pub(super) fn source<'a>(&'a self, masks: Masks, search: Option<&'a Search>) -> Source<'a> {
        match self {
            Self::Cells(cells) => Source::Cells(cells, search),
            Self::Span(span) => Source::Span(*span, masks, search),
            Self::All => Source::Rows(masks),
        }
    }
}
