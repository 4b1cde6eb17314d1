//! Commands and the answers to them. A command that was not answered to its end leaves a conversation that nothing more is said in: nobody
//! would know which answer belongs to what. The same holds for a future that was dropped half-way.

use std::time::Duration;

use tokio::time::Instant;

use super::failure::{Failure, Phase};
use super::response::{Answer, Capabilities, Response, Untagged, parse};
use super::settings::Patience;
use super::wire::{Allowance, Stream, Trouble, Wire};

/// What may come beside the literals that were asked for, in bytes: flags of a hundred thousand messages that somebody changed meanwhile, and no flood.
const CHATTER: u64 = 8 << 20;
/// A string in an answer that we did not ask for.
const SMALL: usize = 64 << 10;

/// What more than usual a command may cost.
#[derive(Clone, Copy, Default)]
pub(super) struct Extra {
    /// Bytes of text.
    pub text: u64,
    /// Bytes of literals in one answer.
    pub literals: usize,
    /// Bytes of a literal that is longer than that.
    pub beginning: usize,
}

/// Why a command came to nothing.
pub(super) enum Setback {
    /// The message is longer than what was allowed for it.
    TooLong { length: u64, beginning: Vec<u8> },
    /// Anything else.
    Failed(Failure),
}

impl From<Failure> for Setback {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A conversation with a server.
pub(super) struct Conversation {
    wire: Wire,
    server: String,
    patience: Patience,
    last_tag: u64,
    is_open: bool,
}

impl Conversation {
    pub fn new(stream: impl Stream, server: String, patience: Patience) -> Self {
        Self {
            wire: Wire::new(stream),
            server,
            patience,
            last_tag: 0,
            is_open: true,
        }
    }

    /// `host:port`, for sentences.
    pub fn server(&self) -> String {
        self.server.clone()
    }

    pub const fn patience(&self) -> Patience {
        self.patience
    }

    /// The stream, to be encrypted; `None`: something was said behind the last answer.
    pub fn into_stream(self) -> Option<Box<dyn Stream>> {
        self.wire.into_inner()
    }

    /// Reads the greeting. A server that wants nobody to sign in is none that we asked for.
    pub async fn greet(&mut self) -> Result<(), Failure> {
        let phase = Phase::Greeting;
        let mut allowance = self.allowance(self.patience.greeting, Extra::default());
        match self.response(phase, &mut allowance).await? {
            Response::Untagged(Untagged::Ok(_)) => Ok(()),
            _ => Err(self.unexpected(phase)),
        }
    }

    /// Asks what the server can do.
    pub async fn capabilities(&mut self) -> Result<Capabilities, Failure> {
        let mut capabilities = None;
        let answer = self
            .command(Phase::Greeting, "CAPABILITY", |said| {
                if let Untagged::Capabilities(found) = said {
                    capabilities = Some(found);
                }
            })
            .await?;
        match capabilities {
            Some(capabilities) if answer.is_ok() => Ok(capabilities),
            _ => Err(self.unexpected(Phase::Greeting)),
        }
    }

    /// A command with its answer; what comes beside is for `heard`.
    pub async fn command(
        &mut self,
        phase: Phase,
        text: &str,
        heard: impl FnMut(Untagged) + Send,
    ) -> Result<Answer, Failure> {
        match self.costly(phase, text, Extra::default(), heard).await {
            Ok(answer) => Ok(answer),
            Err(Setback::Failed(failure)) => Err(failure),
            Err(Setback::TooLong { .. }) => Err(self.too_much(phase)),
        }
    }

    /// A command with an answer that may be larger than usual.
    pub async fn costly(
        &mut self,
        phase: Phase,
        text: &str,
        extra: Extra,
        heard: impl FnMut(Untagged) + Send,
    ) -> Result<Answer, Setback> {
        let mut allowance = self.allowance(self.patience.command, extra);
        let tag = self.begin(phase, text, &allowance).await?;
        self.end(phase, &tag, &mut allowance, heard).await
    }

    /// A command in two halves; the second is said when the server asks for it. If it does not, its answer to the first is the answer.
    pub async fn in_two(&mut self, phase: Phase, first: &str, second: &str) -> Result<Answer, Failure> {
        match self.begin_open(phase, first, |_| ()).await? {
            Opened::Refused(answer) => Ok(answer),
            Opened::Open(tag) => self.finish_open(phase, &tag, second, |_| ()).await,
        }
    }

    /// Begins a command that stays open until it is finished.
    pub async fn begin_open(
        &mut self,
        phase: Phase,
        text: &str,
        mut heard: impl FnMut(Untagged) + Send,
    ) -> Result<Opened, Failure> {
        let mut allowance = self.allowance(self.patience.command, Extra::default());
        let tag = self.begin(phase, text, &allowance).await?;
        loop {
            match self.response(phase, &mut allowance).await? {
                Response::Continue => return Ok(Opened::Open(tag)),
                Response::Done { tag: of, answer } if of == tag => {
                    self.is_open = true;
                    return Ok(Opened::Refused(answer));
                }
                Response::Done { .. } => {}
                Response::Untagged(said) => heard(said),
            }
        }
    }

    /// Listens to what is said while a command is open, until `heard` has enough or it is time.
    pub async fn listen(
        &mut self,
        phase: Phase,
        tag: &str,
        until: Instant,
        mut heard: impl FnMut(&Untagged) -> bool + Send,
    ) -> Result<(), Failure> {
        let mut left = CHATTER;
        while self
            .wire
            .has_more(until)
            .await
            .map_err(|it| self.failure(phase, &it))?
        {
            let mut allowance = self.allowance(self.patience.command, Extra::default());
            allowance.bytes = left;
            match self.response(phase, &mut allowance).await? {
                Response::Untagged(said) if heard(&said) => break,
                Response::Done { tag: of, .. } if of == tag => return Err(self.unexpected(phase)),
                _ => left = allowance.bytes,
            }
        }
        Ok(())
    }

    /// Says the last line of a command that is open.
    pub async fn finish_open(
        &mut self,
        phase: Phase,
        tag: &str,
        line: &str,
        heard: impl FnMut(Untagged) + Send,
    ) -> Result<Answer, Failure> {
        let mut allowance = self.allowance(self.patience.command, Extra::default());
        self.say(phase, line, &allowance).await?;
        match self.end(phase, tag, &mut allowance, heard).await {
            Ok(answer) => Ok(answer),
            Err(Setback::Failed(failure)) => Err(failure),
            Err(Setback::TooLong { .. }) => Err(self.too_much(phase)),
        }
    }

    /// Says good-bye, for as long as that is worth it.
    pub async fn close(mut self) {
        let mut allowance = self.allowance(self.patience.logout, Extra::default());
        if let Ok(tag) = self.begin(Phase::Logout, "LOGOUT", &allowance).await {
            let _ = self.end(Phase::Logout, &tag, &mut allowance, |_| ()).await;
        }
    }

    pub fn unexpected(&self, phase: Phase) -> Failure {
        let server = self.server();
        Failure::Unexpected { server, phase }
    }

    fn too_much(&self, phase: Phase) -> Failure {
        let server = self.server();
        Failure::TooMuch { server, phase }
    }

    fn allowance(&self, patience: Duration, extra: Extra) -> Allowance {
        let literals = extra.literals.max(SMALL);
        Allowance {
            deadline: Instant::now() + patience,
            silence: patience,
            slowest: self.patience.slowest,
            bytes: CHATTER + extra.text + literals as u64,
            literals,
            beginning: extra.beginning,
        }
    }

    async fn begin(&mut self, phase: Phase, text: &str, allowance: &Allowance) -> Result<String, Failure> {
        if !self.is_open {
            let server = self.server();
            return Err(Failure::Closed { server, phase });
        }
        self.is_open = false;
        self.last_tag += 1;
        let tag = format!("a{}", self.last_tag);
        self.say(phase, &format!("{tag} {text}"), allowance).await?;
        Ok(tag)
    }

    async fn say(&mut self, phase: Phase, line: &str, allowance: &Allowance) -> Result<(), Failure> {
        let line = format!("{line}\r\n");
        let written = self.wire.write(line.as_bytes(), allowance.deadline).await;
        written.map_err(|trouble| self.failure(phase, &trouble))
    }

    async fn end(
        &mut self,
        phase: Phase,
        tag: &str,
        allowance: &mut Allowance,
        mut heard: impl FnMut(Untagged) + Send,
    ) -> Result<Answer, Setback> {
        loop {
            let response = match self.wire.read(allowance).await {
                Ok(raw) => self.judge(phase, parse(raw))?,
                Err(Trouble::Literal { length, beginning }) if allowance.beginning > 0 => {
                    return Err(Setback::TooLong { length, beginning });
                }
                Err(trouble) => return Err(self.failure(phase, &trouble).into()),
            };
            match response {
                Response::Done { tag: of, answer } if of == tag => {
                    self.is_open = true;
                    return Ok(answer);
                }
                // The answer to something that somebody else asked: proxies mix them up.
                Response::Done { .. } => {}
                Response::Continue => return Err(self.unexpected(phase).into()),
                Response::Untagged(said) => heard(said),
            }
        }
    }

    async fn response(&mut self, phase: Phase, allowance: &mut Allowance) -> Result<Response, Failure> {
        match self.wire.read(allowance).await {
            Ok(raw) => self.judge(phase, parse(raw)),
            Err(trouble) => Err(self.failure(phase, &trouble)),
        }
    }

    /// A good-bye ends everything, except where it was wished for.
    fn judge(&self, phase: Phase, response: Response) -> Result<Response, Failure> {
        match response {
            Response::Untagged(Untagged::Bye(code)) if phase != Phase::Logout => Err(Failure::SentAway {
                server: self.server(),
                phase,
                code,
            }),
            response => Ok(response),
        }
    }

    fn failure(&self, phase: Phase, trouble: &Trouble) -> Failure {
        let server = self.server();
        match trouble {
            Trouble::Silent => Failure::Stalled {
                server,
                phase,
                patience: match phase {
                    Phase::Greeting if self.last_tag == 0 => self.patience.greeting,
                    Phase::Logout => self.patience.logout,
                    _ => self.patience.command,
                },
            },
            Trouble::Closed => Failure::Closed { server, phase },
            Trouble::TooMuch | Trouble::Literal { .. } => Failure::TooMuch { server, phase },
        }
    }
}

/// What became of a command that stays open.
pub(super) enum Opened {
    /// It waits for the rest, under this tag.
    Open(String),
    /// It is over.
    Refused(Answer),
}
