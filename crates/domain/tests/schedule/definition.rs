//! What a definition may say.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    schedule::{
        CronError, Definition, DefinitionInput, DefinitionProblem, LONGEST_JITTER, Misfire, MisfireError,
        UnknownZone,
    },
    text::TextProblem,
};

use crate::harness::*;

fn problems(input: &DefinitionInput) -> Vec<DefinitionProblem> {
    Definition::read(input, &KNOWN, now()).expect_err("it is refused")
}

fn is_read(input: &DefinitionInput) -> bool {
    Definition::read(input, &KNOWN, now()).is_ok()
}

fn jittery(expression: &str, zone: &str, jitter: u32) -> DefinitionInput {
    DefinitionInput {
        expression: expression.to_owned(),
        zone: zone.to_owned(),
        jitter,
        ..input()
    }
}

fn ends(not_after: DateTime<Utc>) -> DefinitionInput {
    DefinitionInput {
        not_after: Some(not_after),
        ..input()
    }
}

#[test]
fn a_definition_is_what_was_typed() {
    let definition = Definition::read(&input(), &KNOWN, now()).expect("a definition");
    assert_eq!(definition.name, "毎朝の督促");
    assert_eq!(definition.expression, cron("0 9 * * *"));
    assert_eq!(definition.zone, zone("Asia/Tokyo"));
    assert_eq!(definition.command, "send-reminders");
    assert_eq!(definition.misfire, Misfire::Once);
    assert_eq!(
        (definition.not_after, definition.jitter, definition.enabled),
        (None, 0, true)
    );
    assert_eq!(definition.next_due(now()), Some(utc("2026-11-23T00:00:00Z")));
}

#[test]
fn a_name_is_seen_as_it_is() {
    let named = |name: &str| DefinitionInput {
        name: name.to_owned(),
        ..input()
    };
    for name in ["督", "葛\u{E0100}城の締切", &"あ".repeat(100)] {
        assert!(is_read(&named(name)), "{name}");
    }
    let hidden = |character| TextProblem::Direction { character };
    for (name, problem) in [
        ("", TextProblem::Empty),
        (" \u{3000}", TextProblem::Empty),
        (&"あ".repeat(101), TextProblem::TooLong { max: 100 }),
        ("締\u{7}切", TextProblem::Control { character: '\u{7}' }),
        ("締\n切", TextProblem::LineBreak),
        ("締\u{202E}切", hidden('\u{202E}')),
        ("締\u{2066}切", hidden('\u{2066}')),
        (
            "締\u{200B}切",
            TextProblem::Invisible {
                character: '\u{200B}',
            },
        ),
    ] {
        assert_eq!(
            problems(&named(name)),
            [DefinitionProblem::Name(problem)],
            "{name:?}"
        );
    }
}

#[test]
fn a_command_is_an_identifier_that_is_known() {
    let does = |command: &str| DefinitionInput {
        command: command.to_owned(),
        ..input()
    };
    for command in KNOWN {
        assert!(is_read(&does(command)));
    }
    let long = "a".repeat(51);
    for command in [
        "",
        "Send",
        "2send",
        "-send",
        "send reminders",
        "send_reminders",
        "送信",
        &long,
    ] {
        let refused = DefinitionProblem::Command {
            command: command.to_owned(),
        };
        assert_eq!(problems(&does(command)), [refused], "{command}");
    }
    let unknown = problems(&does("send-reminder"));
    assert_eq!(
        unknown[0].to_string(),
        "no command is called send-reminder; there are send-reminders, fetch-mail, purge-2"
    );
}

#[test]
fn a_schedule_in_the_past_is_refused() {
    for not_after in [
        now(),
        now() - TimeDelta::microseconds(1),
        now() - TimeDelta::days(400),
    ] {
        let refused = problems(&ends(not_after));
        assert_eq!(
            refused,
            [DefinitionProblem::InThePast {
                not_after,
                now: now()
            }]
        );
        assert!(refused[0].to_string().starts_with("a schedule in the past"));
    }
}

#[test]
fn a_schedule_that_ends_before_it_fires_is_refused() {
    let next = utc("2026-11-23T00:00:00Z");
    assert!(is_read(&ends(next)), "its end is the moment of its only firing");
    let refused = problems(&ends(next - TimeDelta::seconds(1)));
    assert_eq!(refused, [DefinitionProblem::NoFiring { next: Some(next) }]);
    assert_eq!(
        refused[0].to_string(),
        "it never fires before its end; its next firing would be 2026-11-23 00:00:00 UTC"
    );
    let leap_day = DefinitionInput {
        expression: "0 0 29 2 *".to_owned(),
        ..input()
    };
    let too_late = Definition::read(&leap_day, &KNOWN, utc("2096-03-01T00:00:00Z"));
    assert_eq!(too_late, Err(vec![DefinitionProblem::NoFiring { next: None }]));
}

#[test]
fn a_jitter_is_an_hour_at_most_and_shorter_than_the_shortest_gap() {
    let tokyo = "Asia/Tokyo";
    assert!(is_read(&jittery("0 9 * * *", tokyo, LONGEST_JITTER)));
    assert!(is_read(&jittery("* * * * *", tokyo, 59)));
    assert!(is_read(&jittery("0 9 * * 1", tokyo, LONGEST_JITTER)));
    assert!(is_read(&jittery("50 * * * *", tokyo, 3_599)));
    let refused = problems(&jittery("0 9 * * *", tokyo, 3_601));
    assert_eq!(refused, [DefinitionProblem::LongJitter { jitter: 3_601 }]);
    for (expression, zone, gap) in [
        ("* * * * *", tokyo, 60),
        ("*/15 * * * *", tokyo, 900),
        ("0,50 9 * * *", tokyo, 3_000),
        ("0 * * * *", tokyo, 3_600),
        ("50 * * * *", "Australia/Lord_Howe", 1_800),
    ] {
        let jitter = u32::try_from(gap).expect("small");
        let refused = problems(&jittery(expression, zone, jitter));
        assert_eq!(
            refused,
            [DefinitionProblem::JitterReachesNext { jitter, gap }],
            "{expression}"
        );
        assert!(is_read(&jittery(expression, zone, jitter - 1)), "{expression}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_field() {
    let input = DefinitionInput {
        name: String::new(),
        expression: "0 9 * * 8".to_owned(),
        zone: "Asia/Edo".to_owned(),
        command: "fly".to_owned(),
        misfire: Misfire::All { at_most: 0 },
        ..input()
    };
    let problems = problems(&input);
    let told: Vec<_> = problems
        .iter()
        .map(|problem| (problem.field(), problem.code()))
        .collect();
    assert_eq!(
        told,
        [
            ("name", "empty"),
            ("command", "unknown_command"),
            ("misfire", "out_of_range"),
            ("expression", "out_of_range"),
            ("zone", "unknown_zone"),
        ]
    );
    assert!(matches!(
        problems[3],
        DefinitionProblem::Expression(CronError::OutOfRange { .. })
    ));
    assert_eq!(
        problems[4],
        DefinitionProblem::Zone(UnknownZone("Asia/Edo".to_owned()))
    );
    let at_most = 0;
    assert_eq!(
        problems[2],
        DefinitionProblem::Misfire(MisfireError::OutOfRange { at_most })
    );
    let ends_badly = DefinitionInput {
        jitter: 3_601,
        ..ends(now())
    };
    let told: Vec<_> = self::problems(&ends_badly)
        .iter()
        .map(DefinitionProblem::field)
        .collect();
    assert_eq!(told, ["not_after", "jitter"]);
}
