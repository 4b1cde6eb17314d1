//! The plans of what is asked of jobs and of the ledger of mail all the time: each uses its index, however much was done and sent
//! before, on both engines.

#![expect(
    clippy::disallowed_methods,
    reason = "constants with values of the test in them"
)]

use domain::mailing::State;
use event_store::{Database, Engine, Position, Sql, each_engine};
use sqlx::AssertSqlSafe;
use storage::mail::MailFilter;
use storage::{
    bulk_change, bulk_change_row, export, import, import_row, job, mail, review, review_contact,
    review_search,
};
use test_support::TestDatabase;
use uuid::Uuid;

use crate::support::Office;

test_support::on_both_engines!(
    a_turn_of_the_mailer_walks_what_waits_and_not_what_was_sent,
    a_page_of_the_ledger_walks_an_index_in_its_order,
    jobs_are_found_by_index,
    records_of_bulk_changes_are_found_by_index,
    what_has_to_be_reviewed_is_found_by_index,
    what_trials_of_imports_found_is_found_by_index,
    exports_are_found_by_index,
    the_owner_of_an_address_is_found_by_index,
);

/// Nearly all mail was sent, and nearly all jobs are done.
const MAILS: Sql = Sql {
    sqlite: "INSERT INTO mail (id, position, class, sender, recipient_hash, domain_hash, organization_id, queued_at, state, \
             changed_at, next_try_at, attempt, judged, term, lease_until) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) \
             SELECT randomblob(16), 1000 + i, 'optional', 'office', randomblob(32), randomblob(32), randomblob(16), i, \
             CASE i % 1000 WHEN 0 THEN 'queued' WHEN 1 THEN 'deferred' WHEN 2 THEN 'claimed' ELSE 'accepted' END, \
             i, i, 1, 1, 1, CASE WHEN i % 1000 = 2 THEN i END FROM n",
    postgres: "INSERT INTO mail (id, position, class, sender, recipient_hash, domain_hash, organization_id, queued_at, state, \
               changed_at, next_try_at, attempt, judged, term, lease_until) \
               SELECT gen_random_uuid(), 1000 + i, 'optional', 'office', decode(md5(i::text), 'hex'), \
               decode(md5((i % 100)::text), 'hex'), gen_random_uuid(), i, \
               CASE i % 1000 WHEN 0 THEN 'queued' WHEN 1 THEN 'deferred' WHEN 2 THEN 'claimed' ELSE 'accepted' END, \
               i, i, 1, 1, 1, CASE WHEN i % 1000 = 2 THEN i END FROM generate_series(1, 30000) AS i",
};
const JOBS: Sql = Sql {
    sqlite: "INSERT INTO job (id, command, late, requested_by, created_at, state, run_at, attempt, term, progress_done, \
             progress_total, cancel_requested, lease_until) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) \
             SELECT randomblob(16), 'work', 0, 'system:test', i, \
             CASE i % 1000 WHEN 0 THEN 'ready' WHEN 1 THEN 'running' WHEN 2 THEN 'dead' ELSE 'done' END, \
             i, 1, 1, 0, 0, 0, CASE WHEN i % 1000 = 1 THEN i END FROM n",
    postgres: "INSERT INTO job (id, command, late, requested_by, created_at, state, run_at, attempt, term, progress_done, \
               progress_total, cancel_requested, lease_until) \
               SELECT gen_random_uuid(), 'work', 0, 'system:test', i, \
               CASE i % 1000 WHEN 0 THEN 'ready' WHEN 1 THEN 'running' WHEN 2 THEN 'dead' ELSE 'done' END, \
               i, 1, 1, 0, 0, 0, CASE WHEN i % 1000 = 1 THEN i END FROM generate_series(1, 30000) AS i",
};

/// Four hundred bulk changes, nearly all of which ran to their end.
const BULK_CHANGES: Sql = Sql {
    sqlite: "INSERT INTO bulk_change (id, action, by_filter, count, selection_hash, undoes, frozen_by, frozen_at, trial_job_id, \
             run_job_id) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
             SELECT randomblob(16), 'publish', 0, 100, '', CASE WHEN i % 100 = 0 THEN randomblob(16) END, 'system:test', i, \
             randomblob(16), randomblob(16) FROM n",
    postgres: "INSERT INTO bulk_change (id, action, by_filter, count, selection_hash, undoes, frozen_by, frozen_at, trial_job_id, \
               run_job_id) SELECT gen_random_uuid(), 'publish', 0, 100, '', \
               CASE WHEN i % 100 = 0 THEN gen_random_uuid() END, 'system:test', i, gen_random_uuid(), gen_random_uuid() \
               FROM generate_series(1, 5000) AS i",
};
/// Thousands of imports, and of a hundred what was found.
const IMPORTS: Sql = Sql {
    sqlite: "INSERT INTO import (id, format, size, sha256, uploaded_by, uploaded_at, changed_at, trial_job_id, run_job_id, \
             discarded) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
             SELECT randomblob(16), 'csv_utf8', 9, '', 'system:test', i, i, randomblob(16), randomblob(16), 0 FROM n",
    postgres: "INSERT INTO import (id, format, size, sha256, uploaded_by, uploaded_at, changed_at, trial_job_id, run_job_id, \
               discarded) SELECT gen_random_uuid(), 'csv_utf8', 9, '', 'system:test', i, i, gen_random_uuid(), \
               gen_random_uuid(), 0 FROM generate_series(1, 5000) AS i",
};
const IMPORT_ROWS: Sql = Sql {
    sqlite: "INSERT INTO import_row (trial_job_id, ordinal, import_id, row_no, refused, code, found) \
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 49999) \
             SELECT unhex(printf('%032x', i / 500)), i % 500 + 1, randomblob(16), i, CASE i % 100 WHEN 0 THEN 1 ELSE 0 END, \
             CASE i % 100 WHEN 0 THEN 'refused' ELSE 'warned' END, x'00' FROM n",
    postgres: "INSERT INTO import_row (trial_job_id, ordinal, import_id, row_no, refused, code, found) \
               SELECT CAST(lpad(to_hex(i / 500), 32, '0') AS UUID), i % 500 + 1, gen_random_uuid(), i, \
               CASE i % 100 WHEN 0 THEN 1 ELSE 0 END, CASE i % 100 WHEN 0 THEN 'refused' ELSE 'warned' END, '' \
               FROM generate_series(0, 49999) AS i",
};
const BULK_ROWS: Sql = Sql {
    sqlite: "INSERT INTO bulk_change_row (bulk_change_id, ordinal, declaration_id, version, trial, outcome) \
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 49999) \
             SELECT unhex(printf('%032x', i / 500)), i % 500 + 1, randomblob(16), i, \
             CASE i % 100 WHEN 0 THEN 'refused' ELSE 'changed' END, CASE i % 100 WHEN 0 THEN NULL ELSE 'changed' END FROM n",
    postgres: "INSERT INTO bulk_change_row (bulk_change_id, ordinal, declaration_id, version, trial, outcome) \
               SELECT CAST(lpad(to_hex(i / 500), 32, '0') AS UUID), i % 500 + 1, gen_random_uuid(), i, \
               CASE i % 100 WHEN 0 THEN 'refused' ELSE 'changed' END, CASE i % 100 WHEN 0 THEN NULL ELSE 'changed' END \
               FROM generate_series(0, 49999) AS i",
};

/// Files of years, nearly all of which are gone.
const EXPORTS: Sql = Sql {
    sqlite: "INSERT INTO export (id, format, columns, is_narrowed, expected, is_estimated, needs_approval, file_subject, requested_by, \
             requested_at, job_id, expires_at, taken, ended, ended_at) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
             SELECT randomblob(16), 'xlsx', '[]', 0, 1, 0, 0, randomblob(16), 'staff:' || (i % 20), i, randomblob(16), i, 0, \
             CASE i % 500 WHEN 0 THEN NULL ELSE 'expired' END, i FROM n",
    postgres: "INSERT INTO export (id, format, columns, is_narrowed, expected, is_estimated, needs_approval, file_subject, requested_by, \
               requested_at, job_id, expires_at, taken, ended, ended_at) \
               SELECT gen_random_uuid(), 'xlsx', '[]', 0, 1, 0, 0, gen_random_uuid(), 'staff:' || (i % 20), i, gen_random_uuid(), i, 0, \
               CASE i % 500 WHEN 0 THEN NULL ELSE 'expired' END, i FROM generate_series(1, 5000) AS i",
};

async fn filled(db: &TestDatabase, rows: Sql) -> Office {
    let office = Office::open(db).await;
    execute(db, rows).await;
    office
}

/// What autovacuum does sooner or later.
const ANALYZE: Sql = Sql::same("ANALYZE");

async fn execute(db: &TestDatabase, sql: Sql) {
    let mut tx = db.database().begin_write().await.expect("a transaction");
    let text = sql.on(&tx);
    each_engine!(tx, c => sqlx::query(text).execute(c).await.map(drop)).expect("it runs");
    tx.commit().await.expect("a commit");
}

/// The plan of a statement with values in it, without the case of its words.
async fn plan(database: &Database, sql: Sql, values: &[&str]) -> String {
    let (explain, text) = match database.engine() {
        Engine::Sqlite => ("EXPLAIN QUERY PLAN ", sql.sqlite),
        Engine::Postgres => ("EXPLAIN ", sql.postgres),
    };
    let mut text = format!("{explain}{text}");
    for (number, value) in values.iter().enumerate().rev() {
        text = text.replace(&format!("${}", number + 1), value);
    }
    let mut tx = database.begin_write().await.expect("a transaction");
    let lines: Vec<String> = match database.engine() {
        Engine::Sqlite => {
            let rows: Vec<(i64, i64, i64, String)> =
                each_engine!(tx, c => sqlx::query_as(AssertSqlSafe(text)).fetch_all(c).await)
                    .expect("a plan");
            rows.into_iter().map(|(_, _, _, line)| line).collect()
        }
        Engine::Postgres => {
            each_engine!(tx, c => sqlx::query_scalar(AssertSqlSafe(text)).fetch_all(c).await).expect("a plan")
        }
    };
    lines.join("\n").to_lowercase()
}

/// Neither all rows nor a sort of them.
fn walks(plan: &str, index: &str) {
    assert!(plan.contains(index), "{index}: {plan}");
    for bad in [
        "seq scan on mail ",
        "seq scan on job ",
        "scan mail\n",
        "scan job\n",
        "seq scan on bulk_change",
        "scan bulk_change",
        "seq scan on import",
        "scan import\n",
        "scan import_row\n",
        "seq scan on export",
        "scan export\n",
    ] {
        assert!(!format!("{plan}\n").contains(bad), "{bad}: {plan}");
    }
}

async fn a_turn_of_the_mailer_walks_what_waits_and_not_what_was_sent(db: TestDatabase) {
    let _office = filled(&db, MAILS).await;
    if db.database().engine() == Engine::Sqlite {
        // Nothing counts the rows of a table that has just been filled.
        each_look_walks_its_index(&db).await;
    }
    execute(&db, ANALYZE).await;
    each_look_walks_its_index(&db).await;
}

async fn each_look_walks_its_index(db: &TestDatabase) {
    let engine = db.database().engine();
    for (name, sql) in mail::LOOKS {
        let is_whole_turn = engine == Engine::Postgres && matches!(name, "claim" | "settle" | "lost");
        let (values, indexes): (&[&str], &[&str]) = match name {
            _ if is_whole_turn => (
                &["20000", "90000", "'node'", "16", "'[]'", "'in_doubt'"],
                &["mail_due", "mail_claimed", "mail_pkey"],
            ),
            "claim" => (&["20000", "90000", "'node'", "16"], &["mail_due"]),
            "settle" => (&["'[]'"], &["sqlite_autoindex_mail_1"]),
            "lost" => (&["20000", "'in_doubt'"], &["mail_claimed"]),
            "renew" if engine == Engine::Sqlite => (&["'[]'", "20000"], &["sqlite_autoindex_mail_1"]),
            "renew" => (&["'[]'", "20000"], &[]),
            "claimed" => (&["'node'"], &["mail_claimed"]),
            "suppressed since" if engine == Engine::Sqlite => (&["'[]'"], &["sqlite_autoindex_mail_1"]),
            "suppressed since" => (&["'[]'"], &["mail_pkey"]),
            _ => (&[], &["mail_due", "mail_claimed"]),
        };
        let plan = plan(db.database(), sql, values).await;
        for index in indexes {
            walks(&plan, index);
        }
    }
}

async fn a_page_of_the_ledger_walks_an_index_in_its_order(db: TestDatabase) {
    let _office = filled(&db, MAILS).await;
    execute(&db, ANALYZE).await;
    let in_doubt = MailFilter {
        states: vec![State::Deferred],
        ..MailFilter::default()
    };
    let to_somebody = MailFilter {
        recipient_hash: Some("00".repeat(16)),
        ..MailFilter::default()
    };
    let about_somebody = MailFilter {
        organization_id: Some(Uuid::from_u128(1)),
        ..MailFilter::default()
    };
    for (filter, index) in [
        (MailFilter::default(), "mail_by_position"),
        (in_doubt, "mail_by_state"),
        (to_somebody, "mail_by_recipient"),
        (about_somebody, "mail_by_organization"),
    ] {
        for before in [None, Some(Position::new(20_000))] {
            let plan = mail::explain_list(db.database(), &filter, before, 51).await;
            let plan = plan.expect("a plan").to_lowercase();
            walks(&plan, index);
            assert!(!plan.contains("temp b-tree") && !plan.contains("sort"), "{plan}");
        }
    }
}

async fn jobs_are_found_by_index(db: TestDatabase) {
    let _office = filled(&db, JOBS).await;
    execute(&db, ANALYZE).await;
    for (name, sql) in job::LOOKS {
        let values: &[&str] = match name {
            "claim" => &["20000", "90000", "'node'", "4", "'[\"work\"]'"],
            "list" | "list of a state" => match db.database().engine() {
                Engine::Sqlite => &["20000", "x'00'", "51", "'dead'"],
                Engine::Postgres => &["20000", "'00000000-0000-0000-0000-000000000001'", "51", "'dead'"],
            },
            _ => &[],
        };
        let plan = plan(db.database(), sql, values).await;
        walks(&plan, "job_");
    }
}

async fn records_of_bulk_changes_are_found_by_index(db: TestDatabase) {
    let _office = filled(&db, BULK_CHANGES).await;
    execute(&db, BULK_ROWS).await;
    execute(&db, ANALYZE).await;
    let one = match db.database().engine() {
        Engine::Sqlite => "x'00000000000000000000000000000007'",
        Engine::Postgres => "'00000000-0000-0000-0000-000000000007'",
    };
    for (name, sql) in bulk_change_row::LOOKS {
        let plan = plan(db.database(), sql, &[one, "10", "200", "'refused'"]).await;
        walks(&plan, "bulk_change_row");
        assert!(
            plan.contains("using index")
                || plan.contains("using covering index")
                || plan.contains("using primary key")
                || plan.contains("index scan")
                || plan.contains("index only scan"),
            "{name}: {plan}"
        );
    }
    for (name, sql) in bulk_change_row::JUDGES {
        let plan = plan(
            db.database(),
            sql,
            &[one, r#"'[[10, "changed", null, null, "[]"]]'"#],
        )
        .await;
        assert!(
            plan.contains("(bulk_change_id=? and ordinal=?)") || plan.contains("index scan"),
            "rows are looked up one by one for the {name}: {plan}"
        );
    }
    for (name, sql) in bulk_change::LOOKS {
        let values: &[&str] = if name == "list" {
            &["20000", one, "51"]
        } else {
            &[one]
        };
        let plan = plan(db.database(), sql, values).await;
        walks(&plan, "bulk_change_");
    }
}

/// Most suspicions are gone or decided, and a good part of the others is of one kind.
const REVIEWS: Sql = Sql {
    sqlite: "INSERT INTO review (id, kind, ground, rules, weight, found_at, state, claimed_by, claimed_until, verdict, decided_by, \
             decided_at, position, ended_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) \
             SELECT randomblob(16), CASE i % 7 WHEN 0 THEN 'proxy' ELSE 'import_warning' END, 'g' || i, 'warned', 1, i, \
             CASE i % 10 WHEN 0 THEN 'open' WHEN 1 THEN 'decided' ELSE 'gone' END, \
             CASE WHEN i % 1000 = 0 THEN 'staff:x' END, CASE WHEN i % 1000 = 0 THEN i END, \
             CASE WHEN i % 10 = 1 THEN 'asked' END, CASE WHEN i % 10 = 1 THEN 'staff:x' END, \
             CASE WHEN i % 10 = 1 THEN i END, CASE WHEN i % 10 = 1 THEN i END, CASE WHEN i % 10 > 1 THEN i END FROM n",
    postgres: "INSERT INTO review (id, kind, ground, rules, weight, found_at, state, claimed_by, claimed_until, verdict, decided_by, \
               decided_at, position, ended_at) SELECT gen_random_uuid(), CASE i % 7 WHEN 0 THEN 'proxy' ELSE 'import_warning' END, \
               'g' || i, 'warned', 1, i, CASE i % 10 WHEN 0 THEN 'open' WHEN 1 THEN 'decided' ELSE 'gone' END, \
               CASE WHEN i % 1000 = 0 THEN 'staff:x' END, CASE WHEN i % 1000 = 0 THEN i END, \
               CASE WHEN i % 10 = 1 THEN 'asked' END, CASE WHEN i % 10 = 1 THEN 'staff:x' END, \
               CASE WHEN i % 10 = 1 THEN i END, CASE WHEN i % 10 = 1 THEN i END, CASE WHEN i % 10 > 1 THEN i END \
               FROM generate_series(1, 50000) AS i",
};

async fn what_has_to_be_reviewed_is_found_by_index(db: TestDatabase) {
    let _office = filled(&db, REVIEWS).await;
    execute(&db, ANALYZE).await;
    let one = match db.database().engine() {
        Engine::Sqlite => "x'00000000000000000000000000000001'",
        Engine::Postgres => "CAST('00000000-0000-0000-0000-000000000001' AS UUID)",
    };
    let kind = "'import_warning'";
    let looks = review::LOOKS.into_iter().chain([("gone", review_search::OLD)]);
    for (name, sql) in looks {
        let (values, index): (&[&str], &str) = match name {
            "queues" => (&["'staff:x'", "0"], "review_open"),
            "open" => (&[kind, "100", one, "51"], "review_open"),
            "mine" => (&[kind, "100", one, "51", "'staff:x'", "0"], "review_"),
            "decided" => (&[kind, "20000", one, "51"], "review_decided"),
            "next" => (&[kind, "100", one, "'staff:x'", "0"], "review_open"),
            "gone" => (&["100", "500"], "review_gone"),
            _ => (&[one], "review_declaration"),
        };
        let plan = plan(db.database(), sql, values).await;
        assert!(plan.contains(index), "{name}: {plan}");
        for bad in ["seq scan on review ", "scan review\n"] {
            assert!(!format!("{plan}\n").contains(bad), "{name}: {plan}");
        }
    }
}

const CONTACTS: Sql = Sql {
    sqlite: "INSERT INTO review_contact (declaration_id, address) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) \
             SELECT randomblob(16), CASE WHEN i % 5 > 0 THEN randomblob(32) END FROM n",
    postgres: "INSERT INTO review_contact (declaration_id, address) \
               SELECT gen_random_uuid(), CASE WHEN i % 5 > 0 THEN decode(md5(i::text), 'hex') END \
               FROM generate_series(1, 50000) AS i",
};

async fn the_owner_of_an_address_is_found_by_index(db: TestDatabase) {
    let _office = filled(&db, CONTACTS).await;
    execute(&db, ANALYZE).await;
    for (name, sql) in review_contact::LOOKS {
        let plan = plan(db.database(), sql, &["'00ff'", "20"]).await;
        assert!(plan.contains("review_contact_by_address"), "{name}: {plan}");
    }
}

async fn what_trials_of_imports_found_is_found_by_index(db: TestDatabase) {
    let _office = filled(&db, IMPORTS).await;
    execute(&db, IMPORT_ROWS).await;
    execute(&db, ANALYZE).await;
    let one = match db.database().engine() {
        Engine::Sqlite => "x'00000000000000000000000000000007'",
        Engine::Postgres => "'00000000-0000-0000-0000-000000000007'",
    };
    for (_, sql) in import_row::LOOKS {
        let plan = plan(db.database(), sql, &[one, "10", "200", "'refused'"]).await;
        walks(&plan, "import_row");
    }
    for (name, sql) in import::LOOKS {
        let values: &[&str] = if name == "list" {
            &["20000", one, "51"]
        } else {
            &[one]
        };
        let plan = plan(db.database(), sql, values).await;
        walks(&plan, "import_");
    }
}

async fn exports_are_found_by_index(db: TestDatabase) {
    let office = filled(&db, EXPORTS).await;
    execute(&db, ANALYZE).await;
    let database = office.storage.database();
    let id = match database.engine() {
        Engine::Sqlite => "x'00000000000000000000000000000001'",
        Engine::Postgres => "CAST('00000000-0000-0000-0000-000000000001' AS UUID)",
    };
    for (name, sql) in export::LOOKS {
        let values = match name {
            "list" => vec!["2500", id, "50"],
            "of one person" => vec!["2500", id, "50", "'staff:7'"],
            "of a job" => vec![id],
            _ => vec!["2500", "500"],
        };
        walks(&plan(database, sql, &values).await, "export_");
    }
}
