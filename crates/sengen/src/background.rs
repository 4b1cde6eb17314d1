//! What runs by itself beside the console: looking for what is due, working off jobs, sending mail.

use std::sync::Arc;
use std::time::Duration;

use admin_api::Operations;
use app::App;
use app::bulk_change::{RUN, RunBulkChange, TRY, TryBulkChange};
use app::export::{MAKE, MakeExport};
use app::import::{self, RunImport, TryImport};
use app::job::{AskPolicyPages, FindReviews, ForgetCases, JobHandler, VerifyLog};
use app::review::AskPages;
use chrono::TimeDelta;
use domain::mailing::Policy;
use mail::imap::Mailbox;
use mail::incoming::ReadLimits;
use mail::{Folder, Limits, Pool, Transport};
use pages::Pages;
use scheduler::{
    MailReader, Mailer, MailerOptions, Pauses, Postman, Ticker, TickerOptions, WorkerOptions, Workers,
};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, MailConfig, OFFICE};
use crate::exit::{Exit, Failure};
use crate::outbox::Configured;
use crate::output;

/// How long what is under way may go on after the signal to stop: with the rest of stopping it stays below 30 s.
const DRAIN: Duration = Duration::from_secs(20);
/// Messages under way at once, for each conversation with the relay: while one is sent, another is written down.
const UNDER_WAY: usize = 8;

/// What runs until it is told to stop.
pub struct Background {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    operations: Operations,
}

impl Background {
    /// Starts everything.
    pub async fn start(app: &Arc<App>, config: &Config) -> Result<Self, Failure> {
        let mail = &config.mail;
        let failure = |error: &dyn std::error::Error| Failure::new(Exit::Storage, error.to_string());
        let transport = transport(mail)?;
        output::note(&format!("mail: {}", transport.describe()));
        let handlers = handlers(config);
        let commands: Arc<[&str]> = handlers
            .iter()
            .map(|handler| handler.command())
            .filter(|command| !ASKED_FOR.contains(command))
            .collect();
        let operations = Operations {
            commands: Arc::clone(&commands),
            outbox: Arc::new(Configured::new(transport.describe(), mail.clone())),
        };
        app.define_shipped_schedules(&commands)
            .await
            .map_err(|error| failure(&error))?;
        let node = node(app).map_err(|error| failure(&error))?;
        let stop = CancellationToken::new();
        let ticker = Ticker::new(Arc::clone(app), TickerOptions::new(node.clone()));
        let options = WorkerOptions {
            drain: DRAIN,
            ..WorkerOptions::new(node.clone())
        };
        let workers = Workers::new(Arc::clone(app), handlers, options);
        let mailer = mailer(app, mail, transport, node);
        let mut tasks = vec![
            tokio::spawn(ticker.run(stop.clone())),
            tokio::spawn(workers.run(stop.clone())),
            tokio::spawn(mailer.run(stop.clone())),
        ];
        tasks.extend(post(app, mail, &stop)?);
        Ok(Self {
            stop,
            tasks,
            operations,
        })
    }

    /// What is configured, for the console.
    pub fn operations(&self) -> Operations {
        self.operations.clone()
    }

    /// Lets what is under way end.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            // It fails only when it has panicked, which the log has said.
            let _ = task.await;
        }
    }
}

/// What people ask for with records that they chose: no schedule can.
const ASKED_FOR: [&str; 5] = [TRY, RUN, import::TRY, import::RUN, MAKE];

/// Everything that a schedule can ask for, and what only people do.
fn handlers(config: &Config) -> Vec<Arc<dyn JobHandler>> {
    vec![
        Arc::new(VerifyLog {
            operators: config.mail.operators.clone(),
            sender: OFFICE.to_owned(),
        }),
        Arc::new(ForgetCases),
        Arc::new(AskPolicyPages { pages: pages(config) }),
        Arc::new(FindReviews),
        Arc::new(TryBulkChange),
        Arc::new(RunBulkChange),
        Arc::new(TryImport),
        Arc::new(RunImport),
        Arc::new(MakeExport),
    ]
}

/// What asks for the pages of policies, if the office wants that.
fn pages(config: &Config) -> Option<Arc<dyn AskPages>> {
    match Pages::system(config.pages.clone()?) {
        Ok(pages) => Some(Arc::new(pages)),
        // Everything else works without; and without roots every page would seem not to be trusted.
        Err(error) => {
            tracing::warn!("pages of policies are not asked for: {error}");
            None
        }
    }
}

/// The name of this process: no other has it, also not after a new start.
fn node(app: &App) -> Result<String, app::NoRandomness> {
    Ok(format!(
        "process {} {}",
        std::process::id(),
        app.new_id()?.simple()
    ))
}

/// The way that mail takes.
pub fn transport(mail: &MailConfig) -> Result<Transport, Failure> {
    let Some(relay) = &mail.relay else {
        let folder = Folder::open(&mail.folder);
        return folder
            .map(Transport::Folder)
            .map_err(|error| Failure::new(Exit::Storage, error.to_string()));
    };
    let limits = Limits {
        connections: mail.connections,
        ..Limits::default()
    };
    let pool = Pool::new(relay.clone(), limits);
    pool.map(|pool| Transport::Smtp(Box::new(pool)))
        .map_err(|error| Failure::new(Exit::Usage, error.to_string()))
}

/// Whoever brings mail from mailboxes, and whoever reads what came in, from there or by way of the command line.
fn post(app: &Arc<App>, mail: &MailConfig, stop: &CancellationToken) -> Result<Vec<JoinHandle<()>>, Failure> {
    let taken = Arc::new(Notify::new());
    let reader = MailReader::new(Arc::clone(app), ReadLimits::default());
    let mut tasks = vec![tokio::spawn(reader.run(Arc::clone(&taken), stop.clone()))];
    for (name, account) in &mail.mailboxes {
        let mailbox = Mailbox::new(account.clone());
        let mailbox = mailbox.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
        output::note(&format!("mailbox {name}: {}", mailbox.describe()));
        let (app, taken) = (Arc::clone(app), Arc::clone(&taken));
        let postman = Postman::new(app, name.clone(), mailbox, Pauses::default(), taken);
        tasks.push(tokio::spawn(postman.run(stop.clone())));
    }
    Ok(tasks)
}

/// Whoever sends.
pub fn mailer(app: &Arc<App>, mail: &MailConfig, transport: Transport, node: String) -> Mailer {
    let options = MailerOptions {
        node,
        senders: mail.senders.iter().cloned().collect(),
        domain: mail.domain.clone(),
        at_once: mail.connections * UNDER_WAY,
        lease: TimeDelta::seconds(60),
        look_every: Duration::from_secs(1),
        drain: DRAIN,
        policy: Policy::default(),
    };
    Mailer::new(Arc::clone(app), Arc::new(transport), mail.paces.rates(), options)
}
