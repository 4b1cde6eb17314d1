//! Requests of data subjects: 開示・訂正・利用停止・消去.
//!
//! One way in for every change of a case, [`App::change_privacy_request`](crate::App::change_privacy_request); what we hold is
//! gathered by [`App::holdings`](crate::App::holdings), which records each read with the case as its purpose.

mod change;
mod erase;
mod forget;
mod holdings;
mod holdings_elsewhere;
mod letterhead;
mod open;
mod read;

pub use change::{ChangePrivacyRequestError, MeasureTyped, PrivacyRequestChange};
pub use erase::ErasureOfCase;
pub use holdings::{
    HeldChange, HeldEntry, HeldFact, HeldMail, HeldPart, HeldRecord, Holdings, HoldingsError,
};
pub use holdings_elsewhere::{HeldAccount, HeldApproval};
pub use letterhead::Letterhead;
pub use open::{OpenPrivacyRequest, OpenPrivacyRequestError, TypedRequester};
pub(crate) use read::guarded;
pub use read::{
    PrivacyRequestDetail, PrivacyRequestEntry, ReadPrivacyRequestsError, RecordOfRequest, Requester,
};

crate::case_log::case_event!(
    domain::privacy_request::PrivacyRequestEvent,
    domain::privacy_request,
    TAG_PRIVACY_REQUEST
);
