//! How inquiries go, as they are counted: given what happened hour by hour, then these moments count.

use chrono::{DateTime, TimeDelta, Utc};
use domain::inquiry::decide::{self, Arrival};
use domain::inquiry::{Course, InquiryEvent, Message, MessageKind, Resolution};
use domain::staff::Actor;
use domain::{IncomingMailId, InquiryId};
use uuid::Uuid;

const ID: InquiryId = InquiryId::new(Uuid::from_u128(1));

fn at(hour: i64) -> DateTime<Utc> {
    let begin: DateTime<Utc> = "2026-11-30T00:00:00Z".parse().expect("an instant");
    begin + TimeDelta::hours(hour)
}

fn message(kind: MessageKind) -> Message {
    Message {
        id: IncomingMailId::new(Uuid::from_u128(11)),
        kind,
        taken_at: at(0).timestamp_micros(),
        message_hash: None,
        correspondent_hash: None,
        attachments: 0,
        charset: "utf-8".to_owned(),
        may_be_answered: true,
    }
}

fn received(kind: MessageKind) -> InquiryEvent {
    decide::receive(ID, message(kind), Arrival::default())
}

fn added() -> InquiryEvent {
    InquiryEvent::MessageAdded {
        inquiry_id: ID,
        message: message(MessageKind::Human),
        is_subject_changed: false,
        due_at: None,
    }
}

fn replied(n: u128) -> InquiryEvent {
    InquiryEvent::Replied {
        inquiry_id: ID,
        mail_id: Uuid::from_u128(n),
        answers: None,
        correspondent_hash: "aa".to_owned(),
    }
}

const CLOSED: InquiryEvent = InquiryEvent::Closed {
    inquiry_id: ID,
    resolution: Resolution::Referred,
};

/// One event an hour.
fn course(events: &[InquiryEvent]) -> Course {
    let by: Actor = "system:test".parse().expect("an actor");
    let events = events.iter().zip(0..);
    Course::of(events.map(|(event, hour)| (event, &by, at(hour)))).expect("it began")
}

/// Hour by hour: how many more wait, and what is counted.
fn told(course: &Course) -> Vec<String> {
    let told = course.steps.iter().map(|step| {
        let mut text = format!("{} {:+}", (step.at - at(0)).num_hours(), step.change);
        for (is, word) in [
            (step.is_closing, " closed"),
            (step.is_undone, " undone"),
            (step.is_reopening, " reopened"),
        ] {
            if is {
                text.push_str(word);
            }
        }
        text
    });
    told.collect()
}

#[test]
fn it_waits_until_it_is_answered_and_is_closed_without_leaving_twice() {
    let snoozed = InquiryEvent::Snoozed {
        inquiry_id: ID,
        until: at(50).timestamp_micros(),
    };
    let course = course(&[received(MessageKind::Human), snoozed, replied(7), CLOSED]);
    assert_eq!(told(&course), ["0 +1", "2 -1", "3 +0 closed"]);
    assert_eq!(course.first_replied_at(), Some(at(2)));
    assert!(course.counts());
}

#[test]
fn a_closing_is_undone_by_what_comes_before_us_again_at_once_or_after_another_answer() {
    let reopened = InquiryEvent::Reopened { inquiry_id: ID };
    let at_once = course(&[received(MessageKind::Human), CLOSED, reopened.clone(), CLOSED]);
    assert_eq!(
        told(&at_once),
        ["0 +1", "1 -1 closed undone", "2 +1 reopened", "3 -1 closed"]
    );
    let later = course(&[received(MessageKind::Human), CLOSED, replied(7), added()]);
    assert_eq!(told(&later), ["0 +1", "1 -1 closed undone", "3 +1 reopened"]);
    // Of two closings in a row the second is undone.
    let twice = course(&[received(MessageKind::Human), CLOSED, replied(7), CLOSED, added()]);
    assert_eq!(
        told(&twice),
        ["0 +1", "1 -1 closed", "3 +0 closed undone", "4 +1 reopened"]
    );
}

#[test]
fn an_answer_that_was_called_off_was_none() {
    let withdrawn = InquiryEvent::ReplyWithdrawn {
        inquiry_id: ID,
        mail_id: Uuid::from_u128(7),
    };
    let course = course(&[received(MessageKind::Human), replied(7), withdrawn, replied(8)]);
    assert_eq!(told(&course), ["0 +1", "1 -1", "2 +1", "3 -1"]);
    assert_eq!(course.first_replied_at(), Some(at(3)));
}

#[test]
fn what_a_program_said_spam_and_parts_of_others_do_not_count() {
    let filed = course(&[received(MessageKind::AutoReply)]);
    assert!(told(&filed).is_empty() && !filed.counts());
    let answered = course(&[received(MessageKind::AutoReply), added()]);
    assert_eq!(told(&answered), ["1 +1"], "nobody had closed it");
    assert!(answered.counts());
    let spam = InquiryEvent::SpamMarked { inquiry_id: ID };
    let cleared = InquiryEvent::SpamCleared { inquiry_id: ID };
    assert!(!course(&[received(MessageKind::Human), spam.clone()]).counts());
    assert!(course(&[received(MessageKind::Human), spam, cleared]).counts());
    let merged = InquiryEvent::Merged {
        inquiry_id: ID,
        into: InquiryId::new(Uuid::from_u128(2)),
    };
    assert!(!course(&[received(MessageKind::Human), merged]).counts());
}
