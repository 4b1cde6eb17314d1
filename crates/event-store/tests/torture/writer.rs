//! The process that is killed: `examples/torture_writer.rs`, started, listened to, and ended.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Longer than anything may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running writer, and what it left on the disk.
pub struct Writer {
    child: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    folder: TempDir,
    started: Instant,
    /// What it was refused, in the order of the telling.
    pub refusals: Vec<String>,
}

/// How a writer is started.
#[derive(Default)]
pub struct Options<'o> {
    pub tasks: u64,
    /// For each task; 0 is until the end.
    pub commands: u64,
    pub seed: u64,
    /// See [`event_store::fault`].
    pub abort_at: u64,
    pub pause: Duration,
    pub environment: &'o [(&'static str, PathBuf)],
}

impl Writer {
    #[expect(clippy::disallowed_methods, reason = "it is there to be killed")]
    pub fn start(url: &str, options: &Options<'_>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut command = Command::new(program());
        command
            .args(["--database", url, "--folder"])
            .arg(folder.path())
            .envs(options.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        for (name, value) in [
            ("--tasks", options.tasks),
            ("--commands", options.commands),
            ("--seed", options.seed),
            ("--abort-at", options.abort_at),
            (
                "--pause-micros",
                u64::try_from(options.pause.as_micros()).expect("short"),
            ),
        ] {
            command.args([name, &value.to_string()]);
        }
        let started = Instant::now();
        let mut child = command.spawn().expect("the writer starts");
        let output = child.stdout.take().expect("piped");
        Self {
            input: child.stdin.take(),
            lines: BufReader::new(output).lines(),
            child,
            folder,
            started,
            refusals: Vec::new(),
        }
    }

    /// The next line; none when it has ended. A breach fails the test at once.
    pub async fn line(&mut self) -> Option<String> {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await;
        let line = line.expect("the writer says something in time").expect("read");
        if let Some(line) = &line {
            assert!(!line.starts_with("BREACH"), "{line}");
            if let Some(reason) = line.strip_prefix("refused ") {
                self.refusals.push(reason.to_owned());
            }
        }
        line
    }

    /// Waits for a line that begins so, and answers what follows.
    pub async fn until(&mut self, beginning: &str) -> String {
        loop {
            let line = self.line().await;
            let line = line.unwrap_or_else(|| panic!("the writer ended before it said {beginning:?}"));
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Waits until the writer has opened the log.
    pub async fn ready(&mut self) {
        self.until("ready").await;
    }

    /// How long ago it was started.
    pub fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// How many receipts are in its file.
    pub fn acks_on_disk(&self) -> u64 {
        let acks = read(&self.folder.path().join("acks"));
        u64::try_from(acks.lines().count()).expect("few")
    }

    /// Waits until so many receipts were acknowledged in all.
    pub async fn acked(&mut self, at_least: u64) -> u64 {
        loop {
            let total: u64 = self.until("acked ").await.parse().expect("a number");
            if total >= at_least {
                return total;
            }
        }
    }

    /// `kill -9`.
    pub async fn kill(mut self) -> Left {
        self.child.kill().await.expect("it is ours");
        self.left().await
    }

    /// Waits for its end; what it says is listened to.
    pub async fn ended(mut self) -> (ExitStatus, Left) {
        drop(self.input.take());
        while self.line().await.is_some() {}
        let status = self.child.wait().await.expect("it is ours");
        (status, self.left().await)
    }

    async fn left(mut self) -> Left {
        while self.line().await.is_some() {}
        Left {
            acks: read(&self.folder.path().join("acks")),
            seen: read(&self.folder.path().join("seen")),
            refusals: self.refusals,
        }
    }
}

/// What a writer left on the disk.
pub struct Left {
    /// `command first last`
    pub acks: String,
    /// `position event`
    pub seen: String,
    pub refusals: Vec<String>,
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Beside the folder of the tests' own binaries.
fn program() -> PathBuf {
    let this = std::env::current_exe().expect("the test knows where it is");
    let profile = this.ancestors().nth(2).expect("target/profile/deps/test");
    let program = profile.join("examples/torture_writer");
    assert!(
        program.is_file(),
        "{} is missing: run `cargo build -p event-store --example torture_writer`",
        program.display()
    );
    program
}
