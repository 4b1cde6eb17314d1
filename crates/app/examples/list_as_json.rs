//! The same list without GraphQL, to compare with; `cargo xtask bench read` starts it.
//!
//! `list_as_json URL KEY_FILE` serves the register that is at `URL` (`sqlite:PATH` or `postgres://…`), beside whoever else serves it, on a
//! port that it prints. `POST /pages` takes what the console sends to `/graphql` for a page (`{"variables": {"sort", "after"}}`) and
//! answers the same fields of the same rows as plain JSON, for whoever has the console's session; `POST /pages/recorded` also puts on
//! record whose names were read, as the console does, before the answer leaves. No limits, no headers, no query language.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that prints its address, and its faults"
)]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use app::declaration::List;
use app::{App, Guarded, OpContext, PersonalPart, SystemClock, SystemRandom};
use axum::extract::State;
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::{DeclarationState, FlagCode};
use domain::staff::Actor;
use domain::value::{EntityType, Star};
use event_store::{Database, EventStore, KeyEncryptionKeys, Keyring, OpenOptions};
use serde::{Deserialize, Serialize};
use storage::declaration::{DeclarationRow, ListPage, RowName, Sort, Total};
use tokio::net::TcpListener;
use uuid::Uuid;

/// That of `sengen`, with which it is compared.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As the console asks for.
const ROWS: u32 = 50;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, key_file] = arguments.as_slice() else {
        return Err("usage: list_as_json URL KEY_FILE".into());
    };
    let database = Database::open(url).await?;
    let keys = KeyEncryptionKeys::load(Path::new(key_file))?;
    let keyring = Keyring::open_beside(&database, keys).await?;
    let origin = EventStore::stored_origin(&database).await?;
    let store = EventStore::open(OpenOptions {
        database,
        keyring,
        origin: origin.ok_or("there is no register")?,
        inline: storage::inline_projectors(),
    });
    let app = App::open(store.await?, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    let router = Router::new()
        .route("/pages", post(page))
        .route("/pages/recorded", post(recorded_page))
        .with_state(Arc::new(app));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

#[derive(Deserialize)]
struct Asked {
    variables: Variables,
}

#[derive(Deserialize)]
struct Variables {
    sort: String,
    after: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    nodes: Vec<Row>,
    has_more: bool,
    end_cursor: Option<String>,
    total: (&'static str, u64),
    position: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: Uuid,
    number: String,
    star: Option<Star>,
    state: DeclarationState,
    declared_on: NaiveDate,
    entity_type: EntityType,
    name: Option<(String, Option<String>)>,
    trade_name: Option<String>,
    corporate_number: Option<String>,
    prefecture: Option<(&'static str, &'static str)>,
    city: Option<String>,
    flags: Vec<FlagCode>,
    changed_at: DateTime<Utc>,
}

type Answer = Result<Json<Page>, StatusCode>;

async fn page(State(app): State<Arc<App>>, headers: HeaderMap, Json(asked): Json<Asked>) -> Answer {
    let (_, page) = read(&app, &headers, asked.variables).await?;
    Ok(Json(page))
}

async fn recorded_page(State(app): State<Arc<App>>, headers: HeaderMap, Json(asked): Json<Asked>) -> Answer {
    let (op, page) = read(&app, &headers, asked.variables).await?;
    app.record_reads(&op).await.map_err(fault)?;
    Ok(Json(page))
}

async fn read(app: &App, headers: &HeaderMap, asked: Variables) -> Result<(OpContext, Page), StatusCode> {
    let cookie = headers.get(COOKIE).and_then(|value| value.to_str().ok());
    let token = cookie.and_then(|cookie| cookie.split_once('='));
    let (_, token) = token.ok_or(StatusCode::UNAUTHORIZED)?;
    let session = app.session(token).await.map_err(fault)?;
    let session = session.ok_or(StatusCode::UNAUTHORIZED)?;
    let op = app.context(
        Actor::Staff(session.staff.id),
        session.staff.roles,
        app.new_id().map_err(fault)?,
        "measured",
    );
    let list = List {
        sort: sort(&asked.sort).ok_or(StatusCode::BAD_REQUEST)?,
        first: ROWS,
        after: asked.after,
        ..List::default()
    };
    let page = app.declarations(&op, list).await.map_err(fault)?;
    let page = shown(&op, page);
    Ok((op, page))
}

/// The names of the schema.
fn sort(name: &str) -> Option<Sort> {
    Some(match name {
        "DECLARED_ON_DESC" => Sort::DeclaredOnDesc,
        "DECLARED_ON_ASC" => Sort::DeclaredOnAsc,
        "NUMBER_ASC" => Sort::NumberAsc,
        "CHANGED_DESC" => Sort::ChangedDesc,
        _ => return None,
    })
}

fn shown(op: &OpContext, page: ListPage) -> Page {
    Page {
        nodes: page.rows.into_iter().map(|row| shown_row(op, row)).collect(),
        has_more: page.has_next_page,
        end_cursor: page.end_cursor,
        total: match page.total {
            Total::Exact(count) => ("EXACT", count),
            Total::Estimated(count) => ("ESTIMATED", count),
        },
        position: page.position.get(),
    }
}

fn shown_row(op: &OpContext, row: DeclarationRow) -> Row {
    Row {
        id: row.id.uuid(),
        name: name(op, &row),
        number: row.number,
        star: row.star,
        state: row.state,
        declared_on: row.declared_on,
        entity_type: row.entity_type,
        trade_name: row.trade_name,
        corporate_number: row.corporate_number,
        prefecture: row
            .prefecture
            .map(|prefecture| (prefecture.code(), prefecture.name())),
        city: row.city,
        flags: row.flags,
        changed_at: row.changed_at,
    }
}

fn name(op: &OpContext, row: &DeclarationRow) -> Option<(String, Option<String>)> {
    match &row.name {
        RowName::Organization { name, kana } => Some((name.clone(), kana.clone())),
        RowName::Person { name, kana, .. } => {
            let open = || Guarded::Open((name, kana));
            match op.reveal(row.id, PersonalPart::SoleTraderName, open) {
                Guarded::Open((name, kana)) => Some((
                    name.reveal().clone(),
                    kana.as_ref().map(|kana| kana.reveal().clone()),
                )),
                _ => None,
            }
        }
        RowName::Forgotten { .. } => None,
    }
}

fn fault(error: impl Error) -> StatusCode {
    eprintln!("{error}");
    StatusCode::INTERNAL_SERVER_ERROR
}
