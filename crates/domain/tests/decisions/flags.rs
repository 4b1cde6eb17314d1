//! Flags and notes.

use domain::{
    Readable,
    declaration::{
        DeclarationEvent, FlagCode,
        decide::{
            AddNote, AddNoteError, ClearFlag, ClearFlagError, RaiseFlag, RaiseFlagError, add_note,
            clear_flag, raise_flag,
        },
    },
};

use crate::harness::*;

const FLAG: FlagCode = FlagCode::CorporateNumberDuplicate;

#[test]
fn a_flag_is_raised_once_and_cleared_once() {
    let raise = RaiseFlag {
        flag: FLAG,
        reason: "同じ会社らしい".to_owned(),
    };
    let clear = ClearFlag {
        flag: FLAG,
        reason: "別の会社だった".to_owned(),
    };
    given([made()])
        .when(|history| raise_flag(history, &raise, today()))
        .then([raised("2026-11-22", FLAG)]);
    given([made(), raised("2020-01-01", FLAG)])
        .when(|history| raise_flag(history, &raise, today()))
        .then_refused(&RaiseFlagError::AlreadyRaised);
    given([made(), raised("2020-01-01", FLAG)])
        .when(|history| clear_flag(history, &clear, today()))
        .then([cleared("2026-11-22", FLAG)]);
    given([made()])
        .when(|history| clear_flag(history, &clear, today()))
        .then_refused(&ClearFlagError::NotRaised);
}

#[test]
fn both_need_a_reason() {
    let raise = RaiseFlag {
        flag: FLAG,
        reason: String::new(),
    };
    assert!(matches!(
        raise_flag(&timeline([made()]), &raise, today()),
        Err(RaiseFlagError::Reason(_))
    ));
    let clear = ClearFlag {
        flag: FLAG,
        reason: String::new(),
    };
    let history = timeline([made(), raised("2020-01-01", FLAG)]);
    assert!(matches!(
        clear_flag(&history, &clear, today()),
        Err(ClearFlagError::Reason(_))
    ));
}

#[test]
fn a_note_is_kept_as_written_and_changes_no_fact() {
    let history = given([made()])
        .when(|history| {
            add_note(
                history,
                &AddNote {
                    text: "電話あり\n折り返す".to_owned(),
                },
                today(),
            )
        })
        .history();
    let DeclarationEvent::NoteAdded {
        text: Readable::Open(text),
        subject,
    } = &history.by_position()[1].statement.event
    else {
        panic!("a note");
    };
    assert_eq!(text.reveal(), "電話あり\n折り返す");
    assert_eq!(subject.id, subjects().remarks);
    assert_eq!(history.current().version, 1);
}

#[test]
fn an_empty_note_is_refused() {
    let refused = add_note(
        &timeline([made()]),
        &AddNote {
            text: "\n".to_owned(),
        },
        today(),
    );
    assert!(matches!(refused, Err(AddNoteError::Text(problem)) if problem.code == "empty"));
}
