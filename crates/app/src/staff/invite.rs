//! One-time links: whoever has one makes the account it stands for.

use chrono::{DateTime, TimeDelta, Utc};
use domain::mailing::Address;
use domain::staff::{Actor, PART_MAIL, Permission, Role, StaffEvent, StaffId, TAG_STAFF, in_order};
use event_store::{Append, AppendError, PartBody, PersonalPart, Position, Query, QueryItem, Tag};
use storage::invitation;
use uuid::Uuid;

use super::notice::Notice;
use super::token;
use crate::random::{NoRandomness, derived_id};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// How long a link can be used.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// A link that was just made; the token is shown once and kept nowhere.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Behind the link.
    pub token: String,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct InviteByMail {
    /// Made by the caller, once for each intent.
    pub command_id: Uuid,
    /// The address as it was typed.
    pub mail: String,
    /// What they are given to do.
    pub roles: Vec<Role>,
}

/// A link is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitedByMail {
    /// Whose account it will be.
    pub staff_id: StaffId,
    /// Where the event stands.
    pub position: Position,
}

/// What a link is good for.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The roles that it gives.
    pub roles: Vec<Role>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// Whose account it will be, when that is known.
    pub staff_id: Option<StaffId>,
    /// Another account of whoever it is for.
    pub same_as: Option<StaffId>,
}

/// Somebody who can still come in.
#[derive(Debug, Clone)]
pub struct OpenInvitation {
    /// Whose account it will be.
    pub staff_id: StaffId,
    /// The roles that it gives.
    pub roles: Vec<Role>,
    /// To whom it was sent; none: they were forgotten.
    pub mail: Option<String>,
    /// Who invited them.
    pub invited_by: Actor,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// Why no link was made.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was typed has problems.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// Who may sign in is not changed from a screen that somebody left open.
    #[error("the session is not fresh")]
    NotFresh,
    /// Notices to staff are not configured.
    #[error("no sender of notices is configured")]
    NoMail,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The context of somebody at the command line of this machine: whoever has the data folder has everything.
    pub fn command_line(&self) -> Result<OpContext, NoRandomness> {
        let request_id = self.new_id()?;
        let actor = Actor::System("command-line".to_owned());
        Ok(self.context(actor, vec![Role::Administrator], request_id, "command-line"))
    }

    /// Makes a one-time link to be handed over by hand. It has no address by which anybody would see whose it is, so whoever makes it
    /// says of which account the same person is; none: they have no other.
    pub async fn invite(
        &self,
        op: &OpContext,
        roles: &[Role],
        same_as: Option<StaffId>,
    ) -> Result<Invited, InviteError> {
        op.require(Permission::ManageStaff)?;
        let link = self.make_link(op, roles, None, same_as).await?;
        Ok(link)
    }

    /// Sends a one-time link by mail.
    pub async fn invite_by_mail(
        &self,
        op: &OpContext,
        command: &InviteByMail,
    ) -> Result<InvitedByMail, InviteError> {
        op.require(Permission::ManageStaff)?;
        if !op.is_fresh() {
            return Err(InviteError::NotFresh);
        }
        let mail = read(command).map_err(InviteError::Invalid)?;
        let notices = self.notices.as_ref().ok_or(InviteError::NoMail)?;
        let staff_id = StaffId(derived_id(command.command_id, "staff"));
        let said = StaffEvent::Invited {
            staff_id,
            roles: in_order(&command.roles),
        };
        if let Some(earlier) = self.invited_before(command.command_id, staff_id, &said).await? {
            return Ok(earlier);
        }
        // First, because a mail with a link that opens nothing is worse than a link that nobody got.
        let link = self.make_link(op, &command.roles, Some(staff_id), None).await?;
        let text = words(&notices.origin, &link);
        let notice = Notice {
            name: "invitation",
            to: &mail,
            subject: "職員アカウントへの招待（Sengen）",
            text: &text,
            not_after: Some(link.expires_at),
        };
        let notice = self.notice_event(notices, command.command_id, &notice).await?;
        let part = PersonalPart {
            subject: event_store::SubjectId(self.mail_subject(mail.key().reveal()).await?.uuid()),
            name: PART_MAIL.to_owned(),
            body: serde_json::json!({ "address": mail.typed() }),
        };
        let append = Append {
            command_id: command.command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.staff_event(&said, vec![part])?, notice],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(appended) => Ok(InvitedByMail {
                staff_id,
                position: appended.receipt().last,
            }),
            // The same command was as fast.
            Err(AppendError::CommandReused { .. }) => self
                .invited_before(command.command_id, staff_id, &said)
                .await?
                .ok_or(InviteError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// A link is made with fresh randomness, so a retry is not byte for byte what was taken; it is the same invitation.
    async fn invited_before(
        &self,
        command_id: Uuid,
        staff_id: StaffId,
        said: &StaffEvent,
    ) -> Result<Option<InvitedByMail>, InviteError> {
        let receipt = self.store.receipt(command_id).await.map_err(Internal::new)?;
        let Some(receipt) = receipt else { return Ok(None) };
        if self
            .account_events(staff_id)
            .await?
            .iter()
            .any(|it| it.event == *said)
        {
            let position = receipt.last;
            Ok(Some(InvitedByMail { staff_id, position }))
        } else {
            Err(InviteError::CommandReused)
        }
    }

    async fn make_link(
        &self,
        op: &OpContext,
        roles: &[Role],
        staff_id: Option<StaffId>,
        same_as: Option<StaffId>,
    ) -> Result<Invited, Internal> {
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let expires_at = op.now() + LIFETIME;
        let codes: Vec<&str> = in_order(roles).into_iter().map(Role::as_str).collect();
        let made = invitation::Invitation {
            roles: codes.join(" "),
            staff_id: staff_id.map(|id| id.0),
            invited_by: Some(op.actor().to_string()),
            created_at: op.now(),
            expires_at,
            used_at: None,
            revoked_at: None,
            same_as: same_as.map(|id| id.0),
        };
        invitation::make(self.store.database(), &token::hash(&token), &made)
            .await
            .map_err(Internal::new)?;
        Ok(Invited { token, expires_at })
    }

    /// What a link is good for; none when it is unknown, used, taken back or expired, or whoever made it may invite nobody any more.
    pub async fn invitation(&self, token: &str) -> Result<Option<Invitation>, Internal> {
        self.invitation_of(&token::hash(token)).await
    }

    /// The same by the hash of its token.
    pub(super) async fn invitation_of(&self, hash: &[u8]) -> Result<Option<Invitation>, Internal> {
        let found = invitation::load(self.store.database(), hash)
            .await
            .map_err(Internal::new)?;
        let Some(found) = found.filter(|found| found.holds_at(self.now())) else {
            return Ok(None);
        };
        if !self.may_still_invite(found.invited_by.as_deref()).await? {
            return Ok(None);
        }
        Ok(Some(Invitation {
            roles: roles_of(&found.roles)?,
            expires_at: found.expires_at,
            staff_id: found.staff_id.map(StaffId),
            same_as: found.same_as.map(StaffId),
        }))
    }

    /// Whether whoever made a link could make one now: it is good for no longer than their right to. Whoever has the machine always may.
    async fn may_still_invite(&self, by: Option<&str>) -> Result<bool, Internal> {
        let by = by.map(str::parse::<Actor>).transpose().map_err(Internal::new)?;
        let Some(Actor::Staff(id)) = by else {
            return Ok(true);
        };
        let id_of_request = self.new_id().map_err(Internal::new)?;
        let now = self.in_the_name_of(id, id_of_request, "invitation").await?;
        Ok(now.is_some_and(|op| op.may(Permission::ManageStaff)))
    }

    /// To whom a link was sent; none when it was printed, or they were forgotten.
    pub(super) async fn invited_address(&self, staff_id: StaffId) -> Result<Option<Address>, Internal> {
        let tag = Tag::new(TAG_STAFF, staff_id).map_err(Internal::new)?;
        let invited = QueryItem {
            types: vec!["staff.invited".to_owned()],
            tags: vec![tag],
        };
        let query = Query { items: vec![invited] };
        let events = self.store.read(&query, Position::START, 1).await;
        let events = events.map_err(Internal::new)?;
        let part = events.first().and_then(|event| event.part(PART_MAIL));
        let Some(PartBody::Open(body)) = part.map(|part| &part.body) else {
            return Ok(None);
        };
        let address = body.get("address").and_then(serde_json::Value::as_str);
        address.map(Address::parse).transpose().map_err(Internal::new)
    }

    /// Those who were invited by mail and can still come in, the newest first.
    pub async fn open_invitations(&self, op: &OpContext) -> Result<Vec<OpenInvitation>, InviteError> {
        op.require(Permission::ReadStaff)?;
        let found = invitation::open(self.store.database(), op.now()).await;
        let mut open = Vec::new();
        for it in found.map_err(Internal::new)? {
            if !self.may_still_invite(it.invited_by.as_deref()).await? {
                continue;
            }
            let (Some(staff_id), Some(by)) = (it.staff_id.map(StaffId), it.invited_by) else {
                continue;
            };
            let mail = self.invited_address(staff_id).await?;
            open.push(OpenInvitation {
                staff_id,
                roles: roles_of(&it.roles)?,
                mail: mail.map(|mail| mail.typed().to_owned()),
                invited_by: by.parse().map_err(Internal::new)?,
                created_at: it.created_at,
                expires_at: it.expires_at,
            });
        }
        Ok(open)
    }

    /// Takes a link back. `false`: it was used, taken back, or never made.
    pub async fn revoke_invitation(
        &self,
        op: &OpContext,
        command_id: Uuid,
        staff_id: StaffId,
    ) -> Result<bool, InviteError> {
        op.require(Permission::ManageStaff)?;
        // First: an event about a link that still works would say what is not so.
        let is_revoked = invitation::revoke(self.store.database(), staff_id.0, op.now()).await;
        if !is_revoked.map_err(Internal::new)? {
            return Ok(false);
        }
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.staff_event(&StaffEvent::InvitationRevoked { staff_id }, Vec::new())?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        self.store.append(append).await.map_err(Internal::new)?;
        Ok(true)
    }
}

/// Roles as a row has them.
pub(super) fn roles_of(codes: &str) -> Result<Vec<Role>, Internal> {
    let roles = codes.split_whitespace().map(str::parse);
    roles.collect::<Result<_, _>>().map_err(Internal::new)
}

fn read(command: &InviteByMail) -> Result<Address, Vec<InputProblem>> {
    let mut problems = Vec::new();
    let mail = Address::parse(&command.mail);
    if let Err(problem) = &mail {
        problems.push(InputProblem::new("mail", problem.code(), problem.japanese()));
    }
    if command.roles.is_empty() {
        let text = "役割を一つ以上選んでください。";
        problems.push(InputProblem::new("roles", "required", text));
    }
    if command.roles.iter().any(|role| role.needs_approval()) {
        let text = "管理者と承認者の役割は、招待では付けられません。招待した人が参加した後で、役割の変更を申請してください。";
        problems.push(InputProblem::new("roles", "needs_approval", text));
    }
    match mail {
        Ok(mail) if problems.is_empty() => Ok(mail),
        _ => Err(problems),
    }
}

fn words(origin: &str, link: &Invited) -> String {
    let until = crate::time_in_japan(link.expires_at);
    format!(
        "セキュリティ対策自己宣言の事務局で使う Sengen の職員アカウントに招待されました。\n\n\
         次のリンクを開き、ログイン名、表示名、パスワードを決めてください。\n\
         リンクは一度だけ、{until}まで使えます。\n\n\
         {origin}/invitation#{}\n\n\
         心当たりがない場合は、このメールを破棄してください。アカウントは作られません。\n\n\
         ----\n\
         You have been invited to a staff account of Sengen. Open the link above to choose a login, a name and a password.\n\
         It works once, until {until} (Japan time). If you do not expect this, please ignore this mail.\n",
        link.token
    )
}
