//! Changes of an inquiry that are asked for more than once.

use app::inquiry::{InquiryChange, ReplyToInquiry, ReplyToInquiryError};
use chrono::TimeDelta;
use domain::Personal;
use test_support::{FixedClock, TestDatabase};

use crate::inquiries::{TARO, arrives, look_at, on, refused, reply, written};
use crate::support::{node, someone};

test_support::on_both_engines!(a_command_is_done_once_and_its_id_with_another_request_is_an_error);

async fn a_command_is_done_once_and_its_id_with_another_request_is_an_error(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let seen = look_at(&app, first).await;
    let change = on(&seen);
    let note = |text: &str| InquiryChange::Note {
        text: Personal::new(text.to_owned()),
        mentioned: Vec::new(),
    };
    let noted = app
        .change_inquiry(&someone(&app), change, &note("電話済み"))
        .await;
    let noted = noted.expect("noted");
    // Whoever did not hear the answer asks again, also when more has happened since.
    let more = on(&look_at(&app, first).await);
    app.change_inquiry(&someone(&app), more, &note("もう一度"))
        .await
        .expect("noted");
    let again = app
        .change_inquiry(&someone(&app), change, &note("電話済み"))
        .await;
    assert_eq!(again.expect("the same"), noted);
    let other = app
        .change_inquiry(&someone(&app), change, &note("別の内容"))
        .await;
    assert_eq!(refused(other), "command_reused");
    let other = app
        .change_inquiry(&someone(&app), change, &InquiryChange::MarkSpam)
        .await;
    assert_eq!(refused(other), "command_reused");
    // An answer that is asked for again some seconds later is the same one.
    let answer = reply(on(&look_at(&app, first).await));
    let replied = app
        .reply_to_inquiry(&someone(&app), &answer)
        .await
        .expect("queued");
    clock.advance(TimeDelta::seconds(3));
    let again = app.reply_to_inquiry(&someone(&app), &answer).await;
    assert_eq!(again.expect("the same"), replied);
    let other = ReplyToInquiry {
        text: Personal::new("別の返信です。".to_owned()),
        ..answer
    };
    let other = app.reply_to_inquiry(&someone(&app), &other).await;
    assert!(
        matches!(&other, Err(ReplyToInquiryError::Invalid(problems)) if problems[0].code == "command_reused"),
        "{other:?}"
    );
    assert_eq!(look_at(&app, first).await.inquiry.replies.len(), 1);
}
