//! The part of the configuration that is about signing in by an identity provider.

use std::collections::BTreeMap;
use std::path::PathBuf;

use axum::http::Uri;
use domain::staff::Role;
use identity::Secret;
use serde::Deserialize;

use super::ConfigError;

/// What people read on the button.
const LABEL_CHARS: usize = 40;
/// Where most providers put the groups of a person.
const GROUPS_CLAIM: &str = "groups";
/// A secret of more is another file.
const SECRET_BYTES: usize = 4096;

/// The identity provider, and who we are to it.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// Its address.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// How we prove to it that we are.
    pub client_secret: Secret,
    /// What people call it.
    pub label: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim with the groups of a person.
    pub groups_claim: String,
    /// Which roles a group gives.
    pub group_roles: BTreeMap<String, Vec<Role>>,
}

/// One layer of the settings under `[sign_in]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInLayer {
    /// See [`ProviderConfig`].
    #[serde(default)]
    pub oidc: ProviderLayer,
}

/// One layer of the settings under `[sign_in.oidc]`; every key may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderLayer {
    /// See [`ProviderConfig::issuer`].
    pub issuer: Option<String>,
    /// See [`ProviderConfig::client_id`].
    pub client_id: Option<String>,
    /// The file with the secret.
    pub client_secret_file: Option<PathBuf>,
    /// See [`ProviderConfig::label`].
    pub label: Option<String>,
    /// See [`ProviderConfig::scopes`].
    pub scopes: Option<Vec<String>>,
    /// See [`ProviderConfig::groups_claim`].
    pub groups_claim: Option<String>,
    /// See [`ProviderConfig::group_roles`].
    pub group_roles: Option<BTreeMap<String, Vec<String>>>,
}

impl SignInLayer {
    /// This layer on top of another.
    pub fn over(self, below: Self) -> Self {
        let (this, below) = (self.oidc, below.oidc);
        Self {
            oidc: ProviderLayer {
                issuer: this.issuer.or(below.issuer),
                client_id: this.client_id.or(below.client_id),
                client_secret_file: this.client_secret_file.or(below.client_secret_file),
                label: this.label.or(below.label),
                scopes: this.scopes.or(below.scopes),
                groups_claim: this.groups_claim.or(below.groups_claim),
                group_roles: this.group_roles.or(below.group_roles),
            },
        }
    }

    /// Takes a variable of the environment, without its prefix `SENGEN_SIGN_IN_OIDC_`. `false`: no such setting.
    pub fn set(&mut self, key: &str, value: String) -> bool {
        let layer = &mut self.oidc;
        match key {
            "ISSUER" => layer.issuer = Some(value),
            "CLIENT_ID" => layer.client_id = Some(value),
            "CLIENT_SECRET_FILE" => layer.client_secret_file = Some(value.into()),
            "LABEL" => layer.label = Some(value),
            "SCOPES" => layer.scopes = Some(value.split(',').map(|one| one.trim().to_owned()).collect()),
            "GROUPS_CLAIM" => layer.groups_claim = Some(value),
            _ => return false,
        }
        true
    }

    /// Looks at all of it; the file of the secret is read.
    pub fn read(self) -> Result<Option<ProviderConfig>, ConfigError> {
        let layer = self.oidc;
        let Some(issuer) = layer.issuer else {
            let first = [
                ("sign_in.oidc.client_id", layer.client_id.is_some()),
                (
                    "sign_in.oidc.client_secret_file",
                    layer.client_secret_file.is_some(),
                ),
                ("sign_in.oidc.group_roles", layer.group_roles.is_some()),
            ];
            let alone = first.into_iter().find(|(_, is_there)| *is_there);
            return match alone {
                Some((key, _)) => Err(bad(
                    key,
                    "",
                    "given together with sign_in.oidc.issuer, or left out",
                )),
                None => Ok(None),
            };
        };
        if !is_issuer(&issuer) {
            let expected = "https://HOST/PATH as the provider calls itself (http:// for this machine only)";
            return Err(bad("sign_in.oidc.issuer", &issuer, expected));
        }
        let expected = "what the provider calls us, when there is a sign_in.oidc.issuer";
        let client_id = layer.client_id.filter(|id| !id.is_empty());
        let client_id = client_id.ok_or_else(|| bad("sign_in.oidc.client_id", "", expected))?;
        let label = layer.label.unwrap_or_else(|| "シングルサインオン".to_owned());
        if label.trim().is_empty()
            || label.chars().count() > LABEL_CHARS
            || label.chars().any(char::is_control)
        {
            let expected = "one line of 1 to 40 characters, for the button";
            return Err(bad("sign_in.oidc.label", &label, expected));
        }
        Ok(Some(ProviderConfig {
            client_secret: secret(layer.client_secret_file)?,
            group_roles: group_roles(layer.group_roles.unwrap_or_default())?,
            groups_claim: layer.groups_claim.unwrap_or_else(|| GROUPS_CLAIM.to_owned()),
            scopes: layer.scopes.unwrap_or_default(),
            issuer,
            client_id,
            label,
        }))
    }
}

/// Codes and tokens go there: encrypted, unless they stay on this machine.
fn is_issuer(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = uri.authority() else {
        return false;
    };
    let is_here = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
    let is_encrypted = uri.scheme_str() == Some("https");
    let is_allowed = is_encrypted || (is_here && uri.scheme_str() == Some("http"));
    is_allowed && uri.query().is_none() && !authority.as_str().contains('@')
}

fn secret(file: Option<PathBuf>) -> Result<Secret, ConfigError> {
    let key = "sign_in.oidc.client_secret_file";
    let expected = "a readable file with one line, the secret";
    let file = file.ok_or_else(|| bad(key, "", expected))?;
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(&file).map_err(|_| bad(key, &shown, expected))?;
    let line = text.trim_end_matches(['\r', '\n']);
    let is_one = !line.is_empty() && line.len() <= SECRET_BYTES && !line.contains(['\r', '\n']);
    if is_one {
        Ok(Secret(line.to_owned()))
    } else {
        Err(bad(key, &shown, expected))
    }
}

fn group_roles(groups: BTreeMap<String, Vec<String>>) -> Result<BTreeMap<String, Vec<Role>>, ConfigError> {
    let key = "sign_in.oidc.group_roles";
    let expected = "roles among registrar, support, operator, auditor and viewer; administrator and approver are given by two persons";
    let read = |roles: Vec<String>| {
        roles
            .into_iter()
            .map(|text| match text.parse::<Role>() {
                Ok(Role::Administrator | Role::Approver) | Err(_) => Err(bad(key, &text, expected)),
                Ok(role) => Ok(role),
            })
            .collect::<Result<Vec<_>, _>>()
    };
    groups
        .into_iter()
        .map(|(group, roles)| Ok((group, read(roles)?)))
        .collect()
}

fn bad(key: &'static str, value: &str, expected: &'static str) -> ConfigError {
    ConfigError::BadValue {
        key,
        value: value.to_owned(),
        expected,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn layer(secret: &str, issuer: &str, roles: &[&str]) -> (tempfile::NamedTempFile, SignInLayer) {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        write!(file, "{secret}").expect("text");
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        let layer = SignInLayer {
            oidc: ProviderLayer {
                issuer: Some(issuer.to_owned()),
                client_id: Some("sengen".to_owned()),
                client_secret_file: Some(file.path().to_owned()),
                group_roles: Some([("staff".to_owned(), roles)].into()),
                ..ProviderLayer::default()
            },
        };
        (file, layer)
    }

    #[test]
    fn a_provider_is_read_with_its_secret_which_nobody_prints() {
        let (_file, layer) = layer("s3cret\n", "https://id.example.jp/realm", &["registrar"]);
        let config = layer.read().expect("a configuration").expect("a provider");
        assert_eq!(config.client_secret.0, "s3cret");
        assert_eq!(config.groups_claim, "groups");
        assert_eq!(config.group_roles["staff"], [Role::Registrar]);
        assert!(!format!("{config:?}").contains("s3cret"));
    }

    #[test]
    fn t59_what_is_wrong_with_a_provider_names_its_key() {
        for (secret, issuer, roles, key) in [
            ("x", "http://id.example.jp", "viewer", "issuer"),
            ("x", "id.example.jp", "viewer", "issuer"),
            ("x", "https://a@id.example.jp", "viewer", "issuer"),
            ("", "https://id.example.jp", "viewer", "client_secret_file"),
            ("a\nb", "https://id.example.jp", "viewer", "client_secret_file"),
            ("x", "https://id.example.jp", "administrator", "group_roles"),
            ("x", "https://id.example.jp", "approver", "group_roles"),
            ("x", "https://id.example.jp", "king", "group_roles"),
        ] {
            let (_file, layer) = layer(secret, issuer, &[roles]);
            let error = layer.read().expect_err("a refusal").to_string();
            assert!(error.contains(&format!("sign_in.oidc.{key}")), "{error}");
        }
        assert!(SignInLayer::default().read().expect("nothing").is_none());
        let mut alone = SignInLayer::default();
        assert!(alone.set("CLIENT_ID", "sengen".to_owned()) && !alone.set("CLIENTID", String::new()));
        let error = alone.read().expect_err("a refusal").to_string();
        assert!(error.contains("sign_in.oidc.client_id"), "{error}");
    }
}
