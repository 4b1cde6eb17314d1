//! Passkeys and what browsers are asked about them: every query on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use storage::passkey::Passkey;
use storage::passkey_ceremony::PasskeyCeremony;
use storage::totp::{Totp, Which};
use storage::{passkey, passkey_ceremony, recovery_code, totp};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

test_support::on_both_engines!(
    a_passkey_is_known_once_counts_on_and_is_changed_by_its_owner_only,
    of_two_uses_at_once_of_one_count_one_holds,
    a_question_is_answered_once_for_its_purpose_by_whom_it_was_asked,
    what_was_beside_the_password_at_a_moment_goes_together_and_ends_what_was_open,
);

fn now() -> DateTime<Utc> {
    FixedClock::default().now()
}

fn sample(credential_id: &[u8], counter: i64) -> Passkey {
    Passkey {
        id: Uuid::now_v7(),
        staff_id: Uuid::now_v7(),
        credential_id: credential_id.to_vec(),
        credential: "{}".to_owned(),
        counter,
        name: "鍵".to_owned(),
        created_at: now(),
        last_used_at: None,
        suspected_at: None,
    }
}

async fn a_passkey_is_known_once_counts_on_and_is_changed_by_its_owner_only(db: TestDatabase) {
    let db = db.database();
    let mut kept = sample(b"one", 4);
    let (id, owner, other) = (kept.id, kept.staff_id, Uuid::now_v7());
    assert!(passkey::add(db, &kept).await.expect("added"));
    let again = passkey::add(db, &sample(b"one", 0)).await;
    assert!(!again.expect("an answer"), "somebody has it");
    let found = async || passkey::by_credential(db, b"one").await.expect("an answer");
    assert_eq!(found().await, Some(kept.clone()));
    assert_eq!(passkey::by_credential(db, b"two").await.expect("an answer"), None);
    assert_eq!(passkey::of(db, other).await.expect("an answer"), []);
    let later = now() + TimeDelta::minutes(1);
    let used = async |counter| {
        let used = passkey::used(db, id, "{\"n\":1}", counter, later).await;
        used.expect("an answer")
    };
    for counter in [0, 3, 4] {
        assert!(!used(counter).await, "{counter}");
    }
    assert!(used(5).await);
    "{\"n\":1}".clone_into(&mut kept.credential);
    kept.counter = 5;
    kept.last_used_at = Some(later);
    assert!(!passkey::rename(db, id, other, "x").await.expect("an answer"));
    assert!(passkey::rename(db, id, owner, "別").await.expect("an answer"));
    "別".clone_into(&mut kept.name);
    assert_eq!(passkey::of(db, owner).await.expect("an answer"), [kept.clone()]);
    assert!(passkey::suspect(db, id, later).await.expect("an answer"));
    assert!(!passkey::suspect(db, id, later).await.expect("an answer"));
    assert!(!used(6).await, "it opens nothing any more");
    kept.suspected_at = Some(later);
    assert_eq!(found().await, Some(kept));
    assert!(!passkey::remove(db, id, other).await.expect("an answer"));
    assert!(passkey::remove(db, id, owner).await.expect("an answer"));
    assert_eq!(found().await, None);
}

async fn of_two_uses_at_once_of_one_count_one_holds(db: TestDatabase) {
    let db = db.database();
    let (counts, never) = (sample(b"counts", 1), sample(b"never", 0));
    for kept in [&counts, &never] {
        assert!(passkey::add(db, kept).await.expect("added"));
    }
    let used = async |id, counter| {
        passkey::used(db, id, "{}", counter, now())
            .await
            .expect("an answer")
    };
    let both = tokio::join!(used(counts.id, 2), used(counts.id, 2));
    assert_ne!(both.0, both.1);
    // What a device keeps in step with others does not count.
    let both = tokio::join!(used(never.id, 0), used(never.id, 0));
    assert_eq!(both, (true, true));
}

async fn a_question_is_answered_once_for_its_purpose_by_whom_it_was_asked(db: TestDatabase) {
    let db = db.database();
    let owner = Uuid::now_v7();
    let question = |purpose, staff_id| PasskeyCeremony {
        purpose,
        staff_id,
        state: "state".to_owned(),
        expires_at: now() + TimeDelta::minutes(5),
    };
    let ask = async |token: &'static [u8], purpose, whom| {
        let question = question(purpose, whom);
        passkey_ceremony::begin(db, token, &question).await.expect("kept");
    };
    ask(b"anybody", "sign_in", None).await;
    ask(b"owner", "add", Some(owner)).await;
    let take = async |token: &'static [u8], purpose: &'static str, whom, minutes| {
        let at = now() + TimeDelta::minutes(minutes);
        let taken = passkey_ceremony::take(db, token, purpose, whom, at).await;
        taken.expect("an answer").is_some()
    };
    assert!(!take(b"anybody", "sign_in", Some(owner), 0).await);
    assert!(!take(b"anybody", "add", None, 0).await);
    assert!(!take(b"anybody", "sign_in", None, 5).await, "too late");
    assert!(!take(b"owner", "add", None, 0).await);
    assert!(!take(b"owner", "add", Some(Uuid::now_v7()), 0).await);
    let both = tokio::join!(
        take(b"anybody", "sign_in", None, 4),
        take(b"anybody", "sign_in", None, 4)
    );
    assert_ne!(both.0, both.1);
    assert!(take(b"owner", "add", Some(owner), 4).await);
    ask(b"old", "sign_in", None).await;
    let clean = async |minutes| {
        let before = now() + TimeDelta::minutes(minutes);
        passkey_ceremony::clean(db, before).await.expect("cleaned")
    };
    assert_eq!((clean(5).await, clean(6).await), (0, 1));
}

async fn what_was_beside_the_password_at_a_moment_goes_together_and_ends_what_was_open(db: TestDatabase) {
    let db = db.database();
    let (kept, mut later) = (sample(b"before", 1), sample(b"after", 1));
    let owner = kept.staff_id;
    later.staff_id = owner;
    later.created_at = now() + TimeDelta::minutes(1);
    for passkey in [&kept, &later] {
        assert!(passkey::add(db, passkey).await.expect("added"));
    }
    assert_eq!(passkey::owners(db).await.expect("an answer"), [owner]);
    assert_eq!(passkey::count(db, owner).await.expect("an answer"), 2);
    let proposed = Totp {
        subject_id: Uuid::from_u128(5),
        sealed: b"sealed".to_vec(),
        last_step: 0,
        made_at: now(),
    };
    totp::propose(db, owner, &proposed).await.expect("kept");
    let confirmed = totp::confirm(db, owner, b"sealed", 1, &[[7; 32]], b"none", now()).await;
    assert!(confirmed.expect("an answer"));
    let reset = async || totp::reset(db, owner, now(), now()).await.expect("an answer");
    assert_eq!(reset().await, 3, "the secret, the code, the passkey of before");
    assert_eq!(passkey::of(db, owner).await.expect("an answer"), [later.clone()]);
    assert_eq!(recovery_code::left(db, owner).await.expect("an answer"), 0);
    assert_eq!(totp::load(db, owner, Which::Used).await.expect("an answer"), None);
    assert_eq!(reset().await, 0, "what came since stays");
    assert!(passkey::suspect(db, later.id, now()).await.expect("an answer"));
    assert!(
        passkey::owners(db).await.expect("an answer").is_empty(),
        "it opens nothing"
    );
    assert_eq!(passkey::count(db, owner).await.expect("an answer"), 0);
}
