//! What the tests of this crate share: an office on a fresh database, and declarations for it.

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use domain::declaration::{
    Change, Corrected, CorrectionKind, DeclarationEvent, Facts, Field, FieldValue, FlagCode, RegisterSource,
    Registered, Source, Standing, Statement, Stop, StopKind, Subjects,
};
use domain::value::EntityType;
use domain::{DeclarationId, OrganizationId, SubjectId};
use event_store::{Append, EventStore, NewEvent, Position, Tag};
use storage::declaration::{DeclarationRow, Filter, ListPage, ListRequest, Search, SearchScope};
use storage::projection::{Caught, Now};
use storage::{Storage, codec};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

/// Longer than any batch takes, so that a test fails with a message and does not hang.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A log with everything that this crate projects from it.
pub struct Office {
    pub store: EventStore,
    pub storage: Storage,
    pub clock: FixedClock,
}

impl Office {
    pub async fn open(db: &TestDatabase) -> Self {
        let store = db.open_store_with(storage::inline_projectors()).await;
        Self {
            store,
            storage: Storage::open(db.database().clone())
                .await
                .expect("read records open"),
            clock: FixedClock::default(),
        }
    }

    pub fn now(&self) -> Now {
        let clock = self.clock.clone();
        Arc::new(move || clock.now())
    }

    /// Appends statements as one command; says where the last one is.
    pub async fn append(&self, statements: &[Statement]) -> Position {
        let events: Vec<_> = statements
            .iter()
            .map(|it| codec::new_event(Uuid::now_v7(), it).expect("tags are fine"))
            .collect();
        self.store
            .keyring()
            .ensure(&codec::subjects(&events, None))
            .await
            .expect("keys are kept");
        self.append_events(events).await
    }

    /// Appends events of whatever type, whose keys exist; says where the last one is.
    async fn append_events(&self, events: Vec<NewEvent>) -> Position {
        let append = Append {
            command_id: Uuid::now_v7(),
            actor: "system:test".to_owned(),
            correlation_id: Uuid::now_v7(),
            reason: None,
            events,
            guards: Vec::new(),
            recorded_at: self.clock.now(),
        };
        self.store
            .append(append)
            .await
            .expect("the append is taken")
            .receipt()
            .last
    }

    /// Appends an event about a declaration that nobody can understand; says where it is.
    pub async fn append_stranger(&self, declaration: Uuid) -> Position {
        let stranger = NewEvent {
            id: Uuid::now_v7(),
            event_type: "declaration.sold".to_owned(),
            schema_version: 1,
            tags: vec![Tag::new("declaration", declaration).expect("a tag")],
            effective_at: day("2024-01-01"),
            data: serde_json::json!({}),
            personal: Vec::new(),
        };
        self.append_events(vec![stranger]).await
    }

    /// Starts the projection and waits until it has all of the log.
    pub async fn project(&self) {
        self.storage
            .declarations_projection()
            .start(&self.store, self.now());
        let head = self.store.head().await.expect("the log answers");
        assert_eq!(
            self.storage
                .declarations_projection()
                .wait_for(head, PATIENCE)
                .await,
            Caught::Up
        );
    }

    pub async fn list(&self, request: &ListRequest) -> ListPage {
        self.storage
            .declarations()
            .list(request)
            .await
            .expect("the list answers")
    }

    /// The numbers that a search finds.
    pub async fn found(&self, text: &str, scope: SearchScope) -> Vec<String> {
        let search = Search::parse(text, scope).expect("the text is short");
        let page = self
            .list(&ListRequest {
                search,
                first: 50,
                ..ListRequest::default()
            })
            .await;
        numbers(&page.rows)
    }
}

pub fn numbers(rows: &[DeclarationRow]) -> Vec<String> {
    rows.iter().map(|row| row.number.clone()).collect()
}

pub fn request(first: u32, filter: Filter) -> ListRequest {
    ListRequest {
        first,
        filter,
        facets: true,
        ..ListRequest::default()
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A declaration taken over from an old register; change it, then ask for its event.
#[derive(Clone)]
pub struct Sample {
    pub id: DeclarationId,
    pub organization: OrganizationId,
    pub facts: Facts,
    pub stop: Option<Stop>,
    pub flags: Vec<FlagCode>,
}

impl Sample {
    /// A corporation. `n` makes its number, and the day unless it is typed in again.
    pub fn corporation(n: u64, name: &str) -> Self {
        Self::new(EntityType::Corporation, n, name)
    }

    pub fn sole_trader(n: u64, name: &str, trade_name: &str) -> Self {
        Self::new(EntityType::SoleTrader, n, name).with(Field::TradeName, trade_name)
    }

    fn new(entity: EntityType, n: u64, name: &str) -> Self {
        let subject = || SubjectId::new(Uuid::now_v7());
        let subjects = Subjects {
            representative: subject(),
            contact: subject(),
            sole_trader: subject(),
            remarks: subject(),
        };
        let declared = day("2018-01-01") + chrono::TimeDelta::days(i64::try_from(n % 3_000).expect("small"));
        Self {
            id: DeclarationId::new(Uuid::now_v7()),
            organization: OrganizationId::new(Uuid::now_v7()),
            facts: Facts::new(entity, subjects),
            stop: None,
            flags: Vec::new(),
        }
        .with(Field::DeclarationNo, &format!("4{n:010}"))
        .with(Field::DeclaredOn, &declared.to_string())
        .with(Field::Star, "★")
        .with(Field::Name, name)
        .with(Field::Prefecture, "東京都")
        .with(Field::City, "みほん市")
    }

    pub fn with(mut self, field: Field, typed: &str) -> Self {
        self.facts.type_in(field, typed);
        self
    }

    pub fn stopped(mut self, on: &str) -> Self {
        self.stop = Some(Stop {
            kind: StopKind::Closed,
            on: Some(day(on)),
        });
        self
    }

    pub fn flagged(mut self, flags: &[FlagCode]) -> Self {
        self.flags = flags.to_vec();
        self
    }

    pub fn registered(&self) -> Statement {
        let standing = Standing {
            stop: self.stop,
            state_typed: String::new(),
            stopped_on_typed: String::new(),
        };
        self.statement(DeclarationEvent::Registered(Box::new(Registered {
            source: RegisterSource {
                register: "old.csv".to_owned(),
                fingerprint: format!("{:064x}", 7),
            },
            facts: self.facts.clone(),
            standing,
            published: true,
            flags: self.flags.iter().copied().collect(),
        })))
    }

    /// An error mended, on the day of the declaration.
    pub fn corrected(&self, field: Field, typed: &str) -> Statement {
        let new = FieldValue::read(field, typed).map(|value| self.facts.classify(field, value));
        let change = Change {
            field,
            old: self.facts.get(field).cloned(),
            new,
        };
        self.statement(DeclarationEvent::Corrected(Box::new(Corrected {
            change,
            kind: CorrectionKind::Error,
            source: Source::Staff,
        })))
    }

    pub fn statement(&self, event: DeclarationEvent) -> Statement {
        Statement {
            declaration_id: self.id,
            organization_id: self.organization,
            effective_at: self.facts.declared_on().expect("samples have a day"),
            event,
        }
    }
}

/// Varied declarations, the same for every run, with a life for every tenth of them.
pub fn register(count: u64) -> Vec<Statement> {
    const WORDS: [&str; 8] = [
        "つばさ",
        "東洋",
        "山田",
        "さくら",
        "青空",
        "大和",
        "中央",
        "オーシャン",
    ];
    const KINDS: [&str; 5] = ["整備", "会計事務所", "歯科医院", "設計", "システム"];
    const PREFECTURES: [&str; 4] = ["東京都", "大阪府", "鳥取県", "沖縄"];
    const CITIES: [&str; 3] = ["みほん市", "みほん市 中区", "竜ケ崎市"];
    const INDUSTRIES: [&str; 3] = ["E", "G 情報通信業", "?"];
    const EMPLOYEES: [&str; 3] = ["3", "50名", ""];
    const PLEDGES: [&str; 3] = ["5か条", "6か条", ""];
    const POLICIES: [&str; 3] = ["https://example.jp/policy", "紙の掲示", ""];
    let pick = |list: &[&'static str], n: u64| list[usize::try_from(n).expect("small") % list.len()];
    let mut statements = Vec::new();
    for n in 0..count {
        let name = format!(
            "{}{}{}",
            pick(&WORDS, n),
            pick(&WORDS, n / 8),
            pick(&KINDS, n / 3)
        );
        let mut sample = if n % 9 == 4 {
            Sample::sole_trader(n, &format!("{} 花子", pick(&WORDS, n)), &name)
        } else {
            Sample::corporation(n, &format!("株式会社{name}"))
        }
        .with(Field::Prefecture, pick(&PREFECTURES, n / 2))
        .with(Field::Star, if n % 4 == 1 { "★★" } else { "★" })
        .with(Field::City, pick(&CITIES, n / 4))
        .with(Field::Industry, pick(&INDUSTRIES, n))
        .with(Field::Employees, pick(&EMPLOYEES, n / 3))
        .with(Field::CapitalYen, "1000万円")
        .with(Field::PledgeVersion, pick(&PLEDGES, n / 2));
        if n % 4 == 1 {
            sample = sample.with(Field::PolicyUrl, pick(&POLICIES, n / 4));
        }
        if n % 6 != 5 {
            sample = sample.with(Field::ContactEmail, &format!("info{n}@example.jp"));
        }
        if n % 7 == 3 {
            sample = sample.stopped("2024-05-01");
        }
        if n % 5 == 2 {
            sample = sample.flagged(&[FlagCode::EmployeesMissing, FlagCode::EmailNotRfc]);
        }
        statements.push(sample.registered());
        if n % 10 == 0 {
            statements.push(sample.corrected(Field::TradeName, "みほん商店"));
            statements.push(sample.statement(DeclarationEvent::FlagRaised {
                flag: FlagCode::PolicyMissing,
            }));
        }
    }
    statements
}
