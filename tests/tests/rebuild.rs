//! `sengen rebuild declarations`: the list is computed from the log, so that building it anew changes nothing, and mends what
//! was damaged; killed at any moment it is taken up again, and the old rows are read all the time.

use std::time::{Duration, Instant};

use event_store::Database;
use serde_json::{Value, json};
use test_support::{Dice, size, tell};
use tests::{Client, Engine, Office, database, given_rows, on_both_engines};

on_both_engines!(
    a_rebuild_changes_nothing_of_a_sound_list_and_mends_a_damaged_one,
    t06_a_rebuild_that_is_killed_at_any_moment_is_taken_up_and_the_old_rows_are_read,
);

const LIST: &str = "query($after: String) { declarations(first: 50, after: $after, sort: CHANGED_DESC) { \
     ... on DeclarationConnection { pageInfo { hasNextPage endCursor } total { count kind } \
     facets { stars { star count } states { state count } prefectures { prefecture { code } count } \
     flags { flag count } } \
     nodes { id number star state declaredOn entityType tradeName corporateNumber city flags changedAt \
     prefecture { code } name { __typename ... on OrganizationName { name kana } ... on PersonName { name kana } } \
     } } } }";
const SEARCH: &str = "query($search: String) { declarations(first: 200, search: $search, sort: NUMBER_ASC) { \
     ... on DeclarationConnection { total { count } nodes { number } } } }";

/// Every page of the list, and what searches find.
async fn list(client: &Client) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = client.graphql(LIST, json!({ "after": after })).await;
        let connection = page.at("/declarations").clone();
        after = connection["pageInfo"]["endCursor"].clone();
        let more = connection["pageInfo"]["hasNextPage"] == true;
        pages.push(connection);
        if !more {
            break;
        }
    }
    assert!(pages.len() > 1, "more than one page");
    for search in ["株式会社", "東京", "4700"] {
        let found = client.graphql(SEARCH, json!({ "search": search })).await;
        pages.push(found.at("/declarations").clone());
    }
    pages
}

/// The list as a server that is started now shows it.
async fn served(office: &Office) -> Vec<Value> {
    let server = office.serve();
    let client = server.client();
    client.sign_in("kanri").await;
    list(&client).await
}

/// As a person with the database's password could, or a disk that forgets.
async fn damage(office: &Office, engine: Engine) {
    let database = office.database().await;
    let index = match engine {
        Engine::Sqlite => "DELETE FROM declaration_search WHERE rowid > 90",
        Engine::Postgres => "UPDATE declaration SET tokens = '{}' WHERE seq > 90",
    };
    for statement in [
        "UPDATE declaration SET city = 'よそ市', declared_on = '1999-01-01' WHERE seq = 1",
        "DELETE FROM declaration WHERE seq = 2",
        "UPDATE declaration_count SET count = count + 7",
        index,
    ] {
        assert!(database::execute(&database, statement).await > 0, "{statement}");
    }
}

async fn a_rebuild_changes_nothing_of_a_sound_list_and_mends_a_damaged_one(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&given_rows(120));
    let mut server = office.serve();
    let client = server.administrator().await;
    let database = office.database().await;
    let newest = database::numbers(&database, "SELECT MAX(position) FROM event").await[0];
    let caught_up = "query($atLeast: Position) { declarations(first: 1, atLeast: $atLeast) { __typename } }";
    let page = client
        .graphql(caught_up, json!({ "atLeast": newest.to_string() }))
        .await;
    assert_eq!(page.at("/declarations/__typename"), "DeclarationConnection");
    drop(server);

    let before = served(&office).await;
    let rebuilt = office.run(&["rebuild", "declarations"]).ok();
    assert!(rebuilt.stdout.contains("the same rows as before"), "{rebuilt:?}");
    assert!(!rebuilt.stdout.contains("not the same"), "{rebuilt:?}");
    assert_eq!(served(&office).await, before);

    damage(&office, engine).await;
    assert_ne!(served(&office).await, before, "the damage shows");
    let mended = office.run(&["rebuild", "declarations"]).ok();
    assert!(
        mended.stdout.contains("not the same rows as before"),
        "{mended:?}"
    );
    for named in ["has changed", "is new", "counts differ", "the old rows are kept"] {
        assert!(mended.stdout.contains(named), "{named}: {mended:?}");
    }
    assert_eq!(served(&office).await, before);
    // One was deleted.
    let kept = "SELECT (SELECT count(*) FROM declaration) - (SELECT count(*) FROM declaration_rebuild)";
    assert_eq!(database::numbers(&database, kept).await, [1]);
    let kept = "SELECT count(*) FROM declaration_rebuild";
    let dropped = office.run(&["rebuild", "declarations", "--drop-old"]).ok();
    assert!(dropped.stdout.contains("the old rows are dropped"), "{dropped:?}");
    assert_eq!(database::numbers(&database, kept).await, [0]);
    assert_eq!(served(&office).await, before);
}

/// One declaration at a time finds room: many steps to be killed at.
const IN_STEPS: [&str; 4] = ["rebuild", "declarations", "--memory", "0"];
const ROWS: &str = "SELECT CAST(seq AS TEXT) || number || declared_on || CAST(cell AS TEXT) || key_public \
     || COALESCE(key_personal, '') || COALESCE(name, '') || COALESCE(city, '') || CAST(changed_at AS TEXT) \
     || CAST(version AS TEXT) FROM declaration ORDER BY seq";

/// Starts a rebuild and kills it once some rows are written and others are not. Some moments are too late: then once more.
async fn kill_in_the_middle(office: &Office, database: &Database) {
    let some = "SELECT count(*) FROM projection_rebuild WHERE stage = 'folding' AND folding_from > 0";
    for _ in 0..20 {
        office.run(&["rebuild", "declarations", "--drop-old"]).ok();
        let mut child = office.start(&IN_STEPS);
        while child.try_wait().expect("it is ours").is_none()
            && database::numbers(database, some).await == [0]
        {}
        child.kill().expect("it is ours");
        child.wait().expect("it ends");
        if database::numbers(database, some).await == [1] {
            return;
        }
    }
    panic!("no kill met a rebuild in the middle");
}

async fn t06_a_rebuild_that_is_killed_at_any_moment_is_taken_up_and_the_old_rows_are_read(engine: Engine) {
    let test = format!("kill -9 of a rebuild, {engine:?}");
    let mut dice = Dice::new(&test);
    let office = Office::new(engine).await;
    office.import(&given_rows(60));
    let server = office.serve();
    let database = office.database().await;
    let began = Instant::now();
    let whole = office.run(&IN_STEPS).ok();
    assert!(whole.stdout.contains("declarations, up to position"), "{whole:?}");
    let whole = u64::try_from(began.elapsed().as_millis()).expect("small");
    let before = database::texts(&database, ROWS).await;
    assert!(before.len() > 40, "not all rows can be taken");
    let kills = size(10, 100);
    let (mut at_work, mut resumed) = (0, 0);
    for kill in 1..=kills {
        let mut child = office.start(&IN_STEPS);
        std::thread::sleep(Duration::from_millis(dice.below(whole)));
        child.kill().expect("it is ours");
        at_work += u64::from(!child.wait().expect("it ends").success());
        assert_eq!(
            database::texts(&database, ROWS).await,
            before,
            "after kill {kill}"
        );
        if kill % 5 == 0 {
            let said = office.run(&IN_STEPS).ok().stdout;
            assert!(
                said.contains("the same rows as before") && !said.contains("not the same"),
                "{said}"
            );
            resumed += u64::from(said.contains("that was interrupted was finished"));
            assert_eq!(
                database::texts(&database, ROWS).await,
                before,
                "after kill {kill}"
            );
        }
    }
    assert!(at_work > 0, "none of {kills} was still at work");
    kill_in_the_middle(&office, &database).await;
    let said = office.run(&IN_STEPS).ok().stdout;
    assert!(
        said.contains("a rebuild that was interrupted was finished"),
        "{said}"
    );
    assert!(
        said.contains("the same rows as before") && !said.contains("not the same"),
        "{said}"
    );
    assert_eq!(database::texts(&database, ROWS).await, before);
    drop(server);
    tell(
        &test,
        &format!(
            "{kills} kills, {at_work} at work, {} taken up, the same rows every time",
            resumed + 1
        ),
    );
}
