//! The size hint.

use domain::{
    declaration::{Field, SizeClass, size_hint},
    value::EntityType,
};

use crate::harness::facts_of;

fn class(entity: EntityType, industry: &str, employees: &str, capital: &str) -> SizeClass {
    let entries = [
        (Field::Industry, industry),
        (Field::Employees, employees),
        (Field::CapitalYen, capital),
    ];
    let hint = size_hint(&facts_of(entity, &entries));
    assert!(!hint.rule_version.is_empty());
    hint.class
}

#[test]
fn staff_or_capital_within_the_limit_is_enough() {
    use SizeClass::{Larger, Micro, Sme};
    let company = |industry, employees, capital| class(EntityType::Corporation, industry, employees, capital);
    assert_eq!(company("E", "20", "10億円"), Micro);
    assert_eq!(company("E", "300", "10億円"), Sme);
    assert_eq!(company("E", "301", "3億円"), Sme);
    assert_eq!(company("E", "301", "4億円"), Larger);
    assert_eq!(company("R", "5", "1億円"), Micro);
    assert_eq!(company("R", "100", "1億円"), Sme);
    assert_eq!(company("R", "101", "1億円"), Larger);
}

#[test]
fn a_division_that_holds_trades_of_two_rows_is_known_only_where_both_agree() {
    let company = |employees, capital| class(EntityType::Corporation, "I", employees, capital);
    assert_eq!(company("5", "2億円"), SizeClass::Micro);
    assert_eq!(company("50", "2億円"), SizeClass::Sme);
    assert_eq!(
        company("80", "2億円"),
        SizeClass::Unknown,
        "wholesale would be an SME, retail not"
    );
    assert_eq!(company("120", "2億円"), SizeClass::Larger);
}

#[test]
fn a_sole_trader_counts_by_staff_and_a_body_not_at_all() {
    assert_eq!(class(EntityType::SoleTrader, "E", "301", ""), SizeClass::Larger);
    assert_eq!(class(EntityType::SoleTrader, "E", "0", ""), SizeClass::Micro);
    assert_eq!(class(EntityType::OtherBody, "P", "5", ""), SizeClass::OtherBody);
}

#[test]
fn what_is_missing_makes_it_unknown() {
    assert_eq!(
        class(EntityType::Corporation, "その他", "5", ""),
        SizeClass::Unknown
    );
    assert_eq!(
        class(EntityType::Corporation, "E", "多数", "100万円"),
        SizeClass::Unknown
    );
    assert_eq!(class(EntityType::Corporation, "E", "301", ""), SizeClass::Unknown);
}
