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

/// Reads the groups; `None`: nothing failed. `prose`: what the report says to people.
pub(super) fn read(status: &[u8], prose: &str) -> Option<Bounce> {
    let recipients = recipients(status);
    let failed = recipients.iter().find(|it| it.action == "failed");
    let delayed = || recipients.iter().find(|it| it.action == "delayed");
    // Some write no action, or one of their own: a code that is no success is a failure.
    let other = || {
        recipients.iter().find(|it| {
            !matches!(it.action.as_str(), "delivered" | "relayed" | "expanded")
                && judge::class(it.status.as_deref()).is_none_or(|(class, ..)| class != 2)
        })
    };
    let recipient = failed.or_else(delayed).or_else(other)?;
    let kind = if recipient.action == "delayed" {
        BounceKind::Soft
    } else {
        judge::failure(recipient.status.as_deref(), &words(recipient, prose))
    };
    Some(Bounce {
        kind,
        recipient: recipient.address.clone(),
        status: recipient.status.clone(),
        original_message_id: None,
    })
}

/// What a server said, or, when it said nothing, what is said to people.
fn words(recipient: &Recipient, prose: &str) -> String {
    if recipient.words.is_empty() {
        prose.to_owned()
    } else {
        recipient.words.clone()
    }
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
    let words = group.get("diagnostic-code").unwrap_or_default();
    let code = group
        .get("status")
        .and_then(|it| it.split_whitespace().next().map(str::to_owned))
        .filter(|it| judge::class(Some(it)).is_some());
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
    address.contains('@').then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(fields: &str) -> Option<Bounce> {
        read(
            format!("Reporting-MTA: dns; mx.example.jp\r\n\r\n{fields}\r\n").as_bytes(),
            "",
        )
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
            read_one("Final-Recipient: rfc822; a@example.jp\r\nAction: relayed\r\nStatus: 2.1.5"),
            None
        );
        assert_eq!(read(b"", ""), None);
        assert_eq!(read(b"\r\n\r\n???\r\n", ""), None);
    }
}
