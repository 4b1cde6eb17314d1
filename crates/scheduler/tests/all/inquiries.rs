//! Mail that people write becomes inquiries: where each message belongs, what is answered by a person and what by itself.

use std::sync::Arc;

use app::incoming_mail::{MailSource, RawMail};
use app::inquiry::{
    Acknowledgement, ChangeInquiryError, ChooseCharset, EntryWords, InquiryChange, InquiryDetail,
    MergeInquiries, MergeInquiriesError, ReplyToInquiry, ReplyToInquiryError, SplitInquiry,
};
use app::{App, CaseChange, Guarded};
use chrono::TimeDelta;
use domain::inquiry::{InquiryStatus, InquiryTag, Resolution};
use domain::mailing::{Draft, MessageId, Recipient};
use domain::{IncomingMailId, InquiryId, Personal};
use event_store::{Position, each_engine};
use mail::Sender;
use mail::incoming::ReadLimits;
use scheduler::{MailReader, RawReader};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

use crate::mail::{detail, queue};
use crate::support::{count, node, someone};

test_support::on_both_engines!(
    what_somebody_writes_becomes_one_inquiry_however_often_it_is_read,
    answers_join_their_thread_and_nothing_else_does,
    what_a_program_says_is_filed_and_what_cannot_be_read_is_for_a_person,
    an_answer_goes_out_in_its_thread_and_theirs_comes_back_to_it,
    an_answer_waits_and_can_be_called_off,
    an_answer_is_held_when_the_thread_has_moved,
    what_is_done_around_a_thread_holds_nothing_up,
    answers_to_a_mass_mail_become_one_inquiry_for_each_reader,
    two_become_one_and_some_messages_one_of_their_own,
    a_message_is_read_again_with_another_charset,
    what_was_read_before_there_was_a_desk_comes_to_it,
    t30_two_offices_that_acknowledge_by_themselves_end_after_one,
    one_correspondent_is_acknowledged_once_a_day,
);

pub const TARO: &str = "見本太郎 <taro@example.jp>";
const HANAKO: &str = "hanako@example.com";

/// A message as somebody's program writes it.
pub struct Written<'a> {
    id: &'a str,
    from: &'a str,
    subject: &'a str,
    answers: &'a str,
    more: &'a str,
}

impl Written<'_> {
    fn raw(&self) -> String {
        let answers = match self.answers {
            "" => String::new(),
            id => format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n"),
        };
        format!(
            "From: {}\r\nTo: office@example.jp\r\nSubject: {}\r\nMessage-ID: <{}>\r\n{answers}{}\
             Content-Type: text/plain; charset=utf-8\r\n\r\n宣言番号を教えてください。\r\n",
            self.from, self.subject, self.id, self.more
        )
    }
}

pub fn written<'a>(id: &'a str, from: &'a str) -> Written<'a> {
    Written {
        id,
        from,
        subject: "宣言番号を忘れました",
        answers: "",
        more: "",
    }
}

pub async fn take(app: &App, raw: &[u8]) -> IncomingMailId {
    let mail = [RawMail::whole(raw.to_vec())];
    let taken = app.take_mail(&MailSource::File, &mail).await.expect("taken");
    IncomingMailId::new(taken[0].id)
}

/// Takes a message and has it read.
pub async fn arrives(app: &Arc<App>, written: &Written<'_>) -> IncomingMailId {
    let id = take(app, written.raw().as_bytes()).await;
    read_all(app).await;
    id
}

pub async fn read_all(app: &Arc<App>) {
    let reader = MailReader::new(Arc::clone(app), ReadLimits::default());
    reader.read_all().await.expect("read");
}

async fn inquiry_of(app: &App, message: IncomingMailId) -> InquiryId {
    let found = storage::inquiry::named(app.store().database(), &[], &[message.uuid()]).await;
    found.expect("an answer")[0].inquiry_id
}

async fn look(app: &App, id: InquiryId) -> InquiryDetail {
    let found = app.inquiry(&someone(app), id).await;
    found.expect("an answer").expect("the inquiry")
}

pub async fn look_at(app: &App, message: IncomingMailId) -> InquiryDetail {
    look(app, inquiry_of(app, message).await).await
}

pub fn on(detail: &InquiryDetail) -> CaseChange {
    CaseChange {
        command_id: Uuid::now_v7(),
        id: detail.inquiry.id().uuid(),
        expected_version: detail.version,
    }
}

pub fn reply(change: CaseChange) -> ReplyToInquiry {
    ReplyToInquiry {
        change,
        sender: "office".to_owned(),
        to: None,
        subject: Personal::new("Re: 宣言番号を忘れました".to_owned()),
        text: Personal::new("お問い合わせの件について、お知らせします。".to_owned()),
        answers: None,
        closes: false,
        send_at: None,
        declarations: Vec::new(),
    }
}

/// The answer that went out last.
async fn answer(app: &App, detail: &InquiryDetail) -> (Uuid, Draft) {
    let mail_id = detail.inquiry.replies.last().expect("an answer").mail_id;
    let Guarded::Open(draft) = crate::mail::detail(app, mail_id).await.draft else {
        panic!("its words can be read");
    };
    (mail_id, draft)
}

fn subjects(detail: &InquiryDetail) -> Vec<String> {
    let words = detail.entries.iter().filter_map(|it| match &it.words {
        EntryWords::Message(Some(Guarded::Open(words))) => Some(words.subject.clone()),
        _ => None,
    });
    words.collect()
}

async fn what_somebody_writes_becomes_one_inquiry_however_often_it_is_read(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let message = arrives(&app, &written("1@example.jp", TARO)).await;
    // The process dies before it writes down that the message was read.
    let again = "UPDATE incoming_mail SET state = 'waiting'";
    let mut tx = app.store().database().begin_write().await.expect("a transaction");
    each_engine!(tx, c => sqlx::query(again).execute(c).await.map(drop)).expect("as it was");
    tx.commit().await.expect("a commit");
    read_all(&app).await;
    assert_eq!(count(&app, "inquiry.received").await, 1);
    let found = look_at(&app, message).await;
    assert_eq!(found.inquiry.status, InquiryStatus::Open);
    assert!(found.inquiry.clock().is_some());
    let EntryWords::Message(Some(Guarded::Open(words))) = &found.entries[0].words else {
        panic!("its words can be read");
    };
    assert_eq!(words.sender_name, "見本太郎");
    assert_eq!(words.sender_address, "taro@example.jp");
    assert_eq!(words.text, "宣言番号を教えてください。");
}

async fn answers_join_their_thread_and_nothing_else_does(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let thread = inquiry_of(&app, first).await;
    let answers = |id, from| Written {
        answers: "1@example.jp",
        ..written(id, from)
    };
    let joins = arrives(&app, &answers("2@example.jp", "TARO@EXAMPLE.JP")).await;
    assert_eq!(inquiry_of(&app, joins).await, thread);
    let stranger = arrives(&app, &answers("3@example.com", HANAKO)).await;
    let theirs = look_at(&app, stranger).await;
    assert_ne!(theirs.inquiry.id(), thread);
    assert_eq!(theirs.inquiry.received.suggested, Some(thread));
    let same_subject = arrives(&app, &written("4@example.jp", TARO)).await;
    assert_ne!(inquiry_of(&app, same_subject).await, thread);
    let other_subject = Written {
        subject: "Re: ロゴについて",
        ..answers("5@example.jp", TARO)
    };
    let flagged = arrives(&app, &other_subject).await;
    let found = look_at(&app, flagged).await;
    assert_eq!(found.inquiry.id(), thread);
    assert!(found.inquiry.is_subject_changed);
    assert_eq!(found.inquiry.messages.len(), 3);
    assert_eq!(found.others.len(), 1, "the other one of the same correspondent");
}

async fn what_a_program_says_is_filed_and_what_cannot_be_read_is_for_a_person(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let thread = look_at(&app, first).await;
    app.reply_to_inquiry(&someone(&app), &reply(on(&thread)))
        .await
        .expect("answered");
    let away = Written {
        answers: "1@example.jp",
        more: "Auto-Submitted: auto-replied\r\n",
        ..written("2@example.jp", TARO)
    };
    let joins = arrives(&app, &away).await;
    let thread = look_at(&app, joins).await;
    assert_eq!(thread.inquiry.status, InquiryStatus::Waiting);
    assert_eq!(thread.inquiry.messages.len(), 2);
    let alone = Written { answers: "", ..away };
    let alone = Written {
        id: "3@example.jp",
        ..alone
    };
    let filed = arrives(&app, &alone).await;
    assert_eq!(look_at(&app, filed).await.inquiry.status, InquiryStatus::Closed);
    let unreadable = take(&app, b"no mail at all").await;
    read_all(&app).await;
    let unreadable = look_at(&app, unreadable).await;
    assert_eq!(unreadable.inquiry.status, InquiryStatus::Open);
    assert!(unreadable.inquiry.clock().is_some());
}

async fn an_answer_goes_out_in_its_thread_and_theirs_comes_back_to_it(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let thread = look_at(&app, first).await;
    let command = reply(on(&thread));
    let version = app.reply_to_inquiry(&someone(&app), &command).await;
    let version = version.expect("answered");
    // A retry is the same answer.
    let again = app.reply_to_inquiry(&someone(&app), &command).await;
    assert_eq!(again.expect("the same"), version);
    assert_eq!(count(&app, "mail.queued").await, 1);
    let thread = look(&app, thread.inquiry.id()).await;
    assert_eq!(thread.inquiry.status, InquiryStatus::Waiting);
    let (mail_id, draft) = answer(&app, &thread).await;
    assert_eq!(draft.to().address().typed(), "taro@example.jp");
    assert_eq!(draft.references(), ["1@example.jp"]);
    assert!(!draft.auto());
    let theirs = format!("{mail_id}@office.example");
    let back = Written {
        answers: &theirs,
        ..written("2@example.jp", TARO)
    };
    let back = arrives(&app, &back).await;
    let found = look_at(&app, back).await;
    assert_eq!(found.inquiry.id(), thread.inquiry.id());
    assert_eq!(found.inquiry.status, InquiryStatus::Open);
}

async fn an_answer_waits_and_can_be_called_off(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let thread = look_at(&app, first).await;
    let due = thread.inquiry.clock();
    app.reply_to_inquiry(&someone(&app), &reply(on(&thread)))
        .await
        .expect("answered");
    let waiting = look_at(&app, first).await;
    let mail_id = waiting.inquiry.replies[0].mail_id;
    assert!(crate::mail::claim(&app, "here").await.is_empty(), "it waits");
    app.withdraw_reply(&someone(&app), on(&waiting), mail_id)
        .await
        .expect("called off");
    let open = look_at(&app, first).await;
    assert_eq!(
        (open.inquiry.status, open.inquiry.clock()),
        (InquiryStatus::Open, due)
    );
    clock.advance(TimeDelta::seconds(11));
    assert!(crate::mail::claim(&app, "here").await.is_empty(), "it never goes");
    // The next one goes, and then nothing can be called off.
    app.reply_to_inquiry(&someone(&app), &reply(on(&open)))
        .await
        .expect("answered");
    let waiting = look_at(&app, first).await;
    let mail_id = waiting.inquiry.replies[0].mail_id;
    clock.advance(TimeDelta::seconds(11));
    assert_eq!(crate::mail::claim(&app, "here").await.len(), 1);
    let gone = app.withdraw_reply(&someone(&app), on(&waiting), mail_id).await;
    assert_eq!(refused(gone), "reply_has_gone");
    assert_eq!(look_at(&app, first).await.inquiry.status, InquiryStatus::Waiting);
}

async fn an_answer_is_held_when_the_thread_has_moved(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let seen = look_at(&app, first).await;
    let more = Written {
        answers: "1@example.jp",
        ..written("2@example.jp", TARO)
    };
    arrives(&app, &more).await;
    let now = look(&app, seen.inquiry.id()).await;
    let held = app.reply_to_inquiry(&someone(&app), &reply(on(&seen))).await;
    match held {
        Err(ReplyToInquiryError::Held(held)) => assert_eq!(held.events, [now.version]),
        other => panic!("it is held, not {other:?}"),
    }
    assert_eq!(count(&app, "mail.queued").await, 0);
    let closing = InquiryChange::Close {
        resolution: Resolution::Referred,
    };
    let closed = app.change_inquiry(&someone(&app), on(&seen), &closing).await;
    assert!(matches!(closed, Err(ChangeInquiryError::Moved(_))), "{closed:?}");
    let answered = ReplyToInquiry {
        closes: true,
        ..reply(on(&now))
    };
    app.reply_to_inquiry(&someone(&app), &answered)
        .await
        .expect("answered");
    let closed = look(&app, seen.inquiry.id()).await;
    assert_eq!(closed.inquiry.resolution, Some(Resolution::Answered));
}

async fn what_is_done_around_a_thread_holds_nothing_up(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let first = arrives(&app, &written("1@example.jp", TARO)).await;
    let seen = look_at(&app, first).await;
    let change = async |what: InquiryChange| app.change_inquiry(&someone(&app), on(&seen), &what).await;
    change(InquiryChange::Tag {
        add: vec![InquiryTag::ForgottenNumber],
        remove: Vec::new(),
    })
    .await
    .expect("tagged");
    change(InquiryChange::Snooze {
        until: app.now() + TimeDelta::hours(5),
    })
    .await
    .expect("put off");
    let refused = change(InquiryChange::Snooze {
        until: app.now() - TimeDelta::hours(1),
    })
    .await;
    assert!(
        matches!(refused, Err(ChangeInquiryError::Invalid(_))),
        "{refused:?}"
    );
    app.reply_to_inquiry(&someone(&app), &reply(on(&seen)))
        .await
        .expect("answered");
    // A note is what somebody who writes an answer has to see.
    let noted = InquiryChange::Note {
        text: Personal::new("電話でも連絡がありました。".to_owned()),
        mentioned: Vec::new(),
    };
    change(noted).await.expect("noted");
    let held = app.reply_to_inquiry(&someone(&app), &reply(on(&seen))).await;
    assert!(matches!(held, Err(ReplyToInquiryError::Held(_))), "{held:?}");
    let found = look(&app, seen.inquiry.id()).await;
    assert_eq!(found.inquiry.tags.len(), 1);
    assert!(matches!(
        found.entries.last().map(|it| &it.words),
        Some(EntryWords::Note(Guarded::Open(_)))
    ));
}

async fn answers_to_a_mass_mail_become_one_inquiry_for_each_reader(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let (taro, hanako) = (queue(&app, "taro@example.jp").await, queue(&app, HANAKO).await);
    let (of_taro, of_hanako) = (
        format!("{taro}@office.example"),
        format!("{hanako}@office.example"),
    );
    let answers = |id, from, answers| Written {
        answers,
        ..written(id, from)
    };
    let one = arrives(&app, &answers("1@example.jp", TARO, of_taro.as_str())).await;
    let other = arrives(&app, &answers("2@example.com", HANAKO, of_hanako.as_str())).await;
    let again = arrives(&app, &answers("3@example.jp", TARO, of_taro.as_str())).await;
    assert_ne!(inquiry_of(&app, one).await, inquiry_of(&app, other).await);
    assert_eq!(inquiry_of(&app, one).await, inquiry_of(&app, again).await);
    let first = look_at(&app, one).await;
    assert_eq!(first.inquiry.received.answers_mail, Some(taro));
    // Whoever got it forwarded is somebody else.
    let forwarded = arrives(&app, &answers("4@example.com", HANAKO, of_taro.as_str())).await;
    let found = look_at(&app, forwarded).await;
    assert_eq!(found.inquiry.received.suggested, Some(first.inquiry.id()));
}

/// The code of what was refused.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, ChangeInquiryError>) -> &'static str {
    match outcome {
        Err(ChangeInquiryError::Invalid(problems)) => problems[0].code,
        other => panic!("{other:?}"),
    }
}

async fn two_become_one_and_some_messages_one_of_their_own(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let one = arrives(&app, &written("1@example.jp", TARO)).await;
    let other = arrives(&app, &written("2@example.jp", TARO)).await;
    let (one, into) = (look_at(&app, one).await, look_at(&app, other).await);
    let merge = MergeInquiries {
        command_id: Uuid::now_v7(),
        id: one.inquiry.id(),
        expected_version: one.version,
        into: into.inquiry.id(),
        into_version: into.version,
    };
    let version = app.merge_inquiries(&someone(&app), &merge).await.expect("merged");
    let again = app
        .merge_inquiries(&someone(&app), &merge)
        .await
        .expect("the same");
    assert_eq!(version, again);
    let other = MergeInquiries {
        id: into.inquiry.id(),
        into: one.inquiry.id(),
        ..merge
    };
    let other = app.merge_inquiries(&someone(&app), &other).await;
    assert!(
        matches!(&other, Err(MergeInquiriesError::Invalid(problem)) if problem.code == "command_reused"),
        "{other:?}"
    );
    // What names a message of the one that is gone comes to the one that goes on.
    let third = Written {
        answers: "1@example.jp",
        ..written("3@example.jp", TARO)
    };
    let third = arrives(&app, &third).await;
    let found = look_at(&app, third).await;
    assert_eq!(found.inquiry.id(), into.inquiry.id());
    assert_eq!(subjects(&found).len(), 3);
    let split = SplitInquiry {
        change: on(&found),
        messages: vec![third],
    };
    let new = app.split_inquiry(&someone(&app), &split).await.expect("split");
    let (left, new) = (look(&app, found.inquiry.id()).await, look(&app, new).await);
    assert_eq!(left.inquiry.messages.len(), 1);
    assert_eq!(subjects(&new), ["宣言番号を忘れました"]);
    assert_eq!(new.inquiry.received.refers_to, Some(left.inquiry.id()));
    assert_eq!(inquiry_of(&app, third).await, new.inquiry.id());
}

async fn a_message_is_read_again_with_another_charset(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let app = Arc::into_inner(app).expect("nobody else has it");
    let reader = Arc::new(RawReader::new(ReadLimits::default()));
    let app = Arc::new(app.with_mail_contents(reader));
    // Latin letters to whoever believes it, and Shift_JIS.
    let mut raw =
        b"From: taro@example.jp\r\nSubject: x\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
            .to_vec();
    raw.extend_from_slice(b"\x8am\x94F\r\n");
    let message = take(&app, &raw).await;
    read_all(&app).await;
    let found = look_at(&app, message).await;
    let choice = |charset: &str| ChooseCharset {
        change: on(&found),
        message,
        charset: charset.to_owned(),
    };
    let unknown = app.choose_charset(&someone(&app), &choice("no-such-thing")).await;
    assert!(unknown.is_err());
    let text = async || {
        let found = look_at(&app, message).await;
        match &found.entries[0].words {
            EntryWords::Message(Some(Guarded::Open(words))) => words.text.clone(),
            other => panic!("its words can be read, not {other:?}"),
        }
    };
    for charset in ["euc-jp", "shift_jis"] {
        // One of them is what it was read with.
        let _ = app.choose_charset(&someone(&app), &choice(charset)).await;
    }
    assert_eq!(text().await, "確認");
}

async fn what_was_read_before_there_was_a_desk_comes_to_it(db: TestDatabase) {
    let app = node(&db, &FixedClock::default()).await;
    let message = take(&app, written("1@example.jp", TARO).raw().as_bytes()).await;
    // As an older version left it.
    let read = "UPDATE incoming_mail SET state = 'read', kind = 'human'";
    let mut tx = app.store().database().begin_write().await.expect("a transaction");
    each_engine!(tx, c => sqlx::query(read).execute(c).await.map(drop)).expect("read");
    tx.commit().await.expect("a commit");
    read_all(&app).await;
    assert_eq!(look_at(&app, message).await.inquiry.status, InquiryStatus::Open);
}

fn acknowledging(app: Arc<App>) -> Arc<App> {
    let app = Arc::into_inner(app).expect("nobody else has it");
    Arc::new(app.with_acknowledgement(Some(Acknowledgement {
        sender: "office".to_owned(),
        signature: "宣言事務局".to_owned(),
    })))
}

/// The newest message that an office queued, as it goes on the wire.
async fn on_the_wire(app: &App, id: Uuid, address: &str) -> String {
    let detail = detail(app, id).await;
    let Guarded::Open(draft) = detail.draft else {
        panic!("its words can be read");
    };
    let sender = Sender {
        from: Recipient::parse(address, None).expect("an address"),
        reply_to: None,
        return_path: None,
    };
    let id = MessageId::new(id, "office.example").expect("an id");
    let message = mail::build(&draft, &sender, &id, detail.mail.queued_at).expect("it can be built");
    String::from_utf8(message.bytes().to_vec()).expect("ASCII or UTF-8")
}

async fn t30_two_offices_that_acknowledge_by_themselves_end_after_one(db: TestDatabase) {
    let app = acknowledging(node(&db, &FixedClock::default()).await);
    let other_db = TestDatabase::sqlite().await;
    let other = acknowledging(node(&other_db, &FixedClock::default()).await);
    // The other office writes to this one.
    let first = arrives(&app, &written("1@example.com", "desk@example.com")).await;
    let found = look_at(&app, first).await;
    let acknowledgement = found
        .inquiry
        .received
        .acknowledgement
        .expect("it is acknowledged");
    let raw = on_the_wire(&app, acknowledgement, "office@example.jp").await;
    assert!(raw.contains("Auto-Submitted: auto-replied"), "{raw}");
    assert!(raw.contains("In-Reply-To: <1@example.com>"), "{raw}");
    let there = take(&other, raw.as_bytes()).await;
    read_all(&other).await;
    let filed = look_at(&other, there).await;
    assert_eq!(filed.inquiry.status, InquiryStatus::Closed);
    assert_eq!(count(&other, "mail.queued").await, 0, "it ends after one");
    assert_eq!(count(&app, "mail.queued").await, 1);
}

async fn one_correspondent_is_acknowledged_once_a_day(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = acknowledging(node(&db, &clock).await);
    for (index, id) in ["1@example.jp", "2@example.jp", "3@example.jp"]
        .into_iter()
        .enumerate()
    {
        arrives(&app, &written(id, TARO)).await;
        assert_eq!(count(&app, "mail.queued").await, 1, "message {index}");
    }
    let deaf = Written {
        more: "Precedence: bulk\r\n",
        ..written("4@example.com", HANAKO)
    };
    arrives(&app, &deaf).await;
    arrives(&app, &written("5@example.com", "no-reply@example.com")).await;
    assert_eq!(count(&app, "mail.queued").await, 1, "neither lists nor the deaf");
    clock.advance(TimeDelta::hours(25));
    arrives(&app, &written("6@example.jp", TARO)).await;
    assert_eq!(count(&app, "mail.queued").await, 2);
    assert!(app.store().head().await.expect("a head") > Position::START);
}
