//! Why an expression is refused.

use super::field::CronField;

/// Why a text is no expression. Each sentence says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// More characters than an expression takes.
    #[error("the expression has {length} characters; write at most {max}")]
    TooLong {
        /// How many it has.
        length: usize,
        /// How many it may have.
        max: usize,
    },
    /// A control character, which nobody could see. Tabs are white space.
    #[error("the expression holds the control character U+{:04X}; remove it", u32::from(*character))]
    Control {
        /// Which.
        character: char,
    },
    /// Fewer or more fields than there can be.
    #[error("the expression has {found} fields; write five: minute, hour, day of month, month, weekday")]
    FieldCount {
        /// How many it has.
        found: usize,
    },
    /// Six or seven fields, as other programs write seconds and years. With a field for seconds it may mean something that
    /// fires each second.
    #[error(
        "the expression has {found} fields; seconds and years are not used, and nothing fires each second: \
         write five, minute, hour, day of month, month, weekday"
    )]
    SecondsOrYears {
        /// How many it has.
        found: usize,
    },
    /// A word after `@` that is none of ours.
    #[error("{text:?} is unknown; write @hourly, @daily, @weekly, @monthly, @yearly or five fields")]
    UnknownShorthand {
        /// What was typed.
        text: String,
    },
    /// A field that is neither `*`, values, ranges, nor a list of them.
    #[error("the {field} field {text:?} cannot be read; write {} such as {}", field.wants(), field.example())]
    Unreadable {
        /// Which field.
        field: CronField,
        /// All of it, as typed.
        text: String,
    },
    /// A value that the field does not have.
    #[error("{value} is out of range for the {field} field; write a value from {min} to {max}")]
    OutOfRange {
        /// Which field.
        field: CronField,
        /// The value as typed.
        value: String,
        /// The smallest value that it takes.
        min: u32,
        /// The largest one.
        max: u32,
    },
    /// A range that ends before it begins.
    #[error(
        "the range {range} of the {field} field runs backwards; write the smaller value first, or two ranges"
    )]
    ReversedRange {
        /// Which field.
        field: CronField,
        /// The range as typed.
        range: String,
    },
    /// A step of 0, which would never get on.
    #[error("the {field} field has a step of 0; write a step from 1 to {}", field.max())]
    ZeroStep {
        /// Which field.
        field: CronField,
    },
    /// A step that leaves the field at once: `*/90` minutes is no hour and a half.
    #[error(
        "the {field} field has a step of {step}, which counts within the field only; write a step from 1 to {max}"
    )]
    LongStep {
        /// Which field.
        field: CronField,
        /// The step as typed.
        step: String,
        /// The largest one that it takes.
        max: u32,
    },
    /// A step after a single value, which programs read in different ways.
    #[error("the {field} field has a step after a single value, {text:?}; write a range before it, such as {}", field.stepped())]
    StepAfterValue {
        /// Which field.
        field: CronField,
        /// The value and its step, as typed.
        text: String,
    },
    /// Both the day of the month and the weekday are restricted. Some programs fire when either fits, others when both do.
    #[error("the day of month and the weekday cannot both be restricted; write * for one of them")]
    DayAndWeekday,
    /// No day is ever like that.
    #[error("the expression never fires: no month in it has a day {day}; correct the day or the month")]
    NeverFires {
        /// The first day of the month in it.
        day: u32,
    },
}

impl CronError {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too_long",
            Self::Control { .. } => "control_character",
            Self::FieldCount { .. } => "field_count",
            Self::SecondsOrYears { .. } => "seconds_or_years",
            Self::UnknownShorthand { .. } => "unknown_shorthand",
            Self::Unreadable { .. } => "unreadable",
            Self::OutOfRange { .. } => "out_of_range",
            Self::ReversedRange { .. } => "reversed_range",
            Self::ZeroStep { .. } => "zero_step",
            Self::LongStep { .. } => "long_step",
            Self::StepAfterValue { .. } => "step_after_value",
            Self::DayAndWeekday => "day_and_weekday",
            Self::NeverFires { .. } => "never_fires",
        }
    }
}
