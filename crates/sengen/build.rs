//! Tells cargo to embed the console anew when its build changed. It never runs npm: without a build, the binary
//! serves a page that says how to make one.

fn main() {
    println!("cargo::rerun-if-changed=../../admin-ui/dist");
}
