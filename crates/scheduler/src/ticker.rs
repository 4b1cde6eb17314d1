//! Looks for what is due, in one process at a time, and fires it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::schedule::FireError;
use app::{App, WrongClock, cause};
use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often is looked for what is due.
#[derive(Debug, Clone)]
pub struct TickerOptions {
    /// The name of this process, for people.
    pub node: String,
    /// How long a tenure lasts without a sign of life: the longest time that nobody looks after its holder was killed.
    pub lease: TimeDelta,
    /// The longest pause between two looks.
    pub look_every: Duration,
}

impl TickerOptions {
    /// For a server that is called this. Firings are late by half a minute at most when another server is killed, which still
    /// counts as on time.
    pub fn new(node: String) -> Self {
        Self {
            node,
            lease: TimeDelta::seconds(30),
            look_every: Duration::from_secs(10),
        }
    }
}

/// The time in which this process is the one that looks.
struct Tenure {
    token: Uuid,
    until: DateTime<Utc>,
}

/// Fires what is due.
pub struct Ticker {
    app: Arc<App>,
    options: TickerOptions,
    /// Whether the clock of this machine was wrong at the last look.
    is_wrong: AtomicBool,
}

impl Ticker {
    /// A ticker of this office.
    pub const fn new(app: Arc<App>, options: TickerOptions) -> Self {
        Self {
            app,
            options,
            is_wrong: AtomicBool::new(false),
        }
    }

    /// Looks until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut head = self.app.store().head_changed();
        let mut tenure = None;
        while !stop.is_cancelled() {
            let pause = self.look(&mut tenure).await;
            // Each of these only ends the wait: a schedule may have come or changed.
            tokio::select! {
                () = stop.cancelled() => {}
                _ = head.changed(), if tenure.is_some() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        if let Some(Tenure { token, .. }) = tenure
            && let Err(error) = self.app.release_schedules(token).await
        {
            // The lease ends by itself.
            tracing::warn!(
                error = cause(&error),
                "the lease of the schedules could not be released"
            );
        }
    }

    /// Fires what is due, if it is for this process to do so; answers for how long there is nothing to do.
    async fn look(&self, tenure: &mut Option<Tenure>) -> Duration {
        let held = match self.hold(tenure.take()).await {
            Ok(held) => held,
            Err(error) => {
                tracing::warn!(
                    error = cause(&error),
                    "the lease of the schedules could not be had"
                );
                None
            }
        };
        let Some(held) = held else {
            return self.options.look_every;
        };
        let fired = self.app.fire_due(held.token).await;
        *tenure = Some(held);
        match fired {
            Ok(fired) => {
                let wait = fired
                    .next_at
                    .map(|next| (next - fired.now).to_std().unwrap_or_default());
                wait.map_or(self.options.look_every, |wait| wait.min(self.options.look_every))
            }
            Err(FireError::TenureOver) => {
                tracing::warn!("another process looks after the schedules now; nothing was written");
                *tenure = None;
                self.options.look_every
            }
            Err(FireError::Internal(error)) => {
                tracing::warn!(
                    error = cause(&error),
                    "what is due could not be fired; it is tried again"
                );
                self.options.look_every
            }
        }
    }

    /// Begins a tenure, or goes on with one. None: somebody else has it.
    async fn hold(&self, tenure: Option<Tenure>) -> Result<Option<Tenure>, app::Internal> {
        let (now, wrong) = self.app.due_time_and_skew().await?;
        self.alarm(wrong);
        let until = now + self.options.lease;
        match tenure {
            // Renewed when a third is gone, not at every look: each time is a commit.
            Some(tenure) if tenure.until - now > self.options.lease * 2 / 3 => Ok(Some(tenure)),
            Some(Tenure { token, .. }) => {
                let held = self.app.hold_schedules(token, until).await?;
                Ok(held.then_some(Tenure { token, until }))
            }
            None => {
                let token = self.app.take_schedules(&self.options.node, now, until).await?;
                Ok(token.map(|token| Tenure { token, until }))
            }
        }
    }

    /// Says once that the clock of this machine is wrong, and once that it is right again.
    fn alarm(&self, wrong: Option<WrongClock>) {
        let was_wrong = self.is_wrong.swap(wrong.is_some(), Ordering::Relaxed);
        match wrong {
            Some(wrong) if !was_wrong => tracing::error!(
                "{wrong}; until then this process is not ready, and what it writes is dated by the wrong clock"
            ),
            None if was_wrong => tracing::info!("the clock of this machine is right again"),
            _ => {}
        }
    }
}
