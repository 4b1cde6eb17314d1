//! A PostgreSQL cluster of one test, with its default durability, that the test may stop and start as it likes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A running cluster. Dropped, it is stopped and removed.
#[derive(Debug)]
pub struct Cluster {
    /// Removed with the cluster; none when the folder is the test's own.
    _temporary: Option<TempDir>,
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    preload: Vec<(OsString, OsString)>,
}

impl Cluster {
    /// Makes and starts a cluster in a temporary folder.
    pub fn start() -> Self {
        let temporary = TempDir::new().expect("a temporary folder");
        let folder = temporary.path().to_owned();
        Self::make(folder, Some(temporary), Vec::new())
    }

    /// Makes and starts a cluster in an empty folder, with these variables in the server's environment.
    pub fn start_in(folder: &Path, environment: &[(&str, &Path)]) -> Self {
        let environment = environment
            .iter()
            .map(|(name, value)| (OsString::from(name), value.as_os_str().to_owned()));
        Self::make(folder.to_owned(), None, environment.collect())
    }

    fn make(folder: PathBuf, temporary: Option<TempDir>, preload: Vec<(OsString, OsString)>) -> Self {
        let cluster = Self {
            _temporary: temporary,
            programs: programs(),
            port: free_port(),
            folder,
            preload,
        };
        if is_root() {
            // PostgreSQL refuses to run as root.
            run(Command::new_in_tests("chown").arg(POSTGRES).arg(&cluster.folder));
        }
        run(cluster.program("initdb").args(["-D"]).arg(cluster.data()).args([
            "-U",
            "sengen",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]));
        cluster.start_again();
        cluster
    }

    /// The address of a database in it; `postgres` exists from the start.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://sengen@127.0.0.1:{}/{database}", self.port)
    }

    /// The folder of its data.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What the server wrote into its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Stops it as a crash would: no process gets to finish anything.
    pub fn stop_immediately(&self) {
        run(self
            .program("pg_ctl")
            .arg("-D")
            .arg(self.data())
            .args(["-m", "immediate", "-w", "-s", "stop"]));
    }

    /// Starts it after a stop or a crash, and waits until it takes connections.
    pub fn start_again(&self) {
        assert!(self.try_start(), "PostgreSQL does not start:\n{}", self.log());
    }

    /// As [`Cluster::start_again`]; answers whether it came up.
    pub fn try_start(&self) -> bool {
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200",
            self.port
        );
        let mut command = self.program("pg_ctl");
        command
            .arg("-D")
            .arg(self.data())
            .arg("-l")
            .arg(self.folder.join("log"))
            .args(["-w", "-s", "-o", &settings, "start"])
            .envs(self.preload.iter().map(|(name, value)| (name, value)));
        succeeds(&mut command)
    }

    /// Whether it takes connections.
    pub fn answers(&self) -> bool {
        let mut ask = self.program("pg_isready");
        succeeds(ask.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]))
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new_in_tests("setpriv");
            command
                .args([
                    format!("--reuid={POSTGRES}"),
                    format!("--regid={POSTGRES}"),
                    "--clear-groups".to_owned(),
                ])
                .arg(program);
            command
        } else {
            Command::new_in_tests(program)
        };
        command.current_dir(&self.folder).env("HOME", &self.folder);
        command
    }
}

impl Drop for Cluster {
    // What is still running goes with the folder.
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.arg("-D")
            .arg(self.data())
            .args(["-m", "immediate", "-w", "-s", "stop"]);
        succeeds(&mut stop);
    }
}

/// The account that Debian's packages make.
const POSTGRES: &str = "postgres";

trait InTests {
    fn new_in_tests(program: impl AsRef<std::ffi::OsStr>) -> Self;
}

impl InTests for Command {
    #[expect(
        clippy::disallowed_methods,
        reason = "the harness starts PostgreSQL's own programs"
    )]
    fn new_in_tests(program: impl AsRef<std::ffi::OsStr>) -> Self {
        let mut command = Self::new(program);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}

fn succeeds(command: &mut Command) -> bool {
    command
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn run(command: &mut Command) {
    // Not through a pipe: a server that is started keeps it open.
    let errors = tempfile::NamedTempFile::new().expect("a temporary file");
    let status = command
        .stderr(errors.reopen().expect("the file opens again"))
        .status();
    let said = std::fs::read_to_string(errors.path()).unwrap_or_default();
    assert!(
        status.as_ref().is_ok_and(std::process::ExitStatus::success),
        "{command:?}: {status:?}: {said}"
    );
}

/// Where PostgreSQL's server programs are.
fn programs() -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres-bin.sh");
    let output = Command::new_in_tests(script)
        .stdout(Stdio::piped())
        .output()
        .expect("scripts/postgres-bin.sh runs");
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert!(
        !folder.is_empty(),
        "PostgreSQL's server programs are missing: run scripts/setup.sh test"
    );
    folder.into()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("a bound port").port()
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|of_us| std::os::unix::fs::MetadataExt::uid(&of_us) == 0)
}
