//! What is sent, is sent once: through the ledger into a folder, and what happens when somebody dies, changes their mind or cannot
//! be reached.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::mail::{CameBackFor, DecideMailError, MailDetail, Turn};
use chrono::TimeDelta;
use domain::mailing::event::{ReturnKind, SuppressionReason, Verdict};
use domain::mailing::{Address, Class, DraftInput, Policy, Recipient, State};
use event_store::Position;
use mail::{Folder, Rates, Sender, Transport};
use scheduler::{Mailer, MailerOptions};
use storage::mail::{Claimed, Settled};
use tempfile::TempDir;
use test_support::{FixedClock, TestDatabase};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{count, node, someone};

test_support::on_both_engines!(
    a_queued_message_becomes_one_file_however_often_it_is_asked_for,
    t24_what_was_claimed_by_a_process_that_died_is_in_doubt_until_a_person_decides,
    t24_a_result_that_comes_late_ends_the_doubt,
    t28_what_is_suppressed_after_it_was_queued_is_not_sent,
    what_would_come_too_late_is_not_sent,
    two_senders_never_get_the_same_message,
    three_soft_bounces_are_as_good_as_a_hard_one,
    what_a_person_decides_must_fit_where_the_message_stands,
    a_claim_is_held_for_as_long_as_its_process_says_so,
    a_log_whose_time_is_ahead_of_the_clock_holds_no_mail_and_no_job_back,
);

pub const LEASE: TimeDelta = TimeDelta::seconds(60);

fn draft<'a>(to: &'a str, subject: &'a str) -> DraftInput<'a> {
    DraftInput {
        sender: "office",
        to,
        name: Some("見本 花子"),
        subject,
        text: "お世話になっております。\n\n宣言事務局",
        class: Class::Optional,
        auto: true,
        reply_to: None,
        references: &[],
    }
}

pub async fn queue(app: &App, to: &str) -> Uuid {
    let queued = app
        .queue_test_mail(&someone(app), Uuid::now_v7(), &draft(to, "ご案内"))
        .await;
    queued.expect("queued").id
}

pub async fn detail(app: &App, id: Uuid) -> MailDetail {
    app.mail(&someone(app), id)
        .await
        .expect("an answer")
        .expect("the message")
}

/// Without its words, whose reading is put on record first.
pub async fn state(app: &App, id: Uuid) -> State {
    let mail = storage::mail::load(app.store().database(), id).await;
    mail.expect("an answer").expect("the message").state
}

fn turn<'a>(node: &'a str, settled: &'a [Settled], limit: u32) -> Turn<'a> {
    Turn {
        node,
        settled,
        lease: LEASE,
        limit,
        repeatable: false,
        renew: &[],
    }
}

pub async fn claim(app: &App, node: &str) -> Vec<Claimed> {
    app.mail_turn(&turn(node, &[], 100)).await.expect("a turn")
}

fn accepted(claimed: &Claimed) -> Settled {
    Settled {
        id: claimed.id,
        term: claimed.term,
        attempt: Some(claimed.attempt),
        state: State::Accepted,
        next_try_at: None,
        judged: 1,
        outcome: "accepted",
        reply: "250 to the message".to_owned(),
        began_at: claimed.queued_at,
        ended_at: claimed.queued_at,
    }
}

/// A message that a relay has taken.
pub async fn sent(app: &App, to: &str) -> Uuid {
    let id = queue(app, to).await;
    let claimed = claim(app, "here").await;
    let settled: Vec<_> = claimed.iter().map(accepted).collect();
    app.mail_turn(&turn("here", &settled, 0)).await.expect("written");
    id
}

pub struct Sending {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Sending {
    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.expect("it ends in order");
    }
}

/// A mailer into a folder.
pub fn start(app: &Arc<App>, folder: &Path) -> Sending {
    start_over(
        app,
        Transport::Folder(Folder::open(folder).expect("a folder")),
        LEASE,
    )
}

/// A mailer.
pub fn start_over(app: &Arc<App>, transport: Transport, lease: TimeDelta) -> Sending {
    let sender = Sender {
        from: Recipient::parse("office@example.jp", Some("宣言事務局")).expect("a sender"),
        reply_to: None,
        return_path: None,
    };
    let options = MailerOptions {
        node: format!("test {}", Uuid::now_v7()),
        senders: HashMap::from([("office".to_owned(), sender)]),
        domain: "mail.example.jp".to_owned(),
        at_once: 4,
        lease,
        look_every: Duration::from_millis(10),
        drain: Duration::from_secs(5),
        policy: Policy::default(),
    };
    let mailer = Mailer::new(
        Arc::clone(app),
        Arc::new(transport),
        Rates::new(None, None),
        options,
    );
    let stop = CancellationToken::new();
    let task = tokio::spawn(mailer.run(stop.clone()));
    Sending { stop, task }
}

pub async fn until(app: &App, id: Uuid, wanted: State) {
    while state(app, id).await != wanted {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    let texts =
        entries.map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("a file"));
    texts.collect()
}

async fn a_queued_message_becomes_one_file_however_often_it_is_asked_for(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let folder = TempDir::new().expect("a folder");
    let command = Uuid::now_v7();
    let op = someone(&app);
    let input = draft("hanako@example.com", "ご案内");
    let first = app.queue_test_mail(&op, command, &input).await.expect("queued");
    let again = app.queue_test_mail(&op, command, &input).await.expect("the same");
    assert_eq!(first, again);
    let sending = start(&app, folder.path());
    until(&app, first.id, State::Accepted).await;
    sending.stop().await;
    let files = files(folder.path());
    assert_eq!(files.len(), 1);
    let id = format!("Message-ID: <{}@mail.example.jp>", first.id);
    assert!(files[0].contains(&id), "{}", files[0]);
    let detail = detail(&app, first.id).await;
    assert_eq!((detail.attempts.len(), detail.mail.attempt), (1, 1));
    assert_eq!(count(&app, "mail.queued").await, 1);
}

async fn t24_what_was_claimed_by_a_process_that_died_is_in_doubt_until_a_person_decides(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let (sent, lost) = (
        queue(&app, "a@example.com").await,
        queue(&app, "b@example.com").await,
    );
    assert_eq!(claim(&app, "dies").await.len(), 2);
    clock.advance(LEASE - TimeDelta::seconds(1));
    assert!(claim(&app, "lives").await.is_empty());
    assert_eq!(state(&app, sent).await, State::Claimed);
    clock.advance(TimeDelta::seconds(1));
    assert!(
        claim(&app, "lives").await.is_empty(),
        "nobody sends them again by themselves"
    );
    assert_eq!(
        (state(&app, sent).await, state(&app, lost).await),
        (State::InDoubt, State::InDoubt)
    );

    let op = someone(&app);
    let decide = |id, verdict| app.decide_mail(&op, Uuid::now_v7(), id, verdict);
    decide(sent, Verdict::TreatAsSent).await.expect("decided");
    decide(lost, Verdict::SendAgain).await.expect("decided");
    assert_eq!(state(&app, sent).await, State::Accepted);
    let again = claim(&app, "lives").await;
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].id, again[0].attempt), (lost, 2));
}

async fn t24_a_result_that_comes_late_ends_the_doubt(db: TestDatabase) {
    let clock = FixedClock::default();
    let (slow, other) = (node(&db, &clock).await, node(&db, &clock).await);
    let id = queue(&slow, "a@example.com").await;
    let claimed = claim(&slow, "slow").await;
    clock.advance(LEASE);
    claim(&other, "other").await;
    assert_eq!(state(&slow, id).await, State::InDoubt);
    let result = [accepted(&claimed[0])];
    slow.mail_turn(&turn("slow", &result, 0)).await.expect("written");
    assert_eq!(state(&slow, id).await, State::Accepted);

    // But not when somebody has decided meanwhile: it is another claim's.
    let id = queue(&slow, "b@example.com").await;
    let claimed = claim(&slow, "slow").await;
    clock.advance(LEASE);
    claim(&other, "other").await;
    let op = someone(&other);
    let decided = other.decide_mail(&op, Uuid::now_v7(), id, Verdict::SendAgain);
    decided.await.expect("decided");
    let result = [accepted(&claimed[0])];
    slow.mail_turn(&turn("slow", &result, 0)).await.expect("a turn");
    assert_eq!(state(&slow, id).await, State::Queued);
}

async fn t28_what_is_suppressed_after_it_was_queued_is_not_sent(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let op = someone(&app);
    let id = queue(&app, "Hanako@Example.com").await;
    let other = queue(&app, "taro@example.com").await;
    let address = Address::parse("Hanako@example.com").expect("an address");
    let suppress =
        |class, command| app.suppress_address(&op, command, &address, class, SuppressionReason::OptOut, None);
    suppress(Some(Class::Promotional), Uuid::now_v7())
        .await
        .expect("suppressed");
    suppress(Some(Class::Optional), Uuid::now_v7())
        .await
        .expect("suppressed");
    let claimed = claim(&app, "here").await;
    assert_eq!(claimed.iter().map(|it| it.id).collect::<Vec<_>>(), [other]);
    assert_eq!(state(&app, id).await, State::Suppressed);
    let listed =
        storage::mail_event::suppressions(app.store().database(), None, Position::new(i64::MAX), 10).await;
    assert_eq!(listed.expect("a list").len(), 2);
    let again = app.unsuppress_address(&op, Uuid::now_v7(), &address, Some(Class::Optional));
    again.await.expect("lifted");
    let later = queue(&app, "Hanako@example.com").await;
    let claimed = claim(&app, "here").await;
    assert_eq!(claimed.iter().map(|it| it.id).collect::<Vec<_>>(), [later]);
}

async fn what_would_come_too_late_is_not_sent(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let id = queue(&app, "a@example.com").await;
    let claimed = claim(&app, "here").await;
    let later = Settled {
        state: State::Deferred,
        next_try_at: Some(clock.now() + TimeDelta::minutes(5)),
        ..accepted(&claimed[0])
    };
    app.mail_turn(&turn("here", &[later], 10)).await.expect("a turn");
    assert!(claim(&app, "here").await.is_empty(), "not before its time");
    let next = app.next_mail_at().await.expect("an answer");
    assert_eq!(next, Some(clock.now() + TimeDelta::minutes(5)));
    clock.advance(TimeDelta::minutes(5));
    assert_eq!(claim(&app, "here").await[0].id, id);
}

async fn two_senders_never_get_the_same_message(db: TestDatabase) {
    let clock = FixedClock::default();
    let nodes = [node(&db, &clock).await, node(&db, &clock).await];
    let mut queued = Vec::new();
    for number in 0..20 {
        queued.push(queue(&nodes[0], &format!("a{number}@example.com")).await);
    }
    let mut claimed = Vec::new();
    let both = nodes.map(|app| {
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let some = app.mail_turn(&turn("node", &[], 3)).await.expect("a turn");
                if some.is_empty() {
                    return mine;
                }
                mine.extend(some.into_iter().map(|it| it.id));
            }
        })
    });
    for one in both {
        claimed.extend(one.await.expect("no panic"));
    }
    claimed.sort_unstable();
    queued.sort_unstable();
    assert_eq!(claimed, queued);
}

async fn three_soft_bounces_are_as_good_as_a_hard_one(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let op = someone(&app);
    for number in 1..=3 {
        let id = queue(&app, "full@example.com").await;
        let claimed = claim(&app, "here").await;
        assert_eq!(claimed.len(), 1, "until the third one it is sent");
        app.mail_turn(&turn("here", &[accepted(&claimed[0])], 0))
            .await
            .expect("written");
        let report = CameBackFor {
            mail_id: id,
            kind: ReturnKind::Soft,
            status: "4.2.2".to_owned(),
        };
        let command = Uuid::now_v7();
        app.mail_came_back(&someone(&app), command, &report)
            .await
            .expect("taken");
        app.mail_came_back(&op, command, &report)
            .await
            .expect("it is one report");
        assert_eq!(state(&app, id).await, State::Bounced);
        assert_eq!(count(&app, "mail.came_back").await, number);
    }
    assert_eq!(count(&app, "mail.suppressed").await, 1);
    let id = queue(&app, "full@example.com").await;
    assert!(claim(&app, "here").await.is_empty());
    assert_eq!(state(&app, id).await, State::Suppressed);
}

async fn what_a_person_decides_must_fit_where_the_message_stands(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let op = someone(&app);
    let id = queue(&app, "a@example.com").await;
    let decide = |id, verdict| app.decide_mail(&op, Uuid::now_v7(), id, verdict);
    let refused = decide(id, Verdict::TreatAsSent).await;
    assert!(
        matches!(refused, Err(DecideMailError::OtherState { state: State::Queued })),
        "{refused:?}"
    );
    let missing = decide(Uuid::now_v7(), Verdict::Cancel).await;
    assert!(
        matches!(missing, Err(DecideMailError::NotFound(_))),
        "{missing:?}"
    );
    decide(id, Verdict::TryNow).await.expect("decided");
    decide(id, Verdict::Cancel).await.expect("decided");
    assert!(claim(&app, "here").await.is_empty());
    assert_eq!(state(&app, id).await, State::Cancelled);
}

async fn a_claim_is_held_for_as_long_as_its_process_says_so(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let ids = [
        queue(&app, "slow@example.com").await,
        queue(&app, "unheard.of@example.com").await,
    ];
    let claimed = claim(&app, "slow").await;
    let held: Vec<_> = claimed.iter().map(|it| (it.id, it.term)).collect();
    for _ in 0..10 {
        clock.advance(LEASE / 2);
        let alive = Turn {
            renew: &held[..1],
            ..turn("slow", &[], 10)
        };
        assert!(app.mail_turn(&alive).await.expect("a turn").is_empty());
    }
    assert_eq!(state(&app, ids[0]).await, State::Claimed);
    assert_eq!(state(&app, ids[1]).await, State::InDoubt);
}

async fn a_log_whose_time_is_ahead_of_the_clock_holds_no_mail_and_no_job_back(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let first = queue(&app, "a@example.com").await;
    clock.advance(TimeDelta::days(-1));
    let second = queue(&app, "b@example.com").await;
    let claimed = claim(&app, "here").await;
    let ids: Vec<Uuid> = claimed.iter().map(|it| it.id).collect();
    assert!(ids.len() == 2 && ids.contains(&first) && ids.contains(&second));

    let defined = crate::support::define(
        &app,
        &crate::support::input("0 9 * * *", domain::schedule::Misfire::Skip),
    )
    .await;
    let change = app::schedule::ChangeSchedule {
        command_id: Uuid::now_v7(),
        id: defined.id,
        expected_version: defined.position.get(),
    };
    app.run_schedule_now(&someone(&app), change).await.expect("a run");
    let jobs = app.claim_jobs("here", &["work".to_owned()], LEASE, 10).await;
    assert_eq!(jobs.expect("an answer").len(), 1);
}
