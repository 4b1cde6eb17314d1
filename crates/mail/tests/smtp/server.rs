//! The server of `smtp_server.py`, and messages for it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::mailing::{Class, Draft, DraftInput, MessageId, Recipient};
use mail::{Limits, Message, Patience, Pool, Relay, Sender, Tls, build};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

/// Where scripts/setup.sh puts Python with aiosmtpd.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.cache/python/bin/python3");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp_server.py");

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

/// A running server. It ends with this value.
pub struct Server {
    child: Child,
    store: TempDir,
    pub port: u16,
}

impl Server {
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

    /// In clear text. Steps that a fault holds up are waited for briefly, all others for long, by the test that needs it.
    pub fn relay(&self) -> Relay {
        Relay {
            tls: Tls::None,
            patience: Patience {
                connect: Duration::from_secs(20),
                greeting: Duration::from_secs(20),
                command: Duration::from_secs(20),
                body: Duration::from_secs(20),
                answer: Duration::from_secs(20),
                quit: Duration::from_secs(5),
            },
            ..Relay::new("127.0.0.1", self.port, "office.example.jp")
        }
    }

    pub fn pool(&self) -> Pool {
        pool(self.relay())
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

    /// Every command it was given, in their order.
    pub fn commands(&self) -> Vec<Value> {
        let file = self.store.path().join("commands.jsonl");
        let text = std::fs::read_to_string(file).expect("the commands");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect()
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
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn read_json(path: &Path) -> Value {
    let text = std::fs::read(path).expect("a file of the store");
    serde_json::from_slice(&text).expect("JSON")
}

/// A string in JSON.
pub fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}

pub fn pool(relay: Relay) -> Pool {
    Pool::new(relay, Limits::default()).expect("the settings are good")
}

/// When all messages of the tests were queued.
pub fn queued_at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(7)
}

pub fn sender(address: &str) -> Sender {
    Sender {
        from: Recipient::parse(address, Some("宣言事務局")).expect("an address"),
        reply_to: None,
        return_path: None,
    }
}

pub fn input(to: &str) -> DraftInput<'_> {
    DraftInput {
        sender: "office",
        to,
        name: None,
        subject: "更新のお知らせ",
        text: "本文です。\n",
        class: Class::Administrative,
        auto: true,
        reply_to: None,
    }
}

/// The next message of this test.
pub fn built(sender: &Sender, input: &DraftInput<'_>) -> Message {
    static ROW: AtomicU64 = AtomicU64::new(1);
    let row = Uuid::from_u128(ROW.fetch_add(1, Ordering::Relaxed).into());
    let id = MessageId::new(row, "mail.example.jp").expect("a domain");
    let draft = Draft::new(input).expect("a good draft");
    build(&draft, sender, &id, queued_at()).expect("it can be built")
}

/// To somebody from the office.
pub fn message(to: &str) -> Message {
    built(&sender("office@example.jp"), &input(to))
}

/// From a sender whose name is a fault.
pub fn message_from(from: &str) -> Message {
    built(&sender(from), &input("hanako@example.jp"))
}
