//! Joining by the provider: the link proves that somebody was invited, the provider who they are to it. No password is made, and no mail
//! address is compared: whoever has the link may bring whomever they are.

use chrono::TimeDelta;
use domain::staff::{Actor, CredentialChange, SecurityKind, SignInMethod, StaffId};
use storage::identity_attempt::{self, VouchedNewcomer, Wanted};
use storage::{identity, invitation};
use uuid::Uuid;

use super::{ProviderError, SendError, Sent, Vouched};
use crate::security::Note;
use crate::staff::accept_invitation::{
    AcceptInvitationError, Newcomer, internal, login_taken, normal_login, problems,
};
use crate::staff::sign_in::{Entered, Place};
use crate::staff::{Invitation, ShownOnce, token};
use crate::{App, Internal};

/// How long login and name may be thought about.
const LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// What is typed once the provider has vouched.
pub struct AcceptVouchedInvitation {
    /// Of the cookie.
    pub vouched: Option<String>,
    /// The login, although nobody types it to sign in: others name the account by it, and a password may be set later.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// Where it is typed.
    pub place: Place,
}

impl App {
    /// Sends the browser of somebody with a link to the provider, so that it vouches for them from the start.
    pub async fn begin_provider_invitation(
        &self,
        place: &Place,
        link: &str,
        request_id: Uuid,
    ) -> Result<Sent, SendError> {
        self.count_sent(place).await?;
        if self.invitation(link).await?.is_none() {
            return Err(SendError::NoInvitation);
        }
        let wanted = Wanted {
            invitation_hash: Some(token::hash(link).to_vec()),
            ..Wanted::default()
        };
        self.send(&wanted, request_id).await
    }

    /// Keeps for whom the provider vouched; answers the token for the cookie.
    pub(super) async fn vouch_for_newcomer(
        &self,
        invitation_hash: Vec<u8>,
        issuer: &str,
        vouched: &Vouched,
    ) -> Result<ShownOnce, ProviderError> {
        let database = self.store.database();
        if self.invitation_of(&invitation_hash).await?.is_none() {
            return Err(ProviderError::Over);
        }
        let hash = self.identity_hash(issuer, &vouched.subject);
        let known = identity::by_hash(database, &hash).await.map_err(Internal::new)?;
        if known.is_some() {
            return Err(ProviderError::Taken);
        }
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let newcomer = VouchedNewcomer {
            invitation_hash,
            subject_hash: hash.to_vec(),
        };
        let until = self.now() + LIFETIME;
        identity_attempt::vouch(database, &token::hash(&token), &newcomer, until)
            .await
            .map_err(Internal::new)?;
        Ok(ShownOnce::new(token))
    }

    /// What the link is good for of somebody for whom the provider has vouched in this browser; none: for nobody, or not any more.
    pub async fn vouched_invitation(&self, vouched: Option<&str>) -> Result<Option<Invitation>, Internal> {
        match self.newcomer(vouched).await? {
            Some(newcomer) => self.invitation_of(&newcomer.invitation_hash).await,
            None => Ok(None),
        }
    }

    async fn newcomer(&self, vouched: Option<&str>) -> Result<Option<VouchedNewcomer>, Internal> {
        let Some(vouched) = vouched else { return Ok(None) };
        let (database, now) = (self.store.database(), self.now());
        let found = identity_attempt::vouched(database, &token::hash(vouched), now).await;
        found.map_err(Internal::new)
    }

    /// Makes the account behind a link for whom the provider vouched, and signs its owner in.
    pub async fn accept_vouched_invitation(
        &self,
        command: AcceptVouchedInvitation,
    ) -> Result<Entered, AcceptInvitationError> {
        let (login, name) = (normal_login(&command.login), command.name.trim().to_owned());
        let mut wrong = problems(&login, &name);
        if self.is_taken(&login).await? {
            wrong.push(login_taken());
        }
        let newcomer = self
            .newcomer(command.vouched.as_deref())
            .await
            .map_err(internal)?;
        let invited = match &newcomer {
            Some(newcomer) => self
                .invitation_of(&newcomer.invitation_hash)
                .await
                .map_err(internal)?,
            None => None,
        };
        let (Some(newcomer), Some(invited)) = (newcomer, invited) else {
            self.note_outside(Note::of_nobody(SecurityKind::SignInRefused, "invitation"))
                .await;
            return Err(AcceptInvitationError::Refused);
        };
        if !wrong.is_empty() {
            return Err(AcceptInvitationError::Invalid(wrong));
        }
        let (database, used_at) = (self.store.database(), self.now());
        let used = invitation::use_up(database, &newcomer.invitation_hash, used_at).await;
        if !used.map_err(internal)? {
            return Err(AcceptInvitationError::Refused);
        }
        let joined = self.join_vouched(invited, &newcomer, login, name).await;
        let id = match joined {
            Ok(id) => id,
            Err(error) => {
                invitation::give_back(database, &newcomer.invitation_hash, used_at)
                    .await
                    .map_err(internal)?;
                return Err(error);
            }
        };
        if let Some(vouched) = &command.vouched {
            identity_attempt::end(database, &token::hash(vouched))
                .await
                .map_err(internal)?;
        }
        let entered = self.enter(id, SignInMethod::SingleSignOn, &command.place).await;
        entered.map_err(internal)
    }

    /// First who the provider vouches for, because an account that nobody can open is worse than a subject without an account.
    async fn join_vouched(
        &self,
        invited: Invitation,
        newcomer: &VouchedNewcomer,
        login: String,
        name: String,
    ) -> Result<StaffId, AcceptInvitationError> {
        let database = self.store.database();
        let staff_id = match invited.staff_id {
            Some(staff_id) => staff_id,
            None => StaffId(self.new_id().map_err(internal)?),
        };
        let linked = identity::link(database, &newcomer.subject_hash, staff_id.0, self.now()).await;
        if !linked.map_err(internal)? {
            return Err(AcceptInvitationError::Refused);
        }
        let who = Newcomer {
            staff_id,
            roles: invited.roles,
            same_as: invited.same_as,
            mail: self.invited_address(staff_id).await.map_err(internal)?,
            credential: Some(CredentialChange::IdentityLinked),
        };
        if let Err(error) = self.join(who, login, name).await {
            identity::unlink(database, staff_id.0).await.map_err(internal)?;
            return Err(error);
        }
        self.note_credential(
            staff_id,
            CredentialChange::IdentityLinked,
            &Actor::Staff(staff_id),
        )
        .await;
        Ok(staff_id)
    }
}
