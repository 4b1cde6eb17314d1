//! A real IMAP server: Dovecot, with its own folder, users and port.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

/// Ports that somebody else takes in the very moment.
const ATTEMPTS: usize = 50;

/// A running Dovecot. It ends with this value.
#[derive(Debug)]
pub struct Dovecot {
    /// None while it is killed.
    child: Option<Child>,
    folder: TempDir,
    certificate: Option<(PathBuf, PathBuf)>,
    /// On 127.0.0.1: in clear text, with STARTTLS where there is a certificate.
    pub port: u16,
    /// With implicit TLS, where there is a certificate.
    pub tls_port: u16,
}

impl Dovecot {
    /// The password of each user.
    pub const PASSWORD: &str = "geheim \"\\";
    /// The users; each has an empty inbox.
    pub const USERS: [&str; 2] = ["hanako", "office@example.jp"];

    /// One without encryption.
    pub fn start() -> Self {
        Self::start_with(None)
    }

    /// One that shows this certificate, with its key.
    pub fn start_with(certificate: Option<(&Path, &Path)>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let users = Self::USERS
            .map(|user| format!("{user}:{{PLAIN}}{}\n", Self::PASSWORD))
            .concat();
        std::fs::write(folder.path().join("users"), users).expect("the users");
        // Its helpers run as somebody else when the tests run as root.
        grant(folder.path());
        std::fs::create_dir(folder.path().join("mail")).expect("the folder of mail");
        own([&folder.path().join("mail")]);
        let mut dovecot = Self {
            child: None,
            folder,
            certificate: certificate.map(|(chain, key)| (chain.to_owned(), key.to_owned())),
            port: 0,
            tls_port: 0,
        };
        for _ in 0..ATTEMPTS {
            (dovecot.port, dovecot.tls_port) = free_ports();
            if dovecot.try_start() {
                return dovecot;
            }
        }
        panic!("Dovecot does not start: its words are above");
    }

    /// Puts a message into a folder of a user, as a mail server does: whole, by a change of its name.
    pub fn deliver(&self, user: &str, folder: &str, message: &[u8]) {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("{:012}.M1.example", NUMBER.fetch_add(1, Ordering::Relaxed));
        let maildir = self.maildir(user, folder);
        let parts = ["cur", "new", "tmp"].map(|part| maildir.join(part));
        for part in &parts {
            std::fs::create_dir_all(part).expect("a maildir");
        }
        let [.., tmp] = &parts;
        let written = tmp.join(&name);
        std::fs::write(&written, message).expect("the message is written");
        let made = [self.maildir(user, "INBOX"), maildir.clone(), written.clone()];
        own(made.iter().chain(&parts));
        std::fs::rename(written, maildir.join("new").join(name)).expect("the message is delivered");
    }

    /// The files of a folder, whose name is as Dovecot writes it (modified UTF-7).
    pub fn maildir(&self, user: &str, folder: &str) -> PathBuf {
        let inbox = self.folder.path().join("mail").join(user);
        match folder {
            "INBOX" => inbox,
            other => inbox.join(format!(".{other}")),
        }
    }

    /// Commands of a user in a conversation of their own; the answers, of which each command has to succeed.
    pub fn say(&self, user: &str, commands: &[&str]) -> Vec<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it takes connections");
        let mut answers = BufReader::new(stream.try_clone().expect("a second handle")).lines();
        let password = Self::PASSWORD.replace('\\', r"\\").replace('"', "\\\"");
        let login = format!("LOGIN \"{user}\" \"{password}\"");
        let mut said = Vec::new();
        for command in [login.as_str()].iter().chain(commands) {
            write!(stream, "t {command}\r\n").expect("it listens");
            loop {
                let line = answers.next().expect("it answers").expect("it answers");
                if line.starts_with("t ") {
                    assert!(line.starts_with("t OK"), "{command}: {line}");
                    break;
                }
                said.push(line);
            }
        }
        said
    }

    /// Ends it and all its helpers as a crash would.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        let group = format!("-{}", child.id());
        let _ = command("kill").args(["-KILL", "--", &group]).status();
        let _ = child.wait();
    }

    /// Starts it after it was killed, on the same port.
    pub fn start_again(&mut self) {
        // What was killed is gone soon, and then its port is free.
        let is_up = (0..ATTEMPTS).any(|_| self.try_start());
        assert!(is_up, "Dovecot does not start again: its words are above");
    }

    fn try_start(&mut self) -> bool {
        let settings = self.folder.path().join("dovecot.conf");
        std::fs::write(&settings, self.settings()).expect("the settings are written");
        let mut child = command(program())
            .arg("-F")
            .arg("-c")
            .arg(&settings)
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("Dovecot runs");
        let stderr = child.stderr.take().expect("it is piped");
        self.child = Some(child);
        let is_up = is_up(stderr);
        if !is_up {
            self.kill();
        }
        is_up
    }

    fn settings(&self) -> String {
        let folder = self.folder.path().display();
        let user = if is_root() { "nobody" } else { &said_by_id("-un") };
        let group = if is_root() { "nogroup" } else { &said_by_id("-gn") };
        let ssl = match &self.certificate {
            None => "ssl = no".to_owned(),
            Some((chain, key)) => format!(
                "ssl = yes\nssl_cert = <{}\nssl_key = <{}",
                chain.display(),
                key.display()
            ),
        };
        let tls_port = if self.certificate.is_some() {
            self.tls_port
        } else {
            0
        };
        format!(
            "base_dir = {folder}/run
state_dir = {folder}/run
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
{ssl}
disable_plaintext_auth = no
auth_failure_delay = 0
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
",
            port = self.port
        )
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.kill();
    }
}

/// It says so when it listens, and ends when it cannot.
fn is_up(stderr: ChildStderr) -> bool {
    let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
    let mut said = Vec::new();
    let is_up = loop {
        match lines.next() {
            Some(line) if line.contains("starting up for imap") => break true,
            Some(line) => said.push(line),
            None => break false,
        }
    };
    if is_up {
        // Read on, or it would wait for us.
        std::thread::spawn(move || lines.for_each(drop));
    } else if !said.iter().any(|line| line.contains("already in use")) {
        panic!("Dovecot does not start: {said:?}");
    }
    is_up
}

fn program() -> PathBuf {
    // Debian puts it where the PATH of a user does not reach.
    let debian = Path::new("/usr/sbin/dovecot");
    let program = if debian.exists() {
        debian
    } else {
        Path::new("dovecot")
    };
    let version = command(program).arg("--version").stdout(Stdio::piped()).output();
    let version = version
        .expect("Dovecot is missing: run scripts/setup.sh test")
        .stdout;
    let version = String::from_utf8_lossy(&version);
    assert!(
        version.starts_with("2.3."),
        "the settings that the tests write are for Dovecot 2.3, and here is {version}"
    );
    program.to_owned()
}

fn free_ports() -> (u16, u16) {
    // Both at a time, so that they are two.
    let listeners = [0, 0].map(|port| std::net::TcpListener::bind(("127.0.0.1", port)).expect("a free port"));
    let [one, other] = listeners.map(|listener| listener.local_addr().expect("a bound port").port());
    (one, other)
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|of_us| std::os::unix::fs::MetadataExt::uid(&of_us) == 0)
}

fn said_by_id(option: &str) -> String {
    let output = command("id")
        .arg(option)
        .stdout(Stdio::piped())
        .output()
        .expect("id runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Temporary folders are their owner's alone.
fn grant(folder: &Path) {
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder, rights).expect("the folder is ours");
}

/// Mail is not read as root.
fn own<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) {
    if is_root() {
        let owned = command("chown").arg("nobody:nogroup").args(paths).status();
        assert!(owned.is_ok_and(|status| status.success()), "chown runs");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "mail is read from a server that somebody else wrote"
)]
fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}
