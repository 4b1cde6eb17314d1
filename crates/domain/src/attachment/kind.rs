//! What a file is, by its bytes: whatever it is called, and whatever whoever sent it says.

use crate::wire::wire_enum;

wire_enum! {
    /// What a file is.
    AttachmentKind {
        /// A PDF document.
        Pdf = "pdf",
        /// A PNG picture.
        Png = "png",
        /// A JPEG picture.
        Jpeg = "jpeg",
        /// Plain text, tables of it included.
        Text = "text",
        /// A workbook without macros.
        Xlsx = "xlsx",
        /// A document without macros.
        Docx = "docx",
    }
}

impl AttachmentKind {
    /// How it is served.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            // In whatever encoding it came.
            Self::Text => "text/plain",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    /// How its names end; the usual one first.
    pub(super) const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Text => &["txt", "csv"],
            Self::Xlsx => &["xlsx"],
            Self::Docx => &["docx"],
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than [`super::LARGEST`].
    #[error("the file is larger than 10 MB")]
    TooLarge,
    /// It is none of the kinds that are taken.
    #[error("the file is of no kind that is taken")]
    Kind,
    /// It carries a program.
    #[error("the file has macros in it")]
    Macros,
}

impl FileProblem {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "attachment_empty",
            Self::TooLarge => "attachment_too_large",
            Self::Kind => "attachment_kind",
            Self::Macros => "attachment_macros",
        }
    }

    /// One sentence for whoever chose it.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Empty => "ファイルが空です。",
            Self::TooLarge => "ファイルは10MB以内にしてください。",
            Self::Kind => {
                "添付できるのは、PDF、PNG、JPEG、テキスト、CSV、Excel（xlsx）、Word（docx）のファイルです。"
            }
            Self::Macros => "マクロを含むファイルは添付できません。マクロのない形式で保存し直してください。",
        }
    }
}

/// What a file is; refused when it is nothing that is taken.
pub fn kind_of(bytes: &[u8]) -> Result<AttachmentKind, FileProblem> {
    if bytes.is_empty() {
        return Err(FileProblem::Empty);
    }
    if bytes.len() > super::LARGEST {
        return Err(FileProblem::TooLarge);
    }
    let begins: [(&[u8], AttachmentKind); 3] = [
        (b"%PDF-", AttachmentKind::Pdf),
        (b"\x89PNG\r\n\x1a\n", AttachmentKind::Png),
        (b"\xff\xd8\xff", AttachmentKind::Jpeg),
    ];
    for (beginning, kind) in begins {
        if bytes.starts_with(beginning) {
            return Ok(kind);
        }
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return office(bytes);
    }
    if is_text(bytes) {
        Ok(AttachmentKind::Text)
    } else {
        Err(FileProblem::Kind)
    }
}

/// Which office document an archive is, by the names in its directory. Nothing in it is unpacked.
fn office(bytes: &[u8]) -> Result<AttachmentKind, FileProblem> {
    let names = entry_names(bytes).ok_or(FileProblem::Kind)?;
    if names.iter().any(|name| name.ends_with(b"vbaProject.bin")) {
        return Err(FileProblem::Macros);
    }
    let has = |wanted: &[u8]| names.contains(&wanted);
    match (has(b"xl/workbook.xml"), has(b"word/document.xml")) {
        (true, false) => Ok(AttachmentKind::Xlsx),
        (false, true) => Ok(AttachmentKind::Docx),
        _ => Err(FileProblem::Kind),
    }
}

/// The names in the directory of a ZIP archive; `None` when it has none that can be read.
fn entry_names(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    const END: usize = 22;
    const ENTRY: usize = 46;
    // A comment of up to 64 KiB may follow the end record.
    let from = bytes.len().saturating_sub(END + 0xffff);
    let tail = bytes.get(from..)?;
    let end = tail.windows(4).rposition(|four| four == b"PK\x05\x06")? + from;
    let count = two(bytes, end + 10)?;
    let mut at = four(bytes, end + 16)?;
    let mut names = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
            return None;
        }
        let (name, extra, comment) = (two(bytes, at + 28)?, two(bytes, at + 30)?, two(bytes, at + 32)?);
        let begin = at + ENTRY;
        names.push(bytes.get(begin..begin + name)?);
        at = begin + name + extra + comment;
    }
    Some(names)
}

fn two(bytes: &[u8], at: usize) -> Option<usize> {
    let two = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(two)))
}

fn four(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

/// Whether the bytes are text: UTF-8 or what Japanese systems wrote before it, without the control characters that no text has.
fn is_text(bytes: &[u8]) -> bool {
    let is_control =
        |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c) || *byte == 0x7f;
    if bytes.iter().any(is_control) {
        return false;
    }
    std::str::from_utf8(bytes).is_ok() || is_shift_jis(bytes)
}

/// Whether bytes are whole characters of CP932: half-width kana, or a lead byte with its trail.
fn is_shift_jis(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            0x00..=0x7f | 0xa1..=0xdf => {}
            0x81..=0x9f | 0xe0..=0xfc => match rest.next() {
                Some(0x40..=0x7e | 0x80..=0xfc) => {}
                _ => return false,
            },
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of empty files with these names.
    fn archive(names: &[&str]) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        let begin = bytes.len();
        for name in names {
            let mut entry = vec![0; 46];
            entry[..4].copy_from_slice(b"PK\x01\x02");
            entry[28] = u8::try_from(name.len()).expect("short");
            bytes.extend(entry);
            bytes.extend(name.as_bytes());
        }
        let mut end = vec![0; 22];
        end[..4].copy_from_slice(b"PK\x05\x06");
        end[10] = u8::try_from(names.len()).expect("few");
        end[16] = u8::try_from(begin).expect("near");
        bytes.extend(end);
        bytes
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(kind_of(b"%PDF-1.7\n"), Ok(AttachmentKind::Pdf));
        assert_eq!(kind_of(b"\x89PNG\r\n\x1a\nIHDR"), Ok(AttachmentKind::Png));
        assert_eq!(kind_of(b"\xff\xd8\xff\xe0JFIF"), Ok(AttachmentKind::Jpeg));
        assert_eq!(kind_of("番号,名前\n".as_bytes()), Ok(AttachmentKind::Text));
        // 見本 in CP932.
        assert_eq!(kind_of(b"\x8c\xa9\x96\x7b,1\r\n"), Ok(AttachmentKind::Text));
        let book = archive(&["[Content_Types].xml", "xl/workbook.xml"]);
        assert_eq!(kind_of(&book), Ok(AttachmentKind::Xlsx));
        let document = archive(&["[Content_Types].xml", "word/document.xml"]);
        assert_eq!(kind_of(&document), Ok(AttachmentKind::Docx));
    }

    #[test]
    fn everything_else_is_refused_whatever_it_is_called() {
        for bytes in [
            b"MZ\x90\x00\x03".as_slice(),
            b"\x7fELF\x02",
            b"GIF89a\x01\x00",
            b"PK\x03\x04 and nothing more",
            b"\xff\xfe\x00",
        ] {
            assert_eq!(kind_of(bytes), Err(FileProblem::Kind), "{bytes:?}");
        }
        assert_eq!(kind_of(&archive(&["evil.exe"])), Err(FileProblem::Kind));
        let macros = archive(&["xl/workbook.xml", "xl/vbaProject.bin"]);
        assert_eq!(kind_of(&macros), Err(FileProblem::Macros));
        assert_eq!(kind_of(b""), Err(FileProblem::Empty));
        assert_eq!(
            kind_of(&vec![b'a'; super::super::LARGEST + 1]),
            Err(FileProblem::TooLarge)
        );
    }

    #[test]
    fn an_archive_that_lies_about_its_directory_ends_nothing() {
        let mut lying = archive(&["xl/workbook.xml"]);
        let end = lying.len() - 22;
        lying[end + 16..end + 20].copy_from_slice(&[0xff; 4]);
        assert_eq!(kind_of(&lying), Err(FileProblem::Kind));
        let mut long = archive(&["xl/workbook.xml"]);
        long[4 + 28] = 0xff;
        assert_eq!(kind_of(&long), Err(FileProblem::Kind));
    }
}
