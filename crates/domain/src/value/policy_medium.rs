//! Where a policy can be read.

use super::{is_web_address, plain};
use crate::wire::wire_enum;

wire_enum! {
    /// Where a policy can be read. What a register holds is the text alone: an address, or words.
    PolicyMedium {
        /// At an address on the web.
        Web = "web",
        /// 紙の掲示: posted up.
        PaperNotice = "paper_notice",
        /// パンフレット.
        Pamphlet = "pamphlet",
        /// Anything else.
        Other = "other",
    }
}

impl PolicyMedium {
    /// The medium that a text tells of, also one that an old register brought along.
    pub fn of(text: &str) -> Self {
        if is_web_address(text) {
            Self::Web
        } else if text.contains("掲示") {
            Self::PaperNotice
        } else if plain::compact(text).contains("パンフレット") {
            Self::Pamphlet
        } else {
            Self::Other
        }
    }

    /// The text for a policy in this medium at that place, which may be left out where the medium says enough.
    pub fn text(self, place: &str) -> String {
        let words = match self {
            Self::Web | Self::Other => return place.to_owned(),
            Self::PaperNotice => "紙の掲示",
            Self::Pamphlet => "パンフレット",
        };
        if plain::is_blank(place) {
            words.to_owned()
        } else {
            format!("{words}（{place}）")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_medium_is_read_from_the_text_that_was_made_of_it() {
        let cases = [
            (PolicyMedium::Web, "https://example.jp/policy"),
            (PolicyMedium::PaperNotice, "本社1階の受付"),
            (PolicyMedium::PaperNotice, ""),
            (PolicyMedium::Pamphlet, "会社案内2026"),
            (PolicyMedium::Pamphlet, " "),
            (PolicyMedium::Other, "取引先への説明会"),
        ];
        for (medium, place) in cases {
            assert_eq!(PolicyMedium::of(&medium.text(place)), medium, "{place:?}");
        }
        assert_eq!(PolicyMedium::of("弊社受付に掲示"), PolicyMedium::PaperNotice);
        assert_eq!(PolicyMedium::of("ﾊﾟﾝﾌﾚｯﾄ"), PolicyMedium::Pamphlet);
        assert_eq!(
            PolicyMedium::PaperNotice.text("本社1階の受付"),
            "紙の掲示（本社1階の受付）"
        );
    }
}
