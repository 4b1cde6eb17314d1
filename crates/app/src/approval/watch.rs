//! Telling whoever may read requests that something about them has changed: asked for, decided, done, or lapsed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ApprovalId;
use domain::approval::{TAG_APPROVAL, has_lapsed};
use domain::staff::Permission;
use event_store::{Outline, Position};
use futures::Stream;
use storage::approval as rows;

use super::ReadApprovalsError;
use crate::live::{Heard, Listener};
use crate::{App, Internal, OpContext};

/// How often the clock is looked at while something can lapse. That something lapsed is no event.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What a reader of requests has to know to read them again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalsChanged {
    /// How many somebody can still decide about.
    pub open: usize,
    /// Which have changed; none: any may have.
    pub which: Option<BTreeSet<ApprovalId>>,
    /// Up to where of the log this was looked at.
    pub position: Position,
}

struct Watch {
    app: Arc<App>,
    listener: Listener,
    position: Position,
    /// When the next one lapses.
    lapses_at: Option<DateTime<Utc>>,
    has_begun: bool,
}

impl App {
    /// Says at once how many requests are open, and again whenever something about requests has changed. It ends after a fault.
    pub fn watch_approvals(
        self: &Arc<Self>,
        op: &OpContext,
    ) -> Result<impl Stream<Item = Result<ApprovalsChanged, Internal>> + Send + use<>, ReadApprovalsError>
    {
        op.require(Permission::ReadApprovals)?;
        let watch = Watch {
            listener: self.listen(),
            position: *self.store.head_changed().borrow(),
            app: Arc::clone(self),
            lapses_at: None,
            has_begun: false,
        };
        Ok(futures::stream::unfold(Some(watch), |watch| async {
            let mut watch = watch?;
            match watch.next().await {
                Some(Ok(changed)) => Some((Ok(changed), Some(watch))),
                Some(Err(error)) => Some((Err(error), None)),
                None => None,
            }
        }))
    }
}

impl Watch {
    async fn next(&mut self) -> Option<Result<ApprovalsChanged, Internal>> {
        let which = if self.has_begun {
            self.changed().await?
        } else {
            None
        };
        self.has_begun = true;
        Some(self.look(which).await)
    }

    /// Waits until something changes; the outer none: the office has closed, the inner: anything may have.
    async fn changed(&mut self) -> Option<Option<BTreeSet<ApprovalId>>> {
        let mut which = BTreeSet::new();
        loop {
            let mut heard = tokio::select! {
                heard = self.listener.next() => Some(heard?),
                () = tokio::time::sleep(LOOK_EVERY), if self.lapses_at.is_some() => None,
            };
            while let Some(one) = heard {
                match one {
                    Heard::Happened(outline) => {
                        self.position = outline.position;
                        which.extend(approval_of(&outline));
                    }
                    Heard::Missed => {
                        self.position = *self.app.store.head_changed().borrow();
                        return Some(None);
                    }
                }
                heard = self.listener.ready();
            }
            // After what was heard too: where much happens, there is never a pause in which to look.
            if self.has_lapsed() {
                return Some(None);
            }
            if !which.is_empty() {
                return Some(Some(which));
            }
        }
    }

    fn has_lapsed(&self) -> bool {
        self.lapses_at.is_some_and(|at| has_lapsed(at, self.app.now()))
    }

    async fn look(&mut self, which: Option<BTreeSet<ApprovalId>>) -> Result<ApprovalsChanged, Internal> {
        let open = rows::open(self.app.store.database(), self.app.now()).await;
        let open = open.map_err(Internal::new)?;
        self.lapses_at = open.iter().map(|row| row.expires_at).min();
        Ok(ApprovalsChanged {
            open: open.len(),
            which,
            position: self.position,
        })
    }
}

fn approval_of(outline: &Outline) -> Option<ApprovalId> {
    let tag = outline.tags.iter().find(|tag| tag.kind() == TAG_APPROVAL)?;
    tag.value().parse().ok()
}
