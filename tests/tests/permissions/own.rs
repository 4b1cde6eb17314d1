//! T51 for what belongs to one account: nobody else sees or ends it, whatever their role.

use domain::staff::Role;
use serde_json::{Value, json};
use tests::{Client, Engine};

use super::office;

async fn sessions(client: &Client) -> Vec<Value> {
    let answer = client.graphql("{ ownSessions { id } }", Value::Null).await;
    let list = answer.at("/ownSessions").as_array().expect("a list").clone();
    list.into_iter().map(|session| session["id"].clone()).collect()
}

#[tokio::test]
async fn t51_a_session_is_neither_seen_nor_ended_by_anybody_else_in_any_role() {
    let (office, server, administrator, _viewer) = office(Engine::Sqlite, None).await;
    let [owned] = &sessions(&administrator).await[..] else {
        panic!("the administrator signed in once");
    };
    for role in Role::ALL {
        // The viewer of the office has that name already.
        let login = format!("{}-2", role.as_str());
        let other = server.client();
        other
            .accept_invitation(&office.invite(role.as_str()), &login)
            .await;
        let seen = sessions(&other).await;
        assert_eq!(seen.len(), 1, "{login}: only their own");
        assert!(!seen.contains(owned), "{login}");
        let end = "mutation($id: ID!) { endOwnSession(id: $id) }";
        let ended = other.graphql(end, json!({ "id": owned })).await;
        assert_eq!(ended.at("/endOwnSession"), false, "{login}: {ended:?}");
        assert_eq!(
            administrator.signed_in().await.as_deref(),
            Some("kanri"),
            "{login}"
        );
        let ended = other.graphql(end, json!({ "id": seen[0] })).await;
        assert_eq!(ended.at("/endOwnSession"), true, "{login}: {ended:?}");
        assert_eq!(other.signed_in().await, None, "{login}");
    }
}
