//! What a queue is made of: inquiries of one or a few states. Each of these parts has an index in every order, so that a page is the first
//! rows of each part, and no row is read that does not belong there.

use domain::inquiry::InquiryStatus;
use event_store::{Connection, Engine};
use uuid::Uuid;

use super::list::{COUNTED_MAX, InquiryFilter, InquirySort, Queue};
use crate::sql::{Fragment, StorageError, micros};

/// Until when something is to be answered; what nobody waits for comes last. As it is indexed.
pub(super) const DUE: &str = "coalesce(i.due_at, 9223372036854775807)";

/// Inquiries of one state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    status: InquiryStatus,
    only: Only,
}

#[derive(Clone, Copy, Debug)]
enum Only {
    All,
    /// It was put off until a moment that is past.
    Woken,
    /// It is put off until a moment to come.
    Asleep,
    /// It should have been answered.
    Late,
}

const fn part(status: InquiryStatus, only: Only) -> Part {
    Part { status, only }
}

const ALL: &[Part] = &[
    part(InquiryStatus::Open, Only::All),
    part(InquiryStatus::Snoozed, Only::All),
    part(InquiryStatus::Waiting, Only::All),
    part(InquiryStatus::Closed, Only::All),
];
const OPEN: &[Part] = &[
    part(InquiryStatus::Open, Only::All),
    part(InquiryStatus::Snoozed, Only::Woken),
];
const WAITING: &[Part] = &[part(InquiryStatus::Waiting, Only::All)];
const SNOOZED: &[Part] = &[part(InquiryStatus::Snoozed, Only::Asleep)];
const BREACHED: &[Part] = &[
    part(InquiryStatus::Open, Only::Late),
    part(InquiryStatus::Snoozed, Only::Late),
];
const CLOSED: &[Part] = &[part(InquiryStatus::Closed, Only::All)];
const SPAM: &[Part] = &[part(InquiryStatus::Spam, Only::All)];

/// The parts of a queue; no inquiry is in two of them.
pub(super) const fn parts(queue: Queue) -> &'static [Part] {
    match queue {
        Queue::All | Queue::Mentioning(_) => ALL,
        Queue::Of(_) | Queue::Unassigned | Queue::Open => OPEN,
        Queue::Waiting => WAITING,
        Queue::Snoozed => SNOOZED,
        Queue::Breached => BREACHED,
        Queue::Closed => CLOSED,
        Queue::Spam => SPAM,
    }
}

impl Part {
    /// Writes which rows of `inquiry i` it has, of whoever's are asked for, to be read in an order.
    pub(super) fn of(self, sql: &mut Fragment, filter: &InquiryFilter, sort: InquirySort) {
        self.condition(sql, micros(filter.now), sort);
        of_staff(sql, filter);
    }

    fn condition(self, sql: &mut Fragment, now: i64, sort: InquirySort) {
        sql.text("i.status = ").bind_text(self.status.code());
        match self.only {
            Only::All => {}
            Only::Woken => {
                sql.text(" AND i.snoozed_until <= ").bind(now);
            }
            Only::Asleep => {
                sql.text(" AND i.snoozed_until > ").bind(now);
            }
            Only::Late => {
                // By what no index has where another one has the order: what is late may be many, and a page is not.
                let due = if sort == InquirySort::Newest {
                    "i.due_at"
                } else {
                    DUE
                };
                sql.text(" AND ").text(due).text(" <= ").bind(now);
            }
        }
    }
}

/// Writes which rows of `inquiry i` belong to the queue.
pub(super) fn condition(sql: &mut Fragment, filter: &InquiryFilter) {
    for (n, part) in parts(filter.queue).iter().enumerate() {
        sql.text(if n == 0 { "(" } else { " OR " });
        part.condition(sql, micros(filter.now), InquirySort::Received);
    }
    sql.text(")");
    of_staff(sql, filter);
}

/// How many there are, up to `most` and one more.
pub(super) async fn count(
    connection: &mut Connection,
    filter: &InquiryFilter,
    most: u32,
) -> Result<u32, StorageError> {
    let mut sql = Fragment::new(connection.engine());
    sql.plan_anew();
    counting(&mut sql, filter, most);
    let counted: Vec<(i64,)> = sql.fetch_all(connection).await?;
    let count = counted.first().map_or(0, |(count,)| *count);
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How they are counted, for a test that looks at it.
pub(super) async fn explain_count(
    connection: &mut Connection,
    filter: &InquiryFilter,
) -> Result<String, StorageError> {
    let mut sql = Fragment::new(connection.engine());
    sql.text(match connection.engine() {
        Engine::Sqlite => "EXPLAIN QUERY PLAN ",
        Engine::Postgres => "EXPLAIN ",
    });
    counting(&mut sql, filter, COUNTED_MAX);
    sql.fetch_plan(connection).await
}

fn counting(sql: &mut Fragment, filter: &InquiryFilter, most: u32) {
    sql.text("SELECT COUNT(*) FROM (");
    if let Queue::Mentioning(staff) = filter.queue {
        sql.text("SELECT 1");
        mentioning(sql, staff);
        sql.text(" AND ");
        condition(sql, filter);
        narrow(sql, filter);
    } else {
        for (n, part) in parts(filter.queue).iter().enumerate() {
            sql.text(if n == 0 { "" } else { " UNION ALL " });
            sql.text("SELECT 1 FROM inquiry i WHERE ");
            part.of(sql, filter, InquirySort::Received);
            narrow(sql, filter);
        }
    }
    sql.text(" LIMIT ").bind(i64::from(most) + 1);
    sql.text(") AS counted");
}

/// Writes where the few are found in which a note asks somebody to look, as `inquiry i`. On SQLite "CROSS" says which table is read first.
pub(super) fn mentioning(sql: &mut Fragment, staff: Uuid) {
    sql.text(" FROM inquiry_mention f CROSS JOIN inquiry i WHERE i.seq = f.seq AND f.staff_id = ");
    id(sql, staff);
}

/// Writes what else is asked of `inquiry i`, looking at each row; begins with ` AND`.
pub(super) fn narrow(sql: &mut Fragment, filter: &InquiryFilter) {
    if let Some(tag) = filter.tag {
        sql.text(" AND EXISTS (SELECT 1 FROM inquiry_tag t WHERE t.seq = i.seq AND t.tag = ");
        sql.bind_text(tag).text(")");
    }
    if let Some(declaration) = filter.declaration {
        sql.text(
            " AND EXISTS (SELECT 1 FROM inquiry_declaration d WHERE d.seq = i.seq AND d.declaration_id = ",
        );
        id(sql, declaration.uuid());
        sql.text(")");
    }
    if let Some(search) = &filter.search {
        search.words(sql);
    }
}

fn of_staff(sql: &mut Fragment, filter: &InquiryFilter) {
    let mine = match filter.queue {
        Queue::Of(staff) => Some(staff),
        _ => None,
    };
    for staff in mine.into_iter().chain(filter.assignee) {
        sql.text(" AND i.assignee = ");
        id(sql, staff);
    }
    if let Queue::Mentioning(staff) = filter.queue {
        sql.text(" AND EXISTS (SELECT 1 FROM inquiry_mention m WHERE m.seq = i.seq AND m.staff_id = ");
        id(sql, staff);
        sql.text(")");
    }
    if filter.queue == Queue::Unassigned {
        sql.text(" AND i.assignee IS NULL");
    }
}

/// An id as a bound text, because a statement in pieces takes texts and numbers.
pub(super) fn id(sql: &mut Fragment, id: Uuid) {
    let text = id.simple().to_string();
    match sql.engine() {
        Engine::Sqlite => sql.text("unhex(").bind_text(text).text(")"),
        Engine::Postgres => sql.text("CAST(").bind_text(text).text(" AS UUID)"),
    };
}
