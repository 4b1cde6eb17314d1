//! Mail that comes in, by way of the real binary: from files, from a mail server of this machine, and from a mailbox; and how a raw
//! message is understood.

use std::io::Write as _;

use serde_json::{Value, json};
use test_support::Dovecot;
use tests::{Engine, Office, Outcome, Start, database, on_both_engines};
use uuid::Uuid;

on_both_engines!(
    messages_of_files_are_taken_once_and_read,
    a_message_from_standard_input_is_durable_or_is_to_be_handed_over_again,
    a_server_reads_its_mailboxes_and_what_was_handed_over,
);

fn human(number: u32) -> String {
    format!("From: taro@example.jp\r\nSubject: canary-{number}\r\n\r\ntext\r\n")
}

fn summary(office: &Office, path: &str) -> Value {
    let outcome = office.run(&["mail", "import", path, "--json"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    serde_json::from_str(&outcome.stdout).expect("a summary")
}

async fn messages_of_files_are_taken_once_and_read(engine: Engine) {
    let office = Office::new(engine).await;
    let folder = office.folder().join("mails");
    std::fs::create_dir_all(folder.join("older")).expect("a folder");
    let put = |name: &str, content: &str| std::fs::write(folder.join(name), content).expect("a file");
    put("one.eml", &human(1));
    put("notes.txt", "no mail");
    let both = format!(
        "From a@example.jp Mon\n{}\nFrom b@example.jp Tue\n{}",
        human(2),
        human(1)
    );
    put("older/all.mbox", &both);
    put("older/broken.EML", "no message at all");
    let first = summary(&office, "mails");
    let expected = json!({ "files": 3, "messages": 4, "new": 3, "known": 1, "cut": 0, "read": { "human": 2, "unreadable": 1 } });
    // One of them lies in a file of its own, too.
    assert_eq!(first, expected);
    let again = summary(&office, "mails");
    let expected = json!({ "files": 3, "messages": 4, "new": 0, "known": 4, "cut": 0, "read": {} });
    assert_eq!(again, expected);
    for (path, sentence) in [
        ("none", "none cannot be read"),
        ("mails/older/nothing", "nothing cannot be read"),
    ] {
        let refused = office.run(&["mail", "import", path]);
        assert_eq!(refused.code, 3, "{refused:?}");
        assert!(refused.stderr.contains(sentence), "{refused:?}");
    }
    std::fs::create_dir(folder.join("empty")).expect("a folder");
    let refused = office.run(&["mail", "import", "mails/empty"]);
    assert!(
        refused.code == 3 && refused.stderr.contains(".eml or .mbox"),
        "{refused:?}"
    );
}

fn deliver(office: &Office, message: &[u8], environment: &[(&str, &str)]) -> Outcome {
    office.run_with_input(&["mail", "deliver"], message, environment)
}

async fn a_message_from_standard_input_is_durable_or_is_to_be_handed_over_again(engine: Engine) {
    let office = Office::new(engine).await;
    for _ in 0..2 {
        let taken = deliver(&office, human(1).as_bytes(), &[]);
        assert_eq!(taken.code, 0, "{taken:?}");
    }
    let count = "SELECT count(*) FROM incoming_mail";
    assert_eq!(database::numbers(&office.database().await, count).await, [1]);
    let empty = deliver(&office, b"", &[]);
    assert_eq!(empty.code, 3, "{empty:?}");
    let nowhere = [("SENGEN_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")];
    let misset = [("SENGEN_MAIL_CONNECTIONS", "none")];
    for environment in [nowhere, misset] {
        let refused = deliver(&office, human(2).as_bytes(), &environment);
        assert_eq!(refused.code, 75, "the mail server keeps it: {refused:?}");
    }
}

/// As a server reports that there is no such address.
fn report(original: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered Mail canary\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=d\r\n\r\n\
         --d\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
         Final-Recipient: rfc822; canary@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --d\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}@office.example>\r\n\r\n--d--\r\n"
    )
}

async fn a_server_reads_its_mailboxes_and_what_was_handed_over(engine: Engine) {
    let office = Office::new(engine).await;
    let dovecot = Dovecot::start();
    let password = office.folder().join("mailbox.password");
    std::fs::write(&password, Dovecot::PASSWORD).expect("a file");
    let settings = format!(
        "[mail.mailboxes.inquiries]\nserver = \"127.0.0.1:{}\"\ntls = \"none\"\nuser = \"hanako\"\npassword_file = \"{}\"\n",
        dovecot.port,
        password.display()
    );
    std::fs::write(office.folder().join("sengen.toml"), settings).expect("a file");
    for _ in 0..2 {
        let sent = office.run(&["mail", "test", "canary@example.com"]);
        assert_eq!(sent.code, 0, "{sent:?}");
    }
    let database = office.database().await;
    let ids = match engine {
        Engine::Sqlite => "SELECT lower(hex(id)) FROM mail",
        Engine::Postgres => "SELECT CAST(id AS TEXT) FROM mail",
    };
    let ids = database::texts(&database, ids).await;
    let ids: Vec<Uuid> = ids.iter().map(|id| id.parse().expect("an id")).collect();
    // One way and the other.
    dovecot.deliver("hanako", "INBOX", report(&ids[0].to_string()).as_bytes());
    assert_eq!(
        deliver(&office, report(&ids[1].to_string()).as_bytes(), &[]).code,
        0
    );
    let start = Start {
        log: Some("debug"),
        ..Start::default()
    };
    let server = office.serve_with(&start);
    let came_back = "SELECT count(*) FROM mail WHERE state = 'bounced'";
    let following = office.follow().await;
    following
        .until(async || (database::numbers(&database, came_back).await == [2]).then_some(()))
        .await;
    drop(server);
    let log = office.log();
    assert!(!log.contains("canary"), "nothing of a mail is in the log");
}

#[tokio::test]
async fn how_a_raw_message_is_understood_is_said_as_json_and_to_people() {
    let office = Office::new(Engine::Sqlite).await;
    let file = office.folder().join("mail.eml");
    let mail = b"From: =?UTF-8?B?6KaL5pys?= <taro@example.jp>\r\nSubject: \x8am\x94F\r\n\
                 Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                 \x1b$B3NG'\x1b(B\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nabc\r\n--b--\r\n";
    std::fs::write(&file, mail).expect("a file");
    let outcome = office.run(&["mail", "read", "mail.eml", "--json"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let read: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(
        (&read["kind"], &read["sender"]),
        (&json!("human"), &json!("taro@example.jp"))
    );
    assert_eq!(
        (&read["subject"], &read["text"]),
        (&json!("確認"), &json!("確認"))
    );
    let charset = json!({ "declared": "utf-8", "used": "ISO-2022-JP", "why": "declared_is_wrong" });
    assert_eq!(read["charset"], charset);
    let attachments = json!([{ "name": "a.pdf", "type": "application/pdf", "bytes": 3 }]);
    assert_eq!(
        (&read["attachments"], &read["bounce"]),
        (&attachments, &Value::Null)
    );
    assert!(
        office
            .run(&["mail", "read", "mail.eml"])
            .stdout
            .contains("subject: 確認")
    );
    let unknown = office.run(&["mail", "read", "mail.eml", "--charset", "klingon"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert_eq!(office.run(&["mail", "read", "none.eml"]).code, 3);
}

#[tokio::test]
async fn t37_a_message_of_a_gigabyte_is_refused_by_its_length() {
    let office = Office::new(Engine::Sqlite).await;
    let bomb = std::fs::File::create(office.folder().join("bomb.eml")).expect("a file");
    (&bomb)
        .write_all(b"From: a@example.jp\r\nSubject: bomb\r\n\r\n")
        .expect("written");
    bomb.set_len(1 << 30).expect("its length");
    let outcome = office.run(&["mail", "read", "bomb.eml", "--json"]);
    let read: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(
        (&read["kind"], &read["subject"]),
        (&json!("unreadable"), &json!("bomb"))
    );
}
