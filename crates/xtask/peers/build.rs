//! Finds the SQL that disintegrate-postgres installs, where cargo has put that crate.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

const FILES: [&str; 5] = [
    "seq_event_event_id",
    "table_event",
    "idx_event_type",
    "fn_event_store_current_epoch",
    "fn_event_store_begin_epoch",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=Cargo.lock");
    let output = Command::new(std::env::var("CARGO")?)
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        // Packages for other systems have not been fetched.
        .args(["--filter-platform", &std::env::var("TARGET")?])
        .current_dir(std::env::var("CARGO_MANIFEST_DIR")?)
        .output()?;
    let metadata = String::from_utf8(output.stdout)?;
    let folder = metadata
        .split("\"manifest_path\":\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|path| path.contains("/disintegrate-postgres-"))
        .map(Path::new)
        .and_then(Path::parent)
        .ok_or("disintegrate-postgres is not among the packages")?
        .join("src/event_store/sql");
    let entry = |name: &str| {
        format!(
            "({name:?}, include_str!({:?}))",
            folder.join(name).with_extension("sql")
        )
    };
    let list: Vec<_> = FILES.iter().map(|name| entry(name)).collect();
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("statements.rs");
    std::fs::write(out, format!("[{}]", list.join(", ")))?;
    Ok(())
}
