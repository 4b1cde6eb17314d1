//! One socket from its greeting to its end.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use app::staff::{Place, SignedIn};
use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError};
use axum::extract::ws::{Message, WebSocket};
use axum::http::StatusCode;
use futures::stream::{AbortHandle, SelectAll, Stream, StreamExt as _, abortable, once};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;
use uuid::Uuid;

use super::protocol::{Answer, Closing, Said};
use super::registry::Slot;
use crate::fault::{Code, log_chain};
use crate::http::graphql::{Operation, Refusal, mark, purpose};
use crate::http::limits::QueryRefused;
use crate::loaders::Loaders;
use crate::{AdminApi, RequestContext};

/// Subscriptions of one socket.
const SUBSCRIPTIONS: usize = 16;
/// Bytes of what the console calls a subscription.
const NAME: usize = 64;
/// How long the greeting may take.
const GREETING: Duration = Duration::from_secs(5);
/// How often a sign of life is asked for; proxies give up on what is silent for a minute.
const PING_EVERY: Duration = Duration::from_secs(20);
/// How long nothing may be heard.
const SILENCE: Duration = Duration::from_mins(1);
/// How long whoever reads slowly may take for one message.
const SENDING: Duration = Duration::from_secs(10);
/// Messages in a second, in the long run.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
/// Messages at once.
const BURST: NonZeroU32 = NonZeroU32::new(60).expect("not zero");

/// Whose socket it is.
pub(super) struct Asker {
    pub(super) api: Arc<AdminApi>,
    pub(super) token: String,
    pub(super) signed_in: SignedIn,
    pub(super) place: Place,
}

/// What a subscription says, with its name and the id of its request; none: it has ended.
type Told = (String, Option<(Uuid, Response)>);
type Running = Pin<Box<dyn Stream<Item = Told> + Send>>;
/// Whether to go on, or why not; nothing to say when the other side is gone.
type Flow = ControlFlow<Option<Closing>>;

/// A socket.
pub(super) struct Conversation {
    socket: WebSocket,
    slot: Slot,
    asker: Asker,
    has_greeted: bool,
    heard_at: Instant,
    rate: DefaultDirectRateLimiter,
    running: SelectAll<Running>,
    stops: HashMap<String, AbortHandle>,
}

impl Conversation {
    pub(super) fn new(socket: WebSocket, slot: Slot, asker: Asker) -> Self {
        Self {
            socket,
            slot,
            asker,
            has_greeted: false,
            heard_at: Instant::now(),
            rate: RateLimiter::direct(Quota::per_second(PER_SECOND).allow_burst(BURST)),
            running: SelectAll::new(),
            stops: HashMap::new(),
        }
    }

    /// Until one of both ends it.
    pub(super) async fn run(mut self) {
        let mut ping = tokio::time::interval(PING_EVERY);
        let greeting = Instant::now() + GREETING;
        let closing = loop {
            let flow = tokio::select! {
                biased;
                ended = &mut self.slot.ended => Flow::Break(ended.ok()),
                () = tokio::time::sleep_until(greeting), if !self.has_greeted => Flow::Break(Some(Closing::NoGreeting)),
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.hear(message).await,
                    _ => Flow::Break(None),
                },
                Some(told) = self.running.next(), if !self.running.is_empty() => self.tell(told).await,
                _ = ping.tick() => self.ping().await,
            };
            if let Flow::Break(closing) = flow {
                break closing;
            }
        };
        if let Some(closing) = closing {
            // Whoever does not take it any more does not need it.
            let _ = tokio::time::timeout(SENDING, self.socket.send(closing.message())).await;
        }
    }

    /// Sends, unless the socket has to be closed meanwhile.
    async fn send(&mut self, message: Message) -> Flow {
        tokio::select! {
            biased;
            ended = &mut self.slot.ended => Flow::Break(ended.ok()),
            sent = tokio::time::timeout(SENDING, self.socket.send(message)) => match sent {
                Ok(Ok(())) => Flow::Continue(()),
                _ => Flow::Break(None),
            },
        }
    }

    async fn say(&mut self, answer: &Answer<'_>) -> Flow {
        match serde_json::to_string(answer) {
            Ok(text) => self.send(Message::text(text)).await,
            Err(error) => {
                log_chain(Uuid::nil(), &error);
                Flow::Break(Some(Closing::TryAgain))
            }
        }
    }

    async fn ping(&mut self) -> Flow {
        if self.heard_at.elapsed() > SILENCE {
            return Flow::Break(Some(Closing::Silent));
        }
        self.send(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn hear(&mut self, message: Message) -> Flow {
        self.heard_at = Instant::now();
        if self.rate.check().is_err() {
            return Flow::Break(Some(Closing::TooFast));
        }
        let text = match message {
            Message::Text(text) => text,
            // What the protocol below asks for is answered there.
            Message::Ping(_) | Message::Pong(_) => return Flow::Continue(()),
            Message::Binary(_) => return Flow::Break(Some(Closing::BadMessage)),
            Message::Close(_) => return Flow::Break(None),
        };
        let Ok(said) = serde_json::from_str::<Said>(&text) else {
            return Flow::Break(Some(Closing::BadMessage));
        };
        match said {
            Said::ConnectionInit if self.has_greeted => Flow::Break(Some(Closing::GreetedTwice)),
            Said::ConnectionInit => {
                self.has_greeted = true;
                self.say(&Answer::ConnectionAck).await
            }
            Said::Ping => self.say(&Answer::Pong).await,
            Said::Pong => Flow::Continue(()),
            Said::Subscribe { .. } | Said::Complete { .. } if !self.has_greeted => {
                Flow::Break(Some(Closing::NotGreeted))
            }
            Said::Subscribe { id, payload } => self.begin(id, payload).await,
            Said::Complete { id } => {
                self.end(&id);
                Flow::Continue(())
            }
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(stop) = self.stops.remove(name) {
            stop.abort();
        }
    }

    /// Begins a subscription, or says why not.
    async fn begin(&mut self, name: String, operation: Operation) -> Flow {
        if name.is_empty() || name.len() > NAME {
            return Flow::Break(Some(Closing::BadMessage));
        }
        if self.stops.contains_key(&name) {
            return Flow::Break(Some(Closing::NameTaken));
        }
        let request_id = match self.asker.api.app.new_id() {
            Ok(id) => id,
            Err(error) => {
                log_chain(Uuid::nil(), &error);
                return Flow::Break(Some(Closing::TryAgain));
            }
        };
        match self.stream(&name, request_id, operation) {
            Ok(stream) => {
                let (stream, stop) = abortable(stream);
                self.running.push(Box::pin(stream));
                self.stops.insert(name, stop);
                Flow::Continue(())
            }
            Err(refusal) => {
                let errors = [refusal.into_error(request_id)];
                self.say(&Answer::Error {
                    id: &name,
                    payload: &errors,
                })
                .await
            }
        }
    }

    fn stream(&self, name: &str, request_id: Uuid, operation: Operation) -> Result<Running, Refusal> {
        if self.stops.len() >= SUBSCRIPTIONS {
            let text = "this socket has as many subscriptions as it may have";
            return Err(Refusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                Code::RateLimited,
                text,
            ));
        }
        let query = operation.check(|kind| match kind {
            OperationType::Subscription => Ok(()),
            OperationType::Query | OperationType::Mutation => Err(QueryRefused::NoSubscription.into()),
        })?;
        let Asker {
            api,
            token,
            signed_in,
            place,
        } = &self.asker;
        let session = Some((token.clone(), signed_in.clone()));
        let purpose = purpose("console", query.operation_name.as_deref());
        let context = RequestContext::new(api, session, place.clone(), request_id, purpose);
        let context = Arc::new(context);
        let query = query.data(Arc::clone(&context)).data(Loaders::new(&api.app));
        let told = api.schema.execute_stream(query).then(move |answer| {
            let context = Arc::clone(&context);
            async move {
                // Nobody sees personal data before it is on record who saw it.
                match context.record_reads().await {
                    Ok(()) => answer,
                    Err(error) => {
                        log_chain(request_id, &error);
                        Response::from_errors(vec![Refusal::internal().into_error(request_id)])
                    }
                }
            }
        });
        let (first, last) = (name.to_owned(), name.to_owned());
        let told = told.map(move |answer| (first.clone(), Some((request_id, answer))));
        let end = once(std::future::ready((last, None)));
        Ok(Box::pin(told.chain(end)))
    }

    async fn tell(&mut self, (name, told): Told) -> Flow {
        let Some((request_id, mut answer)) = told else {
            self.stops.remove(&name);
            return self.say(&Answer::Complete { id: &name }).await;
        };
        if answer.errors.is_empty() {
            return self
                .say(&Answer::Next {
                    id: &name,
                    payload: &answer,
                })
                .await;
        }
        // One that has failed once says nothing more: what it shows would not be what is.
        self.end(&name);
        let errors: &mut [ServerError] = &mut answer.errors;
        for error in errors.iter_mut() {
            mark(request_id, error);
        }
        self.say(&Answer::Error {
            id: &name,
            payload: errors,
        })
        .await
    }
}
