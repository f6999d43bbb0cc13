//! The signals to stop: SIGTERM and SIGINT.

use tokio::signal::unix::{SignalKind, signal as listen};

/// Waits for the signal to stop.
pub(crate) async fn signal() {
    let wait = async |kind| match listen(kind) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        // Then the system's default stays: the process ends.
        Err(error) => {
            tracing::warn!(%error, "a signal cannot be listened to");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::interrupt()) => {}
    }
}
