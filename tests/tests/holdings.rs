//! What we hold about somebody beside the records of their case, on the real binary: by the addresses that they gave, and for whoever may
//! see such things.

use serde_json::{Value, json};
use tests::{
    Client, Engine, Office, Server, canary_trader, database, mailed, on_both_engines, register, token_behind,
};
use uuid::Uuid;

on_both_engines!(
    what_is_kept_under_addresses_that_the_requester_did_not_give_is_not_theirs,
    accounts_and_approvals_are_for_whoever_may_see_them_and_are_recorded_as_read,
);

const TRADER: &str = "47000000002";
/// The contact of the record, who works here too.
const CONTACT: &str = "tori@example.jp";

struct Desk {
    office: Office,
    server: Server,
    administrator: Client,
}

/// An office where the contact of a record has an account, got a mail about no record, and is to get another role.
async fn desk(engine: Engine) -> Desk {
    let office = Office::new(engine).await;
    office.import(&register(&[canary_trader(TRADER)]));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    administrator.find(TRADER).await;
    let input = json!({ "commandId": Uuid::new_v4(), "mail": CONTACT, "roles": ["VIEWER"] });
    let invite = "mutation($input: InviteStaffInput!) { inviteStaff(input: $input) { __typename } }";
    administrator.graphql(invite, json!({ "input": input })).await;
    let mail = mailed(&office, CONTACT, "/invitation#", 1).await.remove(0);
    let contact = server.client();
    contact
        .accept_invitation(&token_behind("/invitation#", &mail), "tori")
        .await;
    let accounts = administrator
        .graphql("{ staffAccounts { nodes { id login } } }", Value::Null)
        .await;
    let nodes = accounts.at("/staffAccounts/nodes").as_array().expect("accounts");
    let id = nodes.iter().find(|node| node["login"] == "tori").expect("theirs")["id"].clone();
    let version = "query($id: ID!) { staffAccount(id: $id) { version } }";
    let version = administrator.graphql(version, json!({ "id": id })).await;
    let ask = "mutation($input: RequestStaffRolesInput!) { requestStaffRoles(input: $input) { __typename } }";
    let input = json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": version.at("/staffAccount/version"),
        "roles": ["VIEWER", "APPROVER"], "reason": "人事異動のため" });
    let asked = administrator.graphql(ask, json!({ "input": input })).await;
    assert_eq!(asked.at("/requestStaffRoles/__typename"), "ApprovalRequested");
    Desk {
        office,
        server,
        administrator,
    }
}

/// A case about the record, of somebody with that contact.
async fn case(client: &Client, contact: &str) -> Value {
    let input = json!({ "commandId": Uuid::new_v4(), "kind": "DISCLOSURE", "channel": "MAIL", "receivedOn": "2026-04-01",
        "numbers": [TRADER], "name": "見本 みかん", "contact": contact, "wanted": "保有する個人情報の開示" });
    let text = "mutation($input: OpenPrivacyRequestInput!) { openPrivacyRequest(input: $input) { ... on PrivacyRequestOpened { id } } }";
    let opened = client.graphql(text, json!({ "input": input })).await;
    opened.at("/openPrivacyRequest/id").clone()
}

async fn held(client: &Client, id: &Value) -> Value {
    let text = "query($id: ID!) { privacyRequestHoldings(id: $id) { records { number } mails { to } \
                accounts { __typename ... on HeldAccounts { nodes { login mail } } ... on Withheld { permission } } \
                approvals { __typename ... on HeldApprovals { nodes { kind status reason } } ... on Withheld { permission } } } }";
    let held = client.graphql(text, json!({ "id": id })).await;
    held.at("/privacyRequestHoldings").clone()
}

async fn file(client: &Client, id: &Value) -> Value {
    Client::send(client.export("holdings.json", &json!({ "id": id })))
        .await
        .body
}

async fn what_is_kept_under_addresses_that_the_requester_did_not_give_is_not_theirs(engine: Engine) {
    let desk = desk(engine).await;
    let me = &desk.administrator;
    // The record's contact is somebody else than who asks.
    let id = case(me, "見本 みかん（mikan@example.jp）").await;
    let seen = held(me, &id).await;
    assert_eq!(seen["records"], json!([{ "number": TRADER }]));
    assert_eq!(seen["mails"], json!([]));
    assert_eq!(
        seen["accounts"],
        json!({ "__typename": "HeldAccounts", "nodes": [] })
    );
    assert_eq!(
        seen["approvals"],
        json!({ "__typename": "HeldApprovals", "nodes": [] })
    );
    let document = file(me, &id).await;
    for part in ["mails", "accounts", "approvals"] {
        assert_eq!(document[part], json!([]), "{part}");
    }
    // The contact asks themselves, by the address under which we know them.
    let id = case(me, &format!("電子メール {}", CONTACT.to_uppercase())).await;
    let seen = held(me, &id).await;
    assert_eq!(seen["mails"], json!([{ "to": CONTACT }]));
    assert_eq!(
        seen["accounts"]["nodes"],
        json!([{ "login": "tori", "mail": CONTACT }])
    );
    let approvals = json!([{ "kind": "staff.roles", "status": "open", "reason": "人事異動のため" }]);
    assert_eq!(seen["approvals"]["nodes"], approvals);
}

async fn accounts_and_approvals_are_for_whoever_may_see_them_and_are_recorded_as_read(engine: Engine) {
    let desk = desk(engine).await;
    let registrar = desk.server.member(&desk.office, "registrar").await;
    let reads = database::read_records(&desk.office.database().await).await;
    let accounts_read =
        "SELECT actor FROM read_record WHERE field_class = 'account' AND purpose LIKE 'privacy-request:%'";
    let id = case(&registrar, CONTACT).await;
    let seen = held(&registrar, &id).await;
    assert_eq!(seen["mails"], json!([{ "to": CONTACT }]));
    let withheld = |right: &str| json!({ "__typename": "Withheld", "permission": right });
    assert_eq!(seen["accounts"], withheld("READ_STAFF"));
    assert_eq!(seen["approvals"], withheld("READ_APPROVALS"));
    let document = file(&registrar, &id).await;
    for part in ["accounts", "approvals"] {
        assert_eq!(document[part], json!({ "withheld": true }), "{part}");
    }
    for hidden in ["人事異動", "staff.roles", "\"login\""] {
        assert!(!document.to_string().contains(hidden), "{hidden}");
    }
    assert_eq!(database::texts(&reads, accounts_read).await, Vec::<String>::new());

    let me = &desk.administrator;
    assert_eq!(held(me, &id).await["accounts"]["nodes"][0]["login"], "tori");
    let own = me.graphql("{ session { staff { id } } }", Value::Null).await;
    let own = own.at("/session/staff/id");
    let actor = format!("staff:{}", own.as_str().expect("an id"));
    assert_eq!(database::texts(&reads, accounts_read).await, [actor]);
    let exposure = "query($staff: ID!) { exposure(staff: $staff, since: \"2020-01-01T00:00:00Z\", until: \"2099-01-01T00:00:00Z\") { \
                    ... on Exposure { accounts records { kind parts } } } }";
    let exposure = me.graphql(exposure, json!({ "staff": own })).await;
    assert_eq!(exposure.at("/exposure/accounts"), 1, "{exposure:?}");
    let records = exposure.at("/exposure/records").as_array().expect("records");
    let account = json!({ "kind": "ACCOUNT", "parts": ["account"] });
    assert!(records.contains(&account), "{exposure:?}");
}
