//! The right to use the logo.

use domain::declaration::{
    DeclarationEvent,
    decide::{RestoreLogo, RestoreLogoError, SuspendLogo, SuspendLogoError, restore_logo, suspend_logo},
};

use crate::harness::*;

fn suspension() -> SuspendLogo {
    SuspendLogo {
        reason: "誤解させる表示".to_owned(),
    }
}

fn return_of_it() -> RestoreLogo {
    RestoreLogo {
        reason: "表示の訂正を確認".to_owned(),
    }
}

#[test]
fn the_right_to_the_logo_is_suspended_and_given_back() {
    let suspended = given([made()])
        .when(|history| suspend_logo(history, &suspension(), today()))
        .then([at("2026-11-22", DeclarationEvent::LogoSuspended)])
        .history();
    assert!(!suspended.current().logo_allowed);
    assert_eq!(
        suspend_logo(&suspended, &suspension(), today()).err(),
        Some(SuspendLogoError::AlreadySuspended)
    );
    let back = given([made(), at("2026-11-21", DeclarationEvent::LogoSuspended)])
        .when(|history| restore_logo(history, &return_of_it(), today()))
        .then([at("2026-11-22", DeclarationEvent::LogoRestored)])
        .history();
    assert!(back.current().logo_allowed);
    assert_eq!(
        restore_logo(&back, &return_of_it(), today()).err(),
        Some(RestoreLogoError::NotSuspended)
    );
}

#[test]
fn both_need_a_reason() {
    let nothing = String::new();
    let refused = suspend_logo(
        &timeline([made()]),
        &SuspendLogo {
            reason: nothing.clone(),
        },
        today(),
    );
    assert!(matches!(refused, Err(SuspendLogoError::Reason(problem)) if problem.code == "empty"));
    let suspended = timeline([made(), at("2026-11-21", DeclarationEvent::LogoSuspended)]);
    let refused = restore_logo(&suspended, &RestoreLogo { reason: nothing }, today());
    assert!(matches!(refused, Err(RestoreLogoError::Reason(problem)) if problem.code == "empty"));
}
