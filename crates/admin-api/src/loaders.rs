//! Data loaders: what many rows of one answer ask for is fetched in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use app::mail::Unsendable;
use app::{App, Internal};
use async_graphql::Result;
use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use domain::bulk_change::BulkKind;
use domain::mailing::Draft;
use domain::privacy_request::PrivacyRequestKind;
use domain::staff::StaffId;
use domain::{ApiTokenId, DeclarationId, OrganizationId, PrivacyRequestId};
use event_store::Position;
use storage::declaration::DeclarationRow;
use uuid::Uuid;

use crate::fault;

/// The loaders of one request; nothing is kept from one request to the next.
pub struct Loaders {
    staff_names: DataLoader<StaffNames, HashMapCache>,
    organizations: DataLoader<Organizations>,
    schedule_names: DataLoader<ScheduleNames, HashMapCache>,
    declaration_numbers: DataLoader<DeclarationNumbers, HashMapCache>,
    declaration_rows: DataLoader<DeclarationRows, HashMapCache>,
    api_token_names: DataLoader<ApiTokenNames, HashMapCache>,
    drafts: DataLoader<Drafts, HashMapCache>,
    privacy_request_kinds: DataLoader<PrivacyRequestKinds, HashMapCache>,
    bulk_change_actions: DataLoader<BulkChangeActions, HashMapCache>,
}

struct StaffNames(Arc<App>);
struct Organizations(Arc<App>);
struct ScheduleNames(Arc<App>);
struct DeclarationNumbers(Arc<App>);
struct DeclarationRows(Arc<App>);
struct ApiTokenNames(Arc<App>);
struct Drafts(Arc<App>);
struct PrivacyRequestKinds(Arc<App>);
struct BulkChangeActions(Arc<App>);

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
            schedule_names: DataLoader::with_cache(
                ScheduleNames(Arc::clone(app)),
                tokio::spawn,
                HashMapCache::default(),
            ),
            declaration_numbers: DataLoader::with_cache(
                DeclarationNumbers(Arc::clone(app)),
                tokio::spawn,
                HashMapCache::default(),
            ),
            declaration_rows: DataLoader::with_cache(
                DeclarationRows(Arc::clone(app)),
                tokio::spawn,
                HashMapCache::default(),
            ),
            api_token_names: DataLoader::with_cache(
                ApiTokenNames(Arc::clone(app)),
                tokio::spawn,
                HashMapCache::default(),
            ),
            drafts: DataLoader::with_cache(Drafts(Arc::clone(app)), tokio::spawn, HashMapCache::default()),
            privacy_request_kinds: DataLoader::with_cache(
                PrivacyRequestKinds(Arc::clone(app)),
                tokio::spawn,
                HashMapCache::default(),
            ),
            bulk_change_actions: DataLoader::with_cache(
                BulkChangeActions(Arc::clone(app)),
                tokio::spawn,
                HashMapCache::default(),
            ),
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

impl Loaders {
    /// The name of a schedule, also when it was removed.
    pub async fn schedule_name(&self, id: Uuid) -> Result<Option<String>> {
        let loaded = self.schedule_names.load_one(id).await;
        loaded.map_err(|error| unreadable(&error))
    }

    /// What a token is for.
    pub async fn api_token_name(&self, id: ApiTokenId) -> Result<Option<String>> {
        let loaded = self.api_token_names.load_one(id).await;
        loaded.map_err(|error| unreadable(&error))
    }

    /// The number of a declaration.
    pub async fn declaration_number(&self, id: DeclarationId) -> Result<Option<String>> {
        let loaded = self.declaration_numbers.load_one(id).await;
        loaded.map_err(|error| unreadable(&error))
    }

    /// A declaration as the list shows it.
    pub async fn declaration_row(&self, id: DeclarationId) -> Result<Option<DeclarationRow>> {
        let loaded = self.declaration_rows.load_one(id).await;
        loaded.map_err(|error| unreadable(&error))
    }

    /// What a data subject asks for in a case; none: there is no such request.
    pub async fn privacy_request_kind(&self, id: PrivacyRequestId) -> Result<Option<PrivacyRequestKind>> {
        let loaded = self.privacy_request_kinds.load_one(id).await;
        loaded.map_err(|error| unreadable(&error))
    }

    /// What the bulk change of this id does; none: it is of none.
    pub async fn bulk_change_action(&self, id: Uuid) -> Result<Option<BulkKind>> {
        let loaded = self.bulk_change_actions.load_one(id).await;
        loaded.map_err(|error| unreadable(&error))
    }

    /// The words of a mail by the position of its event. They are personal: show them through `OpContext::reveal_mail`.
    pub async fn draft(&self, position: Position) -> Result<Option<Result<Draft, Unsendable>>> {
        let loaded = self.drafts.load_one(position).await;
        loaded.map_err(|error| unreadable(&error))
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

impl Loader<Uuid> for ScheduleNames {
    type Value = String;
    type Error = Arc<Internal>;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, Self::Error> {
        self.0.schedule_names(ids).await.map_err(Arc::new)
    }
}

impl Loader<DeclarationId> for DeclarationNumbers {
    type Value = String;
    type Error = Arc<Internal>;

    async fn load(&self, ids: &[DeclarationId]) -> Result<HashMap<DeclarationId, String>, Self::Error> {
        self.0.declaration_numbers(ids).await.map_err(Arc::new)
    }
}

impl Loader<DeclarationId> for DeclarationRows {
    type Value = DeclarationRow;
    type Error = Arc<Internal>;

    async fn load(&self, ids: &[DeclarationId]) -> Result<HashMap<DeclarationId, Self::Value>, Self::Error> {
        self.0.declaration_rows(ids).await.map_err(Arc::new)
    }
}

impl Loader<ApiTokenId> for ApiTokenNames {
    type Value = String;
    type Error = Arc<Internal>;

    async fn load(&self, ids: &[ApiTokenId]) -> Result<HashMap<ApiTokenId, String>, Self::Error> {
        let names = self.0.api_token_names().await.map_err(Arc::new)?;
        Ok(names.into_iter().filter(|(id, _)| ids.contains(id)).collect())
    }
}

impl Loader<PrivacyRequestId> for PrivacyRequestKinds {
    type Value = PrivacyRequestKind;
    type Error = Arc<Internal>;

    async fn load(
        &self,
        ids: &[PrivacyRequestId],
    ) -> Result<HashMap<PrivacyRequestId, Self::Value>, Self::Error> {
        self.0.privacy_request_kinds(ids).await.map_err(Arc::new)
    }
}

impl Loader<Uuid> for BulkChangeActions {
    type Value = BulkKind;
    type Error = Arc<Internal>;

    async fn load(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, BulkKind>, Self::Error> {
        let found = self.0.bulk_changes_of(ids).await.map_err(Arc::new)?;
        Ok(found
            .into_iter()
            .map(|(id, change)| (id, change.action))
            .collect())
    }
}

impl Loader<Position> for Drafts {
    type Value = Result<Draft, Unsendable>;
    type Error = Arc<Internal>;

    async fn load(&self, positions: &[Position]) -> Result<HashMap<Position, Self::Value>, Self::Error> {
        self.0.drafts(positions).await.map_err(Arc::new)
    }
}
