//! Requests of data subjects on the real binary: opened, proved, decided, done, answered and closed, and who sees what of it.

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, Server, canary_trader, database, on_both_engines, register};
use uuid::Uuid;

on_both_engines!(
    a_request_goes_from_its_opening_to_its_end_and_what_we_hold_is_recorded_as_read_for_it,
    nothing_is_given_before_it_is_proved_who_asked,
    whoever_sees_no_persons_sees_the_case_without_them,
    a_stale_change_is_refused_and_the_same_command_is_one,
    t55_t52_an_erasure_is_asked_for_from_its_case_which_shows_what_becomes_of_it,
);

const TRADER: &str = "47000000002";
const CANARY: &str = "請求花子";

struct People {
    office: Office,
    server: Server,
    administrator: Client,
}

async fn people(engine: Engine) -> People {
    let office = Office::new(engine).await;
    office.import(&register(&[canary_trader(TRADER)]));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    administrator.find(TRADER).await;
    People {
        office,
        server,
        administrator,
    }
}

async fn open(client: &Client, kind: &str) -> Answer {
    let input = json!({ "commandId": Uuid::new_v4(), "kind": kind, "channel": "POST", "receivedOn": "2026-04-01",
        "numbers": [TRADER], "name": CANARY, "contact": "東京都みほん区1-1", "wanted": "保有する情報をすべて見たい" });
    let text = "mutation($input: OpenPrivacyRequestInput!) { openPrivacyRequest(input: $input) { __typename \
                ... on PrivacyRequestOpened { id } ... on InvalidInput { problems { field code } } } }";
    client.graphql(text, json!({ "input": input })).await
}

const CASE: &str = "version summary { status dueOn receivedOn isIdentified outcome } records { id number version kept forgotten { person } } \
     requester { __typename ... on Requester { name contact } } wanted { __typename ... on OpenText { text } } \
     history { kind text { __typename ... on OpenText { text } } measure { kind person approvalId approvalStatus } }";

async fn case(client: &Client, id: &Value) -> Value {
    let text = format!("query($id: ID!) {{ privacyRequest(id: $id) {{ {CASE} }} }}");
    let answer = client.graphql(&text, json!({ "id": id })).await;
    answer.at("/privacyRequest").clone()
}

async fn change_as(client: &Client, id: &Value, version: &Value, command: Uuid, change: &Value) -> Answer {
    let text = format!(
        "mutation($input: ChangePrivacyRequestInput!) {{ done: changePrivacyRequest(input: $input) {{ __typename \
         ... on PrivacyRequestChanged {{ privacyRequest {{ {CASE} }} }} \
         ... on InvalidInput {{ problems {{ field code }} }} }} }}"
    );
    let input = json!({ "commandId": command, "id": id, "expectedVersion": version, "change": change });
    client.graphql(&text, json!({ "input": input })).await
}

async fn change(client: &Client, id: &Value, change: Value) -> Answer {
    let version = case(client, id).await["version"].clone();
    change_as(client, id, &version, Uuid::new_v4(), &change).await
}

async fn changed(client: &Client, id: &Value, what: Value) -> Value {
    let answer = change(client, id, what.clone()).await;
    assert_eq!(
        answer.at("/done/__typename"),
        "PrivacyRequestChanged",
        "{what} {answer:?}"
    );
    answer.at("/done/privacyRequest").clone()
}

async fn a_request_goes_from_its_opening_to_its_end_and_what_we_hold_is_recorded_as_read_for_it(
    engine: Engine,
) {
    let people = people(engine).await;
    let me = &people.administrator;
    let id = open(me, "DISCLOSURE").await.at("/openPrivacyRequest/id").clone();
    let seen = case(me, &id).await;
    assert_eq!(seen["summary"]["dueOn"], "2026-05-01", "thirty days");
    assert_eq!(seen["requester"]["name"], CANARY);
    let record = seen["records"][0].clone();
    assert_eq!(record["number"], TRADER);

    changed(
        me,
        &id,
        json!({ "checkIdentity": { "method": "DOCUMENT", "isConfirmed": true, "text": "運転免許証" } }),
    )
    .await;
    changed(
        me,
        &id,
        json!({ "extend": { "on": "2026-05-20", "text": "対象の記録が多いため" } }),
    )
    .await;
    changed(me, &id, json!({ "decide": { "outcome": "GRANTED" } })).await;
    let text = "query($id: ID!) { privacyRequestHoldings(id: $id) { records { number facts { field value } \
                history { what source } reads } } }";
    let held = me.graphql(text, json!({ "id": id })).await;
    let held = held.at("/privacyRequestHoldings").clone();
    let facts = held["records"][0]["facts"].as_array().expect("facts");
    let value = |field: &str| {
        facts
            .iter()
            .find(|fact| fact["field"] == field)
            .map(|fact| fact["value"].clone())
    };
    assert!(
        value("contact_email").is_some_and(|value| value == "tori@example.jp"),
        "{held}"
    );
    assert_eq!(held["records"][0]["history"][0]["source"], "system:command-line");
    let json = Client::send(me.export("holdings.json", &json!({ "id": id }))).await;
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(json.body["records"][0]["number"], TRADER);

    let register = people.office.database().await;
    let reads = database::read_records(&register).await;
    let purposes = database::texts(
        &reads,
        "SELECT DISTINCT purpose FROM read_record WHERE purpose LIKE 'privacy-request:%'",
    );
    let purpose = format!("privacy-request:{}", id.as_str().expect("an id"));
    assert_eq!(purposes.await, [purpose]);

    let measure = json!({ "recordMeasure": { "kind": "DISCLOSED", "declarationId": record["id"], "text": "書面を送付" } });
    changed(me, &id, measure).await;
    changed(
        me,
        &id,
        json!({ "answer": { "on": "2026-04-02", "channel": "POST" } }),
    )
    .await;
    let closed = changed(me, &id, json!({ "close": { "how": "ANSWERED" } })).await;
    assert_eq!(closed["summary"]["status"], "CLOSED");
    let kinds: Vec<&str> = closed["history"]
        .as_array()
        .expect("a history")
        .iter()
        .filter_map(|entry| entry["kind"].as_str())
        .collect();
    let expected = [
        "OPENED",
        "IDENTITY_CHECKED",
        "EXTENDED",
        "DECIDED",
        "MEASURE_RECORDED",
        "ANSWERED",
        "CLOSED",
    ];
    assert_eq!(kinds, expected);
    // What the person is called stands nowhere in the clear.
    let clear = database::texts(
        &register,
        "SELECT data FROM event WHERE event_type LIKE 'privacy_request.%'",
    )
    .await;
    assert!(clear.iter().all(|data| !data.contains(CANARY)), "{clear:?}");
    let open = me
        .graphql("{ unfinishedPrivacyRequests { id } }", Value::Null)
        .await;
    assert_eq!(open.at("/unfinishedPrivacyRequests"), &json!([]));
}

async fn nothing_is_given_before_it_is_proved_who_asked(engine: Engine) {
    let people = people(engine).await;
    let me = &people.administrator;
    let id = open(me, "ERASURE").await.at("/openPrivacyRequest/id").clone();
    let refused = change(me, &id, json!({ "decide": { "outcome": "GRANTED" } })).await;
    assert_eq!(
        refused.at("/done/problems/0/code"),
        "not_identified",
        "{refused:?}"
    );
    let unproved =
        json!({ "checkIdentity": { "method": "DOCUMENT", "isConfirmed": false, "text": "書類が足りない" } });
    changed(me, &id, unproved).await;
    let refused = change(
        me,
        &id,
        json!({ "decide": { "outcome": "PARTLY", "text": "一部" } }),
    )
    .await;
    assert_eq!(refused.at("/done/problems/0/code"), "not_identified");
    let silent = change(me, &id, json!({ "decide": { "outcome": "REFUSED" } })).await;
    assert_eq!(
        silent.at("/done/problems/0/field"),
        "text",
        "whoever is refused is told why"
    );
    let done = changed(
        me,
        &id,
        json!({ "decide": { "outcome": "REFUSED", "text": "本人と確認できないため" } }),
    )
    .await;
    assert_eq!(done["summary"]["outcome"], "REFUSED");
}

async fn whoever_sees_no_persons_sees_the_case_without_them(engine: Engine) {
    let people = people(engine).await;
    let support = people.server.member(&people.office, "support").await;
    let auditor = people.server.member(&people.office, "auditor").await;
    let id = open(&support, "CORRECTION")
        .await
        .at("/openPrivacyRequest/id")
        .clone();
    assert!(
        id.is_string(),
        "whoever answers inquiries writes down that somebody asked"
    );
    assert_eq!(case(&support, &id).await["requester"]["name"], CANARY);
    let seen = case(&auditor, &id).await;
    assert_eq!(seen["summary"]["status"], "OPEN");
    for part in ["requester", "wanted"] {
        assert_eq!(seen[part]["__typename"], "Withheld", "{seen}");
    }
    assert!(!seen.to_string().contains(CANARY));
    let refused = change(&support, &id, json!({ "note": { "text": "電話で確認" } })).await;
    assert_eq!(refused.fault(), Some("FORBIDDEN"));
    let held = support
        .graphql(
            "query($id: ID!) { privacyRequestHoldings(id: $id) { gatheredAt } }",
            json!({ "id": id }),
        )
        .await;
    assert_eq!(held.fault(), Some("FORBIDDEN"));
}

async fn a_stale_change_is_refused_and_the_same_command_is_one(engine: Engine) {
    let people = people(engine).await;
    let me = &people.administrator;
    let id = open(me, "CORRECTION").await.at("/openPrivacyRequest/id").clone();
    let version = case(me, &id).await["version"].clone();
    let (command, note) = (Uuid::new_v4(), json!({ "note": { "text": "電話で確認" } }));
    for _ in 0..2 {
        let answer = change_as(me, &id, &version, command, &note).await;
        assert_eq!(
            answer.at("/done/__typename"),
            "PrivacyRequestChanged",
            "{answer:?}"
        );
    }
    assert_eq!(
        case(me, &id).await["history"].as_array().map(Vec::len),
        Some(2),
        "once"
    );
    let other = json!({ "note": { "text": "別の内容" } });
    let reused = change_as(me, &id, &version, command, &other).await;
    assert_eq!(reused.at("/done/problems/0/code"), "command_reused", "{reused:?}");
    let stale = change_as(me, &id, &version, Uuid::new_v4(), &other).await;
    assert_eq!(stale.at("/done/__typename"), "CaseStale", "{stale:?}");
}

/// A granted request for erasure, its record, and an approver.
async fn granted(people: &People) -> (Value, Value) {
    let me = &people.administrator;
    let id = open(me, "ERASURE").await.at("/openPrivacyRequest/id").clone();
    let proved =
        json!({ "checkIdentity": { "method": "DOCUMENT", "isConfirmed": true, "text": "運転免許証" } });
    changed(me, &id, proved).await;
    let seen = changed(me, &id, json!({ "decide": { "outcome": "GRANTED" } })).await;
    (id, seen["records"][0].clone())
}

/// The newest measure of a case.
fn measure(case: &Value) -> Value {
    let history = case["history"].as_array().expect("a history");
    let newest = history.iter().rev().find(|entry| !entry["measure"].is_null());
    newest.expect("a measure")["measure"].clone()
}

async fn decide_about(client: &Client, mutation: &str, id: &Value) -> Answer {
    let seen = client
        .graphql(
            "query($id: ID!) { approval(id: $id) { contentHash } }",
            json!({ "id": id }),
        )
        .await;
    let input = json!({ "commandId": Uuid::new_v4(), "id": id });
    let text = format!(
        "mutation($input: ApprovalCommandInput!, $seen: String!) {{ done: {mutation} {{ __typename }} }}"
    );
    let text = if mutation.contains("$seen") {
        text
    } else {
        text.replace(", $seen: String!", "")
    };
    let variables = if mutation.contains("$seen") {
        json!({ "input": input, "seen": seen.at("/approval/contentHash") })
    } else {
        json!({ "input": input })
    };
    client.graphql(&text, variables).await
}

async fn t55_t52_an_erasure_is_asked_for_from_its_case_which_shows_what_becomes_of_it(engine: Engine) {
    let people = people(engine).await;
    let me = &people.administrator;
    let approver = people.server.member(&people.office, "approver").await;
    let registrar = people.server.member(&people.office, "registrar").await;
    let (id, record) = granted(&people).await;
    let kept = record["kept"].as_array().expect("roles");
    assert!(kept.contains(&json!("CONTACT")), "{record}");
    let wanted = |reason: &str| {
        json!({ "requestErasure": { "declarationId": record["id"], "expectedVersion": record["version"],
            "person": "CONTACT", "reason": reason } })
    };
    let refused = change(&registrar, &id, wanted("本人の請求")).await;
    assert_eq!(
        refused.fault(),
        Some("FORBIDDEN"),
        "a registrar handles the case, and forgets nobody"
    );
    let named = change(me, &id, wanted("歌姫さんの請求")).await;
    assert_eq!(named.at("/done/problems/0/code"), "names_the_person", "{named:?}");

    // The same command is one request and one entry.
    let version = case(me, &id).await["version"].clone();
    let command = Uuid::new_v4();
    for _ in 0..2 {
        let answer = change_as(me, &id, &version, command, &wanted("本人の請求")).await;
        assert_eq!(
            answer.at("/done/__typename"),
            "PrivacyRequestChanged",
            "{answer:?}"
        );
    }
    let waiting = case(me, &id).await;
    let asked = measure(&waiting);
    assert_eq!(
        (&asked["person"], &asked["approvalStatus"]),
        (&json!("CONTACT"), &json!("OPEN"))
    );
    let open_approvals = approver.graphql("{ openApprovals { id } }", Value::Null).await;
    assert_eq!(
        open_approvals.at("/openApprovals"),
        &json!([{ "id": asked["approvalId"] }])
    );
    let twice = change(me, &id, wanted("本人の請求")).await;
    assert_eq!(twice.at("/done/problems/0/code"), "erasure_asked", "{twice:?}");
    let early = change(me, &id, json!({ "close": { "how": "WITHDRAWN" } })).await;
    assert_eq!(early.at("/done/problems/0/code"), "erasure_waits", "{early:?}");

    // Not agreed to, it can be asked for again; so when it lapsed.
    let rejected = decide_about(
        &approver,
        "rejectRequest(input: $input, reason: \"確認が必要\")",
        &asked["approvalId"],
    );
    assert_eq!(rejected.await.at("/done/__typename"), "ApprovalDecided");
    assert_eq!(measure(&case(me, &id).await)["approvalStatus"], "REJECTED");
    changed(me, &id, wanted("本人の請求")).await;
    let database = people.office.database().await;
    database::execute(
        &database,
        "UPDATE approval SET expires_at = requested_at WHERE status = 'open'",
    )
    .await;
    assert_eq!(measure(&case(me, &id).await)["approvalStatus"], "LAPSED");
    let third = measure(&changed(me, &id, wanted("本人の請求")).await);
    assert_eq!(third["approvalStatus"], "OPEN");

    let agreed = decide_about(
        &approver,
        "approve(input: $input, contentHash: $seen)",
        &third["approvalId"],
    )
    .await;
    assert_eq!(agreed.at("/done/__typename"), "ApprovalDecided", "{agreed:?}");
    let done = case(me, &id).await;
    assert_eq!(measure(&done)["approvalStatus"], "CARRIED_OUT");
    assert_eq!(done["records"][0]["forgotten"], json!([{ "person": "CONTACT" }]));
    let kept = done["records"][0]["kept"].as_array().expect("roles");
    assert!(!kept.contains(&json!("CONTACT")), "{done}");
    changed(
        me,
        &id,
        json!({ "answer": { "on": "2026-04-02", "channel": "POST" } }),
    )
    .await;
    let closed = changed(me, &id, json!({ "close": { "how": "ANSWERED" } })).await;
    assert_eq!(closed["summary"]["status"], "CLOSED");
}
