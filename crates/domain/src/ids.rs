//! Identifiers. Each is a newtype, so that one kind is never taken for another; all are UUID v7 made by the caller.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes an id that somebody else made; nothing here makes ids.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The bare UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// One declaration, for its whole life: the number printed on paper may be replaced, this is not.
    DeclarationId
);
id!(
    /// One declarer (a company, another body or a sole trader). Its declarations share it.
    OrganizationId
);
id!(
    /// One person in one role. A key is destroyed by this id, and the id is never used again.
    SubjectId
);
id!(
    /// One schedule: when something fires.
    ScheduleId
);
id!(
    /// One token by which a program reads.
    ApiTokenId
);
id!(
    /// One file that belongs to a change.
    AttachmentId
);
id!(
    /// One request that a second person decides about.
    ApprovalId
);
id!(
    /// One piece of work that a firing asks for.
    JobId
);

id!(
    /// One request of a data subject: to see, correct, stop using or erase what is kept about them.
    PrivacyRequestId
);
id!(
    /// One incident in which personal data may have got out.
    IncidentId
);
id!(
    /// One change that is made to many declarations.
    BulkChangeId
);
id!(
    /// One suspicion that somebody has to look at.
    ReviewId
);
id!(
    /// One import of an old register in the console.
    ImportId
);
id!(
    /// One file that leaves with a view of the register.
    ExportId
);
id!(
    /// One inquiry: a thread with one correspondent.
    InquiryId
);
id!(
    /// One template of answers.
    ReplyTemplateId
);
id!(
    /// One article of the frequently asked questions.
    ArticleId
);
id!(
    /// One message that came in, and the key that seals its bytes.
    IncomingMailId
);
