//! Forgetting a person on the real binary: on every way to the data, and in the bytes of the database.

use std::fs;
use std::path::Path;

use event_store::{Database, each_engine};
use serde_json::{Value, json};
use tests::{
    Answer, Client, Correction, Engine, LIST_OF_NUMBERS, Office, Row, Server, database, on_both_engines,
    register,
};
use uuid::Uuid;

on_both_engines!(
    t55_a_forgotten_sole_trader_is_nowhere_in_answers_rows_or_files,
    t55_what_a_crash_left_undone_is_done_at_the_next_start,
    t55_whoever_is_just_reading_is_waited_for_until_the_files_are_cleared,
    t55_t52_a_person_is_forgotten_when_a_second_person_agrees_and_at_once,
    t52_a_new_contact_is_not_forgotten_for_the_old_one,
    t51_why_somebody_shall_be_forgotten_is_for_those_who_read_persons_and_on_record,
    t56_keys_in_a_database_of_their_own_are_rotated_while_the_server_runs,
);

const TRADER: &str = "47000000002";
const FORGET_TRADER: [&str; 8] = [
    "forget",
    "--declaration",
    TRADER,
    "--person",
    "trader",
    "--reason",
    "本人の求め",
    "--yes",
];
const COMPANY: &str = "47000000003";
/// What stands about the sole trader as such.
const OF_TRADER: [&str; 6] = ["金糸雀", "カナリア", "9998877", "羽根町", "鳥籠", "9999010000027"];
/// The same name as the words of SQLite's search index have it.
const IN_INDEX: [&str; 2] = ["91d17cf8", "7cf896c0"];

fn rows() -> String {
    let trader = Row::sole_trader(TRADER, "金糸雀", "カナリア")
        .with("郵便番号", "9998877")
        .with("番地", "羽根町1-2")
        .with("建物", "鳥籠ビル")
        .with("法人番号", "9999010000027")
        .with("担当者名", "歌姫")
        .with("メール", "tori@example.jp")
        .with("備考", "餌を好む");
    register(&[trader, Row::corporation(COMPANY)])
}

const WHOLE: &str = "query($id: ID!, $asOf: Date, $upTo: Position) { declaration(id: $id, asOf: $asOf, recordedUpTo: $upTo) { \
     __typename ... on Declaration { name { __typename ... on PersonName { name kana } ... on Forgotten { subject } } \
     premises { __typename ... on Premises { postalCode { typed } street { typed } building { typed } } } \
     contact { __typename ... on Contact { name { typed } email { typed } } } \
     remarks { __typename ... on Remarks { text { typed } } } corporateNumber { typed } \
     history { kind person reason { __typename ... on OpenText { text } } note { ... on OpenText { text } } \
     changes { field old { ... on OpenText { text } } new { ... on OpenText { text } } } } } } }";

/// The office with a trader whose street was corrected once, so that there is an old value.
async fn office(engine: Engine) -> (Office, Server, Client, String) {
    let office = Office::new(engine).await;
    office.import(&rows());
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let id = administrator.find(TRADER).await;
    let version = administrator.version(&id).await;
    let correction = Correction::new(&id, &version, "STREET", "羽根町9-9").with("reason", "転居の届け");
    let corrected = administrator.correct(&correction).await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged"
    );
    (office, server, administrator, id)
}

async fn record(client: &Client, id: &str) -> String {
    let mut whole = String::new();
    for variables in [
        json!({ "id": id }),
        json!({ "id": id, "asOf": "2021-01-01" }),
        json!({ "id": id, "upTo": "2" }),
    ] {
        let answer = client.graphql(WHOLE, variables).await;
        assert_eq!(answer.fault(), None, "{answer:?}");
        whole.push_str(&answer.body.to_string());
    }
    whole
}

async fn found(client: &Client, search: &str) -> Value {
    let page = client
        .graphql(LIST_OF_NUMBERS, json!({ "search": search, "first": 5 }))
        .await;
    page.at("/declarations/total/count").clone()
}

/// Which of these texts the files of the database hold, as raw bytes.
async fn in_files(office: &Office, engine: Engine, texts: &[&str]) -> Vec<String> {
    match engine {
        Engine::Sqlite => in_folder(&office.folder().join("data"), texts),
        Engine::Postgres => in_relations(&office.database().await, texts).await,
    }
}

fn in_folder(folder: &Path, texts: &[&str]) -> Vec<String> {
    let mut hits = Vec::new();
    for file in fs::read_dir(folder).expect("the data folder") {
        let path = file.expect("a file").path();
        if path.is_dir() {
            hits.extend(in_folder(&path, texts));
            continue;
        }
        let bytes = fs::read(&path).expect("its bytes");
        for text in texts {
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                hits.push(format!("{text} in {}", path.display()));
            }
        }
    }
    hits
}

/// Every table, index and TOAST file of the database, and everything that a dump would hold.
async fn in_relations(database: &Database, texts: &[&str]) -> Vec<String> {
    let mut hits = Vec::new();
    // What is in memory goes to the files.
    database::execute(database, "CHECKPOINT").await;
    let mut connection = database.acquire_read().await.expect("a connection");
    for text in texts {
        let files: Vec<String> = each_engine!(connection, c => {
            sqlx::query_scalar(
                "SELECT relname::text FROM pg_class WHERE pg_relation_filenode(oid) IS NOT NULL
                 AND position(convert_to($1, 'UTF8') IN pg_read_binary_file(pg_relation_filepath(oid), 0, 100000000, true)) > 0",
            )
            .bind(*text)
            .fetch_all(c)
            .await
        })
        .expect("the files can be read");
        let in_dump: bool = each_engine!(connection, c => {
            sqlx::query_scalar("SELECT position($1 IN database_to_xml(true, false, '')::text) > 0").bind(*text).fetch_one(c).await
        })
        .expect("the rows can be read");
        hits.extend(files.iter().map(|file| format!("{text} in {file}")));
        hits.extend(in_dump.then(|| format!("{text} in a dump")));
    }
    hits
}

async fn t55_a_forgotten_sole_trader_is_nowhere_in_answers_rows_or_files(engine: Engine) {
    let (office, server, administrator, id) = office(engine).await;
    let open = record(&administrator, &id).await;
    for text in OF_TRADER {
        assert!(text == "9999010000027" || open.contains(text), "{text}: {open}");
    }
    assert_eq!(found(&administrator, "金糸雀").await, 1);
    drop(server);
    let before = in_files(&office, engine, &["金糸雀"]).await;
    assert!(!before.is_empty(), "the search looks where the rows are");
    let clear: Vec<_> = OF_TRADER
        .into_iter()
        .filter(|text| *text != "金糸雀" && *text != "カナリア")
        .collect();
    let sealed = in_files(&office, engine, &clear).await;
    assert!(sealed.is_empty(), "only the name stands in lists: {sealed:?}");
    if engine == Engine::Sqlite {
        assert!(
            !in_files(&office, engine, &IN_INDEX).await.is_empty(),
            "and in the index"
        );
    }

    let forgotten = office.run(&FORGET_TRADER).ok();
    assert!(forgotten.stdout.contains("the key is destroyed"), "{forgotten:?}");
    let mut texts = OF_TRADER.to_vec();
    texts.extend(IN_INDEX);
    let left = in_files(&office, engine, &texts).await;
    assert!(left.is_empty(), "{left:?}");
    let verified = office.run(&["verify", "--json"]).ok().json();
    assert_eq!(verified["breaches"], json!([]));
    let rebuilt = office.run(&["rebuild", "declarations"]).ok();
    assert!(rebuilt.stdout.contains("the same rows as before"), "{rebuilt:?}");

    let server = office.serve();
    let client = server.client();
    client.sign_in("kanri").await;
    let closed = record(&client, &id).await;
    for text in OF_TRADER {
        assert!(!closed.contains(text), "{text}: {closed}");
    }
    assert!(
        closed.contains("歌姫") && closed.contains("PERSON_FORGOTTEN"),
        "{closed}"
    );
    assert!(closed.contains("本人の求め"), "why is still known: {closed}");
    for (search, count) in [("金糸雀", 0), ("カナリア", 0), (TRADER, 1), (COMPANY, 1)] {
        assert_eq!(found(&client, search).await, count, "{search}");
    }
    let again = office.run(&FORGET_TRADER);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("forgotten already"), "{again:?}");
}

async fn t55_what_a_crash_left_undone_is_done_at_the_next_start(engine: Engine) {
    let (office, server, _, id) = office(engine).await;
    drop(server);
    let database = office.database().await;
    let keep = match engine {
        Engine::Sqlite => {
            let keys = office.folder().join("data/keys.db");
            fs::copy(&keys, office.folder().join("keys.before")).expect("a copy");
            None
        }
        Engine::Postgres => Some(
            database::execute(
                &database,
                "CREATE TABLE keys_before AS SELECT * FROM sengen_keys.subject_key",
            )
            .await,
        ),
    };
    office.run(&FORGET_TRADER).ok();
    // As if the process had ended after the event: key and row are as they were before, and nothing is marked as done.
    if keep.is_none() {
        fs::copy(
            office.folder().join("keys.before"),
            office.folder().join("data/keys.db"),
        )
        .expect("back");
    } else {
        database::execute(
            &database,
            "UPDATE sengen_keys.subject_key AS k SET wrapped = b.wrapped, destroyed_at = NULL, \
             wrapped_by = b.wrapped_by FROM keys_before AS b WHERE b.subject_id = k.subject_id",
        )
        .await;
        database::execute(&database, "DROP TABLE keys_before").await;
    }
    database::execute(
        &database,
        "UPDATE declaration SET personal_name = '金糸雀', personal_kana = 'カナリア', \
         key_personal = '金糸雀' WHERE name_subject IS NOT NULL",
    )
    .await;
    database::execute(
        &database,
        "UPDATE projection_checkpoint SET position = 0 WHERE name = 'erasures'",
    )
    .await;
    let server = office.serve();
    let client = server.client();
    client.sign_in("kanri").await;
    let read = record(&client, &id).await;
    assert!(
        !read.contains("羽根町"),
        "the event alone hides everything: {read}"
    );
    // The finishing is marked last.
    let done = "SELECT position FROM projection_checkpoint WHERE name = 'erasures'";
    let mut tries = 0;
    while database::numbers(&database, done).await == [0] {
        tries += 1;
        assert!(tries < 3_000, "it is finished in the end");
        client.signed_in().await;
    }
    let names = "SELECT count(*) FROM declaration WHERE personal_name IS NOT NULL OR key_personal <> ''";
    assert_eq!(database::numbers(&database, names).await, [0]);
    drop(server);
    if engine == Engine::Sqlite {
        // A connection that closes removes files at its own time.
        database.close().await;
    }
    let left = in_files(&office, engine, &OF_TRADER).await;
    // What a plain VACUUM leaves on PostgreSQL goes with `sengen forget --scrub`.
    if engine == Engine::Sqlite {
        assert!(left.is_empty(), "{left:?}");
    }
    let scrubbed = office.run(&["forget", "--scrub"]).ok();
    assert!(!scrubbed.stdout.contains("had come back"), "{scrubbed:?}");
    let left = in_files(&office, engine, &OF_TRADER).await;
    assert!(left.is_empty(), "{left:?}");
}

async fn t55_whoever_is_just_reading_is_waited_for_until_the_files_are_cleared(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&rows());
    let log = office.follow().await;
    let database = office.database().await;
    let mut reader = database.begin_snapshot().await.expect("a snapshot");
    let first = "SELECT count(*) FROM declaration";
    let count = each_engine!(reader, c => sqlx::query_scalar::<_, i64>(first).fetch_one(c).await);
    assert_eq!(count.expect("it reads"), 2);
    let forgetting = office.start(&FORGET_TRADER);
    let forgotten = "SELECT count(*) FROM event WHERE event_type = 'declaration.person_forgotten'";
    let is_said = log.until(async || (database::numbers(&database, forgotten).await == [1]).then_some(()));
    is_said.await;
    drop(reader);
    let outcome = tokio::task::spawn_blocking(move || forgetting.wait_with_output());
    let outcome = outcome.await.expect("it ends").expect("its output");
    assert!(outcome.status.success(), "{outcome:?}");
}

const REQUEST: &str = "mutation($input: RequestForgettingInput!) { requestForgetting(input: $input) { __typename \
     ... on ApprovalRequested { id } ... on InvalidInput { problems { field code message } } } }";
const REQUESTED: &str = "query($id: ID!) { approval(id: $id) { contentHash summary { status isMine about { \
     ... on DeclarationSubject { number } } } content { __typename ... on ForgetPersonContent { number person \
     reason { __typename ... on OpenText { text } } effect { isKept alsoAs mentions } } } \
     history { reason { __typename ... on OpenText { text } } } } }";

/// Whoever asks, and for whom to be forgotten.
struct Asking<'a> {
    client: &'a Client,
    declaration: &'a str,
    version: String,
}

impl<'a> Asking<'a> {
    /// As the declaration is now.
    async fn of(client: &'a Client, declaration: &'a str) -> Self {
        Self {
            client,
            declaration,
            version: client.version(declaration).await,
        }
    }

    async fn contact(&self, reason: &str, command: Uuid) -> Answer {
        let input = json!({ "commandId": command, "declarationId": self.declaration, "expectedVersion": self.version,
            "person": "CONTACT", "reason": reason });
        self.client.graphql(REQUEST, json!({ "input": input })).await
    }
}

async fn approve(client: &Client, id: &Value, hash: &Value, command: Uuid) -> Answer {
    let text = "mutation($input: ApprovalCommandInput!, $seen: String!) { approve(input: $input, contentHash: $seen) { \
                __typename ... on ApprovalDecided { approval { summary { status } } } ... on InvalidInput { problems { field code } } } }";
    let input = json!({ "commandId": command, "id": id });
    client
        .graphql(text, json!({ "input": input, "seen": hash }))
        .await
}

async fn t55_t52_a_person_is_forgotten_when_a_second_person_agrees_and_at_once(engine: Engine) {
    let (office, server, administrator, id) = office(engine).await;
    let approver = server.member(&office, "approver").await;
    // Another process, which has the key in its memory.
    let other = office.serve();
    let elsewhere = other.client();
    elsewhere.sign_in("kanri").await;
    assert!(record(&elsewhere, &id).await.contains("歌姫"));
    let asking = Asking::of(&administrator, &id).await;
    let named = asking.contact("歌姫さんの退職", Uuid::new_v4()).await;
    let problems = named.problems("requestForgetting");
    assert_eq!(problems[0].1, "names_the_person", "{named:?}");
    let early = Asking {
        version: "1".to_owned(),
        ..asking
    };
    let stale = early.contact("退職", Uuid::new_v4()).await;
    assert_eq!(
        stale.at("/requestForgetting/__typename"),
        "RequestStale",
        "{stale:?}"
    );
    let command = Uuid::new_v4();
    let asked = asking.contact("退職", command).await;
    let request = asked.at("/requestForgetting/id").clone();
    assert!(request.is_string(), "{asked:?}");
    let again = asking.contact("退職", command).await;
    assert_eq!(again.at("/requestForgetting"), asked.at("/requestForgetting"));
    assert!(
        record(&administrator, &id).await.contains("歌姫"),
        "only asked for"
    );

    let seen = approver.graphql(REQUESTED, json!({ "id": request })).await;
    assert_eq!(seen.at("/approval/summary/about/number"), TRADER, "{seen:?}");
    assert_eq!(seen.at("/approval/summary/isMine"), false);
    assert_eq!(seen.at("/approval/content/reason/text"), "退職");
    assert_eq!(seen.at("/approval/content/effect/isKept"), true);
    let hash = seen.at("/approval/contentHash").clone();
    let own = approve(&administrator, &request, &hash, Uuid::new_v4()).await;
    assert_eq!(own.fault(), Some("FORBIDDEN"), "{own:?}");
    let command = Uuid::new_v4();
    let first = approve(&approver, &request, &hash, command).await;
    let status = "/approve/approval/summary/status";
    assert_eq!(first.at(status), "CARRIED_OUT", "{first:?}");
    for client in [&administrator, &elsewhere] {
        let read = record(client, &id).await;
        assert!(!read.contains("歌姫") && !read.contains("tori@"), "{read}");
        assert!(read.contains("金糸雀"), "only the contact: {read}");
    }
    let again = approve(&approver, &request, &hash, command).await;
    assert_eq!(again.at(status), "CARRIED_OUT", "{again:?}");
    let asking = Asking::of(&administrator, &id).await;
    let nothing = asking.contact("退職", Uuid::new_v4()).await;
    assert_eq!(
        nothing.problems("requestForgetting")[0].1,
        "nothing_kept",
        "{nothing:?}"
    );
    // Whoever comes after has a key of their own, whichever process takes it.
    let next = Correction::new(&id, &asking.version, "CONTACT_NAME", "後任者");
    let corrected = elsewhere.correct(&next).await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{corrected:?}"
    );
    assert!(record(&administrator, &id).await.contains("後任者"));
}

async fn t52_a_new_contact_is_not_forgotten_for_the_old_one(engine: Engine) {
    let (office, server, administrator, id) = office(engine).await;
    let approver = server.member(&office, "approver").await;
    let asking = Asking::of(&administrator, &id).await;
    let asked = asking.contact("退職", Uuid::new_v4()).await;
    let request = asked.at("/requestForgetting/id").clone();
    let seen = approver.graphql(REQUESTED, json!({ "id": request })).await;
    let next = Correction::new(&id, &asking.version, "CONTACT_NAME", "後任者");
    let corrected = administrator.correct(&next).await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{corrected:?}"
    );
    let hash = seen.at("/approval/contentHash");
    let late = approve(&approver, &request, hash, Uuid::new_v4()).await;
    assert_eq!(late.at("/approve/approval/summary/status"), "VOIDED", "{late:?}");
    assert!(record(&administrator, &id).await.contains("後任者"));
}

async fn t56_keys_in_a_database_of_their_own_are_rotated_while_the_server_runs(engine: Engine) {
    let office = Office::new(engine).await;
    let keys = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(test_support::TestDatabase::postgres_empty().await),
    };
    let url = keys.as_ref().map_or("sqlite:apart.db", |keys| keys.url());
    fs::write(
        office.folder().join("sengen.toml"),
        format!("keys_url = \"{url}\"\n"),
    )
    .expect("the settings");
    office.import(&rows());
    assert!(
        !office.folder().join("data/keys.db").exists(),
        "no key lies beside the data"
    );
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let id = administrator.find(TRADER).await;
    let old = fs::read(office.folder().join("data/key-encryption.key")).expect("the key");
    let rotated = office.run(&["keys", "rotate", "--new-key-file", "new.key"]).ok();
    assert!(rotated.stdout.contains("none by the old one"), "{rotated:?}");
    let new = fs::read(office.folder().join("data/key-encryption.key")).expect("the key");
    assert_eq!(
        new,
        fs::read(office.folder().join("new.key")).expect("the new key")
    );
    assert_eq!(
        old,
        fs::read(office.folder().join("data/key-encryption.key.previous")).expect("the old key")
    );
    // The server has only the old key in its memory, and some keys of persons not at all.
    assert!(record(&administrator, &id).await.contains("羽根町"));
    let version = administrator.version(&id).await;
    let corrected = administrator
        .correct(&Correction::new(&id, &version, "STREET", "羽根町9-9"))
        .await;
    assert_eq!(
        corrected.at("/correctDeclaration/__typename"),
        "DeclarationChanged"
    );
    let company = administrator.find(COMPANY).await;
    assert!(record(&administrator, &company).await.contains("見本 花子"));
    let again = office.run(&["keys", "rotate", "--new-key-file", "new.key"]).ok();
    assert!(again.stdout.contains("nothing to do"), "{again:?}");
    drop(server);
    // With the old key alone, nothing can be opened any more.
    fs::rename(
        office.folder().join("data/key-encryption.key.previous"),
        office.folder().join("old.key"),
    )
    .expect("put away");
    let with_old = office.run(&["verify", "--key-file", "old.key"]);
    assert_eq!(with_old.code, 4, "{with_old:?}");
    office.run(&["verify"]).ok();
}

async fn t51_why_somebody_shall_be_forgotten_is_for_those_who_read_persons_and_on_record(engine: Engine) {
    let (office, server, administrator, id) = office(engine).await;
    let asking = Asking::of(&administrator, &id).await;
    let asked = asking.contact("退職", Uuid::new_v4()).await;
    let request = json!({ "id": asked.at("/requestForgetting/id") });
    let places = ["/approval/content/reason", "/approval/history/0/reason"];
    let reads = async || database::reads(&office.database().await).await;
    let before = reads().await;
    let auditor = server.member(&office, "auditor").await;
    let closed = auditor.graphql(REQUESTED, request.clone()).await;
    for place in places {
        assert_eq!(closed.at(place)["__typename"], "Withheld", "{closed:?}");
    }
    assert_eq!(reads().await, before, "nothing was read");
    let approver = server.member(&office, "approver").await;
    let open = approver.graphql(REQUESTED, request).await;
    for place in places {
        assert_eq!(open.at(place)["text"], "退職", "{open:?}");
    }
    assert_eq!(reads().await[before.len()..], [format!("{TRADER} free_text")]);
}
