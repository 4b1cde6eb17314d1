//! What the console knows of the signed-in person.

use async_graphql::{ID, SimpleObject, Union};

use crate::declaration::enums::mirrored;
use crate::scalars::DateTime;

mirrored! {
    /// What a person was given to do.
    Role = domain::staff::Role {
        /// Runs the office: accounts, settings, and everything in the register.
        Administrator,
        /// Keeps the register, personal data included.
        Registrar,
        /// Answers inquiries; sees personal data.
        Support,
        /// Runs what runs by itself: schedules, mail, the calendar.
        Operator,
        /// Is the second person who agrees or does not.
        Approver,
        /// Looks at who did and saw what.
        Auditor,
        /// Looks things up; sees no personal data.
        Viewer,
    }
}

mirrored! {
    /// One thing that somebody may be allowed to do.
    Permission = domain::staff::Permission {
        /// See the register's public facts and its history.
        ReadDeclarations,
        /// See personal data; each such read is recorded.
        ReadPersonal,
        /// Correct a declaration's facts.
        CorrectDeclaration,
        /// Change where a declaration stands.
        ManageDeclaration,
        /// Take over an old register.
        ImportDeclarations,
        /// See who has an account, and with which roles.
        ReadStaff,
        /// Invite members of staff, change their roles, disable them.
        ManageStaff,
        /// Forget a person for ever.
        ForgetPerson,
        /// See what waits for a second person, and what became of it.
        ReadApprovals,
        /// Be the second person.
        Approve,
        /// Do without a second person, in an emergency.
        BypassApproval,
        /// See what runs by itself: schedules, jobs, and which mails go out.
        ReadOperations,
        /// Keep schedules, stop jobs and give them another chance.
        ManageSchedules,
        /// Decide about mails that went out.
        ManageMail,
        /// Keep the calendar: the office's own days and hours, deadlines.
        ManageCalendar,
    }
}

/// The signed-in person and what they may do.
#[derive(SimpleObject)]
pub struct Session {
    /// Who.
    pub staff: Staff,
    /// All rights that the roles give together.
    pub permissions: Vec<Permission>,
    /// When the session ends whatever happens.
    pub expires_at: DateTime,
}

/// A member of staff.
#[derive(SimpleObject)]
pub struct Staff {
    /// The id.
    pub id: ID,
    /// What they type to sign in.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// What they were given to do.
    pub roles: Vec<Role>,
}

/// What a one-time link is good for.
#[derive(SimpleObject)]
pub struct Invitation {
    /// The roles that it gives.
    pub roles: Vec<Role>,
    /// Until when it can be used.
    pub expires_at: DateTime,
}

/// The outcome of signing in.
#[derive(Union)]
pub enum SignInResult {
    /// Signed in.
    Session(Session),
    /// Not signed in.
    Refused(SignInRefused),
}

/// The same answer whether the login is unknown or the password is wrong. `retryAfterSeconds` is set while a growing
/// delay holds.
#[derive(SimpleObject)]
pub struct SignInRefused {
    /// Seconds until the next try is looked at.
    pub retry_after_seconds: Option<u32>,
}

/// The outcome of accepting a one-time link.
#[derive(Union)]
pub enum AcceptInvitationResult {
    /// Accepted and signed in.
    Session(Session),
    /// What was typed has problems.
    Invalid(crate::input::InvalidInput),
    /// The link is no good.
    Refused(InvitationRefused),
}

/// The link is unknown, used or expired; `message` says what to do, in Japanese.
#[derive(SimpleObject)]
pub struct InvitationRefused {
    /// For people.
    pub message: String,
}

impl From<&app::staff::SignedIn> for Session {
    fn from(session: &app::staff::SignedIn) -> Self {
        Self {
            staff: Staff {
                id: ID(session.staff.id.to_string()),
                login: session.staff.login.clone(),
                name: session.staff.name.clone(),
                roles: session.staff.roles.iter().map(|role| (*role).into()).collect(),
            },
            permissions: session.permissions().into_iter().map(Permission::from).collect(),
            expires_at: DateTime(session.expires_at),
        }
    }
}
