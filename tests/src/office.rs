//! An office for one test: a folder, a database of its own, and the binary run in it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use test_support::TestDatabase;

use crate::client::Client;

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

    /// Asserts that it did what it was asked.
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

    /// Starts `sengen serve` on a free port and waits until it says where it is.
    pub fn serve(&self) -> Server {
        let mut command = self.command(self.folder(), &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
        let stdout = child.stdout.take().expect("standard output is piped");
        let mut lines = BufReader::new(stdout).lines();
        let mut next = || lines.next().transpose().ok().flatten().unwrap_or_default();
        let first = next();
        let address = first
            .strip_prefix("Sengen is at ")
            .unwrap_or_else(|| panic!("no address in {first:?}"));
        Server {
            address: address.to_owned(),
            child,
            lines: Some(lines),
        }
    }

    /// The arguments that every run gets: on PostgreSQL the database's address.
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
fn binary() -> PathBuf {
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
