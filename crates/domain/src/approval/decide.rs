//! Decisions about a request. The second person is another person, whatever accounts and roles the first one has.

use chrono::{DateTime, Utc};

use super::{Approval, ApprovalEvent};
use crate::staff::StaffId;

/// Somebody who asks or decides: an account, and every other one by which the same person could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub staff_id: StaffId,
    /// All accounts of the person, by whatever it is known, itself among them.
    pub accounts: Vec<StaffId>,
}

impl Person {
    /// Whether an account is theirs.
    fn has(&self, account: StaffId) -> bool {
        self.staff_id == account || self.accounts.contains(&account)
    }

    /// Whether two accounts are one person's.
    pub fn is(&self, other: &Self) -> bool {
        self.has(other.staff_id) || other.has(self.staff_id) || self.accounts.iter().any(|it| other.has(*it))
    }
}

/// Why a request is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalRefusal {
    /// Somebody decided before, or whoever asked withdrew it.
    #[error("the request is not open any more")]
    NotOpen,
    /// Nobody decided in time.
    #[error("the request has lapsed")]
    Lapsed,
    /// Nobody agrees to what they asked for, nor through another account.
    #[error("nobody decides about their own request")]
    OwnRequest,
    /// Nobody agrees to what they gain by.
    #[error("nobody decides about what they gain by")]
    Beneficiary,
    /// Only whoever asked withdraws.
    #[error("only whoever asked can withdraw it")]
    NotYours,
    /// What was seen is not what is asked for.
    #[error("the content is not the one that was seen")]
    OtherContent,
}

impl ApprovalRefusal {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotOpen => "not_open",
            Self::Lapsed => "lapsed",
            Self::OwnRequest => "own_request",
            Self::Beneficiary => "beneficiary",
            Self::NotYours => "not_yours",
            Self::OtherContent => "other_content",
        }
    }

    /// One sentence for whoever wanted it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::NotOpen => "この申請は、すでに処理されています。最新の状態を確かめてください。",
            Self::Lapsed => "この申請は期限が切れています。必要な場合は、もう一度申請してください。",
            Self::OwnRequest => {
                "自分の申請は、別のアカウントからでも承認や却下ができません。ほかの承認者に依頼してください。"
            }
            Self::Beneficiary => {
                "自分に関する申請は、承認や却下ができません。ほかの承認者に依頼してください。"
            }
            Self::NotYours => "申請を取り下げられるのは、申請した人だけです。",
            Self::OtherContent => {
                "表示していた内容と申請の内容が一致しません。画面を開き直して、内容を確かめてください。"
            }
        }
    }
}

/// A second person agrees to exactly the content whose hash they saw.
pub fn approve(
    approval: &Approval,
    requester: &Person,
    decider: &Person,
    seen_hash: &str,
    now: DateTime<Utc>,
) -> Result<ApprovalEvent, ApprovalRefusal> {
    open(approval, now)?;
    by_another(approval, requester, decider)?;
    if seen_hash != approval.requested.content_hash {
        return Err(ApprovalRefusal::OtherContent);
    }
    Ok(ApprovalEvent::Approved {
        approval_id: approval.requested.approval_id,
        content_hash: approval.requested.content_hash.clone(),
    })
}

/// A second person does not agree.
pub fn reject(
    approval: &Approval,
    requester: &Person,
    decider: &Person,
    now: DateTime<Utc>,
) -> Result<ApprovalEvent, ApprovalRefusal> {
    open(approval, now)?;
    by_another(approval, requester, decider)?;
    Ok(ApprovalEvent::Rejected {
        approval_id: approval.requested.approval_id,
    })
}

/// Whoever asked does not want it any more.
pub fn withdraw(
    approval: &Approval,
    by: StaffId,
    now: DateTime<Utc>,
) -> Result<ApprovalEvent, ApprovalRefusal> {
    open(approval, now)?;
    if approval.requester() != Some(by) {
        return Err(ApprovalRefusal::NotYours);
    }
    Ok(ApprovalEvent::Withdrawn {
        approval_id: approval.requested.approval_id,
    })
}

/// Whoever may do without a second person does. It is marked for ever, and nobody does it for what another asked for.
pub fn bypass(
    approval: &Approval,
    by: StaffId,
    now: DateTime<Utc>,
) -> Result<ApprovalEvent, ApprovalRefusal> {
    open(approval, now)?;
    if approval.requester() != Some(by) {
        return Err(ApprovalRefusal::NotYours);
    }
    Ok(ApprovalEvent::Bypassed {
        approval_id: approval.requested.approval_id,
    })
}

fn open(approval: &Approval, now: DateTime<Utc>) -> Result<(), ApprovalRefusal> {
    if approval.status != super::Status::Open {
        return Err(ApprovalRefusal::NotOpen);
    }
    if approval.is_open_at(now) {
        Ok(())
    } else {
        Err(ApprovalRefusal::Lapsed)
    }
}

fn by_another(approval: &Approval, requester: &Person, decider: &Person) -> Result<(), ApprovalRefusal> {
    if decider.is(requester) {
        return Err(ApprovalRefusal::OwnRequest);
    }
    if approval.requested.beneficiary.is_some_and(|id| decider.has(id)) {
        return Err(ApprovalRefusal::Beneficiary);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Requested, VoidReason};
    use super::*;
    use crate::ids::ApprovalId;
    use crate::staff::Actor;
    use chrono::TimeDelta;
    use uuid::Uuid;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn person(number: u128) -> Person {
        Person {
            staff_id: StaffId(Uuid::from_u128(number)),
            accounts: vec![StaffId(Uuid::from_u128(number))],
        }
    }

    fn given(events: &[ApprovalEvent]) -> Approval {
        let requested = ApprovalEvent::Requested(Requested {
            approval_id: ApprovalId::new(Uuid::from_u128(9)),
            kind: "staff.roles".to_owned(),
            content_hash: "ab".to_owned(),
            expires_at: NOW + TimeDelta::hours(24),
            beneficiary: Some(person(3).staff_id),
            about: None,
        });
        let (me, other) = (Actor::Staff(person(1).staff_id), Actor::Staff(person(2).staff_id));
        let later = events.iter().map(|event| (event, &other, NOW));
        Approval::of([(&requested, &me, NOW)].into_iter().chain(later)).expect("a request")
    }

    #[test]
    fn t52_another_person_agrees_to_exactly_what_they_saw() {
        let approval = given(&[]);
        let (me, other) = (person(1), person(2));
        let approved = approve(&approval, &me, &other, "ab", NOW).expect("agreed");
        assert!(given(&[approved]).is_due());
        let changed = approve(&approval, &me, &other, "ac", NOW);
        assert_eq!(changed, Err(ApprovalRefusal::OtherContent));
    }

    #[test]
    fn t52_nobody_agrees_to_their_own_request_nor_through_a_second_account() {
        let approval = given(&[]);
        let me = person(1);
        let mut second = person(5);
        second.accounts.push(me.staff_id);
        let mut by_third = person(6);
        by_third.accounts.push(person(8).staff_id);
        let mut with_third = me.clone();
        with_third.accounts.push(person(8).staff_id);
        for (me, disguise) in [
            (&me, &me),
            (&me, &second),
            (&second, &me),
            (&with_third, &by_third),
        ] {
            let approved = approve(&approval, me, disguise, "ab", NOW);
            assert_eq!(approved, Err(ApprovalRefusal::OwnRequest));
            let rejected = reject(&approval, me, disguise, NOW);
            assert_eq!(rejected, Err(ApprovalRefusal::OwnRequest));
        }
        let mut gains = person(7);
        gains.accounts.push(person(3).staff_id);
        let gains = approve(&approval, &me, &gains, "ab", NOW);
        assert_eq!(
            gains,
            Err(ApprovalRefusal::Beneficiary),
            "by another account of theirs"
        );
        let gains = approve(&approval, &me, &person(3), "ab", NOW);
        assert_eq!(gains, Err(ApprovalRefusal::Beneficiary));
    }

    #[test]
    fn t52_what_is_decided_or_over_cannot_be_decided_again() {
        let (me, other) = (person(1), person(2));
        let id = given(&[]).requested.approval_id;
        let ends = [
            ApprovalEvent::Approved {
                approval_id: id,
                content_hash: "ab".to_owned(),
            },
            ApprovalEvent::Rejected { approval_id: id },
            ApprovalEvent::Withdrawn { approval_id: id },
            ApprovalEvent::Bypassed { approval_id: id },
            ApprovalEvent::Voided {
                approval_id: id,
                why: VoidReason::Changed,
            },
        ];
        for end in ends {
            let over = given(&[end]);
            assert_eq!(
                approve(&over, &me, &other, "ab", NOW),
                Err(ApprovalRefusal::NotOpen)
            );
            assert_eq!(withdraw(&over, me.staff_id, NOW), Err(ApprovalRefusal::NotOpen));
            assert_eq!(bypass(&over, me.staff_id, NOW), Err(ApprovalRefusal::NotOpen));
        }
        let late = NOW + TimeDelta::hours(24);
        let lapsed = approve(&given(&[]), &me, &other, "ab", late);
        assert_eq!(lapsed, Err(ApprovalRefusal::Lapsed));
    }

    #[test]
    fn only_whoever_asked_withdraws_or_does_without() {
        let approval = given(&[]);
        let other = person(2).staff_id;
        assert_eq!(withdraw(&approval, other, NOW), Err(ApprovalRefusal::NotYours));
        assert_eq!(bypass(&approval, other, NOW), Err(ApprovalRefusal::NotYours));
        let me = person(1).staff_id;
        assert!(withdraw(&approval, me, NOW).is_ok());
        let bypassed = bypass(&approval, me, NOW).expect("done without");
        let done = ApprovalEvent::CarriedOut {
            approval_id: approval.requested.approval_id,
        };
        let over = given(&[bypassed, done]);
        assert!(matches!(
            over.status,
            super::super::Status::CarriedOut { is_bypass: true, .. }
        ));
    }
}
