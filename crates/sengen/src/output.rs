//! What the program prints: results on standard output, everything else on standard error.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tracing_subscriber::EnvFilter;

/// Starts the log on standard error; `SENGEN_LOG` filters it (`warn`, `info`, `storage=debug`).
pub fn start_log() {
    let filter = EnvFilter::try_from_env("SENGEN_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // A second start happens in tests only, and then the first one stays.
    let _started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}

/// A line on standard output. A closed pipe is the reader's choice, not a fault.
pub fn line(text: &str) {
    let _closed = writeln!(std::io::stdout(), "{text}");
}

/// A line for people on standard error.
pub fn note(text: &str) {
    let _closed = writeln!(std::io::stderr(), "{text}");
}

/// The sentence of a failure.
pub fn failure(message: &str) {
    note(&format!("sengen: {message}"));
}

/// How far long work is: a bar on a terminal, a line for each tenth elsewhere.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    length: u64,
    told: AtomicU64,
}

/// Shows how far long work is, on standard error.
pub fn progress(length: u64, what: &'static str) -> Progress {
    let terminal = std::io::stderr().is_terminal();
    let target = if terminal {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(length), target).with_message(what);
    let template = "{msg} {percent:>3}% {bar:40} {human_pos}/{human_len} ({rate}, {eta})";
    if let Ok(style) = ProgressStyle::with_template(template) {
        // A line that is longer than the terminal is wide would be drawn again and again below itself.
        let rate = |state: &ProgressState, text: &mut dyn std::fmt::Write| {
            let _full = write!(text, "{:.0}/s", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
    }
    if terminal {
        // At once: the first rows may take a while.
        bar.tick();
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    Progress {
        bar,
        what,
        length,
        told: AtomicU64::new(0),
    }
}

impl Progress {
    /// So much is done.
    pub fn set(&self, done: u64) {
        self.bar.set_position(done);
        let tenths = (done * 10).checked_div(self.length).unwrap_or(10);
        if self.bar.is_hidden() && tenths > self.told.load(Ordering::Relaxed) {
            self.told.store(tenths, Ordering::Relaxed);
            note(&format!("{done}/{} {}", self.length, self.what));
        }
    }

    /// The work has ended, well or not: the bar stays as far as it came.
    pub fn finish(&self) {
        self.bar.abandon();
    }
}
