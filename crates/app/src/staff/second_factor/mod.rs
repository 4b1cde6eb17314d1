//! The second factor: codes of an authenticator (TOTP), and recovery codes for when it is lost.
//!
//! Setting it up and taking it away ask for a session that is fresh; both are events of the account, and its owner hears of
//! them by mail.

mod code;
mod complete;
mod refresh;
mod reset;
mod set_up;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::staff::{Actor, CredentialChange, SignInMethod, StaffEvent, StaffId};
use event_store::{Append, AppendError, Guard, NewEvent, Position, Query, QueryItem, UnsealError};
use storage::totp::Which;
use storage::{passkey, recovery_code, totp};
use uuid::Uuid;

use super::notice::Notice;
use crate::{App, Internal};
use code::Typed;

pub(super) use set_up::CONFIRM_WITHIN;

pub use code::ShownOnce;
pub use complete::{CompleteSignInError, SignInStep, Waiting};
pub use refresh::RefreshSessionError;
pub use reset::ResetSecondFactorError;
pub use set_up::{SecondFactorError, TotpToConfirm};

/// What an account asks for beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Nothing.
    None,
    /// A code of an authenticator, or one of the recovery codes that are left.
    Totp {
        /// Since when.
        since: DateTime<Utc>,
        /// How many recovery codes are left.
        recovery_codes: u32,
    },
}

/// By which code somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    Totp,
    RecoveryCode,
}

impl Proof {
    const fn method(self) -> SignInMethod {
        match self {
            Self::Totp => SignInMethod::PasswordAndTotp,
            Self::RecoveryCode => SignInMethod::PasswordAndRecoveryCode,
        }
    }
}

/// What an account has beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StrongWays {
    /// An authenticator.
    pub totp: bool,
    /// A passkey that opens it.
    pub passkey: bool,
}

impl StrongWays {
    /// Nothing.
    pub(super) const fn is_none(self) -> bool {
        !self.totp && !self.passkey
    }

    /// Passkeys alone.
    pub(super) const fn asks_for_passkey(self) -> bool {
        self.passkey && !self.totp
    }
}

/// Who changes a credential, and under which command.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    pub actor: Actor,
    pub command_id: Uuid,
    pub request_id: Uuid,
}

/// Where a secret is sealed for: whoever can write into the database must not give somebody else's account their own.
fn label(id: StaffId) -> String {
    format!("totp:{id}")
}

impl App {
    /// What an account asks for beside the password.
    pub async fn second_factor(&self, id: StaffId) -> Result<SecondFactor, Internal> {
        let kept = totp::load(self.store.database(), id.0, Which::Used).await;
        let Some(kept) = kept.map_err(Internal::new)? else {
            return Ok(SecondFactor::None);
        };
        let left = recovery_code::left(self.store.database(), id.0).await;
        let left = left.map_err(Internal::new)?;
        Ok(SecondFactor::Totp {
            since: kept.made_at,
            recovery_codes: u32::try_from(left).unwrap_or(0),
        })
    }

    /// Whether signing in by password asks for more than the password. A passkey does that where the office asks for a second
    /// factor: elsewhere whoever has one can still come in by the password alone.
    pub async fn has_strong_sign_in(&self, id: StaffId) -> Result<bool, Internal> {
        let ways = self.strong_ways(id).await?;
        Ok(ways.totp || (ways.passkey && self.staff_policy.require_second_factor))
    }

    /// Of all accounts those for which [`App::has_strong_sign_in`] holds, for a list; and those that have a passkey.
    pub(super) async fn strong_sign_ins(&self) -> Result<(HashSet<Uuid>, HashSet<Uuid>), Internal> {
        let database = self.store.database();
        let owners = totp::owners(database).await.map_err(Internal::new)?;
        let passkeys: HashSet<Uuid> = passkey::owners(database)
            .await
            .map_err(Internal::new)?
            .into_iter()
            .collect();
        let mut strong: HashSet<Uuid> = owners.into_iter().collect();
        if self.staff_policy.require_second_factor {
            strong.extend(&passkeys);
        }
        Ok((strong, passkeys))
    }

    /// What an account has beside the password. A passkey that may have been copied opens nothing, and still asks for more than the
    /// password: whoever has copied it may have the password, too.
    pub(super) async fn strong_ways(&self, id: StaffId) -> Result<StrongWays, Internal> {
        let passkeys = passkey::count_with_suspected(self.store.database(), id.0).await;
        Ok(StrongWays {
            totp: self.has_totp(id).await?,
            passkey: passkeys.map_err(Internal::new)? > 0,
        })
    }

    /// Whether the password of an account opens nothing here, because a passkey stands for both.
    pub(super) async fn asks_for_passkey(&self, id: StaffId) -> Result<bool, Internal> {
        Ok(self.staff_policy.require_second_factor && self.strong_ways(id).await?.asks_for_passkey())
    }

    pub(super) async fn has_totp(&self, id: StaffId) -> Result<bool, Internal> {
        let found = totp::load(self.store.database(), id.0, Which::Used).await;
        Ok(found.map_err(Internal::new)?.is_some())
    }

    /// Takes a code, which is good no more from then on; none: it is wrong, or was taken before.
    async fn take_code(&self, id: StaffId, typed: &str) -> Result<Option<Proof>, Internal> {
        let database = self.store.database();
        match code::read(typed) {
            Some(Typed::Totp(code)) => {
                let Some(kept) = totp::load(database, id.0, Which::Used)
                    .await
                    .map_err(Internal::new)?
                else {
                    return Ok(None);
                };
                let Some(step) = self.step_of(id, &kept, &code).await? else {
                    return Ok(None);
                };
                let taken = totp::take_step(database, id.0, step)
                    .await
                    .map_err(Internal::new)?;
                Ok(taken.then_some(Proof::Totp))
            }
            Some(Typed::Recovery(code)) => {
                let hash = self.recovery_hash(id, &code);
                let used = recovery_code::use_up(database, id.0, &hash, self.now()).await;
                Ok(used.map_err(Internal::new)?.then_some(Proof::RecoveryCode))
            }
            None => Ok(None),
        }
    }

    /// The step of which a code is, by a secret as it is kept.
    async fn step_of(&self, id: StaffId, kept: &totp::Totp, code: &str) -> Result<Option<i64>, Internal> {
        let subject = event_store::SubjectId(kept.subject_id);
        let keyring = self.store.keyring();
        let secret = match keyring.unseal(subject, &label(id), &kept.sealed).await {
            Ok(secret) => secret,
            // Nobody can check its codes any more; recovery codes still work.
            Err(UnsealError::KeyGone(_)) => return Ok(None),
            Err(error) => return Err(Internal::new(error)),
        };
        code::step_of(&secret, code, self.now()).map_err(Internal::new)
    }

    fn recovery_hash(&self, id: StaffId, normal: &str) -> [u8; 32] {
        self.store
            .keyring()
            .keyed_hash("recovery-code", format!("{id}:{normal}").as_bytes())
    }

    /// Says in the log, and to the owner by mail, that a credential was changed; `false`: another change came since `seen`.
    pub(super) async fn append_credential_change(
        &self,
        id: StaffId,
        what: CredentialChange,
        seen: Position,
        request_id: Uuid,
    ) -> Result<bool, Internal> {
        let command_id = self.new_id().map_err(Internal::new)?;
        let deed = Deed {
            actor: Actor::Staff(id),
            command_id,
            request_id,
        };
        let events = self.credential_events(id, what, command_id).await?;
        match self.append_deed(id, deed, events, seen).await {
            Ok(()) => {
                self.note_credential(id, what, &Actor::Staff(id)).await;
                Ok(true)
            }
            Err(AppendError::Conflict(_)) => Ok(false),
            Err(error) => Err(Internal::new(error)),
        }
    }

    /// Appends events of which the first says that a credential was changed, unless another change came since `seen`.
    pub(super) async fn append_deed(
        &self,
        id: StaffId,
        deed: Deed,
        events: Vec<NewEvent>,
        seen: Position,
    ) -> Result<(), AppendError> {
        let any = StaffEvent::CredentialChanged {
            staff_id: id,
            what: CredentialChange::TotpSet,
        };
        let item = QueryItem {
            types: vec![any.event_type().to_owned()],
            tags: events.first().map(|event| event.tags.clone()).unwrap_or_default(),
        };
        let append = Append {
            command_id: deed.command_id,
            actor: deed.actor.to_string(),
            correlation_id: deed.request_id,
            reason: None,
            events,
            guards: vec![Guard {
                query: Query { items: vec![item] },
                after: seen,
            }],
            recorded_at: self.now(),
        };
        self.store.append(append).await.map(drop)
    }

    /// The event of a change, and the notice of it when there is somewhere to send it.
    pub(super) async fn credential_events(
        &self,
        id: StaffId,
        what: CredentialChange,
        command_id: Uuid,
    ) -> Result<Vec<NewEvent>, Internal> {
        let said = StaffEvent::CredentialChanged { staff_id: id, what };
        let mut events = vec![self.staff_event(&said, Vec::new())?];
        let Some(notices) = &self.notices else {
            return Ok(events);
        };
        let Some(to) = self.staff_address(id).await? else {
            return Ok(events);
        };
        let (subject, text) = told(what);
        let text = format!(
            "{text}\n\n日時：{}\n\n心当たりがない場合は、すぐに次の画面で確認し、管理者に連絡してください。\n{}/account\n",
            crate::time_in_japan(self.now()),
            notices.origin
        );
        let notice = Notice {
            name: "credential",
            to: &to,
            subject,
            text: &text,
            not_after: None,
        };
        events.push(self.notice_event(notices, command_id, &notice).await?);
        Ok(events)
    }
}

/// Subject and words of the notice to whose account it is.
const fn told(what: CredentialChange) -> (&'static str, &'static str) {
    match what {
        CredentialChange::TotpSet => (
            "ログインの確認コードが設定されました（Sengen）",
            "あなたの職員アカウントに、確認コードのアプリが設定されました。次のログインから、パスワードのほかに確認コードが必要です。設定した端末のほかは、ログインが切れました。",
        ),
        CredentialChange::TotpRemoved => (
            "ログインの確認コードが解除されました（Sengen）",
            "あなたの職員アカウントから、確認コードのアプリが外されました。次のログインからは、パスワードだけで入れます。解除した端末のほかは、ログインが切れました。",
        ),
        CredentialChange::RecoveryCodesMade => (
            "復旧コードが作り直されました（Sengen）",
            "あなたの職員アカウントの復旧コードが作り直されました。以前の復旧コードは使えません。",
        ),
        CredentialChange::RecoveryCodeUsed => (
            "復旧コードが使われました（Sengen）",
            "あなたの職員アカウントで、確認コードのアプリの代わりに復旧コードが使われました。使った復旧コードは、もう使えません。",
        ),
        CredentialChange::SecondFactorReset => (
            "確認コードとパスキーの設定が取り消されました（Sengen）",
            "管理者が、あなたの職員アカウントの確認コードと復旧コード、パスキーの設定を取り消しました。すべての端末でログインが切れました。次は、パスワードだけでログインできます。ログインしたら、確認コードまたはパスキーをもう一度設定してください。",
        ),
        CredentialChange::PasswordChanged => (
            "パスワードが変更されました（Sengen）",
            "あなたの職員アカウントのパスワードが変更されました。変更した端末のほかは、ログインが切れました。",
        ),
        CredentialChange::PasswordLinkSent => (
            "パスワードを決め直すリンクが作られました（Sengen）",
            "あなたの職員アカウントのパスワードを決め直すリンクが作られました。リンクは、作った人から受け取ってください。",
        ),
        CredentialChange::PasswordReset => (
            "パスワードが決め直されました（Sengen）",
            "あなたの職員アカウントのパスワードが、リンクから決め直されました。すべての端末でログインが切れました。",
        ),
        CredentialChange::IdentityLinked => (
            "シングルサインオンが使えるようになりました（Sengen）",
            "あなたの職員アカウントが、シングルサインオンの利用者と結び付けられました。次から、シングルサインオンでログインできます。",
        ),
        CredentialChange::IdentityUnlinked => (
            "シングルサインオンが解除されました（Sengen）",
            "あなたの職員アカウントと、シングルサインオンの利用者との結び付きが解除されました。シングルサインオンでは、もうログインできません。",
        ),
        CredentialChange::PasskeyAdded => (
            "パスキーが追加されました（Sengen）",
            "あなたの職員アカウントに、パスキーが追加されました。このパスキーだけでログインできます。",
        ),
        CredentialChange::PasskeyRemoved => (
            "パスキーが削除されました（Sengen）",
            "あなたの職員アカウントから、パスキーが削除されました。削除したパスキーでは、もうログインできません。",
        ),
        CredentialChange::MailLinkSent => (
            "メールアドレスの変更の申し出がありました（Sengen）",
            "あなたの職員アカウントで、メールアドレスの変更が申し込まれました。新しいアドレスに届くリンクを本人が開くまで、何も変わりません。",
        ),
        CredentialChange::PasskeySuspected => (
            "パスキーが複製された疑いがあります（Sengen）",
            "あなたの職員アカウントのパスキーが、別の端末に複製された疑いがあります。このパスキーでのログインを拒否し、使えないようにしました。アカウントの画面で削除し、必要であれば新しいパスキーを追加してください。",
        ),
    }
}
