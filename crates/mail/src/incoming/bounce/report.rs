//! `message/delivery-status` (RFC 3464): a group of fields about the message, and one for each recipient.

use super::super::header::Header;
use super::{Bounce, BounceKind, judge};

/// What happened to one recipient.
struct Recipient {
    address: Option<String>,
    action: String,
    status: Option<String>,
    words: String,
}

/// What a report says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The message did not arrive, or not yet.
    Failed(Bounce),
    /// It arrived.
    Arrived,
    /// No recipient is named.
    Nothing,
}

/// Reads the groups. `prose`: what the report says to people.
pub(super) fn read(status: &[u8], prose: &str) -> Outcome {
    let recipients = recipients(status);
    if recipients.is_empty() {
        return Outcome::Nothing;
    }
    let failed = recipients.iter().find(|it| it.action == "failed");
    let delayed = || recipients.iter().find(|it| it.action == "delayed");
    // Some write no action, or one of their own: a code that is no success is a failure.
    let other = || {
        recipients.iter().find(|it| {
            !matches!(it.action.as_str(), "delivered" | "relayed" | "expanded")
                && judge::class(it.status.as_deref()).is_none_or(|(class, ..)| class != 2)
        })
    };
    let Some(recipient) = failed.or_else(delayed).or_else(other) else {
        return Outcome::Arrived;
    };
    let is_delay = recipient.action == "delayed";
    let kind = if is_delay {
        BounceKind::Soft
    } else {
        // What a server said, or, when it said nothing, what is said to people.
        let words = if recipient.words.is_empty() {
            prose
        } else {
            &recipient.words
        };
        judge::failure(recipient.status.as_deref(), words, recipient.address.as_deref())
    };
    Outcome::Failed(Bounce {
        kind,
        is_delay,
        recipient: recipient.address.clone(),
        status: recipient.status.clone(),
        original_message_id: None,
    })
}

/// The id of the message, where a server that sets a new one says which it had.
pub(super) fn original_message_id(status: &[u8]) -> Option<String> {
    super::message_id(&Header::read(status).0, "x-original-message-id")
}

fn recipients(status: &[u8]) -> Vec<Recipient> {
    const MOST: usize = 1_000;
    let mut recipients = Vec::new();
    let mut rest = status;
    while !rest.is_empty() && recipients.len() < MOST {
        let (group, length) = Header::read(rest);
        recipients.extend(recipient(&group));
        // An empty group is an empty line; one that cannot be read is passed over.
        rest = rest.get(length.max(1)..).unwrap_or_default();
    }
    recipients
}

fn recipient(group: &Header<'_>) -> Option<Recipient> {
    if !group.has("final-recipient") && !group.has("original-recipient") && !group.has("action") {
        return None;
    }
    let diagnostic = group.get("diagnostic-code").unwrap_or_default();
    let status = group.get("status").unwrap_or_default();
    // Behind the code some say what it means.
    let (code, meaning) = status.split_once(char::is_whitespace).unwrap_or((&status, ""));
    let words = format!("{diagnostic} {meaning}").trim().to_owned();
    let code = Some(code.to_owned()).filter(|it| judge::class(Some(it)).is_some());
    let vague = code.as_deref().is_none_or(|it| it.ends_with(".0.0"));
    let status = if vague {
        judge::code_in(&words)
            .or(code)
            .or_else(|| judge::answer_in(&words))
    } else {
        code
    };
    Some(Recipient {
        // The one that we wrote to, should the server have passed it on to another.
        address: ["original-recipient", "final-recipient", "x-actual-recipient"]
            .into_iter()
            .find_map(|name| address(&group.get(name)?)),
        action: group
            .get("action")
            .unwrap_or_default()
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase(),
        status,
        words,
    })
}

/// `rfc822; taro@example.jp`, with or without its type, brackets and a comment.
fn address(value: &str) -> Option<String> {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    let address = address.trim();
    let address = match (address.find('<'), address.rfind('>')) {
        (Some(from), Some(to)) if from < to => address.get(from + 1..to)?,
        _ => address.split_whitespace().next()?,
    };
    let address = address.trim_matches(['<', '>']);
    address.contains('@').then(|| unescaped(address))
}

/// With the characters that stand as `\x{82B1}` where only ASCII may (RFC 6533).
fn unescaped(address: &str) -> String {
    let mut parts = address.split("\\x{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let character = part.split_once('}').and_then(|(number, rest)| {
            let character = char::from_u32(u32::from_str_radix(number, 16).ok()?)?;
            (!character.is_control()).then_some((character, rest))
        });
        if let Some((character, rest)) = character {
            text.push(character);
            text.push_str(rest);
        } else {
            text.push_str("\\x{");
            text.push_str(part);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(fields: &str) -> Outcome {
        read(
            format!("Reporting-MTA: dns; mx.example.jp\r\n\r\n{fields}\r\n").as_bytes(),
            "",
        )
    }

    fn read_one(fields: &str) -> Option<Bounce> {
        match outcome(fields) {
            Outcome::Failed(bounce) => Some(bounce),
            Outcome::Arrived | Outcome::Nothing => None,
        }
    }

    #[test]
    fn the_recipient_that_failed_counts_before_one_that_waits_and_one_that_arrived() {
        let fields = "Final-Recipient: rfc822; a@example.jp\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n\
                      Final-Recipient: rfc822; b@example.jp\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n\
                      Original-Recipient: rfc822;c@example.jp\r\nFinal-Recipient: rfc822; <d@example.jp>\r\nAction: failed\r\nStatus: 5.1.1 (no)";
        let bounce = read_one(fields).unwrap();
        assert_eq!(bounce.kind, BounceKind::Hard);
        assert_eq!(bounce.recipient.as_deref(), Some("c@example.jp"));
        assert_eq!(bounce.status.as_deref(), Some("5.1.1"));
    }

    #[test]
    fn a_vague_code_is_read_from_what_the_server_said() {
        let said = "Final-Recipient: a@example.jp\r\nAction: Failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550 5.2.2 full";
        let bounce = read_one(said).unwrap();
        assert_eq!(
            (bounce.kind, bounce.status.as_deref()),
            (BounceKind::Soft, Some("5.2.2"))
        );
        let none =
            "Final-Recipient: a@example.jp\r\nAction: failed\r\nDiagnostic-Code: smtp; 550 User unknown";
        let bounce = read_one(none).unwrap();
        assert_eq!(
            (bounce.kind, bounce.status.as_deref()),
            (BounceKind::Hard, Some("5.0.0"))
        );
    }

    #[test]
    fn what_arrived_is_no_bounce() {
        assert_eq!(
            outcome("Final-Recipient: rfc822; a@example.jp\r\nAction: relayed\r\nStatus: 2.1.5"),
            Outcome::Arrived
        );
        assert_eq!(read(b"", ""), Outcome::Nothing);
        assert_eq!(read(b"\r\n\r\n???\r\n", ""), Outcome::Nothing);
    }

    #[test]
    fn what_stands_behind_the_code_says_what_it_means() {
        let fields = "Final-Recipient: a@example.jp\r\nAction: failed\r\nStatus: 5.0.0 (unknown user)";
        assert_eq!(read_one(fields).unwrap().kind, BounceKind::Hard);
    }

    #[test]
    fn characters_that_were_escaped_are_read() {
        for (text, read) in [
            ("utf-8; \\x{82B1}\\x{5B50}@a.example", "花子@a.example"),
            (
                "utf-8; \\x{D800}\\x{zz}\\x{@a.example",
                "\\x{D800}\\x{zz}\\x{@a.example",
            ),
        ] {
            assert_eq!(address(text).as_deref(), Some(read));
        }
    }
}
