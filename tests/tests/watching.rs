//! Two people on one record: each sees the other, and what the other changes, on the real binary.

use serde_json::{Value, json};
use tests::{Client, Correction, Engine, Office, Row, Server, Socket, on_both_engines, register};

on_both_engines!(
    two_people_with_one_record_open_see_each_other_across_processes_and_who_closes_it_is_gone,
    a_change_by_one_is_heard_by_the_other_and_changes_of_other_records_are_not,
    what_happened_before_somebody_watched_is_told_at_once,
);

const NUMBERS: [&str; 2] = ["47000000002", "47000000003"];

async fn office(engine: Engine) -> (Office, Server, Client) {
    let office = Office::new(engine).await;
    office.import(&register(&NUMBERS.map(Row::corporation)));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    (office, server, administrator)
}

async fn socket(server: &Server, login: &str) -> Socket {
    let client = Client::without_cookies(server.address(), server.address());
    Socket::greeted(server.address(), &client.cookie_of(login).await).await
}

/// Opens the record, as it is shown up to there.
async fn open(socket: &mut Socket, id: &str, after: &str) -> Value {
    let text = format!(
        "subscription {{ declarationWatched(id: \"{id}\", after: \"{after}\") {{ position others {{ name }} }} }}"
    );
    socket.subscribe("record", &text).await;
    told(socket).await
}

async fn told(socket: &mut Socket) -> Value {
    socket.next("record").await["declarationWatched"].take()
}

async fn newest(client: &Client, id: &str) -> String {
    let text = "query($id: ID!) { declaration(id: $id) { ... on Declaration { history { position } } } }";
    let answer = client.graphql(text, json!({ "id": id })).await;
    let history = answer.at("/declaration/history").as_array().expect("a history");
    let positions = history
        .iter()
        .map(|entry| entry["position"].as_str().expect("a position"));
    let newest = positions.max_by_key(|position| position.parse::<i64>().expect("a number"));
    newest.expect("an entry").to_owned()
}

async fn two_people_with_one_record_open_see_each_other_across_processes_and_who_closes_it_is_gone(
    engine: Engine,
) {
    let (office, server, administrator) = office(engine).await;
    let other = office.serve();
    server.member(&office, "viewer").await;
    let [id, elsewhere] = [
        administrator.find(NUMBERS[0]).await,
        administrator.find(NUMBERS[1]).await,
    ];
    let shown = newest(&administrator, &id).await;
    let mut one = socket(&server, "kanri").await;
    assert_eq!(open(&mut one, &id, &shown).await["others"], json!([]));
    let mut two = socket(&other, "viewer").await;
    let seen = open(&mut two, &id, &shown).await;
    assert_eq!(seen["others"].as_array().map(Vec::len), Some(1), "{seen}");
    let seen = told(&mut one).await;
    assert_eq!(seen["others"].as_array().map(Vec::len), Some(1), "{seen}");
    assert_eq!(seen["position"], shown.as_str(), "nothing happened to it");
    // A second page of the same person is nobody else, and whoever is on another record is not here.
    let mut again = socket(&server, "kanri").await;
    let seen = open(&mut again, &id, &shown).await;
    assert_eq!(seen["others"].as_array().map(Vec::len), Some(1), "{seen}");
    let mut away = socket(&server, "viewer").await;
    assert_eq!(open(&mut away, &elsewhere, &shown).await["others"], json!([]));
    two.say(json!({ "type": "complete", "id": "record" })).await;
    assert_eq!(told(&mut one).await["others"], json!([]), "they have left");
    drop(again);
}

async fn a_change_by_one_is_heard_by_the_other_and_changes_of_other_records_are_not(engine: Engine) {
    let (office, _server, administrator) = office(engine).await;
    let other = office.serve();
    let [id, elsewhere] = [
        administrator.find(NUMBERS[0]).await,
        administrator.find(NUMBERS[1]).await,
    ];
    let shown = newest(&administrator, &id).await;
    let mut watching = socket(&other, "kanri").await;
    assert_eq!(open(&mut watching, &id, &shown).await["position"], shown.as_str());
    for record in [&elsewhere, &id] {
        let version = administrator.version(record).await;
        let correction = Correction::new(record, &version, "CITY", "みほん市東");
        let answer = administrator.correct(&correction).await;
        assert_eq!(answer.at("/correctDeclaration/__typename"), "DeclarationChanged");
    }
    // Had the change of the other record been told, it would have come first.
    let heard = told(&mut watching).await;
    assert_eq!(heard["position"], newest(&administrator, &id).await.as_str());
}

async fn what_happened_before_somebody_watched_is_told_at_once(engine: Engine) {
    let (_office, server, administrator) = office(engine).await;
    let id = administrator.find(NUMBERS[0]).await;
    let shown = newest(&administrator, &id).await;
    let version = administrator.version(&id).await;
    let correction = Correction::new(&id, &version, "CITY", "みほん市東");
    administrator.correct(&correction).await;
    let mut late = socket(&server, "kanri").await;
    let heard = open(&mut late, &id, &shown).await;
    let position = |value: &Value| {
        value
            .as_str()
            .expect("a position")
            .parse::<i64>()
            .expect("a number")
    };
    assert!(
        position(&heard["position"]) > shown.parse().expect("a number"),
        "{heard}"
    );
}
