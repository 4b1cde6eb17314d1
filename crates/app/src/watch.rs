//! Telling whoever has a record or a thread open that something happened to it, and who else has it open.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::staff::{Permission, StaffId};
use event_store::{Position, Query, Tag};
use futures::Stream;
use storage::viewer::{self, Viewer};
use tokio::time::{Instant, MissedTickBehavior, interval};
use uuid::Uuid;

use crate::live::{Heard, Listener};
use crate::{App, Forbidden, Internal, OpContext};

/// How often it is looked who else is there.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often an open page says that it is still open.
const SEEN_EVERY: Duration = Duration::from_secs(10);
/// After that a page that says nothing more is closed: its process has died.
const GONE_AFTER: TimeDelta = TimeDelta::seconds(25);

/// What whoever has something open has to know.
#[derive(Clone, PartialEq, Eq)]
pub struct Watched {
    /// Up to where of the log it is as it was shown, or where something stands that happened to it since.
    pub position: Position,
    /// Who else has it open, with their names.
    pub others: BTreeMap<StaffId, String>,
}

impl std::fmt::Debug for Watched {
    // Names are personal.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Watched")
            .field("position", &self.position)
            .field("others", &self.others.len())
            .finish()
    }
}

/// Why nothing can be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A program looks at nothing.
    #[error("only members of staff watch records")]
    NotStaff,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

struct Watch {
    app: Arc<App>,
    listener: Listener,
    page: Page,
    /// What every event about it carries.
    tag: Tag,
    /// Up to where it is shown.
    shown: Position,
    told: Option<Watched>,
    look: tokio::time::Interval,
    seen_at: Option<Instant>,
}

/// An open page; closed when it is dropped.
struct Page {
    app: Arc<App>,
    viewer: Viewer,
}

impl App {
    /// Says at once who else has it open and whether something happened to it after `shown`, and again whenever somebody comes or goes or
    /// something happens to it. It ends after a fault. What every event about it carries is `kind` with its id.
    pub(crate) fn watch(
        self: &Arc<Self>,
        op: &OpContext,
        permission: Permission,
        (kind, id): (&str, Uuid),
        shown: Position,
    ) -> Result<impl Stream<Item = Result<Watched, Internal>> + Send + use<>, WatchError> {
        op.require(permission)?;
        let staff_id = op.staff_id().ok_or(WatchError::NotStaff)?;
        let tag = Tag::new(kind, id).map_err(Internal::new)?;
        let viewer = Viewer {
            id: self.new_id().map_err(Internal::new)?,
            record_id: id,
            staff_id: staff_id.0,
        };
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let watch = Watch {
            listener: self.listen(),
            app: Arc::clone(self),
            page: Page {
                app: Arc::clone(self),
                viewer,
            },
            tag,
            shown,
            told: None,
            look,
            seen_at: None,
        };
        Ok(futures::stream::unfold(Some(watch), |watch| async {
            let mut watch = watch?;
            match watch.next().await {
                Some(Ok(told)) => Some((Ok(told), Some(watch))),
                Some(Err(error)) => Some((Err(error), None)),
                None => None,
            }
        }))
    }
}

impl Watch {
    /// What is to be told next; none: the office has closed. Who else is there is asked by the clock alone: what happens elsewhere, as
    /// an import writes it, costs no statement.
    async fn next(&mut self) -> Option<Result<Watched, Internal>> {
        loop {
            let mut now = match self.told.clone() {
                Some(told) => told,
                None => match self.since_shown().await {
                    Ok(position) => Watched {
                        position,
                        others: BTreeMap::new(),
                    },
                    Err(error) => return Some(Err(error)),
                },
            };
            tokio::select! {
                // Not before it was said once who is there.
                heard = self.listener.next(), if self.told.is_some() => {
                    now.position = self.newest(heard?).unwrap_or(now.position);
                    while let Some(heard) = self.listener.ready() {
                        now.position = self.newest(heard).unwrap_or(now.position);
                    }
                }
                _ = self.look.tick() => match self.others().await {
                    Ok(others) => now.others = others,
                    Err(error) => return Some(Err(error)),
                },
            }
            if self.told.as_ref() != Some(&now) {
                self.told = Some(now.clone());
                return Some(Ok(now));
            }
        }
    }

    /// Where it is shown up to, or the end of the log when something happened to it after that.
    async fn since_shown(&self) -> Result<Position, Internal> {
        let head = self.head();
        let query = Query::tagged(self.tag.clone());
        let newer = self.app.store.read(&query, self.shown, 1).await;
        let is_newer = !newer.map_err(Internal::new)?.is_empty();
        Ok(if is_newer {
            head.max(self.shown)
        } else {
            self.shown
        })
    }

    /// Where what was heard stands, if it is about that or may be.
    fn newest(&self, heard: Heard) -> Option<Position> {
        match heard {
            Heard::Happened(outline) => outline.tags.contains(&self.tag).then_some(outline.position),
            Heard::Missed => Some(self.head()),
        }
    }

    fn head(&self) -> Position {
        *self.app.store.head_changed().borrow()
    }

    async fn others(&mut self) -> Result<BTreeMap<StaffId, String>, Internal> {
        let recorder = self.app.storage.read_recorder();
        let now: DateTime<Utc> = self.app.now();
        if self.seen_at.is_none_or(|at| at.elapsed() >= SEEN_EVERY) {
            let seen = viewer::see(recorder, self.page.viewer, now).await;
            seen.map_err(Internal::new)?;
            self.seen_at = Some(Instant::now());
        }
        let found = viewer::others(recorder, self.page.viewer, now - GONE_AFTER).await;
        let found: Vec<StaffId> = found.map_err(Internal::new)?.into_iter().map(StaffId).collect();
        if found.is_empty() {
            return Ok(BTreeMap::new());
        }
        if let Some(told) = &self.told
            && told.others.keys().eq(found.iter())
        {
            return Ok(told.others.clone());
        }
        Ok(self.app.staff_names(&found).await?.into_iter().collect())
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let (app, id) = (Arc::clone(&self.app), self.viewer.id);
        // Without a runtime the process ends; the row is nothing half a minute later.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = viewer::leave(app.storage.read_recorder(), id).await {
                    tracing::debug!(%error, "a page that was closed is shown for half a minute more");
                }
            });
        }
    }
}
