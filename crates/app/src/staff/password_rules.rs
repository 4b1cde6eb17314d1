//! What is taken as a new password: long enough, none that everybody knows, none that names its account or this service. No
//! other rule makes one better.

use super::common_passwords::{self, RefusedPasswords};
use crate::{App, InputProblem};

/// A password that stands alone must be long.
pub(super) const MINIMUM_CHARACTERS: usize = 15;
/// Longer text is no password, and hashing it costs.
const MAXIMUM_CHARACTERS: usize = 200;
/// A shorter name stands in other words by chance.
const NAME_CHARACTERS: usize = 3;
/// What whoever guesses tries first here.
const SERVICE: [&str; 3] = ["sengen", "自己宣言", "セキュリティ対策自己宣言"];

/// What an office asks of its members of staff when they come in.
#[derive(Debug, Clone, Default)]
pub struct StaffPolicy {
    /// Whoever has no second factor can do nothing but set one up.
    pub require_second_factor: bool,
    /// Passwords that are refused beside the common ones.
    pub refused_passwords: RefusedPasswords,
}

/// Whose password it is to be.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub login: &'a str,
    pub name: &'a str,
}

impl App {
    /// The same office with rules of its own for coming in.
    #[must_use]
    pub fn with_staff_policy(mut self, policy: StaffPolicy) -> Self {
        self.staff_policy = policy;
        self
    }

    /// What is wrong with a new password, if anything.
    pub(super) fn password_problem(&self, password: &str, names: Names<'_>) -> Option<InputProblem> {
        check(password, names, &self.staff_policy.refused_passwords)
    }
}

fn check(password: &str, names: Names<'_>, refused: &RefusedPasswords) -> Option<InputProblem> {
    let problem = |code, message: String| Some(InputProblem::new("password", code, message));
    let characters = password.chars().count();
    if characters < MINIMUM_CHARACTERS {
        return problem(
            "too_short",
            format!("パスワードは{MINIMUM_CHARACTERS}文字以上で入力してください。"),
        );
    }
    // Asked before anything looks at the text: the rest may be as long as a request.
    if characters > MAXIMUM_CHARACTERS {
        return problem(
            "too_long",
            format!("パスワードは{MAXIMUM_CHARACTERS}文字以内で入力してください。"),
        );
    }
    let folded = domain::text::caseless(password);
    if common_passwords::is_common(&folded) || refused.has(domain::text::caseless(password.trim()).as_str()) {
        return problem(
            "common",
            "よく使われているか、推測されやすいパスワードです。いくつかの言葉をつなげた、ほかにはないものにしてください。"
                .to_owned(),
        );
    }
    if holds_a_name(&folded, names) {
        return problem(
            "names",
            "ログイン名、表示名、サービスの名前を含むパスワードは使えません。別の言葉にしてください。"
                .to_owned(),
        );
    }
    None
}

fn holds_a_name(folded: &str, names: Names<'_>) -> bool {
    let whole: String = names.name.split_whitespace().collect();
    let parts = names.name.split_whitespace().map(str::to_owned);
    // The name of a person is typed with and without its space.
    let of_account = parts.chain([whole, names.login.to_owned(), names.name.trim().to_owned()]);
    let of_service = SERVICE.into_iter().map(str::to_owned);
    let forbidden = of_account
        .chain(of_service)
        .map(|name| domain::text::caseless(&name));
    forbidden
        .filter(|name| name.chars().count() >= NAME_CHARACTERS)
        .any(|name| folded.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANAKO: Names<'_> = Names {
        login: "hanako",
        name: "見本 花子",
    };

    fn code(password: &str) -> Option<&'static str> {
        check(password, HANAKO, &RefusedPasswords::default()).map(|problem| problem.code)
    }

    #[test]
    fn fourteen_characters_are_too_few_in_any_script() {
        assert_eq!(code("パスワードを十四文字打つ人達"), Some("too_short"));
        assert_eq!(code("パスワードを十五文字も打つ人達"), None);
        assert_eq!(code(&"語り部の長い話".repeat(40)), Some("too_long"));
        let two_hundred: String = ('あ'..='ん').chain('亜'..).take(200).collect();
        assert_ne!(code(&two_hundred), Some("too_long"));
    }

    #[test]
    fn what_everybody_knows_is_refused() {
        assert_eq!(code("Password12345678"), Some("common"));
        assert_eq!(code("ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ"), Some("common"));
        let own = RefusedPasswords::of(["kasumigaseki ichibanchi"]);
        let problem = check("Kasumigaseki Ichibanchi", HANAKO, &own).expect("a problem");
        assert_eq!((problem.field.as_str(), problem.code), ("password", "common"));
        assert!(!problem.message.to_lowercase().contains("kasumi"));
    }

    #[test]
    fn names_of_the_account_and_of_the_service_are_refused_in_any_width() {
        for typed in [
            "kumo to HANAKO no asa",
            "ｈａｎａｋｏ の雲と朝ごはんの歌",
            "朝ごはんは見本花子のたまごやき",
            "朝ごはんは見本 花子のたまごやき",
            "Sengen no asagohan wa pan",
            "自己宣言の朝ごはんはたまごやき",
        ] {
            assert_eq!(code(typed), Some("names"), "{typed}");
        }
        // A short name stands in other words by chance.
        let short = Names {
            login: "abc",
            name: "森 林",
        };
        let password = "森の奥でパンを焼く小さな動物たち";
        assert!(check(password, short, &RefusedPasswords::default()).is_none());
    }
}
