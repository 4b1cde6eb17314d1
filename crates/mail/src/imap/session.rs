//! A folder that is open for reading.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use tokio::time::Instant;

use super::batch::{Batch, Content, Cursor, Fetched};
use super::conversation::{Conversation, Extra, Opened, Setback};
use super::failure::{Failure, Phase};
use super::name::encoded;
use super::response::{Answer, Code, Fetch, Status, Untagged};
use super::settings::{Account, Caps};

/// So much of a message that is too large.
const BEGINNING: usize = 256 << 10;
/// A line about one message, when all that is asked for is its number.
const LISTED: u64 = 256;
/// So many numbers are looked at first; more when there is nothing among them.
const WINDOW: u32 = 100;

/// A folder that is open. Dropped, it is closed without a word; a future of it that is dropped half-way ends it.
pub struct Session {
    conversation: Conversation,
    folder: String,
    caps: Caps,
    can_idle: bool,
    view: View,
    /// Nobody asked for messages since the folder was opened.
    is_fresh: bool,
    /// What ended a batch early, for the next call.
    failure: Option<Failure>,
}

/// Why [`Session::wait`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// There is something new.
    News,
    /// There was nothing for as long as was asked.
    Nothing,
    /// The server cannot tell (it has no `IDLE`): ask [`Session::newer_than`] from time to time. This comes at once.
    Poll,
}

/// What a server told of a message.
enum Told {
    Answer(Fetch, Answer),
    /// A part that is longer than was allowed.
    TooLong {
        length: u64,
        beginning: Vec<u8>,
    },
}

/// What we know of the folder.
#[derive(Default)]
struct View {
    uid_validity: Option<u32>,
    exists: u32,
    has_news: bool,
}

impl View {
    fn note(&mut self, said: &Untagged) {
        match said {
            Untagged::Ok(Some(Code::UidValidity(number))) => self.uid_validity = Some(*number),
            Untagged::Exists(exists) => {
                // Some servers say the same number time and again.
                self.has_news |= *exists > self.exists;
                self.exists = *exists;
            }
            Untagged::Expunge => self.exists = self.exists.saturating_sub(1),
            _ => {}
        }
    }
}

impl Session {
    pub(super) async fn open(
        conversation: Conversation,
        account: &Account,
        can_idle: bool,
    ) -> Result<Self, Failure> {
        let mut session = Self {
            conversation,
            folder: account.folder.clone(),
            caps: account.caps,
            can_idle,
            view: View::default(),
            is_fresh: true,
            failure: None,
        };
        session.examine().await?;
        Ok(session)
    }

    /// Messages that are newer than `cursor`, the oldest first: all that there are for `None`. At most so many, and as many bytes as
    /// [`Caps`] say. A failure in the middle ends the batch, and comes with the next call.
    pub async fn newer_than(&mut self, cursor: Option<Cursor>, at_most: usize) -> Result<Batch, Failure> {
        self.fail_late()?;
        // Anew, so that what came meanwhile is seen, and that a folder was deleted, renamed or made again.
        let uid_validity = self.examine().await?;
        self.is_fresh = false;
        let known = cursor.filter(|cursor| cursor.uid_validity == uid_validity);
        let mut batch = Batch {
            messages: Vec::new(),
            cursor: known.unwrap_or(Cursor {
                uid_validity,
                last_uid: 0,
            }),
            starts_over: cursor.is_some() && known.is_none(),
            has_more: false,
        };
        let before = batch.cursor.last_uid;
        let (newest, uids) = self.newer_uids(before, at_most.max(1)).await?;
        self.fill(&mut batch, uids).await?;
        let last_uid = batch.cursor.last_uid;
        batch.has_more = last_uid > before && newest > last_uid;
        Ok(batch)
    }

    /// Waits until there is something new, for so long. What came since the last [`Session::newer_than`] counts, and
    /// before the first one whatever there is.
    pub async fn wait(&mut self, at_most: Duration) -> Result<Woken, Failure> {
        self.fail_late()?;
        let end = Instant::now() + at_most;
        loop {
            if self.view.has_news || self.is_fresh {
                return Ok(Woken::News);
            }
            if !self.can_idle {
                return Ok(Woken::Poll);
            }
            let now = Instant::now();
            if now >= end {
                return Ok(Woken::Nothing);
            }
            let renew = now + self.conversation.patience().idle;
            self.idle(end.min(renew)).await?;
        }
    }

    /// Says good-bye, for as long as that is worth it.
    pub async fn close(self) {
        self.conversation.close().await;
    }

    fn fail_late(&mut self) -> Result<(), Failure> {
        self.failure.take().map_or(Ok(()), Err)
    }

    fn numbering(&self) -> Result<u32, Failure> {
        let unexpected = || self.conversation.unexpected(Phase::Folder);
        self.view.uid_validity.ok_or_else(unexpected)
    }

    /// Opens the folder, again if it is open already. Answers its numbering.
    async fn examine(&mut self) -> Result<u32, Failure> {
        let phase = Phase::Folder;
        self.view = View::default();
        let command = format!("EXAMINE {}", encoded(&self.folder));
        let view = &mut self.view;
        let answer = self
            .conversation
            .command(phase, &command, |said| view.note(&said));
        let Answer { status, .. } = match answer.await? {
            answer if answer.is_temporary() && !answer.is_ok() => return Err(self.sent_away(phase, answer)),
            answer if answer.status == Status::No => {
                return Err(Failure::NoSuchFolder {
                    server: self.conversation.server(),
                    folder: self.folder.clone(),
                    code: answer.reason(),
                });
            }
            answer => answer,
        };
        self.view.has_news = false;
        if status == Status::Bad {
            return Err(self.conversation.unexpected(phase));
        }
        self.numbering()
    }

    fn sent_away(&self, phase: Phase, answer: Answer) -> Failure {
        Failure::SentAway {
            server: self.conversation.server(),
            phase,
            code: answer.reason(),
        }
    }

    /// The newest message, and the first ones behind `last_uid`. Numbers have gaps, often large ones.
    async fn newer_uids(&mut self, last_uid: u32, at_most: usize) -> Result<(u32, BTreeSet<u32>), Failure> {
        let none = BTreeSet::new();
        if self.view.exists == 0 {
            return Ok((last_uid, none));
        }
        // The star is the newest, wherever it is: a range up to it would always hold it, also when it is older.
        let newest = self.uids("*", 1..=u32::MAX, 1).await?.pop_last();
        let Some(newest) = newest else {
            return match self.view.exists {
                0 => Ok((last_uid, none)),
                _ => Err(self.conversation.unexpected(Phase::List)),
            };
        };
        let mut first = last_uid.saturating_add(1);
        let mut window = u32::try_from(at_most).unwrap_or(u32::MAX).max(WINDOW);
        while newest > last_uid && first <= newest {
            let last = first.saturating_add(window - 1).min(newest);
            let uids = self
                .uids(&format!("{first}:{last}"), first..=last, at_most)
                .await?;
            if !uids.is_empty() || last == u32::MAX {
                return Ok((newest, uids));
            }
            first = last + 1;
            window = window.saturating_mul(4);
        }
        Ok((newest, none))
    }

    /// The first messages of a range. Whatever the server sends, no more are held. Their sizes are not asked for here: a server may fail
    /// over that of a single message, and nobody would know which.
    async fn uids(
        &mut self,
        range: &str,
        wanted: RangeInclusive<u32>,
        at_most: usize,
    ) -> Result<BTreeSet<u32>, Failure> {
        let phase = Phase::List;
        let (mut uids, mut is_clear) = (BTreeSet::new(), true);
        let view = &mut self.view;
        let extra = Extra {
            text: u64::from(view.exists) * LISTED,
            ..Extra::default()
        };
        let heard = |said| {
            view.note(&said);
            match said {
                Untagged::Fetch(Fetch { uid: Some(uid), .. }) if wanted.contains(&uid) => {
                    uids.insert(uid);
                    if uids.len() > at_most {
                        uids.pop_last();
                    }
                }
                // A message that is not understood must not be passed over.
                Untagged::Garbled => is_clear = false,
                _ => {}
            }
        };
        let command = format!("UID FETCH {range} (UID)");
        match self.conversation.costly(phase, &command, extra, heard).await {
            Ok(answer) if answer.is_ok() && is_clear => Ok(uids),
            Ok(answer) if answer.status == Status::No => Err(self.sent_away(phase, answer)),
            Ok(_) | Err(Setback::TooLong { .. }) => Err(self.conversation.unexpected(phase)),
            Err(Setback::Failed(failure)) => Err(failure),
        }
    }

    /// Fetches one after the other, so that no more is held than fits.
    async fn fill(&mut self, batch: &mut Batch, uids: BTreeSet<u32>) -> Result<(), Failure> {
        let mut held = 0_usize;
        for uid in uids {
            if held >= self.caps.batch && !batch.messages.is_empty() {
                break;
            }
            let content = match self.fetch(uid, batch.cursor.uid_validity).await {
                Ok(content) => content,
                Err(failure) if batch.messages.is_empty() => return Err(failure),
                Err(failure) => {
                    self.failure = Some(failure);
                    break;
                }
            };
            batch.cursor.last_uid = uid;
            // Somebody deleted it meanwhile.
            let Some(content) = content else { continue };
            held += match &content {
                Content::Whole(bytes) => bytes.len(),
                Content::TooLarge { beginning, .. } => beginning.len(),
                Content::Withheld => 0,
            };
            let is_last = content == Content::Withheld;
            batch.messages.push(Fetched { uid, content });
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// One message; `None`: it is there no more.
    async fn fetch(&mut self, uid: u32, uid_validity: u32) -> Result<Option<Content>, Failure> {
        let told = self.told(uid, "RFC822.SIZE", Extra::default()).await?;
        let Told::Answer(told, answer) = told else {
            return Err(self.conversation.unexpected(Phase::Message(uid)));
        };
        if !answer.is_ok() || told.uid.is_none() {
            return self.refused(uid, answer, uid_validity).await;
        }
        // A size that is not told is seen when the message comes.
        let size = told.size.unwrap_or(0);
        let is_large = size > self.caps.message as u64;
        let (what, literals) = if is_large {
            (format!("BODY.PEEK[]<0.{BEGINNING}>"), BEGINNING)
        } else {
            ("BODY.PEEK[]".to_owned(), self.caps.message)
        };
        let extra = Extra {
            literals,
            beginning: BEGINNING,
            ..Extra::default()
        };
        let (body, answer) = match self.told(uid, &what, extra).await? {
            Told::Answer(told, answer) => (told.body, answer),
            // The server had said another size. The conversation is over, and what it was about is known.
            Told::TooLong { length, beginning } => {
                let size = size.max(length);
                return Ok(Some(Content::TooLarge { size, beginning }));
            }
        };
        match body {
            Some(beginning) if answer.is_ok() && is_large => Ok(Some(Content::TooLarge { size, beginning })),
            Some(body) if answer.is_ok() => Ok(Some(Content::Whole(body))),
            _ => self.refused(uid, answer, uid_validity).await,
        }
    }

    /// What the server tells of a message.
    async fn told(&mut self, uid: u32, what: &str, extra: Extra) -> Result<Told, Failure> {
        let mut told = Fetch::default();
        let view = &mut self.view;
        let heard = |said| {
            view.note(&said);
            if let Untagged::Fetch(fetch) = said
                && fetch.uid.is_none_or(|of| of == uid)
            {
                // In one answer or in several, among them those about flags.
                told.uid = Some(uid);
                told.size = fetch.size.or(told.size);
                told.body = fetch.body.or(told.body.take());
            }
        };
        let command = format!("UID FETCH {uid} (UID {what})");
        match self
            .conversation
            .costly(Phase::Message(uid), &command, extra, heard)
            .await
        {
            Ok(answer) => Ok(Told::Answer(told, answer)),
            Err(Setback::TooLong { length, beginning }) => Ok(Told::TooLong { length, beginning }),
            Err(Setback::Failed(failure)) => Err(failure),
        }
    }

    /// What to make of a message that the server did not give.
    async fn refused(
        &mut self,
        uid: u32,
        answer: Answer,
        uid_validity: u32,
    ) -> Result<Option<Content>, Failure> {
        let phase = Phase::Message(uid);
        if answer.is_temporary() {
            return Err(self.sent_away(phase, answer));
        }
        if answer.status == Status::Bad {
            return Err(self.conversation.unexpected(phase));
        }
        let had_news = self.view.has_news;
        if self.examine().await? != uid_validity {
            return Err(self.conversation.unexpected(phase));
        }
        self.view.has_news |= had_news;
        let is_there = !self.uids(&uid.to_string(), uid..=uid, 1).await?.is_empty();
        Ok(is_there.then_some(Content::Withheld))
    }

    /// One round of waiting.
    async fn idle(&mut self, until: Instant) -> Result<(), Failure> {
        let phase = Phase::Wait;
        let view = &mut self.view;
        let opened = self
            .conversation
            .begin_open(phase, "IDLE", |said| view.note(&said));
        let Opened::Open(tag) = opened.await? else {
            self.can_idle = false;
            return Ok(());
        };
        if !view.has_news {
            let heard = |said: &Untagged| {
                view.note(said);
                view.has_news
            };
            self.conversation.listen(phase, &tag, until, heard).await?;
        }
        let done = self
            .conversation
            .finish_open(phase, &tag, "DONE", |said| view.note(&said));
        if done.await?.is_ok() {
            Ok(())
        } else {
            Err(self.conversation.unexpected(phase))
        }
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}
