//! The list of inquiries: queues, narrowing, counts, search, pages, and what is left of one that is forgotten.

use chrono::{DateTime, TimeDelta, Utc};
use domain::inquiry::decide::{self, Arrival};
use domain::inquiry::{
    InquiryEvent, InquiryTag, Message, MessageKind, PART_MESSAGE, Resolution, TAG_INQUIRY,
};
use domain::staff::StaffId;
use domain::{DeclarationId, IncomingMailId, InquiryId};
use event_store::{Append, NewEvent, PersonalPart, Position, SubjectId, Tag};
use serde_json::json;
use storage::erasure;
use storage::inquiry::{self, InquiryFilter, InquiryRow, InquirySort, Queue, Search};
use storage::projection::Caught;
use test_support::TestDatabase;
use uuid::Uuid;

use crate::support::{Office, PATIENCE};

test_support::on_both_engines!(
    each_queue_has_what_belongs_to_it_and_its_count,
    inquiries_are_narrowed_by_staff_tag_and_declaration,
    whoever_a_note_asks_to_look_finds_it_until_they_have,
    every_word_of_sender_subject_and_text_is_found,
    pages_follow_each_other_in_every_order,
    what_became_one_is_found_there_with_the_words_of_both,
    a_row_is_the_same_when_it_is_written_anew,
    of_a_forgotten_inquiry_no_word_is_left,
);

pub(crate) struct Desk {
    office: Office,
}

/// A message with its words.
pub(crate) struct Mail<'a> {
    n: u128,
    name: &'a str,
    subject: &'a str,
    text: &'a str,
}

pub(crate) fn mail(n: u128, subject: &str) -> Mail<'_> {
    Mail {
        n,
        name: "見本太郎",
        subject,
        text: "宣言番号を教えてください。",
    }
}

fn id(n: u128) -> InquiryId {
    InquiryId::new(Uuid::from_u128(n))
}

fn subject(id: InquiryId) -> SubjectId {
    SubjectId(Uuid::from_u128(id.uuid().as_u128() + 1_000_000))
}

impl Desk {
    pub(crate) async fn open(db: &TestDatabase) -> Self {
        let office = Office::open(db).await;
        office
            .storage
            .inquiries_projection()
            .start(&office.store, office.now());
        Self { office }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.office.clock.now()
    }

    async fn write(&self, event: InquiryEvent, words: Option<&Mail<'_>>) -> Position {
        let of = event.inquiry_id();
        self.office.clock.advance(TimeDelta::seconds(1));
        let keyring = self.office.store.keyring();
        keyring.ensure(&[subject(of)]).await.expect("a key");
        let personal = words.map(|mail| PersonalPart {
            subject: subject(of),
            name: PART_MESSAGE.to_owned(),
            body: json!({
                "name": mail.name, "address": format!("taro{}@example.jp", mail.n), "subject": mail.subject,
                "text": mail.text, "more": 1,
            }),
        });
        let event = NewEvent {
            id: Uuid::now_v7(),
            event_type: event.event_type().to_owned(),
            schema_version: 1,
            tags: vec![Tag::new(TAG_INQUIRY, of).expect("a tag")],
            effective_at: self.now().date_naive(),
            data: event.data(),
            personal: personal.into_iter().collect(),
        };
        let append = Append {
            command_id: Uuid::now_v7(),
            actor: "system:test".to_owned(),
            correlation_id: Uuid::now_v7(),
            reason: None,
            events: vec![event],
            guards: Vec::new(),
            recorded_at: self.now(),
        };
        let appended = self.office.store.append(append).await;
        appended.expect("the append is taken").receipt().last
    }

    fn message(&self, n: u128) -> Message {
        Message {
            id: IncomingMailId::new(Uuid::from_u128(n + 500)),
            kind: MessageKind::Human,
            taken_at: self.now().timestamp_micros(),
            message_hash: None,
            correspondent_hash: None,
            attachments: 1,
            charset: "utf-8".to_owned(),
            may_be_answered: true,
        }
    }

    /// An inquiry that is due in an hour.
    pub(crate) async fn receive(&self, mail: &Mail<'_>) -> InquiryId {
        let arrival = Arrival {
            due_at: Some(self.now() + TimeDelta::hours(1)),
            ..Arrival::default()
        };
        let event = decide::receive(id(mail.n), self.message(mail.n), arrival);
        self.write(event, Some(mail)).await;
        id(mail.n)
    }

    pub(crate) async fn projected(&self) {
        let head = self.office.store.head().await.expect("a head");
        let projection = self.office.storage.inquiries_projection();
        let caught = projection.wait_for(head, PATIENCE).await;
        assert!(
            matches!(caught, Caught::Up),
            "{:?}",
            projection.checkpoint().await
        );
    }

    pub(crate) fn filter(&self, queue: Queue) -> InquiryFilter {
        InquiryFilter {
            queue,
            now: self.now(),
            assignee: None,
            tag: None,
            declaration: None,
            search: None,
        }
    }

    async fn rows(&self, filter: &InquiryFilter, sort: InquirySort) -> Vec<InquiryRow> {
        let rows = inquiry::list(self.office.store.database(), filter, sort, None, 100).await;
        rows.expect("an answer")
    }

    /// The numbers of what is listed, and its count is the same.
    async fn listed(&self, filter: &InquiryFilter) -> Vec<u128> {
        let rows = self.rows(filter, InquirySort::Newest).await;
        let count = inquiry::count(self.office.store.database(), filter).await;
        assert_eq!(count.expect("an answer") as usize, rows.len());
        rows.iter().map(|row| row.id.uuid().as_u128()).collect()
    }

    async fn found(&self, text: &str) -> Vec<u128> {
        let search = Search::parse(text).expect("it can be searched for");
        let filter = InquiryFilter {
            search,
            ..self.filter(Queue::All)
        };
        let rows = self.rows(&filter, InquirySort::Received).await;
        rows.iter().map(|row| row.id.uuid().as_u128()).collect()
    }
}

fn replied(n: u128) -> InquiryEvent {
    InquiryEvent::Replied {
        inquiry_id: id(n),
        mail_id: Uuid::from_u128(n + 700),
        answers: None,
        correspondent_hash: "aa".to_owned(),
    }
}

fn closed(n: u128) -> InquiryEvent {
    InquiryEvent::Closed {
        inquiry_id: id(n),
        resolution: Resolution::Referred,
    }
}

async fn each_queue_has_what_belongs_to_it_and_its_count(db: TestDatabase) {
    let desk = Desk::open(&db).await;
    for n in 1..=7 {
        desk.receive(&mail(n, "件名")).await;
    }
    let me = StaffId(Uuid::from_u128(9));
    let until = (desk.now() + TimeDelta::hours(3)).timestamp_micros();
    for event in [
        InquiryEvent::Assigned {
            inquiry_id: id(2),
            assignee: Some(me),
        },
        replied(3),
        InquiryEvent::Snoozed {
            inquiry_id: id(4),
            until,
        },
        closed(5),
        InquiryEvent::SpamMarked { inquiry_id: id(6) },
        InquiryEvent::Merged {
            inquiry_id: id(7),
            into: id(1),
        },
    ] {
        desk.write(event, None).await;
    }
    desk.projected().await;
    let queue = async |queue: Queue| desk.listed(&desk.filter(queue)).await;
    assert_eq!(queue(Queue::Open).await, [2, 1]);
    assert_eq!(queue(Queue::Unassigned).await, [1]);
    assert_eq!(queue(Queue::Of(me.0)).await, [2]);
    assert_eq!(queue(Queue::Waiting).await, [3]);
    assert_eq!(queue(Queue::Snoozed).await, [4]);
    assert_eq!(queue(Queue::Closed).await, [5]);
    assert_eq!(queue(Queue::Spam).await, [6]);
    assert_eq!(queue(Queue::All).await, [3, 5, 4, 2, 1]);
    assert_eq!(queue(Queue::Breached).await, [0_u128; 0]);
    // What was put off comes back by itself, and all that waits is late.
    desk.office.clock.advance(TimeDelta::hours(4));
    assert_eq!(queue(Queue::Open).await, [4, 2, 1]);
    assert_eq!(queue(Queue::Snoozed).await, [0_u128; 0]);
    assert_eq!(queue(Queue::Breached).await, [4, 2, 1]);
}

async fn whoever_a_note_asks_to_look_finds_it_until_they_have(db: TestDatabase) {
    let desk = Desk::open(&db).await;
    for n in 1..=3 {
        desk.receive(&mail(n, "件名")).await;
    }
    let (me, other) = (StaffId(Uuid::from_u128(9)), StaffId(Uuid::from_u128(10)));
    let noted = |n, mentioned: &[StaffId]| InquiryEvent::Noted {
        inquiry_id: id(n),
        mentioned: mentioned.to_vec(),
    };
    for event in [
        noted(1, &[me, other]),
        closed(2),
        noted(2, &[me]),
        noted(3, &[me]),
        closed(3),
    ] {
        desk.write(event, None).await;
    }
    desk.projected().await;
    let queue = async |staff: StaffId| desk.listed(&desk.filter(Queue::Mentioning(staff.0))).await;
    assert_eq!(queue(me).await, [2, 1], "what is closed after the note is over");
    assert_eq!(queue(other).await, [1]);
    let found = InquiryFilter {
        search: Search::parse("件名").expect("it can be searched for"),
        ..desk.filter(Queue::Mentioning(other.0))
    };
    assert_eq!(desk.listed(&found).await, [1]);
    desk.write(InquiryEvent::SpamMarked { inquiry_id: id(1) }, None)
        .await;
    desk.projected().await;
    assert_eq!((queue(me).await, queue(other).await), (vec![2], vec![]));
}

async fn inquiries_are_narrowed_by_staff_tag_and_declaration(db: TestDatabase) {
    let desk = Desk::open(&db).await;
    for n in 1..=3 {
        desk.receive(&mail(n, "件名")).await;
    }
    let declaration_id = DeclarationId::new(Uuid::from_u128(77));
    let staff = StaffId(Uuid::from_u128(9));
    for event in [
        InquiryEvent::Tagged {
            inquiry_id: id(1),
            added: vec![InquiryTag::Logo, InquiryTag::Star],
            removed: Vec::new(),
        },
        InquiryEvent::Tagged {
            inquiry_id: id(1),
            added: Vec::new(),
            removed: vec![InquiryTag::Star],
        },
        InquiryEvent::Linked {
            inquiry_id: id(2),
            declaration_id,
        },
        InquiryEvent::Assigned {
            inquiry_id: id(3),
            assignee: Some(staff),
        },
        closed(3),
    ] {
        desk.write(event, None).await;
    }
    desk.projected().await;
    let tagged = |tag: InquiryTag| InquiryFilter {
        tag: Some(tag.code()),
        ..desk.filter(Queue::All)
    };
    assert_eq!(desk.listed(&tagged(InquiryTag::Logo)).await, [1]);
    assert_eq!(desk.listed(&tagged(InquiryTag::Star)).await, [0_u128; 0]);
    let linked = InquiryFilter {
        declaration: Some(declaration_id),
        ..desk.filter(Queue::Open)
    };
    assert_eq!(desk.listed(&linked).await, [2]);
    let of_staff = InquiryFilter {
        assignee: Some(staff.0),
        ..desk.filter(Queue::Closed)
    };
    assert_eq!(desk.listed(&of_staff).await, [3]);
    let row = &desk.rows(&tagged(InquiryTag::Logo), InquirySort::Newest).await[0];
    assert_eq!(row.tags, ["logo"]);
    assert_eq!((row.messages, row.attachments, row.replies), (1, 1, 0));
    let words = row.words.as_ref().expect("its words can be read");
    assert_eq!(words.sender_name, "見本太郎");
    assert_eq!(words.snippet, "宣言番号を教えてください。");
}

async fn every_word_of_sender_subject_and_text_is_found(db: TestDatabase) {
    let desk = Desk::open(&db).await;
    desk.receive(&mail(1, "ロゴの使い方について")).await;
    desk.receive(&Mail {
        name: "髙橋花子",
        text: "GビズIDでログインできません。\n> 停止のお知らせ",
        ..mail(2, "ログイン")
    })
    .await;
    desk.receive(&mail(3, "ﾛｺﾞ")).await;
    desk.projected().await;
    assert_eq!(desk.found("ロゴ").await, [3, 1]);
    assert_eq!(desk.found("使い方 ロゴ").await, [1]);
    assert_eq!(
        desk.found("高橋").await,
        [2],
        "one form of a character finds the other"
    );
    assert_eq!(desk.found("TARO2@example.jp").await, [2]);
    assert_eq!(desk.found("宣言番号").await, [3, 1]);
    assert_eq!(
        desk.found("停止").await,
        [0_u128; 0],
        "what is quoted was written by others"
    );
    // Pairs that stand apart are no word.
    assert_eq!(desk.found("ロゴ方").await, [0_u128; 0]);
    assert_eq!(desk.found("号").await, [3, 1], "one character");
}

async fn pages_follow_each_other_in_every_order(db: TestDatabase) {
    let desk = Desk::open(&db).await;
    for n in 1..=7 {
        desk.receive(&mail(n, "件名")).await;
    }
    desk.write(replied(2), None).await;
    desk.projected().await;
    for sort in [InquirySort::Newest, InquirySort::Due, InquirySort::Received] {
        let filter = desk.filter(Queue::All);
        let all = desk.rows(&filter, sort).await;
        assert_eq!(all.len(), 7);
        let mut paged: Vec<InquiryRow> = Vec::new();
        loop {
            let after = paged.last().map(|row| row.place(sort));
            let page = inquiry::list(db.database(), &filter, sort, after, 3).await;
            let page = page.expect("an answer");
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        assert_eq!(paged, all, "{sort:?}");
    }
    let due = desk.rows(&desk.filter(Queue::All), InquirySort::Due).await;
    assert_eq!(
        due.last().map(|row| row.id),
        Some(id(2)),
        "nobody waits for that one"
    );
}

async fn what_became_one_is_found_there_with_the_words_of_both(db: TestDatabase) {
    let desk = Desk::open(&db).await;
    desk.receive(&mail(1, "ひとつめの件")).await;
    desk.receive(&mail(2, "ふたつめの件")).await;
    desk.write(
        InquiryEvent::Merged {
            inquiry_id: id(1),
            into: id(2),
        },
        None,
    )
    .await;
    desk.write(
        InquiryEvent::Absorbed {
            inquiry_id: id(2),
            from: id(1),
            messages: vec![desk.message(1)],
            due_at: None,
        },
        None,
    )
    .await;
    desk.projected().await;
    assert_eq!(desk.found("ひとつめ").await, [2]);
    assert_eq!(desk.found("ふたつめ").await, [2]);
    assert_eq!(
        desk.rows(&desk.filter(Queue::All), InquirySort::Newest).await[0].messages,
        2
    );
}

async fn a_row_is_the_same_when_it_is_written_anew(db: TestDatabase) {
    let desk = Desk::open(&db).await;
    desk.receive(&mail(1, "ロゴ")).await;
    desk.receive(&mail(2, "停止")).await;
    desk.write(replied(2), None).await;
    desk.projected().await;
    let filter = desk.filter(Queue::All);
    let before = desk.rows(&filter, InquirySort::Newest).await;
    let projection = desk.office.storage.inquiries_projection();
    projection.stop().await;
    let mut tx = db.database().begin_write().await.expect("a transaction");
    let older = "UPDATE projection_checkpoint SET version = 0 WHERE name = 'inquiries'";
    event_store::each_engine!(tx, c => sqlx::query(older).execute(c).await.map(drop)).expect("older");
    tx.commit().await.expect("a commit");
    projection.start(&desk.office.store, desk.office.now());
    desk.receive(&mail(3, "別の件")).await;
    desk.projected().await;
    let after = desk.rows(&filter, InquirySort::Newest).await;
    assert_eq!(after[1..], before[..]);
    assert_eq!(desk.found("ロゴ").await, [1]);
    assert_eq!(projection.checkpoint().await.expect("a checkpoint").version, 3);
}

async fn of_a_forgotten_inquiry_no_word_is_left(db: TestDatabase) {
    let desk = Desk::open(&db).await;
    desk.receive(&mail(1, "ロゴ")).await;
    desk.receive(&mail(2, "ロゴの件")).await;
    desk.write(closed(1), None).await;
    desk.projected().await;
    let forgotten = InquiryEvent::Forgotten {
        inquiry_id: id(1),
        subjects: vec![domain::SubjectId::new(subject(id(1)).0)],
    };
    desk.write(forgotten, None).await;
    let erasures = erasure::after(&desk.office.store, Position::START).await;
    let erasures = erasures.expect("the log");
    assert_eq!(erasures.len(), 1);
    assert_eq!(erasures[0].inquiry_id, Some(id(1)));
    let keys: Vec<_> = erasures.iter().map(|it| SubjectId(it.subject.uuid())).collect();
    let keyring = desk.office.store.keyring();
    keyring.destroy_all(&keys).await.expect("destroyed");
    erasure::drop_rows(db.database(), &erasures)
        .await
        .expect("emptied");
    desk.projected().await;
    assert_eq!(desk.found("ロゴ").await, [2]);
    let closed = desk.rows(&desk.filter(Queue::Closed), InquirySort::Newest).await;
    assert!(closed[0].is_forgotten && closed[0].words.is_none());
    erasure::scrub(db.database(), erasure::Depth::Online)
        .await
        .expect("cleared");
}
