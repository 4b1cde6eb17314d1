//! Values that nobody means: ten megabytes of addresses, line breaks and NUL in what becomes a header. Every way in answers in
//! bounded time with a sentence that itself is short.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Client, Engine, Office, Outcome, database};
use uuid::Uuid;

const USAGE: i32 = 2;
const TEN_MB: usize = 10_000_000;
/// A debug build on a busy machine needs a fraction of it.
const BOUND: Duration = Duration::from_secs(20);

fn addresses(bytes: usize) -> String {
    let list: Vec<String> = (0..bytes / 26)
        .map(|n| format!("reader{n:06}@example.jp"))
        .collect();
    list.join(", ")
}

fn configured(office: &Office, settings: &str) -> Outcome {
    fs::write(office.folder().join("sengen.toml"), settings).expect("a configuration");
    let began = Instant::now();
    let outcome = office.run(&["mail", "test", "operator@example.jp"]);
    assert!(began.elapsed() < BOUND, "{:?}", began.elapsed());
    assert_eq!((outcome.code, outcome.stdout.as_str()), (USAGE, ""));
    assert!(outcome.stderr.len() < 1_000, "{} bytes", outcome.stderr.len());
    assert!(!office.folder().join("data").exists(), "nothing is opened");
    outcome
}

#[tokio::test]
async fn operators_of_ten_megabytes_or_more_than_a_hundred_are_refused_in_a_short_sentence() {
    let office = Office::new(Engine::Sqlite).await;
    let list = |count: usize| {
        let list: Vec<String> = (0..count)
            .map(|n| format!("\"operator{n}@example.jp\""))
            .collect();
        format!("[mail]\noperators = [{}]\n", list.join(","))
    };
    let large = list(TEN_MB / 25);
    for (settings, said) in [
        (large.as_str(), "larger than 1 MiB"),
        (
            &format!("x = \"{}\"", "あ".repeat(TEN_MB / 3)),
            "larger than 1 MiB",
        ),
        (
            &list(101),
            "mail.operators is \"101 addresses\", but must be at most 100",
        ),
        (
            &format!("[mail]\noperators = [\"{}\"]", "x".repeat(1_000_000)),
            "mail.operators is \"xxx",
        ),
        (
            &format!("[mail]\nfrom = \"{}\"", addresses(1_000_000)),
            "mail.from is \"reader",
        ),
        (&format!("[mail]\n{} = 1", "y".repeat(1_000_000)), "line 2"),
    ] {
        let refused = configured(&office, settings);
        assert!(refused.stderr.contains(said), "{said}: {refused:?}");
    }
    let endless = office.run(&["migrate", "--config", "/dev/zero"]);
    assert!(
        endless.code == USAGE && endless.stderr.contains("larger than 1 MiB"),
        "{endless:?}"
    );
    fs::write(office.folder().join("sengen.toml"), list(100)).expect("a configuration");
    office.run(&["mail", "test", "operator@example.jp"]).ok();
}

#[tokio::test]
async fn line_breaks_and_nul_in_the_name_of_a_sender_are_refused_when_the_settings_are_read() {
    let office = Office::new(Engine::Sqlite).await;
    for name in ["a\\r\\nBcc: x@example.jp", "a\\nb", "a\\rb", "a\\u0000b"] {
        for (table, said) in [
            ("mail", "mail.from"),
            ("mail.senders.support", "mail.senders.*.from"),
        ] {
            let settings = format!("[{table}]\nfrom = \"office@example.jp\"\nfrom_name = \"{name}\"\n");
            let refused = configured(&office, &settings);
            assert!(
                refused.stderr.contains(said) && refused.stderr.contains("from_name one line"),
                "{refused:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_address_as_long_as_an_argument_may_be_queues_nothing_and_a_longer_one_never_starts() {
    let office = Office::new(Engine::Sqlite).await;
    let refused = office.run(&["mail", "test", &addresses(130_000)]);
    assert!(
        refused.code == USAGE && refused.stderr.contains("too long"),
        "{:?}",
        refused.code
    );
    assert!(refused.stderr.len() < 1_000);
    let states = database::texts(&office.database().await, "SELECT state FROM mail").await;
    assert!(states.is_empty(), "{states:?}");
    let started = longer_argument(&addresses(TEN_MB));
    let error = started.expect_err("the system has no room for such an argument");
    assert_eq!(error.kind(), std::io::ErrorKind::ArgumentListTooLong);
}

#[expect(clippy::disallowed_methods, reason = "this binary is never started")]
fn longer_argument(address: &str) -> std::io::Result<std::process::Output> {
    let mut command = std::process::Command::new(tests::binary());
    command.args(["mail", "test", address]).output()
}

async fn mutate(client: &Client, operation: &str, kind: &str, input: &Value) -> tests::Answer {
    let text = format!(
        "mutation($input: {kind}!) {{ {operation}(input: $input) {{ __typename \
         ... on InvalidInput {{ problems {{ field code message }} }} }} }}"
    );
    let began = Instant::now();
    let answer = client.graphql(&text, json!({ "input": input })).await;
    assert!(began.elapsed() < BOUND, "{:?}", began.elapsed());
    assert!(answer.body.to_string().len() < 2_000, "{operation}");
    answer
}

/// What the server says to whoever announces so many bytes, before it has read more of them than it takes.
fn announced(address: &str, bytes: usize) -> String {
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).expect("a connection");
    stream.set_read_timeout(Some(BOUND)).expect("a bound");
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {host}\r\nOrigin: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {bytes}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("it takes the head");
    stream
        .write_all(&vec![b'x'; 256 * 1024 + 1])
        .expect("it takes a part");
    let mut told = String::new();
    stream.read_to_string(&mut told).expect("an answer in time");
    told
}

#[tokio::test]
async fn no_way_in_of_the_api_takes_a_list_of_addresses_or_a_header_in_an_address() {
    let office = Office::new(Engine::Sqlite).await;
    let mut server = office.serve();
    let client = server.administrator().await;
    let before = server.resident_kib();
    let told = announced(server.address(), TEN_MB);
    assert!(
        told.starts_with("HTTP/1.1 413") && told.contains("TOO_LARGE"),
        "{told}"
    );
    for (operation, kind, field) in [
        ("sendTestMail", "SendTestMailInput", "to"),
        ("suppressAddress", "SuppressAddressInput", "address"),
    ] {
        let with = |address: &str| {
            let mut input = json!({ "commandId": Uuid::new_v4() });
            input[field] = json!(address);
            if field == "address" {
                input["until"] = json!("");
            }
            input
        };
        for (address, code) in [
            (addresses(200_000), "address_too_long"),
            (
                "a@example.jp\r\nBcc: b@example.jp".to_owned(),
                "address_unreadable",
            ),
            ("a\nb@example.jp".to_owned(), "address_unreadable"),
            ("a\0@example.jp".to_owned(), "address_unreadable"),
            ("a@example\0.jp".to_owned(), "address_unreadable"),
            ("a@example.jp, b@example.jp".to_owned(), "address_unreadable"),
        ] {
            let refused = mutate(&client, operation, kind, &with(&address)).await;
            let found = refused.problems(operation);
            assert_eq!(found, [(field.to_owned(), code.to_owned())], "{address:.40}");
            let message = refused.at(&format!("/{operation}/problems/0/message"));
            assert!(message.as_str().is_some_and(|it| it.ends_with('。')), "{message}");
        }
    }
    let sender = json!({ "commandId": Uuid::new_v4(), "to": "a@example.jp", "sender": "office\r\nBcc: b@example.jp\0" });
    let refused = mutate(&client, "sendTestMail", "SendTestMailInput", &sender).await;
    assert_eq!(
        refused.problems("sendTestMail"),
        [("sender".to_owned(), "unknown".to_owned())]
    );
    let grown = server.resident_kib().saturating_sub(before);
    assert!(grown < 100 * 1024, "{grown} KiB more");
    let database = office.database().await;
    let kinds = "SELECT event_type FROM event WHERE event_type LIKE 'mail.%'";
    assert_eq!(
        database::texts(&database, kinds).await,
        [""; 0],
        "nothing is written"
    );
}
