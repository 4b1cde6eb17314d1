//! Who may keep views of the list of declarations: shared ones whoever may manage records, private ones everybody for themselves. Those
//! of the desk are in `list_views.rs`.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::json;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of saved views, each with an input that is well formed; what is saved is shared.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let id = uuid::Uuid::new_v4();
    let view = json!({ "commandId": id, "name": "有効な宣言", "isShared": true, "question": "state=ACTIVE" });
    [
        (
            "saveListView",
            rule(
                "mutation($input: SaveListViewInput!) { saveListView(input: $input) { __typename } }",
                json!({ "input": view }),
                SIGN_IN_FIRST,
                Permission::ShareViews,
            ),
        ),
        (
            "removeListView",
            rule(
                "mutation($id: ID!) { removeListView(id: $id) }",
                json!({ "id": id }),
                SIGN_IN_FIRST,
                Permission::ReadDeclarations,
            ),
        ),
        (
            "makeListViewDefault",
            rule(
                "mutation($id: ID) { makeListViewDefault(id: $id) }",
                json!({ "id": null }),
                SIGN_IN_FIRST,
                Permission::ReadDeclarations,
            ),
        ),
    ]
    .into()
}
