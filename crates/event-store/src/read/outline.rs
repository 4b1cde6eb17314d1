//! That something happened, without what it says: for whoever reads again what it is about. No key is needed, and nothing personal is
//! read.

use super::ReadError;
use crate::database::Connection;
use crate::each_engine;
use crate::query::{Position, Tag};

/// An event by its place, its type and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its place in the log.
    pub position: Position,
    /// Its type.
    pub event_type: String,
    /// What it is about.
    pub tags: Vec<Tag>,
}

const OUTLINES: &str =
    "SELECT position, event_type, tags FROM event WHERE position > $1 AND position <= $2 ORDER BY position";

/// What happened after a position and up to another.
pub(crate) async fn outlines(
    connection: &mut Connection,
    after: Position,
    to: Position,
) -> Result<Vec<Outline>, ReadError> {
    let rows: Vec<(i64, String, String)> = each_engine!(connection, c => {
        sqlx::query_as(OUTLINES).bind(after.get()).bind(to.get()).fetch_all(c).await
    })?;
    rows.into_iter().map(outline).collect()
}

pub(super) fn outline((position, event_type, tags): (i64, String, String)) -> Result<Outline, ReadError> {
    let position = Position::new(position);
    let tags: Vec<String> = serde_json::from_str(&tags).map_err(|_| ReadError::Damaged {
        position,
        reason: "its tags are not in a known form".to_owned(),
    })?;
    Ok(Outline {
        position,
        event_type,
        tags: tags.into_iter().map(Tag::stored).collect(),
    })
}
