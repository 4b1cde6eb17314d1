//! An office with a clock that stands still, schedules in it, and jobs that do what a test wants.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::job::{Effects, JobFailure, JobHandler, JobRun};
use app::schedule::ScheduleChanged;
use app::{App, Clock, OpContext, SystemRandom, TimeSource};
use chrono::{DateTime, TimeDelta, Utc};
use domain::job::Patience;
use domain::reason::Reason;
use domain::schedule::{DefinitionInput, Misfire};
use event_store::{BoxFuture, Database, DatabaseOptions, Query};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

/// What schedules may ask for here.
pub const COMMANDS: [&str; 1] = ["work"];

struct Moving(FixedClock);

impl Clock for Moving {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// One process of an office, whose clock decides what is due.
pub async fn node(db: &TestDatabase, clock: &FixedClock) -> Arc<App> {
    node_over(db, db.open_again(DatabaseOptions::default()).await, clock).await
}

/// The same, over connections of its own.
pub async fn node_over(db: &TestDatabase, database: Database, clock: &FixedClock) -> Arc<App> {
    office_over(db, database, clock, TimeSource::Process).await
}

/// The same, and who decides what is due.
pub async fn office_over(
    db: &TestDatabase,
    database: Database,
    clock: &FixedClock,
    source: TimeSource,
) -> Arc<App> {
    let store = db.open_store_over(database, storage::inline_projectors()).await;
    let app = App::open(store, Arc::new(Moving(clock.clone())), Arc::new(SystemRandom)).await;
    Arc::new(app.expect("an office").with_time_source(source))
}

pub fn someone(app: &App) -> OpContext {
    app.command_line().expect("a context")
}

pub fn input(expression: &str, misfire: Misfire) -> DefinitionInput {
    DefinitionInput {
        name: expression.to_owned(),
        expression: expression.to_owned(),
        zone: "Asia/Tokyo".to_owned(),
        command: "work".to_owned(),
        misfire,
        not_after: None,
        jitter: 0,
        enabled: true,
    }
}

pub async fn define(app: &App, input: &DefinitionInput) -> ScheduleChanged {
    app.define_schedule(&someone(app), Uuid::now_v7(), input, &COMMANDS)
        .await
        .expect("a schedule")
}

/// Looks after the schedules for as long as a test wants.
pub async fn tenure(app: &App) -> Uuid {
    let until = app.now() + TimeDelta::days(3_650);
    let taken = app.take_schedules("test", app.now(), until).await;
    taken.expect("an answer").expect("nobody else looks")
}

/// How many events of a type there are.
pub async fn count(app: &App, event_type: &str) -> usize {
    let events = app
        .store()
        .read(&Query::all(), event_store::Position::START, 100_000)
        .await;
    let events = events.expect("the log");
    events
        .iter()
        .filter(|event| event.event_type == event_type)
        .count()
}

/// What a job of the tests does.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    Succeed,
    Fail,
    /// In the middle of its work.
    Panic,
    /// Before there is anything to wait for.
    PanicAtOnce,
    /// While its result is handed back.
    PanicAtTheEnd,
    Hang,
    UntilStopped,
}

/// Does the same each time, and counts how often.
pub struct Work {
    deed: Deed,
    patience: Patience,
    pub begun: AtomicUsize,
}

impl Work {
    pub fn new(deed: Deed) -> Arc<Self> {
        let patience = Patience {
            attempts: 3,
            pause: TimeDelta::seconds(10),
            longest_pause: TimeDelta::seconds(60),
            timeout: TimeDelta::hours(1),
        };
        Arc::new(Self {
            deed,
            patience,
            begun: AtomicUsize::new(0),
        })
    }

    /// The same, ended after a moment.
    pub fn impatient(deed: Deed) -> Arc<Self> {
        let mut work = Self::new(deed);
        if let Some(work) = Arc::get_mut(&mut work) {
            work.patience.timeout = TimeDelta::milliseconds(50);
        }
        work
    }

    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }
}

impl JobHandler for Work {
    fn command(&self) -> &'static str {
        "work"
    }

    fn patience(&self) -> Patience {
        self.patience
    }

    fn run<'f>(&'f self, _: &'f App, run: &'f JobRun) -> BoxFuture<'f, Result<Effects, JobFailure>> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        assert!(
            !matches!(self.deed, Deed::PanicAtOnce),
            "見本 太郎 must not be seen"
        );
        Box::pin(async move {
            run.report(1, 2);
            match self.deed {
                Deed::Succeed => Ok(Effects {
                    result: Reason::outside("done"),
                    events: Vec::new(),
                }),
                Deed::Fail => Err(JobFailure::Failed(Reason::outside("the disk is full"))),
                Deed::PanicAtOnce | Deed::Panic => panic!("見本 太郎 must not be seen"),
                Deed::PanicAtTheEnd => {
                    // It is dropped when the result is there.
                    let _last = PanicsWhenDropped;
                    Ok(Effects {
                        result: Reason::outside("done"),
                        events: Vec::new(),
                    })
                }
                Deed::Hang => {
                    tokio::time::sleep(Duration::from_hours(1)).await;
                    Err(JobFailure::Stopped)
                }
                Deed::UntilStopped => {
                    run.stopping().await;
                    Err(JobFailure::Stopped)
                }
            }
        })
    }
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("見本 太郎 must not be seen");
    }
}
