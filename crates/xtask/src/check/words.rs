//! A declaration is no certification: words that would say so appear in no screen, mail or message.

use crate::repository::SourceFile;

/// Certify, authenticate, obtain: what a self-declaration does not do.
const WRONG: &[&str] = &["認定", "認証", "取得"];

/// Where one of them is right after all: file, a piece of the line, why.
const ALLOWED: &[(&str, &str, &str)] = &[
    (
        "crates/xtask/src/check/words.rs",
        "",
        "names the words that it looks for",
    ),
    (
        "crates/domain/src/guarded.rs",
        "",
        "refuses the words where people write them",
    ),
    (
        "crates/domain/src/reply_template/decide.rs",
        "一つ星を取得しました。",
        "a text that is refused",
    ),
    (
        "tests/tests/articles.rs",
        "一つ星の認定とは",
        "a title that is refused",
    ),
    (
        "crates/domain/tests/article.rs",
        "一つ星を取得する方法",
        "a title that is refused",
    ),
    (
        "admin-ui/src/i18n/catalogue.test.ts",
        "toEqual([])",
        "looks for the words in both catalogues",
    ),
];

/// One sentence per line that has one of them.
pub fn breaches(files: &[SourceFile]) -> Vec<String> {
    files
        .iter()
        .filter(|file| is_shown_to_people(file))
        .flat_map(of_file)
        .collect()
}

fn is_shown_to_people(file: &SourceFile) -> bool {
    file.is(&[".rs"]) || (file.path.starts_with("admin-ui/src/") && file.is(&[".ts", ".tsx", ".json"]))
}

fn of_file(file: &SourceFile) -> Vec<String> {
    let mut breaches = Vec::new();
    for (index, line) in file
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| !is_comment(line))
    {
        let allowed = ALLOWED
            .iter()
            .any(|(path, piece, _)| *path == file.path && line.contains(piece));
        if let Some(word) = WRONG
            .iter()
            .find(|word| line.contains(**word))
            .filter(|_| !allowed)
        {
            breaches.push(format!(
                "{}:{} says {word}: a declaration is no certification (an exception goes into xtask's check/words.rs, with its reason)",
                file.path,
                index + 1
            ));
        }
    }
    breaches
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with("* ") || line.starts_with("/*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_with_a_wrong_word_is_named_with_its_line() {
        let text = "//! 認定 may stand in a comment\nconst A: &str = \"一つ星を取得しました\";\n";
        let file = SourceFile {
            path: "crates/app/src/a.rs".into(),
            text: text.into(),
        };
        let said = breaches(&[file]);
        assert_eq!(said.len(), 1);
        assert!(
            said[0].starts_with("crates/app/src/a.rs:2 says 取得"),
            "{}",
            said[0]
        );
    }
}
