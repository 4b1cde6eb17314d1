//! Each exit code of `docs/errors.md` comes out of the real binary: 6, 7 and 9 here and in `newer_schema`, the others with
//! what is wrong on a command line in `bad_input`.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use tests::{Engine, Office, database, given_rows};

const TAMPERED: i32 = 9;
const ENGINE: i32 = 7;

#[tokio::test]
async fn a_log_that_somebody_changed_ends_a_verification_with_9_and_its_first_position() {
    let office = Office::new(Engine::Sqlite).await;
    office.import(&given_rows(20));
    let sound = office.run(&["verify"]);
    assert_eq!(sound.code, 0, "{sound:?}");
    let database = office.database().await;
    for statement in [
        "DROP TRIGGER event_keeps",
        "UPDATE event SET data = '{}' WHERE position = 3",
    ] {
        database::execute(&database, statement).await;
    }
    let damaged = office.run(&["verify"]);
    assert_eq!(damaged.code, TAMPERED, "{damaged:?}");
    assert!(damaged.stderr.contains("first at position 3"), "{damaged:?}");
}

/// The cluster of the test run, as if its version were another one: answers pass with the number replaced.
fn with_version(real: &str, told: &str) -> String {
    assert_eq!(real.len(), told.len(), "answers keep their length");
    let cluster = std::env::var("SENGEN_TEST_POSTGRES").expect("run the tests with scripts/with-postgres.sh");
    let (_, rest) = cluster.split_once("://").expect("an address");
    let (user, rest) = rest.split_once('@').expect("a user");
    let (server, name) = rest.split_once('/').expect("a database");
    let server = server.to_owned();
    let (real, told) = (real.as_bytes().to_vec(), told.as_bytes().to_vec());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!(
        "postgres://{user}@{}/{name}",
        listener.local_addr().expect("its address")
    );
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, real, told) = (client.expect("a client"), real.clone(), told.clone());
            let server = TcpStream::connect(&server).expect("the server");
            let (asking, asked) = (
                client.try_clone().expect("twice"),
                server.try_clone().expect("twice"),
            );
            thread::spawn(move || carry(asking, asked, &[], &[]));
            thread::spawn(move || carry(server, client, &real, &told));
        }
    });
    url
}

/// Carries bytes until one side has gone.
fn carry(mut from: TcpStream, mut to: TcpStream, real: &[u8], told: &[u8]) {
    let mut bytes = [0; 8_192];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        for start in 0..(length + 1).saturating_sub(real.len()) {
            let part = &mut bytes[start..start + real.len()];
            if part == real {
                part.copy_from_slice(told);
            }
        }
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    // Whoever waits on the other side learns that this one has gone.
    let _gone = to.shutdown(std::net::Shutdown::Both);
}

#[tokio::test]
async fn a_postgres_before_15_is_refused_with_7_and_nothing_is_written() {
    let real = Office::new(Engine::Postgres).await;
    let number = database::texts(&real.database().await, "SHOW server_version_num")
        .await
        .remove(0);
    let office = Office::new(Engine::Sqlite).await;
    let migrate = |url: &str| office.run(&["migrate", "--database-url", url]);
    let refused = migrate(&with_version(&number, "149999"));
    assert_eq!(refused.code, ENGINE, "{refused:?}");
    assert!(refused.stderr.contains("15 or newer"), "{refused:?}");
    assert!(!office.folder().join("data").exists(), "no folder for it either");
}
