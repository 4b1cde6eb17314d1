//! The plans of the hot statements: each must use its index, on both engines, on a register that is large enough to matter.

use domain::declaration::{Field, FlagCode, city_key};
use domain::value::Prefecture;
use event_store::{DatabaseOptions, Engine, Sql, each_engine};
use storage::Storage;
use storage::declaration::{DeclarationState, Filter, ListRequest, Search, SearchScope, Sort};
use test_support::TestDatabase;

use crate::support::{Office, Sample, day, register};

test_support::on_both_engines!(
    pages_walk_the_index_of_their_order,
    narrow_filters_and_searches_are_gathered_by_index,
    days_and_cities_are_read_by_their_own_index,
    a_filtered_list_is_planned_for_its_values_however_often_it_was_asked_for,
);

/// Declarations that are projected, and how often their rows are then repeated: enough for an index to be worth it.
const DECLARATIONS: u64 = 600;
const REPEAT: Sql = Sql {
    sqlite: "INSERT INTO declaration (seq, id, number, declared_on, cell, entity_type, organization_id, name, \
             changed_at, version, key_public, city_key) \
             SELECT d.seq + 1000 * k.value, randomblob(16), d.number, d.declared_on, d.cell, d.entity_type, \
             d.organization_id, COALESCE(d.name, ''), d.changed_at + k.value, d.version, d.key_public, d.city_key \
             FROM declaration d CROSS JOIN (WITH RECURSIVE n (value) AS \
             (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 50) SELECT value FROM n) k",
    postgres: "INSERT INTO declaration (seq, id, number, declared_on, cell, entity_type, organization_id, name, \
               changed_at, version, key_public, city_key, tokens) \
               SELECT d.seq + 1000 * k, gen_random_uuid(), d.number, d.declared_on, d.cell, d.entity_type, \
               d.organization_id, COALESCE(d.name, ''), d.changed_at + k, d.version, d.key_public, d.city_key, d.tokens \
               FROM declaration d CROSS JOIN generate_series(1, 50) k",
};

async fn filled(db: &TestDatabase) -> Office {
    let office = Office::open(db).await;
    office.append(&register(DECLARATIONS)).await;
    office
        .append(&[Sample::corporation(9_876_543, "新星")
            .with(Field::City, "まれな町")
            .registered()])
        .await;
    office.project().await;
    office.storage.declarations_projection().stop().await;
    let mut tx = db.database().begin_write().await.expect("a transaction");
    let repeat = REPEAT.on(&tx);
    each_engine!(tx, c => sqlx::query(repeat).execute(c).await.map(drop)).expect("more rows");
    let counts = "UPDATE declaration_count SET count = count * 51";
    each_engine!(tx, c => sqlx::query(counts).execute(c).await.map(drop)).expect("their counts");
    // What autovacuum does sooner or later.
    each_engine!(tx, c => sqlx::query("ANALYZE").execute(c).await.map(drop)).expect("statistics");
    tx.commit().await.expect("a commit");
    office
}

/// The plan as text, without the case of its words.
async fn plan(office: &Office, request: &ListRequest) -> String {
    let plan = office.storage.declarations().explain(request).await;
    let plan = plan.expect("a plan").to_lowercase();
    // A cast of a text to an array is done again for each row that is compared with it.
    assert!(!plan.contains("::text)::"), "{plan}");
    plan
}

/// What is counted and sorted stands in the index. PostgreSQL says so only of a table that was vacuumed.
fn assert_no_row_is_looked_at(db: &TestDatabase, plan: &str) {
    if db.database().engine() == Engine::Sqlite {
        assert!(plan.contains("covering index"), "{plan}");
    }
}

fn contains_any(plan: &str, words: &[&str]) -> bool {
    words.iter().any(|word| plan.contains(word))
}

async fn pages_walk_the_index_of_their_order(db: TestDatabase) {
    let office = filled(&db).await;
    let filter = Filter {
        states: vec![DeclarationState::Active],
        ..Filter::default()
    };
    for (sort, index) in [
        (Sort::DeclaredOnDesc, "declaration_by_declared_on"),
        (Sort::DeclaredOnAsc, "declaration_by_declared_on"),
        (Sort::NumberAsc, "declaration_by_number"),
        (Sort::NumberDesc, "declaration_by_number"),
        (Sort::ChangedDesc, "declaration_by_changed_at"),
        (Sort::ChangedAsc, "declaration_by_changed_at"),
    ] {
        let first = ListRequest {
            sort,
            first: 50,
            ..ListRequest::default()
        };
        let after = office.list(&first).await.end_cursor;
        let filtered = ListRequest {
            filter: filter.clone(),
            ..first.clone()
        };
        for request in [first.clone(), ListRequest { after, ..first }, filtered] {
            let plan = plan(&office, &request).await;
            assert!(plan.contains(index), "{sort:?}: {plan}");
            // What the index tests needs no row, and the order needs no sort of the register.
            assert!(
                contains_any(&plan, &["covering index", "index only scan"]),
                "{sort:?}: {plan}"
            );
            assert!(
                !contains_any(&plan, &["seq scan on declaration"]),
                "{sort:?}: {plan}"
            );
        }
    }
}

/// PostgreSQL plans a statement that it was given a name for a few times, and from then on with one plan for all values.
async fn a_filtered_list_is_planned_for_its_values_however_often_it_was_asked_for(db: TestDatabase) {
    const KEPT: &str =
        "SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%FROM declaration d%'";
    let office = filled(&db).await;
    if db.database().engine() == Engine::Sqlite {
        return;
    }
    let one = DatabaseOptions {
        connections: 1,
        ..DatabaseOptions::default()
    };
    let database = db.open_again(one).await;
    let storage = Storage::open(database.clone()).await.expect("a storage");
    let kept = async || {
        let mut tx = database.begin_write().await.expect("the connection");
        each_engine!(tx, c => sqlx::query_scalar::<_, String>(KEPT).fetch_all(c).await).expect("statements")
    };
    let days = Filter {
        states: vec![DeclarationState::Stopped],
        declared_from: Some(day("2024-01-01")),
        ..Filter::default()
    };
    for filter in [Filter::default(), days] {
        let is_whole = filter == Filter::default();
        let before = kept().await.len();
        let request = ListRequest {
            filter,
            first: 50,
            ..ListRequest::default()
        };
        for _ in 0..3 {
            storage.declarations().list(&request).await.expect("a page");
        }
        let kept = kept().await;
        assert_eq!(kept.len() > before, is_whole, "{kept:#?}");
    }
    drop(office);
}

async fn narrow_filters_and_searches_are_gathered_by_index(db: TestDatabase) {
    let office = filled(&db).await;
    let filter = Filter {
        prefectures: Prefecture::parse("鳥取").into_iter().collect(),
        flags: vec![FlagCode::PolicyMissing],
        states: vec![DeclarationState::Stopped],
        ..Filter::default()
    };
    let plan_of = async |request: ListRequest| plan(&office, &request).await;
    let by_cell = plan_of(ListRequest {
        filter: filter.clone(),
        first: 50,
        ..ListRequest::default()
    })
    .await;
    assert!(by_cell.contains("declaration_by_cell"), "{by_cell}");
    assert_no_row_is_looked_at(&db, &by_cell);
    for text in ["つばさ東洋整備", "新星", "新", "4000987", "6543"] {
        let search = Search::parse(text, SearchScope::Personal).expect("short");
        let searched = plan_of(ListRequest {
            search,
            first: 50,
            ..ListRequest::default()
        })
        .await;
        let index = ["declaration_search virtual table", "declaration_by_tokens"];
        assert!(contains_any(&searched, &index), "{text}: {searched}");
        assert!(
            !contains_any(&searched, &["seq scan", "scan d "]),
            "{text}: {searched}"
        );
    }
}

/// Each in the order of the list and in another one, alone and with something that is in the cell.
async fn days_and_cities_are_read_by_their_own_index(db: TestDatabase) {
    let office = filled(&db).await;
    let days = Filter {
        declared_from: Some(day("2018-02-01")),
        declared_to: Some(day("2018-02-03")),
        ..Filter::default()
    };
    let city = Filter {
        city: Some(city_key("まれな")),
        ..Filter::default()
    };
    for (filter, index) in [
        (days, "declaration_by_declared_on"),
        (city, "declaration_by_city"),
    ] {
        let active = Filter {
            states: vec![DeclarationState::Active],
            ..filter.clone()
        };
        for filter in [filter, active] {
            for sort in [Sort::DeclaredOnDesc, Sort::NumberAsc] {
                let asked = ListRequest {
                    sort,
                    filter: filter.clone(),
                    first: 50,
                    ..ListRequest::default()
                };
                let plan = plan(&office, &asked).await;
                assert!(plan.contains(index), "{sort:?} {filter:?}: {plan}");
                assert_no_row_is_looked_at(&db, &plan);
                assert!(
                    !plan.contains("seq scan on declaration"),
                    "{sort:?} {filter:?}: {plan}"
                );
            }
        }
    }
}
