//! Counts beside the choices of a filter: how many rows each value would leave, the other choices kept.
//!
//! Without spans and search they come from the kept counters and are exact. Otherwise the rows of spans and search are counted by
//! cell, up to 10,001: when there are no more, every facet is exact. When there are, the facets that are not narrowed are exact as
//! long as the list itself has no more; what is left is estimated, from the sample or from the rows that were counted, and says so.

use domain::declaration::{ContactState, DeclarationState, FlagCode, PolicyState, Provenance, SizeClass};
use domain::value::{Industry, PledgeVersion, Prefecture, Star};
use event_store::{Connection, Engine};
use sqlx::FromRow;

use super::Declarations;
use super::cell::{Cell, Facet, Masks, Tally};
use super::cities::Cities;
use super::effort::Effort;
use super::filter::Spans;
use super::list::{ListError, ListRequest};
use super::plan;
use super::search::Search;
use super::spread::{Asked, Sample};
use super::statement::{self, Source};
use super::way::Way;
use crate::sql::Fragment;

/// How many rows each value of a filter would leave, the other choices kept. Values that would leave none are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By star; rows without a known star are in none.
    pub stars: Vec<(Star, u64)>,
    /// By state.
    pub states: Vec<(DeclarationState, u64)>,
    /// By prefecture, in the order of their codes.
    pub prefectures: Vec<(Prefecture, u64)>,
    /// By flag; a row with two flags counts in both.
    pub flags: Vec<(FlagCode, u64)>,
    /// By industry, in the order of their letters; rows without a known one are in none.
    pub industries: Vec<(Industry, u64)>,
    /// By size class.
    pub sizes: Vec<(SizeClass, u64)>,
    /// By pledge; `None`: not known.
    pub pledges: Vec<(Option<PledgeVersion>, u64)>,
    /// By the way into the register.
    pub provenances: Vec<(Provenance, u64)>,
    /// By whether it is shown in the public search.
    pub published: Vec<(bool, u64)>,
    /// By where the policy can be read.
    pub policies: Vec<(PolicyState, u64)>,
    /// By whether there is somewhere to write to.
    pub contacts: Vec<(ContactState, u64)>,
    /// By city, where prefectures are chosen.
    pub cities: Cities,
    /// The facets whose counts are estimates.
    pub estimated: Vec<Facet>,
}

impl Facets {
    fn of(tally: &Tally, estimated: Vec<Facet>) -> Self {
        fn known<T>(counts: Vec<(Option<T>, u64)>) -> Vec<(T, u64)>
        where
            Option<T>: super::cell::Numbered,
        {
            let known = counts.into_iter();
            known
                .filter_map(|(value, count)| value.map(|value| (value, count)))
                .collect()
        }
        Self {
            stars: known(tally.of(Facet::Star)),
            states: tally.of(Facet::State),
            prefectures: known(tally.of(Facet::Prefecture)),
            flags: tally.of(Facet::Flag),
            industries: known(tally.of(Facet::Industry)),
            sizes: tally.of(Facet::Size),
            pledges: tally.of(Facet::Pledge),
            provenances: tally.of(Facet::Provenance),
            published: tally.of(Facet::Published),
            policies: tally.of(Facet::Policy),
            contacts: tally.of(Facet::Contact),
            cities: Cities::default(),
            estimated,
        }
    }
}

/// Rows by cell.
struct Counted {
    cells: Vec<(Cell, u64)>,
    /// How many rows.
    rows: u64,
    /// How far into the register they reach.
    reach: u64,
    /// Whether there are more of them.
    is_cut: bool,
}

#[derive(FromRow)]
struct CellRow {
    cell: i64,
    count: i64,
    places: i64,
}

impl Counted {
    fn tally(&self, masks: Masks) -> Tally {
        let mut tally = Tally::default();
        for (cell, count) in &self.cells {
            tally.add(masks, *cell, *count);
        }
        tally
    }
}

/// What is counted: a list with another narrowing of cells, or none.
#[derive(Clone, Copy)]
pub(super) struct Base<'a> {
    pub(super) search: Option<&'a Search>,
    pub(super) spans: &'a Spans,
    pub(super) sample: Option<&'a Sample>,
}

impl Declarations {
    /// The facets of a list. `sample`: drawn when there is a search or a span. The counts are as new as the list.
    pub(super) async fn facets(
        &self,
        connection: &mut Connection,
        request: &ListRequest,
        sample: Option<&Sample>,
    ) -> Result<Facets, ListError> {
        let facets = self.facets_of_cells(connection, request, sample).await?;
        let cities = self.cities(connection, request, sample).await?;
        Ok(Facets { cities, ..facets })
    }

    async fn facets_of_cells(
        &self,
        connection: &mut Connection,
        request: &ListRequest,
        sample: Option<&Sample>,
    ) -> Result<Facets, ListError> {
        let (masks, spans) = (request.filter.masks(), request.filter.spans());
        let search = request.search.as_ref();
        if spans.are_empty() && search.is_none() {
            return Ok(Facets::of(&self.counts.tally(masks), Vec::new()));
        }
        let base = Base {
            search,
            spans: &spans,
            sample,
        };
        let (mut tally, is_exact) = if let Some(tally) = self.estimated(&base, masks) {
            (tally, false)
        } else {
            let counted = self.counted(connection, &base, Masks::ALL).await?;
            let mut tally = counted.tally(masks);
            if counted.is_cut {
                let (_, all) = self.counts.count(Masks::ALL);
                tally.scale(plan::beyond(counted.rows, counted.reach, all), counted.rows);
            }
            (tally, !counted.is_cut)
        };
        if is_exact {
            return Ok(Facets::of(&tally, Vec::new()));
        }
        let mut estimated = Facet::ALL.to_vec();
        if masks.are_narrow() && !self.is_sure(&base, masks) {
            let counted = self.counted(connection, &base, masks).await?;
            if !counted.is_cut {
                let exact = counted.tally(masks);
                estimated.retain(|facet| masks.narrow(*facet));
                for facet in Facet::ALL.into_iter().filter(|facet| !masks.narrow(*facet)) {
                    tally.take(facet, &exact);
                }
            }
        }
        Ok(Facets::of(&tally, estimated))
    }

    /// Whether the sample leaves no doubt that there is more than is counted.
    fn is_sure(&self, base: &Base<'_>, masks: Masks) -> bool {
        let asked = Asked::new(base.spans, masks, base.search);
        base.sample
            .is_some_and(|sample| sample.many(&asked, self.limits).is_some())
    }

    /// From the sample alone, when there is more than is counted.
    fn estimated(&self, base: &Base<'_>, masks: Masks) -> Option<Tally> {
        let sample = base.sample?;
        self.is_sure(base, Masks::ALL)
            .then(|| sample.tally(&Asked::new(base.spans, masks, base.search)))
    }

    /// Counts rows by cell, up to one more than is counted exactly.
    async fn counted(
        &self,
        connection: &mut Connection,
        base: &Base<'_>,
        masks: Masks,
    ) -> Result<Counted, ListError> {
        let (way, rows) = self.way(base, masks);
        let source = self.source(connection, base, masks, (&way, rows)).await?;
        let mut sql = Fragment::new(connection.engine());
        sql.plan_anew();
        statement::cells_of(&mut sql, &source, base.spans, self.limits);
        let found: Vec<CellRow> = sql.fetch_all(connection).await?;
        let number = |number: i64| u64::try_from(number).unwrap_or_default();
        let rows = found.iter().map(|row| number(row.count)).sum::<u64>();
        let places = found.iter().map(|row| number(row.places)).sum::<u64>();
        Ok(Counted {
            cells: found
                .iter()
                .map(|row| (Cell(row.cell), number(row.count)))
                .collect(),
            rows,
            reach: 2 * places / rows.max(1),
            is_cut: rows > self.limits.exact,
        })
    }

    /// Where rows to count come from; `way`: the filter's, with how many rows its index has there.
    pub(super) async fn source<'b>(
        &self,
        connection: &mut Connection,
        base: &Base<'b>,
        masks: Masks,
        (way, rows): (&'b Way, u64),
    ) -> Result<Source<'b>, ListError> {
        let Some(search) = base.search else {
            return Ok(way.source(masks, None));
        };
        let is_spanned = !base.spans.are_empty();
        let engine = connection.engine();
        let by_filter = match (way, base.sample) {
            (Way::Cells(_), _) if !is_spanned => true,
            (_, Some(sample)) if is_spanned => {
                let effort = Effort::new(sample, (masks, base.spans), search, rows);
                effort.is_less_by_filter(way.span(), engine)
            }
            _ => false,
        };
        if by_filter {
            return Ok(way.source(masks, Some(search)));
        }
        Ok(match engine {
            Engine::Postgres => Source::Candidates(search, masks),
            // What is cut off before the spans are tested is not missed afterwards.
            Engine::Sqlite if is_spanned && self.is_much(connection, search, (masks, base.spans)).await? => {
                way.source(masks, Some(search))
            }
            Engine::Sqlite => Source::Matches(search, masks),
        })
    }

    /// The shortest way to the rows of a filter, and about how many rows its index has there.
    pub(super) fn way(&self, base: &Base<'_>, masks: Masks) -> (Way, u64) {
        match base.sample {
            Some(sample) if !base.spans.are_empty() => Way::shortest(&self.counts, sample, masks, base.spans),
            _ => {
                let (passing, _) = self.counts.count(masks);
                let is_little = masks.are_narrow() && passing <= self.limits.gather;
                let way = if is_little {
                    Way::Cells(self.counts.cells(masks))
                } else {
                    Way::All
                };
                (way, passing)
            }
        }
    }

    /// Whether the search finds more than is counted, on SQLite.
    async fn is_much(
        &self,
        connection: &mut Connection,
        search: &Search,
        narrow: (Masks, &Spans),
    ) -> Result<bool, ListError> {
        #[derive(FromRow)]
        struct Found {
            total: i64,
        }
        let mut sql = Fragment::new(connection.engine());
        statement::count(&mut sql, search, narrow, self.limits);
        let found: Vec<Found> = sql.fetch_all(connection).await?;
        Ok(found
            .first()
            .is_some_and(|found| found.total >= self.limits.at_most()))
    }
}
