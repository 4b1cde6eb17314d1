//! Prints the schema's text: `cargo xtask schema` writes it to `admin-ui/schema.graphql`.

#[expect(clippy::print_stdout, reason = "printing is what this is for")]
fn main() {
    print!("{}", admin_api::sdl());
}
