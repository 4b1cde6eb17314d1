//! Saying by itself that a message came in, as RFC 3834 has it: to nobody but people, once a day to each.

use chrono::TimeDelta;
use domain::inquiry::{Message, MessageKind};
use domain::mailing::event::{MailEvent, TAG_ADDRESS};
use domain::mailing::{Class, Draft, DraftInput};
use domain::{InquiryId, SubjectId};
use event_store::{Guard, NewEvent, Query, QueryItem, Tag};
use uuid::Uuid;

use super::words::StoredMessage;
use crate::mail::About;
use crate::random::derived_id;
use crate::{App, Internal, OpContext};

/// To one address something goes by itself once in so long.
const ONCE_IN: TimeDelta = TimeDelta::days(1);
/// The name of the message among those of its command.
const NAME: &str = "acknowledgement";
/// After so long it says nothing new.
const SENT_WITHIN: TimeDelta = TimeDelta::days(1);

/// How the receipt of what people write is acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The key of the sender.
    pub sender: String,
    /// What stands below it: who the office is, and how it is reached.
    pub signature: String,
}

/// An acknowledgement to be written with the inquiry.
pub(super) struct Acknowledged {
    pub(super) mail_id: Uuid,
    pub(super) event: NewEvent,
    /// Nothing was queued to that address meanwhile.
    pub(super) guard: Guard,
}

impl App {
    /// The same office, where what people write is acknowledged by itself.
    #[must_use]
    pub fn with_acknowledgement(mut self, acknowledgement: Option<Acknowledgement>) -> Self {
        self.acknowledgement = acknowledgement;
        self
    }

    /// What goes out by itself for a message that begins an inquiry; none: nothing does.
    pub(super) async fn acknowledgement(
        &self,
        op: &OpContext,
        command_id: Uuid,
        id: InquiryId,
        message: &Message,
        words: Option<&StoredMessage>,
    ) -> Result<Option<Acknowledged>, Internal> {
        let Some(office) = &self.acknowledgement else {
            return Ok(None);
        };
        let (Some(words), Some(hash)) = (words, message.correspondent_hash.as_deref()) else {
            return Ok(None);
        };
        let is_for_a_person = message.kind == MessageKind::Human && message.may_be_answered;
        // What waited for long is not acknowledged: an answer is what they wait for.
        let is_new = op.now() - message.taken_at() < SENT_WITHIN;
        if !is_for_a_person || !is_new {
            return Ok(None);
        }
        // Looked at before the head: what is written after it breaks the guard.
        let after = self.store.head().await.map_err(Internal::new)?;
        let database = self.store.database();
        let since = op.now() - ONCE_IN;
        let known = storage::inquiry::acknowledged_since(database, hash, since).await;
        if known.map_err(Internal::new)? {
            return Ok(None);
        }
        let references: Vec<String> = words
            .references
            .iter()
            .chain(&words.message_id)
            .cloned()
            .collect();
        let subject = format!("【受付】{}", words.subject);
        let draft = Draft::new(&DraftInput {
            sender: &office.sender,
            to: &words.address,
            name: None,
            subject: &subject.chars().take(200).collect::<String>(),
            text: &text(office),
            class: Class::Transactional,
            auto: true,
            reply_to: None,
            references: &references,
        });
        // What cannot be said back to them is not said: a person answers.
        let Ok(draft) = draft else { return Ok(None) };
        let key = SubjectId::new(self.inquiry_subject(id).await?.0);
        let about = About {
            not_after: Some(op.now() + SENT_WITHIN),
            ..About::default()
        };
        let event = self.mail_event(command_id, NAME, key, &draft, about)?;
        let tag = Tag::new(TAG_ADDRESS, hash).map_err(Internal::new)?;
        Ok(Some(Acknowledged {
            mail_id: derived_id(command_id, &format!("mail {NAME}")),
            event,
            guard: Guard {
                query: Query {
                    items: vec![QueryItem {
                        types: vec![MailEvent::QUEUED.to_owned()],
                        tags: vec![tag],
                    }],
                },
                after,
            },
        }))
    }
}

fn text(office: &Acknowledgement) -> String {
    format!(
        "お問い合わせをいただき、ありがとうございます。\n\
         メールを受け付けました。内容を確認し、担当者からお返事いたします。\n\
         土曜日、日曜日、祝日および年末年始にいただいたお問い合わせには、次の営業日以降にお返事いたします。\n\n\
         このメールは自動でお送りしています。追加のご連絡は、このメールへの返信でお送りください。\n\n{}\n",
        office.signature
    )
}
