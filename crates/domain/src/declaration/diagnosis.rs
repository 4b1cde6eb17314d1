//! The self-diagnosis: its questionnaires, and what answers are worth.

use chrono::NaiveDate;

use crate::wire::wire_enum;

wire_enum! {
    /// One answer of a self-diagnosis. What does not apply to a declarer counts as carried out.
    Answer {
        /// 実施している.
        Done = "done",
        /// 一部実施している.
        Partly = "partly",
        /// 実施していない.
        NotDone = "not_done",
        /// わからない.
        Unknown = "unknown",
    }
}

wire_enum! {
    /// A version of the questionnaire. Each keeps its rules for ever.
    Questionnaire {
        /// 25 questions; 「わからない」 is worth nothing.
        TwentyFiveV2 = "25-v2",
        /// 25 questions; 「わからない」 takes a point off.
        TwentyFiveV3 = "25-v3",
    }
}

wire_enum! {
    /// What a score tells. There is none that a declarer has to reach.
    DiagnosisBand {
        /// 100: everything at this level is done.
        Complete = "complete",
        /// 70 to 99: some is missing.
        PartlyMissing = "partly_missing",
        /// 50 to 69: much is missing.
        ClearlyMissing = "clearly_missing",
        /// Less.
        AccidentProne = "accident_prone",
    }
}

/// A self-diagnosis as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// Which questionnaire; also one that only an old register knew.
    pub questionnaire: String,
    /// Every answer, when they are known.
    pub answers: Option<Vec<Answer>>,
    /// On which day it was carried out.
    pub done_on: NaiveDate,
}

impl Questionnaire {
    /// How many questions it has.
    pub const fn questions(self) -> usize {
        match self {
            Self::TwentyFiveV2 | Self::TwentyFiveV3 => 25,
        }
    }

    /// What an answer is worth.
    pub const fn points(self, answer: Answer) -> i32 {
        match (self, answer) {
            (_, Answer::Done) => 4,
            (_, Answer::Partly) => 2,
            (_, Answer::NotDone) | (Self::TwentyFiveV2, Answer::Unknown) => 0,
            (Self::TwentyFiveV3, Answer::Unknown) => -1,
        }
    }

    /// The score of all answers; `None` when it is not every question that is answered.
    pub fn score(self, answers: &[Answer]) -> Option<i32> {
        (answers.len() == self.questions()).then(|| answers.iter().map(|answer| self.points(*answer)).sum())
    }

    /// The lowest and the highest score there can be.
    pub fn range(self) -> (i32, i32) {
        let all = |answer| self.score(&vec![answer; self.questions()]).unwrap_or_default();
        (all(Answer::Unknown).min(all(Answer::NotDone)), all(Answer::Done))
    }
}

impl DiagnosisBand {
    /// The band of a score.
    pub const fn of(score: i32) -> Self {
        match score {
            100.. => Self::Complete,
            70..=99 => Self::PartlyMissing,
            50..=69 => Self::ClearlyMissing,
            _ => Self::AccidentProne,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const V2: Questionnaire = Questionnaire::TwentyFiveV2;
    const V3: Questionnaire = Questionnaire::TwentyFiveV3;

    #[test]
    fn each_answer_has_its_points_by_the_version() {
        let points = |of: Questionnaire| Answer::ALL.iter().map(|it| of.points(*it)).collect::<Vec<_>>();
        assert_eq!(points(V3), [4, 2, 0, -1]);
        assert_eq!(points(V2), [4, 2, 0, 0]);
    }

    #[test]
    fn a_score_needs_every_answer() {
        let all = |answer| [answer; 25];
        assert_eq!(V3.score(&all(Answer::Done)), Some(100));
        assert_eq!(V3.score(&all(Answer::Unknown)), Some(-25));
        assert_eq!(V2.score(&all(Answer::Unknown)), Some(0));
        let mut mixed = all(Answer::Done);
        mixed[0] = Answer::Partly;
        mixed[1] = Answer::NotDone;
        mixed[2] = Answer::Unknown;
        assert_eq!(V3.score(&mixed), Some(89));
        assert_eq!(V3.score(&mixed[1..]), None);
        assert_eq!(V3.score(&[]), None);
    }

    #[test]
    fn no_score_lies_outside_the_range_of_its_version() {
        assert_eq!(V3.range(), (-25, 100));
        assert_eq!(V2.range(), (0, 100));
    }

    #[test]
    fn a_band_tells_what_a_score_means() {
        let bands = [100, 99, 70, 69, 50, 49, -25].map(DiagnosisBand::of);
        assert_eq!(
            bands.map(DiagnosisBand::code),
            [
                "complete",
                "partly_missing",
                "partly_missing",
                "clearly_missing",
                "clearly_missing",
                "accident_prone",
                "accident_prone"
            ]
        );
    }
}
