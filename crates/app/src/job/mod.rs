//! Work that runs by itself: claiming it, how it ends, and what people may do about it.
//!
//! **To add a command:** a handler in a file of its own here, registered where the binary is wired. What a job does to the
//! register it hands back as events: they are appended together with the end of the job, in one transaction that is refused when
//! the job has been taken over meanwhile. So a job may be tried any number of times, and what it does is done once.

mod ask_pages;
mod beside;
mod claim;
mod end;
mod find_reviews;
mod forget_cases;
mod handler;
mod list;
mod touch;
mod verify_log;

pub use ask_pages::AskPolicyPages;
pub use end::{EndJobError, JobEnd};
pub use find_reviews::FindReviews;
pub use forget_cases::ForgetCases;
pub use handler::{Effects, JobFailure, JobHandler, JobRun};
pub use list::{JobDeed, JobPage, ReadJobsError};
pub use storage::job::{Before, Claim, Job, Progress, Renewed};
pub use touch::TouchJobError;
pub use verify_log::VerifyLog;
