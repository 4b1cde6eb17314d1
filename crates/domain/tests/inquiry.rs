//! Decisions about inquiries: given what happened, when somebody wants something, then this happens, or it is refused.

use chrono::{DateTime, Utc};
use domain::inquiry::decide::{self, Arrival};
use domain::inquiry::{
    Inquiry, InquiryEvent, InquiryRefusal, InquiryStatus, InquiryTag, Message, MessageKind, Resolution,
};
use domain::staff::{Actor, StaffId};
use domain::{DeclarationId, IncomingMailId, InquiryId, SubjectId};
use uuid::Uuid;

type Decided = Result<InquiryEvent, InquiryRefusal>;

const MONDAY: &str = "2026-11-30T03:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn id(n: u128) -> InquiryId {
    InquiryId::new(Uuid::from_u128(n))
}

fn message(n: u128) -> Message {
    message_of(n, MessageKind::Human)
}

fn message_of(n: u128, kind: MessageKind) -> Message {
    Message {
        id: IncomingMailId::new(Uuid::from_u128(n)),
        kind,
        taken_at: at(MONDAY).timestamp_micros(),
        message_hash: None,
        correspondent_hash: Some("aa".to_owned()),
        attachments: 0,
        charset: "utf-8".to_owned(),
        may_be_answered: kind == MessageKind::Human,
    }
}

fn received() -> InquiryEvent {
    let arrival = Arrival {
        due_at: Some(at("2026-12-01T03:00:00Z")),
        ..Arrival::default()
    };
    decide::receive(id(1), message(11), arrival)
}

fn added(n: u128, kind: MessageKind) -> InquiryEvent {
    InquiryEvent::MessageAdded {
        inquiry_id: id(1),
        message: message_of(n, kind),
        is_subject_changed: false,
        due_at: Some(at("2026-12-04T03:00:00Z").timestamp_micros()),
    }
}

fn replied() -> InquiryEvent {
    InquiryEvent::Replied {
        inquiry_id: id(1),
        mail_id: Uuid::from_u128(21),
        answers: Some(IncomingMailId::new(Uuid::from_u128(11))),
        correspondent_hash: "aa".to_owned(),
    }
}

fn closed() -> InquiryEvent {
    InquiryEvent::Closed {
        inquiry_id: id(1),
        resolution: Resolution::NoAnswerNeeded,
    }
}

fn spam() -> InquiryEvent {
    InquiryEvent::SpamMarked { inquiry_id: id(1) }
}

fn merged() -> InquiryEvent {
    InquiryEvent::Merged {
        inquiry_id: id(1),
        into: id(2),
    }
}

fn forgotten() -> InquiryEvent {
    InquiryEvent::Forgotten {
        inquiry_id: id(1),
        subjects: Vec::new(),
    }
}

/// The inquiry after these events, all of them on one Monday.
fn given<const N: usize>(events: [InquiryEvent; N]) -> Inquiry {
    let (events, by) = (Vec::from(events), Actor::System("test".to_owned()));
    Inquiry::of(events.iter().map(|event| (event, &by, at(MONDAY)))).expect("it began")
}

#[track_caller]
fn refused(decided: &Decided, refusal: InquiryRefusal) {
    assert_eq!(*decided, Err(refusal));
}

#[test]
fn what_somebody_wrote_waits_for_us() {
    let inquiry = given([received()]);
    assert_eq!(inquiry.status, InquiryStatus::Open);
    assert_eq!(
        inquiry.clock(),
        Some(at("2026-12-01T03:00:00Z").timestamp_micros())
    );
}

#[test]
fn what_a_program_says_is_filed_and_what_cannot_be_read_waits() {
    let of = |kind| {
        let arrival = Arrival {
            due_at: Some(at("2026-12-01T03:00:00Z")),
            acknowledgement: Some(Uuid::from_u128(1)),
            ..Arrival::default()
        };
        given([decide::receive(id(1), message_of(11, kind), arrival)])
    };
    let filed = of(MessageKind::AutoReply);
    assert_eq!(filed.status, InquiryStatus::Closed);
    assert_eq!(filed.resolution, Some(Resolution::NoAnswerNeeded));
    assert_eq!((filed.clock(), filed.received.acknowledgement), (None, None));
    let list = of(MessageKind::List);
    assert_eq!((list.status, list.clock()), (InquiryStatus::Open, None));
    let unreadable = of(MessageKind::Unreadable);
    assert_eq!(unreadable.status, InquiryStatus::Open);
    assert!(unreadable.clock().is_some());
}

#[test]
fn what_comes_after_brings_it_back_before_us() {
    for before in [replied(), closed()] {
        let inquiry = given([received(), before, added(12, MessageKind::Human)]);
        assert_eq!(inquiry.status, InquiryStatus::Open);
        assert_eq!(
            inquiry.clock(),
            Some(at("2026-12-04T03:00:00Z").timestamp_micros())
        );
        assert_eq!((inquiry.closed_at, inquiry.resolution), (None, None));
    }
    // Who waits already waits since the first message.
    let inquiry = given([received(), added(12, MessageKind::Human)]);
    assert_eq!(
        inquiry.clock(),
        Some(at("2026-12-01T03:00:00Z").timestamp_micros())
    );
}

#[test]
fn what_a_program_says_after_changes_nothing_and_spam_stays_spam() {
    let waiting = given([received(), replied(), added(12, MessageKind::AutoReply)]);
    assert_eq!(waiting.status, InquiryStatus::Waiting);
    assert_eq!(waiting.messages.len(), 2);
    let spam = given([received(), spam(), added(12, MessageKind::Human)]);
    assert_eq!((spam.status, spam.clock()), (InquiryStatus::Spam, None));
}

#[test]
fn a_message_is_added_once_and_to_nothing_that_is_gone() {
    let add = |inquiry: &Inquiry, n| decide::add_message(inquiry, message(n), false, None);
    assert!(add(&given([received()]), 12).is_ok());
    refused(&add(&given([received()]), 11), InquiryRefusal::NoChange);
    refused(&add(&given([received(), merged()]), 12), InquiryRefusal::Merged);
    refused(
        &add(&given([received(), forgotten()]), 12),
        InquiryRefusal::Forgotten,
    );
}

#[test]
fn somebody_takes_it_and_gives_it_back() {
    let staff = StaffId(Uuid::from_u128(5));
    let assigned = decide::assign(&given([received()]), Some(staff)).expect("assigned");
    let inquiry = given([received(), assigned]);
    assert_eq!(inquiry.assignee, Some(staff));
    refused(&decide::assign(&inquiry, Some(staff)), InquiryRefusal::NoChange);
    assert!(decide::assign(&inquiry, None).is_ok());
    refused(
        &decide::assign(&given([received(), closed()]), Some(staff)),
        InquiryRefusal::Closed,
    );
    refused(
        &decide::assign(&given([received(), spam()]), Some(staff)),
        InquiryRefusal::Spam,
    );
}

#[test]
fn a_note_mentions_each_colleague_once() {
    let (one, other) = (StaffId(Uuid::from_u128(5)), StaffId(Uuid::from_u128(6)));
    let noted = decide::note(&given([received(), closed()]), vec![one, other, one]);
    assert_eq!(
        noted,
        Ok(InquiryEvent::Noted {
            inquiry_id: id(1),
            mentioned: vec![one, other]
        })
    );
    refused(
        &decide::note(&given([received(), merged()]), Vec::new()),
        InquiryRefusal::Merged,
    );
}

#[test]
fn an_answer_ends_the_clock_and_waits_for_them() {
    let reply = |inquiry: &Inquiry, answers: Option<u128>| {
        let answers = answers.map(|n| IncomingMailId::new(Uuid::from_u128(n)));
        decide::reply(inquiry, Uuid::from_u128(21), answers, "aa".to_owned())
    };
    assert_eq!(reply(&given([received()]), Some(11)), Ok(replied()));
    let inquiry = given([received(), replied()]);
    assert_eq!((inquiry.status, inquiry.clock()), (InquiryStatus::Waiting, None));
    assert!(
        reply(&given([received(), closed()]), None).is_ok(),
        "it waits for them then"
    );
    refused(
        &reply(&given([received()]), Some(12)),
        InquiryRefusal::OtherMessage,
    );
    refused(&reply(&given([received(), spam()]), None), InquiryRefusal::Spam);
}

#[test]
fn an_answer_that_is_called_off_leaves_them_waiting_since_they_wrote() {
    let withdraw = |inquiry: &Inquiry, n| decide::withdraw_reply(inquiry, Uuid::from_u128(n));
    let answered = given([received(), replied()]);
    let withdrawn = withdraw(&answered, 21).expect("called off");
    let inquiry = given([received(), replied(), closed(), withdrawn.clone()]);
    assert_eq!(inquiry.status, InquiryStatus::Open);
    assert!(inquiry.replies.is_empty());
    assert_eq!(inquiry.clock(), given([received()]).clock());
    refused(&withdraw(&inquiry, 21), InquiryRefusal::OtherMessage);
    // What they wrote meanwhile has its own clock.
    let written = given([received(), replied(), added(12, MessageKind::Human), withdrawn]);
    assert_eq!(
        written.clock(),
        Some(at("2026-12-04T03:00:00Z").timestamp_micros())
    );
}

#[test]
fn it_is_put_off_until_a_moment_that_comes() {
    let (now, until) = (at(MONDAY), at("2026-12-02T00:00:00Z"));
    let snoozed = decide::snooze(&given([received()]), until, now).expect("put off");
    let inquiry = given([received(), snoozed.clone()]);
    assert_eq!(inquiry.status, InquiryStatus::Snoozed);
    assert!(inquiry.clock().is_some(), "putting it off stops no clock");
    refused(&decide::snooze(&inquiry, until, now), InquiryRefusal::NoChange);
    refused(&decide::snooze(&inquiry, now, now), InquiryRefusal::InPast);
    refused(
        &decide::snooze(&inquiry, at("2027-12-02T03:00:00Z"), now),
        InquiryRefusal::TooLate,
    );
    let woken = decide::wake(&inquiry).expect("woken");
    let awake = given([received(), snoozed.clone(), woken]);
    assert_eq!((awake.status, awake.snoozed_until), (InquiryStatus::Open, None));
    refused(&decide::wake(&awake), InquiryRefusal::NotSnoozed);
    // A message wakes it by itself.
    let written = given([received(), snoozed, added(12, MessageKind::Human)]);
    assert_eq!(
        (written.status, written.snoozed_until),
        (InquiryStatus::Open, None)
    );
}

#[test]
fn it_is_closed_and_goes_on_within_thirty_days() {
    let close = |inquiry: &Inquiry| decide::close(inquiry, Resolution::Answered);
    refused(&close(&given([received()])), InquiryRefusal::NotAnswered);
    assert!(close(&given([received(), replied()])).is_ok());
    assert!(decide::close(&given([received()]), Resolution::Referred).is_ok());
    let over = given([received(), closed()]);
    assert_eq!(over.closed_at, Some(at(MONDAY)));
    refused(&close(&over), InquiryRefusal::Closed);
    assert!(decide::reopen(&over, at("2026-12-30T03:00:00Z")).is_ok());
    refused(
        &decide::reopen(&over, at("2026-12-30T03:00:01Z")),
        InquiryRefusal::ClosedForLong,
    );
    refused(
        &decide::reopen(&given([received()]), at(MONDAY)),
        InquiryRefusal::NotClosed,
    );
}

fn another() -> Inquiry {
    given([decide::receive(id(2), message(31), Arrival::default())])
}

#[test]
fn one_becomes_a_part_of_another_with_its_clock() {
    let (one, other) = (given([received()]), another());
    let joined = decide::merge(&one, &other).expect("merged");
    assert_eq!(joined.merged, merged());
    let gone = given([received(), joined.merged]);
    assert_eq!(
        (gone.status, gone.merged_into),
        (InquiryStatus::Merged, Some(id(2)))
    );
    let goes_on = given([
        decide::receive(id(2), message(31), Arrival::default()),
        joined.absorbed,
    ]);
    assert_eq!(goes_on.absorbed, [id(1)]);
    assert_eq!(goes_on.all_messages().count(), 2);
    assert_eq!(goes_on.clock(), one.clock());
}

#[test]
fn nothing_becomes_a_part_of_itself_or_of_what_is_over() {
    let one = given([received()]);
    assert_eq!(decide::merge(&one, &one), Err(InquiryRefusal::Itself));
    for over in [closed(), spam(), merged()] {
        let over = given([received(), over]);
        assert_eq!(decide::merge(&another(), &over), Err(InquiryRefusal::OtherIsOver));
    }
    assert_eq!(
        decide::merge(&given([received(), merged()]), &another()),
        Err(InquiryRefusal::Merged)
    );
}

#[test]
fn some_messages_begin_an_inquiry_of_their_own_and_one_stays() {
    let split = |inquiry: &Inquiry, messages: &[u128]| {
        let messages: Vec<IncomingMailId> = messages
            .iter()
            .map(|n| IncomingMailId::new(Uuid::from_u128(*n)))
            .collect();
        decide::split(inquiry, &messages, id(3))
    };
    let three = || {
        given([
            received(),
            added(12, MessageKind::Human),
            added(13, MessageKind::Human),
        ])
    };
    let gone = split(&three(), &[13, 12]).expect("split");
    assert_eq!(
        gone,
        InquiryEvent::Split {
            inquiry_id: id(1),
            messages: [12, 13].map(|n| IncomingMailId::new(Uuid::from_u128(n))).to_vec(),
            into: id(3)
        }
    );
    let left = given([
        received(),
        added(12, MessageKind::Human),
        added(13, MessageKind::Human),
        gone,
    ]);
    assert_eq!(left.messages, [message(11)]);
    refused(&split(&three(), &[]), InquiryRefusal::NoMessage);
    refused(&split(&three(), &[99]), InquiryRefusal::OtherMessage);
    refused(&split(&three(), &[11, 12, 13]), InquiryRefusal::AllMessages);
}

#[test]
fn it_is_about_declarations_and_about_things() {
    let declaration = DeclarationId::new(Uuid::from_u128(7));
    let linked = decide::link(&given([received()]), declaration).expect("linked");
    let inquiry = given([received(), linked]);
    refused(&decide::link(&inquiry, declaration), InquiryRefusal::NoChange);
    assert!(decide::unlink(&inquiry, declaration).is_ok());
    refused(
        &decide::unlink(&given([received()]), declaration),
        InquiryRefusal::NoChange,
    );
    let arrival = Arrival {
        declarations: (0..50)
            .map(|n| DeclarationId::new(Uuid::from_u128(n + 100)))
            .collect(),
        ..Arrival::default()
    };
    let full = given([decide::receive(id(1), message(11), arrival)]);
    refused(
        &decide::link(&full, declaration),
        InquiryRefusal::TooManyDeclarations,
    );

    let tagged = decide::tag(
        &inquiry,
        &[InquiryTag::Logo, InquiryTag::Logo],
        &[InquiryTag::Star],
    );
    let tagged = tagged.expect("tagged");
    assert_eq!(
        tagged,
        InquiryEvent::Tagged {
            inquiry_id: id(1),
            added: vec![InquiryTag::Logo],
            removed: Vec::new()
        }
    );
    let inquiry = given([received(), tagged]);
    refused(
        &decide::tag(&inquiry, &[InquiryTag::Logo], &[InquiryTag::Star]),
        InquiryRefusal::NoChange,
    );
}

#[test]
fn spam_waits_for_nobody_and_its_clock_goes_on_when_it_is_none() {
    let marked = decide::mark_spam(&given([received()])).expect("marked");
    let inquiry = given([received(), marked.clone()]);
    assert_eq!(inquiry.clock(), None);
    refused(&decide::mark_spam(&inquiry), InquiryRefusal::NoChange);
    let cleared = decide::clear_spam(&inquiry).expect("cleared");
    let wanted = given([received(), marked, cleared]);
    assert_eq!(wanted.status, InquiryStatus::Open);
    assert!(wanted.clock().is_some());
    refused(&decide::clear_spam(&wanted), InquiryRefusal::NoChange);
}

#[test]
fn a_message_is_read_with_another_charset() {
    let eleven = IncomingMailId::new(Uuid::from_u128(11));
    let inquiry = given([received()]);
    let chosen = decide::choose_charset(&inquiry, eleven, "Shift_JIS").expect("chosen");
    let inquiry = given([received(), chosen]);
    assert_eq!(
        inquiry.charsets.get(&eleven).map(String::as_str),
        Some("shift_jis")
    );
    refused(
        &decide::choose_charset(&inquiry, eleven, "shift_jis"),
        InquiryRefusal::NoChange,
    );
    let other = IncomingMailId::new(Uuid::from_u128(99));
    refused(
        &decide::choose_charset(&inquiry, other, "shift_jis"),
        InquiryRefusal::OtherMessage,
    );
}

#[test]
fn it_is_forgotten_with_its_messages_after_its_time() {
    let subject = SubjectId::new(Uuid::from_u128(40));
    let over = given([received(), closed()]);
    let until = decide::kept_until(&over, 3);
    assert_eq!(until, Some(at("2029-11-30T03:00:00Z")));
    assert_eq!(
        decide::forget(&over, subject, until, at("2029-11-30T03:00:00Z")),
        Ok(InquiryEvent::Forgotten {
            inquiry_id: id(1),
            subjects: vec![subject, SubjectId::new(Uuid::from_u128(11))]
        })
    );
    refused(
        &decide::forget(&over, subject, until, at("2029-11-30T02:59:59Z")),
        InquiryRefusal::StillKept,
    );
    assert_eq!(decide::kept_until(&given([received()]), 3), None);
    refused(
        &decide::forget(&given([received()]), subject, None, at(MONDAY)),
        InquiryRefusal::StillKept,
    );
}

#[test]
fn what_moves_the_thread_holds_an_answer_and_what_is_done_around_it_does_not() {
    let noted = || decide::note(&given([received()]), Vec::new()).expect("noted");
    let tagged = || decide::tag(&given([received()]), &[InquiryTag::Logo], &[]).expect("tagged");
    let assigned =
        || decide::assign(&given([received()]), Some(StaffId(Uuid::from_u128(5)))).expect("assigned");
    for event in [
        added(12, MessageKind::Human),
        replied(),
        closed(),
        spam(),
        merged(),
        noted(),
    ] {
        assert!(replied().is_held_by(&event), "{event:?}");
        assert!(closed().is_held_by(&event), "{event:?}");
        assert!(!noted().is_held_by(&event), "{event:?}");
        assert!(!tagged().is_held_by(&event), "{event:?}");
    }
    assert!(!replied().is_held_by(&tagged()) && !replied().is_held_by(&assigned()));
    assert!(assigned().is_held_by(&assigned()), "two take it at once");
}

fn drafted() -> InquiryEvent {
    InquiryEvent::DraftSaved {
        inquiry_id: id(1),
        asks_review: true,
    }
}

fn agreed() -> InquiryEvent {
    InquiryEvent::DraftAgreed { inquiry_id: id(1) }
}

#[test]
fn whoever_wrote_last_does_not_agree_and_others_agree_once() {
    let author = Actor::System("test".to_owned());
    let colleague = Actor::Staff(StaffId(Uuid::from_u128(7)));
    let none = given([received()]);
    refused(
        &decide::agree_with_draft(&none, &colleague),
        InquiryRefusal::NoDraft,
    );
    refused(&decide::discard_draft(&none), InquiryRefusal::NoDraft);
    let written = given([received(), drafted()]);
    refused(
        &decide::agree_with_draft(&written, &author),
        InquiryRefusal::OwnDraft,
    );
    assert_eq!(decide::agree_with_draft(&written, &colleague), Ok(agreed()));
    let twice = given([received(), drafted(), agreed()]);
    refused(
        &decide::agree_with_draft(&twice, &colleague),
        InquiryRefusal::NoChange,
    );
}

#[test]
fn an_answer_is_agreed_with_while_its_words_are_those_that_were_seen() {
    let agreed_with = given([received(), drafted(), agreed()]);
    assert_eq!(decide::is_agreed(&agreed_with, true), Ok(()));
    assert_eq!(
        decide::is_agreed(&agreed_with, false),
        Err(InquiryRefusal::NotAgreed)
    );
    let written_on = given([received(), drafted(), agreed(), drafted()]);
    assert_eq!(
        decide::is_agreed(&written_on, true),
        Err(InquiryRefusal::NotAgreed)
    );
    let sent = given([received(), drafted(), agreed(), replied()]);
    assert_eq!(sent.draft, None, "what went is no draft");
}

#[test]
fn nobody_writes_over_words_that_they_have_not_seen() {
    assert!(drafted().is_held_by(&drafted()));
    assert!(drafted().is_held_by(&replied()));
    assert!(!drafted().is_held_by(&added(12, MessageKind::Human)));
    assert!(agreed().is_held_by(&added(12, MessageKind::Human)));
    assert!(!replied().is_held_by(&drafted()), "a draft moves no thread");
}

#[test]
fn what_is_spam_or_over_for_good_has_no_draft() {
    refused(
        &decide::save_draft(&given([received(), spam()]), false),
        InquiryRefusal::Spam,
    );
    refused(
        &decide::save_draft(&given([received(), merged()]), false),
        InquiryRefusal::Merged,
    );
    refused(
        &decide::save_draft(&given([received(), forgotten()]), false),
        InquiryRefusal::Forgotten,
    );
}
