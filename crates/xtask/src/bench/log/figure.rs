//! What one measurement says, and what several say together.

use serde_json::Value;

use crate::bench::samples::Samples;
use crate::{Failure, Outcome};

/// One measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Appends, rows, reads or events.
    pub per_second: f64,
    /// Milliseconds; NaN where single pieces of work are not timed.
    pub p50: f64,
    /// Milliseconds; NaN as above.
    pub p99: f64,
}

impl Figure {
    /// A rate alone.
    pub fn of_rate(per_second: f64) -> Self {
        Self {
            per_second,
            p50: f64::NAN,
            p99: f64::NAN,
        }
    }

    /// Reads `{"per_second", "p50_ms", "p99_ms"}` or `{"error"}`.
    ///
    /// # Errors
    /// The error that it holds, or that it holds no rate.
    pub fn read(answer: &Value) -> Outcome<Self> {
        if let Some(error) = answer["error"].as_str() {
            return Err(Failure::new(error));
        }
        let number = |key: &str| answer[key].as_f64().unwrap_or(f64::NAN);
        let figure = Self {
            per_second: number("per_second"),
            p50: number("p50_ms"),
            p99: number("p99_ms"),
        };
        if figure.per_second.is_finite() {
            Ok(figure)
        } else {
            Err(Failure::new(format!("no rate was measured: {answer}")))
        }
    }
}

/// One figure of each round.
#[derive(Clone, Debug, Default)]
pub struct Figures(Vec<Figure>);

impl Figures {
    /// The figure of one more round.
    pub fn add(&mut self, figure: Figure) {
        self.0.push(figure);
    }

    /// What is asked for, of each round.
    pub fn of(&self, what: impl Fn(&Figure) -> f64) -> Samples {
        let mut samples = Samples::new();
        for figure in &self.0 {
            samples.add(what(figure));
        }
        samples
    }

    /// The rates.
    pub fn rates(&self) -> Samples {
        self.of(|figure| figure.per_second)
    }

    /// Rate by rate of the same round: what slows a round down slows both.
    pub fn ratios(&self, to: &Self) -> Samples {
        let mut samples = Samples::new();
        for (of, to) in self.0.iter().zip(&to.0) {
            samples.add(of.per_second / to.per_second);
        }
        samples
    }

    /// `12,345/s (11,000–13,000), p50 1.20 ms, p99 3.40 ms`.
    pub fn text(&self) -> String {
        let rates = self.rates();
        let (low, high) = rates.range();
        let mut text = format!("{:.0}/s ({low:.0}–{high:.0})", rates.median());
        for (name, samples) in [
            ("p50", self.of(|figure| figure.p50)),
            ("p99", self.of(|figure| figure.p99)),
        ] {
            let median = samples.median();
            if median.is_finite() {
                text = format!("{text}, {name} {median:.2} ms");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn figures(rates: &[f64]) -> Figures {
        Figures(rates.iter().map(|rate| Figure::of_rate(*rate)).collect())
    }

    #[test]
    fn a_ratio_is_taken_within_its_round() {
        // The second round was slow for both; medians of each side would say 2.0 as well, but the spread would be lost.
        let ratios = figures(&[200.0, 20.0, 150.0]).ratios(&figures(&[100.0, 10.0, 50.0]));
        assert!((ratios.median() - 2.0).abs() < 1e-9);
        assert!((ratios.range().1 - 3.0).abs() < 1e-9);
    }

    #[test]
    fn an_answer_holds_figures_or_says_why_not() {
        let figure = Figure::read(&json!({ "per_second": 10.5, "p50_ms": 1.0, "p99_ms": null })).unwrap();
        assert!((figure.per_second - 10.5).abs() < 1e-9);
        assert!(figure.p99.is_nan());
        assert_eq!(
            Figure::read(&json!({ "error": "no database" })).unwrap_err().0,
            "no database"
        );
        assert!(Figure::read(&json!({ "p50_ms": 1.0 })).is_err());
    }

    #[test]
    fn the_text_has_the_spread_and_only_what_was_timed() {
        let mut all = figures(&[100.0, 300.0, 200.0]);
        assert_eq!(all.text(), "200/s (100–300)");
        all = Figures::default();
        all.add(Figure {
            per_second: 10.0,
            p50: 1.0,
            p99: 2.5,
        });
        assert_eq!(all.text(), "10/s (10–10), p50 1.00 ms, p99 2.50 ms");
    }
}
