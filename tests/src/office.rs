//! An office for one test: a folder, a database of its own, and the binary run in it.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use domain::job::JobEvent;
use event_store::{Database, EventStore, KeyEncryptionKeys, Keyring, OpenOptions, Position, Query, Tag};
use futures::StreamExt as _;
use tempfile::TempDir;
use test_support::TestDatabase;

use crate::client::Client;
use crate::register::{Row, register};

/// On which database an office runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, in the data folder.
    Sqlite,
    /// The cluster of the test run.
    Postgres,
}

/// A folder that the binary runs in, and on PostgreSQL a database of its own.
pub struct Office {
    folder: TempDir,
    database: Option<TestDatabase>,
}

/// How a server is started.
#[derive(Debug, Default, Clone, Copy)]
pub struct Start<'a> {
    /// Where it listens, without port 0: then it must be told which public URL leads there.
    pub listen: Option<&'a str>,
    /// What people type.
    pub public_url: Option<&'a str>,
    /// The log's filter; the log then goes to [`Office::log`].
    pub log: Option<&'a str>,
    /// Further variables of the environment.
    pub environment: &'a [(&'a str, &'a str)],
}

/// What a run of the binary left behind.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; −1 when it was killed.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// Standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The outcome of a run that did what it was asked.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "most runs are asked for nothing more"
    )]
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }
}

impl Office {
    /// An empty office.
    pub async fn new(engine: Engine) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(TestDatabase::postgres_empty().await),
        };
        Self { folder, database }
    }

    /// Where the binary runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        match &self.database {
            Some(database) => database.url().to_owned(),
            None => format!("sqlite:{}", self.folder().join("data/sengen.db").display()),
        }
    }

    /// The PostgreSQL database behind it, if it has one.
    pub const fn test_database(&self) -> Option<&TestDatabase> {
        self.database.as_ref()
    }

    /// Takes another office's key file, so that its register can be moved here.
    pub fn take_key_of(&self, other: &Self) {
        fs::create_dir_all(self.folder().join("data")).expect("the data folder");
        for file in ["data/key-encryption.key", "data/log-signing.key"] {
            fs::copy(other.folder().join(file), self.folder().join(file)).expect("the key file");
        }
    }

    /// Runs the binary to its end.
    pub fn run(&self, args: &[&str]) -> Outcome {
        self.run_in(self.folder(), args)
    }

    /// Runs the binary to its end in another folder.
    pub fn run_in(&self, folder: &Path, args: &[&str]) -> Outcome {
        let output = self.command(folder, args).output().expect("the binary starts");
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }

    /// Runs the binary to its end with this on its standard input.
    pub fn run_with_input(&self, args: &[&str], input: &[u8], environment: &[(&str, &str)]) -> Outcome {
        let mut command = self.command(self.folder(), args);
        command.envs(environment.iter().copied());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let mut stdin = child.stdin.take().expect("its standard input");
        // One that ends before it has read all closes it.
        let _ = stdin.write_all(input);
        drop(stdin);
        let output = child.wait_with_output().expect("its end");
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }

    /// Runs the binary to its end, with everything it can log on standard error.
    pub fn run_logged(&self, args: &[&str]) -> Outcome {
        let mut command = self.command(self.folder(), args);
        let output = command.env("SENGEN_LOG", "debug").output();
        let output = output.expect("the binary starts");
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }

    /// Starts the binary and does not wait for its end; what it prints is piped.
    pub fn start(&self, args: &[&str]) -> Child {
        self.command(self.folder(), args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts")
    }

    /// Starts `sengen serve` on a free port and waits until it says where it is.
    pub fn serve(&self) -> Server {
        self.serve_with(&Start::default())
    }

    /// The same with other settings.
    pub fn serve_with(&self, start: &Start<'_>) -> Server {
        let listen = start.listen.unwrap_or("127.0.0.1:0");
        let mut command = self.command(self.folder(), &["serve", "--listen", listen]);
        if let Some(url) = start.public_url {
            command.args(["--public-url", url]);
        }
        command.envs(start.environment.iter().copied());
        if let Some(level) = start.log {
            let log = fs::File::create(self.log_file()).expect("a file for the log");
            command.env("SENGEN_LOG", level).stderr(log);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
        let stdout = child.stdout.take().expect("standard output is piped");
        let mut lines = BufReader::new(stdout).lines();
        let mut next = || lines.next().transpose().ok().flatten().unwrap_or_default();
        let first = next();
        let said = first
            .strip_prefix("Sengen is at ")
            .unwrap_or_else(|| panic!("no address in {first:?}"));
        let address = start
            .listen
            .map_or_else(|| said.to_owned(), |listen| format!("http://{listen}"));
        Server {
            address,
            child,
            lines: Some(lines),
        }
    }

    /// What a server that was started with a log has written to it.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).expect("the log")
    }

    fn log_file(&self) -> PathBuf {
        self.folder().join("server.log")
    }

    /// Writes a file into the folder and imports it.
    pub fn import(&self, register: &str) -> serde_json::Value {
        fs::write(self.folder().join("register.csv"), register).expect("the file");
        self.run(&["import", "declarations", "register.csv", "--json"])
            .ok()
            .json()
    }

    /// The token of a new one-time link.
    pub fn invite(&self, role: &str) -> String {
        self.invite_with(&[role])
    }

    /// The same for somebody with several roles.
    pub fn invite_with(&self, roles: &[&str]) -> String {
        let roles = roles.iter().flat_map(|role| ["--role", role]);
        let args: Vec<&str> = ["staff", "invite", "--new-person"]
            .into_iter()
            .chain(roles)
            .collect();
        let link = self.run(&args).ok().stdout;
        let (_, token) = link.trim().rsplit_once('#').expect("a token behind #");
        token.to_owned()
    }

    /// The database behind it, opened once more; the binary must have run before.
    pub async fn database(&self) -> Database {
        if let Some(database) = &self.database {
            return database.database().clone();
        }
        let path = self.folder().join("data/sengen.db");
        Database::open(&format!("sqlite:{}", path.display()))
            .await
            .expect("the database opens")
    }

    /// The log behind it, opened once more beside a running server: to wait for what happens.
    pub async fn events(&self) -> EventStore {
        let database = self.database().await;
        let keys = KeyEncryptionKeys::load(&self.folder().join("data/key-encryption.key"));
        let keyring = Keyring::open_beside(&database, keys.expect("the key file")).await;
        let origin = EventStore::stored_origin(&database).await.expect("an answer");
        let options = OpenOptions {
            keyring: keyring.expect("the keys"),
            origin: origin.expect("a log"),
            database,
            inline: storage::inline_projectors(),
        };
        EventStore::open(options).await.expect("the log opens")
    }

    /// The arguments that every run gets: on PostgreSQL the database's address.
    #[expect(clippy::disallowed_methods, reason = "these tests run the binary")]
    fn command(&self, folder: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .current_dir(folder)
            .args(args)
            .env_remove("SENGEN_DATABASE_URL")
            .stdin(Stdio::null());
        if let Some(database) = &self.database {
            command.env("SENGEN_DATABASE_URL", database.url());
        }
        command
    }
}

/// Waits for the end of a job; says which event it was. The test's own time limit is the only one.
pub async fn job_ended(events: &EventStore, job: &str) -> String {
    let tag = Tag::new(JobEvent::TAG, job).expect("a tag");
    let mut all = std::pin::pin!(events.follow(Query::tagged(tag), Position::START));
    loop {
        let event = all.next().await.expect("the log goes on").expect("an event");
        if ["job.done", "job.given_up", "job.stopped"].contains(&event.event_type.as_str()) {
            return event.event_type;
        }
    }
}

/// A running `sengen serve`; it is ended when this is dropped.
pub struct Server {
    address: String,
    child: Child,
    lines: Option<std::io::Lines<BufReader<std::process::ChildStdout>>>,
}

impl Server {
    /// `http://localhost:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The token of the link that makes the first administrator.
    pub fn invitation(&mut self) -> String {
        let lines = self.lines.as_mut().expect("the server prints");
        let line = lines.next().expect("a second line").expect("a readable line");
        line.rsplit_once('#')
            .unwrap_or_else(|| panic!("no token in {line:?}"))
            .1
            .to_owned()
    }

    /// A client without a session.
    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// Resident memory, in KiB.
    pub fn resident_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("a running process");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .expect("VmRSS");
        let number = line.trim().trim_end_matches(" kB");
        number.parse().expect("a number of KiB")
    }

    /// A client signed in with a new account of that role.
    pub async fn member(&self, office: &Office, role: &str) -> Client {
        let client = self.client();
        client.accept_invitation(&office.invite(role), role).await;
        client
    }

    /// A client signed in as the first administrator.
    pub async fn administrator(&mut self) -> Client {
        let token = self.invitation();
        let client = self.client();
        client.accept_invitation(&token, "kanri").await;
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that failed may have ended it already.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The binary beside the test's own: built by the same cargo run.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let folder = test
        .parent()
        .and_then(Path::parent)
        .expect("target/PROFILE/deps/TEST");
    let binary = folder.join("sengen");
    assert!(
        binary.exists(),
        "{} is missing: run `cargo build -p sengen` first",
        binary.display()
    );
    binary
}

/// A file of `tests/data`.
pub fn data_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// An address that no other test listens on: of the loopback network, whose addresses are many, one made of this
/// process's own id.
pub fn free_address() -> String {
    let pid = std::process::id();
    let host = format!(
        "127.{}.{}.{}",
        100 + pid / 65_536 % 100,
        pid / 256 % 256,
        pid % 255 + 1
    );
    let listener = std::net::TcpListener::bind((host.as_str(), 0)).expect("a port");
    listener.local_addr().expect("its address").to_string()
}

/// An office with one declaration of this number, served, and its administrator.
pub async fn served(number: &str) -> (Office, Server, Client) {
    let office = Office::new(Engine::Sqlite).await;
    office.import(&register(&[Row::corporation(number)]));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    (office, server, administrator)
}
