//! A file that somebody takes slowly, on the real binary: once they may not have it any more, the rest stays here.

use serde_json::{Value, json};
use tests::{Client, Correction, Engine, Office, canary_trader, on_both_engines, register};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use uuid::Uuid;

on_both_engines!(t50_the_rest_of_a_file_stays_here_once_its_reader_is_disabled,);

const NUMBER: &str = "47000000002";
/// Bytes of the file, a little less than the largest that is taken.
const LARGE: usize = 10 * 1024 * 1024 - 100;
/// Bytes that the line holds at most: what was given to it has left.
const IN_THE_LINE: usize = 6 * 1024 * 1024;

/// A correction with a large file.
async fn attached(client: &Client) -> String {
    let id = client.find(NUMBER).await;
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(LARGE, b'a');
    let taken = Client::send(client.upload(("declaration", &id), "大.pdf", bytes)).await;
    let file = taken.body["file"]["id"].as_str().expect("an id").to_owned();
    let version = client.version(&id).await;
    let correction = Correction::new(&id, &version, "CITY", "べつの市").with("attachments", json!([file]));
    let changed = client.correct(&correction).await;
    assert_eq!(
        changed.at("/correctDeclaration/__typename"),
        "DeclarationChanged",
        "{changed:?}"
    );
    file
}

/// Asks for a file over a line that holds little, and reads how the answer begins.
async fn begin(address: &str, cookie: &str, file: &str) -> TcpStream {
    let host = address.replace("http://", "");
    let (_, port) = host.rsplit_once(':').expect("a port");
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(16 * 1024).expect("a small buffer");
    let to = format!("127.0.0.1:{port}").parse().expect("an address");
    let mut stream = socket.connect(to).await.expect("a connection");
    let asked = format!(
        "GET /attachments/{file} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(asked.as_bytes()).await.expect("a request");
    let mut first = [0; 15];
    stream.read_exact(&mut first).await.expect("the beginning");
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    stream
}

/// How much comes until nothing more does. A line that breaks has ended like one that is closed.
async fn rest_of(mut stream: TcpStream) -> usize {
    let (mut read, mut buffer) = (0, vec![0; 64 * 1024]);
    while let Ok(more @ 1..) = stream.read(&mut buffer).await {
        read += more;
    }
    read
}

async fn disable(client: &Client, login: &str) {
    let accounts = "{ staffAccounts { nodes { id login } } }";
    let accounts = client.graphql(accounts, Value::Null).await;
    let nodes = accounts.at("/staffAccounts/nodes").as_array().expect("accounts");
    let found = nodes.iter().find(|node| node["login"] == login);
    let id = &found.expect("the account")["id"];
    let seen = "query($id: ID!) { staffAccount(id: $id) { version } }";
    let seen = client.graphql(seen, json!({ "id": id })).await;
    let input =
        json!({ "commandId": Uuid::new_v4(), "id": id, "expectedVersion": seen.at("/staffAccount/version") });
    let disable = "mutation($input: AccountCommandInput!) { disableStaff(input: $input, reason: SUSPICION) { __typename } }";
    let disabled = client.graphql(disable, json!({ "input": input })).await;
    assert_eq!(disabled.at("/disableStaff/__typename"), "AccountChanged");
}

async fn t50_the_rest_of_a_file_stays_here_once_its_reader_is_disabled(engine: Engine) {
    let office = Office::new(engine).await;
    office.import(&register(&[canary_trader(NUMBER)]));
    let mut server = office.serve();
    let administrator = server.administrator().await;
    let file = attached(&administrator).await;
    server.member(&office, "support").await;
    let cookie = server.client().cookie_of("support").await;
    let whole = rest_of(begin(server.address(), &cookie, &file).await).await;
    assert!(whole >= LARGE, "{whole}");
    let slow = begin(server.address(), &cookie, &file).await;
    disable(&administrator, "support").await;
    let part = rest_of(slow).await;
    assert!(part < IN_THE_LINE, "{part} of {LARGE}");
}
