//! An office inside the test's own process to which registers come as files, as the console sends them.

use app::Guarded;
use app::import::{
    CorrectedSheet, ImportDetail, MapImport, MapImportError, RUN, RunImport, SheetEncoding, StartImport,
    StartImportError, TRY, TouchImport, TryImport, UploadImport, UploadImportError, WhichRows,
};
use app::job::JobEnd;
use domain::import::{ImportCounts, Mapping};
use domain::reason::ReasonCode;
use domain::{ImportId, JobId};
use test_support::TestDatabase;
use uuid::Uuid;

use crate::{JobDesk, Row, register};

/// An office to which registers come.
pub struct ImportDesk {
    /// Who works there, and its jobs.
    pub desk: JobDesk,
}

impl ImportDesk {
    /// An empty office.
    pub async fn open(db: &TestDatabase) -> Self {
        let desk = JobDesk::open(db).await;
        Self { desk }
    }

    /// Sends a file.
    pub async fn upload(&self, bytes: Vec<u8>) -> Result<ImportId, UploadImportError> {
        let upload = UploadImport {
            command_id: Uuid::now_v7(),
            name: "台帳.csv".to_owned(),
            bytes,
            encoding: None,
        };
        self.desk.app.upload_import(&self.desk.op(), upload).await
    }

    /// An import as it stands.
    pub async fn detail(&self, id: ImportId) -> ImportDetail {
        let found = self
            .desk
            .app
            .import(&self.desk.op(), id)
            .await
            .expect("an answer");
        found.expect("the import")
    }

    /// As the console suggests to read it.
    pub async fn suggested(&self, id: ImportId) -> Mapping {
        match self.detail(id).await.file {
            Some(Guarded::Open(file)) => file.suggested[0].clone(),
            _ => panic!("a file is there"),
        }
    }

    /// Says how it is read.
    pub async fn map(&self, id: ImportId, places: Vec<Option<u16>>) -> Result<(), MapImportError> {
        self.map_sheet(id, 0, places).await
    }

    /// The same of a sheet of a workbook.
    pub async fn map_sheet(
        &self,
        id: ImportId,
        sheet: u16,
        places: Vec<Option<u16>>,
    ) -> Result<(), MapImportError> {
        let command = MapImport {
            command_id: Uuid::now_v7(),
            id,
            sheet,
            places,
        };
        self.desk.app.map_import(&self.desk.op(), command).await
    }

    /// Sent, mapped as it is suggested, and tried out.
    pub async fn tried(&self, bytes: Vec<u8>) -> (ImportId, ImportCounts) {
        let id = self.upload(bytes).await.expect("a file");
        let places = self.suggested(id).await.places();
        self.map(id, places).await.expect("it is mapped");
        (id, self.try_out(id).await)
    }

    /// Tries it out.
    pub async fn try_out(&self, id: ImportId) -> ImportCounts {
        let job = self.desk.claim(TRY).await;
        let effects = self.desk.run(&TryImport, &job).await.expect("a trial");
        assert_eq!(effects.result.code(), Some(ReasonCode::ImportTried));
        self.desk.end(&job, JobEnd::Done(effects)).await;
        self.detail(id).await.import.tried.expect("counts")
    }

    /// The job that tried it out.
    pub async fn trial(&self, id: ImportId) -> JobId {
        self.detail(id).await.import.reading.expect("a reading").trial_job
    }

    /// Begins it.
    pub async fn start(&self, id: ImportId) -> Result<(), StartImportError> {
        let command = StartImport {
            command_id: Uuid::now_v7(),
            id,
            trial_job: self.trial(id).await,
            reason: "旧台帳の移行".to_owned(),
        };
        self.desk.app.start_import(&self.desk.op(), command).await
    }

    /// Carries it out to its end.
    pub async fn carry_out(&self, id: ImportId) -> ImportCounts {
        let job = self.desk.claim(RUN).await;
        let effects = self.desk.run(&RunImport, &job).await.expect("a run");
        self.desk.end(&job, JobEnd::Done(effects)).await;
        self.detail(id).await.import.finished.expect("counts")
    }

    /// Has it stopped, or gone on with.
    pub async fn touch(&self, id: ImportId, goes_on: bool) {
        let command = TouchImport {
            command_id: Uuid::now_v7(),
            id,
            goes_on,
        };
        let touched = self.desk.app.touch_import(&self.desk.op(), command).await;
        touched.expect("it is touched");
    }

    /// Declarations that are in the register.
    pub async fn registered(&self) -> usize {
        self.desk.count("declaration.registered").await
    }

    /// What a trial found: row, code, heading, what stands there.
    pub async fn found(
        &self,
        id: ImportId,
        which: WhichRows<'_>,
    ) -> Vec<(u64, String, Option<String>, String)> {
        let rows = self
            .desk
            .app
            .import_rows(&self.desk.op(), id, which, 0, 1_000)
            .await;
        let rows = rows.expect("rows").into_iter();
        rows.map(|row| match row.found {
            Guarded::Open(found) => (row.row, row.code, row.heading, found),
            _ => panic!("a registrar may read it"),
        })
        .collect()
    }

    /// The file of refused rows.
    pub async fn corrected(&self, id: ImportId, encoding: SheetEncoding) -> Vec<u8> {
        let sheet = self.desk.app.corrected_sheet(&self.desk.op(), id, encoding).await;
        let mut sheet: CorrectedSheet = sheet.expect("a sheet");
        let mut bytes = Vec::new();
        while let Some(next) = sheet.next(&self.desk.app).await.expect("bytes") {
            bytes.extend(next);
        }
        bytes
    }
}

/// A register of so many corporations.
pub fn corporations(count: usize) -> Vec<u8> {
    let rows: Vec<Row> = (1..=count)
        .map(|i| Row::corporation(&format!("47{i:09}")))
        .collect();
    register(&rows).into_bytes()
}
