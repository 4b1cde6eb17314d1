//! Data loaders: what many rows of one answer ask for is fetched in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use app::{App, Internal};
use async_graphql::Result;
use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use domain::OrganizationId;
use domain::staff::StaffId;
use storage::declaration::DeclarationRow;

use crate::fault;

/// The loaders of one request; nothing is kept from one request to the next.
pub struct Loaders {
    staff_names: DataLoader<StaffNames, HashMapCache>,
    organizations: DataLoader<Organizations>,
}

struct StaffNames(Arc<App>);
struct Organizations(Arc<App>);

impl Loaders {
    /// Fresh loaders for one request.
    pub fn new(app: &Arc<App>) -> Self {
        Self {
            staff_names: DataLoader::with_cache(
                StaffNames(Arc::clone(app)),
                tokio::spawn,
                HashMapCache::default(),
            ),
            organizations: DataLoader::new(Organizations(Arc::clone(app)), tokio::spawn),
        }
    }

    /// Fetches names that are about to be asked for, in one statement however busy the machine is.
    pub async fn expect_staff(&self, ids: Vec<StaffId>) -> Result<()> {
        let loaded = self.staff_names.load_many(ids).await;
        loaded.map(drop).map_err(|error| unreadable(&error))
    }

    /// The name of a member of staff.
    pub async fn staff_name(&self, id: StaffId) -> Result<Option<String>> {
        self.staff_names
            .load_one(id)
            .await
            .map_err(|error| unreadable(&error))
    }

    /// All declarations of an organisation, the oldest first.
    pub async fn of_organization(&self, id: OrganizationId) -> Result<Vec<DeclarationRow>> {
        let found = self
            .organizations
            .load_one(id)
            .await
            .map_err(|error| unreadable(&error))?;
        Ok(found.unwrap_or_default())
    }
}

fn unreadable(error: &Arc<Internal>) -> async_graphql::Error {
    fault::internal(uuid::Uuid::nil(), error)
}

impl Loader<StaffId> for StaffNames {
    type Value = String;
    type Error = Arc<Internal>;

    async fn load(&self, ids: &[StaffId]) -> Result<HashMap<StaffId, String>, Self::Error> {
        self.0.staff_names(ids).await.map_err(Arc::new)
    }
}

impl Loader<OrganizationId> for Organizations {
    type Value = Vec<DeclarationRow>;
    type Error = Arc<Internal>;

    async fn load(
        &self,
        ids: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, Self::Value>, Self::Error> {
        self.0.declarations_of(ids).await.map_err(Arc::new)
    }
}
