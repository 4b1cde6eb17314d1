//! A record that somebody has open.

use std::sync::Arc;

use domain::DeclarationId;
use domain::declaration::TAG_DECLARATION;
use domain::staff::Permission;
use event_store::Position;
use futures::Stream;

use crate::{App, Internal, OpContext, WatchError, Watched};

impl App {
    /// Who else has the record open, and whether something happened to it after `shown`.
    pub fn watch_declaration(
        self: &Arc<Self>,
        op: &OpContext,
        id: DeclarationId,
        shown: Position,
    ) -> Result<impl Stream<Item = Result<Watched, Internal>> + Send + use<>, WatchError> {
        let it = (TAG_DECLARATION, id.uuid());
        self.watch(op, Permission::ReadDeclarations, it, shown)
    }
}
