//! What runs by itself, on both engines: firing, jobs, and what happens when things go wrong.

mod firing;
mod jobs;
mod mail;
mod support;
