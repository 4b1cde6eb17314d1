//! An office under measurement: a data folder, on PostgreSQL a database of its own, and the release build run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, HeaderMap, HeaderName, HeaderValue, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use crate::bench::Frame;
use crate::bench::process::{Process, cpu_seconds_of};
use crate::{Failure, Outcome, run};

/// The login of the first member of staff.
const ADMINISTRATOR: &str = "bench";
/// Of everybody in an office under measurement.
const PASSWORD: &str = "lantern harbour kumquat seventeen";

/// The databases that every bench compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// The throw-away cluster.
    Postgres,
}

impl Engine {
    /// Both, in the order of the tables.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// One office.
pub struct Office<'a> {
    /// On which database.
    pub engine: Engine,
    folder: PathBuf,
    /// What the bench was given.
    pub frame: &'a Frame,
    database_url: Option<String>,
}

impl<'a> Office<'a> {
    /// An empty office.
    ///
    /// # Errors
    /// When its folder or database cannot be made.
    pub fn new(frame: &'a Frame, engine: Engine, name: &str) -> Outcome<Self> {
        let folder = frame.folder.path().join(format!("{name}-{}", engine.name()));
        fs::create_dir_all(&folder)
            .map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
        let database_url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(frame.database(&format!("bench_{name}"))?),
        };
        Ok(Self {
            engine,
            folder,
            frame,
            database_url,
        })
    }

    /// The binary with these arguments, in the office's folder.
    fn command(&self, arguments: &[&str]) -> Outcome<Command> {
        let mut command = self.frame.sengen(arguments)?;
        command.current_dir(&self.folder);
        // One account asks for all; how much one may ask for is not what is measured.
        for limit in ["PERSONAL_PER_SECOND", "PERSONAL_BURST", "EXPORTS_PER_HOUR"] {
            command.env(format!("SENGEN_LIMITS_{limit}"), "1000000");
        }
        // Nobody else is there to agree.
        command.env("SENGEN_BULK_APPROVAL_ABOVE", "50000");
        command.env("SENGEN_BULK_IMPORT_APPROVAL_ABOVE", "1000000");
        for limit in ["APPROVAL_ABOVE", "PERSONAL_APPROVAL_ABOVE"] {
            command.env(format!("SENGEN_EXPORT_{limit}"), "10000000");
        }
        if let Some(url) = &self.database_url {
            command.env("SENGEN_DATABASE_URL", url);
        }
        Ok(command)
    }

    /// Takes over a register; answers the summary that the binary prints, and its largest resident memory in MiB.
    ///
    /// # Errors
    /// When the import fails.
    pub fn import(&self, file: &Path) -> Outcome<(Value, f64)> {
        let log = self.folder.join("import.json");
        let file = file.display().to_string();
        let finished =
            Process::start(self.command(&["import", "declarations", &file, "--json"])?, &log)?.finish()?;
        let text =
            fs::read_to_string(&log).map_err(|error| Failure::new(format!("{}: {error}", log.display())))?;
        if !finished.succeeded {
            return Err(Failure::new(format!("the import failed: {text}")));
        }
        let line = text
            .lines()
            .rev()
            .find(|line| line.starts_with('{'))
            .unwrap_or_default();
        let summary = serde_json::from_str(line)
            .map_err(|error| Failure::new(format!("the import printed no summary ({error}): {text}")))?;
        Ok((summary, finished.peak))
    }

    /// Takes messages from an mbox, and reads them; the process that does.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn import_mail(&self, file: &Path) -> Outcome<Process> {
        let file = file.display().to_string();
        let log = self.folder.join("mail.log");
        Process::start(self.command(&["mail", "import", &file])?, &log)
    }

    /// Serves the office, with a session of its first administrator.
    ///
    /// # Errors
    /// When it does not come up, or nobody can sign in.
    pub fn serve(&self) -> Outcome<Served> {
        let log = self.folder.join("serve.log");
        let process = Process::start(self.command(&["serve", "--listen", "127.0.0.1:0"])?, &log)?;
        let (address, token) = greeting(&log)?;
        let headers = join(&address, &token, ADMINISTRATOR)?;
        Ok(Served {
            url: format!("{address}/graphql"),
            headers,
            process: Rc::new(process),
        })
    }

    /// The same server with a session of a new member of staff.
    ///
    /// # Errors
    /// When nobody can be invited, or sign in.
    pub fn member(&self, served: &Served, role: &str) -> Outcome<Served> {
        let printed = run::captured(self.command(&["staff", "invite", "--new-person", "--role", role])?)?;
        let printed = String::from_utf8_lossy(&printed);
        let token = printed.trim().rsplit_once('#').map(|(_, token)| token);
        let token = token.ok_or_else(|| Failure::new(format!("no link came: {printed}")))?;
        let address = served.url.trim_end_matches("/graphql");
        Ok(Served {
            url: served.url.clone(),
            headers: join(address, token, role)?,
            process: Rc::clone(&served.process),
        })
    }

    /// The address of its database, for a program that measures a part of it.
    pub fn database(&self) -> String {
        let file = || format!("sqlite:{}", self.folder.join("data/sengen.db").display());
        self.database_url.clone().unwrap_or_else(file)
    }

    /// The key of its register.
    pub fn key_file(&self) -> PathBuf {
        self.folder.join("data/key-encryption.key")
    }

    /// What stands in the command line of the database's processes that work for it; none where it has none.
    pub fn database_processes(&self) -> Option<String> {
        let (_, name) = self.database_url.as_deref()?.rsplit_once('/')?;
        Some(format!(" {name} "))
    }

    /// CPU time in seconds that the server used so far, and that of the database's processes that work for it.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn cpu_seconds(&self, server: &Process) -> Outcome<[f64; 2]> {
        let of_database = self
            .database_processes()
            .map_or(0.0, |text| cpu_seconds_of(&text));
        Ok([server.cpu_seconds()?, of_database])
    }
}

/// A running office with a session.
pub struct Served {
    /// The API's endpoint.
    pub url: String,
    /// Cookie and origin.
    pub headers: HeaderMap,
    /// The server.
    pub process: Rc<Process>,
}

impl Served {
    /// The same server with a session that its first administrator has just opened: files are for such a session only.
    ///
    /// # Errors
    /// When nobody can sign in.
    pub fn signed_in_anew(&self) -> Outcome<Self> {
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { __typename } }";
        let input = json!({ "login": ADMINISTRATOR, "password": PASSWORD });
        Ok(Self {
            url: self.url.clone(),
            headers: session(self.url.trim_end_matches("/graphql"), query, &input)?,
            process: Rc::clone(&self.process),
        })
    }

    /// One request; answers its data.
    ///
    /// # Errors
    /// When it is not answered, or with errors.
    pub fn ask(&self, body: &Value) -> Outcome<Value> {
        self.asker()?.ask(body)
    }

    /// Somebody who asks one thing after another over one connection: making a client takes longer than most answers.
    ///
    /// # Errors
    /// When there is no runtime.
    pub fn asker(&self) -> Outcome<Asker<'_>> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| asked(&error))?;
        Ok(Asker {
            served: self,
            runtime,
            client: reqwest::Client::new(),
        })
    }

    /// What another path of the server answers to JSON.
    ///
    /// # Errors
    /// When it is not answered, or with another status than 200.
    pub fn text(&self, path: &str, body: &Value) -> Outcome<String> {
        let failed = |error: &dyn std::fmt::Display| Failure::new(format!("{path} was asked: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(&error))?;
        let request = reqwest::Client::new()
            .post(self.url.replace("/graphql", path))
            .headers(self.headers.clone())
            .json(body);
        let answer = async { request.send().await?.error_for_status()?.text().await };
        runtime.block_on(answer).map_err(|error| failed(&error))
    }
}

/// Asks one thing after another.
pub struct Asker<'a> {
    served: &'a Served,
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Asker<'_> {
    /// One request; answers its data.
    ///
    /// # Errors
    /// When it is not answered, or with errors.
    pub fn ask(&self, body: &Value) -> Outcome<Value> {
        let request = self
            .client
            .post(&self.served.url)
            .headers(self.served.headers.clone())
            .json(body);
        let answer = async { request.send().await?.json::<Value>().await };
        let mut answer = self.runtime.block_on(answer).map_err(|error| asked(&error))?;
        match answer.get("errors") {
            None => Ok(answer["data"].take()),
            Some(errors) => Err(asked(errors)),
        }
    }
}

fn asked(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("the server was asked: {error}"))
}

/// The address and the one-time token that the server prints.
fn greeting(log: &Path) -> Outcome<(String, String)> {
    let start = Instant::now();
    loop {
        let text = fs::read_to_string(log).unwrap_or_default();
        let address = text.lines().find_map(|line| line.strip_prefix("Sengen is at "));
        let token = text
            .lines()
            .find_map(|line| line.rsplit_once("/invitation#").map(|(_, token)| token));
        if let (Some(address), Some(token)) = (address, token) {
            return Ok((address.to_owned(), token.to_owned()));
        }
        if start.elapsed() > Duration::from_mins(1) {
            return Err(Failure::new(format!("the server did not come up: {text}")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Uses an invitation up.
fn join(address: &str, token: &str, login: &str) -> Outcome<HeaderMap> {
    let input = json!({ "token": token, "login": login, "name": "計測", "password": PASSWORD });
    let query = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }";
    session(address, query, &input)
}

/// What a mutation that opens a session leads to: its cookie, and the origin that belongs to it.
fn session(address: &str, query: &str, input: &Value) -> Outcome<HeaderMap> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("nobody could sign in: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(&error))?;
    let request = reqwest::Client::new()
        .post(format!("{address}/graphql"))
        .header(ORIGIN, address)
        .json(&json!({ "query": query, "variables": { "input": input } }));
    let response = runtime.block_on(request.send()).map_err(|error| failed(&error))?;
    let cookie = response
        .headers()
        .get(SET_COOKIE)
        .and_then(|value| value.to_str().ok());
    let cookie = cookie
        .and_then(|cookie| cookie.split(';').next())
        .ok_or_else(|| failed(&"no cookie came"))?;
    let value = |text: &str| HeaderValue::from_str(text).map_err(|error| failed(&error));
    let pairs: [(HeaderName, HeaderValue); 2] = [(COOKIE, value(cookie)?), (ORIGIN, value(address)?)];
    Ok(pairs.into_iter().collect())
}
