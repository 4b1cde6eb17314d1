//! Names of staff, for timelines and greetings.

use std::collections::HashMap;

use domain::staff::StaffId;
use storage::staff;
use uuid::Uuid;

use crate::{App, Internal};

impl App {
    /// The names of these members of staff; an unknown id has none.
    pub async fn staff_names(&self, ids: &[StaffId]) -> Result<HashMap<StaffId, String>, Internal> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let found = staff::by_ids(self.store.database(), &ids)
            .await
            .map_err(Internal::new)?;
        Ok(found
            .into_iter()
            .map(|(id, member)| (StaffId(id), member.name))
            .collect())
    }

    /// Whether the first administrator is still to come.
    pub async fn has_no_administrator(&self) -> Result<bool, Internal> {
        Ok(staff::administrators(self.store.database(), None)
            .await
            .map_err(Internal::new)?
            == 0)
    }
}
