//! Every table is somewhere: in the log, in the keyring, computed from the log, moved with the register, or left behind.

use std::collections::BTreeSet;

use event_store::{DatabaseError, EngineMut, each_engine};
use storage::read_record;
use storage::transfer::{STAYS, Table};
use test_support::TestDatabase;

test_support::on_both_engines!(
    every_table_has_its_place,
    every_column_of_a_table_that_moves_moves,
    rows_move_as_they_are_and_numbers_go_on_after_them,
    a_link_of_an_older_backup_is_still_a_link,
    a_view_of_an_older_backup_is_one_of_declarations,
);

const LOG: [&str; 4] = ["log_head", "event", "event_tag", "command_receipt"];
const COMPUTED: [&str; 36] = [
    "inquiry",
    "inquiry_message",
    "inquiry_search",
    "inquiry_tag",
    "inquiry_mention",
    "inquiry_declaration",
    "inquiry_course",
    "inquiry_step",
    "review_contact",
    "export",
    "bulk_change",
    "import",
    "api_token",
    "approval",
    "privacy_request",
    "incident",
    "schedule",
    "firing",
    "firing_missed",
    "suppression",
    "tree",
    "tile",
    "declaration",
    "declaration_search",
    "declaration_count",
    "declaration_rebuild",
    "declaration_search_rebuild",
    "declaration_count_rebuild",
    "projection_checkpoint",
    "projection_rebuild",
    "register_index",
    "staff",
    "calendar_day",
    "calendar_hours",
    "deadline",
    "figure",
];
const MACHINERY: [&str; 3] = ["_sqlx_migrations", "_sqlx_migrations_reads", "migration_lock"];

const COLUMNS_SQLITE: &str =
    "SELECT m.name, c.name FROM sqlite_schema AS m CROSS JOIN pragma_table_info(m.name) AS c
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
     AND NOT ((m.name LIKE 'declaration_search%' OR m.name LIKE 'inquiry_search%') AND m.sql NOT LIKE '%VIRTUAL%')";
const COLUMNS_POSTGRES: &str = "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'";

async fn columns(db: &TestDatabase) -> Vec<(String, String)> {
    let reads = read_record::open_beside(db.database()).await.expect("it opens");
    let mut columns = Vec::new();
    for database in [db.database(), &reads] {
        let mut connection = database.acquire_read().await.expect("a connection");
        let found: Vec<(String, String)> = match connection.engine_mut() {
            EngineMut::Sqlite(c) => sqlx::query_as(COLUMNS_SQLITE).fetch_all(c).await,
            EngineMut::Postgres(c) => sqlx::query_as(COLUMNS_POSTGRES).fetch_all(c).await,
        }
        .expect("the schema is read");
        columns.extend(found);
    }
    columns
}

async fn every_table_has_its_place(db: TestDatabase) {
    let found: BTreeSet<String> = columns(&db).await.into_iter().map(|(table, _)| table).collect();
    let known: BTreeSet<&str> = LOG
        .into_iter()
        .chain(COMPUTED)
        .chain(MACHINERY)
        .chain(STAYS)
        .chain(Table::ALL.map(Table::name))
        .collect();
    let unknown: Vec<_> = found
        .iter()
        .filter(|table| !known.contains(table.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "say in storage::transfer whether {unknown:?} moves with the register, stays, or is computed"
    );
}

async fn every_column_of_a_table_that_moves_moves(db: TestDatabase) {
    let found = columns(&db).await;
    for table in Table::ALL {
        let stored: BTreeSet<_> = found
            .iter()
            .filter(|(name, _)| name == table.name())
            .map(|(_, column)| column.clone())
            .collect();
        let moved: BTreeSet<_> = table.columns().into_iter().collect();
        assert_eq!(stored, moved, "{table:?}");
    }
}

/// A row of each table, as it stands in a backup.
const ROWS: [(Table, &str); 11] = [
    (
        Table::Credential,
        r#"{"staff_id":"00000000-0000-0000-0000-00000000000a","password_hash":"$argon2id$\"x\"","changed_at":5}"#,
    ),
    (
        Table::Invitation,
        r#"{"token_hash":"00ff","role":"viewer support","created_at":1,"expires_at":2,"used_at":null,"staff_id":"00000000-0000-0000-0000-00000000000d","invited_by":"staff:x","revoked_at":3,"same_as":"00000000-0000-0000-0000-00000000000e"}"#,
    ),
    (
        Table::ReadRecord,
        r#"{"seq":41,"at":7,"actor":"staff:山田","declaration_ids":"0000000000000000000000000000000b0000000000000000000000000000000c","field_class":"contact","purpose":"detail","request_id":"r"}"#,
    ),
    (
        Table::Backup,
        r#"{"id":"00000000-0000-0000-0000-00000000000c","made_at":1,"position":9,"path":"/b","bytes":3,"sha256":"ab","with_keys":1,"expires_at":4}"#,
    ),
    (
        Table::CheckpointNote,
        r#"{"size":9,"note":"log\n9\n","signed_at":6}"#,
    ),
    (
        Table::Totp,
        r#"{"staff_id":"00000000-0000-0000-0000-00000000000a","pending":0,"subject_id":"00000000-0000-0000-0000-00000000000e","sealed":"01ff","last_step":7,"made_at":8}"#,
    ),
    (
        Table::RecoveryCode,
        r#"{"code_hash":"00fe","staff_id":"00000000-0000-0000-0000-00000000000a","made_at":8,"used_at":9}"#,
    ),
    (
        Table::Passkey,
        r#"{"id":"00000000-0000-0000-0000-00000000000f","staff_id":"00000000-0000-0000-0000-00000000000a","credential_id":"00fd","credential":"{\"cred\":1}","counter":3,"name":"鍵","created_at":8,"last_used_at":9,"suspected_at":null}"#,
    ),
    (
        Table::Identity,
        r#"{"subject_hash":"00fc","staff_id":"00000000-0000-0000-0000-00000000000a","linked_at":8,"last_used_at":null}"#,
    ),
    (
        Table::ListView,
        r#"{"id":"00000000-0000-0000-0000-00000000001a","list":"declarations","owner_id":"00000000-0000-0000-0000-00000000000a","is_shared":1,"name":"有効","name_key":"有効","question":"state=ACTIVE","changed_at":8,"revision":2}"#,
    ),
    (
        Table::ListViewDefault,
        r#"{"staff_id":"00000000-0000-0000-0000-00000000000a","list":"inquiries","view_id":"00000000-0000-0000-0000-00000000001a"}"#,
    ),
];
const NEXT: &str = "INSERT INTO read_record (at, actor, declaration_ids, field_class, purpose, request_id)
     SELECT at, actor, declaration_ids, field_class, purpose, request_id FROM read_record RETURNING seq";

/// As a backup has it that was made before links knew whose account they make.
async fn a_link_of_an_older_backup_is_still_a_link(db: TestDatabase) {
    let mut tx = db.database().begin_write().await.expect("a transaction");
    let row = r#"{"token_hash":"00ff","role":"viewer","created_at":1,"expires_at":2,"used_at":null}"#;
    Table::Invitation
        .put(&mut tx, &[row.to_owned()])
        .await
        .expect("put");
    assert!(!Table::Invitation.is_empty(&mut tx).await.expect("asked"));
}

/// As a backup has it that was made before the desk had views.
async fn a_view_of_an_older_backup_is_one_of_declarations(db: TestDatabase) {
    let mut tx = db.database().begin_write().await.expect("a transaction");
    let of_list = |table: Table, row: &str| {
        let (_, now) = ROWS.into_iter().find(|(it, _)| *it == table).expect("a row");
        assert!(now.contains(r#""list":"#) && !row.contains("list"), "{now}");
        (table, row.to_owned())
    };
    for (table, row) in [
        of_list(
            Table::ListView,
            r#"{"id":"00000000-0000-0000-0000-00000000001a","owner_id":"00000000-0000-0000-0000-00000000000a","is_shared":1,"name":"有効","name_key":"有効","question":"","changed_at":8,"revision":2}"#,
        ),
        of_list(
            Table::ListViewDefault,
            r#"{"staff_id":"00000000-0000-0000-0000-00000000000a","view_id":"00000000-0000-0000-0000-00000000001a"}"#,
        ),
    ] {
        table.put(&mut tx, &[row]).await.expect("put");
    }
    tx.commit().await.expect("a commit");
    let staff = uuid::Uuid::from_u128(10);
    let seen =
        storage::list_view::seen_by(db.database(), staff, storage::list_view::ViewedList::Declarations);
    let seen = seen.await.expect("read");
    assert_eq!((seen.len(), seen[0].is_default), (1, true));
}

async fn rows_move_as_they_are_and_numbers_go_on_after_them(db: TestDatabase) {
    let reads = read_record::open_beside(db.database()).await.expect("it opens");
    for (table, row) in ROWS {
        let database = if table == Table::ReadRecord {
            &reads
        } else {
            db.database()
        };
        let mut tx = database.begin_write().await.expect("a transaction");
        assert!(table.is_empty(&mut tx).await.expect("asked"));
        table.put(&mut tx, &[]).await.expect("no rows are fine");
        table.put(&mut tx, &[row.to_owned()]).await.expect("put");
        assert!(!table.is_empty(&mut tx).await.expect("asked"));
        let mut read = Vec::new();
        table
            .read::<DatabaseError>(&mut tx, async |mut rows| {
                read.append(&mut rows);
                Ok(())
            })
            .await
            .expect("read");
        assert_eq!(read, [row]);
        let wrong = table.put(&mut tx, &[r#"{"other":1}"#.to_owned()]).await;
        assert!(wrong.is_err(), "{table:?}");
        assert_eq!(Table::named(table.name()), Some(table));
        if table == Table::ReadRecord {
            let next: i64 =
                each_engine!(tx, c => sqlx::query_scalar(NEXT).fetch_one(c).await).expect("counted");
            assert_eq!(next, 42);
        }
    }
}
