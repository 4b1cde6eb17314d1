//! Names of staff, for timelines and greetings.

use std::collections::HashMap;

use domain::staff::StaffId;
use storage::staff;
use uuid::Uuid;

use super::accept_invitation::normal_login;
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

    /// Whose login it is; none when nobody has it.
    pub async fn account_of_login(&self, login: &str) -> Result<Option<StaffId>, Internal> {
        let found = staff::by_login(self.store.database(), &normal_login(login)).await;
        Ok(found.map_err(Internal::new)?.map(|row| StaffId(row.id)))
    }

    /// Whether the first administrator is still to come.
    pub async fn has_no_administrator(&self) -> Result<bool, Internal> {
        Ok(staff::administrators(self.store.database(), None)
            .await
            .map_err(Internal::new)?
            == 0)
    }
}
