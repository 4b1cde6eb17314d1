//! `sengen copy`, `backup` and `restore` on the real binary: what moves is the same, and what was damaged is refused.

use std::fs;

use event_store::{Database, EngineMut, KeyEncryptionKey, Keyring, SubjectId};
use futures::FutureExt as _;
use serde_json::{Value, json};
use tests::{Correction, Engine, LIST_OF_NUMBERS, Office, Row, corporate_number, database, register};

tests::on_both_engines!(
    a_register_is_copied_to_either_engine_and_goes_on_there,
    a_backup_is_restored_on_either_engine,
    mail_that_waited_when_a_backup_was_made_is_in_doubt_where_it_is_restored,
    t34b_backups_under_load_are_whole_and_say_what_the_log_said,
    what_cannot_be_done_is_said_in_one_sentence,
);

/// Everything that is computed from the log, in words that both engines use.
const COMPUTED: [&str; 4] = [
    "SELECT number || ' ' || coalesce(name, personal_name, '') || ' ' || cell || ' ' || version || ' ' || changed_at
     FROM declaration ORDER BY seq",
    "SELECT declaration_no || ' ' || coalesce(corporate_number, '') || ' ' || coalesce(fingerprint, '') || ' ' || live
     FROM register_index ORDER BY declaration_id",
    "SELECT login || ' ' || name || ' ' || roles FROM staff ORDER BY login",
    "SELECT cell || ' ' || count FROM declaration_count ORDER BY cell",
];
const MOVED: [&str; 4] = [
    "SELECT size || ' ' || note || ' ' || signed_at FROM checkpoint_note ORDER BY size",
    "SELECT password_hash || ' ' || changed_at FROM credential ORDER BY staff_id",
    "SELECT role || ' ' || created_at || ' ' || coalesce(used_at, 0) FROM invitation ORDER BY token_hash",
    "SELECT origin || ' ' || position || ' ' || recorded_at FROM log_head",
];

async fn content(office: &Office) -> Vec<Vec<String>> {
    let database = office.database().await;
    let mut content = Vec::new();
    for sql in COMPUTED.into_iter().chain(MOVED) {
        content.push(database::texts(&database, sql).await);
    }
    content.push(database::reads(&database).await);
    content
}

fn rows() -> Vec<Row> {
    let mut rows = vec![
        Row::sole_trader("47000000001", "見本 一郎", "ミホン イチロウ"),
        Row::corporation("47000000002").with("法人番号", &corporate_number(7)),
        Row::corporation("47000000003").with("備考", "\"引用\", と\r\n改行"),
    ];
    let more = 100..140;
    rows.extend(more.map(|n| Row::corporation(&format!("47000000{n}"))));
    rows
}

/// An office in which somebody has signed in, looked at a declaration and corrected it.
async fn lively(engine: Engine) -> Office {
    let office = Office::new(engine).await;
    office.import(&register(&rows()));
    let mut server = office.serve();
    let client = server.administrator().await;
    let id = client.find("47000000002").await;
    let query = "query($id: ID!) { declaration(id: $id) { ... on Declaration { contact { __typename } } } }";
    client
        .graphql(query, json!({ "id": id }))
        .await
        .at("/declaration");
    let version = client.version(&id).await;
    let corrected = client
        .correct(&Correction::new(&id, &version, "CITY", "別の市"))
        .await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{corrected:?}"
    );
    // The list has it before the server goes, so that what is compared later is the same.
    let at_least = corrected.at("/correctDeclaration/position");
    let list = json!({ "search": "別の市", "first": 1, "atLeast": at_least });
    let list = client.graphql(LIST_OF_NUMBERS, list).await;
    assert_eq!(
        list.at("/declarations/__typename"),
        "DeclarationConnection",
        "{list:?}"
    );
    drop(server);
    office
}

async fn is_served_as_before(office: &Office, head: i64) {
    let verified = office.run(&["verify", "--json"]).ok().json();
    assert_eq!(
        (&verified["events"], &verified["breaches"]),
        (&json!(head), &json!([]))
    );
    let server = office.serve();
    let client = server.client();
    let answer = client.sign_in("kanri").await;
    assert_eq!(answer.at("/signIn/__typename"), "Session", "{answer:?}");
    let id = client.find("47000000002").await;
    let version = client.version(&id).await;
    let corrected = client
        .correct(&Correction::new(&id, &version, "CITY", "第三の市"))
        .await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged"
    );
    let position = corrected
        .at("/correctDeclaration/position")
        .as_str()
        .expect("a position");
    // After the sign-in, which is an event, too.
    assert_eq!(position.parse(), Ok(head + 2));
}

async fn a_register_is_copied_to_either_engine_and_goes_on_there(engine: Engine) {
    let from = lively(engine).await;
    let before = content(&from).await;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let to = Office::new(engine).await;
        to.take_key_of(&from);
        let copied = from.run(&["copy", "--from", &from.url(), "--to", &to.url(), "--json"]);
        let copied = copied.ok().json();
        assert_eq!(content(&to).await, before);
        let head = copied["position"].as_i64().expect("a position");
        assert_eq!(copied["content"]["events"]["rows"], head);
        assert_eq!(copied["content"]["tables/credential"]["rows"], 1);
        is_served_as_before(&to, head).await;
        let again = from.run(&["copy", "--from", &from.url(), "--to", &to.url()]);
        assert_eq!((again.code, again.stdout.as_str()), (4, ""), "{again:?}");
        assert!(again.stderr.contains("already"), "{again:?}");
    }
    assert_eq!(content(&from).await, before, "the source is as it was");
}

async fn a_backup_is_restored_on_either_engine(engine: Engine) {
    let from = lively(engine).await;
    let before = content(&from).await;
    let made = from
        .run(&["backup", "--to", "one.tar", "--expires", "30", "--json"])
        .ok()
        .json();
    let file = from.folder().join("one.tar");
    let listed = from.run(&["backup", "--list", "--json"]).ok().json();
    assert_eq!(listed[0]["id"], made["id"]);
    assert_eq!(
        (&listed[0]["is_there"], &listed[0]["with_keys"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(listed[0]["position"], made["position"]);
    let (made_at, expires) = (text(&listed[0]["made_at"]), text(&listed[0]["expires_at"]));
    assert!(made_at < expires && listed[0]["expired"] == false, "{listed}");

    let path = file.to_str().expect("a path");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let to = Office::new(engine).await;
        to.take_key_of(&from);
        let checked = to.run(&["restore", path, "--check", "--json"]).ok().json();
        assert_eq!(checked["root"], made["root"]);
        let restored = to.run(&["restore", path, "--json"]).ok().json();
        assert_eq!(
            (&restored["root"], &restored["content"]),
            (&made["root"], &made["content"])
        );
        assert_eq!(content(&to).await, before);
        let listed = to.run(&["backup", "--list", "--json"]).ok().json();
        assert_eq!(
            (&listed[0]["id"], &listed[0]["sha256"]),
            (&made["id"], &made["sha256"]),
            "a restored register knows the backup that it came from"
        );
        is_served_as_before(&to, made["position"].as_i64().expect("a position")).await;
    }
}

async fn mail_that_waited_when_a_backup_was_made_is_in_doubt_where_it_is_restored(engine: Engine) {
    let from = Office::new(engine).await;
    from.run(&["mail", "test", "sent@example.jp"]).ok();
    let relay = "[mail]\nrelay = \"127.0.0.1:1\"\ntls = \"none\"\nfrom = \"office@example.jp\"\n";
    fs::write(from.folder().join("sengen.toml"), relay).expect("a configuration");
    let waits = from.run(&["mail", "test", "waits@example.jp"]);
    assert!(waits.stderr.contains("deferred"), "{waits:?}");
    from.run(&["backup", "--to", "one.tar", "--expires", "30"]).ok();

    let to = Office::new(engine).await;
    to.take_key_of(&from);
    let file = from.folder().join("one.tar");
    to.run(&["restore", file.to_str().expect("a path")]).ok();
    let states = "SELECT state || ' ' || outcome FROM mail ORDER BY position";
    let restored = database::texts(&to.database().await, states).await;
    assert_eq!(restored, ["accepted accepted", "in_doubt restored"]);
    // What is copied moves with whoever sends it, and nothing was sent meanwhile.
    let copied = database::texts(&from.database().await, states).await;
    assert_eq!(copied, ["accepted accepted", "deferred connection_failed"]);
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// How often something is tried; `cargo xtask torture` asks for more.
fn trials(usual: usize) -> usize {
    let asked = std::env::var("SENGEN_TEST_TRIALS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

async fn t34b_backups_under_load_are_whole_and_say_what_the_log_said(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&register(&rows()));
    let mut server = office.serve();
    let client = server.administrator().await;
    let id = client.find("47000000002").await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let load = async {
        let mut stopped = std::pin::pin!(stopped);
        let mut corrections = 0_u32;
        loop {
            let version = client.version(&id).await;
            let city = format!("市{corrections}");
            let answer = client
                .correct(&Correction::new(&id, &version, "CITY", &city))
                .await;
            assert_eq!(answer.at("/correctDeclaration/__typename"), "DeclarationChanged");
            corrections += 1;
            if stopped.as_mut().now_or_never().is_some() {
                return corrections;
            }
        }
    };
    let wanted = trials(3);
    let backups = async {
        let mut made = Vec::new();
        for n in 0..wanted {
            let name = format!("{n}.tar");
            let child = office.start(&["backup", "--to", &name, "--json"]);
            let output = tokio::task::spawn_blocking(move || child.wait_with_output());
            let output = output.await.expect("waited").expect("an end");
            assert!(output.status.success(), "{output:?}");
            let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
            made.push((office.folder().join(name), summary));
        }
        drop(stop);
        made
    };
    let (corrections, made) = tokio::join!(load, backups);
    assert!(corrections > 0);
    drop(server);
    let database = office.database().await;
    let mut last = 0;
    for (n, (file, summary)) in made.iter().enumerate() {
        let position = summary["position"].as_i64().expect("a position");
        assert!(position >= last, "a later backup has no less");
        last = position;
        let engine = if n % 2 == 0 {
            Engine::Sqlite
        } else {
            Engine::Postgres
        };
        let to = Office::new(engine).await;
        to.take_key_of(&office);
        to.run(&["restore", file.to_str().expect("a path")]).ok();
        let verified = to.run(&["verify", "--json"]).ok().json();
        assert_eq!(
            (&verified["events"], &verified["breaches"]),
            (&json!(position), &json!([]))
        );
        assert_eq!(
            hashes(&to.database().await, position).await,
            hashes(&database, position).await
        );
    }
}

/// The leaf hashes up to a position.
async fn hashes(database: &Database, position: i64) -> Vec<Vec<u8>> {
    let sql = "SELECT leaf_hash FROM event WHERE position <= $1 ORDER BY position";
    let mut connection = database.acquire_read().await.expect("a connection");
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => sqlx::query_scalar(sql).bind(position).fetch_all(c).await,
        EngineMut::Postgres(c) => sqlx::query_scalar(sql).bind(position).fetch_all(c).await,
    }
    .expect("the hashes are read")
}

async fn what_cannot_be_done_is_said_in_one_sentence(engine: Engine) {
    let office = Office::new(engine).await;
    let refused = |office: &Office, args: &[&str], code: i32, says: &str| {
        let outcome = office.run(args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (code, ""), "{outcome:?}");
        assert!(outcome.stderr.contains(says), "{outcome:?}");
        assert_eq!(
            outcome
                .stderr
                .trim()
                .lines()
                .last()
                .map(|line| line.starts_with("sengen: ")),
            Some(true)
        );
    };
    refused(&office, &["backup", "--to", "a.tar"], 4, "no register");
    office.import(&register(&rows()));
    office.run(&["backup", "--to", "a.tar"]).ok();
    refused(&office, &["backup", "--to", "a.tar"], 2, "exists already");
    refused(&office, &["restore", "a.tar"], 4, "already");
    refused(&office, &["restore", "none.tar"], 3, "none.tar");
    office.run(&["backup", "--to", "bare.tar", "--without-keys"]).ok();
    let bare = office.folder().join("bare.tar");
    let bare = bare.to_str().expect("a path");

    let to = Office::new(engine).await;
    let whole = office.folder().join("a.tar");
    let whole = whole.to_str().expect("a path");
    refused(&to, &["restore", whole], 4, "key file");
    fs::write(to.folder().join("data/key-encryption.key"), [9; 32]).expect("another key");
    refused(&to, &["restore", whole], 4, "is not the one");
    to.take_key_of(&office);
    refused(&to, &["restore", bare], 4, "without keys");
    let nowhere = to.folder().join("none/sengen.db");
    let nowhere = format!("sqlite:{}", nowhere.display());
    refused(
        &to,
        &["copy", "--from", &nowhere, "--to", &to.url()],
        4,
        "no register",
    );
    refused(
        &to,
        &["copy", "--from", "mysql://x", "--to", &to.url()],
        2,
        "--from and --to",
    );
    to.run(&["restore", whole]).ok();
}

#[tokio::test]
async fn an_interrupted_restore_leaves_nothing_that_could_be_served() {
    let from = Office::new(Engine::Sqlite).await;
    from.import(&register(&rows()));
    from.run(&["backup", "--to", "a.tar"]).ok();
    let to = Office::new(Engine::Sqlite).await;
    to.take_key_of(&from);
    let incoming = to.folder().join("data/incoming");
    let half_done = |complete: bool| {
        fs::create_dir_all(&incoming).expect("the folder");
        fs::write(incoming.join("sengen.db"), b"half of it").expect("a file");
        if complete {
            // Ended between the move of the keys and that of the log.
            fs::write(incoming.join("complete"), b"").expect("a file");
            fs::copy(
                from.folder().join("data/keys.db"),
                to.folder().join("data/keys.db"),
            )
            .expect("a file");
        }
    };
    let file = from.folder().join("a.tar");
    let file = file.to_str().expect("a path");
    for complete in [false, true] {
        half_done(complete);
        let served = to.run(&["verify"]);
        assert_eq!(served.code, 4, "{served:?}");
        assert!(served.stderr.contains("was interrupted"), "{served:?}");
        to.run(&["restore", file]).ok();
        assert!(!incoming.exists());
        to.run(&["verify"]).ok();
        for name in ["sengen.db", "keys.db"] {
            fs::remove_file(to.folder().join("data").join(name)).expect("removed");
        }
    }
}

#[tokio::test]
async fn with_the_keys_in_place_whoever_was_forgotten_since_the_backup_stays_forgotten() {
    let from = Office::new(Engine::Sqlite).await;
    from.import(&register(&rows()));
    from.run(&["backup", "--to", "a.tar"]).ok();
    let kek = KeyEncryptionKey::load(&from.folder().join("data/key-encryption.key")).expect("the key");
    let keyring = Keyring::open_beside(&from.database().await, kek)
        .await
        .expect("the keyring");
    let subject = subject_with_a_key(&from).await;
    keyring.destroy(subject).await.expect("forgotten");

    let to = Office::new(Engine::Sqlite).await;
    to.take_key_of(&from);
    let file = from.folder().join("a.tar");
    let file = file.to_str().expect("a path");
    let without = to.run(&["restore", file, "--keep-keys"]);
    assert_eq!(without.code, 4, "{without:?}");
    drop(keyring);
    for name in ["keys.db", "keys.db-wal"] {
        // The write-ahead log is there while somebody has the file open.
        let (old, new) = (
            from.folder().join("data").join(name),
            to.folder().join("data").join(name),
        );
        if old.exists() {
            fs::copy(old, new).expect("the keyring");
        }
    }
    to.run(&["restore", file, "--keep-keys"]).ok();
    to.run(&["verify"]).ok();
    let forgotten = keys(
        &to,
        "SELECT count(*) FROM subject_key WHERE destroyed_at IS NOT NULL",
    )
    .await;
    assert_eq!(forgotten, 1);
}

async fn keys_of(office: &Office) -> Database {
    let path = office.folder().join("data/keys.db");
    Database::open(&format!("sqlite:{}", path.display()))
        .await
        .expect("the keyring opens")
}

async fn keys(office: &Office, sql: &'static str) -> i64 {
    database::numbers(&keys_of(office).await, sql).await[0]
}

async fn subject_with_a_key(office: &Office) -> SubjectId {
    let database = keys_of(office).await;
    let sql = "SELECT lower(hex(subject_id)) FROM subject_key LIMIT 1";
    let id = database::texts(&database, sql).await.remove(0);
    SubjectId(id.parse().expect("an id"))
}

#[tokio::test]
async fn t34b_a_corrupted_archive_is_refused_and_leaves_nothing() {
    let from = Office::new(Engine::Sqlite).await;
    from.import(&register(&rows()));
    from.run(&["backup", "--to", "a.tar"]).ok();
    let whole = fs::read(from.folder().join("a.tar")).expect("the archive");
    let mut dice = Dice(7);
    for trial in 0..trials(100) {
        let mut bytes = whole.clone();
        let at = dice.below(bytes.len());
        let how = match trial % 4 {
            0 => {
                bytes[at] ^= 1 << dice.below(8);
                "a bit turned over"
            }
            1 => {
                bytes.truncate(at);
                "cut short"
            }
            2 => {
                let to = dice.below(bytes.len() - 512);
                let piece = bytes[to..to + 512].to_vec();
                let at = at.min(bytes.len() - 512);
                if bytes[at..at + 512] == piece {
                    bytes.push(0);
                } else {
                    bytes[at..at + 512].copy_from_slice(&piece);
                }
                "a piece over another"
            }
            _ => {
                bytes.extend_from_within(at..);
                "something behind its end"
            }
        };
        assert!(refuses(&from, &bytes).await, "trial {trial}: {how} at {at}");
    }
    // Whoever also makes the hash at the end right does not get further.
    let members = members(&whole);
    for (n, one) in members.iter().enumerate() {
        let other = &members[(n + 1) % members.len()];
        let swapped = rebuilt(&whole, &members, |i| if i == n { other } else { &members[i] });
        assert!(refuses(&from, &swapped).await, "member {n} is the next one");
        let left_out: Vec<_> = members.iter().filter(|member| *member != one).cloned().collect();
        let left_out = signed(&whole, &left_out.concat());
        assert!(refuses(&from, &left_out).await, "member {n} is missing");
    }
    assert!(
        !refuses(&from, &signed(&whole, &members.concat())).await,
        "the file itself is taken"
    );
    let other = String::from_utf8_lossy(&whole[whole.len() - 512..]).replace("backup/1", "backup/2");
    let mut newer = whole[..whole.len() - 512].to_vec();
    newer.extend_from_slice(other.as_bytes());
    fs::write(from.folder().join("newer.tar"), newer).expect("written");
    let outcome = from.run(&["restore", "newer.tar", "--check"]);
    assert_eq!(outcome.code, 3, "{outcome:?}");
    assert!(outcome.stderr.contains("version 2 of the form"), "{outcome:?}");
}

/// Whether these bytes are no archive that can be restored; then nothing is made of them.
async fn refuses(from: &Office, bytes: &[u8]) -> bool {
    let file = from.folder().join("bad.tar");
    fs::write(&file, bytes).expect("written");
    let folder = from.folder().join("to");
    fs::create_dir_all(&folder).expect("a folder");
    let quiet = |_, _, _| ();
    let outcome = match app::transfer::Archive::check(&file, &quiet) {
        Err(error) => Err(error.into()),
        Ok(archive) => {
            let kek =
                KeyEncryptionKey::load(&from.folder().join("data/key-encryption.key")).expect("the key");
            let target = app::transfer::TargetOptions {
                url: format!("sqlite:{}", folder.join("sengen.db").display()),
                kept_keys: None,
                encryption_keys: kek.into(),
            };
            app::transfer::restore(&archive, &target, &quiet).await
        }
    };
    let left = fs::read_dir(&folder).expect("the folder").count();
    fs::remove_dir_all(&folder).expect("removed");
    assert_eq!(left == 0, outcome.is_err(), "{outcome:?}");
    outcome.is_err()
}

/// The members of a tar archive, header and content, without its end.
fn members(archive: &[u8]) -> Vec<Vec<u8>> {
    let mut members = Vec::new();
    let mut at = 0;
    while archive[at] != 0 {
        let size = std::str::from_utf8(&archive[at + 124..at + 135]).expect("digits");
        let size = usize::from_str_radix(size, 8).expect("an octal number");
        let next = at + 512 + size.div_ceil(512) * 512;
        members.push(archive[at..next].to_vec());
        at = next;
    }
    members
}

fn rebuilt<'m>(whole: &[u8], members: &[Vec<u8>], pick: impl Fn(usize) -> &'m Vec<u8>) -> Vec<u8> {
    let content: Vec<u8> = (0..members.len()).flat_map(|n| pick(n).clone()).collect();
    signed(whole, &content)
}

/// These members with an end and a hash that fit them.
fn signed(whole: &[u8], content: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    let mut bytes = content.to_vec();
    bytes.extend_from_slice(&[0; 1024]);
    let hash = hex::encode(sha2::Sha256::digest(&bytes));
    let mut last = whole[whole.len() - 512..].to_vec();
    let begin = b"sengen-backup/1 sha256 ".len();
    last[begin..begin + 64].copy_from_slice(hash.as_bytes());
    bytes.extend_from_slice(&last);
    bytes
}

/// The same throws in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}
