//! Rows by the ten thousand into twins that have no index yet: COPY on PostgreSQL, many rows a statement on SQLite.

use event_store::{Connection, EngineMut};
use sqlx::{PgConnection, QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

use crate::projections::declaration::projected::Projected;
use crate::sql::StorageError;

/// Rows of one statement on SQLite, which takes 32,766 values at most.
const ROWS_AT_ONCE: usize = 100;

const COPY: &str = "COPY declaration_rebuild (seq, id, number, declared_on, cell, stopped_on, entity_type, \
    organization_id, corporate_number, name, kana, personal_name, personal_kana, name_subject, trade_name, city, \
    city_key, changed_at, version, key_public, key_personal, tokens) FROM STDIN";
const ROWS: &str = "INSERT INTO declaration_rebuild (seq, id, number, declared_on, cell, stopped_on, entity_type, \
    organization_id, corporate_number, name, kana, personal_name, personal_kana, name_subject, trade_name, city, \
    city_key, changed_at, version, key_public, key_personal) ";
/// All at once: the search index is written out after each statement.
const WORDS: &str = "INSERT INTO declaration_search_rebuild (rowid, tokens) \
    SELECT value ->> 0, value ->> 1 FROM jsonb_each($1)";

/// Writes rows that are not there yet, and their search entries.
pub(super) async fn load(connection: &mut Connection, rows: &[Projected]) -> Result<(), StorageError> {
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => insert(c, rows).await,
        EngineMut::Postgres(c) => copy(c, rows).await,
    }
}

async fn copy(connection: &mut PgConnection, rows: &[Projected]) -> Result<(), StorageError> {
    let mut text = String::with_capacity(rows.len() * 1_000);
    for row in rows {
        line(&mut text, row);
    }
    let mut copying = connection.copy_in_raw(COPY).await?;
    copying.send(text.into_bytes()).await?;
    copying.finish().await?;
    Ok(())
}

/// A row in the text format of COPY.
fn line(text: &mut String, row: &Projected) {
    let mut cells = Cells { text, is_first: true };
    cells
        .number(row.seq)
        .text(&row.id)
        .text(&row.number)
        .text(&row.declared_on);
    cells
        .number(row.cell)
        .optional(row.stopped_on.as_deref())
        .text(row.entity_type);
    cells
        .text(&row.organization_id)
        .optional(row.corporate_number.as_deref());
    cells.optional(row.name.as_deref()).optional(row.kana.as_deref());
    cells
        .optional(row.personal_name.as_deref())
        .optional(row.personal_kana.as_deref());
    cells
        .optional(row.name_subject.as_deref())
        .optional(row.trade_name.as_deref());
    cells
        .optional(row.city.as_deref())
        .optional(row.city_key.as_deref())
        .number(row.changed_at)
        .number(row.version);
    cells.text(&row.key_public).optional(row.key_personal.as_deref());
    cells.text(row.tokens.as_deref().unwrap_or("{}"));
    text.push('\n');
}

struct Cells<'t> {
    text: &'t mut String,
    is_first: bool,
}

impl Cells<'_> {
    fn next(&mut self) {
        if !self.is_first {
            self.text.push('\t');
        }
        self.is_first = false;
    }

    fn number(&mut self, number: i64) -> &mut Self {
        use std::fmt::Write as _;
        self.next();
        // Writing into a text never fails.
        let _ = write!(self.text, "{number}");
        self
    }

    fn text(&mut self, value: &str) -> &mut Self {
        self.next();
        for piece in value.split_inclusive(['\\', '\t', '\n', '\r']) {
            let mut characters = piece.chars();
            let escaped = match characters.next_back() {
                Some('\\') => "\\\\",
                Some('\t') => "\\t",
                Some('\n') => "\\n",
                Some('\r') => "\\r",
                _ => {
                    self.text.push_str(piece);
                    continue;
                }
            };
            self.text.push_str(characters.as_str());
            self.text.push_str(escaped);
        }
        self
    }

    fn optional(&mut self, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            return self.text(value);
        }
        self.next();
        self.text.push_str("\\N");
        self
    }
}

async fn insert(connection: &mut SqliteConnection, rows: &[Projected]) -> Result<(), StorageError> {
    let id = |hex: &str| Uuid::parse_str(hex).unwrap_or_default();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        let mut sql: QueryBuilder<Sqlite> = QueryBuilder::new(ROWS);
        sql.push_values(rows, |mut values, row| {
            values
                .push_bind(row.seq)
                .push_bind(id(&row.id))
                .push_bind(row.number.as_str())
                .push_bind(row.declared_on.as_str())
                .push_bind(row.cell)
                .push_bind(row.stopped_on.as_deref())
                .push_bind(row.entity_type)
                .push_bind(id(&row.organization_id))
                .push_bind(row.corporate_number.as_deref())
                .push_bind(row.name.as_deref())
                .push_bind(row.kana.as_deref())
                .push_bind(row.personal_name.as_deref())
                .push_bind(row.personal_kana.as_deref())
                .push_bind(row.name_subject.as_deref().map(id))
                .push_bind(row.trade_name.as_deref())
                .push_bind(row.city.as_deref())
                .push_bind(row.city_key.as_deref())
                .push_bind(row.changed_at)
                .push_bind(row.version)
                .push_bind(row.key_public.as_str())
                .push_bind(row.key_personal.as_deref());
        });
        sql.build().execute(&mut *connection).await?;
    }
    let words: Vec<_> = rows
        .iter()
        .map(|row| (row.seq, row.words.as_deref().unwrap_or_default()))
        .collect();
    let words = serde_json::to_string(&words).expect("numbers and texts are plain JSON");
    sqlx::query(WORDS).bind(words).execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_copy_gives_a_meaning_is_escaped() {
        let mut text = String::new();
        let mut cells = Cells {
            text: &mut text,
            is_first: true,
        };
        cells
            .number(-7)
            .text("a\\b\tc\nd\re")
            .text("")
            .optional(None)
            .text("\\N")
            .text("みほん");
        assert_eq!(text, "-7\ta\\\\b\\tc\\nd\\re\t\t\\N\t\\\\N\tみほん");
    }
}
