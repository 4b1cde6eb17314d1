//! The office: what every use case works with.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::staff::{Actor, Role};
use event_store::{EventStore, LogTree, MigrateError};
use storage::Storage;
use uuid::Uuid;

use crate::clock::Clock;
use crate::context::OpContext;
use crate::erasures::Background;
use crate::random::{NoRandomness, Random, new_id};

/// The log, what is projected from it, the clock and the dice. One per process.
pub struct App {
    pub(crate) store: EventStore,
    pub(crate) storage: Storage,
    pub(crate) tree: Option<LogTree>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// Held while erasures are being finished.
    pub(crate) erasing: tokio::sync::Mutex<()>,
    pub(crate) background: Background,
    pub(crate) time_source: TimeSource,
    /// How members of staff are told about their accounts.
    pub(crate) notices: Option<crate::staff::Notices>,
    /// What is asked of members of staff when they come in.
    pub(crate) staff_policy: crate::staff::StaffPolicy,
    /// For which address passkeys are.
    pub(crate) passkeys: Result<crate::staff::RelyingParty, crate::staff::NoPasskeys>,
    /// The identity provider, where the office has one.
    pub(crate) single_sign_on: Option<crate::staff::SingleSignOn>,
    /// The calendar as it was loaded last.
    pub(crate) calendar: crate::calendar::Loaded,
    /// The articles as they were read last.
    pub(crate) articles: crate::article::Shelf,
    /// Where everybody reaches the public side, if the office has said so.
    pub(crate) public_site: Option<String>,
    /// What the office decides about requests of data subjects and incidents.
    pub(crate) case_rules: crate::CaseRules,
    /// Who the office is, on its letters.
    pub(crate) letterhead: crate::privacy_request::Letterhead,
    /// What is decided about changes of many declarations.
    pub(crate) bulk_rules: crate::bulk_change::BulkRules,
    /// What counts as suspicious.
    pub(crate) review_rules: domain::review::ReviewRules,
    /// What is decided about files that leave.
    pub(crate) export_rules: crate::export::ExportRules,
    /// How the receipt of what people write is acknowledged; none: it is not.
    pub(crate) acknowledgement: Option<crate::inquiry::Acknowledgement>,
    /// What reads raw mail again; none: nothing is read again here.
    pub(crate) mail_contents: Option<Arc<dyn crate::incoming_mail::MailContents>>,
    /// Whether an answer goes only when a colleague has agreed with it.
    pub(crate) four_eyes: bool,
    /// What looks into files before they are handed out; none: nobody does.
    pub(crate) file_scanner: Option<Arc<dyn crate::inquiry::FileScanner>>,
    /// Who hears what happens as it happens.
    pub(crate) live: crate::live::Live,
}

/// Whose clock decides what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeSource {
    /// The server's on PostgreSQL, one for all processes; the process's on SQLite.
    Database,
    /// The process's: for tests that set it.
    Process,
}

impl App {
    /// An office over an open log. Must be called inside a tokio runtime: the recorder of reads is a task.
    pub async fn open(
        store: EventStore,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, MigrateError> {
        let storage = Storage::open(store.database().clone()).await?;
        Ok(Self {
            store,
            storage,
            tree: None,
            clock,
            random,
            erasing: tokio::sync::Mutex::default(),
            background: Background::default(),
            time_source: TimeSource::Database,
            notices: None,
            staff_policy: crate::staff::StaffPolicy::default(),
            passkeys: Err(crate::staff::NoPasskeys::NoAddress),
            single_sign_on: None,
            calendar: crate::calendar::Loaded::default(),
            articles: crate::article::Shelf::default(),
            public_site: None,
            case_rules: crate::CaseRules::default(),
            letterhead: crate::privacy_request::Letterhead::default(),
            bulk_rules: crate::bulk_change::BulkRules::default(),
            review_rules: domain::review::ReviewRules::default(),
            export_rules: crate::export::ExportRules::default(),
            acknowledgement: None,
            mail_contents: None,
            four_eyes: false,
            file_scanner: None,
            live: crate::live::Live::default(),
        })
    }

    /// The log.
    pub const fn store(&self) -> &EventStore {
        &self.store
    }

    /// Starts what follows the log in the background; a second call does nothing.
    pub fn start_projections(&self) {
        self.start_list();
        self.storage
            .figures_projection()
            .start(&self.store, self.projections_clock());
        self.start_inquiries();
    }

    /// Starts what keeps the list of inquiries up with the log.
    pub(crate) fn start_inquiries(&self) {
        let list = self.storage.inquiries_projection();
        list.start(&self.store, self.projections_clock());
    }

    /// Starts what keeps the list up with the log, for a command that waits for it: figures are for whoever serves, and would take
    /// time and memory of an import.
    pub(crate) fn start_list(&self) {
        let list = self.storage.declarations_projection();
        list.start(&self.store, self.projections_clock());
    }

    fn projections_clock(&self) -> storage::projection::Now {
        let clock = Arc::clone(&self.clock);
        Arc::new(move || clock.now())
    }

    /// Lets the batch that is being written finish, then ends what runs in the background.
    pub async fn stop_projections(&self) {
        self.background.stop();
        self.storage.declarations_projection().stop().await;
        self.storage.figures_projection().stop().await;
        self.storage.inquiries_projection().stop().await;
    }

    /// Stops what runs in the background and gives the connections back.
    pub async fn close(&self) {
        self.stop_projections().await;
        self.store.keyring().close().await;
        self.storage.close().await;
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The same office with another clock for what is due.
    #[must_use]
    pub const fn with_time_source(mut self, time_source: TimeSource) -> Self {
        self.time_source = time_source;
        self
    }

    /// A time-ordered id that nobody had before.
    pub fn new_id(&self) -> Result<Uuid, NoRandomness> {
        new_id(&*self.random, self.now())
    }

    /// The context of one operation.
    pub fn context(
        &self,
        actor: Actor,
        roles: Vec<Role>,
        request_id: Uuid,
        purpose: impl Into<std::borrow::Cow<'static, str>>,
    ) -> OpContext {
        OpContext::new(actor, roles, request_id, &self.clock, purpose)
    }

    /// The context of a program that came with a token.
    pub fn token_context(
        &self,
        bearer: crate::api_token::TokenBearer,
        request_id: Uuid,
        purpose: impl Into<std::borrow::Cow<'static, str>>,
    ) -> OpContext {
        OpContext::of_token(bearer, request_id, &self.clock, purpose)
    }
}

/// A fault of ours: the caller can do nothing about it but try again later.
#[derive(Debug, thiserror::Error)]
#[error("a fault inside Sengen")]
pub struct Internal(#[source] Box<dyn std::error::Error + Send + Sync>);

impl Internal {
    /// Wraps whatever went wrong.
    pub fn new(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Box::new(error))
    }
}

/// The words of an error's innermost cause: the outer ones often say nothing. For the log of the process.
pub fn cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
