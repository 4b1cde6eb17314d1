//! What has to be reviewed, on the real binary: found, claimed by one at a time, decided, gone by itself, and not back.

use event_store::EventStore;
use serde_json::{Value, json};
use tests::{
    Answer, Client, Correction, Engine, Office, Row, Server, corporate_number, database, job_ended,
    on_both_engines, register,
};
use uuid::Uuid;

#[path = "reviews/pages.rs"]
mod pages;

on_both_engines!(
    two_stars_without_a_policy_are_found_claimed_stepped_down_and_the_next_one_comes,
    what_is_mended_meanwhile_closes_by_itself_and_says_so,
    two_do_not_work_on_the_same_and_a_claim_ends_by_itself,
    duplicates_that_are_none_do_not_come_back_until_there_is_a_third,
    one_contact_behind_many_organisations_is_a_suspicion_and_a_warning_is_raised_on_each,
    a_contact_that_mail_does_not_reach_is_found_until_it_is_corrected,
    warnings_of_an_import_are_looked_at_without_a_word,
    what_cannot_be_decided_is_said_in_words,
    what_was_decided_moves_with_the_register_and_stands_beside_the_record,
);

struct Desk {
    office: Office,
    server: Server,
    events: EventStore,
    administrator: Client,
}

async fn desk(engine: Engine, rows: &[Row]) -> Desk {
    let desk = desk_with(engine, rows, "").await;
    desk.search().await;
    desk
}

/// With settings, and nothing looked for yet.
async fn desk_with(engine: Engine, rows: &[Row], settings: &str) -> Desk {
    let office = Office::new(engine).await;
    std::fs::write(office.folder().join("sengen.toml"), settings).expect("a configuration");
    office.import(&register(rows));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    Desk {
        events: office.events().await,
        office,
        server,
        administrator,
    }
}

/// A company of which nothing is suspected beside others like it.
fn company(n: u32) -> Row {
    let number = format!("47{n:09}");
    let phone = format!("03-1111-{n:04}");
    Row::corporation(&number)
        .with("法人番号", &corporate_number(n))
        .with("メール", &format!("info@shop{n}.example.jp"))
        .with("電話", &phone)
}

fn number(n: u32) -> String {
    format!("47{n:09}")
}

const QUEUES: &str = "{ reviewQueues { kind open oldestFoundAt mine mayDecide } }";
const LIST: &str = "query($kind: ReviewKind!, $view: ReviewView!) { reviews(kind: $kind, view: $view, first: 50) { \
     ... on ReviewConnection { nodes { id kind rules weight state claim { mine by { name } } \
     decision { verdict by { name } } declarations { number } } pageInfo { hasNextPage } } } }";
const ONE: &str = "query($id: ID!) { review(id: $id) { holds mayDecide verdicts endedAt \
     page { address askedAt wrong status failures failingSince dueAt } \
     reason { __typename ... on OpenText { text } } \
     summary { state rules weight claim { mine } decision { verdict } declarations { id number flags } } } }";
const OUTCOME: &str = "__typename ... on ReviewTouched { id state } ... on ReviewTaken { message claim { by { name } } } \
     ... on ReviewOver { state message } ... on InvalidInput { problems { field code message } }";

impl Desk {
    /// Has everything looked for, and waits for it; the test's own time limit is the only one.
    async fn search(&self) {
        let text = "mutation($input: FindReviewsInput!) { findReviews(input: $input) { ... on FindingReviews { jobId } } }";
        let input = json!({ "commandId": Uuid::new_v4() });
        let begun = self.administrator.graphql(text, json!({ "input": input })).await;
        let job = begun.at("/findReviews/jobId").clone();
        assert!(job.is_string(), "{begun:?}");
        self.done(&job).await;
    }

    async fn done(&self, job: &Value) {
        let end = job_ended(&self.events, job.as_str().expect("an id")).await;
        let text = "query($id: ID!) { job(id: $id) { state error { text } } }";
        let found = self.administrator.graphql(text, json!({ "id": job })).await;
        assert_eq!(end, "job.done", "{found:?}");
    }

    async fn list(&self, kind: &str, view: &str) -> Vec<Value> {
        list(&self.administrator, kind, view).await
    }

    /// The only open one of a kind.
    async fn only(&self, kind: &str) -> String {
        let found = self.list(kind, "OPEN").await;
        assert_eq!(found.len(), 1, "{found:?}");
        found[0]["id"].as_str().expect("an id").to_owned()
    }
}

async fn list(client: &Client, kind: &str, view: &str) -> Vec<Value> {
    let answer = client.graphql(LIST, json!({ "kind": kind, "view": view })).await;
    let nodes = answer.at("/reviews/nodes").as_array();
    nodes.unwrap_or_else(|| panic!("{answer:?}")).clone()
}

async fn one(client: &Client, id: &str) -> Value {
    let answer = client.graphql(ONE, json!({ "id": id })).await;
    answer.at("/review").clone()
}

async fn touch(client: &Client, name: &str, id: &str) -> Value {
    let text = format!("mutation($input: ReviewInput!) {{ {name}(input: $input) {{ {OUTCOME} }} }}");
    let answer = client.graphql(&text, json!({ "input": { "id": id } })).await;
    answer.at(&format!("/{name}")).clone()
}

async fn decide(client: &Client, id: &str, verdict: &str, reason: &str) -> Answer {
    decide_as(client, Uuid::new_v4(), id, verdict, reason).await
}

async fn decide_as(client: &Client, command_id: Uuid, id: &str, verdict: &str, reason: &str) -> Answer {
    let text =
        format!("mutation($input: DecideReviewInput!) {{ decideReview(input: $input) {{ {OUTCOME} }} }}");
    let input = json!({ "commandId": command_id, "id": id, "verdict": verdict, "reason": reason });
    client.graphql(&text, json!({ "input": input })).await
}

async fn next(client: &Client, kind: &str, after: Option<&str>) -> Option<String> {
    let text = "mutation($input: NextReviewInput!) { claimNextReview(input: $input) { id } }";
    let input = json!({ "kind": kind, "after": after });
    let answer = client.graphql(text, json!({ "input": input })).await;
    assert!(answer.fault().is_none(), "{answer:?}");
    answer.at("/claimNextReview/id").as_str().map(str::to_owned)
}

async fn queue(client: &Client, kind: &str) -> Value {
    let answer = client.graphql(QUEUES, Value::Null).await;
    let all = answer.at("/reviewQueues").as_array().expect("queues").clone();
    all.into_iter().find(|it| it["kind"] == kind).expect("the queue")
}

/// Waits until the list holds what was written.
async fn listed(client: &Client, position: &Value) {
    let page = client
        .graphql(tests::LIST_OF_NUMBERS, json!({ "first": 1, "atLeast": position }))
        .await;
    assert_eq!(page.at("/declarations/__typename"), "DeclarationConnection");
}

async fn correct(client: &Client, number: &str, field: &str, value: &str) {
    let id = client.find(number).await;
    let correction = Correction::new(&id, &client.version(&id).await, field, value);
    let corrected = client.correct(&correction).await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{corrected:?}"
    );
    listed(client, corrected.at("/correctDeclaration/position")).await;
}

fn two_stars(n: u32) -> Row {
    company(n).with("取組段階", "2")
}

async fn two_stars_without_a_policy_are_found_claimed_stepped_down_and_the_next_one_comes(engine: Engine) {
    let with_policy = two_stars(3)
        .with("基本方針URL", "https://shop3.example.jp/policy")
        .with("基本方針公開日", "2020-04-01");
    let desk = desk(engine, &[two_stars(1), two_stars(2), with_policy, company(4)]).await;
    let me = &desk.administrator;
    let found = desk.list("POLICY_MISSING", "OPEN").await;
    let mut numbers: Vec<_> = found
        .iter()
        .map(|it| it["declarations"][0]["number"].clone())
        .collect();
    numbers.sort_by_key(Value::to_string);
    assert_eq!(numbers, [number(1), number(2)]);
    assert_eq!(found[0]["rules"], json!(["NO_POLICY"]));
    let of_home = queue(me, "POLICY_MISSING").await;
    assert_eq!((&of_home["open"], &of_home["mine"]), (&json!(2), &json!(0)));
    assert!(of_home["oldestFoundAt"].is_string(), "{of_home}");

    let first = next(me, "POLICY_MISSING", None).await.expect("a suspicion");
    assert_eq!(queue(me, "POLICY_MISSING").await["mine"], 1);
    let command = Uuid::new_v4();
    let decided = decide_as(me, command, &first, "STEPPED_DOWN", "方針の公表がない").await;
    assert_eq!(decided.at("/decideReview/state"), "DECIDED", "{decided:?}");
    // The answer may have been lost: the same command again is the same decision.
    let again = decide_as(me, command, &first, "STEPPED_DOWN", "方針の公表がない").await;
    assert_eq!(again.at("/decideReview/state"), "DECIDED", "{again:?}");
    let now = one(me, &first).await;
    assert_eq!(now["reason"]["text"], "方針の公表がない");
    let id = now["summary"]["declarations"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let text = "query($id: ID!) { declaration(id: $id) { ... on Declaration { star history { kind reason { ... on OpenText { text } } } } } }";
    let record = me.graphql(text, json!({ "id": id })).await;
    assert_eq!(record.at("/declaration/star"), "ONE");
    let history = record.at("/declaration/history").as_array().expect("a history");
    assert_eq!(
        history.last().expect("an entry")["reason"]["text"],
        "方針の公表がない"
    );

    let second = next(me, "POLICY_MISSING", Some(&first))
        .await
        .expect("the other one");
    assert_ne!(first, second);
    assert_eq!(next(me, "POLICY_MISSING", Some(&second)).await, None);
    let numbers = desk.list("POLICY_MISSING", "DECIDED").await;
    assert_eq!(numbers.len(), 1);
    assert_eq!(numbers[0]["decision"]["by"]["name"], "見本 花子");
}

async fn what_is_mended_meanwhile_closes_by_itself_and_says_so(engine: Engine) {
    let desk = desk(engine, &[two_stars(1), two_stars(2)]).await;
    let me = &desk.administrator;
    let mended = next(me, "POLICY_MISSING", None).await.expect("a suspicion");
    let of = one(me, &mended).await["summary"]["declarations"][0]["number"].clone();
    assert_eq!(one(me, &mended).await["holds"], true);
    correct(
        me,
        of.as_str().expect("a number"),
        "POLICY_URL",
        "https://shop.example.jp/policy",
    )
    .await;
    assert_eq!(one(me, &mended).await["holds"], false);
    let late = decide(me, &mended, "ASKED", "電話で照会").await;
    assert_eq!(late.at("/decideReview/__typename"), "ReviewOver", "{late:?}");
    assert_eq!(late.at("/decideReview/state"), "GONE");
    assert!(
        late.at("/decideReview/message")
            .to_string()
            .contains("該当しなくなった")
    );
    assert_eq!(desk.list("POLICY_MISSING", "OPEN").await.len(), 1);
    // A search closes what nobody looked at.
    let left = desk.list("POLICY_MISSING", "OPEN").await[0]["declarations"][0]["number"].clone();
    correct(
        me,
        left.as_str().expect("a number"),
        "POLICY_URL",
        "https://left.example.jp/policy",
    )
    .await;
    desk.search().await;
    assert_eq!(desk.list("POLICY_MISSING", "OPEN").await, Vec::<Value>::new());
}

async fn two_do_not_work_on_the_same_and_a_claim_ends_by_itself(engine: Engine) {
    let desk = desk(engine, &[two_stars(1)]).await;
    let me = &desk.administrator;
    let other = desk.server.member(&desk.office, "registrar").await;
    let id = desk.only("POLICY_MISSING").await;
    assert_eq!(
        touch(&other, "claimReview", &id).await["__typename"],
        "ReviewTouched"
    );
    let taken = touch(me, "claimReview", &id).await;
    assert_eq!(taken["__typename"], "ReviewTaken", "{taken}");
    assert!(taken["claim"]["by"]["name"].is_string());
    let refused = decide(me, &id, "ASKED", "照会").await;
    assert_eq!(
        refused.at("/decideReview/__typename"),
        "ReviewTaken",
        "{refused:?}"
    );
    assert_eq!(
        next(me, "POLICY_MISSING", None).await,
        None,
        "nobody gets it meanwhile"
    );
    assert_eq!(one(me, &id).await["summary"]["claim"]["mine"], false);
    // Half an hour later.
    let database = desk.office.database().await;
    database::execute(
        &database,
        "UPDATE review SET claimed_until = claimed_until - 1800000000",
    )
    .await;
    assert_eq!(one(me, &id).await["summary"]["claim"], Value::Null);
    assert_eq!(touch(me, "claimReview", &id).await["__typename"], "ReviewTouched");
    // Who stood still hears it.
    let late = decide(&other, &id, "ASKED", "照会").await;
    assert_eq!(late.at("/decideReview/__typename"), "ReviewTaken", "{late:?}");
    assert_eq!(
        touch(me, "releaseReview", &id).await["__typename"],
        "ReviewTouched"
    );
    let decided = decide(&other, &id, "ASKED", "照会").await;
    assert_eq!(decided.at("/decideReview/state"), "DECIDED", "{decided:?}");
    let over = touch(me, "claimReview", &id).await;
    assert_eq!(
        (&over["__typename"], &over["state"]),
        (&json!("ReviewOver"), &json!("DECIDED"))
    );
    let viewer = desk.server.member(&desk.office, "viewer").await;
    let text = format!("mutation($input: ReviewInput!) {{ claimReview(input: $input) {{ {OUTCOME} }} }}");
    let forbidden = viewer.graphql(&text, json!({ "input": { "id": id } })).await;
    assert_eq!(forbidden.fault(), Some("FORBIDDEN"));
    let withheld = one(&viewer, &id).await;
    assert_eq!(withheld["reason"]["__typename"], "Withheld");
    assert_eq!(withheld["mayDecide"], false);
}

async fn duplicates_that_are_none_do_not_come_back_until_there_is_a_third(engine: Engine) {
    let same = |n: u32| company(n).with("事業者名", "株式会社つばさ").with("法人番号", "");
    let other = company(3)
        .with("事業者名", "㈱つばさ")
        .with("市区町村", "よその市");
    let desk = desk(engine, &[same(1), same(2), other]).await;
    let me = &desk.administrator;
    let id = desk.only("DUPLICATE").await;
    let found = one(me, &id).await;
    assert_eq!(
        found["summary"]["rules"],
        json!(["SAME_NAME_AND_PLACE"]),
        "{found}"
    );
    assert_eq!(found["summary"]["weight"], 2);
    let decided = decide(me, &id, "NOT_SAME", "電話で別の会社と確認").await;
    assert_eq!(decided.at("/decideReview/state"), "DECIDED", "{decided:?}");
    desk.search().await;
    assert_eq!(desk.list("DUPLICATE", "OPEN").await, Vec::<Value>::new());
    // It moved here: now there are three, and nobody has said anything about the third.
    correct(me, &number(3), "CITY", "みほん市").await;
    desk.search().await;
    let third = desk.only("DUPLICATE").await;
    assert_eq!(one(me, &third).await["summary"]["weight"], 3);
}

async fn one_contact_behind_many_organisations_is_a_suspicion_and_a_warning_is_raised_on_each(
    engine: Engine,
) {
    let vendor = |n: u32| {
        company(n)
            .with("メール", "Vendor@Example.jp")
            .with("電話", "０３−９９９９−０００１")
    };
    let desk = desk(engine, &[vendor(1), vendor(2), vendor(3), company(4)]).await;
    let me = &desk.administrator;
    let id = desk.only("PROXY").await;
    let found = one(me, &id).await;
    assert_eq!(
        found["summary"]["rules"],
        json!(["SHARED_ADDRESS", "SHARED_PHONE"]),
        "{found}"
    );
    assert_eq!(found["summary"]["weight"], 3);
    let command = Uuid::new_v4();
    let decided = decide_as(me, command, &id, "FLAGGED", "支援事業者が代わりに申し込んでいる").await;
    assert_eq!(decided.at("/decideReview/state"), "DECIDED", "{decided:?}");
    let now = one(me, &id).await;
    for declaration in now["summary"]["declarations"].as_array().expect("declarations") {
        let position = me
            .graphql(
                "query($id: ID!) { declaration(id: $id) { ... on Declaration { flags } } }",
                json!({ "id": declaration["id"] }),
            )
            .await;
        assert!(
            position.body.to_string().contains("PROXY_SUSPECTED"),
            "{position:?}"
        );
    }
    desk.search().await;
    assert_eq!(desk.list("PROXY", "OPEN").await, Vec::<Value>::new());
}

async fn a_contact_that_mail_does_not_reach_is_found_until_it_is_corrected(engine: Engine) {
    let desk = desk(engine, &[company(1), company(2)]).await;
    let me = &desk.administrator;
    assert_eq!(desk.list("CONTACT_BOUNCED", "OPEN").await, Vec::<Value>::new());
    let text = "mutation($input: SuppressAddressInput!) { suppressAddress(input: $input) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "address": "info@shop1.example.jp", "until": "" });
    let kept = me.graphql(text, json!({ "input": input })).await;
    assert_eq!(
        kept.at("/suppressAddress/__typename"),
        "AddressSuppressed",
        "{kept:?}"
    );
    desk.search().await;
    let id = desk.only("CONTACT_BOUNCED").await;
    let of = &one(me, &id).await["summary"]["declarations"][0];
    assert_eq!(of["number"], number(1));
    let declaration = of["id"].as_str().expect("an id");
    let input = json!({ "commandId": Uuid::new_v4(), "declarationId": declaration,
        "expectedVersion": me.version(declaration).await,
        "changes": [{ "field": "CONTACT_EMAIL", "value": "new@shop1.example.jp" }], "since": "2026-04-01", "reason": "電話で確認" });
    let changed = me.change("changeContact", &input).await;
    assert_eq!(
        changed.at("/changeContact/__typename"),
        "DeclarationChanged",
        "{changed:?}"
    );
    // Whose contact is whose is known anew by the search.
    desk.search().await;
    assert_eq!(desk.list("CONTACT_BOUNCED", "OPEN").await, Vec::<Value>::new());
    let over = touch(me, "claimReview", &id).await;
    assert_eq!(over["state"], "GONE", "{over}");
}

async fn warnings_of_an_import_are_looked_at_without_a_word(engine: Engine) {
    let desk = desk(engine, &[company(1).with("業種", "?"), company(2)]).await;
    let me = &desk.administrator;
    let id = desk.only("IMPORT_WARNING").await;
    let decided = decide(me, &id, "LOOKED_AT", "").await;
    assert_eq!(decided.at("/decideReview/state"), "DECIDED", "{decided:?}");
    desk.search().await;
    assert_eq!(desk.list("IMPORT_WARNING", "OPEN").await, Vec::<Value>::new());
    // Another warning is another matter.
    let declaration = me.find(&number(1)).await;
    let input = json!({ "commandId": Uuid::new_v4(), "declarationId": declaration,
        "expectedVersion": me.version(&declaration).await, "flag": "EMPLOYEES_MISSING", "reason": "空欄" });
    let raised = me.change("raiseFlag", &input).await;
    listed(me, raised.at("/raiseFlag/position")).await;
    desk.search().await;
    assert_eq!(desk.list("IMPORT_WARNING", "OPEN").await.len(), 1);
}

async fn what_cannot_be_decided_is_said_in_words(engine: Engine) {
    let desk = desk(engine, &[two_stars(1)]).await;
    let me = &desk.administrator;
    let id = desk.only("POLICY_MISSING").await;
    let problem = |answer: &Answer| answer.problems("decideReview");
    let none = decide(me, &id, "ASKED", "  ").await;
    assert_eq!(
        problem(&none),
        [("reason".to_owned(), "empty".to_owned())],
        "{none:?}"
    );
    let long = decide(me, &id, "ASKED", &"長".repeat(1_001)).await;
    assert_eq!(problem(&long)[0].0, "reason", "{long:?}");
    let other = decide(me, &id, "NOT_SAME", "別の会社").await;
    assert_eq!(
        problem(&other),
        [("verdict".to_owned(), "other_verdict".to_owned())],
        "{other:?}"
    );
    let command = decide_as(me, Uuid::nil(), &Uuid::new_v4().to_string(), "ASKED", "照会").await;
    assert_eq!(command.at("/decideReview/__typename"), "NotFound", "{command:?}");
    let nothing = decide(me, "x", "ASKED", "照会").await;
    assert_eq!(nothing.at("/decideReview/__typename"), "NotFound", "{nothing:?}");
    assert_eq!(
        desk.list("POLICY_MISSING", "OPEN").await.len(),
        1,
        "nothing was written"
    );
    let page = me
        .graphql(
            "query($after: String, $first: Int!) { reviews(kind: PROXY, view: OPEN, first: $first, after: $after) { \
             ... on InvalidInput { problems { code } } } }",
            json!({ "first": 1, "after": "x.y" }),
        )
        .await;
    assert_eq!(page.at("/reviews/problems/0/code"), "cursor", "{page:?}");
}

async fn what_was_decided_moves_with_the_register_and_stands_beside_the_record(engine: Engine) {
    let desk = desk(engine, &[two_stars(1)]).await;
    let me = &desk.administrator;
    let id = desk.only("POLICY_MISSING").await;
    decide(me, &id, "ASKED", "照会した").await;
    let declaration = me.find(&number(1)).await;
    let text = "query($id: ID!) { reviewsOf(declarationId: $id) { id state decision { verdict } } }";
    let beside = me.graphql(text, json!({ "id": declaration })).await;
    assert_eq!(
        beside.at("/reviewsOf"),
        &json!([{ "id": id, "state": "DECIDED", "decision": { "verdict": "ASKED" } }])
    );
    let database = desk.office.database().await;
    let tags = "SELECT COUNT(*) FROM event_tag t JOIN event e ON e.position = t.position \
                WHERE e.event_type = 'review.decided' AND t.tag LIKE 'declaration:%'";
    assert_eq!(database::numbers(&database, tags).await, [1]);
    let gone = desk.office.run(&["backup", "--to", "register.backup"]);
    assert_eq!(gone.code, 0, "{}", gone.stderr);
    let place = Office::new(engine).await;
    place.take_key_of(&desk.office);
    let file = desk.office.folder().join("register.backup");
    let restored = place.run(&["restore", file.to_str().expect("a path")]);
    assert_eq!(restored.code, 0, "{}", restored.stderr);
    let copied = place.database().await;
    let decided = "SELECT COUNT(*) FROM review WHERE state = 'decided' AND verdict = 'asked'";
    assert_eq!(database::numbers(&copied, decided).await, [1]);
}
