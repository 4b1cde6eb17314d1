//! What of the files that strangers send is kept in quarantine: what runs, or runs something, when somebody opens it.
//!
//! The name decides and the bytes decide: a program is one whatever it is called, and a page is one by its name. Inside a ZIP the names are
//! looked at, for that is how programs travel; what is locked with a password shows its names, too.

use crate::wire::wire_enum;

wire_enum! {
    /// Why a file is kept in quarantine.
    Hazard {
        /// A program or a script.
        Program = "program",
        /// A document that brings a program along.
        Macro = "macro",
        /// Something that opens something else.
        Shortcut = "shortcut",
        /// A disk of its own, in which anything may be.
        DiskImage = "disk_image",
        /// A page that a browser would open from the disk of its reader.
        WebPage = "web_page",
    }
}

const PROGRAMS: [&str; 27] = [
    "exe",
    "scr",
    "com",
    "pif",
    "bat",
    "cmd",
    "msi",
    "msp",
    "dll",
    "cpl",
    "ps1",
    "psm1",
    "vbs",
    "vbe",
    "js",
    "jse",
    "wsf",
    "wsh",
    "hta",
    "jar",
    "sh",
    "app",
    "apk",
    "reg",
    "chm",
    "py",
    "appref-ms",
];
const MACROS: [&str; 10] = [
    "docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppam", "ppsm",
];
const SHORTCUTS: [&str; 6] = ["lnk", "url", "scf", "desktop", "library-ms", "settingcontent-ms"];
const DISK_IMAGES: [&str; 6] = ["iso", "img", "vhd", "vhdx", "dmg", "udf"];
const WEB_PAGES: [&str; 8] = ["html", "htm", "xhtml", "shtml", "mht", "mhtml", "svg", "xml"];

/// How programs of every system begin.
const PROGRAM_BEGINNINGS: [&[u8]; 6] = [
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xcf",
];
/// A shortcut of Windows.
const SHORTCUT_BEGINNING: &[u8] = &[0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0];
/// An entry in the directory of a ZIP; a name of so many bytes, given at 28, follows at 46.
const ZIP_ENTRY: &[u8] = b"PK\x01\x02";
/// Names in a ZIP that are looked at; an archive of more is looked at no further.
const ENTRIES_MAX: usize = 10_000;

/// Whether a file is kept in quarantine, and why; `name` may be empty.
pub fn hazard(name: &str, bytes: &[u8]) -> Option<Hazard> {
    by_name(name)
        .or_else(|| by_beginning(bytes))
        .or_else(|| bytes.starts_with(b"PK").then(|| in_zip(bytes)).flatten())
}

fn by_name(name: &str) -> Option<Hazard> {
    // Windows leaves out dots and spaces at the end, and a reader does not see what stands behind a mark that turns the direction.
    let name: String = crate::value::plain::compact(name)
        .to_lowercase()
        .trim_end_matches(['.', ' '])
        .to_owned();
    let ending = name.rsplit_once('.').map(|it| it.1)?;
    [
        (&PROGRAMS[..], Hazard::Program),
        (&MACROS[..], Hazard::Macro),
        (&SHORTCUTS[..], Hazard::Shortcut),
        (&DISK_IMAGES[..], Hazard::DiskImage),
        (&WEB_PAGES[..], Hazard::WebPage),
    ]
    .into_iter()
    .find_map(|(endings, hazard)| endings.contains(&ending).then_some(hazard))
}

fn by_beginning(bytes: &[u8]) -> Option<Hazard> {
    if PROGRAM_BEGINNINGS.iter().any(|it| bytes.starts_with(it)) {
        return Some(Hazard::Program);
    }
    bytes.starts_with(SHORTCUT_BEGINNING).then_some(Hazard::Shortcut)
}

fn in_zip(bytes: &[u8]) -> Option<Hazard> {
    let mut rest = bytes;
    for _ in 0..ENTRIES_MAX {
        let at = rest.windows(ZIP_ENTRY.len()).position(|it| it == ZIP_ENTRY)?;
        let entry = rest.get(at..)?;
        let length = usize::from(u16::from_le_bytes([*entry.get(28)?, *entry.get(29)?]));
        let name = entry.get(46..46 + length)?;
        let name = String::from_utf8_lossy(name);
        if name.ends_with("vbaProject.bin") {
            return Some(Hazard::Macro);
        }
        // Office documents are ZIPs full of XML.
        match by_name(&name) {
            None | Some(Hazard::WebPage) => {}
            found => return found,
        }
        rest = entry.get(46..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip_of(names: &[&str]) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        for name in names {
            let mut entry = ZIP_ENTRY.to_vec();
            entry.resize(46, 0);
            entry[28] = u8::try_from(name.len()).expect("short");
            entry.extend_from_slice(name.as_bytes());
            bytes.extend(entry);
        }
        bytes
    }

    #[test]
    fn what_runs_is_known_by_its_name_and_by_its_bytes() {
        for (name, bytes, wanted) in [
            ("請求書.exe", &b""[..], Hazard::Program),
            ("請求書.pdf.EXE. ", b"", Hazard::Program),
            ("請求書.ｅｘｅ", b"", Hazard::Program),
            ("cod\u{202E}fdp.exe", b"", Hazard::Program),
            ("名簿.pdf", b"MZ\x90\0", Hazard::Program),
            ("", b"#!/bin/sh", Hazard::Program),
            ("名簿.xlsm", b"", Hazard::Macro),
            ("開いて.lnk", b"", Hazard::Shortcut),
            ("中身.iso", b"", Hazard::DiskImage),
            ("ログイン.html", b"", Hazard::WebPage),
            ("図.svg", b"", Hazard::WebPage),
        ] {
            assert_eq!(hazard(name, bytes), Some(wanted), "{name}");
        }
    }

    #[test]
    fn a_zip_is_looked_into() {
        assert_eq!(
            hazard("a.zip", &zip_of(&["読んで.txt", "入れて.scr"])),
            Some(Hazard::Program)
        );
        assert_eq!(
            hazard("a.docx", &zip_of(&["word/document.xml", "word/vbaProject.bin"])),
            Some(Hazard::Macro)
        );
        assert_eq!(hazard("a.docx", &zip_of(&["word/document.xml"])), None);
    }

    #[test]
    fn papers_pictures_and_what_is_cut_off_pass() {
        for (name, bytes) in [
            ("登記簿.pdf", &b"%PDF-1.7"[..]),
            ("写真.jpg", b"\xff\xd8\xff"),
            ("名簿.csv", b"a,b"),
            ("名前だけ", b""),
            ("", b""),
            ("壊れた.zip", b"PK\x01\x02\0\0"),
            ("comの資料.docx", b"PK\x03\x04"),
        ] {
            assert_eq!(hazard(name, bytes), None, "{name}");
        }
    }
}
