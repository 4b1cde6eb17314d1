//! `sqlx::migrate!` reads the folder when the crate is compiled, and cargo does not know that by itself.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
