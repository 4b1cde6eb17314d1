//! What is measured: a kind of work, its database, and how many at once.

use crate::bench::Frame;
use crate::bench::log::figure::{Figure, Figures};
use crate::bench::log::peers::Peer;
use crate::bench::log::pgbench::Pgbench;
use crate::bench::log::rebuild::Rebuild;
use crate::bench::log::worker::Worker;
use crate::bench::office::Engine;
use crate::{Failure, Outcome};

/// What a subject does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// One prepared INSERT a transaction, driven by PostgreSQL's own program.
    Pgbench,
    /// Our append of one event with two tags, a guard and a command id.
    Append,
    /// One row a transaction through our driver.
    PlainAppend,
    /// Our append of many events by one command.
    Batch,
    /// The same rows and tags in two statements.
    PlainBatch,
    /// The 50 events of one declaration.
    History,
    /// Everything in order.
    Read,
    /// The rows of everything in order.
    Cursor,
    /// The list of declarations from its log.
    Rebuild,
    /// A peer's append of one event.
    PostgresEs,
    /// Another peer's.
    Disintegrate,
}

impl What {
    /// What the measuring program calls it; none when another program measures.
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::Append => Some("append"),
            Self::PlainAppend => Some("plain-append"),
            Self::Batch => Some("batch"),
            Self::PlainBatch => Some("plain-batch"),
            Self::History => Some("history"),
            Self::Read => Some("read"),
            Self::Cursor => Some("cursor"),
            Self::Pgbench | Self::Rebuild | Self::PostgresEs | Self::Disintegrate => None,
        }
    }
}

/// Which measurement this is: what, on which database, and with how many callers, events of a batch or of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub What, pub Engine, pub usize);

impl Key {
    /// For people.
    pub fn name(self) -> String {
        let Self(what, engine, count) = self;
        let engine = engine.name();
        let callers = if count == 1 {
            "1 caller".to_owned()
        } else {
            format!("{count} callers")
        };
        match what {
            What::Pgbench => format!("pgbench, {}", callers.replace("caller", "client")),
            What::Append => format!("append, {callers}, {engine}"),
            What::PlainAppend => format!("raw insert, {callers}, {engine}"),
            What::Batch => format!("batches of {count}, {engine}"),
            What::PlainBatch => format!("plain batches of {count}, {engine}"),
            What::History => format!("one declaration's 50 events, {callers}, {engine}"),
            What::Read => format!("reading in order, {engine}"),
            What::Cursor => format!("plain cursor, {engine}"),
            What::Rebuild => format!("rebuild from {count} events, {engine}"),
            What::PostgresEs => format!("postgres-es append, {callers}"),
            What::Disintegrate => format!("disintegrate append, {callers}"),
        }
    }
}

/// How a subject is measured.
enum By {
    /// By the program that is asked line by line.
    Worker(&'static str),
    Pgbench(Pgbench),
    Rebuild(Rebuild),
    Peer(Peer),
}

/// A subject with what was measured of it.
pub struct Subject {
    /// Which.
    pub key: Key,
    /// One figure of each round.
    pub figures: Figures,
    url: String,
    by: By,
}

impl Subject {
    /// A subject on this database, which is its own, or that of others who only read.
    ///
    /// # Errors
    /// When a program is missing.
    pub fn new(frame: &Frame, key: Key, url: &str) -> Outcome<Self> {
        let Key(what, engine, count) = key;
        let by = match (what, what.word()) {
            (_, Some(word)) => By::Worker(word),
            (What::Pgbench, None) => By::Pgbench(Pgbench::new(frame, url, count)?),
            (What::Rebuild, None) => By::Rebuild(Rebuild::new(frame, engine, url, count)),
            (_, None) => By::Peer(Peer::new(what, url, count)),
        };
        Ok(Self {
            key,
            figures: Figures::default(),
            url: url.to_owned(),
            by,
        })
    }

    /// Whether single pieces of its work have to be ready before it is measured: connections, tables, plans.
    pub fn wants_warmth(&self) -> bool {
        !matches!(self.by, By::Rebuild(_))
    }

    /// What there is to say beside the figures.
    pub fn remark(&self) -> String {
        match &self.by {
            By::Rebuild(rebuild) => rebuild.remark(),
            _ => String::new(),
        }
    }

    /// Measures once; no figure comes from what has been given up.
    ///
    /// # Errors
    /// When the program fails or prints no figures.
    pub fn measure(&mut self, worker: &mut Worker, seconds: f64) -> Outcome<Option<Figure>> {
        let count = self.key.2;
        let measured = match &mut self.by {
            By::Worker(word) => worker.ask(word, &self.url, count, seconds).map(Some),
            By::Pgbench(pgbench) => pgbench.measure(seconds).map(Some),
            By::Rebuild(rebuild) => rebuild.measure(),
            By::Peer(peer) => peer.measure(seconds).map(Some),
        };
        measured.map_err(|failure| Failure::new(format!("{}: {failure}", self.key.name())))
    }
}

/// An empty database; answers its address.
///
/// # Errors
/// When it cannot be made.
pub fn database(frame: &Frame, engine: Engine, name: &str) -> Outcome<String> {
    let name = format!("log_{name}");
    match engine {
        Engine::Postgres => frame.database(&name),
        // A folder of its own, because the keys lie beside the file.
        Engine::Sqlite => {
            let folder = frame.folder.path().join(&name);
            std::fs::create_dir_all(&folder)
                .map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
            Ok(format!("sqlite:{}", folder.join("log.db").display()))
        }
    }
}
