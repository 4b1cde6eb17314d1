//! What is configured for what runs by itself.

use std::sync::Arc;

use app::mail::Outbox;

/// What schedules and mail can be about in this process.
#[derive(Clone)]
pub struct Operations {
    /// The commands that a schedule can name.
    pub commands: Arc<[&'static str]>,
    /// The way that mail takes.
    pub outbox: Arc<dyn Outbox>,
}
