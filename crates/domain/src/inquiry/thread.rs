//! Which inquiry a message belongs to. Headers alone are not believed: whoever forwards a message, or answers one that went to many,
//! names the same ids as its first reader, and must not see what somebody else was told.

use chrono::{DateTime, TimeDelta, Utc};

use super::state::InquiryStatus;
use crate::fold::fold;
use crate::ids::InquiryId;

/// For so long after it was closed an answer brings an inquiry back.
pub const REOPENS_WITHIN: TimeDelta = TimeDelta::days(30);

/// An inquiry that a message names in its header, by one of its messages or of our answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub inquiry_id: InquiryId,
    /// Keyed hashes of the addresses with which it is had.
    pub correspondents: Vec<String>,
    /// Where it stands.
    pub status: InquiryStatus,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// Its subjects as far as they can be read.
    pub subjects: Vec<String>,
}

/// Where a message belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// To an inquiry that is there.
    Joins {
        /// Which.
        inquiry_id: InquiryId,
        /// Whether its subject is another than those before it.
        is_subject_changed: bool,
    },
    /// To none: it begins one.
    Begins {
        /// Where its header says that it belongs, though somebody else wrote it.
        suggested: Option<InquiryId>,
        /// What it goes on from, which is closed for long.
        refers_to: Option<InquiryId>,
    },
}

/// Where a message belongs that was taken at a moment. `candidates`: what its header names, the nearest first. A subject alone never
/// leads anywhere: half of all inquiries have the same one.
pub fn place(
    correspondent: Option<&str>,
    subject: &str,
    taken_at: DateTime<Utc>,
    candidates: &[Candidate],
) -> Place {
    let is_theirs = |candidate: &&Candidate| {
        correspondent.is_some_and(|hash| candidate.correspondents.iter().any(|it| it == hash))
    };
    let Some(theirs) = candidates.iter().find(is_theirs) else {
        return Place::Begins {
            suggested: candidates.first().map(|it| it.inquiry_id),
            refers_to: None,
        };
    };
    let is_over_for_long = theirs.status == InquiryStatus::Closed
        && theirs.closed_at.is_some_and(|at| taken_at - at > REOPENS_WITHIN);
    if is_over_for_long {
        return Place::Begins {
            suggested: None,
            refers_to: Some(theirs.inquiry_id),
        };
    }
    let subject = bare_subject(subject);
    let is_known = theirs.subjects.iter().any(|it| bare_subject(it) == subject);
    Place::Joins {
        inquiry_id: theirs.inquiry_id,
        is_subject_changed: !theirs.subjects.is_empty() && !is_known,
    }
}

/// A subject without what programs put before it, as subjects are compared.
pub fn bare_subject(subject: &str) -> String {
    const BEFORE: &[&str] = &[
        "re", "aw", "sv", "fw", "fwd", "wg", "tr", "返信", "転送", "回答", "答复", "转发",
    ];
    let mut rest = subject.trim();
    // As many as there are: "Re: Fwd: RE[2]: …".
    while let Some((before, after)) = rest.split_once([':', '：']) {
        let before = before.trim().to_lowercase();
        let word = before
            .split(['[', '(', '^', '*'])
            .next()
            .unwrap_or_default()
            .trim();
        if !BEFORE.contains(&word) {
            break;
        }
        rest = after.trim_start();
    }
    fold(rest)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const MINE: &str = "aa";
    const OTHER: &str = "bb";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn candidate(id: u128) -> Candidate {
        Candidate {
            inquiry_id: InquiryId::new(Uuid::from_u128(id)),
            correspondents: vec![MINE.to_owned()],
            status: InquiryStatus::Waiting,
            closed_at: None,
            subjects: vec!["宣言番号を忘れました".to_owned()],
        }
    }

    fn placed(correspondent: Option<&str>, subject: &str, candidates: &[Candidate]) -> Place {
        place(correspondent, subject, at("2026-12-01T00:00:00Z"), candidates)
    }

    fn joins(id: u128, is_subject_changed: bool) -> Place {
        Place::Joins {
            inquiry_id: InquiryId::new(Uuid::from_u128(id)),
            is_subject_changed,
        }
    }

    fn begins(suggested: Option<u128>, refers_to: Option<u128>) -> Place {
        let id = |id: Option<u128>| id.map(|id| InquiryId::new(Uuid::from_u128(id)));
        Place::Begins {
            suggested: id(suggested),
            refers_to: id(refers_to),
        }
    }

    #[test]
    fn an_answer_of_the_same_correspondent_joins() {
        let subject = "Re: RE[2]: 返信： 宣言番号を忘れました";
        assert_eq!(placed(Some(MINE), subject, &[candidate(1)]), joins(1, false));
    }

    #[test]
    fn a_changed_subject_joins_and_is_flagged() {
        let subject = "Re: ロゴについて";
        assert_eq!(placed(Some(MINE), subject, &[candidate(1)]), joins(1, true));
        // Of a thread whose words are forgotten nothing can be said.
        let forgotten = Candidate {
            subjects: Vec::new(),
            ..candidate(1)
        };
        assert_eq!(placed(Some(MINE), subject, &[forgotten]), joins(1, false));
    }

    #[test]
    fn somebody_else_who_names_it_gets_an_inquiry_of_their_own_with_a_suggestion() {
        let subject = "Re: 宣言番号を忘れました";
        assert_eq!(
            placed(Some(OTHER), subject, &[candidate(1), candidate(2)]),
            begins(Some(1), None)
        );
        assert_eq!(placed(None, subject, &[candidate(1)]), begins(Some(1), None));
    }

    #[test]
    fn of_several_the_nearest_with_the_same_correspondent_counts() {
        let others = Candidate {
            correspondents: vec![OTHER.to_owned()],
            ..candidate(1)
        };
        let subject = "宣言番号を忘れました";
        assert_eq!(
            placed(Some(MINE), subject, &[others, candidate(2), candidate(3)]),
            joins(2, false)
        );
    }

    #[test]
    fn the_same_subject_alone_leads_nowhere() {
        assert_eq!(
            placed(Some(MINE), "Re: 宣言番号を忘れました", &[]),
            begins(None, None)
        );
    }

    #[test]
    fn an_answer_brings_back_what_was_closed_within_thirty_days() {
        let closed = |at_text| Candidate {
            status: InquiryStatus::Closed,
            closed_at: Some(at(at_text)),
            ..candidate(1)
        };
        let subject = "Re: 宣言番号を忘れました";
        assert_eq!(
            placed(Some(MINE), subject, &[closed("2026-11-01T00:00:00Z")]),
            joins(1, false)
        );
        assert_eq!(
            placed(Some(MINE), subject, &[closed("2026-10-31T23:59:59Z")]),
            begins(None, Some(1))
        );
    }

    #[test]
    fn subjects_are_compared_without_what_programs_put_before_them() {
        for subject in [
            "ロゴの件",
            "Re:ロゴの件",
            "RE：　ロゴの件",
            "Fwd: Re: ﾛｺﾞの件",
            "転送:ロゴの件 ",
        ] {
            assert_eq!(bare_subject(subject), bare_subject("ロゴの件"), "{subject}");
        }
        assert_ne!(bare_subject("質問: ロゴの件"), bare_subject("ロゴの件"));
        assert_eq!(bare_subject("Re: "), "");
    }
}
