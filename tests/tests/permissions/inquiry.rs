//! Who may see and work on what people write to the secretariat.

use std::collections::BTreeMap;

use domain::staff::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Rule, SIGN_IN_FIRST, rule};

/// The mutations of inquiries, each with an input that is well formed.
pub(super) fn mutations() -> BTreeMap<&'static str, Rule> {
    let id = || json!(Uuid::new_v4());
    let of = |more: Value| {
        let mut input = json!({ "commandId": id(), "id": id(), "expectedVersion": "1" });
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key] = value.clone();
        }
        json!({ "input": input })
    };
    let manages = |text, variables| rule(text, variables, SIGN_IN_FIRST, Permission::ManageInquiries);
    [
        (
            "changeInquiry",
            manages(
                "mutation($input: ChangeInquiryInput!) { changeInquiry(input: $input) { __typename } }",
                of(json!({ "change": { "note": { "text": "電話で確認" } } })),
            ),
        ),
        (
            "replyToInquiry",
            manages(
                "mutation($input: ReplyToInquiryInput!) { replyToInquiry(input: $input) { __typename } }",
                of(json!({ "subject": "件名", "text": "本文" })),
            ),
        ),
        (
            "mergeInquiries",
            manages(
                "mutation($input: MergeInquiriesInput!) { mergeInquiries(input: $input) { __typename } }",
                of(json!({ "intoId": id(), "intoVersion": "1" })),
            ),
        ),
        (
            "splitInquiry",
            manages(
                "mutation($input: SplitInquiryInput!) { splitInquiry(input: $input) { __typename } }",
                of(json!({ "messageIds": [id()] })),
            ),
        ),
        (
            "withdrawReply",
            manages(
                "mutation($input: WithdrawReplyInput!) { withdrawReply(input: $input) { __typename } }",
                of(json!({ "mailId": id() })),
            ),
        ),
        (
            "chooseCharset",
            manages(
                "mutation($input: ChooseCharsetInput!) { chooseCharset(input: $input) { __typename } }",
                of(json!({ "messageId": id(), "charset": "shift_jis" })),
            ),
        ),
        (
            "changeInquiries",
            manages(
                "mutation($input: ChangeInquiriesInput!) { changeInquiries(input: $input) { __typename } }",
                json!({ "input": {
                    "commandId": id(), "items": [{ "id": id(), "expectedVersion": "1" }], "change": { "spam": true },
                } }),
            ),
        ),
        (
            "changeInquiryDraft",
            manages(
                "mutation($input: ChangeInquiryDraftInput!) { changeInquiryDraft(input: $input) { __typename } }",
                of(json!({ "change": { "discard": true } })),
            ),
        ),
        (
            "saveReplyTemplate",
            manages(
                "mutation($input: SaveReplyTemplateInput!) { saveReplyTemplate(input: $input) { __typename } }",
                json!({ "input": { "commandId": id(), "name": "案内", "ja": "本文" } }),
            ),
        ),
        (
            "changeReplyTemplate",
            manages(
                "mutation($input: ChangeReplyTemplateInput!) { changeReplyTemplate(input: $input) { __typename } }",
                of(json!({ "retire": true })),
            ),
        ),
        (
            "saveArticle",
            manages(
                "mutation($input: SaveArticleInput!) { saveArticle(input: $input) { __typename } }",
                json!({ "input": { "commandId": id(), "category": "LOGO", "ja": { "title": "問い", "body": "答え" } } }),
            ),
        ),
        (
            "changeArticle",
            rule(
                "mutation($input: ChangeArticleInput!) { changeArticle(input: $input) { __typename } }",
                of(json!({ "change": { "publish": true } })),
                SIGN_IN_FIRST,
                Permission::ManageArticles,
            ),
        ),
    ]
    .into()
}

/// The queries about inquiries.
pub(super) fn queries() -> BTreeMap<&'static str, Rule> {
    let id = || json!(Uuid::new_v4());
    let reads = |text, variables| rule(text, variables, SIGN_IN_FIRST, Permission::ReadInquiries);
    [
        (
            "inquiries",
            reads("{ inquiries(queue: OPEN) { __typename } }", Value::Null),
        ),
        (
            "inquiryCounts",
            reads("{ inquiryCounts { queue count } }", Value::Null),
        ),
        (
            "inquiry",
            reads(
                "query($id: ID!) { inquiry(id: $id) { version } }",
                json!({ "id": id() }),
            ),
        ),
        (
            "inquiryContext",
            reads(
                "query($id: ID!) { inquiryContext(id: $id) { isComplete } }",
                json!({ "id": id() }),
            ),
        ),
        ("deskSettings", reads("{ deskSettings { fourEyes } }", Value::Null)),
        ("replyTemplates", reads("{ replyTemplates { name } }", Value::Null)),
        (
            "filledTemplate",
            rule(
                "query($templateId: ID!, $inquiryId: ID!) { filledTemplate(templateId: $templateId, language: JA, \
                 inquiryId: $inquiryId) { __typename } }",
                json!({ "templateId": id(), "inquiryId": id() }),
                SIGN_IN_FIRST,
                Permission::ManageInquiries,
            ),
        ),
        (
            "inquiryNumbers",
            reads(
                "{ inquiryNumbers(from: \"2026-11-01\", to: \"2026-11-30\") { __typename } }",
                Value::Null,
            ),
        ),
        (
            "articles",
            reads("{ articles { __typename } }", Value::Null),
        ),
        (
            "article",
            reads(
                "query($id: ID!) { article(id: $id) { article { version } } }",
                json!({ "id": id() }),
            ),
        ),
        (
            "suggestedAnswers",
            reads(
                "{ suggestedAnswers(text: \"ロゴ\") { likeness } }",
                Value::Null,
            ),
        ),
        (
            "previewCharset",
            rule(
                "query($inquiryId: ID!, $messageId: ID!) { previewCharset(inquiryId: $inquiryId, messageId: $messageId, \
                 charset: \"shift_jis\") { __typename } }",
                json!({ "inquiryId": id(), "messageId": id() }),
                SIGN_IN_FIRST,
                Permission::ManageInquiries,
            ),
        ),
    ]
    .into()
}
