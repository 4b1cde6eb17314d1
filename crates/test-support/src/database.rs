//! A database per test: a SQLite file in a temporary folder, or a fresh database on the cluster of the test run.

use std::str::FromStr;
use std::sync::Arc;

use event_store::{
    Database, DatabaseOptions, EventStore, InlineProjector, KeyEncryptionKey, Keyring, OpenOptions,
};
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

/// The origin of the logs that [`TestDatabase::open_store`] opens.
pub const TEST_ORIGIN: &str = "test.example.jp/log";

const CLUSTER: &str = "SENGEN_TEST_POSTGRES";
const HOW_TO_RUN: &str = "SENGEN_TEST_POSTGRES is not set: run `scripts/with-postgres.sh cargo nextest run`";

/// A migrated database of its own for one test; it is removed when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    database: Database,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Sqlite {
        folder: TempDir,
    },
    Postgres {
        admin: Box<PgConnectOptions>,
        name: String,
    },
}

impl TestDatabase {
    /// A SQLite file in a temporary folder, migrated.
    pub async fn sqlite() -> Self {
        let empty = Self::sqlite_empty().await;
        empty.database.migrate().await.expect("the migrations run");
        empty
    }

    /// A fresh PostgreSQL database, migrated.
    pub async fn postgres() -> Self {
        let empty = Self::postgres_empty().await;
        empty.database.migrate().await.expect("the migrations run");
        empty
    }

    /// A SQLite file in a temporary folder, without any table.
    pub async fn sqlite_empty() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("sengen.db").display());
        let database = Database::open(&url).await.expect("the file opens");
        Self {
            url,
            database,
            kind: Kind::Sqlite { folder },
        }
    }

    /// A fresh PostgreSQL database, without any table.
    pub async fn postgres_empty() -> Self {
        let cluster = std::env::var(CLUSTER).unwrap_or_else(|_| panic!("{HOW_TO_RUN}"));
        let admin = PgConnectOptions::from_str(&cluster).expect("a postgres:// address");
        let name = format!("test_{}", Uuid::new_v4().simple());
        statement(&admin, format!("CREATE DATABASE {name} TEMPLATE template0"))
            .await
            .expect("a fresh database");
        let url = with_database(&cluster, &name);
        let database = Database::open(&url).await.expect("the database opens");
        Self {
            url,
            database,
            kind: Kind::Postgres {
                admin: Box::new(admin),
                name,
            },
        }
    }

    /// Its address, for a binary or a second process.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The open database. Clone it freely.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Opens it once more, as another process would.
    pub async fn open_again(&self, options: DatabaseOptions) -> Database {
        Database::open_with(&self.url, options)
            .await
            .expect("the database opens again")
    }

    /// The folder of the SQLite file.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match &self.kind {
            Kind::Sqlite { folder } => Some(folder.path()),
            Kind::Postgres { .. } => None,
        }
    }

    /// The keyring beside it, under a fixed key-encryption key.
    pub async fn keyring(&self) -> Keyring {
        let kek = KeyEncryptionKey::from_bytes([7; 32]);
        Keyring::open_beside(&self.database, kek)
            .await
            .expect("the keyring opens")
    }

    /// A store on it, without inline projectors.
    pub async fn open_store(&self) -> EventStore {
        self.open_store_with(Vec::new()).await
    }

    /// A store on it, with inline projectors.
    pub async fn open_store_with(&self, inline: Vec<Arc<dyn InlineProjector>>) -> EventStore {
        self.open_store_over(self.database.clone(), inline).await
    }

    /// A store on it over other connections: those of another process, or by way of a proxy.
    pub async fn open_store_over(
        &self,
        database: Database,
        inline: Vec<Arc<dyn InlineProjector>>,
    ) -> EventStore {
        let options = OpenOptions {
            database,
            keyring: self.keyring().await,
            origin: TEST_ORIGIN.to_owned(),
            inline,
        };
        EventStore::open(options).await.expect("the store opens")
    }
}

impl Drop for TestDatabase {
    // Dropping cannot wait on the test's own runtime, and must also work while a test panics.
    fn drop(&mut self) {
        let Kind::Postgres { admin, name } = &self.kind else {
            return;
        };
        let (admin, name) = (admin.clone(), name.clone());
        let dropper = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| {
                runtime.block_on(statement(
                    &admin,
                    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                ))
            })
        });
        // What is left over goes with the throw-away cluster.
        drop(dropper.join());
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the name of a database cannot be bound; it is made above, in hexadecimal"
)]
async fn statement(admin: &PgConnectOptions, text: String) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(admin).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(text))
        .execute(&mut connection)
        .await?;
    connection.close().await
}

/// The address of another database on the same cluster.
fn with_database(cluster: &str, name: &str) -> String {
    let (before, parameters) = cluster
        .split_once('?')
        .map_or((cluster, None), |(a, b)| (a, Some(b)));
    let (scheme, rest) = before.split_once("://").unwrap_or(("postgres", before));
    let host = rest.split('/').next().unwrap_or(rest);
    let parameters = parameters.map(|text| format!("?{text}")).unwrap_or_default();
    format!("{scheme}://{host}/{name}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_address_of_another_database_keeps_host_and_parameters() {
        for (cluster, expected) in [
            (
                "postgres://postgres@127.0.0.1:5433/postgres",
                "postgres://postgres@127.0.0.1:5433/x",
            ),
            ("postgres://127.0.0.1", "postgres://127.0.0.1/x"),
            (
                "postgres://a:b@host/db?sslmode=disable",
                "postgres://a:b@host/x?sslmode=disable",
            ),
        ] {
            assert_eq!(with_database(cluster, "x"), expected);
        }
    }
}
