//! The process that is killed or stopped: `examples/torture_node.rs`, started, listened to, and ended.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use app::{Clock as _, SystemClock};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;

/// Longer than anything may take.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// The clock of an office whose days go by fast, which all its processes share.
#[derive(Clone, Copy, Debug)]
pub struct FastClock {
    began: DateTime<Utc>,
    showed: DateTime<Utc>,
    factor: i32,
}

impl FastClock {
    /// As fast as the machine's.
    pub fn real() -> Self {
        Self::new(SystemClock.now(), 1)
    }

    /// From a time on, so many times as fast as the machine's.
    pub fn new(showed: DateTime<Utc>, factor: i32) -> Self {
        Self {
            began: SystemClock.now(),
            showed,
            factor,
        }
    }

    /// What it shows.
    pub fn now(&self) -> DateTime<Utc> {
        self.showed + (SystemClock.now() - self.began) * self.factor
    }
}

/// How a process is started.
pub struct Options<'o> {
    pub url: &'o str,
    pub clock: FastClock,
    /// Of the office's clock.
    pub lease: TimeDelta,
    /// The longest pause of each step of an append.
    pub pause: Duration,
}

/// What a process is for.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    Fire,
    Work,
    /// To the mail server on this port, so many messages at once.
    Mail {
        port: u16,
        at_once: u64,
    },
}

/// A running process.
pub struct Node {
    child: Child,
    input: Option<ChildStdin>,
    lines: mpsc::UnboundedReceiver<String>,
    pub name: String,
}

impl Node {
    #[expect(clippy::disallowed_methods, reason = "it is there to be killed")]
    pub fn start(options: &Options<'_>, role: Role, name: String) -> Self {
        let (role, port, at_once) = match role {
            Role::Fire => ("fire", 0, 0),
            Role::Work => ("work", 0, 0),
            Role::Mail { port, at_once } => ("mail", port, at_once),
        };
        let mut command = Command::new(program());
        command
            .args(["--database", options.url, "--role", role, "--node", &name])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        for (name, value) in [
            ("--clock-began", options.clock.began.timestamp_micros()),
            ("--clock-showed", options.clock.showed.timestamp_micros()),
            ("--clock-factor", options.clock.factor.into()),
            ("--lease-ms", options.lease.num_milliseconds()),
            ("--look-ms", 50),
            (
                "--pause-ms",
                i64::try_from(options.pause.as_millis()).expect("short"),
            ),
            ("--port", port.into()),
            ("--at-once", i64::try_from(at_once).expect("few")),
            ("--connections", i64::try_from(at_once.div_ceil(2)).expect("few")),
        ] {
            command.args([name, &value.to_string()]);
        }
        let mut child = command.spawn().expect("the process starts");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, lines) = mpsc::unbounded_channel();
        // Read also while nobody asks: a full pipe would hold the process up.
        tokio::spawn(async move {
            let mut output = output.lines();
            while let Ok(Some(line)) = output.next_line().await {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            input: child.stdin.take(),
            child,
            lines,
            name,
        }
    }

    /// Waits for a line that contains this, and answers it.
    pub async fn until(&mut self, wanted: &str) -> String {
        loop {
            let line = tokio::time::timeout(PATIENCE, self.lines.recv()).await;
            let line = line.unwrap_or_else(|_| panic!("{} never said {wanted:?}", self.name));
            let line = line.unwrap_or_else(|| panic!("{} ended before it said {wanted:?}", self.name));
            if line.contains(wanted) {
                return line;
            }
        }
    }

    /// What it said that nobody has asked for yet.
    pub fn said(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.lines.try_recv().ok()).collect()
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it is ours");
    }

    /// `kill -STOP` and `kill -CONT`.
    pub async fn signal(&self, signal: &str) {
        let id = self.child.id().expect("it runs");
        #[expect(
            clippy::disallowed_methods,
            reason = "the standard library sends no signal but one"
        )]
        let status = Command::new("kill")
            .args([signal, &id.to_string()])
            .status()
            .await;
        assert!(status.expect("kill runs").success());
    }

    /// Lets one job go on.
    pub async fn release(&mut self) {
        let input = self.input.as_mut().expect("it is open");
        input.write_all(b"release\n").await.expect("it reads");
    }

    /// Ends it in order.
    pub async fn stop(mut self) {
        drop(self.input.take());
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = status.expect("it ends in time").expect("it is ours");
        assert!(status.success(), "{}: {status}", self.name);
    }
}

/// Beside the folder of the tests' own binaries.
fn program() -> PathBuf {
    let this = std::env::current_exe().expect("the test knows where it is");
    let profile = this.ancestors().nth(2).expect("target/profile/deps/test");
    let program = profile.join("examples/torture_node");
    assert!(
        program.is_file(),
        "{} is missing: run `cargo build --workspace --example torture_node`",
        program.display()
    );
    program
}
