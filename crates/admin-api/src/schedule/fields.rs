//! A schedule as typed.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use domain::schedule::{
    Definition, DefinitionInput, DefinitionProblem, Misfire as DomainMisfire, Zone, read_end,
};

use super::types::Misfire;
use crate::input::{InputProblem, InvalidInput};

/// A schedule as typed. Problems name these fields.
#[derive(InputObject)]
pub struct ScheduleFieldsInput {
    /// What people call it, 1 to 100 characters.
    pub name: String,
    /// Five fields: minute, hour, day of month, month, weekday (0 and 7 are Sunday).
    pub expression: String,
    /// Whose wall clock, such as `Asia/Tokyo`.
    pub zone: String,
    /// One of the commands that there are.
    pub command: String,
    /// What becomes of missed firings.
    pub misfire: Misfire,
    /// How many missed firings fire at most, 1 to 10,000; only with `ALL`.
    pub misfire_at_most: Option<i32>,
    /// The last day by the wall clock of the zone, as people type it; empty: no end.
    pub not_after_date: String,
    /// The time of that day; empty: its end.
    pub not_after_time: String,
    /// Each firing runs up to so many seconds after it is due: 0 to 3,600.
    pub jitter: i32,
    /// Whether it fires at all.
    pub enabled: bool,
}

impl ScheduleFieldsInput {
    /// Reads all of it, or says everything that is wrong with it.
    pub fn read(self, commands: &[&str], now: DateTime<Utc>) -> Result<DefinitionInput, InvalidInput> {
        let zone = self.zone.parse::<Zone>();
        let end = read_end(
            &self.not_after_date,
            &self.not_after_time,
            zone.unwrap_or_default(),
        );
        let misfire = match self.misfire {
            Misfire::Skip => DomainMisfire::Skip,
            Misfire::Once => DomainMisfire::Once,
            Misfire::All => DomainMisfire::All {
                at_most: self
                    .misfire_at_most
                    .map_or(0, |most| u32::try_from(most).unwrap_or(0)),
            },
        };
        let input = DefinitionInput {
            name: self.name,
            expression: self.expression,
            zone: self.zone,
            command: self.command,
            misfire,
            not_after: end.unwrap_or_default(),
            // A negative one is refused like one that is too long.
            jitter: u32::try_from(self.jitter).unwrap_or(u32::MAX),
            enabled: self.enabled,
        };
        let end = end.err().map(|problem| InputProblem {
            field: if problem.is_of_day() {
                "notAfterDate"
            } else {
                "notAfterTime"
            }
            .to_owned(),
            code: problem.code().to_owned(),
            message: problem.japanese().to_owned(),
        });
        let definition = Definition::read(&input, commands, now).err();
        let mut invalid = problems(definition.unwrap_or_default());
        invalid.problems.extend(end);
        if invalid.problems.is_empty() {
            Ok(input)
        } else {
            Err(invalid)
        }
    }
}

/// What is wrong with a definition, field by field.
pub fn problems(problems: Vec<DefinitionProblem>) -> InvalidInput {
    let problems = problems.into_iter().map(|problem| InputProblem {
        field: match problem.field() {
            "not_after" => "notAfterDate",
            "misfire" => "misfireAtMost",
            field => field,
        }
        .to_owned(),
        code: problem.code().to_owned(),
        message: problem.japanese(),
    });
    InvalidInput {
        problems: problems.collect(),
    }
}
