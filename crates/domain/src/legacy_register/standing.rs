//! 状態 and 停止日: whether an old register called a declaration live.

use super::row::Cells;
use crate::{
    declaration::{Standing, Stop, StopKind},
    value::{parse_date, plain},
};

/// Reads both columns. An empty state with a day of stopping is stopped, and so is a word that nobody knows: the register
/// never asserts that something is live when it does not know.
pub(super) fn read(cells: &Cells<'_>) -> Standing {
    let on = parse_date(cells.stopped_on()).ok();
    let kind = match plain::compact(cells.state()).as_str() {
        "有効" | "有" | "登録" | "登録中" | "宣言中" | "継続" | "継続中" | "公開" | "公開中" | "現存"
        | "○" | "〇" | "◯" => None,
        "" => on.map(|_| StopKind::Stopped),
        "廃業" | "廃止" | "閉鎖" | "解散" | "倒産" | "清算" | "消滅" | "閉業" => {
            Some(StopKind::Closed)
        }
        "取消" | "取消し" | "取り消し" | "取下" | "取下げ" | "取り下げ" | "辞退" | "撤回" | "抹消" => {
            Some(StopKind::Withdrawn)
        }
        _ => Some(StopKind::Stopped),
    };
    Standing {
        stop: kind.map(|kind| Stop { kind, on }),
        state_typed: cells.state().replace('\0', ""),
        stopped_on_typed: cells.stopped_on().replace('\0', ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(state: &str, stopped_on: &str) -> Option<Stop> {
        let mut cells = [""; 29];
        (cells[26], cells[27]) = (state, stopped_on);
        read(&Cells(cells)).stop
    }

    #[test]
    fn words_of_the_old_register() {
        let day = parse_date("2022-05-07").ok();
        assert_eq!(stop("有効", ""), None);
        assert_eq!(stop(" 有効\u{3000}", "2022-05-07"), None);
        assert_eq!(
            stop("廃業", "2022-05-07"),
            Some(Stop {
                kind: StopKind::Closed,
                on: day
            })
        );
        assert_eq!(
            stop("取消", "R4.5.7"),
            Some(Stop {
                kind: StopKind::Withdrawn,
                on: day
            })
        );
        assert_eq!(
            stop("停止", ""),
            Some(Stop {
                kind: StopKind::Stopped,
                on: None
            })
        );
        assert_eq!(
            stop("停止", "不明"),
            Some(Stop {
                kind: StopKind::Stopped,
                on: None
            })
        );
    }

    #[test]
    fn what_is_not_known_to_be_live_is_stopped() {
        assert_eq!(stop("", ""), None);
        assert_eq!(
            stop("", "2022-05-07").map(|stop| stop.kind),
            Some(StopKind::Stopped)
        );
        assert_eq!(stop("確認中", "").map(|stop| stop.kind), Some(StopKind::Stopped));
    }
}
