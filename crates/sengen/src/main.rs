//! sengen
fn main() {}
