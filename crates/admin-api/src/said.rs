//! What a program says: why something failed, or what came out of it. The console words what is ours in the reader's language.

use async_graphql::SimpleObject;

use crate::declaration::enums::mirrored;

mirrored! {
    /// What a sentence of ours says.
    Reason = domain::reason::ReasonCode {
        /// The program failed at a job.
        Panicked,
        /// A job was ended from within.
        Ended,
        /// An attempt at a job took longer than it may. Counts seconds.
        TookTooLong,
        /// The process that ran a job ended, each time.
        ProcessEnded,
        /// What a job wanted written was refused.
        WriteRefused,
        /// The database took too long.
        DatabaseLate,
        /// The database could not be asked.
        DatabaseUnavailable,
        /// The disk of the database is full, or fails.
        DatabaseDisk,
        /// The database refused what it was asked.
        DatabaseRefused,
        /// The log is not as it was written, so that it cannot be read on.
        LogDamaged,
        /// Something else went wrong here.
        Fault,
        /// The log was checked and is as it was written. Counts what was checked.
        LogIntact,
        /// The log was checked and is not as it was written. Counts what was checked, and the breaches.
        LogBreached,
        /// Cases that were kept for their time are forgotten. Counts them.
        CasesForgotten,
        /// A bulk change was tried out. Counts what would be changed and what not.
        BulkTried,
        /// A bulk change was carried out. Counts what was changed and what not.
        BulkDone,
        /// Whoever began a bulk change may not do it any more.
        BulkNotAllowed,
        /// What a bulk change is to do cannot be read any more.
        BulkUnreadable,
        /// Suspicions were looked for. Counts the declarations that were looked at, and what was found.
        ReviewsFound,
        /// Pages of policies were asked for. Counts those that were, and those that did not answer.
        PagesAsked,
        /// None of the pages could be reached, so that it is this machine that reaches none. Counts those that were asked for.
        PagesNoLine,
        /// Pages of policies are not asked for, as the configuration says.
        PagesOff,
        /// An import was tried out. Counts what would be taken over and what not.
        ImportTried,
        /// An import was carried out. Counts what was taken over and what not.
        ImportDone,
        /// Whoever began an import may not do it any more.
        ImportNotAllowed,
        /// The file of an import cannot be read any more.
        ImportUnreadable,
        /// A file was made. Counts its rows.
        ExportMade,
        /// Whoever asked for a file may not have it any more.
        ExportNotAllowed,
        /// What a file is to be about cannot be read any more.
        ExportUnreadable,
        /// There are far more records than somebody agreed to, or than may leave without a second person.
        ExportTooMany,
        /// There are more records than a workbook takes.
        ExportTooManyForWorkbook,
        /// The mail relay's name leads nowhere.
        RelayNotFound,
        /// The mail relay does not take connections.
        RelayUnreachable,
        /// Mail would leave the machine in clear text, which is not allowed.
        RelayClearText,
        /// The mail relay offers no encryption.
        RelayNoEncryption,
        /// The mail relay's certificate is none that we trust.
        RelayNotTrusted,
        /// The mail relay offers no way to sign in that we know.
        RelayNoSignIn,
        /// The mail relay refuses our user or password.
        RelaySignInRefused,
        /// The mail relay does not want to talk to us.
        RelaySentAway,
        /// The mail relay said nothing for too long.
        RelaySilent,
        /// The mail relay broke off, or said what is no answer.
        RelayBroken,
        /// A message was handed over and no answer came.
        RelayNoAnswer,
        /// The folder that takes the place of a relay cannot be written to.
        FolderUnwritable,
        /// No sender is configured under the name that a message has.
        SenderUnknown,
        /// The person that a message is to was forgotten.
        RecipientForgotten,
        /// The words of a message cannot be read.
        WordsUnreadable,
        /// A message cannot be built from its words.
        Unbuildable,
        /// The program failed at a message.
        MailPanicked,
        /// The process that sent a message ended meanwhile.
        MailProcessEnded,
        /// A message waited when the backup was made that the register was restored from.
        WaitedAtBackup,
    }
}

mirrored! {
    /// What a count beside a reason counts.
    Counted = domain::reason::Counted {
        /// Seconds.
        Seconds,
        /// Events that were checked.
        Checked,
        /// Places that are not as they were written.
        Breaches,
        /// Cases.
        Cases,
        /// Records that are changed.
        Changed,
        /// Records that are left as they are.
        LeftAlone,
        /// Declarations that were looked at.
        LookedAt,
        /// Suspicions.
        Found,
        /// Pages that were asked for.
        Asked,
        /// Pages that did not answer.
        Failing,
        /// Rows of a file.
        Rows,
        /// Files.
        Files,
    }
}

/// Why something failed, or what came out of it.
#[derive(SimpleObject)]
pub struct Said {
    /// What it says; null: the words are from outside, such as a relay's answer, or from before there were reasons.
    pub reason: Option<Reason>,
    /// What it counts.
    pub counts: Vec<SaidCount>,
    /// The sentence, in English, for whoever looks into it; or the words from outside.
    pub text: String,
}

/// A number in what is said.
#[derive(SimpleObject)]
pub struct SaidCount {
    /// What is counted.
    pub counted: Counted,
    /// How many.
    pub count: f64,
}

impl Said {
    /// What is kept as one text; `None`: nothing was said.
    pub fn read(stored: &str) -> Option<Self> {
        let reason = domain::reason::Reason::read(stored);
        (!reason.is_empty()).then(|| Self::from(&reason))
    }
}

impl From<&domain::reason::Reason> for Said {
    fn from(reason: &domain::reason::Reason) -> Self {
        // Whole numbers up to 2^53 are exact.
        #[expect(clippy::cast_precision_loss, reason = "a count that people look at")]
        let number = |count: u64| count as f64;
        let counts = reason.counts().iter().map(|&(counted, count)| SaidCount {
            counted: counted.into(),
            count: number(count),
        });
        Self {
            reason: reason.code().map(Reason::from),
            counts: counts.collect(),
            text: reason.text().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ours_has_its_reason_and_its_counts_and_what_is_not_has_neither() {
        let ours = Said::read("[took_too_long seconds=60] it took longer than 60 s").expect("words");
        let counts: Vec<_> = ours.counts.iter().map(|it| (it.counted, it.count)).collect();
        assert_eq!(
            (ours.reason, counts, ours.text.as_str()),
            (
                Some(Reason::TookTooLong),
                vec![(Counted::Seconds, 60.0)],
                "it took longer than 60 s"
            )
        );
        let relays = Said::read("550 5.1.1 to RCPT").expect("words");
        assert_eq!((relays.reason, relays.text.as_str()), (None, "550 5.1.1 to RCPT"));
        assert!(Said::read("").is_none());
    }
}
