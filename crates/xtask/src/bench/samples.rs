//! Medians and percentiles over what was measured.

use std::time::Duration;

use crate::Outcome;

/// Figures of one kind, in the order in which they were measured.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// No figures yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more figure.
    pub fn add(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// All figures of another measurement too.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// One more duration, in milliseconds.
    pub fn add_millis(&mut self, duration: Duration) {
        self.add(duration.as_secs_f64() * 1000.0);
    }

    /// How many figures.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest figure that `percent` of all figures do not exceed (nearest rank); NaN when there is none.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
    }

    /// The figure in the middle.
    pub fn median(&self) -> f64 {
        self.percentile(50)
    }

    /// Smallest and largest figure.
    pub fn range(&self) -> (f64, f64) {
        (self.percentile(0), self.percentile(100))
    }
}

/// Measures every subject once per round and answers the figures of each subject.
///
/// # Errors
/// The first failure of `measure`.
pub fn interleave<S>(
    rounds: usize,
    subjects: &mut [S],
    mut measure: impl FnMut(&mut S) -> Outcome<f64>,
) -> Outcome<Vec<Samples>> {
    let mut figures = vec![Samples::new(); subjects.len()];
    for _ in 0..rounds {
        for (subject, samples) in subjects.iter_mut().zip(&mut figures) {
            samples.add(measure(subject)?);
        }
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(figures: impl IntoIterator<Item = u32>) -> Samples {
        Samples(figures.into_iter().map(f64::from).collect())
    }

    fn same(a: f64, b: f64) -> bool {
        (a - b).abs() < f64::EPSILON
    }

    #[test]
    fn percentiles_are_figures_that_were_measured() {
        let hundred = samples((1..=100).rev());
        assert!(same(hundred.percentile(95), 95.0));
        assert!(same(hundred.median(), 50.0));
        assert!(same(samples([7]).percentile(95), 7.0));
        assert!(samples([]).median().is_nan());
    }

    #[test]
    fn rounds_go_through_all_subjects_in_turn() {
        let mut order = Vec::new();
        let figures = interleave(2, &mut ["a", "b"], |subject| {
            order.push(*subject);
            Ok(1.0)
        });
        assert_eq!(figures.unwrap().len(), 2);
        assert_eq!(order, ["a", "b", "a", "b"]);
    }
}
