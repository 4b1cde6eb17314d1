//! Filters: each alone and with another, by whatever way the rows are found; and the counts beside them.

use chrono::{DateTime, TimeDelta};
use domain::declaration::{ContactState, FlagCode, PolicyState, Provenance, SizeClass, city_key};
use domain::value::{Industry, PledgeVersion, Prefecture, Star};
use event_store::each_engine;
use storage::declaration::{
    DeclarationRow, DeclarationState, Declarations, Facet, Facets, Filter, Limits, ListRequest, Search,
    SearchScope, Sort, Total,
};
use test_support::TestDatabase;
use uuid::Uuid;

use crate::support::{Office, Sample, day, numbers, register, request};

test_support::on_both_engines!(
    each_filter_alone_and_with_another_leaves_the_rows_that_say_so,
    pages_of_every_order_follow_each_other_whatever_way_finds_them,
    counts_beside_the_choices_are_what_choosing_would_leave,
    counts_of_more_rows_than_are_counted_say_that_they_are_estimates,
    a_city_is_found_by_its_beginning_in_any_width,
    cities_have_counts_where_a_prefecture_is_chosen_and_say_when_they_are_estimates,
    whom_mail_does_not_reach_is_told_by_the_newest_mail,
);

/// Whether a row is what a filter asks for, by what the row itself says; of what it does not say, see the tests of it.
fn passes(filter: &Filter, row: &DeclarationRow) -> bool {
    fn any<T: PartialEq>(wanted: &[T], found: Option<T>) -> bool {
        wanted.is_empty() || found.is_some_and(|found| wanted.contains(&found))
    }
    let city = row.city.as_deref().map(city_key).unwrap_or_default();
    any(&filter.stars, row.star)
        && any(&filter.states, Some(row.state))
        && any(&filter.prefectures, row.prefecture)
        && any(&filter.industries, row.industry)
        && any(&filter.sizes, Some(row.size))
        && any(&filter.pledges, Some(row.pledge))
        && any(&filter.provenances, Some(row.provenance))
        && filter
            .published
            .is_none_or(|published| published == row.published)
        && any(&filter.policies, Some(row.policy))
        && any(&filter.contacts, Some(row.contact))
        && (filter.flags.is_empty() || row.flags.iter().any(|flag| filter.flags.contains(flag)))
        && filter.city.as_ref().is_none_or(|key| city.starts_with(key))
        && filter.declared_from.is_none_or(|from| from <= row.declared_on)
        && filter.declared_to.is_none_or(|to| row.declared_on <= to)
        && filter.changed_from.is_none_or(|from| from <= row.changed_at)
        && filter.changed_before.is_none_or(|before| row.changed_at < before)
}

/// One filter for each thing that can be asked for.
fn filters(changed: DateTime<chrono::Utc>) -> Vec<Filter> {
    let none = Filter::default;
    vec![
        Filter {
            stars: vec![Star::Two],
            ..none()
        },
        Filter {
            states: vec![DeclarationState::Active],
            ..none()
        },
        Filter {
            prefectures: Prefecture::parse("鳥取").into_iter().collect(),
            ..none()
        },
        Filter {
            flags: vec![FlagCode::EmailNotRfc],
            ..none()
        },
        Filter {
            industries: Industry::from_letter('G').into_iter().collect(),
            ..none()
        },
        Filter {
            sizes: vec![SizeClass::Micro, SizeClass::Unknown],
            ..none()
        },
        Filter {
            pledges: vec![Some(PledgeVersion::SixRules), None],
            ..none()
        },
        Filter {
            provenances: vec![Provenance::Import],
            ..none()
        },
        Filter {
            published: Some(true),
            ..none()
        },
        Filter {
            policies: vec![PolicyState::Elsewhere],
            ..none()
        },
        Filter {
            contacts: vec![ContactState::None],
            ..none()
        },
        Filter {
            city: Some(city_key("みほん市")),
            ..none()
        },
        Filter {
            declared_from: Some(day("2018-02-01")),
            declared_to: Some(day("2018-03-15")),
            ..none()
        },
        Filter {
            declared_to: Some(day("2018-01-20")),
            ..none()
        },
        Filter {
            changed_from: Some(changed),
            ..none()
        },
        Filter {
            changed_before: Some(changed),
            ..none()
        },
    ]
}

/// Both at once. What both narrow, the second does.
fn and(one: &Filter, other: &Filter) -> Filter {
    fn either<T: Clone>(one: &[T], other: &[T]) -> Vec<T> {
        if other.is_empty() {
            one.to_vec()
        } else {
            other.to_vec()
        }
    }
    Filter {
        stars: either(&one.stars, &other.stars),
        states: either(&one.states, &other.states),
        prefectures: either(&one.prefectures, &other.prefectures),
        flags: either(&one.flags, &other.flags),
        industries: either(&one.industries, &other.industries),
        sizes: either(&one.sizes, &other.sizes),
        pledges: either(&one.pledges, &other.pledges),
        provenances: either(&one.provenances, &other.provenances),
        published: other.published.or(one.published),
        policies: either(&one.policies, &other.policies),
        contacts: either(&one.contacts, &other.contacts),
        unreachable: one.unreachable || other.unreachable,
        city: other.city.clone().or_else(|| one.city.clone()),
        declared_from: other.declared_from.or(one.declared_from),
        declared_to: other.declared_to.or(one.declared_to),
        changed_from: other.changed_from.or(one.changed_from),
        changed_before: other.changed_before.or(one.changed_before),
    }
}

/// A register of which the second half was changed an hour after the first.
async fn filled(db: &TestDatabase) -> (Office, DateTime<chrono::Utc>) {
    let office = Office::open(db).await;
    office.append(&register(90)).await;
    office.clock.advance(TimeDelta::hours(1));
    let changed = office.clock.now();
    let more: Vec<_> = (90..120)
        .map(|n| Sample::corporation(n, "青空").registered())
        .collect();
    office.append(&more).await;
    office.project().await;
    (office, changed)
}

/// Few rows are gathered, some are walked to, many are met on the way and estimated.
const WAYS: [Limits; 3] = [
    Limits {
        gather: 1_500,
        exact: 10_000,
    },
    Limits {
        gather: 0,
        exact: 10_000,
    },
    Limits { gather: 0, exact: 2 },
];

async fn each_filter_alone_and_with_another_leaves_the_rows_that_say_so(db: TestDatabase) {
    let (office, changed) = filled(&db).await;
    let everything = office.list(&request(200, Filter::default())).await.rows;
    let filters = filters(changed);
    let pairs = filters
        .iter()
        .enumerate()
        .flat_map(|(at, one)| filters[at..].iter().map(|other| and(one, other)));
    let ways = WAYS.map(|limits| (limits, Declarations::with_limits(db.database().clone(), limits)));
    let searches = [None, Search::parse("青空", SearchScope::Personal).expect("short")];
    for (number, filter) in pairs.enumerate() {
        let sort = [Sort::DeclaredOnDesc, Sort::NumberDesc, Sort::ChangedAsc][number % 3];
        let mut expected: Vec<_> = everything.iter().filter(|row| passes(&filter, row)).collect();
        match sort {
            Sort::NumberDesc => expected.sort_by(|one, other| other.number.cmp(&one.number)),
            Sort::ChangedAsc => expected.sort_by_key(|row| (row.changed_at, row.seq)),
            _ => {}
        }
        for search in &searches {
            let found = |row: &&&DeclarationRow| {
                let key = |text: &Option<String>| text.as_deref().is_some_and(|it| it.contains("青空"));
                let name = match &row.name {
                    storage::declaration::RowName::Organization { name, .. } => name.contains("青空"),
                    storage::declaration::RowName::Person { name, .. } => name.reveal().contains("青空"),
                    storage::declaration::RowName::Forgotten { .. } => false,
                };
                search.is_none() || name || key(&row.trade_name)
            };
            let expected: Vec<DeclarationRow> =
                expected.iter().filter(found).map(|row| (*row).clone()).collect();
            for (limits, declarations) in &ways {
                let question = ListRequest {
                    sort,
                    search: search.clone(),
                    ..request(200, filter.clone())
                };
                let page = declarations.list(&question).await.expect("a page");
                let what = format!("{filter:?} {search:?} {limits:?}");
                assert_eq!(numbers(&page.rows), numbers(&expected), "{what}");
                let count = expected.len() as u64;
                if count <= limits.exact {
                    assert_eq!(page.total, Total::Exact(count), "{what}");
                } else {
                    assert!(matches!(page.total, Total::Estimated(_)), "{what}");
                }
            }
        }
    }
}

async fn pages_of_every_order_follow_each_other_whatever_way_finds_them(db: TestDatabase) {
    let (office, changed) = filled(&db).await;
    // Whatever is more than this is walked to, or sorted where that is far.
    let limits = Limits { gather: 0, exact: 2 };
    let low = Declarations::with_limits(db.database().clone(), limits);
    for filter in filters(changed) {
        for sort in Sort::ALL {
            let whole = ListRequest {
                sort,
                ..request(200, filter.clone())
            };
            let expected = office.list(&whole).await.rows;
            let mut rows: Vec<DeclarationRow> = Vec::new();
            let mut after = None;
            loop {
                let question = ListRequest {
                    sort,
                    after,
                    ..request(5, filter.clone())
                };
                let page = low.list(&question).await.expect("a page");
                rows.extend(page.rows);
                after = page.end_cursor;
                if !page.has_next_page {
                    break;
                }
            }
            assert_eq!(numbers(&rows), numbers(&expected), "{filter:?} {sort:?}");
        }
    }
}

/// The filter with each value that a facet offers in place of what it has there, and how many rows the facet says.
fn narrowed_by_each(filter: &Filter, facets: &Facets) -> Vec<(Filter, u64)> {
    let mut narrowed = Vec::new();
    macro_rules! each {
        ($($of:ident -> $field:ident),+) => {
            $(for (value, count) in &facets.$of {
                narrowed.push((Filter { $field: vec![*value], ..filter.clone() }, *count));
            })+
        };
    }
    each!(stars -> stars, states -> states, prefectures -> prefectures, flags -> flags, industries -> industries,
        sizes -> sizes, pledges -> pledges, provenances -> provenances, policies -> policies, contacts -> contacts);
    for (published, count) in &facets.published {
        let published = Some(*published);
        narrowed.push((
            Filter {
                published,
                ..filter.clone()
            },
            *count,
        ));
    }
    narrowed
}

async fn counts_beside_the_choices_are_what_choosing_would_leave(db: TestDatabase) {
    let (office, changed) = filled(&db).await;
    let search = Search::parse("青空", SearchScope::Personal).expect("short");
    let days = Filter {
        declared_to: Some(day("2018-03-15")),
        ..Filter::default()
    };
    for one in filters(changed) {
        for (filter, search) in [
            (one.clone(), None),
            (and(&one, &days), None),
            (one.clone(), search.clone()),
            (and(&one, &days), search.clone()),
        ] {
            let question = |first, filter| ListRequest {
                search: search.clone(),
                ..request(first, filter)
            };
            let page = office.list(&question(1, filter.clone())).await;
            assert_eq!(page.facets.estimated, [], "{filter:?}");
            let narrowed = narrowed_by_each(&filter, &page.facets);
            assert!(
                page.total == Total::Exact(0) || !narrowed.is_empty(),
                "{filter:?}"
            );
            for (narrowed, count) in narrowed {
                let total = office.list(&question(1, narrowed.clone())).await.total;
                assert_eq!(total, Total::Exact(count), "{narrowed:?} {search:?}");
            }
        }
    }
}

async fn counts_of_more_rows_than_are_counted_say_that_they_are_estimates(db: TestDatabase) {
    let (_office, _) = filled(&db).await;
    let limits = Limits { gather: 0, exact: 12 };
    let declarations = Declarations::with_limits(db.database().clone(), limits);
    let facets = async |filter: Filter, text: &str| {
        let search = Search::parse(text, SearchScope::Public).expect("short");
        let page = declarations
            .list(&ListRequest {
                search,
                ..request(1, filter)
            })
            .await
            .expect("a page");
        page.facets
    };
    let days = |to: &str| Filter {
        declared_to: Some(day(to)),
        ..Filter::default()
    };
    // The kept counters are exact however many there are.
    let all = facets(Filter::default(), "").await;
    assert_eq!(all.estimated, []);
    assert_eq!(all.provenances, [(Provenance::Import, 120)]);
    // Far more: the sample is of all 120 here, so its estimate is right, and still called one.
    let many = facets(days("2018-12-31"), "").await;
    assert_eq!(many.estimated, Facet::ALL);
    assert_eq!(many.provenances, [(Provenance::Import, 120)]);
    // A search that finds more.
    assert_eq!(facets(Filter::default(), "株式会社").await.estimated, Facet::ALL);
    // Few in the list, many without its own choice: only that choice's counts are estimates.
    let narrow = Filter {
        stars: vec![Star::Two],
        ..days("2018-01-30")
    };
    let some = facets(narrow.clone(), "").await;
    assert_eq!(some.estimated, [Facet::Star]);
    let listed: u64 = some.states.iter().map(|(_, count)| count).sum();
    let total = declarations
        .list(&request(1, narrow))
        .await
        .expect("a page")
        .total;
    assert_eq!(total, Total::Exact(listed));
}

async fn a_city_is_found_by_its_beginning_in_any_width(db: TestDatabase) {
    let (office, _) = filled(&db).await;
    let found = async |text: &str| {
        let filter = Filter {
            city: Some(city_key(text)),
            ..Filter::default()
        };
        let rows = office.list(&request(200, filter)).await.rows;
        let mut cities: Vec<_> = rows.into_iter().filter_map(|row| row.city).collect();
        cities.sort();
        cities.dedup();
        cities
    };
    assert_eq!(found("みほん").await, ["みほん市", "みほん市 中区"]);
    assert_eq!(found("ミホン市中").await, ["みほん市 中区"]);
    assert_eq!(found("竜ヶ崎 市").await, ["竜ケ崎市"]);
    assert_eq!(found("崎").await, [""; 0]);
}

async fn cities_have_counts_where_a_prefecture_is_chosen_and_say_when_they_are_estimates(db: TestDatabase) {
    let (office, _) = filled(&db).await;
    let everything = office.list(&request(200, Filter::default())).await;
    assert_eq!(
        everything.facets.cities.counts,
        [],
        "of the whole country there are too many"
    );
    let mut prefectures: Vec<_> = everything.rows.iter().filter_map(|row| row.prefecture).collect();
    prefectures.sort();
    prefectures.dedup();
    let star = Filter {
        stars: vec![Star::One],
        ..Filter::default()
    };
    let days = Filter {
        declared_to: Some(day("2018-03-15")),
        ..Filter::default()
    };
    let search = Search::parse("青空", SearchScope::Personal).expect("short");
    let mut seen = 0;
    for prefecture in prefectures {
        let chosen = Filter {
            prefectures: vec![prefecture],
            ..Filter::default()
        };
        for (filter, search) in [
            (chosen.clone(), None),
            (and(&chosen, &star), None),
            (and(&chosen, &days), None),
            (chosen.clone(), search.clone()),
            (and(&chosen, &days), search.clone()),
        ] {
            let question = |filter| ListRequest {
                search: search.clone(),
                ..request(1, filter)
            };
            let found = office.list(&question(filter.clone())).await.facets.cities;
            assert!(!found.is_estimated, "{filter:?}");
            for (city, count) in &found.counts {
                let narrowed = Filter {
                    city: Some(city_key(city)),
                    ..filter.clone()
                };
                let page = office.list(&question(narrowed)).await;
                assert_eq!(page.total, Total::Exact(*count), "{city} {filter:?} {search:?}");
                // What is chosen stands in the way of no other city.
                assert_eq!(page.facets.cities, found, "{city} {filter:?}");
                seen += 1;
            }
        }
        let few = Limits { gather: 0, exact: 2 };
        let few = Declarations::with_limits(db.database().clone(), few);
        let page = few.list(&request(1, chosen.clone())).await.expect("a page");
        let all = office.list(&request(1, chosen)).await.total.count();
        let cities = page.facets.cities;
        assert_eq!(cities.is_estimated, all > 2, "{all} {cities:?}");
    }
    assert!(seen > 20, "{seen}");
}

const MAIL: &str = "INSERT INTO mail (id, position, class, sender, recipient_hash, domain_hash, organization_id, \
    queued_at, state, changed_at, next_try_at, attempt, judged, term) \
    VALUES ($1, $2, 'notice', 'office', $3, $3, $4, 1, 'accepted', 1, 1, 1, 1, 1)";
const SUPPRESSION: &str = "INSERT INTO suppression (recipient_hash, class, reason, since, position) \
    VALUES ($1, 'all', 'unreachable', 1, 9)";

/// The newest mail about an organisation is what counts, as long as nothing goes to its address.
async fn whom_mail_does_not_reach_is_told_by_the_newest_mail(db: TestDatabase) {
    let office = Office::open(&db).await;
    let samples: Vec<_> = (1..=3).map(|n| Sample::corporation(n, "青空")).collect();
    let begun: Vec<_> = samples.iter().map(Sample::registered).collect();
    office.append(&begun).await;
    office.project().await;
    // The first got one mail at an address that is dead, the second another one at a living address since, the third none.
    let mails = [(0, 1_u8, b'd'), (1, 2, b'd'), (1, 3, b'l')];
    let mut tx = db.database().begin_write().await.expect("a transaction");
    for (sample, number, address) in mails {
        let organization = samples[sample].organization.uuid();
        each_engine!(tx, c => sqlx::query(MAIL)
            .bind(Uuid::from_u128(number.into()))
            .bind(i64::from(number))
            .bind(vec![address])
            .bind(organization)
            .execute(c).await.map(drop))
        .expect("a mail");
    }
    each_engine!(tx, c => sqlx::query(SUPPRESSION).bind(vec![b'd']).execute(c).await.map(drop))
        .expect("a row");
    tx.commit().await.expect("a commit");
    let filter = Filter {
        unreachable: true,
        ..Filter::default()
    };
    let page = office.list(&request(10, filter)).await;
    assert_eq!(numbers(&page.rows), ["40000000001"]);
    assert_eq!(page.total, Total::Exact(1));
}
