//! All rows of a list, page by page, as they were at one moment: for files that are made while others go on writing.

use std::sync::Arc;

use event_store::{Connection, Position};

use super::counts::{Counts, Total};
use super::cursor::Place;
use super::list::{ListError, ListRequest};
use super::plan::Plan;
use super::row::DeclarationRow;
use super::spread::{Sample, Spread};
use super::{Declarations, Limits};
use crate::projections::checkpoint::Checkpoint;
use crate::sql::StorageError;

/// Rows of one page of a walk.
pub const STRIDE: u32 = 2_000;

/// A walk through a list. While it lasts, SQLite cannot fold its write-ahead log into its file.
#[derive(Debug)]
pub struct Walk {
    connection: Connection,
    /// Its own: those of the process go on, and cells that have become empty meanwhile would be left out.
    counts: Counts,
    sample: Option<Arc<Sample>>,
    request: ListRequest,
    limits: Limits,
    at: Checkpoint,
    after: Option<Place>,
    known: Option<Total>,
    is_over: bool,
}

impl Declarations {
    /// Begins a walk through the list that is asked for, from its first row; `first` and `after` are not looked at.
    pub async fn walk(&self, mut request: ListRequest) -> Result<Walk, StorageError> {
        request.first = STRIDE;
        request.after = None;
        let mut connection = self.database.begin_snapshot().await?;
        let counts = Counts::default();
        let at = counts.refresh(&mut connection).await?;
        let sample = if request.filter.is_empty() && request.search.is_none() {
            None
        } else {
            let (all, _) = counts.count(super::cell::Masks::ALL);
            Some(Spread::default().sample(&mut connection, all, &at).await?)
        };
        Ok(Walk {
            connection,
            counts,
            sample,
            request,
            limits: self.limits,
            at,
            after: None,
            known: None,
            is_over: false,
        })
    }
}

impl Walk {
    /// Up to where in the log, and of which day, the rows are.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.at
    }

    /// Up to where in the log the rows are.
    pub const fn position(&self) -> Position {
        self.at.position
    }

    /// The next rows in order, and how many there are at all, about; no rows: it is over.
    pub async fn next(&mut self) -> Result<(Vec<DeclarationRow>, u64), ListError> {
        if self.is_over {
            return Ok((Vec::new(), self.known.map_or(0, Total::count)));
        }
        let seen = (self.known, self.sample.as_deref());
        let plan = Plan::new(
            &self.counts,
            &self.request,
            self.after.as_ref(),
            seen,
            self.limits,
        );
        let (mut rows, total) = plan.page(&mut self.connection).await?;
        if self.request.search.is_some() || !self.request.filter.spans().are_empty() {
            self.known = Some(self.known.unwrap_or(total));
        }
        self.is_over = rows.len() <= STRIDE as usize;
        rows.truncate(STRIDE as usize);
        self.after = rows.last().map(|row| self.request.sort.place_of(row));
        Ok((rows, total.count()))
    }
}
