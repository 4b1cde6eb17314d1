//! Which way to what a search finds within spans looks at fewer rows: the filter's, each of whose rows is then searched, or the search's
//! own index, each of whose rows is then tested.

use event_store::Engine;

use super::cell::Masks;
use super::filter::{Span, Spans};
use super::search::Search;
use super::spread::{Asked, Sample};

/// So many rows of a filter are searched, whatever the other way would take.
const CHECKED_MAX: u64 = 2_000;
/// The same of an index that has what a search asks of a row.
const CHECKED_IN_INDEX_MAX: u64 = 50_000;
/// Looking at a row takes about as long as reading so many entries of an index: with 3,400,000 on PostgreSQL nine when the row's page is in
/// memory, and sixty when the operating system has it.
const ENTRIES: u64 = 32;

/// What each way would read, about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Effort {
    /// Rows of the filter's narrowest span, or of its cells: entries of its index.
    rows: u64,
    /// Of those, the ones that pass the rest of the filter: they are looked at.
    passing: u64,
    /// What the search finds in the whole register: entries of its index.
    entries: u64,
    /// What it finds with as much of the filter as its index has: they are looked at.
    found: u64,
}

impl Effort {
    /// `rows`: those of the filter's narrowest way.
    pub(super) fn new(sample: &Sample, (masks, spans): (Masks, &Spans), search: &Search, rows: u64) -> Self {
        let city = spans.city_alone();
        let nothing = Spans::default();
        Self {
            rows,
            passing: sample.passing(&Asked::new(spans, masks, None)),
            entries: sample.passing(&Asked::new(&nothing, Masks::ALL, Some(search))),
            found: sample.passing(&Asked::new(&city, masks, Some(search))),
        }
    }

    /// Whether the filter's way is the shorter one; `span`: whose index it goes by, none: that of the cells.
    pub(super) fn is_less_by_filter(self, span: Option<Span>, engine: Engine) -> bool {
        let in_index = span == Some(Span::Declared) && engine == Engine::Sqlite;
        let at_most = if in_index {
            CHECKED_IN_INDEX_MAX
        } else {
            CHECKED_MAX
        };
        let by_filter = self.rows / ENTRIES + self.passing;
        let by_search = self.entries / ENTRIES + self.found;
        self.rows <= at_most || by_filter <= by_search
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_most_names_have_is_not_looked_up_within_a_day() {
        let effort = Effort {
            rows: 30_000,
            passing: 12_000,
            entries: 3_000_000,
            found: 1_000_000,
        };
        assert!(effort.is_less_by_filter(Some(Span::Declared), Engine::Postgres));
    }

    #[test]
    fn a_rare_word_is_looked_up_whatever_the_filter_leaves() {
        let effort = Effort {
            rows: 60_000,
            passing: 60_000,
            entries: 400,
            found: 400,
        };
        for engine in [Engine::Sqlite, Engine::Postgres] {
            assert!(!effort.is_less_by_filter(Some(Span::Declared), engine));
            assert!(!effort.is_less_by_filter(None, engine));
        }
        let few = Effort { rows: 900, ..effort };
        assert!(few.is_less_by_filter(None, Engine::Postgres));
    }
}
