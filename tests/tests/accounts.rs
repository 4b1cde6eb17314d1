//! Accounts of staff on the real binary: inviting by mail, other roles, disabling, one's own sessions.

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, PASSWORD, Server, mailed, on_both_engines, token_behind};
use uuid::Uuid;

on_both_engines!(
    whoever_is_invited_by_mail_joins_once_with_the_roles_of_the_invitation,
    an_invitation_that_was_taken_back_opens_nothing,
    t50_whoever_is_disabled_is_out_at_once_and_their_sessions_stay_over,
    the_last_administrator_cannot_go,
    a_link_is_good_for_no_longer_than_the_right_of_whoever_sent_it,
    one_change_that_arrives_many_times_at_once_is_one_and_another_under_its_id_is_refused,
    one_sees_and_ends_ones_own_sessions_and_nobody_elses,
);

async fn office(engine: Engine) -> (Office, Server, Client) {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let administrator = server.administrator().await;
    (office, server, administrator)
}

async fn invite(administrator: &Client, mail: &str, roles: &[&str]) -> Answer {
    let input = json!({ "commandId": Uuid::new_v4(), "mail": mail, "roles": roles });
    let text = "mutation($input: InviteStaffInput!) { inviteStaff(input: $input) { __typename \
                ... on StaffInvited { staffId } ... on InvalidInput { problems { field code } } } }";
    administrator.graphql(text, json!({ "input": input })).await
}

/// The token in the one mail that went to an address.
async fn token_for(office: &Office, mail: &str) -> String {
    const LINK: &str = "/invitation#";
    token_behind(LINK, &mailed(office, mail, LINK, 1).await[0])
}

async fn account(client: &Client, login: &str) -> Value {
    let answer = client
        .graphql(
            "{ staffAccounts { nodes { id login mail roles disabledAt } } }",
            Value::Null,
        )
        .await;
    let nodes = answer
        .at("/staffAccounts/nodes")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let found = nodes.into_iter().find(|node| node["login"] == login);
    found.unwrap_or_else(|| panic!("no account {login}: {answer:?}"))
}

async fn version(client: &Client, id: &Value) -> Value {
    let text = "query($id: ID!) { staffAccount(id: $id) { version history { kind } } }";
    let answer = client.graphql(text, json!({ "id": id })).await;
    answer.at("/staffAccount/version").clone()
}

async fn change(client: &Client, mutation: &str, login: &str) -> Answer {
    let id = account(client, login).await["id"].clone();
    let input =
        json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": version(client, &id).await });
    let text = format!(
        "mutation($input: AccountCommandInput!) {{ change: {mutation} {{ __typename \
         ... on AccountChanged {{ account {{ account {{ roles disabledAt }} history {{ kind }} }} }} \
         ... on InvalidInput {{ problems {{ code }} }} ... on NeedsApproval {{ roles }} }} }}"
    );
    client.graphql(&text, json!({ "input": input })).await
}

async fn whoever_is_invited_by_mail_joins_once_with_the_roles_of_the_invitation(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    let refused = invite(&administrator, "not an address", &["ADMINISTRATOR"]).await;
    let codes: Vec<&str> = refused
        .at("/inviteStaff/problems")
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|problem| problem["field"].as_str())
        .collect();
    assert_eq!(
        codes,
        ["mail", "roles"],
        "roles that need approval are not given by a link"
    );

    let invited = invite(&administrator, "hanako@example.jp", &["SUPPORT", "OPERATOR"]).await;
    assert_eq!(
        invited.at("/inviteStaff/__typename"),
        "StaffInvited",
        "{invited:?}"
    );
    let open = administrator
        .graphql(
            "{ staffAccounts { invitations { mail roles by { kind name } } } }",
            Value::Null,
        )
        .await;
    assert_eq!(open.at("/staffAccounts/invitations/0/mail"), "hanako@example.jp");
    let token = token_for(&office, "hanako@example.jp").await;
    let hanako = server.client();
    hanako.accept_invitation(&token, "hanako").await;
    let found = account(&administrator, "hanako").await;
    assert_eq!(found["roles"], json!(["SUPPORT", "OPERATOR"]));
    assert_eq!(found["mail"], "hanako@example.jp");
    assert_eq!(&found["id"], invited.at("/inviteStaff/staffId"));
    let again = server
        .client()
        .graphql(
            "query($t: String!) { invitation(token: $t) { roles } }",
            json!({ "t": token }),
        )
        .await;
    assert!(again.at("/invitation").is_null(), "{again:?}");
}

async fn an_invitation_that_was_taken_back_opens_nothing(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    let invited = invite(&administrator, "taro@example.jp", &["VIEWER"]).await;
    let token = token_for(&office, "taro@example.jp").await;
    let text = "mutation($c: ID!, $s: ID!) { revokeStaffInvitation(commandId: $c, staffId: $s) }";
    let revoke = async || {
        let variables = json!({ "c": Uuid::new_v4(), "s": invited.at("/inviteStaff/staffId") });
        administrator
            .graphql(text, variables)
            .await
            .at("/revokeStaffInvitation")
            .clone()
    };
    assert_eq!(revoke().await, true);
    assert_eq!(revoke().await, false, "it was taken back already");
    let found = server
        .client()
        .graphql(
            "query($t: String!) { invitation(token: $t) { roles } }",
            json!({ "t": token }),
        )
        .await;
    assert!(found.at("/invitation").is_null(), "{found:?}");
}

async fn t50_whoever_is_disabled_is_out_at_once_and_their_sessions_stay_over(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    let member = server.member(&office, "registrar").await;
    let who = async || {
        member
            .graphql("{ session { staff { login } } }", Value::Null)
            .await
            .at("/session")
            .clone()
    };
    assert!(!who().await.is_null());
    let disabled = change(
        &administrator,
        "disableStaff(input: $input, reason: SUSPICION)",
        "registrar",
    )
    .await;
    assert_eq!(
        disabled.at("/change/__typename"),
        "AccountChanged",
        "{disabled:?}"
    );
    assert!(who().await.is_null(), "out with the next request");
    let refused = member.sign_in("registrar").await;
    assert_eq!(refused.at("/signIn/__typename"), "SignInRefused");
    let enabled = change(&administrator, "enableStaff(input: $input)", "registrar").await;
    assert!(
        enabled.at("/change/account/account/disabledAt").is_null(),
        "{enabled:?}"
    );
    assert!(who().await.is_null(), "the old session does not come back");
    let kinds = enabled.at("/change/account/history");
    let kinds: Vec<&str> = kinds
        .as_array()
        .expect("a history")
        .iter()
        .filter_map(|it| it["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["ENABLED", "DISABLED", "SIGNED_IN", "JOINED"]);
}

async fn the_last_administrator_cannot_go(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    let myself = change(
        &administrator,
        "disableStaff(input: $input, reason: LEFT)",
        "kanri",
    )
    .await;
    assert_eq!(myself.at("/change/problems/0/code"), "oneself", "{myself:?}");
    let second = server.member(&office, "administrator").await;
    let first = change(&second, "disableStaff(input: $input, reason: LEFT)", "kanri").await;
    assert_eq!(first.at("/change/__typename"), "AccountChanged", "{first:?}");
    let gone = administrator.graphql("{ ownSessions { id } }", Value::Null).await;
    assert_eq!(gone.fault(), Some("UNAUTHENTICATED"));
    let more = change(
        &second,
        "changeStaffRoles(input: $input, roles: [APPROVER])",
        "administrator",
    )
    .await;
    assert_eq!(more.at("/change/problems/0/code"), "oneself", "{more:?}");
}

async fn a_link_is_good_for_no_longer_than_the_right_of_whoever_sent_it(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    let second = server.member(&office, "administrator").await;
    let invited = invite(&second, "hanako@example.jp", &["REGISTRAR"]).await;
    assert_eq!(
        invited.at("/inviteStaff/__typename"),
        "StaffInvited",
        "{invited:?}"
    );
    let token = token_for(&office, "hanako@example.jp").await;
    let looked = async || {
        let text = "query($t: String!) { invitation(token: $t) { roles } }";
        let answer = server.client().graphql(text, json!({ "t": token })).await;
        answer.at("/invitation").clone()
    };
    assert_eq!(looked().await, json!({ "roles": ["REGISTRAR"] }));
    for (mutation, open) in [
        ("disableStaff(input: $input, reason: SUSPICION)", false),
        ("enableStaff(input: $input)", true),
        ("changeStaffRoles(input: $input, roles: [REGISTRAR])", false),
    ] {
        let done = change(&administrator, mutation, "administrator").await;
        assert_eq!(done.at("/change/__typename"), "AccountChanged", "{done:?}");
        assert_eq!(looked().await.is_object(), open, "{mutation}");
        let listed = "{ staffAccounts { invitations { mail } } }";
        let listed = administrator.graphql(listed, Value::Null).await;
        let listed = listed.at("/staffAccounts/invitations").as_array().map(Vec::len);
        assert_eq!(listed, Some(usize::from(open)), "{mutation}");
    }
    let joined = server.client().try_invitation(&token, "hanako", PASSWORD).await;
    assert_eq!(
        joined.at("/acceptInvitation/__typename"),
        "InvitationRefused",
        "{joined:?}"
    );
}

async fn one_sees_and_ends_ones_own_sessions_and_nobody_elses(engine: Engine) {
    let (office, server, administrator) = office(engine).await;
    let member = server.member(&office, "viewer").await;
    let elsewhere = server.client();
    elsewhere.sign_in("viewer").await;
    let own = async |client: &Client| {
        let answer = client
            .graphql("{ ownSessions { id isThis address } }", Value::Null)
            .await;
        answer.at("/ownSessions").as_array().cloned().unwrap_or_default()
    };
    let sessions = own(&member).await;
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let other = sessions
        .iter()
        .find(|it| it["isThis"] == false)
        .expect("the other one");
    let end = "mutation($id: ID!) { endOwnSession(id: $id) }";
    let foreign = administrator.graphql(end, json!({ "id": other["id"] })).await;
    assert_eq!(foreign.at("/endOwnSession"), false, "not one's own");
    let ended = member.graphql(end, json!({ "id": other["id"] })).await;
    assert_eq!(ended.at("/endOwnSession"), true);
    let over = elsewhere.graphql("{ ownSessions { id } }", Value::Null).await;
    assert_eq!(over.fault(), Some("UNAUTHENTICATED"), "it is over at once");
    elsewhere.sign_in("viewer").await;
    let all = member.graphql("mutation { endOtherSessions }", Value::Null).await;
    assert_eq!(all.at("/endOtherSessions"), 1);
    assert_eq!(own(&member).await.len(), 1);
    assert_eq!(own(&administrator).await.len(), 1, "those of others go on");
}

async fn one_change_that_arrives_many_times_at_once_is_one_and_another_under_its_id_is_refused(
    engine: Engine,
) {
    let (office, server, administrator) = office(engine).await;
    server.member(&office, "viewer").await;
    let id = account(&administrator, "viewer").await["id"].clone();
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": version(&administrator, &id).await });
    let to = async |roles: &str| {
        let text = format!(
            "mutation($input: AccountCommandInput!) {{ change: changeStaffRoles(input: $input, roles: [{roles}]) {{ __typename \
             ... on AccountChanged {{ account {{ account {{ roles }} history {{ kind }} }} }} \
             ... on InvalidInput {{ problems {{ code }} }} }} }}"
        );
        administrator.graphql(&text, json!({ "input": input })).await
    };
    let answers = futures::future::join_all((0..8).map(|_| to("SUPPORT"))).await;
    for answer in answers {
        assert_eq!(answer.at("/change/__typename"), "AccountChanged", "{answer:?}");
        let kinds = answer.at("/change/account/history").to_string();
        assert_eq!(kinds.matches("ROLES_CHANGED").count(), 1, "{answer:?}");
    }
    let other = to("OPERATOR").await;
    assert_eq!(other.at("/change/problems/0/code"), "command_reused", "{other:?}");
}
