//! Why something of ours has no result, or what came out of it: a code that interfaces word in every language, and one English
//! sentence for whoever looks into it.
//!
//! Both stand in one text, `[took_too_long seconds=60] it took longer than 60 s and was ended`, so that they are kept wherever a
//! sentence is kept: in the log, in the tables, in a copy of them. A text without a code is from outside (a relay's answer), or from
//! before there were codes; it is shown as it is.
//!
//! **To add a reason:** a variant here, its twin in `admin-api`, and its words in both languages in the console's `reason`.

use std::fmt;

use crate::wire::wire_enum;

wire_enum! {
    /// What a sentence of ours says.
    ReasonCode {
        /// The program failed at a job.
        Panicked = "panicked",
        /// A job was ended from within.
        Ended = "ended",
        /// An attempt at a job took longer than it may. Counts seconds.
        TookTooLong = "took_too_long",
        /// The process that ran a job ended, each time.
        ProcessEnded = "process_ended",
        /// What a job wanted written was refused.
        WriteRefused = "write_refused",
        /// The database took too long.
        DatabaseLate = "database_late",
        /// The database could not be asked.
        DatabaseUnavailable = "database_unavailable",
        /// The disk of the database is full, or fails.
        DatabaseDisk = "database_disk",
        /// The database refused what it was asked.
        DatabaseRefused = "database_refused",
        /// The log is not as it was written, so that it cannot be read on.
        LogDamaged = "log_damaged",
        /// Something else went wrong here.
        Fault = "fault",
        /// The log was checked and is as it was written. Counts what was checked.
        LogIntact = "log_intact",
        /// The log was checked and is not as it was written. Counts what was checked, and the breaches.
        LogBreached = "log_breached",
        /// Cases that were kept for their time are forgotten. Counts them.
        CasesForgotten = "cases_forgotten",
        /// A bulk change was tried out. Counts what would be changed and what not.
        BulkTried = "bulk_tried",
        /// A bulk change was carried out. Counts what was changed and what not.
        BulkDone = "bulk_done",
        /// Whoever began a bulk change may not do it any more.
        BulkNotAllowed = "bulk_not_allowed",
        /// What a bulk change is to do cannot be read any more.
        BulkUnreadable = "bulk_unreadable",
        /// Suspicions were looked for. Counts the declarations that were looked at, and what was found.
        ReviewsFound = "reviews_found",
        /// Pages of policies were asked for. Counts those that were, and those that did not answer.
        PagesAsked = "pages_asked",
        /// None of the pages could be reached, so that it is this machine that reaches none. Counts those that were asked for.
        PagesNoLine = "pages_no_line",
        /// Pages of policies are not asked for, as the configuration says.
        PagesOff = "pages_off",
        /// An import was tried out. Counts what would be taken over and what not.
        ImportTried = "import_tried",
        /// An import was carried out. Counts what was taken over and what not.
        ImportDone = "import_done",
        /// Whoever began an import may not do it any more.
        ImportNotAllowed = "import_not_allowed",
        /// The file of an import cannot be read any more.
        ImportUnreadable = "import_unreadable",
        /// A file was made. Counts its rows.
        ExportMade = "export_made",
        /// Whoever asked for a file may not have it any more.
        ExportNotAllowed = "export_not_allowed",
        /// What a file is to be about cannot be read any more.
        ExportUnreadable = "export_unreadable",
        /// There are far more records than somebody agreed to, or than may leave without a second person.
        ExportTooMany = "export_too_many",
        /// There are more records than a workbook takes.
        ExportTooManyForWorkbook = "export_too_many_for_workbook",
        /// The mail relay's name leads nowhere.
        RelayNotFound = "relay_not_found",
        /// The mail relay does not take connections.
        RelayUnreachable = "relay_unreachable",
        /// Mail would leave the machine in clear text, which is not allowed.
        RelayClearText = "relay_clear_text",
        /// The mail relay offers no encryption.
        RelayNoEncryption = "relay_no_encryption",
        /// The mail relay's certificate is none that we trust.
        RelayNotTrusted = "relay_not_trusted",
        /// The mail relay offers no way to sign in that we know.
        RelayNoSignIn = "relay_no_sign_in",
        /// The mail relay refuses our user or password.
        RelaySignInRefused = "relay_sign_in_refused",
        /// The mail relay does not want to talk to us.
        RelaySentAway = "relay_sent_away",
        /// The mail relay said nothing for too long.
        RelaySilent = "relay_silent",
        /// The mail relay broke off, or said what is no answer.
        RelayBroken = "relay_broken",
        /// A message was handed over and no answer came.
        RelayNoAnswer = "relay_no_answer",
        /// The folder that takes the place of a relay cannot be written to.
        FolderUnwritable = "folder_unwritable",
        /// No sender is configured under the name that a message has.
        SenderUnknown = "sender_unknown",
        /// The person that a message is to was forgotten.
        RecipientForgotten = "recipient_forgotten",
        /// The words of a message cannot be read.
        WordsUnreadable = "words_unreadable",
        /// A message cannot be built from its words.
        Unbuildable = "unbuildable",
        /// The program failed at a message.
        MailPanicked = "mail_panicked",
        /// The process that sent a message ended meanwhile.
        MailProcessEnded = "mail_process_ended",
        /// A message waited when the backup was made that the register was restored from.
        WaitedAtBackup = "waited_at_backup",
    }
}

wire_enum! {
    /// What a count beside a reason counts.
    Counted {
        /// Seconds.
        Seconds = "seconds",
        /// Events that were checked.
        Checked = "checked",
        /// Places that are not as they were written.
        Breaches = "breaches",
        /// Cases.
        Cases = "cases",
        /// Records that are changed.
        Changed = "changed",
        /// Records that are left as they are.
        LeftAlone = "left_alone",
        /// Declarations that were looked at.
        LookedAt = "looked_at",
        /// Suspicions.
        Found = "found",
        /// Pages that were asked for.
        Asked = "asked",
        /// Pages that did not answer.
        Failing = "failing",
        /// Rows of a file.
        Rows = "rows",
        /// Files.
        Files = "files",
    }
}

/// A reason or a result: a sentence, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    code: Option<ReasonCode>,
    counts: Vec<(Counted, u64)>,
    text: String,
}

impl Reason {
    /// A sentence of ours, without personal data.
    pub fn new(code: ReasonCode, text: impl Into<String>) -> Self {
        Self {
            code: Some(code),
            counts: Vec::new(),
            text: text.into(),
        }
    }

    /// Words that are not ours, without personal data.
    pub fn outside(text: impl Into<String>) -> Self {
        Self {
            code: None,
            counts: Vec::new(),
            text: text.into(),
        }
    }

    /// With a count that the words of an interface name.
    #[must_use]
    pub fn counting(mut self, counted: Counted, count: u64) -> Self {
        self.counts.push((counted, count));
        self
    }

    /// What it says; `None`: the words are from outside.
    pub const fn code(&self) -> Option<ReasonCode> {
        self.code
    }

    /// What it counts.
    pub fn counts(&self) -> &[(Counted, u64)] {
        &self.counts
    }

    /// The sentence alone.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing at all was said.
    pub fn is_empty(&self) -> bool {
        self.code.is_none() && self.text.is_empty()
    }

    /// The one text that is kept.
    pub fn stored(&self) -> String {
        let Some(code) = self.code else {
            // What only looks like one of ours must not be read as one.
            let mark = if self.text.starts_with('[') { "[] " } else { "" };
            return format!("{mark}{}", self.text);
        };
        let mut head = code.code().to_owned();
        for (counted, count) in &self.counts {
            head = format!("{head} {}={count}", counted.code());
        }
        format!("[{head}] {}", self.text)
    }

    /// Reads what [`Reason::stored`] wrote. Whatever else it is given it takes for words from outside, those of a newer version
    /// too.
    pub fn read(stored: &str) -> Self {
        Self::read_ours(stored)
            .or_else(|| Self::read_verified(stored))
            .unwrap_or_else(|| Self::outside(stored))
    }

    /// What came out of checking the log.
    pub fn verified(checked: u64, breaches: u64) -> Self {
        let text = format!("{checked} events checked, {breaches} breaches");
        if breaches == 0 {
            Self::new(ReasonCode::LogIntact, text).counting(Counted::Checked, checked)
        } else {
            Self::new(ReasonCode::LogBreached, text)
                .counting(Counted::Checked, checked)
                .counting(Counted::Breaches, breaches)
        }
    }

    /// The same from before there were codes: what was found wrong then must not look harmless now.
    fn read_verified(stored: &str) -> Option<Self> {
        let (checked, rest) = stored.split_once(" events checked, ")?;
        let breaches = rest.strip_suffix(" breaches")?;
        Some(Self::verified(checked.parse().ok()?, breaches.parse().ok()?))
    }

    fn read_ours(stored: &str) -> Option<Self> {
        let (head, text) = stored.strip_prefix('[')?.split_once("] ")?;
        if head.is_empty() {
            return Some(Self::outside(text));
        }
        let mut parts = head.split(' ');
        let mut reason = Self::new(ReasonCode::from_code(parts.next()?)?, text);
        for part in parts {
            let (counted, count) = part.split_once('=')?;
            reason = reason.counting(Counted::from_code(counted)?, count.parse().ok()?);
        }
        Some(reason)
    }
}

/// The sentence alone: for the log of the process and the command line.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_as_it_was_stored() {
        for &code in ReasonCode::ALL {
            let reason = Reason::new(code, "it [odd] failed");
            assert_eq!(Reason::read(&reason.stored()), reason, "{}", code.code());
        }
        let counting = Reason::verified(4_512, 2);
        assert_eq!(
            counting.stored(),
            "[log_breached checked=4512 breaches=2] 4512 events checked, 2 breaches"
        );
        assert_eq!(Reason::read(&counting.stored()), counting);
    }

    #[test]
    fn words_from_outside_stay_what_they_are() {
        let texts = [
            "",
            "550 5.1.1 to RCPT",
            "[panicked] said the relay",
            "[] said it",
            "[",
            "[panicked",
        ];
        for text in texts {
            let reason = Reason::outside(text);
            assert_eq!(Reason::read(&reason.stored()), reason, "{text}");
        }
        assert!(Reason::read("").is_empty());
    }

    #[test]
    fn what_was_found_wrong_before_there_were_codes_is_found_wrong_still() {
        for (checked, breaches) in [(4_512, 0), (4_512, 2)] {
            let reason = Reason::verified(checked, breaches);
            assert_eq!(Reason::read(reason.text()), reason);
        }
    }

    #[test]
    fn what_a_newer_version_wrote_is_shown_whole() {
        for text in [
            "[too_new] it rained",
            "[panicked drops=3] it rained",
            "[took_too_long seconds=many] it rained",
        ] {
            let read = Reason::read(text);
            assert_eq!((read.code(), read.text()), (None, text));
        }
    }
}
