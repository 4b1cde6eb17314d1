//! Changing contact data.

use domain::declaration::{
    DeclarationEvent, Field, FlagCode,
    decide::{ChangeContact, ChangeContactError, change_contact},
};

use crate::harness::*;

fn contact(since: Option<&str>, entries: &[(Field, &str)]) -> ChangeContact {
    ChangeContact {
        changes: entries
            .iter()
            .map(|(field, typed)| entry(*field, typed))
            .collect(),
        since: since.map(day),
        reason: None,
    }
}

#[test]
fn new_contact_data_is_one_event_and_leaves_out_what_stayed_the_same() {
    let command = contact(
        None,
        &[
            (Field::ContactName, "見本 次郎"),
            (Field::ContactPhone, "03-0000-0000"),
            (Field::ContactDepartment, "総務部"),
        ],
    );
    let changes = vec![
        change(Field::ContactName, "見本 花子", "見本 次郎"),
        change(Field::ContactDepartment, "", "総務部"),
    ];
    given([made()])
        .when(|history| change_contact(history, &command, today()))
        .then([at("2026-11-22", DeclarationEvent::ContactChanged { changes })]);
}

#[test]
fn an_emptied_address_is_flagged_from_the_same_day() {
    let changes = vec![change(Field::ContactEmail, "hanako@example.jp", "")];
    given([made()])
        .when(|history| {
            change_contact(
                history,
                &contact(Some("2022-01-01"), &[(Field::ContactEmail, "")]),
                today(),
            )
        })
        .then([
            at("2022-01-01", DeclarationEvent::ContactChanged { changes }),
            raised("2022-01-01", FlagCode::EmailMissing),
        ]);
}

#[test]
fn problems_are_told_by_field() {
    let refused = |command: &ChangeContact| match change_contact(&timeline([made()]), command, today()) {
        Err(ChangeContactError::Invalid(problems)) => codes(&problems),
        Ok(_) => Vec::new(),
    };
    assert_eq!(
        refused(&contact(None, &[(Field::City, "べつの市")])),
        ["changes.CITY not_contact"]
    );
    assert_eq!(
        refused(&contact(None, &[(Field::ContactEmail, "なし")])),
        ["changes.CONTACT_EMAIL email_unreadable"]
    );
    assert_eq!(
        refused(&contact(None, &[(Field::ContactName, "見本 花子")])),
        ["changes unchanged"]
    );
    assert_eq!(
        refused(&contact(Some("2026-12-01"), &[(Field::ContactName, "見本 次郎")])),
        ["since in_the_future"]
    );
    assert_eq!(
        refused(&contact(Some("2017-12-01"), &[(Field::ContactName, "見本 次郎")])),
        ["since before_declaration"]
    );
    let twice = [
        (Field::ContactName, "見本 次郎"),
        (Field::ContactName, "見本 三郎"),
    ];
    assert_eq!(refused(&contact(None, &twice)), ["changes.CONTACT_NAME repeated"]);
    let long = ChangeContact {
        reason: Some("あ".repeat(1_001)),
        ..contact(None, &[(Field::ContactName, "見本 次郎")])
    };
    assert_eq!(refused(&long), ["reason too_long"]);
}
