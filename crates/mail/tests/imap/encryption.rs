//! Nobody gets a password who cannot prove who they are, and none goes in clear text.

use std::path::Path;

use mail::imap::{Account, Failure, Tls};
use test_support::Dovecot;

use crate::certificates::Certificate;
use crate::script::{Script, hear, say};
use crate::server::{USER, account, all, bytes, credentials, message, open, try_open};

fn start(certificate: &Certificate) -> Dovecot {
    let [_, chain, _, key] = certificate.options();
    Dovecot::start_with(Some((Path::new(chain), Path::new(key))))
}

fn encrypted(server: &Dovecot, certificate: &Certificate, tls: Tls) -> Account {
    let port = if tls == Tls::Implicit {
        server.tls_port
    } else {
        server.port
    };
    Account {
        host: "localhost".to_owned(),
        tls,
        extra_roots: Some(certificate.authority.clone()),
        ..account(port, USER)
    }
}

#[tokio::test]
async fn mail_comes_encrypted_from_the_first_byte_and_with_starttls() {
    let certificate = Certificate::good();
    let server = start(&certificate);
    let large = [message(1), b"0123456789\r\n".repeat(100_000)].concat();
    server.deliver(USER, "INBOX", &large);
    for tls in [Tls::Implicit, Tls::StartTls] {
        let mut session = open(encrypted(&server, &certificate, tls)).await;
        let came = bytes(all(&mut session, None).await);
        assert!(came == std::slice::from_ref(&large), "{tls:?}");
        session.close().await;
    }
}

#[tokio::test]
async fn whoever_shows_a_bad_certificate_gets_no_password() {
    for (certificate, said) in [
        (Certificate::for_another_name(), "NotValidForName"),
        (Certificate::expired(), "Expired"),
        (Certificate::of_the_future(), "NotValidYet"),
        (Certificate::good(), "UnknownIssuer"),
    ] {
        let server = start(&certificate);
        for tls in [Tls::Implicit, Tls::StartTls] {
            let mut account = encrypted(&server, &certificate, tls);
            if said == "UnknownIssuer" {
                account.extra_roots = Some(Certificate::good().authority);
            }
            let failure = try_open(account).await.unwrap_err();
            assert!(
                matches!(failure, Failure::NotTrusted { .. }),
                "{said} {tls:?}: {failure:?}"
            );
            assert!(failure.needs_a_person());
            assert!(failure.to_string().contains("cannot be trusted"), "{failure}");
        }
    }
}

#[tokio::test]
async fn without_encryption_there_is_no_password() {
    let certificate = Certificate::good();
    let plain = Dovecot::start();
    let failure = try_open(encrypted(&plain, &certificate, Tls::StartTls))
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::NoEncryption { .. }), "{failure:?}");
    // Implicit TLS on a port without it.
    let mut account = encrypted(&plain, &certificate, Tls::Implicit);
    account.port = plain.port;
    let failure = try_open(account).await.unwrap_err();
    assert!(matches!(failure, Failure::NotTls { .. }), "{failure:?}");
    assert!(failure.to_string().contains("993 to implicit TLS"), "{failure}");
}

/// What is said in clear text before the encryption counts for nothing behind it: not an answer, and not that we are signed in.
#[tokio::test]
async fn what_somebody_slips_in_before_the_encryption_ends_it() {
    let slipped_in = Script::start(&[
        say("* OK hello\r\n"),
        hear("CAPABILITY"),
        say("* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK\r\n"),
        hear("STARTTLS"),
        say("TAG OK\r\na1 OK and you are signed in\r\n"),
    ]);
    let signed_in = Script::start(&[say("* PREAUTH hello\r\n")]);
    for script in [slipped_in, signed_in] {
        let account = Account {
            host: "localhost".to_owned(),
            tls: Tls::StartTls,
            extra_roots: Some(Certificate::good().authority),
            ..account(script.port, USER)
        };
        let failure = try_open(account).await.unwrap_err();
        assert!(matches!(failure, Failure::Unexpected { .. }), "{failure:?}");
        let heard = script.heard().await;
        assert!(
            !heard.contains("LOGIN") && !heard.contains("AUTHENTICATE"),
            "{heard}"
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_said_to_be_wrong_and_not_shown() {
    let server = Dovecot::start();
    for (user, password) in [
        (USER, "falsch"),
        ("nobody@example.jp", "falsch"),
        (USER, "日本語"),
    ] {
        let account = Account {
            credentials: credentials(user, password),
            ..account(server.port, user)
        };
        let failure = try_open(account).await.unwrap_err();
        let said = format!("{failure} {failure:?}");
        assert!(matches!(failure, Failure::WrongPassword { .. }), "{said}");
        assert!(failure.needs_a_person());
        assert!(
            said.contains("refuses our user or password (AUTHENTICATIONFAILED)"),
            "{said}"
        );
        assert!(!said.contains(password) && !said.contains(user), "{said}");
    }
}
