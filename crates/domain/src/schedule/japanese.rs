//! What is wrong with a definition, in one Japanese sentence for the person who typed it.

use super::{
    cron::{CronError, CronField},
    definition::{DefinitionProblem, LONGEST_JITTER},
    misfire::Misfire,
};

impl DefinitionProblem {
    /// One sentence that says what to do.
    pub fn japanese(&self) -> String {
        match self {
            Self::Name(problem) => problem.japanese(),
            Self::Expression(problem) => problem.japanese(),
            Self::Zone(_) => {
                "この名前のタイムゾーンはありません。「Asia/Tokyo」のように入力してください。".to_owned()
            }
            Self::Command { .. } | Self::UnknownCommand { .. } => {
                "この名前の処理はありません。一覧から選んでください。".to_owned()
            }
            Self::Misfire(_) => format!("件数は1から{}までで入力してください。", Misfire::MOST),
            Self::InThePast { .. } => {
                "終了日時が過ぎています。これからの日時にするか、空欄にしてください。".to_owned()
            }
            Self::NoFiring { .. } => {
                "終了日時までに一度も実行されません。終了日時か実行時刻を見直してください。".to_owned()
            }
            Self::LongJitter { .. } => format!("ずらす幅は{LONGEST_JITTER}秒以内で入力してください。"),
            Self::JitterReachesNext { gap, .. } => {
                format!("次の実行に重なります。ずらす幅は{gap}秒より短くしてください。")
            }
        }
    }
}

impl CronError {
    /// One sentence that says what to write instead.
    pub fn japanese(&self) -> String {
        match self {
            Self::TooLong { max, .. } => format!("{max}文字以内で入力してください。"),
            Self::Control { character } => {
                format!("制御文字（U+{:04X}）は使えません。", u32::from(*character))
            }
            Self::FieldCount { found } => format!(
                "「分 時 日 月 曜日」の5つを空白で区切って入力してください（いまは{found}つです）。"
            ),
            Self::SecondsOrYears { .. } => {
                "秒と年は指定できません。「分 時 日 月 曜日」の5つを入力してください。".to_owned()
            }
            Self::UnknownShorthand { .. } => {
                "使える略記は@hourly、@daily、@weekly、@monthly、@yearlyです。または5つの欄を入力してください。"
                    .to_owned()
            }
            Self::Unreadable { field, .. } => format!(
                "{}の欄を読み取れません。{}のように入力してください。",
                field.japanese(),
                field.example().replace(" or ", "、")
            ),
            Self::OutOfRange { field, min, max, .. } => {
                format!("{}の欄は{min}から{max}までで入力してください。", field.japanese())
            }
            Self::ReversedRange { field, .. } => {
                format!("{}の欄の範囲は、小さい値から順に入力してください。", field.japanese())
            }
            Self::ZeroStep { field } => format!(
                "{}の欄の間隔は1から{}までで入力してください。",
                field.japanese(),
                field.max()
            ),
            Self::LongStep { field, max, .. } => {
                format!("{}の欄の間隔は1から{max}までで入力してください。", field.japanese())
            }
            Self::StepAfterValue { field, .. } => format!(
                "{}の欄の間隔の前には、{}のように範囲を入力してください。",
                field.japanese(),
                field.stepped()
            ),
            Self::DayAndWeekday => {
                "日と曜日は同時に指定できません。どちらかを * にしてください。".to_owned()
            }
            Self::NeverFires { day } => {
                format!("一度も実行されません。指定した月に{day}日はありません。日か月を直してください。")
            }
        }
    }
}

impl CronField {
    const fn japanese(self) -> &'static str {
        match self {
            Self::Minute => "分",
            Self::Hour => "時",
            Self::DayOfMonth => "日",
            Self::Month => "月",
            Self::Weekday => "曜日",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::CronExpression;

    #[test]
    fn an_expression_that_is_refused_says_in_japanese_what_to_write() {
        let said = |text: &str| text.parse::<CronExpression>().expect_err("refused").japanese();
        assert_eq!(
            said("* * * * * *"),
            "秒と年は指定できません。「分 時 日 月 曜日」の5つを入力してください。"
        );
        assert_eq!(said("61 9 * * *"), "分の欄は0から59までで入力してください。");
        assert_eq!(
            said("0 9 31 2 *"),
            "一度も実行されません。指定した月に31日はありません。日か月を直してください。"
        );
        assert_eq!(
            said("0 九 * * *"),
            "時の欄を読み取れません。9, */2、9-17のように入力してください。"
        );
    }
}
