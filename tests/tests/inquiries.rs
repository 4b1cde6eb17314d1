//! The desk on the real binary: a message arrives in a mailbox, becomes an inquiry, is answered, and the answer goes out in its thread.

use chrono::{DateTime, TimeDelta, Utc};
use event_store::Database;
use serde_json::{Value, json};
use test_support::{Dovecot, SmtpServer};
use tests::{Answer, Client, Engine, Office, Start, database, in_days, on_both_engines};
use uuid::Uuid;

on_both_engines!(
    a_message_becomes_an_inquiry_and_its_answer_goes_out_in_its_thread,
    whoever_sees_no_persons_sees_the_desk_without_words,
);

const CANARY: &str = "宣言番号を忘れた金糸雀";

fn message(id: &str, more: &str) -> String {
    format!(
        "From: =?UTF-8?B?6KaL5pys5aSq6YOO?= <taro@example.jp>\r\nTo: office@example.jp\r\nSubject: {CANARY}\r\n\
         Message-ID: <{id}>\r\n{more}Content-Type: text/plain; charset=utf-8\r\n\r\n{CANARY}です。\r\n"
    )
}

/// A mailbox to read and a relay to send by.
fn configure(office: &Office, dovecot: &Dovecot, relay: &SmtpServer) {
    let password = office.folder().join("mailbox.password");
    std::fs::write(&password, Dovecot::PASSWORD).expect("a file");
    let settings = format!(
        "[mail]\nrelay = \"localhost:{}\"\ntls = \"none\"\nfrom = \"office@example.jp\"\n\
         [mail.mailboxes.inquiries]\nserver = \"127.0.0.1:{}\"\ntls = \"none\"\nuser = \"hanako\"\npassword_file = \"{}\"\n",
        relay.port,
        dovecot.port,
        password.display()
    );
    std::fs::write(office.folder().join("sengen.toml"), settings).expect("a file");
}

const INQUIRY: &str = "id version status entries { kind position message { id kind words { __typename \
     ... on InquiryWords { senderName senderAddress subject text } } } reply { id state heading { __typename ... on MailHeading { address } } } \
     note { __typename ... on OpenText { text } } }";

/// A queue as of everything that is in the log.
async fn list(client: &Client, log: &Database, queue: &str, search: Option<&str>) -> Answer {
    let text = "query($queue: InquiryQueue!, $filter: InquiryFilter, $atLeast: Position) { \
         inquiries(queue: $queue, filter: $filter, atLeast: $atLeast) { __typename \
         ... on InquiryConnection { nodes { id version heading { __typename ... on InquiryHeading { senderName subject } } } } \
         ... on InvalidInput { problems { code } } } }";
    let head = database::numbers(log, "SELECT max(position) FROM event").await[0];
    let variables = json!({ "queue": queue, "filter": { "search": search }, "atLeast": head.to_string() });
    client.graphql(text, variables).await
}

async fn inquiry(client: &Client, id: &Value) -> Value {
    let text = format!("query($id: ID!) {{ inquiry(id: $id) {{ {INQUIRY} }} }}");
    client
        .graphql(&text, json!({ "id": id }))
        .await
        .at("/inquiry")
        .clone()
}

async fn reply(client: &Client, seen: &Value) -> Answer {
    let text = format!(
        "mutation($input: ReplyToInquiryInput!) {{ done: replyToInquiry(input: $input) {{ __typename \
         ... on InquiryReplied {{ inquiry {{ {INQUIRY} }} }} ... on ReplyHeld {{ since inquiry {{ {INQUIRY} }} }} \
         ... on InvalidInput {{ problems {{ field code }} }} }} }}"
    );
    let input = json!({ "commandId": Uuid::new_v4(), "id": seen["id"], "expectedVersion": seen["version"],
        "subject": "Re: お問い合わせ", "text": "お知らせします。", "sendAt": "2026-01-01T00:00:00Z" });
    client.graphql(&text, json!({ "input": input })).await
}

async fn a_message_becomes_an_inquiry_and_its_answer_goes_out_in_its_thread(engine: Engine) {
    let office = Office::new(engine).await;
    let (dovecot, relay) = (Dovecot::start(), SmtpServer::start(&[]));
    configure(&office, &dovecot, &relay);
    dovecot.deliver("hanako", "INBOX", message("1@example.jp", "").as_bytes());
    let start = Start {
        log: Some("debug"),
        ..Start::default()
    };
    let mut server = office.serve_with(&start);
    let client = server.administrator().await;
    let following = office.follow().await;
    let database = office.database().await;
    let seen = following
        .until(async || {
            let listed = list(&client, &database, "UNASSIGNED", Some("金糸雀")).await;
            let nodes = listed.at("/inquiries/nodes").as_array();
            nodes.and_then(|nodes| nodes.first().cloned())
        })
        .await;
    assert_eq!(seen["heading"]["subject"], CANARY);
    let thread = inquiry(&client, &seen["id"]).await;
    let words = &thread["entries"][0]["message"]["words"];
    assert_eq!(words["text"], format!("{CANARY}です。"));
    assert_eq!(words["senderAddress"], "taro@example.jp");
    // Another message comes while the answer is written.
    let more = "In-Reply-To: <1@example.jp>\r\n";
    dovecot.deliver("hanako", "INBOX", message("2@example.jp", more).as_bytes());
    let count = "SELECT count(*) FROM inquiry_message";
    following
        .until(async || (database::numbers(&database, count).await == [2]).then_some(()))
        .await;
    let held = reply(&client, &thread).await;
    assert_eq!(held.at("/done/__typename"), "ReplyHeld", "{held:?}");
    assert_eq!(held.at("/done/since").as_array().map(Vec::len), Some(1));
    let now = held.at("/done/inquiry").clone();
    let replied = reply(&client, &now).await;
    assert_eq!(replied.at("/done/inquiry/status"), "WAITING", "{replied:?}");
    let sent = loop {
        if let Some(sent) = relay.received().into_iter().next() {
            break sent;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(sent["recipients"], json!(["taro@example.jp"]));
    one_is_counted(&client, &database).await;
    let bytes = sent["bytes"].as_str().expect("the message");
    assert!(bytes.contains("In-Reply-To: <2@example.jp>"), "{bytes}");
    assert!(
        bytes.contains("References: <1@example.jp>\r\n <2@example.jp>"),
        "{bytes}"
    );
    drop(server);
    let log = office.log();
    assert!(!log.contains("金糸雀"), "nothing of a message is in the log");
}

/// One came in by mail and was answered, and nobody waits any more.
async fn one_is_counted(client: &Client, log: &Database) {
    let listed = list(client, log, "WAITING", None).await;
    assert_eq!(listed.at("/inquiries/nodes").as_array().map(Vec::len), Some(1));
    let text = "query($from: Date!, $to: Date!) { numbers: inquiryNumbers(from: $from, to: $to) { __typename \
         ... on InquiryNumbers { received answered closed reopened reopenedPermille breached firstReply { count median } \
         resolution { count median } byDay { received answered closed backlog } byHour { hour received } \
         byTopic { topic received } byChannel { channel received } } ... on InvalidInput { problems { field code } } } }";
    let ask = async |from: &str, to: &str| {
        let variables = json!({ "from": from, "to": to });
        client.graphql(text, variables).await.at("/numbers").clone()
    };
    let [yesterday, tomorrow] = [-1, 1].map(|days| {
        let moment: DateTime<Utc> = in_days(days).parse().expect("an instant");
        (moment + TimeDelta::hours(9)).date_naive().to_string()
    });
    let numbers = ask(&yesterday, &tomorrow).await;
    for (path, expected) in [
        ("/received", json!(1)),
        ("/answered", json!(1)),
        ("/closed", json!(0)),
        ("/reopenedPermille", json!(0)),
        ("/firstReply/count", json!(1)),
        ("/resolution", json!({ "count": 0, "median": null })),
        ("/byTopic", json!([{ "topic": null, "received": 1 }])),
        ("/byChannel", json!([{ "channel": "MAIL", "received": 1 }])),
        (
            "/byDay/0",
            json!({ "received": 0, "answered": 0, "closed": 0, "backlog": 0 }),
        ),
        ("/byDay/2/backlog", json!(0)),
    ] {
        assert_eq!(numbers.pointer(path), Some(&expected), "{path} of {numbers}");
    }
    let hours = numbers["byHour"].as_array().expect("hours");
    let of_hour = |it: &Value| it["received"].as_i64().expect("a number");
    assert_eq!((hours.len(), hours.iter().map(of_hour).sum::<i64>()), (24, 1));
    for (from, to, code) in [
        (&tomorrow, &yesterday, "empty_time"),
        (&"2025-01-01".to_owned(), &"2026-01-02".to_owned(), "over_a_year"),
    ] {
        assert_eq!(ask(from, to).await["problems"][0]["code"], code);
    }
}

async fn whoever_sees_no_persons_sees_the_desk_without_words(engine: Engine) {
    let office = Office::new(engine).await;
    let handed = office.run_with_input(&["mail", "deliver"], message("1@example.jp", "").as_bytes(), &[]);
    assert_eq!(handed.code, 0, "{handed:?}");
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let auditor = server.member(&office, "auditor").await;
    let following = office.follow().await;
    let database = office.database().await;
    let seen = following
        .until(async || {
            let listed = list(&auditor, &database, "OPEN", None).await;
            let nodes = listed.at("/inquiries/nodes").as_array();
            nodes.and_then(|nodes| nodes.first().cloned())
        })
        .await;
    assert_eq!(seen["heading"]["__typename"], "Withheld");
    let thread = inquiry(&auditor, &seen["id"]).await;
    assert_eq!(thread["entries"][0]["message"]["words"]["__typename"], "Withheld");
    let searched = list(&auditor, &database, "OPEN", Some("金糸雀")).await;
    assert_eq!(searched.fault(), Some("FORBIDDEN"), "{searched:?}");
    let reads = database::reads(&database).await;
    let before = reads.iter().filter(|part| part.ends_with(" inquiry")).count();
    inquiry(&administrator, &seen["id"]).await;
    let reads = database::reads(&database).await;
    let after = reads.iter().filter(|part| part.ends_with(" inquiry")).count();
    assert_eq!(after, before + 1, "each look is on record: {reads:?}");
}
