//! Whom notes ask to look at an inquiry, and until when.

use chrono::{DateTime, Utc};
use domain::inquiry::decide::{self, Arrival};
use domain::inquiry::{Inquiry, InquiryEvent, InquiryRefusal, Message, MessageKind, Resolution};
use domain::staff::{Actor, StaffId};
use domain::{IncomingMailId, InquiryId};
use uuid::Uuid;

const MONDAY: &str = "2026-11-30T03:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn id(n: u128) -> InquiryId {
    InquiryId::new(Uuid::from_u128(n))
}

fn received() -> InquiryEvent {
    let message = Message {
        id: IncomingMailId::new(Uuid::from_u128(11)),
        kind: MessageKind::Human,
        taken_at: at(MONDAY).timestamp_micros(),
        message_hash: None,
        correspondent_hash: None,
        attachments: 0,
        charset: "utf-8".to_owned(),
        may_be_answered: true,
    };
    decide::receive(id(1), message, Arrival::default())
}

fn replied() -> InquiryEvent {
    InquiryEvent::Replied {
        inquiry_id: id(1),
        mail_id: Uuid::from_u128(21),
        answers: None,
        correspondent_hash: "aa".to_owned(),
    }
}

fn closed() -> InquiryEvent {
    InquiryEvent::Closed {
        inquiry_id: id(1),
        resolution: Resolution::NoAnswerNeeded,
    }
}

/// The inquiry after these events, each by a member of staff.
fn by_staff<const N: usize>(events: [(u128, InquiryEvent); N]) -> Inquiry {
    let system = Actor::System("test".to_owned());
    let begun = received();
    let events = events.map(|(who, event)| (event, Actor::Staff(StaffId(Uuid::from_u128(who)))));
    let events = events.iter().map(|(event, by)| (event, by, at(MONDAY)));
    Inquiry::of(std::iter::once((&begun, &system, at(MONDAY))).chain(events)).expect("it began")
}

fn noted(mentioned: &[u128]) -> InquiryEvent {
    InquiryEvent::Noted {
        inquiry_id: id(1),
        mentioned: mentioned
            .iter()
            .map(|who| StaffId(Uuid::from_u128(*who)))
            .collect(),
    }
}

#[test]
fn whom_a_note_asks_to_look_is_asked_until_they_say_so_or_do_something_there() {
    let called =
        |inquiry: &Inquiry| -> Vec<u128> { inquiry.called.iter().map(|staff| staff.0.as_u128()).collect() };
    let seen = || InquiryEvent::MentionSeen { inquiry_id: id(1) };
    let asked = by_staff([(31, noted(&[31, 32, 33]))]);
    assert_eq!(called(&asked), [32, 33], "nobody asks themselves");
    let staff = |who| Some(StaffId(Uuid::from_u128(who)));
    assert_eq!(decide::see_mention(&asked, staff(32)), Ok(seen()));
    for other in [staff(31), staff(40), None] {
        assert_eq!(decide::see_mention(&asked, other), Err(InquiryRefusal::NoChange));
    }
    assert_eq!(called(&by_staff([(31, noted(&[32, 33])), (32, seen())])), [33]);
    assert_eq!(
        called(&by_staff([(31, noted(&[32, 33])), (33, noted(&[31]))])),
        [31, 32]
    );
    assert_eq!(
        called(&by_staff([(31, noted(&[32])), (32, replied())])),
        [0_u128; 0]
    );
    assert_eq!(
        called(&by_staff([(31, noted(&[32])), (31, replied())])),
        [32],
        "another answered"
    );
    let spam = InquiryEvent::SpamMarked { inquiry_id: id(1) };
    let merged = InquiryEvent::Merged {
        inquiry_id: id(1),
        into: id(2),
    };
    let forgotten = InquiryEvent::Forgotten {
        inquiry_id: id(1),
        subjects: Vec::new(),
    };
    for over in [closed(), spam, merged, forgotten] {
        assert_eq!(called(&by_staff([(31, noted(&[32])), (31, over)])), [0_u128; 0]);
    }
    // What is written beside a thread that is over is read by whoever it is for.
    assert_eq!(called(&by_staff([(31, closed()), (31, noted(&[32]))])), [32]);
}
