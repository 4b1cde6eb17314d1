//! Measures the rebuild of the declarations projection; `cargo xtask bench log` starts it.
//!
//! `rebuild_speed fill URL DECLARATIONS EVENTS` makes a log of so many declarations with so many events each: every one's
//! first, then every one's second, so that neighbours belong to others. `rebuild_speed rebuild URL` rebuilds the list from
//! it, as `sengen rebuild declarations` does, and prints `{"events", "seconds"}` as one line of JSON. `URL` is
//! `sqlite:PATH` or `postgres://…`. Each is a process of its own, so that its peak of memory can be looked at.
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::error::Error;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::declaration::{
    Change, Corrected, CorrectionKind, DeclarationEvent, Facts, Field, FieldValue, FlagCode, REASON,
    RegisterSource, Registered, Role, Source, Standing, Statement, Stop, StopKind, Subjects,
};
use domain::value::EntityType;
use domain::{DeclarationId, OrganizationId, Personal, Readable, SubjectId};
use event_store::{
    Append, Database, EventStore, KeyEncryptionKey, Keyring, NewEvent, OpenOptions, Sql, each_engine,
};
use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::json;
use storage::codec;
use storage::projection::rebuild;
use uuid::Uuid;

/// That of `sengen`, whose command this stands for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Events of one append.
const BATCH: u64 = 1_000;
/// Batches that are made ready at a time.
const AT_ONCE: usize = 4;
/// The live rows count as up to date: a rebuild goes as far as those, and filling them the slow way measures nothing.
const UP_TO_DATE: Sql = Sql::same(
    "INSERT INTO projection_checkpoint (name, version, position, fence, status, error, updated_at)
     SELECT 'declarations', 1, position, 1, 'released', NULL, recorded_at FROM log_head WHERE only_row = 1",
);

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["fill", url, declarations, events] => fill(url, declarations.parse()?, events.parse()?).await,
        ["rebuild", url] => rebuilt(url).await,
        _ => Err("usage: rebuild_speed fill URL DECLARATIONS EVENTS | rebuild URL".into()),
    }
}

async fn open(url: &str) -> Outcome<EventStore> {
    let database = Database::open(url).await?;
    database.migrate().await?;
    let keyring = Keyring::open_beside(&database, KeyEncryptionKey::from_bytes([7; 32])).await?;
    let origin = "bench.example.jp/log".to_owned();
    let inline = Vec::new();
    let options = OpenOptions {
        database,
        keyring,
        origin,
        inline,
    };
    Ok(EventStore::open(options).await?)
}

async fn rebuilt(url: &str) -> Outcome<()> {
    let store = open(url).await?;
    let began = Instant::now();
    rebuild(&store, &noon, |_, _| {}).await?;
    let seconds = began.elapsed().as_secs_f64();
    let events = store.head().await?.get();
    println!("{}", json!({ "events": events, "seconds": seconds }));
    Ok(())
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).expect("a time")
}

async fn fill(url: &str, declarations: u64, events: u64) -> Outcome<()> {
    let store = open(url).await?;
    let all = declarations * events;
    let batches = (0..all.div_ceil(BATCH)).map(|batch| batch * BATCH..all.min((batch + 1) * BATCH));
    let mut ready = futures::stream::iter(batches)
        .map(|batch| {
            let store = store.clone();
            let events = move || {
                batch
                    .map(|number| Filed::new(number % declarations).event(number / declarations))
                    .collect::<Outcome<Vec<_>>>()
            };
            async move {
                let events = tokio::task::spawn_blocking(events).await??;
                store.keyring().ensure(&codec::subjects(&events, None)).await?;
                Ok::<_, Box<dyn Error + Send + Sync>>(events)
            }
        })
        .buffered(AT_ONCE);
    // One after the other: a declaration's second event must not overtake its first.
    while let Some(events) = ready.try_next().await? {
        append(&store, events).await?;
    }
    let mut write = store.database().begin_write().await?;
    let text = UP_TO_DATE.on(&write);
    each_engine!(write, c => sqlx::query(text).execute(c).await.map(drop))?;
    write.commit().await?;
    store.database().close().await;
    Ok(())
}

async fn append(store: &EventStore, events: Vec<NewEvent>) -> Outcome<()> {
    let append = Append {
        command_id: Uuid::now_v7(),
        actor: "system:measurement".to_owned(),
        correlation_id: Uuid::now_v7(),
        reason: None,
        events,
        guards: Vec::new(),
        recorded_at: noon(),
    };
    store.append(append).await?;
    Ok(())
}

/// A declaration of the old register, the same whenever it is asked for: a list of millions would not fit into memory.
struct Filed {
    number: u64,
    facts: Facts,
    declared_on: NaiveDate,
}

/// An id that sorts by its number, as those do that are made one after the other.
fn id(number: u64, of: u64) -> Uuid {
    Uuid::from_u64_pair((0x018f_0000_0000 + number) << 16 | 0x7000, 1 << 63 | of)
}

/// One of the items, spread so that neighbours differ.
fn pick<T: Copy>(items: &[T], number: u64, spread: u32) -> T {
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(spread);
    items[usize::try_from(mixed % items.len() as u64).unwrap_or(0)]
}

const STEMS: [(&str, &str); 8] = [
    ("みほん", "ミホン"),
    ("あおば", "アオバ"),
    ("朝日", "アサヒ"),
    ("つばさ", "ツバサ"),
    ("緑山", "ミドリヤマ"),
    ("髙嶋", "タカシマ"),
    ("第一", "ダイイチ"),
    ("ひかり", "ヒカリ"),
];
const PLACES: [(&str, &str); 8] = [
    ("川", "ガワ"),
    ("野", "ノ"),
    ("丘", "オカ"),
    ("浜", "ハマ"),
    ("沢", "ザワ"),
    ("島", "シマ"),
    ("橋", "バシ"),
    ("泉", "イズミ"),
];
const TRADES: [(&str, &str); 8] = [
    ("製作所", "セイサクショ"),
    ("食品", "ショクヒン"),
    ("印刷", "インサツ"),
    ("会計事務所", "カイケイジムショ"),
    ("ソフトウェア", "ソフトウェア"),
    ("歯科医院", "シカイイン"),
    ("整備", "セイビ"),
    ("不動産", "フドウサン"),
];
const FAMILY: [&str; 6] = ["佐藤", "鈴木", "髙木", "齊藤", "柳澤", "見本"];
const GIVEN: [&str; 6] = ["太郎", "花子", "一郎", "美咲", "健一", "由美子"];
const PREFECTURES: [&str; 6] = ["東京都", "大阪府", "愛知県", "福岡県", "北海道", "沖縄県"];

impl Filed {
    fn new(n: u64) -> Self {
        let subject = |of| SubjectId::new(id(n, of));
        let subjects = Subjects {
            representative: subject(3),
            contact: subject(4),
            sole_trader: subject(5),
            remarks: subject(6),
        };
        let is_person = n % 8 == 3;
        let entity = if is_person {
            EntityType::SoleTrader
        } else {
            EntityType::Corporation
        };
        let (stem, stem_kana) = pick(&STEMS, n, 7);
        let (place, place_kana) = pick(&PLACES, n, 13);
        let (trade, trade_kana) = pick(&TRADES, n, 19);
        let person = format!("{}　{}", pick(&FAMILY, n, 23), pick(&GIVEN, n, 29));
        let firm = format!("{stem}{place}{trade}");
        let declared_on = NaiveDate::from_ymd_opt(2017, 4, 1).expect("a day")
            + TimeDelta::days(i64::try_from(n % 3_000).expect("small"));
        let mut facts = Facts::new(entity, subjects);
        let typed = [
            (Field::DeclarationNo, format!("47{n:09}")),
            (Field::DeclaredOn, declared_on.format("%Y/%m/%d").to_string()),
            (
                Field::Star,
                if n.is_multiple_of(4) { "★★" } else { "★" }.to_owned(),
            ),
            (
                Field::EntityType,
                if is_person { "個人事業主" } else { "法人" }.to_owned(),
            ),
            (
                Field::CorporateNumber,
                if is_person {
                    String::new()
                } else {
                    format!("79999{n:08}")
                },
            ),
            (
                Field::Name,
                if is_person {
                    person.clone()
                } else {
                    format!("株式会社{firm}")
                },
            ),
            (Field::NameKana, format!("{stem_kana}{place_kana}{trade_kana}")),
            (Field::TradeName, if is_person { firm } else { String::new() }),
            (Field::RepresentativeTitle, "代表".to_owned()),
            (Field::RepresentativeName, person),
            (Field::PostalCode, format!("{:07}", n % 9_999_999)),
            (Field::Prefecture, pick(&PREFECTURES, n, 37).to_owned()),
            (Field::City, "みほん市".to_owned()),
            (Field::Street, "１丁目２－３".to_owned()),
            (Field::Industry, "E 製造業".to_owned()),
            (Field::Employees, format!("{}名", 1 + n % 280)),
            (Field::CapitalYen, format!("{}万円", 100 * (1 + n % 50))),
            (Field::ContactName, pick(&FAMILY, n, 41).to_owned()),
            (Field::ContactDepartment, "総務部".to_owned()),
            (Field::ContactEmail, format!("info{n}@example.jp")),
            (Field::ContactPhone, format!("03-0000-{:04}", n % 10_000)),
            (Field::PublishConsent, "同意".to_owned()),
        ];
        for (field, text) in typed {
            facts.type_in(field, &text);
        }
        Self {
            number: n,
            facts,
            declared_on,
        }
    }

    /// Its event of this round, with a reason where staff gives one.
    fn event(&self, round: u64) -> Outcome<NewEvent> {
        let day = self.declared_on + TimeDelta::days(i64::try_from(round * 17)?);
        let (event, effective_at) = if round == 0 {
            (self.registered(), self.declared_on)
        } else {
            self.later(round, day)
        };
        let has_reason = matches!(
            event,
            DeclarationEvent::Corrected(_) | DeclarationEvent::Stopped { .. }
        );
        let statement = Statement {
            declaration_id: DeclarationId::new(id(self.number, 1)),
            organization_id: OrganizationId::new(id(self.number, 2)),
            effective_at,
            event,
        };
        let mut event = codec::new_event(Uuid::now_v7(), &statement)?;
        if has_reason {
            let remarks = self.facts.subjects().of(Role::Remarks);
            let reason = codec::reason(remarks, "電話での申し出により、届け出の書類と照らして直した");
            debug_assert_eq!(reason.name, REASON);
            event.personal.push(reason);
        }
        Ok(event)
    }

    fn registered(&self) -> DeclarationEvent {
        let n = self.number;
        DeclarationEvent::Registered(Box::new(Registered {
            source: RegisterSource {
                register: "old.csv".to_owned(),
                fingerprint: format!("{n:064x}"),
            },
            facts: self.facts.clone(),
            standing: Standing {
                stop: None,
                state_typed: "有効".to_owned(),
                stopped_on_typed: String::new(),
            },
            published: true,
            flags: if n % 5 == 2 {
                [FlagCode::EmployeesMissing].into()
            } else {
                [].into()
            },
        }))
    }

    fn later(&self, round: u64, day: NaiveDate) -> (DeclarationEvent, NaiveDate) {
        let n = self.number;
        let corrected = |field, typed: &str, kind| {
            DeclarationEvent::Corrected(Box::new(Corrected {
                change: self.change(field, typed),
                kind,
                source: Source::Staff,
            }))
        };
        let flag = FlagCode::EmailNotRfc;
        let event = match (n + round) % 12 {
            0 => {
                let typed = format!("みほん{round}市");
                return (
                    corrected(Field::City, &typed, CorrectionKind::Error),
                    self.declared_on,
                );
            }
            1 => corrected(
                Field::Name,
                "株式会社あらたな見本",
                CorrectionKind::Change { since: day },
            ),
            2 | 3 => DeclarationEvent::ContactChanged {
                changes: vec![
                    self.change(Field::ContactEmail, &format!("desk{round}@example.jp")),
                    self.change(Field::ContactPhone, "03-0000-0001"),
                ],
            },
            4 => DeclarationEvent::DiagnosisRecorded {
                answers: None,
                questionnaire: "25-v3".to_owned(),
                changes: vec![self.change(Field::DiagnosisScore, &format!("{}", 40 + round % 60))],
            },
            5 => DeclarationEvent::PolicyRecorded {
                changes: vec![self.change(Field::PolicyUrl, &format!("https://example.jp/{n}/policy"))],
            },
            6 => DeclarationEvent::SteppedUp {
                changes: vec![self.change(Field::Star, "★★")],
            },
            7 => DeclarationEvent::NoteAdded {
                subject: self.facts.subjects().of(Role::Remarks),
                text: Readable::Open(Personal::new(
                    "電話で照会があり、翌週に折り返すと答えた".to_owned(),
                )),
            },
            8 => DeclarationEvent::FlagRaised { flag },
            9 => DeclarationEvent::FlagCleared { flag },
            10 => DeclarationEvent::Stopped {
                stop: Stop {
                    kind: StopKind::Closed,
                    on: Some(day),
                },
                corporate_number: None,
            },
            _ => DeclarationEvent::Reinstated {
                corporate_number: None,
            },
        };
        (event, day)
    }

    fn change(&self, field: Field, typed: &str) -> Change {
        Change {
            field,
            old: self.facts.get(field).cloned(),
            new: FieldValue::read(field, typed).map(|value| self.facts.classify(field, value)),
        }
    }
}
