//! Mail over a real SMTP server, which is told where to fail, and into a folder.

mod certificates;
mod encryption;
mod faults;
mod folder;
mod reading;
mod reuse;
mod server;
mod transport;
