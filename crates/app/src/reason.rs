//! A fault of ours as a reason that people are told.

use std::error::Error;

use domain::reason::{Reason, ReasonCode};
use event_store::{DatabaseTrouble, ReadError, database_trouble};

use crate::cause;

/// Why something failed, for a job or whatever else has to be given up later on. Faults have no personal data in their words.
pub fn reason_of(error: &(dyn Error + 'static)) -> Reason {
    let code = match database_trouble(error) {
        Some(DatabaseTrouble::Late) => ReasonCode::DatabaseLate,
        Some(DatabaseTrouble::Unavailable) => ReasonCode::DatabaseUnavailable,
        Some(DatabaseTrouble::Disk) => ReasonCode::DatabaseDisk,
        Some(DatabaseTrouble::Refused) => ReasonCode::DatabaseRefused,
        None if is_damaged(error) => ReasonCode::LogDamaged,
        None => ReasonCode::Fault,
    };
    Reason::new(code, cause(error))
}

fn is_damaged(error: &(dyn Error + 'static)) -> bool {
    let damaged = matches!(
        error.downcast_ref(),
        Some(ReadError::Gap { .. } | ReadError::Damaged { .. })
    );
    damaged || error.source().is_some_and(is_damaged)
}

#[cfg(test)]
mod tests {
    use event_store::{DatabaseError, Position};

    use super::*;
    use crate::Internal;

    #[test]
    fn a_fault_is_told_by_what_it_comes_from() {
        let busy = Internal::new(DatabaseError::Busy);
        let damaged = Internal::new(ReadError::Damaged {
            position: Position::START,
            reason: "no JSON".to_owned(),
        });
        let other = Internal::new(std::fmt::Error);
        assert_eq!(reason_of(&busy).code(), Some(ReasonCode::DatabaseUnavailable));
        assert_eq!(reason_of(&damaged).code(), Some(ReasonCode::LogDamaged));
        assert_eq!(reason_of(&other).code(), Some(ReasonCode::Fault));
    }
}
