//! The total of a list: exact to 10,000 declarations, estimated above, and marked as which it is. The rows are copies of one
//! that was imported, made in the database: ten thousand commands would take minutes.

use event_store::{Sql, each_engine};
use serde_json::{Value, json};
use tests::{Client, Engine, Office, Row, database, on_both_engines, register};

on_both_engines!(a_total_of_10_000_is_exact_and_of_one_more_is_marked_as_estimated);

const NUMBER: &str = "47000000002";

/// Copies the first row up to so many.
const COPY: Sql = Sql {
    sqlite: "INSERT INTO declaration (seq, id, number, declared_on, cell, entity_type, organization_id, name, \
             changed_at, version, key_public) \
             SELECT k.value, randomblob(16), d.number, d.declared_on, d.cell, d.entity_type, d.organization_id, \
             d.name, d.changed_at, d.version, d.key_public \
             FROM (SELECT * FROM declaration ORDER BY seq LIMIT 1) d CROSS JOIN (WITH RECURSIVE n (value) AS \
             (SELECT (SELECT MAX(seq) + 1 FROM declaration) UNION ALL SELECT value + 1 FROM n WHERE value < $1) \
             SELECT value FROM n) k",
    postgres: "INSERT INTO declaration (seq, id, number, declared_on, cell, entity_type, organization_id, name, \
               changed_at, version, key_public, tokens) \
               SELECT k, gen_random_uuid(), d.number, d.declared_on, d.cell, d.entity_type, d.organization_id, \
               d.name, d.changed_at, d.version, d.key_public, d.tokens \
               FROM (SELECT * FROM declaration ORDER BY seq LIMIT 1) d \
               CROSS JOIN generate_series((SELECT MAX(seq) + 1 FROM declaration), $1) k",
};
/// What the search index holds of the first row; it does not give a document back otherwise.
const WORDS: &str =
    "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'declaration_search', 'instance')";
const COPY_WORDS: &str = "INSERT INTO declaration_search (rowid, tokens) SELECT d.seq, \
     (SELECT group_concat(term, ' ' ORDER BY \"offset\") FROM temp.words WHERE doc = (SELECT MIN(doc) FROM temp.words)) \
     FROM declaration d WHERE d.seq > (SELECT MAX(doc) FROM temp.words)";
const COUNT: &str = "UPDATE declaration_count SET count = (SELECT COUNT(*) FROM declaration)";

/// Makes the register this large. No server may be running: it holds the counts in memory.
async fn grow(office: &Office, declarations: i64) {
    let database = office.database().await;
    let mut tx = database.begin_write().await.expect("a transaction");
    let copy = COPY.on(&tx);
    each_engine!(tx, c => sqlx::query(copy).bind(declarations).execute(c).await.map(drop)).expect("rows");
    if database.engine() == event_store::Engine::Sqlite {
        for statement in [WORDS, COPY_WORDS] {
            each_engine!(tx, c => sqlx::query(statement).execute(c).await.map(drop)).expect("its words");
        }
    }
    each_engine!(tx, c => sqlx::query(COUNT).execute(c).await.map(drop)).expect("a count");
    tx.commit().await.expect("a commit");
    database::execute(&database, "ANALYZE").await;
}

/// Count and kind of the total of everything, of a filter, and of a search.
async fn totals(client: &Client) -> [(u64, String); 3] {
    let query = "query($search: String, $filter: DeclarationFilter) { \
         declarations(first: 1, search: $search, filter: $filter) { \
         ... on DeclarationConnection { nodes { number } total { count kind } } } }";
    let total = async |variables: Value| {
        let page = client.graphql(query, variables).await;
        assert_eq!(page.at("/declarations/nodes/0/number"), NUMBER, "{page:?}");
        let total = page.at("/declarations/total");
        let kind = total["kind"].as_str().expect("a kind").to_owned();
        (total["count"].as_u64().expect("a count"), kind)
    };
    [
        total(Value::Null).await,
        total(json!({ "filter": { "prefectures": ["13"] } })).await,
        total(json!({ "search": "見本" })).await,
    ]
}

async fn a_total_of_10_000_is_exact_and_of_one_more_is_marked_as_estimated(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&register(&[Row::corporation(NUMBER)]));
    let mut server = office.serve();
    server.administrator().await.find(NUMBER).await;
    drop(server);

    let with = async |declarations: i64| {
        grow(&office, declarations).await;
        let server = office.serve();
        let client = server.client();
        client.sign_in("kanri").await;
        totals(&client).await
    };
    for (count, kind) in with(10_000).await {
        assert_eq!((count, kind.as_str()), (10_000, "EXACT"));
    }
    let [all, filtered, searched] = with(10_001).await;
    for (count, kind) in [all, filtered] {
        assert_eq!((count, kind.as_str()), (10_001, "ESTIMATED"));
    }
    // How dense the rows of a search lie is estimated, so that its number is only about right.
    assert_eq!(searched.1, "ESTIMATED");
    assert!((10_001..=12_000).contains(&searched.0), "{searched:?}");
}
