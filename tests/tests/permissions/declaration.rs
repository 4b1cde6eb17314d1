//! Who may change one declaration.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of one declaration, each with an input that is well formed. Each asks for a right of its own.
pub(super) fn mutations(id: &str) -> BTreeMap<&'static str, Rule> {
    let reason = json!({ "reason": "本人の申し出" });
    let flag = json!({ "flag": "EMAIL_MISSING", "reason": "確認中" });
    let stop = json!({ "kind": "CLOSED", "dayUnknown": true, "reason": "廃業の届出" });
    let diagnosis = json!({ "questionnaire": "25-v3", "score": "78", "doneOn": "2021-03-01" });
    let policy = json!({ "medium": "WEB", "place": "https://example.jp/policy" });
    let contact = json!({ "changes": [{ "field": "CONTACT_NAME", "value": "見本 次郎" }] });
    let nothing = json!({});
    let hand_over =
        json!({ "kind": "RENAME", "on": "2024-04-01", "changes": [], "reason": "商号変更の届出" });
    let of = |text: &'static str, right: Permission, more: &Value| {
        let mut input = more.clone();
        input["commandId"] = json!(uuid::Uuid::new_v4());
        input["declarationId"] = json!(id);
        input["expectedVersion"] = json!("1");
        rule(text, json!({ "input": input }), SIGN_IN_FIRST, right)
    };
    macro_rules! rows {
        ($($name:literal $input:literal $right:ident $more:expr),+ $(,)?) => {
            [$(($name, of(
                concat!("mutation($input: ", $input, "!) { ", $name, "(input: $input) { __typename } }"),
                Permission::$right,
                &$more,
            ))),+]
        };
    }
    rows!(
        "addNote" "AddNoteInput" WriteNote json!({ "text": "電話あり" }),
        "changeContact" "ChangeContactInput" ChangeContact contact,
        "clearFlag" "ClearFlagInput" FlagDeclaration flag,
        "handOver" "HandOverInput" HandOver hand_over,
        "linkNumbers" "LinkNumbersInput" LinkNumbers json!({ "otherNumber": "59990000017", "reason": "宣言し直した" }),
        "lookUpNumber" "LookUpNumberInput" LookUpNumber json!({ "asked": [], "checks": [] }),
        "publishDeclaration" "PublishDeclarationInput" PublishDeclaration nothing,
        "raiseFlag" "RaiseFlagInput" FlagDeclaration flag,
        "recordDiagnosis" "RecordDiagnosisInput" RecordDiagnosis diagnosis,
        "recordPolicy" "RecordPolicyInput" RecordPolicy policy,
        "reinstateDeclaration" "ReinstateDeclarationInput" StopDeclaration reason,
        "restoreLogo" "RestoreLogoInput" ManageLogo reason,
        "stepDown" "StepDownInput" ChangeStar reason,
        "stepUp" "StepUpInput" ChangeStar nothing,
        "stopDeclaration" "StopDeclarationInput" StopDeclaration stop,
        "suspendLogo" "SuspendLogoInput" ManageLogo reason,
        "undoMerge" "UndoMergeInput" MergeDeclarations json!({ "position": "1", "reason": "取り違え" }),
        "undoChange" "UndoChangeInput" UndoChange json!({ "position": "1" }),
        "unpublishDeclaration" "UnpublishDeclarationInput" PublishDeclaration reason,
        "withdrawPolicy" "WithdrawPolicyInput" RecordPolicy reason,
    )
    .into()
}

/// The queries about one declaration and another one, and about how many there are.
pub(super) fn queries(id: &str) -> BTreeMap<&'static str, Rule> {
    [
        (
            "findDeclarer",
            rule(
                "{ findDeclarer(text: \"info@example.jp\") { __typename } }",
                json!({}),
                SIGN_IN_FIRST,
                Permission::LookUpNumber,
            ),
        ),
        (
            "numberMatches",
            rule(
                "query($id: ID!) { numberMatches(declarationId: $id, asked: []) { hasAddress } }",
                json!({ "id": id }),
                SIGN_IN_FIRST,
                Permission::LookUpNumber,
            ),
        ),
        (
            "mergeComparison",
            rule(
                "query($id: ID!) { mergeComparison(survivorId: $id, mergedNumber: \"59990000017\") { __typename } }",
                json!({ "id": id }),
                SIGN_IN_FIRST,
                Permission::MergeDeclarations,
            ),
        ),
        (
            "figures",
            rule(
                "{ figures(by: PREFECTURE) { __typename } }",
                Value::Null,
                SIGN_IN_FIRST,
                Permission::ReadDeclarations,
            ),
        ),
    ]
    .into()
}
