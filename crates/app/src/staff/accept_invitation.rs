//! Accepting a one-time link: the account is made, and its owner is signed in.

use domain::mailing::Address;
use domain::staff::{
    Actor, CredentialChange, Joined, PART_MAIL, PART_STAFF, Role, SecurityKind, SignInMethod, StaffEvent,
    StaffId,
};
use domain::text::{self, Lines};
use domain::{Personal, SubjectId};
use event_store::{Append, AppendError, PersonalPart};
use storage::staff;
use storage::{credential, invitation};

use super::invite::Invitation;
use super::password_rules::Names;
use super::sign_in::{Entered, Place};
use super::{password, token};
use crate::security::Note;
use crate::{App, InputProblem, Internal};

const LOGIN_CHARACTERS: std::ops::RangeInclusive<usize> = 3..=60;
const NAME_CHARACTERS: std::ops::RangeInclusive<usize> = 1..=60;

/// What is typed on the page behind the link.
pub struct AcceptInvitation {
    /// From the link.
    pub token: String,
    /// What will be typed to sign in.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// The new password.
    pub password: String,
    /// Where it is typed.
    pub place: Place,
}

/// Whose account is made, but for what they type.
pub(super) struct Newcomer {
    pub staff_id: StaffId,
    pub roles: Vec<Role>,
    pub same_as: Option<StaffId>,
    pub mail: Option<Address>,
    /// What opens the account beside a password.
    pub credential: Option<CredentialChange>,
}

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum AcceptInvitationError {
    /// The link is unknown, used or expired.
    #[error("the link is unknown, used or expired")]
    Refused,
    /// What was typed has problems; the link stays good.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(Box<Internal>),
}

impl App {
    /// Makes the account behind a link and signs its owner in.
    pub async fn accept_invitation(
        &self,
        command: AcceptInvitation,
    ) -> Result<Entered, AcceptInvitationError> {
        let login = normal_login(&command.login);
        let name = command.name.trim().to_owned();
        let mut problems = problems(&login, &name);
        let names = Names {
            login: &login,
            name: &name,
        };
        problems.extend(self.password_problem(&command.password, names));
        if self.is_taken(&login).await? {
            problems.push(login_taken());
        }
        let hash = token::hash(&command.token);
        let invited = self.invitation(&command.token).await.map_err(internal)?;
        let Some(invited) = invited else {
            self.note_outside(Note::of_nobody(SecurityKind::SignInRefused, "invitation"))
                .await;
            return Err(AcceptInvitationError::Refused);
        };
        if !problems.is_empty() {
            return Err(AcceptInvitationError::Invalid(problems));
        }
        let password_hash = password::hash(command.password, &*self.random)
            .await
            .map_err(internal)?;
        let used_at = self.now();
        // One statement uses the link up, so two at the same moment make one account.
        if !invitation::use_up(self.store.database(), &hash, used_at)
            .await
            .map_err(internal)?
        {
            return Err(AcceptInvitationError::Refused);
        }
        let joined = self
            .join_with_password(invited, login, name, &password_hash)
            .await;
        match joined {
            Ok(id) => self
                .enter(id, SignInMethod::Invitation, &command.place)
                .await
                .map_err(|error| AcceptInvitationError::Internal(Box::new(error))),
            Err(error) => {
                invitation::give_back(self.store.database(), &hash, used_at)
                    .await
                    .map_err(internal)?;
                Err(error)
            }
        }
    }

    pub(super) async fn is_taken(&self, login: &str) -> Result<bool, AcceptInvitationError> {
        Ok(staff::by_login(self.store.database(), login)
            .await
            .map_err(internal)?
            .is_some())
    }

    async fn join_with_password(
        &self,
        invited: Invitation,
        login: String,
        name: String,
        password_hash: &str,
    ) -> Result<StaffId, AcceptInvitationError> {
        let staff_id = match invited.staff_id {
            Some(staff_id) => staff_id,
            None => StaffId(self.new_id().map_err(internal)?),
        };
        // First, because an account without a password is worse than a password without an account.
        credential::set(self.store.database(), staff_id.0, password_hash, self.now())
            .await
            .map_err(internal)?;
        let mail = self.invited_address(staff_id).await.map_err(internal)?;
        let who = Newcomer {
            staff_id,
            roles: invited.roles,
            same_as: invited.same_as,
            mail,
            credential: None,
        };
        self.join(who, login, name).await?;
        Ok(staff_id)
    }

    /// Somebody without a password: a name for histories, that nobody can sign in as.
    pub(crate) async fn joins(
        &self,
        roles: Vec<Role>,
        login: String,
        name: String,
    ) -> Result<StaffId, AcceptInvitationError> {
        let staff_id = StaffId(self.new_id().map_err(internal)?);
        let who = Newcomer {
            staff_id,
            roles,
            same_as: None,
            mail: None,
            credential: None,
        };
        self.join(who, login, name).await?;
        Ok(staff_id)
    }

    pub(super) async fn join(
        &self,
        who: Newcomer,
        login: String,
        name: String,
    ) -> Result<(), AcceptInvitationError> {
        let Newcomer {
            staff_id,
            roles,
            same_as,
            mail,
            credential,
        } = who;
        let id = || self.new_id().map_err(internal);
        let joined = Joined {
            staff_id,
            subject: SubjectId::new(id()?),
            roles,
            login: Personal::new(login),
            name: Personal::new(name),
        };
        let subject = event_store::SubjectId(joined.subject.uuid());
        self.store.keyring().ensure(&[subject]).await.map_err(internal)?;
        let part = |name: &str, body| PersonalPart {
            subject,
            name: name.to_owned(),
            body,
        };
        let mut events = vec![
            self.staff_event(&joined.event(), vec![part(PART_STAFF, joined.personal())])
                .map_err(internal)?,
        ];
        if let Some(mail) = mail {
            let said = StaffEvent::MailChanged { staff_id };
            let body = serde_json::json!({ "address": mail.typed() });
            events.push(
                self.staff_event(&said, vec![part(PART_MAIL, body)])
                    .map_err(internal)?,
            );
        }
        if same_as.is_some() {
            let said = StaffEvent::PersonLinked { staff_id, same_as };
            events.push(self.staff_event(&said, Vec::new()).map_err(internal)?);
        }
        if let Some(what) = credential {
            let said = StaffEvent::CredentialChanged { staff_id, what };
            events.push(self.staff_event(&said, Vec::new()).map_err(internal)?);
        }
        let append = Append {
            command_id: id()?,
            actor: Actor::Staff(staff_id).to_string(),
            correlation_id: id()?,
            reason: None,
            events,
            guards: Vec::new(),
            recorded_at: self.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(()),
            // The projector of accounts keeps logins unique in the transaction of the event: somebody was faster.
            Err(AppendError::Inline { .. }) if self.is_taken(joined.login.reveal()).await? => {
                Err(AcceptInvitationError::Invalid(vec![login_taken()]))
            }
            Err(error) => Err(internal(error)),
        }
    }
}

pub(super) fn internal(error: impl std::error::Error + Send + Sync + 'static) -> AcceptInvitationError {
    AcceptInvitationError::Internal(Box::new(Internal::new(error)))
}

/// What a login is compared by: without edges, lower case.
pub(super) fn normal_login(typed: &str) -> String {
    typed.trim().to_lowercase()
}

pub(super) fn login_taken() -> InputProblem {
    InputProblem::new(
        "login",
        "taken",
        "このログイン名はすでに使われています。別の名前を入力してください。",
    )
}

pub(super) fn problems(login: &str, name: &str) -> Vec<InputProblem> {
    let mut problems = Vec::new();
    let plain = login
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._@+-".contains(c));
    if !LOGIN_CHARACTERS.contains(&login.chars().count()) || !plain {
        problems.push(InputProblem::new(
            "login",
            "shape",
            "ログイン名は3文字以上60文字以内の半角英数字と . _ @ + - で入力してください。",
        ));
    }
    if !NAME_CHARACTERS.contains(&name.chars().count()) {
        problems.push(InputProblem::new(
            "name",
            "length",
            "表示名は1文字以上60文字以内で入力してください。",
        ));
    } else if text::check(name, *NAME_CHARACTERS.end(), Lines::One).is_err() {
        problems.push(InputProblem::new(
            "name",
            "characters",
            "表示名に使えない文字が含まれています。",
        ));
    }
    problems
}
