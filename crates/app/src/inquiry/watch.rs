//! A thread that somebody has open, and a queue that somebody looks at.

use std::sync::Arc;

use domain::InquiryId;
use domain::inquiry::TAG_INQUIRY;
use domain::staff::Permission;
use event_store::Position;
use futures::Stream;

use crate::live::{Heard, Listener};
use crate::{App, Internal, OpContext, WatchError, Watched};

struct Moves {
    app: Arc<App>,
    listener: Listener,
}

impl App {
    /// Who else has the thread open, and whether something happened to it after `shown`.
    pub fn watch_inquiry(
        self: &Arc<Self>,
        op: &OpContext,
        id: InquiryId,
        shown: Position,
    ) -> Result<impl Stream<Item = Result<Watched, Internal>> + Send + use<>, WatchError> {
        let it = (TAG_INQUIRY, id.uuid());
        self.watch(op, Permission::ReadInquiries, it, shown)
    }

    /// Says where the newest thing stands that happened at the desk, whenever something has. What comes at once is said once.
    pub fn watch_inquiries(
        self: &Arc<Self>,
        op: &OpContext,
    ) -> Result<impl Stream<Item = Position> + Send + use<>, WatchError> {
        op.require(Permission::ReadInquiries)?;
        op.staff_id().ok_or(WatchError::NotStaff)?;
        let moves = Moves {
            listener: self.listen(),
            app: Arc::clone(self),
        };
        Ok(futures::stream::unfold(moves, |mut moves| async {
            let position = moves.next().await?;
            Some((position, moves))
        }))
    }
}

impl Moves {
    /// None: the office has closed.
    async fn next(&mut self) -> Option<Position> {
        loop {
            let heard = self.listener.next().await?;
            let mut newest = self.at_the_desk(&heard);
            while let Some(heard) = self.listener.ready() {
                newest = newest.max(self.at_the_desk(&heard));
            }
            if newest.is_some() {
                return newest;
            }
        }
    }

    fn at_the_desk(&self, heard: &Heard) -> Option<Position> {
        match heard {
            Heard::Happened(outline) => {
                let is_inquiry = outline.tags.iter().any(|tag| tag.kind() == TAG_INQUIRY);
                is_inquiry.then_some(outline.position)
            }
            Heard::Missed => Some(*self.app.store().head_changed().borrow()),
        }
    }
}
