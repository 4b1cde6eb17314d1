//! Whether a person wrote a message, and whether it may be answered by itself (RFC 3834).

use serde::Serialize;

use super::header::Header;
use super::mailbox;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Somebody wrote it.
    Human,
    /// A program answers, or says something by itself.
    AutoReply,
    /// It went to a list.
    List,
    /// A server says that a message did not arrive.
    Bounce,
    /// It is kept as it is; a person looks at it.
    Unreadable,
}

/// Of a message that is no bounce. `is_report`: as a whole it reports that something arrived, was read or is complained about.
pub(super) fn of(header: &Header<'_>, is_report: bool) -> MailKind {
    if is_report || is_automatic(header) {
        MailKind::AutoReply
    } else if is_of_a_list(header) {
        MailKind::List
    } else if has_no_way_back(header) {
        MailKind::AutoReply
    } else {
        MailKind::Human
    }
}

/// Whether a program may answer. Never to programs, to lists, to nobody, and to those who say that they read nothing.
pub(super) fn may_be_answered(kind: MailKind, header: &Header<'_>, sender: Option<&str>) -> bool {
    const DEAF: &[&str] = &[
        "mailer-daemon",
        "postmaster",
        "noreply",
        "no-reply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "do_not_reply",
    ];
    let Some(sender) = sender else { return false };
    let local = sender
        .rsplit_once('@')
        .map_or(sender, |(local, _)| local)
        .to_ascii_lowercase();
    kind == MailKind::Human
        && !header.has("x-auto-response-suppress")
        && !header.has("x-loop")
        && !header.has("feedback-id")
        && !DEAF
            .iter()
            .any(|it| local == *it || local.starts_with(&format!("{it}+")))
        && !local.starts_with("owner-")
        && !local.ends_with("-request")
}

fn is_automatic(header: &Header<'_>) -> bool {
    // "no" is what a person's program says; what stands behind a semicolon belongs to the keyword.
    let submitted = header.get("auto-submitted");
    let keyword = submitted
        .as_deref()
        .and_then(|it| it.split([';', '(', ' ']).next());
    keyword.is_some_and(|it| !it.trim().is_empty() && !it.trim().eq_ignore_ascii_case("no"))
        || is_an_answer_of_a_program(header)
}

/// What programs that answer for somebody say of themselves, and mail servers never do.
pub(super) fn is_an_answer_of_a_program(header: &Header<'_>) -> bool {
    precedence(header).is_some_and(|it| it == "auto_reply" || it == "auto-reply")
        || [
            "x-autoreply",
            "x-autorespond",
            "x-autoresponder",
            "x-autoreply-from",
            "x-mail-autoreply",
        ]
        .iter()
        .any(|name| header.get(name).is_some_and(|it| !it.eq_ignore_ascii_case("no")))
        || says_so_in_its_subject(header)
}

/// What programs put before a subject, for those that say it nowhere else. Somebody's answer to such a message begins with something else.
fn says_so_in_its_subject(header: &Header<'_>) -> bool {
    const BEGINNINGS: &[&str] = &[
        "自動応答:",
        "自動応答：",
        "自動返信:",
        "自動返信：",
        "[自動返信]",
        "【自動返信】",
        "(自動返信)",
        "（自動返信）",
        "[自動応答]",
        "【自動応答】",
        "自動返信メール",
        "不在通知:",
        "不在通知：",
        "automatic reply:",
        "auto reply:",
        "auto-reply:",
        "autoreply:",
        "auto response:",
        "out of office:",
        "out of the office:",
        "out of office autoreply",
        "vacation:",
    ];
    let subject = header.text("subject").unwrap_or_default().to_lowercase();
    BEGINNINGS.iter().any(|it| subject.starts_with(it))
}

fn is_of_a_list(header: &Header<'_>) -> bool {
    [
        "list-id",
        "list-post",
        "list-unsubscribe",
        "list-help",
        "mailing-list",
        "x-ml-name",
        "x-mailing-list",
        "x-mlserver",
        "x-ml-info",
    ]
    .iter()
    .any(|name| header.has(name))
        || precedence(header).is_some_and(|it| matches!(it.as_str(), "list" | "bulk" | "junk"))
}

fn precedence(header: &Header<'_>) -> Option<String> {
    Some(header.get("precedence")?.trim().to_ascii_lowercase())
}

fn has_no_way_back(header: &Header<'_>) -> bool {
    let from = header.get("from").unwrap_or_default();
    let is_daemon = mailbox::read(&from)
        .iter()
        .any(|it| it.address.to_ascii_lowercase().starts_with("mailer-daemon@"));
    is_daemon || header.get("return-path").is_some_and(|path| path.trim() == "<>")
}
