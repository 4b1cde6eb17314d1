//! Rows of single declarations: by id for data loaders, and the other declarations of an organisation.

use std::collections::HashMap;

use domain::{DeclarationId, OrganizationId};
use event_store::Sql;
use uuid::Uuid;

use super::Declarations;
use super::row::{COLUMNS, DeclarationRow, Stored};
use crate::sql::{Fragment, StorageError, id_list};

const BY_IDS: Sql = Sql {
    sqlite: " FROM declaration d WHERE d.id IN (SELECT unhex(value) FROM json_each(",
    postgres: " FROM declaration d WHERE d.id = ANY (SELECT value::uuid FROM json_array_elements_text(CAST(",
};
const BY_ORGANIZATIONS: Sql = Sql {
    sqlite: " FROM declaration d WHERE d.organization_id IN (SELECT unhex(value) FROM json_each(",
    postgres: " FROM declaration d WHERE d.organization_id = ANY (SELECT value::uuid FROM json_array_elements_text(CAST(",
};
const END: Sql = Sql {
    sqlite: "))",
    postgres: " AS json)))",
};
const OLDEST_FIRST: &str = " ORDER BY d.declared_on, d.seq";

impl Declarations {
    /// The rows with these ids; an unknown id has none.
    pub async fn by_ids(
        &self,
        ids: &[DeclarationId],
    ) -> Result<HashMap<DeclarationId, DeclarationRow>, StorageError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let rows = self.rows_of(BY_IDS, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// All declarations of these organisations, the oldest first.
    pub async fn by_organizations(
        &self,
        ids: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, Vec<DeclarationRow>>, StorageError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let mut found: HashMap<OrganizationId, Vec<DeclarationRow>> = HashMap::new();
        for row in self.rows_of(BY_ORGANIZATIONS, &ids).await? {
            found.entry(row.organization_id).or_default().push(row);
        }
        Ok(found)
    }

    async fn rows_of(&self, from: Sql, ids: &[Uuid]) -> Result<Vec<DeclarationRow>, StorageError> {
        let mut connection = self.database.acquire_read().await?;
        let mut sql = Fragment::new(connection.engine());
        sql.text("SELECT ")
            .text(COLUMNS)
            .dialect(from)
            .bind_text(id_list(ids))
            .dialect(END)
            .text(OLDEST_FIRST);
        let rows: Vec<Stored> = sql.fetch_all(&mut connection).await?;
        Ok(rows
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_, _>>()?)
    }
}
