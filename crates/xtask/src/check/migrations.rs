//! Both engines have the same migrations.

use std::collections::BTreeSet;

use crate::repository::SourceFile;

/// One sentence per migration that only one engine has.
pub fn breaches(files: &[SourceFile]) -> Vec<String> {
    let (sqlite, postgres) = (of_engine(files, "sqlite"), of_engine(files, "postgres"));
    let only = |here: &BTreeSet<&str>, there: &BTreeSet<&str>, other: &str| -> Vec<String> {
        here.difference(there)
            .map(|name| format!("migrations/{other}/{name} is missing: the other engine has it"))
            .collect()
    };
    let mut breaches = only(&sqlite, &postgres, "postgres");
    breaches.extend(only(&postgres, &sqlite, "sqlite"));
    breaches
}

fn of_engine<'a>(files: &'a [SourceFile], engine: &str) -> BTreeSet<&'a str> {
    let folder = format!("migrations/{engine}/");
    files
        .iter()
        .filter_map(|file| file.path.strip_prefix(&folder))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_of_one_engine_only_is_named() {
        let files = [
            "migrations/sqlite/1_a.sql",
            "migrations/postgres/1_a.sql",
            "migrations/sqlite/2_b.sql",
        ];
        let files = files.map(|path| SourceFile {
            path: path.into(),
            text: String::new(),
        });
        assert_eq!(
            breaches(&files),
            ["migrations/postgres/2_b.sql is missing: the other engine has it"]
        );
    }
}
