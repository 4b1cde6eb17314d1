//! Schedules that several processes look after, whose leader is killed: each firing is one event, one row and one job.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::App;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ScheduleId;
use domain::schedule::{DefinitionInput, Misfire, ScheduleEvent};
use event_store::{RecordedEvent, each_engine};
use test_support::{Dice, TestDatabase, on_both_engines, size, tell};
use uuid::Uuid;

use crate::node::{FastClock, Node, Options, Role};
use crate::office::{database, events, office, someone, until, verify};

on_both_engines!(t16_five_processes_whose_leader_is_killed_again_and_again_fire_each_time_once);

/// How many minutes of the office go by in one of the machine's.
pub const FACTOR: i32 = 60;
/// Half a second of the machine's.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);
const NODES: usize = 5;
const SCHEDULES: u64 = 8;

/// In the past of the database's own clock, which must not find anything too early.
pub fn clock() -> FastClock {
    let showed = DateTime::parse_from_rfc3339("2026-04-01T09:00:30+09:00").expect("a time");
    FastClock::new(showed.to_utc(), FACTOR)
}

/// Schedules that are due every minute.
pub async fn define(app: &App, number: u64) -> ScheduleId {
    let input = DefinitionInput {
        name: format!("minutely {number}"),
        expression: "* * * * *".to_owned(),
        zone: "Asia/Tokyo".to_owned(),
        command: "work".to_owned(),
        misfire: Misfire::All { at_most: 1_000 },
        not_after: None,
        jitter: 0,
        enabled: true,
    };
    let defined = app
        .define_schedule(&someone(app), Uuid::now_v7(), &input, &["work"])
        .await;
    defined.expect("a schedule").id
}

/// A tenure as the lease has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenure {
    pub token: Uuid,
    pub holder: String,
}

/// Who looks after the schedules, or did last.
pub async fn tenure(app: &App) -> Option<Tenure> {
    let mut connection = database(app).acquire_read().await.expect("a connection");
    let sql = "SELECT token, holder FROM lease WHERE name = 'scheduler'";
    let row = each_engine!(connection, c => sqlx::query_as::<_, (Uuid, String)>(sql).fetch_optional(c).await);
    row.expect("the lease")
        .map(|(token, holder)| Tenure { token, holder })
}

/// A firing as its event tells it.
pub struct Fired {
    pub schedule: ScheduleId,
    pub due: DateTime<Utc>,
    pub job: Uuid,
    pub position: i64,
    pub tenure: Uuid,
}

/// Every firing, in the order of the log. Nothing was missed.
pub fn firings(events: &[RecordedEvent]) -> Vec<Fired> {
    let mut fired = Vec::new();
    for event in events
        .iter()
        .filter(|event| event.event_type.starts_with("schedule."))
    {
        let said = ScheduleEvent::decode(&event.event_type, event.schema_version, &event.data);
        match said.expect("readable") {
            ScheduleEvent::Fired {
                schedule_id,
                firing,
                job_id,
                ..
            } => fired.push(Fired {
                schedule: schedule_id,
                due: firing.due,
                job: job_id.uuid(),
                position: event.position.get(),
                tenure: event.correlation_id,
            }),
            ScheduleEvent::Missed { missed, .. } => panic!("{missed:?}"),
            _ => {}
        }
    }
    fired
}

/// A table's firings: schedule, due, job, and what is the table's own.
async fn rows(app: &App, sql: &'static str) -> Vec<(Uuid, i64, Uuid, i64)> {
    let mut connection = database(app).acquire_read().await.expect("a connection");
    let rows = each_engine!(connection, c => sqlx::query_as(sql).fetch_all(c).await);
    rows.expect("the rows")
}

/// Each (schedule, due) is one event, one row and one job, and no minute is left out; how many there are, and how many tenures.
pub async fn check(app: &App, schedules: &[ScheduleId]) -> (usize, usize) {
    verify(app).await;
    let fired = firings(&events(app).await);
    let mut due: HashMap<ScheduleId, Vec<DateTime<Utc>>> = HashMap::new();
    for it in &fired {
        due.entry(it.schedule).or_default().push(it.due);
    }
    assert_eq!(due.len(), schedules.len());
    for (schedule, due) in &due {
        for pair in due.windows(2) {
            assert_eq!(
                pair[1] - pair[0],
                TimeDelta::minutes(1),
                "{schedule}: each minute once, in order"
            );
        }
    }
    let said: HashSet<_> = fired
        .iter()
        .map(|it| (it.schedule.uuid(), it.due.timestamp_micros(), it.job, it.position))
        .collect();
    assert_eq!(said.len(), fired.len());
    let written = rows(app, "SELECT schedule_id, due_at, job_id, position FROM firing").await;
    assert_eq!(written.len(), fired.len());
    assert_eq!(written.into_iter().collect::<HashSet<_>>(), said);
    let jobs = rows(app, "SELECT schedule_id, due_at, id, CAST(0 AS BIGINT) FROM job").await;
    assert_eq!(jobs.len(), fired.len());
    let of_events: HashSet<_> = said.iter().map(|&(id, due, job, _)| (id, due, job, 0)).collect();
    assert_eq!(jobs.into_iter().collect::<HashSet<_>>(), of_events);
    (fired.len(), tenures(&fired))
}

/// How many tenures there were; none of them wrote after a later one had.
fn tenures(fired: &[Fired]) -> usize {
    let mut over = HashSet::new();
    for pair in fired.windows(2) {
        if pair[0].tenure != pair[1].tenure {
            over.insert(pair[0].tenure);
        }
        assert!(
            !over.contains(&pair[1].tenure),
            "a tenure that was over wrote at {}",
            pair[1].position
        );
    }
    over.len() + 1
}

async fn t16_five_processes_whose_leader_is_killed_again_and_again_fire_each_time_once(db: TestDatabase) {
    let test = format!(
        "kill -9 of whoever looks after the schedules, {:?}",
        db.database().engine()
    );
    let (began, mut dice) = (Instant::now(), Dice::new(&test));
    let (kills, at_least) = (size(4, 100), size(40, 1_000));
    let clock = clock();
    let app = office(&db, clock).await;
    let mut schedules = Vec::new();
    for number in 0..SCHEDULES {
        schedules.push(define(&app, number).await);
    }
    let options = Options {
        url: db.url(),
        clock,
        lease: LEASE,
        // A kill is more often in the middle of an append.
        pause: Duration::from_millis(2),
    };
    let mut started = 0;
    let mut start = || {
        started += 1;
        Node::start(&options, Role::Fire, format!("node {started}"))
    };
    let mut nodes: Vec<Node> = (0..NODES).map(|_| start()).collect();
    let mut in_the_middle = 0;
    for _ in 0..kills {
        let leader = leader(&app, &nodes).await;
        // Half of the kills come at any moment of the tenure, half of them while what is due is being fired.
        if dice.below(2) == 0 {
            tokio::time::sleep(Duration::from_millis(dice.below(1_000))).await;
        } else {
            let before = fired(&app).await;
            until("something fires", async || fired(&app).await > before).await;
            tokio::time::sleep(Duration::from_millis(dice.below(20))).await;
        }
        nodes.swap_remove(leader).kill().await;
        in_the_middle += u64::from(fired(&app).await % SCHEDULES != 0);
        nodes.push(start());
    }
    until("enough has fired", async || fired(&app).await >= at_least).await;
    for node in nodes {
        node.stop().await;
    }
    let (firings, tenures) = check(&app, &schedules).await;
    tell(
        &test,
        &format!(
            "{NODES} processes, {kills} leaders killed, {in_the_middle} of them in the middle of a round, {tenures} tenures, {firings} firings, each one event, one row \
             and one job, none missing, {} s",
            began.elapsed().as_secs()
        ),
    );
}

/// Waits until one of these looks after the schedules, and says which.
async fn leader(app: &Arc<App>, nodes: &[Node]) -> usize {
    until("one of them leads", async || of(app, nodes).await.is_some()).await;
    of(app, nodes).await.expect("its tenure has begun")
}

async fn of(app: &App, nodes: &[Node]) -> Option<usize> {
    let tenure = tenure(app).await?;
    nodes.iter().position(|node| node.name == tenure.holder)
}

async fn fired(app: &App) -> u64 {
    let mut connection = database(app).acquire_read().await.expect("a connection");
    let sql = "SELECT count(*) FROM firing";
    let count: i64 =
        each_engine!(connection, c => sqlx::query_scalar(sql).fetch_one(c).await).expect("a count");
    u64::try_from(count).expect("no less than none")
}
