//! A server that says what a test wants, for all that no real server does on demand.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it does next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Says this; `TAG` stands for that of the last command.
    Say(Vec<u8>),
    /// Reads a line, in which this occurs.
    Hear(&'static str),
    /// Says this again and again, until nobody listens.
    Flood(Vec<u8>),
    /// Says this time and again, with a pause between, until nobody listens.
    Trickle(Vec<u8>, Duration),
    /// Hangs up.
    End,
}

pub fn say(text: impl AsRef<[u8]>) -> Step {
    Step::Say(text.as_ref().to_vec())
}

pub fn hear(word: &'static str) -> Step {
    Step::Hear(word)
}

pub fn flood(text: &str) -> Step {
    Step::Flood(text.as_bytes().to_vec())
}

pub fn trickle(text: &str, pause: Duration) -> Step {
    Step::Trickle(text.as_bytes().to_vec(), pause)
}

pub fn end() -> Step {
    Step::End
}

/// Up to a folder that is open, with so many messages.
pub fn opened(capabilities: &str, exists: u32) -> Vec<Step> {
    let capable = || say(format!("* CAPABILITY {capabilities}\r\nTAG OK\r\n"));
    vec![
        say("* OK hello\r\n"),
        hear("CAPABILITY"),
        capable(),
        hear("LOGIN"),
        say("TAG OK\r\n"),
        hear("CAPABILITY"),
        capable(),
        hear("EXAMINE"),
        say(format!(
            "* {exists} EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\nTAG OK [READ-ONLY]\r\n"
        )),
    ]
}

/// The folder opened anew, as before messages are asked for.
pub fn again(exists: u32) -> Vec<Step> {
    let steps = opened("", exists);
    steps[steps.len() - 2..].to_vec()
}

/// The folder opened anew, and the numbers of its messages, from 1 on, as they are asked for: the newest first.
pub fn listed(exists: u32) -> Vec<Step> {
    let line = |uid: u32| format!("* {uid} FETCH (UID {uid})\r\n");
    let lines = (1..=exists).map(line).collect::<Vec<_>>().concat();
    let list = vec![
        hear("UID FETCH * (UID)"),
        say(format!("{}TAG OK\r\n", line(exists))),
        hear("UID FETCH 1:"),
        say(format!("{lines}TAG OK\r\n")),
    ];
    [again(exists), list].concat()
}

/// The size of a message, and that it is asked for itself.
pub fn sized(uid: u32, size: usize) -> Vec<Step> {
    vec![
        hear("RFC822.SIZE"),
        say(format!(
            "* {uid} FETCH (UID {uid} RFC822.SIZE {size})\r\nTAG OK\r\n"
        )),
        hear("BODY.PEEK[]"),
    ]
}

/// The server. Who connects first hears it all.
pub struct Script {
    pub port: u16,
    task: JoinHandle<String>,
}

impl Script {
    /// Plays the steps, then listens until nobody is there.
    pub fn start(steps: &[Step]) -> Self {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("it does not block");
        let port = listener.local_addr().expect("a bound port").port();
        let listener = TcpListener::from_std(listener).expect("a listener");
        let steps = steps.to_vec();
        let task = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("somebody connects");
            play(stream, steps).await
        });
        Self { port, task }
    }

    /// What it heard, when the conversation is over.
    pub async fn heard(self) -> String {
        self.task.await.expect("the script goes as it was written")
    }
}

async fn play(stream: TcpStream, steps: Vec<Step>) -> String {
    let (read, mut write) = stream.into_split();
    let (mut read, mut heard, mut tag) = (BufReader::new(read), String::new(), String::new());
    for step in steps {
        match step {
            Step::Say(text) => {
                let text = replaced(&text, &tag);
                // Who has heard enough hangs up.
                if write.write_all(&text).await.is_err() {
                    return heard;
                }
            }
            Step::Hear(word) => {
                let line = line(&mut read).await;
                assert!(line.contains(word), "heard {line:?} and not {word}");
                if let Some((first, _)) = line.split_once(' ') {
                    first.clone_into(&mut tag);
                }
                heard.push_str(&line);
            }
            Step::Flood(text) => while write.write_all(&text).await.is_ok() {},
            Step::Trickle(text, pause) => drip(&mut write, &text, pause).await,
            Step::End => return heard,
        }
    }
    let mut rest = Vec::new();
    let _ = read.read_to_end(&mut rest).await;
    heard + &String::from_utf8_lossy(&rest)
}

async fn drip(write: &mut OwnedWriteHalf, text: &[u8], pause: Duration) {
    let mut ticks = tokio::time::interval(pause);
    while write.write_all(text).await.is_ok() {
        ticks.tick().await;
    }
}

async fn line(read: &mut BufReader<OwnedReadHalf>) -> String {
    let mut line = String::new();
    read.read_line(&mut line).await.expect("a line");
    line
}

fn replaced(text: &[u8], tag: &str) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(3).position(|three| three == b"TAG") {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(tag.as_bytes());
        rest = &rest[at + 3..];
    }
    replaced.extend_from_slice(rest);
    replaced
}
