//! Rebuilds the crate when a migration is added: `sqlx::migrate!` only watches the files it saw.
#![expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
