//! The statements of the tree, both dialects side by side.

use serde_json::json;

use super::hash::Hash;
use super::tile::{Tile, TileId, Tiles};
use super::{Checkpoint, TreeError};
use crate::database::{Connection, EngineMut, Sql};
use crate::each_engine;

const SIZE: &str = "SELECT size FROM tree WHERE only_row = 1";

/// Moves the tree on from where it was seen. Who builds at the same time waits here for the other to commit, and then
/// changes no row.
const ADVANCE: &str = "UPDATE tree SET size = $2, updated_at = $3 WHERE only_row = 1 AND size = $1";

const TILES: Sql = Sql {
    sqlite: "SELECT t.level, t.tile_index, t.hashes
             FROM json_each($1) AS wanted
             CROSS JOIN tile AS t ON t.level = wanted.value ->> 0 AND t.tile_index = wanted.value ->> 1",
    postgres: "SELECT t.level, t.tile_index, t.hashes
               FROM unnest($1::bigint[], $2::bigint[]) AS wanted (level, tile_index)
               JOIN tile AS t ON t.level = wanted.level AND t.tile_index = wanted.tile_index",
};

/// SQLite takes places and lengths as JSON and the hashes of all tiles as one byte string.
const PUT_TILES: Sql = Sql {
    sqlite: "INSERT INTO tile (level, tile_index, hashes)
             SELECT value ->> 0, value ->> 1, substr($2, value ->> 2, value ->> 3) FROM json_each($1) WHERE true
             ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes",
    postgres: "INSERT INTO tile (level, tile_index, hashes)
               SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])
               ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes",
};

const CLEAR_TILES: &str = "DELETE FROM tile";

/// The leaves after a position, in order.
const LEAVES: &str =
    "SELECT position, leaf_hash FROM event WHERE position > $1 AND position <= $2 ORDER BY position";

const PUT_NOTE: &str = "INSERT INTO checkpoint_note (size, note, signed_at) VALUES ($1, $2, $3)
                        ON CONFLICT (size) DO NOTHING";

const LATEST_NOTE: &str = "SELECT size, note FROM checkpoint_note ORDER BY size DESC LIMIT 1";

const NOTE_OF: &str = "SELECT size, note FROM checkpoint_note WHERE size = $1";

const NOTES: &str = "SELECT size, note FROM checkpoint_note WHERE size > $1 ORDER BY size LIMIT $2";

/// A stored note: the size that it is filed under, and its text.
pub(crate) type NoteRow = (i64, String);

/// How many leaves the stored tree has.
pub(crate) async fn size(connection: &mut Connection) -> Result<u64, sqlx::Error> {
    let size: Option<i64> = each_engine!(connection, c => sqlx::query_scalar(SIZE).fetch_optional(c).await)?;
    Ok(size.unwrap_or(0).unsigned_abs())
}

/// Moves the size; `false` when it is not what it was any more.
pub(super) async fn advance(
    connection: &mut Connection,
    from: u64,
    to: u64,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let rows = each_engine!(connection, c => {
        sqlx::query(ADVANCE).bind(number(from)).bind(number(to)).bind(now).execute(c).await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// The tiles that there are of these; a row that is no tile counts as none.
pub(crate) async fn tiles(
    connection: &mut Connection,
    wanted: impl IntoIterator<Item = TileId>,
) -> Result<Tiles, sqlx::Error> {
    let statement = TILES.on(connection);
    let (levels, indexes): (Vec<_>, Vec<_>) = wanted
        .into_iter()
        .map(|id| (i64::from(id.level), number(id.index)))
        .unzip();
    let rows: Vec<(i64, i64, Vec<u8>)> = match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            let pairs: Vec<_> = levels.iter().zip(&indexes).collect();
            sqlx::query_as(statement)
                .bind(json!(pairs).to_string())
                .fetch_all(c)
                .await?
        }
        EngineMut::Postgres(c) => {
            sqlx::query_as(statement)
                .bind(levels)
                .bind(indexes)
                .fetch_all(c)
                .await?
        }
    };
    let mut tiles = Tiles::default();
    for (level, index, bytes) in rows {
        let id = TileId {
            level: u8::try_from(level).unwrap_or(u8::MAX),
            index: index.unsigned_abs(),
        };
        if let Some(tile) = Tile::of_bytes(id, &bytes) {
            tiles.insert(tile);
        }
    }
    Ok(tiles)
}

/// Writes tiles, also over narrower ones.
pub(super) async fn put_tiles(connection: &mut Connection, tiles: &[Tile]) -> Result<(), sqlx::Error> {
    let statement = PUT_TILES.on(connection);
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            let mut bytes = Vec::new();
            let mut rows = Vec::with_capacity(tiles.len());
            for tile in tiles {
                let length = tile.bytes().len();
                rows.push((tile.id.level, tile.id.index, bytes.len() + 1, length));
                bytes.extend_from_slice(tile.bytes());
            }
            let rows = json!(rows).to_string();
            sqlx::query(statement)
                .bind(rows)
                .bind(bytes)
                .execute(c)
                .await
                .map(drop)
        }
        EngineMut::Postgres(c) => {
            let levels: Vec<_> = tiles.iter().map(|tile| i64::from(tile.id.level)).collect();
            let indexes: Vec<_> = tiles.iter().map(|tile| number(tile.id.index)).collect();
            let hashes: Vec<_> = tiles.iter().map(Tile::bytes).collect();
            sqlx::query(statement)
                .bind(levels)
                .bind(indexes)
                .bind(hashes)
                .execute(c)
                .await
                .map(drop)
        }
    }
}

/// Removes all tiles.
pub(super) async fn clear_tiles(connection: &mut Connection) -> Result<(), sqlx::Error> {
    each_engine!(connection, c => sqlx::query(CLEAR_TILES).execute(c).await.map(drop))
}

/// The leaves of the events `after + 1..=to`; fails when one is missing.
pub(super) async fn leaves(connection: &mut Connection, after: u64, to: u64) -> Result<Vec<Hash>, TreeError> {
    let rows: Vec<(i64, Vec<u8>)> = each_engine!(connection, c => {
        sqlx::query_as(LEAVES).bind(number(after)).bind(number(to)).fetch_all(c).await
    })?;
    let mut leaves = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter();
    for expected in after + 1..=to {
        let leaf = rows
            .next()
            .filter(|(position, _)| position.unsigned_abs() == expected)
            .and_then(|(_, hash)| hash.try_into().ok());
        leaves.push(leaf.ok_or(TreeError::Leaf { position: expected })?);
    }
    Ok(leaves)
}

/// Files a signed note.
pub(super) async fn put_note(
    connection: &mut Connection,
    checkpoint: &Checkpoint,
    now: i64,
) -> Result<(), sqlx::Error> {
    each_engine!(connection, c => {
        sqlx::query(PUT_NOTE).bind(number(checkpoint.head.size)).bind(&checkpoint.note).bind(now).execute(c).await
            .map(drop)
    })
}

/// The note over the most events.
pub(crate) async fn latest_note(connection: &mut Connection) -> Result<Option<NoteRow>, sqlx::Error> {
    each_engine!(connection, c => sqlx::query_as(LATEST_NOTE).fetch_optional(c).await)
}

/// The note over exactly so many events.
pub(super) async fn note_of(connection: &mut Connection, size: u64) -> Result<Option<NoteRow>, sqlx::Error> {
    each_engine!(connection, c => sqlx::query_as(NOTE_OF).bind(number(size)).fetch_optional(c).await)
}

/// The notes over more than so many events, the smallest first.
pub(crate) async fn notes(
    connection: &mut Connection,
    after: i64,
    limit: i64,
) -> Result<Vec<NoteRow>, sqlx::Error> {
    each_engine!(connection, c => sqlx::query_as(NOTES).bind(after).bind(limit).fetch_all(c).await)
}

/// A size as it is stored: positions are 63 bits.
fn number(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
