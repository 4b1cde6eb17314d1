//! Both engines have the same migrations.

use std::collections::BTreeSet;

use crate::repository::SourceFile;

const ENGINES: [&str; 2] = ["sqlite", "postgres"];

/// One sentence per migration that only one engine has.
pub fn breaches(files: &[SourceFile]) -> Vec<String> {
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let missing = paths
        .iter()
        .filter_map(|path| counterpart(path))
        .filter(|other| !paths.contains(other.as_str()));
    missing
        .map(|path| format!("{path} is missing: the other engine has it"))
        .collect()
}

/// The same migration for the other engine: `migrations/…/sqlite/NAME` and `migrations/…/postgres/NAME`.
fn counterpart(path: &str) -> Option<String> {
    if !path.starts_with("migrations/") {
        return None;
    }
    let (folder, name) = path.rsplit_once('/')?;
    let (parent, engine) = folder.rsplit_once('/')?;
    let other = ENGINES
        .iter()
        .find(|other| **other != engine)
        .filter(|_| ENGINES.contains(&engine))?;
    Some(format!("{parent}/{other}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_of_one_engine_only_is_named() {
        let files = [
            "migrations/README.md",
            "migrations/sqlite/1_a.sql",
            "migrations/postgres/1_a.sql",
            "migrations/keys/sqlite/2_b.sql",
        ];
        let files = files.map(|path| SourceFile {
            path: path.into(),
            text: String::new(),
        });
        assert_eq!(
            breaches(&files),
            ["migrations/keys/postgres/2_b.sql is missing: the other engine has it"]
        );
    }
}
