//! Counts beside cities, where prefectures are chosen: how many rows each city would leave, the other choices kept.
//!
//! A city is in no cell, so rows are counted, up to 10,001; beyond, the counts are estimates, from the sample or from the rows that were
//! counted, and say so.

use std::collections::{BTreeMap, HashMap};

use event_store::Connection;
use sqlx::FromRow;

use super::Declarations;
use super::cell::Masks;
use super::facets::Base;
use super::filter::Filter;
use super::list::{ListError, ListRequest};
use super::plan;
use super::spread::{Asked, Sample};
use super::statement;
use super::way::Way;
use crate::sql::{Fragment, StorageError};

/// Cities that are named; those with the fewest rows are left out.
pub const CITIES_MAX: usize = 300;
/// With fewer rows of the sample than this, ten thousand that are counted say more about cities.
const SAMPLED_MIN: usize = 300;

/// How many rows each city would leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cities {
    /// As one of its rows has it, the one with the most rows first; [`CITIES_MAX`] at most.
    pub counts: Vec<(String, u64)>,
    /// Whether the counts are estimates.
    pub is_estimated: bool,
}

#[derive(FromRow)]
struct CityRow {
    city_key: Option<String>,
    count: i64,
    places: i64,
}

#[derive(FromRow)]
struct NameRow {
    city_key: String,
    city: Option<String>,
}

impl Declarations {
    /// The cities of a list; none where no prefecture is chosen.
    pub(super) async fn cities(
        &self,
        connection: &mut Connection,
        request: &ListRequest,
        sample: Option<&Sample>,
    ) -> Result<Cities, ListError> {
        if request.filter.prefectures.is_empty() {
            return Ok(Cities::default());
        }
        let others = Filter {
            city: None,
            ..request.filter.clone()
        };
        let (masks, spans) = (others.masks(), others.spans());
        let base = Base {
            search: request.search.as_ref(),
            sample,
            spans: &spans,
        };
        let (cities, is_estimated) = match self.sampled_cities(&base, masks) {
            Some(cities) => (cities, true),
            None => self.counted_cities(connection, &base, masks).await?,
        };
        let mut counts = with_wards(&cities);
        counts.sort_by(|(one, many), (other, few)| few.cmp(many).then_with(|| one.cmp(other)));
        counts.truncate(CITIES_MAX);
        Ok(Cities {
            counts: named(connection, counts).await?,
            is_estimated,
        })
    }

    /// From the sample, where there is more than is counted and the sample has enough of it.
    fn sampled_cities(&self, base: &Base<'_>, masks: Masks) -> Option<BTreeMap<String, u64>> {
        let sample = base.sample?;
        let asked = Asked::new(base.spans, masks, base.search);
        sample.many(&asked, self.limits)?;
        let is_searched = base.search.is_some();
        sample.cities(&asked, if is_searched { 1 } else { SAMPLED_MIN })
    }

    /// Counted, up to 10,001 rows, and whether there are more.
    async fn counted_cities(
        &self,
        connection: &mut Connection,
        base: &Base<'_>,
        masks: Masks,
    ) -> Result<(BTreeMap<String, u64>, bool), ListError> {
        let is_plain = base.search.is_none() && base.spans.are_empty();
        let way = if is_plain {
            let (passing, _) = self.counts.count(masks);
            (Way::Cells(self.counts.cells(masks)), passing)
        } else {
            self.way(base, masks)
        };
        let source = self.source(connection, base, masks, (&way.0, way.1)).await?;
        let mut sql = Fragment::new(connection.engine());
        sql.plan_anew();
        statement::cities_of(&mut sql, &source, base.spans, self.limits);
        let found: Vec<CityRow> = sql.fetch_all(connection).await?;
        let number = |number: i64| u64::try_from(number).unwrap_or_default();
        let rows = found.iter().map(|row| number(row.count)).sum::<u64>();
        let is_cut = rows > self.limits.exact;
        let total = if !is_cut {
            rows
        } else if is_plain {
            self.counts.count(masks).0
        } else {
            let places = found.iter().map(|row| number(row.places)).sum::<u64>();
            let (_, all) = self.counts.count(Masks::ALL);
            plan::beyond(rows, 2 * places / rows.max(1), all)
        };
        let scaled = |count: u64| {
            let count = u128::from(count) * u128::from(total) / u128::from(rows.max(1));
            u64::try_from(count).unwrap_or(u64::MAX)
        };
        let keyed = found
            .into_iter()
            .filter_map(|row| Some((row.city_key?, scaled(number(row.count)))));
        Ok((keyed.collect(), is_cut))
    }
}

/// The cities of these keys, as one of the rows of each has it: counting does not look at rows.
async fn named(
    connection: &mut Connection,
    counts: Vec<(String, u64)>,
) -> Result<Vec<(String, u64)>, StorageError> {
    let keys: serde_json::Value = counts.iter().map(|(key, _)| key.as_str()).collect();
    let mut sql = Fragment::new(connection.engine());
    statement::names_of(&mut sql, keys.to_string());
    let found: Vec<NameRow> = sql.fetch_all(connection).await?;
    let names: HashMap<String, String> = found
        .into_iter()
        .filter_map(|row| Some((row.city_key, row.city?)))
        .collect();
    Ok(counts
        .into_iter()
        .filter_map(|(key, count)| Some((names.get(&key)?.clone(), count)))
        .collect())
}

/// A city is chosen by how its key begins, so its count is that of all keys that begin with its own.
fn with_wards(cities: &BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let count = |key: &String| {
        let from = cities.range(key.clone()..);
        let inside = from.take_while(|(other, _)| other.starts_with(key.as_str()));
        inside.map(|(_, count)| count).sum::<u64>()
    };
    cities.keys().map(|key| (key.clone(), count(key))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_counts_its_wards_and_a_ward_only_itself() {
        let rows = [
            ("みほん市", 2),
            ("みほん市中区", 3),
            ("みほん町", 5),
            ("新見本市", 7),
        ];
        let cities = rows.map(|(city, count)| (city.to_owned(), count));
        let counts = with_wards(&cities.into());
        let expected = [
            ("みほん市", 5),
            ("みほん市中区", 3),
            ("みほん町", 5),
            ("新見本市", 7),
        ];
        let mut expected = expected.map(|(city, count)| (city.to_owned(), count));
        expected.sort();
        assert_eq!(counts, expected);
    }
}
