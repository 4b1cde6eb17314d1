//! A forgotten number that is told.

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Row, mailed, on_both_engines};
use uuid::Uuid;

use super::{BAD_TEXTS, Desk, NUMBER, last};

on_both_engines!(
    a_forgotten_number_goes_to_the_registered_address_and_is_on_record,
    to_another_address_it_takes_a_second_person,
    a_number_is_told_to_nobody_who_is_not_known,
    t55_what_was_mailed_about_somebody_is_forgotten_with_them_wherever_it_went,
    a_number_that_two_tabs_send_is_sent_once,
    the_owner_of_an_address_that_is_typed_as_a_whole_is_found_and_it_is_a_read,
    an_old_number_leads_to_what_took_its_place,
);

fn said() -> Value {
    json!([
        { "field": "NAME", "value": format!("㈱見本{NUMBER}") },
        { "field": "CONTACT_PHONE", "value": "０３-００００-００００" },
        { "field": "CONTACT_NAME", "value": "見本 花子" },
    ])
}

const LOOKED_UP: &str = "query($id: ID!) { declaration(id: $id) { ... on Declaration { version \
     history { kind lookUp { asked fitting checks sentTo } } } } }";

async fn newest(client: &Client, id: &str) -> Value {
    let answer = client.graphql(LOOKED_UP, json!({ "id": id })).await;
    last(answer.at("/declaration")).clone()
}

async fn a_forgotten_number_goes_to_the_registered_address_and_is_on_record(engine: Engine) {
    let desk = Desk::open(engine).await;
    // Whoever answers inquiries does it.
    let support = desk.server.member(&desk.office, "support").await;
    let matches = "query($id: ID!, $asked: [FieldInput!]!) { numberMatches(declarationId: $id, asked: $asked) { fitting hasAddress } }";
    let compared = support
        .graphql(matches, json!({ "id": desk.id, "asked": said() }))
        .await;
    let fitting = json!(["NAME", "CONTACT_NAME", "CONTACT_PHONE"]);
    assert_eq!(
        compared.at("/numberMatches"),
        &json!({ "fitting": fitting, "hasAddress": true }),
        "{compared:?}"
    );
    let input = desk
        .input(json!({ "asked": said(), "checks": ["ANSWERS"] }))
        .await;
    let before = desk.events().await;
    let (one, other) = futures::join!(
        support.change("lookUpNumber", &input),
        support.change("lookUpNumber", &input)
    );
    Desk::made("lookUpNumber", &one);
    assert_eq!(one.at("/lookUpNumber"), other.at("/lookUpNumber"));
    assert_eq!(desk.events().await, before + 2, "the event and its mail, once");
    let entry = newest(&support, &desk.id).await;
    assert_eq!(entry["kind"], "NUMBER_LOOKED_UP");
    assert_eq!(
        entry["lookUp"],
        json!({ "asked": fitting, "fitting": fitting, "checks": ["ANSWERS"], "sentTo": "REGISTERED" })
    );
    let mail = mailed(&desk.office, "info@example.jp", "自己宣言IDのお知らせ", 1)
        .await
        .remove(0);
    assert!(mail.contains("4700-0000-002") && mail.contains(NUMBER), "{mail}");
}

fn request(desk_id: &str, version: &str, to: &str) -> Value {
    json!({
        "commandId": Uuid::new_v4(),
        "declarationId": desk_id,
        "expectedVersion": version,
        "asked": said(),
        "checks": ["DOCUMENT"],
        "to": to,
        "reason": "登録のメールアドレスが使えなくなった",
    })
}

async fn ask(client: &Client, input: &Value) -> Answer {
    let text = "mutation($input: RequestNumberInput!) { requestNumber(input: $input) { __typename ... on ApprovalRequested { id } \
                ... on InvalidInput { problems { field code message } } } }";
    client.graphql(text, json!({ "input": input })).await
}

async fn to_another_address_it_takes_a_second_person(engine: Engine) {
    let desk = Desk::open(engine).await;
    let approver = desk.server.member(&desk.office, "approver").await;
    let version = desk.client.version(&desk.id).await;
    let bad = ask(&desk.client, &request(&desk.id, &version, "jiro")).await;
    let expected = [("to".to_owned(), "address_unreadable".to_owned())];
    assert_eq!(bad.problems("requestNumber"), expected, "{bad:?}");
    let asked = ask(&desk.client, &request(&desk.id, &version, "jiro@example.jp")).await;
    let id = asked.at("/requestNumber/id").clone();
    assert!(id.is_string(), "{asked:?}");
    assert_eq!(
        newest(&desk.client, &desk.id).await["kind"],
        "REGISTERED",
        "nothing yet"
    );
    let seen = "query($id: ID!) { approval(id: $id) { contentHash content { ... on SendNumberContent { number fitting checks \
                to { ... on OpenText { text } } } } } }";
    let seen = approver.graphql(seen, json!({ "id": id })).await;
    assert_eq!(seen.at("/approval/content/number"), NUMBER, "{seen:?}");
    assert_eq!(seen.at("/approval/content/to/text"), "jiro@example.jp");
    let approve = "mutation($input: ApprovalCommandInput!, $seen: String!) { approve(input: $input, contentHash: $seen) { \
                   ... on ApprovalDecided { approval { summary { status } } } } }";
    let variables = json!({ "input": { "commandId": Uuid::new_v4(), "id": id }, "seen": seen.at("/approval/contentHash") });
    let done = approver.graphql(approve, variables).await;
    assert_eq!(
        done.at("/approve/approval/summary/status"),
        "CARRIED_OUT",
        "{done:?}"
    );
    assert_eq!(
        newest(&desk.client, &desk.id).await["lookUp"]["sentTo"],
        "ELSEWHERE"
    );
    mailed(&desk.office, "jiro@example.jp", "自己宣言IDのお知らせ", 1).await;
}

async fn t55_what_was_mailed_about_somebody_is_forgotten_with_them_wherever_it_went(engine: Engine) {
    const HEADINGS: &str = "query { mails(first: 20) { ... on MailConnection { nodes { declaration { number } heading { __typename } } } } }";
    let desk = Desk::open(engine).await;
    let approver = desk.server.member(&desk.office, "approver").await;
    let version = desk.client.version(&desk.id).await;
    let asked = ask(&desk.client, &request(&desk.id, &version, "jiro@example.jp")).await;
    let id = asked.at("/requestNumber/id").clone();
    let seen = "query($id: ID!) { approval(id: $id) { contentHash } }";
    let seen = approver.graphql(seen, json!({ "id": id })).await;
    let approve = "mutation($input: ApprovalCommandInput!, $seen: String!) { approve(input: $input, contentHash: $seen) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id });
    let seen = seen.at("/approval/contentHash");
    let done = approver
        .graphql(approve, json!({ "input": input, "seen": seen }))
        .await;
    assert_eq!(done.at("/approve/__typename"), "ApprovalDecided", "{done:?}");
    let headings = async || {
        let answer = desk.client.graphql(HEADINGS, Value::Null).await;
        let nodes = answer.at("/mails/nodes").as_array().cloned().unwrap_or_default();
        let about = nodes
            .into_iter()
            .filter(|it| it["declaration"]["number"] == NUMBER);
        about
            .map(|it| it["heading"]["__typename"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(headings().await, ["MailHeading"]);
    let who = ["--declaration", NUMBER, "--person", "contact"];
    let why = ["--reason", "本人の求め", "--yes"];
    desk.office.run(&[&["forget"], &who[..], &why[..]].concat()).ok();
    // The server hears of it from the log, a moment after the command. The test's own time limit is the only one.
    while headings().await != ["Forgotten"] {}
    let asked = "query($id: ID!) { approval(id: $id) { content { __typename } } }";
    let asked = approver.graphql(asked, json!({ "id": id })).await;
    assert_eq!(
        asked.at("/approval/content/__typename"),
        "ContentGone",
        "what they said of themselves is forgotten, too: {asked:?}"
    );
}

async fn a_number_is_told_to_nobody_who_is_not_known(engine: Engine) {
    let rows = [Row::corporation(NUMBER).with("メール", "")];
    let desk = Desk::with(engine, &rows).await;
    let before = desk.events().await;
    let asked = |asked: Value| json!({ "asked": asked, "checks": ["ANSWERS"] });
    desk.refused(
        "lookUpNumber",
        asked(said()),
        "declarationId",
        "no_registered_address",
    )
    .await;
    assert_eq!(desk.events().await, before);
    // With an address.
    let contact = json!({ "changes": [{ "field": "CONTACT_EMAIL", "value": "info@example.jp" }] });
    desk.must("changeContact", contact).await;
    let before = desk.events().await;
    let one = |field: &str, value: &str| asked(json!([{ "field": field, "value": value }]));
    desk.refused(
        "lookUpNumber",
        one("CONTACT_NAME", "見本 花子"),
        "asked",
        "too_few_fit",
    )
    .await;
    desk.refused("lookUpNumber", one("STAR", "1"), "asked.STAR", "not_asked")
        .await;
    let long = "長".repeat(10_000);
    desk.refused("lookUpNumber", one("NAME", &long), "asked.NAME", "too_long")
        .await;
    for (text, code) in BAD_TEXTS {
        desk.refused("lookUpNumber", one("NAME", text), "asked.NAME", code)
            .await;
    }
    let unchecked = json!({ "asked": said(), "checks": [] });
    desk.refused("lookUpNumber", unchecked, "checks", "not_checked")
        .await;
    let stale = {
        let mut input = desk.input(asked(said())).await;
        input["expectedVersion"] = json!("1");
        desk.client.change("lookUpNumber", &input).await
    };
    assert_eq!(stale.at("/lookUpNumber/__typename"), "Conflict", "{stale:?}");
    assert_eq!(desk.events().await, before, "nothing was written");
}

async fn a_number_that_two_tabs_send_is_sent_once(engine: Engine) {
    let desk = Desk::open(engine).await;
    let before = desk.events().await;
    let asked = json!({ "asked": said(), "checks": ["ANSWERS"] });
    // Each has a command of its own.
    let (one, other) = (desk.input(asked.clone()).await, desk.input(asked.clone()).await);
    let (one, other) = futures::join!(
        desk.client.change("lookUpNumber", &one),
        desk.client.change("lookUpNumber", &other)
    );
    let is_sent = |answer: &Answer| answer.at("/lookUpNumber/__typename") == "DeclarationChanged";
    assert!(is_sent(&one) != is_sent(&other), "{one:?} {other:?}");
    let refused = if is_sent(&one) { other } else { one };
    let expected = [("declarationId".to_owned(), "told_just_now".to_owned())];
    assert_eq!(refused.problems("lookUpNumber"), expected, "{refused:?}");
    // And a moment later.
    desk.refused("lookUpNumber", asked, "declarationId", "told_just_now")
        .await;
    assert_eq!(desk.events().await, before + 2, "the event and its mail, once");
    mailed(&desk.office, "info@example.jp", "自己宣言IDのお知らせ", 1).await;
}

const FIND: &str = "query($text: String!) { findDeclarer(text: $text) { __typename \
     ... on FoundDeclarers { isComplete nodes { by declaration { number } } } ... on InvalidInput { problems { field code } } } }";

/// Numbers and how they were found.
async fn found(client: &Client, text: &str) -> Value {
    let answer = client.graphql(FIND, json!({ "text": text })).await;
    let found = answer.at("/findDeclarer").clone();
    assert_eq!(found["isComplete"], true, "{answer:?}");
    let nodes = found["nodes"].as_array().expect("a list").iter();
    let pairs = nodes.map(|node| json!([node["declaration"]["number"], node["by"]]));
    pairs.collect()
}

async fn the_owner_of_an_address_that_is_typed_as_a_whole_is_found_and_it_is_a_read(engine: Engine) {
    let other = "47000000007";
    let rows = [
        Row::corporation(NUMBER).with("メール", "Uketsuke@example.jp"),
        Row::corporation(other).with("メール", "soumu@example.jp"),
    ];
    let desk = Desk::with(engine, &rows).await;
    let support = desk.server.member(&desk.office, "support").await;
    let database = desk.office.database().await;
    let before = tests::database::reads(&database).await.len();
    assert_eq!(
        found(&support, " Uketsuke@EXAMPLE.JP ").await,
        json!([[NUMBER, "ADDRESS"]])
    );
    let reads = tests::database::reads(&database).await;
    assert_eq!(reads[before..], [format!("{NUMBER} contact")]);
    assert_eq!(found(&support, "nobody@example.jp").await, json!([]));
    assert_eq!(found(&support, "").await, json!([]));
    let part = support.graphql(FIND, json!({ "text": "uketsuke@" })).await;
    assert_eq!(
        part.problems("findDeclarer"),
        [("text".to_owned(), "address_unreadable".to_owned())]
    );
    // What was changed a moment ago is known; what it was is not.
    let changes = json!([{ "field": "CONTACT_EMAIL", "value": "atarashii@example.jp" }]);
    desk.must(
        "changeContact",
        json!({ "changes": changes, "since": "2026-05-12" }),
    )
    .await;
    assert_eq!(
        found(&support, "atarashii@example.jp").await,
        json!([[NUMBER, "ADDRESS"]])
    );
    assert_eq!(found(&support, "Uketsuke@example.jp").await, json!([]));
    // By words as the list does, and nobody without the right.
    assert_eq!(found(&support, other).await, json!([[other, "WORDS"]]));
    let viewer = desk.server.member(&desk.office, "viewer").await;
    let refused = viewer.graphql(FIND, json!({ "text": other })).await;
    assert_eq!(refused.fault(), Some("FORBIDDEN"));
}

async fn an_old_number_leads_to_what_took_its_place(engine: Engine) {
    let new = "57000000003";
    let of = |number| {
        Row::corporation(number)
            .with("法人番号", &tests::corporate_number(1))
            .with("メール", "info@example.jp")
    };
    let desk = Desk::with(engine, &[of(NUMBER), of(new).with("電話", "03-0000-0001")]).await;
    let linking = json!({ "otherNumber": new, "on": "2026-05-12", "reason": "新しいIDで宣言し直した" });
    let position = desk.must("linkNumbers", linking).await;
    let caught_up = json!({ "first": 1, "atLeast": position });
    desk.client.graphql(tests::LIST_OF_NUMBERS, caught_up).await;
    assert_eq!(found(&desk.client, NUMBER).await, json!([[new, "REPLACED"]]));
    assert_eq!(found(&desk.client, new).await, json!([[new, "WORDS"]]));
    // Both are found by the address, and are one: the one whose number is told.
    let by_address = found(&desk.client, "info@example.jp").await;
    let numbers: Vec<_> = by_address
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| &it[0])
        .collect();
    assert_eq!(numbers, [&json!(new)]);
}
