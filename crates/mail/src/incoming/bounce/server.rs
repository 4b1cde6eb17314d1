//! Whether a message is from a mail server itself, and how sure that is.

use super::super::header::Header;
use super::super::mailbox;
use super::vocabulary::{DISPLAY_NAMES, LOCAL_PARTS};

/// What the header says of its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    /// It calls itself a mail server.
    Server,
    /// It wants no report of its own, which programs of all kinds want.
    Program,
    /// Somebody, as far as can be seen.
    Person,
}

/// Looks at who sent a message.
pub(super) fn sender(header: &Header<'_>) -> Sender {
    let path = header.get("return-path");
    let has_no_path = path.as_deref().is_some_and(|path| path.trim() == "<>");
    // People write from addresses of that kind, too, and then errors come back to them.
    let may_be_a_person = path.is_some() && !has_no_path;
    match name(header) {
        Some(Name::Daemon) => Sender::Server,
        Some(Name::Office) if !may_be_a_person => Sender::Server,
        _ if has_no_path => Sender::Program,
        _ => Sender::Person,
    }
}

enum Name {
    /// Nobody but a server is called so.
    Daemon,
    /// So is called whoever looks after a server, and the server itself.
    Office,
}

fn name(header: &Header<'_>) -> Option<Name> {
    let from = header.get("from")?;
    let Some(sender) = mailbox::read(&from).into_iter().next() else {
        // Servers that have no address, and say at most what they are.
        let shown = header.text("from").unwrap_or_default().to_lowercase();
        let is_nobody = matches!(from.rsplit_once('<'), Some((_, ">" | "@>")));
        let is_named = LOCAL_PARTS
            .iter()
            .chain(DISPLAY_NAMES)
            .any(|it| shown.contains(it));
        return (is_nobody || is_named).then_some(Name::Daemon);
    };
    let local = sender.address.split('@').next().unwrap_or_default();
    let local = local.to_ascii_lowercase();
    let is_called = |name: &str| {
        local
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('+'))
    };
    if ["mailer-daemon", "mailer_daemon", "mailerdaemon", "mail-daemon"]
        .into_iter()
        .any(is_called)
        // Exchange's own mailbox has a number behind its name.
        || local.starts_with("microsoftexchange")
    {
        return Some(Name::Daemon);
    }
    let shown = sender.name.to_lowercase();
    let is_office =
        LOCAL_PARTS.iter().copied().any(is_called) || DISPLAY_NAMES.iter().any(|it| shown.contains(it));
    is_office.then_some(Name::Office)
}
