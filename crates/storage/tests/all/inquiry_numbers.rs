//! Numbers of inquiries are what anybody counts who reads the log, however inquiries went.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::inquiry::{
    Inquiry, InquiryEvent, InquiryStatus, InquiryTag, Message, MessageKind, Received, Resolution, TAG_INQUIRY,
};
use domain::privacy_request::Channel;
use domain::staff::Actor;
use domain::{IncomingMailId, InquiryId};
use event_store::{Append, NewEvent, Position, Query, QueryItem, Tag};
use storage::inquiry::{self, Counted, CourseRow, DayCount, NumberSpan};
use storage::projection::Caught;
use test_support::TestDatabase;
use uuid::Uuid;

use crate::support::{Office, PATIENCE};

test_support::on_both_engines!(numbers_are_those_of_a_recount_from_the_log,);

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % most
    }

    fn minutes(&mut self, most: u64) -> TimeDelta {
        TimeDelta::minutes(i64::try_from(self.below(most)).expect("few"))
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).expect("few")]
    }
}

fn received(id: InquiryId, now: DateTime<Utc>, dice: &mut Dice) -> InquiryEvent {
    let kind = if dice.below(8) == 0 {
        MessageKind::AutoReply
    } else {
        MessageKind::Human
    };
    let due_at = (dice.below(5) > 0).then(|| (now + dice.minutes(2_000)).timestamp_micros());
    InquiryEvent::Received(Received {
        inquiry_id: id,
        channel: dice.one(Channel::ALL),
        message: message(kind, now - dice.minutes(90), dice),
        due_at,
        answers_mail: None,
        suggested: None,
        refers_to: None,
        declarations: Vec::new(),
        acknowledgement: None,
    })
}

fn message(kind: MessageKind, taken_at: DateTime<Utc>, dice: &mut Dice) -> Message {
    Message {
        id: IncomingMailId::new(Uuid::from_u128(u128::from(dice.below(u64::MAX >> 34)) + 1_000)),
        kind,
        taken_at: taken_at.timestamp_micros(),
        message_hash: None,
        correspondent_hash: None,
        attachments: 0,
        charset: "utf-8".to_owned(),
        may_be_answered: true,
    }
}

/// Anything that can happen to an inquiry; the state takes all of it, decided or not.
fn something(inquiry_id: InquiryId, now: DateTime<Utc>, n: u128, dice: &mut Dice) -> InquiryEvent {
    match dice.below(16) {
        0..=2 => InquiryEvent::Replied {
            inquiry_id,
            mail_id: Uuid::from_u128(n),
            answers: None,
            correspondent_hash: "aa".to_owned(),
        },
        3 => InquiryEvent::ReplyWithdrawn {
            inquiry_id,
            mail_id: Uuid::from_u128(n - 1),
        },
        4..=6 => InquiryEvent::Closed {
            inquiry_id,
            resolution: Resolution::Referred,
        },
        7 => InquiryEvent::Reopened { inquiry_id },
        8 => InquiryEvent::Snoozed {
            inquiry_id,
            until: (now + TimeDelta::hours(5)).timestamp_micros(),
        },
        9 => InquiryEvent::Woken { inquiry_id },
        10 if dice.below(3) == 0 => InquiryEvent::SpamMarked { inquiry_id },
        10 => InquiryEvent::SpamCleared { inquiry_id },
        11 if dice.below(3) == 0 => InquiryEvent::Merged {
            inquiry_id,
            into: InquiryId::new(Uuid::from_u128(1)),
        },
        11..=13 => InquiryEvent::MessageAdded {
            inquiry_id,
            message: message(MessageKind::Human, now, dice),
            is_subject_changed: false,
            due_at: None,
        },
        _ => InquiryEvent::Tagged {
            inquiry_id,
            added: vec![dice.one(InquiryTag::ALL)],
            removed: vec![dice.one(InquiryTag::ALL)],
        },
    }
}

async fn write(office: &Office, event: InquiryEvent) {
    let now = office.clock.now();
    let event = NewEvent {
        id: Uuid::now_v7(),
        event_type: event.event_type().to_owned(),
        schema_version: 1,
        tags: vec![Tag::new(TAG_INQUIRY, event.inquiry_id()).expect("a tag")],
        effective_at: now.date_naive(),
        data: event.data(),
        personal: Vec::new(),
    };
    let append = Append {
        command_id: Uuid::now_v7(),
        actor: "system:test".to_owned(),
        correlation_id: Uuid::now_v7(),
        reason: None,
        events: vec![event],
        guards: Vec::new(),
        recorded_at: now,
    };
    office.store.append(append).await.expect("the append is taken");
}

/// One inquiry as whoever reads the log sees it: as it is now, and how it stood after each event.
struct Read {
    seq: i64,
    now: Inquiry,
    stood: Vec<(DateTime<Utc>, InquiryStatus)>,
}

fn waits(status: InquiryStatus) -> bool {
    matches!(status, InquiryStatus::Open | InquiryStatus::Snoozed)
}

impl Read {
    fn counts(&self) -> bool {
        !matches!(self.now.status, InquiryStatus::Spam | InquiryStatus::Merged)
            && self.stood.iter().any(|(_, status)| waits(*status))
    }

    fn waited_before(&self, moment: DateTime<Utc>) -> bool {
        let stood = self.stood.iter().rfind(|(at, _)| *at < moment);
        stood.is_some_and(|(_, status)| waits(*status))
    }

    /// When it was closed, and when it came back after that.
    fn closings(&self) -> Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> {
        let is_closing = |index: usize| {
            index > 0
                && self.stood[index].1 == InquiryStatus::Closed
                && self.stood[index - 1].1 != InquiryStatus::Closed
        };
        let of = |index: usize| {
            let mut later = (index + 1..self.stood.len()).take_while(|next| !is_closing(*next));
            let back = later.find(|next| waits(self.stood[*next].1));
            (self.stood[index].0, back.map(|next| self.stood[next].0))
        };
        (0..self.stood.len())
            .filter(|index| is_closing(*index))
            .map(of)
            .collect()
    }
}

async fn read_log(office: &Office) -> Vec<Read> {
    let query = Query {
        items: vec![QueryItem {
            types: InquiryEvent::TYPES.map(str::to_owned).to_vec(),
            tags: Vec::new(),
        }],
    };
    let events = office.store.read(&query, Position::START, u32::MAX).await;
    let by: Actor = "system:test".parse().expect("an actor");
    let mut histories: BTreeMap<InquiryId, Vec<(i64, InquiryEvent, DateTime<Utc>)>> = BTreeMap::new();
    for event in events.expect("the log") {
        let said = InquiryEvent::decode(&event.event_type, 1, &event.data).expect("an event");
        let history = histories.entry(said.inquiry_id()).or_default();
        history.push((event.position.get(), said, event.recorded_at));
    }
    let as_of = |history: &[(i64, InquiryEvent, DateTime<Utc>)]| {
        Inquiry::of(history.iter().map(|(_, event, at)| (event, &by, *at))).expect("it began")
    };
    histories
        .into_values()
        .map(|history| Read {
            seq: history[0].0,
            now: as_of(&history),
            stood: (1..=history.len())
                .map(|n| (history[n - 1].2, as_of(&history[..n]).status))
                .collect(),
        })
        .collect()
}

fn day(moment: DateTime<Utc>) -> NaiveDate {
    (moment + TimeDelta::hours(9)).date_naive()
}

fn sorted<K: Ord>(map: BTreeMap<K, i64>) -> Vec<(K, i64)> {
    map.into_iter().collect()
}

/// The same numbers and times, counted one by one.
fn recount(read: &[Read], span: NumberSpan) -> (Counted, Vec<CourseRow>) {
    let within = |moment: DateTime<Utc>| (span.from..span.until).contains(&moment);
    let read: Vec<&Read> = read.iter().filter(|it| it.counts()).collect();
    let waiting = read.iter().filter(|it| it.waited_before(span.from)).count();
    let mut counted = Counted {
        waiting_before: i64::try_from(waiting).expect("few"),
        ..Counted::default()
    };
    let (mut hours, mut topics, mut channels) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut rows = Vec::new();
    let mut on = |moment: DateTime<Utc>, count: fn(&mut DayCount)| {
        if within(moment) {
            count(counted.days.entry(day(moment)).or_default());
        }
    };
    let mut breached = 0;
    for it in &read {
        let came = it.now.received.message.taken_at();
        let replied = it.now.replies.first().map(|reply| reply.at);
        on(came, |day| day.received += 1);
        if let Some(replied) = replied {
            on(replied, |day| day.answered += 1);
        }
        for (closed, back) in it.closings() {
            on(closed, |day| day.closed += 1);
            if let Some(back) = back {
                on(closed, |day| day.undone += 1);
                on(back, |day| day.reopened += 1);
            }
        }
        let mut waited = false;
        for (at, status) in &it.stood {
            if waits(*status) != waited {
                waited = !waited;
                on(
                    *at,
                    if waited {
                        |day| day.change += 1
                    } else {
                        |day| day.change -= 1
                    },
                );
            }
        }
        if !within(came) {
            continue;
        }
        *hours
            .entry(i64::from(chrono::Timelike::hour(&(came + TimeDelta::hours(9)))))
            .or_default() += 1;
        *channels.entry(it.now.channel().code().to_owned()).or_default() += 1;
        for tag in &it.now.tags {
            *topics.entry(Some(tag.code().to_owned())).or_default() += 1;
        }
        if it.now.tags.is_empty() {
            *topics.entry(None).or_default() += 1;
        }
        let due = it.now.received.due_at.and_then(DateTime::from_timestamp_micros);
        let answered_late = due.zip(replied).is_some_and(|(due, replied)| replied > due);
        let never = replied.is_none()
            && due.is_some_and(|due| due < span.now && it.now.closed_at.is_none_or(|closed| closed > due));
        breached += i64::from(answered_late || never);
        rows.push(CourseRow {
            seq: it.seq,
            received_at: came,
            first_replied_at: replied,
            closed_at: it.now.closed_at,
        });
    }
    counted.breached = breached;
    counted.days.retain(|_, count| *count != DayCount::default());
    (counted.hours, counted.topics, counted.channels) = (sorted(hours), sorted(topics), sorted(channels));
    rows.sort_by_key(|row| (row.received_at, row.seq));
    (counted, rows)
}

async fn numbers(office: &Office, span: NumberSpan) -> (Counted, Vec<CourseRow>) {
    let counted = inquiry::counted(office.store.database(), span).await;
    let mut counted = counted.expect("numbers");
    // Whatever order an engine answers in.
    counted.topics.sort();
    counted.channels.sort();
    // A day on which as many came as left.
    counted.days.retain(|_, count| *count != DayCount::default());
    let mut rows: Vec<CourseRow> = Vec::new();
    loop {
        let page = inquiry::courses(office.store.database(), span, rows.last().copied()).await;
        let page = page.expect("times");
        if page.is_empty() {
            return (counted, rows);
        }
        rows.extend(page);
    }
}

async fn numbers_are_those_of_a_recount_from_the_log(db: TestDatabase) {
    let office = Office::open(&db).await;
    let projection = office.storage.inquiries_projection();
    projection.start(&office.store, office.now());
    let mut dice = Dice(20_261_206);
    let begin = office.clock.now();
    let mut there: Vec<InquiryId> = Vec::new();
    for n in 1..=400_u128 {
        office.clock.advance(dice.minutes(180) + TimeDelta::seconds(1));
        let now = office.clock.now();
        let event = if there.is_empty() || dice.below(4) == 0 {
            let id = InquiryId::new(Uuid::from_u128(n));
            there.push(id);
            received(id, now, &mut dice)
        } else {
            something(dice.one(&there), now, n, &mut dice)
        };
        write(&office, event).await;
    }
    let head = office.store.head().await.expect("a head");
    let caught = projection.wait_for(head, PATIENCE).await;
    assert!(
        matches!(caught, Caught::Up),
        "{:?}",
        projection.checkpoint().await
    );
    let read = read_log(&office).await;
    assert!(read.iter().any(|it| !it.counts()), "some are left out");
    let end = office.clock.now();
    let half = begin + (end - begin) / 2;
    for (from, until) in [
        (begin - TimeDelta::days(1), end + TimeDelta::days(1)),
        (half - TimeDelta::days(3), half + TimeDelta::days(3)),
        (half, half + TimeDelta::hours(7)),
        (end + TimeDelta::days(2), end + TimeDelta::days(3)),
    ] {
        let span = NumberSpan {
            from,
            until,
            now: end,
        };
        let (counted, rows) = numbers(&office, span).await;
        let (expected, expected_rows) = recount(&read, span);
        assert_eq!(counted, expected, "{span:?}");
        assert_eq!(rows, expected_rows, "{span:?}");
    }
    let whole = NumberSpan {
        from: begin - TimeDelta::days(1),
        until: end + TimeDelta::days(1),
        now: end,
    };
    let (counted, rows) = numbers(&office, whole).await;
    let sum = |of: fn(&DayCount) -> i64| counted.days.values().map(of).sum::<i64>();
    // Each of them happened, or the test says nothing.
    for (what, count) in [
        ("received", sum(|day| day.received)),
        ("answered", sum(|day| day.answered)),
        ("closed", sum(|day| day.closed)),
        ("undone", sum(|day| day.undone)),
        ("reopened", sum(|day| day.reopened)),
        ("breached", counted.breached),
        ("in the end", sum(|day| day.change)),
    ] {
        assert!(count > 0, "{what}");
    }
    assert!(rows.iter().any(|row| row.closed_at.is_some()));
}
