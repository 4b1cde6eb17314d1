//! What a person was given to do. A person may hold several.

use std::str::FromStr;

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs the office: accounts, settings, and everything in the register. Approves nothing by this role alone.
    Administrator,
    /// Keeps the register: reads and corrects it, personal data included.
    Registrar,
    /// Answers inquiries: reads the register, personal data included, and what was mailed; keeps contacts, warnings and notes, and
    /// looks forgotten numbers up.
    Support,
    /// Runs what runs by itself: schedules, mail, the calendar. Sees no personal data.
    Operator,
    /// Is the second person: sees what others ask for, and lets it happen or not.
    Approver,
    /// Looks at who did and saw what. Sees no personal data of the register.
    Auditor,
    /// Looks things up; sees no personal data.
    Viewer,
}

impl Role {
    /// Every role, in the order of the policy table.
    pub const ALL: [Self; 7] = [
        Self::Administrator,
        Self::Registrar,
        Self::Support,
        Self::Operator,
        Self::Approver,
        Self::Auditor,
        Self::Viewer,
    ];

    /// The name in events, on the command line and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Registrar => "registrar",
            Self::Support => "support",
            Self::Operator => "operator",
            Self::Approver => "approver",
            Self::Auditor => "auditor",
            Self::Viewer => "viewer",
        }
    }

    /// What people in the office call it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Administrator => "管理者",
            Self::Registrar => "登録担当",
            Self::Support => "問い合わせ担当",
            Self::Operator => "運用担当",
            Self::Approver => "承認者",
            Self::Auditor => "監査担当",
            Self::Viewer => "閲覧者",
        }
    }

    /// Whether a second person has to agree before somebody gets it: whoever has it can get at everything else.
    pub const fn needs_approval(self) -> bool {
        matches!(self, Self::Administrator | Self::Approver)
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no role is called {0:?}; there are administrator, registrar, support, operator, approver, auditor and viewer"
)]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}
