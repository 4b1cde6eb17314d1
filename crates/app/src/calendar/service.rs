//! The calendar in memory: loaded once, and again when something about it or the day has changed.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use domain::calendar::{Calendar, OfficeDays, TimeOfDay};
use domain::staff::Permission;
use event_store::Position;
use storage::calendar;

use super::read::ReadCalendarError;
use crate::{App, Internal, OpContext};

/// Deadlines that are kept in memory, the nearest first. Nobody warns of more than that.
const MOST_DEADLINES: u32 = 2_000;

/// What was loaded last, and as of when.
#[derive(Default)]
pub(crate) struct Loaded(Mutex<Option<(AsOf, Arc<Calendar>)>>);

/// The newest event of the calendar, and the day: deadlines of the days before are not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AsOf {
    newest: Position,
    today: NaiveDate,
}

impl App {
    /// The calendar as of the head of the log: answers "N business days before", "is open now" and "next deadline". One small
    /// question to the database, and all of it only when something has changed.
    pub async fn calendar(&self) -> Result<Arc<Calendar>, Internal> {
        let database = self.store.database();
        let (today, _) = TimeOfDay::of(self.now());
        // Asked first: what is loaded then is as new as this or newer, and is loaded again at the next question if newer.
        let newest = calendar::newest(database).await.map_err(Internal::new)?;
        let as_of = AsOf { newest, today };
        if let Some((found, loaded)) = &*self.calendar.0.lock().unwrap_or_else(PoisonError::into_inner)
            && *found == as_of
        {
            return Ok(Arc::clone(loaded));
        }
        let loaded = Arc::new(self.load_calendar(today).await?);
        *self.calendar.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((as_of, Arc::clone(&loaded)));
        Ok(loaded)
    }

    async fn load_calendar(&self, today: NaiveDate) -> Result<Calendar, Internal> {
        let database = self.store.database();
        let days = calendar::all_days(database).await.map_err(Internal::new)?;
        let hours = calendar::hours(database).await.map_err(Internal::new)?;
        let midnight = TimeOfDay::default().on(today).unwrap_or_else(|| self.now());
        let deadlines = calendar::deadlines_from(database, midnight, MOST_DEADLINES).await;
        let days = OfficeDays {
            days: days
                .into_iter()
                .filter_map(|row| Some((row.date, row.own?)))
                .collect(),
            closed_at_year_end: hours.closed_at_year_end,
        };
        let deadlines = deadlines
            .map_err(Internal::new)?
            .into_iter()
            .map(|row| row.deadline);
        Ok(Calendar::new(days, hours.hours, deadlines.collect()))
    }

    /// The same for a reader of the console.
    pub async fn read_calendar(&self, op: &OpContext) -> Result<Arc<Calendar>, ReadCalendarError> {
        op.require(Permission::ReadDeclarations)?;
        Ok(self.calendar().await?)
    }
}
