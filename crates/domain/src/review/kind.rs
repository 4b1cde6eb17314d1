//! Which suspicions there are, by which rule they were found, and what can be decided about each.

use crate::declaration::FlagCode;
use crate::staff::Permission;
use crate::wire::wire_enum;

wire_enum! {
    /// What is suspected. Each kind is a queue of its own.
    ReviewKind {
        /// Two live declarations of one declarer.
        Duplicate = "duplicate",
        /// Somebody declared for many others.
        Proxy = "proxy",
        /// The page of a policy does not answer.
        PolicyPage = "policy_page",
        /// Two stars, and no policy on record.
        PolicyMissing = "policy_missing",
        /// Mail to the contact does not arrive.
        ContactBounced = "contact_bounced",
        /// An import took something over that is doubtful.
        ImportWarning = "import_warning",
    }
}

wire_enum! {
    /// What matched.
    ReviewRule {
        /// The same corporate number.
        SameNumber = "same_number",
        /// The same name in the same place, both folded.
        SameNameAndPlace = "same_name_and_place",
        /// The same name with the same contact address.
        SameContact = "same_contact",
        /// One contact address behind many organisations.
        SharedAddress = "shared_address",
        /// One telephone number behind many organisations.
        SharedPhone = "shared_phone",
        /// One domain, that is no public provider's, behind very many organisations.
        SharedDomain = "shared_domain",
        /// Two stars without a policy.
        NoPolicy = "no_policy",
        /// What came back from the contact address says that nothing arrives there.
        NothingArrives = "nothing_arrives",
        /// Warnings that the import raised are up.
        Warned = "warned",
        /// The server of the policy says that there is no such page.
        PageGone = "page_gone",
        /// The server of the policy answers with another error.
        PageFails = "page_fails",
        /// The server of the policy is not found, or takes no connection.
        PageUnreachable = "page_unreachable",
        /// The server of the policy does not answer in time.
        PageSilent = "page_silent",
        /// The certificate of the server is none that we trust.
        PageNotTrusted = "page_not_trusted",
        /// It leads in a circle, to another site, or too far.
        PageLeadsAway = "page_leads_away",
        /// The address is none that we ask: no web address, or one inside a network.
        PageNotAsked = "page_not_asked",
    }
}

wire_enum! {
    /// What somebody decided.
    Verdict {
        /// They are not of one declarer.
        NotSame = "not_same",
        /// They are; they become one, or one of them is stopped.
        Same = "same",
        /// Nobody declared for others.
        Unfounded = "unfounded",
        /// A warning is raised on each.
        Flagged = "flagged",
        /// The declarer was asked.
        Asked = "asked",
        /// Somebody looked: the page is there.
        Answers = "answers",
        /// The policy is no longer there.
        Withdrawn = "withdrawn",
        /// Two stars became one.
        SteppedDown = "stepped_down",
        /// Somebody looked at it, and it stays as it is.
        LookedAt = "looked_at",
    }
}

/// How long a verdict keeps the same suspicion away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    /// For ever, unless it becomes twice as heavy.
    ForGood,
    /// As long as it is found without a break: what comes again afterwards is another one.
    WhileItLasts,
    /// So many days: whoever was asked has had the time to answer.
    Days(i64),
}

/// What a verdict does to each declaration, by the command for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A warning is raised.
    RaiseFlag(FlagCode),
    /// Two stars become one.
    StepDown,
    /// The policy is withdrawn, and two stars become one with it.
    WithdrawPolicy,
}

impl ReviewKind {
    /// What working on it needs: the right to what follows from it.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Duplicate => Permission::MergeDeclarations,
            Self::Proxy | Self::ImportWarning => Permission::FlagDeclaration,
            Self::PolicyPage => Permission::RecordPolicy,
            Self::PolicyMissing => Permission::ChangeStar,
            Self::ContactBounced => Permission::ChangeContact,
        }
    }

    /// What can be decided about it, in the order in which it is offered.
    pub const fn verdicts(self) -> &'static [Verdict] {
        match self {
            Self::Duplicate => &[Verdict::NotSame, Verdict::Same],
            Self::Proxy => &[Verdict::Unfounded, Verdict::Asked, Verdict::Flagged],
            Self::PolicyPage => &[Verdict::Answers, Verdict::Asked, Verdict::Withdrawn],
            Self::PolicyMissing => &[Verdict::Asked, Verdict::SteppedDown],
            Self::ContactBounced => &[Verdict::Asked, Verdict::Flagged],
            Self::ImportWarning => &[Verdict::LookedAt, Verdict::Asked],
        }
    }

    /// What a verdict does to each of its declarations, if anything.
    pub const fn act(self, verdict: Verdict) -> Option<Act> {
        match (self, verdict) {
            (Self::Proxy, Verdict::Flagged) => Some(Act::RaiseFlag(FlagCode::ProxySuspected)),
            (Self::ContactBounced, Verdict::Flagged) => Some(Act::RaiseFlag(FlagCode::ContactUnreachable)),
            (Self::PolicyMissing, Verdict::SteppedDown) => Some(Act::StepDown),
            (Self::PolicyPage, Verdict::Withdrawn) => Some(Act::WithdrawPolicy),
            _ => None,
        }
    }
}

/// Days after which whoever was asked is asked again.
const PATIENCE_DAYS: i64 = 30;

impl Verdict {
    /// How long it keeps the same suspicion away.
    pub const fn lasting(self) -> Lasting {
        match self {
            Self::NotSame | Self::Unfounded | Self::Answers | Self::LookedAt => Lasting::ForGood,
            Self::Flagged => Lasting::WhileItLasts,
            // What was to follow should have followed by then.
            Self::Same | Self::Asked | Self::Withdrawn | Self::SteppedDown => Lasting::Days(PATIENCE_DAYS),
        }
    }

    /// Whether somebody has to say why. What was only looked at needs no words.
    pub const fn needs_reason(self) -> bool {
        !matches!(self, Self::LookedAt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_offers_a_way_that_changes_nothing_first() {
        for kind in ReviewKind::ALL {
            let first = kind.verdicts().first().copied();
            assert!(first.is_some_and(|it| kind.act(it).is_none()), "{}", kind.code());
        }
    }

    #[test]
    fn what_a_verdict_does_is_offered_where_it_is_done() {
        for kind in ReviewKind::ALL {
            for verdict in Verdict::ALL {
                let offered = kind.verdicts().contains(verdict);
                assert!(offered || kind.act(*verdict).is_none(), "{}", kind.code());
            }
        }
    }
}
