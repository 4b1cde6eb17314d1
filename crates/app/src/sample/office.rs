//! Living through the drawn days with the real use cases.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::Personal;
use domain::declaration::decide::{
    AddNote, ChangeContact, FieldInput, RecordDiagnosis, RecordPolicy, Reinstate, StepUp, StopDeclaration,
    Wanted,
};
use domain::declaration::{Field, Origin, StopKind};
use domain::staff::{Actor, Role, StaffId};
use domain::value::{DeclarationNo, EntityType, PledgeVersion, PolicyMedium, Star};
use event_store::Position;

use super::clock::MovingClock;
use super::dice::Dice;
use super::life::{self, FIRST_DAY, Happening, NEW_NUMBERS};
use super::old_register;
use super::words::{
    CORRECTION_REASONS, DEPARTMENTS, FAMILY, GIVEN, PLACES, STEMS, STOP_REASONS, TRADES, contact_address,
    corporate_number,
};
use crate::attachment::GivenEvidence;
use crate::declaration::{Change, Changed, CorrectDeclaration, MakeDeclaration, MakeDeclarationError};
use crate::import::{ImportOptions, Source};
use crate::{App, Internal, OpContext};

/// Rows of the old register for each hundred declarations.
const OLD_PERCENT: u32 = 8;
/// Organisations that declare again under a new number, for each hundred declarations.
const AGAIN_PERCENT: u32 = 10;
/// The people whose names stand in the history.
const STAFF: [(&str, &str); 3] = [
    ("mihon", "見本 花子"),
    ("aoba", "青葉 太郎"),
    ("wakaba", "若葉 直子"),
];

/// How large, and drawn from which seed.
#[derive(Debug, Clone)]
pub struct SampleOptions {
    /// How many declarations.
    pub declarations: u32,
    /// The same seed makes the same office.
    pub seed: u64,
    /// The last day of the sample.
    pub today: NaiveDate,
    /// A folder for the old register's file; it is removed again.
    pub folder: PathBuf,
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampled {
    /// Declarations in the register.
    pub declarations: u32,
    /// Events in the log.
    pub events: i64,
}

/// Why there is no sample, or only part of one.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A sample is never mixed with real records.
    #[error("the register is not empty; give an empty data folder with --data-dir")]
    NotEmpty,
    /// The old register's file cannot be written.
    #[error("{path} cannot be written: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A use case refused what the sample asked for, which it should not.
    #[error("the sample asked for something that is refused: {0}")]
    Refused(String),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// A declaration of the sample while it lives.
#[derive(Clone)]
pub(super) struct Alive {
    pub(super) id: domain::DeclarationId,
    pub(super) number: DeclarationNo,
    pub(super) version: Position,
    entity_type: EntityType,
    corporate_number: Option<String>,
    two_stars: bool,
    live: bool,
}

pub(super) struct Sample<'a> {
    pub(super) app: &'a App,
    pub(super) dice: Dice,
    staff: Vec<StaffId>,
    pub(super) alive: Vec<Option<Alive>>,
    next_old: u64,
    next_new: u64,
    /// How many declarations there are by now.
    declared: u32,
    /// How many may still be declared again, so that the sample has as many declarations as asked for.
    again: u32,
    /// How many were declared again by now.
    pub(super) renumbered: u32,
}

impl App {
    /// Fills an empty register. `progress` hears how many declarations are made.
    pub async fn fill_with_sample(
        &self,
        clock: &Arc<MovingClock>,
        options: &SampleOptions,
        progress: impl Fn(u64) + Send + Sync,
    ) -> Result<Sampled, SampleError> {
        if self.store.head().await.map_err(Internal::new)? != Position::START {
            return Err(SampleError::NotEmpty);
        }
        clock.open(FIRST_DAY);
        let old = options.declarations * OLD_PERCENT / 100;
        let mut sample = Sample {
            app: self,
            dice: Dice::new(options.seed),
            staff: self.sample_staff().await?,
            alive: vec![None; usize::try_from(options.declarations).unwrap_or(0)],
            next_old: 1_000_000,
            next_new: 1,
            declared: 0,
            again: options.declarations * AGAIN_PERCENT / 100,
            renumbered: 0,
        };
        sample.take_over_old_register(options, old).await?;
        let made = options
            .declarations
            .saturating_sub(sample.declared + sample.again);
        let calendar = life::draw(&mut sample.dice, made, options.today);
        for (day, happenings) in calendar {
            clock.open(day);
            for (number, what) in happenings {
                clock.pass(1 + i64::try_from(sample.dice.below(4)).unwrap_or(0));
                sample.happen(number, what).await?;
                progress(u64::from(sample.declared));
            }
            sample.hear(day, options.today).await?;
        }
        for number in made..options.declarations {
            if sample.declared < options.declarations {
                clock.pass(5);
                sample.declare(number, None).await?;
            }
        }
        sample.merge_some(old).await?;
        sample.suspect().await?;
        sample.write_templates().await?;
        sample.write_articles().await?;
        let head = self.store.head().await.map_err(Internal::new)?;
        self.wait_for_list(head).await?;
        Ok(Sampled {
            declarations: options.declarations,
            events: head.get(),
        })
    }

    /// The people of the sample; nobody can sign in as one of them.
    async fn sample_staff(&self) -> Result<Vec<StaffId>, SampleError> {
        let mut staff = Vec::new();
        for (login, name) in STAFF {
            let joined = self
                .joins(vec![Role::Registrar], login.to_owned(), name.to_owned())
                .await;
            staff.push(joined.map_err(|error| refused(&error))?);
        }
        Ok(staff)
    }
}

pub(super) fn refused(error: &dyn std::error::Error) -> SampleError {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    SampleError::Refused(text)
}

impl Sample<'_> {
    pub(super) fn op(&mut self) -> Result<OpContext, SampleError> {
        let staff = self.dice.one(&self.staff);
        let request_id = self.app.new_id().map_err(Internal::new)?;
        Ok(self.app.context(
            Actor::Staff(staff),
            vec![Role::Administrator],
            request_id,
            "sample",
        ))
    }

    async fn take_over_old_register(
        &mut self,
        options: &SampleOptions,
        rows: u32,
    ) -> Result<(), SampleError> {
        let path = options.folder.join("sample-register.csv");
        let failed = |source| SampleError::File {
            path: path.clone(),
            source,
        };
        std::fs::write(&path, old_register::csv(&mut self.dice, rows)).map_err(failed)?;
        let op = self.op()?;
        let source = Source::open(&path, None).map_err(|error| refused(&error))?;
        let imported = self
            .app
            .import_declarations(&op, &source, "旧台帳", &ImportOptions::default(), |_| {})
            .await;
        std::fs::remove_file(&path).map_err(failed)?;
        let accepted = imported.map_err(|error| refused(&error))?.accepted;
        self.declared += u32::try_from(accepted).unwrap_or(0);
        Ok(())
    }

    async fn happen(&mut self, number: u32, what: Happening) -> Result<(), SampleError> {
        let index = usize::try_from(number).unwrap_or(0);
        if what == Happening::Declared {
            self.alive[index] = self.declare(number, None).await?;
            return Ok(());
        }
        let Some(mut alive) = self.alive[index].clone() else {
            return Ok(());
        };
        if alive.live == (what == Happening::Reinstated) {
            return Ok(());
        }
        if what == Happening::DeclaredAgain {
            if self.again == 0 {
                return Ok(());
            }
            self.again -= 1;
        }
        let op = self.op()?;
        let change = Change {
            command_id: self.app.new_id().map_err(Internal::new)?,
            id: alive.id,
            expected_version: alive.version,
            inquiry: None,
        };
        let changed = match what {
            Happening::Mistake => self.mistake(&op, change).await,
            Happening::Moved => self.moved(&op, change).await,
            Happening::NewContact => self.new_contact(&op, change).await,
            Happening::SteppedUp if !alive.two_stars => {
                alive.two_stars = true;
                self.second_star(&op, change).await
            }
            Happening::Stopped | Happening::DeclaredAgain => {
                alive.live = false;
                self.stop(&op, change, what == Happening::DeclaredAgain).await
            }
            Happening::Reinstated => {
                alive.live = true;
                self.reinstate(&op, change).await
            }
            Happening::Noted => {
                let text = "電話で状況を確認した。次回の連絡は担当者の携帯へ。".to_owned();
                self.app
                    .add_note(&op, change, AddNote { text })
                    .await
                    .map_err(|error| refused(&error))
            }
            Happening::Declared | Happening::SteppedUp => return Ok(()),
        }?;
        alive.version = changed.version;
        let again = (what == Happening::DeclaredAgain).then(|| alive.clone());
        self.alive[index] = Some(alive);
        if let Some(before) = again {
            let old = before.number.clone();
            self.alive[index] = self.declare(number, Some(before)).await?;
            self.link_some(index, old).await?;
        }
        Ok(())
    }

    /// Makes a declaration; none when its organisation has a live one, which an old register may have brought.
    async fn declare(&mut self, number: u32, before: Option<Alive>) -> Result<Option<Alive>, SampleError> {
        let op = self.op()?;
        let entity_type = before.as_ref().map_or_else(
            || match self.dice.below(100) {
                0..13 => EntityType::SoleTrader,
                13..23 => EntityType::OtherBody,
                _ => EntityType::Corporation,
            },
            |before| before.entity_type,
        );
        let corporate = match (&before, entity_type) {
            (Some(before), _) => before.corporate_number.clone(),
            (None, EntityType::SoleTrader) => None,
            (None, _) => Some(corporate_number(number + 1)),
        };
        let new = op.today() >= NEW_NUMBERS;
        let two_stars = self.dice.chance(12);
        let declaration_no = self.number(new)?;
        let command = MakeDeclaration {
            command_id: self.app.new_id().map_err(Internal::new)?,
            number: Some(declaration_no.clone()),
            origin: if new { Origin::Public } else { Origin::Legacy },
            entity_type,
            star: if two_stars { Star::Two } else { Star::One },
            pledge: if new {
                PledgeVersion::SixRules
            } else {
                PledgeVersion::FiveRules
            },
            fields: self.fields(number, entity_type, corporate.as_deref(), two_stars),
            reason: None,
            evidence: GivenEvidence::default(),
            inquiry: None,
        };
        match self.app.make_declaration(&op, command).await {
            Ok(made) => {
                self.declared += 1;
                Ok(Some(Alive {
                    id: made.id,
                    number: declaration_no,
                    version: made.changed.version,
                    entity_type,
                    corporate_number: corporate,
                    two_stars,
                    live: true,
                }))
            }
            Err(MakeDeclarationError::AlreadyLive { .. }) => Ok(None),
            Err(MakeDeclarationError::Invalid(problems)) => {
                let problem = problems
                    .first()
                    .map(|problem| format!("{}: {}", problem.field, problem.code));
                Err(SampleError::Refused(problem.unwrap_or_default()))
            }
            Err(error) => Err(refused(&error)),
        }
    }

    fn number(&mut self, new: bool) -> Result<DeclarationNo, SampleError> {
        let text = if new {
            self.next_new += 1;
            format!("5{:010}", self.next_new)
        } else {
            self.next_old += 1;
            format!("4{:010}", self.next_old)
        };
        DeclarationNo::parse(&text).map_err(|error| refused(&error))
    }

    fn fields(
        &mut self,
        number: u32,
        entity_type: EntityType,
        corporate: Option<&str>,
        two_stars: bool,
    ) -> Vec<FieldInput> {
        let dice = &mut self.dice;
        let (stem, stem_kana) = dice.one(&STEMS);
        let (trade, trade_kana, industry) = dice.one(&TRADES);
        let (prefecture, city) = dice.one(&PLACES);
        let person = format!("{} {}", dice.pick(&FAMILY), dice.pick(&GIVEN));
        let contact = format!("{} {}", dice.pick(&FAMILY), dice.pick(&GIVEN));
        let (name, kana) = match entity_type {
            EntityType::SoleTrader => (person.clone(), "ミホン タロウ".to_owned()),
            EntityType::OtherBody => (
                format!("一般社団法人{stem}{trade}協会"),
                format!("{stem_kana}{trade_kana}キョウカイ"),
            ),
            EntityType::Corporation => {
                let form = dice.pick(&["株式会社", "株式会社", "有限会社", "合同会社"]);
                let name = if dice.chance(70) {
                    format!("{form}{stem}{trade}")
                } else {
                    format!("{stem}{trade}{form}")
                };
                (name, format!("{stem_kana}{trade_kana}"))
            }
        };
        let mut fields = vec![
            (Field::Name, name),
            (Field::NameKana, kana),
            (
                Field::RepresentativeTitle,
                if corporate.is_some() {
                    "代表取締役"
                } else {
                    "代表"
                }
                .to_owned(),
            ),
            (Field::RepresentativeName, person),
            (
                Field::PostalCode,
                format!("{:03}-{:04}", 100 + number % 800, number % 10_000),
            ),
            (Field::Prefecture, prefecture.to_owned()),
            (Field::City, city.to_owned()),
            (
                Field::Street,
                format!(
                    "{}丁目{}-{}",
                    1 + dice.below(5),
                    1 + dice.below(20),
                    1 + dice.below(30)
                ),
            ),
            (Field::Industry, industry.to_owned()),
            (
                Field::Employees,
                dice.pick(&["0", "3", "8", "18名", "約35人", "60", "120", "280"])
                    .to_owned(),
            ),
            (Field::ContactName, contact),
            (Field::ContactDepartment, dice.pick(&DEPARTMENTS).to_owned()),
            (Field::ContactEmail, contact_address(number)),
            (Field::ContactPhone, format!("03-0000-{:04}", number % 10_000)),
            (
                Field::PublishConsent,
                if dice.chance(80) {
                    "同意"
                } else {
                    "同意しない"
                }
                .to_owned(),
            ),
        ];
        if let Some(corporate) = corporate {
            fields.push((Field::CorporateNumber, corporate.to_owned()));
            fields.push((
                Field::CapitalYen,
                dice.pick(&["300万円", "1,000万円", "3000万円", "5000000"])
                    .to_owned(),
            ));
        } else {
            fields.push((Field::TradeName, format!("{stem}{trade}")));
        }
        if two_stars {
            fields.push((
                Field::DiagnosisScore,
                dice.pick(&["49", "64", "78", "100"]).to_owned(),
            ));
            fields.push((Field::PolicyUrl, format!("https://example.jp/{number}/policy")));
        }
        fields
            .into_iter()
            .map(|(field, typed)| FieldInput { field, typed })
            .collect()
    }

    async fn correct(
        &mut self,
        op: &OpContext,
        change: Change,
        fields: Vec<(Field, String)>,
        wanted: Wanted,
    ) -> Result<Changed, SampleError> {
        let needs_evidence = fields.iter().any(|(field, _)| field.needs_evidence());
        let no_document = needs_evidence.then(|| Personal::new("電話で本人に確認したため".to_owned()));
        let command = CorrectDeclaration {
            change,
            fields: fields
                .into_iter()
                .map(|(field, typed)| FieldInput { field, typed })
                .collect(),
            wanted,
            reason: self.dice.pick(&CORRECTION_REASONS).to_owned(),
            evidence: GivenEvidence {
                attachments: Vec::new(),
                no_document,
            },
        };
        self.app
            .correct_declaration(op, command)
            .await
            .map_err(|error| refused(&error))
    }

    async fn mistake(&mut self, op: &OpContext, change: Change) -> Result<Changed, SampleError> {
        let street = format!("{}番地{}", 100 + self.dice.below(900), 1 + self.dice.below(9));
        self.correct(op, change, vec![(Field::Street, street)], Wanted::Error)
            .await
    }

    async fn moved(&mut self, op: &OpContext, change: Change) -> Result<Changed, SampleError> {
        let since = op.today();
        let street = format!(
            "{}丁目{}番{}号",
            6 + self.dice.below(4),
            31 + self.dice.below(9),
            31 + self.dice.below(9)
        );
        let fields = vec![(Field::City, "移転先市".to_owned()), (Field::Street, street)];
        self.correct(op, change, fields, Wanted::Change { since: Some(since) })
            .await
    }

    async fn new_contact(&mut self, op: &OpContext, change: Change) -> Result<Changed, SampleError> {
        let name = format!("{}　{}", self.dice.pick(&FAMILY), self.dice.pick(&GIVEN));
        let mail = format!("tantou{}@example.jp", self.dice.below(100_000));
        let changes = [(Field::ContactName, name), (Field::ContactEmail, mail)];
        let command = ChangeContact {
            changes: changes
                .into_iter()
                .map(|(field, typed)| FieldInput { field, typed })
                .collect(),
            since: None,
            reason: Some("担当者交代の連絡を受けたため".to_owned()),
        };
        self.app
            .change_contact(op, change, command)
            .await
            .map_err(|error| refused(&error))
    }

    async fn second_star(&mut self, op: &OpContext, change: Change) -> Result<Changed, SampleError> {
        let on = op.today();
        let diagnosis = RecordDiagnosis {
            questionnaire: "25-v3".to_owned(),
            score: self.dice.pick(&["52", "66", "74", "88", "96"]).to_owned(),
            answers: None,
            done_on: on,
            reason: None,
        };
        let diagnosed = self.app.record_diagnosis(op, change.clone(), diagnosis).await;
        let change = self.next(&change, diagnosed.map_err(|error| refused(&error))?)?;
        let url = format!("https://example.jp/policy/{}", self.dice.below(100_000));
        let policy = RecordPolicy {
            medium: PolicyMedium::Web,
            place: url,
            published_on: on.to_string(),
            on,
            reason: None,
        };
        let recorded = self.app.record_policy(op, change.clone(), policy).await;
        let change = self.next(&change, recorded.map_err(|error| refused(&error))?)?;
        self.app
            .step_up_declaration(op, change, StepUp { on, reason: None })
            .await
            .map_err(|error| refused(&error))
    }

    /// The next change of the same declaration.
    fn next(&self, before: &Change, changed: Changed) -> Result<Change, SampleError> {
        let command_id = self.app.new_id().map_err(Internal::new)?;
        Ok(Change {
            command_id,
            id: before.id,
            expected_version: changed.version,
            inquiry: None,
        })
    }

    async fn stop(
        &mut self,
        op: &OpContext,
        change: Change,
        renumbered: bool,
    ) -> Result<Changed, SampleError> {
        let (kind, reason) = if renumbered {
            (StopKind::Withdrawn, STOP_REASONS[2])
        } else {
            (
                self.dice.one(&[StopKind::Stopped, StopKind::Closed]),
                self.dice.pick(&STOP_REASONS[..2]),
            )
        };
        let command = StopDeclaration {
            kind,
            on: Some(op.today()),
            reason: reason.to_owned(),
        };
        self.app
            .stop_declaration(op, change, command)
            .await
            .map_err(|error| refused(&error))
    }

    async fn reinstate(&mut self, op: &OpContext, change: Change) -> Result<Changed, SampleError> {
        let reason = "停止の届け出は誤りだったため".to_owned();
        let command = Reinstate {
            on: op.today(),
            reason,
            live: None,
        };
        self.app
            .reinstate_declaration(op, change, command)
            .await
            .map_err(|error| refused(&error))
    }
}
