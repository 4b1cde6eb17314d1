//! What runs by itself, on both engines: firing, jobs, and what happens when things go wrong.

#[path = "../../../mail/tests/smtp/certificates.rs"]
mod certificates;
mod clock;
mod cut;
mod firing;
mod incoming_mail;
mod inquiries;
mod inquiry_answers;
mod inquiry_commands;
mod inquiry_files;
mod jobs;
mod mail;
mod opt_out;
mod outbox;
mod pages;
mod panics;
mod postman;
mod relay;
mod retention;
mod support;
