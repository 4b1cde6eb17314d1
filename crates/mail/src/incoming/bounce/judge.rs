//! Whether a report means that there is no such address. In doubt it does not: whoever is wrongly taken off a list hears nothing more.

use super::BounceKind;

/// Words of servers for an address that there is not, folded to small letters.
const NO_SUCH_ADDRESS: &[&str] = &[
    "user unknown",
    "unknown user",
    "unknown recipient",
    "recipient unknown",
    "unknown address",
    "unknown local part",
    "unknown mailbox",
    "no such user",
    "no such address",
    "no such recipient",
    "no such mailbox",
    "no such person",
    "no mailbox here by that name",
    "user not found",
    "recipient not found",
    "mailbox not found",
    "address not found",
    "does not exist",
    "doesn't exist",
    "not a valid mailbox",
    "not a known user",
    "invalid recipient",
    "invalid mailbox",
    "unrouteable address",
    "unroutable address",
    "account has been disabled",
    "account is disabled",
    "mailbox disabled",
    "mailbox is disabled",
    "host or domain name not found",
    "domain not found",
    "host not found",
    "couldn't find any host",
    "couldn't be found",
    "wasn't found",
    "見つかりません",
    "見つかりませんでした",
    "存在しません",
    "存在しない",
    "宛先不明",
    "あて先不明",
    "宛先が不明",
    "無効なアドレス",
    "アドレスが無効",
    "アドレスに誤り",
    "アドレスが間違",
    "宛先が間違",
    "使われておりません",
    "使用されておりません",
];

/// Words for what passes.
const PASSES: &[&str] = &[
    "mailbox full",
    "mailbox is full",
    "over quota",
    "overquota",
    "quota exceeded",
    "exceeded storage",
    "insufficient",
    "too large",
    "try again",
    "temporarily",
    "temporary",
    "rate limit",
    "too many",
    "greylist",
    "spam",
    "blocked",
    "blacklist",
    "policy",
    "容量",
    "いっぱい",
    "一杯です",
    "満杯",
    "サイズ",
    "一時的",
    "しばらく",
    "迷惑メール",
    "受信拒否",
    "拒否",
];

/// Judges a failure by its code and the words beside it.
pub(super) fn failure(status: Option<&str>, words: &str) -> BounceKind {
    let words = words.to_lowercase();
    let says = |list: &[&str]| list.iter().any(|it| words.contains(it));
    match class(status) {
        Some((4, ..)) => BounceKind::Soft,
        Some((5, 1, 0 | 1 | 2 | 3 | 4 | 6 | 10) | (5, 2, 1) | (5, 4, 4)) if !says_only_passing(&words) => {
            BounceKind::Hard
        }
        // Full, too large, no permission, not like this: all of that is about the message or passes.
        Some((5, 2, 2..) | (5, 3, _)) => BounceKind::Soft,
        Some((5, ..)) | None if says(NO_SUCH_ADDRESS) && !says(PASSES) => BounceKind::Hard,
        _ => BounceKind::Soft,
    }
}

/// Some servers give the code of an unknown address to a mailbox that is full.
fn says_only_passing(words: &str) -> bool {
    const FULL: &[&str] = &[
        "mailbox full",
        "mailbox is full",
        "over quota",
        "quota exceeded",
        "容量",
    ];
    FULL.iter().any(|it| words.contains(it)) && !NO_SUCH_ADDRESS.iter().any(|it| words.contains(it))
}

/// Class, subject and detail of a code.
pub(super) fn class(status: Option<&str>) -> Option<(u16, u16, u16)> {
    let mut numbers = status?.trim().split('.').map(|it| it.parse::<u16>().ok());
    match (numbers.next()??, numbers.next()??, numbers.next()??) {
        (class @ (2 | 4 | 5), subject, detail) if numbers.next().is_none() => Some((class, subject, detail)),
        _ => None,
    }
}

/// The first code in some words that says more than its class, else the first one.
pub(super) fn code_in(words: &str) -> Option<String> {
    let is_part = |it: char| it.is_ascii_digit() || it == '.';
    let codes: Vec<&str> = words
        .split(|it: char| !is_part(it))
        .map(|it| it.trim_matches('.'))
        .filter(|it| class(Some(it)).is_some_and(|(class, ..)| class != 2))
        .collect();
    let telling = codes.iter().find(|it| !it.ends_with(".0.0"));
    telling.or(codes.first()).map(|it| (*it).to_owned())
}

/// The class of the first answer of an SMTP server in some words (`550`, `452`), as a code without details.
pub(super) fn answer_in(words: &str) -> Option<String> {
    let mut numbers = words.split(|it: char| !it.is_ascii_alphanumeric() && it != '.' && it != '@');
    let answer = numbers.find(|it| {
        it.len() == 3
            && it.bytes().all(|byte| byte.is_ascii_digit())
            && matches!(
                it.as_bytes(),
                [b'4', b'2' | b'3' | b'5', _] | [b'5', b'0' | b'1' | b'3' | b'5', _]
            )
    })?;
    Some(format!("{}.0.0", answer.get(..1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_there_is_not_is_hard() {
        for (status, words, kind) in [
            (Some("5.1.1"), "", BounceKind::Hard),
            (Some("5.1.2"), "", BounceKind::Hard),
            (Some("5.4.4"), "", BounceKind::Hard),
            (Some("5.1.10"), "RecipientNotFound", BounceKind::Hard),
            (Some("5.1.1"), "mailbox full", BounceKind::Soft),
            (Some("5.2.2"), "user unknown or mailbox full", BounceKind::Soft),
            (Some("5.7.1"), "blocked by policy", BounceKind::Soft),
            (Some("5.7.1"), "550 5.7.1 User unknown", BounceKind::Hard),
            (
                Some("5.0.0"),
                "550 Unknown user taro@example.jp",
                BounceKind::Hard,
            ),
            (Some("5.0.0"), "554 rejected", BounceKind::Soft),
            (Some("5.1.8"), "sender address rejected", BounceKind::Soft),
            (Some("4.4.1"), "user unknown", BounceKind::Soft),
            (None, "送信先メールアドレスが見つかりません", BounceKind::Hard),
            (None, "メールボックスの容量が一杯です", BounceKind::Soft),
            (None, "?", BounceKind::Soft),
        ] {
            assert_eq!(failure(status, words), kind, "{status:?} {words}");
        }
    }

    #[test]
    fn codes_are_found_in_words() {
        for (words, code) in [
            ("550 5.1.1 User unknown", Some("5.1.1")),
            ("smtp; 550-5.1.1 <a@b.example>: x", Some("5.1.1")),
            ("(#5.1.1)", Some("5.1.1")),
            ("5.0.0 said: 5.2.2 full", Some("5.2.2")),
            ("from 192.0.2.1 at 10.5.3.2", None),
            ("2.0.0 ok", None),
        ] {
            assert_eq!(code_in(words).as_deref(), code, "{words}");
        }
        assert_eq!(answer_in("host said: 550 Unknown user").as_deref(), Some("5.0.0"));
        assert_eq!(answer_in("room 550a, 5500 yen"), None);
    }
}
