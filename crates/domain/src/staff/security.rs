//! What auditors are told about ways in: what kind of thing happened. How or why is a code beside it.

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecurityKind {
    /// Somebody signed in; the detail is how.
    SignedIn,
    /// A password was right, and more is asked for.
    HalfSignedIn,
    /// Somebody was not let in; the detail is why.
    SignInRefused,
    /// Whoever is signed in proved once more who they are.
    ProvedAgain,
    /// A try was not looked at, or a request not answered: there were too many.
    Throttled,
    /// Somebody wanted what they have no right to; the detail is the right.
    AccessRefused,
    /// A session was ended before its time.
    SessionEnded,
    /// Somebody may do other things from then on; the detail is what.
    RolesChanged,
    /// Nobody can sign in with an account any more.
    AccountDisabled,
    /// Somebody can again.
    AccountEnabled,
    /// Something by which somebody proves who they are was set, removed or used up.
    CredentialChanged,
    /// Notices, and links to another password, go to another address.
    MailChanged,
    /// It was said, or said no more, that two accounts are of one person.
    PersonLinked,
    /// Personal data left as a file; the detail is which.
    Exported,
}

impl SecurityKind {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::SignedIn,
        Self::HalfSignedIn,
        Self::SignInRefused,
        Self::ProvedAgain,
        Self::Throttled,
        Self::AccessRefused,
        Self::SessionEnded,
        Self::RolesChanged,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::CredentialChanged,
        Self::MailChanged,
        Self::PersonLinked,
        Self::Exported,
    ];

    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::HalfSignedIn => "half_signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::ProvedAgain => "proved_again",
            Self::Throttled => "throttled",
            Self::AccessRefused => "access_refused",
            Self::SessionEnded => "session_ended",
            Self::RolesChanged => "roles_changed",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::CredentialChanged => "credential_changed",
            Self::MailChanged => "mail_changed",
            Self::PersonLinked => "person_linked",
            Self::Exported => "exported",
        }
    }

    /// The kind of that code; none: this version does not know it.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_by_its_code() {
        let codes: std::collections::BTreeSet<&str> =
            SecurityKind::ALL.into_iter().map(SecurityKind::code).collect();
        assert_eq!(codes.len(), SecurityKind::ALL.len());
        for kind in SecurityKind::ALL {
            assert_eq!(SecurityKind::of_code(kind.code()), Some(kind));
        }
        assert_eq!(SecurityKind::of_code("other"), None);
    }
}
