//! What the console knows of the signed-in person.

use app::staff::SecondFactor as Factor;
use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject, Union};
use domain::staff::StaffId;

use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::fault;
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
        /// Declare for an organisation.
        Declare,
        /// Change who is to be written to.
        ChangeContact,
        /// Record a self-diagnosis.
        RecordDiagnosis,
        /// Record a basic policy, and that it is there no longer.
        RecordPolicy,
        /// From one star to two, and back.
        ChangeStar,
        /// Stop a declaration, and bring it back.
        StopDeclaration,
        /// Show a declaration in the public search, or no longer.
        PublishDeclaration,
        /// Suspend the right to use the logo, and restore it.
        ManageLogo,
        /// Raise and clear warnings.
        FlagDeclaration,
        /// Write notes.
        WriteNote,
        /// Take a change back; the right to make it is needed, too.
        UndoChange,
        /// Link an old number to the new one that takes its place.
        LinkNumbers,
        /// Hand a declaration over to a successor.
        HandOver,
        /// Ask for two declarations to become one, and take that back.
        MergeDeclarations,
        /// Look a forgotten number up and have it sent.
        LookUpNumber,
        /// Change many declarations at once; the right to make the change is needed, too.
        ChangeMany,
        /// Let a view of the register leave as a file; what is personal needs the right to see it, too.
        ExportDeclarations,
        /// Save views of the list for everybody.
        ShareViews,
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
        /// See who read whose personal data.
        ReadAudit,
        /// Give out tokens by which programs read, and take them back.
        ManageApiTokens,
        /// See what runs by itself: schedules, jobs, and which mails go out.
        ReadOperations,
        /// Keep schedules, stop jobs and give them another chance.
        ManageSchedules,
        /// Decide about mails that went out.
        ManageMail,
        /// Keep the calendar: the office's own days and hours, deadlines.
        ManageCalendar,
        /// See the requests of data subjects and what became of them.
        ReadPrivacyRequests,
        /// Write down that somebody asked.
        OpenPrivacyRequest,
        /// Handle requests of data subjects.
        ManagePrivacyRequests,
        /// See incidents, their clocks and what was reported.
        ReadIncidents,
        /// Handle incidents.
        ManageIncidents,
        /// Ask where many declarations stand on a day, by their numbers.
        CheckStatus,
        /// See what was written to the secretariat, and what became of it.
        ReadInquiries,
        /// Work on inquiries: take them, answer them, close them.
        ManageInquiries,
        /// Say which articles everybody can read, and that they are right.
        ManageArticles,
    }
}

mirrored! {
    /// By what somebody proved who they are.
    SignInMethod = domain::staff::SignInMethod {
        /// The password.
        Password,
        /// The one-time link by which they joined.
        Invitation,
        /// The password, and a code of the authenticator.
        PasswordAndTotp,
        /// The password, and a recovery code.
        PasswordAndRecoveryCode,
        /// A passkey, whose owner proved to it who they are.
        Passkey,
        /// A provider vouched for them.
        SingleSignOn,
    }
}

/// What an account asks for beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
pub enum SecondFactor {
    /// Nothing.
    None,
    /// A code of an authenticator.
    Totp,
}

/// The signed-in person and what they may do.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Session {
    /// Who.
    pub staff: Staff,
    /// All rights that the roles give together.
    pub permissions: Vec<Permission>,
    /// When the session ends whatever happens.
    pub expires_at: DateTime,
    /// Until when something dangerous asks for no further proof; null: it asks.
    pub fresh_until: Option<DateTime>,
    /// Whether the office asks for a second factor that the account does not have: until `confirmTotp` or `addPasskey`, everything else
    /// answers with the fault `SECOND_FACTOR_REQUIRED`.
    pub must_set_up_second_factor: bool,
    #[graphql(skip)]
    pub(super) owner: StaffId,
}

#[ComplexObject]
impl Session {
    /// What the account asks for beside the password.
    async fn second_factor(&self, ctx: &Context<'_>) -> Result<SecondFactor> {
        Ok(match self.load_second_factor(ctx).await? {
            Factor::None => SecondFactor::None,
            Factor::Totp { .. } => SecondFactor::Totp,
        })
    }

    /// Since when there is a second factor; null: there is none.
    async fn second_factor_since(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        Ok(match self.load_second_factor(ctx).await? {
            Factor::None => None,
            Factor::Totp { since, .. } => Some(DateTime(since)),
        })
    }

    /// How many recovery codes are left; 0 without a second factor.
    async fn recovery_codes_left(&self, ctx: &Context<'_>) -> Result<u32> {
        Ok(match self.load_second_factor(ctx).await? {
            Factor::None => 0,
            Factor::Totp { recovery_codes, .. } => recovery_codes,
        })
    }
}

impl Session {
    async fn load_second_factor(&self, ctx: &Context<'_>) -> Result<Factor> {
        let request = request(ctx)?;
        let found = request.app().second_factor(self.owner).await;
        found.map_err(|error| fault::internal(request.request_id(), &error))
    }
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

impl From<app::staff::Invitation> for Invitation {
    fn from(invitation: app::staff::Invitation) -> Self {
        Self {
            roles: invitation.roles.into_iter().map(Into::into).collect(),
            expires_at: DateTime(invitation.expires_at),
        }
    }
}

/// The outcome of signing in.
#[derive(Union)]
pub enum SignInResult {
    /// Signed in.
    Session(Session),
    /// The password is right, and a code is asked for.
    SecondFactor(SecondFactorNeeded),
    /// The password is right, and a passkey is asked for.
    Passkey(PasskeyNeeded),
    /// Not signed in.
    Refused(SignInRefused),
}

/// The password is right; `completeSignIn` in the same browser takes the code. Until then nothing is open.
#[derive(SimpleObject)]
pub struct SecondFactorNeeded {
    /// Until when it takes one.
    pub expires_at: DateTime,
}

/// The password is right, and opens nothing: the office asks for a second factor, and this account has a passkey for both.
/// `beginPasskeySignIn` asks for it.
#[derive(SimpleObject)]
pub struct PasskeyNeeded {
    /// For people, in Japanese.
    pub message: String,
}

pub(super) fn passkey_needed() -> PasskeyNeeded {
    PasskeyNeeded {
        message: "このアカウントでは、パスワードだけではログインできません。パスキーを使用してください。"
            .to_owned(),
    }
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
            fresh_until: session.fresh_until.map(DateTime),
            must_set_up_second_factor: session.must_set_up,
            owner: session.staff.id,
        }
    }
}
