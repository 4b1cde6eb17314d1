//! Who may change one declaration.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of one declaration, each with an input that is well formed. `correctDeclaration` has a right of its own.
pub(super) fn mutations(id: &str) -> BTreeMap<&'static str, Rule> {
    let reason = json!({ "reason": "本人の申し出" });
    let flag = json!({ "flag": "EMAIL_MISSING", "reason": "確認中" });
    let stop = json!({ "kind": "CLOSED", "dayUnknown": true, "reason": "廃業の届出" });
    let diagnosis = json!({ "questionnaire": "25-v3", "score": "78", "doneOn": "2021-03-01" });
    let policy = json!({ "medium": "WEB", "place": "https://example.jp/policy" });
    let contact = json!({ "changes": [{ "field": "CONTACT_NAME", "value": "見本 次郎" }] });
    let nothing = json!({});
    let of = |text: &'static str, more: &Value| {
        let mut input = more.clone();
        input["commandId"] = json!(uuid::Uuid::new_v4());
        input["declarationId"] = json!(id);
        input["expectedVersion"] = json!("1");
        rule(
            text,
            json!({ "input": input }),
            SIGN_IN_FIRST,
            Permission::ManageDeclaration,
        )
    };
    macro_rules! rows {
        ($($name:literal $input:literal $more:expr),+ $(,)?) => {
            [$(($name, of(
                concat!("mutation($input: ", $input, "!) { ", $name, "(input: $input) { __typename } }"),
                &$more,
            ))),+]
        };
    }
    rows!(
        "addNote" "AddNoteInput" json!({ "text": "電話あり" }),
        "changeContact" "ChangeContactInput" contact,
        "clearFlag" "ClearFlagInput" flag,
        "publishDeclaration" "PublishDeclarationInput" nothing,
        "raiseFlag" "RaiseFlagInput" flag,
        "recordDiagnosis" "RecordDiagnosisInput" diagnosis,
        "recordPolicy" "RecordPolicyInput" policy,
        "reinstateDeclaration" "ReinstateDeclarationInput" reason,
        "restoreLogo" "RestoreLogoInput" reason,
        "stepDown" "StepDownInput" reason,
        "stepUp" "StepUpInput" nothing,
        "stopDeclaration" "StopDeclarationInput" stop,
        "suspendLogo" "SuspendLogoInput" reason,
        "undoChange" "UndoChangeInput" json!({ "position": "1" }),
        "unpublishDeclaration" "UnpublishDeclarationInput" reason,
        "withdrawPolicy" "WithdrawPolicyInput" reason,
    )
    .into()
}
