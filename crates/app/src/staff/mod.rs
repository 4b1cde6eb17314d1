//! Accounts of staff: joining by a one-time link, signing in and out, sessions, and what administrators do with them.

mod accept_invitation;
mod accounts;
mod change_account;
mod change_mail;
mod change_password;
mod clean;
mod common_passwords;
mod event;
mod invite;
mod names;
mod notice;
mod passkey;
mod password;
mod password_link;
mod password_rules;
mod provider;
mod same_person;
mod second_factor;
mod session;
mod sessions;
mod sign_in;
mod standing;
mod token;

pub use accept_invitation::{AcceptInvitation, AcceptInvitationError};
pub use accounts::{AccountDetail, AccountEntry, AccountRow, ReadStaffError};
pub use change_account::{ChangeAccount, ChangeAccountError};
pub use change_mail::{ChangeMailError, ConfirmMailError};
pub use change_password::ChangePasswordError;
pub use common_passwords::{RefusedPasswords, RefusedPasswordsError};
pub use invite::{Invitation, InviteByMail, InviteError, Invited, InvitedByMail, OpenInvitation};
pub(crate) use notice::Notice;
pub use notice::Notices;
pub use passkey::{Asked, NoPasskeys, OwnPasskey, PasskeyError, PasskeyRefreshError, RelyingParty};
pub use password::PasswordError;
pub use password_link::{
    AcceptPasswordLinkError, PasswordLink, PasswordLinkMade, SendPasswordLinkError, SentPasswordLink,
};
pub use password_rules::StaffPolicy;
pub use provider::{
    AcceptVouchedInvitation, Finished, Handshake, IdentityProvider, OwnIdentity, ProviderAnswer,
    ProviderError, ProviderFault, SendError, Sent, SingleSignOn, UnlinkError, Vouched,
};
pub use same_person::LinkPersonError;
pub(crate) use same_person::whose_is_whose;
pub use second_factor::{
    CompleteSignInError, RefreshSessionError, ResetSecondFactorError, SecondFactor, SecondFactorError,
    ShownOnce, SignInStep, TotpToConfirm, Waiting,
};
pub use session::{SignedIn, StaffMember};
pub use sessions::OwnSession;
pub(crate) use sign_in::of_one_client;
pub use sign_in::{Entered, Place, SignInError};
pub use standing::SessionKey;
