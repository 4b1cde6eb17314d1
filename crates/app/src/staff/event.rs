//! An event of an account as the log takes it.

use domain::staff::{SCHEMA_VERSION, StaffEvent, TAG_STAFF};
use event_store::{NewEvent, PersonalPart, Tag};

use crate::{App, Internal};

impl App {
    pub(super) fn staff_event(
        &self,
        said: &StaffEvent,
        personal: Vec<PersonalPart>,
    ) -> Result<NewEvent, Internal> {
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: said.event_type().to_owned(),
            schema_version: SCHEMA_VERSION,
            tags: vec![Tag::new(TAG_STAFF, said.staff_id()).map_err(Internal::new)?],
            effective_at: crate::day_in_japan(self.now()),
            data: said.data(),
            personal,
        })
    }
}
