//! Publishing.

use domain::declaration::{
    DeclarationEvent, Field,
    decide::{Publish, PublishError, Unpublish, UnpublishError, publish, unpublish},
};

use crate::harness::*;

#[test]
fn a_live_declaration_with_consent_is_published() {
    let hidden = at("2020-01-01", DeclarationEvent::Unpublished);
    given([made(), hidden])
        .when(|history| publish(history, &Publish::default(), today()))
        .then([at("2026-11-22", DeclarationEvent::Published)]);
}

#[test]
fn it_is_not_published_twice_nor_without_consent_nor_when_stopped() {
    given([made()])
        .when(|history| publish(history, &Publish::default(), today()))
        .then_refused(&PublishError::AlreadyPublished);
    given([made_with(&[(Field::PublishConsent, "同意しない")])])
        .when(|history| publish(history, &Publish::default(), today()))
        .then_refused(&PublishError::NoConsent);
    let hidden = at("2020-01-01", DeclarationEvent::Unpublished);
    given([made(), hidden, stopped(Some("2021-01-01"))])
        .when(|history| publish(history, &Publish::default(), today()))
        .then_refused(&PublishError::NotLive);
}

#[test]
fn it_is_hidden_with_a_reason() {
    let command = Unpublish {
        reason: "本人の希望".to_owned(),
    };
    given([made()])
        .when(|history| unpublish(history, &command, today()))
        .then([at("2026-11-22", DeclarationEvent::Unpublished)]);
    given([made_with(&[(Field::PublishConsent, "")])])
        .when(|history| unpublish(history, &command, today()))
        .then_refused(&UnpublishError::NotPublished);
    let silent = unpublish(
        &timeline([made()]),
        &Unpublish {
            reason: String::new(),
        },
        today(),
    );
    assert!(matches!(silent, Err(UnpublishError::Reason(_))));
}
