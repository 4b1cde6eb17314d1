//! The twins without and with their indexes: on PostgreSQL filling them first and making the indexes afterwards sorts each once.
//! The test `twins_that_a_rebuild_made_are_those_of_the_migration` compares what stands here with what the migrations made.
//!
//! SQLite keeps its indexes: while one is made of millions of rows, everybody who writes would wait.

use event_store::{Connection, Engine, Sql, each_engine, table_to_scrub};

use super::RebuildError;
use super::stage::Work;
use crate::sql::StorageError;

const EMPTY: [Sql; 2] = [
    Sql {
        sqlite: "DELETE FROM declaration_rebuild",
        postgres: "TRUNCATE declaration_rebuild",
    },
    Sql {
        sqlite: "DELETE FROM declaration_count_rebuild",
        postgres: "TRUNCATE declaration_count_rebuild",
    },
];
const EMPTY_SQLITE: &str =
    "INSERT INTO declaration_search_rebuild (declaration_search_rebuild) VALUES ('delete-all')";

/// Takes all indexes off but the primary key, whatever their names: after a switch they have those of the other table.
const BARE_POSTGRES: &str = "DO $$ DECLARE it record; BEGIN \
       FOR it IN SELECT conname AS name FROM pg_constraint \
                 WHERE contype = 'u' AND conrelid = 'declaration_rebuild'::regclass LOOP \
         EXECUTE format('ALTER TABLE declaration_rebuild DROP CONSTRAINT %I', it.name); \
       END LOOP; \
       FOR it IN SELECT indexrelid::regclass AS name FROM pg_index \
                 WHERE NOT indisprimary AND indrelid = 'declaration_rebuild'::regclass LOOP \
         EXECUTE format('DROP INDEX %s', it.name); \
       END LOOP; END $$";

/// Rows have one id each: it is the index that the rebuild itself needs, to follow the log.
const UNIQUE_POSTGRES: &str = "ALTER TABLE declaration_rebuild ADD UNIQUE (id)";

/// PostgreSQL finds a free name itself.
const INDEXES_POSTGRES: [&str; 8] = [
    "CREATE INDEX ON declaration_rebuild (declared_on, seq, cell, changed_at, number, city_key)",
    "CREATE INDEX ON declaration_rebuild (number, seq, cell, declared_on, changed_at, city_key)",
    "CREATE INDEX ON declaration_rebuild (changed_at, seq, cell, declared_on, number, city_key)",
    "CREATE INDEX ON declaration_rebuild (cell, declared_on, seq, changed_at, number, city_key)",
    "CREATE INDEX ON declaration_rebuild (corporate_number)",
    "CREATE INDEX ON declaration_rebuild (organization_id)",
    "CREATE INDEX ON declaration_rebuild (stopped_on) WHERE stopped_on IS NOT NULL AND (cell & 3) = 0",
    "CREATE INDEX ON declaration_rebuild (city_key, cell, seq, declared_on, changed_at, number) \
     WHERE city_key IS NOT NULL",
];
const SEARCH_POSTGRES: &str =
    "CREATE INDEX ON declaration_rebuild USING gin (tokens) WITH (gin_pending_list_limit = 512)";

/// Only for one transaction: what does not fit is written several times.
const MEMORY_POSTGRES: &str = "SET LOCAL maintenance_work_mem = '256MB'";

const COUNT: &str = "INSERT INTO declaration_count_rebuild (cell, count, position) \
     SELECT cell, count(*), $1 FROM declaration_rebuild GROUP BY cell";

/// Bits of what is made beside [`INDEXES_POSTGRES`], whose bits are their places.
const COUNTS: i64 = 1 << 16;
const SEARCH: i64 = 1 << 17;

/// Makes the twins empty, and on PostgreSQL bare.
pub(super) async fn bare(connection: &mut Connection) -> Result<(), StorageError> {
    let engine = connection.engine();
    for sql in EMPTY {
        execute(connection, sql.for_engine(engine)).await?;
    }
    let more = match engine {
        Engine::Sqlite => EMPTY_SQLITE,
        Engine::Postgres => BARE_POSTGRES,
    };
    execute(connection, more).await
}

/// Counts the cells and makes the indexes that are not there yet.
pub(super) async fn finish(work: &Work<'_>) -> Result<(), RebuildError> {
    let made = work.state.indexes;
    if made & COUNTS == 0 {
        count(work).await?;
    }
    let database = work.store.database();
    if database.engine() == Engine::Postgres {
        database
            .settle(&table_to_scrub!("declaration_rebuild"))
            .await
            .map_err(StorageError::from)?;
        // Side by side: the search index is one long sort of its own.
        tokio::try_join!(ordered(work, made), search(work, made))?;
    }
    Ok(())
}

async fn count(work: &Work<'_>) -> Result<(), RebuildError> {
    let mut tx = work.begin().await?;
    let position = work.state.target.get();
    each_engine!(tx, c => sqlx::query(COUNT).bind(position).execute(c).await.map(drop))
        .map_err(StorageError::from)?;
    if tx.engine() == Engine::Postgres {
        execute(&mut tx, UNIQUE_POSTGRES).await?;
    }
    work.commit_index(tx, COUNTS).await
}

async fn ordered(work: &Work<'_>, made: i64) -> Result<(), RebuildError> {
    for (place, text) in INDEXES_POSTGRES.iter().enumerate() {
        let bit = 1 << place;
        if made & bit == 0 {
            let mut tx = work.store.database().begin_write().await?;
            execute(&mut tx, text).await?;
            work.commit_index(tx, bit).await?;
        }
    }
    Ok(())
}

async fn search(work: &Work<'_>, made: i64) -> Result<(), RebuildError> {
    if made & SEARCH == 0 {
        let mut tx = work.store.database().begin_write().await?;
        execute(&mut tx, MEMORY_POSTGRES).await?;
        execute(&mut tx, SEARCH_POSTGRES).await?;
        work.commit_index(tx, SEARCH).await?;
    }
    Ok(())
}

/// Runs a statement that has no values.
pub(super) async fn execute(connection: &mut Connection, text: &'static str) -> Result<(), StorageError> {
    Ok(each_engine!(connection, c => sqlx::query(text).execute(c).await.map(drop))?)
}
