//! Why an inquiry stays as it is.

/// Why an inquiry is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InquiryRefusal {
    /// It is over.
    #[error("the inquiry is closed")]
    Closed,
    /// It is not over.
    #[error("the inquiry is not closed")]
    NotClosed,
    /// It is over for too long.
    #[error("the inquiry was closed too long ago")]
    ClosedForLong,
    /// It is spam.
    #[error("the inquiry is marked as spam")]
    Spam,
    /// It goes on as a part of another.
    #[error("the inquiry is a part of another")]
    Merged,
    /// Its key is destroyed.
    #[error("the inquiry was kept for its time and is forgotten")]
    Forgotten,
    /// Nothing would change.
    #[error("nothing would change")]
    NoChange,
    /// It has no such message, or it is not its own.
    #[error("the message is none of this inquiry")]
    OtherMessage,
    /// Nothing was chosen.
    #[error("no message was chosen")]
    NoMessage,
    /// Nothing would be left.
    #[error("nothing would be left of the inquiry")]
    AllMessages,
    /// A moment that is over.
    #[error("that moment is over")]
    InPast,
    /// A moment that is too far away.
    #[error("an inquiry is put off for a year at most")]
    TooLate,
    /// It is not put off.
    #[error("the inquiry is not put off")]
    NotSnoozed,
    /// No answer went out.
    #[error("no answer has gone out")]
    NotAnswered,
    /// More declarations than one inquiry can be about.
    #[error("one inquiry is about at most 50 declarations")]
    TooManyDeclarations,
    /// With itself.
    #[error("an inquiry cannot become a part of itself")]
    Itself,
    /// The other one is over, spam or a part of another.
    #[error("the other inquiry does not go on")]
    OtherIsOver,
    /// Nothing is being written.
    #[error("no answer is being written")]
    NoDraft,
    /// Nobody agrees with their own words.
    #[error("whoever wrote the answer cannot be the one who agrees with it")]
    OwnDraft,
    /// A colleague has to agree with just these words first.
    #[error("no colleague has agreed with these words")]
    NotAgreed,
    /// It goes on, so it is not forgotten.
    #[error("the inquiry is not over, or not for long enough")]
    StillKept,
}

impl InquiryRefusal {
    /// Every refusal.
    pub const ALL: [Self; 21] = [
        Self::Closed,
        Self::NotClosed,
        Self::ClosedForLong,
        Self::Spam,
        Self::Merged,
        Self::Forgotten,
        Self::NoChange,
        Self::OtherMessage,
        Self::NoMessage,
        Self::AllMessages,
        Self::InPast,
        Self::TooLate,
        Self::NotSnoozed,
        Self::NotAnswered,
        Self::TooManyDeclarations,
        Self::Itself,
        Self::OtherIsOver,
        Self::NoDraft,
        Self::OwnDraft,
        Self::NotAgreed,
        Self::StillKept,
    ];

    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closed => "inquiry_closed",
            Self::NotClosed => "inquiry_open",
            Self::ClosedForLong => "closed_for_long",
            Self::Spam => "inquiry_spam",
            Self::Merged => "inquiry_merged",
            Self::Forgotten => "inquiry_forgotten",
            Self::NoChange => "no_change",
            Self::OtherMessage => "other_message",
            Self::NoMessage => "no_message",
            Self::AllMessages => "all_messages",
            Self::InPast => "in_past",
            Self::TooLate => "too_late",
            Self::NotSnoozed => "not_snoozed",
            Self::NotAnswered => "not_replied",
            Self::TooManyDeclarations => "too_many",
            Self::Itself => "merged_into_itself",
            Self::OtherIsOver => "other_is_over",
            Self::NoDraft => "no_draft",
            Self::OwnDraft => "own_draft",
            Self::NotAgreed => "not_agreed",
            Self::StillKept => "still_kept",
        }
    }

    /// The field of the form that it belongs to.
    pub const fn field(self) -> &'static str {
        match self {
            Self::OtherMessage | Self::NoMessage | Self::AllMessages => "messages",
            Self::InPast | Self::TooLate => "until",
            Self::NotAnswered => "resolution",
            Self::TooManyDeclarations => "declarationId",
            Self::Itself | Self::OtherIsOver => "into",
            Self::NoDraft | Self::OwnDraft | Self::NotAgreed => "form",
            _ => "id",
        }
    }

    /// One sentence for whoever wanted it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Closed => "この問い合わせは完了しています。続ける場合は、先に再開してください。",
            Self::NotClosed => "この問い合わせは完了していません。",
            Self::ClosedForLong => "完了から30日を過ぎた問い合わせは再開できません。",
            Self::Spam => "迷惑メールに分類されています。先に「迷惑メールではない」に戻してください。",
            Self::Merged => "ほかの問い合わせに統合されています。統合先で操作してください。",
            Self::Forgotten => "保存期間が過ぎて消去された問い合わせには、何も書き加えられません。",
            Self::NoChange => "変更がありません。",
            Self::OtherMessage => "この問い合わせのメールではありません。",
            Self::NoMessage => "分けるメールを選んでください。",
            Self::AllMessages => "すべてのメールを分けることはできません。1通以上を残してください。",
            Self::InPast => "これから先の日時を入力してください。",
            Self::TooLate => "1年以内の日時を入力してください。",
            Self::NotSnoozed => "保留にされていません。",
            Self::NotAnswered => "返信がまだありません。ほかの完了の理由を選んでください。",
            Self::TooManyDeclarations => "1件の問い合わせに関連付けられる宣言は50件までです。",
            Self::Itself => "同じ問い合わせどうしは統合できません。",
            Self::OtherIsOver => "統合先の問い合わせは、完了、迷惑メール、または統合済みのため選べません。",
            Self::NoDraft => "書きかけの返信はありません。",
            Self::OwnDraft => "自分が書いた返信は、ほかの職員に確認を依頼してください。",
            Self::NotAgreed => {
                "この事務局では、返信の前にほかの職員の確認が必要です。確認を依頼してください。"
            }
            Self::StillKept => "完了していないか、保存期間が過ぎていないため、消去できません。",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_refusal_has_its_own_code_and_a_polite_sentence() {
        let codes: BTreeSet<&str> = InquiryRefusal::ALL.iter().map(|it| it.code()).collect();
        assert_eq!(codes.len(), InquiryRefusal::ALL.len());
        for refusal in InquiryRefusal::ALL {
            assert!(refusal.japanese().ends_with('。'), "{refusal:?}");
        }
    }
}
