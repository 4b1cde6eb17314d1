//! Taking a row over.

use domain::declaration::{
    DeclarationEvent, Fact, Field, FlagCode, RegisterSource, StopKind,
    decide::{RegisterLegacy, register_legacy},
};
use domain::legacy_register::{Columns, HEADINGS, LegacyRow, RowReading};

use crate::harness::*;

fn row(entries: &[(&str, &str)]) -> LegacyRow {
    let usual = [
        ("自己宣言ID", "４７００-0000-002"),
        ("宣言日", "H30.1.24"),
        ("区分", "法人"),
        ("事業者名", "㈱みほん"),
        ("取組段階", "ひとつ星"),
        ("公表同意", "○"),
    ];
    let cells = HEADINGS.map(|heading| {
        let found = entries
            .iter()
            .chain(&usual)
            .find(|(column, _)| *column == heading);
        found.map_or("", |(_, typed)| *typed).to_owned()
    });
    match Columns::read(&HEADINGS).expect("the headings").read_row(&cells) {
        RowReading::Accepted(row, _) => *row,
        RowReading::Refused(refusal) => panic!("{refusal:?}"),
    }
}

fn register(row: &LegacyRow, duplicate: bool) -> domain::declaration::Registered {
    let decision = register_legacy(&RegisterLegacy {
        declaration_id: declaration_id(),
        organization_id: organization_id(),
        subjects: subjects(),
        source: RegisterSource {
            register: "legacy-register.csv".to_owned(),
            fingerprint: "00".repeat(32),
        },
        row,
        duplicate,
    });
    let [statement] = decision.statements.as_slice() else {
        panic!("one event holds the row")
    };
    assert_eq!(statement.effective_at, row.declared_on());
    match &statement.event {
        DeclarationEvent::Registered(registered) => registered.as_ref().clone(),
        _ => panic!("it was registered"),
    }
}

#[test]
fn one_event_holds_the_whole_row_as_typed() {
    let registered = register(&row(&[("従業員数", " 約35人")]), false);
    let typed = |field| {
        registered
            .facts
            .reveal(field)
            .map(|value| (value.typed().to_owned(), value.value().map(str::to_owned)))
    };
    assert_eq!(
        typed(Field::DeclarationNo),
        Some(("４７００-0000-002".to_owned(), Some("47000000002".to_owned())))
    );
    assert_eq!(
        typed(Field::DeclaredOn),
        Some(("H30.1.24".to_owned(), Some("2018-01-24".to_owned())))
    );
    assert_eq!(
        typed(Field::Employees),
        Some((" 約35人".to_owned(), Some("35".to_owned())))
    );
    assert!(registered.published);
}

#[test]
fn a_duplicate_raises_its_flag_and_is_not_refused() {
    let registered = register(&row(&[]), true);
    assert!(registered.flags.contains(&FlagCode::CorporateNumberDuplicate));
    assert!(registered.flags.contains(&FlagCode::CorporateNumberMissing));
}

#[test]
fn a_stopped_row_is_not_published_and_keeps_what_was_typed() {
    let registered = register(&row(&[("状態", "廃業 "), ("停止日", "春頃")]), false);
    assert!(!registered.published);
    assert_eq!(
        registered.standing.stop.map(|stop| (stop.kind, stop.on)),
        Some((StopKind::Closed, None))
    );
    assert_eq!(
        (
            registered.standing.state_typed.as_str(),
            registered.standing.stopped_on_typed.as_str()
        ),
        ("廃業 ", "春頃")
    );
    assert!(registered.flags.contains(&FlagCode::StoppedDateMissing));
}

#[test]
fn a_sole_traders_name_and_number_are_personal() {
    let registered = register(
        &row(&[("区分", "個人事業主"), ("法人番号", "123456789012")]),
        false,
    );
    for field in [Field::Name, Field::CorporateNumber] {
        assert!(
            matches!(registered.facts.get(field), Some(Fact::Personal(..))),
            "{field:?}"
        );
    }
    assert!(registered.facts.public(Field::Name).is_none());
}
