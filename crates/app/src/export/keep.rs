//! Keeping what is being made, sealed, in pieces: nothing of a file lies anywhere in the clear, and little of it is in memory.

use domain::export::Kept;
use domain::{ExportId, SubjectId};
use event_store::UnsealError;
use sha2::{Digest as _, Sha256};
use storage::export_piece::{self, Of};
use zeroize::Zeroizing;

use crate::{App, Internal};

/// Bytes of one piece before it is sealed.
pub(super) const PIECE: usize = 256 * 1024;

/// Which file, and under which key and term its pieces are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) id: ExportId,
    pub(super) subject: SubjectId,
    pub(super) term: i64,
}

impl Place {
    pub(super) const fn of<'a>(&self, part: &'a str) -> Of<'a> {
        Of {
            export_id: self.id,
            term: self.term,
            part,
        }
    }

    const fn key(&self) -> event_store::SubjectId {
        event_store::SubjectId(self.subject.uuid())
    }

    /// What a piece is bound to: none opens in the place of another.
    fn label(&self, part: &str, seq: u32) -> String {
        format!("export {} {} {part} {seq}", self.id, self.term)
    }
}

/// A part that grows.
pub(super) struct Keeper {
    place: Place,
    part: String,
    waiting: Vec<u8>,
    kept: Kept,
    hash: Sha256,
}

impl Keeper {
    pub(super) fn new(place: Place, part: impl Into<String>) -> Self {
        Self {
            place,
            part: part.into(),
            waiting: Vec::new(),
            kept: Kept {
                pieces: 0,
                size: 0,
                sealed_sha256: String::new(),
            },
            hash: Sha256::new(),
        }
    }

    /// Adds some bytes.
    pub(super) async fn put(&mut self, app: &App, bytes: &[u8]) -> Result<(), Internal> {
        self.waiting.extend_from_slice(bytes);
        while self.waiting.len() >= PIECE {
            let rest = self.waiting.split_off(PIECE);
            let piece = Zeroizing::new(std::mem::replace(&mut self.waiting, rest));
            self.seal(app, &piece).await?;
        }
        Ok(())
    }

    /// Keeps what is left, and says what there is.
    pub(super) async fn finish(mut self, app: &App) -> Result<Kept, Internal> {
        let last = Zeroizing::new(std::mem::take(&mut self.waiting));
        if !last.is_empty() || self.kept.pieces == 0 {
            self.seal(app, &last).await?;
        }
        self.kept.sealed_sha256 = hex::encode(self.hash.finalize());
        Ok(self.kept)
    }

    async fn seal(&mut self, app: &App, piece: &[u8]) -> Result<(), Internal> {
        let seq = self.kept.pieces;
        let label = self.place.label(&self.part, seq);
        let sealed = app.store.keyring().seal(self.place.key(), &label, piece).await;
        let sealed = sealed.map_err(Internal::new)?;
        let of = self.place.of(&self.part);
        let added = export_piece::add(app.store.database(), of, seq, &sealed).await;
        added.map_err(Internal::new)?;
        self.hash.update(&sealed);
        self.kept.pieces += 1;
        self.kept.size += piece.len() as u64;
        Ok(())
    }
}

/// A piece, opened; none: it is not there.
pub(super) async fn open(
    app: &App,
    place: Place,
    part: &str,
    seq: u32,
) -> Result<Option<Zeroizing<Vec<u8>>>, OpenError> {
    let sealed = export_piece::find(app.store.database(), place.of(part), seq).await;
    let Some(sealed) = sealed.map_err(Internal::new)? else {
        return Ok(None);
    };
    let keyring = app.store.keyring();
    let opened = keyring
        .unseal(place.key(), &place.label(part, seq), &sealed)
        .await;
    opened.map(Some).map_err(|error| match error {
        UnsealError::KeyGone(_) => OpenError::KeyGone,
        error => OpenError::Internal(Internal::new(error)),
    })
}

/// Why a piece stays closed.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    /// Its key was destroyed.
    #[error("the key of the file was destroyed")]
    KeyGone,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}
