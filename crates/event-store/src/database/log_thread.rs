//! The thread of the log: whoever writes the log runs on it, and nobody else.
//!
//! A batch is several round trips, and everybody waits for the batch. On the runtime that also answers requests, each
//! answer of the database would queue behind whatever else is ready; here it is heard at once.

use std::sync::{Arc, OnceLock};

use tokio::runtime::{self, Handle};
use tokio::sync::oneshot;

/// Starts with the first task; ends with the last clone, and with it what still runs there.
#[derive(Clone, Debug, Default)]
pub(super) struct LogThread(Arc<OnceLock<Running>>);

#[derive(Debug)]
struct Running {
    runtime: Handle,
    _until: oneshot::Sender<()>,
}

impl LogThread {
    /// Runs a task on it; on the caller's runtime where the system gives no further thread.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let running = self.0.get_or_init(|| {
            Running::start().unwrap_or_else(|error| {
                tracing::warn!(%error, "the log has no thread of its own");
                let (until, _) = oneshot::channel();
                Running {
                    runtime: Handle::current(),
                    _until: until,
                }
            })
        });
        running.runtime.spawn(task);
    }
}

impl Running {
    fn start() -> std::io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (until, ended) = oneshot::channel();
        std::thread::Builder::new()
            .name("sengen-log".to_owned())
            .spawn(move || {
                // Fails when the sender is dropped, which is the sign.
                let _ = runtime.block_on(ended);
            })?;
        Ok(Self {
            runtime: handle,
            _until: until,
        })
    }
}
