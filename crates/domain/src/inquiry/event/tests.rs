//! The stored shapes: frozen, one line for each event.

use super::*;
use crate::inquiry::MessageKind;

const ID: &str = r#""inquiry_id":"00000000-0000-0000-0000-000000000001""#;
const TWO: &str = "00000000-0000-0000-0000-000000000002";
const MESSAGE: &str = r#"{"attachments":1,"charset":"iso-2022-jp","correspondent_hash":"aa","id":"00000000-0000-0000-0000-000000000002","kind":"human","may_be_answered":true,"message_hash":"bb","taken_at":1796000000000000}"#;

fn inquiry_id() -> InquiryId {
    InquiryId::new(Uuid::from_u128(1))
}

fn two() -> Uuid {
    Uuid::from_u128(2)
}

fn message() -> Message {
    Message {
        id: IncomingMailId::new(two()),
        kind: MessageKind::Human,
        taken_at: 1_796_000_000_000_000,
        message_hash: Some("bb".to_owned()),
        correspondent_hash: Some("aa".to_owned()),
        attachments: 1,
        charset: "iso-2022-jp".to_owned(),
        may_be_answered: true,
    }
}

fn what_comes_in() -> Vec<(InquiryEvent, String)> {
    let (inquiry_id, id) = (inquiry_id(), ID);
    vec![
        (
            InquiryEvent::Received(Received {
                inquiry_id,
                channel: Channel::Mail,
                message: message(),
                due_at: Some(1_796_100_000_000_000),
                answers_mail: Some(two()),
                suggested: Some(InquiryId::new(two())),
                refers_to: None,
                declarations: vec![DeclarationId::new(two())],
                acknowledgement: None,
            }),
            format!(
                r#"received {{"acknowledgement":null,"answers_mail":"{TWO}","channel":"mail","declarations":["{TWO}"],"due_at":1796100000000000,{id},"message":{MESSAGE},"refers_to":null,"suggested":"{TWO}"}}"#
            ),
        ),
        (
            InquiryEvent::MessageAdded {
                inquiry_id,
                message: message(),
                is_subject_changed: true,
                due_at: None,
            },
            format!(r#"message_added {{"due_at":null,{id},"is_subject_changed":true,"message":{MESSAGE}}}"#),
        ),
        (
            InquiryEvent::Absorbed {
                inquiry_id,
                from: InquiryId::new(two()),
                messages: vec![message()],
                due_at: Some(1),
            },
            format!(r#"absorbed {{"due_at":1,"from":"{TWO}",{id},"messages":[{MESSAGE}]}}"#),
        ),
    ]
}

fn what_is_done() -> Vec<(InquiryEvent, String)> {
    let (inquiry_id, id) = (inquiry_id(), ID);
    let staff = StaffId(two());
    let declaration_id = DeclarationId::new(two());
    vec![
        (
            InquiryEvent::Assigned {
                inquiry_id,
                assignee: Some(staff),
            },
            format!(r#"assigned {{"assignee":"{TWO}",{id}}}"#),
        ),
        (
            InquiryEvent::Noted {
                inquiry_id,
                mentioned: vec![staff],
            },
            format!(r#"noted {{{id},"mentioned":["{TWO}"]}}"#),
        ),
        (
            InquiryEvent::MentionSeen { inquiry_id },
            format!("mention_seen {{{id}}}"),
        ),
        (
            InquiryEvent::Replied {
                inquiry_id,
                mail_id: two(),
                answers: Some(IncomingMailId::new(two())),
                correspondent_hash: "aa".to_owned(),
            },
            format!(r#"replied {{"answers":"{TWO}","correspondent_hash":"aa",{id},"mail_id":"{TWO}"}}"#),
        ),
        (
            InquiryEvent::ReplyWithdrawn {
                inquiry_id,
                mail_id: two(),
            },
            format!(r#"reply_withdrawn {{{id},"mail_id":"{TWO}"}}"#),
        ),
        (
            InquiryEvent::Snoozed { inquiry_id, until: 1 },
            format!(r#"snoozed {{{id},"until":1}}"#),
        ),
        (InquiryEvent::Woken { inquiry_id }, format!("woken {{{id}}}")),
        (
            InquiryEvent::Linked {
                inquiry_id,
                declaration_id,
            },
            format!(r#"linked {{"declaration_id":"{TWO}",{id}}}"#),
        ),
        (
            InquiryEvent::Unlinked {
                inquiry_id,
                declaration_id,
            },
            format!(r#"unlinked {{"declaration_id":"{TWO}",{id}}}"#),
        ),
        (
            InquiryEvent::RecordChanged {
                inquiry_id,
                declaration_id,
                change: "declaration.stopped".to_owned(),
            },
            format!(r#"record_changed {{"change":"declaration.stopped","declaration_id":"{TWO}",{id}}}"#),
        ),
        (
            InquiryEvent::Tagged {
                inquiry_id,
                added: vec![InquiryTag::Logo],
                removed: vec![InquiryTag::GbizId],
            },
            format!(r#"tagged {{"added":["logo"],{id},"removed":["gbiz_id"]}}"#),
        ),
        (
            InquiryEvent::CharsetChosen {
                inquiry_id,
                message: IncomingMailId::new(two()),
                charset: "shift_jis".to_owned(),
            },
            format!(r#"charset_chosen {{"charset":"shift_jis",{id},"message":"{TWO}"}}"#),
        ),
    ]
}

fn how_it_ends() -> Vec<(InquiryEvent, String)> {
    let (inquiry_id, id) = (inquiry_id(), ID);
    vec![
        (
            InquiryEvent::Closed {
                inquiry_id,
                resolution: Resolution::Answered,
            },
            format!(r#"closed {{{id},"resolution":"answered"}}"#),
        ),
        (
            InquiryEvent::Reopened { inquiry_id },
            format!("reopened {{{id}}}"),
        ),
        (
            InquiryEvent::Merged {
                inquiry_id,
                into: InquiryId::new(two()),
            },
            format!(r#"merged {{{id},"into":"{TWO}"}}"#),
        ),
        (
            InquiryEvent::Split {
                inquiry_id,
                messages: vec![IncomingMailId::new(two())],
                into: InquiryId::new(two()),
            },
            format!(r#"split {{{id},"into":"{TWO}","messages":["{TWO}"]}}"#),
        ),
        (
            InquiryEvent::SpamMarked { inquiry_id },
            format!("spam_marked {{{id}}}"),
        ),
        (
            InquiryEvent::SpamCleared { inquiry_id },
            format!("spam_cleared {{{id}}}"),
        ),
        (
            InquiryEvent::DraftSaved {
                inquiry_id,
                asks_review: true,
            },
            format!(r#"draft_saved {{"asks_review":true,{id}}}"#),
        ),
        (
            InquiryEvent::DraftDiscarded { inquiry_id },
            format!("draft_discarded {{{id}}}"),
        ),
        (
            InquiryEvent::DraftAgreed { inquiry_id },
            format!("draft_agreed {{{id}}}"),
        ),
        (
            InquiryEvent::Forgotten {
                inquiry_id,
                subjects: vec![SubjectId::new(two())],
            },
            format!(r#"forgotten {{{id},"subjects":["{TWO}"]}}"#),
        ),
    ]
}

#[test]
fn the_stored_shapes_are_frozen_and_read_back() {
    let cases = [what_comes_in(), what_is_done(), how_it_ends()].concat();
    assert_eq!(cases.len(), InquiryEvent::TYPES.len());
    for (event, stored) in cases {
        assert_eq!(
            format!("{} {}", event.event_type(), event.data()),
            format!("inquiry.{stored}")
        );
        let read = InquiryEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
        assert_eq!(read.expect("it reads back"), event);
        assert_eq!(event.inquiry_id(), inquiry_id());
    }
    assert!(InquiryEvent::decode("inquiry.woken", 2, &Value::Null).is_err());
    assert!(InquiryEvent::decode("inquiry.other", 1, &Value::Null).is_err());
}
