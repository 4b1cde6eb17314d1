//! Pages of policies are asked for when they are due, and suspected when they were silent on two days; and what a round does when it is
//! stopped, or when nothing can be reached at all. Who is asked here is the test.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use app::App;
use app::job::{AskPolicyPages, Effects, Job, JobFailure, JobHandler, JobRun};
use app::review::{AskPages, TouchReviewError, View};
use chrono::{NaiveDate, TimeDelta};
use domain::declaration::{
    DeclarationEvent, Facts, Field, RegisterSource, Registered, Standing, Statement, Subjects,
};
use domain::reason::{Counted, ReasonCode};
use domain::review::{PageAnswer, ReviewKind, ReviewRule};
use domain::value::EntityType;
use domain::{DeclarationId, OrganizationId, ReviewId, SubjectId};
use event_store::{Append, BoxFuture};
use test_support::{FixedClock, TestDatabase};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{node, someone};

test_support::on_both_engines!(
    a_page_is_suspected_after_two_days_shown_with_what_came_back_and_gone_when_it_answers,
    when_nothing_can_be_reached_nothing_is_said_about_any_page,
    what_failed_before_may_fail_again_without_our_line_being_out,
    a_round_that_is_stopped_keeps_what_had_come_back_and_goes_on_with_the_rest,
    one_site_is_asked_one_page_at_a_time_and_sixteen_sites_at_once,
    what_the_office_does_not_want_asked_is_not,
);

/// Register entries, whose policies can be read there.
async fn register(app: &App, places: &[&str]) -> Vec<DeclarationId> {
    let mut ids = Vec::new();
    let mut events = Vec::new();
    for (n, place) in places.iter().enumerate() {
        let statement = registered(n, place);
        ids.push(statement.declaration_id);
        events.push(storage::codec::new_event(Uuid::now_v7(), &statement).expect("tags are fine"));
    }
    let append = Append {
        command_id: Uuid::now_v7(),
        actor: "system:test".to_owned(),
        correlation_id: Uuid::now_v7(),
        reason: None,
        events,
        guards: Vec::new(),
        recorded_at: app.now(),
    };
    app.store().append(append).await.expect("they are taken");
    ids
}

fn registered(n: usize, place: &str) -> Statement {
    let subject = || SubjectId::new(Uuid::now_v7());
    let subjects = Subjects {
        representative: subject(),
        contact: subject(),
        sole_trader: subject(),
        remarks: subject(),
    };
    let mut facts = Facts::new(EntityType::Corporation, subjects);
    let (number, name) = (format!("4{n:010}"), format!("株式会社見本{n}"));
    for (field, typed) in [
        (Field::DeclarationNo, number.as_str()),
        (Field::DeclaredOn, "2024-04-01"),
        (Field::Star, "★★"),
        (Field::Name, name.as_str()),
        (Field::PolicyUrl, place),
    ] {
        facts.type_in(field, typed);
    }
    Statement {
        declaration_id: DeclarationId::new(Uuid::now_v7()),
        organization_id: OrganizationId::new(Uuid::now_v7()),
        effective_at: NaiveDate::from_ymd_opt(2024, 4, 1).expect("a day"),
        event: DeclarationEvent::Registered(Box::new(Registered {
            source: RegisterSource {
                register: "old.csv".to_owned(),
                fingerprint: format!("{n:064x}"),
            },
            facts,
            standing: Standing {
                stop: None,
                state_typed: String::new(),
                stopped_on_typed: String::new(),
            },
            published: true,
            flags: BTreeSet::new(),
        })),
    }
}

const FINE: PageAnswer = PageAnswer {
    wrong: None,
    status: Some(200),
};
const GONE: PageAnswer = PageAnswer {
    wrong: Some(ReviewRule::PageGone),
    status: Some(404),
};
const UNREACHABLE: PageAnswer = PageAnswer {
    wrong: Some(ReviewRule::PageUnreachable),
    status: None,
};

/// Pages that say what a test wants; those that it does not name are fine.
#[derive(Debug, Default)]
struct Web {
    says: Mutex<HashMap<String, PageAnswer>>,
    asked: Mutex<Vec<String>>,
    /// Asking for this one never ends, and stops the round.
    hangs: Option<(String, CancellationToken)>,
}

impl Web {
    fn say(&self, address: &str, answer: PageAnswer) {
        let mut says = self.says.lock().expect("no panic");
        says.insert(address.to_owned(), answer);
    }

    fn taken(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().expect("no panic"));
        asked.sort();
        asked
    }
}

impl AskPages for Web {
    fn ask<'f>(&'f self, address: &'f str) -> BoxFuture<'f, PageAnswer> {
        Box::pin(async move {
            self.asked.lock().expect("no panic").push(address.to_owned());
            if let Some((hanging, stop)) = &self.hangs
                && hanging == address
            {
                // The others are let go first.
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                stop.cancel();
                std::future::pending::<()>().await;
            }
            let says = self.says.lock().expect("no panic");
            says.get(address).copied().unwrap_or(FINE)
        })
    }
}

/// One office, and the job that asks.
struct Round {
    app: Arc<App>,
    clock: FixedClock,
    job: Job,
}

impl Round {
    async fn new(db: &TestDatabase, places: &[&str]) -> Self {
        let clock = FixedClock::default();
        let app = node(db, &clock).await;
        app.start_projections();
        register(&app, places).await;
        let op = someone(&app);
        let wanted = app.request_pages(&op, Uuid::now_v7(), None).await.expect("a job");
        let again = app.request_pages(&op, Uuid::now_v7(), None).await.expect("a job");
        assert_eq!(wanted, again, "while one asks, no other is begun");
        let commands = [AskPolicyPages::COMMAND.to_owned()];
        let claimed = app.claim_jobs("here", &commands, TimeDelta::days(365), 10).await;
        let job = claimed.expect("an answer").pop().expect("the job");
        assert_eq!(job.id, wanted);
        Self { app, clock, job }
    }

    async fn run_until(&self, web: &Arc<Web>, stop: CancellationToken) -> Result<Effects, JobFailure> {
        let pages: Arc<dyn AskPages> = web.clone();
        let handler = AskPolicyPages { pages: Some(pages) };
        handler.run(&self.app, &JobRun::new(self.job.clone(), stop)).await
    }

    async fn run(&self, web: &Arc<Web>) -> Result<Effects, JobFailure> {
        self.run_until(web, CancellationToken::new()).await
    }

    async fn suspected(&self) -> Vec<ReviewId> {
        let op = someone(&self.app);
        let page = self
            .app
            .reviews(&op, ReviewKind::PolicyPage, View::Open, None, 50)
            .await;
        let rows = page.expect("an answer").rows;
        rows.iter().map(|row| row.review.id).collect()
    }
}

fn counts(outcome: Result<Effects, JobFailure>) -> (u64, u64) {
    let result = outcome.expect("a round").result;
    assert_eq!(result.code(), Some(ReasonCode::PagesAsked));
    let of = |what| {
        let found = result.counts().iter().find(|(counted, _)| *counted == what);
        found.map_or(0, |(_, count)| *count)
    };
    (of(Counted::Asked), of(Counted::Failing))
}

async fn a_page_is_suspected_after_two_days_shown_with_what_came_back_and_gone_when_it_answers(
    db: TestDatabase,
) {
    let gone = "https://gone.example.jp/policy";
    let round = Round::new(&db, &[gone, "https://fine.example.jp/", "本社受付に掲示"]).await;
    let web = Arc::new(Web::default());
    web.say(gone, GONE);
    assert_eq!(
        counts(round.run(&web).await),
        (2, 1),
        "what is posted up is not asked for"
    );
    web.taken();
    assert_eq!(round.suspected().await, [], "one night is none");
    assert_eq!(counts(round.run(&web).await), (0, 0), "nothing is due");
    round.clock.advance(TimeDelta::days(1));
    assert_eq!(counts(round.run(&web).await), (1, 1));
    assert_eq!(web.taken(), [gone], "what was fine is asked for once a week");
    let suspected = round.suspected().await;
    let [id] = suspected.as_slice() else {
        panic!("one: {suspected:?}");
    };
    let op = someone(&round.app);
    let found = round.app.review(&op, *id).await.expect("an answer").expect("it");
    assert_eq!(found.review.rules, [ReviewRule::PageGone]);
    let page = found.page.expect("a page");
    let state = page.state.expect("it was asked for");
    assert_eq!((page.address.as_str(), state.failures), (gone, 2));
    assert_eq!(state.asked, Some((round.app.now(), GONE)));
    // Somebody has mended it, and it is asked for at once.
    web.say(gone, FINE);
    let wanted = round.app.request_pages(&op, Uuid::now_v7(), Some(*id)).await;
    wanted.expect("a job");
    assert_eq!(counts(round.run(&web).await), (1, 0));
    let over = round.app.claim_review(&op, *id).await;
    assert!(matches!(over, Err(TouchReviewError::Over(_))), "{over:?}");
    let nothing = round
        .app
        .request_pages(&op, Uuid::now_v7(), Some(ReviewId::new(Uuid::now_v7())))
        .await;
    assert!(nothing.is_err(), "{nothing:?}");
}

async fn when_nothing_can_be_reached_nothing_is_said_about_any_page(db: TestDatabase) {
    let places: Vec<String> = (1..=5).map(|n| format!("https://shop{n}.example.jp/")).collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let round = Round::new(&db, &places).await;
    let web = Arc::new(Web::default());
    for place in &places {
        web.say(place, UNREACHABLE);
    }
    for _ in 0..3 {
        match round.run(&web).await {
            Err(JobFailure::Hopeless(reason)) => {
                assert_eq!(reason.code(), Some(ReasonCode::PagesNoLine));
                assert_eq!(reason.counts(), [(Counted::Asked, 5)]);
            }
            other => panic!("{other:?}"),
        }
        round.clock.advance(TimeDelta::days(1));
    }
    assert_eq!(round.suspected().await, []);
    // One that answers, and the others are believed: it is the first day for them.
    web.say(places[2], GONE);
    assert_eq!(counts(round.run(&web).await), (5, 5));
    assert_eq!(round.suspected().await, []);
}

async fn what_failed_before_may_fail_again_without_our_line_being_out(db: TestDatabase) {
    let places: Vec<String> = (1..=6).map(|n| format!("https://shop{n}.example.jp/")).collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let round = Round::new(&db, &places).await;
    let web = Arc::new(Web::default());
    for place in &places[1..] {
        web.say(place, UNREACHABLE);
    }
    assert_eq!(counts(round.run(&web).await), (6, 5));
    round.clock.advance(TimeDelta::days(1));
    // The one that is fine is not due, and nothing else answers.
    assert_eq!(counts(round.run(&web).await), (5, 5));
    assert_eq!(round.suspected().await.len(), 5);
}

async fn a_round_that_is_stopped_keeps_what_had_come_back_and_goes_on_with_the_rest(db: TestDatabase) {
    let (fine, hanging) = ("https://fine.example.jp/", "https://hangs.example.jp/");
    let round = Round::new(&db, &[fine, hanging]).await;
    let stop = CancellationToken::new();
    let web = Arc::new(Web {
        hangs: Some((hanging.to_owned(), stop.clone())),
        ..Web::default()
    });
    let stopped = round.run_until(&web, stop).await;
    assert!(matches!(stopped, Err(JobFailure::Stopped)), "{stopped:?}");
    assert_eq!(web.taken(), [fine, hanging]);
    let web = Arc::new(Web::default());
    assert_eq!(counts(round.run(&web).await), (1, 0));
    assert_eq!(web.taken(), [hanging]);
}

/// Counts who is asked at the same time.
#[derive(Debug, Default)]
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
    sites: Mutex<HashMap<String, usize>>,
}

impl AskPages for Crowd {
    fn ask<'f>(&'f self, address: &'f str) -> BoxFuture<'f, PageAnswer> {
        Box::pin(async move {
            let site = address.split('/').nth(2).expect("a host").to_owned();
            let of_site = {
                let mut sites = self.sites.lock().expect("no panic");
                let count = sites.entry(site.clone()).or_default();
                *count += 1;
                *count
            };
            assert_eq!(of_site, 1, "{site} is asked twice at once");
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            self.now.fetch_sub(1, Ordering::SeqCst);
            self.sites.lock().expect("no panic").remove(&site);
            FINE
        })
    }
}

async fn one_site_is_asked_one_page_at_a_time_and_sixteen_sites_at_once(db: TestDatabase) {
    let places: Vec<String> = (0..90)
        .map(|n| format!("https://shop{}.example.jp/{n}", n % 30))
        .collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let round = Round::new(&db, &places).await;
    let crowd = Arc::new(Crowd::default());
    let pages: Arc<dyn AskPages> = crowd.clone();
    let handler = AskPolicyPages { pages: Some(pages) };
    let run = JobRun::new(round.job.clone(), CancellationToken::new());
    assert_eq!(counts(handler.run(&round.app, &run).await), (90, 0));
    assert_eq!(crowd.most.load(Ordering::SeqCst), 16);
}

async fn what_the_office_does_not_want_asked_is_not(db: TestDatabase) {
    let round = Round::new(&db, &["https://fine.example.jp/"]).await;
    let handler = AskPolicyPages { pages: None };
    let run = JobRun::new(round.job.clone(), CancellationToken::new());
    let result = handler.run(&round.app, &run).await.expect("an end").result;
    assert_eq!(result.code(), Some(ReasonCode::PagesOff));
}
