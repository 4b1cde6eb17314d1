//! What is suspected, what is not, and what a search changes.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::declaration::FlagCode;
use domain::review::{
    Changes, Known, ReviewKind, ReviewRule, ReviewRules, Seen, Suspicion, Verdict, compare, digest, find,
    still_found,
};
use domain::{DeclarationId, OrganizationId, ReviewId};
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A live declaration of an organisation of its own of which nothing is suspected.
fn seen(n: u128) -> Seen {
    Seen {
        id: DeclarationId::new(Uuid::from_u128(n)),
        organization_id: OrganizationId::new(Uuid::from_u128(1_000 + n)),
        declared_on: day("2026-04-01"),
        number: None,
        name: Some(digest(&format!("見本{n}"))),
        place: Some(digest("みほん市")),
        address: None,
        phone: None,
        domain: None,
        two_stars: false,
        has_policy: false,
        bounced: false,
        imported: false,
        flags: 0,
        page: None,
    }
}

fn named(n: u128, name: &str, place: &str, number: Option<u64>) -> Seen {
    Seen {
        name: Some(digest(name)),
        place: Some(digest(place)),
        number,
        ..seen(n)
    }
}

fn of(kind: ReviewKind, seen: &[Seen]) -> Vec<Suspicion> {
    let found = find(seen, ReviewRules::default());
    found.into_iter().filter(|it| it.kind == kind).collect()
}

fn ids(suspicion: &Suspicion) -> Vec<u128> {
    suspicion
        .declarations
        .iter()
        .map(|id| id.uuid().as_u128())
        .collect()
}

#[test]
fn nothing_is_suspected_of_what_is_in_order() {
    let all: Vec<Seen> = (1..=20).map(seen).collect();
    assert_eq!(find(&all, ReviewRules::default()), []);
}

#[test]
fn one_number_or_one_name_in_one_place_is_one_suspicion_however_many_rules_find_it() {
    let number = Some(7_000_012_050_002);
    let all = [
        named(1, "つばさ", "東", number),
        named(2, "つばさ", "東", number),
        seen(3),
    ];
    let found = of(ReviewKind::Duplicate, &all);
    assert_eq!(found.len(), 1);
    assert_eq!(ids(&found[0]), [1, 2]);
    assert_eq!(
        found[0].rules,
        [ReviewRule::SameNumber, ReviewRule::SameNameAndPlace]
    );
    assert_eq!(found[0].weight, 2);
}

#[test]
fn two_companies_of_one_name_with_numbers_of_their_own_are_two_companies() {
    let all = [
        named(1, "つばさ", "東", Some(1)),
        named(2, "つばさ", "東", Some(2)),
    ];
    assert_eq!(of(ReviewKind::Duplicate, &all), []);
    // One without a number may be either of them.
    let mut more = all.to_vec();
    more.push(named(3, "つばさ", "東", None));
    assert_eq!(ids(&of(ReviewKind::Duplicate, &more)[0]), [1, 2, 3]);
}

#[test]
fn a_name_in_another_place_is_suspected_only_with_the_same_contact() {
    let mut all = [named(1, "つばさ", "東", None), named(2, "つばさ", "西", None)];
    assert_eq!(of(ReviewKind::Duplicate, &all), []);
    for it in &mut all {
        it.address = Some(9);
    }
    assert_eq!(
        of(ReviewKind::Duplicate, &all)[0].rules,
        [ReviewRule::SameContact]
    );
}

#[test]
fn the_ground_of_a_set_is_the_set_and_not_its_order() {
    let one = named(1, "つばさ", "東", None);
    let other = Seen {
        declared_on: day("2020-01-01"),
        ..named(2, "つばさ", "東", None)
    };
    let ground = |all: &[Seen]| of(ReviewKind::Duplicate, all)[0].ground.clone();
    let both = ground(&[one.clone(), other.clone()]);
    assert_eq!(both, ground(&[other.clone(), one.clone()]));
    let third = named(3, "つばさ", "東", None);
    assert_ne!(both, ground(&[one, other, third]));
}

#[test]
fn one_address_behind_many_organisations_within_the_days_is_suspected() {
    let at = |n: u128, day_of: &str| Seen {
        address: Some(5),
        declared_on: day(day_of),
        ..seen(n)
    };
    let close = [at(1, "2026-01-01"), at(2, "2026-02-01"), at(3, "2026-03-31")];
    let found = of(ReviewKind::Proxy, &close);
    assert_eq!((ids(&found[0]), found[0].weight), (vec![1, 2, 3], 3));
    assert_eq!(found[0].rules, [ReviewRule::SharedAddress]);
    // A day later it is more than ninety days.
    let apart = [at(1, "2026-01-01"), at(2, "2026-02-01"), at(3, "2026-04-02")];
    assert_eq!(of(ReviewKind::Proxy, &apart), []);
}

#[test]
fn many_declarations_of_one_organisation_are_not_many_organisations() {
    let all: Vec<Seen> = (1..=5)
        .map(|n| Seen {
            organization_id: OrganizationId::new(Uuid::from_u128(1)),
            phone: Some(5),
            ..seen(n)
        })
        .collect();
    assert_eq!(of(ReviewKind::Proxy, &all), []);
}

#[test]
fn a_looser_rule_that_finds_the_same_ones_makes_no_second_suspicion() {
    let all: Vec<Seen> = (1..=10)
        .map(|n| Seen {
            address: Some(5),
            phone: Some(6),
            domain: Some(7),
            ..seen(n)
        })
        .collect();
    let found = of(ReviewKind::Proxy, &all);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].rules,
        [
            ReviewRule::SharedAddress,
            ReviewRule::SharedPhone,
            ReviewRule::SharedDomain
        ]
    );
    assert!(found[0].ground.starts_with("shared_address."));
}

#[test]
fn a_domain_needs_more_organisations_than_an_address() {
    let all = |count| -> Vec<Seen> {
        (1..=count)
            .map(|n| Seen {
                domain: Some(7),
                ..seen(n)
            })
            .collect()
    };
    assert_eq!(of(ReviewKind::Proxy, &all(9)), []);
    assert_eq!(of(ReviewKind::Proxy, &all(10)).len(), 1);
}

#[test]
fn what_is_wrong_with_one_declaration_alone_is_found() {
    let warned = FlagCode::ALL
        .iter()
        .position(|flag| *flag == FlagCode::IndustryUnknown)
        .expect("a warning");
    let it = Seen {
        two_stars: true,
        bounced: true,
        address: Some(5),
        imported: true,
        flags: 1 << warned,
        page: Some((ReviewRule::PageGone, 3)),
        ..seen(1)
    };
    let mut kinds: Vec<ReviewKind> = find(std::slice::from_ref(&it), ReviewRules::default())
        .iter()
        .map(|found| found.kind)
        .collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            ReviewKind::PolicyPage,
            ReviewKind::PolicyMissing,
            ReviewKind::ContactBounced,
            ReviewKind::ImportWarning
        ]
    );
    let in_order = Seen {
        has_policy: true,
        bounced: false,
        imported: false,
        page: None,
        ..it
    };
    assert_eq!(find(&[in_order], ReviewRules::default()), []);
}

#[test]
fn warnings_that_have_a_queue_of_their_own_are_not_in_that_of_imports() {
    let bit = |code| {
        FlagCode::ALL
            .iter()
            .position(|flag| *flag == code)
            .expect("a warning")
    };
    let it = Seen {
        imported: true,
        flags: 1 << bit(FlagCode::CorporateNumberDuplicate)
            | 1 << bit(FlagCode::PolicyMissing)
            | 1 << bit(FlagCode::ProxySuspected),
        ..seen(1)
    };
    assert_eq!(find(&[it], ReviewRules::default()), []);
}

#[test]
fn a_suspicion_holds_as_long_as_its_own_declarations_give_it() {
    let mut all = vec![named(1, "つばさ", "東", None), named(2, "つばさ", "東", None)];
    let by = [ReviewRule::SameNameAndPlace];
    let holds = |all: &[Seen]| still_found(ReviewKind::Duplicate, &by, all, ReviewRules::default());
    assert!(holds(&all));
    all[1].name = Some(digest("はばたき"));
    assert!(!holds(&all));
    // One of them is live no more, and so not seen.
    assert!(!holds(&all[..1]));
}

fn now() -> DateTime<Utc> {
    "2026-11-30T00:00:00Z".parse().expect("an instant")
}

fn suspicion(ground: &str, weight: u32) -> Suspicion {
    Suspicion {
        kind: ReviewKind::Proxy,
        ground: ground.to_owned(),
        rules: vec![ReviewRule::SharedAddress],
        weight,
        declarations: Vec::new(),
    }
}

fn known(n: u128, ground: &str, weight: u32, decided: Option<(Verdict, DateTime<Utc>)>) -> Known {
    Known {
        id: ReviewId::new(Uuid::from_u128(n)),
        kind: ReviewKind::Proxy,
        ground: ground.to_owned(),
        weight,
        decided,
    }
}

#[test]
fn what_is_found_again_is_not_written_again() {
    let found = vec![suspicion("a", 3), suspicion("b", 3), suspicion("c", 3)];
    let before = vec![
        known(1, "a", 3, None),
        known(2, "b", 4, None),
        known(4, "d", 3, None),
    ];
    let changes = compare(found, before, now());
    assert_eq!(
        changes,
        Changes {
            new: vec![suspicion("c", 3)],
            back: Vec::new(),
            changed: vec![(ReviewId::new(Uuid::from_u128(2)), suspicion("b", 3))],
            gone: vec![ReviewId::new(Uuid::from_u128(4))],
        }
    );
}

#[test]
fn what_was_said_for_good_comes_back_when_it_is_twice_as_heavy() {
    let said = |weight| vec![known(1, "a", weight, Some((Verdict::Unfounded, now())))];
    let years_later = now() + TimeDelta::days(3_000);
    let after = |weight| compare(vec![suspicion("a", weight)], said(3), years_later);
    assert_eq!(after(5), Changes::default());
    assert_eq!(after(6).back.len(), 1);
    // Also when it was not found for a while.
    assert_eq!(compare(Vec::new(), said(3), now()), Changes::default());
}

#[test]
fn whoever_was_asked_has_thirty_days_to_answer() {
    let asked = || vec![known(1, "a", 3, Some((Verdict::Asked, now())))];
    let after = |days| compare(vec![suspicion("a", 3)], asked(), now() + TimeDelta::days(days));
    assert_eq!(after(29), Changes::default());
    assert_eq!(after(30).back.len(), 1);
    // What was asked about is mended: should it be found once more, it is another one.
    assert_eq!(compare(Vec::new(), asked(), now()).gone.len(), 1);
}
