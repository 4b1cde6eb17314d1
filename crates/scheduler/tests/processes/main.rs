//! What runs by itself, in processes that are killed and stopped: what fires, fires once, and what is sent, is sent once. Every
//! test has a short form, which is the ordinary one, and a full form, which `cargo xtask torture` asks for.

mod fire;
mod mail;
mod node;
mod office;
mod pause;
