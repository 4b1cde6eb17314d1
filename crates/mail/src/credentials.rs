//! A user, and a password out of a file.

use std::fmt;

/// A user and a password. Their `Debug` shows neither.
#[derive(Clone)]
pub struct Credentials {
    pub(crate) user: String,
    pub(crate) password: String,
}

/// The file holds no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// Nothing in it.
    #[error("the file with the password is empty: put the password on its one line")]
    Empty,
    /// More than one line.
    #[error("the file with the password has more than one line: put the password on its one line")]
    Lines,
}

impl Credentials {
    /// A user, and what the file with the password holds: one line, its end does not belong to the password.
    pub fn from_file_content(user: impl Into<String>, content: &str) -> Result<Self, CredentialsError> {
        let password = content.strip_suffix('\n').unwrap_or(content);
        let password = password.strip_suffix('\r').unwrap_or(password);
        if password.is_empty() {
            return Err(CredentialsError::Empty);
        }
        if password.contains(['\n', '\r', '\0']) {
            return Err(CredentialsError::Lines);
        }
        Ok(Self {
            user: user.into(),
            password: password.to_owned(),
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_file_has_one_line() {
        for content in ["geheim", "geheim\n", "geheim\r\n", " a b "] {
            let read = Credentials::from_file_content("office", content);
            assert!(read.is_ok(), "{content:?}");
        }
        let of = |content| Credentials::from_file_content("office", content).unwrap_err();
        assert_eq!(of("\n"), CredentialsError::Empty);
        for content in ["user\npassword\n", "geheim\r\na1 LOGOUT", "a\0"] {
            assert_eq!(of(content), CredentialsError::Lines, "{content:?}");
        }
    }

    #[test]
    fn nothing_of_them_is_printed() {
        let credentials = Credentials::from_file_content("hanako", "geheim").unwrap();
        assert_eq!(format!("{credentials:?}"), "Credentials");
    }
}
