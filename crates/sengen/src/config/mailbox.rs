//! The part of the configuration that is about mailboxes on other servers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::mailing::SenderKey;
use mail::imap::{Account, AccountError, Mailbox, Tls};
use mail::{Credentials, TrustError};
use serde::Deserialize;

use super::ConfigError;
use super::mail::{bad, content};

/// A mailbox under `[mail.mailboxes.NAME]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailboxLayer {
    /// `HOST:PORT` of its IMAP server.
    pub server: String,
    /// `implicit`, `starttls` or `none`.
    pub tls: Option<String>,
    /// Lets password and mail go in clear text over a network.
    pub allow_clear_text: Option<bool>,
    /// The name to sign in with.
    pub user: String,
    /// The file with the password.
    pub password_file: PathBuf,
    /// The folder.
    pub folder: Option<String>,
    /// A file with certificates that are trusted beside those of the system.
    pub ca_file: Option<PathBuf>,
}

/// Looks at all of them; files are read.
pub(super) fn read(
    layers: Option<&BTreeMap<String, MailboxLayer>>,
) -> Result<Vec<(String, Account)>, ConfigError> {
    let layers = layers.into_iter().flatten();
    layers
        .map(|(name, layer)| {
            if name.parse::<SenderKey>().is_err() {
                let expected = "named by small letters, digits and hyphens";
                return Err(bad("mail.mailboxes", name.clone(), expected));
            }
            Ok((name.clone(), account(layer)?))
        })
        .collect()
}

fn account(layer: &MailboxLayer) -> Result<Account, ConfigError> {
    let server = layer.server.rsplit_once(':');
    let server = server.and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let expected = "HOST:PORT, such as imap.example.jp:993";
    let (host, port) =
        server.ok_or_else(|| bad("mail.mailboxes.*.server", layer.server.clone(), expected))?;
    let password = content("mail.mailboxes.*.password_file", &layer.password_file)?;
    let credentials = Credentials::from_file_content(&layer.user, &password).map_err(|_| {
        let file = layer.password_file.display().to_string();
        bad(
            "mail.mailboxes.*.password_file",
            file,
            "a file with one line, the password",
        )
    })?;
    let mut account = Account::new(host.trim_matches(['[', ']']), credentials);
    account.port = port;
    account.tls = match layer.tls.as_deref() {
        None | Some("implicit") => Tls::Implicit,
        Some("starttls") => Tls::StartTls,
        Some("none") => Tls::None,
        Some(other) => {
            let expected = "implicit, starttls or none";
            return Err(bad("mail.mailboxes.*.tls", other.to_owned(), expected));
        }
    };
    account.clear_text_allowed = layer.allow_clear_text.unwrap_or(false);
    account.extra_roots = layer
        .ca_file
        .as_deref()
        .map(|file| content("mail.mailboxes.*.ca_file", file))
        .transpose()?;
    if let Some(folder) = &layer.folder {
        account.folder.clone_from(folder);
    }
    // Whatever is wrong with it is said now, and not when the first mail comes.
    match Mailbox::new(account.clone()) {
        Ok(_) => Ok(account),
        Err(error) => Err(refused(layer, &error)),
    }
}

fn refused(layer: &MailboxLayer, error: &AccountError) -> ConfigError {
    match error {
        AccountError::ClearText { host } => {
            let expected =
                "implicit or starttls for a server that is not on this machine, or allow_clear_text = true";
            bad("mail.mailboxes.*.tls", host.clone(), expected)
        }
        AccountError::User => bad(
            "mail.mailboxes.*.user",
            layer.user.clone(),
            "the name to sign in with, on one line",
        ),
        AccountError::Folder => {
            let folder = layer.folder.clone().unwrap_or_default();
            bad(
                "mail.mailboxes.*.folder",
                folder,
                "the name of a folder, on one line",
            )
        }
        AccountError::Trust(TrustError::ExtraRoots { .. }) => {
            let file = layer.ca_file.as_ref().map(|file| file.display().to_string());
            bad(
                "mail.mailboxes.*.ca_file",
                file.unwrap_or_default(),
                "a file with certificates in PEM",
            )
        }
        AccountError::Trust(TrustError::NoRoots | TrustError::Setup { .. }) => {
            let expected = "on a machine with root certificates: install the package ca-certificates";
            bad("mail.mailboxes.*.server", layer.server.clone(), expected)
        }
        AccountError::Nowhere | AccountError::Trust(TrustError::Host { .. }) => {
            let expected = "HOST:PORT, such as imap.example.jp:993";
            bad("mail.mailboxes.*.server", layer.server.clone(), expected)
        }
    }
}
