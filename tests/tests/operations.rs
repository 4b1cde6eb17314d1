//! What runs by itself, through the API of the real binary: schedules and their jobs, the ledger of mail, and who gets none.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, Server, database, on_both_engines};
use uuid::Uuid;

on_both_engines!(
    a_schedule_is_defined_run_now_changed_paused_and_removed,
    a_schedule_with_problems_says_each_at_its_field_and_is_not_written,
    a_change_of_a_schedule_that_somebody_else_changed_is_refused_with_what_is_there,
    a_job_that_ended_can_be_looked_at_and_not_stopped,
    a_test_mail_is_sent_found_and_shown_as_it_goes_over_the_wire,
    mail_that_waits_is_tried_now_or_called_off_each_for_itself,
    an_address_on_the_list_gets_nothing_until_it_is_lifted,
    words_of_mail_are_withheld_from_whoever_lacks_the_right_and_each_look_is_recorded,
);

const SCHEDULE: &str = "id name expression zone command misfire misfireAtMost notAfterDate notAfterTime jitter enabled state \
     next version last { __typename ... on ScheduleFiring { job { state } } } changes { kind jobId expression by { name } }";
const MAIL: &str = "id class sender state outcome reply { reason text } attempt nextTryAt heading { __typename \
     ... on MailHeading { address name subject } ... on Withheld { permission } }";
/// How often something is looked at until it is so; a look takes some milliseconds itself.
const LOOKS: u32 = 600;

async fn office(engine: Engine, settings: &str) -> (Office, Server, Client) {
    let office = Office::new(engine).await;
    fs::write(office.folder().join("sengen.toml"), settings).expect("a configuration");
    let mut server = office.serve();
    let administrator = server.administrator().await;
    (office, server, administrator)
}

fn definition(name: &str) -> Value {
    json!({
        "name": name, "expression": "0 9 * * 1", "zone": "Asia/Tokyo", "command": "verify-log", "misfire": "ALL",
        "misfireAtMost": 3, "notAfterDate": "令和81年12月25日", "notAfterTime": "", "jitter": 30, "enabled": true,
    })
}

async fn mutate(
    client: &Client,
    operation: &str,
    input_type: &str,
    mut input: Value,
    selection: &str,
) -> Value {
    if input["commandId"].is_null() {
        input["commandId"] = json!(Uuid::new_v4());
    }
    let text = format!(
        "mutation($input: {input_type}!) {{ it: {operation}(input: $input) {{ __typename {selection} \
         ... on InvalidInput {{ problems {{ field code message }} }} }} }}"
    );
    let answer = client.graphql(&text, json!({ "input": input })).await;
    assert_eq!(answer.fault(), None, "{operation}: {answer:?}");
    answer.at("/it").clone()
}

async fn command(client: &Client, operation: &str, schedule: &Value) -> Value {
    let input = json!({ "id": schedule["id"], "expectedVersion": schedule["version"] });
    let selection = format!(
        "... on ScheduleChanged {{ jobId schedule {{ {SCHEDULE} }} }} ... on ScheduleConflict {{ schedule {{ {SCHEDULE} }} \
         by {{ name }} at }}"
    );
    mutate(client, operation, "ScheduleCommandInput", input, &selection).await
}

async fn define(client: &Client, schedule: Value) -> Value {
    let input = json!({ "schedule": schedule });
    mutate(
        client,
        "defineSchedule",
        "DefineScheduleInput",
        input,
        "... on ScheduleDefined { id version }",
    )
    .await
}

async fn asked(client: &Client, text: &str, variables: Value) -> Answer {
    let answer = client.graphql(text, variables).await;
    assert_eq!(answer.fault(), None, "{text}: {answer:?}");
    answer
}

/// Looks until what is at the path is one of these.
async fn until(client: &Client, text: &str, id: &Value, path: &str, wanted: &[&str]) -> Answer {
    for _ in 0..LOOKS {
        let answer = asked(client, text, json!({ "id": id })).await;
        if answer.at(path).as_str().is_some_and(|now| wanted.contains(&now)) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} never was one of {wanted:?}");
}

async fn a_schedule_is_defined_run_now_changed_paused_and_removed(engine: Engine) {
    let (_office, _server, client) = office(engine, "").await;
    let defined = define(&client, definition("毎週の検証")).await;
    assert_eq!(defined["__typename"], "ScheduleDefined", "{defined}");

    let one = format!("query($id: ID!) {{ schedule(id: $id) {{ {SCHEDULE} }} }}");
    let seen = asked(&client, &one, json!({ "id": defined["id"] })).await;
    let schedule = seen.at("/schedule").clone();
    assert_eq!(schedule["state"], "ACTIVE");
    assert_eq!(schedule["next"].as_array().map(Vec::len), Some(5));
    assert_eq!(schedule["notAfterDate"], "2099-12-25");
    assert_eq!(schedule["notAfterTime"], "24:00");
    assert_eq!(schedule["misfireAtMost"], 3);
    assert_eq!(schedule["changes"][0]["kind"], "DEFINED");

    let run = command(&client, "runScheduleNow", &schedule).await;
    assert_eq!(run["__typename"], "ScheduleChanged", "{run}");
    let job = "query($id: ID!) { job(id: $id) { state command result { reason counts { counted count } text } dueAt schedule { name } requestedBy { kind } \
         history { kind result { reason } attempt } } }";
    let done = until(&client, job, &run["jobId"], "/job/state", &["DONE"]).await;
    assert_eq!(done.at("/job/schedule/name"), "毎週の検証");
    assert_eq!(done.at("/job/dueAt"), &Value::Null);
    assert_eq!(done.at("/job/result/reason"), "LOG_INTACT");
    assert_eq!(done.at("/job/result/counts/0/counted"), "CHECKED");
    assert!(
        done.at("/job/result/text")
            .as_str()
            .is_some_and(|it| it.contains("0 breaches"))
    );
    assert_eq!(done.at("/job/history/0/result/reason"), "LOG_INTACT");
    assert_eq!(done.at("/job/history/0/kind"), "DONE");

    let paused = command(&client, "pauseSchedule", &schedule).await;
    assert_eq!(paused["schedule"]["state"], "PAUSED", "{paused}");
    assert_eq!(paused["schedule"]["next"], json!([]));
    let twice = command(&client, "pauseSchedule", &paused["schedule"]).await;
    assert_eq!(twice["problems"][0]["code"], "already_paused");
    let resumed = command(&client, "resumeSchedule", &paused["schedule"]).await;
    assert_eq!(resumed["schedule"]["state"], "ACTIVE", "{resumed}");

    let mut changed = definition("毎日の検証");
    changed["expression"] = json!("@daily");
    changed["misfire"] = json!("SKIP");
    changed["notAfterDate"] = json!("");
    let input = json!({ "id": schedule["id"], "expectedVersion": resumed["schedule"]["version"], "schedule": changed });
    let selection = format!("... on ScheduleChanged {{ schedule {{ {SCHEDULE} }} }}");
    let changed = mutate(
        &client,
        "changeSchedule",
        "ChangeScheduleInput",
        input,
        &selection,
    )
    .await;
    let changed = &changed["schedule"];
    assert_eq!(changed["name"], "毎日の検証", "{changed}");
    assert_eq!(
        (&changed["misfireAtMost"], &changed["notAfterDate"]),
        (&Value::Null, &Value::Null)
    );

    let removed = command(&client, "removeSchedule", changed).await;
    assert_eq!(removed["schedule"]["state"], "REMOVED", "{removed}");
    let kinds: Vec<&str> = removed["schedule"]["changes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|change| change["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "REMOVED",
            "CHANGED",
            "RESUMED",
            "PAUSED",
            "RUN_REQUESTED",
            "DEFINED"
        ]
    );
    let all = asked(&client, "{ schedules { nodes { name } commands } }", Value::Null).await;
    assert_eq!(
        all.at("/schedules/nodes"),
        &json!([{ "name": "保存期間を過ぎた請求の消去（毎晩）" }, { "name": "台帳の検証（毎晩）" },
            { "name": "基本方針の公開先の確認（毎晩）" }, { "name": "要確認の洗い出し（毎晩）" }])
    );
    assert_eq!(
        all.at("/schedules/commands"),
        &json!(["verify-log", "forget-cases", "ask-pages", "find-reviews"])
    );
}

async fn a_schedule_with_problems_says_each_at_its_field_and_is_not_written(engine: Engine) {
    let (_office, _server, client) = office(engine, "").await;
    for (field, value, code) in [
        ("name", json!(" "), "empty"),
        ("name", json!("改\n行"), "line_break"),
        ("name", json!("改\r\nBcc: x@example.jp"), "line_break"),
        ("name", json!("み\0ほん"), "control_character"),
        ("name", json!("台帳の検証（毎晩）"), "taken"),
        ("expression", json!("* * * * * *"), "seconds_or_years"),
        ("expression", json!("*/1 * * * * *"), "seconds_or_years"),
        ("expression", json!("0 0 31 2 *"), "never_fires"),
        ("expression", json!("0 0 30 2 *"), "never_fires"),
        ("expression", json!("0 9\r\n* * *\0"), "control_character"),
        ("expression", json!("* ".repeat(100_000)), "too_long"),
        ("zone", json!("JST"), "unknown_zone"),
        ("zone", json!("Asia/Tokio"), "unknown_zone"),
        ("zone", json!("Asia/Tokyo\0".repeat(9_000)), "unknown_zone"),
        ("command", json!("rm-rf"), "unknown_command"),
        ("misfireAtMost", json!(0), "out_of_range"),
        ("misfireAtMost", Value::Null, "out_of_range"),
        ("notAfterDate", json!("2020-01-01"), "in_the_past"),
        ("notAfterDate", json!("いつか"), "date_unreadable"),
        ("notAfterTime", json!("夕方"), "time_unreadable"),
        ("jitter", json!(-1), "long_jitter"),
    ] {
        let mut typed = definition("みほん");
        typed[field] = value.clone();
        let refused = define(&client, typed).await;
        let problem = &refused["problems"][0];
        assert_eq!(
            (&problem["field"], &problem["code"]),
            (&json!(field), &json!(code)),
            "{value}: {refused}"
        );
        assert!(
            problem["message"].as_str().is_some_and(|it| it.ends_with('。')),
            "{problem}"
        );
    }
    let all = asked(&client, "{ schedules { nodes { name } } }", Value::Null).await;
    assert_eq!(all.at("/schedules/nodes").as_array().map(Vec::len), Some(4));
    let preview = "query($e: String!, $z: String!) { schedulePreview(expression: $e, zone: $z) { __typename \
         ... on SchedulePreview { next } ... on InvalidInput { problems { field code } } } }";
    let shown = asked(&client, preview, json!({ "e": "30 2 * * *", "z": "Asia/Tokyo" })).await;
    let next = shown
        .at("/schedulePreview/next")
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(next.len(), 5);
    assert!(
        next.iter()
            .all(|at| at.as_str().is_some_and(|at| at.contains("T17:30:00"))),
        "{next:?}"
    );
    let refused = asked(&client, preview, json!({ "e": "x", "z": "y" })).await;
    assert_eq!(
        refused.at("/schedulePreview/problems").as_array().map(Vec::len),
        Some(2)
    );
}

async fn a_change_of_a_schedule_that_somebody_else_changed_is_refused_with_what_is_there(engine: Engine) {
    let (office, server, client) = office(engine, "").await;
    let other = server.member(&office, "administrator").await;
    let nightly = asked(&client, "{ schedules { nodes { id version } } }", Value::Null).await;
    let nightly = nightly.at("/schedules/nodes/0").clone();
    let paused = command(&other, "pauseSchedule", &nightly).await;
    assert_eq!(paused["schedule"]["state"], "PAUSED", "{paused}");
    let late = command(&client, "removeSchedule", &nightly).await;
    assert_eq!(late["__typename"], "ScheduleConflict", "{late}");
    assert_eq!(late["schedule"]["state"], "PAUSED");
    assert!(late["by"]["name"].is_string() && late["at"].is_string(), "{late}");
    let gone = json!({ "id": Uuid::new_v4(), "version": "1" });
    assert_eq!(
        command(&client, "removeSchedule", &gone).await["__typename"],
        "NotFound"
    );
}

async fn a_job_that_ended_can_be_looked_at_and_not_stopped(engine: Engine) {
    let (_office, _server, client) = office(engine, "").await;
    let nightly = asked(&client, "{ schedules { nodes { id version } } }", Value::Null).await;
    let run = command(&client, "runScheduleNow", nightly.at("/schedules/nodes/0")).await;
    let job = "query($id: ID!) { job(id: $id) { state } }";
    until(&client, job, &run["jobId"], "/job/state", &["DONE"]).await;
    for operation in ["cancelJob", "resumeJob"] {
        let selection = "... on JobOtherState { job { state } }";
        let input = json!({ "id": run["jobId"] });
        let refused = mutate(&client, operation, "JobCommandInput", input, selection).await;
        assert_eq!(refused["__typename"], "JobOtherState", "{refused}");
        assert_eq!(refused["job"]["state"], "DONE");
        let unknown = json!({ "id": Uuid::new_v4() });
        let unknown = mutate(&client, operation, "JobCommandInput", unknown, "").await;
        assert_eq!(unknown["__typename"], "NotFound");
    }
    let page = "query($state: JobState, $after: String) { jobs(state: $state, first: 1, after: $after) { __typename \
         ... on JobConnection { nodes { id state } pageInfo { hasNextPage endCursor } } \
         ... on InvalidInput { problems { code } } } }";
    let done = asked(&client, page, json!({ "state": "DONE" })).await;
    assert_eq!(done.at("/jobs/nodes/0/id"), &run["jobId"]);
    let dead = asked(&client, page, json!({ "state": "DEAD" })).await;
    assert_eq!(dead.at("/jobs/nodes"), &json!([]));
    let wrong = asked(&client, page, json!({ "after": "nowhere" })).await;
    assert_eq!(wrong.at("/jobs/problems/0/code"), "cursor");
    let counts = asked(&client, "{ jobCounts { state count } }", Value::Null).await;
    assert_eq!(counts.at("/jobCounts"), &json!([{ "state": "DONE", "count": 1 }]));
}

async fn send(client: &Client, to: &str) -> Value {
    let selection = format!("... on TestMailQueued {{ mail {{ {MAIL} }} }}");
    mutate(
        client,
        "sendTestMail",
        "SendTestMailInput",
        json!({ "to": to }),
        &selection,
    )
    .await
}

async fn found(client: &Client, filter: Value) -> Value {
    let text = format!(
        "query($filter: MailFilter) {{ mails(filter: $filter, first: 50) {{ __typename ... on MailConnection {{ nodes {{ {MAIL} }} \
         pageInfo {{ hasNextPage endCursor }} }} ... on InvalidInput {{ problems {{ field code message }} }} }} }}"
    );
    asked(client, &text, json!({ "filter": filter }))
        .await
        .at("/mails")
        .clone()
}

fn only_mail() -> String {
    format!(
        "query($id: ID!) {{ mail(id: $id) {{ {MAIL} attempts {{ attempt outcome reply {{ reason text }} node }} history {{ kind by {{ kind }} }} \
         words {{ __typename ... on MailWords {{ text raw problem {{ reason text }} messageId }} ... on Withheld {{ permission }} }} }} }}"
    )
}

async fn a_test_mail_is_sent_found_and_shown_as_it_goes_over_the_wire(engine: Engine) {
    let (_office, _server, client) = office(engine, "").await;
    let refused = send(&client, "nobody\r\nBcc: x@example.jp").await;
    assert_eq!(refused["problems"][0]["field"], "to", "{refused}");
    let queued = send(&client, "a..b.@example.ne.jp").await;
    assert_eq!(
        queued["mail"]["heading"]["address"], "a..b.@example.ne.jp",
        "{queued}"
    );
    let sent = until(
        &client,
        &only_mail(),
        &queued["mail"]["id"],
        "/mail/state",
        &["ACCEPTED"],
    )
    .await;
    let mail = sent.at("/mail");
    assert_eq!(mail["attempts"][0]["outcome"], "accepted");
    assert_eq!(mail["history"][0]["kind"], "QUEUED");
    let raw = mail["words"]["raw"].as_str().expect("the raw text");
    assert!(raw.contains("To: \"a..b.\"@example.ne.jp\r\n"), "{raw}");
    let message_id = mail["words"]["messageId"].as_str().expect("an id");
    assert!(
        raw.contains(message_id) && message_id.contains(mail["id"].as_str().expect("an id")),
        "{raw}"
    );

    let other = send(&client, "other@example.jp").await;
    for (filter, expected) in [
        (json!({ "address": "a..b@example.ne.jp" }), 0),
        (json!({ "address": "A..b.@EXAMPLE.ne.jp" }), 1),
        (json!({ "address": "other@example.jp" }), 1),
        (json!({ "states": ["BOUNCED", "PARKED"] }), 0),
        (json!({ "organizationId": Uuid::new_v4() }), 0),
        (json!({ "number": "49990000017" }), 0),
        (Value::Null, 2),
    ] {
        let page = found(&client, filter.clone()).await;
        assert_eq!(
            page["nodes"].as_array().map(Vec::len),
            Some(expected),
            "{filter}: {page}"
        );
    }
    let mut newest = vec![queued["mail"]["id"].clone(), other["mail"]["id"].clone()];
    for number in 0..6 {
        newest.push(send(&client, &format!("reader-{number}@example.jp")).await["mail"]["id"].clone());
    }
    newest.reverse();
    let listed = found(&client, Value::Null).await;
    let listed = listed["nodes"].as_array().into_iter().flatten();
    assert_eq!(listed.map(|mail| mail["id"].clone()).collect::<Vec<_>>(), newest);
    for (filter, field) in [
        (json!({ "address": "x" }), "address"),
        (json!({ "number": "7" }), "number"),
    ] {
        let refused = found(&client, filter).await;
        assert_eq!(refused["problems"][0]["field"], field, "{refused}");
    }
    let setup = asked(
        &client,
        "{ mailSetup { transport leaves senders { key address } } }",
        Value::Null,
    )
    .await;
    assert_eq!(setup.at("/mailSetup/leaves"), false);
    assert_eq!(setup.at("/mailSetup/senders/0/key"), "office");
}

/// A relay that nobody answers at.
const NO_RELAY: &str = "[mail]\nrelay = \"127.0.0.1:1\"\ntls = \"none\"\nfrom = \"office@example.jp\"\n\
     [mail.senders.support]\nfrom = \"support@example.jp\"\nfrom_name = \"サポート\"\n";

async fn mail_that_waits_is_tried_now_or_called_off_each_for_itself(engine: Engine) {
    let (_office, _server, client) = office(engine, NO_RELAY).await;
    let setup = asked(
        &client,
        "{ mailSetup { leaves senders { key address name } } }",
        Value::Null,
    )
    .await;
    assert_eq!(setup.at("/mailSetup/leaves"), true);
    let support = json!({ "key": "support", "address": "support@example.jp", "name": "サポート" });
    assert_eq!(setup.at("/mailSetup/senders/1"), &support);
    let mut ids = Vec::new();
    for to in ["one@example.jp", "two@example.jp"] {
        let queued = send(&client, to).await;
        let id = queued["mail"]["id"].clone();
        until(&client, &only_mail(), &id, "/mail/state", &["DEFERRED"]).await;
        ids.push(id);
    }
    let decide = async |ids: &[Value], verdict: &str| {
        let selection = "... on MailsDecided { results { id decided mail { state attempt } } }";
        let input = json!({ "ids": ids, "verdict": verdict });
        mutate(&client, "decideMails", "DecideMailsInput", input, selection).await
    };
    let called_off = decide(&ids[..1], "CANCEL").await;
    assert_eq!(
        called_off["results"][0]["mail"]["state"], "CANCELLED",
        "{called_off}"
    );
    let unknown = json!(Uuid::new_v4());
    let both = decide(&[ids[0].clone(), ids[1].clone(), unknown], "TRY_NOW").await;
    let decided: Vec<_> = both["results"].as_array().into_iter().flatten().collect();
    assert_eq!(
        decided
            .iter()
            .map(|one| one["decided"] == true)
            .collect::<Vec<_>>(),
        [false, true, false],
        "{both}"
    );
    assert_eq!(decided[0]["mail"]["state"], "CANCELLED");
    assert_eq!(decided[2]["mail"], Value::Null);
    let tried = format!(
        "query($id: ID!) {{ mail(id: $id) {{ attempt history {{ kind }} {} }} }}",
        "state"
    );
    for _ in 0..LOOKS {
        let seen = asked(&client, &tried, json!({ "id": ids[1] })).await;
        if seen.at("/mail/attempt") == 2 && seen.at("/mail/state") == "DEFERRED" {
            assert_eq!(seen.at("/mail/history/0/kind"), "TRIED_NOW");
            let refused = decide(&[], "CANCEL").await;
            assert_eq!(refused["problems"][0]["field"], "ids");
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it was never tried again");
}

#[tokio::test]
async fn t45_a_suppression_that_somebody_made_up_is_not_found_and_is_no_alarm() {
    let (_office, _server, client) = office(Engine::Sqlite, "").await;
    for id in ["0", "-1", "1", "99999999", "9223372036854775807", "x", ""] {
        let input = json!({ "id": id });
        let answer = mutate(&client, "liftSuppression", "LiftSuppressionInput", input, "").await;
        assert_eq!(answer["__typename"], "NotFound", "{id}: {answer}");
    }
}

async fn an_address_on_the_list_gets_nothing_until_it_is_lifted(engine: Engine) {
    let (_office, _server, client) = office(engine, "").await;
    let refused = mutate(
        &client,
        "suppressAddress",
        "SuppressAddressInput",
        json!({ "address": "nobody", "until": "いつか" }),
        "",
    )
    .await;
    assert_eq!(refused["problems"].as_array().map(Vec::len), Some(2), "{refused}");
    let fields = "id class reason until by { name } address { ... on SuppressedAddress { address } }";
    let selection = format!("... on AddressSuppressed {{ suppression {{ {fields} }} }}");
    let input = json!({ "address": "reader@example.jp", "until": "2099-12-31" });
    let listed = mutate(
        &client,
        "suppressAddress",
        "SuppressAddressInput",
        input,
        &selection,
    )
    .await;
    let suppression = &listed["suppression"];
    assert_eq!(suppression["address"]["address"], "reader@example.jp", "{listed}");
    assert_eq!(
        (&suppression["reason"], &suppression["class"]),
        (&json!("STAFF"), &Value::Null)
    );
    assert_eq!(suppression["until"], "2099-12-31T15:00:00.000000Z");

    // However it is written.
    let queued = send(&client, "Reader@EXAMPLE.jp").await;
    until(
        &client,
        &only_mail(),
        &queued["mail"]["id"],
        "/mail/state",
        &["SUPPRESSED"],
    )
    .await;
    let other = send(&client, "other@example.jp").await;
    until(
        &client,
        &only_mail(),
        &other["mail"]["id"],
        "/mail/state",
        &["ACCEPTED"],
    )
    .await;

    let list = format!(
        "query($address: String) {{ suppressions(address: $address, first: 10) {{ __typename \
         ... on SuppressionConnection {{ nodes {{ {fields} }} }} }} }}"
    );
    let of_reader = asked(&client, &list, json!({ "address": "reader@example.jp" })).await;
    assert_eq!(of_reader.at("/suppressions/nodes/0/id"), &suppression["id"]);
    let of_other = asked(&client, &list, json!({ "address": "other@example.jp" })).await;
    assert_eq!(of_other.at("/suppressions/nodes"), &json!([]));

    let taken_off = json!({ "id": suppression["id"], "commandId": Uuid::new_v4() });
    for _ in 0..2 {
        let gone = mutate(
            &client,
            "liftSuppression",
            "LiftSuppressionInput",
            taken_off.clone(),
            "",
        )
        .await;
        assert_eq!(gone["__typename"], "SuppressionLifted", "{gone}");
    }
    let again = mutate(
        &client,
        "liftSuppression",
        "LiftSuppressionInput",
        json!({ "id": suppression["id"] }),
        "",
    )
    .await;
    assert_eq!(again["__typename"], "NotFound");
    let queued = send(&client, "reader@example.jp").await;
    until(
        &client,
        &only_mail(),
        &queued["mail"]["id"],
        "/mail/state",
        &["ACCEPTED"],
    )
    .await;
}

async fn words_of_mail_are_withheld_from_whoever_lacks_the_right_and_each_look_is_recorded(engine: Engine) {
    let (office, server, client) = office(engine, "").await;
    let queued = send(&client, "secret-reader@example.jp").await;
    let id = &queued["mail"]["id"];
    let sent = until(&client, &only_mail(), id, "/mail/state", &["ACCEPTED"]).await;
    assert_eq!(sent.at("/mail/words/__typename"), "MailWords");
    let reads = database::read_records(&office.database().await).await;
    let classes = database::texts(&reads, "SELECT DISTINCT field_class FROM read_record").await;
    assert_eq!(classes, ["mail"]);
    let viewer = server.member(&office, "viewer").await;
    let refused = viewer.graphql(&only_mail(), json!({ "id": id })).await;
    assert_eq!(refused.fault(), Some("FORBIDDEN"));
    assert!(!refused.body.to_string().contains("secret-reader"), "{refused:?}");
}
