//! Which trouble with the database an error comes from, for whoever tells people what to do about it.

use std::error::Error;

use super::{DatabaseError, connection_is_lost, is_busy, is_disk_failure, is_full, timed_out};
use crate::read::ReadError;

/// What is the matter with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseTrouble {
    /// A statement took longer than it may.
    Late,
    /// It does not answer, or somebody keeps it busy.
    Unavailable,
    /// Its disk is full, or fails.
    Disk,
    /// It refused what it was asked.
    Refused,
}

/// The trouble with the database that an error comes from, looking along the whole chain of causes. `None`: it has none.
pub fn database_trouble(error: &(dyn Error + 'static)) -> Option<DatabaseTrouble> {
    if timed_out(error) {
        return Some(DatabaseTrouble::Late);
    }
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(trouble) = of_one(error) {
            return Some(trouble);
        }
        cause = error.source();
    }
    None
}

fn of_one(error: &(dyn Error + 'static)) -> Option<DatabaseTrouble> {
    // What is passed on transparently is not itself in the chain of causes.
    if let Some(ReadError::Database(error)) = error.downcast_ref() {
        return Some(of_ours(error));
    }
    if let Some(error) = error.downcast_ref::<DatabaseError>() {
        return Some(of_ours(error));
    }
    let error = error.downcast_ref::<sqlx::Error>()?;
    Some(if is_full(error) || is_disk_failure(error) {
        DatabaseTrouble::Disk
    } else if is_busy(error) || connection_is_lost(error) {
        DatabaseTrouble::Unavailable
    } else {
        DatabaseTrouble::Refused
    })
}

fn of_ours(error: &DatabaseError) -> DatabaseTrouble {
    match error {
        DatabaseError::Full(_) | DatabaseError::Disk(_) | DatabaseError::Stopped { .. } => {
            DatabaseTrouble::Disk
        }
        error if error.is_transient() => DatabaseTrouble::Unavailable,
        _ => DatabaseTrouble::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_found_behind_whatever_passed_it_on() {
        let full = DatabaseError::Full(sqlx::Error::PoolClosed);
        let cases = [
            (
                database_trouble(&sqlx::Error::PoolTimedOut),
                Some(DatabaseTrouble::Unavailable),
            ),
            (
                database_trouble(&sqlx::Error::RowNotFound),
                Some(DatabaseTrouble::Refused),
            ),
            (
                database_trouble(&DatabaseError::Busy),
                Some(DatabaseTrouble::Unavailable),
            ),
            (
                database_trouble(&ReadError::Database(full)),
                Some(DatabaseTrouble::Disk),
            ),
            (database_trouble(&std::fmt::Error), None),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
