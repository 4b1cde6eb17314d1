//! How far an import is: a bar for people on a terminal, lines for whoever reads standard error otherwise.

#![expect(
    clippy::disallowed_methods,
    reason = "the test needs a terminal, which `script` of util-linux makes"
)]

use std::fs;
use std::process::{Command, Stdio};

use tests::{Engine, Office, given_rows};

const ROWS: usize = 400;
/// What the bar is drawn with.
const BLOCKS: [char; 2] = ['█', '░'];

async fn office() -> Office {
    let office = Office::new(Engine::Sqlite).await;
    fs::write(office.folder().join("register.csv"), given_rows(ROWS)).expect("the file");
    office
}

/// Without the sequences that move the cursor and clear a line.
fn without_controls(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, shown) = part
            .split_once(|it: char| it.is_ascii_alphabetic())
            .unwrap_or_default();
        plain.push_str(shown);
    }
    plain
}

#[tokio::test]
async fn on_a_terminal_an_import_shows_a_bar_with_rows_and_percentage_and_a_last_line() {
    let office = office().await;
    let import = format!("'{}' import declarations register.csv", tests::binary().display());
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &import, "/dev/null"])
        .current_dir(office.folder())
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output()
        .expect("script of util-linux");
    let shown = without_controls(&String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{shown}");
    let drawn: Vec<&str> = shown
        .split(['\r', '\n'])
        .filter(|line| line.contains(BLOCKS))
        .collect();
    let (first, last) = (drawn.first().expect("a bar"), drawn.last().expect("a bar"));
    assert!(
        first.starts_with("rows   0% ░") && first.contains(" 0/400 "),
        "{first}"
    );
    assert!(
        last.starts_with("rows 100% █") && last.contains(" 400/400 "),
        "{last}"
    );
    assert!(!last.contains('░'), "{last}");
    // The bar stays. It fills its line of 80 columns, so that what is said of the end begins the next one.
    let below: String = last.chars().skip(80).collect();
    assert!(
        below.ends_with("of 400 rows accepted, 8 refused"),
        "{last:?} {below:?}"
    );
}

#[tokio::test]
async fn without_a_terminal_an_import_writes_lines_and_no_bar() {
    let office = office().await;
    let outcome = office.run(&["import", "declarations", "register.csv"]).ok();
    for text in [&outcome.stdout, &outcome.stderr] {
        assert!(!text.contains(BLOCKS), "{text}");
        assert!(!text.contains(['\r', '\u{1b}']), "{text:?}");
    }
    assert!(outcome.stderr.contains("400/400 rows"), "{outcome:?}");
    assert!(outcome.stdout.contains("accepted"), "{outcome:?}");
}
