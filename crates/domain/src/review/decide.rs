//! Whether a verdict about a suspicion can be taken down, and why it was reached.

use super::{ReviewKind, Verdict};
use crate::declaration::Subject;
use crate::declaration::decide::Problem;
use crate::declaration::decide::reason_under;
use crate::personal::Personal;

/// Why a verdict is not taken down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewProblem {
    /// It is none for this kind of suspicion.
    #[error("that cannot be decided about it")]
    OtherVerdict,
    /// The reason has a problem.
    #[error("the reason is refused")]
    Reason(Problem),
}

/// The reason for a verdict, under the key of the free text of the record that it is kept with; none where none is needed or given.
pub fn decide_reason(
    kind: ReviewKind,
    verdict: Verdict,
    text: &str,
    subject: Subject,
) -> Result<Option<(Subject, Personal<String>)>, ReviewProblem> {
    if !kind.verdicts().contains(&verdict) {
        return Err(ReviewProblem::OtherVerdict);
    }
    if text.trim().is_empty() && !verdict.needs_reason() {
        return Ok(None);
    }
    let reason = reason_under(text, subject).map_err(ReviewProblem::Reason)?;
    Ok(Some(reason))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::declaration::Role;
    use crate::ids::SubjectId;

    fn decide(kind: ReviewKind, verdict: Verdict, text: &str) -> Result<bool, ReviewProblem> {
        let subject = Subject {
            role: Role::Remarks,
            id: SubjectId::new(Uuid::from_u128(1)),
        };
        decide_reason(kind, verdict, text, subject).map(|reason| reason.is_some())
    }

    #[test]
    fn a_verdict_has_a_reason_unless_somebody_only_looked() {
        let missing = decide(ReviewKind::Duplicate, Verdict::NotSame, " ");
        assert!(matches!(missing, Err(ReviewProblem::Reason(problem)) if problem.code == "empty"));
        assert_eq!(
            decide(ReviewKind::Duplicate, Verdict::NotSame, "別法人"),
            Ok(true)
        );
        assert_eq!(
            decide(ReviewKind::ImportWarning, Verdict::LookedAt, ""),
            Ok(false)
        );
        assert_eq!(
            decide(ReviewKind::ImportWarning, Verdict::LookedAt, "確認"),
            Ok(true)
        );
    }

    #[test]
    fn a_verdict_of_another_queue_is_refused() {
        let other = decide(ReviewKind::Duplicate, Verdict::SteppedDown, "理由");
        assert_eq!(other, Err(ReviewProblem::OtherVerdict));
    }
}
