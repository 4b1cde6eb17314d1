//! Names of folders as IMAP writes them: modified UTF-7 (RFC 3501, 5.1.3) between quotes.

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

const BASE64: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// A name as it stands in a command.
pub(super) fn encoded(name: &str) -> String {
    quoted(&modified_utf7(name))
}

/// Text between quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

fn modified_utf7(name: &str) -> String {
    let is_plain = |c: &char| matches!(c, ' '..='~');
    let mut encoded = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let same = |c: &char| is_plain(c) == is_plain(&first);
        let length = rest.chars().take_while(same).map(char::len_utf8).sum();
        let (run, behind) = rest.split_at(length);
        if is_plain(&first) {
            encoded.push_str(&run.replace('&', "&-"));
        } else {
            let units: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
            encoded.push('&');
            encoded.push_str(&BASE64.encode(units));
            encoded.push('-');
        }
        rest = behind;
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_the_name_that_the_standard_gives_it() {
        for (name, written) in [
            ("INBOX", "INBOX"),
            ("日本語", "&ZeVnLIqe-"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("A&B", "A&-B"),
            ("お問い合わせ2026", "&MEpVTzBEVAgwjzBb-2026"),
            ("𠮷", "&2ELftw-"),
            ("", ""),
        ] {
            assert_eq!(modified_utf7(name), written, "{name}");
        }
        assert_eq!(encoded(r#"a"b\c"#), r#""a\"b\\c""#);
    }
}
