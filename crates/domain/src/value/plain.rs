//! What all readers share: full width to half width, white space off, all hyphens to one.

use unicode_normalization::UnicodeNormalization as _;

/// Whether a character is drawn as nothing: white space, controls, zero-width marks, the byte order mark.
pub fn is_empty_mark(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{00AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}')
}

/// Whether a character is some hyphen, dash, minus or long-vowel mark: people type any of them for any other.
pub const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{00AF}' | '\u{02D7}' | '\u{058A}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207B}'
                | '\u{208B}'
                | '\u{2212}'
                | '\u{2500}'
                | '\u{2501}'
                | '\u{2796}'
                | '\u{2E3A}'
                | '\u{2E3B}'
                | '\u{30FC}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{FF0D}'
                | '\u{FF70}'
    )
}

/// Whether there is nothing to see in it.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_empty_mark)
}

/// Without what is drawn as nothing at both ends.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_empty_mark)
}

/// Full width to half width (NFKC), everything that is drawn as nothing removed, every dash as `-`.
pub fn compact(text: &str) -> String {
    // Dashes first: NFKC takes U+00AF apart into a space and a combining mark.
    let dashes = text.chars().map(|c| if is_dash(c) { '-' } else { c });
    dashes
        .nfkc()
        .filter(|c| !is_empty_mark(*c))
        .map(|c| if is_dash(c) { '-' } else { c })
        .collect()
}

/// As [`compact`], without dashes: for numbers that people group as they like.
pub fn ungrouped(text: &str) -> String {
    compact(text).chars().filter(|c| *c != '-').collect()
}

/// Whether it is that many ASCII digits.
pub fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_of_hyphens_and_spaces_fold() {
        for typed in [
            "470-0000-0002",
            "４７０－００００－０００２",
            "470‐0000—0002",
            "470 0000\u{3000}0002",
            "\u{FEFF}47000000002\t",
        ] {
            assert_eq!(ungrouped(typed), "47000000002", "{typed:?}");
        }
    }

    #[test]
    fn trimming_takes_full_width_spaces_and_zero_width_marks() {
        assert_eq!(trim("\u{3000}\u{200B} みほん 商店\t\u{3000}"), "みほん 商店");
        assert!(is_blank("\u{3000}\u{FEFF}\0 "));
    }
}
