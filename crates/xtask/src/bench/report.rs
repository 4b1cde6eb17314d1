//! What a bench answers: goals with what was measured, as a table or as JSON.

use serde::Serialize;

use crate::bench::machine::Machine;
use crate::{Failure, Outcome};

/// Whether a goal is a ceiling or a floor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The measured figure may be this at most.
    AtMost,
    /// The measured figure must be this at least.
    AtLeast,
}

/// One goal and how it went.
#[derive(Debug, Serialize)]
pub struct Goal {
    /// What was measured, with the engine: `list page p95, SQLite`.
    pub name: String,
    /// The limit, in `unit`.
    pub goal: f64,
    /// The figure that is judged, in `unit`: a median over rounds.
    pub measured: f64,
    /// Whether the goal is met.
    pub met: bool,
    /// Whether `goal` is a ceiling or a floor.
    pub bound: Bound,
    /// `ms`, `s`, `MiB`, `per s`, …
    pub unit: &'static str,
}

impl Goal {
    /// A goal that is met when `measured` is `goal` or less.
    pub fn at_most(name: impl Into<String>, goal: f64, measured: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            goal,
            measured,
            met: measured <= goal,
            bound: Bound::AtMost,
            unit,
        }
    }

    /// A goal that is met when `measured` is `goal` or more.
    pub fn at_least(name: impl Into<String>, goal: f64, measured: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            goal,
            measured,
            met: measured >= goal,
            bound: Bound::AtLeast,
            unit,
        }
    }
}

/// The result of one bench.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The goals, in the order in which they are shown.
    pub goals: Vec<Goal>,
    /// Figures without a goal, each in one line.
    pub notes: Vec<String>,
    /// Where and when.
    pub machine: Machine,
}

#[derive(Serialize)]
struct Json<'a> {
    #[serde(flatten)]
    report: &'a Report,
    quick: bool,
}

impl Report {
    /// A report of this machine and moment.
    pub fn new(goals: Vec<Goal>, notes: Vec<String>) -> Self {
        Self {
            goals,
            notes,
            machine: Machine::here(),
        }
    }

    /// `{"goals":[{"name","goal","measured","met",…}…],"notes":[…],"machine":{…},"quick":…}` on one line.
    ///
    /// # Errors
    /// When a figure is no number: nothing was measured.
    pub fn json(&self, quick: bool) -> Outcome<String> {
        if let Some(goal) = self.goals.iter().find(|goal| !goal.measured.is_finite()) {
            return Err(Failure::new(format!("nothing was measured for: {}", goal.name)));
        }
        serde_json::to_string(&Json { report: self, quick })
            .map_err(|error| Failure::new(format!("the report cannot be written: {error}")))
    }

    /// The same for people.
    pub fn table(&self) -> String {
        let width = self
            .goals
            .iter()
            .map(|goal| goal.name.chars().count())
            .max()
            .unwrap_or(0);
        let mut lines = vec![self.machine.to_string()];
        for Goal {
            name,
            goal,
            measured,
            met,
            bound,
            unit,
        } in &self.goals
        {
            let sign = if *bound == Bound::AtMost { '≤' } else { '≥' };
            let verdict = if *met { "met" } else { "MISSED" };
            // Ratios are small numbers.
            let places = if *unit == "×" { 2 } else { 1 };
            lines.push(format!(
                "{name:width$}  {measured:>10.places$} {unit}  {sign} {goal:.places$}  {verdict}"
            ));
        }
        lines.extend(self.notes.iter().cloned());
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_agreed_keys() {
        let report = Report::new(
            vec![Goal::at_most("list page p95, SQLite", 50.0, 12.5, "ms")],
            Vec::new(),
        );
        let json: serde_json::Value = serde_json::from_str(&report.json(true).unwrap()).unwrap();
        let goal = &json["goals"][0];
        assert_eq!(goal["name"], "list page p95, SQLite");
        assert_eq!(goal["goal"], 50.0);
        assert_eq!(goal["measured"], 12.5);
        assert_eq!(goal["met"], true);
    }

    #[test]
    fn what_was_not_measured_is_no_result() {
        let report = Report::new(vec![Goal::at_least("rows", 1.0, f64::NAN, "per s")], Vec::new());
        assert!(!report.goals[0].met);
        assert!(report.json(false).is_err());
    }
}
