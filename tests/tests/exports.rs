//! Files that leave, on the real binary: each to somebody who has just proved who they are and has the right to it, ten an hour, and that
//! it left is on record.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{
    Client, Engine, Office, Server, Start, canary_trader, database, export_of, on_both_engines, register,
};
use uuid::Uuid;

on_both_engines!(
    t48_every_file_asks_who_one_is_counts_and_is_on_record,
    t48_a_question_that_is_refused_takes_no_file,
    t51_whoever_has_no_right_to_a_file_gets_none_and_the_refusal_names_the_right,
);

const TRADER: &str = "47000000002";
const STALE: &str = "UPDATE session SET fresh_at = fresh_at - 300000000";
const FRESH: &str = "UPDATE session SET fresh_at = fresh_at + 300000000";
const FROM: &str = "2020-01-01T00:00:00Z";
const TO: &str = "2099-01-01T00:00:00Z";

struct Desk {
    office: Office,
    server: Server,
    administrator: Client,
    /// Each file with a good question, and the right that it needs.
    files: [(&'static str, Value, Option<&'static str>); 7],
}

/// An office whose accounts take so many files an hour, with a request of a data subject and an incident.
async fn desk(engine: Engine, files: &str) -> Desk {
    let office = Office::new(engine).await;
    office.import(&register(&[canary_trader(TRADER)]));
    let environment = [("SENGEN_LIMITS_EXPORTS_PER_HOUR", files)];
    let mut server = office.serve_with(&Start {
        environment: &environment,
        ..Start::default()
    });
    let administrator = server.administrator().await;
    administrator.find(TRADER).await;
    let own = administrator
        .graphql("{ session { staff { id } } }", Value::Null)
        .await;
    let own = own.at("/session/staff/id");
    let asked = json!({ "commandId": Uuid::new_v4(), "kind": "DISCLOSURE", "channel": "POST", "receivedOn": "2026-04-01",
        "numbers": [TRADER], "name": "見本 花子", "contact": "hanako@example.jp", "wanted": "保有する個人情報の開示" });
    let text = "mutation($input: OpenPrivacyRequestInput!) { openPrivacyRequest(input: $input) { ... on PrivacyRequestOpened { id } } }";
    let request = administrator.graphql(text, json!({ "input": asked })).await;
    let aware = json!({ "commandId": Uuid::new_v4(), "awareAt": "2026-04-01T01:00:00Z", "categories": [], "text": "誤送信の連絡" });
    let text = "mutation($input: OpenIncidentInput!) { openIncident(input: $input) { ... on IncidentOpened { id } } }";
    let incident = administrator.graphql(text, json!({ "input": aware })).await;
    let incident = incident.at("/openIncident/id");
    let version = "query($id: ID!) { incident(id: $id) { version } }";
    let version = administrator.graphql(version, json!({ "id": incident })).await;
    let counted = json!({ "commandId": Uuid::new_v4(), "id": incident, "expectedVersion": version.at("/incident/version"),
        "change": { "countSeen": { "account": own, "from": FROM, "to": TO } } });
    let text = "mutation($input: ChangeIncidentInput!) { changeIncident(input: $input) { __typename } }";
    let counted = administrator.graphql(text, json!({ "input": counted })).await;
    assert_eq!(counted.at("/changeIncident/__typename"), "IncidentChanged");
    let bulk = bulk_change(&administrator).await;
    let log = office.follow().await;
    let view = export_of(&["NUMBER", "NAME"], "CSV_UTF_8");
    let view = administrator.exported(&log, &view).await;
    let files = [
        (
            "exposure.csv",
            json!({ "staff": own, "since": FROM, "until": TO }),
            Some("READ_AUDIT"),
        ),
        ("incident.csv", json!({ "id": incident }), Some("READ_INCIDENTS")),
        (
            "holdings.json",
            json!({ "id": request.at("/openPrivacyRequest/id") }),
            Some("MANAGE_PRIVACY_REQUESTS"),
        ),
        // Whoever works here may see the register's figures.
        ("figures.csv", json!({ "by": "PREFECTURE" }), None),
        ("bulk-change.csv", json!({ "id": bulk }), None),
        (
            "inquiry-numbers.csv",
            json!({ "from": "2026-11-01", "to": "2026-11-30" }),
            Some("READ_INQUIRIES"),
        ),
        (
            "declarations",
            json!({ "id": view, "part": "FILE" }),
            Some("EXPORT_DECLARATIONS"),
        ),
    ];
    Desk {
        office,
        server,
        administrator,
        files,
    }
}

/// A bulk change that is being tried out.
async fn bulk_change(client: &Client) -> Value {
    let asked = json!({ "commandId": Uuid::new_v4(), "selection": { "matching": {} }, "change": { "addNote": { "text": "点検済み" } } });
    let text = "mutation($input: FreezeBulkChangeInput!) { freezeBulkChange(input: $input) { ... on BulkChangeFrozen { id } } }";
    let frozen = client.graphql(text, json!({ "input": asked })).await;
    frozen.at("/freezeBulkChange/id").clone()
}

/// Details of the security records of a kind, the oldest first.
async fn told(client: &Client, kind: &str) -> Vec<String> {
    let text = "query($kind: SecurityKind, $since: DateTime!, $until: DateTime!) { \
                securityRecords(since: $since, until: $until, kind: $kind, first: 200) { ... on SecurityRecords { nodes { detail } } } }";
    let asked = json!({ "kind": kind, "since": FROM, "until": TO });
    let answer = client.graphql(text, asked).await;
    let nodes = answer.at("/securityRecords/nodes").as_array().expect("a list");
    let details = nodes.iter().rev();
    details
        .map(|node| node["detail"].as_str().expect("a code").to_owned())
        .collect()
}

async fn t48_every_file_asks_who_one_is_counts_and_is_on_record(engine: Engine) {
    let desk = desk(engine, "7").await;
    let (me, database) = (&desk.administrator, desk.office.database().await);
    for (file, question, _) in &desk.files {
        database::execute(&database, STALE).await;
        let refused = Client::send(me.export(file, question)).await;
        assert_eq!(
            (refused.status, refused.fault()),
            (StatusCode::FORBIDDEN, Some("FRESH_SIGN_IN_REQUIRED")),
            "{file}"
        );
        database::execute(&database, FRESH).await;
        let foreign = me.export(file, question).header("sec-fetch-site", "cross-site");
        assert_eq!(
            Client::send(foreign).await.fault(),
            Some("CROSS_SITE"),
            "t42: {file}"
        );
        let left = Client::send(me.export(file, question)).await;
        assert_eq!(left.status, StatusCode::OK, "{file}: {left:?}");
        let saved = if *file == "declarations" {
            "declarations.csv"
        } else {
            file
        };
        let named = format!("attachment; filename=\"{saved}\"");
        assert_eq!(left.header("content-disposition"), named);
        assert_eq!(left.header("cache-control"), "no-store", "{file}");
    }
    for (file, question, _) in &desk.files {
        let held = Client::send(me.export(file, question)).await;
        assert_eq!(
            (held.status, held.fault()),
            (StatusCode::TOO_MANY_REQUESTS, Some("RATE_LIMITED")),
            "{file}"
        );
    }
    assert_eq!(
        told(me, "EXPORTED").await,
        [
            "exposure",
            "incident",
            "holdings",
            "figures",
            "bulk-change",
            "inquiry-numbers",
            "declarations"
        ]
    );
    assert_eq!(told(me, "THROTTLED").await, ["export"]);
}

async fn t48_a_question_that_is_refused_takes_no_file(engine: Engine) {
    let desk = desk(engine, "1").await;
    let me = &desk.administrator;
    let nothing = json!({ "id": Uuid::new_v4() });
    let backwards = json!({ "staff": Uuid::new_v4(), "since": TO, "until": FROM });
    for (file, question, code) in [
        ("exposure.csv", &backwards, "VALIDATION"),
        ("incident.csv", &nothing, "VALIDATION"),
        ("holdings.json", &nothing, "VALIDATION"),
        ("incident.csv", &backwards, "BAD_REQUEST"),
        ("exposure.csv", &nothing, "BAD_REQUEST"),
        ("figures.csv", &json!({ "by": "COLOUR" }), "VALIDATION"),
        (
            "figures.csv",
            &json!({ "by": "STAR", "asOf": "2017-03-31" }),
            "VALIDATION",
        ),
        (
            "figures.csv",
            &json!({ "by": "STAR", "asOf": "31 March" }),
            "VALIDATION",
        ),
        (
            "figures.csv",
            &json!({ "by": "STAR", "star": "THREE" }),
            "VALIDATION",
        ),
        (
            "figures.csv",
            &json!({ "by": "STAR", "origin": "MOON" }),
            "VALIDATION",
        ),
        ("figures.csv", &nothing, "BAD_REQUEST"),
        (
            "inquiry-numbers.csv",
            &json!({ "from": "2026-11-30", "to": "2026-11-01" }),
            "VALIDATION",
        ),
        ("inquiry-numbers.csv", &nothing, "BAD_REQUEST"),
        ("bulk-change.csv", &nothing, "VALIDATION"),
        ("declarations", &nothing, "BAD_REQUEST"),
        (
            "declarations",
            &json!({ "id": Uuid::new_v4(), "part": "FILE" }),
            "VALIDATION",
        ),
        (
            "declarations",
            &json!({ "id": Uuid::new_v4(), "part": "ALL" }),
            "VALIDATION",
        ),
    ] {
        let refused = Client::send(me.export(file, question)).await;
        assert_eq!(
            (refused.status, refused.fault()),
            (StatusCode::BAD_REQUEST, Some(code)),
            "{file} {question}"
        );
    }
    let support = desk.server.member(&desk.office, "support").await;
    let [(file, question, _), ..] = &desk.files;
    for _ in 0..2 {
        let refused = Client::send(support.export(file, question)).await;
        assert_eq!(refused.fault(), Some("FORBIDDEN"), "{refused:?}");
    }
    assert_eq!(told(me, "EXPORTED").await, Vec::<String>::new());
    let left = Client::send(me.export(file, question)).await;
    assert_eq!(left.status, StatusCode::OK, "{left:?}");
}

async fn t51_whoever_has_no_right_to_a_file_gets_none_and_the_refusal_names_the_right(engine: Engine) {
    let desk = desk(engine, "10").await;
    let viewer = desk.server.member(&desk.office, "viewer").await;
    for (file, question, right) in &desk.files {
        if right.is_some() {
            let refused = Client::send(viewer.export(file, question)).await;
            assert_eq!(
                (refused.status, refused.fault()),
                (StatusCode::FORBIDDEN, Some("FORBIDDEN")),
                "{file}"
            );
        }
        let stranger = Client::new(viewer.address());
        let nobody = Client::send(stranger.export(file, question)).await;
        assert_eq!(
            (nobody.status, nobody.fault()),
            (StatusCode::UNAUTHORIZED, Some("UNAUTHENTICATED")),
            "{file}"
        );
    }
    let rights = desk.files.iter().filter_map(|(_, _, right)| *right);
    assert_eq!(
        told(&desk.administrator, "ACCESS_REFUSED").await,
        rights.collect::<Vec<_>>()
    );
}
