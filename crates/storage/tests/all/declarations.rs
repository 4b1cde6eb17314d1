//! The register as it is now: order, filters, counts, search, cursors.

use crate::support::{Office, Sample, day, numbers, register, request};
use domain::declaration::{DeclarationEvent, Field, FlagCode, Stop, StopKind};
use domain::value::{Prefecture, Star};
use storage::declaration::{
    CursorError, DeclarationState, Declarations, Filter, Limits, ListError, ListPage, ListRequest,
    MatchedField, RowName, Search, SearchError, SearchScope, Sort, Total,
};
use test_support::TestDatabase;

test_support::on_both_engines!(
    pages_follow_each_other_in_every_order_without_gap_or_repeat,
    filters_and_facets_agree_with_what_is_listed,
    a_row_shows_what_the_events_say,
    a_search_finds_any_part_in_any_spelling_and_says_where,
    a_search_finds_numbers_by_their_beginning_and_end,
    a_reader_without_the_right_never_finds_a_sole_trader_by_name,
    a_search_is_found_in_the_order_and_within_the_filter_asked_for,
    every_way_of_finding_rows_finds_the_same,
    a_cursor_of_another_list_is_refused,
    a_forgotten_sole_trader_is_shown_as_forgotten,
    declarations_of_an_organisation_are_found_together,
);

async fn pages_follow_each_other_in_every_order_without_gap_or_repeat(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(120)).await;
    office.project().await;
    let search = Search::parse("山田", SearchScope::Public).expect("short");
    for sort in [
        Sort::DeclaredOnDesc,
        Sort::DeclaredOnAsc,
        Sort::NumberAsc,
        Sort::ChangedDesc,
    ] {
        for search in [None, search.clone()] {
            for filter in [
                Filter::default(),
                Filter {
                    states: vec![DeclarationState::Active],
                    ..Filter::default()
                },
            ] {
                let mut request = ListRequest {
                    filter,
                    search: search.clone(),
                    sort,
                    first: 200,
                    after: None,
                    facets: false,
                };
                let all = office.list(&request).await;
                assert!(!all.has_next_page && !all.rows.is_empty());
                assert_eq!(all.total, Total::Exact(all.rows.len() as u64), "{sort:?}");
                request.first = 7;
                let mut paged = Vec::new();
                loop {
                    let page = office.list(&request).await;
                    assert_eq!(page.total, all.total);
                    paged.extend(page.rows);
                    request.after = page.end_cursor;
                    if !page.has_next_page {
                        break;
                    }
                }
                assert_eq!(numbers(&paged), numbers(&all.rows), "{sort:?}");
            }
        }
    }
    let by_number = office
        .list(&ListRequest {
            sort: Sort::NumberAsc,
            first: 200,
            ..ListRequest::default()
        })
        .await;
    assert!(by_number.rows.is_sorted_by_key(|row| row.number.clone()));
    let newest = office.list(&request(200, Filter::default())).await;
    assert!(
        newest
            .rows
            .is_sorted_by_key(|row| std::cmp::Reverse(row.declared_on))
    );
}

/// The filter with each value that a facet offers in place of what it has there, and how many rows the facet says.
fn narrowed_by_each_facet(filter: &Filter, page: &ListPage) -> Vec<(Filter, u64)> {
    let mut narrowed = Vec::new();
    let facets = &page.facets;
    for &(star, count) in &facets.stars {
        let stars = vec![star];
        narrowed.push((
            Filter {
                stars,
                ..filter.clone()
            },
            count,
        ));
    }
    for &(state, count) in &facets.states {
        let states = vec![state];
        narrowed.push((
            Filter {
                states,
                ..filter.clone()
            },
            count,
        ));
    }
    for &(prefecture, count) in &facets.prefectures {
        let prefectures = vec![prefecture];
        narrowed.push((
            Filter {
                prefectures,
                ..filter.clone()
            },
            count,
        ));
    }
    for &(flag, count) in &facets.flags {
        let flags = vec![flag];
        narrowed.push((
            Filter {
                flags,
                ..filter.clone()
            },
            count,
        ));
    }
    assert!(!narrowed.is_empty(), "{facets:?}");
    narrowed
}

async fn filters_and_facets_agree_with_what_is_listed(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(120)).await;
    office.project().await;
    let prefecture = |name: &str| Prefecture::parse(name).expect("a prefecture");
    let filters = [
        Filter {
            stars: vec![Star::Two],
            ..Filter::default()
        },
        Filter {
            states: vec![DeclarationState::Stopped],
            ..Filter::default()
        },
        Filter {
            prefectures: vec![prefecture("鳥取"), prefecture("沖縄")],
            ..Filter::default()
        },
        Filter {
            flags: vec![FlagCode::EmailNotRfc, FlagCode::PolicyMissing],
            ..Filter::default()
        },
        Filter {
            stars: vec![Star::One],
            states: vec![DeclarationState::Active],
            prefectures: vec![prefecture("東京")],
            flags: vec![FlagCode::EmailNotRfc],
            ..Filter::default()
        },
        Filter {
            stars: vec![Star::Two],
            flags: vec![FlagCode::IndustryUnknown],
            ..Filter::default()
        },
    ];
    let everything = office.list(&request(200, Filter::default())).await;
    for filter in filters {
        let passes = |row: &&storage::declaration::DeclarationRow| {
            (filter.stars.is_empty() || row.star.is_some_and(|it| filter.stars.contains(&it)))
                && (filter.states.is_empty() || filter.states.contains(&row.state))
                && (filter.prefectures.is_empty()
                    || row.prefecture.is_some_and(|it| filter.prefectures.contains(&it)))
                && (filter.flags.is_empty() || row.flags.iter().any(|it| filter.flags.contains(it)))
        };
        let expected: Vec<_> = everything.rows.iter().filter(passes).cloned().collect();
        let page = office.list(&request(200, filter.clone())).await;
        assert_eq!(page.rows, expected, "{filter:?}");
        assert_eq!(page.total, Total::Exact(expected.len() as u64));
        for (narrowed, count) in narrowed_by_each_facet(&filter, &page) {
            let total = office.list(&request(1, narrowed.clone())).await.total;
            assert_eq!(total, Total::Exact(count), "{narrowed:?}");
        }
    }
    // Counts follow a change.
    let sample = Sample::corporation(9_000, "青空").with(Field::Prefecture, "北海道");
    office.append(&[sample.registered()]).await;
    office
        .append(&[sample.corrected(Field::Prefecture, "長野県")])
        .await;
    office.project().await;
    let total = async |name: &str| {
        office
            .list(&request(
                1,
                Filter {
                    prefectures: vec![prefecture(name)],
                    ..Filter::default()
                },
            ))
            .await
            .total
    };
    assert_eq!(
        (total("北海道").await, total("長野").await),
        (Total::Exact(0), Total::Exact(1))
    );
}

async fn a_row_shows_what_the_events_say(db: TestDatabase) {
    let office = Office::open(&db).await;
    let sample = Sample::corporation(17, "株式会社みほん製作所")
        .with(Field::NameKana, "ﾐﾎﾝｾｲｻｸｼｮ")
        .with(Field::CorporateNumber, "T7999901000001")
        .with(Field::Star, "★★")
        .flagged(&[FlagCode::PolicyMissing]);
    let first = office.append(&[sample.registered()]).await;
    office.project().await;
    let row = |page: storage::declaration::ListPage| page.rows.into_iter().next().expect("one row");
    let before = row(office.list(&request(10, Filter::default())).await);
    assert_eq!(before.version, first);
    assert_eq!(before.corporate_number.as_deref(), Some("7999901000001"));
    assert_eq!(
        (before.star, before.state),
        (Some(Star::Two), DeclarationState::Active)
    );
    let name = RowName::Organization {
        name: "株式会社みほん製作所".to_owned(),
        kana: Some("ﾐﾎﾝｾｲｻｸｼｮ".to_owned()),
    };
    assert_eq!(before.name, name);

    office.clock.advance(chrono::TimeDelta::hours(1));
    let stop = Stop {
        kind: StopKind::Stopped,
        on: Some(day("2026-03-01")),
    };
    let stopped = office
        .append(&[sample.statement(DeclarationEvent::Stopped {
            stop,
            corporate_number: None,
        })])
        .await;
    office
        .append(&[sample.statement(DeclarationEvent::FlagRaised {
            flag: FlagCode::EmailMissing,
        })])
        .await;
    office.project().await;
    let after = row(office.list(&request(10, Filter::default())).await);
    assert_eq!((after.version, after.state), (stopped, DeclarationState::Stopped));
    assert_eq!(after.stopped_on, Some(day("2026-03-01")));
    assert_eq!(after.flags, [FlagCode::PolicyMissing, FlagCode::EmailMissing]);
    assert_eq!(after.changed_at, office.clock.now());
    assert_eq!(after.seq, before.seq);
}

async fn a_search_finds_any_part_in_any_spelling_and_says_where(db: TestDatabase) {
    let office = Office::open(&db).await;
    office
        .append(&[
            Sample::corporation(1, "株式会社髙橋オーシャンサービス")
                .with(Field::NameKana, "タカハシオーシャンサービス")
                .registered(),
            Sample::corporation(2, "（有）山崎ｵｰｼｬﾝ")
                .with(Field::TradeName, "海の家 Blue")
                .registered(),
            Sample::corporation(3, "𠮷野家具店").registered(),
        ])
        .await;
    office.project().await;
    let one = ["40000000001".to_owned()];
    let two = ["40000000002".to_owned()];
    for text in ["髙橋", "高橋", "たかはし", "ﾀｶﾊｼ", "橋オ", "髙"] {
        assert_eq!(office.found(text, SearchScope::Public).await, one, "{text}");
    }
    for text in ["山﨑", "海の家", "ＢＬＵＥ", "うみ山崎オーシャン", "blue 山崎"] {
        let expected: &[String] = if text.starts_with("うみ") { &[] } else { &two };
        assert_eq!(office.found(text, SearchScope::Public).await, expected, "{text}");
    }
    let mut both = office.found("オーシャン", SearchScope::Public).await;
    both.sort();
    assert_eq!(both, [one[0].clone(), two[0].clone()]);

    let search = Search::parse("野家", SearchScope::Public).expect("short");
    let page = office
        .list(&ListRequest {
            search,
            first: 5,
            ..ListRequest::default()
        })
        .await;
    let matched = page.rows[0].matched.clone().expect("a reason");
    assert_eq!(
        (matched.field, matched.start, matched.length),
        (MatchedField::Name, 2, 2)
    );
    assert_eq!(
        (matched.text.as_str(), matched.reading.as_str()),
        ("𠮷野家具店", "野家")
    );
    let search = Search::parse("髙橋", SearchScope::Public).expect("short");
    let request = ListRequest {
        search,
        ..request(5, Filter::default())
    };
    let row = office.list(&request).await.rows.remove(0);
    let reading = row.matched.expect("a reason").reading;
    assert_eq!(reading, "高橋", "the form in which both were compared");
    let nothing = Search::parse(" \u{3000} ", SearchScope::Public).expect("short");
    assert_eq!(nothing, None);
    assert_eq!(
        Search::parse(&"あ".repeat(10_000), SearchScope::Public),
        Err(SearchError::TooLong)
    );
    assert_eq!(
        Search::parse("一 二 三 四 五 六 七 八 九", SearchScope::Public),
        Err(SearchError::TooManyTerms)
    );
}

async fn a_search_finds_numbers_by_their_beginning_and_end(db: TestDatabase) {
    let office = Office::open(&db).await;
    office
        .append(&[
            Sample::corporation(1_234_567, "青空")
                .with(Field::CorporateNumber, "7999901000001")
                .registered(),
            Sample::corporation(7_654_321, "大和")
                .with(Field::CorporateNumber, "6999901000002")
                .registered(),
        ])
        .await;
    office.project().await;
    for text in [
        "40001234567",
        "４０００-１２３４-５６７",
        "4000 1234 567",
        "7 9999 0100 0001",
        "4000123",
        "4567",
        "1234567",
        "T7999901000001",
        "79999",
        "0001",
    ] {
        assert_eq!(
            office.found(text, SearchScope::Public).await,
            ["40001234567"],
            "{text}"
        );
    }
    for text in ["234", "12345", "99990"] {
        assert!(office.found(text, SearchScope::Public).await.is_empty(), "{text}");
    }
    let search = Search::parse("4567", SearchScope::Public).expect("short");
    let page = office
        .list(&ListRequest {
            search,
            first: 5,
            ..ListRequest::default()
        })
        .await;
    let matched = page.rows[0].matched.clone().expect("a reason");
    assert_eq!(
        (matched.field, matched.start, matched.length),
        (MatchedField::DeclarationNo, 7, 4)
    );
}

async fn a_reader_without_the_right_never_finds_a_sole_trader_by_name(db: TestDatabase) {
    let office = Office::open(&db).await;
    let sample = Sample::sole_trader(5, "見本 花子", "みほん商店").with(Field::NameKana, "ミホン ハナコ");
    // What stands in this field of a sole trader may be a My Number.
    office
        .append(&[sample.with(Field::CorporateNumber, "7999901000001").registered()])
        .await;
    office.project().await;
    for text in [
        "見本",
        "花子",
        "見本花子",
        "ハナコ",
        "子",
        "7999901000001",
        "みほん商店 花子",
    ] {
        assert!(office.found(text, SearchScope::Public).await.is_empty(), "{text}");
    }
    assert_eq!(office.found("商店", SearchScope::Public).await, ["40000000005"]);
    for text in ["見本花", "はなこ", "みほん商店 花子", "商店"] {
        assert_eq!(
            office.found(text, SearchScope::Personal).await,
            ["40000000005"],
            "{text}"
        );
    }
    assert!(
        office
            .found("7999901000001", SearchScope::Personal)
            .await
            .is_empty()
    );
}

async fn a_search_is_found_in_the_order_and_within_the_filter_asked_for(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(120)).await;
    office.project().await;
    let search = Search::parse("さくら", SearchScope::Public).expect("short");
    let filter = Filter {
        states: vec![DeclarationState::Stopped],
        ..Filter::default()
    };
    let page = office
        .list(&ListRequest {
            search,
            filter,
            sort: Sort::NumberAsc,
            first: 50,
            ..ListRequest::default()
        })
        .await;
    assert!(!page.rows.is_empty() && page.rows.is_sorted_by_key(|row| row.number.clone()));
    assert!(
        page.rows
            .iter()
            .all(|row| row.state == DeclarationState::Stopped && row.matched.is_some())
    );
    assert_eq!(page.total, Total::Exact(page.rows.len() as u64));
}

async fn every_way_of_finding_rows_finds_the_same(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(150)).await;
    office.project().await;
    let everything = Limits {
        gather: 1_000,
        exact: 1_000,
    };
    // Few rows are gathered, some are walked to, many are met on the way and estimated. What is many depends on the page.
    let ways = [
        (1_000, 1_000, 40),
        (0, 1_000, 40),
        (0, 1_000, 2),
        (0, 3, 40),
        (3, 20, 2),
    ];
    let gathering = Declarations::with_limits(db.database().clone(), everything);
    for text in ["つばさ", "山田 東洋", "株式会社", "4000000", "0012", "無い"] {
        for states in [Vec::new(), vec![DeclarationState::Active]] {
            for sort in [Sort::DeclaredOnDesc, Sort::NumberAsc, Sort::ChangedDesc] {
                let search = Search::parse(text, SearchScope::Personal).expect("short");
                let filter = Filter {
                    states: states.clone(),
                    ..Filter::default()
                };
                let mut request = ListRequest {
                    filter,
                    search,
                    sort,
                    first: 200,
                    after: None,
                    facets: false,
                };
                let expected = gathering.list(&request).await.expect("a page");
                for (gather, exact, page) in ways {
                    let limits = Limits { gather, exact };
                    let declarations = Declarations::with_limits(db.database().clone(), limits);
                    request.after = None;
                    request.first = page;
                    let first = declarations.list(&request).await.expect("a page");
                    // The second time the total is known, which may be another way.
                    let again = declarations.list(&request).await.expect("a page");
                    assert_eq!(numbers(&again.rows), numbers(&first.rows), "{text} {limits:?}");
                    assert_eq!(again.total, first.total, "{text} {limits:?}");
                    let mut rows = first.rows;
                    request.after = first.end_cursor;
                    request.first = 200 - page;
                    if request.after.is_some() {
                        rows.extend(declarations.list(&request).await.expect("a page").rows);
                    }
                    assert_eq!(
                        numbers(&rows),
                        numbers(&expected.rows),
                        "{text} {sort:?} {limits:?}"
                    );
                    let count = expected.rows.len() as u64;
                    if count <= limits.exact {
                        assert_eq!(first.total, Total::Exact(count), "{text} {limits:?}");
                    } else {
                        assert!(matches!(first.total, Total::Estimated(_)), "{text} {limits:?}");
                    }
                }
            }
        }
    }
}

async fn a_cursor_of_another_list_is_refused(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.append(&register(20)).await;
    office.project().await;
    let page = office.list(&request(3, Filter::default())).await;
    let after = page.end_cursor;
    let refused = async |request: ListRequest| {
        matches!(
            office.storage.declarations().list(&request).await,
            Err(ListError::Cursor(CursorError))
        )
    };
    let filter = Filter {
        stars: vec![Star::One],
        ..Filter::default()
    };
    assert!(
        refused(ListRequest {
            after: after.clone(),
            first: 3,
            filter,
            ..ListRequest::default()
        })
        .await
    );
    let sort = Sort::ChangedDesc;
    assert!(
        refused(ListRequest {
            after: after.clone(),
            first: 3,
            sort,
            ..ListRequest::default()
        })
        .await
    );
    let changed = after.map(|cursor| format!("{cursor}A"));
    assert!(
        refused(ListRequest {
            after: changed,
            first: 3,
            ..ListRequest::default()
        })
        .await
    );
    for first in [0, 201] {
        let answer = office
            .storage
            .declarations()
            .list(&request(first, Filter::default()))
            .await;
        assert!(matches!(answer, Err(ListError::PageSize)));
    }
}

async fn a_forgotten_sole_trader_is_shown_as_forgotten(db: TestDatabase) {
    let office = Office::open(&db).await;
    let sample = Sample::sole_trader(5, "見本 花子", "みほん商店");
    office.append(&[sample.registered()]).await;
    let subject = sample.facts.subjects().sole_trader;
    office
        .store
        .keyring()
        .destroy(event_store::SubjectId(subject.uuid()))
        .await
        .expect("the key goes");
    office.project().await;
    let page = office.list(&request(5, Filter::default())).await;
    assert_eq!(page.rows[0].name, RowName::Forgotten { subject });
    assert!(office.found("花子", SearchScope::Personal).await.is_empty());
}

async fn declarations_of_an_organisation_are_found_together(db: TestDatabase) {
    let office = Office::open(&db).await;
    let old = Sample::corporation(1, "青空");
    let new = Sample {
        organization: old.organization,
        ..Sample::corporation(2, "青空")
    };
    let other = Sample::corporation(3, "大和");
    office
        .append(&[new.registered(), old.registered(), other.registered()])
        .await;
    office.project().await;
    let declarations = office.storage.declarations();
    let found = declarations
        .by_organizations(&[old.organization])
        .await
        .expect("an answer");
    assert_eq!(numbers(&found[&old.organization]), ["40000000001", "40000000002"]);
    let found = declarations.by_ids(&[other.id, old.id]).await.expect("an answer");
    assert_eq!(
        (found.len(), found[&other.id].number.as_str()),
        (2, "40000000003")
    );
    assert!(declarations.by_ids(&[]).await.expect("an answer").is_empty());
}
