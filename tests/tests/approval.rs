//! What needs a second person, on the real binary: asked for, agreed to by another, and no way around it.

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, PASSWORD, Server, database, on_both_engines};
use uuid::Uuid;

on_both_engines!(
    t52_a_second_person_agrees_and_it_is_done_in_the_name_of_whoever_asked,
    t52_nobody_agrees_to_their_own_request_or_to_what_they_gain_by,
    t52_what_was_changed_since_cannot_be_agreed_to,
    t52_a_request_is_decided_once_and_by_the_content_that_was_seen,
    an_emergency_is_done_at_once_and_stays_marked,
    t52_one_agreement_that_arrives_many_times_at_once_is_one_and_is_done_once,
    t52_whoever_agrees_or_does_without_has_just_proved_who_they_are,
    t51_why_roles_are_asked_for_is_read_by_whoever_sees_requests,
);

/// An administrator, an approver and a viewer who shall become an approver.
struct People {
    office: Office,
    server: Server,
    administrator: Client,
    approver: Client,
}

async fn people(engine: Engine) -> People {
    let office = Office::new(engine).await;
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let approver = server.member(&office, "approver").await;
    server.member(&office, "viewer").await;
    People {
        office,
        server,
        administrator,
        approver,
    }
}

async fn account(client: &Client, login: &str) -> (Value, Value) {
    let answer = client
        .graphql("{ staffAccounts { nodes { id login } } }", Value::Null)
        .await;
    let nodes = answer
        .at("/staffAccounts/nodes")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let found = nodes
        .into_iter()
        .find(|node| node["login"] == login)
        .expect("the account");
    let text = "query($id: ID!) { staffAccount(id: $id) { version account { roles } } }";
    let detail = client.graphql(text, json!({ "id": found["id"] })).await;
    (found["id"].clone(), detail.at("/staffAccount").clone())
}

async fn ask(client: &Client, login: &str, roles: &[&str]) -> Answer {
    let (id, detail) = account(client, login).await;
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": detail["version"], "roles": roles, "reason": "人事異動のため" });
    let text = "mutation($input: RequestStaffRolesInput!) { requestStaffRoles(input: $input) { __typename \
                ... on ApprovalRequested { id } ... on InvalidInput { problems { field code } } } }";
    client.graphql(text, json!({ "input": input })).await
}

async fn asked(client: &Client, login: &str, roles: &[&str]) -> Value {
    let answer = ask(client, login, roles).await;
    let id = answer.at("/requestStaffRoles/id").clone();
    assert!(id.is_string(), "{answer:?}");
    id
}

async fn hash(client: &Client, id: &Value) -> Value {
    let text = "query($id: ID!) { approval(id: $id) { contentHash content { ... on ChangeRolesContent { name roles now } } } }";
    let answer = client.graphql(text, json!({ "id": id })).await;
    answer.at("/approval/contentHash").clone()
}

const DECIDED: &str = "__typename ... on ApprovalDecided { approval { summary { status isBypass decidedBy { name } } \
     history { kind reason { ... on OpenText { text } } by { name } } } } ... on InvalidInput { problems { code } }";

async fn decide(client: &Client, mutation: &str, command: Uuid, id: &Value, seen: &Value) -> Answer {
    let text = format!(
        "mutation($input: ApprovalCommandInput!, $seen: String!) {{ done: {mutation} {{ {DECIDED} }} }}"
    );
    let text = if mutation.contains("$seen") {
        text
    } else {
        text.replace(", $seen: String!", "")
    };
    let variables = if mutation.contains("$seen") {
        json!({ "input": { "commandId": command, "id": id }, "seen": seen })
    } else {
        json!({ "input": { "commandId": command, "id": id } })
    };
    client.graphql(&text, variables).await
}

const APPROVE: &str = "approve(input: $input, contentHash: $seen)";
const REJECT: &str = "rejectRequest(input: $input, reason: \"別の人が適任です\")";
const WITHDRAW: &str = "withdrawRequest(input: $input)";
const BYPASS: &str = "bypassApproval(input: $input, reason: \"全承認者が不在のため\")";

async fn approve(client: &Client, id: &Value) -> Answer {
    let seen = hash(client, id).await;
    decide(client, APPROVE, Uuid::new_v4(), id, &seen).await
}

async fn t52_a_second_person_agrees_and_it_is_done_in_the_name_of_whoever_asked(engine: Engine) {
    let people = people(engine).await;
    let direct = {
        let (id, detail) = account(&people.administrator, "viewer").await;
        let input = json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": detail["version"] });
        let text = "mutation($input: AccountCommandInput!) { changeStaffRoles(input: $input, roles: [VIEWER, ADMINISTRATOR]) { \
                    __typename ... on NeedsApproval { roles } } }";
        people
            .administrator
            .graphql(text, json!({ "input": input }))
            .await
    };
    assert_eq!(
        direct.at("/changeStaffRoles/roles"),
        &json!(["ADMINISTRATOR"]),
        "{direct:?}"
    );
    let id = asked(&people.administrator, "viewer", &["VIEWER", "APPROVER"]).await;
    let open = people
        .approver
        .graphql("{ openApprovals { id kind by { name } } }", Value::Null)
        .await;
    assert_eq!(open.at("/openApprovals/0/id"), &id);
    let (command, seen) = (Uuid::new_v4(), hash(&people.approver, &id).await);
    let done = decide(&people.approver, APPROVE, command, &id, &seen).await;
    assert_eq!(
        done.at("/done/approval/summary/status"),
        "CARRIED_OUT",
        "{done:?}"
    );
    let again = decide(&people.approver, APPROVE, command, &id, &seen).await;
    assert_eq!(
        again.at("/done/approval/summary/status"),
        "CARRIED_OUT",
        "a retry: {again:?}"
    );
    let (_, detail) = account(&people.administrator, "viewer").await;
    assert_eq!(detail["account"]["roles"], json!(["APPROVER", "VIEWER"]));
    let open = people
        .approver
        .graphql("{ openApprovals { id } }", Value::Null)
        .await;
    assert_eq!(open.at("/openApprovals"), &json!([]));
    let all = people
        .approver
        .graphql(
            "{ approvals { nodes { id status decidedBy { kind } } nextBefore } }",
            Value::Null,
        )
        .await;
    assert_eq!(all.at("/approvals/nodes/0/status"), "CARRIED_OUT", "{all:?}");
}

async fn t52_nobody_agrees_to_their_own_request_or_to_what_they_gain_by(engine: Engine) {
    let people = people(engine).await;
    // An administrator who is an approver as well: given by a second person, too.
    let id = asked(&people.administrator, "viewer", &["ADMINISTRATOR", "APPROVER"]).await;
    assert_eq!(
        approve(&people.approver, &id)
            .await
            .at("/done/approval/summary/status"),
        "CARRIED_OUT"
    );
    let both = people.server.client();
    both.sign_in("viewer").await;
    let mine = asked(&both, "approver", &["APPROVER", "ADMINISTRATOR"]).await;
    let refused = approve(&both, &mine).await;
    assert_eq!(refused.at("/done/problems/0/code"), "own_request", "{refused:?}");
    let rejected = decide(&both, REJECT, Uuid::new_v4(), &mine, &Value::Null).await;
    assert_eq!(
        rejected.at("/done/problems/0/code"),
        "own_request",
        "{rejected:?}"
    );
    let gains = approve(&people.approver, &mine).await;
    assert_eq!(gains.at("/done/problems/0/code"), "beneficiary", "{gains:?}");
    let foreign = decide(
        &people.administrator,
        WITHDRAW,
        Uuid::new_v4(),
        &mine,
        &Value::Null,
    )
    .await;
    assert_eq!(foreign.at("/done/problems/0/code"), "not_yours", "{foreign:?}");
    let withdrawn = decide(&both, WITHDRAW, Uuid::new_v4(), &mine, &Value::Null).await;
    assert_eq!(
        withdrawn.at("/done/approval/summary/status"),
        "WITHDRAWN",
        "{withdrawn:?}"
    );
}

async fn t52_what_was_changed_since_cannot_be_agreed_to(engine: Engine) {
    let people = people(engine).await;
    let id = asked(&people.administrator, "viewer", &["APPROVER"]).await;
    let (account_id, detail) = account(&people.administrator, "viewer").await;
    let input =
        json!({ "commandId": Uuid::new_v4(), "id": account_id, "expectedVersion": detail["version"] });
    let text = "mutation($input: AccountCommandInput!) { changeStaffRoles(input: $input, roles: [SUPPORT]) { __typename } }";
    let changed = people
        .administrator
        .graphql(text, json!({ "input": input }))
        .await;
    assert_eq!(changed.at("/changeStaffRoles/__typename"), "AccountChanged");
    let void = approve(&people.approver, &id).await;
    assert_eq!(void.at("/done/approval/summary/status"), "VOIDED", "{void:?}");
    let (_, detail) = account(&people.administrator, "viewer").await;
    assert_eq!(detail["account"]["roles"], json!(["SUPPORT"]));
}

async fn t52_a_request_is_decided_once_and_by_the_content_that_was_seen(engine: Engine) {
    let people = people(engine).await;
    let id = asked(&people.administrator, "viewer", &["APPROVER"]).await;
    let other = decide(&people.approver, APPROVE, Uuid::new_v4(), &id, &json!("00ff")).await;
    assert_eq!(other.at("/done/problems/0/code"), "other_content", "{other:?}");
    let rejected = decide(&people.approver, REJECT, Uuid::new_v4(), &id, &Value::Null).await;
    assert_eq!(
        rejected.at("/done/approval/history/1/reason/text"),
        "別の人が適任です",
        "{rejected:?}"
    );
    let late = approve(&people.approver, &id).await;
    assert_eq!(late.at("/done/problems/0/code"), "not_open", "{late:?}");
    let without = ask(&people.administrator, "viewer", &[]).await;
    assert_eq!(
        without.at("/requestStaffRoles/problems/0/code"),
        "no_role",
        "{without:?}"
    );
}

async fn an_emergency_is_done_at_once_and_stays_marked(engine: Engine) {
    let people = people(engine).await;
    let id = asked(&people.administrator, "viewer", &["APPROVER"]).await;
    let refused = decide(&people.approver, BYPASS, Uuid::new_v4(), &id, &Value::Null).await;
    assert_eq!(refused.fault(), Some("FORBIDDEN"));
    let done = decide(&people.administrator, BYPASS, Uuid::new_v4(), &id, &Value::Null).await;
    assert_eq!(
        done.at("/done/approval/summary/status"),
        "CARRIED_OUT",
        "{done:?}"
    );
    assert_eq!(done.at("/done/approval/summary/isBypass"), true);
    let all = people
        .approver
        .graphql("{ approvals { nodes { isBypass } } }", Value::Null)
        .await;
    assert_eq!(all.at("/approvals/nodes/0/isBypass"), true, "{all:?}");
}

async fn t52_one_agreement_that_arrives_many_times_at_once_is_one_and_is_done_once(engine: Engine) {
    let people = people(engine).await;
    let id = asked(&people.administrator, "viewer", &["VIEWER", "APPROVER"]).await;
    let (command, seen) = (Uuid::new_v4(), hash(&people.approver, &id).await);
    let once = || decide(&people.approver, APPROVE, command, &id, &seen);
    let answers = futures::future::join_all((0..8).map(|_| once())).await;
    for answer in answers {
        assert_eq!(answer.at("/done/__typename"), "ApprovalDecided", "{answer:?}");
    }
    let last = once().await;
    assert_eq!(
        last.at("/done/approval/summary/status"),
        "CARRIED_OUT",
        "{last:?}"
    );
    let kinds = last.at("/done/approval/history").as_array().expect("a history");
    let kinds: Vec<&str> = kinds.iter().filter_map(|entry| entry["kind"].as_str()).collect();
    assert_eq!(kinds, ["REQUESTED", "APPROVED", "CARRIED_OUT"]);
    let (_, detail) = account(&people.administrator, "viewer").await;
    assert_eq!(detail["account"]["roles"], json!(["APPROVER", "VIEWER"]));
}

async fn t52_whoever_agrees_or_does_without_has_just_proved_who_they_are(engine: Engine) {
    let people = people(engine).await;
    let id = asked(&people.administrator, "viewer", &["VIEWER", "APPROVER"]).await;
    let seen = hash(&people.approver, &id).await;
    let stale = "UPDATE session SET fresh_at = fresh_at - 300000000";
    database::execute(&people.office.database().await, stale).await;
    for (who, deed) in [(&people.approver, APPROVE), (&people.administrator, BYPASS)] {
        let refused = decide(who, deed, Uuid::new_v4(), &id, &seen).await;
        assert_eq!(refused.at("/done/__typename"), "FreshSignInNeeded", "{refused:?}");
    }
    let refresh = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { __typename } }";
    let proof = json!({ "input": { "password": PASSWORD } });
    let proved = people.approver.graphql(refresh, proof).await;
    assert_eq!(proved.at("/refreshSession/__typename"), "Session", "{proved:?}");
    let agreed = decide(&people.approver, APPROVE, Uuid::new_v4(), &id, &seen).await;
    let status = agreed.at("/done/approval/summary/status");
    assert_eq!(status, "CARRIED_OUT", "{agreed:?}");
}

async fn t51_why_roles_are_asked_for_is_read_by_whoever_sees_requests(engine: Engine) {
    let people = people(engine).await;
    let id = asked(&people.administrator, "viewer", &["APPROVER"]).await;
    let auditor = people.server.member(&people.office, "auditor").await;
    let text = "query($id: ID!) { approval(id: $id) { history { reason { ... on OpenText { text } } } } }";
    let before = database::reads(&people.office.database().await).await;
    for reader in [&auditor, &people.approver] {
        let seen = reader.graphql(text, json!({ "id": id })).await;
        assert_eq!(
            seen.at("/approval/history/0/reason/text"),
            "人事異動のため",
            "{seen:?}"
        );
    }
    let after = database::reads(&people.office.database().await).await;
    assert_eq!(before, after, "an account is nobody's declaration");
}
