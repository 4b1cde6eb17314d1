//! Everything that is read: projections of the log with their queries, and the operational tables beside it.
//!
//! **What it is for.** `projections` turn events into rows and answer questions on them; `log` reads the history of
//! one declaration from the log itself, `status_check` those of thousands; `state` keeps what is no fact of the register (sessions, credentials, invitations,
//! delays of sign-in, records of reads); `scratch_index` is thrown away with the import that fills it.
//!
//! **What it must never do.** Decide anything, change the log, or keep in its own tables what the log does not say. It puts no
//! value into the text of a statement: texts are constants, values are bound.
//!
//! **To add a query:** a constant [`event_store::Sql`] beside its `#[derive(FromRow)]` struct, `TryFrom` into the model with a
//! [`CorruptRow`] that names table, column and id, and a test in `tests/` that runs it on both engines; a hot one also has its
//! plan looked at in `tests/plans.rs`.
//!
//! **To add a projection:** a migration (same file name for both engines), a file in `projections`; in the background with a
//! checkpoint of its own as `projections::runner` does it, or, only when it must never be behind the log, as an
//! [`event_store::InlineProjector`]. When the rows of an existing one change, raise its `VERSION`.

pub mod codec;
pub mod erasure;
pub mod log;
mod projections;
mod scratch_index;
mod sealed;
mod sql;
mod state;
pub mod status_check;
mod storage;
pub mod transfer;

pub use projections::{
    api_token, approval, bulk_change, calendar, declaration, export, figure, import, incident, inquiry,
    job_event, mail_event, privacy_request, register_index, review as review_event, review_contact, schedule,
    staff,
};
pub use scratch_index::{ScratchError, ScratchIndex};
pub use sql::{CorruptRow, StorageError};
pub use state::{
    attachment, backup, bulk_change_row, clock, credential, export_piece, identity, identity_attempt,
    import_file, import_mapping, import_row, incoming_mail, invitation, job, lease, list_view, mail,
    mail_link, passkey, passkey_ceremony, password_link, policy_page, read_audit, read_record, recovery_code,
    review, review_search, security_record, session, sign_in_attempt, sign_in_delay, totp, viewer,
};
pub use storage::{Storage, inline_projectors};

/// The background projection: starting, waiting, rebuilding.
pub mod projection {
    pub use crate::projections::{
        Caught, Checkpoint, Comparison, Difference, Differing, Duty, Now, Progress, Projection, RebuildError,
        RebuildOptions, RebuildReport, drop_old, rebuild, rebuild_with,
    };
}
