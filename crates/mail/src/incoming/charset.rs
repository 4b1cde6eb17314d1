//! Bytes to text, as Japanese senders write them: what a message says of its charset is a hint, and is not believed against its bytes.
//!
//! The decision is kept beside the text, so that a person can see it and choose another one.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, ISO_8859_2, SHIFT_JIS, UTF_8, WINDOWS_1252};
use serde::Serialize;

use super::iso_2022_jp;

/// Which charset a text was read with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CharsetDecision {
    /// What the message says, as it says it.
    pub declared: Option<String>,
    /// What it was read with, by its usual name.
    pub used: String,
    /// Why.
    pub why: CharsetReason,
}

/// Why a text was read with a charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CharsetReason {
    /// The message says so, and its bytes agree.
    Declared,
    /// Nothing but ASCII: every charset that is in use reads it alike.
    Ascii,
    /// The message says nothing that is known; the bytes switch between sets of characters as ISO-2022-JP does.
    EscapeSequences,
    /// The message says nothing that is known; the bytes are right in UTF-8.
    ValidUtf8,
    /// The message says nothing that is known; guessed by how often characters occur.
    Guessed,
    /// The message says something that its bytes are not.
    DeclaredIsWrong,
    /// A person chose it.
    Chosen,
}

/// A text and the decision that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) decision: CharsetDecision,
    /// Bytes that could not be read; each stands as U+FFFD.
    pub(super) has_errors: bool,
}

/// Reads bytes by what is declared, where that fits, and by themselves, where it does not.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    let label = declared.map(str::trim).filter(|it| !it.is_empty());
    let known = label.and_then(find);
    let (encoding, why) = decide(bytes, label.is_some(), known);
    decoded(bytes, label, encoding, why)
}

/// Whether there is a charset of this name.
pub(super) fn is_known(name: &str) -> bool {
    find(name).is_some()
}

/// Reads bytes with the charset that a person chose; `None`: there is no such charset.
pub(super) fn decode_with(bytes: &[u8], declared: Option<&str>, chosen: &str) -> Option<Decoded> {
    let encoding = find(chosen)?;
    Some(decoded(bytes, declared, encoding, CharsetReason::Chosen))
}

fn decoded(bytes: &[u8], declared: Option<&str>, encoding: Charset, why: CharsetReason) -> Decoded {
    let (text, has_errors) = encoding.read(bytes);
    Decoded {
        text,
        has_errors,
        decision: CharsetDecision {
            declared: declared.map(str::to_owned),
            used: encoding.name().to_owned(),
            why,
        },
    }
}

/// What bytes are read with.
#[derive(Debug, Clone, Copy)]
enum Charset {
    /// ISO-2022-JP with all that Windows and old mailers write in it.
    Jis,
    Utf7,
    Ascii,
    Of(&'static Encoding),
}

impl Charset {
    fn name(self) -> &'static str {
        match self {
            Self::Jis => ISO_2022_JP.name(),
            Self::Utf7 => "UTF-7",
            Self::Ascii => "US-ASCII",
            Self::Of(encoding) => encoding.name(),
        }
    }

    fn read(self, bytes: &[u8]) -> (String, bool) {
        match self {
            Self::Jis => iso_2022_jp::decode(bytes),
            Self::Ascii => (String::from_utf8_lossy(bytes).into_owned(), !bytes.is_ascii()),
            Self::Utf7 => match mail_parser::decoders::charsets::map::charset_decoder(b"utf-7") {
                Some(decode) => (decode(bytes), false),
                None => (String::from_utf8_lossy(bytes).into_owned(), true),
            },
            Self::Of(encoding) => {
                let (text, _, has_errors) = encoding.decode(bytes);
                (text.into_owned(), has_errors)
            }
        }
    }

    /// Whether the bytes can be of this charset.
    fn fits(self, bytes: &[u8]) -> bool {
        match self {
            // What is not Latin reads as Latin without an error, so it says nothing.
            Self::Of(encoding) if is_latin(encoding) => bytes.is_ascii(),
            // Bare bytes of kana are no sign of it by themselves: text in EUC-JP has them, too.
            Self::Jis => (bytes.is_ascii() || iso_2022_jp::switches(bytes)) && !self.read(bytes).1,
            Self::Of(encoding) if encoding == UTF_8 => is_utf_8(bytes),
            Self::Utf7 | Self::Ascii => bytes.is_ascii(),
            Self::Of(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .is_some(),
        }
    }
}

impl Charset {
    /// Text in one of the two old charsets is often without an error in the other, too, and then full of characters that nobody sends.
    fn confused_with(self, bytes: &[u8]) -> Option<Self> {
        let other = match self {
            Self::Of(encoding) if encoding == SHIFT_JIS => Self::Of(EUC_JP),
            Self::Of(encoding) if encoding == EUC_JP => Self::Of(SHIFT_JIS),
            _ => return None,
        };
        let has_private = |text: &str| text.chars().any(|it| ('\u{e000}'..='\u{f8ff}').contains(&it));
        let (text, _) = self.read(bytes);
        if !has_private(&text) {
            return None;
        }
        let (text, has_errors) = other.read(bytes);
        (!has_errors && !has_private(&text)).then_some(other)
    }
}

fn is_latin(encoding: &'static Encoding) -> bool {
    encoding.is_single_byte() && (encoding == WINDOWS_1252 || encoding == ISO_8859_2)
}

/// The charset of a name, in the spellings of mailers, too.
fn find(label: &str) -> Option<Charset> {
    // RFC 2231 lets a language stand behind an asterisk.
    let label = label.split('*').next().unwrap_or_default();
    let label = label.trim_matches(|it: char| it.is_whitespace() || matches!(it, '"' | '\''));
    let label = label.to_ascii_lowercase();
    let charset = match label.as_str() {
        "iso-2022-jp-1"
        | "iso-2022-jp-2"
        | "iso-2022-jp-3"
        | "iso-2022-jp-2004"
        | "iso-2022-jp-ms"
        | "iso2022jp"
        | "iso-2022jp"
        | "iso2022-jp"
        | "jis"
        | "jis7"
        | "cp50220"
        | "cp50221"
        | "cp50222"
        | "x-windows-50220"
        | "x-windows-50221"
        | "x-windows-iso2022jp"
        | "iso-2022-jp"
        | "csiso2022jp" => Charset::Jis,
        "cp932" | "ms932" | "windows-932" | "x-ms-cp932" | "x-sjis-jp" | "sjis-win" | "sjis-open"
        | "ibm943" | "cp943" | "shift-jis" | "shift_jisx0213" | "shift_jis-2004" | "x-mac-japanese"
        | "ms-kanji" | "sjis" | "pck" => Charset::Of(SHIFT_JIS),
        "eucjp" | "euc_jp" | "eucjp-win" | "eucjp-ms" | "eucjp-open" | "cp51932" | "x-eucjp" | "ujis"
        | "euc-jis-2004" | "euc-jisx0213" => Charset::Of(EUC_JP),
        "utf8" | "utf_8" | "utf8mb4" | "utf-8n" | "cp65001" | "unicode-2-0-utf-8" => Charset::Of(UTF_8),
        "utf-7" | "utf7" | "unicode-1-1-utf-7" | "csunicode11utf7" => Charset::Utf7,
        other => Charset::Of(Encoding::for_label_no_replacement(other.as_bytes())?),
    };
    Some(charset)
}

fn decide(bytes: &[u8], is_declared: bool, known: Option<Charset>) -> (Charset, CharsetReason) {
    if let Some(charset) = known
        && !is_all_ascii(bytes, charset)
        && charset.fits(bytes)
        // Whoever says UTF-8 or US-ASCII and switches sets of characters has forgotten to say so.
        && (!iso_2022_jp::switches(bytes) || matches!(charset, Charset::Jis))
    {
        return match charset.confused_with(bytes) {
            Some(other) => (other, CharsetReason::DeclaredIsWrong),
            None => (charset, CharsetReason::Declared),
        };
    }
    let why = |reason| {
        if is_declared && known.is_some() {
            CharsetReason::DeclaredIsWrong
        } else {
            reason
        }
    };
    if iso_2022_jp::switches(bytes) {
        return (Charset::Jis, why(CharsetReason::EscapeSequences));
    }
    if bytes.is_ascii() {
        return match known {
            // The standard of browsers has no other name for ASCII.
            Some(Charset::Of(encoding)) if is_latin(encoding) => (Charset::Ascii, CharsetReason::Declared),
            Some(charset) => (charset, CharsetReason::Declared),
            None => (Charset::Ascii, CharsetReason::Ascii),
        };
    }
    if is_utf_8(bytes) {
        return (Charset::Of(UTF_8), why(CharsetReason::ValidUtf8));
    }
    let guessed = Charset::Of(guess(bytes));
    match known {
        // What was guessed is nothing else, or reads no better than what is declared.
        Some(charset) if guessed.name() == charset.name() || !guessed.fits_japanese(bytes) => {
            (charset, CharsetReason::Declared)
        }
        _ => (guessed, why(CharsetReason::Guessed)),
    }
}

/// Whether bytes are UTF-8, with some that were broken or cut off on the way: one in a hundred characters at most.
fn is_utf_8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|it| !it.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken == 0 || whole > 100 * broken || (broken == 1 && whole > 3 && is_cut(bytes))
}

/// Whether all that is wrong is that the last character is not whole.
fn is_cut(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

impl Charset {
    fn fits_japanese(self, bytes: &[u8]) -> bool {
        matches!(self, Self::Of(encoding) if encoding == SHIFT_JIS || encoding == EUC_JP) && self.fits(bytes)
    }
}

/// Whether the bytes say nothing about a charset that has ASCII in it.
fn is_all_ascii(bytes: &[u8], charset: Charset) -> bool {
    let is_wide = matches!(charset, Charset::Of(encoding) if !encoding.is_ascii_compatible());
    bytes.is_ascii() && !is_wide && !matches!(charset, Charset::Jis | Charset::Utf7)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    const SEEN_MAX: usize = 64 << 10;
    // Both read without an error what is short; a guess by frequency is no better than one look at what comes out.
    let seen = bytes.get(..SEEN_MAX).unwrap_or(bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(seen, true);
    detector.guess(Some(b"jp"), Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], declared: Option<&str>) -> (String, String, CharsetReason) {
        let decoded = decode(bytes, declared);
        (decoded.text, decoded.decision.used, decoded.decision.why)
    }

    const TEXT: &str = "株式会社みほんの高嶋です。ﾃｽﾄを①回しました。";

    fn in_charset(encoding: &'static Encoding) -> Vec<u8> {
        encoding.encode(TEXT).0.into_owned()
    }

    #[test]
    fn what_is_declared_and_right_is_believed() {
        for (encoding, label) in [
            (SHIFT_JIS, "Shift_JIS"),
            (SHIFT_JIS, "CP932"),
            (SHIFT_JIS, "windows-31j"),
            (SHIFT_JIS, "x-sjis"),
            (EUC_JP, "euc-jp"),
            (EUC_JP, "eucJP-ms"),
            (UTF_8, "\"UTF-8\""),
            (UTF_8, "utf8"),
        ] {
            let (text, used, why) = read(&in_charset(encoding), Some(label));
            assert_eq!((text.as_str(), why), (TEXT, CharsetReason::Declared), "{label}");
            assert_eq!(used, encoding.name());
        }
    }

    #[test]
    fn what_is_not_declared_is_seen_in_the_bytes() {
        for encoding in [SHIFT_JIS, EUC_JP, UTF_8] {
            for label in [None, Some(""), Some("x-unknown"), Some("unknown-8bit")] {
                let (text, used, _) = read(&in_charset(encoding), label);
                assert_eq!(text, TEXT, "{used} {label:?}");
            }
        }
    }

    #[test]
    fn what_is_declared_and_wrong_is_not_believed() {
        for encoding in [SHIFT_JIS, EUC_JP, UTF_8] {
            for label in [
                "utf-8",
                "us-ascii",
                "iso-8859-1",
                "iso-2022-jp",
                "Shift_JIS",
                "euc-jp",
            ] {
                if find(label).map(Charset::name) == Some(encoding.name()) {
                    continue;
                }
                let (text, used, why) = read(&in_charset(encoding), Some(label));
                assert_eq!(
                    text,
                    TEXT,
                    "{} said to be {label}, read as {used}",
                    encoding.name()
                );
                assert_eq!(why, CharsetReason::DeclaredIsWrong);
            }
        }
    }

    #[test]
    fn escape_sequences_are_japanese_whatever_is_declared() {
        let bytes = b"\x1b$B3NG'\x1b(B";
        for label in [
            None,
            Some("us-ascii"),
            Some("utf-8"),
            Some("iso-8859-1"),
            Some("shift_jis"),
        ] {
            assert_eq!(read(bytes, label).0, "確認", "{label:?}");
        }
    }

    #[test]
    fn text_that_was_damaged_on_the_way_keeps_its_charset() {
        let mut bytes = TEXT.repeat(20).into_bytes();
        bytes.insert(30, 0xff);
        assert_eq!(read(&bytes, Some("utf-8")).2, CharsetReason::Declared);
        let cut = TEXT.as_bytes().get(..TEXT.len() - 1).unwrap();
        for label in [Some("utf-8"), None] {
            let (text, used, _) = read(cut, label);
            assert!(text.starts_with("株式会社みほん") && used == "UTF-8", "{text}");
        }
        let mut bytes = in_charset(SHIFT_JIS);
        bytes.push(0x82);
        assert_eq!(read(&bytes, Some("shift_jis")).1, "Shift_JIS");
    }

    #[test]
    fn short_words_without_a_declared_charset_are_read() {
        let words = [
            "確認",
            "件名",
            "お問い合わせ",
            "はい",
            "ご連絡",
            "変更届",
            "宣言",
            "再送",
            "テスト",
            "山田",
            "佐藤 太郎",
            "株式会社みほん",
            "停止",
            "至急",
            "ロゴ",
            "ID忘れ",
            "Re: ご回答",
            "質問です",
            "ありがとうございます",
            "住所変更について",
            "二つ星",
            "★★",
            "御中",
            "お世話になっております",
            "メール",
            "番号",
            "登録情報の変更",
            "合併",
            "取消し",
            "請求書",
            "㈱若葉",
            "髙橋",
            "①番号",
        ];
        for encoding in [SHIFT_JIS, EUC_JP, UTF_8] {
            let wrong: Vec<&str> = words
                .into_iter()
                .filter(|word| read(&encoding.encode(word).0, None).0 != **word)
                .collect();
            assert!(wrong.is_empty(), "{}: {wrong:?}", encoding.name());
        }
    }

    #[test]
    fn western_mail_stays_western() {
        let (text, used, _) = read(b"Gr\xfc\xdfe aus K\xf6ln, tr\xe8s bien", Some("iso-8859-1"));
        assert_eq!(
            (text.as_str(), used.as_str()),
            ("Grüße aus Köln, très bien", "windows-1252")
        );
    }

    #[test]
    fn a_person_may_choose() {
        let bytes = in_charset(EUC_JP);
        let chosen = decode_with(&bytes, Some("utf-8"), "euc-jp").unwrap();
        assert_eq!(chosen.text, TEXT);
        assert_eq!(chosen.decision.why, CharsetReason::Chosen);
        assert!(decode_with(&bytes, Some("utf-8"), "no such thing").is_none());
    }
}
