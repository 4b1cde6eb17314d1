//! Codes: what an authenticator shows at a moment, what a recovery code is, and what somebody typed.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp, TotpError};

use crate::random::{NoRandomness, Random};

/// 160 bits, as RFC 4226 asks for.
pub(super) const SECRET_BYTES: usize = 20;
/// 80 bits: nobody guesses one, and a keyed hash of it is as good as one of a token.
const RECOVERY_BYTES: usize = 10;
/// Of base32, in four groups.
const RECOVERY_CHARACTERS: usize = 16;
const DIGITS: usize = 6;
/// More than that is no code, and is not looked at.
const MAXIMUM_TYPED: usize = 100;
/// In the list of an authenticator.
const ISSUER: &str = "Sengen";

/// Something that is shown once and kept nowhere. It has no `Display`, and its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownOnce(String);

impl ShownOnce {
    pub(in crate::staff) const fn new(text: String) -> Self {
        Self(text)
    }

    /// For the answer.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ShownOnce {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ShownOnce(…)")
    }
}

/// What somebody typed as a code. It opens something, so it cannot be printed.
#[derive(PartialEq, Eq)]
pub(super) enum Typed {
    /// Six digits.
    Totp(String),
    /// A recovery code in its normal form.
    Recovery(String),
}

/// Reads a code as people type it: in groups, with any hyphen, in any case, with the input method still on.
pub(super) fn read(typed: &str) -> Option<Typed> {
    if typed.len() > MAXIMUM_TYPED {
        return None;
    }
    let mut code = String::with_capacity(RECOVERY_CHARACTERS);
    for character in typed.chars().map(half_width) {
        match character {
            c if c.is_ascii_alphanumeric() => code.push(c.to_ascii_lowercase()),
            // What is between groups, by whichever key.
            c if c.is_whitespace() || "-‐‑‒–—―−ー".contains(c) => {}
            _ => return None,
        }
    }
    if code.len() == DIGITS && code.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Typed::Totp(code));
    }
    let is_base32 = code
        .bytes()
        .all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b));
    (code.len() == RECOVERY_CHARACTERS && is_base32).then_some(Typed::Recovery(code))
}

/// Full-width forms lie at one distance from ASCII.
fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

/// A secret as an authenticator takes it: SHA-1, six digits, 30 seconds, because many take nothing else and say nothing.
pub(super) fn authenticator(secret: &[u8], login: &str) -> Result<Totp, TotpError> {
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_issuer(Some(ISSUER))
        .with_account_name(login)
        .build()
}

/// The step of which a code is, one before or after now at most; none when it is of no such step.
pub(super) fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>) -> Result<Option<i64>, TotpError> {
    let totp = authenticator(secret, "")?;
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    let step = totp.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// A new recovery code: as it is shown, and in its normal form.
pub(super) fn recovery_code(random: &dyn Random) -> Result<(ShownOnce, String), NoRandomness> {
    let mut bytes = [0_u8; RECOVERY_BYTES];
    random.fill(&mut bytes)?;
    let normal = Secret::from(bytes.as_slice()).to_base32().to_ascii_lowercase();
    let mut shown = String::with_capacity(RECOVERY_CHARACTERS + 3);
    for (index, character) in normal.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            shown.push('-');
        }
        shown.push(character);
    }
    Ok((ShownOnce(shown), normal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    /// The secret and an instant of RFC 6238, appendix B: step 0x23523EC, code 07081804, of which six digits are shown.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    #[test]
    fn a_code_of_the_rfc_is_of_its_step() {
        let step = step_of(SECRET, "081804", at(1_111_111_109)).expect("a secret");
        assert_eq!(step, Some(1_111_111_109 / 30));
        assert_eq!(
            step_of(SECRET, "081805", at(1_111_111_109)).expect("a secret"),
            None
        );
    }

    #[test]
    fn t49_one_step_of_skew_passes_each_way_and_two_do_not() {
        let now = 1_111_111_110;
        let code = |steps: i64| {
            let totp = authenticator(SECRET, "").expect("a secret");
            let seconds = u64::try_from(now + 30 * steps).expect("after 1970");
            totp.generate(seconds).to_string()
        };
        for steps in -1..=1 {
            let step = step_of(SECRET, &code(steps), at(now)).expect("a secret");
            assert_eq!(step, Some(now / 30 + steps));
        }
        for steps in [-2, 2] {
            assert_eq!(step_of(SECRET, &code(steps), at(now)).expect("a secret"), None);
        }
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        let totp = |typed: &str| matches!(read(typed), Some(Typed::Totp(code)) if code == "081804");
        for typed in ["081804", " 081 804 ", "０８１８０４", "081-804", "０８１　８０４"] {
            assert!(totp(typed), "{typed}");
        }
        let recovery =
            |typed: &str| matches!(read(typed), Some(Typed::Recovery(code)) if code == "abcdefghijk23456");
        for typed in [
            "abcd-efgh-ijk2-3456",
            "ABCDEFGHIJK23456",
            "ａｂｃｄーｅｆｇｈーｉｊｋ２ー３４５６",
        ] {
            assert!(recovery(typed), "{typed}");
        }
        let long = "1".repeat(101);
        for typed in [
            "",
            "08180",
            "0818040",
            "08180a",
            "abcd-efgh-ijk2-3451",
            "081804;",
            &long,
        ] {
            assert!(read(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn a_recovery_code_reads_as_it_is_shown_and_cannot_be_printed() {
        let (shown, normal) = recovery_code(&SystemRandom).expect("random bytes");
        assert!(matches!(read(shown.reveal()), Some(Typed::Recovery(code)) if code == normal));
        assert!(!format!("{shown:?}").contains(&shown.reveal()[..4]));
    }

    #[test]
    fn an_address_for_authenticators_names_the_office_and_the_login() {
        let url = authenticator(SECRET, "hanako@example.jp")
            .and_then(|totp| totp.to_url())
            .expect("an address");
        assert!(
            url.starts_with("otpauth://totp/Sengen:hanako%40example.jp?"),
            "{url}"
        );
        assert!(url.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{url}");
    }
}
