//! How many SQL statements a page costs: a fixed small number, whatever the page holds. The API runs inside the test, so
//! that nothing beside the request is counted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};

use app::SystemRandom;
use app::import::{ImportOptions, Source};
use serde_json::{Value, json};
use test_support::TestDatabase;
use tests::{Correction, Inside, LIST_OF_NUMBERS, Row, corporate_number, register};
use tokio::sync::Mutex;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

test_support::on_both_engines!(
    a_page_of_50_rows_costs_as_few_statements_as_a_page_of_one,
    a_detail_costs_the_same_with_a_long_history_of_many_people_and_many_other_declarations,
);

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);
/// Both engines' tests share the count.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
static STARTED: Once = Once::new();

struct CountStatements;

impl<S: Subscriber> Layer<S> for CountStatements {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            STATEMENTS.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn count_statements() {
    STARTED.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(CountStatements);
        tracing::subscriber::set_global_default(subscriber).expect("the first subscriber");
    });
}

/// The API over a register.
async fn inside(db: &TestDatabase, rows: &[Row]) -> Inside {
    let store = db.open_store_with(storage::inline_projectors()).await;
    let inside = Inside::open(store, Arc::new(SystemRandom)).await;
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), register(rows)).expect("the register");
    // It waits until the list has every row; then the list stands still.
    let op = inside.app.command_line().expect("a context");
    let source = Source::open(file.path(), None).expect("a register");
    let options = ImportOptions::default();
    inside
        .app
        .import_declarations(&op, &source, "register", &options, |_| {})
        .await
        .expect("an import");
    inside.app.stop_projections().await;
    inside
}

/// One operation: its data, and how many statements it took.
async fn counted(inside: &Inside, cookie: &str, query: &str, variables: Value) -> (Value, usize) {
    let before = STATEMENTS.load(Ordering::SeqCst);
    let answer = inside.graphql(cookie, query, variables).await;
    let took = STATEMENTS.load(Ordering::SeqCst) - before;
    assert_eq!(answer.body.get("errors"), None, "{}", answer.body);
    (answer.body["data"].clone(), took)
}

/// What an operation takes by itself: how many of its statements run side by side differs from time to time, and then another
/// connection is opened, whose settings are statements, too.
async fn least(inside: &Inside, cookie: &str, query: &str, variables: Value) -> (Value, usize) {
    let (data, mut least) = counted(inside, cookie, query, variables.clone()).await;
    for _ in 0..5 {
        let (_, took) = counted(inside, cookie, query, variables.clone()).await;
        least = least.min(took);
    }
    (data, least)
}

/// Sole traders, so that each row is a read to be recorded, too.
fn traders(count: u32) -> Vec<Row> {
    let row = |i: u32| Row::sole_trader(&format!("47{i:09}"), &format!("見本 {i}郎"), "ミホン");
    (0..count).map(row).collect()
}

const PAGE: &str = "query($first: Int!, $search: String) { declarations(first: $first, search: $search) { \
     ... on DeclarationConnection { nodes { id number star state declaredOn entityType tradeName corporateNumber city \
     flags changedAt prefecture { code name } name { __typename ... on PersonName { name kana } } \
     matched { field text reading } } pageInfo { hasNextPage endCursor } total { count kind } position \
     facets { stars { count } states { count } prefectures { count } flags { count } } } } }";

async fn a_page_of_50_rows_costs_as_few_statements_as_a_page_of_one(db: TestDatabase) {
    let _alone = ONE_AT_A_TIME.lock().await;
    count_statements();
    let inside = inside(&db, &traders(60)).await;
    let cookie = inside.member("kanri").await;
    for search in [Value::Null, json!("見本")] {
        let page = async |first: usize| {
            let (data, took) = counted(
                &inside,
                &cookie,
                PAGE,
                json!({ "first": first, "search": search }),
            )
            .await;
            let nodes = data["declarations"]["nodes"].as_array().expect("a list");
            assert_eq!(nodes.len(), first);
            took
        };
        // Session and its owner, begin, record and commit of the reads, and the list with its total: what is remembered
        // from page to page saves one or two of them, rows add none.
        for first in [1, 50, 1, 50] {
            let took = page(first).await;
            assert!(
                (3..=10).contains(&took),
                "{took} statements for {first} rows, search {search}"
            );
        }
    }
}

const DETAIL: &str = "query($id: ID!) { declaration(id: $id) { ... on Declaration { number version \
     name { __typename } representative { __typename } contact { __typename } premises { __typename } \
     remarks { __typename } others { id number name { __typename } } \
     history { position actor { name } reason { __typename ... on OpenText { text } } \
     changes { field old { __typename } new { __typename } } } } } }";

async fn a_detail_costs_the_same_with_a_long_history_of_many_people_and_many_other_declarations(
    db: TestDatabase,
) {
    let _alone = ONE_AT_A_TIME.lock().await;
    count_statements();
    let with_number =
        |number: &str, of: u32| Row::corporation(number).with("法人番号", &corporate_number(of));
    let mut rows = vec![with_number("47000000001", 1), with_number("47000000002", 2)];
    rows.extend((0..10).map(|i| with_number(&format!("570000001{i:02}"), 2)));
    let inside = inside(&db, &rows).await;
    let mut cookies = Vec::new();
    for login in ["first", "second", "third"] {
        cookies.push(inside.member(login).await);
    }
    let id = async |number: &str| {
        let variables = json!({ "first": 1, "search": number });
        let (data, _) = counted(&inside, &cookies[0], LIST_OF_NUMBERS, variables).await;
        data["declarations"]["nodes"][0]["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let (quiet, busy) = (id("47000000001").await, id("47000000002").await);
    let (data, _) = counted(&inside, &cookies[0], DETAIL, json!({ "id": busy })).await;
    let mut version = data["declaration"]["version"]
        .as_str()
        .expect("a version")
        .to_owned();
    let correct = "mutation($input: CorrectDeclarationInput!) { correctDeclaration(input: $input) { \
                   ... on DeclarationChanged { version } } }";
    for round in 0..9 {
        let correction = Correction::new(&busy, &version, "CITY", &format!("第{round}市"));
        let cookie = &cookies[round % cookies.len()];
        let (data, _) = counted(&inside, cookie, correct, json!({ "input": correction.input })).await;
        let next = &data["correctDeclaration"]["version"];
        let next = next.as_str().unwrap_or_else(|| panic!("{data}"));
        next.clone_into(&mut version);
    }
    let (data, of_busy) = least(&inside, &cookies[0], DETAIL, json!({ "id": busy })).await;
    let list = |key: &str| data["declaration"][key].as_array().map_or(0, Vec::len);
    assert_eq!((list("history"), list("others")), (10, 10), "{data}");
    let (_, of_quiet) = least(&inside, &cookies[0], DETAIL, json!({ "id": quiet })).await;
    // The names of all members of staff are one statement more than none.
    assert!(of_busy <= of_quiet + 1, "{of_quiet} statements grew to {of_busy}");
    assert!((3..=14).contains(&of_busy), "{of_busy} statements");
}
