//! Content-Transfer-Encoding, read leniently: what is broken is read as far as it goes.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Where quoted-printable stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum In {
    /// In a body: an equals sign at the end of a line joins it with the next one.
    Body,
    /// In an encoded word: an underscore is a blank.
    Word,
}

/// The bytes of a body.
pub(super) fn decode(body: &[u8], encoding: Option<&str>) -> Vec<u8> {
    // Some write a comment or a semicolon behind it.
    let name = encoding.unwrap_or_default();
    let name = name.split([';', ' ', '(']).next().unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted(body, In::Body),
        _ => body.to_vec(),
    }
}

/// Reads base64; several encodings that were put one behind the other are read one after the other, all else in between is passed over.
pub(super) fn base64(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for part in text.split(|byte| *byte == b'=') {
        let mut letters: Vec<u8> = part
            .iter()
            .copied()
            .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
            .collect();
        // A single letter at the end holds no byte.
        if letters.len() % 4 == 1 {
            letters.pop();
        }
        bytes.extend(LENIENT.decode(&letters).unwrap_or_default());
    }
    bytes
}

/// Reads quoted-printable; an equals sign that begins nothing stands for itself.
pub(super) fn quoted(text: &[u8], place: In) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let (mut line, mut end): (&[u8], &[u8]) = match line {
            [rest @ .., b'\r', b'\n'] => (rest, b"\r\n"),
            [rest @ .., b'\n'] => (rest, b"\n"),
            _ => (line, b""),
        };
        if place == In::Body {
            // Blanks at the end of a line came in on the way.
            line = line.trim_ascii_end();
            if let Some(joined) = line.strip_suffix(b"=") {
                (line, end) = (joined, b"");
            }
        }
        let mut at = 0;
        while let Some(&byte) = line.get(at) {
            at += 1;
            match (byte, line.get(at), line.get(at + 1)) {
                (b'=', Some(&high), Some(&low)) if hex(high, low).is_some() => {
                    bytes.extend(hex(high, low));
                    at += 2;
                }
                (b'_', ..) if place == In::Word => bytes.push(b' '),
                _ => bytes.push(byte),
            }
        }
        bytes.extend_from_slice(end);
    }
    bytes
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |it: u8| char::from(it).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_is_read_as_far_as_it_goes() {
        for (text, bytes) in [
            (&b"a=3Db"[..], &b"a=b"[..]),
            (b"joined=\r\nline", b"joinedline"),
            (b"joined= \nline\n", b"joinedline\n"),
            (b"blanks  \r\nend", b"blanks\r\nend"),
            (b"=zz =4", b"=zz =4"),
            (b"=e7=a2=BA_", "確_".as_bytes()),
            (b"=", b""),
        ] {
            assert_eq!(quoted(text, In::Body), bytes, "{text:?}");
        }
        assert_eq!(quoted(b"a_b=5F", In::Word), b"a b_");
    }

    #[test]
    fn base64_is_read_whatever_stands_between_and_behind() {
        for text in [
            &b"aGVsbG8="[..],
            b"aGVs\r\nbG8=\r\n",
            b"aGVsbG8",
            b"aG Vs!bG8=",
            b"aGVs\nbG8=A",
        ] {
            assert_eq!(base64(text), b"hello", "{text:?}");
        }
        assert_eq!(base64(b"aGVsbG8=aGVsbG8="), b"hellohello");
        assert_eq!(base64(b""), b"");
    }

    #[test]
    fn other_encodings_are_none() {
        for name in [None, Some("7bit"), Some("8bit"), Some("x-what")] {
            assert_eq!(decode(b"=3D", name), b"=3D");
        }
        assert_eq!(decode(b"=3D", Some("Quoted-Printable;")), b"=");
    }
}
