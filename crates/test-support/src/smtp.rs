//! The mail server of `crates/mail/tests/smtp_server.py`: one that somebody else wrote, and that fails where a test wants it.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Where scripts/setup.sh puts Python with aiosmtpd.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.cache/python/bin/python3");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../mail/tests/smtp_server.py");

#[expect(
    clippy::disallowed_methods,
    reason = "mail is sent to a server that somebody else wrote"
)]
fn python() -> Command {
    let python = std::env::var_os("SENGEN_TEST_PYTHON").map_or_else(|| PathBuf::from(PYTHON), PathBuf::from);
    assert!(
        python.exists(),
        "{} is missing: run scripts/setup.sh test, or set SENGEN_TEST_PYTHON to a Python with aiosmtpd",
        python.display()
    );
    let mut command = Command::new(python);
    command.arg("-B").arg(SCRIPT);
    command
}

/// What Python's email package reads in each file.
pub fn python_reads(files: &[PathBuf]) -> Vec<Value> {
    let output = python().arg("read").args(files).output().expect("Python runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("a JSON list")
}

/// A running mail server. It ends with this value.
#[derive(Debug)]
pub struct SmtpServer {
    child: Child,
    store: TempDir,
    /// On 127.0.0.1.
    pub port: u16,
}

/// A message as a server with `--tally` notes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tallied {
    /// How often it was taken.
    pub times: usize,
    /// The recipients of each envelope it came in.
    pub envelopes: Vec<Vec<String>>,
    /// The address in its header.
    pub to: String,
    /// What it says.
    pub text: String,
}

impl SmtpServer {
    /// With options of the script.
    pub fn start(options: &[&str]) -> Self {
        let store = TempDir::new().expect("a temporary folder");
        let mut child = python()
            .args(["serve", "--store"])
            .arg(store.path())
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("it says its port");
        let said: Value = serde_json::from_str(&line).expect("it starts, else its own words are above");
        let port = said["port"].as_u64().and_then(|port| u16::try_from(port).ok());
        Self {
            child,
            store,
            port: port.expect("a port"),
        }
    }

    /// The messages it took, in their order.
    pub fn received(&self) -> Vec<Value> {
        let mut files: Vec<_> = std::fs::read_dir(self.store.path())
            .expect("the store")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        files.iter().map(|path| read_json(path)).collect()
    }

    /// What a server with `--tally` took, by the Message-ID.
    pub fn tally(&self) -> HashMap<String, Tallied> {
        let mut tally: HashMap<String, Tallied> = HashMap::new();
        for row in self.rows("tally.jsonl") {
            let envelope = row["recipients"].as_array().expect("a list").iter();
            let envelope = envelope.map(|one| string(one).to_owned()).collect();
            let id = string(&row["message_id"]).to_owned();
            let seen = tally.entry(id).or_insert_with(|| Tallied {
                times: 0,
                envelopes: Vec::new(),
                to: string(&row["to"]).to_owned(),
                text: string(&row["text"]).to_owned(),
            });
            seen.times += 1;
            seen.envelopes.push(envelope);
        }
        tally
    }

    /// Every command it was given, in their order.
    pub fn commands(&self) -> Vec<Value> {
        self.rows("commands.jsonl")
    }

    /// Their names.
    pub fn command_names(&self) -> Vec<String> {
        let names = self.commands().into_iter();
        names.map(|row| string(&row["name"]).to_owned()).collect()
    }

    /// How many conversations it had.
    pub fn sessions(&self) -> usize {
        let hellos = self.command_names();
        hellos.iter().filter(|name| *name == "EHLO").count()
    }

    fn rows(&self, file: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.store.path().join(file)).expect("its record");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn read_json(path: &Path) -> Value {
    let text = std::fs::read(path).expect("a file of the store");
    serde_json::from_slice(&text).expect("JSON")
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}
