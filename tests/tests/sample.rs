//! `sengen sample`: as many declarations as asked for, with lives of nine years, and never into a register that has some.

use app::{Clock as _, SystemClock};
use serde_json::Value;
use tests::{Client, Engine, Office, database};

const LIST: &str = "query($filter: DeclarationFilter) { declarations(filter: $filter, first: 1) { \
                    ... on DeclarationConnection { total { count } } } }";

/// Everything that happens to a declaration is there, over nine years, under numbers of both generations.
async fn has_a_life_of_nine_years(office: &Office) {
    let database = office.database().await;
    let figure = async |sql| database::numbers(&database, sql).await[0];
    let kinds = "SELECT COUNT(DISTINCT event_type) FROM event WHERE event_type IN \
                 ('declaration.registered', 'declaration.made', 'declaration.corrected', \
                 'declaration.stepped_up', 'declaration.stopped')";
    assert_eq!(figure(kinds).await, 5, "kinds of events");
    let years = "SELECT CAST(MAX(CAST(substr(effective_at, 1, 4) AS INTEGER)) \
                 - MIN(CAST(substr(effective_at, 1, 4) AS INTEGER)) AS BIGINT) FROM event";
    assert!(figure(years).await >= 8, "years");
    let generations = "SELECT COUNT(DISTINCT substr(declaration_no, 1, 1)) FROM register_index";
    assert_eq!(figure(generations).await, 2, "generations of numbers");
    let duplicates = "SELECT COUNT(*) FROM (SELECT corporate_number FROM register_index \
                      WHERE corporate_number IS NOT NULL GROUP BY corporate_number HAVING COUNT(*) > 1) AS d";
    assert!(figure(duplicates).await > 0, "duplicates");
    // What belongs together: an old number that leads to the new one, and a duplicate that became one.
    let linked = "SELECT COUNT(*) FROM event WHERE event_type = 'declaration.superseded'";
    assert!(figure(linked).await > 0, "linked");
    let merged = "SELECT COUNT(*) FROM event WHERE event_type = 'declaration.merged_into'";
    assert!(figure(merged).await > 0, "merged");
}

/// The search that the sample asked for finds something as soon as the office is served.
async fn has_something_to_review(office: &Office, client: &Client) {
    let queues = "{ reviewQueues { kind open } }";
    let log = office.follow().await;
    let found = log.until(async || {
        let answer = client.graphql(queues, Value::Null).await;
        let open = |kind: &str| {
            let queues = answer.at("/reviewQueues").as_array().expect("queues").iter();
            let mut of_kind = queues.filter(|queue| queue["kind"] == kind);
            of_kind.any(|queue| queue["open"].as_u64().is_some_and(|open| open > 0))
        };
        (open("DUPLICATE") && open("IMPORT_WARNING")).then_some(())
    });
    found.await;
}

async fn a_sample_has_what_was_asked_for_and_a_sound_log(engine: Engine) {
    let office = Office::new(engine).await;
    let said = office.run(&["sample", "--declarations", "500"]).ok();
    assert!(said.stdout.contains("500 declarations"), "{said:?}");
    let verified = office.run(&["verify", "--json"]).ok().json();
    assert_eq!(verified["breaches"], serde_json::json!([]));

    has_a_life_of_nine_years(&office).await;
    let last = database::numbers(&office.database().await, "SELECT max(recorded_at) FROM event").await;
    let now = SystemClock.now().timestamp_micros();
    assert!(
        last[0] <= now,
        "what is asked for of it would wait: {last:?} {now}"
    );

    let again = office.run(&["sample"]);
    assert_eq!((again.code, again.stdout.as_str()), (2, ""), "{again:?}");
    assert!(again.stderr.contains("the register is not empty"), "{again:?}");

    let mut server = office.serve();
    // The people of the sample are no administrators, so the first one is still asked for.
    let client = server.administrator().await;
    let count = async |filter: Value| {
        let answer = client
            .graphql(LIST, serde_json::json!({ "filter": filter }))
            .await;
        answer.at("/declarations/total/count").as_u64().expect("a number")
    };
    assert_eq!(count(Value::Null).await, 500);
    has_something_to_review(&office, &client).await;
    let articles = "{ articles { ... on ArticleConnection { nodes { category state } } } }";
    let articles = client.graphql(articles, Value::Null).await;
    let articles = articles.at("/articles/nodes").as_array().expect("articles");
    let published = articles.iter().filter(|it| it["state"] == "PUBLISHED");
    assert_eq!((published.count(), articles.len()), (17, 18));
    for filter in [
        serde_json::json!({ "stars": ["TWO"] }),
        serde_json::json!({ "states": ["STOPPED"] }),
        serde_json::json!({ "flags": ["EMAIL_NOT_RFC", "EMPLOYEES_MISSING", "CORPORATE_NUMBER_MISSING"] }),
    ] {
        assert!(count(filter.clone()).await > 0, "{filter}");
    }
}

#[tokio::test]
async fn a_sample_has_what_was_asked_for_and_a_sound_log_on_sqlite() {
    a_sample_has_what_was_asked_for_and_a_sound_log(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_sample_has_what_was_asked_for_and_a_sound_log_on_postgres() {
    a_sample_has_what_was_asked_for_and_a_sound_log(Engine::Postgres).await;
}
