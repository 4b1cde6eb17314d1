//! `sengen serve`: the console on its listener, other offices' programs on another, the projections behind both, and an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use admin_api::{AdminApi, SecurityHeaders};
use app::App;
use axum::Router;
use domain::staff::Role;
use event_store::Keeper;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::background::Background;
use crate::config::Config;
use crate::exit::{Exit, Failure, chain};
use crate::office::Office;
use crate::{console, output, staff};

/// How long requests may go on after the signal to stop.
const DRAIN: Duration = Duration::from_secs(5);
/// How often what is left of old sessions is removed.
const CLEAN: Duration = Duration::from_hours(1);

/// Serves until the process is told to stop.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let listener = listen(config.listen, "--listen").await?;
    let public = match config.public_listen {
        Some(address) => Some(listen(address, "--public-listen").await?),
        None => None,
    };
    let address = listener
        .local_addr()
        .map_err(|error| Failure::from_error(Exit::Listen, &error))?;
    let public_url = config.public_url(address.port());
    // With port 0 the address is known only now; mails and passkeys are for the same as the pages.
    let config = &Config {
        public_url: Some(public_url.clone()),
        ..config.clone()
    };
    let office = Office::open_to_serve(config).await?;
    for row in office.capabilities().to_string().lines() {
        output::note(&format!("database: {row}"));
    }
    for warning in office.capabilities().warnings() {
        tracing::warn!("database: {warning}");
    }
    let stop = CancellationToken::new();
    office.app.start_projections();
    let cleaning = tokio::spawn(keep_clean(office.app.clone()));
    office.app.start_erasures();
    let keeper = Keeper::start(office.tree.clone());
    let background = Background::start(&office.app, config).await?;
    greet(&office, public_url.origin()).await?;
    let public = public.map(|listener| serve_public(config, &office, listener, stop.clone()));

    let headers = SecurityHeaders::new(public_url.is_https(), &console::style_hashes());
    let api = AdminApi::new(office.app.clone(), background.operations(), public_url)
        .with_limits(config.limits)
        .behind(config.trusted_proxies.clone())
        .with_security_contact(config.security_contact.clone());
    let sockets = api.sockets();
    let router = admin_api::router(api, headers, Router::new().fallback(console::serve));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let drained = stop.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop_signal().await;
        drained.cancel();
        // Whoever looks at a screen goes on with another process, or asks from time to time until this one is back.
        sockets.close_all();
    });
    let outcome = tokio::select! {
        ended = server => ended.map_err(|error| Failure::from_error(Exit::Other, &error)),
        () = async { stop.cancelled().await; tokio::time::sleep(DRAIN).await } => Ok(()),
        failure = office.writing_stopped() => Err(failure),
    };
    stop.cancel();
    if let Some(public) = public {
        // What it was answering had as long as the console's requests.
        if tokio::time::timeout(DRAIN, public).await.is_err() {
            tracing::warn!("requests of other offices' programs were cut off");
        }
    }
    cleaning.abort();
    background.stop().await;
    keeper.stop().await;
    office.close().await;
    outcome
}

/// Serves programs of other offices until the process is told to stop.
fn serve_public(
    config: &Config,
    office: &Office,
    listener: TcpListener,
    stop: CancellationToken,
) -> tokio::task::JoinHandle<()> {
    match listener.local_addr() {
        Ok(address) => output::note(&format!("public API: http://{address}/api/v1/openapi.json")),
        Err(error) => tracing::warn!(error = chain(&error), "the public listener has no address"),
    }
    let proxies = config.trusted_proxies.clone();
    let client = move |peer, headers: &axum::http::HeaderMap| proxies.client(peer, headers);
    let api = public_api::PublicApi::new(office.app.clone(), Arc::new(client));
    let service = public_api::router(api).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        let server = axum::serve(listener, service);
        let server = server.with_graceful_shutdown(async move { stop.cancelled().await });
        if let Err(error) = server.await {
            tracing::error!(error = chain(&error), "the public listener ended");
        }
    })
}

async fn listen(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::AddrInUse => "another program listens there".to_owned(),
            std::io::ErrorKind::PermissionDenied => "this user may not listen there".to_owned(),
            std::io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
            _ => error.to_string(),
        };
        Failure::new(
            Exit::Listen,
            format!("cannot listen on {address}: {why}; choose another address with {option}"),
        )
    })
}

/// Cleans at once and from time to time. What fails is tried again: nothing depends on it.
async fn keep_clean(app: Arc<App>) {
    let mut every = tokio::time::interval(CLEAN);
    loop {
        every.tick().await;
        if let Err(error) = app.clean_sign_ins().await {
            // Its own text says nothing; what went wrong is among its causes.
            tracing::warn!(error = chain(&error), "old sessions could not be removed");
        }
        if let Err(error) = app.clean_uploads().await {
            tracing::warn!(
                error = chain(&error),
                "files that nobody attached could not be removed"
            );
        }
        if let Err(error) = app.clean_imports().await {
            tracing::warn!(
                error = chain(&error),
                "files of imports that are over could not be removed"
            );
        }
        // A process that ended in between left it agreed to and not done.
        if let Err(error) = app.finish_approved().await {
            tracing::warn!(
                error = chain(&error),
                "what was approved could not be carried out"
            );
        }
    }
}

/// Prints where to go, and as long as nobody can sign in the link that makes the first administrator.
async fn greet(office: &Office, origin: &str) -> Result<(), Failure> {
    output::line(&format!("Sengen is at {origin}"));
    let failure = |error: &dyn std::error::Error| Failure::new(Exit::Other, error.to_string());
    let nobody = office
        .app
        .has_no_administrator()
        .await
        .map_err(|error| failure(&error))?;
    if nobody {
        let op = office.app.command_line().map_err(|error| failure(&error))?;
        let invited = office
            .app
            .invite(&op, &[Role::Administrator], None)
            .await
            .map_err(|error| failure(&error))?;
        output::line(&format!(
            "Make the first administrator (one use, 24 hours): {}",
            staff::link(origin, &invited.token)
        ));
    }
    Ok(())
}

/// SIGTERM from a service manager, or Ctrl-C.
async fn stop_signal() {
    let interrupt = async {
        // Without a handler nothing but a kill ends the process, and that loses nothing.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
