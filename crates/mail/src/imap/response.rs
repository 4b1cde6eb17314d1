//! What an answer says, as far as it matters to us. What is not understood is nothing, never an error: servers say many things unasked.

use super::value::{Value, Values};
use super::wire::Raw;

/// One answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Response {
    /// The server waits for the rest of a command.
    Continue,
    /// A command is done.
    Done { tag: String, answer: Answer },
    /// Something beside.
    Untagged(Untagged),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    pub status: Status,
    pub code: Option<Code>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    No,
    Bad,
}

/// The codes that matter to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    UidValidity(u32),
    /// One of [`KNOWN`].
    Reason(&'static str),
}

/// Codes of RFC 5530 and 3501. Only these are shown: others could hold anything.
const KNOWN: [&str; 17] = [
    "ALERT",
    "AUTHENTICATIONFAILED",
    "AUTHORIZATIONFAILED",
    "CANNOT",
    "CONTACTADMIN",
    "CORRUPTION",
    "EXPIRED",
    "EXPUNGEISSUED",
    "INUSE",
    "LIMIT",
    "NONEXISTENT",
    "NOPERM",
    "OVERQUOTA",
    "PRIVACYREQUIRED",
    "SERVERBUG",
    "TRYCREATE",
    "UNAVAILABLE",
];

impl Answer {
    pub fn is_ok(self) -> bool {
        self.status == Status::Ok
    }

    /// The server's reason, if it gave one that we know.
    pub const fn reason(self) -> Option<&'static str> {
        match self.code {
            Some(Code::Reason(word)) => Some(word),
            _ => None,
        }
    }

    /// Whether it says of itself that it is a matter of time.
    pub fn is_temporary(self) -> bool {
        matches!(self.reason(), Some("UNAVAILABLE" | "INUSE" | "LIMIT"))
    }
}

/// What a server says beside the answer, or unasked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Untagged {
    Ok(Option<Code>),
    /// It ends the conversation.
    Bye(Option<&'static str>),
    /// Nobody needs to sign in.
    Preauth,
    Exists(u32),
    Expunge,
    Fetch(Fetch),
    /// Something about a message that cannot be read.
    Garbled,
    Capabilities(Capabilities),
    Other,
}

/// What of a message came.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fetch {
    pub uid: Option<u32>,
    pub size: Option<u64>,
    pub body: Option<Vec<u8>>,
}

/// What a server can do, as far as we use it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the server lists them one by one")]
pub(super) struct Capabilities {
    pub idle: bool,
    pub start_tls: bool,
    pub auth_plain: bool,
    pub login_disabled: bool,
}

/// Reads an answer.
pub(super) fn parse(mut raw: Raw) -> Response {
    let (first, rest) = word(&raw.text);
    match first {
        b"+" => Response::Continue,
        b"*" => {
            let start = raw.text.len() - rest.len();
            Response::Untagged(untagged(&mut raw, start))
        }
        tag => match answer(rest) {
            Some(answer) => Response::Done {
                tag: String::from_utf8_lossy(tag).into_owned(),
                answer,
            },
            None => Response::Untagged(Untagged::Other),
        },
    }
}

fn answer(text: &[u8]) -> Option<Answer> {
    let (status, rest) = word(text);
    let status = match status.to_ascii_uppercase().as_slice() {
        b"OK" => Status::Ok,
        b"NO" => Status::No,
        b"BAD" => Status::Bad,
        _ => return None,
    };
    Some(Answer {
        status,
        code: code(rest),
    })
}

fn code(text: &[u8]) -> Option<Code> {
    let inside = text.strip_prefix(b"[")?.split(|byte| *byte == b']').next()?;
    let (name, rest) = word(inside);
    if name.eq_ignore_ascii_case(b"UIDVALIDITY") {
        // Zero is no number that a folder can have.
        return number(rest).filter(|number| *number != 0).map(Code::UidValidity);
    }
    let known = KNOWN
        .iter()
        .find(|known| name.eq_ignore_ascii_case(known.as_bytes()));
    known.map(|known| Code::Reason(known))
}

fn untagged(raw: &mut Raw, start: usize) -> Untagged {
    let text = raw.text.get(start..).unwrap_or_default();
    let (first, rest) = word(text);
    match first.to_ascii_uppercase().as_slice() {
        b"OK" => Untagged::Ok(code(rest)),
        b"BYE" => Untagged::Bye(match code(rest) {
            Some(Code::Reason(word)) => Some(word),
            _ => None,
        }),
        b"PREAUTH" => Untagged::Preauth,
        b"CAPABILITY" => Untagged::Capabilities(capabilities(rest)),
        _ => match number(first) {
            Some(number) => about(raw, number, raw.text.len() - rest.len()),
            None => Untagged::Other,
        },
    }
}

/// What is said of a message, or of how many there are.
fn about(raw: &mut Raw, number: u32, start: usize) -> Untagged {
    let (what, rest) = word(raw.text.get(start..).unwrap_or_default());
    let start = raw.text.len() - rest.len();
    match what.to_ascii_uppercase().as_slice() {
        b"EXISTS" => Untagged::Exists(number),
        b"EXPUNGE" => Untagged::Expunge,
        b"FETCH" => fetch(raw, start).map_or(Untagged::Garbled, Untagged::Fetch),
        _ => Untagged::Other,
    }
}

fn capabilities(text: &[u8]) -> Capabilities {
    let has = |wanted: &str| {
        text.split(|byte| *byte == b' ')
            .any(|word| word.eq_ignore_ascii_case(wanted.as_bytes()))
    };
    Capabilities {
        idle: has("IDLE"),
        start_tls: has("STARTTLS"),
        auth_plain: has("AUTH=PLAIN"),
        login_disabled: has("LOGINDISABLED"),
    }
}

/// The attributes of a message. `None`: they are no list of pairs.
fn fetch(raw: &mut Raw, start: usize) -> Option<Fetch> {
    let mut values = Values::behind(raw, start);
    let mut fetch = Fetch::default();
    if !values.take(b'(') {
        return None;
    }
    loop {
        values.skip_spaces();
        if values.take(b')') {
            return Some(fetch);
        }
        let name = values.name().to_ascii_uppercase();
        values.skip_spaces();
        let value = values.value()?;
        match (name.as_slice(), value) {
            (b"", _) => return None,
            (b"UID", Value::Atom(digits)) => fetch.uid = number(digits),
            (b"RFC822.SIZE", Value::Atom(digits)) => fetch.size = number(digits),
            (name, Value::Bytes(bytes)) if name.starts_with(b"BODY[]") => fetch.body = Some(bytes),
            _ => {}
        }
    }
}

fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| *byte == b' ').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.strip_prefix(b" ").unwrap_or_default())
}

fn number<N: std::str::FromStr>(digits: &[u8]) -> Option<N> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str, literals: &[&[u8]]) -> Response {
        parse(Raw {
            text: text.as_bytes().to_vec(),
            literals: literals.iter().map(|it| it.to_vec()).collect(),
        })
    }

    fn done(status: Status, code: Option<Code>) -> Response {
        Response::Done {
            tag: "a7".to_owned(),
            answer: Answer { status, code },
        }
    }

    #[test]
    fn a_command_ends_well_or_badly_for_a_reason_that_we_know_or_for_none() {
        assert_eq!(of("a7 OK done", &[]), done(Status::Ok, None));
        assert_eq!(of("a7 ok", &[]), done(Status::Ok, None));
        let failed = Some(Code::Reason("AUTHENTICATIONFAILED"));
        assert_eq!(
            of("a7 NO [AuthenticationFailed] no", &[]),
            done(Status::No, failed)
        );
        assert_eq!(
            of("a7 BAD [GEHEIM hanako@example.jp] no", &[]),
            done(Status::Bad, None)
        );
        assert_eq!(of("a7 WHAT", &[]), Response::Untagged(Untagged::Other));
        assert_eq!(of("+ go on", &[]), Response::Continue);
        assert_eq!(of("+", &[]), Response::Continue);
    }

    #[test]
    fn what_is_said_beside_is_understood_where_it_matters() {
        let validity = Untagged::Ok(Some(Code::UidValidity(17)));
        for (text, said) in [
            ("* OK [UIDVALIDITY 17] valid", validity),
            ("* OK [UIDVALIDITY 0] valid", Untagged::Ok(None)),
            ("* OK hello", Untagged::Ok(None)),
            ("* BYE [UNAVAILABLE] later", Untagged::Bye(Some("UNAVAILABLE"))),
            ("* PREAUTH hello", Untagged::Preauth),
            ("* 23 EXISTS", Untagged::Exists(23)),
            ("* 2 expunge", Untagged::Expunge),
            ("* 99999999999 EXISTS", Untagged::Other),
            ("* FLAGS (\\Seen)", Untagged::Other),
            ("* ", Untagged::Other),
            ("*", Untagged::Other),
        ] {
            assert_eq!(of(text, &[]), Response::Untagged(said), "{text}");
        }
        let Response::Untagged(Untagged::Capabilities(can)) =
            of("* CAPABILITY IMAP4rev1 idle AUTH=PLAIN AUTH=LOGIN", &[])
        else {
            panic!("it is a list of capabilities");
        };
        assert!(can.idle && can.auth_plain && !can.start_tls && !can.login_disabled);
    }

    fn fetched(text: &str, literals: &[&[u8]]) -> Option<Fetch> {
        match of(text, literals) {
            Response::Untagged(Untagged::Fetch(fetch)) => Some(fetch),
            _ => None,
        }
    }

    #[test]
    fn a_message_is_found_among_what_is_said_of_it() {
        let whole = Fetch {
            uid: Some(7),
            size: Some(5),
            body: Some(b"a(b\"c".to_vec()),
        };
        for (text, literals) in [
            (
                "* 3 FETCH (UID 7 RFC822.SIZE 5 BODY[] {5})",
                &[&b"a(b\"c"[..]][..],
            ),
            (
                "* 3 FETCH (BODY[] {5} UID 7 FLAGS (\\Seen (x \")\" {1})) RFC822.SIZE 5)",
                &[b"a(b\"c", b")"],
            ),
            (r#"* 3 fetch (uid 7 body[] "a(b\"c" rfc822.size 5)"#, &[]),
            (
                "* 3 FETCH (X[A (B C)]<0> NIL UID 7 BODY[]<0> {5}  RFC822.SIZE 5 MODSEQ (12) )",
                &[b"a(b\"c"],
            ),
        ] {
            assert_eq!(fetched(text, literals).as_ref(), Some(&whole), "{text}");
        }
        let none = fetched("* 3 FETCH (UID 7 BODY[] NIL)", &[]);
        assert_eq!(none.map(|it| (it.uid, it.body)), Some((Some(7), None)));
    }

    #[test]
    fn what_is_no_list_of_pairs_is_no_message() {
        for text in [
            "* 3 FETCH",
            "* 3 FETCH (",
            "* 3 FETCH (UID",
            "* 3 FETCH (UID 7",
            "* 3 FETCH (BODY[] {5})",
            "* 3 FETCH (BODY[] \"abc)",
            "* 3 FETCH (FLAGS ((((",
            "* 3 FETCH (((",
        ] {
            assert_eq!(fetched(text, &[]), None, "{text}");
        }
        let deep = format!("* 3 FETCH (X {}{} UID 7)", "(".repeat(30_000), ")".repeat(30_000));
        assert_eq!(fetched(&deep, &[]).and_then(|it| it.uid), Some(7));
    }

    proptest! {
        #[test]
        fn nothing_that_a_server_says_breaks_us(
            text in proptest::collection::vec(
                prop_oneof![Just("* "), Just("3 "), Just("FETCH "), Just("("), Just(")"), Just("\""), Just("\\"), Just("{1}"),
                    Just("{"), Just("["), Just("]"), Just("UID "), Just("BODY[] "), Just("OK "), Just("a1 "), Just("日")],
                0..30,
            ),
        ) {
            of(&text.concat(), &[b"x"]);
        }
    }
}
