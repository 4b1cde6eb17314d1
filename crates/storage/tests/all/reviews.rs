//! Suspicions: found and kept, claimed, decided about by an event, and gone; and whose contact is the same.

use chrono::{DateTime, TimeDelta, Utc};
use domain::declaration::{DeclarationEvent, Field, Role};
use domain::review::{
    Changes, Decided, PageAnswer, PageState, ReviewEvent, ReviewKind, ReviewRule, SCHEMA_VERSION, Standing,
    Suspicion, Verdict,
};
use domain::{DeclarationId, JobId, ReviewId, SubjectId};
use event_store::{Append, AppendError, NewEvent, Tag};
use storage::review::{self as rows, Reader, View};
use storage::review_contact::{self, ContactHashes};
use storage::review_event::{NotDecided, PAGES, SEARCH};
use storage::review_search::{self, LastSearch, Searched};
use storage::{job, policy_page};
use test_support::TestDatabase;
use uuid::Uuid;

use crate::support::{Office, Sample, day};

test_support::on_both_engines!(
    what_a_search_found_is_kept_and_brought_up_to_date,
    a_suspicion_is_claimed_by_one_and_free_again_by_itself,
    a_decision_closes_what_is_open_and_is_refused_when_somebody_else_works_on_it,
    a_search_that_somebody_wanted_is_a_job_and_the_last_one_is_known,
    live_declarations_are_seen_with_what_the_rules_compare,
    contacts_are_looked_at_again_when_they_have_changed_and_forgotten_at_once,
    what_came_of_a_page_is_kept_until_the_address_is_another_one,
    a_page_that_was_silent_on_two_days_is_seen_with_the_declaration,
    the_event_that_changes_the_policy_forgets_what_came_of_the_page,
    what_is_gone_is_deleted_after_its_time_with_its_declarations,
);

fn now() -> DateTime<Utc> {
    "2026-11-30T03:30:00Z".parse().expect("an instant")
}

fn suspicion(ground: &str, declarations: &[u128]) -> Suspicion {
    Suspicion {
        kind: ReviewKind::Duplicate,
        ground: ground.to_owned(),
        rules: vec![ReviewRule::SameNumber, ReviewRule::SameContact],
        weight: u32::try_from(declarations.len()).expect("few"),
        declarations: declarations
            .iter()
            .map(|id| DeclarationId::new(Uuid::from_u128(*id)))
            .collect(),
    }
}

fn id(n: u128) -> ReviewId {
    ReviewId::new(Uuid::from_u128(n))
}

/// Writes down new suspicions, whose ids follow from their grounds.
async fn found(office: &Office, new: Vec<Suspicion>) {
    let changes = Changes {
        new,
        ..Changes::default()
    };
    write(office, &changes).await;
}

async fn write(office: &Office, changes: &Changes) {
    let new_id = |it: &Suspicion| id(it.ground.bytes().map(u128::from).sum());
    review_search::write(office.store.database(), changes, new_id, now(), now())
        .await
        .expect("they are written");
}

fn reader(me: &str) -> Reader<'_> {
    Reader { me, now: now() }
}

async fn open(office: &Office, me: &str) -> Vec<ReviewId> {
    let database = office.store.database();
    let page = rows::page(database, ReviewKind::Duplicate, View::Open, reader(me), None, 10).await;
    page.expect("rows").into_iter().map(|it| it.id).collect()
}

async fn what_a_search_found_is_kept_and_brought_up_to_date(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    found(&office, vec![suspicion("a", &[1, 2]), suspicion("b", &[3, 4])]).await;
    // Another process found the same: nothing is there twice.
    found(&office, vec![suspicion("a", &[1, 2])]).await;
    let (a, b) = (id(u128::from(b'a')), id(u128::from(b'b')));
    let known = review_search::known(database).await.expect("rows");
    let mut grounds: Vec<&str> = known.iter().map(|it| it.ground.as_str()).collect();
    grounds.sort_unstable();
    assert_eq!(grounds, ["a", "b"]);
    assert!(known.iter().all(|it| it.weight == 2 && it.decided.is_none()));
    let members = rows::members(database, &[a, b], 1).await.expect("rows");
    assert_eq!(members[&a], [DeclarationId::new(Uuid::from_u128(1))]);
    let changes = Changes {
        changed: vec![(a, suspicion("a", &[1, 2, 5]))],
        gone: vec![b],
        ..Changes::default()
    };
    write(&office, &changes).await;
    write(&office, &changes).await;
    assert_eq!(open(&office, "staff:x").await, [a]);
    let review = rows::load(database, a).await.expect("an answer").expect("a row");
    assert_eq!((review.weight, review.standing), (3, Standing::Open));
    assert_eq!(review.rules, [ReviewRule::SameNumber, ReviewRule::SameContact]);
    assert_eq!(rows::members(database, &[a], 9).await.expect("rows")[&a].len(), 3);
    let gone = rows::load(database, b).await.expect("an answer").expect("a row");
    assert_eq!((gone.standing, gone.ended_at), (Standing::Gone, Some(now())));
    // What is gone may be found once more, as another one.
    let again = Changes {
        new: vec![suspicion("b", &[3, 4])],
        ..Changes::default()
    };
    review_search::write(database, &again, |_| id(99), now(), now())
        .await
        .expect("it is written");
    assert_eq!(open(&office, "staff:x").await, [a, id(99)]);
    let of = rows::of_declaration(database, DeclarationId::new(Uuid::from_u128(3))).await;
    let of: Vec<ReviewId> = of.expect("rows").into_iter().map(|it| it.id).collect();
    assert_eq!(of, [id(99)]);
    let by_ids = rows::by_ids(database, &[a, id(7)]).await.expect("rows");
    assert_eq!(by_ids.len(), 1);
}

async fn a_suspicion_is_claimed_by_one_and_free_again_by_itself(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    found(&office, vec![suspicion("a", &[1, 2]), suspicion("b", &[3, 4])]).await;
    let (a, b) = (id(u128::from(b'a')), id(u128::from(b'b')));
    let until = now() + TimeDelta::minutes(30);
    let claim = |of, me: &'static str, now| {
        let reader = Reader { me, now };
        async move { rows::claim(database, of, reader, until).await.expect("an answer") }
    };
    assert!(claim(a, "staff:x", now()).await);
    assert!(claim(a, "staff:x", now()).await, "again by the same");
    assert!(!claim(a, "staff:y", now()).await);
    let mine = rows::page(
        database,
        ReviewKind::Duplicate,
        View::Mine,
        reader("staff:x"),
        None,
        10,
    );
    assert_eq!(mine.await.expect("rows").len(), 1);
    let queues = rows::queues(database, reader("staff:x")).await.expect("counts");
    assert_eq!(
        (queues[0].open, queues[0].mine, queues[0].oldest),
        (2, 1, Some(now()))
    );
    let next = |me: &'static str, after| async move {
        rows::next(database, ReviewKind::Duplicate, reader(me), after)
            .await
            .expect("an answer")
    };
    assert_eq!(next("staff:y", None).await, Some(b));
    assert_eq!(next("staff:x", None).await, Some(a));
    assert_eq!(next("staff:y", Some((now(), b))).await, None);
    // When the time is over.
    assert!(claim(a, "staff:y", until).await);
    assert!(!rows::release(database, a, "staff:x").await.expect("an answer"));
    assert!(rows::release(database, a, "staff:y").await.expect("an answer"));
    assert_eq!(next("staff:z", None).await, Some(a));
    assert!(rows::close(database, a, now()).await.expect("an answer"));
    assert!(!rows::close(database, a, now()).await.expect("an answer"));
    assert!(!claim(a, "staff:x", now()).await, "it is over");
}

fn event(said: &ReviewEvent) -> NewEvent {
    NewEvent {
        id: Uuid::now_v7(),
        event_type: said.event_type().to_owned(),
        schema_version: SCHEMA_VERSION,
        tags: vec![Tag::new("review", Uuid::from_u128(1)).expect("a tag")],
        effective_at: day("2026-11-30"),
        data: said.data(),
        personal: Vec::new(),
    }
}

async fn say(office: &Office, actor: &str, said: &ReviewEvent) -> Result<(), AppendError> {
    let append = Append {
        command_id: Uuid::now_v7(),
        actor: actor.to_owned(),
        correlation_id: Uuid::now_v7(),
        reason: None,
        events: vec![event(said)],
        guards: Vec::new(),
        recorded_at: now(),
    };
    office.store.append(append).await.map(drop)
}

fn decided(review_id: ReviewId, verdict: Verdict) -> ReviewEvent {
    ReviewEvent::Decided(Decided {
        review_id,
        kind: ReviewKind::Duplicate,
        rules: vec![ReviewRule::SameNumber],
        verdict,
        weight: 2,
        declaration_ids: vec![DeclarationId::new(Uuid::from_u128(1))],
    })
}

async fn a_decision_closes_what_is_open_and_is_refused_when_somebody_else_works_on_it(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    found(&office, vec![suspicion("a", &[1, 2])]).await;
    let a = id(u128::from(b'a'));
    let until = now() + TimeDelta::minutes(30);
    rows::claim(database, a, reader("staff:x"), until)
        .await
        .expect("a claim");
    let refused = |outcome: Result<(), AppendError>| matches!(outcome, Err(AppendError::Inline { source, .. }) if source.is::<NotDecided>());
    assert!(refused(
        say(&office, "staff:y", &decided(a, Verdict::NotSame)).await
    ));
    say(&office, "staff:x", &decided(a, Verdict::Same))
        .await
        .expect("it is decided");
    assert!(refused(say(&office, "staff:x", &decided(a, Verdict::Same)).await));
    let review = rows::load(database, a).await.expect("an answer").expect("a row");
    let decision = review.decision.expect("a decision");
    assert_eq!(
        (decision.verdict, decision.by.as_str()),
        (Verdict::Same, "staff:x")
    );
    let page = rows::page(
        database,
        ReviewKind::Duplicate,
        View::Decided,
        reader("staff:x"),
        None,
        5,
    );
    assert_eq!(page.await.expect("rows").len(), 1);
    // It comes back as the same one, open and free.
    let changes = Changes {
        back: vec![(a, suspicion("a", &[1, 2, 3]))],
        ..Changes::default()
    };
    write(&office, &changes).await;
    let review = rows::load(database, a).await.expect("an answer").expect("a row");
    assert_eq!(
        (review.standing, review.decision, review.claim),
        (Standing::Open, None, None)
    );
}

async fn a_search_that_somebody_wanted_is_a_job_and_the_last_one_is_known(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    assert_eq!(
        review_search::last(database, Searched::Register)
            .await
            .expect("an answer"),
        None
    );
    assert_eq!(job::under_way(database, SEARCH).await.expect("an answer"), None);
    let job_id = JobId::new(Uuid::from_u128(7));
    let said = ReviewEvent::SearchRequested(domain::review::SearchRequested { job_id });
    say(&office, "staff:x", &said).await.expect("it is taken");
    assert_eq!(
        job::under_way(database, SEARCH).await.expect("an answer"),
        Some(job_id)
    );
    let search = LastSearch {
        ended_at: now(),
        looked_at: 400_000,
        found: 12,
    };
    for _ in 0..2 {
        review_search::note(database, Searched::Register, search)
            .await
            .expect("a note");
    }
    assert_eq!(
        review_search::last(database, Searched::Register)
            .await
            .expect("an answer"),
        Some(search)
    );
    let pages = review_search::last(database, Searched::Pages).await;
    assert_eq!(pages.expect("an answer"), None, "another one");
    let job_id = JobId::new(Uuid::from_u128(8));
    let said = ReviewEvent::PagesRequested(domain::review::PagesRequested {
        job_id,
        review_id: None,
    });
    say(&office, "staff:x", &said).await.expect("it is taken");
    let asking = job::under_way(database, PAGES).await.expect("an answer");
    assert_eq!(asking, Some(job_id));
}

fn hashes(of: DeclarationId, address: &str) -> ContactHashes {
    ContactHashes {
        declaration_id: of,
        address: Some(hex(address)),
        phone: None,
        domain: Some(hex("example.jp")),
    }
}

/// Any 32 bytes.
fn hex(text: &str) -> String {
    format!("{:064x}", text.bytes().map(u64::from).sum::<u64>())
}

async fn live_declarations_are_seen_with_what_the_rules_compare(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    let one = Sample::corporation(1, "株式会社つばさ").with(Field::Star, "★★");
    let other = Sample::corporation(2, "㈱つばさ").with(Field::CorporateNumber, "7000012050002");
    let person =
        Sample::sole_trader(3, "見本 花子", "はなや").with(Field::PolicyUrl, "https://example.jp/policy");
    let stopped = Sample::corporation(4, "株式会社つばさ").stopped("2024-05-01");
    let all = [&one, &other, &person, &stopped];
    office.append(&all.map(Sample::registered)).await;
    office.project().await;
    review_contact::put(database, &[hashes(one.id, "a"), hashes(other.id, "a")])
        .await
        .expect("hashes");
    let (seen, more) = review_search::seen(database, 0).await.expect("rows");
    assert_eq!((seen.len(), more), (3, None), "what is stopped is not looked at");
    let of = |id| seen.iter().find(|it| it.id == id).expect("it is seen");
    let (one, other, person) = (of(one.id), of(other.id), of(person.id));
    assert_eq!((one.name, one.place), (other.name, other.place));
    assert_ne!(one.name, person.name);
    assert_eq!((one.number, other.number), (None, Some(7_000_012_050_002)));
    assert!(one.address.is_some() && one.address == other.address && one.phone.is_none());
    assert_eq!(person.address, None);
    assert_eq!((one.two_stars, one.has_policy), (true, false));
    assert_eq!((person.two_stars, person.has_policy), (false, true));
    assert!(one.imported && !one.bounced);
    let some = review_search::seen_of(database, &[person.id, stopped.id]).await;
    assert_eq!(some.expect("rows").len(), 1);
}

async fn contacts_are_looked_at_again_when_they_have_changed_and_forgotten_at_once(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    let one = Sample::corporation(1, "つばさ").with(Field::ContactEmail, "a@example.jp");
    let other = Sample::corporation(2, "はばたき").with(Field::ContactEmail, "b@example.jp");
    office.append(&[one.registered(), other.registered()]).await;
    let stale = review_contact::stale(&office.store).await.expect("the log");
    assert_eq!(stale.declarations.len(), 2);
    review_contact::put(database, &[hashes(one.id, "a"), hashes(other.id, "b")])
        .await
        .expect("hashes");
    review_contact::finish(database, &stale, now())
        .await
        .expect("it is noted");
    let stale = review_contact::stale(&office.store).await.expect("the log");
    assert_eq!(stale.declarations, []);
    office
        .append(&[one.corrected(Field::ContactEmail, "c@example.jp")])
        .await;
    let flag = DeclarationEvent::FlagRaised {
        flag: domain::declaration::FlagCode::EmailMissing,
    };
    office.append(&[other.statement(flag)]).await;
    let stale = review_contact::stale(&office.store).await.expect("the log");
    assert_eq!(stale.declarations, [one.id], "a warning is about no contact");
    let forgotten = DeclarationEvent::PersonForgotten {
        subject: one.facts.subjects().of(Role::Contact),
        successor: SubjectId::new(Uuid::now_v7()),
    };
    office.append(&[one.statement(forgotten)]).await;
    office.project().await;
    let seen = review_search::seen_of(database, &[one.id, other.id])
        .await
        .expect("rows");
    let address = |id| seen.iter().find(|it| it.id == id).and_then(|it| it.address);
    assert_eq!(address(one.id), None, "at once, and not with the next search");
    assert!(address(other.id).is_some());
}

const GONE: PageAnswer = PageAnswer {
    wrong: Some(ReviewRule::PageGone),
    status: Some(404),
};

/// A number that no engine takes for a small one.
const ADDRESS: u64 = u64::MAX - 7;

fn silent_on_two_days() -> PageState {
    PageState::new(ADDRESS)
        .after(GONE, now() - TimeDelta::days(1))
        .after(GONE, now())
}

async fn page_of(office: &Office, id: DeclarationId) -> Option<PageState> {
    let found = policy_page::of(office.store.database(), &[id]).await;
    found.expect("rows").remove(&id)
}

async fn what_came_of_a_page_is_kept_until_the_address_is_another_one(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    let id = DeclarationId::new(Uuid::from_u128(1));
    let new = PageState::new(ADDRESS);
    // Without a row nothing is written down: the policy has changed since it was asked for.
    policy_page::put(database, &[(id, new.after(GONE, now()))])
        .await
        .expect("an answer");
    assert_eq!(page_of(&office, id).await, None);
    policy_page::begin(database, &[(id, new)]).await.expect("a row");
    assert_eq!(page_of(&office, id).await, Some(new));
    let silent = silent_on_two_days();
    policy_page::put(database, &[(id, silent)]).await.expect("a row");
    assert_eq!(page_of(&office, id).await, Some(silent));
    // It is begun with again, and nothing changes.
    policy_page::begin(database, &[(id, silent)])
        .await
        .expect("a row");
    assert_eq!(page_of(&office, id).await, Some(silent));
    policy_page::want(database, id).await.expect("it is wanted");
    let wanted = page_of(&office, id).await.expect("a row");
    assert!(wanted.due_at < new.due_at);
    assert_eq!((wanted.failures, wanted.asked), (2, silent.asked));
    let other = PageState::new(5);
    policy_page::begin(database, &[(id, other)]).await.expect("a row");
    assert_eq!(page_of(&office, id).await, Some(other));
    // What comes late for the address before.
    policy_page::put(database, &[(id, silent)])
        .await
        .expect("an answer");
    assert_eq!(page_of(&office, id).await, Some(other));
}

async fn a_page_that_was_silent_on_two_days_is_seen_with_the_declaration(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    let web = |n, place: &str| Sample::corporation(n, "つばさ").with(Field::PolicyUrl, place);
    let silent = web(1, "https://example.jp/policy");
    let once = web(2, "https://example.jp/policy");
    let posted = web(3, "本社受付に掲示");
    let stopped = web(4, "https://example.jp/policy").stopped("2024-05-01");
    let all = [&silent, &once, &posted, &stopped];
    office.append(&all.map(Sample::registered)).await;
    office.project().await;
    let states: Vec<_> = all.map(|it| (it.id, silent_on_two_days())).to_vec();
    policy_page::begin(database, &states).await.expect("rows");
    policy_page::put(database, &states).await.expect("rows");
    let first_day = PageState::new(ADDRESS).after(GONE, now());
    policy_page::put(database, &[(once.id, first_day)])
        .await
        .expect("a row");
    let (seen, _) = review_search::seen(database, 0).await.expect("rows");
    let of = |id| seen.iter().find(|it| it.id == id).expect("it is seen").page;
    assert_eq!(of(silent.id), Some((ReviewRule::PageGone, ADDRESS)));
    assert_eq!(of(once.id), None, "one day is none");
    assert_eq!(of(posted.id), None, "it is on the web no more");
    let (web, more) = policy_page::on_the_web(database, 0).await.expect("rows");
    let ids: Vec<_> = web.iter().map(|it| it.id).collect();
    assert_eq!((ids, more), (vec![silent.id, once.id], None));
    assert_eq!(web[1].state, Some(first_day));
}

async fn the_event_that_changes_the_policy_forgets_what_came_of_the_page(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    let it = Sample::corporation(1, "つばさ").with(Field::PolicyUrl, "https://example.jp/policy");
    office.append(&[it.registered()]).await;
    let known = async || {
        policy_page::begin(database, &[(it.id, PageState::new(ADDRESS))])
            .await
            .expect("a row");
    };
    let change = |new: &str| domain::declaration::Change {
        field: Field::PolicyUrl,
        old: it.facts.get(Field::PolicyUrl).cloned(),
        new: domain::declaration::FieldValue::read(Field::PolicyUrl, new)
            .map(|value| it.facts.classify(Field::PolicyUrl, value)),
    };
    known().await;
    let other = DeclarationEvent::FlagRaised {
        flag: domain::declaration::FlagCode::EmailMissing,
    };
    office
        .append(&[it.corrected(Field::City, "よその市"), it.statement(other)])
        .await;
    assert!(
        page_of(&office, it.id).await.is_some(),
        "that is not about the policy"
    );
    let forgotten = DeclarationEvent::PersonForgotten {
        subject: it.facts.subjects().of(Role::Contact),
        successor: SubjectId::new(Uuid::now_v7()),
    };
    for statement in [
        it.corrected(Field::PolicyUrl, "https://example.jp/new"),
        it.statement(DeclarationEvent::PolicyRecorded {
            changes: vec![change("https://example.jp/newer")],
        }),
        it.statement(DeclarationEvent::PolicyWithdrawn {
            changes: vec![change("")],
        }),
        it.statement(forgotten),
    ] {
        known().await;
        office.append(std::slice::from_ref(&statement)).await;
        assert_eq!(
            page_of(&office, it.id).await,
            None,
            "{:?}",
            statement.event.event_type()
        );
    }
}

async fn what_is_gone_is_deleted_after_its_time_with_its_declarations(db: TestDatabase) {
    let office = Office::open(&db).await;
    let database = office.store.database();
    found(&office, vec![suspicion("a", &[1, 2]), suspicion("b", &[3, 4])]).await;
    let (a, b) = (id(u128::from(b'a')), id(u128::from(b'b')));
    rows::close(database, a, now()).await.expect("it is gone");
    let clear = async |before| review_search::clear(database, before).await.expect("an answer");
    assert_eq!(clear(now()).await, 0, "it went just then");
    assert_eq!(clear(now() + TimeDelta::seconds(1)).await, 1);
    assert_eq!(rows::load(database, a).await.expect("an answer"), None);
    assert!(rows::load(database, b).await.expect("an answer").is_some());
    let members = rows::members(database, &[a, b], 9).await.expect("rows");
    assert_eq!(members.keys().collect::<Vec<_>>(), [&b]);
    assert_eq!(clear(now() + TimeDelta::days(1)).await, 0, "what is open stays");
}
