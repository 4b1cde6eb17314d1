//! Views of the register that leave as files, as the console asks for them.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::{Answer, Client};
use crate::following::Following;

const REQUEST: &str = "mutation($input: RequestExportInput!) { requestExport(input: $input) { __typename \
     ... on ExportRequested { id approvalId } ... on InvalidInput { problems { field code message } } } }";
const ONE: &str = "query($id: ID!) { export(id: $id) { isMine approval { id status } takings { part by { name } } \
     content { reason { ... on OpenText { text } } narrowedBy { states search { ... on OpenText { text } } } } \
     summary { state endedAt columns expected taken asksForPersons progress { done total error { reason } } \
     file { rows position day isPersonal size unwritten } } } }";

/// What somebody asks for who wants the whole list by number; change what the test is about.
pub fn export_of(columns: &[&str], format: &str) -> Value {
    json!({ "commandId": Uuid::new_v4(), "columns": columns, "format": format, "sort": "NUMBER_ASC", "reason": "年次の点検" })
}

impl Client {
    /// Asks for a file.
    pub async fn request_export(&self, input: &Value) -> Answer {
        self.graphql(REQUEST, json!({ "input": input })).await
    }

    /// An export as its page shows it.
    pub async fn export_record(&self, id: &Value) -> Value {
        let answer = self.graphql(ONE, json!({ "id": id })).await;
        answer.at("/export").clone()
    }

    /// Waits until an export is in a state.
    pub async fn export_until(&self, log: &Following, id: &Value, state: &str) -> Value {
        log.until(async || {
            let found = self.export_record(id).await;
            (found["summary"]["state"] == state).then_some(found)
        })
        .await
    }

    /// Asks for a file and waits until it is made.
    pub async fn exported(&self, log: &Following, input: &Value) -> Value {
        let answer = self.request_export(input).await;
        let id = answer.at("/requestExport/id").clone();
        assert!(id.is_string(), "{answer:?}");
        self.export_until(log, &id, "MADE").await;
        id
    }

    /// Takes a part of it.
    pub async fn take_export(&self, id: &Value, part: &str) -> Vec<u8> {
        let request = self.export("declarations", &json!({ "id": id, "part": part }));
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        response.bytes().await.expect("a body").to_vec()
    }
}
