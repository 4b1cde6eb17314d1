//! Pages of a desk of many thousands: whichever way they are found, they have what a recount has, and read no row that they need not.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::DeclarationId;
use event_store::{Engine, EngineMut, each_engine};
use sqlx::FromRow;
use storage::inquiry::{self, InquiryFilter, InquirySort, Queue, Search};
use test_support::TestDatabase;
use uuid::Uuid;

use crate::inquiries::{Desk, mail};

test_support::on_both_engines!(
    pages_have_what_a_recount_has_in_every_queue_order_and_narrowing,
    no_page_of_a_queue_reads_all_of_it,
);

/// More than are sorted sooner than walked.
const ROWS: i64 = 16_000;
const PAGE: u32 = 30;
const DECLARATION: Uuid = Uuid::from_u128(77);
const STAFF: Uuid = Uuid::from_u128(9);

// What is true of row n; both fillings and no test say it again.
const FILL_ROWS: [&str; 2] = [
    "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < $1) \
     INSERT INTO inquiry SELECT 10 + n, randomblob(16), s.position, \
       CASE WHEN n % 97 = 0 THEN 'spam' WHEN n % 89 = 0 THEN 'merged' WHEN n % 83 = 0 THEN 'waiting' WHEN n % 79 = 0 THEN 'snoozed' \
            WHEN n % 3 = 0 THEN 'open' ELSE 'closed' END, s.channel, s.kind, CASE WHEN n % 5 = 0 THEN $2 END, s.received_at + n, \
       s.received_at + (n * 7919) % $1, CASE WHEN n % 3 = 0 AND n % 4 < 3 THEN $3 + ((n * 104729) % $1 - $1 / 2) * 1000000 END, \
       CASE WHEN n % 79 = 0 THEN $3 + CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END END, NULL, NULL, 1, 0, 0, 0, '[]', NULL, 0, 0, \
       s.sender_name, s.sender_address, s.subject, s.snippet, s.search_key \
     FROM number JOIN (SELECT row_number() OVER (ORDER BY seq) - 1 AS place, i.* FROM inquiry i) s \
       ON s.place = CASE WHEN n % 500 = 0 THEN 2 WHEN n % 3 = 0 THEN 1 ELSE 0 END",
    "WITH RECURSIVE number (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM number WHERE n < $1) \
     INSERT INTO inquiry SELECT 10 + n, gen_random_uuid(), s.position, \
       CASE WHEN n % 97 = 0 THEN 'spam' WHEN n % 89 = 0 THEN 'merged' WHEN n % 83 = 0 THEN 'waiting' WHEN n % 79 = 0 THEN 'snoozed' \
            WHEN n % 3 = 0 THEN 'open' ELSE 'closed' END, s.channel, s.kind, CASE WHEN n % 5 = 0 THEN $2 END, s.received_at + n, \
       s.received_at + (n * 7919) % $1, CASE WHEN n % 3 = 0 AND n % 4 < 3 THEN $3 + ((n * 104729) % $1 - $1 / 2) * 1000000 END, \
       CASE WHEN n % 79 = 0 THEN $3 + CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END END, NULL, NULL, 1, 0, 0, 0, '[]', NULL, 0, 0, \
       s.sender_name, s.sender_address, s.subject, s.snippet, s.search_key, s.tokens \
     FROM number JOIN (SELECT row_number() OVER (ORDER BY seq) - 1 AS place, i.* FROM inquiry i) s \
       ON s.place = CASE WHEN n % 500 = 0 THEN 2 WHEN n % 3 = 0 THEN 1 ELSE 0 END",
];
const FILL_TAGS: &str = "INSERT INTO inquiry_tag (tag, seq) SELECT 'logo', seq FROM inquiry WHERE seq % 3 <> 0 \
     UNION ALL SELECT 'star', seq FROM inquiry WHERE seq % 100 = 0";
const FILL_DECLARATIONS: &str =
    "INSERT INTO inquiry_declaration (declaration_id, seq) SELECT $1, seq FROM inquiry WHERE seq % 1000 < 3";
const FILL_MENTIONS: &str = "INSERT INTO inquiry_mention (staff_id, seq) SELECT $1, seq FROM inquiry \
     WHERE status NOT IN ('spam', 'merged') AND seq % 500 < 3";
/// The index of words has no texts: the entries of a message are those of the one whose words it has.
const FILL_WORDS: [&str; 2] = [
    "CREATE VIRTUAL TABLE temp.entry USING fts5vocab(main, inquiry_search, instance)",
    "INSERT INTO inquiry_search (rowid, tokens) SELECT i.seq, d.tokens FROM inquiry i JOIN (SELECT s.search_key AS key, \
       group_concat(e.term, ' ') AS tokens FROM inquiry s JOIN temp.entry e ON e.doc = s.seq GROUP BY s.seq) d \
       ON d.key = i.search_key WHERE i.seq NOT IN (SELECT doc FROM temp.entry)",
];

/// A row, and all that is asked about it.
#[derive(Clone, Debug, FromRow)]
struct Known {
    id: Uuid,
    seq: i64,
    status: String,
    assignee: Option<Uuid>,
    last_message_at: i64,
    due_at: Option<i64>,
    snoozed_until: Option<i64>,
    search_key: String,
}

struct Office {
    desk: Desk,
    known: Vec<Known>,
    tagged: HashSet<(String, i64)>,
    linked: HashSet<i64>,
    mentioned: HashSet<i64>,
    now: DateTime<Utc>,
}

impl Office {
    /// Three messages of which all others are copies: ten thousand closed, five thousand open, and a few of each other kind.
    async fn open(db: &TestDatabase) -> Self {
        let desk = Desk::open(db).await;
        for (n, subject) in [(1, "登録内容の変更"), (2, "ロゴの使い方"), (3, "まれな件")] {
            desk.receive(&mail(n, subject)).await;
        }
        desk.projected().await;
        let now = desk.now();
        let mut tx = db.database().begin_write().await.expect("a transaction");
        let fill = FILL_ROWS[usize::from(tx.engine() == Engine::Postgres)];
        each_engine!(tx, c => {
            sqlx::query(fill).bind(ROWS).bind(STAFF).bind(now.timestamp_micros()).execute(c).await.map(drop)
        })
        .expect("filled");
        each_engine!(tx, c => sqlx::query(FILL_TAGS).execute(c).await.map(drop)).expect("tagged");
        each_engine!(tx, c => sqlx::query(FILL_DECLARATIONS).bind(DECLARATION).execute(c).await.map(drop))
            .expect("linked");
        each_engine!(tx, c => sqlx::query(FILL_MENTIONS).bind(STAFF).execute(c).await.map(drop))
            .expect("mentioned");
        match tx.engine_mut() {
            EngineMut::Sqlite(c) => {
                for text in FILL_WORDS {
                    sqlx::query(text).execute(&mut *c).await.expect("indexed");
                }
            }
            EngineMut::Postgres(c) => {
                sqlx::query("ANALYZE inquiry, inquiry_tag, inquiry_declaration, inquiry_mention")
                    .execute(c)
                    .await
                    .expect("counted");
            }
        }
        tx.commit().await.expect("a commit");
        let mut connection = db.database().acquire_read().await.expect("a connection");
        let all = "SELECT id, seq, status, assignee, last_message_at, due_at, snoozed_until, search_key FROM inquiry";
        let known: Vec<Known> =
            each_engine!(connection, c => sqlx::query_as(all).fetch_all(c).await).expect("rows");
        let tags = "SELECT tag, seq FROM inquiry_tag";
        let tagged: Vec<(String, i64)> =
            each_engine!(connection, c => sqlx::query_as(tags).fetch_all(c).await).expect("tags");
        let links = "SELECT seq FROM inquiry_declaration";
        let linked: Vec<i64> =
            each_engine!(connection, c => sqlx::query_scalar(links).fetch_all(c).await).expect("links");
        let mentions = "SELECT seq FROM inquiry_mention";
        let mentioned: Vec<i64> =
            each_engine!(connection, c => sqlx::query_scalar(mentions).fetch_all(c).await).expect("mentions");
        Self {
            desk,
            known,
            tagged: tagged.into_iter().collect(),
            linked: linked.into_iter().collect(),
            mentioned: mentioned.into_iter().collect(),
            now,
        }
    }

    fn queues() -> [Queue; 10] {
        [
            Queue::All,
            Queue::Of(STAFF),
            Queue::Mentioning(STAFF),
            Queue::Unassigned,
            Queue::Open,
            Queue::Waiting,
            Queue::Snoozed,
            Queue::Breached,
            Queue::Closed,
            Queue::Spam,
        ]
    }

    /// Nothing, a tag of many, one of few, a declaration, staff, words of all, of many, of few, of nobody; and some together.
    fn narrowings(&self, queue: Queue) -> Vec<InquiryFilter> {
        let plain = InquiryFilter {
            now: self.now,
            ..self.desk.filter(queue)
        };
        let search = |text: &str| Search::parse(text).expect("it can be searched for");
        let mut all = Vec::new();
        for tag in [None, Some("logo"), Some("star"), Some("denial")] {
            for text in ["", "見本太郎", "ロゴの使い方", "まれな", "ない言葉"] {
                all.push(InquiryFilter {
                    tag,
                    search: search(text),
                    ..plain.clone()
                });
            }
        }
        for text in ["", "ロゴ"] {
            all.push(InquiryFilter {
                declaration: Some(DeclarationId::new(DECLARATION)),
                search: search(text),
                ..plain.clone()
            });
            all.push(InquiryFilter {
                assignee: Some(STAFF),
                search: search(text),
                ..plain.clone()
            });
        }
        all
    }

    fn fits(&self, row: &Known, filter: &InquiryFilter) -> bool {
        let now = self.now.timestamp_micros();
        let is_asleep = row.snoozed_until.is_some_and(|until| until > now);
        let is_open = row.status == "open" || (row.status == "snoozed" && !is_asleep);
        let belongs = match filter.queue {
            Queue::All => row.status != "spam" && row.status != "merged",
            Queue::Of(staff) => is_open && row.assignee == Some(staff),
            Queue::Mentioning(staff) => staff == STAFF && self.mentioned.contains(&row.seq),
            Queue::Unassigned => is_open && row.assignee.is_none(),
            Queue::Open => is_open,
            Queue::Waiting => row.status == "waiting",
            Queue::Snoozed => row.status == "snoozed" && is_asleep,
            Queue::Breached => {
                ["open", "snoozed"].contains(&row.status.as_str()) && row.due_at.is_some_and(|due| due <= now)
            }
            Queue::Closed => row.status == "closed",
            Queue::Spam => row.status == "spam",
        };
        let has_tag = |tag: &str| self.tagged.contains(&(tag.to_owned(), row.seq));
        let words = filter.search.as_ref().map(Search::terms).unwrap_or_default();
        belongs
            && filter.assignee.is_none_or(|staff| row.assignee == Some(staff))
            && filter.tag.is_none_or(has_tag)
            && (filter.declaration.is_none() || self.linked.contains(&row.seq))
            && words.iter().all(|word| row.search_key.contains(word))
    }

    fn recount(&self, filter: &InquiryFilter, sort: InquirySort) -> Vec<Uuid> {
        let mut rows: Vec<&Known> = self.known.iter().filter(|row| self.fits(row, filter)).collect();
        rows.sort_by_key(|row| match sort {
            InquirySort::Newest => (-row.last_message_at, -row.seq),
            InquirySort::Due => (row.due_at.unwrap_or(i64::MAX), row.seq),
            InquirySort::Received => (-row.seq, 0),
        });
        rows.into_iter().map(|row| row.id).collect()
    }
}

async fn pages_have_what_a_recount_has_in_every_queue_order_and_narrowing(db: TestDatabase) {
    let office = Office::open(&db).await;
    for queue in Office::queues() {
        for filter in office.narrowings(queue) {
            for sort in [InquirySort::Newest, InquirySort::Due, InquirySort::Received] {
                let expected = office.recount(&filter, sort);
                let mut after = None;
                for expected in expected.chunks(PAGE as usize).take(2) {
                    let page = inquiry::list(db.database(), &filter, sort, after, PAGE).await;
                    let page = page.expect("a page");
                    let ids: Vec<Uuid> = page.iter().map(|row| row.id.uuid()).collect();
                    assert_eq!(ids, expected, "{filter:?} {sort:?} after {after:?}");
                    after = page.last().map(|row| row.place(sort));
                }
                if expected.is_empty() {
                    let page = inquiry::list(db.database(), &filter, sort, None, PAGE).await;
                    assert_eq!(page.expect("a page"), [], "{filter:?} {sort:?}");
                }
            }
            let count = inquiry::count(db.database(), &filter).await.expect("a count");
            let expected = office.recount(&filter, InquirySort::Received).len();
            assert_eq!(
                count as usize,
                expected.min(inquiry::COUNTED_MAX as usize + 1),
                "{filter:?}"
            );
        }
    }
}

async fn no_page_of_a_queue_reads_all_of_it(db: TestDatabase) {
    let office = Office::open(&db).await;
    let plan = async |filter: &InquiryFilter, sort| {
        let plan = inquiry::explain_list(db.database(), filter, sort).await;
        plan.expect("a plan")
    };
    let is_postgres = db.database().engine() == Engine::Postgres;
    for queue in Office::queues() {
        for sort in [InquirySort::Newest, InquirySort::Due] {
            let filter = office.desk.filter(queue);
            let plan = plan(&filter, sort).await;
            // PostgreSQL sorts a part that it knows to be a handful; what is late is one here.
            let sorted = plan.matches("TEMP B-TREE FOR ORDER").count();
            let is_by_time = queue == Queue::Breached
                && plan.contains("inquiry_by_status_and_due (status=? AND <expr><?)");
            assert!(
                sorted <= 1 || is_by_time,
                "{queue:?} {sort:?}: only the page is sorted\n{plan}"
            );
            assert!(
                !plan.contains("SCAN i\n") && !plan.contains("Seq Scan on inquiry i"),
                "{queue:?} {sort:?}\n{plan}"
            );
        }
    }
    for queue in Office::queues() {
        let filter = office.desk.filter(queue);
        let plan = inquiry::explain_count(db.database(), &filter).await;
        let plan = plan.expect("a plan");
        // PostgreSQL counts a few thousand rows as it likes.
        assert!(is_postgres || !plan.contains("SCAN i"), "{queue:?}\n{plan}");
        let is_by_table = plan.contains("SEARCH f USING PRIMARY KEY (staff_id=?)");
        assert!(
            is_postgres || is_by_table == matches!(queue, Queue::Mentioning(_)),
            "{queue:?}: the few rows of a reader are read, not all of the desk\n{plan}"
        );
    }
    let search = |text: &str| InquiryFilter {
        search: Search::parse(text).expect("it can be searched for"),
        ..office.desk.filter(Queue::All)
    };
    let words = plan(&search("まれな"), InquirySort::Received).await;
    let index = if is_postgres {
        "inquiry_by_tokens"
    } else {
        "SCAN f VIRTUAL TABLE"
    };
    assert!(words.contains(index), "{words}");
    assert!(is_postgres || !words.contains("TEMP B-TREE"), "{words}");
    let tagged = InquiryFilter {
        tag: Some("star"),
        ..office.desk.filter(Queue::Closed)
    };
    let tagged = plan(&tagged, InquirySort::Newest).await;
    let index = if is_postgres {
        "inquiry_tag_pkey"
    } else {
        "SEARCH f USING PRIMARY KEY (tag=?)"
    };
    assert!(tagged.contains(index), "{tagged}");
}
