//! A look behind the binary: statements on its database, for what no command shows and no clock of ours moves.

use std::collections::HashMap;

use event_store::{Database, each_engine};
use storage::read_record;
use uuid::Uuid;

/// Runs a statement that changes rows; says how many.
pub async fn execute(database: &Database, sql: &'static str) -> u64 {
    let mut tx = database.begin_write().await.expect("a transaction");
    let rows = each_engine!(tx, c => sqlx::query(sql).execute(c).await.map(|done| done.rows_affected()));
    tx.commit().await.expect("the transaction commits");
    rows.expect("the statement runs")
}

/// The first column of a query, as whole numbers.
pub async fn numbers(database: &Database, sql: &'static str) -> Vec<i64> {
    let mut connection = database.acquire_read().await.expect("a connection");
    each_engine!(connection, c => sqlx::query_scalar::<_, i64>(sql).fetch_all(c).await)
        .expect("the query runs")
}

/// The first column of a query, as text.
pub async fn texts(database: &Database, sql: &'static str) -> Vec<String> {
    let mut connection = database.acquire_read().await.expect("a connection");
    each_engine!(connection, c => sqlx::query_scalar::<_, String>(sql).fetch_all(c).await)
        .expect("the query runs")
}

/// Where the records of reads are.
pub async fn read_records(register: &Database) -> Database {
    read_record::open_beside(register).await.expect("it opens")
}

/// Number of the declaration, where it is one, and class of all reads that are on record, in the order of records.
pub async fn reads(register: &Database) -> Vec<String> {
    let mut connection = register.acquire_read().await.expect("a connection");
    let sql = "SELECT id, number FROM declaration";
    let numbers = each_engine!(connection, c => sqlx::query_as::<_, (Uuid, String)>(sql).fetch_all(c).await)
        .expect("the query runs");
    let numbers: HashMap<_, _> = numbers.into_iter().collect();
    let reads = read_records(register).await;
    let mut connection = reads.acquire_read().await.expect("a connection");
    let sql = "SELECT declaration_ids, field_class FROM read_record ORDER BY seq";
    let rows = each_engine!(connection, c => sqlx::query_as::<_, (Vec<u8>, String)>(sql).fetch_all(c).await)
        .expect("the query runs");
    rows.iter()
        .flat_map(|(ids, class)| ids.chunks(16).map(move |id| (id, class)))
        .map(|(id, class)| {
            let number = numbers.get(&Uuid::from_slice(id).expect("16 bytes each"));
            format!("{} {class}", number.map_or("-", String::as_str))
        })
        .collect()
}
