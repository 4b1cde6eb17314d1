//! The stored shapes of what can happen to an account: frozen, and read back.

use super::*;

#[test]
fn the_stored_shape_of_joined_is_frozen() {
    let joined = Joined {
        staff_id: StaffId(Uuid::from_u128(1)),
        subject: SubjectId::new(Uuid::from_u128(2)),
        roles: vec![Role::Registrar, Role::Viewer],
        login: Personal::new("hanako".to_owned()),
        name: Personal::new("見本 花子".to_owned()),
    };
    let data = r#"{"roles":["registrar","viewer"],"staff_id":"00000000-0000-0000-0000-000000000001"}"#;
    assert_eq!(joined.event().data().to_string(), data);
    assert_eq!(
        joined.personal().to_string(),
        r#"{"login":"hanako","name":"見本 花子"}"#
    );
}

fn frozen(cases: impl IntoIterator<Item = (StaffEvent, String)>) {
    for (event, stored) in cases {
        assert_eq!(format!("{} {}", event.event_type(), event.data()), stored);
        let read = StaffEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
        assert_eq!(read.expect("it reads back"), event);
    }
}

#[test]
fn the_stored_shapes_of_other_ways_in_are_frozen_and_read_back() {
    let staff_id = StaffId(Uuid::from_u128(1));
    let id = r#""staff_id":"00000000-0000-0000-0000-000000000001""#;
    let credential = |what| StaffEvent::CredentialChanged { staff_id, what };
    frozen([
        (
            credential(CredentialChange::PasskeyAdded),
            format!(r#"staff.credential_changed {{{id},"what":"passkey_added"}}"#),
        ),
        (
            credential(CredentialChange::PasskeyRemoved),
            format!(r#"staff.credential_changed {{{id},"what":"passkey_removed"}}"#),
        ),
        (
            credential(CredentialChange::PasskeySuspected),
            format!(r#"staff.credential_changed {{{id},"what":"passkey_suspected"}}"#),
        ),
        (
            credential(CredentialChange::IdentityLinked),
            format!(r#"staff.credential_changed {{{id},"what":"identity_linked"}}"#),
        ),
        (
            credential(CredentialChange::IdentityUnlinked),
            format!(r#"staff.credential_changed {{{id},"what":"identity_unlinked"}}"#),
        ),
        (
            StaffEvent::SignedIn {
                staff_id,
                method: SignInMethod::SingleSignOn,
            },
            format!(r#"staff.signed_in {{"method":"single_sign_on",{id}}}"#),
        ),
        (
            StaffEvent::SignedIn {
                staff_id,
                method: SignInMethod::Passkey,
            },
            format!(r#"staff.signed_in {{"method":"passkey",{id}}}"#),
        ),
    ]);
}

#[test]
fn the_stored_shapes_are_frozen_and_read_back() {
    let staff_id = StaffId(Uuid::from_u128(1));
    let id = r#""staff_id":"00000000-0000-0000-0000-000000000001""#;
    let credential = |what| StaffEvent::CredentialChanged { staff_id, what };
    let cases = [
        (
            StaffEvent::Joined {
                staff_id,
                roles: vec![Role::Viewer],
            },
            format!(r#"staff.joined {{"roles":["viewer"],{id}}}"#),
        ),
        (
            StaffEvent::RolesChanged {
                staff_id,
                roles: vec![Role::Support, Role::Auditor],
            },
            format!(r#"staff.roles_changed {{"roles":["support","auditor"],{id}}}"#),
        ),
        (
            StaffEvent::Disabled {
                staff_id,
                reason: DisableReason::OnLeave,
            },
            format!(r#"staff.disabled {{"reason":"on_leave",{id}}}"#),
        ),
        (
            StaffEvent::Enabled { staff_id },
            format!("staff.enabled {{{id}}}"),
        ),
        (
            StaffEvent::MailChanged { staff_id },
            format!("staff.mail_changed {{{id}}}"),
        ),
        (
            StaffEvent::Invited {
                staff_id,
                roles: vec![Role::Operator],
            },
            format!(r#"staff.invited {{"roles":["operator"],{id}}}"#),
        ),
        (
            StaffEvent::InvitationRevoked { staff_id },
            format!("staff.invitation_revoked {{{id}}}"),
        ),
        (
            StaffEvent::SignedIn {
                staff_id,
                method: SignInMethod::Password,
            },
            format!(r#"staff.signed_in {{"method":"password",{id}}}"#),
        ),
        (
            StaffEvent::PersonLinked {
                staff_id,
                same_as: Some(StaffId(Uuid::from_u128(2))),
            },
            format!(r#"staff.person_linked {{"same_as":"00000000-0000-0000-0000-000000000002",{id}}}"#),
        ),
        (
            StaffEvent::PersonLinked {
                staff_id,
                same_as: None,
            },
            format!(r#"staff.person_linked {{"same_as":null,{id}}}"#),
        ),
        (
            credential(CredentialChange::MailLinkSent),
            format!(r#"staff.credential_changed {{{id},"what":"mail_link_sent"}}"#),
        ),
        (
            credential(CredentialChange::TotpSet),
            format!(r#"staff.credential_changed {{{id},"what":"totp_set"}}"#),
        ),
    ];
    let types: std::collections::BTreeSet<_> = cases.iter().map(|(event, _)| event.event_type()).collect();
    assert_eq!(types.len(), StaffEvent::TYPES.len());
    frozen(cases);
    assert!(StaffEvent::decode("staff.joined", 2, &json!({})).is_err());
    assert!(StaffEvent::decode("staff.enabled", 1, &json!({})).is_err());
}

#[test]
fn the_words_of_ways_in_are_frozen() {
    use CredentialChange::{
        PasswordChanged, PasswordLinkSent, PasswordReset, RecoveryCodeUsed, RecoveryCodesMade,
        SecondFactorReset, TotpRemoved, TotpSet,
    };
    use SignInMethod::{Invitation, Password, PasswordAndRecoveryCode, PasswordAndTotp};
    let changes = json!([TotpSet, TotpRemoved, RecoveryCodesMade, RecoveryCodeUsed]);
    let stored = r#"["totp_set","totp_removed","recovery_codes_made","recovery_code_used"]"#;
    assert_eq!(changes.to_string(), stored);
    let changes = json!([
        SecondFactorReset,
        PasswordChanged,
        PasswordLinkSent,
        PasswordReset
    ]);
    let stored = r#"["second_factor_reset","password_changed","password_link_sent","password_reset"]"#;
    assert_eq!(changes.to_string(), stored);
    for what in [
        TotpSet,
        TotpRemoved,
        RecoveryCodesMade,
        RecoveryCodeUsed,
        SecondFactorReset,
        PasswordChanged,
        PasswordLinkSent,
        PasswordReset,
        CredentialChange::PasskeyAdded,
        CredentialChange::PasskeyRemoved,
        CredentialChange::PasskeySuspected,
        CredentialChange::IdentityLinked,
        CredentialChange::IdentityUnlinked,
        CredentialChange::MailLinkSent,
    ] {
        assert_eq!(json!(what), what.code());
    }
    let methods = json!([Password, Invitation, PasswordAndTotp, PasswordAndRecoveryCode]);
    let stored = r#"["password","invitation","password_and_totp","password_and_recovery_code"]"#;
    assert_eq!(methods.to_string(), stored);
    for method in super::SignInMethod::ALL {
        assert_eq!(json!(method), method.code());
        assert_eq!(super::SignInMethod::of_code(method.code()), Some(method));
    }
}
