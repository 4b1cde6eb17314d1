//! A body of text as it is shown and stored.

/// Lines end alike; without characters that a database or a screen could stumble over.
pub(super) fn clean(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                clean.push('\n');
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => clean.push('\n'),
            '\n' | '\t' => clean.push(character),
            '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            it if it.is_control() => clean.push('\u{fffd}'),
            it => clean.push(it),
        }
    }
    clean
}

/// Joins lines that were broken only for the way (RFC 3676). `delete_space`: the blank at the break is not of the text, as in Japanese.
pub(super) fn unflowed(text: &str, delete_space: bool) -> String {
    let mut lines: Vec<String> = Vec::new();
    // How deep the line before is quoted, when it goes on.
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let depth = line.bytes().take_while(|it| *it == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let goes_on = content.ends_with(' ') && content != "-- ";
        let kept = if goes_on && delete_space {
            content.strip_suffix(' ').unwrap_or(content)
        } else {
            content
        };
        match lines.last_mut().filter(|_| open == Some(depth)) {
            Some(last) => last.push_str(kept),
            None if depth > 0 => lines.push(format!("{} {kept}", ">".repeat(depth))),
            None => lines.push(kept.to_owned()),
        }
        open = goes_on.then_some(depth);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_alike_and_nothing_turns_the_text_around() {
        assert_eq!(
            clean("\u{feff}a\r\nb\rc\u{2028}d\0\u{202e}e\tf"),
            "a\nb\nc\nd\u{fffd}e\tf"
        );
    }

    #[test]
    fn lines_that_were_broken_for_the_way_are_joined() {
        let text = "宣言の \n番号\n> quoted \n> text\n\n-- \nname";
        assert_eq!(unflowed(text, true), "宣言の番号\n> quotedtext\n\n-- \nname");
        assert_eq!(unflowed("one \ntwo", false), "one two");
    }
}
