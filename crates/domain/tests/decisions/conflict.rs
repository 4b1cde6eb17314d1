//! Two people at once: base, theirs and mine.

use domain::declaration::{Fact, Field, conflict};

use crate::harness::*;

#[test]
fn every_field_that_somebody_changed_is_told_with_all_three_values() {
    let before = timeline([made()]);
    let after = timeline([
        made(),
        changed("2020-01-01", Field::City, "みほん市", "かれらの市"),
        changed("2020-01-01", Field::Employees, "18", ""),
    ]);
    let mine = [
        entry(Field::City, "わたしの市"),
        entry(Field::TradeName, "みほん商店"),
    ];
    let rows = conflict(before.current(), after.current(), &mine);
    let text = |fact: &Option<Fact>| {
        fact.as_ref()
            .and_then(Fact::reveal)
            .map(|value| value.typed().to_owned())
    };
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.field,
                text(&row.base),
                text(&row.theirs),
                text(&row.mine),
                row.changed_by_them,
                row.changed_by_me,
            )
        })
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        told,
        [
            (Field::TradeName, None, None, some("みほん商店"), false, true),
            (
                Field::City,
                some("みほん市"),
                some("かれらの市"),
                some("わたしの市"),
                true,
                true
            ),
            (Field::Employees, some("18"), None, some("18"), true, false),
        ]
    );
}

#[test]
fn personal_fields_stay_personal() {
    let history = timeline([made()]);
    let rows = conflict(
        history.current(),
        history.current(),
        &[entry(Field::ContactName, "見本 次郎")],
    );
    assert!(matches!(rows[0].mine, Some(Fact::Personal(subject, _)) if subject.id == subjects().contact));
    assert!(!format!("{rows:?}").contains("見本"));
}
