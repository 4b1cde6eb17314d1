//! What the binary does by itself: mail by way of the ledger, and the schedule that every office has.

use std::fs;

use tests::{Engine, Office, database};

const USAGE: i32 = 2;

fn messages(office: &Office) -> Vec<String> {
    let Ok(entries) = fs::read_dir(office.folder().join("data/mail")) else {
        return Vec::new();
    };
    let texts = entries.map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a message"));
    texts.collect()
}

async fn states(office: &Office) -> Vec<String> {
    database::texts(&office.database().await, "SELECT state FROM mail ORDER BY id").await
}

async fn a_test_mail_becomes_a_file(engine: Engine) {
    let office = Office::new(engine).await;
    let sent = office.run(&["mail", "test", "operator@example.jp"]).ok();
    assert_eq!(sent.stdout.trim(), "accepted");
    // As carriers issued them.
    office.run(&["mail", "test", "a..b.@example.ne.jp"]).ok();
    let messages = messages(&office);
    assert_eq!(messages.len(), 2);
    assert!(
        messages
            .iter()
            .any(|text| text.contains("To: operator@example.jp"))
    );
    assert!(
        messages
            .iter()
            .any(|text| text.contains("To: \"a..b.\"@example.ne.jp"))
    );
    assert!(
        messages
            .iter()
            .all(|text| text.contains("Auto-Submitted: auto-generated"))
    );
    assert_eq!(states(&office).await, ["accepted", "accepted"]);
}

#[tokio::test]
async fn a_test_mail_becomes_a_file_on_sqlite() {
    a_test_mail_becomes_a_file(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_test_mail_becomes_a_file_on_postgres() {
    a_test_mail_becomes_a_file(Engine::Postgres).await;
}

#[tokio::test]
async fn t35_an_address_that_is_none_queues_nothing() {
    let office = Office::new(Engine::Sqlite).await;
    for address in [
        "nobody",
        "a@example.jp\r\nBcc: b@example.jp",
        "a@example.jp, b@example.jp",
        "",
    ] {
        let refused = office.run(&["mail", "test", address]);
        assert_eq!(refused.code, USAGE, "{refused:?}");
        assert!(refused.stderr.contains("address"), "{refused:?}");
    }
    assert!(messages(&office).is_empty());
    assert!(states(&office).await.is_empty());
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_told_and_the_message_waits() {
    let office = Office::new(Engine::Sqlite).await;
    let settings = "[mail]\nrelay = \"127.0.0.1:1\"\ntls = \"none\"\nfrom = \"office@example.jp\"\n";
    fs::write(office.folder().join("sengen.toml"), settings).expect("a configuration");
    let told = office.run(&["mail", "test", "operator@example.jp"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(
        told.stderr.contains("deferred") && told.stderr.contains("127.0.0.1:1"),
        "{told:?}"
    );
    assert!(!told.stderr.contains("operator@"), "{told:?}");
    assert_eq!(states(&office).await, ["deferred"]);
}

#[tokio::test]
async fn t59_a_setting_of_mail_that_cannot_be_is_named() {
    let office = Office::new(Engine::Sqlite).await;
    for (settings, said) in [
        ("[mail]\nrely = \"x:1\"\n", "line 2"),
        ("[mail]\nrelay = \"x\"\nfrom = \"a@example.jp\"\n", "mail.relay"),
        ("[mail]\nrelay = \"x:25\"\n", "mail.from"),
        ("[mail]\nfrom = \"nobody\"\n", "mail.from"),
        ("[mail]\noperators = [\"nobody\"]\n", "mail.operators"),
        (
            "[mail]\nrelay = \"x:25\"\nfrom = \"a@example.jp\"\ntls = \"maybe\"\n",
            "mail.tls",
        ),
        (
            "[mail]\nrelay = \"x:25\"\nfrom = \"a@example.jp\"\nuser = \"u\"\n",
            "mail.user",
        ),
        (
            "[mail]\nrelay = \"x:25\"\nfrom = \"a@example.jp\"\nuser = \"u\"\npassword_file = \"none\"\n",
            "mail.password_file",
        ),
        ("[mail]\nconnections = 0\n", "mail.connections"),
        ("[mail]\nrate = \"10/d\"\n", "mail.rate"),
        ("[mail]\ndomain_rate = \"fast\"\n", "mail.domain_rate"),
        (
            "[mail.domain_rates]\n\"no domain\" = \"1/s\"\n",
            "mail.domain_rates",
        ),
        ("[mail.senders.office]\nfrom = \"a@example.jp\"\n", "mail.senders"),
        (
            "[mail.senders.support]\nfrom = \"nobody\"\n",
            "mail.senders.*.from",
        ),
        ("[mail.senders.support]\nname = \"x\"\n", "line 2"),
    ] {
        fs::write(office.folder().join("sengen.toml"), settings).expect("a configuration");
        let refused = office.run(&["mail", "test", "operator@example.jp"]);
        assert_eq!(refused.code, USAGE, "{refused:?}");
        assert!(refused.stderr.contains(said), "{settings}: {refused:?}");
    }
    // A relay far away is never talked to in clear text by mistake.
    let clear = "[mail]\nrelay = \"192.0.2.1:25\"\nfrom = \"a@example.jp\"\ntls = \"none\"\n";
    fs::write(office.folder().join("sengen.toml"), clear).expect("a configuration");
    let refused = office.run(&["mail", "test", "operator@example.jp"]);
    assert_eq!(refused.code, USAGE, "{refused:?}");
}

#[tokio::test]
async fn every_office_has_its_nightly_schedules_once_however_often_it_is_served() {
    let office = Office::new(Engine::Sqlite).await;
    for _ in 0..2 {
        drop(office.serve());
    }
    let names = database::texts(
        &office.database().await,
        "SELECT name FROM schedule ORDER BY name",
    )
    .await;
    assert_eq!(
        names,
        [
            "保存期間を過ぎた請求の消去（毎晩）",
            "台帳の検証（毎晩）",
            "基本方針の公開先の確認（毎晩）",
            "要確認の洗い出し（毎晩）"
        ]
    );
    let holders = database::numbers(&office.database().await, "SELECT count(*) FROM lease").await;
    assert!(holders[0] <= 1);
}
