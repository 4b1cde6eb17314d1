//! What a person may ask about the data that is kept of them: to see it (開示), to have it corrected (訂正), no longer used
//! (利用停止) or erased (消去).
//!
//! **What it is for.** One request is one case: who asked is proved, what we hold is gathered, somebody decides, what was decided
//! is done, the person gets a letter, and the case is closed, all within a term of the law ([`TERM_DAYS`]).
//!
//! **What it must never do.** Keep a word about the person in the clear: who they are and every free text is sealed under a key of
//! the case ([`PART_PERSON`], [`PART_TEXT`]).

mod decide;
mod event;
mod state;

pub use decide::{
    EXTENSION_DAYS, PrivacyRequestRefusal, Standing, Standings, TERM_DAYS, Within, answer, assign,
    check_identity, close, concern, decide, extend, forget, kept_until, note, open, pause, record_measure,
    request_erasure, resume,
};
pub use event::{
    Channel, Closing, IdentityMethod, Measure, MeasureKind, Opened, Outcome, PART_PERSON, PART_TEXT,
    PrivacyRequestEvent, PrivacyRequestKind, SCHEMA_VERSION, TAG_PRIVACY_REQUEST,
};
pub use state::{Answer, Decision, Identity, PrivacyRequest, PrivacyRequestStatus};
