//! What a schedule says: when, in which zone, what is done, and what becomes of what was missed.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    cron::{CronError, CronExpression},
    misfire::{Misfire, MisfireError},
    zone::{UnknownZone, Zone},
};
use crate::text::{self, Lines, TextProblem};

/// The most characters of a name.
const LONGEST_NAME: usize = 100;
/// The most characters of a command.
const LONGEST_COMMAND: usize = 50;
/// The longest jitter, in seconds.
pub const LONGEST_JITTER: u32 = 60 * 60;

/// What a schedule says. Only [`Definition::read`] and the log make one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// What people call it: 1 to 100 characters.
    pub name: String,
    /// When it fires, by the wall clock of the zone.
    pub expression: CronExpression,
    /// Whose wall clock.
    pub zone: Zone,
    /// What is done: a short identifier, such as `send-reminders`.
    pub command: String,
    /// What becomes of missed firings.
    pub misfire: Misfire,
    /// Nothing that is due later fires, and nothing fires later.
    pub not_after: Option<DateTime<Utc>>,
    /// Each firing runs up to so many seconds after it is due.
    pub jitter: u32,
    /// Whether it fires at all.
    pub enabled: bool,
}

/// What somebody typed: see the fields of [`Definition`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionInput {
    /// The name.
    pub name: String,
    /// The expression as text.
    pub expression: String,
    /// The zone by its name.
    pub zone: String,
    /// The command.
    pub command: String,
    /// The policy.
    pub misfire: Misfire,
    /// The end, if there is one.
    pub not_after: Option<DateTime<Utc>>,
    /// In seconds.
    pub jitter: u32,
    /// Whether it fires at all.
    pub enabled: bool,
}

/// What is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionProblem {
    /// The name is empty, too long, or holds what nobody can see.
    #[error("the name is refused: {0}")]
    Name(TextProblem),
    /// The expression cannot be read or never fires.
    #[error(transparent)]
    Expression(#[from] CronError),
    /// There is no such zone.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The command is no identifier.
    #[error(
        "{command:?} is no command; write a small letter, then small letters, digits and hyphens, \
         at most {LONGEST_COMMAND} characters"
    )]
    Command {
        /// What was typed.
        command: String,
    },
    /// Nothing is known under that command.
    #[error("no command is called {command}; there are {}", known.join(", "))]
    UnknownCommand {
        /// What was typed.
        command: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The policy is refused.
    #[error(transparent)]
    Misfire(#[from] MisfireError),
    /// It is over before it begins.
    #[error("a schedule in the past: its end {not_after} is not after {now}; write a later end, or none")]
    InThePast {
        /// Its end.
        not_after: DateTime<Utc>,
        /// The time of the decision.
        now: DateTime<Utc>,
    },
    /// Nothing fires before its end, or until the end of 2100.
    #[error("it never fires before its end; its next firing would be {}", next.map_or("never".to_owned(), |at| at.to_string()))]
    NoFiring {
        /// When it would fire if it had no end.
        next: Option<DateTime<Utc>>,
    },
    /// The jitter is too long.
    #[error("a jitter of {jitter} s is too long; write at most {LONGEST_JITTER} s")]
    LongJitter {
        /// In seconds.
        jitter: u32,
    },
    /// A firing could run after the next one is due.
    #[error("a jitter of {jitter} s reaches the next firing; write less than {gap} s")]
    JitterReachesNext {
        /// In seconds.
        jitter: u32,
        /// The shortest time between two firings, in seconds.
        gap: i64,
    },
}

impl DefinitionProblem {
    /// The field of [`DefinitionInput`] that it is about.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Name(_) => "name",
            Self::Expression(_) => "expression",
            Self::Zone(_) => "zone",
            Self::Command { .. } | Self::UnknownCommand { .. } => "command",
            Self::Misfire(_) => "misfire",
            Self::InThePast { .. } | Self::NoFiring { .. } => "not_after",
            Self::LongJitter { .. } | Self::JitterReachesNext { .. } => "jitter",
        }
    }

    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name(problem) => problem.code(),
            Self::Expression(problem) => problem.code(),
            Self::Zone(_) => "unknown_zone",
            Self::Command { .. } => "unreadable",
            Self::UnknownCommand { .. } => "unknown_command",
            Self::Misfire(_) => "out_of_range",
            Self::InThePast { .. } => "in_the_past",
            Self::NoFiring { .. } => "no_firing",
            Self::LongJitter { .. } => "long_jitter",
            Self::JitterReachesNext { .. } => "jitter_reaches_next",
        }
    }
}

impl Definition {
    /// Reads what was typed, or says everything that is wrong with it. `known` are the commands that there are.
    pub fn read(
        input: &DefinitionInput,
        known: &[&str],
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<DefinitionProblem>> {
        let mut problems = Vec::new();
        let name = text::check(&input.name, LONGEST_NAME, Lines::One);
        problems.extend(name.err().map(DefinitionProblem::Name));
        problems.extend(check_command(&input.command, known).err());
        problems.extend(input.misfire.check().err().map(DefinitionProblem::from));
        let expression = input.expression.parse::<CronExpression>();
        let zone = input.zone.parse::<Zone>();
        let (expression, zone) = match (expression, zone) {
            (Ok(expression), Ok(zone)) => (expression, zone),
            (expression, zone) => {
                problems.extend(expression.err().map(DefinitionProblem::from));
                problems.extend(zone.err().map(DefinitionProblem::from));
                return Err(problems);
            }
        };
        problems.extend(check_end(&expression, zone, input.not_after, now).err());
        problems.extend(check_jitter(&expression, zone, input.jitter, now).err());
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            name: input.name.clone(),
            expression,
            zone,
            command: input.command.clone(),
            misfire: input.misfire,
            not_after: input.not_after,
            jitter: input.jitter,
            enabled: input.enabled,
        })
    }

    /// Its end, once it has passed.
    pub fn over_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.not_after.filter(|end| *end < now)
    }

    /// The first firing that is due after an instant and before its end; `None` when there is none or it is not enabled.
    pub fn next_due(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let next = self.expression.next_after(after, self.zone)?;
        let due = self.enabled && self.not_after.is_none_or(|end| next <= end);
        due.then_some(next)
    }
}

fn check_command(command: &str, known: &[&str]) -> Result<(), DefinitionProblem> {
    let readable = command.starts_with(|c: char| c.is_ascii_lowercase())
        && command.len() <= LONGEST_COMMAND
        && command
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let command = command.to_owned();
    if !readable {
        Err(DefinitionProblem::Command { command })
    } else if known.contains(&command.as_str()) {
        Ok(())
    } else {
        let known = known.iter().map(|&known| known.to_owned()).collect();
        Err(DefinitionProblem::UnknownCommand { command, known })
    }
}

fn check_end(
    expression: &CronExpression,
    zone: Zone,
    not_after: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), DefinitionProblem> {
    let next = expression.next_after(now, zone);
    match (not_after, next) {
        (Some(not_after), _) if not_after <= now => Err(DefinitionProblem::InThePast { not_after, now }),
        (Some(not_after), Some(due)) if due > not_after => Err(DefinitionProblem::NoFiring { next }),
        (_, None) => Err(DefinitionProblem::NoFiring { next }),
        _ => Ok(()),
    }
}

fn check_jitter(
    expression: &CronExpression,
    zone: Zone,
    jitter: u32,
    now: DateTime<Utc>,
) -> Result<(), DefinitionProblem> {
    if jitter > LONGEST_JITTER {
        return Err(DefinitionProblem::LongJitter { jitter });
    }
    match expression.shortest_gap(now, zone) {
        Some(gap) if jitter > 0 && TimeDelta::seconds(jitter.into()) >= gap => {
            let gap = gap.num_seconds();
            Err(DefinitionProblem::JitterReachesNext { jitter, gap })
        }
        _ => Ok(()),
    }
}
