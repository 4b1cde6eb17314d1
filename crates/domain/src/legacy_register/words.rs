//! What a refusal or a warning says to a clerk, in both languages.

use super::row::RefusalCode;
use crate::declaration::FlagCode;

/// One sentence in each language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// For the clerk.
    pub japanese: &'static str,
    /// For everybody else.
    pub english: &'static str,
}

impl RefusalCode {
    /// What it says to a clerk.
    pub const fn words(self) -> Words {
        let (japanese, english) = match self {
            Self::RaggedRow => (
                "列の数が見出しと合わないため取り込めません。区切りのカンマや引用符を確かめてください。",
                "The row has more or fewer cells than the heading; check its commas and quotation marks.",
            ),
            Self::DeclarationNoMissing => (
                "自己宣言IDがないため取り込めません。",
                "The declaration number is missing.",
            ),
            Self::DeclarationNoShape => (
                "自己宣言IDが4か5で始まる11桁の数字ではないため取り込めません。",
                "The declaration number is not 11 digits beginning with 4 or 5.",
            ),
            Self::DeclarationNoConflict => (
                "同じ自己宣言IDが別の内容で登録されているため取り込めません。どちらが正しいか確かめてください。",
                "The same declaration number is registered with other content; find out which is right.",
            ),
            Self::NameMissing => ("事業者名がないため取り込めません。", "The name is missing."),
            Self::DeclaredOnUnreadable => (
                "宣言日が読み取れないか、暦や元号にない日付のため取り込めません。",
                "The date of declaration cannot be read, or the calendar or the era has no such day.",
            ),
            Self::StarUnknown => (
                "取組段階が一つ星とも二つ星とも読み取れないため取り込めません。",
                "The star is neither one nor two.",
            ),
            Self::CellTooLong => (
                "文字が多すぎる欄（備考は20,000文字、ほかは2,000文字まで）があるため取り込めません。",
                "A cell has more than 2,000 characters (20,000 in remarks); shorten it.",
            ),
        };
        Words { japanese, english }
    }
}

impl FlagCode {
    /// What it says to a clerk about an imported row.
    pub const fn words(self) -> Words {
        let (japanese, english) = match self {
            Self::CorporateNumberMissing => ("法人番号がありません。", "The corporate number is missing."),
            Self::CorporateNumberLength => (
                "法人番号が13桁の数字ではありません。",
                "The corporate number is not 13 digits.",
            ),
            Self::CorporateNumberCheckDigit => (
                "法人番号の検査用数字が合いません。写し間違いがないか確かめてください。",
                "The check digit of the corporate number does not fit; look for a slip of the pen.",
            ),
            Self::CorporateNumberDuplicate => (
                "同じ法人番号の有効な宣言がほかにもあります。",
                "Another live declaration has the same corporate number.",
            ),
            Self::IndustryUnknown => (
                "業種が日本標準産業分類の大分類として読み取れません。",
                "The industry is no division of the Japan Standard Industrial Classification.",
            ),
            Self::EmployeesMissing => ("従業員数がありません。", "The number of employees is missing."),
            Self::EmployeesUnreadable => (
                "従業員数を数として読み取れません。",
                "The number of employees is not a number.",
            ),
            Self::ProxySuspected => (
                "ほかの人が代わりに宣言した疑いがあります。",
                "Somebody else may have declared in the declarer's place.",
            ),
            Self::ContactUnreachable => (
                "担当者のメールアドレスに、メールが届きません。",
                "Mail to the contact does not arrive.",
            ),
            Self::PolicyMissing => (
                "二つ星ですが、基本方針の公開場所がありません。",
                "Two stars, but no policy is given.",
            ),
            Self::PolicyNotUrl => (
                "基本方針の公開場所がURLではありません。",
                "The policy is not on the web.",
            ),
            Self::EmailMissing => ("メールアドレスがありません。", "The mail address is missing."),
            Self::EmailUnreadable => (
                "メールアドレスとして読み取れません。",
                "That is not a mail address.",
            ),
            Self::EmailNotRfc => (
                "メールアドレスのドットの位置が規格に合いません。入力のまま登録しました。",
                "The mail address has dots where the standard has none; it is kept as typed.",
            ),
            Self::StoppedDateMissing => (
                "停止していますが、停止日が分かりません。",
                "It is stopped, but the day is missing or cannot be read.",
            ),
            Self::NameCharacters => (
                "名前に、目に見えない文字か、文字の向きを変える文字が入っています。そのまま登録しましたので、正しい名前に訂正してください。",
                "A name holds invisible characters or marks that change the direction of the text; it is kept as typed, please correct it.",
            ),
        };
        Words { japanese, english }
    }
}
