//! What a file with a password holds.

/// Why that is no password.
pub(crate) enum NotOneLine {
    Empty,
    More,
}

/// Its one line. The end of the line does not belong to the password.
pub(crate) fn one_line(content: &str) -> Result<&str, NotOneLine> {
    let password = content.strip_suffix('\n').unwrap_or(content);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.is_empty() {
        Err(NotOneLine::Empty)
    } else if password.contains(['\n', '\r', '\0']) {
        Err(NotOneLine::More)
    } else {
        Ok(password)
    }
}
