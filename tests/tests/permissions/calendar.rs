//! Who may change the calendar.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use domain::staff::Permission;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of the calendar, each with an input that is well formed.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let deadline = json!({ "date": "2026-12-25", "time": "17:00", "name": "みほん補助金", "source": "公募要領", "note": "" });
    let with = |more: &[(&str, Value)], base: &Value| {
        let mut input = base.clone();
        input["commandId"] = json!(uuid::Uuid::new_v4());
        for (key, value) in more {
            input[*key] = value.clone();
        }
        json!({ "input": input })
    };
    let nothing = json!({});
    let version = ("expectedVersion", json!("0"));
    let id = ("id", json!(uuid::Uuid::new_v4()));
    let date = ("date", json!("2026-12-28"));
    let forbidden = |text, variables| rule(text, variables, SIGN_IN_FIRST, Permission::ManageCalendar);
    [
        (
            "addDeadline",
            forbidden(
                "mutation($input: AddDeadlineInput!) { addDeadline(input: $input) { __typename } }",
                with(&[], &deadline),
            ),
        ),
        (
            "changeDeadline",
            forbidden(
                "mutation($input: ChangeDeadlineInput!) { changeDeadline(input: $input) { __typename } }",
                with(&[version.clone(), id.clone()], &deadline),
            ),
        ),
        (
            "clearCalendarDay",
            forbidden(
                "mutation($input: ClearCalendarDayInput!) { clearCalendarDay(input: $input) { __typename } }",
                with(&[version.clone(), date.clone()], &nothing),
            ),
        ),
        (
            "importDeadlines",
            forbidden(
                "mutation($input: ImportDeadlinesInput!) { importDeadlines(input: $input) { __typename } }",
                with(
                    &[
                        ("content", json!("date,name\n2026-12-25,x\n")),
                        ("source", json!("")),
                    ],
                    &nothing,
                ),
            ),
        ),
        (
            "removeDeadline",
            forbidden(
                "mutation($input: RemoveDeadlineInput!) { removeDeadline(input: $input) { __typename } }",
                with(&[version.clone(), id], &nothing),
            ),
        ),
        (
            "setCalendarDay",
            forbidden(
                "mutation($input: SetCalendarDayInput!) { setCalendarDay(input: $input) { __typename } }",
                with(
                    &[
                        version.clone(),
                        date,
                        ("kind", json!("CLOSED")),
                        ("name", json!("館内点検")),
                    ],
                    &nothing,
                ),
            ),
        ),
        (
            "setOfficeHours",
            forbidden(
                "mutation($input: SetOfficeHoursInput!) { setOfficeHours(input: $input) { __typename } }",
                with(
                    &[
                        version,
                        ("opens", json!("9:00")),
                        ("closes", json!("17:00")),
                        ("closedAtYearEnd", json!(true)),
                    ],
                    &nothing,
                ),
            ),
        ),
    ]
    .into()
}
