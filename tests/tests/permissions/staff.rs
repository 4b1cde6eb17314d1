//! Who may see accounts and keep them.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Gets, Rule, SIGN_IN_FIRST, rule};

/// The mutations of accounts, each with an input that is well formed.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let id = || json!(Uuid::new_v4());
    let account = json!({ "commandId": id(), "id": id(), "expectedVersion": "1" });
    let keeps = |text, variables| rule(text, variables, SIGN_IN_FIRST, Permission::ManageStaff);
    let own = |text, variables| rule(text, variables, SIGN_IN_FIRST, None);
    [
        (
            "changeStaffRoles",
            keeps(
                "mutation($input: AccountCommandInput!) { changeStaffRoles(input: $input, roles: [VIEWER]) { __typename } }",
                json!({ "input": account }),
            ),
        ),
        (
            "disableStaff",
            keeps(
                "mutation($input: AccountCommandInput!) { disableStaff(input: $input, reason: LEFT) { __typename } }",
                json!({ "input": account }),
            ),
        ),
        (
            "enableStaff",
            keeps(
                "mutation($input: AccountCommandInput!) { enableStaff(input: $input) { __typename } }",
                json!({ "input": account }),
            ),
        ),
        (
            "inviteStaff",
            keeps(
                "mutation($input: InviteStaffInput!) { inviteStaff(input: $input) { __typename } }",
                json!({ "input": { "commandId": id(), "mail": "new@example.jp", "roles": ["VIEWER"] } }),
            ),
        ),
        (
            "revokeStaffInvitation",
            keeps(
                "mutation($c: ID!, $s: ID!) { revokeStaffInvitation(commandId: $c, staffId: $s) }",
                json!({ "c": id(), "s": id() }),
            ),
        ),
        (
            "endOwnSession",
            own(
                "mutation($id: ID!) { endOwnSession(id: $id) }",
                json!({ "id": "00" }),
            ),
        ),
        (
            "endOtherSessions",
            own("mutation { endOtherSessions }", Value::Null),
        ),
    ]
    .into_iter()
    .chain(of_credentials())
    .chain(of_other_ways_in())
    .collect()
}

/// Those of passkeys and of the identity provider.
fn of_other_ways_in() -> Vec<(&'static str, Rule)> {
    let id = || json!(Uuid::new_v4());
    let own = |text, variables| rule(text, variables, SIGN_IN_FIRST, None);
    vec![
        (
            "beginPasskeySignIn",
            rule(
                "mutation { beginPasskeySignIn { __typename } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            // What was asked has a cookie of its own; without one it is refused like any other.
            "completePasskeySignIn",
            rule(
                "mutation { completePasskeySignIn(credential: \"{}\") { __typename } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            "beginProviderInvitation",
            rule(
                "mutation { beginProviderInvitation(token: \"x\") { __typename } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            // Who it is for says its own cookie; without one it answers that the link is no good.
            "acceptVouchedInvitation",
            rule(
                "mutation { acceptVouchedInvitation(input: { login: \"x\", name: \"x\" }) { __typename } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            "beginPasskeyRefresh",
            own("mutation { beginPasskeyRefresh { __typename } }", Value::Null),
        ),
        (
            "refreshByPasskey",
            own(
                "mutation { refreshByPasskey(credential: \"{}\") { __typename } }",
                Value::Null,
            ),
        ),
        (
            "beginPasskey",
            own("mutation { beginPasskey { __typename } }", Value::Null),
        ),
        (
            "addPasskey",
            own(
                "mutation { addPasskey(input: { credential: \"{}\", name: \"x\" }) { __typename } }",
                Value::Null,
            ),
        ),
        (
            "renamePasskey",
            own(
                "mutation($id: ID!) { renamePasskey(id: $id, name: \"x\") { __typename } }",
                json!({ "id": id() }),
            ),
        ),
        (
            "removePasskey",
            own(
                "mutation($id: ID!) { removePasskey(id: $id) { __typename } }",
                json!({ "id": id() }),
            ),
        ),
        (
            "beginProviderSignIn",
            rule(
                "mutation { beginProviderSignIn { __typename } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            "beginProviderLink",
            own("mutation { beginProviderLink { __typename } }", Value::Null),
        ),
        (
            "unlinkProvider",
            own("mutation { unlinkProvider { __typename } }", Value::Null),
        ),
    ]
}

/// Those of passwords and second factors.
fn of_credentials() -> Vec<(&'static str, Rule)> {
    let id = || json!(Uuid::new_v4());
    let keeps = |text, variables| rule(text, variables, SIGN_IN_FIRST, Permission::ManageStaff);
    let own = |text, variables| rule(text, variables, SIGN_IN_FIRST, None);
    vec![
        (
            // Its own cookie says who it is for; without one it answers that the password has to be typed.
            "completeSignIn",
            rule(
                "mutation { completeSignIn(code: \"000000\") { __typename } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            // With a wrong password: the right one would give each its session under another token, which is fine too.
            "refreshSession",
            own(
                "mutation { refreshSession(input: { password: \"wrong wrong wrong\" }) { __typename } }",
                Value::Null,
            ),
        ),
        (
            "beginTotp",
            own("mutation { beginTotp { __typename } }", Value::Null),
        ),
        (
            "confirmTotp",
            own(
                "mutation { confirmTotp(code: \"000000\") { __typename } }",
                Value::Null,
            ),
        ),
        (
            "makeRecoveryCodes",
            own("mutation { makeRecoveryCodes { __typename } }", Value::Null),
        ),
        (
            "changePassword",
            own(
                "mutation { changePassword(input: { current: \"x\", password: \"x\" }) { __typename } }",
                Value::Null,
            ),
        ),
        (
            // Whoever forgot their password is nobody; a login that nobody has gets the same answer.
            "requestPasswordLink",
            rule(
                "mutation { requestPasswordLink(login: \"nobody\") { __typename } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            "acceptPasswordLink",
            rule(
                "mutation { acceptPasswordLink(input: { token: \"x\", password: \"x\" }) { __typename } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            "sendPasswordLink",
            keeps(
                "mutation($c: ID!, $s: ID!) { sendPasswordLink(commandId: $c, staffId: $s) { __typename } }",
                json!({ "c": id(), "s": id() }),
            ),
        ),
        (
            "resetSecondFactor",
            keeps(
                "mutation($c: ID!, $s: ID!) { resetSecondFactor(commandId: $c, staffId: $s) { __typename } }",
                json!({ "c": id(), "s": id() }),
            ),
        ),
        (
            "requestMailChange",
            own(
                "mutation { requestMailChange(mail: \"x\") { __typename } }",
                Value::Null,
            ),
        ),
        (
            "confirmMailChange",
            own(
                "mutation { confirmMailChange(token: \"x\") { __typename } }",
                Value::Null,
            ),
        ),
        (
            "linkPerson",
            keeps(
                "mutation($c: ID!, $s: ID!) { linkPerson(commandId: $c, staffId: $s) { __typename } }",
                json!({ "c": id(), "s": id() }),
            ),
        ),
        (
            "removeTotp",
            own("mutation { removeTotp { __typename } }", Value::Null),
        ),
    ]
}

/// The queries about accounts.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    let sees = |text, variables| rule(text, variables, SIGN_IN_FIRST, Permission::ReadStaff);
    [
        (
            "staffAccounts",
            sees("{ staffAccounts { nodes { login } } }", Value::Null),
        ),
        (
            "staffAccount",
            sees(
                "query($id: ID!) { staffAccount(id: $id) { version } }",
                json!({ "id": Uuid::new_v4() }),
            ),
        ),
        (
            "ownIdentity",
            rule("{ ownIdentity { linkedAt } }", Value::Null, SIGN_IN_FIRST, None),
        ),
        (
            "ownPasskeys",
            rule("{ ownPasskeys { id } }", Value::Null, SIGN_IN_FIRST, None),
        ),
        ("ownMail", rule("{ ownMail }", Value::Null, SIGN_IN_FIRST, None)),
        (
            "vouchedInvitation",
            rule(
                "{ vouchedInvitation { expiresAt } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            "signInWays",
            rule("{ signInWays { passkeys } }", Value::Null, Gets::Answer, None),
        ),
        (
            "passwordLink",
            rule(
                "{ passwordLink(token: \"x\") { login } }",
                Value::Null,
                Gets::Answer,
                None,
            ),
        ),
        (
            "ownSessions",
            rule("{ ownSessions { id } }", Value::Null, SIGN_IN_FIRST, None),
        ),
    ]
    .into()
}
