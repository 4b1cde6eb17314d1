//! The register as it is now: lists, filters, search, and the rows of single declarations.

mod cell;
pub(crate) mod checksum;
mod cities;
mod counts;
mod cursor;
mod effort;
mod facets;
mod filter;
pub(crate) mod forget;
mod list;
mod lookup;
mod matched;
mod matching;
mod plan;
pub(crate) mod project;
pub(crate) mod projected;
mod row;
mod sampled;
mod search;
mod spread;
mod statement;
pub(super) mod tokens;
pub(crate) mod turn;
mod walk;
mod way;
mod words;
pub(crate) mod write;

use event_store::Database;

pub use cell::{Cell, Facet};
pub use cities::{CITIES_MAX, Cities};
pub use counts::{EXACT_MAX, Limits, Total};
pub use cursor::CursorError;
pub use domain::declaration::DeclarationState;
pub use facets::Facets;
pub use filter::Filter;
pub use list::{FIRST_MAX, ListError, ListPage, ListRequest, Sort};
pub use matched::{Matched, MatchedField};
pub use row::{DeclarationRow, RowName};
pub use search::{SEARCH_LENGTH_MAX, SEARCH_TERMS_MAX, Search, SearchError, SearchScope};
pub use walk::{STRIDE, Walk};

/// The name of this projection in `projection_checkpoint`.
pub(crate) const NAME: &str = "declarations";
/// Of the projecting code. Raise it when the rows that it writes change: the next start then rebuilds.
pub(crate) const VERSION: i64 = 4;

/// The queries of the register. Keep one for the whole process: it holds the counts in memory.
#[derive(Debug)]
pub struct Declarations {
    database: Database,
    counts: counts::Counts,
    totals: counts::Totals,
    spread: spread::Spread,
    limits: Limits,
}

impl Declarations {
    /// Queries on this database.
    pub fn new(database: Database) -> Self {
        Self::with_limits(database, Limits::default())
    }

    /// The same with other limits.
    pub fn with_limits(database: Database, limits: Limits) -> Self {
        Self {
            database,
            counts: counts::Counts::default(),
            totals: counts::Totals::default(),
            spread: spread::Spread::default(),
            limits,
        }
    }
}
