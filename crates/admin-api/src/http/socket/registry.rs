//! The sockets of this process, and the task that looks every quarter of a second whether their sessions still stand. It asks the database, so
//! it does not matter which process ended a session, disabled an account or changed roles.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::App;
use app::staff::SessionKey;
use domain::staff::Role;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::protocol::Closing;

/// Sockets of one session: a browser has one for each of its tabs.
const OF_SESSION: usize = 16;
/// Sockets of this process.
const OF_PROCESS: usize = 2_000;
/// How often sessions are looked at; what is over is closed by the next look.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Why there is no room for another socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// The session has as many as it may have.
    Session,
    /// The process has.
    Process,
}

/// All sockets of this process. Cloning shares them.
#[derive(Clone, Default)]
pub struct Sockets(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    open: HashMap<u64, Open>,
    next: u64,
    /// Looks after them; it ends when there are none.
    watch: Option<JoinHandle<()>>,
}

struct Open {
    key: SessionKey,
    roles: BTreeSet<String>,
    end: oneshot::Sender<Closing>,
}

/// The place of a socket; given back when it is dropped.
pub(super) struct Slot {
    sockets: Sockets,
    id: u64,
    /// Says that the socket has to be closed, and how.
    pub(super) ended: oneshot::Receiver<Closing>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.sockets.state().open.remove(&self.id);
    }
}

impl Sockets {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for a session whose owner has these roles.
    pub(super) fn take(&self, app: &Arc<App>, key: SessionKey, roles: &[Role]) -> Result<Slot, Full> {
        let mut state = self.state();
        if state.open.len() >= OF_PROCESS {
            return Err(Full::Process);
        }
        if state.open.values().filter(|open| open.key == key).count() >= OF_SESSION {
            return Err(Full::Session);
        }
        let (end, ended) = oneshot::channel();
        let id = state.next;
        state.next += 1;
        let roles = roles.iter().map(|role| role.as_str().to_owned()).collect();
        state.open.insert(id, Open { key, roles, end });
        // Also after it failed: nothing else closes what is over.
        if state.watch.as_ref().is_none_or(JoinHandle::is_finished) {
            state.watch = Some(tokio::spawn(self.clone().watch(Arc::clone(app))));
        }
        drop(state);
        Ok(Slot {
            sockets: self.clone(),
            id,
            ended,
        })
    }

    /// Closes all, because the process ends.
    pub fn close_all(&self) {
        for (_, open) in self.state().open.drain() {
            // One that ends at this moment needs no telling.
            let _ = open.end.send(Closing::GoingAway);
        }
    }

    /// Ends when there are none.
    async fn watch(self, app: Arc<App>) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let keys: HashSet<SessionKey> = {
                let mut state = self.state();
                if state.open.is_empty() {
                    // Under the lock under which others open: nobody is left with a task that is about to end.
                    state.watch = None;
                    return;
                }
                state.open.values().map(|open| open.key).collect()
            };
            let asked: Vec<SessionKey> = keys.iter().copied().collect();
            match app.standing_sessions(&asked).await {
                Ok(standing) => {
                    self.close(&keys, |open| match standing.get(&open.key) {
                        None => Some(Closing::SessionEnded),
                        Some(roles) => {
                            let is_same = roles.iter().cloned().collect::<BTreeSet<_>>() == open.roles;
                            (!is_same).then_some(Closing::RolesChanged)
                        }
                    });
                }
                // Whether a session stands is not known: then it does not.
                Err(error) => {
                    tracing::warn!(
                        error = app::cause(&error),
                        "sockets are closed: sessions cannot be read"
                    );
                    self.close(&keys, |_| Some(Closing::TryAgain));
                }
            }
        }
    }

    fn close(&self, looked_at: &HashSet<SessionKey>, why: impl Fn(&Open) -> Option<Closing>) {
        let mut state = self.state();
        let over: Vec<(u64, Closing)> = state
            .open
            .iter()
            .filter(|(_, open)| looked_at.contains(&open.key))
            .filter_map(|(id, open)| Some((*id, why(open)?)))
            .collect();
        for (id, closing) in over {
            if let Some(open) = state.open.remove(&id) {
                // One that ends at this moment needs no telling.
                let _ = open.end.send(closing);
            }
        }
    }
}
