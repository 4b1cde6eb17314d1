//! Mail out of mailboxes of a real server, and of servers that stall and flood as no real one does on demand.

#[path = "../smtp/certificates.rs"]
mod certificates;
mod encryption;
mod faults;
mod floods;
mod reading;
mod script;
mod server;
mod stalls;
mod waiting;
