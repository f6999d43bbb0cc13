//! The connections: accepted, served and ended by loops of our own, on hyper's HTTP/1.
//!
//! `axum::serve` is the same for a few connections. With thousands of streams its connections were measured to take more than
//! twice the memory (28 KiB each against 11, without what the stream itself remembers), and it has no time limits.

mod guard;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use api::Front;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use guard::Guarded;

/// How long a connection may take to send a request's head, and how long it may stay open without one: longer than the
/// minute for which load balancers keep connections by default, so that it is they who close first and no request is lost.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// How long a connection may be unable to take what is written to it.
const STALL_TIMEOUT: Duration = Duration::from_secs(20);

/// The bytes that a connection reads ahead and writes behind at most; a request's head has to fit.
const BUFFER: usize = 64 * 1024;

/// How long is waited after the system refuses to accept a connection: most often for one of ours to end.
const REST: Duration = Duration::from_millis(100);

/// Accepts connections and serves them until it is told to stop; then finishes the requests in flight.
pub(crate) async fn serve(listener: TcpListener, app: Front, stop: CancellationToken) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(connection(stream, peer, app.clone(), stop.clone()));
            }
            Err(error) => refused(&error).await,
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// One connection, which ends with its peer, or after the answer under way when the server stops.
async fn connection(stream: TcpStream, peer: SocketAddr, app: Front, stop: CancellationToken) {
    // Answers are small and wanted at once.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().call(request)
    });
    let io = TokioIo::new(Guarded::new(stream, STALL_TIMEOUT));
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(BUFFER)
        .serve_connection(io, service);
    tokio::pin!(serving);
    let result = tokio::select! {
        result = serving.as_mut() => result,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = result {
        told(&error, peer);
    }
}

/// A connection that broke is its client's business; one that was dropped by us is told of.
fn told(error: &hyper::Error, peer: SocketAddr) {
    let cause = std::error::Error::source(error).and_then(|source| source.downcast_ref::<io::Error>());
    match cause {
        Some(cause) if guard::is_stall(cause) => {
            tracing::info!(%peer, "a connection was dropped: its client did not read for {STALL_TIMEOUT:?}");
        }
        _ => tracing::debug!(%peer, %error, "a connection broke"),
    }
}

/// The system did not give us a connection. What one client did ends with it; what is scarce is waited for.
async fn refused(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::error!(%error, "no connection can be accepted");
    tokio::time::sleep(REST).await;
}
