//! Two declarations that become one, by a link or by a merge, and a declaration that somebody else takes over.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, ORIGIN};
use serde_json::{Value, json};
use tests::{Answer, Client, Correction, Engine, Row, corporate_number, on_both_engines};
use uuid::Uuid;

use super::{BAD_TEXTS, Desk, NUMBER, last};

on_both_engines!(
    an_old_number_leads_to_the_new_one_and_the_link_is_taken_back,
    what_was_replaced_is_told_to_other_offices_and_is_not_counted_as_live,
    what_took_the_place_of_another_and_was_itself_replaced_leads_on_to_the_last_one,
    what_cannot_be_linked_is_refused_at_its_field,
    a_declaration_is_handed_over_and_every_day_before_knows_who_it_was,
    two_declarations_become_one_when_a_second_person_agrees_and_two_again,
    a_merge_of_what_was_changed_since_is_void,
    t51_whoever_asked_sees_their_own_request_and_takes_it_back_and_nobody_else_without_the_right_does,
    of_two_merges_at_the_same_moment_one_wins,
    the_same_form_in_two_tabs_links_once,
);

const NEW: &str = "57000000003";
const THIRD: &str = "57000000004";

const FIGURES: &str = "query($asOf: Date, $at: Position!) { figures(asOf: $asOf, by: STAR, atLeast: $at) { __typename \
     ... on Figures { stopped replaced live { total } } } }";

/// One organisation under an old number and a new one, and what may be the same one without its corporate number.
async fn desk(engine: Engine) -> Desk {
    let of = |number| Row::corporation(number).with("法人番号", &corporate_number(1));
    let rows = [
        of(NUMBER),
        of(NEW).with("電話", "03-0000-0001"),
        Row::corporation(THIRD).with("市区町村", "べつの市"),
    ];
    Desk::with(engine, &rows).await
}

const LINKS: &str = "query($id: ID!, $asOf: Date) { declaration(id: $id, asOf: $asOf) { ... on Declaration { version state flags \
     contact { ... on Contact { phone { typed } } } \
     supersededBy { id number } supersedes { number } mergedInto { id number } absorbed { number } \
     history { position kind canUndoMerge undoUntil undoneBy handOver other { number } reason { ... on OpenText { text } } } } } }";

async fn links(client: &Client, id: &str, as_of: Option<&str>) -> Value {
    let answer = client.graphql(LINKS, json!({ "id": id, "asOf": as_of })).await;
    assert_eq!(answer.fault(), None, "{answer:?}");
    answer.at("/declaration").clone()
}

fn linking(on: &str) -> Value {
    json!({ "otherNumber": "5700-0000-003", "on": on, "reason": "新しいIDで宣言し直した" })
}

async fn an_old_number_leads_to_the_new_one_and_the_link_is_taken_back(engine: Engine) {
    let desk = desk(engine).await;
    let new = desk.client.find(NEW).await;
    let before = (
        links(&desk.client, &desk.id, None).await,
        links(&desk.client, &new, None).await,
    );
    let position = desk.must("linkNumbers", linking("2026-05-12")).await;
    let old_now = links(&desk.client, &desk.id, None).await;
    assert_eq!(old_now["state"], "SUPERSEDED");
    assert_eq!(old_now["supersededBy"], json!({ "id": new, "number": NEW }));
    let history = old_now["history"].as_array().expect("a list");
    let replaced = history.iter().find(|entry| entry["kind"] == "SUPERSEDED");
    assert_eq!(replaced.expect("an entry")["other"]["number"], NEW);
    assert_eq!(last(&old_now)["reason"]["text"], "新しいIDで宣言し直した");
    let new_now = links(&desk.client, &new, None).await;
    assert_eq!(new_now["state"], "ACTIVE");
    assert_eq!(new_now["supersedes"], json!([{ "number": NUMBER }]));
    let history = new_now["history"].as_array().expect("a list");
    let linked = history.iter().find(|entry| entry["kind"] == "LINKED_TO_OLD");
    let linked = linked.expect("an entry").clone();
    assert_eq!(linked["other"]["number"], NUMBER);
    // The day before, it was live and led nowhere.
    let day_before = links(&desk.client, &desk.id, Some("2026-05-11")).await;
    assert_eq!(day_before["state"], "ACTIVE");
    assert_eq!(day_before["supersededBy"], Value::Null);
    // The old number is found for ever, and says where it stands.
    let list = "query($at: Position!) { declarations(first: 5, atLeast: $at, search: \"47000000002\") { \
                ... on DeclarationConnection { nodes { number state } facets { states { state count } } } } }";
    let page = desk.client.graphql(list, json!({ "at": position })).await;
    assert_eq!(
        page.at("/declarations/nodes"),
        &json!([{ "number": NUMBER, "state": "SUPERSEDED" }])
    );
    // What was replaced is neither stopped nor brought back.
    let stop = json!({ "kind": "CLOSED", "dayUnknown": true, "reason": "廃業" });
    desk.refused("stopDeclaration", stop, "declarationId", "replaced")
        .await;
    desk.refused(
        "reinstateDeclaration",
        json!({ "reason": "誤り" }),
        "declarationId",
        "replaced",
    )
    .await;
    desk.refused(
        "linkNumbers",
        linking("2026-05-12"),
        "otherNumber",
        "old_replaced",
    )
    .await;
    // Taken back from the side of the new one: both are what they were.
    let desk = Desk { id: new, ..desk };
    let entry = linked["position"].clone();
    assert!(linked["undoUntil"].is_string());
    desk.must(
        "undoChange",
        json!({ "position": entry, "reason": "別の事業者だった" }),
    )
    .await;
    for (number, was) in [(NUMBER, before.0), (NEW, before.1)] {
        let id = desk.client.find(number).await;
        let now = links(&desk.client, &id, None).await;
        for key in ["state", "flags", "supersededBy", "supersedes"] {
            assert_eq!(now[key], was[key], "{key} of {id}");
        }
    }
}

/// What other offices are told of these rows, and what they are told to look at instead.
async fn told(client: &Client, rows: Value) -> Vec<(Value, Value)> {
    let request = client
        .path(Method::POST, "/status-checks")
        .header(ORIGIN, client.address())
        .header(CONTENT_TYPE, "application/json")
        .body(json!({ "rows": rows }).to_string());
    let answer = Client::send(request).await;
    let rows = answer.body["rows"].as_array();
    let rows = rows.unwrap_or_else(|| panic!("{answer:?}"));
    rows.iter()
        .map(|row| (row["outcome"].clone(), row["supersededBy"].clone()))
        .collect()
}

async fn what_was_replaced_is_told_to_other_offices_and_is_not_counted_as_live(engine: Engine) {
    let desk = desk(engine).await;
    let position = desk.must("linkNumbers", linking("2026-05-12")).await;
    let row = |day: &str| json!({ "number": NUMBER, "date": day });
    let rows = json!([row("2026-05-11"), row("2026-05-12"), { "number": NEW }]);
    let expected = [
        (json!("valid"), Value::Null),
        (json!("superseded"), json!(NEW)),
        (json!("valid"), Value::Null),
    ];
    assert_eq!(told(&desk.client, rows).await, expected);
    for (day, live, replaced) in [("2026-05-11", 3, 0), ("2026-05-12", 2, 1)] {
        let variables = json!({ "asOf": day, "at": position });
        let figures = desk.client.graphql(FIGURES, variables).await;
        assert_eq!(
            figures.at("/figures/live/total"),
            &json!(live),
            "{day} {figures:?}"
        );
        assert_eq!(figures.at("/figures/replaced"), &json!(replaced), "{day}");
        assert_eq!(
            figures.at("/figures/stopped"),
            &json!(0),
            "{day}: nobody stopped it"
        );
    }
}

async fn what_took_the_place_of_another_and_was_itself_replaced_leads_on_to_the_last_one(engine: Engine) {
    let desk = desk(engine).await;
    desk.must("linkNumbers", linking("2026-05-12")).await;
    let approver = desk.server.member(&desk.office, "approver").await;
    let last = desk.client.find(THIRD).await;
    let both = compared(&desk.client, &last, NEW).await;
    let id = asked(&desk.client, &both, "SURVIVOR").await;
    assert_eq!(agreed(&approver, &id).await, "CARRIED_OUT");
    let rows = json!([{ "number": NUMBER }, { "number": NEW }, { "number": THIRD }, { "number": NUMBER, "date": "2026-05-12" }]);
    let answers = told(&desk.client, rows).await;
    let replaced = (json!("superseded"), json!(THIRD));
    assert_eq!(
        answers[..3],
        [replaced.clone(), replaced, (json!("valid"), Value::Null)]
    );
    // Of a day on which the first one was the last.
    assert_eq!(answers[3], (json!("superseded"), json!(NEW)));
}

async fn what_cannot_be_linked_is_refused_at_its_field(engine: Engine) {
    let desk = desk(engine).await;
    let before = desk.events().await;
    let to = |number: &str| json!({ "otherNumber": number, "reason": "新しいIDで宣言し直した" });
    for (number, code) in [
        ("", "declaration_no_shape"),
        ("12345", "declaration_no_shape"),
        (&"5".repeat(10_000), "declaration_no_shape"),
        ("5700\u{202E}0000003", "direction_character"),
        ("5700\u{200B}0000003", "invisible_character"),
        ("59999999999", "unknown_number"),
        (NUMBER, "itself"),
    ] {
        desk.refused("linkNumbers", to(number), "otherNumber", code).await;
    }
    let on = |on: &str| json!({ "otherNumber": NEW, "on": on, "reason": "新しいIDで宣言し直した" });
    desk.refused("linkNumbers", on("2999-01-01"), "on", "in_the_future")
        .await;
    desk.refused("linkNumbers", on("2020-03-31"), "on", "too_early")
        .await;
    for (text, code) in BAD_TEXTS {
        let bad = json!({ "otherNumber": NEW, "reason": text });
        desk.refused("linkNumbers", bad, "reason", code).await;
    }
    desk.refused(
        "linkNumbers",
        json!({ "otherNumber": NEW, "reason": "" }),
        "reason",
        "empty",
    )
    .await;
    // Two new numbers are a duplicate.
    let new = desk.client.find(NEW).await;
    let desk = Desk { id: new, ..desk };
    desk.refused("linkNumbers", to(THIRD), "otherNumber", "generation")
        .await;
    // Somebody else was faster.
    let seen = desk.input(to(NUMBER)).await;
    let version = desk.client.version(&desk.id).await;
    let correction = Correction::new(&desk.id, &version, "CITY", "別の市");
    Desk::made("correctDeclaration", &desk.client.correct(&correction).await);
    let stale = desk.client.change("linkNumbers", &seen).await;
    assert_eq!(stale.at("/linkNumbers/__typename"), "Conflict", "{stale:?}");
    assert_eq!(stale.at("/linkNumbers/fields/0/field"), "CITY");
    assert_eq!(
        desk.events().await,
        before + 1,
        "nothing but the correction was written"
    );
}

async fn the_same_form_in_two_tabs_links_once(engine: Engine) {
    let desk = desk(engine).await;
    let input = desk.input(linking("2026-05-12")).await;
    let before = desk.events().await;
    let (one, other) = futures::join!(
        desk.client.change("linkNumbers", &input),
        desk.client.change("linkNumbers", &input)
    );
    Desk::made("linkNumbers", &one);
    assert_eq!(one.at("/linkNumbers"), other.at("/linkNumbers"));
    let written = desk.events().await;
    assert!(written > before);
    let again = desk.client.change("linkNumbers", &input).await;
    assert_eq!(again.at("/linkNumbers"), one.at("/linkNumbers"));
    assert_eq!(desk.events().await, written);
}

async fn a_declaration_is_handed_over_and_every_day_before_knows_who_it_was(engine: Engine) {
    let desk = Desk::open(engine).await;
    let changes = json!([
        { "field": "NAME", "value": "株式会社みほん工業" },
        { "field": "REPRESENTATIVE_NAME", "value": "見本 次郎" },
        { "field": "CONTACT_EMAIL", "value": "jiro@example.jp" },
        { "field": "CITY", "value": "みほん市" },
    ]);
    let hand_over = |more: Value| {
        let mut input =
            json!({ "kind": "SUCCESSION", "on": "2024-04-01", "changes": changes, "reason": "事業の承継" });
        for (key, value) in more.as_object().expect("an object") {
            input[key] = value.clone();
        }
        input
    };
    desk.refused(
        "handOver",
        hand_over(json!({})),
        "attachments",
        "evidence_required",
    )
    .await;
    let pdf = b"%PDF-1.4 register".to_vec();
    let uploaded = Client::send(desk.client.upload(("declaration", &desk.id), "登記.pdf", pdf)).await;
    let file = uploaded.body["file"]["id"].clone();
    assert!(file.is_string(), "{uploaded:?}");
    desk.must("handOver", hand_over(json!({ "attachments": [file] })))
        .await;
    let now = links(&desk.client, &desk.id, None).await;
    let history = now["history"].as_array().expect("a list");
    assert_eq!(history[1]["kind"], "HANDED_OVER");
    assert_eq!(history[1]["handOver"], "SUCCESSION");
    assert_eq!(history[2]["kind"], "EVIDENCE_GIVEN");
    let name = "query($id: ID!, $asOf: Date) { declaration(id: $id, asOf: $asOf) { ... on Declaration { number star \
                name { ... on OrganizationName { name } } } } }";
    for (on, expected) in [
        ("2024-03-31", format!("株式会社見本{NUMBER}")),
        ("2024-04-01", "株式会社みほん工業".to_owned()),
    ] {
        let answer = desk
            .client
            .graphql(name, json!({ "id": desk.id, "asOf": on }))
            .await;
        assert_eq!(answer.at("/declaration/name/name"), &json!(expected), "{on}");
        assert_eq!(answer.at("/declaration/number"), NUMBER);
    }
    let without = json!({ "noDocument": "電話で確認" });
    desk.refused("handOver", hand_over(without.clone()), "changes", "unchanged")
        .await;
    let bad = |field: &str, value: &str| {
        let mut input = hand_over(without.clone());
        input["changes"] = json!([{ "field": field, "value": value }]);
        input
    };
    for (field, value, code) in [
        (
            "CORPORATE_NUMBER",
            "7999901000002",
            "corporate_number_check_digit",
        ),
        ("STAR", "★★", "not_handed_over"),
        ("NAME", "み\u{200B}ほん", "invisible_character"),
    ] {
        desk.refused("handOver", bad(field, value), &format!("changes.{field}"), code)
            .await;
    }
    let long = bad("NAME", &"長".repeat(10_000));
    desk.refused("handOver", long, "changes.NAME", "too_long").await;
}

const COMPARE: &str = "query($id: ID!, $number: String!) { mergeComparison(survivorId: $id, mergedNumber: $number) { __typename \
     ... on MergeComparison { survivor { id version number state } merged { id version number } \
     fields { field survivor { ... on OpenText { text } } merged { ... on OpenText { text } } } } \
     ... on InvalidInput { problems { field code message } } } }";

async fn compared(client: &Client, id: &str, number: &str) -> Value {
    let answer = client
        .graphql(COMPARE, json!({ "id": id, "number": number }))
        .await;
    assert_eq!(answer.fault(), None, "{answer:?}");
    answer.at("/mergeComparison").clone()
}

async fn ask(client: &Client, comparison: &Value, side: &str) -> Answer {
    let fields = comparison["fields"].as_array().expect("fields");
    let choices = fields
        .iter()
        .map(|it| json!({ "field": it["field"], "side": side }));
    let input = json!({
        "commandId": Uuid::new_v4(),
        "survivorId": comparison["survivor"]["id"],
        "survivorVersion": comparison["survivor"]["version"],
        "mergedId": comparison["merged"]["id"],
        "mergedVersion": comparison["merged"]["version"],
        "choices": choices.collect::<Vec<_>>(),
        "reason": "同じ事業者が二度宣言していた",
    });
    let text = "mutation($input: RequestMergeInput!) { requestMerge(input: $input) { __typename ... on ApprovalRequested { id } \
                ... on InvalidInput { problems { field code message } } } }";
    client.graphql(text, json!({ "input": input })).await
}

async fn asked(client: &Client, comparison: &Value, side: &str) -> Value {
    let answer = ask(client, comparison, side).await;
    let id = answer.at("/requestMerge/id").clone();
    assert!(id.is_string(), "{answer:?}");
    id
}

/// What became of a request after a second person agreed to it.
async fn agreed(client: &Client, id: &Value) -> Value {
    let seen = "query($id: ID!) { approval(id: $id) { contentHash content { __typename ... on MergeContent { reason { ... on OpenText { text } } \
                choices { field side } comparison { survivor { number } merged { number } } } } } }";
    let seen = client.graphql(seen, json!({ "id": id })).await;
    assert_eq!(
        seen.at("/approval/content/__typename"),
        "MergeContent",
        "{seen:?}"
    );
    let approve = "mutation($input: ApprovalCommandInput!, $seen: String!) { approve(input: $input, contentHash: $seen) { \
                   ... on ApprovalDecided { approval { summary { status } } } } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id });
    let variables = json!({ "input": input, "seen": seen.at("/approval/contentHash") });
    let answer = client.graphql(approve, variables).await;
    answer.at("/approve/approval/summary/status").clone()
}

async fn two_declarations_become_one_when_a_second_person_agrees_and_two_again(engine: Engine) {
    let desk = desk(engine).await;
    let approver = desk.server.member(&desk.office, "approver").await;
    let (survivor, merged) = (desk.client.find(NEW).await, desk.client.find(THIRD).await);
    let with_itself = compared(&desk.client, &survivor, NEW).await;
    assert_eq!(with_itself["problems"][0]["code"], "itself");
    let unknown = compared(&desk.client, &survivor, "59999999999").await;
    assert_eq!(unknown["problems"][0]["code"], "unknown_number");
    let both = compared(&desk.client, &survivor, THIRD).await;
    let fields: Vec<_> = both["fields"].as_array().expect("fields").iter().collect();
    let named: Vec<_> = fields.iter().filter_map(|it| it["field"].as_str()).collect();
    assert_eq!(named, ["CORPORATE_NUMBER", "NAME", "CITY", "CONTACT_PHONE"]);
    // A choice that is missing is named, at its field.
    let mut less = both.clone();
    less["fields"].as_array_mut().expect("fields").pop();
    let answer = ask(&desk.client, &less, "MERGED").await;
    let expected = [("choices.CONTACT_PHONE".to_owned(), "choice_required".to_owned())];
    assert_eq!(answer.problems("requestMerge"), expected);

    let id = asked(&desk.client, &both, "MERGED").await;
    assert_eq!(
        links(&desk.client, &merged, None).await["state"],
        "ACTIVE",
        "nothing yet"
    );
    assert_eq!(agreed(&approver, &id).await, "CARRIED_OUT");
    let gone = links(&desk.client, &merged, None).await;
    assert_eq!(gone["state"], "MERGED");
    assert_eq!(gone["mergedInto"], json!({ "id": survivor, "number": NEW }));
    let stays = links(&desk.client, &survivor, None).await;
    assert_eq!(stays["absorbed"], json!([{ "number": THIRD }]));
    assert_eq!(stays["contact"]["phone"]["typed"], "03-0000-0000");
    let entry = stays["history"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|entry| entry["kind"] == "ABSORBED");
    let entry = entry.expect("an entry");
    assert_eq!(entry["canUndoMerge"], true);
    assert_eq!(entry["undoUntil"], Value::Null, "it is no slip of ten minutes");
    assert_eq!(entry["other"]["number"], THIRD);
    // In a circle, and again: no.
    let circle = compared(&desk.client, &merged, NEW).await;
    assert_eq!(circle["problems"][0]["code"], "survivor_replaced");
    let again = compared(&desk.client, &survivor, THIRD).await;
    assert_eq!(again["problems"][0]["code"], "merged_replaced");

    let position = entry["position"].clone();
    let desk = Desk { id: survivor, ..desk };
    let back = json!({ "position": position, "reason": "別の事業者だった" });
    let silent = json!({ "position": position, "reason": "" });
    desk.refused("undoMerge", silent, "reason", "empty").await;
    desk.refused("undoChange", back.clone(), "position", "not_undoable")
        .await;
    desk.must("undoMerge", back).await;
    let stays = links(&desk.client, &desk.id, None).await;
    assert_eq!(stays["absorbed"], json!([]));
    assert_eq!(stays["contact"]["phone"]["typed"], "03-0000-0001");
    let returned = links(&desk.client, &merged, None).await;
    assert_eq!(returned["state"], "ACTIVE");
    assert_eq!(returned["mergedInto"], Value::Null);
    assert_eq!(last(&returned)["reason"]["text"], "別の事業者だった");
}

async fn a_merge_of_what_was_changed_since_is_void(engine: Engine) {
    let desk = desk(engine).await;
    let approver = desk.server.member(&desk.office, "approver").await;
    let survivor = desk.client.find(NEW).await;
    let both = compared(&desk.client, &survivor, THIRD).await;
    let id = asked(&desk.client, &both, "SURVIVOR").await;
    // The one that would go, after the request.
    let merged = both["merged"]["id"].as_str().expect("an id");
    let correction = Correction::new(merged, &desk.client.version(merged).await, "STREET", "9-9-9");
    Desk::made("correctDeclaration", &desk.client.correct(&correction).await);
    assert_eq!(agreed(&approver, &id).await, "VOIDED");
    assert_eq!(links(&desk.client, merged, None).await["state"], "ACTIVE");
}

async fn of_two_merges_at_the_same_moment_one_wins(engine: Engine) {
    let desk = desk(engine).await;
    let (one, other) = (
        desk.server.member(&desk.office, "approver").await,
        desk.client.find(NEW).await,
    );
    let third = desk.client.find(THIRD).await;
    // Each into the other: both would be gone.
    let into_new = compared(&desk.client, &other, THIRD).await;
    let into_third = compared(&desk.client, &third, NEW).await;
    let first = asked(&desk.client, &into_new, "SURVIVOR").await;
    let second = asked(&desk.client, &into_third, "SURVIVOR").await;
    let (a, b) = futures::join!(agreed(&one, &first), agreed(&one, &second));
    let mut became = [a, b].map(|status| status.as_str().unwrap_or_default().to_owned());
    became.sort();
    assert_eq!(became, ["CARRIED_OUT", "VOIDED"]);
    let states = [
        links(&desk.client, &other, None).await["state"].clone(),
        links(&desk.client, &third, None).await["state"].clone(),
    ];
    assert!(
        states.contains(&json!("ACTIVE")) && states.contains(&json!("MERGED")),
        "{states:?}"
    );
}

async fn t51_whoever_asked_sees_their_own_request_and_takes_it_back_and_nobody_else_without_the_right_does(
    engine: Engine,
) {
    let desk = desk(engine).await;
    let registrar = desk.server.member(&desk.office, "registrar").await;
    let support = desk.server.member(&desk.office, "support").await;
    let survivor = registrar.find(NEW).await;
    let both = compared(&registrar, &survivor, THIRD).await;
    let id = asked(&registrar, &both, "MERGED").await;
    let look = "query($id: ID!) { approval(id: $id) { summary { status isMine } content { ... on MergeContent { \
                comparison { merged { number } } } } history { reason { ... on OpenText { text } } } } }";
    let withdraw = "mutation($input: ApprovalCommandInput!) { withdrawRequest(input: $input) { \
                    ... on ApprovalDecided { approval { summary { status } } } } }";
    let input = || json!({ "input": { "commandId": Uuid::new_v4(), "id": id } });
    assert_eq!(
        support.graphql(look, json!({ "id": id })).await.fault(),
        Some("FORBIDDEN")
    );
    assert_eq!(
        support.graphql(withdraw, input()).await.fault(),
        Some("FORBIDDEN")
    );
    let seen = registrar.graphql(look, json!({ "id": id })).await;
    assert_eq!(
        seen.at("/approval/summary"),
        &json!({ "status": "OPEN", "isMine": true })
    );
    assert_eq!(
        seen.at("/approval/content/comparison/merged/number"),
        THIRD,
        "{seen:?}"
    );
    let why = seen.at("/approval/history/0/reason/text");
    assert_eq!(why, "同じ事業者が二度宣言していた");
    let back = registrar.graphql(withdraw, input()).await;
    let status = back.at("/withdrawRequest/approval/summary/status");
    assert_eq!(status, "WITHDRAWN", "{back:?}");
}
