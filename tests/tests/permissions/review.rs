//! Who may look at what has to be reviewed, work on it, and have it looked for.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of suspicions. One that is not there needs no more than looking: which right it takes follows from its kind.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let nothing = || json!({ "id": Uuid::new_v4() });
    let decision =
        json!({ "commandId": Uuid::new_v4(), "id": Uuid::new_v4(), "verdict": "ASKED", "reason": "照会" });
    [
        (
            "claimReview",
            "mutation($input: ReviewInput!) { claimReview(input: $input) { __typename } }",
            nothing(),
            Permission::ReadDeclarations,
        ),
        (
            "releaseReview",
            "mutation($input: ReviewInput!) { releaseReview(input: $input) { __typename } }",
            nothing(),
            Permission::ReadDeclarations,
        ),
        (
            "claimNextReview",
            "mutation($input: NextReviewInput!) { claimNextReview(input: $input) { id } }",
            json!({ "kind": "DUPLICATE" }),
            Permission::MergeDeclarations,
        ),
        (
            "decideReview",
            "mutation($input: DecideReviewInput!) { decideReview(input: $input) { __typename } }",
            decision,
            Permission::ReadDeclarations,
        ),
        (
            "findReviews",
            "mutation($input: FindReviewsInput!) { findReviews(input: $input) { __typename } }",
            json!({ "commandId": Uuid::new_v4() }),
            Permission::FlagDeclaration,
        ),
        (
            "askPages",
            "mutation($input: AskPagesInput!) { askPages(input: $input) { __typename } }",
            json!({ "commandId": Uuid::new_v4(), "reviewId": Uuid::new_v4() }),
            Permission::RecordPolicy,
        ),
    ]
    .into_iter()
    .map(|(name, text, input, needs)| {
        let variables = json!({ "input": input });
        (name, rule(text, variables, SIGN_IN_FIRST, needs))
    })
    .collect()
}

/// The queries about suspicions: whoever may see declarations may see what is suspected of them.
pub(super) fn queries(id: &str) -> BTreeMap<&'static str, Rule> {
    [
        ("reviewQueues", "{ reviewQueues { kind open } }", Value::Null),
        ("reviewSearch", "{ reviewSearch { jobId } }", Value::Null),
        (
            "reviews",
            "{ reviews(kind: PROXY, view: OPEN, first: 1) { __typename } }",
            Value::Null,
        ),
        (
            "review",
            "query($id: ID!) { review(id: $id) { holds } }",
            json!({ "id": Uuid::new_v4() }),
        ),
        (
            "reviewsOf",
            "query($id: ID!) { reviewsOf(declarationId: $id) { id } }",
            json!({ "id": id }),
        ),
    ]
    .into_iter()
    .map(|(name, text, variables)| (name, rule(text, variables, SIGN_IN_FIRST, None)))
    .collect()
}
