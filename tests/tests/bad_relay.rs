//! A relay that fails in every way, and the real binary: each run ends in bounded time with a sentence for the operator, no
//! message is lost, and none arrives twice.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use test_support::SmtpServer;
use tests::{Engine, Office, Outcome, database, on_both_engines};

#[path = "../../crates/mail/tests/smtp/certificates.rs"]
mod certificates;

use certificates::Certificate;

on_both_engines!(
    whatever_a_relay_answers_is_told_and_nothing_is_lost_or_sent_twice,
    a_relay_that_breaks_encryption_gets_nothing_and_the_message_waits,
    a_relay_that_stalls_in_any_phase_holds_nobody_up_and_is_told,
);

/// Far below the minutes for which a server waits for an answer, far above what a busy machine needs.
const BOUND: Duration = Duration::from_mins(1);
const GOOD: &str = "hanako@example.jp";

fn configure(office: &Office, port: u16, more: &str) {
    let settings = format!("[mail]\nrelay = \"localhost:{port}\"\n{more}");
    fs::write(office.folder().join("sengen.toml"), settings).expect("a configuration");
}

const CLEAR: &str = "tls = \"none\"\nfrom = \"office@example.jp\"\n";

#[track_caller]
fn told(outcome: &Outcome, state: &str, said: &str) {
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{outcome:?}");
    let sentence = outcome.stderr.lines().rfind(|line| line.starts_with("sengen: "));
    let sentence = sentence.unwrap_or_else(|| panic!("no sentence in {outcome:?}"));
    assert!(
        sentence.contains(&format!("the message is {state}")) && sentence.contains(said),
        "{said}: {sentence}"
    );
    assert!(sentence.contains("it stays in the ledger under "), "{sentence}");
    assert!(!sentence.contains("@example.jp"), "{sentence}");
    assert!(sentence.len() < 1_000, "{}", sentence.len());
}

/// How often the server took a message to each recipient.
fn taken(server: &SmtpServer) -> BTreeMap<String, usize> {
    let mut taken = BTreeMap::new();
    for row in server.received() {
        let to = row["recipients"][0].as_str().expect("a recipient").to_owned();
        *taken.entry(to).or_default() += 1;
    }
    taken
}

async fn whatever_a_relay_answers_is_told_and_nothing_is_lost_or_sent_twice(engine: Engine) {
    let office = Office::new(engine).await;
    let server = SmtpServer::start(&[]);
    configure(&office, server.port, CLEAR);
    let none = "gave an answer that is none";
    let unsaid = "had the whole message and did not say whether it took it";
    let cases = [
        ("rcpt-550", "bounced", "550 5.1.1 to RCPT"),
        ("data-554", "bounced", "554 5.1.1 to DATA"),
        ("dot-554", "bounced", "554 5.1.1 to the message"),
        ("dot-451", "deferred", "451 4.2.0 to the message"),
        ("rcpt-421", "deferred", "sends us away"),
        ("dot-421", "deferred", "sends us away"),
        ("rcpt-drop", "deferred", "broke off at RCPT"),
        ("data-drop", "deferred", "broke off at DATA"),
        ("rcpt-noise", "deferred", none),
        ("data-noise", "deferred", none),
        ("rcpt-flood", "deferred", none),
        ("dot-noise", "in_doubt", unsaid),
        ("dot-flood", "in_doubt", unsaid),
        ("dot-drop", "in_doubt", unsaid),
        ("dot-lose", "in_doubt", unsaid),
    ];
    for (fault, state, said) in cases {
        let began = Instant::now();
        let outcome = office.run(&["mail", "test", &format!("{fault}@example.jp")]);
        told(&outcome, state, said);
        assert!(began.elapsed() < BOUND, "{fault}: {:?}", began.elapsed());
    }
    // Who sends next finds them all in the ledger, and touches none that may have arrived.
    office.run(&["mail", "test", GOOD]).ok();
    let states = "SELECT state FROM mail ORDER BY id";
    let states = database::texts(&office.database().await, states).await;
    let expected: Vec<&str> = cases.iter().map(|case| case.1).chain(["accepted"]).collect();
    assert_eq!(states, expected);
    let taken = taken(&server);
    assert!(taken.values().all(|&times| times == 1), "{taken:?}");
    for arrived in ["dot-noise", "dot-flood", "dot-drop"] {
        assert!(taken.contains_key(&format!("{arrived}@example.jp")), "{taken:?}");
    }
}

async fn a_relay_that_breaks_encryption_gets_nothing_and_the_message_waits(engine: Engine) {
    let office = Office::new(engine).await;
    for (certificate, more, said) in [
        (Certificate::expired(), &[][..], "cannot be trusted"),
        (Certificate::of_the_future(), &[], "cannot be trusted"),
        (Certificate::for_another_name(), &[], "cannot be trusted"),
        (
            Certificate::good(),
            &["--strip", "STARTTLS"],
            "offers no encryption, so nothing was sent",
        ),
    ] {
        let server = SmtpServer::start(&[&certificate.options()[..], more].concat());
        fs::write(office.folder().join("roots.pem"), &certificate.authority).expect("a file");
        configure(
            &office,
            server.port,
            "ca_file = \"roots.pem\"\nfrom = \"office@example.jp\"\n",
        );
        told(&office.run(&["mail", "test", GOOD]), "deferred", said);
        assert!(server.received().is_empty());
        let names = server.command_names();
        assert!(
            names.iter().all(|name| name == "EHLO" || name == "STARTTLS"),
            "nothing about the message in clear text: {names:?}"
        );
    }
    // An answer that somebody slips in before the encryption counts for nothing.
    let certificate = Certificate::good();
    let server = SmtpServer::start(&[&certificate.options()[..], &["--inject"]].concat());
    fs::write(office.folder().join("roots.pem"), &certificate.authority).expect("a file");
    configure(
        &office,
        server.port,
        "ca_file = \"roots.pem\"\nfrom = \"office@example.jp\"\n",
    );
    office.run(&["mail", "test", GOOD]).ok();
    let states = "SELECT state FROM mail ORDER BY id";
    let states = database::texts(&office.database().await, states).await;
    assert_eq!(states[..4], ["deferred"; 4]);
    assert_eq!(states[4], "accepted");
}

async fn a_relay_that_stalls_in_any_phase_holds_nobody_up_and_is_told(engine: Engine) {
    let phases: [(&[&str], &str, &str); 6] = [
        (&["--at-connect", "mute"], "office", "hanako"),
        (&["--mute-hello"], "office", "hanako"),
        (&[], "mail-mute", "hanako"),
        (&[], "office", "rcpt-mute"),
        (&[], "office", "data-mute"),
        (&[], "office", "dot-mute"),
    ];
    let mut stalled = Vec::new();
    let began = Instant::now();
    for (options, from, to) in phases {
        let (office, server) = (Office::new(engine).await, SmtpServer::start(options));
        let from = format!("tls = \"none\"\nfrom = \"{from}@example.jp\"\n");
        configure(&office, server.port, &from);
        let run = office.start(&["mail", "test", &format!("{to}@example.jp"), "--wait", "1"]);
        stalled.push((office, server, run, to));
    }
    for (office, server, run, to) in stalled {
        let output = run.wait_with_output().expect("it ends");
        let outcome = Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        told(
            &outcome,
            "claimed",
            "the relay did not answer in time and may have taken it",
        );
        assert!(began.elapsed() < BOUND, "{to}: {:?}", began.elapsed());
        // Nobody else takes it meanwhile: not a run with a relay that answers.
        let relay = SmtpServer::start(&[]);
        configure(&office, relay.port, CLEAR);
        office.run(&["mail", "test", "taro@example.jp"]).ok();
        let states = "SELECT state FROM mail ORDER BY id";
        let states = database::texts(&office.database().await, states).await;
        assert_eq!(states, ["claimed", "accepted"], "{to}");
        let had_all = usize::from(to == "dot-mute");
        assert_eq!(
            (server.received().len(), relay.received().len()),
            (had_all, 1),
            "{to}"
        );
    }
}
