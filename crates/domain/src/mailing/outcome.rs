//! What a carrier reports of one attempt: facts, with the relay's own words where there are any. What follows from them is
//! decided in [`after`](super::after).

use std::fmt;
use std::time::Duration;

use super::reachability::Returned;
use crate::Personal;
use crate::reason::Reason;

/// Where in the conversation with a relay something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Before anything was asked, and the answer to `EHLO`.
    Greeting,
    /// `STARTTLS` and the handshake.
    Encryption,
    /// `AUTH`.
    SignIn,
    /// `MAIL`: whether the relay takes mail from us.
    Sender,
    /// `RCPT`: whether it takes mail for this recipient.
    Recipient,
    /// `DATA`: whether it wants to read the message.
    Data,
    /// After the final dot: whether it took the message.
    Message,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "the greeting",
            Self::Encryption => "STARTTLS",
            Self::SignIn => "AUTH",
            Self::Sender => "MAIL",
            Self::Recipient => "RCPT",
            Self::Data => "DATA",
            Self::Message => "the message",
        })
    }
}

/// An enhanced status code of RFC 3463, such as `5.1.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EnhancedCode {
    /// 2, 4 or 5.
    pub class: u8,
    /// What it is about: 1 addresses, 2 mailboxes, 7 policy.
    pub subject: u16,
    /// What exactly.
    pub detail: u16,
}

impl EnhancedCode {
    /// The code that the text begins with.
    pub fn at_start_of(text: &str) -> Option<Self> {
        let mut parts = text.split_whitespace().next()?.splitn(3, '.');
        let mut number = || parts.next()?.parse::<u16>().ok().filter(|number| *number < 1000);
        let class = u8::try_from(number()?).ok()?;
        let code = Self {
            class,
            subject: number()?,
            detail: number()?,
        };
        matches!(class, 2 | 4 | 5).then_some(code)
    }
}

impl fmt::Display for EnhancedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// What a relay answered. Its words often repeat the recipient's address, so they are personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// To what.
    pub step: Step,
    /// Three digits.
    pub code: u16,
    /// The finer code, where the relay gives one.
    pub enhanced: Option<EnhancedCode>,
    /// Its words, on one line, the first thousand characters of them.
    pub text: Personal<String>,
}

/// More than any relay has to say.
const LONGEST_TEXT: usize = 1000;

/// Codes that ask who we are: the recipient has no part in them.
const ABOUT_SIGNING_IN: [u16; 4] = [530, 534, 535, 538];

impl Reply {
    /// An answer of the relay. What would move the cursor of a terminal is taken out of its words.
    pub fn new(step: Step, code: u16, text: &str) -> Self {
        let shown = text.chars().map(|c| if c.is_control() { ' ' } else { c });
        Self {
            step,
            code,
            enhanced: EnhancedCode::at_start_of(text),
            text: Personal::new(shown.take(LONGEST_TEXT).collect()),
        }
    }

    /// Whether it speaks of us, not of the recipient: nobody else's mail would fare better, and nobody's address is wrong.
    pub fn is_about_us(&self) -> bool {
        self.step < Step::Recipient || ABOUT_SIGNING_IN.contains(&self.code)
    }

    /// What a refusal says of the address. Hard only where it says that there is no such mailbox.
    pub fn bounce(&self) -> Returned {
        let no_such_mailbox = match self.enhanced {
            Some(EnhancedCode {
                class: 5,
                subject,
                detail,
            }) => matches!((subject, detail), (1, 1..=3 | 6 | 10) | (2, 1)),
            Some(_) => false,
            None => self.step == Step::Recipient && matches!(self.code, 550 | 551 | 553),
        };
        if no_such_mailbox {
            Returned::Hard
        } else {
            Returned::Soft
        }
    }
}

/// Code and place, without the relay's words.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = self.enhanced {
            write!(f, " {enhanced}")?;
        }
        write!(f, " to {}", self.step)
    }
}

/// Why a message has to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The relay said so.
    Reply(Reply),
    /// Something here.
    Here(Reason),
}

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier has it.
    Accepted {
        /// The relay's answer; a folder gives none.
        reply: Option<Reply>,
    },
    /// Not now (4xx).
    Deferred {
        /// Why.
        cause: Cause,
        /// When it is worth trying again, where that depends on us and not on how often it was tried.
        retry_in: Option<Duration>,
    },
    /// No (5xx).
    Refused {
        /// The relay's answer.
        reply: Reply,
    },
    /// The relay could not be talked to, or sent us away (421, no encryption, wrong credentials). This message was not
    /// judged.
    ConnectionFailed {
        /// For the operator.
        why: Reason,
        /// The relay's answer, if it gave one.
        reply: Option<Reply>,
    },
    /// The whole message was handed over and no answer came: it may have been taken.
    InDoubt {
        /// For the operator.
        why: Reason,
    },
    /// It cannot be built from what is kept of it.
    Unbuildable {
        /// For the operator.
        why: Reason,
    },
    /// The program failed at it.
    Panicked,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(step: Step, code: u16, text: &str) -> Reply {
        Reply::new(step, code, text)
    }

    #[test]
    fn what_a_relay_said_is_shown_by_its_codes_only() {
        let reply = reply(Step::Recipient, 550, "5.1.1 <taro@example.jp> unknown");
        assert_eq!(reply.to_string(), "550 5.1.1 to RCPT");
        assert!(!format!("{:?}", Outcome::Refused { reply }).contains("taro"));
    }

    #[test]
    fn what_a_relay_said_is_kept_short_and_moves_no_cursor() {
        let reply = reply(
            Step::Message,
            554,
            &format!("5.6.0 a\u{1b}[2Jb\u{9b}c{}", "x".repeat(100_000)),
        );
        let text = reply.text.reveal();
        assert!(text.starts_with("5.6.0 a [2Jb cxxx"), "{text}");
        assert_eq!(text.chars().count(), 1000);
    }

    #[test]
    fn enhanced_codes_are_read_where_they_are_ones() {
        let code = |text| EnhancedCode::at_start_of(text).map(|code| code.to_string());
        assert_eq!(code("4.2.0 try later").as_deref(), Some("4.2.0"));
        for text in ["", "ok", "3.1.1 x", "5.1 x", "5.1.1000", "1.2.3.4", "300.1.1"] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn only_an_address_that_does_not_exist_is_a_hard_bounce() {
        for (step, code, text, bounce) in [
            (Step::Recipient, 550, "5.1.1 no such user", Returned::Hard),
            (Step::Recipient, 550, "User unknown", Returned::Hard),
            (Step::Message, 550, "5.2.1 disabled", Returned::Hard),
            (Step::Recipient, 550, "5.7.1 relaying denied", Returned::Soft),
            (Step::Recipient, 552, "5.2.2 mailbox full", Returned::Soft),
            (Step::Message, 554, "spam", Returned::Soft),
            (Step::Message, 550, "spam", Returned::Soft),
        ] {
            assert_eq!(reply(step, code, text).bounce(), bounce, "{code} {text}");
        }
    }

    #[test]
    fn a_relay_that_does_not_know_us_says_nothing_of_the_recipient() {
        assert!(reply(Step::Sender, 550, "5.7.1 sender refused").is_about_us());
        assert!(reply(Step::Recipient, 530, "5.7.0 sign in first").is_about_us());
        assert!(!reply(Step::Recipient, 550, "5.1.1 no such user").is_about_us());
    }
}
