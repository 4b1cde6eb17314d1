//! What the documents promise, held against the sources.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every source file of a folder, but the made-up register, whose people have names.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("sample") {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(fs::read_to_string(&path).expect("a source"));
        }
    }
}

/// The codes of problems: each stands before its sentence.
fn problem_codes() -> Vec<String> {
    let mut files = Vec::new();
    for folder in [
        "crates/domain/src/calendar",
        "crates/domain/src/declaration",
        "crates/app/src",
        "crates/admin-api/src",
    ] {
        sources(&root().join(folder), &mut files);
    }
    let mut codes = Vec::new();
    for file in files {
        let parts: Vec<&str> = file.split('"').collect();
        for three in parts.windows(3) {
            let [code, between, sentence] = three else {
                continue;
            };
            let is_code = !code.is_empty() && code.chars().all(|it| it.is_ascii_lowercase() || it == '_');
            let follows = between.trim_start().starts_with(',')
                && matches!(between.trim_matches([',', ' ', '\n', '&']), "" | "format!(");
            if is_code && follows && !sentence.is_ascii() {
                codes.push((*code).to_owned());
            }
        }
    }
    codes
}

/// The texts after these words in a file, up to the closing quotation mark.
fn texts_after(path: &str, words: &str) -> Vec<String> {
    let file = read(path);
    let parts: Vec<_> = file.split(words).skip(1).collect();
    let text = |part: &&str| part.split('"').next().unwrap_or_default().to_owned();
    parts.iter().map(text).collect()
}

#[test]
fn every_error_code_is_in_the_document() {
    let document = read("docs/errors.md");
    let faults = texts_after("crates/admin-api/src/fault.rs", "=> \"");
    let refusals = texts_after("crates/domain/src/legacy_register/row.rs", " = \"");
    let flags = texts_after("crates/domain/src/declaration/flag.rs", " = \"");
    let texts = texts_after("crates/domain/src/text.rs", " } => \"");
    let problems = problem_codes();
    // Each of them is found at all.
    for (codes, one) in [
        (&faults, "TIMEOUT"),
        (&refusals, "ragged_row"),
        (&flags, "email_not_rfc"),
        (&texts, "direction_character"),
        (&problems, "page_size"),
        (&problems, "command_reused"),
    ] {
        assert!(codes.iter().any(|code| code == one), "{one} in {codes:?}");
    }
    let all = [&faults, &refusals, &flags, &texts, &problems];
    let missing: Vec<_> = all
        .into_iter()
        .flatten()
        .filter(|code| !document.contains(&format!("`{code}`")))
        .collect();
    assert!(missing.is_empty(), "docs/errors.md lacks {missing:?}");
}

#[test]
fn every_exit_code_is_in_the_document() {
    let document = read("docs/errors.md");
    let source = read("crates/sengen/src/exit.rs");
    let codes: Vec<&str> = source
        .lines()
        .filter_map(|line| line.trim().strip_suffix(','))
        .filter_map(|line| line.split_once(" = "))
        .map(|(_, code)| code)
        .filter(|code| code.parse::<u8>().is_ok())
        .collect();
    assert!(codes.len() >= 7, "{codes:?}");
    for code in codes {
        assert!(document.contains(&format!("| {code} | ")), "exit code {code}");
    }
}
