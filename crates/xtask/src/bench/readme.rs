//! The last table of a bench in the README of the crate that it measures.

use crate::bench::report::Report;
use crate::{Failure, Outcome, repository};

const BEGIN: &str = "<!-- bench";
const END: &str = "<!-- /bench -->";

/// Writes the table between the two marks of a file of the repository.
///
/// # Errors
/// When the file or its marks are missing.
pub fn write(path: &str, report: &Report) -> Outcome<()> {
    let file = repository::root().join(path);
    let failed = |error: std::io::Error| Failure::new(format!("{path}: {error}"));
    let text = std::fs::read_to_string(&file).map_err(failed)?;
    let text = with_table(&text, &report.table())
        .ok_or_else(|| Failure::new(format!("{path} has no place for the table: {BEGIN}… and {END}")))?;
    std::fs::write(&file, text).map_err(failed)
}

/// The text with another table; none when a mark is missing.
fn with_table(text: &str, table: &str) -> Option<String> {
    let begin = text.find(BEGIN)?;
    let begin = begin + text[begin..].find('\n')? + 1;
    let end = begin + text[begin..].find(END)?;
    Some(format!(
        "{}```text\n{table}\n```\n{}",
        &text[..begin],
        &text[end..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_replaces_the_one_before() {
        let empty = "# A\n<!-- bench: written -->\n<!-- /bench -->\nrest\n";
        let once = with_table(empty, "1").unwrap();
        assert_eq!(
            once,
            "# A\n<!-- bench: written -->\n```text\n1\n```\n<!-- /bench -->\nrest\n"
        );
        assert_eq!(with_table(&once, "2").unwrap(), once.replace('1', "2"));
    }

    #[test]
    fn a_file_without_its_marks_is_left_as_it_is() {
        assert_eq!(with_table("# A\n", "1"), None);
        assert_eq!(with_table("<!-- bench -->\n", "1"), None);
    }

    #[test]
    fn the_log_has_its_place() {
        let readme = std::fs::read_to_string(repository::root().join(crate::bench::log::README)).unwrap();
        assert!(with_table(&readme, "").is_some());
    }
}
