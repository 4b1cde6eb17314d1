//! The other end of the console's socket.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Response};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// Whoever waits longer waits for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// A socket.
pub struct Socket(WebSocketStream<TcpStream>);

/// What came next.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A message.
    Said(Value),
    /// The end, with its code; none: without one.
    Closed(Option<u16>),
}

impl Heard {
    /// The message.
    #[track_caller]
    pub fn said(self) -> Value {
        match self {
            Self::Said(said) => said,
            Self::Closed(code) => panic!("the socket was closed with {code:?}"),
        }
    }
}

impl Socket {
    /// Asks for a socket with these headers beside those that every handshake has; or the answer that refuses it.
    pub async fn ask(
        address: &str,
        headers: &[(&str, &str)],
    ) -> Result<Self, Box<Response<Option<Vec<u8>>>>> {
        let host = address.strip_prefix("http://").expect("an address");
        let mut request = format!("ws://{host}/graphql/socket")
            .into_client_request()
            .expect("a request");
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("a header");
            let value = HeaderValue::from_str(value).expect("a value");
            request.headers_mut().append(name, value);
        }
        let connection = TcpStream::connect(host).await.expect("a connection");
        match client_async(request, connection).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer),
            Err(error) => panic!("the handshake failed: {error}"),
        }
    }

    /// A socket as the console opens it.
    pub async fn open(address: &str, cookie: &str) -> Self {
        let headers = [
            ("origin", address),
            ("cookie", cookie),
            ("sec-websocket-protocol", "graphql-transport-ws"),
        ];
        let asked = Self::ask(address, &headers).await;
        asked.unwrap_or_else(|answer| panic!("refused: {answer:?}"))
    }

    /// The same after its greeting.
    pub async fn greeted(address: &str, cookie: &str) -> Self {
        let mut socket = Self::open(address, cookie).await;
        socket.say(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hear().await.said()["type"], "connection_ack");
        socket
    }

    /// Sends a message of the protocol.
    pub async fn say(&mut self, said: Value) {
        self.send(Message::text(said.to_string())).await;
    }

    /// Sends anything. That the other end closed meanwhile is seen by [`Socket::hear`].
    pub async fn send(&mut self, message: Message) {
        let _gone = self.0.send(message).await;
    }

    /// Begins a subscription.
    pub async fn subscribe(&mut self, id: &str, query: &str) {
        let payload = json!({ "query": query, "variables": {} });
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload }))
            .await;
    }

    /// Waits for what comes next.
    pub async fn hear(&mut self) -> Heard {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.0.next()).await;
            match next.expect("something within its time") {
                Some(Ok(Message::Text(text))) => {
                    return Heard::Said(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(frame))) => {
                    return Heard::Closed(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Closed(None),
            }
        }
    }

    /// The data of the next message of a subscription.
    pub async fn next(&mut self, id: &str) -> Value {
        let mut said = self.hear().await.said();
        assert_eq!(
            (&said["type"], &said["id"]),
            (&json!("next"), &json!(id)),
            "{said}"
        );
        said["payload"]["data"].take()
    }

    /// The code of the fault with which a subscription was refused.
    pub async fn refused(&mut self, id: &str) -> String {
        let said = self.hear().await.said();
        assert_eq!(
            (&said["type"], &said["id"]),
            (&json!("error"), &json!(id)),
            "{said}"
        );
        let code = &said["payload"][0]["extensions"]["code"];
        code.as_str().expect("a code").to_owned()
    }
}
