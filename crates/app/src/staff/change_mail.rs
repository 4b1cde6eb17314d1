//! Another address for notices and links, chosen by its owner: it is theirs once they opened a link that went there, while signed in.
//! Nothing is said about whether somebody else has it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::mailing::Address;
use domain::staff::{Actor, CredentialChange, PART_MAIL, SecurityKind, StaffEvent, StaffId};
use event_store::{Append, PersonalPart, SubjectId, UnsealError};
use storage::mail_link::{self, MailLink};
use storage::{password_link, sign_in_delay};
use uuid::Uuid;

use super::notice::{Notice, Notices};
use super::sign_in::SignInError;
use super::{SignedIn, token};
use crate::security::Note;
use crate::{App, InputProblem, Internal};

/// How long a link can be used.
const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// Links that may be asked for one after the other without waiting.
const FREE_REQUESTS: i64 = 3;

/// Why the address is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangeMailError {
    /// They have to prove once more who they are.
    #[error("the session is not fresh")]
    NotFresh,
    /// What was typed has problems.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// Notices to staff are not configured.
    #[error("no sender of notices is configured")]
    NoMail,
    /// Too many links were asked for.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<Internal> for ChangeMailError {
    fn from(error: Internal) -> Self {
        Self::SignIn(error.into())
    }
}

/// Why a link changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmMailError {
    /// It is unknown, used, expired, or for somebody else.
    #[error("no address of this account waits for this link")]
    Refused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Where an address is sealed for.
fn label(id: StaffId) -> String {
    format!("mail-link:{id}")
}

impl App {
    /// Where notices to a member of staff go, as it was typed.
    pub async fn own_mail(&self, id: StaffId) -> Result<Option<String>, Internal> {
        let address = self.staff_address(id).await?;
        Ok(address.map(|address| address.typed().to_owned()))
    }

    /// Sends a link to a new address, and a notice to the one before. Until the link is opened nothing has changed; answers until when
    /// it can be.
    pub async fn ask_for_mail_change(
        &self,
        owner: &SignedIn,
        typed: &str,
        request_id: Uuid,
    ) -> Result<DateTime<Utc>, ChangeMailError> {
        let notices = self.notices.as_ref().ok_or(ChangeMailError::NoMail)?;
        if !owner.is_fresh_at(self.now()) {
            return Err(ChangeMailError::NotFresh);
        }
        let id = owner.staff.id;
        let to = Address::parse(typed).map_err(|problem| invalid(problem.code(), problem.japanese()))?;
        let now = self.staff_address(id).await?;
        if now.is_some_and(|now| now.typed() == to.typed()) {
            let text = "いまと同じアドレスです。別のアドレスを入力してください。";
            return Err(invalid("same_mail", text));
        }
        let key = self.delay_key("mail-change", &id.to_string()).of(Some(id));
        self.count_try(&key, FREE_REQUESTS).await?;
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let expires_at = self.now() + LIFETIME;
        let subject = self.subject_of(id).await?;
        let keyring = self.store.keyring();
        let sealed = keyring.seal(subject, &label(id), to.typed().as_bytes()).await;
        let waiting = MailLink {
            subject_id: subject.0,
            sealed: sealed.map_err(Internal::new)?,
        };
        // First the link: a mail with a link that opens nothing is worse than a link that nobody got.
        mail_link::propose(
            self.store.database(),
            id.0,
            &token::hash(&token),
            &waiting,
            expires_at,
        )
        .await
        .map_err(Internal::new)?;
        self.send_mail_link(notices, id, &to, &token, (expires_at, request_id))
            .await?;
        Ok(expires_at)
    }

    async fn send_mail_link(
        &self,
        notices: &Notices,
        id: StaffId,
        to: &Address,
        token: &str,
        (expires_at, request_id): (DateTime<Utc>, Uuid),
    ) -> Result<(), Internal> {
        let command_id = self.new_id().map_err(Internal::new)?;
        let what = CredentialChange::MailLinkSent;
        let mut events = self.credential_events(id, what, command_id).await?;
        let text = words(&notices.origin, token, expires_at);
        let notice = Notice {
            name: "mail link",
            to,
            subject: "メールアドレスの確認（Sengen）",
            text: &text,
            not_after: Some(expires_at),
        };
        events.push(self.notice_event(notices, command_id, &notice).await?);
        let append = self.own_append(id, command_id, request_id, events);
        self.store.append(append).await.map_err(Internal::new)?;
        self.note_credential(id, what, &Actor::Staff(id)).await;
        Ok(())
    }

    /// The address that waits for a link is the one from now on; the one before hears of it. Answers it as it was typed.
    pub async fn confirm_mail_change(
        &self,
        owner: &SignedIn,
        token: &str,
        request_id: Uuid,
    ) -> Result<String, ConfirmMailError> {
        let (database, id) = (self.store.database(), owner.staff.id);
        let found = mail_link::take(database, id.0, &token::hash(token), self.now()).await;
        let waiting = found.map_err(Internal::new)?.ok_or(ConfirmMailError::Refused)?;
        let subject = SubjectId(waiting.subject_id);
        let opened = self
            .store
            .keyring()
            .unseal(subject, &label(id), &waiting.sealed)
            .await;
        let opened = match opened {
            Ok(opened) => opened,
            Err(UnsealError::KeyGone(_)) => return Err(ConfirmMailError::Refused),
            Err(error) => return Err(Internal::new(error).into()),
        };
        let typed = String::from_utf8(opened.to_vec()).map_err(Internal::new)?;
        let command_id = self.new_id().map_err(Internal::new)?;
        let part = PersonalPart {
            subject,
            name: PART_MAIL.to_owned(),
            body: serde_json::json!({ "address": typed }),
        };
        let said = StaffEvent::MailChanged { staff_id: id };
        let mut events = vec![self.staff_event(&said, vec![part])?];
        if let (Some(notices), Some(before)) = (&self.notices, self.staff_address(id).await?) {
            let text = format!(
                "あなたの職員アカウントのメールアドレスが変わりました。これからのお知らせは、新しいアドレスに届きます。\n\n\
                 日時：{}\n\n心当たりがない場合は、すぐに管理者に連絡してください。\n{}/account\n",
                crate::time_in_japan(self.now()),
                notices.origin
            );
            let notice = Notice {
                name: "mail changed",
                to: &before,
                subject: "メールアドレスが変わりました（Sengen）",
                text: &text,
                not_after: None,
            };
            events.push(self.notice_event(notices, command_id, &notice).await?);
        }
        let append = self.own_append(id, command_id, request_id, events);
        self.store.append(append).await.map_err(Internal::new)?;
        // Links to another password lie in the box of the old address, which may be why it is another one now.
        password_link::revoke_all(database, id.0, self.now())
            .await
            .map_err(Internal::new)?;
        let note = Note::of(SecurityKind::MailChanged, "", id);
        self.note_by(note, &Actor::Staff(id)).await;
        let key = self.delay_key("mail-change", &id.to_string());
        sign_in_delay::clear(database, &key.hash)
            .await
            .map_err(Internal::new)?;
        Ok(typed)
    }

    fn own_append(
        &self,
        id: StaffId,
        command_id: Uuid,
        request_id: Uuid,
        events: Vec<event_store::NewEvent>,
    ) -> Append {
        Append {
            command_id,
            actor: Actor::Staff(id).to_string(),
            correlation_id: request_id,
            reason: None,
            events,
            guards: Vec::new(),
            recorded_at: self.now(),
        }
    }
}

fn invalid(code: &'static str, text: &str) -> ChangeMailError {
    ChangeMailError::Invalid(vec![InputProblem::new("mail", code, text)])
}

fn words(origin: &str, token: &str, expires_at: DateTime<Utc>) -> String {
    let until = crate::time_in_japan(expires_at);
    format!(
        "Sengen の職員アカウントのメールアドレスを、このアドレスに変える申し込みがありました。\n\n\
         変えるには、ログインしている画面で次のリンクを開いてください。\n\
         リンクは一度だけ、{until}まで使えます。\n\n\
         {origin}/account/mail#{token}\n\n\
         心当たりがない場合は、このメールを破棄してください。何も変わりません。\n\n\
         ----\n\
         Somebody asked for notices of their staff account of Sengen to go to this address. To confirm, open the link above\n\
         while signed in. It works once, until {until} (Japan time). If you do not expect this, please ignore this mail.\n"
    )
}
