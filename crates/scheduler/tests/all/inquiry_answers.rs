//! Answers that are written together: drafts before colleagues, templates, and one answer to many.

use std::sync::Arc;

use app::inquiry::{
    ChangeInquiryError, ChangeOutcome, DraftChange, DraftWords, InquiriesChange, InquiryChange,
    ReplyToInquiryError, TemplateReply,
};
use app::reply_template::{FillTemplateError, SaveTemplate, WriteTemplateError};
use app::{App, CaseChange, Guarded, OpContext};
use domain::inquiry::{InquiryStatus, InquiryTag, Resolution};
use domain::reply_template::{MergeField, TemplateDraft};
use domain::staff::{Actor, Role, StaffId};
use domain::{Language, Personal, ReplyTemplateId};
use event_store::Position;
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

use crate::inquiries::{TARO, arrives, look_at, on, refused, reply, written};
use crate::support::{node, someone};

test_support::on_both_engines!(
    what_one_writes_another_sees_and_nobody_writes_over_it,
    with_four_eyes_an_answer_goes_only_as_a_colleague_agreed_with_it,
    a_template_is_filled_and_an_answer_with_a_field_left_is_not_sent,
    a_template_is_kept_in_versions,
    one_change_of_many_holds_up_none_for_another,
);

fn colleague(app: &App, number: u128) -> OpContext {
    let actor = Actor::Staff(StaffId(Uuid::from_u128(number)));
    app.context(actor, vec![Role::Support], Uuid::now_v7(), "test")
}

fn draft(text: &str) -> DraftChange {
    DraftChange::Save {
        words: Personal::new(DraftWords {
            to: String::new(),
            subject: "Re: 宣言番号を忘れました".to_owned(),
            text: text.to_owned(),
            answers: None,
        }),
        asks_review: false,
    }
}

async fn what_one_writes_another_sees_and_nobody_writes_over_it(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let (hanako, jiro) = (colleague(&app, 1), colleague(&app, 2));
    let seen = look_at(&app, first).await;
    let none = app
        .change_inquiry_draft(&hanako, on(&seen), &DraftChange::Discard)
        .await;
    assert_eq!(refused(none), "no_draft");
    app.change_inquiry_draft(&hanako, on(&seen), &draft("ご連絡"))
        .await
        .expect("kept");
    // Whoever looked before it cannot write over it, and then sees it.
    let blind = app.change_inquiry_draft(&jiro, on(&seen), &draft("別の文")).await;
    assert!(matches!(blind, Err(ChangeInquiryError::Moved(_))), "{blind:?}");
    let now = look_at(&app, first).await;
    let Some(Guarded::Open(words)) = &now.draft else {
        panic!("a draft that can be read");
    };
    assert_eq!(words.text, "ご連絡");
    app.change_inquiry_draft(&jiro, on(&now), &draft("ご連絡ありがとうございます。"))
        .await
        .expect("went on with");
    // A draft moves no thread: whoever answers has not to look at it first, and the answer ends it.
    let answered = app.reply_to_inquiry(&hanako, &reply(on(&now))).await;
    answered.expect("queued");
    let after = look_at(&app, first).await;
    assert!(after.draft.is_none() && after.inquiry.draft.is_none());
    let late = app
        .change_inquiry_draft(&jiro, on(&now), &draft("遅れた文"))
        .await;
    assert!(matches!(late, Err(ChangeInquiryError::Moved(_))), "{late:?}");
    let long = app
        .change_inquiry_draft(&jiro, on(&after), &draft(&"あ".repeat(60_001)))
        .await;
    assert_eq!(refused(long), "too_long");
}

async fn with_four_eyes_an_answer_goes_only_as_a_colleague_agreed_with_it(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let app = Arc::into_inner(app).expect("nobody else has it");
    let app = Arc::new(app.with_four_eyes(true));
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let (hanako, jiro) = (colleague(&app, 1), colleague(&app, 2));
    let seen = look_at(&app, first).await;
    let mut answer = reply(on(&seen));
    answer.subject = Personal::new("Re: 宣言番号を忘れました".to_owned());
    answer.text = Personal::new("番号をお送りします。".to_owned());
    let alone = app.reply_to_inquiry(&hanako, &answer).await;
    assert_eq!(codes(alone), ["not_agreed"]);
    app.change_inquiry_draft(&hanako, on(&seen), &draft("番号をお送りします。"))
        .await
        .expect("kept");
    let now = look_at(&app, first).await;
    let own = app
        .change_inquiry_draft(&hanako, on(&now), &DraftChange::Agree)
        .await;
    assert_eq!(refused(own), "own_draft");
    app.change_inquiry_draft(&jiro, on(&now), &DraftChange::Agree)
        .await
        .expect("agreed");
    // Other words are not those that were agreed with.
    let mut other = answer.clone();
    other.text = Personal::new("番号はお送りしません。".to_owned());
    assert_eq!(codes(app.reply_to_inquiry(&hanako, &other).await), ["not_agreed"]);
    // What is written on after that is not agreed with.
    let agreed = look_at(&app, first).await;
    app.change_inquiry_draft(&hanako, on(&agreed), &draft("番号はお送りしません。"))
        .await
        .expect("kept");
    assert_eq!(codes(app.reply_to_inquiry(&hanako, &other).await), ["not_agreed"]);
    let now = look_at(&app, first).await;
    app.change_inquiry_draft(&jiro, on(&now), &DraftChange::Agree)
        .await
        .expect("agreed");
    let sent = app.reply_to_inquiry(&hanako, &other).await.expect("queued");
    let again = app.reply_to_inquiry(&hanako, &other).await;
    assert_eq!(again.expect("the same"), sent);
}

fn codes(outcome: Result<Position, ReplyToInquiryError>) -> Vec<&'static str> {
    match outcome {
        Err(ReplyToInquiryError::Invalid(problems)) => problems.iter().map(|it| it.code).collect(),
        other => panic!("a refusal, not {other:?}"),
    }
}

fn typed(ja: &str, en: Option<&str>) -> TemplateDraft {
    TemplateDraft {
        name: "番号の案内".to_owned(),
        tags: [InquiryTag::ForgottenNumber].into(),
        ja: ja.to_owned(),
        en: en.map(str::to_owned),
    }
}

async fn saved(app: &App, ja: &str, en: Option<&str>) -> ReplyTemplateId {
    let command = SaveTemplate {
        command_id: Uuid::now_v7(),
        change_of: None,
        draft: typed(ja, en),
    };
    let saved = app.save_reply_template(&colleague(app, 1), command).await;
    saved.expect("saved").template.id
}

async fn a_template_is_filled_and_an_answer_with_a_field_left_is_not_sent(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let detail = look_at(&app, first).await;
    let about = (detail.inquiry.id(), None);
    let id = saved(&app, "{{相手}}様\n番号は{{宣言番号}}です。{{今日}}", None).await;
    let filled = app
        .fill_reply_template(&colleague(&app, 1), id, Language::Ja, about)
        .await
        .expect("filled");
    let text = filled.text.reveal();
    assert!(
        text.starts_with("見本太郎様\n番号は{{宣言番号}}です。20"),
        "{text}"
    );
    assert_eq!(filled.missing, [MergeField::Number]);
    let mut answer = reply(on(&detail));
    answer.text = filled.text.clone();
    let outcome = app.reply_to_inquiry(&colleague(&app, 1), &answer).await;
    assert_eq!(codes(outcome), ["merge_field_left"]);
    let english = app
        .fill_reply_template(&colleague(&app, 1), id, Language::En, about)
        .await;
    assert!(matches!(&english, Err(FillTemplateError::Invalid(problem)) if problem.code == "english_older"));
    let viewer = Actor::Staff(StaffId(Uuid::from_u128(3)));
    let viewer = app.context(viewer, vec![Role::Viewer], Uuid::now_v7(), "test");
    let forbidden = app.fill_reply_template(&viewer, id, Language::Ja, about).await;
    assert!(matches!(forbidden, Err(FillTemplateError::Forbidden(_))));
}

async fn a_template_is_kept_in_versions(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let op = colleague(&app, 1);
    let command = SaveTemplate {
        command_id: Uuid::now_v7(),
        change_of: None,
        draft: typed("本文", Some("Text")),
    };
    let known = app
        .save_reply_template(&op, command.clone())
        .await
        .expect("saved");
    let again = app.save_reply_template(&op, command.clone()).await;
    assert_eq!(again.expect("the same"), known);
    let reused = SaveTemplate {
        draft: typed("別の本文", None),
        ..command
    };
    let reused = app.save_reply_template(&op, reused).await;
    assert!(
        matches!(&reused, Err(WriteTemplateError::Invalid(problems)) if problems[0].code == "command_reused"),
        "{reused:?}"
    );
    let change = |version| SaveTemplate {
        command_id: Uuid::now_v7(),
        change_of: Some((known.template.id, version)),
        draft: typed("新しい本文", Some("Text")),
    };
    let newer = app
        .save_reply_template(&op, change(known.version))
        .await
        .expect("saved");
    assert!(newer.template.is_english_older && newer.template.revision == 2);
    let stale = app.save_reply_template(&op, change(known.version)).await;
    assert!(matches!(&stale, Err(WriteTemplateError::Stale(now)) if **now == newer));
    let retire = CaseChange {
        command_id: Uuid::now_v7(),
        id: known.template.id.uuid(),
        expected_version: newer.version,
    };
    let retired = app
        .retire_reply_template(&op, retire, true)
        .await
        .expect("retired");
    assert!(retired.template.is_retired);
    let offered = app.reply_templates(&op, false).await.expect("templates");
    let all = app.reply_templates(&op, true).await.expect("templates");
    assert_eq!((offered.len(), all), (0, vec![retired]));
}

async fn one_change_of_many_holds_up_none_for_another(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let op = someone(&app);
    let named = arrives(&app, &written("1@example.jp", TARO)).await;
    let nameless = arrives(&app, &written("2@example.com", "hanako@example.com")).await;
    let (first, second) = (look_at(&app, named).await, look_at(&app, nameless).await);
    let nobody = domain::InquiryId::new(Uuid::now_v7());
    let items = [
        (first.inquiry.id(), first.version),
        (second.inquiry.id(), second.version),
        (nobody, Position::START),
    ];
    let answer = InquiriesChange::Reply(TemplateReply {
        template: saved(&app, "{{相手}}様\nありがとうございます。", None).await,
        language: Language::Ja,
        sender: "office".to_owned(),
        closes: true,
    });
    let command_id = Uuid::now_v7();
    let expected = vec![
        (first.inquiry.id(), ChangeOutcome::Done),
        (
            second.inquiry.id(),
            ChangeOutcome::Missing(vec![MergeField::Recipient]),
        ),
        (nobody, ChangeOutcome::NotFound),
    ];
    for _ in 0..2 {
        let outcomes = app.change_inquiries(&op, command_id, &items, &answer).await;
        assert_eq!(
            outcomes.expect("outcomes"),
            expected,
            "also when it is asked for again"
        );
    }
    let answered = look_at(&app, named).await;
    assert_eq!(answered.inquiry.replies.len(), 1);
    assert_eq!(answered.inquiry.status, InquiryStatus::Closed);
    // What moved since is not closed unseen.
    let close = InquiriesChange::Close {
        resolution: Resolution::NoAnswerNeeded,
    };
    let note = InquiryChange::Note {
        text: Personal::new("電話済み".to_owned()),
        mentioned: Vec::new(),
    };
    app.change_inquiry(&op, on(&second), &note).await.expect("noted");
    let outcomes = app
        .change_inquiries(&op, Uuid::now_v7(), &items[..2], &close)
        .await
        .expect("outcomes");
    assert!(matches!(outcomes[0].1, ChangeOutcome::Moved), "{outcomes:?}");
    assert_eq!(outcomes[1].1, ChangeOutcome::Moved);
    let twice = [items[0], items[0]];
    app.change_inquiries(&op, Uuid::now_v7(), &twice, &close)
        .await
        .expect_err("one twice");
    app.change_inquiries(&op, Uuid::now_v7(), &[], &close)
        .await
        .expect_err("none");
}
