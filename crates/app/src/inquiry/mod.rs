//! Inquiries: what people write to the secretariat, as a desk.
//!
//! A message that was read becomes one by `App::receive_inquiry`, which the reading of mail calls; everything that people do with it
//! is a command against the version that they saw.

mod acknowledge;
mod bulk;
mod change;
mod charset;
mod cite;
mod context;
mod draft;
mod file;
mod forget;
mod list;
mod merge;
mod numbers;
mod read;
mod receive;
mod reply;
mod sheet;
mod split;
mod thread;
mod watch;
mod withdraw;
mod words;

pub use acknowledge::Acknowledgement;
pub use bulk::{ChangeInquiriesError, ChangeOutcome, InquiriesChange, TemplateReply};
pub use change::{ChangeInquiryError, InquiryChange};
pub use charset::ChooseCharset;
pub(crate) use cite::CiteInquiryError;
pub use context::{InquiryContext, InquiryMatch, MatchedDeclaration};
pub use draft::{DraftChange, DraftWords};
pub use file::{FILE_MAX, FileScanner, InquiryFileError, ScanFault};
pub use list::{InquiryCount, InquiryPage, InquiryQueue, ListInquiries, ListInquiriesError, ListedInquiry};
pub use merge::{MergeInquiries, MergeInquiriesError};
pub use numbers::{InquiryNumbers, InquiryNumbersError, NumbersOfDay, Spread};
pub use read::{EntryWords, InquiryDetail, InquiryEntry, MessageWords, ReadInquiryError, ReplyWords};
pub(crate) use receive::ReadMessage;
pub use reply::{HeldReply, ReplyToInquiry, ReplyToInquiryError};
pub use sheet::inquiry_numbers_sheet;
pub use split::SplitInquiry;
pub(crate) use thread::Thread;

crate::case_log::case_event!(domain::inquiry::InquiryEvent, domain::inquiry, TAG_INQUIRY);
