//! `docs/security-map.md`: every item of two published lists for safe web applications, with the tests that prove it, or why
//! there is none. It is made of `docs/security-map.toml`; a test that is named there and does not exist is a breach.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Deserialize;

use crate::repository::{self, SourceFile};
use crate::{Failure, Outcome, say};

const TABLE: &str = "docs/security-map.toml";
const PAGE: &str = "docs/security-map.md";
/// How many items the standard has at level 1 and at level 2; with another number one was lost.
const STANDARD: [(&str, usize); 2] = [("L1", 70), ("L2", 183)];
/// How many the agency's list has.
const AGENCY: usize = 47;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    asvs: Vec<Entry>,
    agency: Vec<Entry>,
}

/// Items that ask for the same and are answered by the same.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    items: Vec<String>,
    asks: String,
    #[serde(default)]
    tests: Vec<String>,
    reason: Option<String>,
    later: Option<String>,
}

/// Writes the page.
pub fn write() -> Outcome<()> {
    let page = page(&read(&repository::files()?)?);
    std::fs::write(repository::root().join(PAGE), page)
        .map_err(|error| Failure::new(format!("{PAGE} could not be written: {error}")))?;
    say(format!("{PAGE} written"));
    Ok(())
}

/// One sentence for each test that is not there, each item without an answer, and a page that is stale.
pub(crate) fn breaches(files: &[SourceFile]) -> Outcome<Vec<String>> {
    let table = read(files)?;
    let mut breaches = of_table(&table, &tests_of(files));
    let committed = files.iter().find(|file| file.path == PAGE);
    if committed.map(|file| file.text.as_str()) != Some(&page(&table)) {
        breaches.push(format!(
            "{PAGE} is not what {TABLE} says: run `cargo xtask security-map` and commit the page"
        ));
    }
    Ok(breaches)
}

fn read(files: &[SourceFile]) -> Outcome<Table> {
    let file = files.iter().find(|file| file.path == TABLE);
    let file = file.ok_or_else(|| Failure::new(format!("{TABLE} is missing")))?;
    toml::from_str(&file.text).map_err(|error| Failure::new(format!("{TABLE}: {error}")))
}

fn of_table(table: &Table, tests: &BTreeSet<String>) -> Vec<String> {
    let mut breaches = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in table.asvs.iter().chain(&table.agency) {
        let items = entry.items.join(", ");
        for item in &entry.items {
            if !seen.insert(item) {
                breaches.push(format!("{TABLE} has {item} twice"));
            }
        }
        for test in &entry.tests {
            if !exists(test, tests) {
                breaches.push(format!("{TABLE}: no test {test}, which {items} rests on"));
            }
        }
        if entry.tests.is_empty() && entry.reason.is_none() && entry.later.is_none() {
            breaches.push(format!("{TABLE}: {items} has no test, no reason and no later"));
        }
    }
    for (level, wanted) in STANDARD {
        let items = table.asvs.iter().flat_map(|entry| &entry.items);
        let found = items.filter(|item| item.ends_with(level)).count();
        if found != wanted {
            breaches.push(format!("{TABLE} has {found} items of {level}, not {wanted}"));
        }
    }
    let found: usize = table.agency.iter().map(|entry| entry.items.len()).sum();
    if found != AGENCY {
        breaches.push(format!(
            "{TABLE} has {found} items of the agency's list, not {AGENCY}"
        ));
    }
    breaches
}

/// `t42` is there when a test begins with `t42_`; anything longer is the whole name of one.
fn exists(test: &str, tests: &BTreeSet<String>) -> bool {
    if is_id(test) {
        let start = format!("{test}_");
        tests.iter().any(|name| name.starts_with(&start))
    } else {
        tests.contains(test)
    }
}

fn is_id(test: &str) -> bool {
    test.strip_prefix('t')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.len() <= 3)
}

/// The functions in files that have tests, and the titles of the browser's tests with their spaces as `_`.
fn tests_of(files: &[SourceFile]) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for file in files {
        if file.is(&[".rs"])
            && ["#[test]", "tokio::test", "on_both_engines!"]
                .iter()
                .any(|mark| file.text.contains(mark))
        {
            tests.extend(file.text.lines().filter_map(rust_name));
        }
        if file.is(&[".test.mjs"]) {
            let titles = file
                .text
                .lines()
                .filter_map(|line| line.trim().strip_prefix("test('"));
            tests.extend(titles.filter_map(|rest| Some(rest.split_once('\'')?.0.replace(' ', "_"))));
        }
    }
    tests
}

fn rust_name(line: &str) -> Option<String> {
    let line = line.trim();
    let line = line.strip_prefix("async ").unwrap_or(line);
    let (name, _) = line.strip_prefix("fn ")?.split_once('(')?;
    Some(name.to_owned())
}

fn page(table: &Table) -> String {
    let mut page = format!(
        "<!-- Written by `cargo xtask security-map` from {TABLE}; change that, not this. -->\n\
         # What is asked of a safe web application, and what shows that Sengen does it\n\n\
         `t42` stands for every test whose name begins with `t42_`; other names are whole names. They run in `make test`, their long\n\
         forms in `cargo xtask torture security`. A word without a test is a reason; **later** is not built yet.\n"
    );
    for (title, entries) in [
        ("OWASP ASVS 5.0, levels 1 and 2", &table.asvs),
        (
            "IPA 「安全なウェブサイトの作り方」, 7th edition (R: root fix, I: insurance)",
            &table.agency,
        ),
    ] {
        let count = |of: fn(&&Entry) -> bool| -> usize {
            entries.iter().filter(of).map(|entry| entry.items.len()).sum()
        };
        let all = count(|_| true);
        let tested = count(|entry| !entry.tests.is_empty());
        let later = count(|entry| entry.tests.is_empty() && entry.later.is_some());
        let reasoned = all - tested - later;
        // Writing into a string cannot fail.
        let _ = write!(
            page,
            "\n## {title}\n\n{all} items: {tested} have tests, {reasoned} a reason, {later} are for later.\n\n\
             | Item | Asks | Shown by |\n| --- | --- | --- |\n"
        );
        for entry in entries {
            let _ = writeln!(
                page,
                "| {} | {} | {} |",
                entry.items.join(", "),
                entry.asks,
                answer(entry)
            );
        }
    }
    page
}

fn answer(entry: &Entry) -> String {
    let tests = entry
        .tests
        .iter()
        .map(|test| format!("`{test}`"))
        .collect::<Vec<_>>();
    let parts = [
        (!tests.is_empty()).then(|| tests.join(", ")),
        entry.reason.clone(),
        entry.later.as_ref().map(|later| format!("**later**: {later}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    fn entry(items: &[&str], tests: &[&str]) -> Entry {
        Entry {
            items: items.iter().map(|item| (*item).to_owned()).collect(),
            asks: "Something".to_owned(),
            tests: tests.iter().map(|test| (*test).to_owned()).collect(),
            reason: None,
            later: None,
        }
    }

    #[test]
    fn a_test_that_is_named_and_gone_an_item_twice_and_one_without_an_answer_are_told() {
        let files = [
            file("a.rs", "#[test]\nfn t42_x() {}\nasync fn whole_name() {}\n"),
            file("b.rs", "fn t99_no_test() {}\n"),
            file(
                "tests/browser/c.test.mjs",
                "test('t54 in a browser', async () => {\n",
            ),
        ];
        let table = Table {
            asvs: vec![
                entry(&["V1 L1"], &["t42", "t54", "whole_name", "t4", "t99", "whole"]),
                entry(&["V1 L1", "V2 L2"], &[]),
            ],
            agency: Vec::new(),
        };
        let told = of_table(&table, &tests_of(&files)).join("\n");
        for gone in ["no test t4,", "no test t99,", "no test whole,"] {
            assert!(told.contains(gone), "{told}");
        }
        assert_eq!(
            told.matches("no test ").count(),
            3,
            "the others are there: {told}"
        );
        assert!(
            told.contains("has V1 L1 twice") && told.contains("V1 L1, V2 L2 has no test"),
            "{told}"
        );
        assert!(
            told.contains("2 items of L1, not 70") && told.contains("0 items of the agency's list"),
            "{told}"
        );
    }

    #[test]
    fn the_page_says_how_many_have_tests_a_reason_or_are_for_later() {
        let mut reasoned = entry(&["V2 L2"], &[]);
        reasoned.reason = Some("no OAuth server here".to_owned());
        let mut later = entry(&["V3 L2", "V4 L2"], &[]);
        later.later = Some("passkeys".to_owned());
        let table = Table {
            asvs: vec![entry(&["V1 L1"], &["t42"]), reasoned, later],
            agency: Vec::new(),
        };
        let page = page(&table);
        assert!(
            page.contains("4 items: 1 have tests, 1 a reason, 2 are for later."),
            "{page}"
        );
        assert!(page.contains("| V1 L1 | Something | `t42` |"), "{page}");
        assert!(
            page.contains("| V3 L2, V4 L2 | Something | **later**: passkeys |"),
            "{page}"
        );
    }
}
