//! How a page of the list is found. A queue alone is read in its order, part by part. What else is asked for decides what is read instead:
//! the few rows with a tag, those of a declaration, or those that an index of words gives, the last first.

use event_store::{Connection, Engine};

use super::list::{COLUMNS, InquiryFilter, InquiryPlace, InquirySort, Queue, Row};
use super::queue::{self, DUE, id, parts};
use crate::sql::{Fragment, StorageError};

/// So many rows are read and sorted sooner than looked for in an order: some 15 ms.
const FEW: u32 = 4_000;
/// So many rows of which nothing but times is looked at are sorted: some 20 ms.
const FEW_LATE: u32 = 20_000;
/// So many of the last rows are looked into before an index of words is asked, where that has no order.
const LOOKED_INTO: i64 = 2_000;

/// A page that is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    pub(super) filter: &'a InquiryFilter,
    pub(super) sort: InquirySort,
    pub(super) after: Option<InquiryPlace>,
    pub(super) limit: u32,
}

/// How it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The first rows of each part of the queue.
    InOrder,
    /// The same of what is late, which is little: by its time, and then sorted.
    FewLate,
    /// All that have the tag.
    Tagged,
    /// All that are about the declaration.
    About,
    /// All where a note asks somebody to look.
    Mentioned,
    /// What has the entries of the words, the last first.
    Worded,
}

impl Page<'_> {
    /// Its rows.
    pub(super) async fn fetch(self, connection: &mut Connection) -> Result<Vec<Row>, StorageError> {
        let way = self.way(connection).await?;
        let is_in_order = way == Way::Worded && self.sort == InquirySort::Received;
        if is_in_order && connection.engine() == Engine::Postgres {
            // Its planner takes the entries of a word for independent of each other: five of them look like a handful of rows, and are
            // the sixty thousand of one topic.
            let mut sql = Fragment::new(connection.engine());
            self.among_the_last(&mut sql);
            let rows: Vec<Row> = sql.fetch_all(connection).await?;
            if rows.len() >= self.limit as usize {
                return Ok(rows);
            }
        }
        let mut sql = Fragment::new(connection.engine());
        self.statement(&mut sql, way);
        sql.fetch_all(connection).await
    }

    /// How its rows are found.
    pub(super) async fn explain(self, connection: &mut Connection) -> Result<String, StorageError> {
        let way = self.way(connection).await?;
        let mut sql = Fragment::new(connection.engine());
        sql.text(match connection.engine() {
            Engine::Sqlite => "EXPLAIN QUERY PLAN ",
            Engine::Postgres => "EXPLAIN ",
        });
        self.statement(&mut sql, way);
        sql.fetch_plan(connection).await
    }

    async fn way(&self, connection: &mut Connection) -> Result<Way, StorageError> {
        if self.filter.declaration.is_some() {
            return Ok(Way::About);
        }
        if matches!(self.filter.queue, Queue::Mentioning(_)) {
            return Ok(Way::Mentioned);
        }
        if let Some(tag) = self.filter.tag
            && tagged(connection, tag).await? <= FEW
        {
            return Ok(Way::Tagged);
        }
        let queue = InquiryFilter {
            tag: None,
            search: None,
            ..self.filter.clone()
        };
        if self.filter.search.is_some() {
            let are_few = queue::count(connection, &queue, FEW).await? <= FEW;
            return Ok(if are_few { Way::InOrder } else { Way::Worded });
        }
        if queue.queue == Queue::Breached && self.sort == InquirySort::Newest {
            let late = queue::count(connection, &queue, FEW_LATE).await?;
            if late <= FEW_LATE {
                return Ok(Way::FewLate);
            }
        }
        Ok(Way::InOrder)
    }

    fn statement(&self, sql: &mut Fragment, way: Way) {
        sql.plan_anew();
        match way {
            Way::InOrder => self.in_order(sql, self.sort),
            Way::FewLate => self.in_order(sql, InquirySort::Due),
            Way::Tagged | Way::About | Way::Mentioned => self.sorted(sql, way),
            Way::Worded => self.worded(sql),
        }
    }

    /// `by`: the order of the index that is read.
    fn in_order(&self, sql: &mut Fragment, by: InquirySort) {
        sql.text("SELECT ").text(COLUMNS);
        sql.text(" FROM inquiry i WHERE i.seq IN (");
        for (n, part) in parts(self.filter.queue).iter().enumerate() {
            sql.text(if n == 0 { "" } else { " UNION ALL " });
            sql.text("SELECT seq FROM (SELECT i.seq FROM inquiry i WHERE ");
            part.of(sql, self.filter, by);
            queue::narrow(sql, self.filter);
            self.rest(sql);
            sql.text(") AS part");
        }
        sql.text(")");
        self.order(sql);
    }

    fn sorted(&self, sql: &mut Fragment, way: Way) {
        sql.text("SELECT ").text(COLUMNS);
        // On SQLite "CROSS" says which table is read first.
        match (way, self.filter.declaration, self.filter.tag, self.filter.queue) {
            (Way::About, Some(declaration), ..) => {
                sql.text(" FROM inquiry_declaration f CROSS JOIN inquiry i WHERE i.seq = f.seq AND f.declaration_id = ");
                id(sql, declaration.uuid());
            }
            (Way::Mentioned, .., Queue::Mentioning(staff)) => queue::mentioning(sql, staff),
            (_, _, Some(tag), _) => {
                sql.text(" FROM inquiry_tag f CROSS JOIN inquiry i WHERE i.seq = f.seq AND f.tag = ");
                sql.bind_text(tag);
            }
            _ => {
                sql.text(" FROM inquiry i WHERE 1 = 1");
            }
        }
        sql.text(" AND ");
        queue::condition(sql, self.filter);
        queue::narrow(sql, self.filter);
        self.rest(sql);
    }

    fn worded(&self, sql: &mut Fragment) {
        sql.text("SELECT ").text(COLUMNS);
        match sql.engine() {
            Engine::Sqlite => {
                sql.text(" FROM inquiry_search f CROSS JOIN inquiry i WHERE i.seq = f.rowid AND f.inquiry_search MATCH ");
            }
            Engine::Postgres => {
                sql.text(" FROM inquiry i WHERE i.tokens @> ");
            }
        }
        if let Some(search) = &self.filter.search {
            search.entries(sql);
        }
        sql.text(" AND ");
        queue::condition(sql, self.filter);
        queue::narrow(sql, self.filter);
        if sql.engine() == Engine::Sqlite && self.sort == InquirySort::Received {
            // The index of words gives its rows in their order, if it is asked by its own column.
            if let Some(place) = self.after {
                sql.text(" AND f.rowid < ").bind(place.seq);
            }
            sql.text(" ORDER BY f.rowid DESC LIMIT ")
                .bind(i64::from(self.limit));
        } else {
            self.rest(sql);
        }
    }

    /// Those of the last rows that fit; the page, if they fill it.
    fn among_the_last(&self, sql: &mut Fragment) {
        let before = self.after.map_or(i64::MAX, |place| place.seq);
        sql.text("SELECT ").text(COLUMNS);
        sql.text(" FROM (SELECT * FROM inquiry WHERE seq < ").bind(before);
        sql.text(" ORDER BY seq DESC LIMIT ").bind(LOOKED_INTO);
        sql.text(") AS i WHERE ");
        queue::condition(sql, self.filter);
        queue::narrow(sql, self.filter);
        self.order(sql);
    }

    /// What comes after the place, in the order.
    fn rest(&self, sql: &mut Fragment) {
        if let Some(InquiryPlace { key, seq }) = self.after {
            match self.sort {
                InquirySort::Newest => {
                    sql.text(" AND (i.last_message_at, i.seq) < (").bind(key);
                    sql.text(", ").bind(seq).text(")");
                }
                InquirySort::Due => {
                    sql.text(" AND (").text(DUE).text(", i.seq) > (").bind(key);
                    sql.text(", ").bind(seq).text(")");
                }
                InquirySort::Received => {
                    sql.text(" AND i.seq < ").bind(seq);
                }
            }
        }
        self.order(sql);
    }

    fn order(&self, sql: &mut Fragment) {
        match self.sort {
            InquirySort::Newest => sql.text(" ORDER BY i.last_message_at DESC, i.seq DESC"),
            InquirySort::Due => sql.text(" ORDER BY ").text(DUE).text(", i.seq"),
            InquirySort::Received => sql.text(" ORDER BY i.seq DESC"),
        };
        sql.text(" LIMIT ").bind(i64::from(self.limit));
    }
}

/// How many have a tag, up to [`FEW`] and one more.
async fn tagged(connection: &mut Connection, tag: &str) -> Result<u32, StorageError> {
    let mut sql = Fragment::new(connection.engine());
    sql.text("SELECT COUNT(*) FROM (SELECT 1 FROM inquiry_tag WHERE tag = ");
    sql.bind_text(tag).text(" LIMIT ").bind(i64::from(FEW) + 1);
    sql.text(") AS counted");
    let counted: Vec<(i64,)> = sql.fetch_all(connection).await?;
    let count = counted.first().map_or(0, |(count,)| *count);
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
