//! A file on its way out: whoever takes it slowly is looked at in between. Once their account is disabled, or has lost a right, the rest stays
//! here, whichever process disabled it; the line breaks, so that nobody takes a part for the whole.

use std::sync::Arc;

use app::{App, Internal, OpContext};
use axum::body::{Body, Bytes, HttpBody as _};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::fault::log_chain;

/// Bytes that are given out at once, and after which whoever takes them is looked at again. What has no more leaves as a whole.
const PIECE: usize = 64 * 1024;

/// Why the rest of a file does not leave.
#[derive(Debug, thiserror::Error)]
enum Kept {
    /// Whoever takes it may not any more.
    #[error("whoever takes the file may not have it any more")]
    NotAllowed,
    /// It is not known whether they may.
    #[error(transparent)]
    Unknown(#[from] Internal),
    /// It cannot be read.
    #[error(transparent)]
    Body(#[from] axum::Error),
}

/// The same file for as long as whoever asked may have it.
pub(super) fn while_allowed(app: Arc<App>, op: Arc<OpContext>, body: Body) -> Body {
    if body
        .size_hint()
        .upper()
        .is_some_and(|bytes| bytes <= PIECE as u64)
    {
        return body;
    }
    let pieces = body.into_data_stream().flat_map(|read| {
        let pieces: Vec<Result<Bytes, Kept>> = match read {
            Ok(bytes) => cut(bytes).map(Ok).collect(),
            Err(error) => vec![Err(Kept::from(error))],
        };
        stream::iter(pieces)
    });
    let guarded = Box::pin(pieces).and_then(move |piece| {
        let (app, op) = (Arc::clone(&app), Arc::clone(&op));
        async move { look(&app, &op).await.map(|()| piece) }
    });
    Body::from_stream(guarded)
}

/// Pieces of a file.
fn cut(mut bytes: Bytes) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || {
        let length = bytes.len().min(PIECE);
        (length > 0).then(|| bytes.split_to(length))
    })
}

async fn look(app: &App, op: &OpContext) -> Result<(), Kept> {
    let request_id = op.request_id();
    match app.still_may(op).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            tracing::info!(%request_id, "the rest of a file stays here: its reader may not have it any more");
            Err(Kept::NotAllowed)
        }
        Err(error) => {
            log_chain(request_id, &error);
            Err(error.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_into_pieces_and_is_whole_together() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
        let pieces: Vec<Bytes> = cut(Bytes::from(bytes.clone())).collect();
        assert!(pieces.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(pieces.concat(), bytes);
        assert_eq!(cut(Bytes::new()).count(), 0);
    }
}
