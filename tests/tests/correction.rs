//! Correcting a declaration through the API, on both engines: both kinds, the history and both time axes, every problem
//! of what is typed, conflicts, retries, and what a list shows afterwards.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{
    Answer, Client, Correction, Engine, LIST_OF_NUMBERS, Office, Row, Server, corporate_number, database,
    on_both_engines, register,
};

on_both_engines!(
    an_error_is_corrected_from_the_first_day_and_a_change_from_its_day,
    every_problem_of_a_correction_is_named_with_its_path_and_code,
    a_stale_correction_is_shown_both_sides_and_writes_nothing,
    the_same_command_again_has_the_same_result_and_no_second_event,
    eight_corrections_of_one_version_at_one_moment_make_one_correction,
    a_list_shows_a_correction_when_it_is_asked_to_wait_for_it,
    a_correction_that_mends_a_doubt_clears_its_flag,
);

const NUMBER: &str = "47000000002";

/// An office with one corporation, its administrator, and the id of the record.
async fn office(engine: Engine) -> (Office, Server, Client, String) {
    office_with(engine, Row::corporation(NUMBER)).await
}

async fn office_with(engine: Engine, row: Row) -> (Office, Server, Client, String) {
    let office = Office::new(engine).await;
    office.import(&register(&[row]));
    let mut server = office.serve();
    let client = server.administrator().await;
    let id = client.find(NUMBER).await;
    (office, server, client, id)
}

/// How many events stand in the log.
async fn events(office: &Office) -> i64 {
    let database = office.database().await;
    database::numbers(&database, "SELECT COUNT(*) FROM event").await[0]
}

#[track_caller]
fn corrected(answer: &Answer) -> String {
    let outcome = answer.at("/correctDeclaration");
    assert_eq!(outcome["__typename"], "DeclarationChanged", "{answer:?}");
    outcome["version"].as_str().expect("a version").to_owned()
}

const DETAIL: &str = "query($id: ID!, $asOf: Date, $upTo: Position) { \
     declaration(id: $id, asOf: $asOf, recordedUpTo: $upTo) { __typename ... on Declaration { \
     version now existed city { typed } tradeName { typed } flags differsFromToday \
     history { position kind correctionKind since effectiveAt flag actor { kind name } reason { ... on OpenText { text } } \
     changes { field old { ... on OpenText { text } } new { ... on OpenText { text } } } } } } }";

async fn city(client: &Client, id: &str, as_of: Option<&str>, up_to: Option<&str>) -> Value {
    let variables = json!({ "id": id, "asOf": as_of, "upTo": up_to });
    let detail = client.graphql(DETAIL, variables).await;
    detail.at("/declaration/city/typed").clone()
}

async fn an_error_is_corrected_from_the_first_day_and_a_change_from_its_day(engine: Engine) {
    let (_office, _server, client, id) = office(engine).await;
    let first = client.version(&id).await;
    let error =
        Correction::new(&id, &first, "CITY", "正しい市").with("reason", "申請書の写しと照合\n担当へ確認");
    let second = corrected(&client.correct(&error).await);
    assert_eq!(client.version(&id).await, second);
    let change = Correction::new(&id, &second, "CITY", "移転先市")
        .with("kind", "CHANGE")
        .with("since", "2024-04-01")
        .with("reason", "移転の届出");
    let third = corrected(&client.correct(&change).await);

    let day = async |day: &str| city(&client, &id, Some(day), None).await;
    assert_eq!(day("2020-04-01").await, "正しい市", "from the first day");
    assert_eq!(day("2024-03-31").await, "正しい市");
    assert_eq!(day("2024-04-01").await, "移転先市", "since that day");
    assert_eq!(city(&client, &id, None, None).await, "移転先市");
    assert_eq!(
        city(&client, &id, None, Some(&first)).await,
        "みほん市",
        "as it was known before"
    );
    assert_eq!(city(&client, &id, None, Some(&second)).await, "正しい市");
    assert_eq!(
        city(&client, &id, Some("2024-04-01"), Some(&second)).await,
        "正しい市"
    );

    let detail = client.graphql(DETAIL, json!({ "id": id })).await;
    let history = detail.at("/declaration/history").as_array().expect("a list");
    assert_eq!(history.len(), 3, "{history:?}");
    assert_eq!(history[0]["kind"], "REGISTERED");
    assert_eq!(
        history[0]["actor"],
        json!({ "kind": "SYSTEM", "name": "command-line" })
    );
    let of = |entry: &Value| {
        let keys = [
            "position",
            "kind",
            "correctionKind",
            "since",
            "effectiveAt",
            "actor",
            "reason",
            "changes",
        ];
        keys.map(|key| entry[key].clone())
    };
    let actor = json!({ "kind": "STAFF", "name": "見本 花子" });
    let text = |text: &str| json!({ "text": text });
    assert_eq!(
        of(&history[1]),
        [
            json!(second),
            json!("CORRECTED"),
            json!("ERROR"),
            Value::Null,
            json!("2020-04-01"),
            actor.clone(),
            text("申請書の写しと照合\n担当へ確認"),
            json!([{ "field": "CITY", "old": text("みほん市"), "new": text("正しい市") }]),
        ]
    );
    assert_eq!(
        of(&history[2]),
        [
            json!(third),
            json!("CORRECTED"),
            json!("CHANGE"),
            json!("2024-04-01"),
            json!("2024-04-01"),
            actor,
            text("移転の届出"),
            json!([{ "field": "CITY", "old": text("正しい市"), "new": text("移転先市") }]),
        ]
    );

    let before = client
        .graphql(DETAIL, json!({ "id": id, "asOf": "2019-01-01" }))
        .await;
    assert_eq!(before.at("/declaration/existed"), false);
    assert_eq!(before.at("/declaration/now"), false);
    let back = client
        .graphql(DETAIL, json!({ "id": id, "asOf": "2024-03-31" }))
        .await;
    assert_eq!(back.at("/declaration/differsFromToday"), &json!(["CITY"]));
    let nothing = client.graphql(DETAIL, json!({ "id": id, "upTo": "0" })).await;
    assert_eq!(
        nothing.at("/declaration/__typename"),
        "NotFound",
        "nothing was recorded by then"
    );
}

/// What may not be typed into a field, and the code that says so; LONG stands for 151 characters.
const REFUSED_VALUES: [(&str, &str, &str); 20] = [
    ("CITY", "みほん市", "unchanged"),
    ("TRADE_NAME", "", "unchanged"),
    ("DECLARATION_NO", "47000000009", "not_correctable"),
    ("ENTITY_TYPE", "個人事業主", "not_correctable"),
    ("STAR", "2", "not_correctable"),
    ("PLEDGE_VERSION", "6か条", "not_correctable"),
    ("NAME", "", "required"),
    ("NAME", "株式会社\u{0007}見本", "control_character"),
    ("NAME", "株式会社\u{202E}本見", "direction_character"),
    ("NAME", "株式会社\n見本", "line_break"),
    ("NAME", "LONG", "too_long"),
    ("NAME", "ｶﾌﾞｼｷｶﾞｲｼｬ", "half_width_kana"),
    ("NAME_KANA", "株式会社", "kana_unreadable"),
    (
        "CORPORATE_NUMBER",
        "1234567890123",
        "corporate_number_check_digit",
    ),
    ("CORPORATE_NUMBER", "123", "corporate_number_length"),
    ("POSTAL_CODE", "12", "postal_code_unreadable"),
    ("PREFECTURE", "見本県", "prefecture_unknown"),
    ("DECLARED_ON", "令和2年2月31日", "date_unreadable"),
    ("DECLARED_ON", "2999-01-01", "in_the_future"),
    ("CONTACT_EMAIL", "example.jp", "email_unreadable"),
];

/// Corrections whose value is fine and something else is not, with path and code.
fn other_problems(fine: &Correction) -> Vec<(Correction, &'static str, &'static str)> {
    let with = |key: &str, value: Value| fine.clone().with(key, value);
    let since = |since: Value| with("kind", json!("CHANGE")).with("since", since);
    vec![
        (with("reason", json!("")), "reason", "empty"),
        (with("reason", json!(" \u{3000}\n")), "reason", "empty"),
        (with("reason", json!("由".repeat(1001))), "reason", "too_long"),
        (
            with("reason", json!("理由\u{202E}")),
            "reason",
            "direction_character",
        ),
        (with("changes", json!([])), "changes", "empty"),
        (since(Value::Null), "since", "required"),
        (since(json!("2999-01-01")), "since", "in_the_future"),
        (since(json!("2020-03-31")), "since", "before_declaration"),
        (with("commandId", json!("x")), "commandId", "shape"),
    ]
}

async fn every_problem_of_a_correction_is_named_with_its_path_and_code(engine: Engine) {
    let (office, _server, client, id) = office(engine).await;
    let version = client.version(&id).await;
    let before = events(&office).await;
    let field = |field: &str, value: &str| Correction::new(&id, &version, field, value);
    let of_values = REFUSED_VALUES.iter().map(|(name, value, code)| {
        let value = value.replace("LONG", &"長".repeat(151));
        (field(name, &value), format!("changes.{name}"), *code)
    });
    let others = other_problems(&field("CITY", "別の市")).into_iter();
    let others = others.map(|(correction, path, code)| (correction, path.to_owned(), code));
    for (correction, path, code) in of_values.chain(others) {
        let answer = client.correct(&correction).await;
        let expected = [(path, code.to_owned())];
        assert_eq!(answer.problems("correctDeclaration"), expected, "{correction:?}");
        let message = answer.at("/correctDeclaration/problems/0/message");
        let message = message.as_str().expect("a text");
        assert!(!message.is_ascii() && message.ends_with('。'), "{message}");
    }
    let twice = json!([{ "field": "CITY", "value": "甲市" }, { "field": "CITY", "value": "乙市" }]);
    let answer = client.correct(&field("CITY", "").with("changes", twice)).await;
    assert_eq!(
        answer.problems("correctDeclaration"),
        [("changes.CITY".to_owned(), "repeated".to_owned())]
    );
    let many = json!([{ "field": "NAME", "value": "" }, { "field": "POSTAL_CODE", "value": "x" }, { "field": "CITY", "value": "乙市" }]);
    let answer = client
        .correct(
            &field("CITY", "")
                .with("changes", many)
                .with("noDocument", "電話で本人に確認した")
                .with("reason", ""),
        )
        .await;
    let paths: Vec<String> = answer
        .problems("correctDeclaration")
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        paths,
        ["reason", "changes.NAME", "changes.POSTAL_CODE"],
        "all at once"
    );
    assert_eq!(events(&office).await, before, "nothing was written");
}

#[tokio::test]
async fn an_unknown_declaration_is_not_found() {
    let (_office, _server, client, _id) = office(Engine::Sqlite).await;
    for id in ["", "x", "01930000-0000-7000-8000-000000000001"] {
        let answer = client.correct(&Correction::new(id, "1", "CITY", "別の市")).await;
        assert_eq!(
            answer.at("/correctDeclaration"),
            &json!({ "__typename": "NotFound", "id": id })
        );
    }
}

async fn a_stale_correction_is_shown_both_sides_and_writes_nothing(engine: Engine) {
    let (office, server, client, id) = office(engine).await;
    let registrar = server.member(&office, "registrar").await;
    let seen = client.version(&id).await;
    let theirs = Correction::new(&id, &seen, "CITY", "先の市")
        .with(
            "changes",
            json!([{ "field": "CITY", "value": "先の市" }, { "field": "BUILDING", "value": "先のビル" }]),
        )
        .with("reason", "先の訂正");
    let now = corrected(&registrar.correct(&theirs).await);
    let before = events(&office).await;
    let changes =
        json!([{ "field": "CITY", "value": "後の市" }, { "field": "TRADE_NAME", "value": "後の屋号" }]);
    let mine = Correction::new(&id, &seen, "CITY", "").with("changes", changes);
    let answer = client.correct(&mine).await;
    let conflict = answer.at("/correctDeclaration");
    assert_eq!(conflict["__typename"], "Conflict", "{answer:?}");
    assert_eq!(conflict["version"], now);
    assert_eq!(conflict["by"]["kind"], "STAFF");
    assert_eq!(conflict["reason"]["text"], "先の訂正");
    let text = |text: &str| json!({ "text": text });
    assert_eq!(
        conflict["fields"],
        json!([
            { "field": "TRADE_NAME", "base": null, "theirs": null, "mine": text("後の屋号"), "changedByThem": false, "changedByMe": true },
            { "field": "CITY", "base": text("みほん市"), "theirs": text("先の市"), "mine": text("後の市"), "changedByThem": true, "changedByMe": true },
            { "field": "BUILDING", "base": null, "theirs": text("先のビル"), "mine": null, "changedByThem": true, "changedByMe": false },
        ])
    );
    assert_eq!(events(&office).await, before, "nothing was written");
    for version in ["0", "1000000"] {
        let answer = client
            .correct(&Correction::new(&id, version, "CITY", "後の市"))
            .await;
        assert_eq!(
            answer.at("/correctDeclaration/__typename"),
            "Conflict",
            "{version}"
        );
    }
    assert_eq!(events(&office).await, before);

    // Redone on top, as the console does: the same input with the version of the conflict and a new intent.
    let redone = mine
        .with("expectedVersion", now)
        .with("commandId", uuid::Uuid::new_v4().to_string());
    corrected(&client.correct(&redone).await);
    let detail = client.graphql(DETAIL, json!({ "id": id })).await;
    assert_eq!(detail.at("/declaration/city/typed"), "後の市");
    assert_eq!(detail.at("/declaration/tradeName/typed"), "後の屋号");
}

async fn the_same_command_again_has_the_same_result_and_no_second_event(engine: Engine) {
    let (office, server, client, id) = office(engine).await;
    let correction = Correction::new(&id, &client.version(&id).await, "CITY", "訂正市");
    let first = client.correct(&correction).await;
    let version = corrected(&first);
    let count = events(&office).await;
    let again = client.correct(&correction).await;
    assert_eq!(again.at("/correctDeclaration"), first.at("/correctDeclaration"));
    // Also when the register has gone on meanwhile.
    let later = Correction::new(&id, &version, "CITY", "次の市");
    corrected(&client.correct(&later).await);
    let again = client.correct(&correction).await;
    assert_eq!(again.at("/correctDeclaration"), first.at("/correctDeclaration"));
    assert_eq!(events(&office).await, count + 1, "only the later one");

    let reused = [("commandId".to_owned(), "command_reused".to_owned())];
    let other = json!([{ "field": "CITY", "value": "よその市" }]);
    let answer = client.correct(&correction.clone().with("changes", other)).await;
    assert_eq!(answer.problems("correctDeclaration"), reused);
    let answer = client
        .correct(&correction.clone().with("reason", "別の理由"))
        .await;
    assert_eq!(answer.problems("correctDeclaration"), reused);
    // Somebody else's command is not theirs to repeat.
    let registrar = server.member(&office, "registrar").await;
    let before = events(&office).await;
    let answer = registrar.correct(&correction).await;
    assert_eq!(answer.problems("correctDeclaration"), reused);
    assert_eq!(events(&office).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_command_sent_eight_times_at_one_moment_is_one_event() {
    let (office, _server, client, id) = office(Engine::Sqlite).await;
    let before = events(&office).await;
    let correction = Correction::new(&id, &client.version(&id).await, "CITY", "訂正市");
    let answers = futures::future::join_all((0..8).map(|_| client.correct(&correction))).await;
    for answer in &answers {
        corrected(answer);
        assert_eq!(
            answer.at("/correctDeclaration"),
            answers[0].at("/correctDeclaration")
        );
    }
    assert_eq!(events(&office).await, before + 1);
}

async fn eight_corrections_of_one_version_at_one_moment_make_one_correction(engine: Engine) {
    let (office, _server, client, id) = office(engine).await;
    let before = events(&office).await;
    let version = client.version(&id).await;
    let corrections: Vec<Correction> = (0..8)
        .map(|i| Correction::new(&id, &version, "CITY", &format!("第{i}市")))
        .collect();
    let answers = futures::future::join_all(corrections.iter().map(|it| client.correct(it))).await;
    let outcomes = |name: &str| {
        let of = |answer: &&Answer| answer.at("/correctDeclaration/__typename") == name;
        answers.iter().filter(of).count()
    };
    assert_eq!(
        (outcomes("DeclarationChanged"), outcomes("Conflict")),
        (1, 7),
        "{answers:?}"
    );
    assert_eq!(events(&office).await, before + 1);
    let winner = answers
        .iter()
        .position(|answer| answer.at("/correctDeclaration/__typename") == "DeclarationChanged")
        .expect("a winner");
    let won = format!("第{winner}市");
    assert_eq!(city(&client, &id, None, None).await, won);
    for (index, answer) in answers.iter().enumerate().filter(|(index, _)| *index != winner) {
        let field = answer.at("/correctDeclaration/fields/0");
        assert_eq!(field["theirs"]["text"], won);
        assert_eq!(field["mine"]["text"], format!("第{index}市"));
        assert_eq!(field["base"]["text"], "みほん市");
    }
}

async fn a_list_shows_a_correction_when_it_is_asked_to_wait_for_it(engine: Engine) {
    let (_office, _server, client, id) = office(engine).await;
    for round in 0..5 {
        let name = format!("改名{round}会社");
        let correction = Correction::new(&id, &client.version(&id).await, "NAME", &name);
        let answer = client.correct(&correction).await;
        corrected(&answer);
        let position = answer.at("/correctDeclaration/position");
        let page = client
            .graphql(
                LIST_OF_NUMBERS,
                json!({ "search": name, "first": 1, "atLeast": position }),
            )
            .await;
        assert_eq!(page.at("/declarations/total/count"), 1, "round {round}: {page:?}");
    }
    let begun = Instant::now();
    let page = client
        .graphql(LIST_OF_NUMBERS, json!({ "first": 1, "atLeast": "1000000" }))
        .await;
    assert_eq!(page.at("/declarations/__typename"), "NotYet", "{page:?}");
    let here: i64 = page
        .at("/declarations/position")
        .as_str()
        .and_then(|it| it.parse().ok())
        .expect("a position");
    assert!((6..1_000_000).contains(&here), "{here}");
    let took = begun.elapsed();
    assert!(
        took >= Duration::from_millis(1900) && took < Duration::from_secs(6),
        "{took:?}"
    );
}

async fn a_correction_that_mends_a_doubt_clears_its_flag(engine: Engine) {
    let row = Row::corporation(NUMBER).with("法人番号", "123");
    let (_office, _server, client, id) = office_with(engine, row).await;
    let detail = client.graphql(DETAIL, json!({ "id": id })).await;
    assert_eq!(
        detail.at("/declaration/flags"),
        &json!(["CORPORATE_NUMBER_LENGTH"])
    );
    let version = client.version(&id).await;
    let correction = Correction::new(&id, &version, "CORPORATE_NUMBER", &corporate_number(9));
    let answer = client.correct(&correction).await;
    corrected(&answer);
    let position = answer.at("/correctDeclaration/position").clone();
    assert_ne!(
        &position,
        answer.at("/correctDeclaration/version"),
        "the flag comes after the fact"
    );
    let detail = client.graphql(DETAIL, json!({ "id": id })).await;
    assert_eq!(detail.at("/declaration/flags"), &json!([]));
    assert_eq!(detail.at("/declaration/history/2/kind"), "FLAG_CLEARED");
    assert_eq!(
        detail.at("/declaration/history/2/flag"),
        "CORPORATE_NUMBER_LENGTH"
    );
    let query = "query($at: Position!) { declarations(first: 1, atLeast: $at, filter: { flags: [CORPORATE_NUMBER_LENGTH] }) { \
                 ... on DeclarationConnection { total { count } } } }";
    let page = client.graphql(query, json!({ "at": position })).await;
    assert_eq!(page.at("/declarations/total/count"), 0);
}
