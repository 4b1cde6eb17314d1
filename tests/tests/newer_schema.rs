//! A database that a newer version has migrated: every command refuses it and leaves it as it is, to the byte.

use std::collections::BTreeMap;
use std::fs;

use tests::{Engine, Office, database, given_rows, on_both_engines};

on_both_engines!(a_database_of_a_newer_version_is_refused_and_left_as_it_is);

const NEWER_SCHEMA: i32 = 6;
const FROM_THE_FUTURE: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
     VALUES (99990101000000, 'from the future', TRUE, '', 0)";

/// Everything that is stored, schema and rows.
async fn everything(office: &Office, engine: Engine) -> BTreeMap<String, Vec<u8>> {
    let folder = fs::read_dir(office.folder().join("data")).expect("the data folder");
    let files = folder.map(|file| {
        let file = file.expect("a file");
        let name = file.file_name().into_string().expect("a plain name");
        (name, fs::read(file.path()).expect("its bytes"))
    });
    let mut all: BTreeMap<_, _> = files.collect();
    match engine {
        // What readers and writers share while they are there. A log without a page holds nothing.
        Engine::Sqlite => all.retain(|name, bytes| !name.ends_with("-shm") && !bytes.is_empty()),
        Engine::Postgres => {
            let database = office.database().await;
            let whole = "SELECT database_to_xml_and_xmlschema(true, false, '')::text";
            let text = database::texts(&database, whole).await.remove(0);
            assert!(text.contains("from the future"), "the rows are in it");
            all.insert("database".to_owned(), text.into_bytes());
        }
    }
    all
}

async fn a_database_of_a_newer_version_is_refused_and_left_as_it_is(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&given_rows(20));
    let database = office.database().await;
    database::execute(&database, FROM_THE_FUTURE).await;
    if engine == Engine::Sqlite {
        // So that no connection of the test is what touches the file.
        database.close().await;
    }
    let before = everything(&office, engine).await;
    let commands: [&[&str]; 7] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["import", "declarations", "register.csv"],
        &["sample"],
        &["migrate"],
        &["rebuild", "declarations"],
        &["verify"],
        &["staff", "invite", "--new-person", "--role", "viewer"],
    ];
    for command in commands {
        let outcome = office.run(command);
        assert_eq!(outcome.code, NEWER_SCHEMA, "{command:?}: {outcome:?}");
        assert!(outcome.stderr.contains("newer version"), "{outcome:?}");
        assert_eq!(outcome.stdout, "", "{command:?}");
        let after = everything(&office, engine).await;
        assert!(after.keys().eq(before.keys()), "{command:?}: {:?}", after.keys());
        for (name, bytes) in &before {
            assert!(after[name] == *bytes, "{command:?} wrote to {name}");
        }
    }
}
