//! Nothing goes in clear text that must not, and nobody is trusted who cannot prove who they are.

use domain::mailing::Outcome;
use mail::{Credentials, Relay, Tls};

use crate::certificates::Certificate;
use crate::server::{Server, message, pool, string};

/// What was said before the encryption, or without it.
const CLEAR: [&str; 2] = ["EHLO", "STARTTLS"];

fn start(certificate: &Certificate, more: &[&str]) -> Server {
    Server::start(&[&certificate.options()[..], more].concat())
}

fn relay(server: &Server, certificate: &Certificate, tls: Tls) -> Relay {
    Relay {
        host: "localhost".to_owned(),
        tls,
        extra_roots: Some(certificate.authority.clone()),
        ..server.relay()
    }
}

fn why(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::ConnectionFailed { why, .. } => why.text(),
        other => panic!("{other:?}"),
    }
}

async fn send(relay: Relay) -> Outcome {
    pool(relay).send(&message("hanako@example.jp")).await
}

/// Nothing but greetings was said in clear text.
fn nothing_was_clear(server: &Server) {
    for row in server.commands() {
        let clear = row["encrypted"] == false;
        assert!(!clear || CLEAR.contains(&string(&row["name"])), "{row}");
    }
}

#[tokio::test]
async fn mail_goes_encrypted_with_starttls_and_from_the_first_byte() {
    let certificate = Certificate::good();
    for (tls, options) in [
        (Tls::Required, &[][..]),
        (Tls::Opportunistic, &[]),
        (Tls::Implicit, &["--implicit"]),
    ] {
        let server = start(&certificate, options);
        let outcome = send(relay(&server, &certificate, tls)).await;
        assert!(
            matches!(outcome, Outcome::Accepted { .. }),
            "{tls:?}: {outcome:?}"
        );
        assert_eq!(server.received()[0]["encrypted"], true, "{tls:?}");
        nothing_was_clear(&server);
    }
}

#[tokio::test]
async fn t27_where_encryption_is_required_and_not_offered_nothing_is_sent() {
    let certificate = Certificate::good();
    for server in [start(&certificate, &["--strip", "STARTTLS"]), Server::start(&[])] {
        let outcome = send(relay(&server, &certificate, Tls::Required)).await;
        assert!(
            why(&outcome).contains("offers no encryption, so nothing was sent"),
            "{outcome:?}"
        );
        assert_eq!(server.command_names(), ["EHLO"]);
    }
}

#[tokio::test]
async fn where_encryption_is_a_matter_of_luck_mail_goes_without_it() {
    let certificate = Certificate::good();
    let server = start(&certificate, &["--strip", "STARTTLS"]);
    let outcome = send(relay(&server, &certificate, Tls::Opportunistic)).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(server.received()[0]["encrypted"], false);
}

#[tokio::test]
async fn t27_a_bad_certificate_stops_everything_also_where_encryption_is_a_matter_of_luck() {
    for (certificate, said) in [
        (Certificate::for_another_name(), "NotValidForName"),
        (Certificate::expired(), "Expired"),
        (Certificate::of_the_future(), "NotValidYet"),
        (Certificate::good(), "UnknownIssuer"),
    ] {
        for (tls, options) in [
            (Tls::Required, &[][..]),
            (Tls::Opportunistic, &[]),
            (Tls::Implicit, &["--implicit"]),
        ] {
            let server = start(&certificate, options);
            let mut relay = relay(&server, &certificate, tls);
            if said == "UnknownIssuer" {
                relay.extra_roots = Some(Certificate::good().authority);
            }
            let outcome = send(relay).await;
            let why = why(&outcome).replace("certificate ", "");
            assert!(why.contains("cannot be trusted"), "{tls:?}: {why}");
            assert!(reason_is(&why, said), "{tls:?}: {why}");
            assert!(server.received().is_empty());
            if tls != Tls::Implicit {
                assert_eq!(server.command_names(), CLEAR);
            }
        }
    }
}

/// The TLS library says it in a sentence or by the name of its variant.
fn reason_is(why: &str, name: &str) -> bool {
    let sentence = match name {
        "NotValidForName" => "not valid for",
        "Expired" => "expired",
        "NotValidYet" => "not valid yet",
        other => other,
    };
    why.contains(name) || why.contains(sentence)
}

/// An answer that somebody puts behind the one to STARTTLS, in clear text, is not taken for one that came encrypted: every
/// later answer would be read one command too early, and a refused message would count as taken.
#[tokio::test]
async fn an_answer_slipped_in_before_the_encryption_does_not_count() {
    let certificate = Certificate::good();
    let server = start(&certificate, &["--inject"]);
    let pool = pool(relay(&server, &certificate, Tls::Required));
    let refused = pool.send(&message("rcpt-550@example.jp")).await;
    assert!(matches!(refused, Outcome::Refused { .. }), "{refused:?}");
    let accepted = pool.send(&message("hanako@example.jp")).await;
    assert!(matches!(accepted, Outcome::Accepted { .. }), "{accepted:?}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn we_sign_in_where_the_relay_wants_it_and_only_encrypted() {
    let certificate = Certificate::good();
    let server = start(&certificate, &["--user", "office", "--password", "geheim"]);
    let signed_in = |content| Relay {
        credentials: Some(Credentials::from_file_content("office", content).expect("one line")),
        ..relay(&server, &certificate, Tls::Required)
    };
    let outcome = send(signed_in("geheim\n")).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    let outcome = send(signed_in("falsch\n")).await;
    assert!(
        why(&outcome).contains("refuses our user or password (535"),
        "{outcome:?}"
    );
    assert!(!format!("{outcome:?}").contains("falsch"));
    nothing_was_clear(&server);

    // Not to sign in where it is wanted is nobody's bounce.
    let outcome = send(relay(&server, &certificate, Tls::Required)).await;
    assert!(
        matches!(&outcome, Outcome::Refused { reply } if reply.is_about_us()),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_relay_without_a_way_to_sign_in_gets_no_mail() {
    let certificate = Certificate::good();
    let server = start(&certificate, &["--strip", "AUTH"]);
    let relay = Relay {
        credentials: Some(Credentials::from_file_content("office", "geheim").expect("one line")),
        ..relay(&server, &certificate, Tls::Required)
    };
    let outcome = send(relay).await;
    assert!(why(&outcome).contains("offers no way to sign in"), "{outcome:?}");
    assert!(server.received().is_empty());
}
