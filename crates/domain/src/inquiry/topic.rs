//! What inquiries and articles are about, in words.

use super::event::InquiryTag;

impl InquiryTag {
    /// In Japanese, as the console says it, too.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::ForgottenNumber => "IDを忘れた・届かない",
            Self::OldNumber => "旧ID・取り直し",
            Self::GbizId => "GビズID",
            Self::Change => "登録情報の変更",
            Self::Star => "一つ星・二つ星",
            Self::IssueTime => "発行までの日数",
            Self::Eligibility => "対象者か",
            Self::Logo => "ロゴの使い方",
            Self::Policy => "基本方針",
            Self::Stop => "停止・廃業・合併",
            Self::Duplicate => "重複登録",
            Self::Misuse => "代理申請・なりすまし",
            Self::Maintenance => "障害・メンテナンス",
            Self::PersonalData => "個人情報の開示など",
            Self::Proof => "宣言の証明",
            Self::General => "制度一般・取材",
        }
    }

    /// In English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::ForgottenNumber => "Forgotten or missing ID",
            Self::OldNumber => "Old IDs",
            Self::GbizId => "gBizID",
            Self::Change => "Changing what is registered",
            Self::Star => "One star and two stars",
            Self::IssueTime => "How long it takes",
            Self::Eligibility => "Who can declare",
            Self::Logo => "Using the logo",
            Self::Policy => "Basic policy",
            Self::Stop => "Stopping, closing, merging",
            Self::Duplicate => "Declared twice",
            Self::Misuse => "Declaring for others, misuse",
            Self::Maintenance => "Disruptions and maintenance",
            Self::PersonalData => "Personal data",
            Self::Proof => "Showing a declaration",
            Self::General => "The programme, press",
        }
    }
}
