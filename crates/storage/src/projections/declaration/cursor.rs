//! The opaque cursor of the list: where a page ended, in which order and under which narrowing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::list::Sort;

/// First byte of every cursor; a cursor of another version is refused and the reader starts from the first page.
const VERSION: u8 = 1;
const CHECK_LENGTH: usize = 8;
/// Longer than any cursor that we make.
const LENGTH_MAX: usize = 400;

/// The cursor was not made by this list: cut, changed, of an older version, or of another order or narrowing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor does not belong to this list")]
pub struct CursorError;

/// The last row of a page: the value that the list is ordered by, and the row's sequence number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) key: String,
    pub(super) seq: i64,
}

/// Writes a cursor. `narrowing` identifies filter, search and scope, so that no page continues another list.
pub(super) fn write(sort: Sort, narrowing: &[u8], place: &Place) -> String {
    let mut bytes = vec![VERSION, sort as u8];
    bytes.extend_from_slice(&place.seq.to_be_bytes());
    bytes.extend_from_slice(place.key.as_bytes());
    bytes.extend_from_slice(&check(narrowing, &bytes));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a cursor that belongs to this order and narrowing.
pub(super) fn read(sort: Sort, narrowing: &[u8], cursor: &str) -> Result<Place, CursorError> {
    if cursor.len() > LENGTH_MAX {
        return Err(CursorError);
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| CursorError)?;
    let (body, found) = bytes.split_last_chunk::<CHECK_LENGTH>().ok_or(CursorError)?;
    if *found != check(narrowing, body) {
        return Err(CursorError);
    }
    let (head, key) = body.split_first_chunk::<10>().ok_or(CursorError)?;
    let [version, order, seq @ ..] = *head;
    if version != VERSION || order != sort as u8 {
        return Err(CursorError);
    }
    let key = String::from_utf8(key.to_vec()).map_err(|_| CursorError)?;
    Ok(Place {
        key,
        seq: i64::from_be_bytes(seq),
    })
}

/// Not a signature: it catches what was cut or mixed up. A cursor gives no right, so nothing is gained by forging one.
fn check(narrowing: &[u8], body: &[u8]) -> [u8; CHECK_LENGTH] {
    let mut hash = Sha256::new();
    hash.update(b"sengen.cursor\0");
    hash.update(u64::try_from(narrowing.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(narrowing);
    hash.update(body);
    let digest: [u8; 32] = hash.finalize().into();
    let mut check = [0; CHECK_LENGTH];
    check.copy_from_slice(&digest[..CHECK_LENGTH]);
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            key: "2024-05-01".to_owned(),
            seq: 77,
        }
    }

    #[test]
    fn a_cursor_reads_back() {
        let cursor = write(Sort::DeclaredOnDesc, b"filter", &place());
        assert_eq!(read(Sort::DeclaredOnDesc, b"filter", &cursor), Ok(place()));
    }

    #[test]
    fn a_changed_cut_or_foreign_cursor_is_refused() {
        let cursor = write(Sort::DeclaredOnDesc, b"filter", &place());
        assert_eq!(read(Sort::NumberAsc, b"filter", &cursor), Err(CursorError));
        assert_eq!(read(Sort::DeclaredOnDesc, b"other", &cursor), Err(CursorError));
        for index in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("still ASCII");
            assert_eq!(
                read(Sort::DeclaredOnDesc, b"filter", &changed),
                Err(CursorError),
                "{changed}"
            );
            assert_eq!(
                read(Sort::DeclaredOnDesc, b"filter", &cursor[..index]),
                Err(CursorError)
            );
        }
        assert_eq!(
            read(Sort::DeclaredOnDesc, b"filter", &"A".repeat(5000)),
            Err(CursorError)
        );
    }
}
