//! What people do in the console, as one call each.

use serde_json::{Value, json};

use crate::client::{Answer, Client};

/// A page of numbers and ids that a search finds.
pub const LIST_OF_NUMBERS: &str = "query($search: String, $first: Int!, $atLeast: Position, $after: String) { \
     declarations(search: $search, first: $first, atLeast: $atLeast, after: $after, sort: NUMBER_ASC) { __typename \
     ... on DeclarationConnection { nodes { id number city } total { count } pageInfo { hasNextPage endCursor } } \
     ... on NotYet { position } ... on InvalidInput { problems { field code } } } }";

const CORRECT: &str = "mutation($input: CorrectDeclarationInput!) { correctDeclaration(input: $input) { __typename \
     ... on DeclarationChanged { position version declarationId } \
     ... on InvalidInput { problems { field code message } } ... on NotFound { id } \
     ... on Conflict { version at by { kind name } reason { __typename ... on OpenText { text } } fields { field \
     base { ... on OpenText { text } } theirs { ... on OpenText { text } } mine { ... on OpenText { text } } \
     changedByThem changedByMe } } } }";

/// A correction as a test sends it; change what the test is about.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The whole input.
    pub input: Value,
}

impl Correction {
    /// One field of a declaration, as an error from the start. Where evidence is needed, there is none and it says why.
    pub fn new(id: &str, version: &str, field: &str, value: &str) -> Self {
        let needs_evidence =
            ["NAME", "CORPORATE_NUMBER", "DECLARED_ON", "REPRESENTATIVE_NAME"].contains(&field);
        Self {
            input: json!({
                "noDocument": needs_evidence.then_some("電話で本人に確認した"),
                "commandId": uuid::Uuid::new_v4(),
                "declarationId": id,
                "expectedVersion": version,
                "kind": "ERROR",
                "reason": "電話での申し出により訂正",
                "changes": [{ "field": field, "value": value }],
            }),
        }
    }

    /// With another value under a key of the input.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.input[key] = value.into();
        self
    }
}

impl Client {
    /// The id of the only declaration that a search finds.
    pub async fn find(&self, search: &str) -> String {
        let page = self
            .graphql(LIST_OF_NUMBERS, json!({ "search": search, "first": 2 }))
            .await;
        assert_eq!(page.at("/declarations/total/count"), 1, "{page:?}");
        text(page.at("/declarations/nodes/0/id"))
    }

    /// What a change of the declaration must name.
    pub async fn version(&self, id: &str) -> String {
        let query = "query($id: ID!) { declaration(id: $id) { ... on Declaration { version } } }";
        let detail = self.graphql(query, json!({ "id": id })).await;
        text(detail.at("/declaration/version"))
    }

    /// Sends any other change of one declaration: `name` is the mutation, whose input is named after it.
    pub async fn change(&self, name: &str, input: &Value) -> Answer {
        let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let text = format!(
            "mutation($input: {of}!) {{ {name}(input: $input) {{ __typename \
             ... on DeclarationChanged {{ position version declarationId }} \
             ... on InvalidInput {{ problems {{ field code message }} }} ... on NotFound {{ id }} \
             ... on Conflict {{ version at kind by {{ kind name }} reason {{ __typename ... on OpenText {{ text }} }} \
             fields {{ field base {{ ... on OpenText {{ text }} }} theirs {{ ... on OpenText {{ text }} }} \
             mine {{ ... on OpenText {{ text }} }} changedByThem changedByMe }} }} }} }}"
        );
        self.graphql(&text, json!({ "input": input })).await
    }

    /// Has a schedule fire now, found by its command; the job that it made.
    pub async fn run_nightly(&self, command: &str) -> Value {
        let text = "{ schedules { nodes { id version command } } }";
        let schedules = self.graphql(text, Value::Null).await;
        let nodes = schedules.at("/schedules/nodes").as_array().expect("a list");
        let nightly = nodes.iter().find(|it| it["command"] == command);
        let nightly = nightly.expect("it is shipped");
        let input = json!({ "commandId": uuid::Uuid::new_v4(), "id": nightly["id"], "expectedVersion": nightly["version"] });
        let run = "mutation($input: ScheduleCommandInput!) { runScheduleNow(input: $input) { ... on ScheduleChanged { jobId } } }";
        let ran = self.graphql(run, json!({ "input": input })).await;
        let job = ran.at("/runScheduleNow/jobId").clone();
        assert!(job.is_string(), "{ran:?}");
        job
    }

    /// Sends a correction.
    pub async fn correct(&self, correction: &Correction) -> Answer {
        self.graphql(CORRECT, json!({ "input": correction.input })).await
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
