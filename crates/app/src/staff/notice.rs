//! Notices to members of staff about their accounts, by mail.

use chrono::{DateTime, Utc};
use domain::mailing::{Address, Class, Draft, DraftInput};
use domain::staff::StaffId;
use event_store::NewEvent;
use storage::staff;
use uuid::Uuid;

use crate::mail::About;
use crate::{App, Internal};

/// By whom notices are sent, and where the console is.
#[derive(Debug, Clone)]
pub struct Notices {
    /// The key of the sender.
    pub sender: String,
    /// `scheme://host[:port]` of the console.
    pub origin: String,
}

/// What a notice says.
pub(crate) struct Notice<'a> {
    /// What it is about, for its id: one for each command.
    pub name: &'a str,
    pub to: &'a Address,
    pub subject: &'a str,
    pub text: &'a str,
    /// After that it is not sent any more.
    pub not_after: Option<DateTime<Utc>>,
}

impl App {
    /// The same office with notices to its staff. Without, they get none.
    #[must_use]
    pub fn with_notices(mut self, notices: Notices) -> Self {
        self.notices = Some(notices);
        self
    }

    /// Where notices to a member of staff go; none: nowhere.
    pub(super) async fn staff_address(&self, id: StaffId) -> Result<Option<Address>, Internal> {
        let rows = staff::by_ids(self.store.database(), &[id.0]).await;
        let rows = rows.map_err(Internal::new)?;
        let mail = rows.get(&id.0).and_then(|row| row.mail.as_deref());
        mail.map(Address::parse).transpose().map_err(Internal::new)
    }

    /// A notice as an event, to be appended with what it is about.
    pub(crate) async fn notice_event(
        &self,
        notices: &Notices,
        command_id: Uuid,
        notice: &Notice<'_>,
    ) -> Result<NewEvent, Internal> {
        let draft = Draft::new(&DraftInput {
            sender: &notices.sender,
            to: notice.to.typed(),
            name: None,
            subject: notice.subject,
            text: notice.text,
            class: Class::Administrative,
            auto: true,
            reply_to: None,
            references: &[],
        })
        .map_err(Internal::new)?;
        let subject = self.mail_subject(notice.to.key().reveal()).await?;
        let about = About {
            not_after: notice.not_after,
            ..About::default()
        };
        self.mail_event(command_id, notice.name, subject, &draft, about)
    }
}
