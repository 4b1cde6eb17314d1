//! What the log keeps of mail: that it was queued and with which words, what people decided about it, what came back, and to whom
//! nothing goes any more. How each attempt went is the ledger's.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::draft::{Draft, DraftInput, DraftProblem, UnknownClass};
use super::reachability::Returned;
use crate::wire::wire_enum;
use crate::{DeclarationId, OrganizationId};

/// Kind of the tag that every event of a message carries.
pub const TAG_MAIL: &str = "mail";
/// Kind of the tag of what is about one address; its value is a keyed hash.
pub const TAG_ADDRESS: &str = "address";
/// The name of the sealed part that holds the words.
pub const PART: &str = "mail";
/// The name of the sealed part that holds an address by itself.
pub const ADDRESS_PART: &str = "address";

/// An address as the log and the ledger know it: hexadecimal hashes under the register's own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressHash {
    /// Of the address as it is compared.
    pub recipient: String,
    /// Of what stands behind the @.
    pub domain: String,
}

/// A message was queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queued {
    /// Which.
    pub mail_id: Uuid,
    /// The name of its class.
    pub class: String,
    /// The key of its sender.
    pub sender: String,
    /// Whom to.
    pub address: AddressHash,
    /// Whom it is about.
    pub organization_id: Option<OrganizationId>,
    /// Which declaration it is about.
    pub declaration_id: Option<DeclarationId>,
    /// In microseconds; after that it is not sent any more.
    pub not_after: Option<i64>,
    /// Whether no person wrote it.
    pub auto: bool,
    /// In microseconds; before that it is not sent. None: at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<i64>,
}

wire_enum! {
    /// What a person decided about a message.
    Verdict {
        /// It was sent, as far as anybody can tell.
        TreatAsSent = "treat_as_sent",
        /// Send it (again), under the same Message-ID.
        SendAgain = "send_again",
        /// Do not wait for its time.
        TryNow = "try_now",
        /// Do not send it.
        Cancel = "cancel",
    }
}

/// Somebody decided about a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// Which.
    pub mail_id: Uuid,
    /// What.
    pub verdict: Verdict,
}

wire_enum! {
    /// What a report about a message says.
    ReturnKind {
        /// There is no such mailbox.
        Hard = "hard",
        /// It did not arrive this time.
        Soft = "soft",
        /// It is late.
        Delay = "delay",
    }
}

impl From<ReturnKind> for Returned {
    fn from(kind: ReturnKind) -> Self {
        match kind {
            ReturnKind::Hard => Self::Hard,
            ReturnKind::Soft => Self::Soft,
            ReturnKind::Delay => Self::Delay,
        }
    }
}

impl From<Returned> for ReturnKind {
    fn from(returned: Returned) -> Self {
        match returned {
            Returned::Hard => Self::Hard,
            Returned::Soft => Self::Soft,
            Returned::Delay => Self::Delay,
        }
    }
}

/// A report about a message came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CameBack {
    /// Which.
    pub mail_id: Uuid,
    /// What it says.
    pub kind: ReturnKind,
    /// The code of the report, such as `5.1.1`; empty when it has none.
    pub status: String,
}

wire_enum! {
    /// Why nothing goes to an address.
    SuppressionReason {
        /// Its reader does not want it.
        OptOut = "opt_out",
        /// Mail to it does not arrive.
        Unreachable = "unreachable",
        /// Its reader complained.
        Complaint = "complaint",
        /// A member of staff decided so.
        Staff = "staff",
    }
}

/// Nothing goes to an address any more, or nothing of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppressed {
    /// Which address.
    pub address: AddressHash,
    /// The name of the class; `all`.
    pub class: String,
    /// Why.
    pub reason: SuppressionReason,
    /// In microseconds; none: until it is lifted.
    pub until: Option<i64>,
}

/// An address gets mail again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsuppressed {
    /// Which address.
    pub address: AddressHash,
    /// The name of the class; `all`.
    pub class: String,
}

/// An event of mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailEvent {
    /// A message was queued.
    Queued(Queued),
    /// Somebody decided about one.
    Decided(Decided),
    /// A report about one came in.
    CameBack(CameBack),
    /// Nothing goes to an address any more.
    Suppressed(Suppressed),
    /// An address gets mail again.
    Unsuppressed(Unsuppressed),
}

/// The stored event is none of mail that this version knows.
#[derive(Debug, thiserror::Error)]
pub enum MailEventError {
    /// No such type or version.
    #[error("{event_type} version {schema_version} is not known")]
    Unknown {
        /// The type in the log.
        event_type: String,
        /// The version of its shape.
        schema_version: u16,
    },
    /// The data have another shape.
    #[error("the data of {event_type} cannot be read")]
    Shape {
        /// The type in the log.
        event_type: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl MailEvent {
    /// The schema version that is written today.
    pub const SCHEMA_VERSION: u16 = 1;
    /// What the types of all of them begin with.
    pub const PREFIX: &'static str = "mail.";
    /// The type of the event that queues a message.
    pub const QUEUED: &'static str = "mail.queued";

    /// The type in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Queued(_) => Self::QUEUED,
            Self::Decided(_) => "mail.decided",
            Self::CameBack(_) => "mail.came_back",
            Self::Suppressed(_) => "mail.suppressed",
            Self::Unsuppressed(_) => "mail.unsuppressed",
        }
    }

    /// Kind and value of each tag.
    pub fn tags(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Queued(queued) => {
                let declaration = queued.declaration_id.map(|id| id.to_string());
                let organization = queued.organization_id.map(|id| id.to_string());
                [
                    Some((TAG_MAIL, queued.mail_id.to_string())),
                    Some((TAG_ADDRESS, queued.address.recipient.clone())),
                    declaration.map(|id| (crate::declaration::TAG_DECLARATION, id)),
                    organization.map(|id| (crate::declaration::TAG_ORGANIZATION, id)),
                ]
                .into_iter()
                .flatten()
                .collect()
            }
            Self::Decided(decided) => vec![(TAG_MAIL, decided.mail_id.to_string())],
            Self::CameBack(back) => vec![(TAG_MAIL, back.mail_id.to_string())],
            Self::Suppressed(Suppressed { address, .. })
            | Self::Unsuppressed(Unsuppressed { address, .. }) => {
                vec![(TAG_ADDRESS, address.recipient.clone())]
            }
        }
    }

    /// What is stored in the clear.
    pub fn data(&self) -> Value {
        match self {
            Self::Queued(queued) => serde_json::to_value(queued),
            Self::Decided(decided) => serde_json::to_value(decided),
            Self::CameBack(back) => serde_json::to_value(back),
            Self::Suppressed(suppressed) => serde_json::to_value(suppressed),
            Self::Unsuppressed(unsuppressed) => serde_json::to_value(unsuppressed),
        }
        .expect("ids, numbers and texts are JSON")
    }

    /// Reads what [`MailEvent::data`] wrote.
    pub fn decode(event_type: &str, schema_version: u16, data: &Value) -> Result<Self, MailEventError> {
        let read = match (event_type, schema_version) {
            ("mail.queued", 1) => Queued::deserialize(data).map(Self::Queued),
            ("mail.decided", 1) => Decided::deserialize(data).map(Self::Decided),
            ("mail.came_back", 1) => CameBack::deserialize(data).map(Self::CameBack),
            ("mail.suppressed", 1) => Suppressed::deserialize(data).map(Self::Suppressed),
            ("mail.unsuppressed", 1) => Unsuppressed::deserialize(data).map(Self::Unsuppressed),
            _ => {
                return Err(MailEventError::Unknown {
                    event_type: event_type.to_owned(),
                    schema_version,
                });
            }
        };
        read.map_err(|source| MailEventError::Shape {
            event_type: event_type.to_owned(),
            source,
        })
    }
}

/// The words of a message as they are sealed.
pub fn sealed(draft: &Draft) -> Value {
    let mut words = json!({
        "to": draft.to().address().typed(),
        "name": draft.to().name(),
        "subject": draft.subject(),
        "text": draft.text(),
        "reply_to": draft.reply_to().map(super::Address::typed),
    });
    // Of what belongs to no thread nothing is said, as before there were threads.
    if !draft.references().is_empty() {
        words["references"] = json!(draft.references());
    }
    words
}

/// Why a sealed message cannot be taken out again.
#[derive(Debug, thiserror::Error)]
pub enum UnsealError {
    /// It has another shape.
    #[error("the sealed message has not its shape")]
    Shape(#[source] serde_json::Error),
    /// Its class is none that this version knows.
    #[error(transparent)]
    Class(#[from] UnknownClass),
    /// It was sealed under rules that hold no more.
    #[error(transparent)]
    Refused(#[from] DraftProblem),
}

#[derive(Deserialize)]
struct Words {
    to: String,
    name: Option<String>,
    subject: String,
    text: String,
    reply_to: Option<String>,
    #[serde(default)]
    references: Vec<String>,
}

/// The message that an event queued, from what it says and what it has sealed.
pub fn unseal(queued: &Queued, sealed: &Value) -> Result<Draft, UnsealError> {
    let words = Words::deserialize(sealed).map_err(UnsealError::Shape)?;
    Ok(Draft::new(&DraftInput {
        sender: &queued.sender,
        to: &words.to,
        name: words.name.as_deref(),
        subject: &words.subject,
        text: &words.text,
        class: queued.class.parse()?,
        auto: queued.auto,
        reply_to: words.reply_to.as_deref(),
        references: &words.references,
    })?)
}

/// Until when, in microseconds, as events have it.
pub fn micros(at: Option<DateTime<Utc>>) -> Option<i64> {
    at.map(|at| at.timestamp_micros())
}
