//! Accounts of staff: joining by a one-time link, signing in and out, sessions.

mod accept_invitation;
mod clean;
mod invite;
mod names;
mod password;
mod session;
mod sign_in;
mod token;

pub use accept_invitation::{AcceptInvitation, AcceptInvitationError};
pub use invite::{Invitation, InviteError, Invited};
pub use password::PasswordError;
pub use session::{SignedIn, StaffMember};
pub use sign_in::{Entered, SignInError};
