//! How fast mail may go, as it stands in the settings: `10/s`, `600/min`, `5000/h`.

use std::time::Duration;

use mail::Rate;

/// What a rate must look like.
pub const EXPECTED: &str = "a number of messages by s, min or h, such as 10/s, 600/min or 5000/h";

/// The most messages of a rate.
const MOST: u32 = 1_000_000;

/// Reads a rate. As many may go at one moment as within a second, so that a slow clock does not slow it further.
pub fn parse(text: &str) -> Option<Rate> {
    let (messages, unit) = text.split_once('/')?;
    let messages = messages.trim().parse::<u32>().ok()?;
    let seconds = match unit.trim() {
        "s" => 1,
        "min" => 60,
        "h" => 60 * 60,
        _ => return None,
    };
    (1..=MOST).contains(&messages).then(|| Rate {
        messages,
        within: Duration::from_secs(u64::from(seconds)),
        at_once: messages.div_ceil(seconds),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_read_with_what_may_go_at_one_moment() {
        let read = |text: &str| parse(text).map(|rate| (rate.messages, rate.within.as_secs(), rate.at_once));
        assert_eq!(read("10/s"), Some((10, 1, 10)));
        assert_eq!(read(" 600 / min "), Some((600, 60, 10)));
        assert_eq!(read("5000/h"), Some((5_000, 3_600, 2)));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in ["", "10", "0/s", "-1/s", "10/d", "1.5/s", "1000001/s", "/s"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
