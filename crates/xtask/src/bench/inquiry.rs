//! The desk: taking many messages, searching among many inquiries, and what whoever works there notices of a storm.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

use crate::bench::Frame;
use crate::bench::load::{CONNECTIONS, Load};
use crate::bench::office::{Engine, Office, Served};
use crate::bench::report::{Goal, Report};
use crate::bench::samples::{Samples, interleave};
use crate::{Failure, Outcome};

/// Inquiries that are stored.
const INQUIRIES: u64 = 500_000;
const QUICK_INQUIRIES: u64 = 5_000;
const REQUESTS: usize = 1_000;
const QUICK_REQUESTS: usize = 200;
/// Messages that come at once on the day of a deadline.
const STORM: u64 = 1_000;
const P95: f64 = 100.0;
/// Of them one correspondent has written several.
const CORRESPONDENTS: u64 = 7_919;

const QUEUE: &str = "query($queue: InquiryQueue!, $filter: InquiryFilter, $sort: InquirySort!) { \
inquiries(queue: $queue, filter: $filter, sort: $sort, first: 50) { __typename ... on InquiryConnection { \
nodes { id version status channel kind receivedAt lastMessageAt dueAt isBreached messages replies notes attachments tags \
assignee heading { __typename ... on InquiryHeading { senderName senderAddress subject snippet } } } \
pageInfo { hasNextPage endCursor } } } }";

const COUNTS: &str = "{ inquiryCounts { queue count isMore } }";

/// What people write about: a subject, and what it says.
const TOPICS: [(&str, &str); 8] = [
    (
        "自己宣言IDを忘れました",
        "締切が近いため、宣言IDを至急お知らせください。担当者が退職しており分かりません。",
    ),
    (
        "旧IDについて",
        "4で始まる番号を持っています。新しい番号を取り直す必要はありますか。",
    ),
    (
        "GビズIDでログインできない",
        "ワンタイムパスワードが届かず、マイページに入れません。",
    ),
    (
        "登録内容の変更",
        "本社が移転しました。住所と代表者を変更したいです。",
    ),
    (
        "二つ星への進み方",
        "自社診断は終わりました。基本方針はどこに公開すればよいですか。",
    ),
    (
        "ロゴの使い方",
        "名刺とウェブサイトに載せてもよいですか。色を変えても構いませんか。",
    ),
    ("廃業に伴う停止", "今月末で廃業します。宣言を停止してください。"),
    (
        "証明書の発行",
        "取引先から証明を求められました。発行してもらえますか。",
    ),
];

/// Words of two characters and more, in other spellings than those of the mails; addresses and numbers in part.
const SEARCHES: [&str; 12] = [
    "ロゴ",
    "ログイン",
    "ﾛｸﾞｲﾝ",
    "廃業",
    "gbizid",
    "基本方針",
    "名刺 ウェブサイト",
    "suzuki1234",
    "example.jp",
    "49990001234",
    "移転しました",
    "ない言葉",
];

struct Subject<'a> {
    what: &'static str,
    engine: Engine,
    served: &'a Served,
    bodies: Vec<String>,
}

/// Fills a desk on each engine and asks both in turn; then a storm comes in while somebody works.
///
/// # Errors
/// When a server fails, or answers with errors.
pub fn run(frame: &Frame) -> Outcome<Report> {
    let (inquiries, requests) = if frame.quick {
        (QUICK_INQUIRIES, QUICK_REQUESTS)
    } else {
        (INQUIRIES, REQUESTS)
    };
    let stored = mails(frame, "stored", 0..inquiries)?;
    let storm = mails(frame, "storm", inquiries..inquiries + STORM)?;
    let mut report = Report::new(Vec::new(), Vec::new());
    let mut loaded = Vec::new();
    let engines = Engine::ALL.into_iter();
    for engine in engines.filter(|engine| frame.engine.is_none_or(|it| it == *engine)) {
        let office = Office::new(frame, engine, "inquiry")?;
        let start = Instant::now();
        office.import_mail(&stored)?.finish()?.succeed()?;
        let seconds = start.elapsed().as_secs_f64();
        report.notes.push(format!(
            "{inquiries} messages taken and read, {}: {seconds:.1} s",
            engine.name()
        ));
        loaded.push((engine, office));
    }
    // Only now: whoever is signed in and does nothing while the other is filled is signed out.
    let mut offices = Vec::new();
    for (engine, office) in loaded {
        let served = office.serve()?;
        let start = Instant::now();
        is_listed(&served, inquiries)?;
        let seconds = start.elapsed().as_secs_f64();
        report.notes.push(format!(
            "{inquiries} inquiries listed from the log, {}: {seconds:.1} s",
            engine.name()
        ));
        offices.push((engine, office, served));
    }
    let mut subjects: Vec<Subject<'_>> = offices
        .iter()
        .flat_map(|(engine, _, served)| subjects(*engine, served))
        .collect();
    let rounds = interleave(frame.rounds, &mut subjects, |subject| {
        Ok(load(subject.served, subject.bodies.clone())
            .run(requests)?
            .percentile(95))
    })?;
    for (subject, p95) in subjects.iter().zip(&rounds) {
        let name = format!(
            "{} of {inquiries} inquiries, p95 at {CONNECTIONS} connections, {}",
            subject.what,
            subject.engine.name()
        );
        report.goals.push(Goal::at_most(name, P95, p95.median(), "ms"));
    }
    for (engine, office, served) in &offices {
        let (p95, seconds) = in_a_storm(office, served, &storm)?;
        let name = format!("a queue while {STORM} messages come in, p95, {}", engine.name());
        report.goals.push(Goal::at_most(name, P95, p95, "ms"));
        report.notes.push(format!(
            "{STORM} messages beside somebody who works, {}: {seconds:.1} s",
            engine.name()
        ));
    }
    Ok(report)
}

/// What the console asks for while it shows a queue, and while somebody searches.
fn subjects(engine: Engine, served: &Served) -> Vec<Subject<'_>> {
    let ask = |variables: Value| json!({ "query": QUEUE, "variables": variables }).to_string();
    let queues = ["ALL", "OPEN", "UNASSIGNED", "BREACHED", "CLOSED"];
    let queues = queues
        .iter()
        .flat_map(|queue| ["NEWEST", "DUE"].map(|sort| ask(json!({ "queue": queue, "sort": sort }))));
    let searches = SEARCHES
        .iter()
        .map(|search| ask(json!({ "queue": "ALL", "sort": "NEWEST", "filter": { "search": search } })));
    let subject = |what, bodies| Subject {
        what,
        engine,
        served,
        bodies,
    };
    vec![
        subject("a queue", queues.collect()),
        subject("search", searches.collect()),
        subject(
            "counts of the queues",
            vec![json!({ "query": COUNTS }).to_string()],
        ),
    ]
}

fn load(served: &Served, bodies: Vec<String>) -> Load {
    Load {
        url: served.url.clone(),
        headers: served.headers.clone(),
        bodies,
    }
}

/// Waits until the list has the last one.
fn is_listed(served: &Served, inquiries: u64) -> Outcome<()> {
    let last = json!({ "query": QUEUE, "variables": { "queue": "ALL", "sort": "NEWEST",
        "filter": { "search": format!("通番{:07}", inquiries - 1) } } });
    loop {
        let found = served.ask(&last)?;
        if found["inquiries"]["nodes"]
            .as_array()
            .is_some_and(|nodes| !nodes.is_empty())
        {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}

/// p95 in milliseconds of whoever looks at a queue again and again while the storm comes in, and how many seconds it took.
fn in_a_storm(office: &Office<'_>, served: &Served, storm: &Path) -> Outcome<(f64, f64)> {
    let start = Instant::now();
    let mut taking = office.import_mail(storm)?;
    let mut all = Samples::new();
    let asker = served.asker()?;
    let question = json!({ "query": QUEUE, "variables": { "queue": "OPEN", "sort": "NEWEST" } });
    while !taking.has_ended()? {
        let asked_at = Instant::now();
        asker.ask(&question)?;
        all.add_millis(asked_at.elapsed());
    }
    taking.finish()?.succeed()?;
    Ok((all.percentile(95), start.elapsed().as_secs_f64()))
}

/// An mbox of made-up messages.
fn mails(frame: &Frame, name: &str, numbers: std::ops::Range<u64>) -> Outcome<PathBuf> {
    let file = frame.folder.path().join(format!("{name}.mbox"));
    let mut text = String::new();
    for number in numbers {
        let who = number.wrapping_mul(2_654_435_761) % CORRESPONDENTS;
        let (subject, body) = TOPICS[usize::try_from(number % 8).unwrap_or_default()];
        let written = write!(
            text,
            "From suzuki{who}@example.jp Mon Nov  2 09:00:00 2026\nFrom: =?UTF-8?Q?=E9=88=B4=E6=9C=A8?= <suzuki{who}@example.jp>\n\
             To: office@example.jp\nSubject: {subject}\nMessage-ID: <{number}@bench.example.jp>\n\
             Date: Mon, 2 Nov 2026 09:00:00 +0900\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
             Content-Transfer-Encoding: 8bit\n\nお世話になっております。鈴木です。\n{body}\n宣言番号は4999{who:07}です。通番{number:07}\n\n"
        );
        written.map_err(|error| Failure::new(format!("a message cannot be made up: {error}")))?;
    }
    fs::write(&file, text).map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
    Ok(file)
}
