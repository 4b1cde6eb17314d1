//! Forms of incorporation: every short form becomes the long one, so that a part of the long form finds both.

use super::Piece;

/// Short forms, already folded, and what they stand for. (合) is left alone: it may mean any of three.
const FORMS: [(&str, &str); 34] = [
    ("(株)", "株式会社"),
    ("(有)", "有限会社"),
    ("(同)", "合同会社"),
    ("(名)", "合名会社"),
    ("(資)", "合資会社"),
    ("(相)", "相互会社"),
    ("(一社)", "一般社団法人"),
    ("(公社)", "公益社団法人"),
    ("(社)", "社団法人"),
    ("(一財)", "一般財団法人"),
    ("(公財)", "公益財団法人"),
    ("(財)", "財団法人"),
    ("(特非)", "特定非営利活動法人"),
    ("(特)", "特定非営利活動法人"),
    ("(npo)", "特定非営利活動法人"),
    ("npo法人", "特定非営利活動法人"),
    ("(医社)", "医療法人社団"),
    ("(医財)", "医療法人財団"),
    ("(医)", "医療法人"),
    ("(社福)", "社会福祉法人"),
    ("(福)", "社会福祉法人"),
    ("(学)", "学校法人"),
    ("(宗)", "宗教法人"),
    ("(農)", "農事組合法人"),
    ("(独)", "独立行政法人"),
    ("(地独)", "地方独立行政法人"),
    ("(大)", "国立大学法人"),
    ("(弁)", "弁護士法人"),
    ("(税)", "税理士法人"),
    ("(司)", "司法書士法人"),
    ("(行)", "行政書士法人"),
    ("(社労)", "社会保険労務士法人"),
    ("(監)", "監査法人"),
    ("(労協)", "労働者協同組合"),
];

/// Puts the long form in the place of each short one. The whole long form stands for the whole short one.
pub(super) fn unify(pieces: Vec<Piece>) -> Vec<Piece> {
    // Every short form has a bracket but one, so most names are done here.
    if !pieces.iter().any(|piece| matches!(piece.folded, '(' | 'n')) {
        return pieces;
    }
    let mut out = Vec::with_capacity(pieces.len() + 8);
    let mut at = 0;
    while at < pieces.len() {
        let rest = &pieces[at..];
        let form = FORMS.iter().find(|(short, _)| begins_with(rest, short));
        let Some((short, long)) = form else {
            out.push(rest[0].clone());
            at += 1;
            continue;
        };
        let length = short.chars().count();
        let (start, end) = (rest[0].start, rest[length - 1].end);
        out.extend(long.chars().map(|folded| Piece { folded, start, end }));
        at += length;
    }
    out
}

fn begins_with(pieces: &[Piece], text: &str) -> bool {
    let mut pieces = pieces.iter().map(|piece| piece.folded);
    text.chars().all(|c| pieces.next() == Some(c))
}

#[cfg(test)]
mod tests {
    use crate::fold::fold;

    #[test]
    fn every_short_form_folds_to_its_long_form_in_every_width() {
        for (short, long) in super::FORMS {
            let wide = short.replace('(', "（").replace(')', "）");
            for typed in [
                format!("{short}みほん"),
                format!("{wide} みほん"),
                format!("{long}みほん"),
            ] {
                assert_eq!(fold(&typed), format!("{long}ミホン"), "{typed}");
            }
        }
    }

    #[test]
    fn the_signs_fold_too() {
        for (sign, long) in [
            ("㈱", "株式会社"),
            ("㈲", "有限会社"),
            ("㈳", "社団法人"),
            ("㈶", "財団法人"),
            ("㍿", "株式会社"),
            ("㈻", "学校法人"),
        ] {
            assert_eq!(fold(sign), long, "{sign}");
        }
        assert_eq!(fold("ＮＰＯ法人みほん"), "特定非営利活動法人ミホン");
        assert_eq!(fold("(合)みほん"), "(合)ミホン");
    }
}
