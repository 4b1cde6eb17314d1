//! Everything that a user, a file or a machine can get wrong on the command line: one clear sentence, a documented exit
//! code, and nothing half-written.

use std::fs;
use std::net::TcpListener;

use tests::{Engine, Office, Outcome, Row, data_file, given_register, given_rows, register};

const USAGE: i32 = 2;
const INPUT: i32 = 3;
const STORAGE: i32 = 4;
const LISTEN: i32 = 5;

/// Asserts one sentence with these words on standard error, and this exit code.
#[track_caller]
fn refused(outcome: &Outcome, code: i32, words: &[&str]) {
    assert_eq!(outcome.code, code, "{outcome:?}");
    assert_eq!(outcome.stdout, "", "nothing on standard output");
    let message = outcome.stderr.trim();
    assert_eq!(message.lines().count(), 1, "one sentence: {message}");
    assert!(!message.contains("panicked"), "{message}");
    for word in words {
        assert!(message.contains(word), "{word:?} is missing in {message:?}");
    }
}

async fn import_of(content: &[u8]) -> (Office, Outcome) {
    let office = Office::new(Engine::Sqlite).await;
    fs::write(office.folder().join("in.csv"), content).expect("the file");
    let outcome = office.run(&["import", "declarations", "in.csv", "--json"]);
    let is_made = office.folder().join("data").exists();
    assert_eq!(
        is_made,
        outcome.code == 0,
        "a refused file leaves nothing: {outcome:?}"
    );
    (office, outcome)
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let office = Office::new(Engine::Sqlite).await;
    let outcome = office.run(&["import", "declarations", "nowhere.csv"]);
    refused(&outcome, INPUT, &["nowhere.csv", "cannot be read"]);
    assert!(
        !office.folder().join("data").exists(),
        "nothing is made for a file that is not there"
    );
}

#[tokio::test]
async fn a_folder_is_not_a_file() {
    let office = Office::new(Engine::Sqlite).await;
    refused(
        &office.run(&["import", "declarations", "."]),
        INPUT,
        &["is not a file"],
    );
}

#[tokio::test]
async fn an_empty_file_is_refused() {
    let (_office, outcome) = import_of(b"").await;
    refused(&outcome, INPUT, &["is empty"]);
}

#[tokio::test]
async fn a_spreadsheet_is_not_a_csv() {
    let (_office, outcome) = import_of(b"PK\x03\x04rest of an archive").await;
    refused(&outcome, INPUT, &["Excel", "save the register as CSV"]);
}

#[tokio::test]
async fn other_headings_are_named() {
    let text = given_register().replacen("自己宣言ID", "番号", 1);
    let (_office, outcome) = import_of(text.as_bytes()).await;
    refused(&outcome, INPUT, &["other headings", "自己宣言ID"]);
}

#[tokio::test]
async fn headings_in_another_order_are_fine() {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(std::io::Cursor::new(given_register()));
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in reader.records().take(20) {
        let record = record.expect("a row");
        writer.write_record(record.iter().rev()).expect("a row");
    }
    let (_office, outcome) = import_of(&writer.into_inner().expect("the file")).await;
    assert_eq!(outcome.ok().json()["accepted"], 19);
}

#[tokio::test]
async fn bytes_of_no_encoding_name_their_line() {
    let mut bytes = fs::read(data_file("legacy-register.csv")).expect("the given register");
    let third_line = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .nth(1)
        .expect("two lines")
        .0
        + 1;
    bytes[third_line] = 0xFF;
    let (office, outcome) = import_of(&bytes).await;
    refused(&outcome, INPUT, &["line 3", "UTF-8 or CP932"]);
    assert!(!office.folder().join("data").exists(), "nothing is written");
}

#[tokio::test]
async fn a_wrong_encoding_is_said() {
    let office = Office::new(Engine::Sqlite).await;
    let file = data_file("legacy-register.csv");
    let outcome = office.run(&[
        "import",
        "declarations",
        file.to_str().expect("a path"),
        "--encoding",
        "utf-8",
    ]);
    refused(&outcome, INPUT, &["is not in UTF-8", "line 1", "--encoding"]);
}

#[tokio::test]
async fn t41b_an_open_quotation_mark_names_its_row() {
    let plain = register(&[
        Row::corporation("47000000002"),
        Row::corporation("47000000003"),
        Row::corporation("47000000004"),
    ]);
    // The mark ends with the file, with the next mark, or with the longest row that is taken.
    for text in [
        plain.clone(),
        given_register(),
        format!("{plain}{}", "x\n".repeat(2_000_000)),
    ] {
        let mut text = text.replace("\r\n", "\n");
        let second_row = text.match_indices('\n').nth(1).expect("two lines").0 + 1;
        text.insert(second_row, '"');
        let (office, outcome) = import_of(text.as_bytes()).await;
        refused(&outcome, INPUT, &["quotation mark", "row 2"]);
        assert!(!office.folder().join("data").exists(), "nothing is written");
    }
}

#[tokio::test]
async fn quotation_marks_and_line_breaks_inside_a_cell_are_part_of_it() {
    let rows = [
        Row::corporation("47000000002").with("備考", "一行目\n二行目, \"引用\"\r\n,,,,"),
        Row::corporation("47000000003").with("事業者名", "株式会社\"見本\""),
    ];
    let (_office, outcome) = import_of(register(&rows).as_bytes()).await;
    assert_eq!(outcome.ok().json()["accepted"], 2);
}

#[tokio::test]
async fn utf_8_with_and_without_a_byte_order_mark_is_read() {
    for mark in ["", "\u{feff}"] {
        let text = format!("{mark}{}", given_rows(20));
        let (_office, outcome) = import_of(text.as_bytes()).await;
        let summary = outcome.ok().json();
        assert_eq!(
            (&summary["accepted"], &summary["encoding"]),
            (&20.into(), &"utf-8".into())
        );
    }
}

#[tokio::test]
async fn a_data_folder_that_is_a_file_is_named() {
    let office = Office::new(Engine::Sqlite).await;
    fs::write(office.folder().join("data"), "in the way").expect("a file");
    refused(
        &office.run(&["migrate"]),
        STORAGE,
        &["the data folder data cannot be used", "--data-dir"],
    );
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_written_is_named() {
    let office = Office::new(Engine::Sqlite).await;
    // Not even root can make a folder there.
    refused(
        &office.run(&["migrate", "--data-dir", "/proc/sengen"]),
        STORAGE,
        &["/proc/sengen", "--data-dir"],
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_before_anything_is_opened() {
    let office = Office::new(Engine::Sqlite).await;
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    refused(
        &office.run(&["serve", "--listen", &address]),
        LISTEN,
        &[&address, "another program", "--listen"],
    );
    assert!(!office.folder().join("data").exists());
}

#[tokio::test]
async fn t59_an_unknown_configuration_key_names_file_and_line() {
    let office = Office::new(Engine::Sqlite).await;
    fs::write(
        office.folder().join("sengen.toml"),
        "data_dir = \"data\"\nlisten_on = \"x\"\n",
    )
    .expect("a file");
    refused(
        &office.run(&["migrate"]),
        USAGE,
        &["sengen.toml line 2", "listen_on"],
    );
}

#[tokio::test]
async fn a_database_address_of_another_kind_is_refused() {
    let office = Office::new(Engine::Sqlite).await;
    let outcome = office.run(&["migrate", "--database-url", "mysql://localhost/x"]);
    refused(&outcome, USAGE, &["database_url", "postgres://"]);
    let outcome = office.run(&["migrate", "--database-url", "postgres://localhost:port/x"]);
    refused(&outcome, USAGE, &["database address"]);
    assert!(!office.folder().join("data").exists());
}

#[tokio::test]
async fn a_database_that_is_not_there_says_what_to_correct() {
    let office = Office::new(Engine::Sqlite).await;
    let server = std::env::var("SENGEN_TEST_POSTGRES").expect("run the tests with scripts/with-postgres.sh");
    let (server, _) = server.rsplit_once('/').expect("an address");
    let url = format!("{server}/nowhere");
    refused(
        &office.run(&["migrate", "--database-url", &url]),
        STORAGE,
        &[
            "refuses the connection",
            "nowhere",
            "correct user, password or database",
        ],
    );
    assert!(
        !office.folder().join("data").exists(),
        "no folder for a wrong address"
    );
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said() {
    let office = Office::new(Engine::Sqlite).await;
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("its address");
    let outcome = office.run(&[
        "migrate",
        "--database-url",
        &format!("postgres://nobody@{closed}/x"),
    ]);
    refused(&outcome, STORAGE, &["does not answer", "--database-url"]);
    assert!(!office.folder().join("data").exists());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_said() {
    let office = Office::new(Engine::Sqlite).await;
    fs::create_dir(office.folder().join("data")).expect("a folder");
    fs::write(
        office.folder().join("data/sengen.db"),
        "this is a letter, not a database".repeat(200),
    )
    .expect("a file");
    refused(&office.run(&["migrate"]), STORAGE, &["database"]);
}

#[tokio::test]
async fn a_lost_key_file_is_not_replaced_by_a_new_one() {
    let office = Office::new(Engine::Sqlite).await;
    office.import(&given_rows(20));
    let key = office.folder().join("data/key-encryption.key");
    fs::remove_file(&key).expect("the key file");
    refused(
        &office.run(&["verify"]),
        STORAGE,
        &["key-encryption.key", "is missing", "--key-file"],
    );
    assert!(!key.exists());
    fs::write(&key, [7; 32]).expect("another key");
    refused(
        &office.run(&["verify"]),
        STORAGE,
        &["is not the one", "--key-file"],
    );
}
