//! An organisation: who declares. Its rule: one live declaration at a time.

use chrono::NaiveDate;

use crate::{declaration::Declaration, ids::DeclarationId};

/// The organisation's declaration that is live on a day; `None` when there is none. An old register may have brought in
/// more than one: then the newest in the log.
pub fn live_declaration<'a>(
    declarations: impl IntoIterator<Item = &'a Declaration>,
    day: NaiveDate,
) -> Option<DeclarationId> {
    let live = declarations
        .into_iter()
        .filter(|declaration| declaration.live_on(day));
    live.max_by_key(|declaration| declaration.version)
        .map(|declaration| declaration.id)
}
