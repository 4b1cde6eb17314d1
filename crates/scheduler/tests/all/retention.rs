//! A request of a data subject is kept for its time after its end, and then its key is destroyed.

use std::sync::Arc;

use app::inquiry::{EntryWords, InquiryChange, InquiryQueue, ListInquiries};
use app::job::ForgetCases;
use app::privacy_request::{
    ChangePrivacyRequestError, OpenPrivacyRequest, PrivacyRequestChange, PrivacyRequestDetail, TypedRequester,
};
use app::schedule::ChangeSchedule;
use app::{App, CaseChange, Guarded};
use chrono::TimeDelta;
use domain::inquiry::Resolution;
use domain::job::JobState;
use domain::privacy_request::{Channel, Closing, PrivacyRequestKind};
use domain::schedule::Misfire;
use domain::{Personal, PrivacyRequestId};
use storage::erasure::Depth;
use storage::inquiry::InquirySort;
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

use crate::inquiries::{TARO, arrives, look_at, on, written};
use crate::jobs::{start, until};
use crate::support::{count, input, node, someone};

test_support::on_both_engines!(
    t55_a_case_is_forgotten_three_years_after_its_end_and_what_was_done_stays,
    t55_an_inquiry_is_forgotten_three_years_after_its_end_with_its_mail_as_it_came,
);

async fn case(app: &App, id: PrivacyRequestId) -> PrivacyRequestDetail {
    let found = app.privacy_request(&someone(app), id).await;
    found.expect("an answer").expect("the case")
}

async fn opened(app: &App) -> PrivacyRequestId {
    let op = someone(app);
    let command = OpenPrivacyRequest {
        command_id: Uuid::now_v7(),
        kind: PrivacyRequestKind::Disclosure,
        channel: Channel::Post,
        received_on: op.today(),
        numbers: Vec::new(),
        requester: TypedRequester {
            name: Personal::new("請求 花子".to_owned()),
            contact: Personal::new("東京都みほん区1-1".to_owned()),
            acts_for: Personal::new(String::new()),
        },
        wanted: Personal::new("すべて見たい".to_owned()),
    };
    app.open_privacy_request(&op, &command).await.expect("a case")
}

async fn change(
    app: &App,
    id: PrivacyRequestId,
    what: PrivacyRequestChange,
) -> Result<(), ChangePrivacyRequestError> {
    let version = case(app, id).await.version;
    let change = CaseChange::new(Uuid::now_v7(), id.uuid(), version);
    let changed = app.change_privacy_request(&someone(app), change, &what).await;
    changed.map(drop)
}

/// Runs the nightly look once; says how many were forgotten since the beginning.
async fn look(app: &Arc<App>) -> usize {
    let op = someone(app);
    let mut input = input("0 3 * * *", Misfire::Once);
    input.name = Uuid::now_v7().to_string();
    ForgetCases::COMMAND.clone_into(&mut input.command);
    let defined = app
        .define_schedule(&op, Uuid::now_v7(), &input, &[ForgetCases::COMMAND])
        .await
        .expect("a schedule");
    let change = ChangeSchedule {
        command_id: Uuid::now_v7(),
        id: defined.id,
        expected_version: defined.position.get(),
    };
    let run = app.run_schedule_now(&op, change).await.expect("a run");
    let running = start(app, Arc::new(ForgetCases));
    until(app, run.job_id.expect("a job"), |job| job.state == JobState::Done).await;
    running.stop().await;
    count(app, "privacy_request.forgotten").await
}

/// Inquiries in the list as of everything that is in the log, with a word in them.
async fn listed(app: &App, word: &str) -> usize {
    let asked = ListInquiries {
        queue: InquiryQueue::All,
        assignee: None,
        tag: None,
        declaration: None,
        search: Some(word.to_owned()),
        sort: InquirySort::Newest,
        after: None,
        first: 100,
        at_least: Some(app.store().head().await.expect("a head")),
    };
    let page = app.inquiries(&someone(app), &asked).await.expect("a page");
    assert!(page.is_current);
    page.rows.len()
}

async fn t55_an_inquiry_is_forgotten_three_years_after_its_end_with_its_mail_as_it_came(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    app.start_projections();
    let (ended, open) = (
        arrives(&app, &written("1@example.jp", TARO)).await,
        arrives(&app, &written("2@example.jp", TARO)).await,
    );
    let closing = InquiryChange::Close {
        resolution: Resolution::NoAnswerNeeded,
    };
    let seen = look_at(&app, ended).await;
    app.change_inquiry(&someone(&app), on(&seen), &closing)
        .await
        .expect("closed");
    assert_eq!(listed(&app, "宣言番号").await, 2);
    clock.advance(TimeDelta::days(365 * 3));
    look(&app).await;
    assert_eq!(count(&app, "inquiry.forgotten").await, 0);
    clock.advance(TimeDelta::days(2));
    look(&app).await;
    assert_eq!(count(&app, "inquiry.forgotten").await, 1);
    let erased = app.finish_erasures(Depth::Online).await.expect("finished");
    assert_eq!(
        erased.keys_destroyed, 2,
        "its own key, and that of the message as it came"
    );
    assert_eq!(listed(&app, "宣言番号").await, 1);
    let gone = look_at(&app, ended).await;
    assert!(matches!(
        &gone.entries[0].words,
        EntryWords::Message(Some(Guarded::Forgotten(_)))
    ));
    assert_eq!(
        gone.inquiry.resolution,
        Some(Resolution::NoAnswerNeeded),
        "what was done stays"
    );
    let kept = look_at(&app, open).await;
    assert!(matches!(
        &kept.entries[0].words,
        EntryWords::Message(Some(Guarded::Open(_)))
    ));
    app.stop_projections().await;
}

async fn t55_a_case_is_forgotten_three_years_after_its_end_and_what_was_done_stays(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    app.start_projections();
    let (ended, open) = (opened(&app).await, opened(&app).await);
    let withdrawn = PrivacyRequestChange::Close {
        how: Closing::Withdrawn,
        text: Personal::new("電話で取り下げ".to_owned()),
    };
    change(&app, ended, withdrawn).await.expect("closed");
    let until = case(&app, ended).await.kept_until;
    assert_eq!(until.map(|day| day.to_string()).as_deref(), Some("2029-04-01"));
    assert_eq!(case(&app, open).await.kept_until, None);

    assert_eq!(look(&app).await, 0);
    // The last day on which it is kept, in Japan.
    clock.advance(TimeDelta::days(365 * 3 + 1));
    assert_eq!(look(&app).await, 0);
    let seen = case(&app, ended).await;
    assert!(matches!(&seen.requester, Guarded::Open(person) if person.name == "請求 花子"));

    clock.advance(TimeDelta::days(1));
    assert_eq!(look(&app).await, 1);
    let erased = app.finish_erasures(Depth::Online).await.expect("finished");
    assert_eq!((erased.finished, erased.keys_destroyed), (1, 1));
    let gone = case(&app, ended).await;
    assert!(matches!(gone.requester, Guarded::Forgotten(_)));
    assert!(matches!(gone.wanted, Guarded::Forgotten(_)));
    let texts = gone.history.iter().filter_map(|entry| entry.text.as_ref());
    assert!(texts.clone().count() >= 2 && texts.clone().all(|text| matches!(text, Guarded::Forgotten(_))));
    assert_eq!(
        gone.request.closing,
        Some(Closing::Withdrawn),
        "what was done stays"
    );
    let note = PrivacyRequestChange::Note {
        text: Personal::new("後から".to_owned()),
    };
    assert!(matches!(
        change(&app, ended, note).await,
        Err(ChangePrivacyRequestError::Invalid(problems)) if problems[0].code == "case_forgotten"
    ));
    // One that is not over is kept, and what is done is done once.
    assert!(matches!(case(&app, open).await.requester, Guarded::Open(_)));
    assert_eq!(look(&app).await, 1);
    app.stop_projections().await;
}
