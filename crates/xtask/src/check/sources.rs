//! What a Rust file must begin with, and what it must not do.

use crate::repository::SourceFile;

/// Where the environment may be read: the binary, and what is never shipped.
const READS_ENVIRONMENT: &[&str] = &[
    "crates/sengen/",
    "crates/test-support/",
    "crates/xtask/",
    "tests/",
];

/// One sentence per breach.
pub fn breaches(files: &[SourceFile]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.is(&[".rs"]))
        .flat_map(of_file)
        .collect()
}

fn of_file(file: &SourceFile) -> Vec<String> {
    let mut breaches = Vec::new();
    if !file.text.starts_with("//!") {
        breaches.push(format!(
            "{} does not open with a `//!` sentence that says what it is for",
            file.path
        ));
    }
    // xtask has no SQL, and names what it looks for.
    if !file.path.starts_with("crates/xtask/") && puts_sql_together(&file.text) {
        breaches.push(format!(
            "{} builds SQL with format!: SQL is a constant, values are bound",
            file.path
        ));
    }
    if file.text.contains("env::var") && !may_read_environment(&file.path) {
        breaches.push(format!(
            "{} reads the environment: only sengen does, and hands it on",
            file.path
        ));
    }
    breaches
}

fn may_read_environment(path: &str) -> bool {
    path.contains("/tests") || READS_ENVIRONMENT.iter().any(|folder| path.starts_with(folder))
}

/// Looks for `query…(format!`, `QueryBuilder::new(format!` and `push(format!`, however they are wrapped and borrowed.
fn puts_sql_together(text: &str) -> bool {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let squeezed: String = code
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace() && *c != '&')
        .collect();
    // Written in two pieces, or this file would find itself.
    let format = concat!("form", "at!");
    squeezed.match_indices(format).any(|(at, _)| {
        let before = &squeezed[..at];
        let Some(call) = before.strip_suffix('(') else {
            return false;
        };
        let call = strip_turbofish(call);
        [
            "sqlx::query",
            "query_as",
            "query_scalar",
            "raw_sql",
            "AssertSqlSafe",
            "QueryBuilder::new",
        ]
        .iter()
        .any(|name| call.ends_with(name))
            || (call
                .strip_suffix("push")
                .is_some_and(|object| object.ends_with('.'))
                && text.contains("QueryBuilder"))
    })
}

fn strip_turbofish(call: &str) -> &str {
    if !call.ends_with('>') {
        return call;
    }
    call.rfind("::<").map_or(call, |at| &call[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_from_pieces_is_found_however_it_is_wrapped() {
        let format = concat!("form", "at!");
        assert!(puts_sql_together(&format!(
            "sqlx::query_as::<_, Row>(\n    &{format}(\"SELECT {{x}}\"))"
        )));
        assert!(puts_sql_together(&format!("sqlx::query({format}(\"a\"))")));
        assert!(!puts_sql_together(&format!("names.push({format}(\"a\"))")));
        assert!(!puts_sql_together("sqlx::query(SELECT_ONE)"));
    }

    #[test]
    fn a_file_without_its_sentence_is_named() {
        let file = SourceFile {
            path: "crates/app/src/a.rs".into(),
            text: "fn a() {}".into(),
        };
        assert_eq!(of_file(&file).len(), 1);
    }
}
