//! The calendar through the API of the real binary: own days, hours, deadlines, imports, and the three answers.

use serde_json::{Value, json};
use tests::{Answer, Client, Engine, Office, on_both_engines};
use uuid::Uuid;

on_both_engines!(
    a_day_is_closed_opened_and_cleared_and_the_month_says_why,
    hours_are_set_and_a_stale_change_is_refused_with_what_is_there,
    a_deadline_is_added_changed_and_removed_and_only_on_its_newest_version,
    a_file_is_looked_through_first_and_then_taken_as_a_whole,
    the_calendar_moves_with_the_register,
);

const MONTH: &str = "query($day: Date!) { calendar { month(day: $day) { __typename \
     ... on CalendarMonth { days { date businessDay reason ownName holiday source version changedBy { name } \
     deadlines { name } } } ... on InvalidInput { problems { field code } } } } }";
const SET_DAY: &str = "mutation($input: SetCalendarDayInput!) { setCalendarDay(input: $input) { __typename \
     ... on CalendarDayChanged { version } ... on CalendarDayConflict { version kind name by { name } } \
     ... on InvalidInput { problems { field code message } } } }";
const CLEAR_DAY: &str = "mutation($input: ClearCalendarDayInput!) { clearCalendarDay(input: $input) { __typename \
     ... on CalendarDayChanged { version } ... on CalendarDayConflict { version kind name } \
     ... on InvalidInput { problems { field code message } } } }";
const SET_HOURS: &str = "mutation($input: SetOfficeHoursInput!) { setOfficeHours(input: $input) { __typename \
     ... on OfficeHoursSet { version } ... on OfficeHoursConflict { version opens closes closedAtYearEnd by { name } } \
     ... on InvalidInput { problems { field code message } } } }";
const ADD: &str = "mutation($input: AddDeadlineInput!) { addDeadline(input: $input) { __typename \
     ... on DeadlineAdded { id version } ... on InvalidInput { problems { field code message } } } }";
const CHANGE: &str = "mutation($input: ChangeDeadlineInput!) { changeDeadline(input: $input) { __typename \
     ... on DeadlineChanged { version } ... on DeadlineConflict { version theirs { date time name } by { name } } \
     ... on NotFound { id } ... on InvalidInput { problems { field code message } } } }";
const REMOVE: &str = "mutation($input: RemoveDeadlineInput!) { removeDeadline(input: $input) { __typename \
     ... on DeadlineRemoved { id } ... on DeadlineConflict { version } ... on NotFound { id } } }";
const IMPORT: &str = "mutation($input: ImportDeadlinesInput!) { importDeadlines(input: $input) { __typename \
     ... on DeadlineImport { written version added changed same refused rows { line outcome name after { date time source } \
     before { date } problems { field code message } } } ... on ImportOutdated { message } \
     ... on InvalidInput { problems { field code message } } } }";
const DEADLINES: &str = "query($scope: DeadlineScope!, $first: Int!, $after: String) { calendar { deadlines(scope: $scope, \
     first: $first, after: $after) { __typename ... on DeadlineConnection { total nodes { id name date time at version \
     changedBy { name } } pageInfo { hasNextPage endCursor } } ... on InvalidInput { problems { field code } } } } }";

async fn office(engine: Engine) -> (Office, tests::Server, Client) {
    let office = Office::new(engine).await;
    let server = office.serve();
    let registrar = server.member(&office, "registrar").await;
    (office, server, registrar)
}

/// The same input under a fresh command.
fn command(input: &Value) -> Value {
    let mut input = input.clone();
    if input["commandId"].is_null() {
        input["commandId"] = json!(Uuid::new_v4());
    }
    json!({ "input": input })
}

async fn month(client: &Client, day: &str) -> Answer {
    client.graphql(MONTH, json!({ "day": day })).await
}

/// The n-th of the month.
fn on(month: &Answer, n: usize) -> Value {
    month.at(&format!("/calendar/month/days/{}", n - 1)).clone()
}

async fn a_day_is_closed_opened_and_cleared_and_the_month_says_why(engine: Engine) {
    let (_office, _server, client) = office(engine).await;
    let december = month(&client, "2026-12-15").await;
    assert_eq!(
        december.at("/calendar/month/days").as_array().map(Vec::len),
        Some(31)
    );
    let told = |day: &Value| {
        (
            day["businessDay"].clone(),
            day["reason"].clone(),
            day["holiday"].clone(),
        )
    };
    assert_eq!(
        told(&on(&december, 28)),
        (json!(true), json!("WEEKDAY"), Value::Null)
    );
    assert_eq!(
        told(&on(&december, 29)),
        (json!(false), json!("YEAR_END"), Value::Null)
    );
    assert_eq!(
        told(&on(&december, 27)),
        (json!(false), json!("WEEKEND"), Value::Null)
    );
    let november = month(&client, "2028-11-01").await;
    assert_eq!(
        told(&on(&november, 3)),
        (json!(false), json!("HOLIDAY"), json!("文化の日"))
    );
    assert_eq!(on(&november, 3)["source"], "COMPUTED");

    let close = json!({ "date": "2026-12-28", "expectedVersion": "0", "kind": "CLOSED", "name": "館内点検" });
    let retried = command(&close);
    let set = client.graphql(SET_DAY, retried.clone()).await;
    assert_eq!(
        set.at("/setCalendarDay/__typename"),
        "CalendarDayChanged",
        "{set:?}"
    );
    let again = client.graphql(SET_DAY, retried).await;
    assert_eq!(
        again.at("/setCalendarDay"),
        set.at("/setCalendarDay"),
        "a retry has the same result"
    );
    let day = on(&month(&client, "2026-12-01").await, 28);
    assert_eq!(told(&day), (json!(false), json!("OFFICE_CLOSED"), Value::Null));
    assert_eq!(
        (&day["ownName"], &day["version"]),
        (&json!("館内点検"), set.at("/setCalendarDay/version"))
    );
    assert_eq!(day["changedBy"]["name"], "見本 花子");

    let mut same = close.clone();
    same["expectedVersion"] = day["version"].clone();
    let refused = client.graphql(SET_DAY, command(&same)).await;
    assert_eq!(
        refused.problems("setCalendarDay"),
        [("name".to_owned(), "unchanged".to_owned())]
    );
    // Made on what was there before: refused with what is there now.
    let stale = json!({ "date": "2026-12-28", "expectedVersion": "0", "kind": "OPEN", "name": "臨時の窓口" });
    let conflict = client.graphql(SET_DAY, command(&stale)).await;
    assert_eq!(
        conflict.at("/setCalendarDay/__typename"),
        "CalendarDayConflict",
        "{conflict:?}"
    );
    assert_eq!(conflict.at("/setCalendarDay/name"), "館内点検");
    assert_eq!(conflict.at("/setCalendarDay/by/name"), "見本 花子");
    let clear = json!({ "date": "2026-12-28", "expectedVersion": day["version"] });
    let cleared = client.graphql(CLEAR_DAY, command(&clear)).await;
    assert_eq!(
        cleared.at("/clearCalendarDay/__typename"),
        "CalendarDayChanged",
        "{cleared:?}"
    );
    let day = on(&month(&client, "2026-12-01").await, 28);
    assert_eq!(told(&day), (json!(true), json!("WEEKDAY"), Value::Null));
    assert_eq!(&day["version"], cleared.at("/clearCalendarDay/version"));
    // Cleared, it is no day that nothing happened to.
    let conflict = client.graphql(SET_DAY, command(&close)).await;
    assert_eq!(conflict.at("/setCalendarDay/__typename"), "CalendarDayConflict");
    assert_eq!(conflict.at("/setCalendarDay/kind"), &Value::Null);

    let outside = month(&client, "2100-01-01").await;
    assert_eq!(outside.at("/calendar/month/problems/0/code"), "day_out_of_range");
}

async fn hours_are_set_and_a_stale_change_is_refused_with_what_is_there(engine: Engine) {
    let (_office, _server, client) = office(engine).await;
    let hours = "{ calendar { hours { opens closes closedAtYearEnd version changedBy { name } } opening { open until next } } }";
    let found = client.graphql(hours, Value::Null).await;
    let expected = json!({ "opens": "09:30", "closes": "17:30", "closedAtYearEnd": true, "version": "0", "changedBy": null });
    assert_eq!(found.at("/calendar/hours"), &expected);
    // Open now or not, and in either case until when.
    let opening = found.at("/calendar/opening");
    assert_eq!(opening["open"] == true, opening["until"].is_string(), "{opening}");
    assert_eq!(opening["open"] == true, opening["next"].is_null(), "{opening}");

    let input =
        json!({ "expectedVersion": "0", "opens": "１０時", "closes": "24:00", "closedAtYearEnd": false });
    let set = client.graphql(SET_HOURS, command(&input)).await;
    assert_eq!(set.at("/setOfficeHours/__typename"), "OfficeHoursSet", "{set:?}");
    let found = client.graphql(hours, Value::Null).await;
    assert_eq!(
        (
            found.at("/calendar/hours/opens"),
            found.at("/calendar/hours/closes")
        ),
        (&json!("10:00"), &json!("24:00"))
    );
    let december = month(&client, "2026-12-15").await;
    assert_eq!(
        on(&december, 29)["businessDay"],
        true,
        "the month follows at once"
    );

    let conflict = client.graphql(SET_HOURS, command(&input)).await;
    assert_eq!(conflict.at("/setOfficeHours/__typename"), "OfficeHoursConflict");
    assert_eq!(
        conflict.at("/setOfficeHours/version"),
        set.at("/setOfficeHours/version")
    );
    assert_eq!(conflict.at("/setOfficeHours/opens"), "10:00");
    let wrong = json!({ "expectedVersion": set.at("/setOfficeHours/version"), "opens": "18:00", "closes": "9:00", "closedAtYearEnd": true });
    let refused = client.graphql(SET_HOURS, command(&wrong)).await;
    assert_eq!(
        refused.problems("setOfficeHours"),
        [("closes".to_owned(), "before_opening".to_owned())]
    );
}

fn deadline(date: &str, name: &str) -> Value {
    json!({ "date": date, "time": "17:00", "name": name, "source": "https://example.jp/hojo", "note": "電子申請のみ" })
}

/// The names of a list of deadlines.
async fn listed(client: &Client, scope: &str) -> Vec<String> {
    let page = client
        .graphql(DEADLINES, json!({ "scope": scope, "first": 200 }))
        .await;
    let nodes = page.at("/calendar/deadlines/nodes").as_array().expect("a list");
    nodes
        .iter()
        .map(|node| node["name"].as_str().expect("a name").to_owned())
        .collect()
}

async fn a_deadline_is_added_changed_and_removed_and_only_on_its_newest_version(engine: Engine) {
    let (_office, _server, client) = office(engine).await;
    let retried = command(&deadline("令和41年12月25日", "みほん補助金"));
    let added = client.graphql(ADD, retried.clone()).await;
    assert_eq!(added.at("/addDeadline/__typename"), "DeadlineAdded", "{added:?}");
    let again = client.graphql(ADD, retried.clone()).await;
    assert_eq!(
        again.at("/addDeadline"),
        added.at("/addDeadline"),
        "a retry has the same result"
    );
    let mut other = retried;
    other["input"]["name"] = json!("別の補助金");
    let reused = client.graphql(ADD, other).await;
    assert_eq!(
        reused.problems("addDeadline"),
        [("commandId".to_owned(), "command_reused".to_owned())]
    );
    client
        .graphql(ADD, command(&deadline("2001-04-01", "むかしの補助金")))
        .await;
    assert_eq!(listed(&client, "UPCOMING").await, ["みほん補助金"]);
    assert_eq!(listed(&client, "PAST").await, ["むかしの補助金"]);
    let next = client
        .graphql("{ calendar { nextDeadline { name at date time } } }", Value::Null)
        .await;
    let expected = json!({ "name": "みほん補助金", "at": "2059-12-25T08:00:00.000000Z", "date": "2059-12-25", "time": "17:00" });
    assert_eq!(next.at("/calendar/nextDeadline"), &expected);
    assert_eq!(
        on(&month(&client, "2059-12-01").await, 25)["deadlines"][0]["name"],
        "みほん補助金"
    );

    let (id, version) = (added.at("/addDeadline/id"), added.at("/addDeadline/version"));
    let mut changed = deadline("2060-01-15", "みほん補助金");
    changed["id"] = id.clone();
    changed["expectedVersion"] = version.clone();
    let done = client.graphql(CHANGE, command(&changed)).await;
    assert_eq!(
        done.at("/changeDeadline/__typename"),
        "DeadlineChanged",
        "{done:?}"
    );
    let conflict = client.graphql(CHANGE, command(&changed)).await;
    assert_eq!(conflict.at("/changeDeadline/__typename"), "DeadlineConflict");
    assert_eq!(conflict.at("/changeDeadline/theirs/date"), "2060-01-15");
    assert_eq!(conflict.at("/changeDeadline/by/name"), "見本 花子");
    let stale = json!({ "id": id, "expectedVersion": version });
    let conflict = client.graphql(REMOVE, command(&stale)).await;
    assert_eq!(conflict.at("/removeDeadline/__typename"), "DeadlineConflict");

    let newest = json!({ "id": id, "expectedVersion": done.at("/changeDeadline/version") });
    let removed = client.graphql(REMOVE, command(&newest)).await;
    assert_eq!(
        removed.at("/removeDeadline/__typename"),
        "DeadlineRemoved",
        "{removed:?}"
    );
    let gone = client.graphql(REMOVE, command(&newest)).await;
    assert_eq!(gone.at("/removeDeadline/__typename"), "NotFound");
    let gone = client.graphql(CHANGE, command(&changed)).await;
    assert_eq!(gone.at("/changeDeadline/__typename"), "NotFound");
    assert!(listed(&client, "UPCOMING").await.is_empty());
    let unreadable = client.graphql(ADD, command(&deadline("来週", ""))).await;
    let codes = [("date", "date_unreadable"), ("name", "empty")]
        .map(|(field, code)| (field.to_owned(), code.to_owned()));
    assert_eq!(unreadable.problems("addDeadline"), codes);
    let page = client
        .graphql(DEADLINES, json!({ "scope": "UPCOMING", "first": 0 }))
        .await;
    assert_eq!(page.at("/calendar/deadlines/problems/0/code"), "page_size");
    let page = client
        .graphql(
            DEADLINES,
            json!({ "scope": "UPCOMING", "first": 1, "after": "x" }),
        )
        .await;
    assert_eq!(page.at("/calendar/deadlines/problems/0/code"), "cursor");
}

const FILE: &str =
    "日付,時刻,名称,出典,備考\n2059-12-25,17:00,甲補助金,公募要領,\n2059-12-26,,乙補助金,,電子のみ\n";

async fn import(client: &Client, content: &str, version: Option<&Value>) -> Answer {
    let mut input = json!({ "content": content, "source": "みほん県の一覧" });
    if let Some(version) = version {
        input["expectedVersion"] = version.clone();
    }
    client.graphql(IMPORT, command(&input)).await
}

fn counts(answer: &Answer) -> [u64; 4] {
    ["added", "changed", "same", "refused"].map(|count| {
        answer
            .at(&format!("/importDeadlines/{count}"))
            .as_u64()
            .expect("a count")
    })
}

async fn a_file_is_looked_through_first_and_then_taken_as_a_whole(engine: Engine) {
    let (_office, _server, client) = office(engine).await;
    let dry = import(&client, FILE, None).await;
    assert_eq!(
        (counts(&dry), dry.at("/importDeadlines/written")),
        ([2, 0, 0, 0], &json!(false)),
        "{dry:?}"
    );
    assert_eq!(dry.at("/importDeadlines/rows/1/line"), 3);
    assert_eq!(dry.at("/importDeadlines/rows/1/after/time"), "24:00");
    assert_eq!(dry.at("/importDeadlines/rows/1/after/source"), "みほん県の一覧");
    assert!(
        listed(&client, "UPCOMING").await.is_empty(),
        "a dry run writes nothing"
    );

    let version = dry.at("/importDeadlines/version");
    let input = command(&json!({ "content": FILE, "source": "みほん県の一覧", "expectedVersion": version }));
    let done = client.graphql(IMPORT, input.clone()).await;
    assert_eq!(
        (counts(&done), done.at("/importDeadlines/written")),
        ([2, 0, 0, 0], &json!(true)),
        "{done:?}"
    );
    assert_eq!(listed(&client, "UPCOMING").await, ["甲補助金", "乙補助金"]);
    let again = client.graphql(IMPORT, input).await;
    assert_eq!(
        (counts(&again), again.at("/importDeadlines/written")),
        ([0, 0, 2, 0], &json!(true)),
        "a retry: {again:?}"
    );

    // One of them moved, one new, and the list has changed since the dry run.
    let next =
        "date,time,name,source\n2060-01-08,17:00,甲補助金,公募要領\n2060-02-01,12:00,丙補助金,公募要領\n";
    let outdated = import(&client, next, Some(version)).await;
    assert_eq!(
        outdated.at("/importDeadlines/__typename"),
        "ImportOutdated",
        "{outdated:?}"
    );
    let dry = import(&client, next, None).await;
    assert_eq!(counts(&dry), [1, 1, 0, 0]);
    assert_eq!(dry.at("/importDeadlines/rows/0/before/date"), "2059-12-25");
    let done = import(&client, next, Some(dry.at("/importDeadlines/version"))).await;
    assert_eq!(done.at("/importDeadlines/written"), true);
    assert_eq!(
        listed(&client, "UPCOMING").await,
        ["乙補助金", "甲補助金", "丙補助金"]
    );

    // With one row that is refused nothing is written.
    let mixed = "date,name,source\n2060-03-01,丁補助金,公募要領\nいつか,戊補助金,公募要領\n";
    let dry = import(&client, mixed, None).await;
    assert_eq!(counts(&dry), [1, 0, 0, 1]);
    assert_eq!(
        dry.at("/importDeadlines/rows/1/problems/0/code"),
        "date_unreadable"
    );
    let refused = import(&client, mixed, Some(dry.at("/importDeadlines/version"))).await;
    assert_eq!(refused.at("/importDeadlines/written"), false);
    assert_eq!(listed(&client, "UPCOMING").await.len(), 3);

    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:己補助金\r\nDTSTART;TZID=Asia/Tokyo:20600401T120000\r\n\
                    URL:https://example.jp/ki\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let dry = import(&client, calendar, None).await;
    assert_eq!(counts(&dry), [1, 0, 0, 0], "{dry:?}");
    assert_eq!(
        dry.at("/importDeadlines/rows/0/after"),
        &json!({ "date": "2060-04-01", "time": "12:00", "source": "https://example.jp/ki" })
    );
    let html = import(&client, "<html></html>", None).await;
    assert_eq!(
        html.problems("importDeadlines"),
        [("content".to_owned(), "file_headings".to_owned())]
    );
    // A list of a thousand is answered; what is larger than a mutation may be is refused before anything reads it.
    let rows: Vec<String> = (0..1_000)
        .map(|n| format!("2060-05-01,第{n}回,公募要領"))
        .collect();
    let long = format!("date,name,source\n{}\n", rows.join("\n"));
    assert_eq!(counts(&import(&client, &long, None).await), [1_000, 0, 0, 0]);
    let large = import(&client, &"x".repeat(256 * 1024), None).await;
    assert_eq!((large.status.as_u16(), large.fault()), (413, Some("TOO_LARGE")));
}

async fn the_calendar_moves_with_the_register(engine: Engine) {
    let (office, server, client) = office(engine).await;
    let close = json!({ "date": "2026-12-28", "expectedVersion": "0", "kind": "CLOSED", "name": "館内点検" });
    client.graphql(SET_DAY, command(&close)).await;
    client
        .graphql(ADD, command(&deadline("2059-12-25", "みほん補助金")))
        .await;
    let business_day = "{ calendar { businessDay(day: \"2027-01-04\", count: 2, direction: BEFORE) { __typename \
         ... on BusinessDay { date } } } }";
    let found = client.graphql(business_day, Value::Null).await;
    assert_eq!(
        found.at("/calendar/businessDay/date"),
        "2026-12-24",
        "28 December is closed, 26 and 27 a weekend"
    );
    drop(server);

    let other = Office::new(engine).await;
    other.take_key_of(&office);
    other
        .run(&["copy", "--from", &office.url(), "--to", &other.url()])
        .ok();
    let server = other.serve();
    let client = server.client();
    client.sign_in("registrar").await;
    assert_eq!(on(&month(&client, "2026-12-01").await, 28)["ownName"], "館内点検");
    assert_eq!(listed(&client, "UPCOMING").await, ["みほん補助金"]);
}

#[tokio::test]
async fn business_days_are_counted_within_bounds() {
    let (_office, _server, client) = office(Engine::Sqlite).await;
    let query = "query($day: Date!, $count: Int!, $direction: Direction!) { calendar { businessDay(day: $day, count: $count, \
         direction: $direction) { __typename ... on BusinessDay { date } ... on InvalidInput { problems { code } } } } }";
    for (day, count, direction, expected) in [
        ("2026-05-07", 1, "BEFORE", "2026-05-01"),
        ("2026-05-01", 1, "AFTER", "2026-05-07"),
        ("2026-05-03", 0, "AFTER", "2026-05-07"),
        ("2026-05-01", 521, "AFTER", "too_many_days"),
        ("2026-05-01", -1, "AFTER", "too_many_days"),
        ("2099-12-31", 5, "AFTER", "day_out_of_range"),
    ] {
        let variables = json!({ "day": day, "count": count, "direction": direction });
        let found = client.graphql(query, variables).await;
        let found = found.at("/calendar/businessDay").to_string();
        assert!(found.contains(expected), "{day} {count} {direction}: {found}");
    }
}
