//! `sengen mail read`: how a raw message is understood, for operators and for tests.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use mail::incoming::{self, Bounce, CharsetDecision, MailKind, ReadLimits, Reading};
use serde::Serialize;

use crate::cli::MailReadArgs;
use crate::exit::{Exit, Failure};
use crate::output;

/// What is printed as JSON. Names and shapes are relied on: they are only added to.
#[derive(Serialize)]
struct Printed<'a> {
    kind: MailKind,
    sender: Option<&'a str>,
    sender_name: Option<&'a str>,
    subject: &'a str,
    text: &'a str,
    html: Option<&'a str>,
    charset: &'a CharsetDecision,
    attachments: Vec<PrintedAttachment<'a>>,
    bounce: Option<&'a Bounce>,
    may_be_answered: bool,
    message_id: Option<&'a str>,
    answers: &'a [String],
    date: Option<String>,
    problem: Option<String>,
}

#[derive(Serialize)]
struct PrintedAttachment<'a> {
    name: Option<&'a str>,
    #[serde(rename = "type")]
    content_type: &'a str,
    bytes: usize,
}

/// Reads the file and prints what it says.
pub fn run(args: &MailReadArgs) -> Result<(), Failure> {
    let limits = ReadLimits::default();
    let reading = read(&args.file, &limits, args.charset.as_deref())?;
    if args.json {
        let printed = serde_json::to_string(&printed(&reading));
        output::line(&printed.map_err(|error| Failure::from_error(Exit::Other, &error))?);
    } else {
        print(&reading);
    }
    Ok(())
}

/// What costs too much is seen by its length, and only its beginning is read.
fn read(path: &Path, limits: &ReadLimits, charset: Option<&str>) -> Result<Reading, Failure> {
    let failed = |error: &std::io::Error| {
        let file = path.display();
        Failure::new(Exit::Input, format!("{file} cannot be read: {error}"))
    };
    if charset.is_some_and(|name| !incoming::is_charset(name)) {
        return Err(Failure::new(
            Exit::Usage,
            "there is no such charset; try utf-8, iso-2022-jp, shift_jis or euc-jp",
        ));
    }
    let file = File::open(path).map_err(|error| failed(&error))?;
    let length = file.metadata().map_err(|error| failed(&error))?.len();
    let most = u64::try_from(limits.size).unwrap_or(u64::MAX);
    let wanted = if length > most {
        incoming::BEGINNING as u64
    } else {
        most + 1
    };
    let mut raw = Vec::new();
    file.take(wanted)
        .read_to_end(&mut raw)
        .map_err(|error| failed(&error))?;
    Ok(if length > most {
        incoming::too_large(&raw, length, limits)
    } else {
        incoming::read_as(&raw, limits, charset)
    })
}

fn printed(reading: &Reading) -> Printed<'_> {
    let sender = reading.sender.as_ref();
    Printed {
        kind: reading.kind,
        sender: sender.map(|it| it.address.as_str()),
        sender_name: sender.map(|it| it.name.as_str()).filter(|it| !it.is_empty()),
        subject: &reading.subject,
        text: &reading.text,
        html: reading.html.as_deref(),
        charset: &reading.charset,
        attachments: reading
            .attachments
            .iter()
            .map(|it| PrintedAttachment {
                name: it.name.as_deref(),
                content_type: &it.content_type,
                bytes: it.bytes.len(),
            })
            .collect(),
        bounce: reading.bounce.as_ref(),
        may_be_answered: reading.may_be_answered,
        message_id: reading.message_id.as_deref(),
        answers: &reading.answers,
        date: reading.date.map(|it| it.to_rfc3339()),
        problem: reading.problem.map(|it| it.to_string()),
    }
}

/// For people: what matters first, then the text.
fn print(reading: &Reading) {
    let kind = match reading.kind {
        MailKind::Human => "from a person",
        MailKind::AutoReply => "from a program",
        MailKind::List => "from a list",
        MailKind::Bounce => "a report that a message did not arrive",
        MailKind::Unreadable => "cannot be taken apart",
    };
    output::line(&format!("kind:    {kind}"));
    if let Some(problem) = &reading.problem {
        output::line(&format!("why:     {problem}"));
    }
    if let Some(sender) = &reading.sender {
        let named = format!("{} <{}>", sender.name, sender.address);
        output::line(&format!("from:    {}", named.trim_start()));
    }
    output::line(&format!("subject: {}", reading.subject));
    let charset = &reading.charset;
    let declared = charset.declared.as_deref().unwrap_or("nothing");
    output::line(&format!("charset: {}, the message says {declared}", charset.used));
    for attached in &reading.attachments {
        let name = attached.name.as_deref().unwrap_or("without a name");
        output::line(&format!(
            "with:    {name}, {}, {} bytes",
            attached.content_type,
            attached.bytes.len()
        ));
    }
    if let Some(bounce) = &reading.bounce {
        let recipient = bounce
            .recipient
            .as_deref()
            .unwrap_or("an address that is not named");
        let status = bounce.status.as_deref().unwrap_or("no code");
        output::line(&format!(
            "about:   {recipient}, {status}, {}",
            bounce.kind.as_str()
        ));
    }
    output::line(&format!("\n{}", reading.text));
}
