//! Every crate of the workspace opts into its lints.

use crate::repository::SourceFile;

/// One sentence per crate that does not.
pub fn breaches(files: &[SourceFile]) -> Vec<String> {
    let manifests = files.iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    let without = manifests.filter(|file| !opts_in(&file.text));
    without
        .map(|file| format!("{} does not say `[lints] workspace = true`", file.path))
        .collect()
}

fn opts_in(manifest: &str) -> bool {
    let manifest: Option<toml::Table> = manifest.parse().ok();
    manifest.is_some_and(|manifest| {
        // A workspace of its own cannot: what the benches compare with needs other versions than ours.
        manifest.contains_key("workspace")
            || manifest
                .get("lints")
                .and_then(|lints| lints.get("workspace"))
                .and_then(toml::Value::as_bool)
                == Some(true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_with_lints_of_its_own_does_not_opt_in() {
        assert!(opts_in("[lints]\nworkspace = true"));
        assert!(!opts_in("[lints.clippy]\nall = \"allow\""));
        assert!(!opts_in("[package]\nname = \"x\""));
    }

    #[test]
    fn a_workspace_of_its_own_need_not() {
        assert!(opts_in("[workspace]\n[package]\nname = \"x\""));
    }
}
