//! What administrators do with accounts: other roles, disable, enable.

use domain::mailing::Address;
use domain::staff::{
    self, AccountRefusal, DisableReason, Others, Permission, Role, SecurityKind, StaffEvent, StaffId,
    TAG_STAFF, in_order,
};
use event_store::{Append, AppendError, Guard, Position, Query, QueryItem, Tag};
use storage::staff as rows;
use uuid::Uuid;

use super::accounts::AccountDetail;
use super::notice::Notice;
use crate::approval::Consent;
use crate::security::Note;
use crate::{App, Forbidden, Internal, OpContext};

/// Which change of which account, made on what its author saw.
#[derive(Debug, Clone, Copy)]
pub struct ChangeAccount {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Whose account.
    pub id: StaffId,
    /// The version that the author saw.
    pub expected_version: Position,
}

/// Why an account is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangeAccountError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// They have to prove once more who they are.
    #[error("the session is not fresh")]
    NotFresh,
    /// There is no such account.
    #[error("there is no account {0}")]
    NotFound(StaffId),
    /// Somebody was faster.
    #[error("the account was changed since it was read")]
    Stale(Box<AccountDetail>),
    /// It is so already, or must not be so.
    #[error(transparent)]
    Refused(#[from] AccountRefusal),
    /// These roles are given only when a second person agrees: ask for it.
    #[error("a second person has to agree to these roles")]
    NeedsApproval(Vec<Role>),
    /// The command id was used before for something else.
    #[error("the command id was used before for another change")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Other roles from now on.
    pub async fn change_roles(
        &self,
        op: &OpContext,
        change: ChangeAccount,
        roles: &[Role],
    ) -> Result<Position, ChangeAccountError> {
        self.change_roles_with(op, change, roles, Consent::of(op)).await
    }

    /// The same, once it is known whether a second person agreed.
    pub(crate) async fn change_roles_with(
        &self,
        op: &OpContext,
        change: ChangeAccount,
        roles: &[Role],
        consent: Consent,
    ) -> Result<Position, ChangeAccountError> {
        let wanted = in_order(roles);
        let is_it =
            |said: &StaffEvent| matches!(said, StaffEvent::RolesChanged { roles, .. } if *roles == wanted);
        self.change_account(op, change, is_it, |account, others| {
            if consent == Consent::None {
                fresh(op)?;
            }
            let needing = account.needing_approval(roles);
            let event = staff::change_roles(account, op.staff_id(), roles, others)?;
            if consent == Consent::None && !needing.is_empty() {
                return Err(ChangeAccountError::NeedsApproval(needing));
            }
            Ok(event)
        })
        .await
    }

    /// Whether other roles could be given now, if a second person agreed. Nothing is written.
    pub(crate) async fn try_roles(
        &self,
        op: &OpContext,
        change: ChangeAccount,
        roles: &[Role],
    ) -> Result<(), ChangeAccountError> {
        let detail = self.account_as_seen(change).await?;
        let others = self.others(change.id).await?;
        staff::change_roles(&detail.account, op.staff_id(), roles, others)?;
        Ok(())
    }

    async fn others(&self, id: StaffId) -> Result<Others, Internal> {
        let administrators = rows::administrators(self.store.database(), Some(id)).await;
        Ok(Others {
            administrators: administrators.map_err(Internal::new)?,
        })
    }

    /// Nobody can sign in with it any more; its sessions end at once, on every node.
    pub async fn disable_account(
        &self,
        op: &OpContext,
        change: ChangeAccount,
        reason: DisableReason,
    ) -> Result<Position, ChangeAccountError> {
        let is_it = |said: &StaffEvent| matches!(said, StaffEvent::Disabled { reason: given, .. } if *given == reason);
        self.change_account(op, change, is_it, |account, others| {
            fresh(op)?;
            Ok(staff::disable(account, op.staff_id(), reason, others)?)
        })
        .await
    }

    /// They can sign in again.
    pub async fn enable_account(
        &self,
        op: &OpContext,
        change: ChangeAccount,
    ) -> Result<Position, ChangeAccountError> {
        let is_it = |said: &StaffEvent| matches!(said, StaffEvent::Enabled { .. });
        self.change_account(op, change, is_it, |account, _| {
            fresh(op)?;
            Ok(staff::enable(account)?)
        })
        .await
    }

    async fn change_account(
        &self,
        op: &OpContext,
        change: ChangeAccount,
        is_it: impl Fn(&StaffEvent) -> bool + Send,
        decide: impl Fn(&staff::Account, Others) -> Result<StaffEvent, ChangeAccountError> + Send,
    ) -> Result<Position, ChangeAccountError> {
        match self.decide_account(op, change, decide).await {
            Ok(position) => Ok(position),
            Err(error @ (ChangeAccountError::Forbidden(_) | ChangeAccountError::Internal(_))) => Err(error),
            // What is refused now may be what this very command has made of it, a moment ago or by another process.
            Err(error) => self.changed_before(change, is_it).await?.ok_or(error),
        }
    }

    async fn decide_account(
        &self,
        op: &OpContext,
        change: ChangeAccount,
        decide: impl Fn(&staff::Account, Others) -> Result<StaffEvent, ChangeAccountError> + Send,
    ) -> Result<Position, ChangeAccountError> {
        op.require(Permission::ManageStaff)?;
        let seen = self.store.head().await.map_err(Internal::new)?;
        let detail = self.account_as_seen(change).await?;
        let others = self.others(change.id).await?;
        let event = decide(&detail.account, others)?;
        let append = self.append_of_account(op, change, &detail, &event, seen).await?;
        match self.store.append(append).await {
            Ok(appended) => {
                self.note_account(op, &event).await;
                Ok(appended.receipt().first)
            }
            Err(AppendError::Conflict(_)) => {
                let now = self.account_detail(change.id).await?;
                let now = now.ok_or(ChangeAccountError::NotFound(change.id))?;
                Err(ChangeAccountError::Stale(Box::new(now)))
            }
            Err(AppendError::CommandReused { .. }) => Err(ChangeAccountError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    async fn note_account(&self, op: &OpContext, event: &StaffEvent) {
        let (kind, detail) = match event {
            StaffEvent::RolesChanged { roles, .. } => {
                let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
                (SecurityKind::RolesChanged, roles.join(" "))
            }
            StaffEvent::Disabled { .. } => (SecurityKind::AccountDisabled, String::new()),
            _ => (SecurityKind::AccountEnabled, String::new()),
        };
        let note = Note::of(kind, &detail, event.staff_id());
        self.note_by(note, op.actor()).await;
    }

    async fn account_as_seen(&self, change: ChangeAccount) -> Result<AccountDetail, ChangeAccountError> {
        let detail = self.account_detail(change.id).await?;
        let detail = detail.ok_or(ChangeAccountError::NotFound(change.id))?;
        if detail.version == change.expected_version {
            Ok(detail)
        } else {
            Err(ChangeAccountError::Stale(Box::new(detail)))
        }
    }

    /// Where the event stands that this command has written before, if it is what is wanted now.
    async fn changed_before(
        &self,
        change: ChangeAccount,
        is_it: impl Fn(&StaffEvent) -> bool + Send,
    ) -> Result<Option<Position>, ChangeAccountError> {
        let receipt = self.store.receipt(change.command_id).await;
        let Some(receipt) = receipt.map_err(Internal::new)? else {
            return Ok(None);
        };
        let history = self.account_events(change.id).await?;
        let written = history.iter().find(|entry| entry.position == receipt.first);
        match written {
            Some(entry) if is_it(&entry.event) => Ok(Some(receipt.first)),
            _ => Err(ChangeAccountError::CommandReused),
        }
    }

    async fn append_of_account(
        &self,
        op: &OpContext,
        change: ChangeAccount,
        detail: &AccountDetail,
        event: &StaffEvent,
        seen: Position,
    ) -> Result<Append, Internal> {
        let mut events = vec![self.staff_event(event, Vec::new())?];
        let mail = detail.row.mail.as_deref().map(Address::parse);
        let mail = mail.transpose().map_err(Internal::new)?;
        if let (Some(notices), Some(to)) = (&self.notices, mail) {
            let (subject, text) = told(event);
            let text = format!("{text}\n\n{}\n", notices.origin);
            let notice = Notice {
                name: "account",
                to: &to,
                subject,
                text: &text,
                not_after: None,
            };
            events.push(self.notice_event(notices, change.command_id, &notice).await?);
        }
        Ok(Append {
            command_id: change.command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events,
            guards: guards(change, seen)?,
            recorded_at: op.now(),
        })
    }
}

/// Who may sign in, and who may do what, is not changed from a screen that somebody left open.
fn fresh(op: &OpContext) -> Result<(), ChangeAccountError> {
    op.is_fresh().then_some(()).ok_or(ChangeAccountError::NotFresh)
}

/// The account is as it was seen; and so is who runs the office, or two administrators could disable each other.
fn guards(change: ChangeAccount, seen: Position) -> Result<Vec<Guard>, Internal> {
    let types: Vec<String> = StaffEvent::FACT_TYPES.map(str::to_owned).to_vec();
    let of_account = QueryItem {
        types: types.clone(),
        tags: vec![Tag::new(TAG_STAFF, change.id).map_err(Internal::new)?],
    };
    let of_anybody = QueryItem {
        types,
        tags: Vec::new(),
    };
    let guard = |item, after| Guard {
        query: Query { items: vec![item] },
        after,
    };
    Ok(vec![
        guard(of_account, change.expected_version),
        guard(of_anybody, seen),
    ])
}

/// Subject and words of the notice to whose account it is.
fn told(event: &StaffEvent) -> (&'static str, String) {
    match event {
        StaffEvent::RolesChanged { roles, .. } => {
            let roles: Vec<&str> = roles.iter().map(|role| role.japanese()).collect();
            let text = format!(
                "あなたの職員アカウントの役割が変わりました。\n\n現在の役割：{}\n\n\
                 心当たりがない場合は、管理者に連絡してください。",
                roles.join("、")
            );
            ("職員アカウントの役割が変わりました（Sengen）", text)
        }
        StaffEvent::Disabled { .. } => (
            "職員アカウントが停止されました（Sengen）",
            "あなたの職員アカウントは停止され、ログインできなくなりました。\n\n\
             心当たりがない場合は、管理者に連絡してください。"
                .to_owned(),
        ),
        _ => (
            "職員アカウントが再開されました（Sengen）",
            "あなたの職員アカウントは再開され、ログインできるようになりました。".to_owned(),
        ),
    }
}
