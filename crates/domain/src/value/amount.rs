//! Head counts, money and scores, as people write them.

use super::plain;

/// 従業員数: 0 to 9,999,999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Employees(u32);

/// An amount of money in yen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Yen(u64);

impl Employees {
    /// Reads `20`, `20名`, `約20人`, `1,200人程度`. A range (`20～30人`), a limit (`20人以上`) and a word (`多数`, `二十`)
    /// are no count: guessing one would be worse than asking.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = plain::compact(typed);
        let folded = without_about(&folded);
        let folded = strip_any(folded, &["程度", "くらい", "ぐらい", "ほど", "前後", "弱", "強"]);
        let digits = strip_any(folded, &["人", "名", "にん"]);
        let count: u32 = grouped_digits(digits)?.parse().ok()?;
        (count <= 9_999_999).then_some(Self(count))
    }

    /// The count.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Yen {
    /// Reads `3000000`, `￥3,000,000`, `1,000万円`, `1.5億円`, `1億5,000万円`, `300千円`, `10百万円`. At most 10¹⁶ yen.
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = plain::compact(typed);
        let folded = strip_any_start(without_about(&folded), &["¥", "\\", "金"]);
        let folded = folded.trim_end_matches(['-', '也']);
        let folded = folded.strip_suffix('円').unwrap_or(folded);
        let mut total: u64 = 0;
        let mut rest = folded;
        // Units fall: 1億5,000万 is an amount, 5,000万1億 is none.
        for (unit, worth) in [("兆", 1_000_000_000_000), ("億", 100_000_000), ("万", 10_000)] {
            if let Some((count, after)) = rest.split_once(unit) {
                total = total.checked_add(scaled(count, worth)?)?;
                rest = after;
            }
        }
        if !rest.is_empty() {
            total = total.checked_add(small(rest)?)?;
        } else if folded.is_empty() {
            return None;
        }
        (total <= 10_000_000_000_000_000).then_some(Self(total))
    }

    /// The yen.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// 自社診断点数: -25 (nothing is known) to 100.
pub fn score(typed: &str) -> Option<i8> {
    let folded = plain::compact(typed);
    let number = folded.strip_suffix('点').unwrap_or(&folded);
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, number),
    };
    let score: i8 = plain_digits(digits)?.parse().ok()?;
    (-25..=100).contains(&(sign * score)).then_some(sign * score)
}

/// What stands below 万: plain yen, 千 or 百万 as accountants write.
fn small(text: &str) -> Option<u64> {
    match text.strip_suffix('千') {
        Some(count) => scaled(count, 1_000),
        None => scaled(text, 1),
    }
}

/// A count such as `1,000` or `1.5`, times what it is worth. `None` when the result is no whole yen.
fn scaled(count: &str, worth: u64) -> Option<u64> {
    if let Some(hundreds) = count.strip_suffix('百') {
        return scaled(hundreds, worth.checked_mul(100)?);
    }
    if let Some(thousands) = count.strip_suffix('千') {
        return scaled(thousands, worth.checked_mul(1_000)?);
    }
    let (whole, fraction) = count.split_once('.').unwrap_or((count, "0"));
    let whole: u64 = grouped_digits(whole)?.parse().ok()?;
    let fraction = plain_digits(fraction.trim_end_matches('0'))
        .or_else(|| fraction.bytes().all(|b| b == b'0').then_some("0"))?;
    let parts = worth.checked_mul(fraction.parse().ok()?)?;
    let divisor = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    if parts % divisor != 0 {
        return None;
    }
    whole.checked_mul(worth)?.checked_add(parts / divisor)
}

/// Digits, with commas only where they part groups of three.
fn grouped_digits(text: &str) -> Option<String> {
    if !text.contains([',', '、']) {
        return plain_digits(text).map(str::to_owned);
    }
    let mut groups = text.split([',', '、']);
    let first = groups.next()?;
    let well = (1..=3).contains(&first.len()) && groups.clone().all(|group| group.len() == 3);
    let joined: String = std::iter::once(first).chain(groups).collect();
    (well && plain_digits(&joined).is_some()).then_some(joined)
}

fn plain_digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

fn without_about(text: &str) -> &str {
    strip_any_start(text, &["約", "およそ", "凡そ", "計", "全"])
}

fn strip_any<'a>(text: &'a str, suffixes: &[&str]) -> &'a str {
    suffixes
        .iter()
        .find_map(|suffix| text.strip_suffix(suffix))
        .unwrap_or(text)
}

fn strip_any_start<'a>(text: &'a str, prefixes: &[&str]) -> &'a str {
    prefixes
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_counts_as_people_write_them() {
        let cases = [
            ("20", 20),
            ("約20人", 20),
            ("20名", 20),
            ("２０", 20),
            ("1,200人程度", 1200),
            ("0", 0),
            ("約0人", 0),
            (" 8 名 ", 8),
            ("およそ１０名", 10),
        ];
        for (typed, count) in cases {
            assert_eq!(
                Employees::parse(typed).map(Employees::get),
                Some(count),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_range_a_limit_and_a_word_are_no_head_count() {
        for typed in [
            "",
            "多数",
            "二十",
            "20～30人",
            "20-30",
            "-4",
            "20人以上",
            "2.5",
            "10000000",
            "99999999999999",
            "人",
            "1,2",
        ] {
            assert_eq!(Employees::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn money_as_people_write_it() {
        let cases = [
            ("3000000", 3_000_000),
            ("１０００万円", 10_000_000),
            ("1,000万円", 10_000_000),
            ("1億円", 100_000_000),
            ("1.5億円", 150_000_000),
            ("1億5,000万円", 150_000_000),
            ("￥3,000,000", 3_000_000),
            ("¥3,000,000-", 3_000_000),
            ("300千円", 300_000),
            ("10百万円", 10_000_000),
            ("3千万円", 30_000_000),
            ("0", 0),
            ("300万", 3_000_000),
            ("30,000万円", 300_000_000),
            ("1万5千円", 15_000),
            ("1.0億円", 100_000_000),
            ("金100万円也", 1_000_000),
        ];
        for (typed, yen) in cases {
            assert_eq!(Yen::parse(typed).map(Yen::get), Some(yen), "{typed}");
        }
    }

    #[test]
    fn what_is_no_amount_is_not_read() {
        for typed in [
            "",
            "円",
            "なし",
            "-",
            "-5",
            "1,00",
            "万円",
            "5,000万1億円",
            "1.23456円",
            "99999999999999999999億円",
            "1.5.2億",
            "USD 5",
        ] {
            assert_eq!(Yen::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn scores_run_from_25_below_nought_to_a_hundred() {
        assert_eq!(score("７８点"), Some(78));
        assert_eq!(score("100"), Some(100));
        assert_eq!((score("-4"), score("−25点")), (Some(-4), Some(-25)));
        for typed in ["101", "-26", "--4", "", "-", "200"] {
            assert_eq!(score(typed), None, "{typed}");
        }
    }
}
